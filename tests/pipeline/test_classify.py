"""Kinds by combinations of anchors, and pages put together into papers."""

from collections.abc import Sequence

import pytest

from pipeline.classify import split_material
from pipeline.classify.pages import classify_page
from pipeline.model.document import DocumentReading
from pipeline.model.kinds import DocumentKind as Kind
from pipeline.model.reading import MaterialReading, PageReading
from tests.extractors.drawn_pages import Drawing

ID_FRONT = (
    "姓名林样例",
    "性别男民族汉",
    "出生1996年3月8日",
    "住址四川省云岚县长街19号",
    "公民身份号码510102199603081239",
)
ID_BACK = ("中华人民共和国", "居民身份证", "签发机关云岚县公安局", "有效期限2016.10.08-2036.10.08")
DIPLOMA = (
    "普通高等学校",
    "毕业证书",
    "学生林样例性别男，一九九六年三月八日生，于二〇一五年九月至二〇一九年六月在本校",
    "信息安全专业四年制本科学习，修完教学计划规定的全部课程，成绩合格，准予毕业。",
    "校名：云岚样例大学",
    "校（院）长：",
    "证书编号：990101201905001234",
    "中华人民共和国教育部学历证书查询网址：http://www.chsi.com.cn",
)
DEGREE = (
    "学士学位证书",
    "林样例，男，一九九六年三月八日生。在云岚样例大学信息安全专业完成了四年制本科学习计划，业已毕业。",
    "经审核符合《中华人民共和国学位条例》的规定，授予工学学士学位。",
    "学位评定委员会主席",
    "证书编号：9901042019000123",
)
RECORD = (
    "教育部学历证书电子注册备案表",
    "更新日期：2022年3月26日",
    "姓名林样例 性别男",
    "毕（结）业日期 2019年06月30日",
    "学历类别 普通高等教育 层次 本科",
    "学校名称 云岚样例大学 专业 信息安全",
    "学习形式 普通全日制 证书编号 990101201905001234",
    "在线验证码 A1B2C3D4E5F6G7H8",
    "备案表是依据《高等学校学生学籍学历电子注册办法》对学历证书电子注册复核备案的结果",
)
ENROLMENT = (
    "教育部学籍在线验证报告",
    "姓名林样例 性别男 民族汉",
    "学校名称 云岚样例大学 层次 本科 专业 信息安全",
    "分院 系所 班级 学号",
    "入学日期 2015年09月01日 学籍状态 在籍（注册学籍）",
    "预计毕业日期 2019年06月30日",
    "在线验证码 A1B2C3D4E5F6G7H8",
)
DEGREE_REPORT = (
    "中国高等教育学位在线验证报告",
    "更新日期：2022年3月26日",
    "姓名林样例 性别男",
    "获学位日期 2019年06月17日",
    "学位授予单位 云岚样例大学",
    "所授学位 工学学士学位",
    "学位证书编号 9901042019000123",
    "在线验证码 A1B2C3D4E5F6G7H8",
)
CERTIFICATION = (
    "中国高等教育学历认证报告",
    "报告编号 1234567",
    "姓名林样例 性别男",
    "毕业院校 云岚样例大学 专业 信息安全",
    "学历层次 本科 毕业时间 1999年7月",
    "全国高等学校学生信息咨询与就业指导中心",
)
FOREIGN = (
    "国（境）外学历学位认证书",
    "林样例，男，中国国籍，1996年3月8日生。在英国云岚学院学习，获得理学硕士学位证书。",
    "经查，云岚学院系英国正规高等学校，所颁发的硕士学位证书表明其具有相应的学历。",
    "教育部留学服务中心",
)
QUERY = (
    "学信档案",
    "学历信息",
    "姓名 林样例",
    "学校名称 云岚样例大学",
    "层次 本科",
    "学习形式 普通全日制",
    "学历照片",
    "证书编号 990101201905001234",
    "毕（结）业 毕业",
    "证件号码 5101**********1239",
)
SOCIAL = (
    "四川省社会保险个人参保证明",
    "参保人姓名：林样例 性别：男 社会保障号码：510102199603081239",
    "险种 当前缴费状态 累计月数",
    "企业职工基本养老保险 参保缴费 36",
    "参保缴费明细",
    "缴费月份 参保单位编号 缴费基数 单位缴纳 个人缴纳 参保地",
    "202207 5101000234 企业养老 4071 651.36 325.68 成都市高新区",
)
MEDICAL_ONLY = (
    "基本医疗保险参保缴费证明",
    "缴费年度 2022 缴费月份 11",
    "险种 城镇职工基本医疗保险",
    "现缴费单位名称 云岚样例公司",
)
CONTRACT = (
    "劳动合同书",
    "甲方（用人单位）：云岚样例公司",
    "乙方（劳动者）：林样例",
    "第一条 劳动合同期限 固定期限，自2019年7月1日起",
    "第二条 乙方的工作岗位是网络安全工程师，工作地点为成都市",
    "第三条 劳动报酬",
    "试用期三个月",
)
STAFF_CONTRACT = (
    "事业单位聘用合同书",
    "甲方（聘用单位）：云岚样例中心",
    "乙方（受聘人员）：林样例",
    "聘用期限自2019年7月1日起",
    "岗位类别 专业技术岗位",
)
DISPATCHED_CONTRACT = (
    "劳动合同（劳务派遣）",
    "甲方（用人单位）：云岚样例人力公司",
    "乙方（劳动者）：林样例",
    "劳动合同期限 两年",
    "用工单位 云岚样例公司 派遣期限 两年",
    "工作岗位 网络安全工程师",
    "劳动报酬",
    "试用期",
)
DISPATCH = (
    "劳务派遣协议书",
    "甲方（用工单位）：云岚样例公司",
    "乙方（劳务派遣单位）：云岚样例人力公司",
    "派遣岗位 网络安全工程师",
    "被派遣劳动者 派遣期限 两年",
    "劳务派遣经营许可证",
    "服务费每人每月一百元",
)
OUTSOURCING = (
    "信息系统运维服务外包合同",
    "甲方：云岚样例公司",
    "乙方：云岚样例服务公司",
    "外包服务内容",
    "服务费",
    "用工单位",
)
RECOMMENDATION = (
    "关于推荐林样例同志申报助理工程师的推荐意见",
    "该同志政治可靠，品德良好，专业技术能力强，工作业绩突出。",
    "经审核其学历证书电子注册备案表真实，符合申报条件，同意推荐。",
    "负责人： 单位（盖章）",
)
PLEDGE = (
    "诚信承诺书",
    "本人郑重承诺：所提供的学历、学位、业绩材料真实有效。",
    "如有弄虚作假，取消资格，三年内不得申报。",
    "承诺人：林样例",
)
ACHIEVEMENT = (
    "项目业绩证明",
    "兹证明林样例同志参与云岚政务外网等级保护测评项目，担任渗透测试组成员。",
    "特此证明。",
)
CHECKLIST = (
    "职称申报材料清单",
    "1.居民身份证复印件",
    "2.毕业证书复印件",
    "3.学位证书复印件",
    "4.学历证书电子注册备案表",
    "5.劳动合同复印件",
    "6.社会保险参保证明",
    "7.诚信承诺书",
)
TRAINING = (
    "培训合格证书",
    "姓名：林样例",
    "培训时间：2021年3月至2021年5月",
    "培训项目：网络安全应急响应技术培训",
    "经考核合格，准予结业，特发此证。",
    "云岚网络安全培训样例中心",
)
SUMMARY = (
    "网络安全岗位工作总结",
    "本人林样例，现在云岚样例公司从事网络安全工程师工作，主要业绩如下：",
    "一、参与云岚样例平台渗透测试项目",
    "在项目中负责漏洞扫描与渗透测试，编制测试报告三份。",
)
LETTER = ("会议通知", "请各部门于下周一上午九点到第三会议室开会。", "办公室")


