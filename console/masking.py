"""Masking of what identifies a person: ID numbers, phone numbers and, for the panel, names.

Text is masked here, pictures in `console.covering`; both by the same list of sensitive values.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.kept import KeptDossier
from pipeline.model.checksums import is_valid_id_number
from pipeline.model.document import Document

DOT = "*"
ID_FIELDS = frozenset({"id_number", "employee_id_number"})
NAME_FIELDS = frozenset({"name", "employee", "birth_date", "address"})
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})(?!\d)")
_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Mask:
    """How text of one dossier is shown. With `names`, names are masked too."""

    numbers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    is_open: bool = False

    def __call__(self, text: str | None) -> str:
        """The text with what is sensitive covered."""
        if not text:
            return ""
        if self.is_open:
            return text
        for number in self.numbers:
            text = text.replace(number, cover_number(number))
        for name in self.names:
            text = text.replace(name, cover_name(name))
        text = _LONG_NUMBER.sub(_cover_valid, text)
        return _PHONE.sub(lambda m: f"{m[1]}{DOT * 4}{m[3]}", text)


OPEN = Mask(is_open=True)


def mask_of(kept: KeptDossier, *, also: Iterable[Document] = (), with_names: bool = False) -> Mask:
    """The mask of a dossier: its declared and read ID numbers, and names when asked.

    `also` are papers of it that someone put together otherwise: what was read of them counts too.
    """
    person = kept.dossier.declaration.person
    numbers = {person.id_number}
    names = {person.name, *person.former_names}
    for document in (*kept.facts.documents, *also):
        for field in document.fields:
            if field.name in ID_FIELDS:
                numbers |= {str(field.value), field.raw}
            elif field.name in ("name", "employee"):
                names |= {str(field.value)}
    return Mask(_longest_first(numbers, 6), _longest_first(names, 2) if with_names else ())


def _longest_first(values: Iterable[str], least: int) -> tuple[str, ...]:
    return tuple(sorted({v for v in values if len(v) >= least}, key=lambda v: (-len(v), v)))


def cover_number(number: str) -> str:
    """The first three and last two characters, dots between: `510*************18`."""
    return number[:3] + DOT * max(len(number) - 5, 1) + number[-2:]


def cover_name(name: str) -> str:
    """The family name's first character, then an asterisk for each further one."""
    return name[:1] + "*" * max(len(name) - 1, 1)


def _cover_valid(match: re.Match[str]) -> str:
    return cover_number(match[0]) if is_valid_id_number(match[0].upper()) else match[0]
