"""R-D3, R-D4: notices and days of the office change the calendar, and every open deadline with it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from hotline_tui.data.calendar import calendar_in_force
from hotline_tui.data.queries.sentences import sentence
from hotline_tui.data.queries.timeline import timeline
from hotline_tui.data.replay import differences
from hotline_tui.errors import NotAllowed, NotFound, Refused, UsageError
from hotline_tui.models import CalendarRow, Deadline, Event, NoticedYear, Reply
from hotline_tui.models.columns import new_id
from hotline_tui.rules.calendar import DayRow, WorkingCalendar
from hotline_tui.rules.deadlines import due, promise_moved_due, return_due
from hotline_tui.rules.notice.sentences import NoticeError
from hotline_tui.rules.words import Action, Duty, Kind, OfficeAction, OrderState, Release, Role
from hotline_tui.services import calendar as service
from hotline_tui.services import consent, handling, release
from hotline_tui.services.promise import promise as make_promise
from hotline_tui.services.recalculation import due_again
from tests.builders import SHANGHAI, Built, Town
from tests.engines import OWNERS
from tests.rules.notice.samples import DAYS_OFF, MAKE_UP_DAYS, MODERN
from tests.services.looks import clocks, order_of, rows, steps

pytestmark = pytest.mark.requirement("R-D3", "R-D4")

REGIONAL = "自治区人民政府关于2026年肉孜节放假的通知"


def closing(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T18:00").replace(tzinfo=SHANGHAI)


def everything(town: Town) -> list[object]:
    with town.store.read() as session:
        tables: list[object] = []
        for table in (CalendarRow, NoticedYear, Deadline, Event):
            tables += [row.model_dump() for row in session.exec(select(table)).all()]
        return tables


def sound(town: Town) -> bool:
    with town.store.read() as session:
        return not list(differences(session))


def before_spring(town: Town, kind: Kind = Kind.INQUIRY) -> Built:
    """Dispatched in a year without a notice, two days before its spring festival."""
    return town.at("2027-02-03T10:00").assigned(kind=kind)


def test_looking_at_a_notice_changes_nothing(town: Town) -> None:
    order = before_spring(town)
    was = everything(town)
    seen = service.preview_notice(town.office, MODERN)
    assert everything(town) == was
    assert (set(seen.days_off), set(seen.make_up_days)) == (DAYS_OFF, MAKE_UP_DAYS)
    assert (seen.year, seen.changes, seen.moved_deadlines) == (2027, True, 1)
    assert [(each.number, each.duty, each.before, each.after) for each in seen.moved] == [
        (order.number, Duty.REPLY, closing("2027-02-12"), closing("2027-02-14"))
    ]


def test_a_notice_moves_each_open_deadline_with_an_event_and_none_is_provisional_any_more(town: Town) -> None:
    order, same = before_spring(town), town.assigned(kind=Kind.COMPLAINT)
    (clock,) = clocks(town, order, Duty.REPLY)
    assert (clock.due_at, clock.provisional) == (closing("2027-02-12"), True)
    applied = service.apply_notice(town.office, MODERN)
    (clock,) = clocks(town, order, Duty.REPLY)
    assert (clock.due_at, clock.provisional) == (closing("2027-02-14"), False)
    (kept,) = clocks(town, same, Duty.REPLY)
    assert (kept.due_at, kept.provisional) == (closing("2027-02-16"), False)
    last = steps(town, order)[-1]
    assert last.action is Action.RECALCULATE
    assert last.payload["facts"]["source"] == applied.source
    assert {"duty": "reply", "from": closing("2027-02-12").astimezone(UTC).isoformat()}.items() <= last.payload[
        "facts"
    ].items()
    assert order_of(town, order).version == last.sequence
    assert sound(town)


def test_the_time_line_says_what_moved_and_by_which_notice(town: Town) -> None:
    order = before_spring(town)
    service.apply_notice(town.office, MODERN)
    with town.store.read() as session:
        said = sentence(timeline(session, town.handler.viewer, order.order_id)[-1])
    assert "回复 02-12 18:00 -> 02-14 18:00" in said
    assert "国办发明电〔2026〕9号" in said


def test_what_the_library_guessed_and_the_notice_does_not_say_is_an_ordinary_day(town: Town) -> None:
    service.apply_notice(town.office, MODERN)
    with town.store.read() as session:
        table = calendar_in_force(session)
    off = {each.day for each in table.days(2027) if not each.works and each.day.weekday() < 5}
    assert off == {day for day in DAYS_OFF if day.weekday() < 5}
    assert {each.day for each in table.days(2027) if table.is_make_up(each.day)} == MAKE_UP_DAYS
    assert not table.provisional(date(2027, 6, 1))


@OWNERS
def test_the_same_notice_again_changes_nothing_at_all(town: Town) -> None:
    before_spring(town)
    service.apply_notice(town.office, MODERN)
    was = everything(town)
    town.later(days=1)
    again = service.apply_notice(town.admin, MODERN)
    assert (again.changes, again.moved_deadlines, again.settled, again.differences) == (False, 0, 0, ())
    assert everything(town) == was


def test_a_notice_taken_back_restores_every_deadline_exactly(town: Town) -> None:
    order = before_spring(town)
    was = clocks(town, order, Duty.REPLY)
    source = service.apply_notice(town.office, MODERN).source
    seen = service.preview_take_back(town.office, source)
    done = service.take_back(town.office, source)
    assert seen == done
    assert done.moved_deadlines == 1
    assert clocks(town, order, Duty.REPLY) == was
    with town.store.read() as session:
        assert calendar_in_force(session).rows == {}
        assert session.exec(select(NoticedYear)).all() == []
    assert sound(town)


def test_wrong_text_changes_nothing(town: Town) -> None:
    before_spring(town)
    was = everything(town)
    with pytest.raises(NoticeError, match=r"第5句 .*2月14日是周日, 文中写周六"):
        service.apply_notice(town.office, MODERN.replace("2月14日(周日)", "2月14日(周六)"))
    assert everything(town) == was


def test_a_corrected_text_of_the_same_notice_replaces_the_first(town: Town) -> None:
    wrong = MODERN.replace("2月14日(周日)", "1月31日(周日)")
    service.apply_notice(town.office, wrong)
    done = service.apply_notice(town.office, MODERN)
    assert [each.before.day for each in done.differences] == [date(2027, 1, 31), date(2027, 2, 14)]
    with town.store.read() as session:
        assert not calendar_in_force(session).is_working(date(2027, 1, 31))


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.OFFICE, Role.ADMIN)])
def test_only_the_office_and_the_administrator_change_the_calendar(town: Town, role: Role) -> None:
    desk = next(desk for desk in town.desks.values() if desk.role is role)
    was = everything(town)
    with pytest.raises(NotAllowed):
        service.apply_notice(desk, MODERN)
    with pytest.raises(NotAllowed):
        service.add_days(desk, [date(2026, 11, 24)], "肉孜节", REGIONAL)
    assert everything(town) == was


@OWNERS
def test_the_administrator_moves_the_clocks_of_orders_without_seeing_them(town: Town) -> None:
    order = town.assigned(kind=Kind.INQUIRY)
    done = service.add_days(town.admin, [date(2026, 11, 24)], "肉孜节", REGIONAL)
    assert (done.moved_deadlines, done.moved) == (1, ())
    (clock,) = clocks(town, order, Duty.REPLY)
    assert clock.due_at == closing("2026-11-26")


def test_a_regional_holiday_is_counted_over_and_says_its_source(town: Town) -> None:
    order = town.assigned(kind=Kind.INQUIRY)
    done = service.add_days(town.office, [date(2026, 11, 24), date(2026, 11, 25)], "肉孜节", REGIONAL)
    (difference, _) = done.differences
    assert (difference.before.works, difference.after.name, difference.after.source) == (True, "肉孜节", REGIONAL)
    (clock,) = clocks(town, order, Duty.REPLY)
    assert clock.due_at == closing("2026-11-27")
    with town.store.read() as session:
        event = session.exec(select(Event).where(Event.action == OfficeAction.SAVE_CALENDAR)).one()
    assert event.payload["facts"]["source"] == REGIONAL


def test_one_day_of_a_source_is_taken_back_and_the_others_stay(town: Town) -> None:
    order = town.assigned(kind=Kind.INQUIRY)
    service.add_days(town.office, [date(2026, 11, 24), date(2026, 11, 25)], "肉孜节", REGIONAL)
    service.take_back(town.office, REGIONAL, [date(2026, 11, 25)])
    (clock,) = clocks(town, order, Duty.REPLY)
    assert clock.due_at == closing("2026-11-26")
    with pytest.raises(NotFound):
        service.take_back(town.office, REGIONAL, [date(2026, 11, 25)])


def test_a_day_said_otherwise_by_the_same_source_moves_the_clocks_back(town: Town) -> None:
    order = town.assigned()
    monday = [date(2026, 11, 23)]
    service.add_days(town.office, monday, "临时放假", REGIONAL)
    assert clocks(town, order, Duty.REPLY)[0].due_at == closing("2026-11-30")
    applied = service.add_days(town.office, monday, "", REGIONAL, works=True)
    assert applied.moved_deadlines == 1
    assert clocks(town, order, Duty.REPLY)[0].due_at == closing("2026-11-27")


def test_an_extension_lies_over_the_notice_in_whichever_order_they_come(town: Town) -> None:
    extension = (
        "国务院办公厅关于延长2027年春节假期的通知\n一、延长2027年春节假期至2月14日(星期日),2月15日(星期一)起正常上班。\n"
        "国务院办公厅\n2027年2月8日"
    )
    service.apply_notice(town.office, MODERN)
    service.apply_notice(town.office, extension)
    again = service.apply_notice(town.office, MODERN)
    assert not again.changes
    with town.store.read() as session:
        table = calendar_in_force(session)
    assert [table.is_working(date(2027, 2, day)) for day in (12, 14, 15)] == [False, False, True]
    service.take_back(town.office, "国务院办公厅关于延长2027年春节假期的通知")
    with town.store.read() as session:
        assert calendar_in_force(session).is_working(date(2027, 2, 14))


EXTENSION = (
    "国务院办公厅关于延长2027年春节假期的通知\n一、延长2027年春节假期至2月14日(星期日),2月15日(星期一)起正常上班。\n"
    "国务院办公厅\n2027年2月8日"
)
"""Of MODERN's 春节, which ends on 2月11日."""


