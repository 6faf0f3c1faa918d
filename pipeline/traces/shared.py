"""What a dossier shares, told with its own places: links of the index laid on its traces."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.model.finding import FindingEvidence
from pipeline.model.shared import Shared, SharedKind
from pipeline.traces.links import LISTED, Link
from pipeline.traces.trace import Trace


@dataclass(slots=True)
class _Group:
    """Traces of one thing (a letter has several keys) with the links under them."""

    trace: Trace
    links: list[Link] = field(default_factory=list)

    def told(self) -> Shared:
        named = sorted({d for link in self.links for d in link.dossiers})
        return Shared(
            kind=self.trace.kind,
            what=self.trace.what,
            dossiers=tuple(named[:LISTED]),
            others=max(len(named), *(link.others for link in self.links)),
            same_unit=all(link.same_unit for link in self.links),
            is_of_unit=self.trace.is_of_unit,
            subject=self.trace.subject,
            evidence=self.trace.evidence,
        )


def lay_links(traces: Iterable[Trace], links: Sequence[Link]) -> tuple[Shared, ...]:
    """What the dossier with these traces shares; a page is not told again beside its whole file."""
    by_key = {link.key: link for link in links}
    groups: dict[str, _Group] = {}
    for trace in traces:
        if trace.key in by_key:
            groups.setdefault(trace.subject, _Group(trace)).links.append(by_key[trace.key])
    shared = [group.told() for group in groups.values()]
    whole = {s.evidence[0].file: s for s in shared if s.kind is SharedKind.FILE}
    kept = [s for s in shared if not _is_within(s, whole.get(_file_of(s.evidence)))]
    return tuple(sorted(kept, key=lambda s: (s.kind, s.subject)))


def _file_of(evidence: Sequence[FindingEvidence]) -> str:
    return evidence[0].file if evidence else ""


def _is_within(shared: Shared, whole: Shared | None) -> bool:
    """True for a page or text of a file that is itself shared with the same dossiers."""
    of_pages = (SharedKind.PAGE, SharedKind.CONTRACT, SharedKind.LETTER)
    return (
        whole is not None
        and shared.kind in of_pages
        and shared.others <= whole.others
        and set(shared.dossiers) <= set(whole.dossiers)
    )
