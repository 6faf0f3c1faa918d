"""The exception tree of Chuhe.

    ChuheError
    ├── UsageError            exit 2   the call cannot be understood
    ├── UnusableIntake        exit 2   the intake folder cannot be used as a whole
    ├── InvalidRulebook       exit 2   a rulebook does not load
    ├── ModelsMissing         exit 3   OCR weights are absent or not the ones expected
    ├── StoreError            exit 4   the store cannot be opened or written
    ├── RunUnderWay           exit 5   another run writes to the same output folder
    ├── WindowSealed          exit 6   the window is sealed and cannot change
    ├── MaterialRefused       (data)   one upload cannot be read: becomes a quarantine entry
    └── MaterialChanged       (data)   an upload changed while the run went on: its dossier waits

A bad file or a bad dossier is data, never one of these crossing a dossier.
"""


class ChuheError(Exception):
    """Base of all: `code` is stable, `exit_status` is what the command ends with.

    The message says what happened; `untouched` what was not changed; `next_step` what to do.
    """

    code = "CHUHE_ERROR"
    exit_status = 1

    def __init__(self, message: str, *, untouched: str = "", next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.untouched = untouched
        self.next_step = next_step

    def __str__(self) -> str:
        return "\n".join(part for part in (self.message, self.untouched, self.next_step) if part)


class UsageError(ChuheError):
    code = "USAGE"
    exit_status = 2


class UnusableIntake(ChuheError):
    code = "INTAKE_UNUSABLE"
    exit_status = 2


class InvalidRulebook(ChuheError):
    code = "RULEBOOK_INVALID"
    exit_status = 2


class ModelsMissing(ChuheError):
    code = "MODELS_MISSING"
    exit_status = 3


class StoreError(ChuheError):
    code = "STORE"
    exit_status = 4


class RunUnderWay(ChuheError):
    code = "RUN_UNDER_WAY"
    exit_status = 5


class WindowSealed(ChuheError):
    code = "WINDOW_SEALED"
    exit_status = 6


class MaterialRefused(ChuheError):
    """Why one upload cannot be read; the message is Chinese and meant for a clerk."""

    code = "MATERIAL_REFUSED"
    exit_status = 1


class MaterialChanged(ChuheError):
    """An upload is not what it was when it was taken in; nothing read from it is kept."""

    code = "MATERIAL_CHANGED"
    exit_status = 1
