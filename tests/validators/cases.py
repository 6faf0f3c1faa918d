"""Dossiers as facts, built in memory: a clean one, and ways to change one thing of it.

Everybody and everything in here is invented; ID numbers carry a county code that was abolished
before the births they hold.
"""

import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipeline.facts import merge_months
from pipeline.model.checksums import (
    id_number_check_digit,
    organisation_check_digit,
    uscc_check_digit,
)
from pipeline.model.declaration import Declaration, PriorRecognition, Sanction, Window
from pipeline.model.document import (
    ContributionMonth,
    Document,
    Evidence,
    Field,
    MonthStatus,
    Unreadable,
)
from pipeline.model.dossier import Case, Facts, Quarantined
from pipeline.model.finding import Finding
from pipeline.model.kinds import DocumentKind
from pipeline.model.reading import Quad
from pipeline.model.shared import Shared
from pipeline.model.values import Month
from validators import builtin_rulebook, run_checks
from validators.rulebook import Rulebook

NAME = "李清源"
UNIT = "四川砺盾网络安全技术有限公司"
AGENCY = "成都栖梧人力资源有限公司"
SCHOOL = "蜀川理工大学"


def id_number(body: str = "51010219960308002") -> str:
    return body + id_number_check_digit(body)


def credit_code(head: str = "91510100MA6C0A1B") -> str:
    body = head + organisation_check_digit(head[8:16])
    return body + uscc_check_digit(body)


ID_NUMBER = id_number()
USCC = credit_code()
DIPLOMA_NUMBER = "992011201905000123"
DEGREE_NUMBER = "9920142019000456"


def box(top: float) -> Quad:
    return ((100.0, top), (900.0, top), (900.0, top + 30), (100.0, top + 30))


@dataclass
class Paper:
    """A paper: its fields as text, how surely they were read, and what could not be read."""

    kind: str
    fields: dict[str, str | bool] = field(default_factory=dict)
    confidence: float = 0.99
    unsure: dict[str, float] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    may_be: dict[str, tuple[str, ...]] = field(default_factory=dict)
    traits: list[str] = field(default_factory=list)
    source: str = "ocr"
    file: str | None = None
    months: list[ContributionMonth] | None = None


def month_row(
    month: str,
    status: str = "paid",
    *,
    payer: str = UNIT,
    confidence: float = 0.99,
    place: str = "成都市高新区",
    insurance: str = "养老",
    top: float | None = None,
) -> ContributionMonth:
    at = top if top is not None else 300.0 + 40 * (Month(month).ordinal % 24)
    return ContributionMonth(
        month=Month(month),
        status=MonthStatus(status),
        payer=payer,
        base="6000",
        insurance=insurance,
        place=place,
        confidence=confidence,
        evidence=(Evidence(page=1, box=box(at), raw=month),),
    )


def rows(first: str, last: str, **changes: Any) -> list[ContributionMonth]:
    return [month_row(month, **changes) for month in Month.span(Month(first), Month(last))]


