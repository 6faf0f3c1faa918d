"""Covered page pictures on disk, made ahead of people: by dossier, and gone with it.

What lies here is what a reviewer is shown before anything is revealed, never an uncovered page.
"""

import os
import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path

FOLDER = "pages"
"""Below the state folder; no backup holds it."""
_VERSION = "-2"
"""At the end of each dossier's folder: rises when pages are covered or encoded otherwise."""


class PreparedPages:
    """JPEG pictures by the dossier's blob and the page's place in it; safe for several processes.

    A blob names all that was read of a dossier, so what is covered on its pages never changes.
    """

    def __init__(self, state: Path) -> None:
        self._root = state / FOLDER

    def get(self, blob: str, number: int) -> bytes | None:
        """The covered page; None when it was not made yet."""
        try:
            return self._path(blob, number).read_bytes()
        except FileNotFoundError:
            return None

    def has(self, blob: str, number: int) -> bool:
        return self._path(blob, number).exists()

    def put(self, blob: str, number: int, data: bytes) -> None:
        """Keeps the page, readable by the console's own account only. A full disk loses nothing:
        the page is made again when it is asked for."""
        target = self._path(blob, number)
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._root.chmod(0o700)
            handle, draft = tempfile.mkstemp(dir=target.parent)
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            Path(draft).replace(target)
        except OSError:
            return

    def drop(self, blob: str) -> None:
        """Removes what was made of one dossier."""
        shutil.rmtree(self._path(blob, 0).parent, ignore_errors=True)

    def trim(self, wanted: Collection[str], most: int) -> None:
        """Removes the dossiers touched longest ago until `most` are left; never those `wanted`."""
        try:
            found = [(entry.stat().st_mtime, entry.name) for entry in os.scandir(self._root)]
        except FileNotFoundError:
            return
        old = [name for _, name in found if not name.endswith(_VERSION)]
        spare = sorted(i for i in found if i[1].removesuffix(_VERSION) not in (*wanted, *old))
        excess = len(found) - len(old) - most
        for name in (*old, *(name for _, name in spare[: max(0, excess)])):
            shutil.rmtree(self._root / name, ignore_errors=True)

    def _path(self, blob: str, number: int) -> Path:
        return self._root / f"{blob}{_VERSION}" / f"{number}.jpg"
