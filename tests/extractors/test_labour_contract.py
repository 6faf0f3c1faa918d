import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.choices import choose, find_options
from extractors.contract_terms import KINDS
from extractors.labour_contract import extract_labour_contract
from pipeline.model.document import Extraction
from pipeline.model.kinds import DocumentKind
from tests.extractors.drawn_pages import Drawing, paper

EMPLOYER = "成都川西样例科技有限责任公司"
CODE = "91510100MA6000008F"
FIXED = "1.固定期限：自2022年7月1日起至2025年6月30日止，其中，试用期从用工之日起至2022年9月30日止。"
OPEN = "2.无固定期限：自___年___月___日起至依法解除、终止劳动合同时止。"
TASK = "3.以完成一定工作任务为期限：自___年___月___日起至___工作任务完成时止。"


def contract(
    *term: str, head: tuple[str, ...] | None = None, end: tuple[str, ...] | None = None
) -> Drawing:
    page = Drawing(width=1190, height=1684)
    lines = head or (
        f"甲方（用人单位）：{EMPLOYER}",
        "统一社会信用代码：91510100MA6000001X",
        "法定代表人（主要负责人）或委托代理人：周样例",
        "乙方（劳动者）：林样例",
        "居民身份证号码：510102199203072346",
        "户籍地址：四川省样例市样例路1号",
    )
    lines += ("一、劳动合同期限", *term, "二、工作内容和工作地点")
    lines += ("第二条 乙方工作岗位是网络安全工程师，岗位职责为安全运维。乙方的工作地点为成都市。",)
    lines += ("三、工作时间和休息休假", "甲方安排乙方执行标准工时制度，于2022年8月1日起施行。")
    lines += end or (
        "甲方（盖章）：        乙方（签字）：林样例",
        "2022年6月20日        2022年6月20日",
    )
    page.write(595, 80, "劳动合同（通用）", size=36, centred=True)
    for i, line in enumerate(lines):
        page.write(80, 160 + 44 * i, line, size=22)
    return page


def read(page: Drawing) -> tuple[dict[str, object], Extraction]:
    extraction = extract_labour_contract(paper(DocumentKind.LABOUR_CONTRACT, [page.page()]))
    return {f.name: f.value for f in extraction.fields}, extraction


def test_the_number_in_the_blank_chooses() -> None:
    fields, extraction = read(
        contract("第一条 按下列第 1 种方式确定劳动合同期限：", FIXED, OPEN, TASK)
    )
    assert fields["term_kind"] == "fixed"
    assert (fields["starts_on"], fields["ends_on"]) == ("2022-07-01", "2025-06-30")
    assert fields["employer"] == EMPLOYER
    assert fields["employee"] == "林样例"
    assert fields["position"] == "网络安全工程师"
    assert fields["signed_on"] == "2022-06-20"
    assert "form=劳动合同" in extraction.traits
    assert all(f.evidence for f in extraction.fields)


def test_an_open_ended_term_has_no_end() -> None:
    opened = "2.无固定期限：自2022年7月1日起至依法解除、终止劳动合同时止。"
    fixed = "1.固定期限：自___年___月___日起至___年___月___日止，其中，试用期从用工之日起至___止。"
    fields, _ = read(
        contract("第一条 双方按下列第_二_种方式确定劳动合同期限：", fixed, opened, TASK)
    )
    assert (fields["term_kind"], fields["starts_on"]) == ("open_ended", "2022-07-01")
    assert "ends_on" not in fields


@pytest.mark.parametrize(
    ("boxes", "kind"),
    [("☑□□", "fixed"), ("□√□", "open_ended"), ("□□■", "task"), (" □□", "fixed"), ("□□ ", "task")],
)
def test_a_ticked_box_chooses_and_so_do_empty_ones_all_round(boxes: str, kind: str) -> None:
    fixed, opened, task = FIXED, OPEN.replace("___年___月___日起", "2022年7月1日起", 1), TASK
    lines = [f"{box.strip()}{text}" for box, text in zip(boxes, (fixed, opened, task), strict=True)]
    fields, _ = read(contract("第一条 双方按以下方式确定劳动合同期限：", *lines))
    assert fields["term_kind"] == kind


