"""Every line that a test logs, as production would write it, and what must not appear in one."""

from __future__ import annotations

import logging
import logging.config
import re
from collections.abc import Iterator
from contextlib import contextmanager

from cpconf.logs import logging_settings

# What factories and stories give to people: names, mailboxes, numbers, streets, and words of reports.
MARKERS = re.compile(
    r"\b(Given|Family)\d+\b"
    r"|\b(user|person)-\d+@|@(council|home|school|surgery|police)\.example"
    r"|\b07700 ?900|\b01632 ?960"
    r"|\b(Brambley|Ashdown|Alder|Quince Orchard|EM4 7QX|Meadow Lane|Callum Reed)\b"
    r"|asthma|hides under the table|lost his job|missed 18 days"
)
# Lines of a traceback that show source code: the tests' own source contains the markers.
SOURCE_LINE = re.compile(r'^ {2}(File "|  ).*$|^ {4}.*$', re.MULTILINE)
LOGGERS = ("", *logging_settings(production=True, level="INFO")["loggers"], "py.warnings", "allauth", "weasyprint")


class Lines(logging.Handler):
    """Keeps each record formatted as for production."""

    def __init__(self) -> None:
        super().__init__()
        formatter = logging_settings(production=True, level="INFO")["formatters"]["structured"]
        self.setFormatter(logging.config.DictConfigurator({"version": 1}).configure_custom(dict(formatter)))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        # The formatter changes the record it is given.
        copy = logging.makeLogRecord({**record.__dict__, "msg": _copied(record.msg)})
        self.lines.append(self.format(copy))

    def that_tell_something(self) -> list[str]:
        """Return lines with a marker in them, except source code in tracebacks."""
        return [line for line in self.lines if MARKERS.search(SOURCE_LINE.sub("", line.replace("\\n", "\n")))]


def _copied(message: object) -> object:
    return dict(message) if isinstance(message, dict) else message


@contextmanager
def every_line() -> Iterator[Lines]:
    """Collect the lines of every logger, whether it propagates them or not."""
    lines = Lines()
    loggers = [logging.getLogger(name) for name in LOGGERS]
    ends = [logger for logger in loggers if not logger.name or logger.name == "root" or not logger.propagate]
    for logger in ends:
        logger.addHandler(lines)
    try:
        yield lines
    finally:
        for logger in ends:
            logger.removeHandler(lines)
