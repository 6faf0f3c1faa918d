"""What a page is read with, beyond finding its lines and reading each once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Techniques:
    """Each can be left out, so that what it brings and costs is measured (`benchmarks/ablation.py`).

    `turns`: the upright position is found by trying; without, the page is taken as it lies.
    `levels`: pages seen so far aslant that their lines fan out are levelled. `seals`: print is
    freed of red ink and of grey seals first. `stamps`: of grey seals too. `contrast`: faint pages
    are tried on evened paper. `regions`: what lies upside down beside upright print is turned by
    itself. `tiles`: long strips are looked at piece by piece. `second`: doubtful lines and names are
    read again by the stronger recogniser. `votes`: what stays doubtful is read several times more
    and put to the vote. `names`: what stays doubtful in a name is settled with another recogniser,
    and characters are told that none of them learned.
    """

    turns: bool = True
    levels: bool = True
    seals: bool = True
    stamps: bool = True
    contrast: bool = True
    regions: bool = True
    tiles: bool = True
    second: bool = True
    votes: bool = True
    names: bool = True


ALL = Techniques()
