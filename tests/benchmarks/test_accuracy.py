"""A window cut down to the files of some kinds."""

from pathlib import Path

from benchmarks.accuracy import keep_kinds
from fixtures.factory.truth import DossierTruth, Planted, TrueDocument, TrueMaterial
from pipeline.model.kinds import DocumentKind

CONTRACT, PROOF, DIPLOMA = (
    DocumentKind.LABOUR_CONTRACT,
    DocumentKind.SOCIAL_INSURANCE,
    DocumentKind.DIPLOMA,
)


def write(folder: Path, dossier_id: str, files: dict[str, tuple[DocumentKind, ...]]) -> None:
    """One dossier whose files hold one page each of the kinds named."""
    materials = tuple(
        TrueMaterial(
            file=file, source="scan", damage=(), dpi=150,
            documents=tuple(
                TrueDocument(pages=(i,), kind=kind, layout="", held_out=False, fields={}, boxes={})
                for i, kind in enumerate(kinds, start=1)
            ),
        )
        for file, kinds in files.items()
    )  # fmt: skip
    truth = DossierTruth(
        dossier_id=dossier_id, clean=False, planted=(Planted(code="MISSING_DIPLOMA"),),
        materials=materials,
    )  # fmt: skip
    dossier = folder / "window" / "dossiers" / dossier_id
    for name in ("declaration.json", *files):
        (dossier / name).parent.mkdir(parents=True, exist_ok=True)
        (dossier / name).write_bytes(b"")
    (folder / "truth").mkdir(exist_ok=True)
    (folder / "truth" / f"{dossier_id}.json").write_text(truth.model_dump_json(), "utf-8")


def test_only_files_with_a_paper_of_the_kinds_stay_in_the_window(tmp_path: Path) -> None:
    write(tmp_path, "w-1", {"materials/01.pdf": (DIPLOMA,), "materials/02.pdf": (CONTRACT, PROOF)})
    write(tmp_path, "w-2", {"materials/01.pdf": (DIPLOMA,)})
    for _ in range(2):  # a kept window may be measured again
        keep_kinds(tmp_path, frozenset({PROOF}))
    left = [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()]
    folder = "window/dossiers/w-1"
    assert sorted(left) == [
        "truth/w-1.json", f"{folder}/declaration.json", f"{folder}/materials/02.pdf",
    ]  # fmt: skip
    truth = DossierTruth.model_validate_json((tmp_path / "truth" / "w-1.json").read_bytes())
    assert ([m.file for m in truth.materials], truth.planted) == (["materials/02.pdf"], ())
