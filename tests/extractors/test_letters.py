"""Opinions, pledges and achievements: letters with a person, a unit and a date."""

import pytest

from extractors.registry import extract
from pipeline.model.document import Extraction
from pipeline.model.kinds import DocumentKind
from tests.extractors.drawn_pages import Drawing, paper

UNIT = "成都川西样例科技有限责任公司"


def read(kind: DocumentKind, title: str, *lines: str) -> tuple[dict[str, object], Extraction]:
    page = Drawing(width=1190, height=1684)
    page.write(595, 90, title, size=38, centred=True)
    for i, line in enumerate(lines):
        page.write(80, 180 + 46 * i, line, size=24)
    extraction = extract(paper(kind, [page.page()]))
    return {f.name: f.value for f in extraction.fields}, extraction


def opinion(*lines: str, title: str = "推荐意见") -> tuple[dict[str, object], Extraction]:
    return read(DocumentKind.RECOMMENDATION, title, *lines, UNIT, "2022年12月28日")


class TestRecommendation:
    def test_a_letter(self) -> None:
        fields, _ = opinion(
            "林样例同志，女，大学本科学历，2019年6月毕业，现任我单位安全工程师。",
            "经审核（公示五个工作日无异议），材料真实，符合申报条件，同意推荐。",
            title="单位推荐意见",
        )
        assert fields == {
            "name": "林样例", "employer": UNIT, "conclusion": "同意推荐", "dated_on": "2022-12-28",
        }  # fmt: skip

    @pytest.mark.parametrize("lead", ["关于", "兹有", "现有", "同意"])
    def test_words_that_lead_up_to_a_name_are_no_part_of_it(self, lead: str) -> None:
        fields, _ = opinion(
            "经审核，材料真实，同意推荐。", title=f"{lead}欧阳样例同志申报助理工程师的推荐意见"
        )
        assert fields["name"] == "欧阳样例"

    @pytest.mark.parametrize("words", ["不同意推荐", "暂缓推荐", "不予推荐", "暂不同意申报"])
    def test_a_refusal_is_not_an_approval(self, words: str) -> None:
        fields, _ = opinion("林样例同志：", f"经研究，{words}该同志申报助理工程师。")
        assert fields["conclusion"] == "不同意推荐"

    def test_a_ticked_opinion(self) -> None:
        fields, _ = opinion("姓名：林样例", "□同意推荐    ☑不同意推荐")
        assert fields["conclusion"] == "不同意推荐"

    def test_both_opinions_printed_and_none_ticked(self) -> None:
        fields, extraction = opinion("姓名：林样例", "□同意推荐    □不同意推荐")
        assert "conclusion" not in fields
        assert [u.name for u in extraction.unreadable] == ["conclusion"]

    @pytest.mark.parametrize(
        ("upper", "lower", "said"),
        [("材料真实，符合申报条件，同意推", "荐。", "同意推荐"),
         ("经研究，该同志业绩不足，不同意推", "荐。", "不同意推荐")],
    )  # fmt: skip
    def test_a_conclusion_that_breaks_beside_the_label_of_its_cell(
        self, upper: str, lower: str, said: str
    ) -> None:
        page = Drawing(width=1190, height=1684)
        page.write(595, 90, "用人单位推荐意见表", size=38, centred=True)
        for i, word in enumerate(("单位", "推荐", "意见")):
            page.write(80, 300 + 34 * i, word, size=24)
        page.write(300, 317, upper, size=24)
        page.write(300, 351, lower, size=24)
        extraction = extract(paper(DocumentKind.RECOMMENDATION, [page.page()]))
        assert {f.name: f.value for f in extraction.fields}["conclusion"] == said

    def test_an_opinion_without_a_conclusion(self) -> None:
        assert "conclusion" not in opinion("林样例同志，工作认真。")[0]


