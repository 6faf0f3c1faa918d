"""Readings that damage garbled: nothing raises, every value keeps its place, and few become others."""

from random import Random

import pytest

from extractors.calibration import acceptance_for
from extractors.registry import extract
from pipeline.model.kinds import DocumentKind as Kind
from pipeline.model.reading import Line, PageReading
from tests.extractors.drawn_pages import Drawing, paper
from tests.extractors.people import DEGREE_NUMBER, DIPLOMA_NUMBER, ID_NUMBER, NAME, SCHOOL
from tests.extractors.typed import certificate, form

_NOISE = "0123456789年月日至一二〇OIl（）():;：.·-—*＊★□√ 男女毕业学位证AX\u3000"
_ROWS = (
    ("姓名", NAME), ("性别", "男"), ("出生日期", "1996年03月08日"), ("入学日期", "2015年09月01日"),
    ("毕（结）业日期", "2019年06月30日"), ("学校名称", SCHOOL), ("专业", "信息安全"), ("层次", "本科"),
    ("学历类别", "普通高等教育"), ("学习形式", "普通全日制"), ("毕（结）业", "毕业"),
    ("证书编号", DIPLOMA_NUMBER), ("在线验证码", "A1B2C3D4E5F6G7H8"), ("更新日期", "2022年3月26日"),
)  # fmt: skip
_CARD = (
    ("姓名", NAME), ("性别", "男 民族 汉"), ("出生", "1996年3月8日"), ("住址", "四川省云岚县长街19号"),
    ("公民身份号码", ID_NUMBER), ("签发机关", "云岚县公安局"), ("有效期限", "2016.10.08-2036.10.08"),
)  # fmt: skip
PAPERS: dict[Kind, Drawing] = {
    Kind.DIPLOMA: certificate(
        ("普通高等学校", "毕业证书"),
        f"学生{NAME}，性别男，一九九六年三月八日生，于二〇一五年九月至二〇一九年六月在本校信息安全专业四年制本科学习，"
        "修完教学计划规定的全部课程，成绩合格，准予毕业。",
        (f"校名：{SCHOOL}", f"证书编号：{DIPLOMA_NUMBER}", "二〇一九年六月三十日"),
    ),
    Kind.DEGREE_CERTIFICATE: certificate(
        ("学士学位证书",),
        f"{NAME}，男，一九九六年三月八日生。在我校信息安全专业完成了本科学习计划，业已毕业。授予工学学士学位。",
        (SCHOOL, f"证书编号：{DEGREE_NUMBER}", "二〇一九年六月三十日"),
    ),
    Kind.EDUCATION_RECORD: form(_ROWS, "教育部学历证书电子注册备案表"),
    Kind.EDUCATION_QUERY: form(_ROWS, "学历查询结果"),
    Kind.ID_CARD: form(_CARD, "居民身份证"),
}


def _garbled(page: PageReading, rng: Random) -> PageReading:
    lines = [_damaged(line, rng) for line in page.lines if rng.random() > 0.05]
    return page.model_copy(update={"lines": tuple(line for line in lines if line.text)})


def _damaged(line: Line, rng: Random) -> Line:
    """The line with characters lost or replaced, each replaced one read unsurely."""
    kept = [i for i in range(len(line.text)) if rng.random() > 0.01]
    text, scores = "", []
    for i in kept:
        wrong = rng.random() < 0.03
        text += rng.choice(_NOISE) if wrong else line.text[i]
        scores.append(rng.uniform(0.2, 0.8) if wrong else 0.99)
    return line.model_copy(
        update={
            "text": text, "spans": tuple(line.spans[i] for i in kept), "scores": tuple(scores),
            "alternative": line.text if rng.random() < 0.2 else None,
        }
    )  # fmt: skip


@pytest.mark.parametrize("kind", PAPERS)
def test_garbled_papers_give_their_values_or_none(kind: Kind) -> None:
    whole = {f.name: f.value for f in extract(paper(kind, [PAPERS[kind].page()])).fields}
    accepted = acceptance_for(0.005)
    sure = wrong = 0
    for seed in range(20):
        page = _garbled(PAPERS[kind].page(), Random(f"{kind}/{seed}"))
        for field in extract(paper(kind, [page])).fields:
            assert field.evidence
            if accepted.accepts(kind, field.name, field.confidence):
                sure += 1
                wrong += field.value != whole.get(field.name)
    assert len(whole) >= 7
    assert sure > 20 * 0.5 * len(whole)
    assert wrong <= 0.03 * sure
