import pytest

from extractors.dispatch_agreement import extract_dispatch_agreement
from pipeline.model.document import Extraction
from pipeline.model.kinds import DocumentKind
from tests.extractors.drawn_pages import Drawing, paper

AGENCY = "四川云岚样例人力资源服务有限公司"
HOST = "成都川西样例科技有限责任公司"
TERM = "第二条 本协议期限自2022年9月1日起至2024年8月31日止。"


def read(*pages: list[str]) -> tuple[dict[str, object], Extraction]:
    drawn = []
    for n, lines in enumerate(pages, start=1):
        page = Drawing(width=1190, height=1684)
        for i, line in enumerate(lines):
            page.write(80, 120 + 44 * i, line, size=22)
        drawn.append(page.page(n))
    extraction = extract_dispatch_agreement(paper(DocumentKind.DISPATCH_AGREEMENT, drawn))
    return {f.name: f.value for f in extraction.fields}, extraction


@pytest.mark.parametrize(
    "lines",
    [
        [f"甲方（派遣单位）：{AGENCY}", f"乙方（用工单位）：{HOST}"],
        [f"甲方（用工单位）：{HOST}", f"乙方（劳务派遣单位）：{AGENCY}"],
        [f"派遣单位（甲方）：{AGENCY}", f"用工单位（乙方）：{HOST}"],
        [f"劳务派遣单位：{AGENCY}", f"实际用工单位：{HOST}"],
        [f"甲方：{HOST}", f"乙方：{AGENCY}", "乙方系依法设立的劳务派遣单位，甲方系实际用工单位。"],
        [f"甲方：{AGENCY}", f"乙方：{HOST}", "甲方为劳务派遣单位，乙方为用工单位，双方协商一致。"],
        [f"甲方：{HOST}", f"乙方：{AGENCY}", "本协议所称“派遣单位”是指乙方，“用工单位”是指甲方。"],
        [f"{AGENCY}（以下简称派遣单位）与", f"{HOST}（以下简称用工单位）订立本协议。"],
        [f"甲方（用人单位）：{AGENCY}", f"乙方（用工单位）：{HOST}"],
        [f"甲方：{HOST}", f"乙方：{AGENCY}", "甲方委托乙方向甲方提供劳务派遣服务。"],
        [f"甲方：{AGENCY}", f"乙方：{HOST}", "乙方作为用工单位，根据生产需要使用甲方派遣的员工。"],
        [f"甲方：{HOST}", f"乙方：{AGENCY}", "乙方具有合法的劳务派遣经营许可证。"],
        [f"甲方（派遣方）：{AGENCY}", f"乙方（接收方）：{HOST}"],
        [
            f"{AGENCY}（以下简称“甲方”）与{HOST}",
            "（以下简称“乙方”）就甲方向乙方派遣劳务人员事宜，达成如下协议：",
            "甲方系依法取得许可的劳务派遣单位，乙方系用工单位。",
        ],
    ],
)
def test_roles_by_bracket_label_or_definition(lines: list[str]) -> None:
    fields, _ = read(["劳务派遣协议", *lines, TERM])
    assert (fields["agency"], fields["host"]) == (AGENCY, HOST)
    assert (fields["starts_on"], fields["ends_on"]) == ("2022-09-01", "2024-08-31")


def test_a_term_of_years_from_a_day_on() -> None:
    fields, _ = read(
        [
            "劳务派遣协议",
            f"派遣单位：{AGENCY}",
            f"用工单位：{HOST}",
            "本协议有效期为贰年，自2022年9月1日起。",
        ]
    )
    assert (fields["starts_on"], fields["ends_on"]) == ("2022-09-01", "2024-08-31")


def test_letters_alone_say_nothing() -> None:
    fields, extraction = read(["劳务派遣协议", f"甲方：{AGENCY}", f"乙方：{HOST}", TERM])
    assert "agency" not in fields
    assert "host" not in fields
    assert {u.name for u in extraction.unreadable} == {"agency", "host"}


def test_one_unit_cannot_be_both() -> None:
    fields, extraction = read(["劳务派遣协议", f"派遣单位：{AGENCY}", f"用工单位：{AGENCY}"])
    assert "agency" not in fields
    assert {u.name for u in extraction.unreadable} == {"agency", "host"}


def test_a_third_party_is_the_worker() -> None:
    fields, _ = read(
        [f"甲方（派遣单位）：{AGENCY}", f"乙方（用工单位）：{HOST}", "丙方（劳动者）：林样例", TERM]
    )
    assert fields["employee"] == "林样例"


def roster(*rows: tuple[str, str, str]) -> str:
    page = Drawing(width=1190, height=1684)
    page.write(80, 60, f"甲方（派遣单位）：{AGENCY}", size=22)
    page.write(80, 110, "附件：派遣人员名单", size=22)
    for y, row in enumerate(
        (("序号", "姓名", "公民身份号码", "派遣岗位"), *(("1", *r) for r in rows))
    ):
        for x, text in zip((100, 300, 600, 950), row, strict=True):
            page.write(x, 180 + 50 * y, text, size=22, centred=True)
    extraction = extract_dispatch_agreement(paper(DocumentKind.DISPATCH_AGREEMENT, [page.page()]))
    return str(next(f.value for f in extraction.fields if f.name == "employee"))


def test_a_roster_names_its_workers() -> None:
    rows = (("林样例", "", "安全工程师"), ("周样例", "", "测评师"))
    assert roster(*rows) == "林样例、周样例"


def test_a_roster_that_masks_the_others_names_one() -> None:
    rows = (
        ("周样例", "51****1990******18", "测评师"),
        ("林样例", "11010519491231002X", "安全工程师"),
        ("吴样例", "51****1991******27", "测评师"),
    )
    assert roster(*rows) == "林样例"


def test_the_number_of_workers_is_no_name() -> None:
    fields, _ = read([f"甲方（派遣单位）：{AGENCY}", "派遣人员数量以乙方书面需求为准。"])
    assert "employee" not in fields


def test_a_clause_under_a_roster_is_no_worker_of_it() -> None:
    page = Drawing(width=1190, height=1684)
    head = [
        "劳务派遣协议",
        f"甲方（派遣单位）：{AGENCY}",
        f"乙方（用工单位）：{HOST}",
        TERM,
        "派遣人员名单：",
    ]
    for i, line in enumerate(head):
        page.write(80, 120 + 44 * i, line, size=22)
    cells = [("序号", "姓名", "身份证号", "岗位"), ("1", "林样例", "11010519491231002X", "运维岗")]
    for i, row in enumerate(cells):
        for x, text in zip((90, 260, 480, 800), row, strict=True):
            page.write(x, 400 + 50 * i, text, size=22, centred=True)
    page.write(80, 505, "五、本协议一式四份。", size=22)
    extraction = extract_dispatch_agreement(paper(DocumentKind.DISPATCH_AGREEMENT, [page.page()]))
    assert {f.name: f.value for f in extraction.fields}["employee"] == "林样例"
