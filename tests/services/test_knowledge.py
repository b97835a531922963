"""Standard answers are written, revised, published and expired; each version stays; many come from a list."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import col, select

from hotline_tui.data.imports.knowledge import KnowledgeRow
from hotline_tui.data.imports.letters import Letter
from hotline_tui.data.search.knowledge import KnowledgeIndex
from hotline_tui.errors import Conflict, NotAllowed, NotFound, Refused
from hotline_tui.models import Article, ArticleVersion, Event, WorkOrder
from hotline_tui.models.columns import new_id
from hotline_tui.rules.words import ArticleState, OfficeAction, OrderState
from hotline_tui.services import answer, knowledge
from hotline_tui.services.knowledge import ArticleText
from hotline_tui.services.knowledge_import import Replies, ReplyImport, import_answers
from tests.builders import Town

pytestmark = pytest.mark.requirement("R-11.2.1")

TEXT = ArticleText("物业费怎么收?", "按合同约定收取。", phrasings=("物业费多少钱", "物业费涨价"), basis="民法典")


def complete(town: Town) -> ArticleText:
    """The text with all that it takes to be published."""
    return replace(TEXT, unit_id=town.a, topic_id=town.parking)


def article_of(town: Town, article_id) -> Article:
    with town.store.read() as session:
        return session.get_one(Article, article_id)


def versions_of(town: Town, article_id) -> list[ArticleVersion]:
    with town.store.read() as session:
        query = select(ArticleVersion).where(ArticleVersion.article_id == article_id)
        return list(session.exec(query.order_by(col(ArticleVersion.version))))


def row(number: int, question: str, text: str = "答", **told) -> KnowledgeRow:
    return replace(KnowledgeRow(number, question, (), text, "", "", "", None, None), **told)


def letter(number: int, subject: str, reply: str, topic: str = "") -> Letter:
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    return Letter(number, str(number), "王某", subject, moment, "详情", reply, None, "", None, topic, "", {})


def test_a_new_answer_is_a_draft_and_the_office_publishes_it(town: Town) -> None:
    made = knowledge.save(town.office, complete(town))
    saved = article_of(town, made)
    assert (saved.state, saved.version) == (ArticleState.DRAFT, 1)
    assert saved.spelling.split("\n") == ["wu ye fei zen me shou ?", "wu ye fei duo shao qian", "wu ye fei zhang jia"]
    assert saved.phrasings == "物业费多少钱\n物业费涨价"
    knowledge.publish(town.office, made)
    assert article_of(town, made).state is ArticleState.PUBLISHED


@pytest.mark.parametrize(
    ("empty", "said"),
    [
        (("unit_id", "topic_id", "basis"), "发布前请写明依据、承办单位、诉求分类"),
        (("unit_id",), "发布前请写明承办单位"),
        (("topic_id",), "发布前请写明诉求分类"),
        (("basis",), "发布前请写明依据"),
    ],
)
def test_nothing_is_published_without_unit_topic_and_basis_but_a_draft_may_lack_them(
    town: Town, empty: tuple[str, ...], said: str
) -> None:
    without = {name: "" if name == "basis" else None for name in empty}
    made = knowledge.save(town.office, replace(complete(town), **without))
    with pytest.raises(Refused, match=rf"{said}\(第十一条"):
        knowledge.publish(town.office, made)
    assert article_of(town, made).state is ArticleState.DRAFT
    knowledge.save(town.office, complete(town), made)
    knowledge.publish(town.office, made)


def test_a_revision_without_a_basis_is_not_published_and_the_text_in_use_stays(town: Town) -> None:
    knowledge.save(town.handler, replace(TEXT, basis=""), town.article)
    with pytest.raises(Refused, match="发布前请写明依据"):
        knowledge.publish(town.office, town.article)
    assert (article_of(town, town.article).version, article_of(town, town.article).pending) == (1, 2)


def test_another_question_answer_basis_or_validity_is_a_new_version_and_the_old_ones_stay(town: Town) -> None:
    made = knowledge.save(town.office, TEXT)
    for text in (
        replace(TEXT, answer="按合同和公示收取。"),
        replace(TEXT, answer="按合同和公示收取。", basis="物业管理条例"),
        replace(TEXT, answer="按合同和公示收取。", basis="物业管理条例", valid_to=date(2027, 1, 1)),
    ):
        knowledge.save(town.office, text, made)
    versions = versions_of(town, made)
    assert [each.version for each in versions] == [1, 2, 3, 4]
    assert versions[0].answer == "按合同约定收取。"
    assert versions[3].valid_to == date(2027, 1, 1)
    assert article_of(town, made).version == 4


def test_other_phrasings_unit_or_topic_are_no_new_version(town: Town) -> None:
    made = knowledge.save(town.office, TEXT)
    knowledge.save(town.office, replace(TEXT, phrasings=("物业费标准",), topic_id=town.parking, unit_id=town.a), made)
    saved = article_of(town, made)
    assert (saved.version, saved.phrasings, saved.topic_id) == (1, "物业费标准", town.parking)
    assert saved.spelling.split("\n")[1:] == ["wu ye fei biao zhun"]


def test_the_same_text_again_changes_nothing(town: Town) -> None:
    made = knowledge.save(town.office, TEXT)
    before = article_of(town, made)
    knowledge.save(town.office, TEXT, made)
    assert article_of(town, made) == before
    with town.store.read() as session:
        assert len(session.exec(select(Event).where(Event.action == OfficeAction.SAVE_ARTICLES)).all()) == 1


def test_each_change_has_a_greater_revision_than_any_before_it(town: Town) -> None:
    first = knowledge.save(town.office, complete(town))
    second = knowledge.save(town.office, replace(TEXT, question="物业费能不能不交?"))
    seen = [article_of(town, first).revision, article_of(town, second).revision]
    knowledge.publish(town.office, first)
    seen.append(article_of(town, first).revision)
    knowledge.expire(town.office, second)
    seen.append(article_of(town, second).revision)
    assert seen == sorted(set(seen))
    assert seen[0] > article_of(town, town.article).revision


def test_an_order_keeps_the_version_it_was_answered_from(town: Town) -> None:
    order = town.register()
    answer.answer(town.agent, order.order_id, town.article)
    knowledge.save(town.office, TEXT, town.article)
    knowledge.publish(town.office, town.article)
    with town.store.read() as session:
        kept = session.get_one(WorkOrder, order.order_id)
        said = session.get_one(ArticleVersion, (kept.article_id, kept.article_version))
    assert (kept.article_version, article_of(town, town.article).version) == (1, 2)
    assert said.answer != TEXT.answer


def test_nobody_answers_from_a_draft_or_an_expired_one(town: Town) -> None:
    made = knowledge.save(town.office, complete(town))
    order = town.bring(OrderState.RECEIVED)
    with pytest.raises(Refused, match="草稿"):
        answer.answer(town.office, order.order_id, made)
    with pytest.raises(NotFound):
        answer.answer(town.agent, order.order_id, made)
    knowledge.publish(town.office, made)
    knowledge.expire(town.office, made, "规定已改")
    with pytest.raises(Refused, match="停用"):
        answer.answer(town.agent, order.order_id, made)


def test_what_a_unit_writes_waits_for_the_office(town: Town) -> None:
    made = knowledge.save(town.handler, replace(complete(town), unit_id=None))
    assert article_of(town, made).unit_id == town.a
    with pytest.raises(NotAllowed, match="发布标准答案由热线办进行"):
        knowledge.publish(town.leader, made)
    knowledge.publish(town.office, made)


@pytest.mark.parametrize("login", ["handler", "office"])
def test_a_published_answer_stays_in_use_while_its_revision_waits(town: Town, login: str) -> None:
    before = article_of(town, town.article)
    knowledge.save(town.desks[login], replace(TEXT, answer="按民法典。", valid_to=date(2020, 1, 1)), town.article)
    stands = article_of(town, town.article)
    assert (stands.state, stands.version, stands.pending) == (ArticleState.PUBLISHED, 1, 2)
    assert (stands.question, stands.answer, stands.valid_to) == (before.question, before.answer, before.valid_to)
    index = KnowledgeIndex(town.store)
    today = date(2026, 11, 20)
    assert [hit.version for hit in index.search("机动车停放收费", today=today)] == [1]
    assert not index.search("民法典", today=today, everything=True)
    order = town.register()
    answer.answer(town.agent, order.order_id, town.article)
    with town.store.read() as session:
        kept = session.get_one(WorkOrder, order.order_id)
    assert (kept.article_id, kept.article_version) == (town.article, 1)


def test_publishing_a_revision_puts_it_in_the_place_of_what_was_in_use(town: Town) -> None:
    knowledge.save(town.handler, TEXT, town.article)
    knowledge.save(town.handler, replace(TEXT, answer="再改一次。"), town.article)
    knowledge.publish(town.office, town.article, 3)
    stands = article_of(town, town.article)
    assert (stands.version, stands.pending, stands.answer) == (3, None, "再改一次。")
    assert stands.spelling.startswith("wu ye fei")
    index = KnowledgeIndex(town.store)
    assert [hit.version for hit in index.search("wyf", today=date(2026, 11, 20))] == [3]
    assert [each.published_at is not None for each in versions_of(town, town.article)] == [True, False, True]
    order = town.register()
    answer.answer(town.agent, order.order_id, town.article)
    with town.store.read() as session:
        assert session.get_one(WorkOrder, order.order_id).article_version == 3


def test_a_discarded_revision_changes_nothing_in_use_and_its_text_is_kept(town: Town) -> None:
    with pytest.raises(Refused, match="没有修订稿"):
        knowledge.discard(town.office, town.article)
    knowledge.save(town.handler, TEXT, town.article)
    knowledge.discard(town.office, town.article, 2)
    stands = article_of(town, town.article)
    assert (stands.state, stands.version, stands.pending) == (ArticleState.PUBLISHED, 1, None)
    assert versions_of(town, town.article)[1].answer == TEXT.answer
    knowledge.save(town.handler, TEXT, town.article)
    assert article_of(town, town.article).pending == 3
    with pytest.raises(NotAllowed, match="承办单位自己"):
        knowledge.discard(town.handler_b, town.article)


def test_only_the_text_that_was_read_is_published_or_discarded(town: Town) -> None:
    knowledge.save(town.handler, TEXT, town.article)
    knowledge.save(town.handler, replace(TEXT, answer="后来改的。"), town.article)
    for late in (knowledge.publish, knowledge.discard):
        with pytest.raises(Conflict, match="刚被他人修改"):
            late(town.office, town.article, 2)
    assert article_of(town, town.article).pending == 3


def test_who_opened_a_text_before_another_changed_it_does_not_write_over_it(town: Town) -> None:
    seen = article_of(town, town.article).revision
    knowledge.save(town.handler, TEXT, town.article, seen)
    with pytest.raises(Conflict, match="刚被他人修改"):
        knowledge.save(town.office, replace(TEXT, answer="旧稿。"), town.article, seen)


def test_a_revision_of_an_answer_out_of_use_brings_it_back_when_published(town: Town) -> None:
    knowledge.expire(town.office, town.article, "规定已改")
    knowledge.save(town.handler, TEXT, town.article)
    assert article_of(town, town.article).state is ArticleState.EXPIRED
    knowledge.publish(town.office, town.article)
    stands = article_of(town, town.article)
    assert (stands.state, stands.version, stands.answer) == (ArticleState.PUBLISHED, 2, TEXT.answer)


def test_a_list_replaces_what_is_in_use_and_leaves_a_revision_waiting(town: Town) -> None:
    import_answers(town.office, [row(2, "停车收费标准?", "旧")])
    with town.store.read() as session:
        made = session.exec(select(Article.id).where(Article.question == "停车收费标准?")).one()
    knowledge.save(town.office, replace(TEXT, question="停车收费标准?"), made)
    import_answers(town.office, [row(2, "停车收费标准?", "新")])
    stands = article_of(town, made)
    assert (stands.answer, stands.version, stands.pending) == ("新", 3, 2)


def test_a_unit_writes_its_own_answers_and_those_below_it_only(town: Town) -> None:
    knowledge.save(town.leader, replace(TEXT, unit_id=town.a_below))
    for attempt in (
        lambda: knowledge.save(town.handler, replace(TEXT, unit_id=town.b)),
        lambda: knowledge.save(town.handler_b, TEXT, town.article),
        lambda: knowledge.save(town.handler, replace(TEXT, unit_id=town.b), town.article),
        lambda: knowledge.expire(town.handler_b, town.article),
    ):
        with pytest.raises(NotAllowed, match="承办单位自己"):
            attempt()
    assert article_of(town, town.article).version == 1


@pytest.mark.parametrize("login", ["agent", "city_leader", "authority"])
def test_who_only_reads_cannot_write(town: Town, login: str) -> None:
    desk = town.desks[login]
    for attempt in (
        lambda: knowledge.save(desk, TEXT),
        lambda: knowledge.expire(desk, town.article),
        lambda: knowledge.publish(desk, town.article),
        lambda: knowledge.discard(desk, town.article),
        lambda: import_answers(desk, [row(2, "问?")]),
        lambda: ReplyImport(desk),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_what_is_missing_or_contradicts_itself_is_refused(town: Town) -> None:
    with pytest.raises(Refused, match="问题和答复内容"):
        knowledge.save(town.office, replace(TEXT, answer=" "))
    with pytest.raises(Refused, match="失效日期"):
        knowledge.save(town.office, replace(TEXT, valid_from=date(2026, 2, 1), valid_to=date(2026, 1, 1)))
    with pytest.raises(NotFound):
        knowledge.publish(town.office, new_id())
    with pytest.raises(Refused, match="已经有效"):
        knowledge.publish(town.office, town.article)


def test_a_list_becomes_answers_in_force_and_the_same_list_again_nothing_new(town: Town) -> None:
    rows = [
        row(2, "停车收费标准?", "按公示", unit="房产分局", topic="停车收费", phrasings=("停车多少钱",)),
        row(3, "怎样开店?", "到政务大厅办", unit="market"),
    ]
    first, again = import_answers(town.office, rows), import_answers(town.office, rows)
    assert (first.created, first.existing, first.rejected) == (2, 0, [])
    assert (again.created, again.existing, again.updated) == (0, 2, 0)
    with town.store.read() as session:
        saved = session.exec(select(Article).where(Article.question == "停车收费标准?")).one()
    assert (saved.state, saved.unit_id, saved.topic_id) == (ArticleState.PUBLISHED, town.a, town.parking)


def test_a_changed_answer_in_the_list_is_a_new_version_of_the_same_question(town: Town) -> None:
    import_answers(town.office, [row(2, "停车收费标准?", "旧")])
    taken = import_answers(town.office, [row(2, "停车收费 标准?", "新")])
    assert (taken.created, taken.existing, taken.updated) == (0, 1, 1)
    with town.store.read() as session:
        saved = session.exec(select(Article).where(Article.answer == "新")).one()
    assert [each.answer for each in versions_of(town, saved.id)] == ["旧", "新"]


def test_rows_that_fit_nowhere_are_rejected_with_the_reason_and_none_is_lost(town: Town) -> None:
    rows = [
        row(2, "甲?", unit="气象局"),
        row(3, "乙?", topic="气象"),
        row(4, "丙?", "一"),
        row(5, "丙?", "二"),
        row(6, "丙?", "一"),
        row(7, "丁?", valid_from=date(2026, 2, 1), valid_to=date(2026, 1, 1)),
    ]
    taken = import_answers(town.office, rows)
    assert dict(taken.rejected) == {
        2: "没有这个承办单位: 气象局",
        3: "没有这个分类: 气象",
        5: "与第 4 行是同一问题, 答案不同",
        7: "失效日期不能早于生效日期",
    }
    assert (taken.created, taken.existing) == (1, 1)


def test_a_list_longer_than_a_batch_is_taken_whole(town: Town) -> None:
    taken = import_answers(town.office, (row(number, f"第 {number} 问?") for number in range(450)))
    assert taken.created == 450
    with town.store.read() as session:
        revisions = session.exec(select(Article.revision)).all()
    assert len(set(revisions)) == len(revisions)


def test_replies_to_letters_become_answers_each_reply_one(town: Town) -> None:
    letters = [
        letter(2, "停车收费", "按公示", "停车收费"),
        letter(3, "停车收费", "已责令整改"),
        letter(4, "停车收费", "按公示"),
        letter(5, "没有答复", ""),
        letter(6, "别处的分类", "已转办", "城乡建设"),
    ]
    for created in (3, 0):
        replies = ReplyImport(town.office)
        replies.take(letters)
        assert replies.counts == Replies(created=created, existing=4 - created, without_reply=1)
