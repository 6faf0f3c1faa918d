"""How the console answers with a full window and many people at work, on loopback.

    python -m benchmarks.console_load [--dossiers 10000] [--people 20] [--seconds 30]

Makes a window of dossiers (a few dozen different ones, under as many ids as asked), starts the
console as `chuhe serve` does, signs people in, and lets each of them open the queue, a dossier and
its first crop over and over, with a short pause as a person makes. Prints the percentiles.
"""

import argparse
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

import httpx
from argon2 import PasswordHasher
from sqlalchemy import insert, select

from console.accounts import new_user
from console.context import open_console
from console.imports import import_reports
from console.roles import Role
from console.schema import DossierRow, place_of

PASSWORD = "benchmark people"
WINDOW = "2022H2"


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
    made = []
    for i in range(len(rows), dossiers):
        row = rows[i % len(rows)]
        effect = round(rng.random(), 4)
        made.append(
            {
                **row,
                "dossier_id": f"2022H2-{i + 1:06d}",
                "effect": effect,
                "place": place_of(row["state"], effect),
                "name": row["name"] + str(i % 97),
            }
        )
    hashed = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    with console.database.write() as unit:
        for start in range(0, len(made), 500):
            unit.session.execute(insert(DossierRow), made[start : start + 500])
        for i in range(people):
            unit.session.add(new_user(f"person{i:02d}", "", Role.REVIEWER, hashed, unit.now))
    console.close()


def work(base: str, name: str, until: float, times: Times, pause: float) -> None:
    """One person at work until then."""
    rng = Random(name)
    with httpx.Client(base_url=base, timeout=30, follow_redirects=True) as client:
        client.post("/login", data={"username": name, "password": PASSWORD})
        while time.perf_counter() < until:
            number = rng.randrange(1, 150)
            page = fetch(client, "queue", f"/w/{WINDOW}/queue?page={number}", times)
            ids = re.findall(rf"/w/{WINDOW}/d/([0-9A-Za-z-]+)", page)
            time.sleep(pause * rng.random())
            shown = fetch(client, "dossier", f"/w/{WINDOW}/d/{rng.choice(ids)}", times)
            crops = re.findall(r'src="([^"]+/crop/[^"]+)"', shown)
            if crops:
                fetch(client, "first crop", crops[0].replace("&amp;", "&"), times)
            time.sleep(pause * rng.random())
            word = rng.choice(("李", "000123", "网络"))
            fetch(client, "search", f"/w/{WINDOW}/queue?q={word}", times)
            time.sleep(pause * rng.random())


def fetch(client: httpx.Client, name: str, path: str, times: Times) -> str:
    started = time.perf_counter()
    answer = client.get(path)
    times.add(name, time.perf_counter() - started)
    answer.raise_for_status()
    return answer.text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--dossiers", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--pause", type=float, default=4.0, help="longest pause between pages")
    parser.add_argument(
        "--sample", type=Path, required=True, help="an OUT folder that `chuhe run` wrote"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
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
            finally:
                server.terminate()


def measure(base: str, asked: argparse.Namespace) -> None:
    for _ in range(600):
        try:
            httpx.get(f"{base}/health")
            break
        except httpx.HTTPError:
            time.sleep(0.1)
    times = Times()
    until = time.perf_counter() + asked.seconds
    threads = [
        threading.Thread(target=work, args=(base, f"person{i:02d}", until, times, asked.pause))
        for i in range(asked.people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{asked.dossiers} dossiers, {asked.people} people, {asked.seconds:.0f} s")
    print("| page | requests | median ms | 95 % ms | worst ms |\n|---|---|---|---|---|")
    for name, seconds in sorted(times.seconds.items()):
        cut = quantiles(seconds, n=20) if len(seconds) > 1 else [seconds[0]] * 19
        row = (1000 * cut[9], 1000 * cut[18], 1000 * max(seconds))
        print(f"| {name} | {len(seconds)} | " + " | ".join(f"{v:.0f}" for v in row) + " |")


if __name__ == "__main__":
    main()
