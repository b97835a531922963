"""Many seats at work on one Postgres."""
