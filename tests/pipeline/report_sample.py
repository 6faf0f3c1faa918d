"""A dossier made by hand with drawn pages, for the tests of reports. Every name and number is invented."""

import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from pipeline.model.declaration import Declaration, Window
from pipeline.model.document import (
    ContributionMonth,
    Document,
    Evidence,
    Field,
    MonthStatus,
    Unreadable,
)
from pipeline.model.dossier import Dossier, Facts, IntakeNote, Material, Quarantined
from pipeline.model.finding import Finding, FindingEvidence, Outcome, Severity
from pipeline.model.kinds import DocumentKind
from pipeline.model.reading import MaterialReading, PageReading, Quad
from pipeline.model.report import (
    Condition,
    Eligibility,
    MonthEvidence,
    Provenance,
    Report,
    ReportContributions,
    ReportMonth,
    Route,
    Score,
    ScorePart,
)
from pipeline.model.values import Month
from pipeline.report.build import build_report

WINDOW = Window(
    id="2022H2",
    notice="川网办通〔2022〕91号",
    opens_on=date(2022, 12, 27),
    closes_on=date(2023, 1, 31),
)
EMPLOYER = "四川样张信安科技有限公司"
EARLIER = "成都样张网络有限公司"
CLAUSES = {
    "五(二)": "用人单位核验申报材料，重点核验学历证书电子注册备案表的真实性。",
    "六(二)": "提供申报前在我省连续缴纳6个月的基本社会保险证明，最后缴费单位须与申报单位一致。",
    "三(三)": "大学本科学历并取得学位，从事网络安全技术工作满12个月，可初定助理级。",
    "三(四)": "硕士研究生学历并取得学位或第二学士学位，可初定助理级。",
}
DECLARATION = Declaration.model_validate(
    {
        "dossier_id": "2022H2-000001",
        "submitted_on": "2023-01-10",
        "channel": "provincial",
        "applied_level": "助理级",
        "person": {
            "name": "样宁远",
            "id_number": "510102199603080018",
            "gender": "男",
            "birth_date": "1996-03-08",
        },
        "education": {
            "level": "大学本科",
            "degree": "学士",
            "institution": "样张理工大学",
            "major": "信息安全",
            "study_form": "普通全日制",
            "enrolled_on": "2015-09-01",
            "graduated_on": "2019-06-30",
            "diploma_number": "990011201905000123",
            "degree_number": "9900142019000123",
        },
        "employment": {
            "status": "employed",
            "employer": EMPLOYER,
            "position": "网络安全工程师",
            "security_work_since": "2019-08-01",
        },
        "contributions": {"first_month": "2022-07", "last_month": "2022-12", "payer": EMPLOYER},
    }
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page of print: `lines` of (x, y, text) in pixels; `turn` is how the upload lies (degrees)."""

    width: int
    height: int
    lines: tuple[tuple[int, int, str], ...]
    size: int = 34
    turn: int = 0

    def quad(self, index: int) -> Quad:
        """Where line `index` stands in the upload frame."""
        x, y, text = self.lines[index]
        x1, y1 = x + self.size * len(text), y + self.size
        corners = ((x, y), (x1, y), (x1, y1), (x, y1))
        if self.turn == 90:
            a, b, c, d = ((cy, self.width - cx) for cx, cy in corners)
            return (a, b, c, d)
        return corners

    def picture(self, font: Path | None = None, side: int = 1600) -> bytes:
        """The page as JPEG in the upload frame; without a font every character is a bar."""
        image = Image.new("RGB", (self.width, self.height), (252, 250, 244))
        draw = ImageDraw.Draw(image)
        face = ImageFont.truetype(str(font), self.size) if font else None
        for x, y, text in self.lines:
            if face:
                draw.text((x, y - self.size // 6), text, font=face, fill=(30, 32, 40))
            else:
                for i in range(len(text)):
                    left = x + i * self.size
                    draw.rectangle(
                        (left, y, left + self.size - 6, y + self.size), fill=(30, 32, 40)
                    )
        if self.turn == 90:
            image = image.transpose(Image.Transpose.ROTATE_90)
        image.thumbnail((side, side))
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=82)
        return buffer.getvalue()


_MONTHS = Month.span(Month("2021-03"), Month("2022-12"))
DIPLOMA = Drawn(
    2200,
    1560,
    (
        (900, 160, "毕业证书"),
        (300, 420, "学生 样宁远 性别 男"),
        (300, 520, "一九九六年三月八日生"),
        (300, 620, "于样张理工大学 信息安全 专业"),
        (300, 720, "二〇一五年九月至二〇一九年七月"),
        (300, 1240, "证书编号 990011201905000128"),
        (1500, 1340, "样张 SPECIMEN"),
    ),
    turn=90,
)
RECORD = Drawn(
    1654,
    2339,
    (
        (420, 200, "教育部学历证书电子注册备案表"),
        (200, 420, "姓名 样宁远"),
        (200, 520, "性别 男"),
        (200, 620, "毕业日期 2019-06-30"),
        (200, 720, "证书编号 990011201905000123"),
        (200, 820, "在线验证码 AZ7Q 88KD"),
        (1100, 2200, "样张 SPECIMEN"),
    ),
)
INSURANCE = Drawn(
    2339,
    1654,
    (
        (800, 120, "社会保险个人参保证明"),
        (200, 220, "样宁远 510102199603080018"),
        *(
            (200, 330 + 52 * i, f"{month} 养老 5000.00 {EMPLOYER if i > 9 else EARLIER}")
            for i, month in enumerate(_MONTHS)
            if month != "2022-09"
        ),
        (1700, 1540, "样张 SPECIMEN"),
    ),
    size=28,
)
DRAWN: dict[tuple[str, int], Drawn] = {
    ("materials/01 毕业证.jpg", 1): DIPLOMA,
    ("materials/02 备案表.pdf", 1): RECORD,
    ("materials/03 社保.pdf", 1): INSURANCE,
}


def _field(
    name: str, value: str, drawn: Drawn, line: int, confidence: float, *repairs: str
) -> Field:
    raw = drawn.lines[line][2]
    evidence = Evidence(page=1, box=drawn.quad(line), raw=raw)
    return Field(
        name=name,
        value=value,
        raw=raw,
        confidence=confidence,
        evidence=(evidence,),
        repairs=repairs,
    )


def _rows() -> tuple[ContributionMonth, ...]:
    rows = []
    for index, (_, _, text) in enumerate(INSURANCE.lines):
        if not text[:4].isdigit():
            continue
        rows.append(
            ContributionMonth(
                month=Month(text[:7]),
                status=MonthStatus.LATE if text.startswith("2022-04") else MonthStatus.PAID,
                payer=text.rsplit(" ", 1)[1],
                base="5000.00",
                place="成都市",
                confidence=0.97,
                evidence=(Evidence(page=1, box=INSURANCE.quad(index), raw=text),),
            )
        )
    return tuple(rows)


ROWS = _rows()
DOCUMENTS = (
    Document(
        document_id="m1-1",
        file="materials/01 毕业证.jpg",
        pages=(1,),
        kind=DocumentKind.DIPLOMA,
        kind_confidence=0.99,
        anchors=("毕业证书",),
        source="ocr",
        fields=(
            _field("name", "样宁远", DIPLOMA, 1, 0.99),
            _field("institution", "样张理工大学", DIPLOMA, 3, 0.93),
            _field("graduated_on", "2019-07", DIPLOMA, 4, 0.98),
            _field("diploma_number", "990011201905000128", DIPLOMA, 5, 0.71, "编号位数"),
        ),
        unreadable=(
            Unreadable(
                name="birth_date",
                reason="印章遮挡，两次读取不一致",
                raw="一九九?年三月八日",
                evidence=(Evidence(page=1, box=DIPLOMA.quad(2), raw="一九九?年三月八日"),),
            ),
        ),
    ),
    Document(
        document_id="m2-1",
        file="materials/02 备案表.pdf",
        pages=(1,),
        kind=DocumentKind.EDUCATION_RECORD,
        kind_confidence=1.0,
        anchors=("电子注册备案表",),
        source="text",
        fields=(
            _field("name", "样宁远", RECORD, 1, 1.0),
            _field("gender", "男", RECORD, 2, 1.0),
            _field("graduated_on", "2019-06-30", RECORD, 3, 1.0),
            _field("diploma_number", "990011201905000123", RECORD, 4, 1.0),
        ),
    ),
    Document(
        document_id="m3-1",
        file="materials/03 社保.pdf",
        pages=(1,),
        kind=DocumentKind.SOCIAL_INSURANCE,
        kind_confidence=0.97,
        source="ocr",
        fields=(
            _field("name", "样宁远", INSURANCE, 1, 0.99),
            Field(
                name="months",
                value=ROWS,
                raw="养老保险缴费明细",
                confidence=0.97,
                evidence=ROWS[0].evidence,
            ),
        ),
    ),
)
FINDINGS = (
    Finding(
        code="MATERIAL_KIND_DIFFERS",
        severity=Severity.NOTICE,
        outcome=Outcome.MISMATCH,
        clause="六",
        message="materials/02 备案表.pdf 申报为毕业证书，页面为学历证书电子注册备案表。",
        declared="毕业证书",
        observed="学历证书电子注册备案表",
        evidence=(FindingEvidence(document_id="m2-1", file="materials/02 备案表.pdf", page=1),),
    ),
    Finding(
        code="DIPLOMA_NUMBER_MISMATCH",
        severity=Severity.BLOCKING,
        outcome=Outcome.MISMATCH,
        clause="五(二)",
        message="毕业证书上的证书编号与申报和备案表不一致。",
        declared="990011201905000123",
        observed="990011201905000128",
        evidence=(
            FindingEvidence(
                document_id="m1-1",
                file="materials/01 毕业证.jpg",
                page=1,
                box=DIPLOMA.quad(5),
                raw="证书编号 990011201905000128",
                field="diploma_number",
            ),
            FindingEvidence(
                document_id="m2-1",
                file="materials/02 备案表.pdf",
                page=1,
                box=RECORD.quad(4),
                raw="证书编号 990011201905000123",
                field="diploma_number",
            ),
        ),
        counterfactual="若毕业证书编号为 990011201905000123",
    ),
    Finding(
        code="CONTRIBUTIONS_GAP",
        severity=Severity.BLOCKING,
        outcome=Outcome.MISMATCH,
        clause="六(二)",
        message="2022-09 未见缴费记录，申报前 6 个月不连续。",
        declared="2022-07 至 2022-12",
        observed="2022-07、2022-08、2022-10、2022-11、2022-12",
        evidence=(
            FindingEvidence(
                document_id="m3-1",
                file="materials/03 社保.pdf",
                page=1,
                box=ROWS[-4].evidence[0].box,
                raw=ROWS[-4].evidence[0].raw,
                field="months",
            ),
        ),
        counterfactual="若 2022-09 已缴",
    ),
    Finding(
        code="MATERIAL_UNREADABLE",
        severity=Severity.REVIEW,
        outcome=Outcome.CANNOT_DETERMINE,
        clause="六(一), 五(二)",
        message="materials/04 身份证.pdf 已加密，无法打开。",
        evidence=(FindingEvidence(file="materials/04 身份证.pdf"),),
    ),
)


def contributions() -> ReportContributions:
    """The months of the insurance paper, with 2022-09 missing from the required window."""
    return ReportContributions(
        required=Month.span(Month("2022-07"), Month("2022-12")),
        months=tuple(
            ReportMonth(
                month=row.month,
                status=row.status,
                payer=row.payer,
                place=row.place,
                confidence=row.confidence,
                evidence=(
                    MonthEvidence(document_id="m3-1", page=1, box=row.evidence[0].box),
                    MonthEvidence(document_id="m3-1", page=1, box=INSURANCE.quad(1)),
                ),
            )
            for row in ROWS
        ),
        continuous_months=3,
        last_payer=EMPLOYER,
    )


def dossier() -> Dossier:
    files = [*(file for file, _ in DRAWN), "materials/04 身份证.pdf"]
    return Dossier(
        dossier_id="2022H2-000001",
        declaration=DECLARATION,
        materials=tuple(
            Material(file=file, path=f"/intake/{file}", sha256=f"{n:064x}", size=1000 + n)
            for n, file in enumerate(files)
        ),
        notes=(IntakeNote(where="declaration.json", message="多出的键 remark 已保留"),),
    )


def readings() -> dict[str, MaterialReading]:
    found = {
        file: MaterialReading(
            sha256=f"{n:064x}",
            pages=(
                PageReading(
                    number=page,
                    width=drawn.height if drawn.turn else drawn.width,
                    height=drawn.width if drawn.turn else drawn.height,
                    upright_width=drawn.width,
                    upright_height=drawn.height,
                    rotation=90 if drawn.turn else 0,
                    source="text" if file.startswith("materials/02") else "ocr",
                    picture=f"blob-{n}",
                ),
            ),
            notes=("第 1 页方向已校正",) if drawn.turn else (),
        )
        for n, ((file, page), drawn) in enumerate(DRAWN.items())
    }
    found["materials/04 身份证.pdf"] = MaterialReading(
        sha256=f"{9:064x}", quarantine_reason="文件已加密，无法打开；请上传未加密的文件。"
    )
    return found


def sample_report() -> Report:
    """The report of the sample dossier: a review case with a bit of everything."""
    read = readings()
    return build_report(
        window=WINDOW,
        dossier=dossier(),
        facts=Facts(
            documents=DOCUMENTS,
            quarantined=(
                Quarantined(
                    file="materials/04 身份证.pdf",
                    reason="文件已加密，无法打开；请上传未加密的文件。",
                ),
            ),
        ),
        findings=FINDINGS,
        eligibility=Eligibility(
            applied_level="助理级",
            met=None,
            conditions=(
                Condition(
                    clause="三(三)",
                    level="助理级",
                    met=None,
                    reasons=("学历为大学本科，已取得学士学位", "身份证无法读取，出生日期无法判定"),
                ),
                Condition(
                    clause="三(四)", level="助理级", met=False, reasons=("学历不是硕士研究生",)
                ),
            ),
        ),
        contributions=contributions(),
        score=Score(
            total=58,
            parts=(
                ScorePart(name="materials", points=14, max=20, findings=(0, 3)),
                ScorePart(name="identity", points=20, max=20, label="身份"),
                ScorePart(name="education", points=12, max=30, findings=(1,)),
                ScorePart(name="contributions", points=12, max=30, findings=(2,)),
            ),
        ),
        route=Route.INCOMPLETE,
        route_reasons=("必需材料 居民身份证 无法读取", "社保缴费不连续"),
        readings=read,
        provenance=Provenance(
            version="0.1.0",
            rulebook="2022-91@样张",
            engine="onnxruntime",
            models={"rec": "b" * 64, "det": "a" * 64},
            inputs={m.file: m.sha256 for m in dossier().materials},
        ),
    )


def pictures(font: Path | None = None) -> dict[tuple[str, int], bytes]:
    """The drawn pages of the sample dossier, by file and page."""
    return {key: drawn.picture(font) for key, drawn in DRAWN.items()}
