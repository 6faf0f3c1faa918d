"""Log lines: for people, or one JSON object each. They name windows, dossiers and counts only."""

import json
import logging
from datetime import UTC, datetime
from typing import Literal

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """One JSON object a line: `at` (UTC), `level`, `logger`, `message`, and what was given as `extra`.

    Of an exception only the class is written: a message could hold what stands on a paper.
    """

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            said["error"] = record.exc_info[0].__name__
        extra = {k: v for k, v in vars(record).items() if k not in _STANDARD and k not in said}
        return json.dumps({**said, **extra}, ensure_ascii=False, default=str)


def set_up_logging(form: Literal["text", "json"]) -> None:
    """Writes our log lines to standard error: warnings for people, every event as JSON."""
    handler = logging.StreamHandler()
    if form == "json":
        handler.setFormatter(JsonLines())
        logging.getLogger("chuhe").setLevel(logging.INFO)
    else:
        handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