class Dossier:
    """A dossier that can be changed; `case()` gives what checks look at."""

    def __init__(self) -> None:
        self.declared: dict[str, Any] = {
            "dossier_id": "2022H2-000001",
            "submitted_on": "2023-01-10",
            "channel": "provincial",
            "applied_level": "助理级",
            "person": {
                "name": NAME,
                "id_number": ID_NUMBER,
                "gender": "女",
                "birth_date": "1996-03-08",
                "former_names": [],
            },
            "education": {
                "level": "大学本科",
                "degree": "学士",
                "institution": SCHOOL,
                "major": "信息安全",
                "study_form": "普通全日制",
                "enrolled_on": "2015-09-01",
                "graduated_on": "2019-06-30",
                "diploma_number": DIPLOMA_NUMBER,
                "degree_awarded_on": "2019-06-30",
                "degree_number": DEGREE_NUMBER,
                "foreign": False,
            },
            "employment": {
                "status": "employed",
                "employer": UNIT,
                "employer_uscc": USCC,
                "dispatch_agency": None,
                "position": "网络安全工程师",
                "security_work_since": "2019-08-01",
            },
            "contributions": {
                "first_month": "2022-07",
                "last_month": "2022-12",
                "payer": UNIT,
            },
            "materials": [],
        }
        schooling: dict[str, str | bool] = {
            "name": NAME,
            "gender": "女",
            "birth_date": "1996-03-08",
            "institution": SCHOOL,
            "major": "信息安全",
            "level": "大学本科",
            "study_form": "普通全日制",
            "enrolled_on": "2015-09",
            "graduated_on": "2019-06-30",
            "conclusion": "毕业",
            "diploma_number": DIPLOMA_NUMBER,
        }
        self.papers: dict[str, Paper] = {
            "id_card": Paper(
                "id_card",
                {
                    "name": NAME,
                    "gender": "女",
                    "birth_date": "1996-03-08",
                    "id_number": ID_NUMBER,
                    "valid_from": "2016-05-01",
                    "valid_to": "2026-05-01",
                },
            ),
            "diploma": Paper("diploma", dict(schooling)),
            "degree_certificate": Paper(
                "degree_certificate",
                {
                    "name": NAME,
                    "institution": SCHOOL,
                    "major": "信息安全",
                    "degree": "学士",
                    "degree_awarded_on": "2019-06-30",
                    "degree_number": DEGREE_NUMBER,
                },
            ),
            "education_record": Paper(
                "education_record",
                {
                    **schooling,
                    "education_type": "普通高等教育",
                    "updated_on": "2022-12-20",
                    "valid_until": "2023-03-20",
                },
            ),
            "education_query": Paper("education_query", dict(schooling)),
            "social_insurance": Paper(
                "social_insurance",
                {"name": NAME, "id_number": ID_NUMBER, "province": "四川"},
                months=rows("2022-01", "2022-12"),
                traits=["proof=months"],
            ),
            "labour_contract": Paper(
                "labour_contract",
                {
                    "employer": UNIT,
                    "employer_uscc": USCC,
                    "employee": NAME,
                    "employee_id_number": ID_NUMBER,
                    "term_kind": "fixed",
                    "starts_on": "2019-08-01",
                    "ends_on": "2025-07-31",
                    "position": "网络安全工程师",
                },
            ),
            "recommendation": Paper(
                "recommendation", {"name": NAME, "employer": UNIT, "conclusion": "同意推荐"}
            ),
            "integrity_pledge": Paper(
                "integrity_pledge", {"name": NAME, "employer": UNIT, "signed": True}
            ),
            "achievement": Paper("achievement", {"title": "等级保护测评项目"}),
        }
        self.quarantined: list[Quarantined] = []
        self.repeated: list[tuple[str, str]] = []
        self.prior: list[PriorRecognition] = []
        self.sanctions: list[Sanction] = []
        self.shared: list[Shared] = []
        self.window = Window(
            id="2022H2",
            notice="川网办通〔2022〕91号",
            opens_on=date(2022, 12, 27),
            closes_on=date(2023, 1, 31),
        )

    def declare(self, section: str, **values: Any) -> "Dossier":
        (self.declared[section] if section else self.declared).update(values)
        return self

    def put(self, paper: str, confidence: float | None = None, /, **values: Any) -> "Dossier":
        """Sets fields of a paper; None takes a field away. `confidence` is that of these fields."""
        for name, value in values.items():
            if value is None:
                self.papers[paper].fields.pop(name, None)
            else:
                self.papers[paper].fields[name] = value
                if confidence is not None:
                    self.papers[paper].unsure[name] = confidence
        return self

    def leave_open(self, paper: str, name: str, *ways: str) -> "Dossier":
        """Says what else a field of a paper may read as."""
        self.papers[paper].may_be[name] = ways
        return self

    def put_everywhere(self, **values: Any) -> "Dossier":
        """Sets fields on every paper that bears them."""
        for paper in self.papers.values():
            for name, value in values.items():
                if name in paper.fields:
                    paper.fields[name] = value
        return self

    def blur(self, paper: str, name: str, reason: str = "字迹模糊") -> "Dossier":
        self.papers[paper].fields.pop(name, None)
        self.papers[paper].unreadable[name] = reason
        return self

    def remove(self, *papers: str) -> "Dossier":
        for paper in papers:
            self.papers.pop(paper, None)
        return self

    def add(self, name: str, paper: Paper) -> "Dossier":
        self.papers[name] = paper
        return self

    def mark(self, paper: str, *traits: str) -> "Dossier":
        self.papers[paper].traits += traits
        return self

    def set_months(self, *months: ContributionMonth) -> "Dossier":
        self.papers["social_insurance"].months = list(months)
        return self

    def change_month(self, month: str, **changes: Any) -> "Dossier":
        """Replaces the row of a month; `status=None` takes it away."""
        paper = self.papers["social_insurance"]
        assert paper.months is not None
        kept = [row for row in paper.months if row.month != month]
        if changes.get("status", "paid") is not None:
            kept.append(month_row(month, **changes))
        paper.months = sorted(kept, key=lambda row: row.month)
        return self

    def copy(self) -> "Dossier":
        return copy.deepcopy(self)

    def documents(self) -> tuple[Document, ...]:
        return tuple(
            self._document(number, name, paper)
            for number, (name, paper) in enumerate(self.papers.items(), start=1)
        )

    def _document(self, number: int, name: str, paper: Paper) -> Document:
        fields = [
            Field(
                name=key,
                value=value,
                raw=str(value),
                confidence=paper.unsure.get(key, paper.confidence),
                evidence=(Evidence(page=1, box=box(100.0 + 40 * i), raw=str(value)),),
                may_be=paper.may_be.get(key, ()),
            )
            for i, (key, value) in enumerate(paper.fields.items())
        ]
        if paper.months:
            fields.append(
                Field(
                    name="months",
                    value=tuple(paper.months),
                    raw="",
                    confidence=paper.confidence,
                    evidence=paper.months[0].evidence,
                )
            )
        return Document(
            document_id=f"d-{name}",
            file=paper.file or f"materials/{number:02d}-{name}.pdf",
            pages=(1,),
            kind=DocumentKind(paper.kind),
            kind_confidence=0.99,
            source=paper.source,
            fields=tuple(fields),
            unreadable=tuple(Unreadable(name=k, reason=v) for k, v in paper.unreadable.items()),
            traits=tuple(paper.traits),
        )

    def case(self) -> Case:
        documents = self.documents()
        return Case(
            facts=Facts(
                documents=documents,
                quarantined=tuple(self.quarantined),
                months=merge_months(documents),
                repeated_pages=tuple(self.repeated),
            ),
            declaration=Declaration.model_validate(self.declared),
            window=self.window,
            prior_recognitions=tuple(self.prior),
            sanctions=tuple(self.sanctions),
            shared=tuple(self.shared),
        )


