"""Papers: reports and documents, and to whom each went."""

from reports.models.papers import (
    Copy,
    Document,
    DocumentSettledFor,
    PaperProgress,
    Report,
    ReportSection,
    ReportSectionChild,
    ReportSectionPrivateTo,
    Sharing,
)

__all__ = [
    "Copy",
    "Document",
    "DocumentSettledFor",
    "PaperProgress",
    "Report",
    "ReportSection",
    "ReportSectionChild",
    "ReportSectionPrivateTo",
    "Sharing",
]
