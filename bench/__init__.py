"""Each figure that the project claims: `python -m bench.NAME [--quick] [--json]`."""