def _page(lines: Sequence[str], number: int = 1, *, foot: str = "") -> PageReading:
    page = Drawing(width=1200, height=1700)
    for i, line in enumerate(lines):
        page.write(600, 120 + 60 * i, line, size=36 if i == 0 else 20, centred=True)
    page.write(600, 1640, foot, size=18, centred=True)
    return page.page(number)


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (ID_FRONT, Kind.ID_CARD), (ID_BACK, Kind.ID_CARD), (DIPLOMA, Kind.DIPLOMA),
        (DEGREE, Kind.DEGREE_CERTIFICATE), (RECORD, Kind.EDUCATION_RECORD),
        (CERTIFICATION, Kind.EDUCATION_CERTIFICATION), (DEGREE_REPORT, Kind.DEGREE_REPORT),
        (FOREIGN, Kind.FOREIGN_CERTIFICATION), (QUERY, Kind.EDUCATION_QUERY),
        (ENROLMENT, Kind.ENROLMENT_REPORT), (SOCIAL, Kind.SOCIAL_INSURANCE),
        (MEDICAL_ONLY, Kind.SOCIAL_INSURANCE), (CONTRACT, Kind.LABOUR_CONTRACT),
        (STAFF_CONTRACT, Kind.LABOUR_CONTRACT), (DISPATCHED_CONTRACT, Kind.LABOUR_CONTRACT),
        (DISPATCH, Kind.DISPATCH_AGREEMENT), (RECOMMENDATION, Kind.RECOMMENDATION),
        (PLEDGE, Kind.INTEGRITY_PLEDGE), (ACHIEVEMENT, Kind.ACHIEVEMENT),
        (CHECKLIST, Kind.UNKNOWN), (OUTSOURCING, Kind.UNKNOWN), (LETTER, Kind.UNKNOWN),
    ],
)  # fmt: skip
def test_each_kind_by_its_anchors(lines: Sequence[str], kind: Kind) -> None:
    found = classify_page(_page(lines))
    assert found.kind is kind
    assert bool(found.anchors) == (kind is not Kind.UNKNOWN)


