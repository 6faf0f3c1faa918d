"""Forms and screenshots of 学信网: eras, phone views, degree reports, certifications."""

from collections.abc import Sequence

from extractors.degree_report import extract_degree_report
from extractors.education_certification import extract_education_certification
from extractors.education_query import extract_education_query
from extractors.education_record import extract_education_record
from extractors.foreign_certification import extract_foreign_certification
from extractors.layout import text_lines
from extractors.registry import extract
from pipeline.model.document import Extraction
from pipeline.model.kinds import DocumentKind
from pipeline.model.reading import Code, LineSource, Segment
from tests.extractors.drawn_pages import Drawing, paper
from tests.extractors.people import DEGREE_NUMBER, DIPLOMA_NUMBER, NAME, SCHOOL

ERA_A = (
    ("姓　　名", NAME), ("性　　别", "男"), ("出生日期", "1996年03月08日"),
    ("入学时间", "2010年09月01日"), ("毕业时间", "2014年06月30日"), ("学历类型", "普通高等教育"),
    ("学历层次", "本科"), ("毕业院校", SCHOOL), ("院校所在地", "四川省"), ("专业名称", "信息安全"),
    ("学习形式", "普通全日制"), ("证书编号", "9901 0120 1405 0012 34"), ("毕结业结论", "毕业"),
)  # fmt: skip


def _values(extraction: Extraction) -> dict[str, str]:
    return {field.name: str(field.value) for field in extraction.fields}


def _column(rows: Sequence[tuple[str, str]], *, size: float = 24, step: float = 50) -> Drawing:
    page = Drawing(width=1200, height=1700)
    for i, (label, value) in enumerate(rows):
        page.write(120, 260 + step * i, label, size=size)
        page.write(420, 260 + step * i, value, size=size)
    return page


def _phone(rows: Sequence[tuple[str, str]]) -> Drawing:
    page = Drawing(width=1080, height=2340)
    for i, (label, value) in enumerate(rows):
        page.write(48, 300 + 90 * i, label, size=36)
        page.write(1030 - 36 * len(value), 300 + 90 * i, value, size=36)
    return page


def test_record_of_era_a_prints_its_validity() -> None:
    page = _column(ERA_A)
    page.write(600, 120, "教育部学历证书电子注册备案表", size=40, centred=True)
    page.write(120, 1000, "在线验证码：1234 5678 9012", size=22)
    page.write(120, 1050, "制表日期：2016-09-06", size=22)
    page.write(600, 1050, "验证期至：2017-03-04", size=22)
    extraction = extract_education_record(paper(DocumentKind.EDUCATION_RECORD, [page.page()]))
    assert _values(extraction) == {
        "name": NAME,
        "gender": "男",
        "birth_date": "1996-03-08",
        "institution": SCHOOL,
        "major": "信息安全",
        "level": "大学本科",
        "education_type": "普通高等教育",
        "study_form": "普通全日制",
        "enrolled_on": "2010-09-01",
        "graduated_on": "2014-06-30",
        "conclusion": "毕业",
        "diploma_number": "990101201405001234",
        "verification_code": "123456789012",
        "updated_on": "2016-09-06",
        "valid_until": "2017-03-04",
    }
    assert "era=A" in extraction.traits


def test_record_of_era_b_in_two_columns_prints_none() -> None:
    page = Drawing(width=1200, height=1700)
    page.write(600, 120, "教育部学历证书电子注册备案表", size=40, centred=True)
    page.write(820, 190, "更新日期：2022年3月26日", size=20)
    grid = (
        ("姓名", NAME, "性别", "男"), ("出生日期", "1996年03月08日", "入学日期", "2015年09月01日"),
        ("毕（结）业日期", "2019年06月30日", "学历类别", "普通高等教育"),
        ("层次", "专升本", "学校名称", SCHOOL), ("学制", "2 年", "专业", "信息安全"),
        ("学习形式", "普通全日制", "毕（结）业", "毕业"),
    )  # fmt: skip
    for i, (a, b, c, d) in enumerate(grid):
        for x, text in ((120, a), (340, b), (640, c), (860, d)):
            page.write(x, 260 + 60 * i, text, size=22)
    page.write(120, 640, "证书编号", size=22)
    page.write(340, 640, DIPLOMA_NUMBER, size=22)
    page.write(120, 760, "在线验证码 A1B2C3D4E5F6G7H8", size=22)
    extraction = extract_education_record(paper(DocumentKind.EDUCATION_RECORD, [page.page()]))
    values = _values(extraction)
    assert values["level"] == "大学本科"
    assert values["institution"] == SCHOOL
    assert values["major"] == "信息安全"
    assert values["updated_on"] == "2022-03-26"
    assert values["verification_code"] == "A1B2C3D4E5F6G7H8"
    assert "valid_until" not in values
    assert "era=B" in extraction.traits


