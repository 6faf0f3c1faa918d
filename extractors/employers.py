"""Names of employers and other organisations, as papers print them (domain facts, section 8.2)."""

import re
from itertools import pairwise
from statistics import median

from extractors.confidence import Grammar
from extractors.fields import Parsed
from extractors.folding import close_han, fold, is_han
from extractors.places import PLACE_NAME
from extractors.textrun import Glyph, TextRun
from extractors.unit_names import CERTAIN, UNSURE, mended_name
from extractors.unit_words import TRADE_WORDS

_ENDS = (
    "公司", "集团", "中心", "学院", "大学", "学校", "医院", "研究院", "研究所", "设计院", "总队", "支队",
    "办公室", "委员会", "管理局", "银行", "分行", "支行", "合作社", "事务所", "协会", "学会", "商会",
    "基金会", "联合会", "联社", "工厂", "总厂", "厂", "局", "厅", "部", "处", "所", "院", "馆", "站", "台",
    "社", "店", "校", "队", "室", "团", "会", "企业", "合伙", "工作室", "服务部", "经营部", "门市部",
    "办事处", "代表处", "指挥部", "大队", "园区", "信用社", "电视台", "报社", "出版社",
)  # fmt: skip
_ORGANISATION = re.compile(
    r"(?:公司|集团|中心|学院|大学|学校|医院|研究院|研究所|委员会|银行|事务所|协会|局|厅|厂|合伙|办公室)"
)
_CALLED = re.compile(
    r"[(（][^()（）]{0,4}(?:以下|下称|简称|下同)[^()（）]*[)）]?|[,，]?以下(?:简|合)?称.*$|[(（](?:公章|盖章|签章|章)[^)）]*[)）]"
)
_CODE_SUFFIX = re.compile(r"[(（][0-9A-Z]{6,20}[)）]$")
_SEAL_WORDS = re.compile(r"(?:合同|财务|人事|行政|业务|发票)?(?:专用)?章$|(?<=公司)公章$")
_FORMS = ("股份有限公司", "有限责任公司")
_WORN_FORMS = (
    re.compile(r"(?P<liability>有限(?!责任公司)[责资贡贵青]{0,2}任{0,2}公司)(?<!有限公司)$"),
    re.compile(r"股(?:份有|份限|有限)公司$"),
)
"""A legal form with a character lost, doubled or misread that can be no other form."""
_FORM_ALONE = re.compile(
    rf"(?:{'|'.join(sorted(TRADE_WORDS, key=len, reverse=True))}|集团|总|分|子)*(?:股份|有限|责任|集团|控股)*公司"
    rf"(?:(?:{PLACE_NAME.pattern})?分公司)?|(?:{PLACE_NAME.pattern})?市?(?:[分支]公司|[分支]行|营业部)"
)
"""The end of a name whose beginning stands elsewhere, or was not read: no name by itself."""
REPAIR_FORM = "公司名称后缀"
"""Name of the repair: hidden characters of the legal form put back."""
_LONGEST_STRAY = 6
_HOLE = 0.55
"""Space, in line heights over the usual, in which a character is missing."""
_EDGES = " \t\u3000,，。.、:：;；·|_-—~～'\"“”《》<>*"
_BRACKETS = str.maketrans("()", "（）")


def clean_employer(text: str) -> str:
    """An organisation's name without what stands around it: blanks, (以下简称…), (盖章), a code."""
    name = "".join(c if c in "（）" else fold(c) for c in text).replace("_", " ").strip(_EDGES)
    name = _CALLED.sub("", name).strip(_EDGES)
    name = _CODE_SUFFIX.sub("", name).strip(_EDGES)
    return even_brackets(close_han(name))


