"""Facts straight from the truth of the factory's dossiers: what a faultless reader would extract."""

from datetime import date
from typing import Any

from fixtures.factory import problems, problems_files, problems_work
from fixtures.factory.fonts import bundled_fonts
from fixtures.factory.papers.insurance import PROOFS
from fixtures.factory.plan import Draft, Order, Pool, plan_dossier
from pipeline.facts import merge_months
from pipeline.integrity.marks import MARKED
from pipeline.model.declaration import Declaration, PriorRecognition, Sanction, Window
from pipeline.model.document import ContributionMonth, Document, Evidence, Field
from pipeline.model.dossier import Case, Facts, Quarantined
from pipeline.model.finding import FindingEvidence
from pipeline.model.kinds import DocumentKind
from pipeline.model.shared import Shared, SharedKind

PLANTERS = (problems, problems_work, problems_files)  # importing them files the problems
_REASONS = {"marked": MARKED}
_TRAITS = {
    "append": "file_edited=追加保存",
    "overlay": "file_edited=1#diploma_number:色块",
    "date": "file_edited=修改时间",
    "layer": "text_layer_differs=1:文字层",
    "sign": "signature_broken=改动",
    "retype": "image_edit_suspected=1#diploma_number:平滑",
    "other_code": "code_differs=1#name:不同",
    "unofficial_code": "code_host=1:chsi.example.invalid",
}
"""What a faultless inspection notices of a file that was changed so."""
_BOX = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def plan(seed: str, *codes: str) -> Draft:
    """A dossier with the planted problems (none: a clean one)."""
    return plan_dossier("x1", seed, codes=codes, pool=Pool("all"), book=bundled_fonts())


def case_of(draft: Draft) -> Case:
    """What checks look at when everything was read without a fault."""
    kept = [(i, order) for i, order in enumerate(draft.orders) if i not in draft.ruined]
    documents = tuple(_document(i, order, draft) for i, order in kept)
    declared = dict(draft.declared)
    if draft.has_hints:
        declared["materials"] = [
            {"file": _file(i), "declared_kind": draft.hints.get(i, str(order.kind))}
            for i, order in enumerate(draft.orders)
        ]
    return Case(
        facts=Facts(
            documents=documents,
            quarantined=tuple(
                Quarantined(file=_file(i), reason=_REASONS.get(how, "文件无法打开"))
                for i, how in sorted(draft.ruined.items())
            ),
            months=merge_months(documents),
            repeated_pages=tuple((f"{_file(i)}#1", f"{i:02d}-again.pdf#1") for i in draft.repeated),
        ),
        declaration=Declaration.model_validate(declared),
        window=Window(
            id="2022H2",
            notice="川网办通〔2022〕91号",
            opens_on=date(2022, 12, 27),
            closes_on=date(2023, 1, 31),
        ),
        shared=_shared(draft),
        prior_recognitions=tuple(PriorRecognition.model_validate(r) for r in draft.recognised),
        sanctions=tuple(Sanction.model_validate(r) for r in draft.sanctioned),
    )


def _shared(draft: Draft) -> tuple[Shared, ...]:
    if not draft.borrows:
        return ()
    place = FindingEvidence(file="materials/附件.pdf")
    return (
        Shared(
            kind=SharedKind.FILE, what="文件", dossiers=("x0",), others=1, subject="file:附件",
            evidence=(place,),
        ),
    )  # fmt: skip


def _file(number: int) -> str:
    return f"materials/{number:02d}.pdf"


def _document(number: int, order: Order, draft: Draft) -> Document:
    paper = order.build(draft.style)
    fields = [
        Field(name=name, value=_value(value), raw="", confidence=0.99, evidence=_evidence())
        for name, value in paper.truth.items()
        if value not in (None, "", [], ())
    ]
    traits: tuple[str, ...] = ()
    if order.kind is DocumentKind.SOCIAL_INSURANCE:
        traits = (f"proof={PROOFS[order.layout].proof.value}",)
    if number in draft.tampered:
        traits += (_TRAITS[draft.tampered[number].how],)
    if order.variant == "unsigned_contract":
        traits += ("signature=blank",)
    return Document(
        document_id=f"d{number:02d}",
        file=_file(number),
        pages=(1,),
        kind=paper.kind,
        kind_confidence=0.99,
        source="text",
        fields=tuple(fields),
        traits=traits,
    )


def _value(value: Any) -> Any:
    if not isinstance(value, list | tuple):
        return value
    return tuple(
        ContributionMonth(
            month=row["month"],
            status=row["status"],
            payer=row.get("payer", ""),
            insurance=row.get("insurance", "养老"),
            evidence=_evidence(),
        )
        for row in value
    )


def _evidence() -> tuple[Evidence, ...]:
    return (Evidence(page=1, box=_BOX),)
