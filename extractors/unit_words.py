"""Words that names of units are made of, by which a doubtful character of such a name is settled.

A brand may be any characters; what follows it seldom is: a trade (信息技术, 网络安全), a legal form, a
place. Where all but one character of such a word were read for certain, the word says what the
doubtful one is; a brand's characters are never touched, because no word covers them.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import product

from extractors.places import PLACE_NAME, PLACE_NAMES

_FIELDS = [
    "信息",
    "网络",
    "数据",
    "软件",
    "系统",
    "智能",
    "数字",
    "电子",
    "通信",
    "安全",
    "云计算",
    "大数据",
    "计算机",
    "互联网",
    "物联网",
    "人工智能",
    "密码",
    "政务",
    "工业",
    "自动化",
    "微电子",
    "光电",
    "能源",
    "电力",
    "环保",
    "医疗",
    "教育",
    "文化",
    "传媒",
    "交通",
    "物流",
    "建设",
    "建筑",
    "工程",
    "设计",
    "检测",
    "测评",
    "评估",
    "人力资源",
    "劳务",
    "企业",
    "商务",
    "金融",
    "财务",
    "管理",
    "技术",
    "科技",
]
_TRADES = [
    "技术",
    "科技",
    "安全",
    "服务",
    "工程",
    "集成",
    "软件",
    "测评",
    "检测",
    "咨询",
    "设计",
    "研究",
    "开发",
    "运维",
    "管理",
    "派遣",
    "外包",
    "发展",
    "投资",
    "控股",
    "实业",
    "贸易",
    "商贸",
    "设备",
    "产业",
    "传媒",
    "网络",
    "信息",
    "数据",
    "系统",
    "通信",
    "电子",
    "股份",
    "集团",
    "有限",
    "计算",
]
_FORMS = [
    "有限公司",
    "有限责任公司",
    "股份有限公司",
    "集团公司",
    "集团有限公司",
    "集团股份有限公司",
    "分公司",
    "有限合伙",
    "研究院",
    "研究所",
    "设计院",
    "事务所",
    "委员会",
    "办公室",
    "管理局",
    "服务中心",
    "技术中心",
    "信息中心",
    "数据中心",
    "测评中心",
    "人民政府",
    "人民医院",
    "职业学院",
    "大学",
]
_SHORTEST = 4
"""A word of fewer characters says too little of the one that is in doubt."""
_AHEAD = 2
"""So many characters of the word stand before one that it settles: at its head the word may be a
brand's end (天信达科技 is no 天信息科技)."""

_LONGEST_PLACE = 4
_HARDLY_LESS = 0.5

TRADE_WORDS = frozenset((*_FIELDS, *_TRADES)) - {"股份", "集团", "有限"}
UNIT_WORDS = frozenset(
    {
        word
        for word in (
            *(first + second for first, second in product(_FIELDS, _TRADES) if first != second),
            *(trade + form for trade, form in product((*_FIELDS, *_TRADES), _FORMS)),
            *_FORMS,
            *(f"公司{place}分公司" for place in PLACE_NAMES),
            *(f"({place})" for place in PLACE_NAMES),
        )
        if len(word) >= _SHORTEST
    }
)
_LENGTHS = sorted({len(word) for word in UNIT_WORDS}, reverse=True)


def settled_by_words(
    characters: Sequence[str], doubtful: Sequence[bool]
) -> tuple[str, frozenset[int]]:
    """The (folded) characters as text with doubtful ones as the words around them say, and the
    places of the doubtful ones that a word covers.

    A doubtful character that stands in a word as it was read is settled; another is put right when
    all words that fit around it agree.
    """
    text = "".join(characters)
    settled = {}
    for place in (i for i, doubt in enumerate(doubtful) if doubt):
        said = _said_by_words(text, place, ahead=_AHEAD)
        if text[place] in said or text[place] in _said_by_words(text, place, ahead=0):
            settled[place] = text[place]
        elif len(said) == 1:
            settled[place] = said.pop()
    return "".join(settled.get(i, c) for i, c in enumerate(text)), frozenset(settled)


def place_at_head(
    text: str, doubtful: Sequence[bool], chances: Sequence[Mapping[str, float]]
) -> tuple[int, str] | None:
    """The first doubtful character of the place that the name begins with, and what it is: of what it may
    be (`chances`, by character, its own among them), the only one that makes a place (沪州, where 泸 was
    hardly less likely). A brand may look like a place: what is much less likely is not put in (盾山)."""
    if len(text) != len(doubtful):
        return None
    unsure = [i for i, doubt in enumerate(doubtful) if doubt]
    if not unsure or unsure[0] >= _LONGEST_PLACE:
        return None
    at, limit = unsure[0], unsure[1] if len(unsure) > 1 else len(text)
    fitting = {
        character
        for character in (text[at], *chances[at])
        if (place := PLACE_NAME.match(text[:at] + character + text[at + 1 :]))
        and at < place.end() <= limit
    }
    if len(fitting) != 1:
        return None
    character = fitting.pop()
    likely = character == text[at] or chances[at][character] >= _HARDLY_LESS * max(
        chances[at].values()
    )
    return (at, character) if likely else None


def _said_by_words(text: str, place: int, *, ahead: int) -> set[str]:
    """What the longest words that fit around a place have there, with so many of their characters
    before it (or an opening bracket)."""
    for length in _LENGTHS:
        said: set[str] = set()
        for start in range(max(0, place - length + 1), min(place, len(text) - length) + 1):
            head, tail = text[start:place], text[place + 1 : start + length]
            if len(head) >= ahead or head.startswith("("):
                said |= _BY_CONTEXT.get((head, tail), set())
        if said:
            return said
    return set()


def _by_context() -> dict[tuple[str, str], set[str]]:
    """For each word and place in it: what stands before and behind, and the character between."""
    found: dict[tuple[str, str], set[str]] = {}
    for word in UNIT_WORDS:
        for i, character in enumerate(word):
            found.setdefault((word[:i], word[i + 1 :]), set()).add(character)
    return found


_BY_CONTEXT = _by_context()


_ALIKE = ("泸沪炉庐", "州川洲用", "宜宣宝", "绵锦棉", "巴巳己已", "眉湄", "遂逐", "雅稚", "内肉", "自白目", "乐东",
          "南甫", "阳阴", "充允兑", "德徳", "资咨", "元无", "杭抗", "圳训", "贵责", "都郁", "成戍咸", "广厂")  # fmt: skip
"""Characters of place names and others that a recogniser takes them for."""
_PLACE_SLOT = re.compile(r"\((?P<bracket>[^()]{2,3})\)|公司(?P<branch>[^公司()]{2,3})分公司$")


def with_known_places(text: str) -> str:
    """The (folded) name with a place in brackets or before 分公司 that is none, but looks like exactly
    one, put right (`(沪州)`, `四用分公司`)."""
    for slot in _PLACE_SLOT.finditer(text):
        group = "bracket" if slot["bracket"] else "branch"
        read = slot[group]
        if PLACE_NAME.search(read):
            continue
        likely = [place for place in PLACE_NAMES if _looks_like(read, place)]
        if len(likely) == 1:
            start, end = slot.span(group)
            text = text[:start] + likely[0] + text[end:]
    return text


def _looks_like(read: str, place: str) -> bool:
    """True when one character differs, and by a likeness that recognisers fall for."""
    if len(read) != len(place):
        return False
    odd = [(a, b) for a, b in zip(read, place, strict=True) if a != b]
    return len(odd) == 1 and any(odd[0][0] in group and odd[0][1] in group for group in _ALIKE)
