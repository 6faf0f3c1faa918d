"""The readings of a run: what was read before is taken, the rest is read, each content once."""

from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.errors import MaterialChanged
from pipeline.fingerprint import key_of
from pipeline.model.dossier import Material
from pipeline.model.reading import MaterialReading
from pipeline.pool import JobFailed
from pipeline.running.jobs import Jobs
from pipeline.running.telling import Telling
from pipeline.store.blobs import BlobStore
from pipeline.store.database import Store
from pipeline.store.schema import StoredReading
from pipeline.workers import READING_SUFFIX, ReadOutcome, ReadRequest, pack_reading

Taker = Callable[[str | None], None]
"""Gets the blob of a reading, or None when the file has changed since it was taken in."""

_REASONS = {
    "timeout": "读取超过时限仍未完成（已重试一次），文件可能异常复杂或已损坏，请重新扫描后上传",
    "crash": "读取过程中程序异常中止（已重试一次），文件可能已损坏，请重新扫描后上传",
    "memory": "读取所需内存超过限额（已重试一次），请降低分辨率或拆分后重新上传",
    "error": "读取时发生错误（已重试一次），文件可能已损坏，请重新扫描后上传",
}


class Readings:
    """Readings by content. `retry_failed` reads again what could not be read before."""

    def __init__(
        self,
        store: Store,
        blobs: BlobStore,
        jobs: Jobs,
        telling: Telling,
        *,
        version: str,
        job: Callable[[ReadRequest], ReadOutcome],
        retry_failed: bool,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._jobs = jobs
        self._telling = telling
        self._version = version
        self._job = job
        self._retry_failed = retry_failed
        self._takers: dict[str, list[Taker]] = {}

    def find(self, materials: Sequence[Material]) -> dict[str, str]:
        """By file, the blobs of what was read of these contents before and may be used again."""
        keys = {material.file: self._key(material) for material in materials}
        stored = self._store.find_readings(set(keys.values()))
        return {
            file: stored[key].blob
            for file, key in keys.items()
            if key in stored and self._may_be_used(stored[key])
        }

    def _may_be_used(self, stored: StoredReading) -> bool:
        failed_before = stored.pages == 0 and stored.seconds == 0
        return self._blobs.has(stored.blob) and not (self._retry_failed and failed_before)

    def _key(self, material: Material) -> str:
        """The content and the type that the name says: a file refused for its wrong extension is read
        once it has the right one, though not a byte of it has changed."""
        return key_of(material.sha256, self._version, Path(material.file).suffix.lower())

    def ask(self, dossier_id: str, material: Material, taker: Taker) -> None:
        """Has the file read, unless another of the same content is being read just now."""
        content_key = self._key(material)
        takers = self._takers.setdefault(content_key, [])
        takers.append(taker)
        if len(takers) == 1:
            self._jobs.send(
                self._job,
                ReadRequest(Path(material.path), material.sha256),
                lambda outcome: self._handle(dossier_id, material, content_key, outcome),
            )

    def _handle(
        self,
        dossier_id: str,
        material: Material,
        content_key: str,
        outcome: ReadOutcome | JobFailed,
    ) -> None:
        if isinstance(outcome, JobFailed):
            if outcome.detail == MaterialChanged.code:
                self._hand_over(content_key, None)
                return
            self._telling.log("file quarantined", dossier_id, why=outcome.why)
            outcome = self._put_aside(material.sha256, outcome.why)
        made = StoredReading(
            content_key=content_key,
            sha256=material.sha256,
            version=self._version,
            blob=outcome.blob,
            pages=outcome.pages,
            seconds=outcome.seconds,
        )
        kept = self._store.keep_reading(made, replace=self._retry_failed)
        if not self._blobs.has(kept.blob):
            kept = self._store.keep_reading(made, replace=True)
        self._telling.ocr_seconds += outcome.ocr_seconds
        self._telling.worker_seconds += outcome.seconds
        self._telling.count(materials_read=1, pages_read=outcome.pages)
        self._hand_over(content_key, kept.blob)

    def _put_aside(self, sha256: str, why: str) -> ReadOutcome:
        """The reading of a file that cannot be read: the reason, for the report."""
        reading = MaterialReading(sha256=sha256, quarantine_reason=_REASONS[why], notes=(why,))
        blob = self._blobs.put(pack_reading(reading), READING_SUFFIX)
        self._telling.count(materials_quarantined=1)
        return ReadOutcome(blob=blob, pages=0, seconds=0.0, ocr_seconds=0.0)

    def _hand_over(self, content_key: str, blob: str | None) -> None:
        for taker in self._takers.pop(content_key):
            taker(blob)