def test_printed_options_without_a_choice_choose_nothing() -> None:
    blank = (
        FIXED.replace("2022年7月1日", "___")
        .replace("2025年6月30日", "___")
        .replace("2022年9月30日", "___")
    )
    fields, extraction = read(contract("第一条 双方按下列第___种方式确定：", blank, OPEN, TASK))
    assert "term_kind" not in fields
    assert "term_kind" in [u.name for u in extraction.unreadable]


def test_a_number_against_a_tick_chooses_nothing() -> None:
    fields, _ = read(
        contract("按下列第2种方式确定劳动合同期限：", f"☑{FIXED}", f"□{OPEN}", f"□{TASK}")
    )
    assert "term_kind" not in fields


def test_a_free_form_contract_states_its_term() -> None:
    fields, _ = read(
        contract("第一条 合同期限", "本合同期限为三年，自二〇二二年七月一日起至二〇二五年六月三十日止。",
                 head=(f"甲方：{EMPLOYER}", "法定代表人：周样例", "乙方：林样例    性别：女"))
    )  # fmt: skip
    assert (fields["employer"], fields["employee"]) == (EMPLOYER, "林样例")
    assert (fields["term_kind"], fields["starts_on"], fields["ends_on"]) == (
        "fixed",
        "2022-07-01",
        "2025-06-30",
    )


def test_roles_come_from_brackets_not_from_letters() -> None:
    fields, _ = read(
        contract(FIXED, head=("甲方（劳动者）：林样例", f"乙方（用人单位）：{EMPLOYER}"))
    )
    assert (fields["employer"], fields["employee"]) == (EMPLOYER, "林样例")


def test_an_appointment_contract_of_an_institution() -> None:
    page = contract("聘用期限：自2022年7月1日起至2025年6月30日止。",
                    head=("聘用单位（甲方）：成都样例学院", "受聘人员（乙方）：林样例"))  # fmt: skip
    page.misread("劳动合同（通用）", "事业单位聘用合同")
    fields, extraction = read(page)
    assert (fields["employer"], fields["employee"], fields["term_kind"]) == (
        "成都样例学院",
        "林样例",
        "fixed",
    )
    assert "form=聘用合同" in extraction.traits


def test_probation_is_not_the_term() -> None:
    fields, _ = read(contract("合同期限", "试用期自2022年7月1日起至2022年9月30日止。",
                              "合同期限自2022年7月1日起至2025年6月30日止。"))  # fmt: skip
    assert fields["ends_on"] == "2025-06-30"


def test_a_name_that_a_seal_broke_is_not_read() -> None:
    page = Drawing(width=1190, height=1684)
    page.write(80, 200, "甲方（用人单位）：成都川西", size=22)
    page.write(80 + 22 * 15, 200, "有限责任公司", size=22)
    fields, extraction = read(page)
    assert "employer" not in fields
    assert [u.name for u in extraction.unreadable] == ["employer"]


def test_a_hidden_character_of_the_legal_form_is_put_back() -> None:
    page = Drawing(width=1190, height=1684)
    page.write(80, 200, "甲方（用人单位）：成都川西样例科技有限责任", size=22)
    page.write(80 + 22 * 22, 200, "司", size=22)
    fields, extraction = read(page)
    assert fields["employer"] == EMPLOYER
    assert next(f for f in extraction.fields if f.name == "employer").repairs == ("公司名称后缀",)


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("成都川西样例科技有限责任任公司", EMPLOYER),
        ("成都川西样例科技有限资任公司", EMPLOYER),
        ("成都川西样例科技有限任公司", EMPLOYER),
        ("成都川西样例科技股份有公司", "成都川西样例科技股份有限公司"),
        ("成都川西样例科技有限公司", "成都川西样例科技有限公司"),
        ("成都川西样例科技股份有限公司", "成都川西样例科技股份有限公司"),
        ("成都川西样例股份公司", "成都川西样例股份公司"),
        ("成都川西样例控股公司", "成都川西样例控股公司"),
    ],
)
def test_a_worn_legal_form_is_put_right_and_others_are_left(printed: str, meant: str) -> None:
    fields, extraction = read(contract(FIXED, head=(f"甲方（用人单位）：{printed}",)))
    assert fields["employer"] == meant
    repairs = next(f for f in extraction.fields if f.name == "employer").repairs
    assert bool(repairs) == (printed != meant)


