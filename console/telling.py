"""What a finding says, in the reader's language: the report's own sentence, or its parts in English.

A report is Chinese. Its sentences are made from the rulebook's; read back by that, their parts stand
in an English sentence. What is not known in English stays Chinese and is marked as that.
"""

import re
import string
from dataclasses import dataclass
from functools import cache

from console.masking import Mask
from console.pages import findings_in_english, label
from pipeline.model.finding import Finding
from pipeline.model.kinds import KIND_LABELS
from pipeline.rulebooks import Rulebook

_HAN = re.compile(r"[\u3400-\u9fff]")
_COMPARED = "compared"


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a sentence. `is_chinese` on an English page only: it is marked there."""

    text: str
    is_chinese: bool = False


Sentence = tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells findings that were made with `rulebook`, masked, in `language`."""

    rulebook: Rulebook
    mask: Mask
    language: str = "zh"

    def __call__(self, finding: Finding) -> Sentence:
        """What the finding says."""
        if self.language == "en":
            found = _in_english(finding, self.rulebook)
            if found is not None:
                return tuple(Words(self.mask(w.text), w.is_chinese) for w in found)
        return self.cite(finding.message)

    def cite(self, text: str | None) -> Sentence:
        """A Chinese text as it is."""
        shown = self.mask(text)
        is_marked = self.language != "zh" and _HAN.search(shown) is not None
        return (Words(shown, is_marked),) if shown else ()


def english_sentence(code: str, variant: str) -> str | None:
    """The English sentence of a variant, with its placeholders; None when there is none."""
    english = findings_in_english()
    sentences = english["sentence"]
    own: str | None = sentences.get(code, {}).get(variant)
    what = english[_COMPARED].get(code)
    if own is None and what is not None and variant in sentences[_COMPARED]:
        return str(sentences[_COMPARED][variant]).replace("{what}", what)
    return own


def _in_english(finding: Finding, rulebook: Rulebook) -> Sentence | None:
    rule = rulebook.rule(finding.code)
    for variant, message in rule.messages.items() if rule else ():
        known = {
            "declared": finding.declared,
            "observed": finding.observed,
            "clause": finding.clause,
        }
        parts = read_back(message.text, finding.message, {k: v for k, v in known.items() if v})
        sentence = english_sentence(finding.code, variant)
        if parts is not None and sentence is not None and message.outcome is finding.outcome:
            return _fill(sentence, {**{k: v or "" for k, v in known.items()}, **parts})
    return None


def read_back(template: str, text: str, known: dict[str, str]) -> dict[str, str] | None:
    """The words with which `template` was filled to make `text`; None when it was not.

    >>> read_back("{first}至{last}", "2022-07至2022-12", {"last": "2022-12"})
    {'first': '2022-07', 'last': '2022-12'}
    """
    pattern, seen = "", set[str]()
    for literal, name, _, _ in string.Formatter().parse(template):
        pattern += re.escape(literal)
        if name is None:
            continue
        if name in seen:
            pattern += f"(?P={name})"
        else:
            pattern += f"(?P<{name}>{re.escape(known[name]) if name in known else '.*?'})"
        seen.add(name)
    found = re.fullmatch(pattern, text, re.DOTALL)
    return found.groupdict() if found else None


def _fill(sentence: str, parts: dict[str, str]) -> Sentence:
    """The sentence with its parts, each in English where that is known."""
    pieces: list[Words] = []
    for literal, name, _, _ in string.Formatter().parse(sentence):
        pieces.append(Words(literal))
        if name is not None:
            pieces.extend(_in_words(parts.get(name, "")))
    return tuple(piece for piece in pieces if piece.text)


def _in_words(text: str) -> Sentence:
    """A part of a sentence: a value as it is, a known word or phrase in English."""
    if not _HAN.search(text):
        return (Words(text.replace("、", ", ")),)
    if re.fullmatch(r"[\d\-至、]+", text):
        return (Words(text.replace("至", " to ").replace("、", ", ")),)
    known = _known(text)
    if known is not None:
        return known
    for mark, between in (("；", "; "), ("、", ", ")):
        if mark in text:
            found = [_known(piece) or (Words(piece, True),) for piece in text.split(mark)]
            return tuple(w for i, f in enumerate(found) for w in (Words(between if i else ""), *f))
    return (Words(text, True),)


def _known(text: str) -> Sentence | None:
    kind = _kinds().get(text)
    if kind is not None:
        return (Words(kind),)
    for template, meaning in findings_in_english()["words"].items():
        parts = read_back(template, text, {})
        if parts is not None:
            return _fill(meaning, parts)
    return None


@cache
def _kinds() -> dict[str, str]:
    return {said: label("en", "kind", kind) for kind, said in KIND_LABELS.items()}
