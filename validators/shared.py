"""What stands in dossiers of other people too (八(四)): for a person to compare, no verdict."""

from collections.abc import Iterator

from pipeline.model.dossier import Case
from pipeline.model.finding import Finding
from pipeline.model.shared import Shared, SharedKind
from validators.findings import found, joined
from validators.rulebook_model import Rulebook


def check_shared(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """八(四): one file, page, certificate number, code or contract in two people's dossiers."""
    for shared in case.shared:
        yield from found(
            rulebook,
            "SHARED_ACROSS_DOSSIERS",
            _variant(shared),
            subject=shared.subject,
            observed=shared.what,
            evidence=shared.evidence,
            counterfactual=f"若{shared.what}只出现在本份申报中，则不提出",
            what=shared.what,
            dossiers=_told(shared),
        )


def _variant(shared: Shared) -> str:
    """Letters are written from templates, and a unit draws up some papers once for its staff."""
    if shared.kind is SharedKind.LETTER:
        return "wording"
    return "unit" if shared.same_unit and shared.is_of_unit else "shared"


def _told(shared: Shared) -> str:
    named = joined(shared.dossiers)
    return named if shared.others <= len(shared.dossiers) else f"{named}等{shared.others}份"


CHECKS = (check_shared,)
