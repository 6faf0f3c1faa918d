"""When a window opens, runs and closes, by the clock of Sichuan."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE_NAME = "Asia/Shanghai"
ZONE = ZoneInfo(ZONE_NAME)
NIGHTLY_AT = time(1, 0)
CLOSING_AT = time(0, 10)
HOURLY_DAYS = 3
"""How many last days of a window have a run every hour."""


@dataclass(frozen=True, slots=True)
class WindowDays:
    """The first and last day of a window; both take uploads, the last one until midnight."""

    opens_on: date
    closes_on: date

    @property
    def opens_at(self) -> datetime:
        return datetime.combine(self.opens_on, time(0), ZONE)

    @property
    def closes_at(self) -> datetime:
        """The midnight that ends the last day."""
        return datetime.combine(self.closes_on + timedelta(days=1), time(0), ZONE)

    @property
    def runs_until(self) -> datetime:
        """Runs may begin for a day more, so that what came in last is read."""
        return self.closes_at + timedelta(days=1)

    @property
    def hourly_from(self) -> date:
        """The first day with a run every hour."""
        return max(self.opens_on, self.closes_on - timedelta(days=HOURLY_DAYS - 1))

    def why_not_now(self, now: datetime) -> str | None:
        """Why no run may begin at `now` (Chinese), or None when one may."""
        if now < self.opens_at:
            return f"尚未开始受理（{self.opens_on} 起）"
        if now >= self.runs_until:
            return f"受理已于 {self.closes_on} 截止"
        return None


@dataclass(frozen=True, slots=True)
class PlannedRuns:
    """When the runs of one deployment begin: an RRULE in local time without a zone, or none."""

    slug: str
    rule: str | None


def plan_runs(days: WindowDays) -> tuple[PlannedRuns, ...]:
    """Nightly until the last days, hourly in those, once when all have passed.

    Rules are bounded, with `DTSTART` and `UNTIL` in local time and without `Z` (with `TZID` and
    `UNTIL…Z` the last night was lost); the zone is given beside.
    """
    nights_end = days.hourly_from - timedelta(days=1)
    nightly = None
    if nights_end >= days.opens_on:
        nightly = _rule(
            datetime.combine(days.opens_on, NIGHTLY_AT),
            datetime.combine(nights_end, NIGHTLY_AT),
            "FREQ=DAILY",
        )
    hourly = _rule(
        datetime.combine(days.hourly_from, time(0, 5)),
        datetime.combine(days.closes_on, time(23, 59)),
        "FREQ=HOURLY",
    )
    closing = datetime.combine(days.closes_on + timedelta(days=1), CLOSING_AT)
    return (
        PlannedRuns("nightly", nightly),
        PlannedRuns("hourly", hourly),
        PlannedRuns("closing", _rule(closing, closing, "FREQ=DAILY")),
    )


def _rule(first: datetime, last: datetime, frequency: str) -> str:
    form = "%Y%m%dT%H%M%S"
    return f"DTSTART:{first.strftime(form)}\nRRULE:{frequency};UNTIL={last.strftime(form)}"
