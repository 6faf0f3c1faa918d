"""国(境)外学历学位认证书 (foreign certification) of the 留学服务中心, in sentences. Facts §1.8."""

import re
from dataclasses import replace

from extractors.certificate_body import births_in, body_of, by_patterns
from extractors.confidence import Grammar
from extractors.fields import (
    FieldSheet,
    Parsed,
    Parser,
    certification_number_parser,
    date_parser,
    degree_parser,
    first_date_parser,
    from_values,
)
from extractors.folding import close_han, fold, is_han
from extractors.labels import Label, label_values
from extractors.names import parse_institution, parse_name, split_former_name
from extractors.textrun import TextRun
from extractors.witness import said_by_codes, witnessed
from pipeline.model.document import DocumentReading, Extraction

LABELS = (
    Label("name", ("姓名",)),
    Label("birth_date", ("出生日期", "出生年月日")),
    Label("country", ("国家/地区", "留学国家", "国家(地区)", "国家或地区", "国别", "所在国家"), strict=True),
    Label("institution", ("学校名称", "授予院校", "毕业院校", "院校名称", "颁证院校", "学校"), wraps=True, strict=True),
    Label("degree", ("所获学位", "所获证书", "所获证书/学位", "学位名称", "获得学位", "证书名称"), wraps=True, strict=True),
    Label("degree_awarded_on", ("学位授予日期", "获学位日期", "授予日期", "获证日期", "证书日期", "颁证日期"), strict=True),
    Label("certification_number", ("认证书编号", "证书编号", "认证编号", "编号"), spread=6.0),
)  # fmt: skip
STOPS = (
    "国籍", "性别", "专业", "认证结论", "出生地", "学习时间", "学习起止时间", "查询网址", "发证日期",
    "签发日期", "中心主任", "主任", "备注", "曾用名",
)  # fmt: skip

_COUNTRIES = (
    "美国|英国|澳大利亚|加拿大|新西兰|日本|韩国|德国|法国|俄罗斯|白俄罗斯|乌克兰|意大利|西班牙|荷兰|爱尔兰|"
    "新加坡|马来西亚|泰国|菲律宾|瑞典|瑞士|挪威|芬兰|丹麦|比利时|奥地利|葡萄牙|波兰|匈牙利|捷克|印度|"
    "中国香港|中国澳门|中国台湾|香港|澳门|台湾|以色列|南非|哈萨克斯坦|蒙古|古巴|希腊|土耳其"
)
_NAMES = (
    r"(?:^|[\n书号])(?P<name>[^,，。:;0-9()\n]{2,40}?(?:\([^)]{2,40}\))?)[,，](?:男|女)[,，]",
    r"(?:^|[\n号])(?P<name>[^,，。:;0-9\n]{2,40}?(?:\([^)]{2,40}\))?)[,，](?:性别)?(?:男|女)?[,，]?(?:中国国籍|国籍)",
)
_COUNTRY_PATTERNS = (
    rf"在(?P<value>{_COUNTRIES})",
    rf"系(?P<value>{_COUNTRIES})(?:的)?(?:正规|政府|教育|高等|公立|私立|经|承认)",
    rf"(?P<value>{_COUNTRIES})[^,，。;]{{0,40}}?(?:大学|学院|学校)",
)
_ENDS = "大学|学院|学校|研究院|理工"
_SCHOOL = rf"[^,，。;:()0-9\n]{{2,40}}?(?:{_ENDS})(?!{_ENDS})"
_LATIN = r"(?:\([^)]+\))?"
_INSTITUTIONS = (
    rf"在(?P<value>{_SCHOOL}){_LATIN}[^,，。;]{{0,40}}?(?:学习|就读|攻读|修读|获得|获|取得|被授予)",
    rf"(?:获得|获)(?P<value>{_SCHOOL}){_LATIN}(?:颁发|授予)",
    rf"(?:由|经查,?)(?P<value>{_SCHOOL}){_LATIN}(?:颁发|授予|系)",
    rf"(?:^|[\n,，。])(?P<value>{_SCHOOL}){_LATIN}系(?:{_COUNTRIES})",
)
_PLACE = re.compile(
    rf"(?P<china>中国)?(?P<place>{_COUNTRIES})(?P<region>特别行政区|地区)?(?P<rest>[^\n]{{3,}})"
)
_BY_PLACE = re.compile(
    r"国立|公立|私立|州立|市立|皇家|中央|科技(?:大学|学院)|理工(?:大学|学院)|工业(?:大学|学院)|外国语|城市大学|"
    r"中文大学|师范|大学|学院|商学院|艺术|教育大学|公开大学|都会大学|浸会"
)
"""Beginnings that make a school's name only together with the place before them (澳大利亚|国立大学)."""
_DEGREES = (
    r"(?:获得|获|授予|颁发的?)(?:的)?(?P<value>[^,，。;()]{0,20}?(?:学士|硕士|博士))(?:\([^)]+\))?(?:荣誉)?学位",
    r"(?P<value>学士|硕士|博士)(?:\([^)]+\))?(?:荣誉)?学位证书",
)
_AWARDED = (
    r"于?(?P<value>[0-9]{4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?)(?:,|，)?(?:获得|获|被授予|取得|毕业)",
    r"(?:学位|证书)(?:授予|颁发)?(?:日期|时间)[:]?(?:为)?(?P<value>[0-9]{4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?)",
    r"(?P<value>[0-9]{4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?)(?:颁发|授予)",
    r"(?P<value>[0-9]{4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?)在[^,，。;至]{2,90}?(?:获得|获|取得)[^,，。;]{2,40}?学位",
)
_NUMBERS = (
    r"(?P<value>教留服认\S{1,4}?[(\[][0-9]{4}[)\]][0-9]{4,6}号)",
    r"编号[:]?(?P<value>[0-9]{12})(?![0-9])",
    r"(?<![0-9])(?P<value>1[0-9]{11})(?![0-9])",
)


