"""The contract and the unit: employer, term, dispatch, credit code, province of registration."""

from collections.abc import Iterator

from pipeline.model.checksums import is_valid_uscc
from pipeline.model.declaration import EmploymentStatus
from pipeline.model.document import Document
from pipeline.model.dossier import Case
from pipeline.model.finding import Finding
from pipeline.model.kinds import DocumentKind
from validators.comparison import (
    Comparison,
    compare_papers,
    is_trusted,
    look_for,
)
from validators.findings import applied, field_evidence, found, label_of, paper_evidence
from validators.matching import Verdict, compare_numbers
from validators.matching.numbers import fold_number
from validators.payers import applying_units, closest, declared_agency
from validators.rulebook_model import Rulebook

_CONTRACT = DocumentKind.LABOUR_CONTRACT
_NATIONAL = "10"


def employers(case: Case) -> tuple[str, ...]:
    """Units that may stand in the contract: the employer, or agency and host of a dispatched worker."""
    employment = case.declaration.employment
    units = [employment.employer]
    if employment.status is EmploymentStatus.DISPATCHED:
        units.insert(0, declared_agency(case))
    return tuple(unit for unit in units if unit)


def check_employer(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """六(三), 五(二): contract, recommendation and pledge are of the declared unit."""
    units = employers(case)
    if not units:
        return

    def compare(_: str, observed: str) -> Verdict:
        return closest(units, observed)[1]

    contracts = case.facts.of_kind(_CONTRACT)
    if not _has_contract_with(case, units):
        yield from compare_papers(
            rulebook,
            Comparison(
                "EMPLOYER_MISMATCH", units[0], compare, "employer", is_wording=True, has_words=True
            ),
            look_for(contracts, "employer"),
        )
    others = case.facts.of_kind(DocumentKind.RECOMMENDATION, DocumentKind.INTEGRITY_PLEDGE)
    yield from compare_papers(
        rulebook,
        Comparison(
            "EMPLOYER_MISMATCH",
            units[-1],
            compare,
            "unit",
            different="other_paper",
            unread=None,
            is_wording=True,
            has_words=True,
            witnesses=look_for(contracts, "employer"),
        ),
        look_for(others, "employer"),
    )
    yield from _other_codes(case, rulebook, contracts)


def _has_contract_with(case: Case, units: tuple[str, ...]) -> bool:
    """True when a contract in force is with the unit; older contracts with others are no matter."""
    contracts = [c for c in case.facts.of_kind(_CONTRACT) if covers(c, case) is not False]
    return any(
        closest(units, o.text)[1].agrees for o in look_for(contracts, "employer").observations
    )


def _other_codes(
    case: Case, rulebook: Rulebook, contracts: tuple[Document, ...]
) -> Iterator[Finding]:
    declared = case.declaration.employment.employer_uscc
    is_own = case.declaration.employment.status is EmploymentStatus.EMPLOYED
    if not declared or not is_own or not is_valid_uscc(fold_number(declared)):
        return
    for o in look_for(contracts, "employer_uscc").observations:
        valid = is_valid_uscc(fold_number(o.text)) and is_trusted(rulebook, o.field)
        if valid and not compare_numbers(declared, o.text).agrees:
            yield from found(
                rulebook,
                "EMPLOYER_MISMATCH",
                "code",
                subject=f"{o.document.document_id}.employer_uscc",
                declared=declared,
                observed=o.text,
                evidence=o.evidence,
                counterfactual=f"若{label_of(o.document)}的代码为{declared}，则不提出",
                paper=label_of(o.document),
            )


def covers(contract: Document, case: Case) -> bool | None:
    """Whether the contract's term covers the application date; None when it cannot be told."""
    submitted = case.declaration.submitted_on
    starts, ends = contract.date("starts_on"), contract.date("ends_on")
    if starts and starts.earliest > submitted:
        return False
    if ends:
        return ends.latest >= submitted
    begun = starts or contract.date("signed_on")
    is_without_end = contract.text("term_kind") in ("open_ended", "task")
    return True if is_without_end and begun and begun.earliest <= submitted else None


def check_contract_term(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """六(三): some contract is in force on the application date."""
    if case.declaration.employment.status is EmploymentStatus.FREELANCE:
        return
    contracts = case.facts.of_kind(_CONTRACT)
    terms = [(contract, covers(contract, case)) for contract in contracts]
    if not contracts or any(term for _, term in terms):
        return
    unclear = [contract for contract, term in terms if term is None]
    if unclear:
        yield from found(
            rulebook,
            "CONTRACT_NOT_IN_FORCE",
            "unread",
            subject="term",
            evidence=[paper_evidence(contract, field="ends_on") for contract in unclear],
            applied=applied(case.declaration),
        )
        return
    newest = max(contracts, key=lambda c: (c.text("ends_on") or "", c.text("starts_on") or ""))
    yield from _out_of_force(case, rulebook, newest)


def _out_of_force(case: Case, rulebook: Rulebook, contract: Document) -> Iterator[Finding]:
    starts, day = contract.date("starts_on"), applied(case.declaration)
    has_not_begun = starts is not None and starts.earliest > case.declaration.submitted_on
    name = "starts_on" if has_not_begun else "ends_on"
    field = contract.field(name)
    if field is None:
        return
    variant = "not_begun" if has_not_begun else "ended"
    side = "开始于" if has_not_begun else "止于"
    bound = "或以前" if has_not_begun else "或以后"
    yield from found(
        rulebook,
        "CONTRACT_NOT_IN_FORCE",
        variant if is_trusted(rulebook, field) else "doubtful",
        subject=f"{contract.document_id}.{name}",
        declared=day,
        observed=str(field.value),
        evidence=list(field_evidence(contract, field)),
        counterfactual=f"若合同期限{side}{day}{bound}，则不提出",
        applied=day,
    )


def check_contract_signed(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """六(三): signature and seal stand where they belong, as far as the paper was looked at for it."""
    for contract in case.facts.of_kind(_CONTRACT):
        lacking = unsigned(contract)
        if lacking:
            yield from found(
                rulebook,
                "CONTRACT_UNSIGNED",
                "unsigned",
                subject=contract.document_id,
                evidence=[paper_evidence(contract)],
                counterfactual="若签字盖章处有签字和印章，则不提出",
                reason=lacking,
            )


def unsigned(document: Document) -> str:
    """What the paper lacks, as far as it was looked at for it; "" when nothing is known.

    Trait `signature=blank`: a place to sign is printed and nothing was read in it. A seal that was
    read (`seal=present`) stands for the signature; one that was not read means nothing.
    """
    if document.trait("signature") == "blank" and document.trait("seal") != "present":
        return "签字处未见签字，也未见盖章"
    return ""


def check_freelance_contract(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """五(一): who has a labour contract may not apply as a freelancer."""
    if case.declaration.employment.status is not EmploymentStatus.FREELANCE:
        return
    for contract in case.facts.of_kind(_CONTRACT):
        term = covers(contract, case)
        if term is False:
            continue
        employer = contract.field("employer")
        known = employer is not None and is_trusted(rulebook, employer)
        yield from found(
            rulebook,
            "FREELANCER_HAS_EMPLOYER",
            "contract" if term and known else "doubtful",
            subject=contract.document_id,
            declared="自由职业",
            observed=str(employer.value) if employer else "（未读出）",
            evidence=list(field_evidence(contract, employer))
            if employer
            else [paper_evidence(contract)],
            counterfactual="若合同在申请日前已终止，则不提出",
            reason="合同期限或用人单位未能确定",
        )


def check_dispatch(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """六(三): the agreement names agency and host, and one of them is the applying unit."""
    if case.declaration.employment.status is not EmploymentStatus.DISPATCHED:
        return
    for agreement in case.facts.of_kind(DocumentKind.DISPATCH_AGREEMENT):
        agency, host = agreement.text("agency"), agreement.text("host")
        if not agency or not host:
            lacking = "、".join(
                label for label, name in (("派遣单位", agency), ("用工单位", host)) if not name
            )
            yield from found(
                rulebook,
                "DISPATCH_PARTIES_UNCLEAR",
                "unread",
                subject=agreement.document_id,
                evidence=[paper_evidence(agreement)],
                reason=f"未能确定{lacking}",
            )
            continue
        yield from _foreign_parties(case, rulebook, agreement, agency, host)


def _foreign_parties(
    case: Case, rulebook: Rulebook, agreement: Document, agency: str, host: str
) -> Iterator[Finding]:
    reading = rulebook.parameters.dispatch_applying_unit
    parties = {"agency": (agency,), "host": (host,), "either": (agency, host)}[reading]
    units = applying_units(case, rulebook)
    unit = case.declaration.employment.employer
    wanted = (unit,) if unit else units
    if not wanted or any(closest(wanted, party)[1].agrees for party in parties):
        return
    fields = [f for f in (agreement.field("agency"), agreement.field("host")) if f]
    yield from found(
        rulebook,
        "DISPATCH_PARTIES_UNCLEAR",
        "not_applying_unit",
        subject=agreement.document_id,
        declared=wanted[0],
        observed=f"{agency}、{host}",
        evidence=[e for field in fields for e in field_evidence(agreement, field)],
        counterfactual=f"若派遣单位或用工单位为“{wanted[0]}”，则不提出",
        agency=agency,
        host=host,
    )


def check_credit_code(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """一: the unit's credit code is one (GB 32100), as declared and as on the contract."""
    declared = fold_number(case.declaration.employment.employer_uscc or "")
    if declared and not is_valid_uscc(declared):
        yield from found(
            rulebook,
            "USCC_INVALID",
            "declared",
            subject="declaration",
            declared=declared,
            observed=declared,
        )
    for o in look_for(case.facts.of_kind(_CONTRACT), "employer_uscc").observations:
        code = fold_number(o.text)
        if code == declared or is_valid_uscc(code) or not is_trusted(rulebook, o.field):
            continue
        if is_valid_uscc(declared) and not _is_another(declared, code):
            continue
        yield from found(
            rulebook,
            "USCC_INVALID",
            "paper",
            subject=f"{o.document.document_id}.employer_uscc",
            declared=declared or None,
            observed=code,
            evidence=o.evidence,
            paper=label_of(o.document),
        )


def _is_another(declared: str, code: str) -> bool:
    """True when the code on the paper is not the declared one with a slip of reading."""
    return compare_numbers(declared, code).likeness.value == "different"


def check_registration(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """一, 八(三): the unit is registered in the province, as its code's division tells."""
    code = fold_number(case.declaration.employment.employer_uscc or "")
    if not is_valid_uscc(code) or code[2:4] == rulebook.province.division:
        return
    yield from found(
        rulebook,
        "EMPLOYER_OUTSIDE_PROVINCE",
        "national" if code[2:4] == _NATIONAL else "outside",
        subject="employer_uscc",
        declared=code,
        observed=code[2:8],
        counterfactual=f"若登记区划以{rulebook.province.division}开头，则不提出",
        division=code[2:8],
        province=rulebook.province.name,
    )


CHECKS = (
    check_employer,
    check_contract_term,
    check_contract_signed,
    check_freelance_contract,
    check_dispatch,
    check_credit_code,
    check_registration,
)
