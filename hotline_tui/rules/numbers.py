"""The number that people speak: `<site>-<yyyymmdd>-<nnnn>`, unique per site: an offline point can give them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_SPOKEN = re.compile(r"^([A-Z][0-9A-Z]{1,7})-?(\d{8})-?(\d{4,6})$")
_PHONE = re.compile(r"^\+?[\d\s()-]{5,}$")
SITE_CODE = re.compile(r"^[A-Z][0-9A-Z]{1,7}$")


def spoken(site: str, day: date, count: int) -> str:
    """The number of the `count`-th order of a site on a Shanghai day."""
    return f"{site}-{day:%Y%m%d}-{count:04d}"


def normalise(text: str) -> str | None:
    """A number as a person types it (lower case, without hyphens) in its one form; None when it is none."""
    match = _SPOKEN.match(text.strip().upper().replace(" ", ""))
    return "-".join(match.groups()) if match else None


def dialled(text: str) -> str:
    """A telephone number as one dials it, without blanks and hyphens; another way of contact stays as it was told."""
    text = unicodedata.normalize("NFKC", text).strip()
    return re.sub(r"[^\d+]", "", text) if _PHONE.match(text) else text
