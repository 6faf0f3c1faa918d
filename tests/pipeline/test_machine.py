"""Workers follow from the machine: one a core, as far as memory goes."""

from pathlib import Path

import pytest

from pipeline.machine import usable_cores, usable_memory, workers_for
from pipeline.settings import Settings

GIB = 2**30


@pytest.mark.parametrize(
    ("cores", "memory", "workers"),
    [(2, 4 * GIB, 2), (2, 2 * GIB, 1), (16, 64 * GIB, 16), (64, 32 * GIB, 24), (1, GIB, 1)],
)
def test_workers_are_as_many_as_cores_and_memory_hold(
    cores: int, memory: int, workers: int
) -> None:
    assert workers_for(cores, memory) == workers


def test_the_limits_of_a_container_are_the_machine(tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text("100000 100000\n")
    (tmp_path / "memory.max").write_text(f"{GIB}\n")
    assert usable_cores(tmp_path) == 1
    assert usable_memory(tmp_path) == GIB


@pytest.mark.parametrize("said", ["max 100000", "", "50000 100000"])
def test_no_limit_and_half_a_core_are_no_trouble(tmp_path: Path, said: str) -> None:
    (tmp_path / "cpu.max").write_text(said)
    (tmp_path / "memory.max").write_text("max")
    assert usable_cores(tmp_path) >= 1
    assert usable_memory(tmp_path) > GIB // 2


def test_an_operator_can_say_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUHE_WORKERS", "7")
    assert Settings().workers == 7
    monkeypatch.delenv("CHUHE_WORKERS")
    assert Settings().workers >= 1
