"""缺答: how much of what was asked in vain is kept, and how long."""

from __future__ import annotations

from datetime import timedelta

LONGEST = 120
"""Signs of a question that are kept."""
MOST = 5_000
"""Different questions; beyond them those asked last the longest ago go."""
KEPT = timedelta(days=365)
"""Since it was asked last."""
