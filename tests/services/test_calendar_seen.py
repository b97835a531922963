"""R-D4: what was looked at is what is applied; where something else would come of it, nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlmodel import select

from hotline_tui.errors import Conflict
from hotline_tui.models import CalendarRow
from hotline_tui.rules.words import Duty, Kind
from hotline_tui.services import calendar as service
from hotline_tui.services.desk import Desk
from tests.builders import Town
from tests.rules.notice.samples import MODERN
from tests.services.looks import clocks
from tests.services.test_calendar import REGIONAL, before_spring, closing, everything, sound

pytestmark = pytest.mark.requirement("R-D3", "R-D4")

TUESDAY = [date(2026, 11, 24)]
ANOTHER = "市人民政府关于停工的通告"


def dispatched_meanwhile(town: Town) -> None:
    town.assigned(kind=Kind.INQUIRY)


def another_source_said_the_day(town: Town) -> None:
    service.add_days(town.office2, TUESDAY, "停工", ANOTHER)


def the_same_was_stored_meanwhile(town: Town) -> None:
    service.add_days(town.office2, TUESDAY, "肉孜节", REGIONAL)


@pytest.mark.parametrize(
    "meanwhile", [another_source_said_the_day, the_same_was_stored_meanwhile, dispatched_meanwhile]
)
def test_nothing_is_applied_that_was_not_previewed(town: Town, meanwhile: Callable[[Town], None]) -> None:
    for _ in range(3):
        town.assigned(kind=Kind.INQUIRY)
    seen = service.preview_days(town.office, TUESDAY, "肉孜节", REGIONAL)
    assert seen.moved_deadlines == 3
    meanwhile(town)
    was = everything(town)
    with pytest.raises(Conflict, match="预览之后日历或时限有变动, 请重新核对"):
        service.add_days(town.office, TUESDAY, "肉孜节", REGIONAL, seen=seen.token)
    assert everything(town) == was


def test_what_was_previewed_is_applied_and_says_the_same(town: Town) -> None:
    town.assigned(kind=Kind.INQUIRY)
    days = service.preview_days(town.office, TUESDAY, "肉孜节", REGIONAL)
    town.later(minutes=5)
    assert service.add_days(town.office, TUESDAY, "肉孜节", REGIONAL, seen=days.token) == days
    notice = service.preview_notice(town.office, MODERN)
    assert service.apply_notice(town.office, MODERN, notice.token) == notice
    back = service.preview_take_back(town.office, REGIONAL)
    assert service.take_back(town.office, REGIONAL, seen=back.token) == back


def test_what_changes_nothing_in_the_outcome_does_not_stand_in_the_way(town: Town) -> None:
    order = town.assigned(kind=Kind.INQUIRY)
    seen = service.preview_days(town.office, TUESDAY, "肉孜节", REGIONAL)
    service.add_days(town.office2, [date(2026, 12, 30)], "停工", ANOTHER)
    town.register()
    assert service.add_days(town.office, TUESDAY, "肉孜节", REGIONAL, seen=seen.token).moved_deadlines == 1
    (clock,) = clocks(town, order, Duty.REPLY)
    assert clock.due_at == closing("2026-11-26")


def test_a_source_that_got_another_day_is_not_taken_back_unseen(town: Town) -> None:
    service.add_days(town.office, TUESDAY, "肉孜节", REGIONAL)
    seen = service.preview_take_back(town.office, REGIONAL)
    service.add_days(town.office2, [date(2026, 11, 25)], "肉孜节", REGIONAL)
    was = everything(town)
    with pytest.raises(Conflict):
        service.take_back(town.office, REGIONAL, seen=seen.token)
    assert everything(town) == was


def test_a_notice_is_not_applied_over_deadlines_that_nobody_saw(town: Town) -> None:
    before_spring(town)
    seen = service.preview_notice(town.office, MODERN)
    before_spring(town)
    was = everything(town)
    with pytest.raises(Conflict):
        service.apply_notice(town.office, MODERN, seen.token)
    assert everything(town) == was


def test_of_two_who_confirm_the_same_day_at_once_one_is_told_to_look_again(town: Town) -> None:
    order = town.assigned(kind=Kind.INQUIRY)
    given = {town.office: REGIONAL, town.office2: ANOTHER}
    tokens = {source: service.preview_days(desk, TUESDAY, "停工", source).token for desk, source in given.items()}
    together = Barrier(2)

    def confirm(desk: Desk) -> bool:
        together.wait()
        try:
            service.add_days(desk, TUESDAY, "停工", given[desk], seen=tokens[given[desk]])
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as seats:
        assert sorted(seats.map(confirm, given)) == [False, True]
    with town.store.read() as session:
        assert len(session.exec(select(CalendarRow)).all()) == 1
    assert clocks(town, order, Duty.REPLY)[0].due_at == closing("2026-11-26")
    assert sound(town)
