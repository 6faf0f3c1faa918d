"""What was noticed about the files themselves (八(四)), and state-secret marks (五(一)).

The reading of files leaves what it noticed as traits on documents; here it becomes findings, as
advice for a person. A trait may occur several times; its value says what was noticed, in Chinese.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model.document import Document
from pipeline.model.dossier import Case
from pipeline.model.finding import Finding, FindingEvidence
from validators.findings import found, label_of, paper_evidence
from validators.rulebook_model import Rulebook


@dataclass(frozen=True, slots=True)
class _Notice:
    """A trait and the finding it becomes."""

    trait: str
    code: str
    variant: str


_NOTICES = (
    _Notice("file_edited", "FILE_EDITED", "edited"),
    _Notice("text_layer_differs", "TEXT_LAYER_DIFFERS", "differs"),
    _Notice("signature_broken", "SIGNATURE_BROKEN", "broken"),
    _Notice("signature_unverifiable", "SIGNATURE_BROKEN", "unverifiable"),
    _Notice("code_differs", "CODE_DIFFERS", "differs"),
    _Notice("image_edit_suspected", "IMAGE_EDIT_SUSPECTED", "suspected"),
    _Notice("state_secret_mark", "STATE_SECRET_MARK", "marked"),
)
MARK_WORDS = "密级标志"
"""What the reason of a file contains that was put aside for a state-secret mark."""


def check_noticed(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """八(四), 五(一): what reading noticed about the files, one finding per paper and kind of notice."""
    for document in case.facts.documents:
        for notice in _NOTICES:
            values = trait_values(document, notice.trait)
            if values:
                yield from found(
                    rulebook,
                    notice.code,
                    notice.variant,
                    subject=f"{document.document_id}:{notice.trait}",
                    observed="；".join(values),
                    evidence=[paper_evidence(document)],
                    paper=label_of(document),
                    file=document.file,
                    reason="；".join(values),
                )


def trait_values(document: Document, name: str) -> list[str]:
    """Every value of the trait, in order, without repeats."""
    prefix = f"{name}="
    values = [t.removeprefix(prefix) for t in document.traits if t.startswith(prefix)]
    return list(dict.fromkeys(values))


def check_secret_files(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """五(一): files whose processing stopped at a state-secret mark."""
    for entry in case.facts.quarantined:
        if MARK_WORDS in entry.reason:
            yield from found(
                rulebook,
                "STATE_SECRET_MARK",
                "marked",
                subject=entry.file,
                evidence=[FindingEvidence(file=entry.file)],
                counterfactual="若撤回该文件，则不提出",
                file=entry.file,
                reason=entry.reason.rstrip("。"),
            )


CHECKS = (check_noticed, check_secret_files)
