"""The list for publication (公示名单) and the days it hangs, on the State Council's calendar."""

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.masking import cover_number
from console.schema import DossierRow
from console.states import Decision, State
from pipeline.errors import ChuheError
from pipeline.kept import KeptDossier

LEAST_DAYS = 5


class CalendarUnknown(ChuheError):
    """The working-day calendar does not hold a year that is needed: nothing is guessed."""

    code = "CALENDAR_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day of publication, both included in what is announced."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: the number masked, the person named as publication asks."""

    number: int
    dossier_id: str
    name: str
    id_number: str
    employer: str
    level: str


def publication_period(
    published_on: date, *, days: int = LEAST_DAYS, counts_start_day: bool = False
) -> Period:
    """From the day of publication to the last of `days` working days.

    Day 1 is the working day after publication, or that day itself with `counts_start_day`.
    Raises `CalendarUnknown` for a day of a year that the calendar does not hold.
    """
    if days < LEAST_DAYS:
        raise ValueError(f"at least {LEAST_DAYS} working days (五(三))")
    day = published_on
    counted = int(counts_start_day and is_working_day(day))
    while counted < days:
        day += timedelta(days=1)
        counted += is_working_day(day)
    return Period(published_on, day)


def is_working_day(day: date) -> bool:
    """True for a working day by the State Council's notices. Raises `CalendarUnknown`."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as error:
        raise CalendarUnknown(
            f"the working-day calendar does not know {day.year} (asked for {day.isoformat()})",
            untouched="No list was made.",
            next_step="Install a chinesecalendar that holds that year, then try again.",
        ) from error


def passed_rows(session: Session, window_id: str) -> list[DossierRow]:
    """Dossiers that were decided to go on, by id."""
    rows = session.scalars(
        select(DossierRow)
        .where(
            DossierRow.window_id == window_id,
            DossierRow.state == str(State.DECIDED),
            DossierRow.outcome == str(Decision.PASSED),
        )
        .order_by(DossierRow.dossier_id)
    )
    return list(rows)


def entry_of(number: int, row: DossierRow, kept: KeptDossier) -> Entry:
    """The dossier's line; its ID number shows the first three and last two characters."""
    return Entry(
        number=number,
        dossier_id=row.dossier_id,
        name=row.name,
        id_number=cover_number(kept.dossier.declaration.person.id_number),
        employer=row.employer,
        level=row.applied_level,
    )
