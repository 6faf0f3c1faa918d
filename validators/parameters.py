"""Clauses that can be read in two ways: each a parameter, with both readings beside it."""

from typing import Literal, Self

from pydantic import Field as PydanticField
from pydantic import model_validator

from pipeline.model.base import Frozen

ParameterValue = bool | int | str


class ParameterReading(Frozen):
    value: ParameterValue
    meaning: str = PydanticField(min_length=1)


class Parameter(Frozen):
    """A parameter as the rulebook writes it: the value in force and the readings there are."""

    name: str
    clause: str
    value: ParameterValue
    readings: tuple[ParameterReading, ...] = PydanticField(min_length=2)

    @model_validator(mode="after")
    def _value_is_a_reading(self) -> Self:
        if not any(
            r.value == self.value and type(r.value) is type(self.value) for r in self.readings
        ):
            raise ValueError(f"{self.name}: {self.value!r} is none of its readings")
        return self


class Parameters(Frozen):
    """The values in force, typed. Field names are the parameters' names with `_` for the dot."""

    contributions_window: Literal["before_application_month", "including_application_month"]
    contributions_posting_lag_months: int = PydanticField(ge=0, le=3)
    contributions_insurance_kinds: Literal["pension", "all"]
    contributions_second_bachelor_exempt: bool
    dispatch_applying_unit: Literal["either", "agency", "host"]
    record_validity_unprinted: Literal["cannot_determine", "treat_as_valid"]
    tenure_counting: Literal["application_date", "window_close"]
    publicity_count_start_day: bool

    @property
    def switches(self) -> set[str]:
        """Names of the yes-or-no parameters, as the rulebook writes them."""
        return {
            parameter_name(name)
            for name, field in type(self).model_fields.items()
            if field.annotation is bool
        }

    def is_on(self, name: str) -> bool:
        """True when the yes-or-no parameter of that (dotted) name is on."""
        return bool(getattr(self, field_name(name)))


def field_name(parameter: str) -> str:
    return parameter.replace(".", "_", 1)


def parameter_name(field: str) -> str:
    return field.replace("_", ".", 1)
