"""Surnames, to choose between two readings of one name. Never to refuse a name: many people have none
of these, or have theirs at another place."""

from extractors.folding import is_han

_SINGLE = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤"
    "花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄"
    "米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万"
    "支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊惠甄曲家封芮羿储靳汲邴糜松井"
    "段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从"
    "鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿"
    "阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那"
    "简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖付邸代仝苟冼佟宾帅楚闫涂岳苑令鹿展逢晋佘么上海门楼朴"
)
_TWO = (
    "万俟 司马 上官 欧阳 夏侯 诸葛 闻人 东方 赫连 皇甫 尉迟 公羊 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 公孙 "
    "仲孙 轩辕 令狐 钟离 宇文 长孙 慕容 鲜于 闾丘 司徒 司空 端木 独孤 南宫 呼延 拓跋 东郭 百里 西门 第五"
)
_DOUBLE = frozenset(_TWO.split())
_KNOWN = frozenset(_SINGLE)


def begins_with_surname(name: str) -> bool:
    """True for a name of two to four ideographs that begins with a surname of the list."""
    if not 2 <= len(name) <= 4 or not all(map(is_han, name)):
        return False
    return name[0] in _KNOWN or name[:2] in _DOUBLE


def surname_prefers_second(first: str, second: str) -> bool:
    """True when two readings differ in their first character alone, only the second one's makes a
    surname, and the first one's is an everyday character: those are what rare ones are taken for."""
    return (
        _is_everyday(first[:1])
        and len(first) == len(second)
        and first[1:] == second[1:]
        and not begins_with_surname(first)
        and begins_with_surname(second)
    )


def _is_everyday(character: str) -> bool:
    """True for a character of the first level of GB 2312, which holds the common ones."""
    code = character.encode("gb2312", "ignore")
    return len(code) == 2 and 0xB0 <= code[0] <= 0xD7
