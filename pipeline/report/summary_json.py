"""`summary.json`: the window for machines, written row by row."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter

from pipeline.model.base import Frozen
from pipeline.model.declaration import Window
from pipeline.model.dossier import IntakeError
from pipeline.report.rows import RowSource, as_source
from pipeline.report.summary import SummaryRow, Unreported


def to_summary_json(
    window: Window,
    rows: Sequence[SummaryRow] | RowSource,
    *,
    errors: Sequence[IntakeError] = (),
    unreported: Sequence[Unreported] = (),
) -> bytes:
    """The window as UTF-8 JSON (`summary.json`), dossiers by id; no time stamp."""
    pieces = iter_summary_json(window, as_source(rows), errors=errors, unreported=unreported)
    return b"".join(pieces)


def iter_summary_json(
    window: Window,
    source: RowSource,
    *,
    errors: Sequence[IntakeError] = (),
    unreported: Sequence[Unreported] = (),
) -> Iterator[bytes]:
    """The same in pieces, so that a window of any size is written without being held."""
    reported = sum(source.routes.values())
    totals = {
        "dossiers": reported + len(unreported),
        "reported": reported,
        **{route.value: count for route, count in source.routes.items()},
        "unreported": len(unreported),
        "intake_errors": len(errors),
        "quarantined": source.quarantined,
    }
    lists: tuple[tuple[str, Iterable[Frozen]], ...] = (
        ("dossiers", source.by_id()),
        ("unreported", sorted(unreported, key=attrgetter("dossier_id"))),
        ("intake_errors", errors),
    )
    yield b'{\n "schema": "chuhe/summary/1"'
    yield from _member("window", _dumped(window.model_dump(mode="json"), depth=1))
    yield from _member("totals", _dumped(totals, depth=1))
    for name, items in lists:
        yield from _member(name, "")
        yield from _array(items)
    yield b"\n}\n"


def _member(name: str, text: str) -> Iterator[bytes]:
    yield f',\n "{name}": {text}'.encode()


def _array(items: Iterable[Frozen]) -> Iterator[bytes]:
    """The items as `json.dumps(…, indent=1)` would lay them out one level down."""
    stream = iter(items)
    first = next(stream, None)
    if first is None:
        yield b"[]"
        return
    lead = "[\n  "
    for item in chain((first,), stream):
        yield (lead + item.model_dump_json(indent=1).replace("\n", "\n  ")).encode()
        lead = ",\n  "
    yield b"\n ]"


def _dumped(value: object, *, depth: int) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1).replace("\n", "\n" + " " * depth)
