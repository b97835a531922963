"""What a seat asks of the server: on many seats' one server each statement is waited for by all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from hotline_tui.rules.words import Release, Verdict
from hotline_tui.services import callbacks, claims, dispatch, handling, release
from tests.builders import Town

pytestmark = [pytest.mark.requirement("R-6d"), pytest.mark.parametrize("storage", ["postgres"], indirect=True)]
MOST = {
    "register": 7,
    "take to dispatch": 8,
    "dispatch": 14,
    "sign": 8,
    "draft": 10,
    "approve": 13,
    "release": 8,
    "take to call back": 7,
    "call back": 10,
    "archive": 7,
}


def test_an_action_asks_the_server_no_oftener_than_it_must(town: Town) -> None:
    asked = list[str]()
    found = dict[str, int]()
    order = town.register()  # the first action of a login asks which roles it has

    def count(name: str, act: Callable[[], Any]) -> Any:
        asked.clear()
        result = act()
        found[name] = len(asked)
        return result

    def one(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(town.store.engine, "before_cursor_execute", one)
    count("register", lambda: town.register(narrative="路灯不亮", phone="13900005566"))
    assert count("take to dispatch", lambda: claims.take_next(town.agent, None, claims.DISPATCH)) == order.order_id
    share = count("dispatch", lambda: dispatch.assign(town.agent, order.order_id, town.a)).assignment_id
    count("sign", lambda: handling.sign(town.handler, share))
    count("draft", lambda: handling.draft_reply(town.handler, share, "已修好"))
    count("approve", lambda: handling.approve(town.leader, share))
    count("release", lambda: release.release(town.office, order.order_id, Release.PRIVATE))
    count("take to call back", lambda: claims.take_next(town.agent2))
    count("call back", lambda: callbacks.call_back(town.agent2, order.order_id, Verdict.SATISFIED))
    count("archive", lambda: callbacks.archive(town.agent2, order.order_id))
    assert {name: many for name, many in found.items() if many > MOST[name]} == {}, found
