"""Label-based patterns of the usual sort: what is commonly written to take fields out of OCR text.

Each kind has, by field, a pattern whose first groups are the value; a date has three (year, month,
day). They are tried on the whole text of the document, in the order the recogniser gave its lines.
"""

import re

_HAN = r"[\u4e00-\u9fff·]"
_GAP = r"[:：\s]*"
_DAY = r"(\d{4})\s*[年.\-/]\s*(\d{1,2})\s*[月.\-/]\s*(\d{1,2})\s*日?"
_MONTH = r"(\d{4})\s*[年.\-/]\s*(\d{1,2})\s*月?"
_NUMERALS = "〇零一二三四五六七八九十"
_HAN_DAY = rf"([{_NUMERALS}○O0]{{4}})年([{_NUMERALS}]{{1,3}})月([{_NUMERALS}]{{1,3}})日"
_HAN_MONTH = rf"([{_NUMERALS}○O0]{{4}})年([{_NUMERALS}]{{1,3}})月"
_NAME = rf"姓\s*名{_GAP}({_HAN}{{2,15}})"
_ID = r"(\d{17}[\dXx])"
_COMPANY = r"([\u4e00-\u9fff（）()]{4,40}?(?:公司|集团|中心|事务所|厂))"
_SCHOOL = r"([\u4e00-\u9fff]{2,20}?(?:大学|学院|学校))"
_GENDER = rf"性\s*别{_GAP}([男女])"


def _after(label: str, value: str) -> str:
    return f"(?:{label}){_GAP}{value}"


def _any_day(label: str) -> list[str]:
    return [_after(label, _DAY), _after(label, _HAN_DAY)]


_RECORD = {
    "name": [_NAME],
    "gender": [_GENDER],
    "birth_date": _any_day(r"出生日期"),
    "institution": [_after(r"学校名称|毕业院校|院校名称", _SCHOOL)],
    "major": [_after(r"专业名称|专业", rf"({_HAN}{{2,20}})")],
    "level": [_after(r"学历层次|层次", rf"({_HAN}{{2,8}}(?:[(（]{_HAN}+[)）])?)")],
    "education_type": [_after(r"学历类别|学历类型", rf"({_HAN}{{2,10}})")],
    "study_form": [_after(r"学习形式", rf"({_HAN}{{2,8}})")],
    "enrolled_on": _any_day(r"入学日期|入学时间"),
    "graduated_on": _any_day(r"毕[(（]?结[)）]?业日期|毕业日期|毕业时间"),
    "conclusion": [_after(r"毕[(（]?结[)）]?业(?:结论)?", r"(毕业|结业)")],
    "diploma_number": [_after(r"证书编号", r"(\d[\d ]{9,22}\d)")],
    "verification_code": [_after(r"在线验证码", r"([A-Z0-9][A-Z0-9 ]{10,18})")],
    "updated_on": _any_day(r"更新日期|制表日期"),
    "valid_until": _any_day(r"验证期至"),
}