def test_a_notice_goes_as_a_whole_and_no_day_is_taken_out_of_it_or_put_in(town: Town) -> None:
    source = service.apply_notice(town.office, MODERN).source
    extended = service.apply_notice(town.office, EXTENSION).source
    was = everything(town)
    for name, day in ((source, date(2027, 1, 1)), (extended, date(2027, 2, 12))):
        for attempt in (service.preview_take_back, service.take_back):
            with pytest.raises(Refused, match="通知须整份撤回, 不能只撤回其中的日子"):
                attempt(town.office, name, [day])
        with pytest.raises(Refused, match="增加日子请写另外的依据"):
            service.add_days(town.office, [date(2027, 3, 1)], "临时放假", name)
    assert everything(town) == was


def test_a_notice_is_checked_against_the_national_calendar_and_not_the_days_of_a_region(town: Town) -> None:
    service.apply_notice(town.office, MODERN)
    service.add_days(
        town.office, [date(2027, 2, 12), date(2027, 2, 15)], "肉孜节", "自治区人民政府关于肉孜节放假的通知"
    )
    service.apply_notice(town.office, EXTENSION)
    with town.store.read() as session:
        table = calendar_in_force(session)
    assert [table.is_working(date(2027, 2, day)) for day in (12, 14, 15, 16)] == [False, False, False, True]
    service.take_back(town.office, "自治区人民政府关于肉孜节放假的通知", [date(2027, 2, 15)])
    with town.store.read() as session:
        assert calendar_in_force(session).is_working(date(2027, 2, 15))