class TestPledge:
    def pledge(self, *lines: str) -> dict[str, object]:
        return read(DocumentKind.INTEGRITY_PLEDGE, "诚信承诺书", *lines)[0]

    def test_the_unit_named_in_a_broken_sentence(self) -> None:
        fields = self.pledge(
            "本人林样例，身份证号11010519491231002X，工作单位" + UNIT[:1],
            UNIT[1:] + "。现申报网络信息安全职称初定，郑重承诺：材料真实。",
            "承诺人（签名）：林样例", "日期：2023年1月11日",
        )  # fmt: skip
        assert (fields["employer"], fields["name"]) == (UNIT, "林样例")

    def test_a_personal_pledge(self) -> None:
        fields = self.pledge(
            "本人林样例，身份证号11010519491231002X，郑重承诺：所提供的材料真实有效。",
            "如有弄虚作假，三年内不得申报。", "承诺人（签字）：林样例", "2022年12月28日",
        )  # fmt: skip
        assert fields == {"name": "林样例", "dated_on": "2022-12-28", "signed": True}

    def test_a_unit_pledge(self) -> None:
        fields = self.pledge(
            "我单位就职工林样例申报网络信息安全专业技术职称事宜，郑重承诺如下：",
            f"承诺单位（盖章）：{UNIT}", "负责人（签字）：周样例", "2022年12月28日",
        )  # fmt: skip
        assert (fields["name"], fields["employer"], fields["signed"]) == ("林样例", UNIT, True)

    def test_words_before_the_name_are_no_part_of_it(self) -> None:
        fields = self.pledge(
            "我单位已对欧阳样例同志申报职称的材料逐项审核，承诺所提供的材料真实有效。",
            f"承诺单位（盖章）：{UNIT}", "2022年12月28日",
        )  # fmt: skip
        assert fields["name"] == "欧阳样例"

    def test_a_sentence_about_the_pledger_that_names_nobody(self) -> None:
        """Taken for the name, it displaced the one behind the label (承诺人：…)."""
        fields = self.pledge(
            "本人对本次申报自愿作出以下承诺，材料真实有效。", "承诺人（签字）：欧阳样例",
            "日期：2023年1月11日",
        )  # fmt: skip
        assert fields["name"] == "欧阳样例"

    def test_the_printed_name_before_a_signature_that_lost_a_character(self) -> None:
        fields = self.pledge(
            "本人欧阳样例，身份证号11010519491231002X，郑重承诺：材料真实。",
            "承诺人（签字）：欧阳样", "日期：2023年1月11日",
        )  # fmt: skip
        assert fields["name"] == "欧阳样例"

    def test_a_surname_that_is_a_function_word_elsewhere(self) -> None:
        fields = self.pledge("本人自样例，郑重承诺：所提供的材料真实有效。", "2022年12月28日")
        assert fields["name"] == "自样例"

    def test_the_label_on_the_next_line_is_no_part_of_the_name(self) -> None:
        fields = self.pledge(
            "承诺人：马样例", f"工作单位：{UNIT}", "本人郑重承诺材料真实。", "2023年1月11日"
        )
        assert (fields["name"], fields["employer"]) == ("马样例", UNIT)

    def test_a_name_that_goes_on_in_the_next_line_is_whole(self) -> None:
        fields = self.pledge(
            "现郑重承诺材料真实。本人阿依古", "丽·样例，身份证号11010519491231002X。"
        )
        assert fields["name"] == "阿依古丽·样例"

    @pytest.mark.parametrize(
        ("printed", "signed"), [("曲木·样例", "曲木样例"), ("曲木样例", "曲木·样例")]
    )
    def test_a_dot_that_one_of_two_prints_of_a_name_lost(self, printed: str, signed: str) -> None:
        fields = self.pledge(
            f"本人{printed}，身份证号11010519491231002X，郑重承诺材料真实。",
            f"承诺人（签字）：{signed}",
        )
        assert fields["name"] == "曲木·样例"

    def test_an_unsigned_pledge(self) -> None:
        fields = self.pledge("本人郑重承诺材料真实。", "承诺人（签字）：", "    年  月  日")
        assert fields["signed"] is False

    def test_no_place_to_sign_says_nothing(self) -> None:
        assert "signed" not in self.pledge("本人保证材料真实。")


class TestAchievement:
    @pytest.mark.parametrize(
        ("upper", "lower"),
        [("成都川西样例", "信息技术有限公司"), ("川西样例通信股份有限公司", "成都分公司")],
    )
    def test_a_unit_that_signs_over_two_lines(self, upper: str, lower: str) -> None:
        page = Drawing(width=1190, height=1684)
        page.write(595, 90, "业绩证明", size=38, centred=True)
        page.write(
            80, 180, "兹证明林样例同志参与样例医院信息系统建设项目，担任安全工程师。", size=24
        )
        page.write(80, 226, "特此证明。", size=24)
        page.write(850, 400, upper, size=24, centred=True)
        page.write(850, 434, lower, size=24, centred=True)
        page.write(850, 480, "2020年8月31日", size=24, centred=True)
        extraction = extract(paper(DocumentKind.ACHIEVEMENT, [page.page()]))
        assert {f.name: f.value for f in extraction.fields}["issuer"] == upper + lower

    def test_a_certificate_of_a_project(self) -> None:
        fields, _ = read(
            DocumentKind.ACHIEVEMENT, "业绩证明",
            "兹证明林样例同志在2020年5月至2020年8月期间，参与样例医院信息",
            "系统风险评估项目，担任项目技术负责人。", "特此证明。", UNIT, "2020年8月31日",
        )  # fmt: skip
        assert fields == {
            "title": "样例医院信息系统风险评估项目", "name": "林样例", "role": "项目技术负责人",
            "period": "2020年5月至2020年8月", "issuer": UNIT,
        }  # fmt: skip

    def test_an_award(self) -> None:
        fields, _ = read(
            DocumentKind.ACHIEVEMENT, "荣誉证书", "林样例同志：",
            "在2021年度工作中表现突出，被评为“网络安全先进工作者”。", UNIT,
        )  # fmt: skip
        assert (fields["title"], fields["name"]) == ("网络安全先进工作者", "林样例")

    def test_a_summary_keeps_its_heading(self) -> None:
        fields, _ = read(
            DocumentKind.ACHIEVEMENT, "网络安全岗位工作总结",
            f"本人阿依古丽·样例，现在{UNIT}从事数据安全工程师工作。",
            "一、参与甲样例平台渗透测试项目", "二、参与乙样例平台建设项目", "总结人：阿依古丽·样例",
        )  # fmt: skip
        assert (fields["title"], fields["name"]) == ("网络安全岗位工作总结", "阿依古丽·样例")
        assert fields["role"] == "数据安全工程师"

    def test_a_role_behind_which_the_full_stop_was_lost(self) -> None:
        fields, _ = read(
            DocumentKind.ACHIEVEMENT, "网络安全岗位工作总结",
            f"本人林样例，现在{UNIT}从事安全服务工程师工作", "自2017年3月8日从事网络安全工作以来，主要业绩如下：",
        )  # fmt: skip
        assert fields["role"] == "安全服务工程师"

    def test_a_sentence_about_oneself_names_nobody(self) -> None:
        fields, _ = read(
            DocumentKind.ACHIEVEMENT, "专业技术工作总结", f"申报人：欧阳样例　　单位：{UNIT}",
            "本人自从事网络信息安全工作以来，在单位信息系统安全加固项目中任技术骨干。",
        )  # fmt: skip
        assert fields["name"] == "欧阳样例"