def bachelor() -> Dossier:
    """本科、学士, employed, asks for 助理级 by 三(三)."""
    return Dossier()


def master(level: str = "助理级") -> Dossier:
    """硕士 in June 2019, asks for 助理级 by 三(四) or 中级 by 三(五)."""
    made = Dossier()
    number, degree_number = "992011201902000123", "9920132019000456"
    values: dict[str, Any] = {
        "level": "硕士研究生",
        "diploma_number": number,
        "degree_number": degree_number,
        "degree": "硕士",
        "education_type": "研究生",
        "major": "网络空间安全",
        "enrolled_on": "2016-09",
    }
    made.put_everywhere(**values)
    made.declare("", applied_level=level)
    declared = {k: v for k, v in values.items() if k != "education_type"}
    made.declare("education", **declared)
    return (
        made.put_everywhere(birth_date="1992-03-08", id_number=_OLDER)
        .put_everywhere(employee_id_number=_OLDER)
        .declare("person", birth_date="1992-03-08", id_number=_OLDER)
    )


_OLDER = id_number("51010219920308002")


def doctor() -> Dossier:
    """博士, asks for 中级 by 三(六)."""
    made = master("中级")
    values = {
        "level": "博士研究生",
        "diploma_number": "992011201901000123",
        "degree_number": "9920122019000456",
        "degree": "博士",
        "enrolled_on": "2015-09",
    }
    return made.put_everywhere(**values).declare("education", **values)


