"""How the console answers with a full window and many people at work, on loopback.

    python -m benchmarks.console_load --sample OUT [--dossiers 10000] [--people 20] [--seconds 180]

Makes a window of dossiers from those that a run left in OUT, each under its own id; those at the head
of the queue, which are all that anybody gets to see, have blobs and page pictures of their own, and
none of them is in the system's cache. Starts the console as `chuhe serve` does,
lets it stand for a while as it does before people come, and lets people work: look at the queue,
take the next dossier, have the first piece of a page and the page shown, answer what needs a person,
finish. Between two actions each thinks for 2 to 14 seconds, 8 on average, as somebody does who
compares a paper with a form. Prints the percentiles, and the load of the machine.
"""

import argparse
import html
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any
from unittest.mock import patch

import httpx
import psutil
from argon2 import PasswordHasher
from sqlalchemy import insert, select

from console.accounts import new_user
from console.context import STATE_FOLDER, open_console
from console.imports import import_reports
from console.roles import Role
from console.schema import DossierRow, place_of
from pipeline.kept import KEPT_SUFFIX, KeptDossier, KeptPage, pack_kept
from pipeline.store.blobs import BlobStore

PASSWORD = "benchmark people"
WINDOW = "2022H2"
WORDS = ("李", "000123", "网络")
THINKING = (2.0, 14.0)
"""Seconds between two actions of one person: shortest and longest."""
OWN_BLOBS = 10_000
OWN_PICTURES = 400
"""Dossiers at the head of the queue that have a blob, and page pictures, of their own."""


