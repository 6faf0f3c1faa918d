"""What the applicant declared, and the window it was declared in. Never seen by extraction."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from pydantic import Field as PydanticField

from pipeline.model.base import Frozen
from pipeline.model.values import Month, PartialDate


class _Declared(BaseModel):
    """Declared data: unknown keys are kept (`model_extra`) and reported, never refused."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Channel(StrEnum):
    PROVINCIAL = "provincial"
    LOCAL = "local"


class TitleLevel(StrEnum):
    """Level of the professional title applied for (二)."""

    BASIC = "员级"
    ASSISTANT = "助理级"
    INTERMEDIATE = "中级"


class EducationLevel(StrEnum):
    """Schooling (学历), in the contract's words."""

    SECONDARY = "中专"
    COLLEGE = "大学专科"
    BACHELOR = "大学本科"
    SECOND_BACHELOR = "第二学士学位"
    MASTER = "硕士研究生"
    DOCTOR = "博士研究生"


class Degree(StrEnum):
    BACHELOR = "学士"
    MASTER = "硕士"
    DOCTOR = "博士"


class EmploymentStatus(StrEnum):
    EMPLOYED = "employed"
    DISPATCHED = "dispatched"
    FREELANCE = "freelance"


class Person(_Declared):
    name: str = PydanticField(min_length=1)
    id_number: str = PydanticField(min_length=1)
    gender: str | None = None
    birth_date: PartialDate | None = None
    former_names: tuple[str, ...] = ()


class Education(_Declared):
    level: EducationLevel
    degree: Degree | None
    institution: str
    major: str
    study_form: str | None = None
    enrolled_on: PartialDate | None = None
    graduated_on: PartialDate
    diploma_number: str
    degree_awarded_on: PartialDate | None = None
    degree_number: str | None = None
    foreign: bool = False


class Employment(_Declared):
    status: EmploymentStatus
    employer: str | None
    employer_uscc: str | None = None
    dispatch_agency: str | None = None
    position: str
    security_work_since: PartialDate


class DeclaredContributions(_Declared):
    first_month: Month
    last_month: Month
    payer: str | None = None


class DeclaredMaterial(_Declared):
    file: str
    declared_kind: str | None = None


class Declaration(_Declared):
    """One applicant's declaration (intake contract)."""

    dossier_id: str
    submitted_on: date
    channel: Channel
    applied_level: TitleLevel
    person: Person
    education: Education
    employment: Employment
    contributions: DeclaredContributions | None = None
    materials: tuple[DeclaredMaterial, ...] = ()


class Window(Frozen):
    """One intake window (`window.toml`)."""

    id: str
    notice: str
    opens_on: date
    closes_on: date


class PriorRecognition(Frozen):
    """A row of `registers/prior_recognitions.csv`."""

    id_number: str
    level: str
    clause: str
    decided_on: date


class Sanction(Frozen):
    """A row of `registers/sanctions.csv`."""

    id_number: str
    established_on: date
    reason: str
