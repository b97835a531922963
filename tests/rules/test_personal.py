"""Art. 14, R-14: what must not be public is found however it is written, and what may be is left alone."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_tui.rules.personal import Hit, Known, Personal, counted, find, standing, told, uncleared

pytestmark = pytest.mark.requirement("R-14")

WANG = Known("王小明", "13900002211", "克拉玛依市宏达商贸有限公司", "友谊路街道锦绣花园3栋2单元501")
GAPS = st.sampled_from(
    ["", "", " ", "-", "  ", "\u3000", ".", " - ", "、", "—", "·", "\u200b", "\n", "，", "/", "~", "：", "+", "；"]
)
UNSEEN = ["\u200b", "\u200d", "\u2060", "\u00ad", "\ufeff"]
HOURS = re.compile(r"(?<![\d:：])\d{1,2}[:：][0-5]\d(?![\d:：])")
AROUND = st.sampled_from([("", ""), ("请联系李四", "核实。"), ("电话:", ","), ("第2次致电 ", " 未接"), ("(", ")")])
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
SAID = str.maketrans("0123456789", "零幺二三四五六七八九")
DIGITS = st.text("0123456789", min_size=0, max_size=20)


def kinds(text: str, *callers: Known) -> set[Personal]:
    return {hit.kind for hit in find(text, callers)}


def spread(draw: st.DrawFn, number: str) -> str:
    """The number with its digits set apart."""
    return "".join(digit + draw(GAPS) for digit in number[:-1]) + number[-1]


@st.composite
def mobiles(draw: st.DrawFn) -> str:
    return "1" + draw(st.sampled_from("3456789")) + draw(st.text("0123456789", min_size=9, max_size=9))


@st.composite
def id_cards(draw: st.DrawFn) -> str:
    day = draw(st.dates(min_value=date(1920, 1, 1)))
    day = day.replace(year=1920 + day.year % 100, day=min(day.day, 28))
    first = draw(st.sampled_from(["650203", "110101", "440305", "820000"])) + f"{day:%Y%m%d}"
    first += f"{draw(st.integers(0, 999)):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(first, weights, strict=True)) % 11
    return first + "10X98765432"[rest]


@st.composite
def bank_cards(draw: st.DrawFn) -> str:
    many = draw(st.integers(16, 19))
    body = draw(st.sampled_from(["62", "4", "5", "95"])) + draw(st.text("0123456789", min_size=20, max_size=20))
    body = body[: many - 1]
    total = sum(
        int(digit) if place % 2 else sum(divmod(2 * int(digit), 10)) for place, digit in enumerate(reversed(body))
    )
    return body + str(-total % 10)


@given(st.data(), mobiles(), AROUND)
def test_a_mobile_number_is_found_however_its_digits_are_set_apart(data, number: str, around: tuple[str, str]) -> None:
    before, behind = around
    for text in (data.draw(st.builds(lambda: spread(data.draw, number))), number.translate(WIDE)):
        groups = [int(each) for each in re.findall(r"\d+", text)]
        if len(groups) > 4 and groups == sorted(set(groups)) and groups[-1] < 100:
            continue  # 1, 3, 5, 7 ...: a list
        if HOURS.search(text):
            continue  # 13:30-18:30
        found = find(f"{before}{text}{behind}")
        assert any(hit.start <= len(before) and hit.end >= len(before) + len(text) for hit in found), text


@given(
    st.lists(mobiles(), min_size=1, max_size=3),
    st.one_of(
        st.tuples(st.text("0123456789", max_size=4), st.just("")),
        st.tuples(st.just(""), st.text("0123456789", max_size=4)),
        st.tuples(st.sampled_from(["", "0012", "20261120"]), st.sampled_from(["2026年", "2026-11-20", "2026.11.20"])),
        st.tuples(st.just("20261120"), st.just("")),
    ),
)
def test_a_mobile_number_is_found_where_it_touches_other_digits(numbers: list[str], around: tuple[str, str]) -> None:
    before, behind = around
    run = f"{before}{''.join(numbers)}"
    found = find(f"联系{run}{behind}, 已办结")
    start, end = len("联系") + len(before), len("联系") + len(run)
    covered = {place for hit in found for place in range(hit.start, hit.end)}
    assert covered >= set(range(start, end)), found


@given(st.data(), id_cards(), DIGITS, DIGITS)
def test_an_id_card_number_is_found_in_any_run_of_digits(data, number: str, before: str, behind: str) -> None:
    text = f"{before}{number}{behind}"
    assert any(hit.start <= len(before) and hit.end >= len(before) + len(number) for hit in find(text)), text


@given(st.data(), st.sampled_from(["王小明", "阿依古丽"]))
def test_a_callers_name_is_found_however_its_characters_are_set_apart(data, name: str) -> None:
    between = st.lists(st.sampled_from([*UNSEEN, " ", "、", ".", "/", "·", "-", "~", ":"]), max_size=3).map("".join)
    text = "".join(sign + data.draw(between) for sign in name[:-1]) + name[-1]
    assert kinds(f"经核实{text}所反映的", Known(name)) == {Personal.CALLER}


@given(mobiles())
def test_a_mobile_number_is_found_when_it_is_dictated(number: str) -> None:
    said = number.translate(SAID)
    for text in (said, f"联系李四{said}核实", f"{number[:5]}{said[5:]}"):
        assert Personal.PHONE in kinds(text), text


@given(st.data(), id_cards())
def test_an_id_card_number_is_found_however_its_digits_are_set_apart(data, number: str) -> None:
    for text in (spread(data.draw, number), number.translate(WIDE), number.lower()):
        assert Personal.ID_CARD in kinds(f"身份证{text}。"), text


@given(st.data(), bank_cards())
def test_a_bank_card_number_is_found_however_its_digits_are_set_apart(data, number: str) -> None:
    assert find(f"卡号{spread(data.draw, number)}, 已退费")
    assert {Personal.BANK_CARD, Personal.ID_CARD} & kinds(f"退至{number}的账户")


@given(st.text(), DIGITS, st.text())
def test_places_lie_in_the_text_in_order_and_apart(before: str, digits: str, behind: str) -> None:
    text = f"{before}{digits}王小明{behind}"
    hits = find(text, (WANG,))
    assert any(hit.kind is Personal.CALLER for hit in hits)
    places = [place for hit in hits for place in (hit.start, hit.end)]
    assert places == sorted(places)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("请拨打0990-6234567咨询", Personal.PHONE),
        ("0990 623 4567", Personal.PHONE),
        ("(010)62345678", Personal.PHONE),
        ("咨询电话: 6234567", Personal.PHONE),
        ("+86 139 0000 2211", Personal.PHONE),
        ("8613900002211", Personal.PHONE),
        ("联系电话１３９－００００－２２１１", Personal.PHONE),
        ("①③⑨⑥⑥⑥⑥②②①①", Personal.PHONE),
        ("2026-11-20 13900002211", Personal.PHONE),
        ("13912341234 13812345678", Personal.PHONE),
        ("1391234123413812345678", Personal.PHONE),
        ("工号001213812345678", Personal.PHONE),
        ("工号0012138-1234-5678", Personal.PHONE),
        ("联系人138123456782026年11月20日", Personal.PHONE),
        ("138 1234 56782026-11-20", Personal.PHONE),
        ("0990-84612345 2026年", Personal.PHONE),
        ("0990-846123452026年5月30日", Personal.PHONE),
        ("0990-846123450990-84612346", Personal.PHONE),
        ("电话7138123456780000999911112222", Personal.PHONE),
        ("1~3~8~1234+5678", Personal.PHONE),
        ("138:1234:5678", Personal.PHONE),
        ("138；1234；5678", Personal.PHONE),
        ("1\u200d38\u206012\u00ad345\ufeff678", Personal.PHONE),
        ("650203800115123", Personal.ID_CARD),
        ("身份证号110105194912310021", Personal.ID_CARD),
        ("身份证: 110105 19491231 0021", Personal.ID_CARD),
        ("卡号6222021234567890123", Personal.BANK_CARD),
        ("银行卡(尾号除外)6222 0212 3456 7890", Personal.BANK_CARD),
        ("11010519491231002X", Personal.ID_CARD),
        ("110105194912310021", Personal.ID_CARD),
        ("卡号 4111 1111 1111 1111", Personal.BANK_CARD),
        ("账号: 1234567890123", Personal.BANK_CARD),
        ("银行账号: 1234567890123", Personal.BANK_CARD),
        ("建行账号34001450108052501234", Personal.BANK_CARD),
        ("收款账户3400 1450 1080 5250 1234", Personal.BANK_CARD),
        ("帐  号：３４００－１４５０－１０８０－５２５０－１２３４", Personal.BANK_CARD),
        ("账号:\n1234567890", Personal.BANK_CARD),
        ("存折号 12345678901234", Personal.BANK_CARD),
        ("农行:6222031234567890128", Personal.BANK_CARD),
        ("邮储(张三)6222031234567890128万某", Personal.BANK_CARD),
        ("信用社6222 0312 3456 7890 128", Personal.BANK_CARD),
        ("开户行:农业银行淮南分行 34001450108052501234", Personal.BANK_CARD),
        ("车辆新J12345已挪", Personal.PLATE),
        ("车牌新J·D12345", Personal.PLATE),
        ("京a 88 888", Personal.PLATE),
        ("新Ｊ１２３４Ａ", Personal.PLATE),
        ("粤Z1234港", Personal.PLATE),
        ("皖A·ABCDE", Personal.PLATE),
        ("皖A12340 1", Personal.PLATE),
        ("皖 A 1 2 3 4 0 1", Personal.PLATE),
        ("WJ皖12345", Personal.PLATE),
        ("ＷＪ 皖·1234Ｘ", Personal.PLATE),
        ("WJ皖1234警", Personal.PLATE),
        ("WJ12345", Personal.PLATE),
        ("WJ01-12345", Personal.PLATE),
        ("空A12345", Personal.PLATE),
        ("军A·12345已挪", Personal.PLATE),
        ("军车VA12345", Personal.PLATE),
        ("车牌号为KA1234X", Personal.PLATE),
        ("车牌号为皖AABCDE", Personal.PLATE),
        ("3栋2单元501室漏水", Personal.ROOM),
        ("5号楼302已维修", Personal.ROOM),
        ("５号楼３０２室", Personal.ROOM),
        ("三栋二单元五零一室", Personal.ROOM),
        ("A座1203", Personal.ROOM),
        ("2单元501", Personal.ROOM),
        ("锦绣花园3-2-501的暖气", Personal.ROOM),
        ("锦绣花园12-1203", Personal.ROOM),
        ("经查, 501室私搭", Personal.ROOM),
        ("经查, 5 0 1室私搭", Personal.ROOM),
        ("经查, ５\u200d０\u2060１ 室私搭", Personal.ROOM),
        ("3栋501户主", Personal.ROOM),
        ("6#楼1单元102", Personal.ROOM),
        ("12号楼3门601", Personal.ROOM),
        ("1号院3号楼4门502", Personal.ROOM),
        ("3号楼4号门502", Personal.ROOM),
        ("三号楼二门六〇一", Personal.ROOM),
        ("友谊路12号3门601", Personal.ROOM),
        ("锦绣里3门601", Personal.ROOM),
        ("3号楼一单元6楼东户", Personal.ROOM),
        ("3号楼4门6层西边户", Personal.ROOM),
        ("经查, 6楼中户私搭", Personal.ROOM),
        ("顶楼的西户", Personal.ROOM),
        ("东楼502", Personal.ROOM),
        ("西楼1203室", Personal.ROOM),
        ("西楼502户主", Personal.ROOM),
        ("友谊路12号501", Personal.ROOM),
        ("来电人家住友谊路12号", Personal.ROOM),
        ("门牌号12", Personal.ROOM),
        ("二组15号", Personal.ROOM),
        ("邮箱 wang.xm @ example.com.cn", Personal.EMAIL),
        ("Wang＠example.com", Personal.EMAIL),
    ],
)
def test_each_kind_is_found(text: str, kind: Personal) -> None:
    assert kinds(text) == {kind}


@pytest.mark.parametrize(
    "text",
    [
        "请拨打12345或12315、12329、95598、110咨询",
        "请拨打客服热线400-123-4567",
        "依据《民法典》第一千一百六十五条、第二百零一条",
        "依据国发〔2023〕13号、新政办发〔2024〕105号文件",
        "GB 50180-2018 第4.0.2条",
        "自2026年11月20日起至2026-12-31止",
        "2026-11-20 09:12至2026.11.27 18:00",
        "2026-01-05 100000元已退",
        "二〇二六年十一月二十日",
        "共退还车主1,390元, 合计13,900,002,212元",
        "面积139.85平方米, 单价0.65元",
        "1、3、5、7、9、11、13、15号楼已通暖",
        "工单C01-20261120-0031已办结",
        "工单C01-20261130-0001, 2026年已办结",
        "工单C01-20261120-0001、C01-20261130-0002",
        "每日9:30-13:30、15:30-19:30, 400-123-4567",
        "时间为13:30-18:30;400元",
        "施工至2026-11-30~2026-12-31",
        "投资150000000000元, 138123456782.55元",
        "详见http://www.gov.cn/art/2026/138123456782026.html",
        "流水号20261120091200",
        "新ASSETS, 新A区A座",
        "7栋2单元电梯已修复",
        "5号楼居民反映的路灯已更换",
        "3号楼12户居民、2号楼20户",
        "3栋25层高楼, 1栋30部电梯",
        "小区共12栋, 48个单元",
        "一座100年的桥",
        "三室两厅, 室内温度18度",
        "高新A区, 新A股股东",
        "安排3人于15时到场, 2号窗口办理",
        "王先生, 您好! 您反映的锦绣花园停车收费问题收悉",
        "友谊路8号2026年完成改造",
        "统一社会信用代码91650200MA775XXXXX",
        "许可证编号20261120000012345",
        "经查, 3-501",
        "财政账户、账号密码, 开户账号栏填写完整",
        "账户余额138000000000元, 账户1,234,567,890元",
        "账户已于2026-11-20 12:00冻结, 2026年解冻",
        "账户2026-11-20-2026-12-31冻结",
        "账户查询400-123-4567, 账户流水号20261120091200",
        "账号C01-20261120-0031",
        "农行利率, 银行网点9:00-17:00, 2026-11-20至2026-12-31",
        "第3门诊、2号门、三号门旁、12门课",
        "3号楼2门24小时开放, 5号院东门110千伏",
        "小区南3门1203路公交站",
        "3号楼东户型, 6层南户型, 12层北户均面积",
        "东楼50人, 西楼120个车位, 东楼120户居民",
        "东楼2026年建成, 东楼502办公室, 南楼120床",
        "东楼三层, 西楼12",
        "完成A12345",
        "WJ-2024-0011, WJ2024001号, AB12345",
        "3+1=4",
        "",
    ],
)
def test_what_may_be_public_is_left_alone(text: str) -> None:
    assert find(text, (WANG,)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "王小明, 您好",
        "王 小 明同志",
        "回电139-0000-2211",
        "回电幺三九零零零零二二幺幺",
        "其工作单位克拉玛依市宏达商贸有限公司",
        "宏达商贸已说明情况",
        "锦绣花园3栋的暖气",
        "锦绣花园三栋",
    ],
)
def test_what_the_caller_told_of_himself_is_found(text: str) -> None:
    assert Personal.CALLER in kinds(text, WANG)


def test_a_surname_with_a_title_is_no_name_and_what_says_nothing_is_not_looked_for() -> None:
    nobody = (
        Known("王先生", "", "无", ""),
        Known("某女士", "12345", "退休", "新"),
        Known("", "", "", ""),
        Known("市民"),
    )
    assert find("王先生、某女士和市民反映, 无退休人员, 新河街道已答复, 详询12345", nobody) == ()


def test_a_number_is_found_with_and_without_its_area_code() -> None:
    told_of = Known(phone="0990-6234567")
    assert kinds("回电62 34567", told_of) == {Personal.CALLER}
    assert kinds("回电0990 6234567", told_of) == {Personal.CALLER}


def test_another_way_of_contact_is_found_as_it_was_told() -> None:
    assert kinds("微信wxid_abc已回", Known(phone="WXID_abc")) == {Personal.CALLER}


def test_the_data_of_every_caller_is_looked_for() -> None:
    assert len(find("王小明和赵大强", (WANG, Known("赵大强")))) == 2


def test_a_place_is_given_in_characters_of_the_text_itself() -> None:
    text = "车主(新Ｊ·１２３４５)电话139 0000 2211。"
    first, second = find(text)
    assert text[first.start : first.end] == "新Ｊ·１２３４５"
    assert second == Hit(text.index("139"), text.index("。"), Personal.PHONE, "139 0000 2211")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("皖A12340 1栋500", ["皖A12340", "1栋500"]),
        ("皖A12340 1号楼3门500", ["皖A12340", "1号楼3门500"]),
        ("皖A12340 1-2-501", ["皖A12340", "1-2-501"]),
        ("收款账户3400 1450 1080 5250 1234, 张三", ["3400 1450 1080 5250 1234"]),
        ("账号1234567890123 2026年11月", ["1234567890123"]),
        ("账号1234567890123,13900002211", ["1234567890123", "13900002211"]),
        ("3号楼一单元6楼东户漏水", ["3号楼一单元6楼东户"]),
        ("12号楼3门6楼601室", ["12号楼3门6楼601室"]),
    ],
)
def test_each_of_several_is_taken_whole_and_apart(text: str, words: list[str]) -> None:
    assert [hit.words for hit in find(text)] == words


@pytest.mark.parametrize(
    ("text", "kind"), [("登录账号13900002211", Personal.PHONE), ("账户查询0990-6234567", Personal.PHONE)]
)
def test_a_telephone_number_after_an_account_is_no_account(text: str, kind: Personal) -> None:
    assert kinds(text) == {kind}


def test_kinds_are_counted_without_what_was_found() -> None:
    hits = find("13900002211, 13900002212, 新J12345")
    assert counted(hits) == {Personal.PHONE: 2, Personal.PLATE: 1}
    assert told(counted(hits)) == "电话号码 2 处, 车牌号 1 处"


def test_a_person_clears_words_and_of_the_same_words_no_more_than_stood_there() -> None:
    once = find("详询0990-6234567")
    cleared = [hit.said for hit in once]
    assert standing(once, cleared) == ()
    assert len(standing(once, ())) == 1
    assert [hit.words for hit in standing(find("0990-6234567或13900002211"), cleared)] == ["13900002211"]
    assert uncleared(find("0990-6234567, 0990-6234567"), cleared) == (False, True)
    assert standing(find("详询0990-6234567", (Known(phone="0990-6234567"),)), cleared)
    assert standing(find("0990-\n6234567"), [hit.said for hit in find("0990-  \n6234567")]) == ()


def test_a_long_text_costs_no_more_than_its_length() -> None:
    assert find("0 " * 20_000 + "户七、" * 5_000 + "a." * 5_000) == ()
    assert find("WJ" * 20_000 + "账户、" * 5_000 + "银行-" * 5_000 + "3号楼二门、" * 5_000 + "东楼 " * 5_000) == ()
