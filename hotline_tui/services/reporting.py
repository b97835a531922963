"""What the office writes itself for a report, and the authority's confirmation of an appraisal (Art. 5, 11(8))."""

from __future__ import annotations

from hashlib import sha256

import sqlalchemy as sa
from sqlmodel import col, select

from hotline_tui.data.queries.reporting import Text
from hotline_tui.data.queries.visibility import sees_every_order
from hotline_tui.errors import Conflict, NotAllowed, Refused, UsageError
from hotline_tui.models import Appraisal, ReportText
from hotline_tui.rules.periods import Period
from hotline_tui.rules.words import OfficeAction, Report, Role
from hotline_tui.services.desk import Desk
from hotline_tui.services.work import work_at

LONGEST = 20_000
"""Signs of a part of a report."""
CHANGED = "{}已由他人修改, 请重新打开后再改"


def write_text(desk: Desk, report: Report, period: Period, text: Text) -> Text:
    """Keep what the office wrote; `text.version` is the one that it saw. Raises NotAllowed, UsageError, Conflict."""
    if desk.role is not Role.OFFICE:
        raise NotAllowed(f"{OfficeAction.WRITE_REPORT.label}由热线办进行")
    for name, part in (("存在问题", text.problems), ("下一步工作", text.next_steps)):
        if len(part) > LONGEST:
            raise UsageError(f"{name}有 {len(part)} 字, 最多 {LONGEST} 字, 请删减")
    if text.number is not None and text.number < 1:
        raise UsageError("期号须为 1 以上的整数")
    new = {"number": text.number, "problems": text.problems, "next_steps": text.next_steps}
    with work_at(desk) as work:
        query = (
            select(ReportText)
            .where(ReportText.report == report, ReportText.first == period.first, ReportText.last == period.last)
            .with_for_update()
        )
        row = work.session.exec(query).first()
        if text.version != (row.version if row else 0):
            raise Conflict(CHANGED.format(report.label))
        if row and all(getattr(row, name) == value for name, value in new.items()):
            return text
        if row is None:
            row = ReportText(report=report, first=period.first, last=period.last, written_at=work.now)
        written = {"version": text.version + 1, "written_at": work.now, "written_by": desk.viewer.account_id}
        row.sqlmodel_update(new | written)
        work.add(row)
        facts = {"report": report.value, "number": text.number, "version": text.version + 1} | _days(period)
        work.commit(None, OfficeAction.WRITE_REPORT, facts=facts)
    return Text(text.number, text.problems, text.next_steps, text.version + 1)


def must_confirm(desk: Desk, period: Period) -> None:
    """Raise NotAllowed or Refused where this appraisal can not be confirmed at this desk now."""
    if desk.role is not Role.AUTHORITY or not sees_every_order(desk.viewer):
        raise NotAllowed(f"{OfficeAction.CONFIRM_APPRAISAL.label}由主管机关进行(第五条)")
    if period.until > desk.clock():
        raise Refused(f"{period.title}尚未结束, 结束后才能确认考评(第五条)")


def confirm(desk: Desk, period: Period, figures: bytes, *, seen: int) -> int:
    """Keep the figures as the next version after the one `seen`, and say which that is.

    Raises NotAllowed, Refused, and Conflict where somebody confirmed meanwhile.
    """
    must_confirm(desk, period)
    version, digest = seen + 1, sha256(figures).hexdigest()
    with work_at(desk) as work:
        latest = sa.select(sa.func.max(col(Appraisal.version))).where(
            col(Appraisal.first) == period.first, col(Appraisal.last) == period.last
        )
        if (work.ask(latest).scalar_one() or 0) != seen:
            raise Conflict(CHANGED.format("考评"))
        row = Appraisal(
            first=period.first,
            last=period.last,
            version=version,
            figures=figures,
            digest=digest,
            confirmed_at=work.now,
            confirmed_by=desk.viewer.account_id,
            confirmer=desk.actor,
        )
        work.add(row)
        work.commit(None, OfficeAction.CONFIRM_APPRAISAL, facts={"version": version, "sha256": digest} | _days(period))
    return version


def _days(period: Period) -> dict[str, str]:
    return {"first": period.first.isoformat(), "last": period.last.isoformat()}
