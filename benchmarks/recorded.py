"""Windows that were read once and are looked at again without OCR: readings beside their truth.

A recorded window is a folder that `benchmarks.accuracy --keep DIR` left: `truth/` and
`out/.chuhe/`. A folder with `bundle/` in place of `out/` (one `DOSSIER.json.z` a dossier: window,
dossier and readings as JSON, deflated) is read too; `pack` makes such a folder, a hundredth of the
size.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fixtures.factory.truth import DossierTruth
from pipeline.kept import unpack_kept
from pipeline.model.declaration import Window
from pipeline.model.dossier import Dossier
from pipeline.model.reading import MaterialReading
from pipeline.store.blobs import BlobStore
from pipeline.workers import unpack_reading


@dataclass(frozen=True, slots=True)
class Recorded:
    """One dossier as it was read, and what is true of it."""

    truth: DossierTruth
    window: Window
    dossier: Dossier
    readings: dict[str, MaterialReading]


def recorded_dossiers(folder: Path) -> Iterator[Recorded]:
    """The dossiers of a recorded window, in the order of their ids; those without a reading are left out."""
    bundled = (folder / "bundle").is_dir()
    stored = {} if bundled else _stored(folder)
    blobs = BlobStore(folder / "out" / ".chuhe" / "blobs")
    for path in sorted((folder / "truth").glob("*.json")):
        truth = DossierTruth.model_validate_json(path.read_bytes())
        if bundled:
            packed = folder / "bundle" / f"{truth.dossier_id}.json.z"
            if packed.exists():
                yield _unpack(truth, packed.read_bytes())
        elif truth.dossier_id in stored:
            kept = unpack_kept(_get(blobs, stored[truth.dossier_id]))
            readings = {f: unpack_reading(_get(blobs, key)) for f, key in kept.readings.items()}
            yield Recorded(truth, kept.window, kept.dossier, readings)


def pack(folder: Path) -> int:
    """Writes `bundle/` beside `out/`; the number of dossiers."""
    (folder / "bundle").mkdir(exist_ok=True)
    count = 0
    for one in recorded_dossiers(folder):
        said = {
            "window": one.window.model_dump(mode="json"),
            "dossier": one.dossier.model_dump(mode="json"),
            "readings": {f: r.model_dump(mode="json") for f, r in one.readings.items()},
        }
        target = folder / "bundle" / f"{one.dossier.declaration.dossier_id}.json.z"
        target.write_bytes(zlib.compress(json.dumps(said, ensure_ascii=False).encode(), 9))
        count += 1
    return count


def _unpack(truth: DossierTruth, data: bytes) -> Recorded:
    said = json.loads(zlib.decompress(data))
    return Recorded(
        truth=truth,
        window=Window.model_validate(said["window"]),
        dossier=Dossier.model_validate(said["dossier"]),
        readings={f: MaterialReading.model_validate(r) for f, r in said["readings"].items()},
    )


def _stored(folder: Path) -> dict[str, str]:
    with sqlite3.connect(folder / "out" / ".chuhe" / "store.sqlite") as store:
        return dict(store.execute("select dossier_id, kept from reports"))


def _get(blobs: BlobStore, key: str) -> bytes:
    data = blobs.get(key)
    if data is None:
        raise FileNotFoundError(f"a blob of the recorded window is gone: {key}")
    return data