@given(
    st.text(
        alphabet="☑□√1234、.固定期限无有以完成一定工作任务为按下列第种方式自年月日2022", max_size=60
    )
)
def test_no_text_breaks_the_choice(text: str) -> None:
    options = find_options(text, KINDS)
    choice = choose(text, options)
    assert choice is None or choice.option in options


def _form(*, code_label: str = "统一社会信用代码") -> Drawing:
    page = Drawing(width=1190, height=1684)
    page.write(595, 80, "劳动合同书", size=36, centred=True)
    rows = (
        ("单位名称", EMPLOYER), (code_label, CODE), ("法定代表人", "周样例"),
        ("姓名", "林样例"), ("身份证号码", "510102199203072346"),
    )  # fmt: skip
    page.write(60, 200, "甲方", size=22)
    page.write(60, 350, "乙方", size=22)
    for i, (name, value) in enumerate(rows):
        page.write(200, 160 + 50 * i, name, size=22)
        page.write(460, 160 + 50 * i, value, size=22)
    page.write(80, 500, "第一条 本合同期限为三年，自2021年4月1日起至2024年3月31日止。", size=22)
    return page


def test_a_form_with_the_party_letters_in_cells_of_their_own() -> None:
    fields, _ = read(_form())
    assert (fields["employer"], fields["employee"]) == (EMPLOYER, "林样例")
    assert fields["employer_uscc"] == CODE


def test_a_code_whose_label_was_misread_is_the_only_one_of_the_contract() -> None:
    fields, _ = read(_form(code_label="码一社会信用代"))
    assert fields["employer_uscc"] == CODE


def test_two_names_in_a_form_are_nobodys() -> None:
    page = _form()
    page.write(200, 450, "姓名", size=22)
    page.write(460, 450, "周样例", size=22)
    assert "employee" not in read(page)[0]


def test_the_class_of_a_post_is_no_part_of_its_name() -> None:
    page = contract("第一条 本合同期限为三年，自2021年4月1日起至2024年3月31日止。")
    page.lose("第二条 乙方工作岗位是网络安全工程师，岗位职责为安全运维。乙方的工作地点为成都市。")
    page.write(80, 1400, "甲方聘用乙方在专业技术（岗位类别）网络安全管理岗位工作。", size=22)
    assert read(page)[0]["position"] == "网络安全管理"


def test_a_signature_under_its_place_is_seen() -> None:
    page = contract(FIXED, end=("甲方（盖章）            乙方（签字）",))
    y = max(line.rect[3] for line in page.lines)
    for i, words in enumerate(("法定代表人（主要负责人）", "或委托代理人（签字或盖章）")):
        page.write(80, y + 30 + 44 * i, words, size=22)
    page.write(360, y + 60, "林样例", size=30)
    _, extraction = read(page)
    assert "signature=present" in extraction.traits


def test_a_place_to_sign_with_only_a_date_under_it_is_blank() -> None:
    page = contract(FIXED, end=("甲方（盖章）            乙方（签字）",))
    y = max(line.rect[3] for line in page.lines)
    page.write(360, y + 60, "2022年6月20日", size=22)
    _, extraction = read(page)
    assert "signature=blank" in extraction.traits


def test_a_day_after_the_last_of_the_contract_is_no_day_of_signing() -> None:
    page = contract(
        FIXED, end=("甲方（盖章）", "日期：2032.06.20", "乙方（签字）：林样例", "日期：2022.06.20")
    )
    assert read(page)[0]["signed_on"] == "2022-06-20"


def test_a_post_with_its_field_in_brackets_keeps_both_brackets() -> None:
    page = contract(
        FIXED,
        head=(
            f"甲方（用人单位）：{EMPLOYER}",
            "乙方（劳动者）：林样例",
            "工作岗位：副研究员（网络安全）",
        ),
    )
    page.lines = [line for line in page.lines if "第二条" not in line.text]
    assert read(page)[0]["position"] == "副研究员（网络安全）"
