"""The chair's reading page: its own sections, what is new since the last look, and what may stand on paper."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from accounts.access import user_of
from accounts.models import User
from conferences.enums import FAMILY_CAPACITIES, Capacity, ConferenceStatus, HowToAttend, ParticipantStatus
from conferences.models import Conference, ExclusionRequest, Participant
from conferences.selectors.children import children_around, children_listed
from conferences.selectors.needs import AskedFor, asked_for
from conferences.selectors.people import participants_of
from conferences.selectors.progress import current_sitting
from conferences.selectors.quorum_forecast import quorum_forecast
from conferences.selectors.risks import risks_of
from conferences.selectors.seating import seating_of
from deadlines.timeline import CaseEvent, events_of
from deadlines.working_days.arithmetic import civil_day
from entitlement import Concealed
from families.models import ContactRisk
from families.selectors.whereabouts import circle_of, confidential_places
from govuk.words import count
from meetings.models import ChairNote, ChairReading
from meetings.reading_page import ARRIVAL, CHANGED, EXCLUSIONS, LANGUAGES, MY_VIEWS, QUORUM, Section, sections
from my_views.access import reads_forms
from my_views.selectors.reading import persons_views

LEFT_OUT = "Left out here: confidential whereabouts"
OFF_THE_LIST = (ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN)
# Text between two tags, and the value of an attribute that is read out.
_TEXT = re.compile(r">([^<>]*\S[^<>]*)(?=<)")
_READ_OUT = re.compile(r'(\s(?:aria-label|data-label|title|alt)=")([^"]+)(?=")')


def without_whereabouts(html: str, conference: Conference) -> str:
    """Return drawn sections with every text left out that gives away a confidential home, number or agency."""
    family = conference.participants.filter(capacity__in=FAMILY_CAPACITIES).values_list("person", flat=True)
    words = confidential_places(circle_of(children_around(conference)) | set(family))
    hidden = Concealed(words=words, council=conference.authority.name)
    if not words:
        return html
    html = _TEXT.sub(lambda found: f">{LEFT_OUT}" if hidden.is_in(unescape(found[1])) else found[0], html)
    return _READ_OUT.sub(lambda found: f"{found[1]}{LEFT_OUT}" if hidden.is_in(unescape(found[2])) else found[0], html)


def note_of(conference: Conference, chair: User) -> ChairNote | None:
    """Return the chair's own note on a conference."""
    return ChairNote.objects.filter(conference=conference, chair=chair).first()


def last_reading(conference: Conference, chair: User) -> ChairReading | None:
    """Return when this chair last said that they had read everything."""
    return ChairReading.objects.filter(conference=conference, chair=chair).first()


def last_conference(conference: Conference) -> Conference | None:
    """Return the last conference that was held about one of these children before this one."""
    children = [row.child_id for row in children_listed(conference)]
    held = Conference.objects.filter(children__child__in=children, status=ConferenceStatus.CLOSED)
    return held.exclude(pk=conference.pk).distinct().order_by("-ended_at", "-pk").first()


def my_views_section(request: HttpRequest, conference: Conference) -> Section | None:
    """Return what children and family handed in; None for whoever may not read their forms."""
    if not reads_forms(user_of(request), conference):
        return None
    rows = persons_views(conference)
    handed_in = sum(row.hand_in is not None for row in rows)
    says = f"{handed_in} of {len(rows)} handed in" if rows else ""
    return Section("my-views", "My Views", "meetings/reading/my_views.html", {"rows": rows}, says)


@dataclass(frozen=True)
class Changed:
    """What happened since the chair read the page, or since the last conference where they have not read it yet."""

    since: datetime.datetime | None
    read_before: bool
    last: Conference | None
    events: list[CaseEvent]


def changed_section(request: HttpRequest, conference: Conference) -> Section:
    """Return what happened in the case since the chair last read the page, else since the last conference."""
    user, now = user_of(request), timezone.now()
    reading, last = last_reading(conference, user), last_conference(conference)
    since = reading.read_at if reading else last.ended_at if last else None
    events = [row for row in events_of(user, conference.family) if _is_between(row.at, since, now)]
    events.sort(key=lambda row: _moment(row.at), reverse=True)
    changed = Changed(since, reading is not None, last, events)
    return Section(
        "changed",
        "What changed since last time",
        "meetings/reading/changed.html",
        {"changed": changed},
        says=count(len(events), "entry", "entries") if events else "nothing",
    )


def _is_between(at: datetime.date, since: datetime.datetime | None, now: datetime.datetime) -> bool:
    if not isinstance(at, datetime.datetime):
        return (since is None or at >= civil_day(since)) and at <= civil_day(now)
    return (since is None or at > since) and at <= now