def test_a_day_of_a_province_s_own_notice_is_taken_back_alone(town: Town) -> None:
    text = "自治区人民政府关于2027年劳动节放假的通知\n劳动节:5月1日(周六)至5日(周三)放假调休,共5天。5月8日(周六)上班。"
    source = service.apply_notice(town.office, text).source
    service.take_back(town.office, source, [date(2027, 5, 5)])
    with town.store.read() as session:
        assert date(2027, 5, 5) not in calendar_in_force(session).rows


def test_the_return_of_a_day_made_off_may_be_made_on_the_next_working_day(town: Town) -> None:
    order = town.assigned()
    service.add_days(town.office, [date(2026, 11, 20)], "防疫停工", "应急指挥部通告")
    (clock,) = clocks(town, order, Duty.RETURN)
    assert clock.due_at == closing("2026-11-23")


def test_met_and_closed_clocks_stay_as_they_are(town: Town) -> None:
    order = town.bring(OrderState.REPLIED, kind=Kind.INQUIRY)
    was = rows(town, Deadline, order)
    service.add_days(town.office, [date(2026, 11, 24)], "肉孜节", REGIONAL)
    assert rows(town, Deadline, order) == was


def promise(town: Town, day: date) -> Built:
    """A promised order that runs."""
    order = town.signed()
    assert order.assignment_id is not None
    make_promise(town.handler, order.assignment_id, "正在办理", day)
    handling.approve(town.leader, order.assignment_id)
    release.release(town.office, order.order_id, Release.PRIVATE)
    return order


