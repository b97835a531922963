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


_USUAL = re.compile(
    r"1[3-9]\d{9}"  # mobile
    r"|[2-9]\d{6,7}|0\d{2,3}[2-9]\d{6,7}"  # local, with or without the area code
    r"|1\d{2}|\d{5}|9[56]\d{3,6}|[48]00\d{7}"  # service numbers
)


def unusual(text: str) -> bool:
    """Whether this is a telephone number of a length that China's numbers do not have: worth asking again, no more.

    Another way of contact, and a number from abroad, are not judged.
    """
    number = re.sub(r"^(\+|00)86", "", dialled(text))
    return number.isdecimal() and not number.startswith("00") and _USUAL.fullmatch(number) is None


def dialled(text: str) -> str:
    """A telephone number as one dials it, without blanks and hyphens; another way of contact stays as it was told."""
    text = unicodedata.normalize("NFKC", text).strip()
    return re.sub(r"[^\d+]", "", text) if _PHONE.match(text) else text
