"""Whether what is stored holds together: the checks of `hotline doctor`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from hotline_tui.data import append_only, migrate, replay, seal, tally
from hotline_tui.data.calendar import calendar_in_force
from hotline_tui.data.failures import translate
from hotline_tui.data.heads import Heads
from hotline_tui.data.queries.visibility import to_veil
from hotline_tui.data.store import Store
from hotline_tui.errors import DamagedData, ExitCode, HotlineError, StorageError, UsageError
from hotline_tui.models import Account, Assignment, Deadline, Event, Unit, WorkOrder

SAFE_SQLITE = (3, 51, 3)
"""Older ones can corrupt a database in WAL mode under several connections."""
_SHOWN = 3
_TALLIES = "tallies"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    """For scripts."""
    label: str
    ok: bool
    detail: str
    unsealed: int = 0
    """How many events wait for their seal: no fault, and not yet protected."""


@dataclass(frozen=True, slots=True)
class Report:
    """All of them, in the order in which they were made."""

    checks: tuple[Check, ...]
    fault: ExitCode = ExitCode.DAMAGED
    """What it means that a check failed."""

    @property
    def sound(self) -> bool:
        """Every check passed."""
        return all(check.ok for check in self.checks)

    @property
    def unsealed(self) -> int:
        """How many events wait for their seal."""
        return sum(check.unsealed for check in self.checks)

    @property
    def exit_code(self) -> ExitCode:
        """For the shell."""
        return ExitCode.OK if self.sound else self.fault


def out_of_reach(error: HotlineError) -> Report:
    """The report on a database that can not be looked at, or on settings that do not lead to one."""
    name, label = ("settings", "设置") if isinstance(error, UsageError) else ("database", "数据库")
    return Report((Check(name, label, ok=False, detail=str(error)),), error.exit_code)


def doctor(store: Store, known_head: str = "", heads: Heads | None = None) -> Report:
    """Look at everything and change nothing; `known_head` is a chain's head as once printed, `SITE:NUMBER:HASH`.

    `heads` are those that were seen here before; a sound chain's head is noted there.

    What waits for its seal is told, and sealed by the next one who writes. Raises StorageError where the database
    fails while it is looked at.
    """
    try:
        migrate.check(store)
    except DamagedData as error:
        return out_of_reach(error)
    except StorageError as error:
        return Report((Check("migrations", "数据库版本", ok=False, detail=str(error)),), error.exit_code)
    checks = [Check("migrations", "数据库版本", ok=True, detail=f"版本 {migrate.head()}")]
    with store.read() as session:
        lacking = list(migrate.missing(session))
        if lacking:
            more = f"等 {len(lacking)} 处" if len(lacking) > _SHOWN else ""
            detail = f"已损坏: 缺少 {'、'.join(lacking[:_SHOWN])}{more}; 请停止使用, 保留现场, 从备份恢复"
            return Report((Check("migrations", "数据库版本", ok=False, detail=detail),))
        checks += _survive(_sqlite, session) if store.is_sqlite else []
        if all(check.name not in ("integrity", "content") or check.ok for check in checks):
            for look in (
                _triggers,
                partial(_chains, known_head=known_head, heads=heads),
                _replay,
                _events,
                _veil,
                _tallies,
                _calendar,
                _accounts,
            ):
                checks += _survive(look, session)
    return Report(tuple(checks))


def repair(store: Store, found: Report) -> Report:
    """Count anew what is kept of days that are over, and what lacks; not from orders that are not sound themselves."""
    if not all(check.ok or check.name == _TALLIES for check in found.checks):
        return found
    days = tally.repair(store, store.now())
    detail = f"已重新统计 {len(days)} 天, 与工单一致" if days else "与工单一致, 已结束的日子均已统计"
    done = Check(_TALLIES, "每日汇总数", ok=True, detail=detail)
    return replace(found, checks=tuple(done if check.name == _TALLIES else check for check in found.checks))


def _survive(look: Callable[[Session], Iterator[Check]], session: Session) -> Iterator[Check]:
    """The checks of one look; content that can not even be read is a finding too."""
    try:
        yield from look(session)
    except DBAPIError as error:
        found = translate(error)
        if not isinstance(found, DamagedData):
            raise
        yield Check("content", "数据内容", ok=False, detail=str(found))
    except (AttributeError, LookupError, TypeError, ValueError):
        yield Check("content", "数据内容", ok=False, detail="有内容读不出来, 不是本程序写的")


def _triggers(session: Session) -> Iterator[Check]:
    gone = append_only.missing(session.connection())
    detail = f"缺少或被改: {', '.join(gone)}" if gone else "数据库拒绝修改和删除办理过程"
    yield Check("append_only", "记录只能追加", not gone, detail)


def _chains(session: Session, known_head: str, heads: Heads | None) -> Iterator[Check]:
    known_node, _, known = known_head.partition(":")
    seen = heads.seen() if heads else {}
    nodes = {*seal.nodes(session), *seen} | ({known_node} if known_node else set[str]())
    for node in sorted(nodes):
        chain = seal.verify(session, node, known if node == known_node else "")
        detail = f"链头 {node}:{chain.head}, 待封存 {chain.unsealed} 条"
        faults = [*chain.first_faults]
        if node in seen and not seal.holds(session, node, seen[node]):
            faults = [f"链头与本机记下的不符: 曾见第 {seen[node].partition(':')[0]} 号", *faults]
        if faults:
            detail = f"{chain.faults + len(faults) - len(chain.first_faults)} 处不对: {'; '.join(faults)}; {detail}"
        elif heads:
            heads.note(session, node)
        yield Check(f"chain:{node}", f"{node} 站点的记录链", not faults, detail, chain.unsealed)


def _replay(session: Session) -> Iterator[Check]:
    found = replay.differences(session)
    shown = [str(each) for each in islice(found, _SHOWN)]
    count = len(shown) + sum(1 for _ in found)
    orders = session.exec(select(sa.func.count()).select_from(WorkOrder)).one()
    detail = f"{count} 处与记录不符: {'; '.join(shown)}" if count else f"{orders} 件工单与记录一致"
    yield Check("replay", "工单与办理过程", not count, detail)


def _events(session: Session) -> Iterator[Check]:
    recorded = sa.exists().where(col(Event.order_id) == col(WorkOrder.id))
    yield _none(session, "events", "工单都有办理过程", sa.select(col(WorkOrder.number)).where(~recorded))


def _veil(session: Session) -> Iterator[Check]:
    """What a wall shows, and what a unit sees at a database with roles, goes by a mark kept beside each order."""
    order = col(WorkOrder.id)
    unlike = [
        sa.exists().where(col(part.order_id) == order, col(part.veiled) != col(WorkOrder.veiled))
        for part in (Assignment, Deadline)
    ]
    wrong = sa.select(col(WorkOrder.number)).where(sa.or_(col(WorkOrder.veiled) != to_veil(), *unlike))
    yield _none(session, "veil", "墙上看板不列的工单", wrong)


def _tallies(session: Session) -> Iterator[Check]:
    found = tally.wrong(session)
    detail = f"{len(found)} 天与工单不符: {', '.join(map(str, found[:_SHOWN]))}" if found else "与工单一致"
    yield Check(_TALLIES, "每日汇总数", not found, detail)


def _accounts(session: Session) -> Iterator[Check]:
    there = sa.exists().where(col(Unit.id) == col(Account.unit_id))
    lost = sa.select(col(Account.login)).where(col(Account.unit_id).is_not(None), ~there)
    yield _none(session, "accounts", "账号的单位", lost)


def _calendar(session: Session) -> Iterator[Check]:
    """A year without a notice is no fault: its deadlines are provisional (R-D3)."""
    first, last = session.exec(select(sa.func.min(Deadline.day_zero), sa.func.max(Deadline.due_at))).one()
    calendar = calendar_in_force(session)
    noticed = [info.year for info in calendar.years if info.noticed]
    open_clocks = (col(Deadline.met_at).is_(None), col(Deadline.void_at).is_(None))
    waiting = session.exec(
        select(sa.func.count()).select_from(Deadline).where(col(Deadline.provisional).is_(True), *open_clocks)
    ).one()
    detail = f"放假安排已录入 {min(noticed)} 至 {max(noticed)} 年"
    if first and last:
        used = range(first.year, last.year + 1)
        missing = [str(year) for year in used if year not in noticed]
        detail += f", 暂定: {'、'.join(missing)} 年, 未结时限 {waiting} 个" if missing else ""
    yield Check("calendar", "工作日历", ok=True, detail=detail)


def _none(session: Session, name: str, label: str, query: sa.Select[str]) -> Check:
    """A check that finds nothing when all is well."""
    found = session.connection().execute(query.limit(_SHOWN)).scalars().all()
    count = session.connection().execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one()
    return Check(name, label, not count, f"{count} 处: {', '.join(found)}" if count else "无异常")


def _sqlite(session: Session) -> Iterator[Check]:
    def ask(statement: str) -> list[str]:
        rows = session.connection().exec_driver_sql(statement)
        return [" ".join(str(value) for value in row) for row in islice(rows, _SHOWN)]

    version, journal = ask("SELECT sqlite_version()")[0], ask("PRAGMA journal_mode")[0]
    safe = journal != "wal" or tuple(int(part) for part in version.split(".")) >= SAFE_SQLITE
    detail = f"SQLite {version}, 日志方式 {journal}"
    if not safe:
        detail += f"; 低于 {'.'.join(map(str, SAFE_SQLITE))} 的 SQLite 多连接时可能损坏数据, 请重新安装 sqlcipher3"
    yield Check("sqlite", "数据库引擎", safe, detail)
    damage = ask("PRAGMA integrity_check")
    detail = "完好" if damage == ["ok"] else f"文件已损坏, 请从备份恢复(SQLite: {'; '.join(damage)})"
    yield Check("integrity", "数据库文件", damage == ["ok"], detail)
    loose = ask("PRAGMA foreign_key_check")
    detail = "; ".join(_loose(each) for each in loose) if loose else "无异常"
    yield Check("references", "数据之间的引用", not loose, detail)


def _loose(found: str) -> str:
    """A row of `PRAGMA foreign_key_check`: table, rowid, table that lacks the other, number of the key."""
    table, row, lacking, _ = found.split(" ")
    return f"{table} 表第 {row} 行引用的 {lacking} 不存在"
