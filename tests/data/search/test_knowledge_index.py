"""Standard answers are found by one, two or many characters and by pinyin, best first, in force today."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_tui.data.search.entries import Entry
from hotline_tui.data.search.finder import Finder
from hotline_tui.data.search.knowledge import Hit, KnowledgeIndex
from hotline_tui.data.search.shelf import Wanted
from hotline_tui.models import Article
from hotline_tui.models.columns import new_id
from hotline_tui.rules.pinyin import spell
from hotline_tui.rules.words import ArticleState
from hotline_tui.services import knowledge
from tests.builders import Town

TODAY = date(2026, 11, 20)
TITLES = {
    "住宅小区机动车停放收费如何确定?": "按照价格主管部门公布的标准执行, 并应公示。",
    "亲友短时进小区要收停车费吗?": "半小时内免费。",
    "身份证丢失怎样补办?": "到任一派出所申请补领。",
    "个体工商户怎样办理营业执照?": "携带身份证到政务大厅办理。",
    "工地夜间施工噪声扰民怎么办?": "二十二时至次日六时禁止施工。请说明工地名称。",
    "公园里有免费WiFi吗?": "有。",
}


def entry(title: str, answer: str = "", **columns: Any) -> Entry:
    told: dict[str, Any] = {"spelling": spell(title)} | columns
    return Entry(new_id(), title, answer=answer, **told)


class Shelved:
    """Articles that no database holds."""

    def __init__(self, entries: Iterable[Entry], **options: Any) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self.finder = Finder(self.entries.values(), **options)

    def titles(self, words: str, limit: int = 5, **wanted: Any) -> list[str]:
        options: dict[str, Any] = {"day": TODAY} | wanted
        found = self.finder.rank(words, Wanted(**options), limit)
        return [self.entries[key].title for key, _ in found]


SHELF = Shelved(entry(title, answer) for title, answer in TITLES.items())


def titles(words: str, index: KnowledgeIndex | Shelved = SHELF, **options: Any) -> list[str]:
    if isinstance(index, Shelved):
        return index.titles(words, **options)
    return [hit.title for hit in index.search(words, today=TODAY, **options)]


@pytest.mark.parametrize(
    ("words", "best"),
    [
        ("停", "亲友短时进小区要收停车费吗?"),
        ("噪", "工地夜间施工噪声扰民怎么办?"),
        ("停车", "亲友短时进小区要收停车费吗?"),
        ("停放收费", "住宅小区机动车停放收费如何确定?"),
        ("身份证怎么补办", "身份证丢失怎样补办?"),
        ("营业执照", "个体工商户怎样办理营业执照?"),
        ("半夜工地施工吵得睡不着, 我们老人孩子都受不了", "工地夜间施工噪声扰民怎么办?"),
        ("sfz", "身份证丢失怎样补办?"),
        ("shenfenzheng", "身份证丢失怎样补办?"),
        ("shenfz", "身份证丢失怎样补办?"),
        ("身份z", "身份证丢失怎样补办?"),
        ("yyzz", "个体工商户怎样办理营业执照?"),
        ("ＷＩＦＩ", "公园里有免费WiFi吗?"),
        ("wifi", "公园里有免费WiFi吗?"),
    ],
)
def test_the_best_answer_comes_first(words: str, best: str) -> None:
    assert titles(words)[:1] == [best]


def test_where_the_setting_says_so_the_usual_pairs_of_pinyin_are_taken_for_one() -> None:
    entries = [entry(title) for title in (*TITLES, "南山公园几点开门?")]
    loose, exact = Shelved(entries, loosely=True), Shelved(entries)
    assert loose.titles("lansan") == loose.titles("nanshan") == exact.titles("nanshan") == ["南山公园几点开门?"]
    assert exact.titles("lansan") == []
    assert loose.titles("senfenzeng") == exact.titles("shenfenzheng") == ["身份证丢失怎样补办?"]


def test_initials_of_several_words_find_the_title_that_holds_them() -> None:
    assert titles("sfzbb")[:1] == titles("sfzds")[:1] == ["身份证丢失怎样补办?"]
    assert titles("gtgsh")[:1] == ["个体工商户怎样办理营业执照?"]


def test_letters_mean_what_titles_say_the_most_often() -> None:
    """Full words come before letters that stand beside each other by chance; a longer word before shorter ones."""
    index = Shelved(
        entry(title)
        for title in (
            "是否在册怎样查询?",
            "身份证补办",
            "身份证到期换证",
            "收费站在哪里?",
            "补办毕业证",
            "报销不报怎么办",
        )
    )
    assert titles("sfz", index)[:2] == titles("身份证", index)[:2]
    assert titles("sfzbb", index)[0] == titles("shenfzbb", index)[0] == titles("身份zbb", index)[0] == "身份证补办"
    assert titles("bbsfz", index)[0] == "身份证补办"
    assert titles("sfz bb", index)[0] == "身份证补办"


def test_words_that_stand_in_one_article_go_before_pieces_that_merely_fit() -> None:
    others = ["收费站在哪里?", "回来上学", "合理收费", "欢乐谷收费不便", "不便之处", "红绿灯"]
    right = ("身份证快到期了怎样换领?", "身份证丢失怎样补办?")
    index = Shelved(entry(title) for title in (*others, *right, *(f"{each}的收费标准" for each in others)))
    assert titles("sfzhl", index)[0] == titles("hlsfz", index)[0] == right[0]
    assert titles("sfzbb", index)[0] == titles("sfzbuban", index)[0] == right[1]
    assert titles("身份证hl", index)[0] == right[0]
    assert {"身份证", "换领"} <= index.finder.meant("sfzhl").keys()


def test_a_piece_does_not_reach_over_a_stop() -> None:
    index = Shelved([entry("对医院的收费、诊疗有意见"), entry("身份证换领")])
    assert "收费诊疗" not in index.finder.meant("sfzhl")


def test_a_rare_word_is_read_beside_the_word_that_it_stands_with() -> None:
    frequent = [f"{word}怎样反映" for word in ("合理", "红绿", "欢乐", "湖路", "回来", "胡乱") for _ in range(20)]
    frequent += [
        f"{word}怎样反映" for word in ("后来", "划拉", "护栏", "火力", "合流", "湖蓝", "恒路") for _ in range(20)
    ]
    index = Shelved(entry(title) for title in (*frequent, "身份证换领", "身份证办理"))
    assert titles("sfzhl", index)[0] == "身份证换领"


def test_a_word_that_stands_in_answers_alone_is_found_by_its_pinyin() -> None:
    """What a title says is read first."""
    index = Shelved(
        [
            entry("领取补贴", "请携带身份证。"),
            entry("更换电表", "到期换领新证。"),
            entry("换了手机号怎么办?", "联系客服。"),
        ]
    )
    assert titles("huanling", index)[0] == "更换电表"
    assert index.finder.meant("hl") == pytest.approx({"换了": 0.94, "换领": 0.06}, abs=0.03)
    later = [entry("旧证作废", "凭旧证领换新证。")]
    index.finder.change(later, 1)
    assert "领换" in index.finder.meant("linghuan")


def test_a_word_that_no_title_shares_a_character_with_is_found_by_its_pinyin() -> None:
    """Also where one of its characters is said otherwise by itself (行, 重)."""
    index = Shelved(
        [
            entry("怎样缴费?", "凭卡到银行柜台办理, 龘靐不办。"),
            entry("人行道破损", "请步行绕过。"),
            entry("证件遗失", "重新申请, 女性优先。"),
        ]
    )
    assert titles("yinhang", index) == titles("yinh", index) == titles("银h", index) == ["怎样缴费?"]
    assert titles("chongxin", index) == ["证件遗失"]
    assert titles("yinxing", index) == titles("zhongxin", index) == []
    assert titles("nv", index) == titles("nu", index) == titles("gui", index) == []
    later = [entry("缴费网点", "各银行网点。")]
    index.finder.change(later, 1)
    assert "银行" in index.finder.meant("yinhang")


def test_syllables_that_make_no_word_of_a_title_or_an_answer_are_not_taken_one_by_one() -> None:
    index = Shelved([entry("户外音响声音太大怎么办?"), entry("人行道砖破损怎样报修?"), entry("身份证丢失怎样补办?")])
    assert titles("yinhang", index) == titles("xingzou", index) == titles("shenfengzheng", index) == []
    assert titles("zheng", index) == titles("shenfenzheng", index) == ["身份证丢失怎样补办?"]


def test_what_merely_shares_a_pair_with_what_pinyin_means_is_not_listed() -> None:
    """The longer an answer, the less of it is the pair."""
    filling = [chr(0x4E00 + number) for number in range(3000)]
    others = [entry(f"第{n}种许可", "".join(filling[: 100 * n]) + "请带身份证") for n in range(1, 21)]
    index = Shelved([entry("身份证丢失怎样补办?", "身份证可以补办。"), *others])
    found = index.finder.rank("身份z", Wanted(day=TODAY), 30)
    assert 1 <= len(found) < 10
    assert min(score for _, score in found) >= found[0][1] / 3


def test_a_word_of_letters_that_stands_in_an_answer_goes_before_what_it_may_mean_in_pinyin() -> None:
    index = Shelved(
        [
            entry("安排检查", "请等候通知。"),
            entry("办事指南", f"{'到政务大厅办理。' * 50}也可以在APP上办。"),
            entry("ETC怎样办理", "到银行。"),
            entry("儿童停车", "停车。"),
        ]
    )
    assert titles("app", index) == ["办事指南", "安排检查"]
    assert titles("ＡＰＰ", index)[0] == titles("App", index)[0] == "办事指南"
    assert titles("etc", index)[0] == "ETC怎样办理"


def test_what_fits_much_worse_than_the_best_is_left_out() -> None:
    """A long sentence shares a pair of signs with nearly everything."""
    others = [entry(f"怎样办理第{number}种许可证明材料", "到政务大厅办理。" * 9) for number in range(30)]
    right = entry("住宅小区机动车停放收费标准", "由物价部门公布。")
    index = Shelved([*others, right])
    assert titles("住宅小区机动车停放收费标准要办理吗", index, limit=50) == [right.title]
    assert len(titles("办理", index, limit=50)) == 30


def test_a_phrasing_is_found_by_its_pinyin_too() -> None:
    title, phrasing = "居民身份证件补领", "身份证丢了"
    index = Shelved([entry(title, phrasings=phrasing, spelling=spell(f"{title}\n{phrasing}")), *SHELF.entries.values()])
    assert titles("sfzdl", index)[0] == titles("shenfenzhengdiule", index)[0] == title


def test_heteronyms_are_heard_as_they_are_said() -> None:
    index = Shelved(
        entry(title) for title in ("银行卡丢失", "行政审批", "长沙通勤", "市长信箱", "重庆户口", "重要通知")
    )
    for typed, title in {
        "yinhang": "银行卡丢失", "xingzheng": "行政审批", "changsha": "长沙通勤", "shizhang": "市长信箱",
        "chongqing": "重庆户口", "zhongyao": "重要通知",
    }.items():  # fmt: skip
        assert titles(typed, index)[:1] == [title]
    assert "行政" not in index.finder.meant("hangzheng")
    assert "长沙" not in index.finder.meant("zhangsha")


def test_capitals_beside_characters_are_a_name_and_no_pinyin() -> None:
    index = Shelved(entry(title) for title in ("A市公积金", "爱市容爱环境"))
    assert titles("A市公", index) == ["A市公积金"]
    assert SHELF.finder.meant("A市停车") == {}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("shenfenzheng", ["身份证"]),
        ("身份z", ["身份证"]),
        ("sfzbb", ["身份证", "补办"]),
        ("gongdizaosheng", ["工地", "噪声"]),
        ("小区tcf", ["小区", "停车费"]),
        ("停车", []),
        ("wxyzq", []),
        ("A区", []),
        ("5栋", []),
        ("", []),
    ],
)
def test_pinyin_is_read_piece_by_piece(typed: str, meant: list[str]) -> None:
    assert [pieces[0] for pieces in SHELF.finder.likeliest(typed)] == meant


def test_words_of_pinyin_among_others_are_read_and_the_others_stay(town: Town) -> None:
    index = KnowledgeIndex(town.store)
    assert index.readings("KTV yingyezhizhao 噪声") == (("KTV",), ("营业",), ("执照",), ("噪声",))
    assert index.readings("营业执照 5栋") == ()


def test_a_title_tells_more_than_a_mention_in_an_answer() -> None:
    assert titles("身份证") == ["身份证丢失怎样补办?", "个体工商户怎样办理营业执照?"]


def test_how_a_question_is_put_does_not_decide() -> None:
    assert titles("怎样补办身份证") == titles("如何补办身份证")
    assert titles("怎么办") == ["工地夜间施工噪声扰民怎么办?"]


def test_a_hit_names_what_it_holds_of_the_query(town: Town) -> None:
    (hit, *_) = KnowledgeIndex(town.store).search("停车收费", today=TODAY)
    assert isinstance(hit, Hit)
    assert set(hit.matched) <= {"停车", "车收", "收费"}
    (hit, *_) = KnowledgeIndex(town.store).search("tingfang", today=TODAY)
    assert hit.matched == ("停放",)
    assert hit.score > 0


ANYTHING = {
    "nothing": ("", False),
    "blanks": (" \u3000\t\n", False),
    "one character": ("停", True),
    "two characters": ("停放", True),
    "a sentence": ("我们小区的机动车停放收费太贵了, 到底由谁来定这个价", True),
    "initials": ("jdctf", True),
    "full pinyin": ("jidongche", True),
    "characters and letters": ("机动c停", True),
    "capitals": ("JIDONGCHE", True),
    "full-width letters": ("ｊｉｄｏｎｇｃｈｅ", True),
    "full-width blanks": ("停放\u3000收费", True),
    "traditional characters": ("機動車停放收費", True),
    "characters that nobody uses": ("龘靐" * 10, False),
    "emoji": ("😀👨\u200d👩\u200d👧", False),
    "emoji beside words": ("😀停放😀", True),
    "punctuation": ("!!!、。?《》--..", False),
    "SQL": ("'; DROP TABLE article; --", None),
    "wildcards": ("% _ * ?", False),
    "FTS operators": ('"停放" AND NOT NEAR(收费, 2) OR title:停* -^', True),
    "a null and half a pair": ("\x00\ud800", False),
    "5,000 characters": ("停车收费的事已经反映过很多次了没有人管" * 263, True),
    "5,000 times one": ("停" * 5000, None),
    "5,000 letters": ("x" * 5000, False),
    "many words": ("a b c d e f g " * 300, None),
    "digits": ("1" * 400, False),
}
"""What is typed, and whether the answer about parking is found by it; None: either."""


@pytest.mark.parametrize("typed", ANYTHING)
def test_whatever_is_typed_gets_an_answer_or_none_at_once(town: Town, typed: str) -> None:
    words, found = ANYTHING[typed]
    index = KnowledgeIndex(town.store)
    index.refresh()
    begun = time.thread_time()
    hits = index.search(words, today=TODAY)
    assert time.thread_time() - begun < 0.2
    if found is not None:
        assert (town.article in {hit.article_id for hit in hits}) is found


@given(st.text(max_size=60))
def test_any_text_is_answered_with_descending_scores(words: str) -> None:
    scores = [score for _, score in SHELF.finder.rank(words, Wanted(), 50)]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


@given(st.sampled_from(sorted(TITLES)), st.data())
def test_any_piece_of_a_title_finds_it(title: str, data: st.DataObject) -> None:
    plain = title.rstrip("?")
    start = data.draw(st.integers(0, len(plain) - 2))
    end = data.draw(st.integers(start + 2, len(plain)))
    assert title in titles(plain[start:end], limit=50)


def test_only_what_is_in_force_today_is_found_unless_everything_is_asked() -> None:
    index = Shelved(
        [
            entry("停车甲", valid_from=date(2026, 11, 20), valid_to=date(2026, 11, 20)),
            entry("停车乙", valid_to=date(2026, 11, 19)),
            entry("停车丙", valid_from=date(2026, 11, 21)),
            entry("停车丁", state=ArticleState.DRAFT),
            entry("停车戊", state=ArticleState.EXPIRED),
        ]
    )
    assert titles("停车", index) == ["停车甲"]
    assert len(titles("停车", index, day=None)) == 5


def test_a_search_is_narrowed_to_a_unit_or_a_topic_with_those_below(town: Town) -> None:
    index = KnowledgeIndex(town.store)
    assert len(titles("办理 停放", index)) == 2
    assert titles("办理 停放", index, unit=town.b) == ["个体工商户怎样办理营业执照?"]
    assert titles("办理 停放", index, topic=town.topics["物业管理"]) == ["住宅小区机动车停放收费如何确定?"]
    assert titles("办理 停放", index, topic=town.licence) == ["个体工商户怎样办理营业执照?"]
    assert titles("办理 停放", index, topic=town.topics["物业管理"], unit=town.b) == []


def test_answers_of_the_preferred_topic_or_one_below_come_first_and_none_is_left_out() -> None:
    above, below, elsewhere = new_id(), new_id(), new_id()
    index = Shelved(
        [
            entry("停车收费向谁反映?", topic_id=elsewhere, topic="市场监管"),
            entry("停车收费标准是多少钱?", topic_id=below, topic="住房/物业"),
            entry("住房补贴怎样申请?", topic_id=above, topic="住房"),
        ]
    )
    assert titles("停车收费", index) == ["停车收费向谁反映?", "停车收费标准是多少钱?"]
    for topics in ({above, below}, {below}):
        preferred = titles("停车收费", index, preferred=frozenset(topics))
        assert preferred == ["停车收费标准是多少钱?", "停车收费向谁反映?"]
    assert titles("停车收费", index, preferred=frozenset([new_id()])) == titles("停车收费", index)


def test_an_answer_that_fits_much_better_stays_before_one_of_the_preferred_topic() -> None:
    topic = new_id()
    index = Shelved([entry("噪声扰民怎么办?"), entry("公园开放时间", "噪声", topic_id=topic, topic="公园")])
    assert titles("噪声扰民", index, preferred=frozenset([topic]))[0] == "噪声扰民怎么办?"


def test_refreshing_reads_what_changed_and_nothing_else(town: Town) -> None:
    index = KnowledgeIndex(town.store)
    assert index.refresh() == 2
    assert index.refresh() == 0
    town.write_article("公共租赁住房怎样申请?", "到住房保障中心申请。")
    with town.store.read() as session:
        assert index.refresh(session) == 1
    for words in ("公共租赁", "gonggongzu", "ggzl"):
        assert titles(words, index) == ["公共租赁住房怎样申请?"]


def test_what_is_published_or_taken_out_of_use_elsewhere_shows_in_the_next_search(town: Town) -> None:
    here = KnowledgeIndex(town.store)
    assert titles("公共租赁", here) == []
    made = town.write_article("公共租赁住房怎样申请?", "到住房保障中心申请。")
    assert titles("公共租赁", here) == ["公共租赁住房怎样申请?"]
    knowledge.expire(town.office, made, "规定已改")
    assert titles("公共租赁", here) == []


def test_an_article_that_was_rewritten_is_found_by_its_new_words_alone(town: Town) -> None:
    index = KnowledgeIndex(town.store)
    assert titles("停放收费", index) == ["住宅小区机动车停放收费如何确定?"]
    question = "露天烧烤扰民向谁反映?"
    rewrite(town, town.article, question=question, answer="城管局。", spelling=spell(question))
    index.refresh()
    assert len(index) == 2
    assert titles("停放", index) == titles("tingfang", index) == []
    assert titles("烧烤", index) == titles("shaokao", index) == [question]


def test_the_words_of_an_article_written_since_count_as_those_of_the_large_index_do() -> None:
    written = [entry("下雪天道路结冰由谁清扫?", "在APP上反映。"), entry("下雪后学校停课吗?"), entry("积雪压断树枝")]
    held = [entry("下雨天道路积水找谁?", "下雨。"), entry("暂停上学"), *(entry(title) for title in TITLES)]
    anew = Shelved([*held, *written])
    beside = Shelved(held)
    beside.finder.change(written, 1)
    beside.entries |= {each.id: each for each in written}
    for words in ("xiaxue", "xx", "xiaxuetian", "jiebing", "app", "下雪", "jx"):
        assert titles(words, beside) == titles(words, anew) != [], words
        assert beside.finder.meant(words) == pytest.approx(anew.finder.meant(words), abs=0.05), words
    for words in ("下雪", "xiaxue", "jixue"):
        assert all(score <= 1.25 for _, score in beside.finder.rank(words, Wanted())), words


def test_an_article_that_was_withdrawn_is_no_longer_found(town: Town) -> None:
    index = KnowledgeIndex(town.store)
    index.refresh()
    rewrite(town, town.article, state=ArticleState.EXPIRED)
    index.refresh()
    assert titles("停放收费", index) == []


def test_an_index_that_was_rewritten_scores_like_one_made_anew(town: Town) -> None:
    index = KnowledgeIndex(town.store)
    index.refresh()
    rewrite(town, town.article, answer="由街道办事处确定停放收费。")
    index.refresh()
    anew = KnowledgeIndex(town.store)
    for words in ("停放收费", "办理", "zzxq", "街道"):
        assert index.search(words, today=TODAY) == anew.search(words, today=TODAY)


def rewrite(town: Town, article_id: UUID, **columns: object) -> None:
    with town.store.write() as session:
        article = session.get(Article, article_id)
        assert article is not None
        for name, value in (columns | {"revision": 100}).items():
            setattr(article, name, value)
        session.commit()


def test_a_matter_that_is_called_by_its_words_is_found_where_the_title_has_them_apart() -> None:
    shelf = Shelved(
        [
            entry("医学证补换发"),
            entry("身份证丢失怎样补办?", "携带户口簿到户籍所在地派出所办理, 二十个工作日领取, 急用的可以申请临时证件"),
            *(entry(f"身份证业务{number}") for number in range(300)),
            *(entry(f"车辆号牌补办{number}") for number in range(300)),
        ]
    )
    assert shelf.titles("身份证补办")[0] == "身份证丢失怎样补办?"


def test_what_pinyin_means_is_painted_where_it_stands(town: Town) -> None:
    index = KnowledgeIndex(town.store)
    (hit, *_) = index.search("zhuzhaixq", today=TODAY)
    spans = index.pieces("zhuzhaixq").spans(hit.title)
    assert [hit.title[begin:end] for begin, end in spans] == ["住宅小区"]


ANSWERS = (
    "突然停水是什么原因?",
    "小区电梯经常停运怎么办?",
    "楼上漏水到我家怎么办?",
    "家里停电在哪里查?",
    "怎样查询工单办理进度?",
)


@pytest.mark.parametrize(
    ("words", "best"),
    [
        ("我家停水", ANSWERS[0]),
        ("我们家停水了怎么办", ANSWERS[0]),
        ("小区停水", ANSWERS[0]),
        ("小区停电", ANSWERS[3]),
        ("小区电梯", ANSWERS[1]),
        ("楼上漏水到我家", ANSWERS[2]),
        ("我家", ANSWERS[2]),
    ],
)
def test_where_it_is_as_it_is_said_of_every_place_is_not_what_is_asked_for(words: str, best: str) -> None:
    assert Shelved(map(entry, ANSWERS)).titles(words)[0] == best


def test_what_was_typed_in_characters_goes_before_what_letters_beside_it_may_mean() -> None:
    index = Shelved(
        map(entry, (*ANSWERS, "健身卡怎样退费?", "公交卡怎样办理?", "居民医保怎样缴费?", "社会保障卡怎样补办?"))
    )
    assert index.titles("停水gdbl")[0] == ANSWERS[0]
    assert index.titles("医保ka")[0] == "居民医保怎样缴费?"


@pytest.mark.parametrize("words", ["wifi", "iphone", "uv", "union"])
def test_words_of_other_languages_are_no_pinyin(words: str) -> None:
    titles = ("安全人体财产", "案件如何提出城市建设", "五福", "威风")
    assert Shelved(map(entry, titles)).titles(words) == []
