"""Names of units read with doubt: settled by words, by both readings, by other prints; never guessed."""

from collections.abc import Sequence

import pytest

from extractors.confidence import Grammar
from extractors.employers import employer_parser, parse_employer
from extractors.fields import Candidate, FieldSheet
from extractors.textrun import TextRun
from extractors.unit_fields import take_unit
from extractors.unit_lines import with_lines_below, without_rims
from extractors.unit_names import REPAIR_SECOND, REPAIR_WORD, mended_name
from extractors.unit_words import settled_by_words
from pipeline.model.reading import Doubt, Line, PageReading, Seal
from tests.extractors.drawn_pages import Drawing

SIZE = 20.0


def line_of(
    text: str, *, at: tuple[float, float] = (100.0, 100.0), doubtful: dict[int, float] | None = None,
    alternative: str | None = None, wide: int | None = None, slant: float = 1.0,
) -> Line:  # fmt: skip
    """A line of even print; before the character `wide` there is room for one more."""
    x, y = at
    spans: list[tuple[float, float]] = []
    for i, _ in enumerate(text):
        x += SIZE if i == wide else 0.0
        spans.append((x, x + SIZE))
        x += SIZE
    scores = [(doubtful or {}).get(i, 1.0) for i in range(len(text))]
    return Line(
        text=text, rect=(at[0], y - SIZE * slant / 2, x, y + SIZE * slant / 2),
        confidence=min(scores), spans=tuple(spans), scores=tuple(scores), alternative=alternative,
    )  # fmt: skip


def page_of(lines: Sequence[Line]) -> PageReading:
    return PageReading(
        number=1, width=1200, height=1700, upright_width=1200, upright_height=1700,
        lines=tuple(lines),
    )  # fmt: skip


def run_of(line: Line) -> TextRun:
    return TextRun.of_line(page_of([line]), line)


def with_others(line: Line, at: int, others: str) -> Line:
    """The line with what a character of it may be as well."""
    chances = (0.3,) * len(others)
    return line.model_copy(update={"doubts": (Doubt(at=at, others=others, chances=chances),)})


class TestPlaceAtHead:
    def test_a_name_begins_with_the_only_place_that_its_doubtful_character_can_make(self) -> None:
        line = with_others(line_of("沪州样例科技有限公司", doubtful={0: 0.52}), 0, "泸炉")
        mended = mended_name(run_of(line))
        assert (mended.text, mended.repairs) == ("泸州样例科技有限公司", (REPAIR_WORD,))
        assert mended.weakest == 1

    def test_a_place_that_was_read_is_settled_where_no_other_can_be_meant(self) -> None:
        line = with_others(line_of("成都样例科技有限公司", doubtful={1: 0.7}), 1, "部郡")
        mended = mended_name(run_of(line))
        assert (mended.text, mended.repairs, mended.weakest) == ("成都样例科技有限公司", (), 1)

    def test_a_brand_that_looks_like_a_place_stays_what_was_read(self) -> None:
        line = line_of("盾山样例科技有限公司", doubtful={0: 0.6})
        doubt = Doubt(at=0, others="眉", chances=(0.2,))
        mended = mended_name(run_of(line.model_copy(update={"doubts": (doubt,)})))
        assert (mended.text, mended.weakest) == ("盾山样例科技有限公司", 0.6)

    def test_a_character_that_makes_no_place_or_that_is_a_brands_stays_in_doubt(self) -> None:
        for text, at, others in (
            ("云样样例科技有限公司", 1, "秤"),
            ("成都样例科技有限公司", 2, "详"),
        ):
            line = with_others(line_of(text, doubtful={at: 0.6}), at, others)
            assert (mended_name(run_of(line)).text, mended_name(run_of(line)).weakest) == (
                text,
                0.6,
            )


class TestWords:
    @pytest.mark.parametrize(
        ("text", "place", "settled"),
        [("样例信息技木大数据有限公司", 5, "样例信息技术大数据有限公司"),
         ("样例数据科搜集团有限公司", 5, "样例数据科技集团有限公司"),
         ("样例系统集成股份有跟公司", 9, "样例系统集成股份有限公司"),
         ("样例软件有限公司宜宾分公司", 9, "样例软件有限公司宜宾分公司")],
    )  # fmt: skip
    def test_a_doubtful_character_inside_a_word(self, text: str, place: int, settled: str) -> None:
        said, covered = settled_by_words(text, [i == place for i in range(len(text))])
        assert (said, covered) == (settled, frozenset({place}))

    @pytest.mark.parametrize(
        ("text", "place"),
        [("天信达科技有限公司", 2), ("样例弯信系统集成有限公司", 2), ("数垒锐数据科技有限公司", 1),
         ("样例科技有限公司四用分公司", 9)],
    )  # fmt: skip
    def test_a_brand_and_an_open_choice_stay_as_read(self, text: str, place: int) -> None:
        said, _ = settled_by_words(text, [i == place for i in range(len(text))])
        assert said == text

    def test_a_certain_character_is_never_touched(self) -> None:
        mended = mended_name(run_of(line_of("样例信息技木有限公司")))
        assert (mended.text, mended.repairs) == ("样例信息技木有限公司", ())


