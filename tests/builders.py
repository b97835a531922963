"""A small town for tests: units, desks of every role, a clock that stands still, orders in any state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from hotline_tui.data.store import Store
from hotline_tui.models import Account, Article, ArticleVersion, Assignment, Region, Site, Topic, Unit
from hotline_tui.rules.pinyin import spell
from hotline_tui.rules.secrecy import Viewer, unit_and_above, unit_and_below
from hotline_tui.rules.words import ArticleState, Kind, OrderState, RefusalReason, Release, Role, Verdict
from hotline_tui.services import answer, callbacks, dispatch, handling, instruction, intake, release
from hotline_tui.services.desk import Desk
from hotline_tui.services.intake import Intake, Registered
from hotline_tui.settings import Settings
from tests.engines import GUARDED

SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY = datetime(2026, 11, 20, 9, 12, tzinfo=SHANGHAI)
"""An ordinary working day; the weekend follows."""

PEOPLE = (
    ("agent", "坐席03", Role.AGENT, None),
    ("agent2", "坐席04", Role.AGENT, None),
    ("office", "热线办 张某", Role.OFFICE, None),
    ("office2", "热线办 陈某", Role.OFFICE, None),
    ("handler", "李某", Role.HANDLER, "housing"),
    ("leader", "赵局长", Role.UNIT_LEADER, "housing"),
    ("handler_below", "孙某", Role.HANDLER, "estates"),
    ("handler_b", "周某", Role.HANDLER, "market"),
    ("leader_b", "吴局长", Role.UNIT_LEADER, "market"),
    ("city_leader", "郑市长", Role.CITY_LEADER, None),
    ("authority", "信访局 王某", Role.AUTHORITY, None),
    ("admin", "系统管理员", Role.ADMIN, None),
)


@dataclass(frozen=True)
class Built:
    """An order that a test has brought somewhere; `assignment_id` is of its last dispatch."""

    order_id: UUID
    number: str
    assignment_id: UUID | None = None


class Town:
    """Units 房产分局 (`a`, with 物业科 `a_below`) and 工商分局 (`b`), two topics, a region, two standard answers.

    Desks: agent, agent2, office, office2, handler, leader, handler_below, handler_b, leader_b, city_leader, authority,
    admin.
    """

    agent: Desk
    agent2: Desk
    office: Desk
    office2: Desk
    handler: Desk
    leader: Desk
    handler_below: Desk
    handler_b: Desk
    leader_b: Desk
    city_leader: Desk
    authority: Desk
    admin: Desk

    def __init__(self, url: str, home: Path, now: datetime = FRIDAY) -> None:
        self.store = Store(url)
        self.settings = Settings(home=home, database_url=url, city="城南新区")
        self.now = now.astimezone(UTC)
        self.units: dict[str, UUID] = {}
        self.accounts: dict[str, UUID] = {}
        self.parents: dict[UUID, UUID | None] = {}
        with self.store.write() as session:
            self._found(session)
            self._people(session)
            session.commit()
        self.a, self.a_below, self.b = (self.units[key] for key in ("housing", "estates", "market"))
        self.parking = self.topics["物业管理/停车收费"]
        self.licence = self.topics["市场监管/营业执照"]

    @property
    def desks(self) -> dict[str, Desk]:
        """Every desk by its login."""
        return {login: getattr(self, login) for login, *_ in PEOPLE}

    def clock(self) -> datetime:
        """What the desks take for now."""
        return self.now

    def at(self, moment: datetime | str) -> Town:
        """Move the clock to this moment; text and naive times are Shanghai's."""
        moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        self.now = (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)
        return self

    def later(self, **span: float) -> Town:
        """Move the clock on: `later(minutes=5)`."""
        self.now += timedelta(**span)
        return self

    def register(self, desk: Desk | None = None, **told: Any) -> Built:
        """A complaint about parking fees with all four facts; `told` replaces what an Intake holds."""
        default = Intake(
            kind=Kind.COMPLAINT,
            narrative="小区物业从本月起对业主私家车按每天十元收费, 没有公示",
            name="王小明",
            phone="13900002211",
            workplace="某某公司",
            home_address="某某花园3栋501",
            topic_id=self.parking,
            region_id=self.region,
            address="某某花园3栋",
        )
        return _built(intake.register(desk or self.agent, replace(default, **told)))

    def bring(self, state: OrderState, unit: UUID | None = None, **told: Any) -> Built:
        """A new order, brought to this state by the way that orders usually take."""
        if state is OrderState.REFUSED:
            return self.refused(**told)
        order = self.register(**told)
        match state:
            case OrderState.RECEIVED:
                return order
            case OrderState.ANSWERED:
                answer.answer(self.agent, order.order_id, self.article)
            case OrderState.AWAITING_INSTRUCTION:
                self.report(order)
            case OrderState.MERGED:
                intake.merge(self.agent, order.order_id, self.register(**told).number)
            case _:
                return self._through_a_unit(state, self.assign(order, unit))
        return order

    def refused(self, **told: Any) -> Built:
        """An empty call that is not accepted."""
        form = replace(Intake(Kind.OTHER, "你们好"), **told)
        return _built(intake.refuse(self.agent, form, RefusalReason.VAGUE, "请说明具体的时间和地点"))

    def report(self, order: Built) -> None:
        """The office asks a leader for instructions."""
        instruction.report(self.office, order.order_id, "涉及多个部门")

    def assign(self, order: Built, unit: UUID | None = None) -> Built:
        """Dispatched to unit a, or to this one."""
        made = dispatch.assign(self.office, order.order_id, unit or self.a)
        return replace(order, assignment_id=made.assignment_id)

    def assigned(self, unit: UUID | None = None, **told: Any) -> Built:
        """A new order, dispatched."""
        return self.assign(self.register(**told), unit)

    def signed(self, unit: UUID | None = None, **told: Any) -> Built:
        """A new order, dispatched and signed."""
        order = self.assigned(unit, **told)
        handling.sign(self.unit_desks(unit)[0], _share(order))
        return order

    def drafted(self, unit: UUID | None = None, **told: Any) -> Built:
        """A new order whose reply waits for the unit's leader."""
        order = self.signed(unit, **told)
        handling.draft_reply(self.unit_desks(unit)[0], _share(order), "已责令物业停止收费并退还")
        return order

    def replied(self, unit: UUID | None = None, **told: Any) -> Built:
        """A new order whose reply waits for release."""
        return self._through_a_unit(OrderState.REPLIED, self.assigned(unit, **told))

    def unit_desks(self, unit: UUID | None) -> tuple[Desk, Desk]:
        """Who handles and who leads in this unit; unit a when none is named. The leader of a also leads below it."""
        if unit == self.b:
            return self.handler_b, self.leader_b
        return (self.handler_below if unit == self.a_below else self.handler), self.leader

    def _through_a_unit(self, state: OrderState, order: Built) -> Built:
        share = _share(order)
        with self.store.read() as session:
            found = session.get(Assignment, share)
            assert found is not None
            handler, leader = self.unit_desks(found.unit_id)
        steps: tuple[tuple[OrderState, Callable[[], object]], ...] = (
            (OrderState.ASSIGNED, lambda: None),
            (OrderState.REPLIED, lambda: self._reply(handler, leader, share)),
            (OrderState.AWAITING_CALLBACK, lambda: release.release(self.office, order.order_id, Release.PRIVATE)),
            (OrderState.UNDER_REVIEW, lambda: self.call(order, Verdict.UNSATISFIED)),
            (OrderState.ARCHIVED, lambda: self._close(order)),
        )
        for reached, step in steps:
            if not (state is OrderState.ARCHIVED and reached is OrderState.UNDER_REVIEW):
                step()
            if reached is state:
                return order
        raise ValueError(state)

    def _reply(self, handler: Desk, leader: Desk, share: UUID) -> None:
        handling.sign(handler, share)
        handling.draft_reply(handler, share, "已责令物业停止收费并退还")
        handling.approve(leader, share)

    def call(self, order: Built, verdict: Verdict) -> OrderState:
        """One callback."""
        not_solved = "费用还没有退" if verdict is Verdict.UNSATISFIED else ""
        return callbacks.call_back(self.office2, order.order_id, verdict, not_solved=not_solved)

    def _close(self, order: Built) -> None:
        self.call(order, Verdict.SATISFIED)
        callbacks.archive(self.agent, order.order_id)

    def write_article(self, question: str, answer_: str, **columns: Any) -> UUID:
        """A standard answer in force; a later one has a greater revision."""
        self._revision += 1
        revision = self._revision
        article = Article(
            **{
                "key": f"kb-{revision}",
                "question": question,
                "answer": answer_,
                "unit_id": self.a,
                "topic_id": self.parking,
                "valid_from": date(2026, 1, 1),
                "valid_to": date(2027, 6, 30),
                "state": ArticleState.PUBLISHED,
                "spelling": spell(question),
                "revision": revision,
                "changed_at": self.now,
            }
            | columns
        )
        version = ArticleVersion(
            article_id=article.id,
            version=1,
            question=question,
            answer=answer_,
            valid_from=article.valid_from,
            valid_to=article.valid_to,
            spelling=article.spelling,
            made_at=self.now,
            published_at=self.now if article.state is not ArticleState.DRAFT else None,
        )
        with self.store.write() as session:
            session.add(article)
            session.flush()
            session.add(version)
            session.commit()
        return article.id

    def _found(self, session: Session) -> None:
        session.add(Site(code="C01", name="城南热线"))
        region = Region(key="xinhe", name="新河街道", spelling=spell("新河街道"))
        session.add(region)
        session.flush()
        self.region = region.id
        for key, name, short, parent in (
            ("housing", "城南新区房产管理分局", "房产分局", None),
            ("market", "城南新区工商行政管理分局", "工商分局", None),
            ("estates", "城南新区房产管理分局物业科", "物业科", "housing"),
        ):
            superior = self.units[parent] if parent else None
            unit = Unit(key=key, name=name, short_name=short, spelling=spell(name), parent_id=superior)
            session.add(unit)
            session.flush()
            self.units[key] = unit.id
            self.parents[unit.id] = superior
        self.topics: dict[str, UUID] = {}
        for path, unit in (
            ("物业管理", None),
            ("物业管理/停车收费", "housing"),
            ("市场监管", None),
            ("市场监管/营业执照", "market"),
        ):
            above, _, name = path.rpartition("/")
            topic = Topic(name=name, path=path, spelling=spell(path), unit_id=self.units[unit] if unit else None)
            topic.parent_id = self.topics.get(above)
            session.add(topic)
            session.flush()
            self.topics[path] = topic.id
        self._revision = 0

    def _people(self, session: Session) -> None:
        for login, name, role, key in PEOPLE:
            unit = self.units[key] if key else None
            account = Account(login=login, name=name, role=role, site="C01", password_hash="-", unit_id=unit)
            account.spelling = spell(name)
            session.add(account)
            session.flush()
            self.accounts[login] = account.id
            own = session.get(Unit, unit) if unit else None
            desk = Desk(
                store=self.store,
                settings=self.settings,
                viewer=Viewer(
                    account.id,
                    role,
                    unit,
                    unit_and_below(unit, self.parents) if unit else frozenset(),
                    unit_and_above(unit, self.parents) if unit else frozenset(),
                ),
                name=name,
                site="C01",
                site_name="城南热线",
                unit_name=own.short_name if own else "",
                login=login,
                clock=self.clock,
            )
            setattr(self, login, desk)

    def answers(self) -> None:
        """Two standard answers: how parking is charged, how a business is registered."""
        self.article = self.write_article(
            "住宅小区机动车停放收费如何确定?", "按照价格主管部门公布的标准执行, 并应公示。"
        )
        self.article_b = self.write_article(
            "个体工商户怎样办理营业执照?", "携带身份证到政务大厅办理。", unit_id=self.b, topic_id=self.licence
        )


def _built(made: Registered) -> Built:
    return Built(made.order_id, made.number)


def _share(order: Built) -> UUID:
    assert order.assignment_id is not None
    return order.assignment_id


@pytest.fixture
def town(migrated_url: str, storage: str, tmp_path: Path) -> Iterator[Town]:
    """A town on each engine, on Friday 2026-11-20 at 09:12."""
    town = Town(migrated_url, tmp_path / "hotline-home")
    town.answers()
    from tests.roles import guard

    seats = guard(town, migrated_url) if storage == GUARDED else None
    yield town
    if seats is not None:
        seats.dispose()
    town.store.dispose()
