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
from hotline_tui.rules.words import Kind, OrderState, Release, Verdict
from hotline_tui.services import dispatch, handling, intake, release
from tests.builders import Built, Town

pytestmark = pytest.mark.requirement("R-14")


OFFICE_PHONE = (Personal.PHONE, "0990-6234567")


def public(town: Town, text: str = "已责令退费", title: str = "", **told: Any) -> Built:
    order = town.replied(**told)
    out(town, order, text=text, title=title)
    return order


def out(town: Town, order: Built, **words: Any) -> None:
    """Online; the office's telephone number is cleared."""
    release.release(
        town.office, order.order_id, Release.PUBLIC, cleared=[OFFICE_PHONE], clear_reason="办公电话", **words
    )
    town.later(minutes=1)


def published(town: Town, **period: Any) -> tuple[PublicAnswer, ...]:
    with town.store.read() as session:
        return answers(session, town.office.viewer, **period)


def test_only_what_was_made_public_is_there_first_released_first(town: Town) -> None:
    first = public(town, title="停车收费问题的答复")
    town.bring(OrderState.ARCHIVED)
    town.replied()
    second = public(town)
    found = published(town)
    assert [each.number for each in found] == [first.number, second.number]
    one = found[0]
    assert (one.kind, one.topic, one.title, one.unit) == (
        Kind.COMPLAINT,
        "物业管理/停车收费",
        "停车收费问题的答复",
        "城南新区房产管理分局",
    )
    assert (one.text, one.found, one.may_go_out) == ("已责令退费", {}, True)


def test_a_period_is_from_its_first_moment_up_to_but_not_at_its_end(town: Town) -> None:
    for _ in range(3):
        public(town)
    at = [each.released_at for each in published(town)]
    assert [each.released_at for each in published(town, since=at[1], until=at[2])] == [at[1]]
    assert published(town, since=at[2] + timedelta(seconds=1)) == ()


def test_without_a_title_it_stands_under_its_topic_and_never_under_the_citizens_words(town: Town) -> None:
    public(town, subject="某某物业乱收费")
    assert [each.title for each in published(town)] == ["停车收费"]
    assert "某某物业" not in repr(published(town))


def test_an_order_that_became_secret_is_no_longer_published(town: Town) -> None:
    order = public(town)
    with town.store.write() as session:
        row = session.get(WorkOrder, order.order_id)
        assert row is not None
        row.secret = True
        session.commit()
    assert published(town) == ()


def test_what_hits_since_then_may_not_go_out_though_other_words_were_cleared(town: Town) -> None:
    plain = public(town, text="赵大强所反映的已办结")
    titled = public(town, title="答复赵大强")
    cleared = public(town, text="赵大强所反映的已办结, 详询0990-6234567")
    untouched = public(town, text="详询0990-6234567")
    assert all(each.may_go_out for each in published(town))
    for number, phone in ((plain.number, "4"), (titled.number, "5"), (cleared.number, "6")):
        later = town.register(name="赵大强", phone=f"1370000123{phone}")
        intake.merge(town.agent, later.order_id, number)
    found = {each.number: each for each in published(town)}
    for order in (plain, titled, cleared):
        assert (found[order.number].found, found[order.number].may_go_out) == ({Personal.CALLER: 1}, False)
    assert found[untouched.number].may_go_out


def test_an_answer_that_did_not_satisfy_gives_way_when_it_is_done_again(town: Town) -> None:
    order = public(town)
    other = public(town)
    town.call(order, Verdict.UNSATISFIED)
    assert [each.number for each in published(town)] == [order.number, other.number]
    again = dispatch.redispatch(town.office, order.order_id, town.a, "再办")
    assert [each.number for each in published(town)] == [other.number]
    handling.sign(town.handler, again.assignment_id)
    handling.draft_reply(town.handler, again.assignment_id, "已退费")
    handling.approve(town.leader, again.assignment_id)
    assert [each.number for each in published(town)] == [other.number]
    out(town, order, text="已全部退费")
    assert [(each.number, each.text) for each in published(town)] == [
        (other.number, "已责令退费"),
        (order.number, "已全部退费"),
    ]


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