def test_a_name_drawn_as_a_picture_is_not_replaced_by_its_neighbour() -> None:
    page = _column([("姓名", ""), *ERA_A[1:]])
    values = _values(extract_education_record(paper(DocumentKind.EDUCATION_RECORD, [page.page()])))
    assert "name" not in values
    assert values["gender"] == "男"


def test_an_entry_marked_unknown_is_unreadable() -> None:
    rows = [(label, "＊" if label == "专业名称" else value) for label, value in ERA_A]
    extraction = extract_education_record(
        paper(DocumentKind.EDUCATION_RECORD, [_column(rows).page()])
    )
    assert "major" not in _values(extraction)
    assert [u.name for u in extraction.unreadable] == ["major"]


def test_query_on_a_phone() -> None:
    page = _phone(
        (
            ("姓名", NAME), ("性别", "男"), ("出生日期", "1996年03月08日"), ("入学日期", "2015年09月01日"),
            ("毕（结）业日期", "2019年06月30日"), ("学校名称", SCHOOL), ("专业", "信息安全"),
            ("学制", "4年"), ("层次", "本科"), ("学历类别", "普通高等教育"), ("学习形式", "普通全日制"),
            ("毕（结）业", "毕业"), ("证书编号", DIPLOMA_NUMBER), ("校（院）长姓名", "高样"),
        )
    )  # fmt: skip
    values = _values(extract_education_query(paper(DocumentKind.EDUCATION_QUERY, [page.page()])))
    assert values["name"] == NAME
    assert values["major"] == "信息安全"
    assert values["conclusion"] == "毕业"
    assert values["diploma_number"] == DIPLOMA_NUMBER


def test_certification_report_with_an_older_number() -> None:
    rows = [(label, "98012345" if label == "证书编号" else value) for label, value in ERA_A]
    document = paper(DocumentKind.EDUCATION_CERTIFICATION, [_column(rows).page()])
    assert _values(extract_education_certification(document))["diploma_number"] == "98012345"


def test_degree_report() -> None:
    page = _column(
        (
            ("姓名", NAME), ("性别", "男"), ("出生日期", "1996年03月08日"),
            ("获学位日期", "2019年06月17日"), ("学位授予单位", SCHOOL), ("所授学位", "工学学士学位"),
            ("学科/专业", "信息安全"), ("学位证书编号", DEGREE_NUMBER),
            ("在线验证码", "A1B2C3D4E5F6G7H8"), ("更新日期", "2022年12月01日"),
        )
    )  # fmt: skip
    values = _values(extract_degree_report(paper(DocumentKind.DEGREE_REPORT, [page.page()])))
    assert values == {
        "name": NAME,
        "gender": "男",
        "birth_date": "1996-03-08",
        "institution": SCHOOL,
        "major": "信息安全",
        "degree": "学士",
        "degree_awarded_on": "2019-06-17",
        "degree_number": DEGREE_NUMBER,
        "verification_code": "A1B2C3D4E5F6G7H8",
        "updated_on": "2022-12-01",
    }


def test_a_degree_report_with_a_year_alone_has_no_date() -> None:
    page = _column((("姓名", NAME), ("学位层级", "硕士"), ("获学位年份", "2007年")))
    extraction = extract_degree_report(paper(DocumentKind.DEGREE_REPORT, [page.page()]))
    assert "degree_awarded_on" not in _values(extraction)
    assert "awarded_year=2007" in extraction.traits


