"""What a seat lets go of, the system has again."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HASHING = """
from pathlib import Path
from hotline_tui.screens.lean import give_back
from hotline_tui.services.passwords import hashed

def resident():
    return int(Path("/proc/self/status").read_text().partition("VmRSS:")[2].split()[0]) / 1024

give_back()
hashed("x" * 12)
before = resident()
hashed("x" * 12)
print(resident() - before)
"""


@pytest.mark.skipif("CS_GNU_LIBC_VERSION" not in os.confstr_names, reason="glibc's allocator alone needs it")
def test_the_memory_of_a_password_check_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", HASHING], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 5
