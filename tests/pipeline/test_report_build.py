"""The report as JSON: the contract's keys, the published schema, and the same bytes every time."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pipeline.model.document import Document, Evidence, Field, Unreadable
from pipeline.model.dossier import Facts
from pipeline.model.kinds import DocumentKind
from pipeline.model.report import Report, ReportField
from pipeline.report.build import build_report, from_json, report_schema, schema_bytes, to_json
from tests.pipeline.report_sample import WINDOW, dossier, readings, sample_report

SCHEMA_FILE = Path(__file__).resolve().parents[2] / "docs" / "report.schema.json"


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(to_json(sample_report()))
    return loaded


def test_top_level_keys_stand_in_the_order_of_the_contract(data: dict[str, Any]) -> None:
    named = [
        "schema", "dossier_id", "window_id", "route", "score", "documents", "contributions",
        "findings", "eligibility", "quarantined", "provenance",
    ]  # fmt: skip
    assert [key for key in data if key in named] == named
    assert data["schema"] == "chuhe/report/1"


def test_a_field_carries_value_raw_confidence_and_evidence(data: dict[str, Any]) -> None:
    field = data["documents"][0]["fields"]["graduated_on"]
    assert field["value"] == "2019-07"
    assert field["raw"] == "二〇一五年九月至二〇一九年七月"
    assert field["confidence"] == 0.98
    (evidence,) = field["evidence"]
    assert evidence["page"] == 1
    assert len(evidence["box"]) == 4


def test_what_could_not_be_read_is_null_with_its_reason(data: dict[str, Any]) -> None:
    field = data["documents"][0]["fields"]["birth_date"]
    assert field["value"] is None
    assert field["confidence"] == 0
    assert field["unreadable"] == "印章遮挡，两次读取不一致"


def test_months_are_lists_of_their_parts(data: dict[str, Any]) -> None:
    first = data["documents"][2]["fields"]["months"]["value"][0]
    assert {"month", "status", "payer", "base", "insurance"} <= first.keys()
    assert first["month"] == "2021-03"
    assert data["contributions"]["months"][0]["evidence"][0].keys() == {
        "document_id",
        "page",
        "box",
    }


def test_fields_stand_in_the_order_of_their_kind(data: dict[str, Any]) -> None:
    names = list(data["documents"][0]["fields"])
    assert names == ["name", "birth_date", "institution", "graduated_on", "diploma_number"]


def test_a_value_read_stands_above_a_place_that_could_not_be_read() -> None:
    evidence = Evidence(page=1, box=((0, 0), (9, 0), (9, 9), (0, 9)), raw="样宁远")
    document = Document(
        document_id="m1-1",
        file="materials/01 毕业证.jpg",
        pages=(1,),
        kind=DocumentKind.DIPLOMA,
        kind_confidence=1.0,
        source="ocr",
        fields=(
            Field(name="name", value="样宁远", raw="样宁远", confidence=1, evidence=(evidence,)),
        ),
        unreadable=(Unreadable(name="name", reason="第二页模糊"),),
    )
    assert _rebuilt(Facts(documents=(document,))).documents[0].fields["name"] == ReportField(
        value="样宁远", raw="样宁远", confidence=1, evidence=({"page": 1, "box": evidence.box},)
    )


def test_every_quarantined_file_is_listed_once() -> None:
    report = _rebuilt(Facts())
    assert [item.file for item in report.quarantined] == ["materials/04 身份证.pdf"]


def test_notes_of_intake_and_of_reading_are_kept() -> None:
    notes = [(note.where, note.message) for note in sample_report().notes]
    assert notes == [
        ("declaration.json", "多出的键 remark 已保留"),
        ("materials/01 毕业证.jpg", "第 1 页方向已校正"),
    ]


def test_neither_blob_keys_nor_paths_of_this_machine_enter_the_file() -> None:
    text = to_json(sample_report()).decode()
    assert "blob-" not in text
    assert "/intake" not in text


def test_the_order_of_hashes_given_does_not_change_the_bytes() -> None:
    report = sample_report()
    turned = report.provenance.model_copy(
        update={"inputs": dict(reversed(list(report.provenance.inputs.items())))}
    )
    again = _rebuilt(Facts()).model_copy(update={"provenance": report.provenance})
    built = build_report(
        window=WINDOW,
        dossier=dossier(),
        facts=Facts(),
        findings=again.findings,
        eligibility=again.eligibility,
        contributions=again.contributions,
        score=again.score,
        route=again.route,
        route_reasons=again.route_reasons,
        readings=dict(reversed(list(readings().items()))),
        provenance=turned,
    )
    assert to_json(built) == to_json(again)


def test_a_report_comes_back_from_its_bytes() -> None:
    written = to_json(sample_report())
    assert to_json(from_json(written)) == written


def test_the_report_validates_against_the_published_schema(data: dict[str, Any]) -> None:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(data, schema)


@pytest.mark.parametrize("broken", ["route", "findings", "provenance"])
def test_the_schema_misses_an_absent_key(data: dict[str, Any], broken: str) -> None:
    without = {key: value for key, value in data.items() if key != broken}
    with pytest.raises(jsonschema.ValidationError, match=broken):
        jsonschema.validate(without, report_schema())


def test_the_schema_refuses_an_unknown_route(data: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError, match="rejected"):
        jsonschema.validate({**data, "route": "rejected"}, report_schema())


def test_the_schema_lets_a_later_key_pass(data: dict[str, Any]) -> None:
    jsonschema.validate({**data, "added_later": 1}, report_schema())


def test_the_published_schema_is_up_to_date() -> None:
    assert SCHEMA_FILE.read_bytes() == schema_bytes()


def _rebuilt(facts: Facts) -> Report:
    base = sample_report()
    return build_report(
        window=WINDOW,
        dossier=dossier(),
        facts=facts,
        findings=base.findings,
        eligibility=base.eligibility,
        contributions=base.contributions,
        score=base.score,
        route=base.route,
        route_reasons=base.route_reasons,
        readings=readings(),
        provenance=base.provenance,
    )