FOREIGN = (
    f"{NAME}（曾用名林明），男，中国国籍，1996年3月8日生。2019年9月至2020年11",
    "月在英国云岚学院(Yunlan College)学习，于2020年11月获得该校颁发的理",
    "学硕士(Master of Science)学位证书。经查，云岚学院系英国正规高等学校，所",
    "颁发的硕士学位证书表明其具有相应的学历。",
)


def test_foreign_certification_sentence() -> None:
    page = Drawing(width=1200, height=1700)
    page.write(600, 160, "国外学历学位认证书", size=48, centred=True)
    page.write(700, 240, "教留服认英〔2021〕00001号", size=26)
    for i, line in enumerate(FOREIGN):
        page.write(160, 400 + 60 * i, line, size=28)
    extraction = extract_foreign_certification(
        paper(DocumentKind.FOREIGN_CERTIFICATION, [page.page()])
    )
    values = _values(extraction)
    assert values["name"] == NAME
    assert values["birth_date"] == "1996-03-08"
    assert values["country"] == "英国"
    assert values["institution"] == "云岚学院"
    assert values["degree"] == "硕士"
    assert values["degree_awarded_on"] == "2020-11"
    assert values["certification_number"] == "教留服认英〔2021〕00001号"
    assert "former_name=林明" in extraction.traits


def test_foreign_certification_with_labels_and_twelve_digits() -> None:
    page = _column(
        (
            ("姓名", NAME), ("出生日期", "1996年03月08日"), ("国家/地区", "澳大利亚"),
            ("学校名称", "云岚理工大学(Yunlan University)"), ("所获学位", "工程硕士"),
            ("认证书编号", "120210000123"),
        )
    )  # fmt: skip
    values = _values(
        extract_foreign_certification(paper(DocumentKind.FOREIGN_CERTIFICATION, [page.page()]))
    )
    assert values["country"] == "澳大利亚"
    assert values["institution"] == "云岚理工大学"
    assert values["certification_number"] == "120210000123"


def test_kinds_without_fields_give_none() -> None:
    page = _column(ERA_A)
    for kind in (DocumentKind.UNKNOWN, DocumentKind.BLANK, DocumentKind.ENROLMENT_REPORT):
        assert extract(paper(kind, [page.page()])) == Extraction()


def test_number_and_label_broken_over_two_lines_in_narrow_cells() -> None:
    page = Drawing(width=1700, height=2300)
    page.write(120, 300, "毕（结）业日", size=30)
    page.write(120, 334, "期", size=30)
    page.write(420, 317, "2014年06月30日", size=30)
    page.write(900, 317, "学历类别", size=30)
    page.write(1200, 317, "普通高等教育", size=30)
    page.write(120, 420, "学习形式", size=30)
    page.write(420, 420, "普通全日制", size=30)
    page.write(900, 420, "证书编号", size=30)
    page.write(1200, 404, DIPLOMA_NUMBER[:12], size=30)
    page.write(1200, 437, DIPLOMA_NUMBER[12:], size=30)
    page.write(120, 520, "毕(结)业", size=30)
    page.write(420, 520, "毕业", size=30)
    extraction = extract_education_record(paper(DocumentKind.EDUCATION_RECORD, [page.page()]))
    values = _values(extraction)
    assert values["graduated_on"] == "2014-06-30"
    assert values["diploma_number"] == DIPLOMA_NUMBER
    assert values["conclusion"] == "毕业"
    assert values["education_type"] == "普通高等教育"


def test_a_whole_number_does_not_take_in_the_line_below_it() -> None:
    page = Drawing(width=1700, height=2300)
    page.write(120, 420, "证书编号", size=30)
    page.write(420, 420, DIPLOMA_NUMBER, size=30)
    page.write(420, 455, "20230105", size=30)
    extraction = extract_education_record(paper(DocumentKind.EDUCATION_RECORD, [page.page()]))
    assert _values(extraction)["diploma_number"] == DIPLOMA_NUMBER


def _cell(page: Drawing, left: float, top: float, right: float, bottom: float) -> None:
    for x0, y0, x1, y1 in (
        (left, top, right, top), (left, bottom, right, bottom),
        (left, top, left, bottom), (right, top, right, bottom),
    ):  # fmt: skip
        page.rules.append(Segment(x0=x0, y0=y0, x1=x1, y1=y1))


