"""Reading single files: kind and fields, with confidence and place."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from extractors.registry import extract
from pipeline.classify import split_material
from pipeline.facts import build_document
from pipeline.model.document import ContributionMonth, Document, FieldValue
from pipeline.model.kinds import KIND_LABELS
from pipeline.model.reading import MaterialReading
from pipeline.pool import JobFailed, WorkerPool
from pipeline.settings import Settings
from pipeline.store.blobs import BlobStore
from pipeline.workers import ReadOutcome, ReadRequest, WorkerSetup, read_one, unpack_reading


@dataclass(frozen=True, slots=True)
class FileResult:
    """One file as read. `reason` says (in Chinese) why it could not be, else it is None."""

    file: Path
    reading: MaterialReading | None
    documents: tuple[Document, ...]
    reason: str | None

    def as_json(self, *, with_lines: bool) -> dict[str, Any]:
        pages = self.reading.pages if self.reading else ()
        described: dict[str, Any] = {
            "file": str(self.file),
            "quarantined": self.reason,
            "documents": [d.model_dump(mode="json") for d in self.documents],
            "pages": [
                {"page": p.number, "width": p.width, "height": p.height, "rotation": p.rotation}
                for p in pages
            ],
        }
        if with_lines:
            for entry, page in zip(described["pages"], pages, strict=True):
                entry["lines"] = [
                    {"text": x.text, "confidence": x.confidence, "box": page.quad(x.rect)}
                    for x in page.lines
                ]
        return described


def read_files(files: list[Path], scratch: Path) -> list[FileResult]:
    """Kind and fields of each file, read in a worker process each crash or hang of which costs one."""
    settings = Settings().model_copy(update={"workers": 1})
    blobs = BlobStore(scratch / "blobs")
    setup = WorkerSetup(parent_pid=os.getpid(), settings=settings, blobs=blobs.location)
    pool = WorkerPool(setup)
    results = []
    try:
        for file in files:
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            request = ReadRequest(file.resolve(), digest)
            pool.submit(read_one, request, tag=file, seconds=settings.file_seconds)
            results.append(_result_of(file, pool.completed.get().outcome, blobs))
    finally:
        pool.close(wait=False)
    return results


def _result_of(file: Path, outcome: ReadOutcome | JobFailed, blobs: BlobStore) -> FileResult:
    if isinstance(outcome, JobFailed):
        return FileResult(file, None, (), f"读取失败（{outcome.why} {outcome.detail}）")
    data = blobs.get(outcome.blob)
    assert data is not None
    reading = unpack_reading(data)
    if reading.quarantine_reason is not None:
        return FileResult(file, reading, (), reading.quarantine_reason)
    documents = tuple(
        build_document(file.name, part, extract(part)) for part in split_material(reading)
    )
    return FileResult(file, reading, documents, None)


def describe_readings(results: list[FileResult], console: Console, *, with_lines: bool) -> None:
    """Prints results as tables."""
    for result in results:
        console.rule(escape(result.file.name), align="left")
        if result.reason is not None:
            console.print(f"[red]无法读取[/]：{escape(result.reason)}")
        for document in result.documents:
            console.print(_table_of(document))
        if with_lines and result.reading:
            for page in result.reading.pages:
                for line in page.lines:
                    console.print(
                        f"{page.number}  {line.confidence:.2f}  {line.text}", markup=False
                    )


def _table_of(document: Document) -> Table:
    pages = "、".join(map(str, document.pages))
    table = Table(
        title=f"{KIND_LABELS[document.kind]} {document.kind}（第 {pages} 页，"
        f"可信度 {document.kind_confidence:.2f}）",
        title_justify="left",
    )
    for heading in ("字段", "值", "可信度", "原文", "位置"):
        table.add_column(heading)
    for item in document.fields:
        place = item.evidence[0]
        x, y = place.box[0]
        table.add_row(
            item.name,
            escape(_shown(item.value)),
            f"{item.confidence:.2f}",
            escape(item.raw[:60]),
            f"第 {place.page} 页 ({x:.0f}, {y:.0f})",
        )
    for missed in document.unreadable:
        table.add_row(
            missed.name,
            f"[yellow]未能读出：{escape(missed.reason)}[/]",
            "",
            escape(missed.raw[:60]),
            "",
        )
    return table


def _shown(value: FieldValue) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str):
        return value
    return "\n".join(_shown_month(month) for month in value)


def _shown_month(row: ContributionMonth) -> str:
    return " ".join(part for part in (row.month, row.status, row.insurance, row.payer) if part)
