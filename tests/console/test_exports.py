"""Exports: workbook, signed archive, publication by the working-day calendar."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from console.archive import verify_archive
from console.publication import CalendarUnknown, publication_period
from tests.console.conftest import WINDOW, Office


@pytest.mark.parametrize(
    ("published", "last"),
    [
        (date(2023, 1, 18), date(2023, 1, 30)),  # Spring Festival, two working weekend days
        (date(2026, 2, 12), date(2026, 2, 26)),
        (date(2023, 2, 1), date(2023, 2, 8)),
    ],
)
def test_publication_ends_on_the_fifth_working_day(published: date, last: date) -> None:
    assert publication_period(published).last == last


def test_the_other_reading_counts_the_first_day(tmp_path: Path) -> None:
    assert publication_period(date(2023, 2, 1), counts_start_day=True).last == date(2023, 2, 7)


def test_fewer_than_five_days_are_refused() -> None:
    with pytest.raises(ValueError, match="5"):
        publication_period(date(2023, 2, 1), days=4)


def test_a_year_the_calendar_does_not_know_is_an_error() -> None:
    with pytest.raises(CalendarUnknown):
        publication_period(date(2031, 3, 3))
    with pytest.raises(CalendarUnknown):
        publication_period(date(2003, 12, 1))


def test_an_unknown_year_makes_no_list(office: Office) -> None:
    operator = office.sign_in("operator")
    answer = operator.client.get(
        f"/w/{WINDOW}/exports/publication.xlsx", params={"published_on": "2031-03-03"}
    )
    assert answer.status_code == 409 and "工作日历" in answer.text


def test_the_list_for_publication_covers_numbers(office: Office) -> None:
    operator = office.sign_in("operator")
    answer = operator.client.get(
        f"/w/{WINDOW}/exports/publication.xlsx", params={"published_on": "2023-02-01"}
    )
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [[str(v) for v in row if v is not None] for row in sheet.iter_rows(values_only=True)]
    assert rows[1][1] == "2022H2-000001" and "*" in rows[1][3]
    assert "2023-02-01 至 2023-02-08" in rows[-1][0]


def test_the_workbook_holds_every_decided_dossier(office: Office) -> None:
    operator = office.sign_in("operator")
    answer = operator.client.get(f"/w/{WINDOW}/exports/decided.xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["结论", "回答"]
    assert [c.value for c in book["结论"]["A"]][1:] == ["2022H2-000001", "2022H2-000008"]


def archive(office: Office, tmp_path: Path) -> Path:
    answer = office.sign_in("operator").client.get(f"/w/{WINDOW}/exports/decided.zip")
    path = tmp_path / "decided.zip"
    path.write_bytes(answer.content)
    return path


def test_the_archive_verifies_away_from_the_console(office: Office, tmp_path: Path) -> None:
    path = archive(office, tmp_path)
    assert verify_archive(path) == ()
    names = zipfile.ZipFile(path).namelist()
    assert {"reports/2022H2-000001.json", "decisions.json", "ledger.jsonl"} <= set(names)


@pytest.mark.parametrize("name", ["reports/2022H2-000001.json", "ledger.jsonl", "manifest.json"])
def test_any_change_to_the_archive_shows(office: Office, tmp_path: Path, name: str) -> None:
    path = archive(office, tmp_path)
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as target:
        for entry in source.namelist():
            data = source.read(entry)
            target.writestr(entry, data.replace(b"2022H2", b"2022H3", 1) if entry == name else data)
    assert verify_archive(changed)


def test_something_else_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no")
    assert verify_archive(tmp_path / "x.zip")