class TestParsing:
    def test_a_repair_is_named(self) -> None:
        parsed = employer_parser(run_of(line_of("样例信息技木有限公司", doubtful={5: 0.6})))
        assert parsed is not None
        assert (parsed.value, parsed.repairs) == ("样例信息技术有限公司", (REPAIR_WORD,))

    def test_a_doubtful_brand_makes_the_name_doubtful(self) -> None:
        parsed = employer_parser(run_of(line_of("成都云弯信息技术有限公司", doubtful={3: 0.7})))
        assert parsed is not None
        assert (parsed.value, parsed.grammar) == ("成都云弯信息技术有限公司", Grammar.DOUBTFUL)

    def test_a_character_that_only_the_second_reading_has_needs_room(self) -> None:
        name, lost = "样例软件有限公司宜宾分公司", "样例软件有限公司宜分公司"
        with_room = employer_parser(run_of(line_of(lost, alternative=name, wide=9)))
        assert with_room is not None
        assert (with_room.value, with_room.repairs) == (name, (REPAIR_SECOND,))
        without = employer_parser(run_of(line_of(lost, alternative=name)))
        assert without is not None
        assert without.value == lost

    @pytest.mark.parametrize(
        ("text", "place", "settled"),
        [("样例科技有限公司四用分公司", 9, "样例科技有限公司四川分公司"),
         ("样例科技（沪州）有限公司", 5, "样例科技（泸州）有限公司")],
    )  # fmt: skip
    def test_a_place_that_is_none_but_looks_like_one(
        self, text: str, place: int, settled: str
    ) -> None:
        parsed = employer_parser(run_of(line_of(text, doubtful={place: 0.9})))
        assert parsed is not None and parsed.value == settled
        certain = employer_parser(run_of(line_of(text)))
        assert certain is not None and certain.value == text

    def test_a_branch_of_no_known_place_is_doubtful_unless_read_for_certain(self) -> None:
        text = "样例科技有限公司高新分公司"
        doubted = employer_parser(run_of(line_of(text, doubtful={9: 0.99})))
        assert doubted is not None and doubted.grammar is Grammar.DOUBTFUL
        certain = employer_parser(run_of(line_of(text)))
        assert certain is not None and certain.grammar is Grammar.FREE

    def test_a_character_seen_by_two_boxes_stands_once(self) -> None:
        left = line_of("样例信息安全测评")
        right = line_of("平成都有限公司", at=(left.rect[2] - 15, 100.0), doubtful={0: 0.9})
        page = page_of([left, right])
        assert (
            mended_name(TextRun.of_lines(page, [left, right])).text
            == "样例信息安全测评成都有限公司"
        )


class TestDoubt:
    def test_a_name_with_a_character_that_nothing_settles_is_not_given(self) -> None:
        line = line_of("成都云弯信息技术有限公司", doubtful={3: 0.7})
        page, sheet = page_of([line]), FieldSheet()
        take_unit(sheet, "employer", [Candidate(TextRun.of_line(page, line))], "未能识别")
        assert sheet.text("employer") is None
        assert sheet.unreadable["employer"].raw == line.text

    def test_a_word_as_read_is_enough_for_a_doubtful_character(self) -> None:
        line = line_of("成都云岚数据科技有限公司", doubtful={5: 0.3})
        page, sheet = page_of([line]), FieldSheet()
        take_unit(sheet, "employer", [Candidate(TextRun.of_line(page, line))], "未能识别")
        assert sheet.text("employer") == line.text

    def test_a_star_inside_a_name_is_a_seals(self) -> None:
        parsed = employer_parser(run_of(line_of("样例智能科技《（成都）有限公司")))
        assert parsed is not None and parsed.value == "样例智能科技（成都）有限公司"


class TestPrintsOfOneName:
    NAME = "成都云岚信息技术有限公司"

    def take(self, *lines: Line) -> FieldSheet:
        page, sheet = page_of(lines), FieldSheet()
        runs = [TextRun.of_line(page, line) for line in lines]
        take_unit(sheet, "employer", [Candidate(run, 0.95) for run in runs], "未能识别")
        return sheet

    def test_two_that_agree_outweigh_the_first(self) -> None:
        worn = line_of(self.NAME.replace("岚", "风"), at=(100, 100), doubtful={3: 0.7})
        sheet = self.take(
            worn, line_of(self.NAME, at=(100, 300)), line_of(self.NAME, at=(100, 600))
        )
        assert sheet.text("employer") == self.NAME

    def test_a_certain_one_outweighs_a_doubtful_one(self) -> None:
        worn = line_of(self.NAME.replace("岚", "风"), doubtful={3: 0.7})
        sheet = self.take(worn, line_of(self.NAME, at=(100, 300)))
        assert sheet.text("employer") == self.NAME

    def test_another_units_name_is_no_print_of_it(self) -> None:
        sheet = self.take(line_of(self.NAME), line_of("德阳样例数据有限公司", at=(100, 300)),
                          line_of("德阳样例数据有限公司", at=(100, 600)))  # fmt: skip
        assert sheet.text("employer") == self.NAME