def test_a_firm_named_after_outsourcing_is_no_outsourcing_contract() -> None:
    lines = [line.replace("云岚样例公司", "云岚样例服务外包有限公司") for line in CONTRACT]
    assert classify_page(_page(lines)).kind is Kind.LABOUR_CONTRACT


@pytest.mark.parametrize(
    ("lines", "kind", "title"),
    [(DIPLOMA, Kind.DIPLOMA, 2), (DEGREE, Kind.DEGREE_CERTIFICATE, 1), (RECORD, Kind.EDUCATION_RECORD, 1),
     (SOCIAL, Kind.SOCIAL_INSURANCE, 1), (CONTRACT, Kind.LABOUR_CONTRACT, 1)],
)  # fmt: skip
def test_a_title_that_was_not_read_does_not_matter(
    lines: Sequence[str], kind: Kind, title: int
) -> None:
    assert classify_page(_page(lines[title:])).kind is kind


@pytest.mark.parametrize("title", ["毕业证书", "学位证书", "推荐意见", "居民身份证", "参保证明"])
def test_a_title_alone_decides_nothing(title: str) -> None:
    assert classify_page(_page((title,))).kind is Kind.UNKNOWN


def test_a_title_with_a_misread_character() -> None:
    lines = ("教育部学历证书电孑注册备案表", *RECORD[1:4])
    assert classify_page(_page(lines)).kind is Kind.EDUCATION_RECORD


def test_an_enrolment_report_is_never_a_record() -> None:
    lines = [line for line in ENROLMENT if "学籍状态" not in line]
    assert classify_page(_page(lines)).kind is not Kind.EDUCATION_RECORD


def test_an_empty_page_is_blank() -> None:
    page = Drawing().page().model_copy(update={"is_blank": True})
    assert classify_page(page).kind is Kind.BLANK


def _split(*pages: PageReading) -> list[tuple[Kind, tuple[int, ...]]]:
    documents = split_material(MaterialReading(sha256="0" * 64, pages=pages))
    return [(d.kind, tuple(page.number for page in d.pages)) for d in documents]


def test_several_papers_in_one_file_are_told_apart() -> None:
    assert _split(_page(DIPLOMA), _page(DEGREE, 2), _page(RECORD, 3), _page(DIPLOMA, 4)) == [
        (Kind.DIPLOMA, (1,)),
        (Kind.DEGREE_CERTIFICATE, (2,)),
        (Kind.EDUCATION_RECORD, (3,)),
        (Kind.DIPLOMA, (4,)),
    ]


def test_both_sides_of_a_card_are_one_paper_and_a_second_front_another() -> None:
    assert _split(_page(ID_FRONT), _page(ID_BACK, 2), _page(ID_FRONT, 3)) == [
        (Kind.ID_CARD, (1, 2)),
        (Kind.ID_CARD, (3,)),
    ]


@pytest.mark.parametrize("lines", [
    ("甲方（盖章）                    乙方（签字）林样例", "负责人", "周样例", "2019年09月15日   2019年09月15日"),
    ("聘用单位（盖章）          受聘人员（签林样例", "法定代表人或委托代理人", "2019年10月25日"),
])  # fmt: skip
def test_the_signing_page_alone_in_a_file_is_of_a_contract(lines: tuple[str, ...]) -> None:
    """The signature stands over the end of its label: (签字 became (签, and the page unknown."""
    assert classify_page(_page(lines)).kind is Kind.LABOUR_CONTRACT


def test_the_middle_and_last_pages_of_a_contract_stay_with_it() -> None:
    middle = (
        "第四条 甲方安排乙方执行标准工时制度。", "第五条 甲方为乙方办理社会保险手续。", "第六条 双方协商一致可以变更本合同。",
    )  # fmt: skip
    last = ("甲方（盖章）：", "乙方（签字）：林样例", "2019年7月1日")
    assert _split(_page(CONTRACT), _page(middle, 2), _page(last, 3), _page(PLEDGE, 4)) == [
        (Kind.LABOUR_CONTRACT, (1, 2, 3)),
        (Kind.INTEGRITY_PLEDGE, (4,)),
    ]


