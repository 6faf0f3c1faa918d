"""Common words in the names of schools and units: what breaks one is no other name, but a misreading."""

from rapidfuzz.distance import Levenshtein

from validators.matching.characters import fold

_WORDS = frozenset(
    """
    大学 学院 学校 中学 分校 中心 研究院 研究所 研究生院 职业 技术 技师 技工 教育 培训 中等 高等 高级 专科 专业 继续
    开放 广播 电视 师范 理工 科技 工程 工业 工商 农业 农林 林业 财经 财政 交通 邮电 民族 医科 中医 外语 外国语 政法
    警官 司法 公安 信息 电子 软件 机械 电力 建筑 航空 铁路 轻工 化工 石油 地质 水利 旅游 艺术 体育 传媒 文理 综合
    四川 成都 中国 有限 责任 股份 集团 公司 分公司 网络 安全 数据 大数据 通信 计算机 系统 集成 测评 检测 服务 咨询 智能
    人力 资源 劳务 派遣 管理 投资 产业 发展 建设
    """.split()  # noqa: SIM905 - a list of that many words is easier to read so
)


def breaks_a_word(declared: str, observed: str) -> bool:
    """True when one for one character differs, each inside a common word of the declared name, and
    what was read in its place is no common word."""
    want, seen = fold(declared), fold(observed)
    if len(want) != len(seen) or want == seen:
        return False
    places = [i for i, (a, b) in enumerate(zip(want, seen, strict=True)) if a != b]
    return Levenshtein.distance(want, seen) == len(places) and all(
        _is_in_word(want, i) and not _is_in_word(seen, i) for i in places
    )


def _is_in_word(text: str, place: int) -> bool:
    return any(
        text[start : start + length] in _WORDS
        for length in (2, 3, 4)
        for start in range(max(0, place - length + 1), place + 1)
        if start + length > place
    )


_OF_LABELS = ("签", "盖")
"""Characters of the labels of places to sign and to stamp that are no surname and end no name."""


def has_label_beside(declared: str, observed: str) -> bool:
    """True when the declared name stands whole in what was read, beside a character of a label."""
    want, seen = fold(declared), fold(observed)
    return any(seen in (label + want, want + label) for label in _OF_LABELS)
