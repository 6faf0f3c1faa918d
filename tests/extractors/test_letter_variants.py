"""Letters and proofs in further wordings: opinions in boxes, software and patent certificates, rosters."""

import pytest

from extractors.registry import extract
from pipeline.model.kinds import DocumentKind
from tests.extractors.drawn_pages import Drawing, paper
from tests.extractors.test_letters import UNIT, opinion, read


def achievement(title: str, *lines: str) -> dict[str, object]:
    return read(DocumentKind.ACHIEVEMENT, title, *lines)[0]


class TestOpinions:
    @pytest.mark.parametrize(
        "words",
        ["兹推荐林样例同志申报网络信息安全助理工程师。", "特推荐该同志参加初定。", "我单位同意上报。",
         "单位意见：同意。", "经研究，建议推荐。", "同意申报助理工程师。", "我单位决定推荐林样例同志申报助理工程师。"],
    )  # fmt: skip
    def test_ways_of_agreeing(self, words: str) -> None:
        fields, _ = opinion("姓名：林样例", words)
        assert fields.get("conclusion") == "同意推荐"

    @pytest.mark.parametrize(
        "words",
        [
            "暂不推荐。",
            "不宜推荐。",
            "不同意上报。",
            "单位意见：不同意。",
            "不建议推荐该同志申报。",
            "暂缓申报。",
        ],
    )
    def test_ways_of_refusing(self, words: str) -> None:
        fields, _ = opinion("林样例同志，工作认真。", words)
        assert fields.get("conclusion") == "不同意推荐"

    def test_a_box_behind_its_word(self) -> None:
        fields, _ = opinion("姓名：林样例", "同意推荐□    不同意推荐☑")
        assert fields["conclusion"] == "不同意推荐"
        fields, _ = opinion("姓名：林样例", "同意推荐√    不同意推荐□")
        assert fields["conclusion"] == "同意推荐"

    def test_a_title_alone_recommends_nobody(self) -> None:
        fields, _ = opinion(
            "林样例同志，工作认真。", title="关于推荐林样例同志申报助理工程师的意见"
        )
        assert "conclusion" not in fields

    def test_the_date_with_its_label(self) -> None:
        fields, _ = read(
            DocumentKind.RECOMMENDATION, "推荐意见", "被推荐人：林样例", "经审核，同意推荐。",
            f"推荐单位（盖章）：{UNIT}", "日期：2022.12.28",
        )  # fmt: skip
        assert (fields["dated_on"], fields["employer"]) == ("2022-12-28", UNIT)

    def test_a_hidden_day_gives_no_day_of_another_sentence(self) -> None:
        fields, extraction = read(
            DocumentKind.RECOMMENDATION, "推荐意见", "林样例同志，于2019年7月1日入职我单位，表现良好。",
            "经审核，同意推荐。", UNIT, "2022年12月",
        )  # fmt: skip
        assert "dated_on" not in fields
        assert "dated_on" in [u.name for u in extraction.unreadable]

    def test_a_day_of_one_digit_behind_a_month_of_two_was_cut(self) -> None:
        fields, _ = read(
            DocumentKind.RECOMMENDATION, "推荐意见", "林样例同志，表现良好，同意推荐。", UNIT,
            "2023年01月2日",
        )  # fmt: skip
        assert "dated_on" not in fields


