"""Pictures made ready before somebody asks for them: looking for faces takes longest of all."""

import queue
import threading
from collections.abc import Iterable

from console.pictures import PictureShelf, Veil
from pipeline.kept import KeptDossier

_MOST = 64
"""Pages that may wait; further ones are left to whoever asks for them."""


class Warmer:
    """One thread that prepares pages in the order they were asked for. It starts when needed."""

    def __init__(self, pictures: PictureShelf) -> None:
        self._pictures = pictures
        self._wanted: queue.Queue[tuple[KeptDossier, int] | None] = queue.Queue(_MOST)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def ask(self, kept: KeptDossier, pages: Iterable[int]) -> None:
        """Asks for pages of a dossier, by their number among its pages; never waits."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="warmer", daemon=True)
                self._thread.start()
        for number in dict.fromkeys(pages):
            try:
                self._wanted.put_nowait((kept, number))
            except queue.Full:
                return

    def close(self) -> None:
        """Ends the thread after the page it is at."""
        with self._lock:
            if self._thread is None:
                return
            while True:
                try:
                    self._wanted.get_nowait()
                except queue.Empty:
                    break
            self._wanted.put(None)
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        while (item := self._wanted.get()) is not None:
            kept, number = item
            self._pictures.prepare(kept, kept.pages[number], Veil())
