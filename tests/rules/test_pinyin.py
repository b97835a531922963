"""Names are found as people type them."""

import subprocess
import sys

import pytest

from hotline_tui.rules.pinyin import heard_as, match, spell

XINHE = ("新河街道", "xin he jie dao")
IDENTITY = ("身份证办理", "shen fen zheng ban li")


def test_a_spelling_has_one_syllable_per_character_and_words_decide_heteronyms():
    assert spell("新河街道") == XINHE[1]
    assert spell("重庆路") == "chong qing lu"
    assert spell("银行行长") == "yin hang hang zhang"


def test_letters_and_digits_are_spelled_as_themselves_and_punctuation_is_left_out():
    assert spell("110报警(急)") == "1 1 0 bao jing ji"
    assert match("110", "110报警(急)", spell("110报警(急)")) is not None


@pytest.mark.parametrize(
    "typed", ["新河", "河街", "xhjd", "xh", "xinhe", "xinhejiedao", "xinhej", "xihe", "XHJD", "ｘｈ"]
)
def test_a_unit_is_found_by_characters_initials_full_pinyin_and_beginnings(typed):
    assert match(typed, *XINHE) is not None


@pytest.mark.parametrize("typed", ["身份z", "s份zheng", "sfz", "shenfenzheng", "sfzbl", "证ban"])
def test_characters_and_pinyin_may_be_mixed(typed):
    assert match(typed, *IDENTITY) is not None


@pytest.mark.parametrize("typed", ["河新", "xz", "xinghe", "新x", "zzz", "xinhejiedaoz"])
def test_what_does_not_name_it_does_not_match(typed):
    assert match(typed, *XINHE) is None


def test_full_pinyin_does_not_start_in_the_middle_of_a_syllable():
    assert match("inhe", *XINHE) is None


def test_an_abbreviation_of_a_long_name_is_found_last():
    office = ("住房和城乡建设局", spell("住房和城乡建设局"))
    gaps, part = match("住建局", *office), match("建设局", *office)
    assert gaps is not None
    assert part is not None
    assert gaps < part
    assert match("zjj", *office) is not None


def test_the_better_name_scores_higher():
    scores = [
        match("新河", "新河", "xin he"),
        match("新河", *XINHE),
        match("新河", "城南新河社区", "cheng nan xin he she qu"),
        match("xh", *XINHE),
        match("xh", "城南新河社区", "cheng nan xin he she qu"),
    ]
    found = [score for score in scores if score is not None]
    assert found == scores
    assert found == sorted(found, reverse=True)


def test_an_empty_query_matches_everything_alike():
    assert match("  ", *XINHE) == 0


def test_without_a_stored_spelling_characters_still_find_it():
    assert match("河街", "新河街道", "") is not None
    assert match("xh", "新河街道", "") is None


def test_a_very_long_query_is_answered_at_once():
    assert match("x" * 100_000, *XINHE) is None


def test_matching_does_not_load_the_dictionary():
    code = "import sys; from hotline_tui.rules import pinyin; pinyin.match('xh', '新河', 'xin he')"
    code += "; print('pypinyin' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_commerce_is_administered_not_banked() -> None:
    assert spell("工商行政管理分局") == "gong shang xing zheng guan li fen ju"


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("senfenzeng", "身份证"),
        ("shengfeng", "身份证"),
        ("lanshan", "南山街道"),
        ("langsan", "南山街道"),
        ("xinghe", "新河街道"),
        ("cengguan", "城管局"),
        ("senf", "身份证"),
    ],
)
def test_where_the_setting_says_so_the_usual_pairs_are_taken_for_one(typed: str, label: str) -> None:
    if typed == "langsan":  # an and ang are told apart
        assert match(typed, label, spell(label), loosely=True) is None
        return
    assert match(typed, label, spell(label), loosely=True) is not None
    assert match(typed, label, spell(label)) is None


@pytest.mark.parametrize("syllable", ["shen", "zheng", "ning", "lin", "an", "e", "zi", "cheng"])
def test_a_syllable_is_heard_as_itself_first_and_each_way_hears_the_others(syllable: str) -> None:
    ways = heard_as(syllable)
    assert ways[0] == syllable
    assert len(set(ways)) == len(ways)
    for other in ways:
        assert set(heard_as(other)) == set(ways)


def test_an_exact_spelling_is_found_loosely_too() -> None:
    assert match("shenfenzheng", "身份证", spell("身份证"), loosely=True) == match(
        "shenfenzheng", "身份证", spell("身份证")
    )


@pytest.mark.parametrize("typed", ["sfzbb", "shenfzbb", "sfzbuban", "身份证bb", "身份zbb", "sfzdsbb"])
def test_several_words_may_be_typed_in_one(typed: str) -> None:
    label = "身份证丢失补办"
    assert match(typed, label, spell(label)) is not None


def test_fewer_gaps_score_higher() -> None:
    two, three = "身份证丢失补办", "身份确认证明丢失补办"
    scores = [match("sfzbb", label, spell(label)) for label in (two, three)]
    assert None not in scores
    assert scores == sorted(scores, key=lambda score: -(score or 0))
    assert scores[0] != scores[1]


def test_scattered_letters_come_after_any_run_of_them() -> None:
    run, scattered = "收费站管理", "社区服务站"
    together, apart = match("sfz", run, spell(run)), match("sfz", scattered, spell(scattered))
    assert together is not None
    assert apart is not None
    assert together > apart


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("重庆路", "chong qing lu"), ("重要", "zhong yao"), ("重复", "chong fu"), ("银行", "yin hang"),
        ("行政审批局", "xing zheng shen pi ju"), ("长沙", "chang sha"), ("长宁区", "chang ning qu"),
        ("市长", "shi zhang"), ("增长", "zeng zhang"), ("调查", "diao cha"), ("调解", "tiao jie"),
        ("朝阳", "chao yang"), ("供给", "gong ji"), ("还款", "huan kuan"), ("没收", "mo shou"), ("参加", "can jia"),
        ("人参", "ren shen"), ("会计", "kuai ji"), ("音乐", "yin yue"), ("厦门", "xia men"), ("单县", "shan xian"),
        ("单位", "dan wei"), ("六安", "lu an"), ("台州", "tai zhou"), ("支行", "zhi hang"),
        ("还建房", "huan jian fang"), ("车行道", "che xing dao"), ("还是", "hai shi"),
        ("提防", "di fang"), ("下载", "xia zai"),
    ],
)  # fmt: skip
def test_heteronyms_are_right_in_common_words(text: str, spelling: str) -> None:
    assert spell(text) == spelling


def test_each_line_is_spelled_by_itself() -> None:
    assert spell("身份证\n补办") == "shen fen zheng\nbu ban"
