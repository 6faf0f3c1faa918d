"""The Chinese words of a report: titles of findings, labels of fields, names of states.

A title names what is to be looked at; it never says whose fault it is.
"""

from pipeline.model.acceptance import Acceptance
from pipeline.model.declaration import Channel, EmploymentStatus
from pipeline.model.document import MonthStatus
from pipeline.model.finding import Outcome, Severity
from pipeline.model.report import Route

ROUTE_LABELS: dict[Route, str] = {
    Route.INCOMPLETE: "需补材料",
    Route.REVIEW: "需人工复核",
    Route.CLEARED: "初核未见问题",
}

ROUTE_SIGNS: dict[Route, str] = {Route.INCOMPLETE: "↩", Route.REVIEW: "!", Route.CLEARED: "✓"}

ROUTE_MEANINGS: dict[Route, str] = {
    Route.INCOMPLETE: "有必需材料未提交或无法读取，请退回申报人补充。",
    Route.REVIEW: "有需要人看的事项，请按下列顺序逐项核对。",
    Route.CLEARED: "未发现阻断或需复核的事项。结论由审核人员作出。",
}

SEVERITY_LABELS: dict[Severity, str] = {
    Severity.BLOCKING: "阻断",
    Severity.REVIEW: "需复核",
    Severity.NOTICE: "提示",
}

SEVERITY_SIGNS: dict[Severity, str] = {
    Severity.BLOCKING: "■",
    Severity.REVIEW: "▲",
    Severity.NOTICE: "●",
}

OUTCOME_LABELS: dict[Outcome, str] = {
    Outcome.MISMATCH: "不一致",
    Outcome.CANNOT_DETERMINE: "无法判定",
    Outcome.NOT_SUBMITTED: "未提交",
}

MONTH_LABELS: dict[MonthStatus, str] = {
    MonthStatus.PAID: "已缴",
    MonthStatus.UNPAID: "未缴",
    MonthStatus.LATE: "补缴",
    MonthStatus.UNKNOWN: "不明",
}

MONTH_SIGNS: dict[MonthStatus, str] = {
    MonthStatus.PAID: "✓",
    MonthStatus.UNPAID: "✕",
    MonthStatus.LATE: "△",
    MonthStatus.UNKNOWN: "?",
}

CHANNEL_LABELS: dict[Channel, str] = {
    Channel.PROVINCIAL: "省级网信系统",
    Channel.LOCAL: "属地职改部门",
}

STATUS_LABELS: dict[EmploymentStatus, str] = {
    EmploymentStatus.EMPLOYED: "在职",
    EmploymentStatus.DISPATCHED: "劳务派遣",
    EmploymentStatus.FREELANCE: "自由职业",
}

SOURCE_LABELS: dict[str, str] = {"text": "文字层", "ocr": "图像识别", "mixed": "文字层与图像识别"}

PART_LABELS: dict[str, str] = {
    "identity": "身份信息",
    "education": "学历学位",
    "contributions": "社会保险",
    "employment": "用人单位",
    "eligibility": "申报条件",
    "materials": "材料完整",
    "integrity": "文件状况",
}

FIELD_LABELS: dict[str, str] = {
    "name": "姓名",
    "gender": "性别",
    "birth_date": "出生日期",
    "id_number": "公民身份号码",
    "address": "住址",
    "issuer": "签发机关",
    "valid_from": "有效期起",
    "valid_to": "有效期止",
    "institution": "院校",
    "major": "专业",
    "level": "学历层次",
    "study_form": "学习形式",
    "enrolled_on": "入学日期",
    "graduated_on": "毕业日期",
    "conclusion": "结论",
    "diploma_number": "毕业证书编号",
    "issued_on": "发证日期",
    "degree": "学位",
    "degree_field": "学位类别",
    "degree_awarded_on": "学位授予日期",
    "degree_number": "学位证书编号",
    "education_type": "学历类别",
    "verification_code": "在线验证码",
    "updated_on": "更新日期",
    "valid_until": "验证有效期至",
    "country": "国家（地区）",
    "certification_number": "认证书编号",
    "province": "参保省份",
    "months": "缴费月份",
    "printed_on": "打印日期",
    "employer": "用人单位",
    "employer_uscc": "统一社会信用代码",
    "employee": "劳动者",
    "employee_id_number": "劳动者身份号码",
    "term_kind": "合同期限类型",
    "starts_on": "起始日期",
    "ends_on": "终止日期",
    "position": "岗位",
    "signed_on": "签订日期",
    "agency": "派遣单位",
    "host": "用工单位",
    "dated_on": "落款日期",
    "signed": "签字或盖章",
    "title": "名称",
    "role": "承担角色",
    "period": "起止时间",
}

VALUE_LABELS: dict[tuple[str, str], str] = {
    ("term_kind", "fixed"): "固定期限",
    ("term_kind", "open_ended"): "无固定期限",
    ("term_kind", "task"): "以完成一定工作任务为期限",
}