def even_brackets(name: str) -> str:
    """The name with its brackets of one width, and a lost opening one put back where a place name
    stands right before the closing one (`样例信息成都）有限公司`)."""
    mixed = ("(" in name and "）" in name) or ("（" in name and ")" in name)
    name = name.translate(_BRACKETS) if mixed else name
    closing = re.search(r"[)）]", name)
    if closing and not re.search(r"[(（]", name):
        place = re.search(rf"(?:{PLACE_NAME.pattern}|中国)$", name[: closing.start()])
        if place and place.start() > 0:
            opening = "(" if closing[0] == ")" else "（"
            return name[: place.start()] + opening + name[place.start() :]
    return name


def without_stray_end(name: str) -> str:
    """The name without what stands behind …公司 and ends no name: a seal's words (合同专用章), one or
    two characters of a seal or a rule, a piece of another line."""
    name = _SEAL_WORDS.sub("", name)
    if ends_like_employer(name):
        return name
    end = name.rfind("公司") + 2
    stray = name[end:]
    is_piece = end >= 6 and len(stray) <= _LONGEST_STRAY and all(map(is_han, stray))
    return name[:end] if is_piece else name


def with_whole_form(name: str) -> str:
    """The name with its legal form whole where a character of it was lost or misread (有限任公司)."""
    for pattern in _WORN_FORMS:
        worn = pattern.search(name)
        if worn:
            form = _FORMS[1] if "liability" in worn.groupdict() else _FORMS[0]
            return name[: worn.start()] + form
    return name


def parse_employer(text: str) -> str | None:
    """The organisation's name with its brackets as printed, or None when the text cannot be one."""
    name = without_stray_end(clean_employer(text))
    letters = sum(1 for c in name if is_han(c) or c.isalpha())
    if not 4 <= len(name) <= 60 or letters < 0.7 * len(name) or re.search(r"[:;。?!]|\d{6,}", name):
        return None
    if name[:1] in "(（" or _FORM_ALONE.fullmatch(name):
        return None
    if name.count("（") != name.count("）") or name.count("(") != name.count(")"):
        return None
    return name if ends_like_employer(name) or _ORGANISATION.search(name) else None


def is_end_of_name(text: str) -> bool:
    """True for the end of a unit's name without its beginning: trades and legal form (信息技术有限公司),
    a branch (成都分公司)."""
    return _FORM_ALONE.fullmatch(clean_employer(text)) is not None


def ends_like_employer(name: str) -> bool:
    """True when the name ends as organisations end, a bracketed place or number left aside."""
    bare = re.sub(r"[(（][^()（）]*[)）]$", "", name)
    return bare.endswith(_ENDS) or name.endswith(("（有限合伙）", "(有限合伙)"))


def employer_parser(run: TextRun) -> Parsed | None:
    """A field parser for an organisation's name; None when a part of it was not read (see `has_hole`).

    Characters are put right as `mended_name` says; a name with one that nothing settles is doubtful.
    """
    run = _without_date(_without_sentence(run))
    mended = mended_name(run)
    name = parse_employer(mended.text)
    worn = any(run.compact().search(p) for p in _WORN_FORMS) and mended.text == _printed(run)
    if name is None or worn or (has_hole(run) and not mended.filled):
        return _with_legal_form(run)
    grammar = Grammar.FREE if ends_like_employer(name) else Grammar.LOOSE
    if mended.weakest < UNSURE or _names_no_place(name, mended.weakest):
        grammar = Grammar.DOUBTFUL
    return Parsed(name, grammar, mended.repairs)


_DATE_BEHIND = re.compile(
    r"(?:[12][0-9]{3}|[一二][〇○零Oo九0-9][〇○零一二三四五六七八九Oo0-9]{2})年.{0,12}$"
)
_MOST_STRAYS = 2


def _without_date(run: TextRun) -> TextRun:
    """The run up to the date that stands under a unit's name in a closing, and to the end of the name
    where a letter of the seal stands between the two."""
    plain = run.compact()
    date = plain.search(_DATE_BEHIND)
    if date is None or date.start < _SHORTEST:
        return run
    for end in range(date.start, date.start - _MOST_STRAYS - 1, -1):
        name = parse_employer(plain[:end].raw)
        if name is not None and ends_like_employer(name):
            return plain[:end]
    return plain[: date.start]


_SHORTEST = 4


