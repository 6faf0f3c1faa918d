"""The index of a window's traces: kept as dossiers are reported, asked once when all are."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from pipeline.model.shared import SharedKind
from pipeline.store.database import store_session
from pipeline.store.schema import StoredReport, StoredTrace
from pipeline.traces.links import LISTED, Link
from pipeline.traces.sketch import alike, overlap, unpacked
from pipeline.traces.trace import Left

_KEYS_AT_ONCE = 500
_COMPARED = 100
"""Groups of more dossiers than this are not compared one by one."""
_DISTINCT = 40
"""Groups with more marks than this are no copies of one thing."""
_WORDINGS = (SharedKind.CONTRACT, SharedKind.LETTER)
_SAME_LOOK = 10
_SAME_WORDS = 0.8
_SAME_NUMBERS = 0.85


@dataclass(frozen=True, slots=True)
class Revision:
    """A report that no longer says what its dossier shares. `shared` is the hash of `links`."""

    dossier_id: str
    kept: str
    links: tuple[Link, ...]
    shared: str


@dataclass(frozen=True, slots=True)
class _Member:
    dossier_id: str
    person: str
    unit: str
    mark: str


def rows_of(window_id: str, dossier_id: str, left: Left) -> list[StoredTrace]:
    """The rows that a dossier's traces are kept as."""
    return [
        StoredTrace(
            window_id=window_id,
            dossier_id=dossier_id,
            key=trace.key,
            kind=str(trace.kind),
            person=left.person,
            unit=left.unit,
            mark=trace.mark,
        )
        for trace in left.traces
    ]


def find_revisions(engine: Engine, window_id: str, run_id: int) -> Iterator[Revision]:
    """Reports of run `run_id` to be written again, by dossier id.

    What is held meanwhile is the links of the dossiers that share something, never the index.
    """
    links = find_links(engine, window_id, run_id)
    query = (
        select(StoredReport.dossier_id, StoredReport.kept, StoredReport.shared)
        .where(StoredReport.window_id == window_id, StoredReport.run_id == run_id)
        .order_by(StoredReport.dossier_id)
        .execution_options(yield_per=2000)
    )
    changed: list[Revision] = []
    with store_session(engine) as session:
        for dossier_id, kept, shared in session.execute(query):
            own = tuple(sorted(links.get(dossier_id, ())))
            digest = hash_links(own)
            if kept and digest != (shared or ""):
                changed.append(Revision(dossier_id, kept, own, digest))
    yield from changed


def hash_links(links: tuple[Link, ...]) -> str:
    """SHA-256 over links in order; "" for none."""
    if not links:
        return ""
    told = [[link.key, list(link.dossiers), link.others, link.same_unit] for link in links]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def find_links(engine: Engine, window_id: str, run_id: int) -> Mapping[str, list[Link]]:
    """What each dossier of the run shares with those of other people in it.

    One pass over the index in the order of keys; a group is held at a time.
    """
    links: dict[str, list[Link]] = {}
    with store_session(engine) as session:
        for key, kind, members in _groups(session, window_id, run_id):
            for dossier_id, link in _links_of(key, kind, members):
                links.setdefault(dossier_id, []).append(link)
    return links


def _groups(
    session: Session, window_id: str, run_id: int
) -> Iterator[tuple[str, SharedKind, list[_Member]]]:
    """(key, kind, members by dossier id) of every key that two people's dossiers hold."""
    traces = StoredTrace.__table__.c
    keys = (  # of the columns of one index only: rows are looked up for shared keys alone
        select(traces.key)
        .where(traces.window_id == window_id)
        .group_by(traces.key)
        .having(func.min(traces.person) != func.max(traces.person))
        .order_by(traces.key)
        .execution_options(yield_per=_KEYS_AT_ONCE)
    )
    members = (
        select(traces.key, traces.kind, traces.dossier_id, traces.person, traces.unit, traces.mark)
        .join(
            StoredReport,
            (StoredReport.window_id == traces.window_id)
            & (StoredReport.dossier_id == traces.dossier_id),
        )
        .where(traces.window_id == window_id, StoredReport.run_id == run_id)
        .order_by(traces.key, traces.dossier_id)
        .execution_options(yield_per=2000)
    )
    for some in session.scalars(keys).partitions():
        rows = session.execute(members.where(traces.key.in_(some)))
        for (key, kind), found in groupby(rows, key=lambda row: (row[0], row[1])):
            yield key, SharedKind(kind), [_Member(*row[2:]) for row in found]


def _links_of(key: str, kind: SharedKind, members: list[_Member]) -> Iterator[tuple[str, Link]]:
    if len(members) > _COMPARED:
        # Wording that so many use is a form; one picture or number in so many dossiers is not.
        if kind not in _WORDINGS:
            yield from _links_of_many(key, members)
        return
    marks = list(dict.fromkeys(member.mark for member in members))
    if len(marks) > _DISTINCT:
        return
    same = {one: {m for m in marks if _is_same(kind, one, m)} for one in marks}
    for one in members:
        others = [m for m in members if m.person != one.person and m.mark in same[one.mark]]
        if others:
            yield one.dossier_id, _link(key, one, [o.dossier_id for o in others], others)


def _links_of_many(key: str, members: list[_Member]) -> Iterator[tuple[str, Link]]:
    """The same for a large group, whose marks are not compared: time grows with its size only."""
    people: dict[str, int] = {}
    units = {m.unit for m in members}
    for member in members:
        people[member.person] = people.get(member.person, 0) + 1
    for one in members:
        named = [m.dossier_id for m in members[: LISTED + people[one.person]]
                 if m.person != one.person]  # fmt: skip
        count = len(members) - people[one.person]
        if count:
            same_unit = bool(one.unit) and units == {one.unit}
            yield one.dossier_id, Link(key, tuple(named[:LISTED]), count, same_unit)


def _link(key: str, one: _Member, dossiers: list[str], others: list[_Member]) -> Link:
    same_unit = bool(one.unit) and all(other.unit == one.unit for other in others)
    return Link(key, tuple(dossiers[:LISTED]), len(dossiers), same_unit)


def _is_same(kind: SharedKind, one: str, other: str) -> bool:
    """Whether two things under one key are the same, as far as their marks tell."""
    if one == other or not one or not other:
        return True
    if kind is SharedKind.PAGE:
        return (int(one, 16) ^ int(other, 16)).bit_count() <= _SAME_LOOK
    words, *numbers = unpacked(one)
    others_words, *others_numbers = unpacked(other)
    if alike(words, others_words) < _SAME_WORDS:
        return False
    return all(overlap(a, b) >= _SAME_NUMBERS for a, b in zip(numbers, others_numbers, strict=True))
