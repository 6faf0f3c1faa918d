"""Document kinds, and which fields each kind may carry (report contract, version 1)."""

from enum import StrEnum


class DocumentKind(StrEnum):
    """What a paper is. Codes are part of the public contract."""

    ID_CARD = "id_card"
    DIPLOMA = "diploma"
    DEGREE_CERTIFICATE = "degree_certificate"
    EDUCATION_RECORD = "education_record"
    EDUCATION_CERTIFICATION = "education_certification"
    DEGREE_REPORT = "degree_report"
    FOREIGN_CERTIFICATION = "foreign_certification"
    EDUCATION_QUERY = "education_query"
    ENROLMENT_REPORT = "enrolment_report"
    SOCIAL_INSURANCE = "social_insurance"
    LABOUR_CONTRACT = "labour_contract"
    DISPATCH_AGREEMENT = "dispatch_agreement"
    RECOMMENDATION = "recommendation"
    INTEGRITY_PLEDGE = "integrity_pledge"
    ACHIEVEMENT = "achievement"
    BLANK = "blank"
    UNKNOWN = "unknown"


KIND_LABELS: dict[DocumentKind, str] = {
    DocumentKind.ID_CARD: "居民身份证",
    DocumentKind.DIPLOMA: "毕业证书",
    DocumentKind.DEGREE_CERTIFICATE: "学位证书",
    DocumentKind.EDUCATION_RECORD: "学历证书电子注册备案表",
    DocumentKind.EDUCATION_CERTIFICATION: "高等教育学历认证报告",
    DocumentKind.DEGREE_REPORT: "高等教育学位在线验证（认证）报告",
    DocumentKind.FOREIGN_CERTIFICATION: "国（境）外学历学位认证书",
    DocumentKind.EDUCATION_QUERY: "学历（学位）查询截图",
    DocumentKind.ENROLMENT_REPORT: "学籍在线验证报告",
    DocumentKind.SOCIAL_INSURANCE: "社会保险参保证明",
    DocumentKind.LABOUR_CONTRACT: "劳动（聘用）合同",
    DocumentKind.DISPATCH_AGREEMENT: "劳务派遣协议",
    DocumentKind.RECOMMENDATION: "推荐意见",
    DocumentKind.INTEGRITY_PLEDGE: "诚信承诺书",
    DocumentKind.ACHIEVEMENT: "业绩证明",
    DocumentKind.BLANK: "空白页",
    DocumentKind.UNKNOWN: "未识别材料",
}

_RECORD_FIELDS = (
    "name",
    "gender",
    "birth_date",
    "institution",
    "major",
    "level",
    "education_type",
    "study_form",
    "enrolled_on",
    "graduated_on",
    "conclusion",
    "diploma_number",
    "verification_code",
    "updated_on",
    "valid_until",
)

FIELD_NAMES: dict[DocumentKind, tuple[str, ...]] = {
    DocumentKind.ID_CARD: (
        "name",
        "gender",
        "birth_date",
        "id_number",
        "address",
        "issuer",
        "valid_from",
        "valid_to",
    ),
    DocumentKind.DIPLOMA: (
        "name",
        "gender",
        "birth_date",
        "institution",
        "major",
        "level",
        "study_form",
        "enrolled_on",
        "graduated_on",
        "conclusion",
        "diploma_number",
        "issued_on",
    ),
    DocumentKind.DEGREE_CERTIFICATE: (
        "name",
        "gender",
        "birth_date",
        "institution",
        "major",
        "degree",
        "degree_field",
        "degree_awarded_on",
        "degree_number",
    ),
    DocumentKind.EDUCATION_RECORD: _RECORD_FIELDS,
    DocumentKind.EDUCATION_QUERY: _RECORD_FIELDS,
    DocumentKind.EDUCATION_CERTIFICATION: _RECORD_FIELDS,
    DocumentKind.DEGREE_REPORT: (
        "name",
        "gender",
        "birth_date",
        "institution",
        "major",
        "degree",
        "degree_awarded_on",
        "degree_number",
        "verification_code",
        "updated_on",
    ),
    DocumentKind.FOREIGN_CERTIFICATION: (
        "name",
        "birth_date",
        "institution",
        "country",
        "degree",
        "degree_awarded_on",
        "certification_number",
    ),
    DocumentKind.ENROLMENT_REPORT: (),
    DocumentKind.SOCIAL_INSURANCE: (
        "name",
        "id_number",
        "province",
        "months",
        "printed_on",
        "verification_code",
    ),
    DocumentKind.LABOUR_CONTRACT: (
        "employer",
        "employer_uscc",
        "employee",
        "employee_id_number",
        "term_kind",
        "starts_on",
        "ends_on",
        "position",
        "signed_on",
    ),
    DocumentKind.DISPATCH_AGREEMENT: ("agency", "host", "employee", "starts_on", "ends_on"),
    DocumentKind.RECOMMENDATION: ("name", "employer", "conclusion", "dated_on"),
    DocumentKind.INTEGRITY_PLEDGE: ("name", "employer", "dated_on", "signed"),
    DocumentKind.ACHIEVEMENT: ("title", "name", "role", "period", "issuer"),
    DocumentKind.BLANK: (),
    DocumentKind.UNKNOWN: (),
}
