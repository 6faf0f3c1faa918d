"""How long the applicant has done network-security work: full months, from when, until when."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from pipeline.model.dossier import Case
from pipeline.model.kinds import DocumentKind
from pipeline.model.values import PartialDate
from validators.comparison import is_trusted, look_for
from validators.contributions import PAID
from validators.rulebook_model import Rulebook
from validators.schooling import graduation


def months_later(day: date, months: int) -> date:
    """The same day of the month `months` later; the month's last day where there is no such day."""
    total = day.year * 12 + day.month - 1 + months
    year, month = total // 12, total % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def full_months(start: date, until: date) -> int:
    """Whole months from `start` to `until`, never below 0."""
    months = (until.year - start.year) * 12 + until.month - start.month
    if months_later(start, months) > until:
        months -= 1
    return max(0, months)


@dataclass(frozen=True, slots=True)
class Tenure:
    """Full months of work: at least and at most, as far as the dates are printed."""

    start: PartialDate
    until: date
    at_least: int
    at_most: int

    def reaches(self, months: int) -> bool | None:
        """True, False, or None when it depends on a day that is not stated."""
        if self.at_least >= months:
            return True
        return False if self.at_most < months else None

    def reached_on(self, months: int) -> date:
        """The day on which so many months are full (by the latest day the start can mean)."""
        return months_later(self.start.latest, months)


def counted_until(case: Case, rulebook: Rulebook) -> date:
    """The day tenure is counted to (`tenure.counting`)."""
    if rulebook.parameters.tenure_counting == "window_close":
        return case.window.closes_on
    return case.declaration.submitted_on


def measure_tenure(case: Case, rulebook: Rulebook) -> Tenure:
    """From the later of graduation and the first day of security work."""
    since = case.declaration.employment.security_work_since
    graduated = graduation(case, rulebook)
    start = max(since, graduated, key=lambda day: (day.latest, day))
    until = counted_until(case, rulebook)
    earliest = max(since.earliest, graduated.earliest)
    return Tenure(start, until, full_months(start.latest, until), full_months(earliest, until))


def supported_since(case: Case, rulebook: Rulebook) -> date | None:
    """The earliest day from which contracts and contributions show employment; None when neither does."""
    contracts = look_for(case.facts.of_kind(DocumentKind.LABOUR_CONTRACT), "starts_on", "signed_on")
    days = [
        PartialDate(o.text).earliest
        for o in contracts.observations
        if is_trusted(rulebook, o.field)
    ]
    paid = [m.row.month for m in case.facts.months if m.row.status in PAID]
    if paid:
        first = min(paid)
        days.append(date(int(first[:4]), int(first[5:7]), 1))
    return min(days, default=None)
