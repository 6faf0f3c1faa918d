"""Which province a paper on contributions is from: its title, its office, its places, its channel."""

import re
from collections import Counter
from collections.abc import Iterable

from extractors.places import PLACE_NAME, province_of

_PLATFORMS = {
    "四川人社": "四川",
    "天府市民云": "四川",
    "智慧人社": "湖南",
    "粤人社": "广东",
    "粤省事": "广东",
    "zjzwfw": "浙江",
    "浙里办": "浙江",
    "hb12333": "湖北",
    "北京通": "北京",
    "随申办": "上海",
    "渝快办": "重庆",
}

_TITLE = re.compile(
    r"(?:社会保险|社保|养老保险|医疗保险|参保|权益记录)[^，。;；]{0,16}"
    r"(?:证明|凭证|明细|记录单|记录|权益单|对账单|清单|查询|表|情况|信息|账户)"
)
_AGENCY = re.compile(
    r"人力资源和?社会保障|社会保险(?:事业)?(?:管理|基金|经办|服务|局|中心)|社会?保(?:险|障)?局|人社局?|"
    r"医疗保障|医保|政务服务|就业服务"
)


def province_of_title(line: str) -> str | None:
    """The province named in a title line (`四川省社会保险个人参保证明`, `成都市社会保险…`), or None.

    A unit's name in the same line says nothing of where its people are insured.
    """
    title = _TITLE.search(line)
    if title is None or "公司" in line[: title.start()]:
        return None
    return province_of(line[: title.end()])


def province_of_agency(line: str) -> str | None:
    """The province of the office or service hall that a line names, or None."""
    agency = _AGENCY.search(line)
    return province_of(line[: agency.end()]) if agency and len(line) <= 40 else None


def province_of_place_line(line: str) -> str | None:
    """The province of a short line that is nothing but a place, or a place before a dot or a stroke
    (the city chosen on a screen: `成都市 · 养老保险`)."""
    place = re.split(r"[·•|｜/]", line)[0].strip()
    match = PLACE_NAME.match(place)
    rest = place[match.end() :] if match else place
    is_place = (
        match
        and len(place) <= 14
        and re.fullmatch(r"(?:[省市县区州本级\u4e00-\u9fff]{0,10})", rest)
    )
    ends = not rest or rest.endswith(("省", "市", "区", "县", "州", "本级"))
    return province_of(match[0]) if match and is_place and ends else None


def province_of_platform(text: str) -> str | None:
    """The province whose official query channel the text names, or None when none or several."""
    named = {province for word, province in _PLATFORMS.items() if word in text}
    return named.pop() if len(named) == 1 else None


def province_of_places(places: Iterable[str]) -> str | None:
    """The province that all places of insurance lie in; None when they differ or say nothing."""
    named = Counter(p for place in places if (p := province_of(place)))
    return next(iter(named)) if len(named) == 1 else None
