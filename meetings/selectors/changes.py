"""Whether anything about a meeting has changed: one opaque key for each conference.

Triggers on the tables listed here notify ``CHANNEL`` with the conference's id once the transaction is committed
(migrations 0008 and after): whoever writes, and by whatever service, nothing has to remember to tell. What has changed
is never told: a page that learns of another key asks for its content again, through its own gatekeeper.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils.crypto import salted_hmac

from govuk.hook import Hook

CHANNEL = "meeting_changed"
# Table of the meeting, and the column that leads from it to its conference.
WATCHED = (
    ("conferences.Conference", "id"),
    ("conferences.ConferenceChild", "conference_id"),
    ("conferences.Sitting", "conference_id"),
    ("conferences.Part", "sitting_id"),
    ("conferences.Participant", "conference_id"),
    ("conferences.ParticipantPart", "participant_id"),
    ("conferences.ExclusionRequest", "conference_id"),
    ("conferences.Attendance", "participant_id"),
    ("conferences.Decision", "conference_child_id"),
    ("meetings.AgendaItem", "conference_id"),
    ("meetings.BoardEntry", "conference_id"),
    ("meetings.OutlineAction", "conference_id"),
    ("meetings.OutlineEntry", "conference_id"),
    ("meetings.SafetyStop", "conference_id"),
    ("meetings.WithoutQuorum", "sitting_id"),
    ("meetings.Score", "conference_child_id"),
    ("meetings.View", "conference_child_id"),
    ("meetings.AnswerRound", "conference_child_id"),
    ("meetings.AskedChild", "participant_id"),
    ("meetings.ScoreShownIn", "score_id"),
    ("meetings.DecisionConsent", "decision_id"),
    ("meetings.Dissent", "decision_id"),
    ("meetings.Explanation", "decision_id"),
    ("meetings.EntryMove", "conference_id"),
    ("meetings.LateEntry", "conference_id"),
    ("meetings.Break", "sitting_id"),
    ("meetings.StatementRead", "part_id"),
    ("meetings.ObserverAnswer", "observer_id"),
)
# Ids of the rows that such a column may hold, for one conference.
_CHILDREN = "SELECT id FROM conferences_conferencechild WHERE conference_id = %(conference)s"
OF_A_CONFERENCE = {
    "sitting_id": "SELECT id FROM conferences_sitting WHERE conference_id = %(conference)s",
    "part_id": "SELECT p.id FROM conferences_part p JOIN conferences_sitting s ON s.id = p.sitting_id"
    " WHERE s.conference_id = %(conference)s",
    "observer_id": "SELECT id FROM conferences_participant WHERE conference_id = %(conference)s",
    "participant_id": "SELECT id FROM conferences_participant WHERE conference_id = %(conference)s",
    "conference_child_id": _CHILDREN,
    "score_id": f"SELECT id FROM meetings_score WHERE conference_child_id IN ({_CHILDREN})",  # noqa: S608 - our own names
    "decision_id": f"SELECT id FROM conferences_decision WHERE conference_child_id IN ({_CHILDREN})",  # noqa: S608 - our own names
}


@dataclass(frozen=True)
class Following:
    """What lets a page follow its meeting: the key of what it shows, where it asks for the next, maybe a stream."""

    key: str
    changed: str
    stream: str = ""


@dataclass(frozen=True)
class Followable:
    """Another kind of meeting whose pages are told of changes: its name is ``prefix`` and its id.

    ``key_of`` returns its key from id and scope, ``asks`` the address that decides who may follow it.
    """

    prefix: str
    key_of: Callable[[int, str], str]
    asks: Callable[[int], str]


@dataclass(frozen=True)
class OwnPages:
    """Pages of one person each, called by ``prefix`` in streams: who decides about one, and its key.

    Their ``Followed`` names the meeting, and as scope their place in it; ``key_of`` takes that scope.
    """

    prefix: str
    asks: Callable[[str], str]
    scope: str
    key_of: Callable[[int], str]


followables: Hook[Followable] = Hook()
own_pages: Hook[OwnPages] = Hook()


def key_for(what: str, scope: str = "") -> str:
    """Return the key of whatever is followed, for those who hear of ``scope`` of it."""
    for pages in own_pages:
        if scope.startswith(pages.scope):
            return pages.key_of(int(scope.removeprefix(pages.scope)))
    for kind in followables:
        if what.startswith(kind.prefix):
            return kind.key_of(int(what.removeprefix(kind.prefix)), scope)
    return key_of(int(what))


def asks_for(what: str) -> str | None:
    """Return the address of the site that decides who may follow it; None where there is nothing of that name."""
    for pages in own_pages:
        if what.startswith(pages.prefix):
            return pages.asks(what)
    for kind in followables:
        if what.startswith(kind.prefix):
            return kind.asks(int(what.removeprefix(kind.prefix)))
    return reverse("meetings:changed", args=[int(what)]) if what.isdecimal() else None


def opaque(*parts: object) -> str:
    """Return a key that is another one for other parts, and says nothing about them."""
    text = ":".join(str(part) for part in parts)
    return salted_hmac("meetings.changes", text, algorithm="sha256").hexdigest()[:32]


def key_of(conference_id: int) -> str:
    """Return a key that is another one after each write about the meeting, and says nothing about it."""
    with connection.cursor() as cursor:
        cursor.execute(_newest_versions(), {"conference": conference_id})
        newest = cursor.fetchone()
    return opaque(conference_id, newest)


@cache
def _newest_versions() -> str:
    """Return the query for the newest row of each table's history."""
    columns = []
    for label, column in WATCHED:
        events = apps.get_model(f"{label}Event")._meta.db_table
        of = "pgh_obj_id" if column == "id" else column
        rows = f"IN ({OF_A_CONFERENCE[column]})" if column in OF_A_CONFERENCE else "= %(conference)s"
        columns.append(f'(SELECT max(pgh_id) FROM "{events}" WHERE {of} {rows})')  # noqa: S608 - our own names
    return f"SELECT {', '.join(columns)}"