def _moment(at: datetime.date) -> tuple[datetime.date, datetime.datetime]:
    first = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    return (civil_day(at), at) if isinstance(at, datetime.datetime) else (at, first)


def exclusions_section(_request: HttpRequest, conference: Conference) -> Section:
    """Return who waits for the chair's decision, and who is kept out or apart; never who asked, nor the evidence."""
    rows = ExclusionRequest.objects.filter(conference=conference).exclude(participant__status__in=OFF_THE_LIST)
    rows = rows.filter(Q(decided_at__isnull=True) | ~Q(how=HowToAttend.WHOLE))
    found = rows.select_related("participant__person", "views_through__person", "goes_on_from__conference")
    asked = list(found.order_by("asked_at", "pk"))
    waiting = [row for row in asked if row.decided_at is None]
    newest = {row.participant_id: row for row in asked if row.decided_at is not None}
    decided = [row for pk, row in newest.items() if row.how == row.participant.how]
    return Section(
        "exclusions",
        "Keeping someone out or apart",
        "meetings/reading/exclusions.html",
        {"waiting": waiting, "decided": decided},
        says=f"{len(waiting)} to decide" if waiting else "nothing to decide",
    )


@dataclass(frozen=True)
class AtRisk:
    """Someone on the list with the contact risks in force; never what is written of each."""

    participant: Participant
    risks: list[ContactRisk]


def arrival_section(_request: HttpRequest, conference: Conference) -> Section:
    """Return the contact risks of those on the list, and who arrives when, for what and where they will be."""
    today, sitting = timezone.localdate(), current_sitting(conference)
    participants = _on_list(conference)
    risks = risks_of(participants, on=today)
    seating = seating_of(conference, participants, children=children_listed(conference), sitting=sitting, on=today)
    at_risk = [AtRisk(row, risks[row.person_id]) for row in participants if row.person_id in risks]
    return Section(
        "arrival",
        "Risks, arriving and leaving",
        "meetings/reading/arrival.html",
        {"at_risk": at_risk, "seating": seating, "sitting": sitting},
        says=count(len(at_risk), "person with a contact risk", "people with a contact risk")
        if at_risk
        else "no contact risk recorded",
    )


def quorum_section(_request: HttpRequest, conference: Conference) -> Section:
    """Return the quorum on the answers so far, and whom to ring."""
    forecast = quorum_forecast(conference, list(participants_of(conference)))
    said = forecast.words
    return Section(
        "quorum", "Quorum", "conferences/quorum_forecast.html", {"forecast": forecast}, f"{said[:1].lower()}{said[1:]}"
    )


@dataclass(frozen=True)
class Speaks:
    """The language of someone on the list, what they asked for, and who interprets or comes with them."""

    participant: Participant
    language: str
    needs_interpreter: bool
    asked: AskedFor | None
    with_them: list[Participant]

    @property
    def has_interpreter(self) -> bool:
        return any(row.capacity == Capacity.INTERPRETER for row in self.with_them)


def languages_section(_request: HttpRequest, conference: Conference) -> Section:
    """Return languages, interpreters, what people asked for, and who comes with whom."""
    participants = _on_list(conference)
    asked = {row.participant.pk: row for row in asked_for(conference, participants)}
    beside: dict[int, list[Participant]] = defaultdict(list)
    for row in participants:
        if row.acts_for_id is not None and not row.is_deputy:
            beside[row.acts_for_id].append(row)
    rows = [
        Speaks(row, row.person.language, row.person.interpreter_needed, asked.get(row.pk), beside[row.pk])
        for row in participants
        if row.person.language or row.person.interpreter_needed or row.pk in asked or beside[row.pk]
    ]
    without = sum(row.needs_interpreter and not row.has_interpreter for row in rows)
    return Section(
        "languages",
        "Languages and what people need",
        "meetings/reading/languages.html",
        {"rows": rows},
        says=f"{count(without, 'person', 'people')} without an interpreter" if without else "",
    )


def _on_list(conference: Conference) -> Sequence[Participant]:
    return [row for row in participants_of(conference) if row.status not in OFF_THE_LIST]


def connect_sections() -> None:
    """Connect the sections that meetings knows itself; called once from ``meetings.hooks``."""
    sections.connect(my_views_section, order=MY_VIEWS)
    sections.connect(changed_section, order=CHANGED)
    sections.connect(exclusions_section, order=EXCLUSIONS)
    sections.connect(arrival_section, order=ARRIVAL)
    sections.connect(quorum_section, order=QUORUM)
    sections.connect(languages_section, order=LANGUAGES)
