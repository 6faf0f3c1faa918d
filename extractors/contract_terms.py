"""The term of a contract: its kind, its first and its last day (domain facts, section 3.1).

The chosen option decides the kind, never the text of the others. A length in words (期限三年) stands
in for a last day that is not printed, and bears out one that was read with a character lost.
"""

import re
from collections.abc import Sequence

from extractors.choices import Choice, Option, choose, find_options
from extractors.confidence import Grammar, field_confidence
from extractors.fields import Candidate, FieldSheet, Parsed, build_field, date_parser, given
from extractors.terms import REPAIR_LENGTH, Length, Term, find_length, first_start, first_term
from extractors.textrun import TextRun
from pipeline.model.document import Field, Unreadable
from pipeline.model.values import PartialDate

KINDS = {
    "open_ended": re.compile(r"无固定期限|聘用至(?:法定)?(?:退休|离退休)"),
    "fixed": re.compile(r"(?<!无)(?<!非)固定期限|有固定期限"),
    "task": re.compile(
        r"以完成[^。;:]{0,14}?任务为(?:劳动合同|合同|聘用)?期限|以完成一定(?:的)?工作"
    ),
}
_TERM_HEAD = re.compile(
    r"(?:劳动合同|聘用合同|合同|聘用|聘期|聘用期|劳动关系)(?:的)?(?:期限|起止)|合同期(?=[:自从为])"
)
_NEXT_HEAD = re.compile(
    r"(?:[二三四]、|第[二三四]章|第[二三四五]条)[^。]{0,4}?(?:工作内容|工作地点|岗位|工作任务|劳动报酬|工作时间)|工作内容和工作地点"
)
_RENEWAL = re.compile(r"续订|续签|续聘|续延|延续|延长(?:劳动|聘用)?合同")
_REACH = 120
"""A renewal's dates stand within so many characters of the word."""
_CERTAINTY = {
    "tick": 0.98,
    "number": 0.98,
    "only": 0.97,
    "others": 0.94,
    "filled": 0.9,
    "unticked": 0.88,
}
_WORN = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[-./年]?(0[1-9]|1[0-2])[-./月]?([0-2]\d|3[01])日?(?!\d)"
)
"""A date of eight digits of which a separator was lost: for cells that hold nothing else."""
REPAIR_SEPARATOR = "日期分隔符"


def read_term(
    sheet: FieldSheet, text: TextRun, starts: Sequence[Candidate], ends: Sequence[Candidate]
) -> None:
    """Kind and dates of the term: from the section on it, from cells of their own, from a renewal."""
    original = _before_renewal(text)
    section = _term_section(original)
    _chosen(sheet, section)
    _labelled(sheet, starts, ends)
    _by_length(sheet, section, text)
    _renewed(sheet, text)


def _before_renewal(text: TextRun) -> TextRun:
    """The text up to a renewal that has dates of its own."""
    renewal = _renewal(text)
    return text if renewal is None else text[: renewal[0]]


def _renewal(text: TextRun) -> tuple[int, Term] | None:
    """Where the last filled-in renewal begins, and its term; None when there is none."""
    found = [
        (m.start, term)
        for m in text.finditer(_RENEWAL)
        if m.start > 0.5 * len(text) and (term := first_term(text[m.start : m.start + _REACH]))
    ]
    return max(found, key=lambda each: each[1].first.value, default=None)


def _chosen(sheet: FieldSheet, section: TextRun) -> None:
    options = find_options(section.text, KINDS)
    choice = choose(section.text, options)
    if choice is None:
        choice = _only_option(section, options)
    if choice is None:
        _without_choice(sheet, section, options)
        return
    option, certainty = choice.option, _CERTAINTY[choice.how]
    run = _option_run(section, options, option)
    _put_kind(sheet, option.key, section[option.start : option.start + 5], certainty)
    term = first_term(run) if option.key == "fixed" else None
    term = term or first_start(run) or first_start(section)
    if term:
        _put_dates(sheet, term, certainty, with_end=option.key == "fixed")
    elif option.key == "fixed":
        sheet.unreadable["ends_on"] = Unreadable(
            name="ends_on",
            reason="合同期限的起止日期未能识别",
            raw=run.text[:60],
            evidence=run[:30].evidence(),
        )


def _labelled(sheet: FieldSheet, starts: Sequence[Candidate], ends: Sequence[Candidate]) -> None:
    """First and last day in cells of their own; both of them make the term fixed."""
    sheet.take("starts_on", starts, _cell_date_parser, "合同起始日未能识别")
    if sheet.text("term_kind") not in ("open_ended", "task"):
        sheet.take("ends_on", ends, _cell_date_parser, "合同终止日未能识别")
    last = sheet.fields.get("ends_on")
    if last is not None and "starts_on" in sheet.fields and "term_kind" not in sheet.fields:
        sheet.put(last.model_copy(update={"name": "term_kind", "value": "fixed", "repairs": ()}))


def _cell_date_parser(run: TextRun) -> Parsed | None:
    parsed = date_parser(run)
    worn = _WORN.search(run.compact().text)
    if parsed is not None or worn is None:
        return parsed
    try:
        value = PartialDate("-".join(worn.groups()))
    except ValueError:
        return None
    return Parsed(str(value), Grammar.CLOSED, (REPAIR_SEPARATOR,))


