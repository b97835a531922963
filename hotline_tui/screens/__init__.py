"""What people see and press: one module per screen; a screen never writes to the database and never decides a rule."""