def extract_foreign_certification(document: DocumentReading) -> Extraction:
    """Fields of a foreign certification. Trait `former_name` when the paper prints one in brackets.

    Study dates and major are not required: newer forms leave them out.
    """
    sheet = FieldSheet()
    values = label_values(document.pages, LABELS, stops=STOPS)
    body = body_of(document.pages)
    names = by_patterns(body, _NAMES, 0.95)
    said = said_by_codes(document.pages)
    names = from_values(values["name"]) + names
    sheet.take("name", names, witnessed(_name_parser, said), "姓名无法辨认")
    births = from_values(values["birth_date"]) + births_in(body)
    sheet.take("birth_date", births, first_date_parser, "出生日期无法辨认")
    countries = from_values(values["country"]) + by_patterns(body, _COUNTRY_PATTERNS, 0.95)
    sheet.take("country", countries, _country_parser, "国家（地区）无法辨认")
    labelled = from_values(values["institution"])
    sheet.take("institution", labelled, _institution_parser, "学校名称无法辨认")
    schools = by_patterns(body, _INSTITUTIONS, 0.95)
    sheet.take("institution", schools, _school_in(body.text), "学校名称无法辨认")
    degrees = from_values(values["degree"]) + by_patterns(body, _DEGREES, 0.95)
    sheet.take("degree", degrees, degree_parser, "学位无法辨认")
    awarded = from_values(values["degree_awarded_on"]) + by_patterns(body, _AWARDED, 0.93)
    sheet.take("degree_awarded_on", awarded, date_parser, "学位授予日期无法辨认")
    numbers = from_values(values["certification_number"]) + by_patterns(body, _NUMBERS, 0.95)
    number = witnessed(certification_number_parser, said)
    sheet.take("certification_number", numbers, number, "认证书编号格式不符")
    former = body.solid.search(r"曾用名[:]?(?P<value>[^)）,，]{2,30})")
    if former is not None:
        sheet.traits.append(f"former_name={former.group('value').text}")
    return sheet.extraction()


def _name_parser(run: TextRun) -> Parsed | None:
    """The name without brackets (former name, Latin spelling)."""
    text, _ = split_former_name(fold(run.spaced_words()))
    cut = run.compact().search(r"\(")
    parsed = parse_name(text.split("(")[0])
    part = run.compact()[: cut.start] if cut else None
    if parsed is None or (part or run).has_lost_end():
        return None
    return Parsed(parsed, Grammar.FREE, part=part)


def _country_parser(run: TextRun) -> Parsed | None:
    text = close_han(fold(run.text)).strip(" :;.,。")
    if 2 <= len(text) <= 12 and all(is_han(character) for character in text):
        return Parsed(text, Grammar.CLOSED)
    return None


_FOREIGN_NAME = r"\(|(?<=[\u4e00-\u9fff])[^\W\d_\u4e00-\u9fff][^\d\u4e00-\u9fff]{3,}$"


def _institution_parser(run: TextRun) -> Parsed | None:
    """The institution's Chinese name; a foreign name in brackets or behind it stays out of the value."""
    plain = run.compact()
    foreign = plain.search(_FOREIGN_NAME)
    part = plain[: foreign.start] if foreign and foreign.start >= 3 else run
    name = parse_institution(part.text)
    return Parsed(name, Grammar.FREE, part=part) if name else None


def _school_in(text: str) -> Parser:
    """A parser for a school named in a sentence, where the country may stand right before its name.

    英国云岚大学 is a school in 英国, 香港科技大学 bears its place in its name. Where the paper names the
    school again at the head of a clause, that decides; else how such names are made.
    """

    def parser(run: TextRun) -> Parsed | None:
        plain = run.compact()
        found = plain.search(_PLACE)
        if found is None or found.start != 0:
            return _institution_parser(plain)
        place, rest = found.match["place"], found.match["rest"]
        is_told = found.has("china") or found.has("region") or rest.startswith(place)
        named = _heads_clause(text, rest), _heads_clause(text, place + rest)
        keeps = named[1] and not named[0]
        if named[0] == named[1] and not is_told:
            keeps = place in ("香港", "澳门", "台湾") or _BY_PLACE.match(rest) is not None
        parsed = _institution_parser(found.group("rest") if not keeps else plain)
        sure = is_told or named[0] != named[1]
        return parsed if parsed is None or sure else replace(parsed, grammar=Grammar.LOOSE)

    return parser


def _heads_clause(text: str, name: str) -> bool:
    return re.search(rf"(?:^|[\n,，。;:查]){re.escape(name)}(?=[(系])", text) is not None
