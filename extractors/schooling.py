"""The closed words of schooling: levels, degrees, types, forms, conclusions (intake contract)."""

import re

from extractors.folding import compact

_LEVELS: tuple[tuple[str, str], ...] = (
    (r"第二学士", "第二学士学位"),
    (r"博士", "博士研究生"),
    (r"硕士", "硕士研究生"),
    (r"专升本|专科起点升?本科|高起本|高升本|本科", "大学本科"),
    (r"高职|高起专|高升专|专科|大专|高等职业", "大学专科"),
    (r"中专|中等专业|中等职业|中职|技工学校|职业高(?!等)|职业技术学校", "中专"),
)
_DEGREES: tuple[tuple[str, str], ...] = (
    (r"博士", "博士"),
    (r"硕士", "硕士"),
    (r"学士", "学士"),
)
FIELDS = (
    "哲学", "经济学", "法学", "教育学", "文学", "历史学", "理学", "工学", "农学", "医学", "军事学",
    "管理学", "艺术学", "交叉学科",
)  # fmt: skip
_PROFESSIONAL = (
    "金融 应用统计 税务 国际商务 保险 资产评估 审计 数字经济 法律 社会工作 警务 知识产权 国际事务 教育 体育 "
    "国际中文教育 汉语国际教育 应用心理 翻译 新闻与传播 出版 文物与博物馆 博物馆 应用地理 气象 建筑 建筑学 城乡规划 "
    "城市规划 电子信息 机械 材料与化工 资源与环境 能源动力 土木水利 生物与医药 交通运输 风景园林 工程 农业 兽医 林业 "
    "食品与营养 临床医学 口腔医学 公共卫生 护理 药学 中药学 中药 中医 医学技术 针灸 军事 联合作战指挥 军事智能 工商管理 "
    "公共管理 会计 旅游管理 图书情报 工程管理 音乐 舞蹈 戏剧与影视 戏曲与曲艺 美术与书法 设计 艺术 密码 软件工程 "
    "高级管理人员工商管理 项目管理 物流工程 工业工程 计算机技术"
)
PROFESSIONAL_FIELDS = frozenset(_PROFESSIONAL.split())
"""Kinds of professional degrees (专业学位类别), of the catalogues of 1997 to 2022."""
_MISREAD_FIELDS = {
    "ヱ学": "工学", "エ学": "工学", "王学": "工学", "土学": "工学", "二学": "工学", "埋学": "理学",
    "醫学": "医学", "文学": "文学", "管埋学": "管理学", "艺木学": "艺术学", "经济字": "经济学",
    "工字": "工学", "理字": "理学", "管理字": "管理学", "法字": "法学", "历史字": "历史学",
}  # fmt: skip
_TYPES: tuple[tuple[str, str], ...] = (
    (r"自学考试|自考", "自学考试"),
    (r"网络", "网络教育"),
    (r"开放", "开放教育"),
    (r"成人", "成人高等教育"),
    (r"研究生", "研究生"),
    (r"普通", "普通高等教育"),
)
_FORMS: tuple[tuple[str, str], ...] = (
    (r"非全日制", "非全日制"),
    (r"普通全日制", "普通全日制"),
    (r"全日制", "全日制"),
    (r"函授", "函授"),
    (r"夜大", "夜大学"),
    (r"业余", "业余"),
    (r"脱产", "脱产"),
    (r"网络教育|远程教育|网络", "网络教育"),
    (r"开放教育|开放", "开放教育"),
    (r"自学考试|自考", "自学考试"),
)
_CONCLUSIONS: tuple[tuple[str, str], ...] = (
    (r"结业", "结业"),
    (r"肄业|肆业", "肄业"),
    (r"在籍|在读", "在籍"),
    (r"毕业", "毕业"),
)


def _first(words: tuple[tuple[str, str], ...], text: str) -> str | None:
    plain = compact(text)
    return next((word for pattern, word in words if re.search(pattern, plain)), None)


def parse_level(text: str) -> str | None:
    """The schooling level in the contract's words; None when none is named (研究生 alone is none)."""
    return _first(_LEVELS, text)


def level_of_number(level_code: str) -> str | None:
    """The level that digits 11–12 of a diploma number stand for (§1.3)."""
    return {
        "01": "博士研究生", "02": "硕士研究生", "04": "第二学士学位", "05": "大学本科",
        "06": "大学专科",
    }.get(level_code)  # fmt: skip


def parse_degree(text: str) -> str | None:
    """学士, 硕士 or 博士; None when none is named."""
    return _first(_DEGREES, text)


def parse_degree_field(text: str) -> str | None:
    """The field of an academic degree (工学 …) or the kind of a professional one (工程 …).

    `text` is what stands before 学士/硕士/博士, e.g. 工学, 工程, 公共管理; None when it is neither a
    field of the official list nor can be a professional one.
    """
    plain = compact(text).strip(",.:;、，。()“”\"'")
    plain = _MISREAD_FIELDS.get(plain, plain)
    if plain in FIELDS:
        return plain
    if f"{plain}学" in FIELDS:
        return f"{plain}学"
    return plain if re.fullmatch(r"[\u4e00-\u9fff]{2,10}", plain) else None


def parse_education_type(text: str) -> str | None:
    """学历类别 in one word: 普通高等教育, 成人高等教育, 网络教育, 开放教育, 自学考试, 研究生."""
    return _first(_TYPES, text)


def parse_study_form(text: str) -> str | None:
    """学习形式 in one word (普通全日制, 函授, 业余, 脱产 …)."""
    return _first(_FORMS, text)


def parse_conclusion(text: str) -> str | None:
    """毕业, 结业, 肄业 or 在籍; None when none is named."""
    return _first(_CONCLUSIONS, text)


def parse_gender(text: str) -> str | None:
    """男 or 女; None when neither, or both, stand there."""
    plain = compact(text)
    found = {character for character in plain if character in "男女"}
    return found.pop() if len(found) == 1 and len(plain) <= 4 else None
