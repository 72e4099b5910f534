"""One recipient's copy of a paper, composed from a frozen content and a recipient.

Pure: no database, no clock, no settings. ``entitlement`` decides who may read what; the shape of the content is
described in ``reports.content``.
"""

from reports.copies.composing import compose, compose_about, compose_whole, leaks
from reports.copies.copies import Composed, Passage
from reports.copies.levels import Content, Entitlement, Level, entitlement_of, recipients_due
from reports.copies.readers import reader_of
from reports.copies.strangers import strangers_named

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
    "strangers_named",
]