def test_a_long_name_over_two_lines_of_its_cell() -> None:
    page = Drawing(width=1700, height=2300)
    _cell(page, 380, 320, 700, 430)
    page.write(120, 375, "姓名", size=30)
    page.write(400, 359, "古丽米热·阿不都", size=30)
    page.write(400, 391, "热合曼", size=30)
    page.write(900, 375, "性别", size=30)
    page.write(1200, 375, "女", size=30)
    extraction = extract_education_record(paper(DocumentKind.EDUCATION_RECORD, [page.page()]))
    assert _values(extraction)["name"] == "古丽米热·阿不都热合曼"


def test_lines_around_an_empty_name_are_no_name() -> None:
    page = Drawing(width=1700, height=2300)
    page.write(120, 375, "姓名", size=30)
    page.write(400, 355, "学历照片", size=30)
    page.write(400, 395, "样例", size=30)
    extraction = extract_education_record(paper(DocumentKind.EDUCATION_RECORD, [page.page()]))
    assert "name" not in _values(extraction)


def test_two_rows_read_as_one_line_are_unreadable() -> None:
    page = Drawing(width=1700, height=2300)
    page.write(120, 375, "姓名", size=30)
    page.write(400, 375, "嘉米热阿不都", size=42)
    line = page.lines.pop()
    page.lines.append(line.model_copy(update={"rect": (400.0, 325.0, line.rect[2], 425.0)}))
    extraction = extract_education_record(paper(DocumentKind.EDUCATION_RECORD, [page.page()]))
    assert "name" not in _values(extraction)
    assert [missed.name for missed in extraction.unreadable] == ["name"]


def test_a_conclusion_under_its_label() -> None:
    page = Drawing(width=1080, height=2000)
    for i, (label, value) in enumerate(
        (("姓名", NAME), ("学校名称", SCHOOL), ("学历层次", "本科"), ("毕（结）业结论", "毕业"))
    ):
        page.write(70, 300 + 160 * i, label, size=26)
        page.write(70, 350 + 160 * i, value, size=34)
    extraction = extract_education_query(paper(DocumentKind.EDUCATION_QUERY, [page.page()]))
    assert _values(extraction)["conclusion"] == "毕业"


def test_a_name_drawn_as_a_picture_beside_a_label_of_the_text_layer_is_read() -> None:
    page = _column(ERA_A)
    page.lines = [line.model_copy(update={"source": LineSource.TEXT_LAYER}) for line in page.lines]
    i = next(i for i, line in enumerate(page.lines) if line.text == NAME)
    left, top, right, bottom = page.lines[i].rect
    boxed = {"source": LineSource.OCR, "rect": (left - 10, top - 16, right + 20, bottom + 16)}
    page.lines[i] = page.lines[i].model_copy(update=boxed)
    values = _values(extract_education_record(paper(DocumentKind.EDUCATION_RECORD, [page.page()])))
    assert values["name"] == NAME


def test_of_several_records_on_one_screenshot_the_highest_is_read_whole() -> None:
    page = Drawing(width=1080, height=3400)
    page.write(540, 150, "学历查询", size=40, centred=True)
    y = 300
    for level, number, major, year in (
        ("专科", "990101201506001111", "计算机应用技术", "2015"),
        ("硕士研究生", "990101202102002222", "网络空间安全", "2021"),
        ("本科", "990101201805003333", "信息安全", "2018"),
    ):
        for label, value in (
            ("姓名", NAME), ("学校名称", f"{level[0]}云样例大学"), ("层次", level), ("专业", major),
            ("毕（结）业日期", f"{year}年06月30日"), ("证书编号", number),
        ):  # fmt: skip
            page.write(48, y, label, size=36)
            page.write(1030 - 36 * len(value), y, value, size=36)
            y += 90
        y += 60
    extraction = extract_education_query(paper(DocumentKind.EDUCATION_QUERY, [page.page()]))
    found = _values(extraction)
    assert found["level"] == "硕士研究生"
    assert found["diploma_number"] == "990101202102002222"
    assert found["major"] == "网络空间安全"
    assert found["institution"] == "硕云样例大学"
    assert found["graduated_on"] == "2021-06-30"
    assert "records=3" in extraction.traits


