"""Names, units, schools, majors and numbers as a clerk would compare them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validators.matching import (
    Likeness,
    compare_id_numbers,
    compare_institutions,
    compare_majors,
    compare_names,
    compare_numbers,
    compare_units,
    major_tier,
)
from validators.matching.units import parse_unit

S, A, D, L, X = (
    Likeness.SAME,
    Likeness.ALIAS,
    Likeness.DOUBTFUL,
    Likeness.LOOKALIKE,
    Likeness.DIFFERENT,
)


@pytest.mark.parametrize(
    ("declared", "observed", "likeness"),
    [
        ("张三", "张 三", S),
        ("阿依·古丽", "阿依・古丽", S),
        ("阿依·古丽", "阿依.古丽", S),
        ("阿依·古丽", "阿依古丽", A),
        ("张㛃", "张洁", D),
        ("张㛃", "张*", D),
        ("张㛃", "张＊", D),
        ("张㛃", "张", D),
        ("𠮷田", "吉田", D),
        ("李\ue123", "李昊", D),
        ("张三", "張三", D),
        ("李末", "李未", D),
        ("李清源", "身份证号", D),
        ("李清源", "王清源", X),
        ("李清源", "李清", X),
        ("李清源", "陈望舒", X),
        ("Anna Li", "ANNA LI", S),
    ],
)
def test_names(declared: str, observed: str, likeness: Likeness) -> None:
    verdict = compare_names(declared, observed)
    assert verdict.likeness is likeness, verdict
    assert verdict.reason


def test_former_names() -> None:
    assert compare_names("李清源", "李小溪", ["李小溪"]).likeness is D
    assert compare_names("李清源", "李小溪").likeness is X


UNIT = "四川砺盾网络安全技术有限公司"


@pytest.mark.parametrize(
    ("declared", "observed", "likeness"),
    [
        ("成都甲（西南）科技有限公司", "成都甲(西南)科技有限公司", S),
        ("成都砺盾科技有限公司", "砺盾科技（成都）有限公司", A),
        ("成都砺盾科技有限公司", "成都市砺盾科技有限公司", A),
        ("四川成都砺盾科技有限公司", "成都砺盾科技有限公司", A),
        ("成都砺盾科技有限公司", "成都砺盾科技有限责任公司", A),
        ("成都砺盾科技股份公司", "成都砺盾科技股份有限公司", A),
        ("成都砺盾科技有限公司", "成都砺盾科技有限公司（91510100MA6C0A1B2C）", S),
        ("成都砺盾科技有限公司", "成都砺盾科技有限公司（二）", S),
        ("成都砺盾科技有限公司", "砺盾科技有限公司", D),
        ("成都砺盾科技有限公司", "成都砺盾科技股份有限公司", D),
        (UNIT, UNIT + "成都分公司", D),
        (UNIT + "成都分公司", UNIT + "绵阳分公司", D),
        (UNIT + "成都分公司", UNIT + "成都分公司", S),
        (UNIT, "四川青梧信息有限公司成都分公司", X),
        ("砺盾人寿保险有限公司", "砺盾人寿保险有限公司广元支公司", D),
        (UNIT, "四川砺盾信息技术有限公司", D),
        (UNIT, "四川砺盾", D),
        (UNIT, "砺盾网安", D),
        (UNIT, "四川砺盾网络安全技", D),
        (UNIT, "四州砺盾网络安全技术有限公司", L),
        ("四川砺盾集团有限公司", "四川砺盾集团信息技术有限公司", X),
        (UNIT, "北京砺盾网络安全技术有限公司", X),
        (UNIT, "四川青梧网络安全技术有限公司", X),
        (UNIT, "", D),
        ("蜀川市网络安全中心", "蜀川市信息中心", X),
        ("蜀川理工大学", "蜀川理工大学", S),
    ],
)
def test_units(declared: str, observed: str, likeness: Likeness) -> None:
    verdict = compare_units(declared, observed)
    assert verdict.likeness is likeness, verdict
    assert compare_units(observed, declared).likeness is likeness or not observed
    assert verdict.reason


def test_parts_of_a_unit() -> None:
    unit = parse_unit("四川省成都市砺盾网络安全技术（绵阳）有限责任公司德阳分公司")
    assert unit.branch == "德阳分公司"
    assert unit.places == {"四川", "成都", "绵阳"}
    assert (unit.core, unit.form, unit.own_name) == ("砺盾网络安全技术", "有限责任公司", "砺盾")


@pytest.mark.parametrize(
    ("declared", "observed", "likeness"),
    [
        ("蜀川理工大学", "蜀川理工大学", S),
        ("蜀川理工大学", "蜀川理工大学（江南校区）", A),
        ("星港大学", "星港大学(Xinggang University)", A),
        ("蜀川理工大学", "蜀川理工大学研究生院", A),
        ("蜀川大学", "蜀川大學", A),
        ("蜀川理工大学", "蜀川理工大学（远山）", D),
        ("蜀川理工大学", "蜀川理工大学锦江学院", D),
        ("蜀川理工学院", "蜀川理工大学", D),
        ("蜀川理工大学", "蜀川理工", D),
        ("蜀川理工大学", "蜀州理工大学", L),
        ("蜀川理工大学", "蜀川财经大学", X),
    ],
)
def test_schools(declared: str, observed: str, likeness: Likeness) -> None:
    renamed = [("蜀川理工学院", "蜀川理工大学")]
    verdict = compare_institutions(declared, observed, renamed)
    assert verdict.likeness is likeness, verdict


@pytest.mark.parametrize(
    ("declared", "observed", "likeness"),
    [
        ("信息安全", "信息安全", S),
        ("信息安全", "信息安全专业", A),
        ("信息安全", "080904K信息安全", A),
        ("软件工程", "软件工程（网络安全方向）", A),
        ("计算机科学与技术", "计算机科学", D),
        ("土木工程", "士木工程", L),
        ("信息安全", "市场营销", X),
    ],
)
def test_majors(declared: str, observed: str, likeness: Likeness) -> None:
    assert compare_majors(declared, observed).likeness is likeness


def test_tiers_of_majors() -> None:
    near, close = ["信息安全", "网络安全"], ["软件工程"]
    assert major_tier("信息安全专业", near, close) == "相符"
    assert major_tier("软件工程（网络安全方向）", near, close) == "相符"
    assert major_tier("软件工程（游戏方向）", near, close) == "相近"
    assert major_tier("市场营销", near, close) == "其他"


@pytest.mark.parametrize(
    ("declared", "observed", "likeness"),
    [
        ("992011201905000123", "9920 1120 1905 0001 23", S),
        ("C9920142019000456", "c9920142019000456", S),
        ("992011201905000123", "992011201905000128", L),
        ("992011201905000123", "99201120190500012", L),
        ("992011201905000123", "992011201905000456", X),
        ("992011201905000123", "9920112019", X),
        ("51010219960308002X", "5101021996****002X", A),
        ("51010219960308002X", "510102********102X", X),
        ("51010219960308002X", "************", X),
    ],
)
def test_numbers(declared: str, observed: str, likeness: Likeness) -> None:
    verdict = compare_numbers(declared, observed)
    assert verdict.likeness is likeness, verdict


def test_a_first_generation_number_is_the_long_one() -> None:
    assert compare_id_numbers("510104199003071237", "510104900307123").agrees


NAMES = st.text(alphabet="李王陈清源望舒㛃·•* 未末洁玉兰", min_size=1, max_size=6)


@given(NAMES, NAMES)
def test_comparing_names_never_fails_and_does_not_depend_on_the_side(one: str, other: str) -> None:
    forth, back = compare_names(one, other), compare_names(other, one)
    if "*" not in one + other and one.strip(" ·•") and other.strip(" ·•"):
        assert forth.agrees == back.agrees
    assert compare_names(one, one).agrees


UNITS = st.builds(
    "".join,
    st.lists(
        st.sampled_from(
            ["四川", "成都", "北京", "（成都）", "砺盾", "青梧", "网络安全", "科技", "集团", "有限公司", "股份有限公司",
             "有限责任公司", "分公司", "绵阳分公司", "（一）", "大学"]
        ),
        min_size=1,
        max_size=6,
    ),
)  # fmt: skip


@given(UNITS, UNITS)
def test_comparing_units_never_fails_and_does_not_depend_on_the_side(one: str, other: str) -> None:
    assert compare_units(one, other).likeness is compare_units(other, one).likeness
    assert compare_units(one, one).likeness is S
