"""考评 as the authority confirmed it: figures as bytes that are kept, and back again to the same figures (Art. 5)."""

from __future__ import annotations

import zlib
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from sqlmodel import Session

from hotline_tui.data.queries import reporting
from hotline_tui.errors import NotFound, Refused, StorageError
from hotline_tui.reports.figures import Confirmation, Figures
from hotline_tui.reports.gather import Step, gather
from hotline_tui.rules.periods import Period
from hotline_tui.rules.words import Report
from hotline_tui.services.desk import Desk
from hotline_tui.services.reporting import confirm, must_confirm

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def pack(figures: Figures) -> bytes:
    """JSON, compressed."""
    return zlib.compress(_adapter().dump_json(figures))


def unpack(data: bytes) -> Figures:
    """The same figures; raises StorageError for those that this program can not read."""
    from pydantic import ValidationError

    try:
        return _adapter().validate_json(zlib.decompress(data))
    except (ValidationError, zlib.error) as error:
        raise StorageError("这一版考评是别的版本的程序确认的, 请用那个版本的程序打开") from error


def version(desk: Desk, session: Session, period: Period, number: int | None = None) -> Figures | None:
    """A confirmed appraisal, the last unless one is named; None where none was confirmed. Raises NotFound."""
    known = reporting.confirmed(session, desk.viewer, period)
    if number is None and not known:
        return None
    one = known[-1] if number is None else next((each for each in known if each.version == number), None)
    if one is None:
        has = f"只有 {len(known)} 版" if known else "还没有确认过"
        raise NotFound(f"{period.title}考评没有第 {number} 版, {has}")
    figures = unpack(reporting.frozen(session, desk.viewer, period, one.version))
    return replace(figures, confirmation=Confirmation(one.version, one.at, one.by))


def freeze(desk: Desk, period: Period, step: Step = lambda _: None) -> int:
    """Confirm the appraisal of a period as it is counted now, and say which version that is.

    Raises NotAllowed and Refused, also where nothing was changed since the last version.
    """
    must_confirm(desk, period)
    with desk.store.read() as session:
        last = version(desk, session, period)
        figures = gather(desk, session, Report.APPRAISAL, period, step=step)
    if last and replace(last, at=figures.at, heads=figures.heads, confirmation=None) == figures:
        raise Refused(f"{period.title}考评与已确认的第 {last.confirmation.version if last.confirmation else 1} 版相同")
    seen = last.confirmation.version if last and last.confirmation else 0
    return confirm(desk, period, pack(figures), seen=seen)


@cache
def _adapter() -> TypeAdapter[Figures]:
    from pydantic import TypeAdapter

    return TypeAdapter(Figures)
