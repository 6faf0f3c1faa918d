"""Whose contributions a paper shows: name and ID number, by label, in a sentence, at the head of a screen."""

import re
from collections.abc import Mapping, Sequence

from extractors.fields import Candidate, FieldSheet, Parsed, from_values, id_number_parser
from extractors.folding import compact
from extractors.labels import Value
from extractors.layout import pages_run, rows_of, text_lines
from extractors.people import person_parser
from extractors.textrun import TextRun
from pipeline.model.reading import PageReading

_NAME_SENTENCE = re.compile(
    r"(?:兹证明|现证明|证明|兹有|参保人员?|您好)[,:]?(?P<value>(?:(?!证明)[^,。;:()0-9]){2,20}?)(?:同志)?"
    r"(?:[,(]?(?:性别:?)?[男女][,)]|[,(]?(?:公民|居民)?身份证?(?:件)?号码?|[,(]社会保障号)"
)
_PAPER_WORD = re.compile(r"参保|缴费|缴纳|社保|保险|月份|状态|基数|险种|待遇|查询|记录|明细|人员")
_GREETING = re.compile(
    r"^(?:您好|你好|Hi|hi)[,!，！]?(?P<value>[^,。;:()0-9]{2,16})[!！]?$"
    r"|^(?P<owner>[^,。;:()0-9]{2,16})(?:[,，]?(?:您好|你好)|的(?:社保|参保|养老|社会保险|电子社保卡))"
)
_ID_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])")
_MASKED_ID = re.compile(
    r"(?:身份证号?码?:?|证件号码?:?)?(?:\d{2,6}[^\d年月日至元.,:/\-—~][^年月日至元.,:/\-—~]{0,13}\d{2,4}[\dXx]"
    r"|[1-9]\d{16}[\dXx])"
)
"""An ID number, whole or with its middle masked; how its stars are read is anybody's guess (★, 女, 食)."""


def read_person(
    sheet: FieldSheet, values: Mapping[str, Sequence[Value]], pages: Sequence[PageReading]
) -> None:
    """Name and ID number: labelled, else in a sentence (兹证明…), else as the head of a screen."""
    run = pages_run(pages)
    sentences = [Candidate(m.group("value"), 0.95) for m in run.finditer(_NAME_SENTENCE)]
    names = [
        *from_values(values["name"]),
        *sentences,
        *_greeted(pages),
        *_names_over_numbers(pages),
    ]
    sheet.take("name", names, _insured_parser, "姓名未能识别或被遮挡")
    numbers = [Candidate(m.group(), 0.95) for m in run.finditer(_ID_IN_TEXT)]
    numbers = numbers if len({m.run.text for m in numbers}) == 1 else []
    sheet.take(
        "id_number",
        [*from_values(values["id_number"]), *numbers],
        id_number_parser,
        "社会保障号码未能识别或被遮挡",
    )


def _greeted(pages: Sequence[PageReading]) -> list[Candidate]:
    """A screen's holder as it greets or owns: 您好，石英; 石英的社保."""
    found: list[Candidate] = []
    for page in pages[:1]:
        for line in text_lines(page):
            match = TextRun.of_line(page, line).compact().search(_GREETING)
            if match:
                found.append(
                    Candidate(match.group("value" if match.has("value") else "owner"), 0.9)
                )
    return found


def _insured_parser(run: TextRun) -> Parsed | None:
    """A person's name that is no word of such papers (参保地, 缴费记录)."""
    parsed = person_parser(run)
    return None if parsed is None or _PAPER_WORD.search(run.compact().text) else parsed


def _names_over_numbers(pages: Sequence[PageReading]) -> list[Candidate]:
    """A screen's holder: a line that is a name, right above or beside a (masked) ID number."""
    found: list[Candidate] = []
    for page in pages[:1]:
        rows = rows_of(text_lines(page))
        for i, row in enumerate(rows):
            near = [compact("".join(line.text for line in close)) for close in rows[i : i + 2]]
            near += [compact(line.text) for line in row]
            if any(_MASKED_ID.fullmatch(text) for text in near):
                found += [Candidate(TextRun.of_line(page, line), 0.9) for line in row]
    return found
