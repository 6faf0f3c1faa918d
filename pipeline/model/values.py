"""Months and partial dates: small immutable value types that serialise as plain strings."""

import re
from datetime import date
from typing import Any, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_PARTIAL = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


class _StringValue(str):
    """A checked string: pydantic validates it by building it."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls, core_schema.str_schema())


class Month(_StringValue):
    """A calendar month, `YYYY-MM`. Orders and compares as its text does.

    Raises `ValueError` when the text is not a month of the years 1900–2199.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        match = _MONTH.fullmatch(text)
        if not match or not (1900 <= int(match[1]) <= 2199 and 1 <= int(match[2]) <= 12):
            raise ValueError(f"not a month (YYYY-MM): {text!r}")
        return super().__new__(cls, text)

    @classmethod
    def of(cls, year: int, month: int) -> Self:
        return cls(f"{year:04d}-{month:02d}")

    @property
    def ordinal(self) -> int:
        """Months since year 0; the difference of two ordinals is a number of months."""
        return int(self[:4]) * 12 + int(self[5:7]) - 1

    def plus(self, months: int) -> "Month":
        total = self.ordinal + months
        return Month.of(total // 12, total % 12 + 1)

    @staticmethod
    def span(first: "Month", last: "Month") -> tuple["Month", ...]:
        """Every month from `first` to `last`, both included; empty when `last` is earlier."""
        return tuple(first.plus(i) for i in range(last.ordinal - first.ordinal + 1))


class PartialDate(_StringValue):
    """A date as printed: `YYYY-MM-DD`, or `YYYY-MM` where no day is printed.

    Raises `ValueError` for anything else, including days that do not exist.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        match = _PARTIAL.fullmatch(text)
        if not match:
            raise ValueError(f"not a date (YYYY-MM-DD or YYYY-MM): {text!r}")
        date(int(match[1]), int(match[2]), int(match[3] or 1))
        if not 1900 <= int(match[1]) <= 2199:
            raise ValueError(f"year out of range 1900-2199: {text!r}")
        return super().__new__(cls, text)

    @classmethod
    def of(cls, year: int, month: int, day: int | None = None) -> Self:
        return cls(f"{year:04d}-{month:02d}" + (f"-{day:02d}" if day is not None else ""))

    @property
    def has_day(self) -> bool:
        return len(self) == 10

    @property
    def month(self) -> Month:
        return Month(self[:7])

    @property
    def earliest(self) -> date:
        """The first day the printed text can mean."""
        return date(int(self[:4]), int(self[5:7]), int(self[8:]) if self.has_day else 1)

    @property
    def latest(self) -> date:
        """The last day the printed text can mean."""
        if self.has_day:
            return self.earliest
        following = self.month.plus(1)
        return date.fromordinal(date(int(following[:4]), int(following[5:7]), 1).toordinal() - 1)

    def agrees_with(self, other: "PartialDate") -> bool:
        """True when both can mean the same day (a missing day agrees with every day)."""
        shorter = min(len(self), len(other))
        return self[:shorter] == other[:shorter]
