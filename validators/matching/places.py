"""Names of provinces, and of cities that stand in unit names. Geography, not rules."""

_CITIES = """
四川 成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 阿坝 甘孜 凉山 西昌
北京
天津
上海
重庆
河北 石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水
山西 太原 大同 长治 晋中 临汾 运城
内蒙古 呼和浩特 包头 赤峰 鄂尔多斯
辽宁 沈阳 大连 鞍山 抚顺 锦州 营口
吉林 长春 延边
黑龙江 哈尔滨 齐齐哈尔 大庆 牡丹江
江苏 南京 苏州 无锡 常州 徐州 南通 扬州 镇江 泰州 盐城 淮安 连云港 宿迁 昆山
浙江 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌
安徽 合肥 芜湖 蚌埠 马鞍山 安庆 阜阳
福建 福州 厦门 泉州 漳州 莆田 宁德 龙岩 三明 南平
江西 南昌 九江 赣州 景德镇 上饶
山东 济南 青岛 烟台 潍坊 淄博 济宁 临沂 威海
河南 郑州 洛阳 开封 新乡 南阳 许昌
湖北 武汉 宜昌 襄阳 荆州 黄石
湖南 长沙 株洲 湘潭 衡阳 岳阳 常德
广东 广州 深圳 珠海 佛山 东莞 中山 惠州 汕头 江门 湛江 肇庆
广西 南宁 柳州 桂林 北海
海南 海口 三亚
贵州 贵阳 遵义 六盘水 毕节
云南 昆明 大理 曲靖 玉溪
西藏 拉萨 林芝 日喀则
陕西 西安 咸阳 宝鸡 汉中 榆林
甘肃 兰州 天水 酒泉
青海 西宁
宁夏 银川
新疆 乌鲁木齐 喀什 伊犁
台湾
香港
澳门
"""

CITIES_OF: dict[str, tuple[str, ...]] = {
    line.split()[0]: tuple(line.split()[1:]) for line in _CITIES.strip().splitlines()
}
PROVINCES = tuple(CITIES_OF)
CITIES = tuple(city for cities in CITIES_OF.values() for city in cities)

_PROVINCE_ENDINGS = (
    "特别行政区",
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "自治区",
    "省",
    "市",
)


def province_name(text: str) -> str:
    """The name without 省, 市, 自治区."""
    for ending in _PROVINCE_ENDINGS:
        if text.endswith(ending) and len(text) > len(ending) + 1:
            return text.removesuffix(ending)
    return text


def province_in(text: str) -> str | None:
    """The province whose name, or whose city's name, the text starts with; None when it is neither."""
    for province, cities in CITIES_OF.items():
        if text.startswith((province, *cities)):
            return province
    return None


def is_within(place: str, province: str) -> bool:
    """True when the place is the province or one of its cities."""
    return place == province or place in CITIES_OF.get(province, ())
