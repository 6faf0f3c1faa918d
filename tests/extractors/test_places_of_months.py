"""Places of months: look-alike readings in one list."""

from extractors.social_insurance.placed import with_settled_places
from pipeline.model.document import ContributionMonth, Evidence, MonthStatus
from pipeline.model.values import Month

BOX = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))


def months(*places: str) -> list[ContributionMonth]:
    return [
        ContributionMonth(
            month=Month(f"2022-{number:02d}"), status=MonthStatus.PAID, place=place,
            confidence=0.9, evidence=(Evidence(page=1, box=BOX, raw=place),),
        )
        for number, place in enumerate(places, start=1)
    ]  # fmt: skip


def settled(*places: str) -> list[str]:
    return [month.place for month in with_settled_places(months(*places))]


def test_what_most_rows_bear_is_the_place_of_all() -> None:
    assert (
        settled("绵阳市涪城区", "绵阳市涪城区", "浦阳市涪城区", "绵阳市涪城区")
        == ["绵阳市涪城区"] * 4
    )


def test_readings_among_which_nothing_decides_are_left_out() -> None:
    """Seen on a photo: one office read as four cities, one of them another city that exists."""
    assert settled("浦阳市涪城区", "浦阳市涪城区", "绵阳市涪城区", "德阳市涪城区") == [""] * 4


def test_different_places_stay() -> None:
    places = ["成都市高新区", "成都市高新区", "杭州市西湖区", "杭州市西湖区"]
    assert settled(*places) == places


def test_one_reading_stays_as_printed_even_when_no_place_is_known_by_it() -> None:
    assert settled("云岫县", "云岫县") == ["云岫县", "云岫县"]
