"""Which pages of a dossier a person looks at first."""

from collections.abc import Iterable, Iterator

from console.answers import Target
from console.views import Pages
from pipeline.facts import PENSION
from pipeline.kept import KeptDossier
from pipeline.model.document import Evidence
from pipeline.model.finding import Severity

_GRAVEST = tuple(Severity)


def pages_by_need(kept: KeptDossier, unsure: Iterable[str] = ()) -> list[int]:
    """The dossier's pages by number: those that findings speak of, gravest first, those of the
    `unsure` values (targets), then the others in their order."""
    index = Pages.of(kept).index
    findings = sorted(kept.report.findings, key=lambda f: _GRAVEST.index(f.severity))
    places = [(e.file, e.page or 0) for f in findings for e in f.evidence]
    places += _places(kept, unsure)
    spoken_of = [index[place] for place in places if place in index]
    return list(dict.fromkeys((*spoken_of, *range(len(kept.pages)))))


def _places(kept: KeptDossier, targets: Iterable[str]) -> Iterator[tuple[str, int]]:
    """File and page of what the targets name."""
    documents = {d.document_id: d for d in kept.facts.documents}
    for target in map(Target.parse, targets):
        document = documents.get(target.first)
        if document is None:
            continue
        evidence: tuple[Evidence, ...] = ()
        if target.kind == "month":
            rows = [r for r in document.months if r.month == target.second]
            evidence = next((r.evidence for r in rows if r.insurance == PENSION), ())
        elif field := document.field(target.second) or document.could_not_read(target.second):
            evidence = field.evidence
        yield from ((document.file, e.page) for e in evidence[:1])
