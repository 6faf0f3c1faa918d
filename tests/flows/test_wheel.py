"""The wheel: everything that a run needs is in it, and it runs away from the repository."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("pipeline", "extractors", "validators", "flows", "console")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree; skips where the build's own requirements cannot be had."""
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if built.returncode and "setuptools" in built.stderr:
        pytest.skip("the build's requirements cannot be had without a network")
    assert built.returncode == 0, built.stderr[-2000:]
    return next(folder.glob("chuhe-*.whl"))


@pytest.mark.slow
def test_every_file_of_the_packages_is_in_it(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = set(zipfile.ZipFile(wheel).namelist())
    assert set(listed.stdout.split()) - names == set()
    assert {n.split("/")[0] for n in names if "dist-info" not in n} == set(PACKAGES)


@pytest.mark.slow
def test_it_runs_a_window_and_a_register_from_elsewhere(
    wheel: Path, simulated: Path, tmp_path: Path
) -> None:
    place = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(place)
    # The repository comes second, for the simulated jobs alone.
    path = os.pathsep.join((str(place), str(ROOT)))
    environment = {**os.environ, "PYTHONPATH": path, "CHUHE_HOME": str(tmp_path / "home")}

    def chuhe(*arguments: str | Path) -> str:
        ended = subprocess.run(
            [sys.executable, "-m", "tests.flows.generated_cli", *arguments],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr[-2000:]
        return ended.stdout

    where = subprocess.run(
        [sys.executable, "-c", "import pipeline, console; print(pipeline.__file__, console.__file__)"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert where.stdout.count(str(place)) == 2
    chuhe("run", simulated, "--out", tmp_path / "out", "--local", "--json")
    assert len(list((tmp_path / "out" / "reports").glob("*.html"))) == 8
    chuhe("window", "add", simulated)
    assert "2022H2" in chuhe("window", "list")
