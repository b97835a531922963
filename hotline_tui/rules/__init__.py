"""The regulation: tables and pure functions. No I/O, no SQL, no clock."""
