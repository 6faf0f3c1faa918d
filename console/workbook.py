"""The decided window as a workbook."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import reviews
from console.answers import Target, machine_value
from console.context import Console
from console.grouping import told
from console.pages import label, local_time
from console.publication import Entry, Period
from console.schema import DossierRow
from console.states import Round, State
from pipeline.report.sheets import Table, write_book

_Row = tuple[str | int | None, ...]


def write_decided(path: Path, console: Console, session: Session, window_id: str) -> None:
    """Writes the sheets 结论 and 回答 of every decided dossier to `path`."""
    rows = session.scalars(
        select(DossierRow)
        .where(DossierRow.window_id == window_id, DossierRow.state == str(State.DECIDED))
        .order_by(DossierRow.dossier_id)
    ).all()
    decisions: Table = (
        "结论",
        (
            ("申报编号", 18), ("姓名", 12), ("申报级别", 10), ("申报单位", 34), ("机器去向", 16),
            ("评分", 7), ("结论", 14), ("办结时间", 18), ("经人工", 8),
        ),
        tuple(_decision(session, row) for row in rows),
    )  # fmt: skip
    answers: Table = (
        "回答",
        (
            ("申报编号", 18), ("对象", 10), ("项目", 28), ("回答", 14), ("机器读数", 28),
            ("更正为", 28), ("理由", 16), ("说明", 40),
        ),
        tuple(line for row in rows for line in _answers(console, session, row)),
    )  # fmt: skip
    write_book(path, (decisions, answers))


def _decision(session: Session, row: DossierRow) -> _Row:
    by_person = any(reviews.finished_review(session, row, r) for r in Round)
    return (
        row.dossier_id,
        row.name,
        row.applied_level,
        row.employer,
        label("zh", "route", row.route),
        row.score,
        label("zh", "decision", row.outcome),
        local_time(row.decided_at),
        "是" if by_person else "否",
    )


def _answers(console: Console, session: Session, row: DossierRow) -> Iterator[_Row]:
    given = reviews.decided_answers(session, row)
    kept = console.dossiers.grouped(row.kept, given.values())
    kinds = {d.document_id: str(d.kind) for d in kept.facts.documents}
    for answer in given.values():
        target = Target.parse(answer.target)
        yield (
            row.dossier_id,
            {"finding": "事项", "field": "字段", "month": "月份", "pages": "分件"}[target.kind],
            _about(target, kinds),
            label("zh", "answer", answer.answer).rstrip("："),
            machine_value(kept.facts, target) if target.kind != "finding" else "",
            told(answer.value) if target.kind == "pages" else answer.value,
            label("zh", "reason", answer.reason) if answer.reason else "",
            answer.note,
        )


def _about(target: Target, kinds: Mapping[str, str]) -> str:
    """What an answer is about, as people call it."""
    match target.kind:
        case "finding":
            return label("zh", "finding", target.first)
        case "pages":
            return "全部材料"
        case _:
            kind = label("zh", "kind", kinds.get(target.first, "unknown"))
            return f"{kind} {label('zh', 'field', target.second)}"


def write_publication(
    path: Path, window_id: str, entries: tuple[Entry, ...], period: Period
) -> None:
    """Writes the list for publication to `path`, its period in the sheet's last lines."""
    lines: list[_Row] = [
        (e.number, e.dossier_id, e.name, e.id_number, e.employer, e.level) for e in entries
    ]
    first, last = period.first.isoformat(), period.last.isoformat()
    lines.append((None, f"公示期：{first} 至 {last}", "", "", "", ""))
    table: Table = (
        f"公示名单 {window_id}"[:31],
        (
            ("序号", 7), ("申报编号", 20), ("姓名", 12), ("身份证号", 24), ("申报单位", 40),
            ("申报级别", 12),
        ),
        tuple(lines),
    )  # fmt: skip
    write_book(path, (table,))