def test_what_a_code_was_read_as_is_no_value() -> None:
    page = _column(ERA_A[:3])
    page.write(600, 120, "教育部学历证书电子注册备案表", size=40, centred=True)
    page.write(120, 900, "在线验证码", size=24)
    page.write(800, 900, "1GO", size=24)
    page.write(120, 950, "AB12CD34EF56GH78", size=24)
    drawn = page.page()
    assert (
        _values(extract(paper(DocumentKind.EDUCATION_RECORD, [drawn])))["verification_code"]
        == "AB12CD34EF56GH78"
    )
    box = ((780.0, 860.0), (1000.0, 860.0), (1000.0, 1060.0), (780.0, 1060.0))
    coded = drawn.model_copy(update={"codes": (Code(format="QRCode", payload="x", box=box),)})
    assert all(line.text != "1GO" for line in text_lines(coded))


def test_a_day_of_one_figure_beside_padded_dates_is_doubted() -> None:
    rows = [(label, "2014年06月3日" if label == "毕业时间" else value) for label, value in ERA_A]
    sure = extract_education_record(paper(DocumentKind.EDUCATION_RECORD, [_column(ERA_A).page()]))
    bare = extract_education_record(paper(DocumentKind.EDUCATION_RECORD, [_column(rows).page()]))
    before, after = (
        next(f for f in each.fields if f.name == "graduated_on") for each in (sure, bare)
    )
    assert after.confidence < 0.8 * before.confidence


def test_an_unsure_digit_of_a_number_is_not_borne_out_by_year_and_level() -> None:
    page = _column(ERA_A)
    i = next(i for i, line in enumerate(page.lines) if line.text.startswith("9901 0120"))
    text = page.lines[i].text
    scores = tuple(0.5 if k == len(text) - 1 else 0.99 for k in range(len(text)))
    page.lines[i] = page.lines[i].model_copy(update={"scores": scores})
    made = extract_education_record(paper(DocumentKind.EDUCATION_RECORD, [page.page()]))
    number = next(f for f in made.fields if f.name == "diploma_number")
    assert number.confidence < 0.8


def test_a_wrapped_value_whose_second_line_was_cut_in_two_is_whole() -> None:
    page = _column(ERA_A)
    page.misread(SCHOOL, "云岚样例信息工程")
    i = next(i for i, line in enumerate(page.lines) if line.text == "云岚样例信息工程")
    y = page.lines[i].centre[1]
    page.write(420, y + 28, "职业", size=24)
    page.write(468, y + 28, "技术大学", size=24)
    values = _values(extract_education_record(paper(DocumentKind.EDUCATION_RECORD, [page.page()])))
    assert values["institution"] == "云岚样例信息工程职业技术大学"


def test_values_whose_labels_were_not_read() -> None:
    page = _column(ERA_A)
    for label in ("学历层次", "学习形式", "证书编号", "毕结业结论"):
        page.lose(label)
    values = _values(extract_education_record(paper(DocumentKind.EDUCATION_RECORD, [page.page()])))
    assert values["level"] == "大学本科"
    assert values["study_form"] == "普通全日制"
    assert values["diploma_number"] == "990101201405001234"
    assert values["conclusion"] == "毕业"


def test_a_misread_label_that_begins_like_a_shorter_one_keeps_out_of_the_value() -> None:
    page = _column([("学校名粉" if a == "毕业院校" else a, b) for a, b in ERA_A])
    values = _values(extract_education_record(paper(DocumentKind.EDUCATION_RECORD, [page.page()])))
    assert values["institution"] == SCHOOL


def test_a_letter_that_may_be_a_digit_leaves_a_code_in_doubt() -> None:
    def confidence(code: str) -> float:
        page = _column(ERA_A)
        page.write(120, 1000, f"在线验证码：{code}", size=22)
        made = extract_education_record(paper(DocumentKind.EDUCATION_RECORD, [page.page()]))
        return next(f.confidence for f in made.fields if f.name == "verification_code")

    assert confidence("A1B2C3D4E5F6G7H8") > 0.9
    assert confidence("A1B2C3D4E5F6GOH8") < 0.8