def college() -> Dossier:
    """大学专科, asks for 助理级 by 三(二)."""
    made = Dossier()
    number = "992011201906000123"
    made.put_everywhere(level="大学专科", diploma_number=number, enrolled_on="2016-09")
    made.declare(
        "education",
        level="大学专科",
        degree=None,
        diploma_number=number,
        degree_number=None,
        degree_awarded_on=None,
        enrolled_on="2016-09-01",
    )
    return made.remove("degree_certificate")


def secondary() -> Dossier:
    """中专, asks for 员级 by 三(一)."""
    made = Dossier()
    made.put_everywhere(level="中专", diploma_number="51201900123", enrolled_on="2016-09")
    made.declare("", applied_level="员级").declare(
        "education",
        level="中专",
        degree=None,
        diploma_number="51201900123",
        degree_number=None,
        degree_awarded_on=None,
        enrolled_on="2016-09-01",
    )
    return made.remove("degree_certificate", "education_record", "education_query")


def dispatched() -> Dossier:
    """The bachelor, sent by an agency that signs and pays."""
    made = Dossier()
    made.declare("employment", status="dispatched", dispatch_agency=AGENCY)
    made.declare("contributions", payer=AGENCY)
    made.put("labour_contract", employer=AGENCY, employer_uscc=None)
    made.set_months(*rows("2022-01", "2022-12", payer=AGENCY))
    return made.add(
        "dispatch_agreement",
        Paper("dispatch_agreement", {"agency": AGENCY, "host": UNIT, "employee": NAME}),
    )


def freelancer() -> Dossier:
    """The bachelor, working for nobody and paying as such."""
    made = Dossier()
    made.declare("employment", status="freelance", employer=None, employer_uscc=None)
    made.declare("contributions", payer=None)
    made.set_months(*rows("2021-01", "2022-12", payer="灵活就业人员"))
    made.put("integrity_pledge", employer=None)
    return made.remove("labour_contract", "recommendation")


def foreign_master() -> Dossier:
    """A master's degree from abroad, certified; asks for 助理级."""
    made = master()
    made.declare(
        "education",
        foreign=True,
        institution="星港大学",
        diploma_number="00012345",
        degree_number=None,
        major="信息安全",
    )
    made.remove("diploma", "education_record", "education_query", "degree_certificate")
    return made.add(
        "foreign_certification",
        Paper(
            "foreign_certification",
            {
                "name": NAME,
                "birth_date": "1992-03-08",
                "institution": "星港大学(Xinggang University)",
                "country": "某国",
                "degree": "硕士",
                "degree_awarded_on": "2019-06-30",
                "certification_number": "120190000001",
            },
        ),
    )


CLEAN = {
    "bachelor": bachelor,
    "master": master,
    "master_intermediate": lambda: master("中级"),
    "doctor": doctor,
    "college": college,
    "secondary": secondary,
    "dispatched": dispatched,
    "freelancer": freelancer,
    "foreign_master": foreign_master,
}


def rulebook() -> Rulebook:
    return builtin_rulebook("sichuan-2022")


def findings_of(dossier: Dossier, book: Rulebook | None = None) -> tuple[Finding, ...]:
    return run_checks(dossier.case(), book or rulebook())


def codes_of(dossier: Dossier, book: Rulebook | None = None) -> set[str]:
    return {finding.code for finding in findings_of(dossier, book)}


def only(dossier: Dossier, code: str, book: Rulebook | None = None) -> Finding:
    """The one finding of that code."""
    found = [finding for finding in findings_of(dossier, book) if finding.code == code]
    assert len(found) == 1, [(f.code, f.subject, f.message) for f in findings_of(dossier, book)]
    return found[0]
