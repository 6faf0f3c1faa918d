"""What was noticed about the files themselves (八(四)), and state-secret marks (五(一)).

The reading of files leaves what it noticed as traits on documents; here it becomes findings, as
advice for a person. A trait may occur several times; its value says what was noticed, in Chinese.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model.document import Document
from pipeline.model.dossier import Case
from pipeline.model.finding import Finding, FindingEvidence
from validators.findings import field_evidence, found, label_of, paper_evidence
from validators.rulebook_model import Rulebook


@dataclass(frozen=True, slots=True)
class _Notice:
    """A trait and the finding it becomes."""

    trait: str
    code: str
    variant: str


_NOTICES = (
    _Notice("file_edited", "FILE_EDITED", "edited"),
    _Notice("file_patched", "FILE_EDITED", "patched"),
    _Notice("text_layer_differs", "TEXT_LAYER_DIFFERS", "differs"),
    _Notice("signature_broken", "SIGNATURE_BROKEN", "broken"),
    _Notice("signature_unverifiable", "SIGNATURE_BROKEN", "unverifiable"),
    _Notice("code_differs", "CODE_DIFFERS", "differs"),
    _Notice("image_edit_suspected", "IMAGE_EDIT_SUSPECTED", "suspected"),
    _Notice("state_secret_mark", "STATE_SECRET_MARK", "marked"),
)
_ON_PAGE = re.compile(r"(?P<page>\d{1,3})(?:#(?P<field>\w+))?:(?P<text>.+)", re.DOTALL)
MARK_WORDS = "密级标志"
"""What the reason of a file contains that was put aside for a state-secret mark."""


def check_noticed(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """八(四), 五(一): what reading noticed about the files, one finding per paper and kind of notice."""
    for document in case.facts.documents:
        for notice in _NOTICES:
            values = [_Noticed.of(value) for value in trait_values(document, notice.trait)]
            if notice.trait == "code_differs":
                values += _unofficial(document, rulebook)
            if values:
                told = "；".join(value.told for value in values)
                yield from found(
                    rulebook,
                    notice.code,
                    notice.variant,
                    subject=f"{document.document_id}:{notice.trait}",
                    observed=told,
                    evidence=[e for value in values for e in _evidence(document, value)],
                    paper=label_of(document),
                    file=document.file,
                    reason=told,
                )


@dataclass(frozen=True, slots=True)
class _Noticed:
    """The value of a trait: what was noticed, on which page and of which field when it begins with
    `page:` or `page#field:`."""

    text: str
    page: int | None
    field: str | None = None

    @classmethod
    def of(cls, value: str) -> "_Noticed":
        match = _ON_PAGE.fullmatch(value)
        return cls(match["text"], int(match["page"]), match["field"]) if match else cls(value, None)

    @property
    def told(self) -> str:
        return f"第{self.page}页“{self.text}”" if self.page else self.text


def _unofficial(document: Document, rulebook: Rulebook) -> Iterator[_Noticed]:
    """Links of codes that lead to no official host, by the notice's list (none: all are let be)."""
    official = rulebook.codes.official_hosts
    for value in trait_values(document, "code_host"):
        host = _Noticed.of(value)
        if official and not any(host.text == o or host.text.endswith(f".{o}") for o in official):
            yield _Noticed(f"二维码指向{host.text}，不在官方网址之列", host.page)


def _evidence(document: Document, value: _Noticed) -> Iterator[FindingEvidence]:
    field = document.field(value.field) if value.field else None
    if field is not None:
        yield from (e for e in field_evidence(document, field) if e.page == value.page)
        return
    whole = paper_evidence(document)
    yield (
        whole
        if value.page is None
        else whole.model_copy(update={"page": value.page, "raw": value.text})
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
