"""What dossiers share, over a large window: the index filled with generated traces, and asked.

    python -m benchmarks.shared [--dossiers 100000] [--traces 24] [--shared 0.01]

Every dossier leaves traces as a real one does (about 24: files, pages, numbers, codes, contract and
recommendation wording with their sketches). One in a hundred shares something with another; letters
draw on a hundred wordings. Printed: time to keep a dossier's traces, time and memory of the question
that a run asks at its end, rows and bytes of the index.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from sqlalchemy import insert

from pipeline.model.shared import SharedKind
from pipeline.store.database import Store, store_session
from pipeline.store.schema import StoredReport, StoredTrace
from pipeline.traces.index import find_revisions
from pipeline.traces.sketch import packed

_BLOCK = 1000
_KINDS = (SharedKind.FILE, SharedKind.PAGE, SharedKind.NUMBER, SharedKind.CODE)


def rows(number: int, count: int, share: float, rng: Random) -> Iterator[dict[str, str]]:
    """The traces of one dossier."""
    base = {
        "window_id": "w",
        "dossier_id": f"w-{number:06d}",
        "person": f"{number:016x}",
        "unit": f"{number % 4000:016x}",
    }
    for i in range(count - 4):
        kind = _KINDS[i % len(_KINDS)]
        of = number - 1 if i == 0 and number and rng.random() < share else number
        mark = f"{rng.getrandbits(64):016x}" if kind is SharedKind.PAGE and i % 2 else ""
        yield {**base, "key": f"{of * 64 + i:016x}", "kind": kind, "mark": mark}
    wording = Random(rng.randrange(100))
    letter = tuple(sorted(wording.getrandbits(32) for _ in range(32)))
    for value in letter[:3]:
        yield {**base, "key": f"f{value:015x}", "kind": SharedKind.LETTER, "mark": packed(letter)}
    contract = tuple(sorted(rng.getrandbits(32) for _ in range(32)))
    dates = f"e{rng.randrange(20000):015x}"
    yield {
        **base,
        "key": dates,
        "kind": SharedKind.CONTRACT,
        "mark": packed(contract, contract[:9]),
    }


def fill(store: Store, dossiers: int, count: int, share: float) -> float:
    """Keeps the traces of `dossiers` dossiers; returns the seconds that it took."""
    rng = Random(1)
    began = time.perf_counter()
    for start in range(0, dossiers, _BLOCK):
        numbers = range(start, min(start + _BLOCK, dossiers))
        traces = [row for n in numbers for row in rows(n, count, share, rng)]
        reports = [
            {"window_id": "w", "dossier_id": f"w-{n:06d}", "input_key": "i", "row": "{}",
             "json_sha256": "j", "html_sha256": "h", "kept": "k", "run_id": 1, "route": "cleared",
             "score": 100, "quarantined": 0, "seconds": 1.0, "shared": ""}
            for n in numbers
        ]  # fmt: skip
        with store_session(store.engine) as session:
            session.execute(insert(StoredReport), reports)
            session.execute(insert(StoredTrace), traces)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int, default=100_000)
    parser.add_argument("--traces", type=int, default=24)
    parser.add_argument("--shared", type=float, default=0.01)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite"
        store = Store(f"sqlite:///{path}")
        seconds = fill(store, options.dossiers, options.traces, options.shared)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began, used = time.perf_counter(), time.process_time()
        revisions = sum(1 for _ in find_revisions(store.engine, "w", 1))
        took, spent = time.perf_counter() - began, time.process_time() - used
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        store.close()
        print(
            f"{options.dossiers} dossiers, {options.dossiers * options.traces} traces, "
            f"{path.stat().st_size / 2**20:.0f} MiB; kept in {1000 * seconds / options.dossiers:.2f} ms each; "
            f"asked in {took:.1f} s ({spent:.1f} s CPU), memory grew by {grown / 1024:.0f} MiB; "
            f"{revisions} reports to write again"
        )


if __name__ == "__main__":
    main()
