"""Spelling texts in pinyin without loading the dictionary (0.4 s, 45 MB) where somebody sits: a short-lived process."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

from hotline_tui.rules.pinyin import spell

SECONDS = 20
"""A slow machine reads the dictionary in two; after this long the text is stored without a spelling."""
_DICTIONARY = "pypinyin"
_log = logging.getLogger(__name__)


def spelled(text: str) -> str:
    """As `rules.pinyin.spell`. Slow: in a thread, outside a transaction.

    "" when the process fails: what has no spelling is still found by its characters.
    """
    if _DICTIONARY in sys.modules:
        return spell(text)
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__],
            input=json.dumps(text),
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=True,
            start_new_session=True,  # Ctrl+C at the terminal is not meant for it
        )
        return str(json.loads(done.stdout))
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        _log.warning("no spelling: %s", error)
        return ""


if __name__ == "__main__":
    sys.stdout.write(json.dumps(spell(json.loads(sys.stdin.read()))))