class TestLines:
    def test_a_name_broken_in_a_narrow_cell_goes_on_in_the_line_below_its_middle(self) -> None:
        page = Drawing(width=1200, height=800)
        page.write(300, 100, "成都云岚信息技术有限", size=20, centred=True)
        page.write(300, 124, "责任公司", size=20, centred=True)
        drawn = page.page()
        run = TextRun.of_line(drawn, drawn.lines[0])
        assert with_lines_below([Candidate(run)])[0].run.text == "成都云岚信息技术有限责任公司"

    def test_a_whole_name_takes_no_line_below(self) -> None:
        page = Drawing(width=1200, height=800)
        page.write(300, 100, "成都云岚信息技术有限公司", size=20, centred=True)
        page.write(300, 124, "网络安全部", size=20, centred=True)
        drawn = page.page()
        found = with_lines_below([Candidate(TextRun.of_line(drawn, drawn.lines[0]))])
        assert [c.run.text for c in found] == ["成都云岚信息技术有限公司"]

    def test_letters_along_a_seal_are_left_out(self) -> None:
        level = [
            line_of("该同志思想品德良好工作作风务实", at=(100, 100.0 + 40 * i)) for i in range(4)
        ]
        rim = line_of("信息安", at=(500, 400), slant=3.0)
        assert rim not in without_rims([*level, rim])
        assert without_rims(level) == tuple(level)


@pytest.mark.parametrize(
    "text",
    ["成都样例云岚科技有限公司2023年1月3日", "成都样例云岚科技有限公司百2023 年 1 月 3 日",
     "成都样例云岚科技有限公司（盖章）二〇二三年一月四日",
     "成都样例云岚科技有限公司、本人所提供的材料真实有效，内容不涉及国家秘密"],
)  # fmt: skip
def test_a_date_or_a_sentence_behind_a_unit_is_no_part_of_its_name(text: str) -> None:
    parsed = employer_parser(run_of(line_of(text)))
    assert parsed is not None and parsed.value == "成都样例云岚科技有限公司"


@pytest.mark.parametrize(
    "text",
    ["有限公司", "股份有限公司", "集团有限责任公司", "科技有限公司", "分公司", "信息技术有限公司",
     "有限公司成都分公司", "成都分公司"],
)  # fmt: skip
def test_the_end_of_a_broken_name_is_no_name(text: str) -> None:
    """A letter whose unit's name went over two lines was read as from 有限公司."""
    assert parse_employer(text) is None


class TestLastWord:
    @pytest.mark.parametrize(
        ("text", "score", "weakest"),
        [
            ("云岫样例培训中心", 0.6, 1.0),
            ("云岫样例培训中心", 0.2, 0.2),
            ("云岫样例培训中学", 0.6, 0.6),
        ],
    )
    def test_a_word_that_units_end_with_settles_its_characters(
        self, text: str, score: float, weakest: float
    ) -> None:
        assert mended_name(run_of(line_of(text, doubtful={7: score}))).weakest == weakest

    def test_a_character_in_a_box_of_its_own_that_reaches_into_its_neighbour_is_kept(self) -> None:
        head = line_of("云岫样例培训中", at=(100, 100))
        tail = line_of("心", at=(240, 100)).model_copy(
            update={"rect": (228.0, 90.0, 262.0, 110.0), "spans": ((228.0, 262.0),)}
        )
        run = TextRun.of_lines(page_of([head, tail]), [head, tail])
        assert mended_name(run).text == "云岫样例培训中心"


class TestSeals:
    """The rim of the unit's own seal bears out a character that the print hardly shows."""

    def weakest(self, rim: str, *, score: float = 0.6) -> float:
        line = line_of("成都云岫样例有限公司", doubtful={3: score})
        seal = Seal(rect=(300, 50, 500, 250), ink="red", text=rim, confidence=0.95)
        page = page_of([line]).model_copy(update={"seals": (seal,)})
        return mended_name(TextRun.of_line(page, line)).weakest

    def test_the_same_character_on_the_rim_settles_it(self) -> None:
        assert self.weakest("成都云岫样例有限公司") == 1.0

    @pytest.mark.parametrize(
        "rim", ["成都云轴样例有限公司", "成都云样例有限公司", "样例人力服务专用章", "云岫", ""]
    )
    def test_another_character_on_it_or_another_seal_settles_nothing(self, rim: str) -> None:
        assert self.weakest(rim) == 0.6

    def test_a_character_that_was_hardly_read_is_not_settled(self) -> None:
        assert self.weakest("成都云岫样例有限公司", score=0.2) == 0.2
