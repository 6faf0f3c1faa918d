"""Labels and values in the layouts papers use, with the noise recognisers bring."""

from collections.abc import Sequence

from extractors.labels import Label, label_page
from tests.extractors.drawn_pages import Drawing

LABELS = (
    Label("name", ("姓名",)),
    Label("gender", ("性别",)),
    Label("school", ("学校名称", "毕业院校"), wraps=True),
    Label("major", ("专业", "专业名称"), wraps=True, strict=True),
    Label("number", ("证书编号",)),
)


def _read(drawing: Drawing, key: str, stops: Sequence[str] = ()) -> str | None:
    values = label_page(drawing.page(), LABELS, stops=stops).values(key)
    return values[0].run.text if values else None


def test_label_and_value_with_colon_on_one_line() -> None:
    page = Drawing()
    page.write(50, 50, "姓名：林样例")
    assert _read(page, "name") == "林样例"


def test_label_spread_into_two_boxes_with_value_in_the_next_cell() -> None:
    page = Drawing()
    for x, text in ((50, "姓"), (110, "名"), (250, "林样例"), (500, "性　别"), (650, "女")):
        page.write(x, 50, text)
    assert _read(page, "name") == "林样例"
    assert _read(page, "gender") == "女"


def test_a_row_read_as_one_line_without_colons() -> None:
    page = Drawing()
    page.write(50, 50, "姓名 林样例 性别 女")
    assert _read(page, "name") == "林样例"
    assert _read(page, "gender") == "女"


def test_a_missing_value_does_not_take_the_next_label() -> None:
    page = Drawing()
    page.write(50, 50, "姓名：")
    page.write(300, 50, "性别：女")
    page.write(50, 90, "证书编号：990101201905001234")
    assert _read(page, "name") is None
    assert _read(page, "gender") == "女"


def test_a_missing_value_does_not_take_the_label_below() -> None:
    page = Drawing()
    page.write(50, 50, "姓名")
    page.write(50, 90, "证件号码")
    page.write(250, 90, "5101**********1234")
    page.write(50, 130, "性别")
    page.write(250, 130, "女")
    assert _read(page, "name", stops=("证件号码",)) is None


def test_values_under_their_labels() -> None:
    page = Drawing()
    for y, label, value in (
        (50, "姓名", "林样例"),
        (150, "性别", "女"),
        (250, "毕业院校", "云岚大学"),
    ):
        page.write(50, y, label)
        page.write(50, y + 36, value)
    assert [_read(page, key) for key in ("name", "gender", "school")] == [
        "林样例",
        "女",
        "云岚大学",
    ]


def test_values_at_the_far_right_of_a_phone_view() -> None:
    page = Drawing(width=1080, height=2400)
    for y, label, value in (
        (100, "姓名", "林样例"),
        (200, "性别", "女"),
        (300, "学校名称", "云岚大学"),
    ):
        page.write(40, y, label, size=36)
        page.write(1000 - 36 * len(value), y, value, size=36)
    assert [_read(page, key) for key in ("name", "gender", "school")] == [
        "林样例",
        "女",
        "云岚大学",
    ]


def test_a_value_over_two_lines_has_two_boxes() -> None:
    page = Drawing()
    page.write(50, 100, "学校名称")
    page.write(250, 100, "云岚样例科技")
    page.write(250, 126, "职业大学")
    page.write(50, 200, "性别")
    page.write(250, 200, "女")
    value = label_page(page.page(), LABELS).values("school")[0]
    assert value.run.text == "云岚样例科技职业大学"
    assert len(value.run.evidence()) == 2


def test_a_row_with_a_label_that_nobody_knows_is_not_the_rest_of_the_value_above() -> None:
    page = Drawing()
    for y, label, value in (
        (50, "学校名称", "样例城市大学"),
        (82, "外文校名", "Sample City University"),
    ):
        page.write(50, y, label)
        page.write(300, y, value)
    assert _read(page, "school") == "样例城市大学"


def test_a_value_goes_on_beside_the_label_of_another_column() -> None:
    page = Drawing()
    page.write(50, 50, "学校名称")
    page.write(300, 50, "样例城市职业技术学院信息工程")
    page.write(300, 82, "与网络安全分院")
    page.write(1200, 82, "性别")
    page.write(1350, 82, "女")
    assert _read(page, "school") == "样例城市职业技术学院信息工程与网络安全分院"


def test_a_label_in_the_middle_of_its_two_value_lines() -> None:
    page = Drawing()
    page.write(50, 113, "学校名称")
    page.write(250, 100, "云岚样例科技")
    page.write(250, 126, "职业大学")
    page.write(50, 200, "性别")
    page.write(250, 200, "女")
    assert _read(page, "school") == "云岚样例科技职业大学"


def test_a_long_label_with_one_misread_character() -> None:
    page = Drawing()
    page.write(50, 50, "证书偏号：990101201905001234")
    values = label_page(page.page(), LABELS).values("number")
    assert values[0].run.text == "990101201905001234"
    assert values[0].certainty < 0.9


def test_a_strict_label_inside_a_word_is_no_label() -> None:
    page = Drawing()
    page.write(50, 50, "专业技术人员申报")
    page.write(50, 90, "在本校信息安全专业学习")
    assert _read(page, "major") is None


def test_bracket_forms_are_one_label() -> None:
    label = (Label("when", ("毕(结)业日期",)),)
    for text in ("毕（结）业日期：2019年6月", "毕(结)业日期:2019年6月", "毕〔结〕业日期 2019年6月"):
        page = Drawing()
        page.write(50, 50, text)
        values = label_page(page.page(), label).values("when")
        assert values[0].run.text == "2019年6月"


def test_a_skewed_row_is_still_a_row() -> None:
    page = Drawing()
    page.write(50, 100, "姓名")
    page.write(250, 105, "林样例")
    page.write(500, 110, "性别")
    page.write(650, 114, "女")
    assert _read(page, "name") == "林样例"
    assert _read(page, "gender") == "女"


def test_an_overprint_is_no_value() -> None:
    page = Drawing()
    page.write(50, 50, "姓名：")
    page.write(200, 50, "样张 SPECIMEN")
    assert _read(page, "name") is None


def test_a_label_broken_over_two_lines_is_one_label() -> None:
    page = Drawing()
    page.write(50, 100, "学校")
    page.write(50, 124, "名称")
    page.write(250, 112, "云岚大学")
    assert _read(page, "school") == "云岚大学"


def test_two_labels_one_under_the_other_stay_two() -> None:
    page = Drawing()
    page.write(50, 100, "学校名称")
    page.write(50, 124, "性别")
    page.write(250, 100, "云岚大学")
    page.write(250, 124, "女")
    assert (_read(page, "school"), _read(page, "gender")) == ("云岚大学", "女")
