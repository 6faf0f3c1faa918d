"""Unit names: brackets, place, legal form, branch, subsidiary, renaming, abbreviation, truncation."""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from validators.matching.characters import differs_only_in_lookalikes, fold, simplified
from validators.matching.places import CITIES, PROVINCES, is_within
from validators.matching.verdict import SAME, Verdict, alias, different, doubtful, lookalike

_BRACKETS = str.maketrans("〔【[（〈《]】〕）〉》", "(((((())))))")
_TRAILING_CODE = re.compile(r"\((?:[0-9A-Z]{8,20})\)$")
_TRAILING_ACCOUNT = re.compile(r"\([一二三四五六七八九十]{1,2}\)$")
_BRANCH = re.compile(
    r"^(?P<head>.{4,}?(?:公司|中心|研究院|研究所|设计院|大学|学院|医院|银行|集团|厂|局|社))"
    r"(?P<branch>.{1,14}?(?:分公司|支公司|分行|支行|办事处|分院|分所|分中心|分部|项目部|营业部|代表处))$"
)
_FORM = re.compile(
    r"(?P<form>集团股份有限公司|集团有限责任公司|集团有限公司|股份有限公司|股份公司|有限责任公司|有限公司|"
    r"集团公司|公司|有限合伙|普通合伙|合伙企业)$"
)
_FORM_ALIASES = {
    "有限责任公司": "有限公司",
    "股份公司": "股份有限公司",
    "集团有限责任公司": "集团有限公司",
}
_PLACE_WORDS = sorted((*PROVINCES, *CITIES), key=len, reverse=True)
_PLACE = re.compile(rf"^(?P<place>(?:{'|'.join(_PLACE_WORDS)})(?:省|市|特别行政区)?)")
_COUNTY = re.compile(r"^(?P<place>[\u4e00-\u9fff]{1,3}(?:新区|自治县|自治州|州|县|区))(?=.{4,})")
_BRACKETED_PLACE = re.compile(rf"\((?P<place>(?:{'|'.join(_PLACE_WORDS)})(?:省|市)?)\)")
_TRADES = re.compile(
    r"(?:网络空间|网络安全|信息安全|网络|信息|安全|科技|技术|软件|数据|大数据|数字|智能|智慧|电子|通信|通讯|计算机|系统|集成|工程|"
    r"服务|咨询|云计算|物联网|互联网|检测|测评|评估|认证|研发|开发|应用|产业|发展|投资|控股|实业|管理|人力资源|劳务|派遣|企业|商务|贸易|"
    r"传媒|文化|教育|运营|运维|设备|建设|集团|有限|责任)+$"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's name in its parts. `trade` is what is left: the firm's own name and its line."""

    text: str
    head: str
    branch: str
    places: frozenset[str]
    core: str
    form: str

    @property
    def own_name(self) -> str:
        """The firm's own name (字号) without its line of business, or the core when that is empty."""
        return _TRADES.sub("", self.core) or self.core


@lru_cache(maxsize=4096)
def parse_unit(name: str) -> Unit:
    """The parts of a unit's name."""
    text = fold(name).upper().translate(_BRACKETS)
    text = re.sub(r"[,,。;;:]+$", "", text)
    for tail in (_TRAILING_CODE, _TRAILING_ACCOUNT):
        text = tail.sub("", text)
    branch = ""
    if match := _BRANCH.match(text):
        text_head, branch = match["head"], match["branch"]
    else:
        text_head = text
    places: set[str] = set()
    rest = text_head
    for match in _BRACKETED_PLACE.finditer(rest):
        places.add(_bare(match["place"]))
    rest = _BRACKETED_PLACE.sub("", rest)
    while match := _PLACE.match(rest) or (_COUNTY.match(rest) if places else None):
        places.add(_bare(match["place"]))
        rest = rest[match.end() :]
    form = ""
    if match := _FORM.search(rest):
        form = match["form"]
        rest = rest[: match.start()]
    return Unit(text, text_head, branch, frozenset(places), rest, form)


def _bare(place: str) -> str:
    return place.removesuffix("特别行政区").removesuffix("省").removesuffix("市")


def compare_units(declared: str, observed: str) -> Verdict:
    """How the unit on a paper stands to the declared one."""
    want, seen = parse_unit(declared), parse_unit(observed)
    if want.text == seen.text:
        return SAME
    if not want.text or not seen.text:
        return doubtful("未读出单位名称")
    if want.branch or seen.branch:
        return _branches(want, seen)
    if verdict := _same_core(want, seen):
        return verdict
    if simplified(want.text) == simplified(seen.text):
        return doubtful("仅繁简写法不同")
    if differs_only_in_lookalikes(want.text, seen.text):
        return lookalike("仅形近字不同，可能是读取所致")
    if verdict := _shortened(want, seen):
        return verdict
    if verdict := _related(want, seen):
        return verdict
    return different(f"名称相似度{round(fuzz.ratio(want.text, seen.text))}%")


def _branches(want: Unit, seen: Unit) -> Verdict:
    heads = compare_units(want.head, seen.head)
    if heads.agrees:
        if want.branch == seen.branch:
            return heads
        return doubtful("一方为另一方的分支机构，需查看分支机构营业执照或说明")
    if want.branch == seen.branch:
        return heads
    return heads if heads.likeness.value == "different" else doubtful(f"分支机构，且{heads.reason}")


def _same_core(want: Unit, seen: Unit) -> Verdict | None:
    if want.core != seen.core or not want.core:
        return None
    if not _places_agree(want.places, seen.places):
        return different("字号与行业相同，但所在地不同，是不同的单位")
    if _form(want.form) == _form(seen.form):
        if want.places == seen.places or want.places & seen.places:
            return alias("仅括号、所在地位置或公司类型写法不同")
        return doubtful("一方未写所在地，可能是简称")
    if not want.form or not seen.form:
        return doubtful("一方未写公司类型，可能是简称")
    return doubtful("公司类型不同，可能是改制或更名")


def _form(form: str) -> str:
    return _FORM_ALIASES.get(form, form)


def _places_agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """No place on either side speaks against the other: 四川成都 and 成都 go together."""
    return not one or not other or bool(one & other) or _in_one_province(one | other)


def _in_one_province(places: frozenset[str]) -> bool:
    """One of the places is a province, and the others lie in it."""
    return any(
        all(is_within(place, province) for place in places)
        for province in places
        if province in PROVINCES
    )


def _shortened(want: Unit, seen: Unit) -> Verdict | None:
    short, long = sorted((want, seen), key=lambda unit: (len(unit.text), unit.text))
    if len(short.text) == len(long.text):
        return None
    if len(short.text) >= 6 and not short.form and long.text.startswith(short.text):
        return doubtful("一方的名称不完整，可能被截断")
    if short.form or len(short.text) < 2:
        return None
    bare = short.core or short.text
    if bare in long.core or (len(bare) <= 8 and _is_subsequence(short.text, long.text)):
        return doubtful("一方像是简称，不能当作全称")
    return None


def _is_subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(character in rest for character in short)


def _related(want: Unit, seen: Unit) -> Verdict | None:
    """Names that share the firm's own name: a subsidiary, or the same firm renamed."""
    one, other = want.own_name, seen.own_name
    if "集团" in want.text + seen.text and len(one) >= 2 and one == other:
        return different("像是集团与其子公司，是不同的单位")
    if any("子公司" in unit.text for unit in (want, seen)):
        return different("一方写明为子公司，是不同的单位")
    if one != other or len(one) < 2:
        return None
    if not _places_agree(want.places, seen.places):
        return different("字号相同但所在地不同，是不同的单位")
    return doubtful("字号相同而行业表述不同，可能是更名，也可能是关联单位")
