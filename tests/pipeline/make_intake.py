"""Small intake folders made from the committed sample."""

import shutil
from pathlib import Path

SAMPLE = Path(__file__).resolve().parents[2] / "fixtures" / "sample" / "2022H2"


def dossiers_by_size() -> list[Path]:
    """Sample dossiers, the quickest to read first (fewest bytes)."""

    def size(folder: Path) -> int:
        return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())

    return sorted((SAMPLE / "dossiers").iterdir(), key=size)


def copy_sample(target: Path, dossiers: int, *, most_files: int = 100) -> Path:
    """An intake folder with the smallest `dossiers` of the sample, `most_files` materials of each."""
    (target / "dossiers").mkdir(parents=True)
    shutil.copy(SAMPLE / "window.toml", target / "window.toml")
    for source in dossiers_by_size()[:dossiers]:
        copy = target / "dossiers" / source.name
        shutil.copytree(source, copy)
        files = sorted(p for p in (copy / "materials").rglob("*") if p.is_file())
        for extra in files[most_files:]:
            extra.unlink()
    return target
