"""`python -m hotline_tui.services.demo HOME`: builds the city there, prints whose desk shows each role as JSON.

A process of its own: what building needs of memory is gone before anybody sits down.
"""

from __future__ import annotations

import json
import sys

from hotline_tui.errors import HotlineError
from hotline_tui.services.demo import build
from hotline_tui.settings import load


def main(home: str) -> int:
    """Build; a failure is one sentence on stderr and its exit code."""
    try:
        accounts = build(load({"home": home}, {}))
    except HotlineError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write(json.dumps({role.value: str(account) for role, account in accounts.items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
