"""The applicant's slip: what to hand in again and why, on one page of plain Chinese."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipeline.model.declaration import Declaration
from pipeline.model.finding import Finding
from pipeline.model.report import Report, Route
from pipeline.report.html import environment
from pipeline.scoring import is_lacking
from validators.clauses import cited_clauses
from validators.rulebook_model import Rulebook


@dataclass(frozen=True, slots=True)
class SlipItem:
    """One thing that is asked for: why, by which clauses (id, sentence), and what settles it.

    `code` is the finding's, `note` what a reviewer adds ("" for none).
    """

    code: str
    title: str
    message: str
    clauses: tuple[tuple[str, str], ...]
    clears: str
    note: str = ""


def _as_it_is(text: str) -> str:
    return text


def slip_item(
    finding: Finding,
    rulebook: Rulebook,
    *,
    note: str = "",
    mask: Callable[[str], str] = _as_it_is,
) -> SlipItem:
    """What one finding asks of the applicant; `mask` covers what a reader may not see."""
    rule = rulebook.rule(finding.code)
    return SlipItem(
        code=finding.code,
        title=rule.title if rule else finding.code,
        message=mask(finding.message),
        clauses=tuple((c, rulebook.sentence(c) or "") for c in cited_clauses(finding.clause)),
        clears=rule.clears if rule else "",
        note=note,
    )


def lacking_items(findings: Iterable[Finding], rulebook: Rulebook) -> Iterator[SlipItem]:
    """What must be handed in (again) before the dossier can be judged."""
    for finding in findings:
        if is_lacking(finding):
            yield slip_item(finding, rulebook)


def render_slip(report: Report, *, declaration: Declaration, rulebook: Rulebook) -> str | None:
    """The slip of an incomplete dossier as a page that prints on one sheet; None for the others."""
    if report.route is not Route.INCOMPLETE:
        return None
    return (
        environment()
        .get_template("slip.html")
        .render(
            report=report,
            declaration=declaration,
            items=list(lacking_items(report.findings, rulebook)),
            rulebook=rulebook,
        )
    )
