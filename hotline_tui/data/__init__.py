"""Storage and files: engines, migrations, queries (the read side), search, import and export."""
