"""Characters that reading takes for each other, rare characters, and foldings."""

import unicodedata
from functools import lru_cache

from opencc import OpenCC
from rapidfuzz.distance import Levenshtein

_GROUPS = """
未末 己已巳 士土 日曰 天夭 千干于 大太犬 人入八 工土王 王玉壬 口囗 晴睛 候侯 戊戌戍 刀力 贝见 侍待 历厉 治冶 拔拨 师帅 辨辩辫
毫亳 析折 洒酒 兔免 乌鸟 史吏 云去 竟竞 斤斥 茶荼 幻幼 买卖 今令 旦且 白自 目且 田由甲申 元无 几凡 儿几 丁了 子孑 夫失 午牛年
淮准 弛驰 栋拣 杨扬 析祈 裕俗 植值 慎镇 沈沉 洪供 涛寿 浩洁 瑞端 伟炜玮 婷停 昊吴吕 涵函 萍苹 圆园 兰三 亚业 永水 冰水 丰半
宇字 宁字 宋宗 容客 家宁 宝室 官宫 刚钢 剑创 勤勒 勇男 华毕 博傅 卫已 厚原 友反 叶吐 吉古 同问 名各 君若 启后 和利 哲誓
嘉喜 国园图 圣至 坤珅 城域 培陪 堂常 声戸 处外 夏复 妍研 妮泥 姝妹 娜那 婧靖 孙孔 学字 孟盂 安女 宏宪 定走 尚向 山出 岚风 岩若
峰锋 川州 巧功 帆机 平干 庆厌 广厂 康廉 建健 张弘 强弥 彤形 彦产 彬杉 征证 德得 心必 志忘 忠患 思恩 恒桓 悦锐 情清 惠慧 意竟
成咸 戴载 房户 振振 捷健 政改 敏梅 文丈 新析 方万 旭旮 昌冒 明朋 易昜 星早 春舂 昭照 晓饶 晋普 晨辰 智知 曼蔓 曾会 月用 朝潮
木本 权仅 李季 杰木 松枔 林材 枫疯 柏伯 柯何 柳抑 桂佳 梁粱 梓样 梦楚 森林 楠南 欢观 欣饮 武式 毅殺 民氏 江汪 沛沐 波彼 泽择
洋样 津律 海悔 润涧 淑椒 清请 渊洲 温湿 源原 滨宾 漫慢 灵炅 炎火 烨桦 熙照 燕蒸 爱受 玉主 玲铃 珊册 珍诊 琳林 琪棋 瑜喻
瑶遥 璇旋 璐露 生主 甜话 盛咸 盈盆 真直 石右 磊品 祥样 福副 禹属 秀季 科料 秋秩 程埕 穎颖 立产 竹什 笑关 红江 纯沌 组祖 经径
绍昭 维准 缘绿 罗岁 美关 群郡 翔翊 耀跃 聪职 育盲 胜性 能熊 舒部 良艮 艳绝 芳方 芸云 花化 苏办 英央 茂戊 莉利 莹宝 菁青 菲非
蒋将 蓉容 蓝监 蕾雷 薇微 虎虏 虹虾 衡街 裴斐 西酉 许讦 诗持 诚城 谢射 谷各 豪毫 贤资 贵责 赵起 超起 越赿 路露 辉挥 达太 迎仰
进井 远近 连达 逸免 道首 邓邵 郑关 郭敦 金全 鑫金 钟种 钰玉 铭名 锦绵 长卡 闫闰 阳阴 陆陈 陈阵 雨两 雪雷 雯文 震霞 霖霜 青责清 静净
顺须 韦书 颖颍 飞匕 马鸟 骏俊 高商 魏巍 鸣鸿 鹏朋 鹤鸽 麒麟 黄董 龙尤 龚龙 枰秤坪样 季手 泸沪 技枝 业亚 限跟 责贵 股殷 份分 院阮 职识
"""

_DIGIT_PAIRS = "06 08 17 38 56 68 89 35 27 49 0O 0D 0Q 0C 1I 1L 1T 2Z 5S 6G 8B UV 4A 7T"

_LOOKALIKES: dict[str, set[str]] = {}
for _group in (*_GROUPS.split(), *_DIGIT_PAIRS.split()):
    for _character in _group:
        _LOOKALIKES.setdefault(_character, set()).update(set(_group) - {_character})

DOTS = "·•・･‧∙⋅.。、●﹒"
_PLACEHOLDERS = "*?□■○◯〓?"


def look_alike(one: str, other: str) -> bool:
    """True when reading may take one character for the other."""
    return other in _LOOKALIKES.get(one, ())


def is_rare(character: str) -> bool:
    """True outside the characters of GB 2312: where systems substitute and recognisers guess."""
    if character in DOTS or character.isascii():
        return False
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False


def is_placeholder(character: str) -> bool:
    """True for what a system prints in place of a character it cannot: `＊`, `□`, private use."""
    return character in _PLACEHOLDERS or unicodedata.category(character) in ("Co", "Cn", "So")


def fold(text: str) -> str:
    """NFKC, without any white space or zero-width character."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) != "Cf")


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=4096)
def simplified(text: str) -> str:
    """The text in simplified characters; a soft likeness only (昇 and 升 are two legal names)."""
    return text if text.isascii() else str(_converter().convert(text))


def differing(one: str, other: str) -> list[tuple[str, str]]:
    """What an alignment of both leaves unequal: (part of one, part of other), either may be empty."""
    return [
        (one[op.src_start : op.src_end], other[op.dest_start : op.dest_end])
        for op in Levenshtein.opcodes(one, other)
        if op.tag != "equal"
    ]


def differs_only_in_lookalikes(one: str, other: str, *, at_most: int = 2) -> bool:
    """True when both are equally long and differ in a few look-alike characters only."""
    if len(one) != len(other):
        return False
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return 0 < len(pairs) <= at_most and all(look_alike(a, b) for a, b in pairs)
