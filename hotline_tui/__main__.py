"""`python -m hotline_tui` is `hotline`."""

import sys

from hotline_tui.cli import main

sys.exit(main())