def test_a_changed_promise_moves_with_the_calendar_from_the_day_it_was_changed_to(town: Town) -> None:
    order = promise(town, date(2026, 12, 10))
    assert order.assignment_id is not None
    asked = consent.request_promise(town.handler, order.assignment_id, date(2026, 12, 15), "须等审计")
    consent.grant(town.office, asked)
    service.add_days(town.office, [date(2026, 12, 15)], "肉孜节", REGIONAL)
    assert [clock.due_at for clock in clocks(town, order, Duty.PROMISE)][-1] == closing("2026-12-16")
    service.take_back(town.office, REGIONAL)
    assert [clock.due_at for clock in clocks(town, order, Duty.PROMISE)][-1] == closing("2026-12-15")


def test_a_promised_day_made_off_is_due_on_the_next_working_day_and_comes_back(town: Town) -> None:
    order = promise(town, date(2026, 12, 10))
    service.add_days(town.office, [date(2026, 12, 10), date(2026, 12, 11)], "肉孜节", REGIONAL)
    (clock,) = clocks(town, order, Duty.PROMISE)
    assert clock.due_at == closing("2026-12-14")
    (reply,) = rows(town, Reply, order)
    assert reply.promised_day == date(2026, 12, 10)
    service.take_back(town.office, REGIONAL)
    (clock,) = clocks(town, order, Duty.PROMISE)
    assert clock.due_at == closing("2026-12-10")


def test_a_day_off_before_a_promised_day_does_not_move_it(town: Town) -> None:
    order = promise(town, date(2026, 12, 10))
    service.add_days(town.office, [date(2026, 12, 8)], "肉孜节", REGIONAL)
    (clock,) = clocks(town, order, Duty.PROMISE)
    assert clock.due_at == closing("2026-12-10")


@pytest.mark.parametrize(
    ("days", "name", "source"),
    [
        ([], "肉孜节", REGIONAL),
        ([date(2026, 11, 24)], "肉孜节", " "),
        ([date(2026, 11, 24)], "", REGIONAL),
        ([date(2200, 1, 1)], "肉孜节", REGIONAL),
    ],
)
def test_a_day_needs_its_name_and_its_source(town: Town, days: list[date], name: str, source: str) -> None:
    with pytest.raises(UsageError):
        service.add_days(town.office, days, name, source)


# -- what holds for any days

BASE = WorkingCalendar()
ANY_DAY = st.dates(date(2026, 1, 1), date(2026, 12, 20))
SOME_DAYS = st.sets(ANY_DAY, min_size=1, max_size=12)


def with_off(days: set[date]) -> WorkingCalendar:
    return BASE.with_rows(DayRow(day, False, "停工", "通告") for day in days)


@given(ANY_DAY, st.integers(1, 15), SOME_DAYS)
def test_a_day_off_never_makes_a_deadline_earlier(start: date, working_days: int, off: set[date]) -> None:
    after = with_off(off)
    moment = datetime.combine(start, datetime.min.time(), SHANGHAI) + timedelta(hours=19)
    assert due(after, start, working_days).due_at >= due(BASE, start, working_days).due_at
    assert return_due(after, moment).due_at >= return_due(BASE, moment).due_at
    promised = BASE.after(start, working_days)
    assert promise_moved_due(after, promised, start).due_at >= promise_moved_due(BASE, promised, start).due_at


@given(ANY_DAY, st.integers(1, 15), SOME_DAYS, st.sampled_from([Duty.REPLY, Duty.INSTRUCT, Duty.CALLBACK]))
def test_recomputing_is_computing_anew_and_taking_back_restores(
    start: date, working_days: int, off: set[date], duty: Duty
) -> None:
    first, after = due(BASE, start, working_days), with_off(off)
    clock = Deadline(order_id=new_id(), duty=duty, day_zero=start, working_days=first.working_days, due_at=first.due_at)
    moved = due_again(after, clock, None, None)
    assert moved == due(after, start, working_days)
    clock.due_at, clock.working_days = moved.due_at, moved.working_days
    assert due_again(BASE, clock, None, None) == first


@pytest.mark.requirement("R-D4", "R-13a")
@pytest.mark.parametrize("login", ["agent", "handler", "leader", "city_leader", "authority"])
def test_nobody_else_learns_from_a_preview_how_many_deadlines_there_are(town: Town, login: str) -> None:
    with pytest.raises(NotAllowed, match="工作日历由热线办、系统管理员维护"):
        service.preview_days(town.desks[login], [date(2026, 11, 25)], "临时放假", "通知")
