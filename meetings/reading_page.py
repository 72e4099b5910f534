"""What stands on the page from which the chair reads before a meeting; higher apps connect their sections.

Each function gets the request and the conference, which the user may open as its chair, and returns a section or None,
in a fixed number of queries. What anyone's section says is shown without confidential whereabouts, so that the page
can be printed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from conferences.models import Conference
from govuk.hook import Hook


@dataclass(frozen=True)
class Section:
    """One section: ``key`` is its anchor, ``says`` how much there is, for the contents at the top."""

    key: str
    title: str
    template: str
    context: Mapping[str, Any]
    says: str = ""


SectionFinder = Callable[[HttpRequest, Conference], Section | None]

# By order: what children and family wrote for the meeting comes first, below 10.
MY_VIEWS = 0
CHANGED = 10
DISPUTED = 20
REPORTS = 30
EXCLUSIONS = 40
ARRIVAL = 50
QUORUM = 60
LANGUAGES = 70
OPEN_ACTIONS = 80
sections: Hook[SectionFinder] = Hook()