FINDING_TITLES: dict[str, str] = {
    "MATERIAL_MISSING": "缺少必需材料",
    "MATERIAL_UNREADABLE": "材料无法读取",
    "MATERIAL_KIND_DIFFERS": "材料类别与申报所填不同",
    "MATERIAL_REPEATED": "材料页重复",
    "MATERIAL_UNKNOWN": "未识别的材料",
    "NAME_MISMATCH": "姓名不一致",
    "ID_NUMBER_INVALID": "身份号码不符合编码规则",
    "ID_NUMBER_MISMATCH": "身份号码不一致",
    "BIRTH_DATE_MISMATCH": "出生日期不一致",
    "GENDER_MISMATCH": "性别不一致",
    "ID_CARD_EXPIRED": "身份证已过有效期",
    "EDUCATION_LEVEL_MISMATCH": "学历层次不一致",
    "DEGREE_MISMATCH": "学位不一致",
    "INSTITUTION_MISMATCH": "院校不一致",
    "MAJOR_MISMATCH": "专业不一致",
    "GRADUATION_DATE_MISMATCH": "毕业日期不一致",
    "DIPLOMA_NUMBER_MISMATCH": "毕业证书编号不一致",
    "DEGREE_NUMBER_MISMATCH": "学位证书编号不一致",
    "CERTIFICATE_NUMBER_INCONSISTENT": "证书编号与证书内容不一致",
    "RECORD_EXPIRED": "学历备案表已过验证有效期",
    "RECORD_VALIDITY_UNKNOWN": "学历备案表有效期无法判定",
    "STUDY_DATES_IMPLAUSIBLE": "学习起止时间需核对",
    "NOT_GRADUATED": "材料未显示毕业",
    "MAJOR_UNRELATED": "专业与网络安全的相近程度需核对",
    "CONTRIBUTIONS_GAP": "社保缴费不连续",
    "CONTRIBUTIONS_LATEST_PENDING": "社保最近一月尚未到账",
    "CONTRIBUTIONS_UNPROVEN": "社保材料未逐月证明",
    "CONTRIBUTIONS_LATE_PAID": "社保有补缴月份",
    "CONTRIBUTIONS_OUTSIDE_PROVINCE": "社保缴纳地不在四川",
    "CONTRIBUTIONS_DECLARED_MISMATCH": "社保月份与申报不一致",
    "PAYER_MISMATCH": "社保最后缴费单位与申报单位不一致",
    "EMPLOYER_MISMATCH": "用人单位不一致",
    "CONTRACT_NOT_IN_FORCE": "合同期限未覆盖申报日",
    "CONTRACT_UNSIGNED": "合同未见签字或盖章",
    "DISPATCH_PARTIES_UNCLEAR": "派遣单位与用工单位无法判定",
    "FREELANCER_HAS_EMPLOYER": "自由职业申报与劳动关系材料不一致",
    "USCC_INVALID": "统一社会信用代码不符合编码规则",
    "EMPLOYER_OUTSIDE_PROVINCE": "单位登记地不在四川",
    "RECOMMENDATION_NEGATIVE": "推荐意见与申报不一致",
    "PLEDGE_UNSIGNED": "承诺书未见签字或盖章",
    "TENURE_SHORT": "工作年限不足",
    "TENURE_UNPROVEN": "工作年限缺少佐证",
    "NO_CLAUSE_MET": "未满足所申报级别的任何条件",
    "PRIOR_RECOGNITION_BARS": "已按三(四)初定，本次申报中级",
    "SANCTION_IN_FORCE": "处于不予受理期限内",
    "SUBMITTED_OUTSIDE_WINDOW": "申报日期不在受理期内",
    "FILE_EDITED": "文件生成后有改动",
    "TEXT_LAYER_DIFFERS": "文字层与页面显示不一致",
    "SIGNATURE_BROKEN": "电子签名未通过验证",
    "CODE_DIFFERS": "二维码内容与印刷内容不一致",
    "IMAGE_EDIT_SUSPECTED": "图像局部需核对",
    "SHARED_ACROSS_DOSSIERS": "与其他申报材料相同",
    "STATE_SECRET_MARK": "出现密级标志，已停止处理",
}


def finding_title(code: str) -> str:
    """The Chinese title of a finding code; the code itself when it has none."""
    return FINDING_TITLES.get(code, code)


def field_label(name: str) -> str:
    """The Chinese label of a field; the name itself when it has none."""
    return FIELD_LABELS.get(name, name)


def part_label(name: str) -> str:
    """The Chinese label of a part of the score; the name itself when it has none."""
    return PART_LABELS.get(name, name)


def value_label(field: str, value: str | bool) -> str:
    """A field's value in the words a reviewer reads."""
    if isinstance(value, bool):
        return "有" if value else "未见"
    return VALUE_LABELS.get((field, value), value)


def acceptance_words(acceptance: Acceptance) -> str:
    """From which confidence on values were accepted, and why from there (Chinese)."""
    least, most = f"{acceptance.least:.1%}", f"{acceptance.most:.1%}"
    said = least if least == most else f"{least}～{most}（因字段而异）"
    if acceptance.target is None:
        return f"{said}，由管理员指定"
    return f"{said}，按采信值出错不超过 {acceptance.target:.2%} 推定"


def confidence_words(confidence: float, accepted: float) -> str:
    """A confidence (0–1) as a word and a number, e.g. "高 98%"; below `accepted` it is "低"."""
    word = "低" if confidence < accepted else "中" if confidence < 0.95 else "高"
    return f"{word} {int(confidence * 100 + 1e-9)}%"
