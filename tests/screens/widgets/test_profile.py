"""Which lines and terminals are taken for thin ones."""

import pytest

from hotline_tui.errors import UsageError
from hotline_tui.screens.profile import Profile, profile_from, shows_faint

GOOD = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


@pytest.mark.parametrize(
    "environ",
    [
        {**GOOD, "SSH_CONNECTION": "10.0.0.1 22"},
        {**GOOD, "SSH_TTY": "/dev/pts/3"},
        {**GOOD, "NO_COLOR": "1"},
        {**GOOD, "NO_COLOR": ""},
        {"TERM": "linux"},
        {"TERM": "vt100"},
        {"TERM": "vt220", "COLORTERM": "1"},
        {"TERM": "ansi"},
        {"TERM": "screen"},
        {"TERM": "xterm"},
        {},
        {**GOOD, "HOTLINE_PROFILE": "thin"},
    ],
)
def test_a_remote_or_old_terminal_gets_the_thin_profile(environ):
    assert profile_from(environ) is Profile.THIN


@pytest.mark.parametrize(
    "environ",
    [
        GOOD,
        {"TERM": "xterm-256color"},
        {"TERM": "screen-256color"},
        {"TERM": "xterm", "COLORTERM": "truecolor"},
        {"TERM": "linux", "SSH_TTY": "/dev/pts/3", "HOTLINE_PROFILE": "RICH"},
    ],
)
def test_a_modern_terminal_nearby_gets_the_rich_one(environ):
    assert profile_from(environ) is Profile.RICH


@pytest.mark.parametrize(
    ("environ", "shows"),
    [
        (GOOD, True),
        ({**GOOD, "SSH_CONNECTION": "10.0.0.1 22"}, True),
        ({**GOOD, "NO_COLOR": "1"}, False),
        ({"TERM": "linux"}, False),
        ({"TERM": "vt220"}, False),
    ],
)
def test_where_faintness_may_not_be_seen_closed_keys_have_a_sign(environ, shows):
    assert shows_faint(environ) is shows


def test_a_profile_that_is_none_is_refused_in_words():
    with pytest.raises(UsageError, match="只能是 thin 或 rich"):
        profile_from({"HOTLINE_PROFILE": "fat"})
