"""Reading the files that come from outside: csv, xlsx and jsonl, one row at a time."""
