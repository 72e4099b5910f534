"""What one recipient may read: a frozen content and a recipient in, their copy out.

Pure: no database, no clock, no settings. Entitlement is per child and per adult, never per family. The
rules, with the reason for each choice, stand in docs/adr/0007-entitlement-per-child-and-adult.md; the shape
of the content in ``reports.content``.
"""

from reports.entitlement.composing import compose, compose_about, compose_whole, leaks
from reports.entitlement.copies import Composed, Passage
from reports.entitlement.levels import Content, Entitlement, Level, entitlement_of, recipients_due
from reports.entitlement.readers import Reader, may_read, reader_of

__all__ = [
    "Composed",
    "Content",
    "Entitlement",
    "Level",
    "Passage",
    "Reader",
    "compose",
    "compose_about",
    "compose_whole",
    "entitlement_of",
    "leaks",
    "may_read",
    "reader_of",
    "recipients_due",
]
