"""Names of persons, institutions, majors."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.names import (
    is_plausible_name,
    parse_institution,
    parse_major,
    parse_name,
    split_former_name,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("林样例", "林样例"),
        ("林　例", "林例"),
        ("林 例", "林例"),
        ("张㛃•买买提", "张㛃·买买提"),
        ("张㛃・买买提", "张㛃·买买提"),
        ("张㛃．买买提．样例", "张㛃·买买提·样例"),
        ("张㛃。买买提", "张㛃·买买提"),
        ("张㛃 · 买买提", "张㛃·买买提"),
        ("张㛃-买买提", "张㛃·买买提"),
        ("MARY-ANN SAMPLE", "MARY-ANN SAMPLE"),
        ("欧阳一", "欧阳一"),
        ("䶮样", "䶮样"),
        ("𠮷样例", "𠮷样例"),
        ("林〇", "林〇"),
        ("ＬＩＮ　ＹＡＮＧＬＩ", "LIN YANGLI"),
        ("林样例，", "林样例"),
        ("：林样例", "林样例"),
        ("阿卜杜拉·买合木提江·艾则孜", "阿卜杜拉·买合木提江·艾则孜"),
        ("林\ue863", "林\ue863"),
    ],
)
def test_names_of_every_kind(text: str, name: str) -> None:
    assert parse_name(text) == name


@pytest.mark.parametrize(
    "text", ["", "性别", "身份证号", "林*", "＊", "男", "2019年", "林1例", "毕业院校", "a"]
)
def test_what_is_no_name(text: str) -> None:
    assert parse_name(text) is None


_HAN = st.one_of(
    st.integers(0x4E00, 0x9FFF), st.integers(0x3400, 0x4DBF), st.integers(0x20000, 0x2A6DF)
).map(chr)
_PART = st.text(_HAN, min_size=2, max_size=8)


@settings(deadline=None)  # machines of the build are busy
@given(st.lists(_PART, min_size=1, max_size=4), st.sampled_from("·•・．‧∙⋅●"))
def test_every_ideograph_and_dot_is_kept(parts: list[str], dot: str) -> None:
    plain = "·".join(parts)
    labels = ("姓名", "性别", "民族", "出生", "学校", "专业", "单位", "日期")
    if any(label in plain for label in labels):
        return
    read = parse_name(dot.join(parts))
    assert read is None or read == plain
    if not any(word in plain for word in ("男", "女", "证", "学", "毕", "位", "码", "名")):
        assert read == plain


def test_former_name_in_brackets() -> None:
    assert split_former_name("林样例（曾用名林明）") == ("林样例", "林明")
    assert split_former_name("林样例") == ("林样例", None)


def test_institution_keeps_its_brackets() -> None:
    assert parse_institution("云岚样例大学(江北校区)") == "云岚样例大学（江北校区）"
    assert parse_institution("云岚 样例 大学") == "云岚样例大学"


@pytest.mark.parametrize("text", ["大学", "1234567", "校名："])
def test_what_is_no_institution(text: str) -> None:
    assert parse_institution(text) is None


@pytest.mark.parametrize(
    ("text", "major"),
    [
        ("信息安全", "信息安全"),
        ("信息安全专业", "信息安全"),
        ("计算机科学与技术(网络安全方向)", "计算机科学与技术（网络安全方向）"),
        ("会计", "会计"),
        ("080904K信息安全", "信息安全"),
        ("3D打印技术应用", "3D打印技术应用"),
    ],
)
def test_majors(text: str, major: str) -> None:
    assert parse_major(text) == major


def test_a_function_word_is_no_part_of_a_name() -> None:
    assert not is_plausible_name("林电是")
    assert is_plausible_name("林电旻")


@pytest.mark.parametrize("text", ["五、本协议一式四份", "（三）甲方义务", "十一．其他"])
def test_a_numbered_clause_is_no_name(text: str) -> None:
    assert parse_name(text) is None