def _by_length(sheet: FieldSheet, section: TextRun, text: TextRun) -> None:
    """The last day by the first day and a length in words, where no last day was read."""
    if sheet.text("term_kind") in ("open_ended", "task"):
        return
    length = put_end_by_length(sheet, section) or put_end_by_length(sheet, text)
    if length is not None and "term_kind" not in sheet.fields:
        _put_kind(sheet, "fixed", length.run, 0.95)


def put_end_by_length(sheet: FieldSheet, text: TextRun) -> Length | None:
    """Fills `ends_on` from `starts_on` and the length that the text gives; the length that was used."""
    start, length = sheet.text("starts_on"), find_length(text)
    if start is None or length is None or "ends_on" in sheet.fields:
        return None
    if not PartialDate(start).has_day:
        return None
    parsed = Parsed(str(length.last_day(PartialDate(start))), Grammar.LOOSE, (REPAIR_LENGTH,))
    sheet.put(build_field("ends_on", Candidate(length.run, 0.95), given(parsed)))
    return length


def _renewed(sheet: FieldSheet, text: TextRun) -> None:
    """A renewal's last day in place of the first term's; its first day too, unless it carries on."""
    renewal = _renewal(text)
    if renewal is None or renewal[1].last_run is None:
        return
    term = renewal[1]
    before = sheet.text("ends_on")
    if before is None or PartialDate(before).latest >= term.first.value.latest:
        return
    gap = (term.first.value.earliest - PartialDate(before).latest).days
    last = build_field("ends_on", Candidate(term.last_run or term.first_run, 0.95), date_parser)
    first = build_field("starts_on", Candidate(term.first_run, 0.95), date_parser)
    if last is None or first is None:
        return
    sheet.replace(last)
    if gap > 1:
        sheet.replace(first)
    sheet.traits.append("renewed=true")


def _term_section(text: TextRun) -> TextRun:
    """The text from the heading on the term to the next section; all of it when there is none."""
    head = next((m for m in text.finditer(_TERM_HEAD) if _speaks_of_term(text, m.start)), None)
    if head is None:
        return text
    after = text.search(_NEXT_HEAD, head.end)
    return text[head.start : min(after.start if after else len(text), head.start + 900)]


def _speaks_of_term(text: TextRun, start: int) -> bool:
    near = text[start : start + 120]
    return bool(
        find_options(text.text[start : start + 400], KINDS)
        or first_term(near)
        or (first_start(near) and find_length(near))
    )


def _only_option(section: TextRun, options: Sequence[Option]) -> Choice | None:
    """A free-form contract names one kind; or of several kinds exactly one has its blanks filled."""
    kinds = {o.key for o in options}
    boxed = any(o.is_ticked is not None for o in options)
    if len(kinds) == 1 and not any(o.is_ticked is False for o in options):
        return Choice(options[0], "only")
    filled = [
        o for o in options
        if first_term(run := _option_run(section, options, o)) or first_start(run)
    ]  # fmt: skip
    # Boxes that were all read as empty cannot all be: a tick is thin, its box is not.
    ticked = any(o.is_ticked for o in options)
    if len({o.key for o in filled}) == 1 and not ticked:
        return Choice(filled[0], "unticked" if boxed else "filled")
    return None


def _without_choice(sheet: FieldSheet, section: TextRun, options: Sequence[Option]) -> None:
    """A term with no option at all is fixed when it has both ends; options without a choice are open."""
    if not options:
        term = first_term(section)
        if term:
            _put_kind(sheet, "fixed", term.first_run, 0.95)
            _put_dates(sheet, term, 0.97, with_end=True)
        elif find_length(section) is not None and (start := first_start(section)) is not None:
            _put_dates(sheet, start, 0.95, with_end=False)
        return
    first = options[0]
    sheet.unreadable["term_kind"] = Unreadable(
        name="term_kind",
        reason="合同期限的选项未能识别",
        raw=section.text[first.start : first.start + 30],
        evidence=section[first.start : first.start + 5].evidence(),
    )


def _option_run(section: TextRun, options: Sequence[Option], option: Option) -> TextRun:
    """The option's own text: up to the next option of another kind."""
    following = [o.start for o in options if o.start > option.start and o.key != option.key]
    return section[option.start : min(following, default=len(section))]


def _put_kind(sheet: FieldSheet, value: str, run: TextRun, certainty: float) -> None:
    evidence = run.evidence()
    if evidence:
        confidence = field_confidence(run.confidence, certainty, Grammar.CLOSED)
        sheet.put(
            Field(
                name="term_kind", value=value, raw=run.raw, confidence=confidence,
                evidence=evidence,
            )
        )  # fmt: skip


def _put_dates(sheet: FieldSheet, term: Term, certainty: float, *, with_end: bool) -> None:
    sheet.put(build_field("starts_on", Candidate(term.first_run, certainty), date_parser))
    if with_end and term.last_run is not None:
        sheet.put(build_field("ends_on", Candidate(term.last_run, certainty), date_parser))