def _without_sentence(run: TextRun) -> TextRun:
    """The run up to the text that follows a whole name: no unit has a comma in its name."""
    plain = run.compact()
    comma = plain.search("[、,，;；。]")
    if comma is None or comma.start < _SHORTEST:
        return run
    name = parse_employer(plain[: comma.start].raw)
    return plain[: comma.start] if name is not None and ends_like_employer(name) else run


def _names_no_place(name: str, weakest: float) -> bool:
    """True when a branch is named after no place that is known, and a character is not quite certain."""
    branch = re.search(r"公司(?P<place>[^公司]{2,3})分公司$", name)
    return branch is not None and weakest < CERTAIN and not PLACE_NAME.search(branch["place"])


def _printed(run: TextRun) -> str:
    return "".join(run.raw.split())


def _with_legal_form(run: TextRun) -> Parsed | None:
    """The name with its legal form completed, when only characters of the form were hidden and the
    space says how many: 有限责任＿司 can only be 有限责任公司."""
    run = run.compact()
    worn = next((m for p in _WORN_FORMS if (m := run.search(p))), None)
    if worn and not has_hole(run[: worn.start + 1]):
        form = _FORMS[1] if "liability" in worn.match.groupdict() else _FORMS[0]
        name = parse_employer(run[: worn.start].raw + form)
        return Parsed(name, Grammar.LOOSE, (REPAIR_FORM,)) if name else None
    for start in range(len(run) - 3, 3, -1):
        tail = run[start:]
        if tail.text[0] not in "股有" or not tail.text.endswith("司") or has_hole(run[: start + 1]):
            continue
        size = _printed_size(run, start)
        fitting = [
            f for f in _FORMS if len(f) == size and f != tail.text and _is_within(tail.text, f)
        ]
        if len(fitting) == 1:
            name = parse_employer(run[:start].raw + fitting[0])
            return Parsed(name, Grammar.LOOSE, (REPAIR_FORM,)) if name else None
    return None


def _printed_size(run: TextRun, start: int) -> int:
    """How many characters were printed from `start` to the end, by the pitch of those before it."""
    centres = [(g.rect[0] + g.rect[2]) / 2 for g in run.glyphs]
    if not all(_beside(a, b) for a, b in pairwise(run.glyphs)):
        return 0
    pitch = median(b - a for a, b in pairwise(centres[: start + 1]))
    return round((centres[-1] - centres[start]) / pitch) + 1 if pitch > 0 else 0


def _is_within(part: str, whole: str) -> bool:
    """True when the characters of `part` stand in `whole` in that order, from its first on."""
    rest = iter(whole)
    return part[0] == whole[0] and all(c in rest for c in part)


def has_hole(run: TextRun) -> bool:
    """True when neighbouring characters of one row stand much further apart than the others, or one
    over the other: a seal hid what stood between them, and the name would lack it."""
    if run.has_lost_inside():
        return True
    marks = {i for i, c in enumerate(run.text) if c.isspace() or c in "_·.,:;()（）-—"}
    gaps = [
        (i, run.gap_before(i))
        for i in range(1, len(run))
        if i not in marks and i - 1 not in marks and _beside(run.glyphs[i - 1], run.glyphs[i])
    ]
    if len(gaps) < 3:
        return False
    usual = median(gap for _, gap in gaps)
    joints = [gap for i, gap in gaps if run.glyphs[i].line is not run.glyphs[i - 1].line]
    inner = [gap for i, gap in gaps if run.glyphs[i].line is run.glyphs[i - 1].line]
    return any(gap > usual + _HOLE or gap < usual - _HOLE for gap in joints) or any(
        gap > usual + 2 * _HOLE for gap in inner
    )


def _beside(before: Glyph, after: Glyph) -> bool:
    """True when two neighbouring characters stand in one row of one page, not line over line."""
    if before.line is after.line:
        return True
    apart = abs(before.line.centre[1] - after.line.centre[1])
    return before.page is after.page and apart < 0.5 * min(before.line.height, after.line.height)
