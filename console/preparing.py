"""The process that makes covered pages ready, one after the other, in the order it is told."""

import contextlib
import os
import signal
from collections.abc import Iterator
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from console.dossiers import DossierShelf
from console.need import pages_by_need
from console.pictures import PictureShelf, Sheet
from console.prepared import PreparedPages
from console.shelf import Shelf
from pipeline.errors import StoreError
from pipeline.store.blobs import open_blobs

Wanted = tuple[tuple[str, int], ...]
"""Blobs of dossiers in the order of need, each with how many of its pages are wanted."""

_NICENESS = 5
"""People go first; but beside a run on the same machine, the pages they wait for must come along."""


def prepare_pages(inlet: Connection, location: str, state: Path) -> None:
    """Makes ready what comes through `inlet`, and keeps no more dossiers than comes with it, until
    it is closed. Runs in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the console ends it
    os.nice(_NICENESS)
    worker = _Worker(location, state)
    with contextlib.suppress(EOFError, OSError):
        while True:
            wanted, most = inlet.recv()
            while inlet.poll():
                wanted, most = inlet.recv()
            worker.prepared.trim({blob for blob, _ in wanted}, most)
            for sheet in worker.missing(wanted):
                worker.make(sheet)
                if inlet.poll():
                    break


class _Worker:
    def __init__(self, location: str, state: Path) -> None:
        blobs = open_blobs(location)
        self.prepared = PreparedPages(state)
        self._pictures = PictureShelf(blobs, self.prepared)
        self._dossiers = DossierShelf(blobs, size=4)
        self._orders: Shelf[str, tuple[int, ...]] = Shelf(4000)
        self._unmade: set[tuple[str, int]] = set()

    def missing(self, wanted: Wanted) -> Iterator[Sheet]:
        """The pages that are not there, in order."""
        for blob, most in wanted:
            for number in self._orders.get(blob, partial(self._order, blob))[:most]:
                if (blob, number) not in self._unmade and not self.prepared.has(blob, number):
                    yield Sheet(blob, self._dossiers.kept(blob), number)

    def make(self, sheet: Sheet) -> None:
        if self._pictures.prepare(sheet) is None:
            self._unmade.add((sheet.blob, sheet.number))

    def _order(self, blob: str) -> tuple[int, ...]:
        try:
            return tuple(pages_by_need(self._dossiers.kept(blob), self._dossiers.unsure(blob)))
        except StoreError:  # its blob is gone; whoever opens the dossier is told
            return ()
