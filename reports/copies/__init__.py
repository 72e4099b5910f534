"""One recipient's copy of a paper: a frozen content and a recipient in, their copy out.

Pure: no database, no clock, no settings. Who may read what is asked of ``entitlement``; the shape of the content
stands in ``reports.content``.
"""

from reports.copies.composing import compose, compose_about, compose_whole, leaks
from reports.copies.copies import Composed, Passage
from reports.copies.levels import Content, Entitlement, Level, entitlement_of, recipients_due
from reports.copies.readers import reader_of

__all__ = [
    "Composed",
    "Content",
    "Entitlement",
    "Level",
    "Passage",
    "compose",
    "compose_about",
    "compose_whole",
    "entitlement_of",
    "leaks",
    "reader_of",
    "recipients_due",
]
