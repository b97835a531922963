"""12345 政府服务热线 (市长信箱) in a terminal."""

import os

# Before the first Textual import: it reads these once (terminals garble input-method commits otherwise).
os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")

__version__ = "0.1.0"
