"""The signed archive of a window: reports, decisions and the ledger, provable without the console.

`manifest.json` names the SHA-256 of every file and the public key; `manifest.sig` is the Ed25519
signature over its bytes. The ledger inside ends in its own signed head.
"""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import ledger, reviews
from console.context import Console
from console.keys import is_signed
from console.schema import AnswerRow, DossierRow, Review, User
from console.states import State
from pipeline.report.build import to_json

_EPOCH = (2022, 1, 1, 0, 0, 0)
_MANIFEST, _SIGNATURE, _LEDGER = "manifest.json", "manifest.sig", "ledger.jsonl"
SCHEMA = "chuhe/archive/1"


def write_archive(console: Console, window_id: str) -> IO[bytes]:
    """An open temporary file, at its start, with the archive of the window's decided dossiers."""
    stream: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - handed to the caller
    hashes: dict[str, str] = {}
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
        console.database.read() as session,
    ):
        for name, data in _files(console, session, window_id):
            hashes[name] = hashlib.sha256(data).hexdigest()
            _add(archive, name, data)
        manifest = ledger.canonical(
            {
                "schema": SCHEMA,
                "window_id": window_id,
                "public_key": console.database.key.public_hex,
                "files": hashes,
            }
        ).encode()
        _add(archive, _MANIFEST, manifest)
        _add(archive, _SIGNATURE, console.database.key.sign(manifest).encode())
    stream.seek(0)
    return stream


def _files(console: Console, session: Session, window_id: str) -> Iterator[tuple[str, bytes]]:
    names = {user.id: user.username for user in session.scalars(select(User))}
    rows = session.scalars(
        select(DossierRow)
        .where(DossierRow.window_id == window_id, DossierRow.state == str(State.DECIDED))
        .order_by(DossierRow.dossier_id)
    )
    decisions = []
    for row in rows:
        kept = console.dossiers.kept(row.kept)
        yield f"reports/{row.dossier_id}.json", to_json(kept.report)
        decisions.append(decision_of(session, row, names))
    text = json.dumps(decisions, ensure_ascii=False, indent=1)
    yield "decisions.json", text.encode()
    yield _LEDGER, "".join(ledger.export_lines(session)).encode()


def decision_of(session: Session, row: DossierRow, names: dict[int, str]) -> dict[str, Any]:
    """What became of one dossier: every round's answers, and those that decide."""
    rounds = session.scalars(
        select(Review)
        .where(
            Review.window_id == row.window_id,
            Review.dossier_id == row.dossier_id,
            Review.state == "finished",
        )
        .order_by(Review.id)
    )
    deciding = reviews.decided_answers(session, row)
    return {
        "dossier_id": row.dossier_id,
        "state": row.state,
        "outcome": row.outcome,
        "route": row.route,
        "score": row.score,
        "deciding": [answer.target for answer in deciding.values()],
        "rounds": [
            {
                "round": review.round,
                "reviewer": names.get(review.reviewer_id, ""),
                "finished_at": review.finished_at,
                "answers": [
                    {
                        "target": answer.target,
                        "answer": answer.answer,
                        "value": answer.value,
                        "machine_value": answer.machine_value,
                        "reason": answer.reason,
                        "note": answer.note,
                    }
                    for answer in session.scalars(
                        select(AnswerRow)
                        .where(AnswerRow.review_id == review.id, AnswerRow.ended_at.is_(None))
                        .order_by(AnswerRow.id)
                    )
                ],
            }
            for review in rounds
        ],
    }


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, date_time=_EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, data)


def verify_archive(path: Path) -> tuple[str, ...]:
    """What does not hold in an archive: nothing when it is as it was signed."""
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(_problems(archive))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        return (f"not an archive of this kind: {type(error).__name__}",)


def _problems(archive: zipfile.ZipFile) -> Iterator[str]:
    manifest = archive.read(_MANIFEST)
    listed = json.loads(manifest)
    if not is_signed(listed["public_key"], manifest, archive.read(_SIGNATURE).decode()):
        yield "the manifest's signature does not hold"
    present = set(archive.namelist()) - {_MANIFEST, _SIGNATURE}
    for name in sorted(present ^ set(listed["files"])):
        yield f"{name} is missing or was added"
    for name in sorted(present & set(listed["files"])):
        if hashlib.sha256(archive.read(name)).hexdigest() != listed["files"][name]:
            yield f"{name} was changed"
    lines = [json.loads(line) for line in archive.read(_LEDGER).decode().splitlines()]
    head = lines.pop()["head"]
    problems, count, last = ledger.check_chain(lines)
    yield from problems
    if (count, last) != (head["seq"], head["hash"]):
        yield "the ledger does not end at its head"
    elif not is_signed(
        listed["public_key"], ledger.head_text(head["seq"], head["hash"]), head["seal"]
    ):
        yield "the signature of the ledger's head does not hold"
