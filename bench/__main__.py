"""Every bench in turn, each in a process of its own: `python -m bench [--quick] [--json]`."""

from __future__ import annotations

import subprocess
import sys

BENCHES = (
    "calendar",
    "terminal",
    "knowledge",
    "similar",
    "topics",
    "million",
    "restart",
    "failover",
    "seats",
    "dashboard",
    "statistics",
    "rows",
)


def main() -> int:
    """Run them; 0 when every goal of every bench is met."""
    runs = [subprocess.run([sys.executable, "-m", f"bench.{name}", *sys.argv[1:]], check=False) for name in BENCHES]
    return max(done.returncode for done in runs)


if __name__ == "__main__":
    sys.exit(main())
