"""Several papers on one scan page, and single papers that must stay whole."""

from collections.abc import Sequence

from extractors.registry import extract
from pipeline.classify import split_material
from pipeline.classify.pieces import pieces_of
from pipeline.facts import build_document
from pipeline.model.document import DocumentReading
from pipeline.model.kinds import DocumentKind as Kind
from pipeline.model.reading import MaterialReading, PageReading
from tests.extractors.drawn_pages import Drawing
from tests.pipeline.test_classify import ACHIEVEMENT, DEGREE, DIPLOMA, ID_BACK, ID_FRONT, TRAINING


def _sheet(*papers: tuple[float, float, Sequence[str]]) -> PageReading:
    """Papers laid on one page, each from its left upper corner."""
    page = Drawing(width=2400, height=3300)
    for x, y, lines in papers:
        for i, line in enumerate(lines):
            page.write(x, y + 60 * i, line, size=24)
    return page.page()


def _documents(page: PageReading) -> tuple[DocumentReading, ...]:
    return split_material(MaterialReading(sha256="0" * 64, pages=(page,)))


def test_a_diploma_above_a_degree_certificate() -> None:
    documents = _documents(_sheet((200, 200, DIPLOMA), (200, 1700, DEGREE)))
    assert [d.kind for d in documents] == [Kind.DIPLOMA, Kind.DEGREE_CERTIFICATE]
    assert [[p.number for p in d.pages] for d in documents] == [[1], [1]]
    numbers = {
        field.value
        for d in documents
        for field in extract(d).fields
        if field.name in ("diploma_number", "degree_number")
    }
    assert numbers == {"990101201905001234", "9901042019000123"}


def test_papers_on_one_page_have_ids_of_their_own() -> None:
    documents = _documents(_sheet((200, 200, DIPLOMA), (200, 1700, DEGREE)))
    ids = {build_document("01.pdf", d, extract(d)).document_id for d in documents}
    assert len(ids) == 2


def test_a_diploma_beside_a_degree_certificate() -> None:
    narrow = [line[i : i + 20] for line in DIPLOMA for i in range(0, len(line), 20)]
    other = [line[i : i + 20] for line in DEGREE for i in range(0, len(line), 20)]
    documents = _documents(_sheet((150, 300, narrow), (1300, 300, other)))
    assert {d.kind for d in documents} == {Kind.DIPLOMA, Kind.DEGREE_CERTIFICATE}


def test_both_sides_of_a_card_above_a_diploma() -> None:
    documents = _documents(_sheet((200, 200, ID_FRONT), (1300, 200, ID_BACK), (200, 1700, DIPLOMA)))
    assert [d.kind for d in documents] == [Kind.ID_CARD, Kind.DIPLOMA]
    assert {f.name for f in extract(documents[0]).fields} >= {"name", "issuer", "valid_to"}


def test_two_diplomas_on_one_page() -> None:
    documents = _documents(_sheet((200, 200, DIPLOMA), (200, 1700, DIPLOMA)))
    assert [d.kind for d in documents] == [Kind.DIPLOMA, Kind.DIPLOMA]


def test_two_proofs_of_achievements_on_one_page() -> None:
    documents = _documents(_sheet((200, 200, TRAINING), (200, 1900, ACHIEVEMENT)))
    titles = [{f.name: f.value for f in extract(d).fields}["title"] for d in documents]
    assert titles == ["培训合格证书", "云岚政务外网等级保护测评项目"]


def test_a_single_paper_stays_whole() -> None:
    for lines in (DIPLOMA, DEGREE, (*ID_FRONT, *ID_BACK)):
        assert len(pieces_of(_sheet((200, 200, lines)))) == 1


def test_an_old_diploma_that_grants_the_degree_as_well_stays_whole() -> None:
    both = [line.replace("准予毕业。", "准予毕业，并授予工学学士学位。") for line in DIPLOMA]
    assert len(pieces_of(_sheet((200, 200, both)))) == 1


QUERY = (
    "高等教育信息 您一共有1个学历", "学历信息_学信档案", "姓名 林样例 性别 男", "出生日期 1996年03月08日 入学日期 2015年09月01日",
    "毕(结)业日期 2019年06月30日 学校名称 云岚样例大学", "专业 信息安全 学历类别 普通高等教育", "学制 4 学习形式 普通全日制",
    "层次 本科 毕(结)业 毕业", "校(院)长姓名 周样例 证书编号 990101201905001234", "录取照片 学历照片",
)  # fmt: skip


def test_a_query_pasted_under_a_card() -> None:
    documents = _documents(_sheet((200, 200, ID_FRONT), (1300, 200, ID_BACK), (200, 1700, QUERY)))
    assert [d.kind for d in documents] == [Kind.ID_CARD, Kind.EDUCATION_QUERY]


def test_two_records_of_one_query_stay_one_paper() -> None:
    documents = _documents(_sheet((200, 200, QUERY), (200, 1700, QUERY)))
    assert [d.kind for d in documents] == [Kind.EDUCATION_QUERY]


def test_the_notes_under_a_record_stay_with_it() -> None:
    notes = (
        "注：备案表是依据《高等学校学生学籍学历电子注册办法》对学历证书电子注册复核备案的结果。",
        "使用“学信网报告在线验证”的微信小程序扫码验证；输入在线验证码进行验证。更新日期：2022年3月26日",
    )
    record = (*QUERY[2:9], "教育部学历证书电子注册备案表")
    documents = _documents(_sheet((200, 200, record), (200, 2200, notes)))
    assert [d.kind for d in documents] == [Kind.EDUCATION_RECORD]
