"""R-14: what is published holds nothing personal, whatever happened since it was released."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from hotline_tui.data.queries.publication import PublicAnswer, answers
from hotline_tui.errors import Refused
from hotline_tui.models import Caller, WorkOrder
from hotline_tui.rules.personal import Personal
from hotline_tui.rules.words import Kind, OrderState, Release
from hotline_tui.services import intake, release
from tests.builders import Built, Town

pytestmark = pytest.mark.requirement("R-14")


def public(town: Town, text: str = "已责令退费", reason: str = "", **told: Any) -> Built:
    order = town.replied(**told)
    release.release(town.office, order.order_id, Release.PUBLIC, text=text, clear_reason=reason)
    town.later(minutes=1)
    return order


def published(town: Town, **period: Any) -> tuple[PublicAnswer, ...]:
    with town.store.read() as session:
        return answers(session, town.office.viewer, **period)


def test_only_what_was_made_public_is_there_first_released_first(town: Town) -> None:
    first = public(town, subject="停车收费")
    town.bring(OrderState.ARCHIVED)
    town.replied()
    second = public(town)
    found = published(town)
    assert [each.number for each in found] == [first.number, second.number]
    one = found[0]
    assert (one.kind, one.topic, one.subject, one.unit) == (
        Kind.COMPLAINT,
        "物业管理/停车收费",
        "停车收费",
        "城南新区房产管理分局",
    )
    assert (one.text, one.cleared, one.found, one.may_go_out) == ("已责令退费", False, {}, True)


def test_a_period_is_from_its_first_moment_up_to_but_not_at_its_end(town: Town) -> None:
    for _ in range(3):
        public(town)
    at = [each.released_at for each in published(town)]
    assert [each.released_at for each in published(town, since=at[1], until=at[2])] == [at[1]]
    assert published(town, since=at[2] + timedelta(seconds=1)) == ()


def test_a_subject_that_tells_who_he_is_stays_out(town: Town) -> None:
    public(town, subject="王小明反映停车收费")
    public(town, subject="致电13800001111未果")
    assert [each.subject for each in published(town)] == ["", ""]


def test_an_order_that_became_secret_is_no_longer_published(town: Town) -> None:
    order = public(town)
    with town.store.write() as session:
        row = session.get(WorkOrder, order.order_id)
        assert row is not None
        row.secret = True
        session.commit()
    assert published(town) == ()


def test_what_hits_since_then_may_not_go_out_unless_a_person_cleared_it(town: Town) -> None:
    plain = public(town, text="赵大强所反映的已办结")
    cleared = public(town, text="详询0990-6234567", reason="办公电话")
    later = town.register(name="赵大强", phone="13700001234")
    intake.merge(town.agent, later.order_id, plain.number)
    one, two = published(town)
    assert (one.found, one.may_go_out) == ({Personal.CALLER: 1}, False)
    assert (two.number, two.found, two.cleared, two.may_go_out) == (cleared.number, {Personal.PHONE: 1}, True, True)


def test_nobody_but_the_office_takes_them_out(town: Town) -> None:
    public(town)
    for login, desk in town.desks.items():
        with town.store.read() as session:
            if login.startswith("office"):
                assert answers(session, desk.viewer)
            else:
                with pytest.raises(Refused, match="第十四条"):
                    answers(session, desk.viewer)


def test_a_citizens_data_are_in_no_answer(town: Town) -> None:
    public(town)
    with town.store.read() as session:
        told = session.exec(select(Caller)).one()
    said = repr(published(town))
    assert not any(fact in said for fact in (told.name, told.phone, told.workplace, told.home_address))
