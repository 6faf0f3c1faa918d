"""Pledges of integrity (诚信承诺书), 五(二): who pledges, for which unit, when, and whether it is signed."""

import re
from collections.abc import Sequence

from extractors.closing import closing_employers, take_closing_date
from extractors.confidence import Grammar, field_confidence
from extractors.fields import Candidate, FieldSheet
from extractors.layout import rows_of, text_lines
from extractors.parties import label, labelled, whole_text
from extractors.people import dotted_first, people_named, person_parser
from extractors.signatures import Signature, signature_of, signature_traits
from extractors.textrun import TextRun
from extractors.unit_fields import take_unit
from pipeline.model.document import DocumentReading, Evidence, Extraction, Field, Unreadable
from pipeline.model.reading import PageReading

_NAME_LABELS = (
    "承诺人", "承诺人姓名", "承诺人(签字)", "承诺人(签名)", "承诺人签字", "承诺人签名", "申报人", "申报人姓名",
    "申报人(签字)", "申报人(签名)", "本人姓名", "姓名", "本人(签字)", "本人(签名)", "本人签字", "本人签名", "个人签名",
    "承诺人(签字按手印)", "承诺人(手写签名)", "申请人", "申请人(签字)",
)  # fmt: skip
_EMPLOYER_LABELS = (
    "承诺单位", "承诺单位(盖章)", "承诺单位(公章)", "单位(盖章)", "单位(公章)", "单位名称", "工作单位", "所在单位",
    "用人单位", "用人单位(盖章)", "申报单位", "申报单位(盖章)", "单位盖章", "推荐单位", "单位(章)",
)  # fmt: skip
_PLACE = re.compile(r"承诺人|签字|签名|\((?:单位)?(?:盖章|公章|签章)\)|承诺单位|单位[(（]?盖章")

_EMPLOYER_IN_SENTENCE = (
    r"(?:工作单位|所在单位|现工作于|就职于|任职于)(?:为|是|系|:)?(?P<value>[^,，。;:]{4,40})(?=[,，。;])"
    r"|(?:系|为|是)(?P<staff>[^,，。;:]{4,40}?)(?:正式|在职|在编)?(?:职工|员工|工作人员|干部)(?=[,，。;])"
)
"""A sentence that names the unit of the one who pledges, over broken lines."""

_NOT_TOLD = "签字盖章处的笔迹或印章不能判定"
_LABELS = (label("name", _NAME_LABELS), label("employer", _EMPLOYER_LABELS, wraps=True))


def extract_integrity_pledge(document: DocumentReading) -> Extraction:
    """Fields of `integrity_pledge`."""
    sheet = FieldSheet()
    pages = document.pages
    text = whole_text(pages)
    values = labelled(pages, _LABELS)
    names = dotted_first(_printed_first(people_named(text), values["name"]))
    sheet.take("name", names, person_parser, "承诺人姓名未能识别")
    named = [
        Candidate(match.group("value" if match.has("value") else "staff"), 0.94)
        for match in text.finditer(_EMPLOYER_IN_SENTENCE)
    ]
    employers = [*values["employer"], *closing_employers(pages), *named]
    take_unit(sheet, "employer", employers, "承诺单位名称未能识别")
    take_closing_date(sheet, "dated_on", pages)
    traits = signature_traits(pages)
    _signed(sheet, pages, sealed="seal=present" in traits)
    sheet.traits.extend(traits)
    return sheet.extraction()


def _printed_first(
    printed: Sequence[Candidate], labelled_ones: Sequence[Candidate]
) -> list[Candidate]:
    """Candidates for the name, the surest first.

    Behind the label stands a signature, of which a reader loses characters: the sentence that prints
    the same name goes before it. A sentence that says something else may name nobody (本人对…负责).
    """
    signed = next((p.value for c in labelled_ones if (p := person_parser(c.run))), None)
    if not isinstance(signed, str):
        return [*labelled_ones, *printed]
    same = [c for c in printed if _reads_alike(c.run.compact().text, signed)]
    others = [c for c in printed if c not in same]
    return [*same, *labelled_ones, *others]


def _reads_alike(printed: str, signed: str) -> bool:
    """True when two readings can be of one name: no more than a character lost, most of them shared."""
    shared = len(set(printed) & set(signed))
    return abs(len(printed) - len(signed)) <= 1 and 2 * shared >= min(len(printed), len(signed))


def _signed(sheet: FieldSheet, pages: Sequence[PageReading], *, sealed: bool) -> None:
    """Fills `signed`: true where something was written or sealed, false where the place to sign was seen
    to be empty, unread where neither can be told."""
    place = _place_to_sign(pages)
    signature = signature_of(pages)
    if place is None and signature is None:
        return
    seen = "unclear" if signature is None else signature.seen
    evidence, raw = _shown(place, signature)
    if seen == "unclear" and not sealed:
        sheet.unreadable["signed"] = Unreadable(
            name="signed", reason=_NOT_TOLD, raw=raw, evidence=evidence
        )
        return
    signed = sealed or seen == "present"
    reading = place.confidence if place is not None else 1.0
    sheet.put(
        Field(
            name="signed",
            value=signed,
            raw=raw,
            confidence=field_confidence(reading, 0.95 if signed else 0.8, Grammar.CLOSED),
            evidence=evidence,
        )
    )


def _shown(place: TextRun | None, signature: Signature | None) -> tuple[tuple[Evidence, ...], str]:
    """Evidence and text of the signature, else of the place."""
    if signature is not None and (signature.seen == "present" or place is None):
        return signature.evidence, signature.raw
    assert place is not None
    return place.evidence(), place.raw


def _place_to_sign(pages: Sequence[PageReading]) -> TextRun | None:
    """The last row in which a place to sign or seal is printed."""
    found: TextRun | None = None
    for page in pages:
        for row in rows_of(text_lines(page)):
            run = TextRun.of_lines(page, row).compact()
            if _PLACE.search(run.text) and len(run) <= 60:
                found = run
    return found