PATTERNS: dict[str, dict[str, list[str]]] = {
    "id_card": {
        "name": [_NAME],
        "gender": [_GENDER],
        "birth_date": _any_day(r"出\s*生"),
        "id_number": [_ID],
        "address": [_after(r"住\s*址", r"([^\n]{6,40})")],
        "issuer": [_after(r"签发机关", rf"({_HAN}{{4,20}})")],
        "valid_from": [_after(r"有效期限", r"(\d{4})\.(\d\d)\.(\d\d)")],
        "valid_to": [r"\d{4}\.\d\d\.\d\d\s*[-—]\s*(\d{4})\.(\d\d)\.(\d\d)"],
    },
    "diploma": {
        "name": [rf"(?:学生|研究生|姓\s*名){_GAP}({_HAN}{{2,15}}?)(?=[,，\s]*性别)"],
        "gender": [_GENDER],
        "birth_date": [rf"{_HAN_DAY}\s*生", rf"{_DAY}\s*生"],
        "enrolled_on": [rf"[于自]\s*{_HAN_MONTH}", rf"[于自]\s*{_MONTH}"],
        "graduated_on": [rf"至\s*{_HAN_MONTH}", rf"至\s*{_MONTH}"],
        "institution": [_after(r"校\s*名|学校名称|培养单位", _SCHOOL), _SCHOOL],
        "major": [rf"在(?:本校|我校)?({_HAN}{{2,20}}?)专业"],
        "conclusion": [r"准予(毕业)"],
        "level": [r"(硕士研究生|博士研究生|专升本|本科|专科|中专)"],
        "study_form": [r"(全日制|非全日制|函授|业余|脱产)"],
        "diploma_number": [_after(r"证书编号", r"(\d[\d ]{9,22}\d)")],
        "issued_on": [rf"{_HAN_DAY}\s*(?!.*\d{{4}}年|生)", _DAY],
    },
    "degree_certificate": {
        "name": [rf"({_HAN}{{2,15}})[,，]\s*[男女]"],
        "gender": [r"[,，]\s*([男女])\s*[,，]"],
        "birth_date": [rf"{_HAN_DAY}\s*生", rf"{_DAY}\s*生"],
        "institution": [_SCHOOL],
        "major": [rf"({_HAN}{{2,20}}?)专业"],
        "degree": [r"(学士|硕士|博士)"],
        "degree_field": [rf"授予({_HAN}{{1,3}}学)(?:学士|硕士|博士)"],
        "degree_number": [_after(r"证书编号", r"(\d{12,17})")],
        "degree_awarded_on": [rf"{_HAN_DAY}(?!\s*生)", rf"{_DAY}(?!\s*生)"],
    },
    "education_record": _RECORD,
    "education_query": _RECORD,
    "degree_report": {
        **_RECORD,
        "degree": [_after(r"所授学位|学位层级", rf"{_HAN}*?(学士|硕士|博士)")],
        "institution": [_after(r"学位授予单位", _SCHOOL)],
        "degree_awarded_on": _any_day(r"获学位日期"),
        "degree_number": [_after(r"学位证书编号|证书编号", r"(\d{12,17})")],
    },
    "social_insurance": {
        "name": [_NAME, _after(r"参保人姓名", rf"({_HAN}{{2,15}})")],
        "id_number": [_ID],
        "verification_code": [_after(r"验证码", r"([A-Za-z0-9]{8,20})")],
        "printed_on": _any_day(r"打印(?:时间|日期)|查询(?:时间|日期)"),
        "province": [r"(四川|重庆|云南|贵州|陕西|北京|上海|广东|浙江|江苏)"],
    },
    "labour_contract": {
        "employer": [_after(r"甲\s*方(?:[(（][^)）\n]*[)）])?", _COMPANY)],
        "employee": [_after(r"乙\s*方(?:[(（][^)）\n]*[)）])?", rf"({_HAN}{{2,15}})")],
        "employee_id_number": [_ID],
        "employer_uscc": [_after(r"统一社会信用代码", r"([0-9A-Z]{18})")],
        "starts_on": [rf"自\s*{_DAY}"],
        "ends_on": [rf"至\s*{_DAY}"],
        "signed_on": _any_day(r"签订日期|签署日期|日期"),
        "position": [_after(r"工作岗位|岗位", rf"({_HAN}{{3,15}})")],
    },
    "dispatch_agreement": {
        "agency": [_after(r"派遣单位(?:[(（][^)）\n]*[)）])?", _COMPANY)],
        "host": [_after(r"用工单位(?:[(（][^)）\n]*[)）])?", _COMPANY)],
        "employee": [_NAME],
        "starts_on": [rf"自\s*{_DAY}"],
        "ends_on": [rf"至\s*{_DAY}"],
    },
    "recommendation": {
        "name": [_NAME, rf"推荐({_HAN}{{2,15}}?)同志"],
        "employer": [_after(r"工作单位|推荐单位(?:[(（][^)）\n]*[)）])?", _COMPANY), _COMPANY],
        "conclusion": [r"(同意推荐|不同意推荐|不予推荐)"],
        "dated_on": [_DAY],
    },
    "integrity_pledge": {
        "name": [_NAME, _after(r"承诺人(?:[(（][^)）\n]*[)）])?", rf"({_HAN}{{2,15}})")],
        "employer": [_after(r"(?:工作|承诺)?单位(?:[(（][^)）\n]*[)）])?", _COMPANY)],
        "dated_on": [_DAY],
    },
    "achievement": {
        "name": [_NAME, rf"({_HAN}{{2,15}}?)同志"],
        "role": [_after(r"担任|职务|岗位", rf"({_HAN}{{3,15}})")],
        "issuer": [_COMPANY],
    },
    "foreign_certification": {
        "name": [rf"({_HAN}{{2,15}})[,，]\s*[男女]"],
        "birth_date": [rf"{_DAY}\s*生"],
        "certification_number": [_after(r"认证书?编号|编号", r"(\d{12})")],
        "degree": [r"(学士|硕士|博士)"],
    },
}

_LEVELS = {"本科": "大学本科", "专科": "大学专科"}
_DIGITS = {char: i for i, char in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "O": 0,
    "0": 0,
}


def take_fields(kind: str, text: str) -> dict[str, str]:
    """The values of one document's text, written as the truth writes them."""
    found: dict[str, str] = {}
    for name, patterns in PATTERNS.get(kind, {}).items():
        for pattern in patterns:
            match = re.search(pattern, text)
            if match:
                groups = [g for g in match.groups() if g]
                value = groups[0].replace(" ", "") if len(groups) == 1 else _date(groups)
                found[name] = _LEVELS.get(value, value) if name == "level" else value
                break
    return found


def _date(parts: list[str]) -> str:
    return "-".join(f"{_number(part):02d}" for part in parts)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * (_DIGITS.get(tens, 1) if tens else 1) + (_DIGITS.get(ones, 0) if ones else 0)
    return int("".join(str(_DIGITS.get(char, 0)) for char in text))