class TestCertificates:
    def test_a_software_copyright(self) -> None:
        fields = achievement(
            "计算机软件著作权登记证书", "软件名称：样例网络安全态势感知平台V1.0", f"著作权人：{UNIT}",
            "开发完成日期：2021年5月1日", "登记号：2021SR000001",
        )  # fmt: skip
        assert fields["title"] == "样例网络安全态势感知平台V1.0"
        assert fields.get("issuer") is None or fields["issuer"] != "样例网络安全态势感知平台V1.0"

    def test_a_patent(self) -> None:
        fields = achievement(
            "发明专利证书", "发明名称：一种样例漏洞检测方法", "发明人：林样例", f"专利权人：{UNIT}",
            "授权公告日：2021年5月1日", "国家知识产权局",
        )  # fmt: skip
        assert (fields["title"], fields["name"]) == ("一种样例漏洞检测方法", "林样例")
        assert fields["issuer"] == "国家知识产权局"

    def test_a_vulnerability_certificate(self) -> None:
        fields = achievement(
            "原创漏洞证明", "漏洞名称：样例办公系统存在SQL注入漏洞", "漏洞编号：CNVD-2021-00001",
            "贡献者：林样例", "国家信息安全漏洞共享平台", "2021年5月1日",
        )  # fmt: skip
        assert (fields["title"], fields["name"]) == ("样例办公系统存在SQL注入漏洞", "林样例")

    def test_a_prize(self) -> None:
        fields = achievement(
            "获奖证书", "林样例同志：", "在2021年样例省网络安全技能竞赛中荣获一等奖。", "特发此证，以资鼓励。",
            "样例省网络安全协会", "2021年9月1日",
        )  # fmt: skip
        assert fields["name"] == "林样例"
        assert fields["title"] in ("获奖证书", "2021年样例省网络安全技能竞赛一等奖", "一等奖")
        assert fields["issuer"] == "样例省网络安全协会"

    def test_a_certificate_of_training(self) -> None:
        fields = achievement(
            "注册信息安全专业人员", "培训合格证书", "姓名：林样例", "培训时间：2021年5月至2021年6月",
            "发证单位：样例网络安全培训中心",
        )  # fmt: skip
        assert (fields["name"], fields["issuer"]) == ("林样例", "样例网络安全培训中心")
        assert fields["period"] == "2021年5月至2021年6月"


class TestRosters:
    def roster(self, *rows: tuple[str, str, str, str]) -> Drawing:
        page = Drawing(width=1190, height=1684)
        page.write(595, 90, "项目组成员及分工", size=32, centred=True)
        for x, head in zip((200, 370, 620, 900), ("序号", "姓名", "职务", "分工"), strict=True):
            page.write(x, 200, head, size=24, centred=True)
        for i, row in enumerate(rows):
            for x, text in zip((200, 370, 620, 900), row, strict=True):
                for k, part in enumerate(text.split("|")):
                    shift = (k - (text.count("|")) / 2) * 26
                    page.write(x, 260 + 70 * i + shift, part, size=22, centred=True)
        return page

    def read(self, page: Drawing) -> dict[str, object]:
        extraction = extract(paper(DocumentKind.ACHIEVEMENT, [page.page()]))
        return {f.name: f.value for f in extraction.fields}

    def test_a_name_of_two_lines_in_its_cell(self) -> None:
        fields = self.read(
            self.roster(("1", "热依汗古丽·阿不都|热合曼", "渗透测试工程师", "主要技术人员"))
        )
        assert (fields["name"], fields["role"]) == ("热依汗古丽·阿不都热合曼", "主要技术人员")

    def test_two_people_close_together_stay_two(self) -> None:
        fields = self.read(
            self.roster(("1", "林样例", "工程师", "组长"), ("2", "周样例", "工程师", "组员"))
        )
        assert fields.get("name") not in ("林样例周样例", "职务")


def test_a_title_whose_last_character_was_lost_is_no_part_of_the_name() -> None:
    fields = achievement("荣誉证", "杨样例同志：", "被评为“网络安全先进工作者”。", UNIT)
    assert fields["name"] == "杨样例"


def test_a_line_longer_than_the_heading_is_high_only_for_being_aslant() -> None:
    page = Drawing(width=1682, height=2329)
    page.write(800, 300, "网络安全岗位工作总结", size=46, centred=True)
    for i in range(6):
        page.write(
            300, 500 + 80 * i, "开展漏洞扫描与渗透测试并编制测试报告推动高风险问题整改", size=30
        )
    line = page.lines[-1]
    x0, top, x1, bottom = line.rect
    page.lines[-1] = line.model_copy(update={"rect": (x0, top - 20, x1, bottom + 20)})
    extraction = extract(paper(DocumentKind.ACHIEVEMENT, [page.page()]))
    title = next(f for f in extraction.fields if f.name == "title")
    assert title.value == "网络安全岗位工作总结"


def test_a_pledge_of_one_who_is_staff_of_a_unit() -> None:
    fields, _ = read(
        DocumentKind.INTEGRITY_PLEDGE, "诚信承诺书", f"本人林样例，系{UNIT}职工，承诺材料真实。", "承诺人：林样例", "2023年1月10日"
    )  # fmt: skip
    assert (fields["name"], fields["employer"]) == ("林样例", UNIT)