@pytest.mark.parametrize(
    ("rest", "pages"),
    [(("日期：2021.02.26", "日期：2021.02.26"), (1, 2)), (("负责人签字：林样例", "2021年2月26日"), (1, 2)),
     (("2021年2月26日收到样例公司退回的设备一批",), (1,))],
)  # fmt: skip
def test_the_last_lines_of_a_signature_block_belong_to_the_contract(
    rest: tuple[str, ...], pages: tuple[int, ...]
) -> None:
    assert _split(_page(CONTRACT), _page(rest, 2))[0] == (Kind.LABOUR_CONTRACT, pages)


def test_a_blank_back_does_not_end_a_contract() -> None:
    blank = Drawing().page(2).model_copy(update={"is_blank": True})
    rest = ("第四条 双方协商一致可以变更本合同。", "甲方（盖章）： 乙方（签字）：")
    assert _split(_page(CONTRACT), blank, _page(rest, 3)) == [
        (Kind.LABOUR_CONTRACT, (1, 3)),
        (Kind.BLANK, (2,)),
    ]


def test_two_contracts_in_one_file_are_two() -> None:
    signed = (*CONTRACT, "甲方（盖章）： 乙方（签字）：林样例")
    assert _split(_page(signed), _page(signed, 2)) == [
        (Kind.LABOUR_CONTRACT, (1,)),
        (Kind.LABOUR_CONTRACT, (2,)),
    ]


def test_the_second_page_of_a_proof_of_contributions() -> None:
    rest = (
        "202208 5101000234 企业养老 4071 651.36 325.68 成都市高新区",
        "说明：1.表中“单位编号”对应的单位名称为：5101000234：云岚样例公司。",
        "2.本证明采用电子验证方式，点击“参保证明验证”。缴费基数",
    )
    assert _split(_page(SOCIAL), _page(rest, 2)) == [(Kind.SOCIAL_INSURANCE, (1, 2))]


def test_a_proof_whose_title_stands_on_its_own_page_is_another_proof() -> None:
    """Joined to the summary before it, the certificate had the summary's title for its own."""
    assert _split(_page(SUMMARY), _page(TRAINING, 2), _page(ACHIEVEMENT, 3)) == [
        (Kind.ACHIEVEMENT, (1,)), (Kind.ACHIEVEMENT, (2,)), (Kind.ACHIEVEMENT, (3,)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "heading", ["四、学习总结", "附件2：加固情况报告", "项目组成员及分工", "培训内容清单"]
)
def test_a_heading_inside_a_proof_begins_no_other(heading: str) -> None:
    more = (heading, *(line.replace("一、", "四、") for line in SUMMARY[2:]))
    assert _split(_page(SUMMARY), _page(more, 2)) == [(Kind.ACHIEVEMENT, (1, 2))]


def test_a_page_numbered_two_goes_on_with_a_long_paper() -> None:
    rest = ("序号 姓名 岗位", "1 林样例 网络安全工程师")
    assert _split(_page(DISPATCH, foot="1"), _page(rest, 2, foot="2")) == [
        (Kind.DISPATCH_AGREEMENT, (1, 2))
    ]


def test_the_two_halves_of_a_diploma_are_one_paper() -> None:
    left = (
        "普通高等学校",
        "毕业证书",
        "证书编号：990101201905001234",
        "学历证书查询网址：http://www.chsi.com.cn",
    )
    assert _split(_page(left), _page(DIPLOMA[2:6], 2)) == [(Kind.DIPLOMA, (1, 2))]


def test_an_unknown_letter_is_not_drawn_into_the_paper_before_it() -> None:
    assert _split(_page(PLEDGE), _page(LETTER, 2)) == [
        (Kind.INTEGRITY_PLEDGE, (1,)),
        (Kind.UNKNOWN, (2,)),
    ]


def test_every_page_is_in_exactly_one_document() -> None:
    pages = [_page(lines, i + 1) for i, lines in enumerate((CHECKLIST, LETTER, DIPLOMA, LETTER))]
    documents: tuple[DocumentReading, ...] = split_material(
        MaterialReading(sha256="0" * 64, pages=tuple(pages))
    )
    assert sorted(page.number for d in documents for page in d.pages) == [1, 2, 3, 4]


def test_a_quarantined_material_has_no_documents() -> None:
    assert split_material(MaterialReading(sha256="0" * 64, quarantine_reason="文件已加密")) == ()
