"""A decided dossier for the panel: the score as a way down, each point to its finding and clause."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from console import reviews, views
from console.answers import Answer, FindingAnswer, Target
from console.context import Console
from console.covering import as_report_page
from console.masking import mask_of
from console.pages import label
from console.schema import DossierRow
from console.telling import Teller
from console.views import FindingView
from pipeline.model.finding import Finding
from pipeline.report.crops import upright_size
from pipeline.scoring import score_findings, score_steps


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the score: from `before` down to `after` by a finding of that number."""

    finding: FindingView
    part: str
    points: int
    before: int
    after: int


def describe_for_panel(
    console: Console, session: Session, row: DossierRow, language: str
) -> dict[str, Any]:
    """What the panel's page is filled with, told in `language`. Findings that people dismissed cost nothing any more."""
    answers = reviews.decided_answers(session, row)
    kept = console.dossiers.grouped(row.kept, answers.values())
    rulebook = console.dossiers.rulebook(kept)
    mask = mask_of(console.dossiers.kept(row.kept), also=kept.facts.documents, with_names=True)
    assessed = console.dossiers.assess(row.kept, answers.values())
    standing = tuple(f for f in assessed.findings if not _is_dismissed(f, answers))
    found = views.view_findings(
        kept, assessed, answers, Teller(rulebook, mask, language), wanted=()
    )
    by_target = {f.target: f for f in found}
    steps: list[Step] = []
    level = 100
    for step in score_steps(standing, rulebook):
        target = str(Target.of_finding(standing[step.finding]))
        named = next((p.label for p in rulebook.score.parts if p.name == step.part), step.part)
        part = named if language == "zh" else label(language, "part", step.part)
        steps.append(Step(by_target[target], part, step.points, level, level - step.points))
        level -= step.points
    dismissed = [f for f in found if f.answer and f.answer.answer == FindingAnswer.DISMISSED]
    return {
        "row": row,
        "declaration": kept.dossier.declaration,
        "name": mask(kept.dossier.declaration.person.name),
        "score": score_findings(standing, rulebook),
        "steps": steps,
        "findings": [f for f in found if f not in dismissed],
        "dismissed": dismissed,
        "eligibility": assessed.eligibility,
        "papers": views.view_papers(kept, assessed, answers, (), mask, has_values=False),
        "grid": views.view_grid(kept, assessed, answers, (), mask),
        "pages": [
            (number, *upright_size(as_report_page(p)), p.file, p.page)
            for number, p in enumerate(kept.pages)
        ],
        "mask": mask,
    }


def _is_dismissed(finding: Finding, answers: Mapping[str, Answer]) -> bool:
    answer = answers.get(str(Target.of_finding(finding)))
    return answer is not None and answer.answer == FindingAnswer.DISMISSED