@dataclass
class Times:
    """Seconds per kind of page."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, name: str, seconds: float) -> None:
        with self.lock:
            self.seconds.setdefault(name, []).append(seconds)


def prepare(out: Path, dossiers: int, people: int, sample: Path) -> None:
    """A window of `dossiers` rows over the dossiers that a run left in `sample`, and accounts."""
    shutil.copytree(sample, out, dirs_exist_ok=True)
    console = open_console(out)
    import_reports(console, "benchmark")
    with console.database.read() as session:
        rows = [
            {c.name: getattr(row, c.name) for c in DossierRow.__table__.columns}
            for row in session.scalars(select(DossierRow))
        ]
    rng = Random(5)
    kept = {row["kept"]: console.dossiers.kept(row["kept"]) for row in rows}
    made = []
    for i in range(len(rows), dossiers):
        row, effect = rows[i % len(rows)], round(rng.random(), 4)
        made.append(
            {
                **row,
                "dossier_id": f"2022H2-{i + 1:06d}",
                "effect": effect,
                "place": place_of(row["state"], effect),
                "name": row["name"] + str(i % 97),
            }
        )
    queued = sorted(made, key=lambda row: (row["place"], row["dossier_id"]))
    for place, row in enumerate(queued[:OWN_BLOBS]):
        own = kept[row["kept"]]
        if place < OWN_PICTURES:
            own = own.model_copy(
                update={"pages": _own_pages(console.blobs, own, row["dossier_id"])}
            )
        dossier = own.dossier.model_copy(update={"dossier_id": row["dossier_id"]})
        packed = pack_kept(own.model_copy(update={"dossier": dossier}))
        row["kept"] = console.blobs.put(packed, KEPT_SUFFIX)
    hashed = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    with console.database.write() as unit:
        for start in range(0, len(made), 500):
            unit.session.execute(insert(DossierRow), made[start : start + 500])
        for i in range(people):
            unit.session.add(new_user(f"person{i:02d}", "", Role.REVIEWER, hashed, unit.now))
    console.close()
    os.sync()
    for path in (out / STATE_FOLDER / "blobs").glob("*/*"):
        with path.open("rb") as stream:
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _own_pages(blobs: BlobStore, kept: KeptDossier, dossier_id: str) -> tuple[KeptPage, ...]:
    """The pages with pictures that no other dossier has: a comment in the JPEG tells them apart."""
    comment = dossier_id.encode()
    segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
    pages = []
    for page in kept.pages:
        data = blobs.get(page.picture) if page.picture else None
        if data is not None:
            own = blobs.put(data[:2] + segment + data[2:], ".jpg")
            page = page.model_copy(update={"picture": own})
        pages.append(page)
    return tuple(pages)


@dataclass
class Worker:
    """One person at work until a moment."""

    client: httpx.Client
    times: Times
    rng: Random
    until: float
    pages: int
    """How many pages the queue has, about."""

    def run(self, name: str) -> None:
        """Queue, next dossier, answers, finish, over and over; every third time a search."""
        time.sleep(self.rng.random() * 8)  # nobody begins at the same moment
        self.client.post("/login", data={"username": name, "password": PASSWORD})
        page = self.client.get(f"/w/{WINDOW}/queue")
        csrf = self._find(r'name="csrf" content="([^"]+)"', page.text)
        done = 0
        while time.perf_counter() < self.until:
            self._get("queue", f"/w/{WINDOW}/queue?page={self.rng.randrange(1, self.pages)}")
            self._think()
            if done % 3 == 0:
                self._get("search", f"/w/{WINDOW}/queue?q={self.rng.choice(WORDS)}")
                self._think()
            self._review(csrf)
            done += 1

    def _review(self, csrf: str) -> None:
        taken = self.client.post(f"/w/{WINDOW}/next", data={"csrf": csrf})
        path = taken.headers["location"]
        shown = self._get("dossier", path)
        crops = re.findall(r'src="([^"]+/crop/[^"]+)"', shown)
        if crops:
            self._get("first crop", crops[0].replace("&amp;", "&"))
        page = re.search(r'id="page-image" href="([^"]+)"', shown)
        if page:
            self._get("page picture", html.unescape(page[1]))
        for _ in range(12):
            needed = re.findall(r'data-target="([^"]+)" data-needs', shown)
            if not needed or time.perf_counter() > self.until:
                break
            self._think()
            target = html.unescape(needed[0])
            answer = "upheld" if target.startswith("finding:") else "right"
            shown = self._post(
                "answer", f"{path}/answer", csrf, target=target, answer=answer, confirm="1"
            )
        self._think()
        self._post("finish", f"{path}/finish", csrf, next="0")

    def _think(self) -> None:
        time.sleep(self.rng.uniform(*THINKING))

    def _get(self, name: str, path: str) -> str:
        started = time.perf_counter()
        answer = self.client.get(path)
        self.times.add(name, time.perf_counter() - started)
        answer.raise_for_status()
        return answer.text

    def _post(self, name: str, path: str, csrf: str, **fields: str) -> str:
        started = time.perf_counter()
        answer = self.client.post(path, data={"csrf": csrf, **fields}, headers={"X-Swap": "1"})
        self.times.add(name, time.perf_counter() - started)
        return answer.text

    @staticmethod
    def _find(pattern: str, text: str) -> str:
        found = re.search(pattern, text)
        assert found is not None, pattern
        return found[1]


def work(base: str, name: str, until: float, times: Times, pages: int) -> None:
    """One person at one browser."""
    with httpx.Client(base_url=base, timeout=60) as client:
        Worker(client, times, Random(name), until, pages).run(name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--dossiers", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument(
        "--settle", type=float, default=30.0, help="seconds the console stands before people come"
    )
    parser.add_argument(
        "--sample", type=Path, required=True, help="an OUT folder that `chuhe run` wrote"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        with patch("os.fsync"):  # thousands of blobs that need not last
            prepare(out, asked.dossiers, asked.people, asked.sample)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "pipeline",
            "serve",
            "--out",
            str(out),
            "--port",
            str(port),
        ]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
            try:
                measure(f"http://127.0.0.1:{port}", asked)
                own = psutil.Process(server.pid)
                for what, processes in (("console", [own]), ("its helpers", own.children())):
                    times = [p.cpu_times() for p in processes]
                    used = sum(t.user + t.system for t in times)
                    print(f"{what}: {used:.0f} s of processor time since it was started")
            finally:
                server.terminate()


def measure(base: str, asked: argparse.Namespace) -> None:
    for _ in range(600):
        try:
            httpx.get(f"{base}/health")
            break
        except httpx.HTTPError:
            time.sleep(0.1)
    time.sleep(asked.settle)
    before = psutil.cpu_times()
    times, pages = Times(), asked.dossiers * 3 // 200
    until = time.perf_counter() + asked.seconds
    threads = [
        threading.Thread(target=work, args=(base, f"person{i:02d}", until, times, pages))
        for i in range(asked.people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(
        f"{asked.dossiers} dossiers, {asked.people} people, {asked.seconds:.0f} s after "
        f"{asked.settle:.0f} s of standing; {_busy(before):.2f} of {psutil.cpu_count()} cores busy"
    )
    print("| page | requests | median ms | 95 % ms | worst ms |\n|---|---|---|---|---|")
    for name, seconds in sorted(times.seconds.items()):
        cut = quantiles(seconds, n=20) if len(seconds) > 1 else [seconds[0]] * 19
        row = (1000 * cut[9], 1000 * cut[18], 1000 * max(seconds))
        print(f"| {name} | {len(seconds)} | " + " | ".join(f"{v:.0f}" for v in row) + " |")


def _busy(before: Any) -> float:
    """How many cores were busy on average since `before`, whatever with."""
    now = psutil.cpu_times()
    spent = [b - a for a, b in zip(before, now, strict=True)]
    idle = now.idle - before.idle + now.iowait - before.iowait
    return (psutil.cpu_count() or 1) * (1 - float(idle) / float(sum(spent)))


if __name__ == "__main__":
    main()
