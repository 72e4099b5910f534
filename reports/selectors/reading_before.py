"""What professionals read of each other's reports in the time before a conference, on their own pages."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from conferences.access import UPCOMING
from conferences.enums import Capacity, HowToAttend, ParticipantStatus, Reply
from conferences.guest_access import has_deputy
from conferences.models import ConferenceChild, Participant
from conferences.selectors.children import children_around, children_in
from conferences.services.sending import booked_sitting
from deadlines.policies import policy_of
from deadlines.working_days.arithmetic import civil_day
from deadlines.working_days.calendars import calendar_for
from entitlement import concealed_from
from reports.enums import ReportKind, ReportState
from reports.models import Report, Sharing
from reports.selectors.due import PersonDue
from reports.selectors.papers import agency_words, children_concerned, children_of_author, sections_in_force
from reports.selectors.versions import Version, version_for
from reports.services.sharing import KEPT_BACK

EVERYONE_ATTENDING = "everyone attending"
DO_NOT_COME = (Reply.NOT_COMING, Reply.REPORT_ONLY, Reply.DEPUTY)


@dataclass(frozen=True)
class ReadBefore:
    """One report as one professional may read it before the conference."""

    report: Report
    agency: str
    version: Version
    has_files: bool

    @property
    def author(self) -> str:
        return self.report.author.person.full_name


@dataclass(frozen=True)
class Reading:
    """What a professional may read now. ``opens_on`` is the day it opens; None where it is open or never opens."""

    is_open: bool
    opens_on: datetime.date | None
    reports: tuple[ReadBefore, ...] = ()


def reading_of(participant: Participant, *, now: datetime.datetime) -> Reading | None:
    """Return the reports a professional may read before the conference; None where they read none at all.

    They come themselves, to the whole of it; the council's procedures say how many working days before it begins,
    and it ends with the meeting. Left out is a report that is not complete or that the chair keeps back from
    somebody, that of a place hidden from them, and all but what is about the children they come for: read as
    strictly as by a relative, without anybody's private information.
    """
    opens_on = _opens_on(participant)
    if opens_on is None:
        return None
    if civil_day(now) < opens_on:
        return Reading(is_open=False, opens_on=opens_on)
    return Reading(is_open=True, opens_on=None, reports=tuple(_reports_for(participant, now=now)))


def _opens_on(participant: Participant) -> datetime.date | None:
    conference = participant.conference
    comes = (
        participant.capacity == Capacity.PROFESSIONAL
        and participant.status == ParticipantStatus.INVITED
        and participant.how == HowToAttend.WHOLE
        and participant.reply not in DO_NOT_COME
        and conference.status in UPCOMING
        and not has_deputy(participant)
    )
    sitting = booked_sitting(conference) if comes else None
    days: int = policy_of(conference.policy_version_id).value("professionals-read-reports-days")
    if sitting is None or not days:
        return None
    return calendar_for(conference.authority_id).subtract(civil_day(sitting.starts_at), days)


def _reports_for(participant: Participant, *, now: datetime.datetime) -> Iterable[ReadBefore]:
    conference, today = participant.conference, civil_day(now)
    children = list(children_in(conference))
    own = children_of_author(participant, children)
    due = _as_reader(participant, own, among=len(children))
    ours = participant.acts_for_id if participant.is_deputy else None
    concealed = concealed_from(
        [participant.person], children_around(conference), council=conference.authority.name, on=today
    )
    shares_social_work = (
        policy_of(conference.policy_version_id).value("social-work-report-goes-to") == EVERYONE_ATTENDING
    )
    rows = (
        Report.objects.filter(conference=conference, state=ReportState.SUBMITTED)
        .exclude(author__in=[pk for pk in (participant.pk, ours) if pk])
        .select_related("conference__authority", "author__person", "author__agency", "author__post")
        .prefetch_related(
            "author__children",
            "attachments",
            Prefetch("sections", sections_in_force()),
            Prefetch("sharings", Sharing.objects.order_by("-recorded_at", "-pk")),
        )
        .order_by("author__capacity", "pk")
    )
    for report in rows:
        author = report.author
        if report.received_at is None or _is_kept_back(report):
            continue
        if report.kind == ReportKind.SOCIAL_WORK and not shares_social_work:
            continue
        if concealed.gives_away(author.person.full_name, person=author.person_id, agency=author.agency_id):
            continue
        if not due.children & children_concerned(author, report, children):
            continue
        has_files = any(row.withdrawn_at is None for row in report.attachments.all())
        yield ReadBefore(report, agency_words(author), version_for(report, due, children, on=today), has_files)


def _as_reader(participant: Participant, own: list[ConferenceChild], *, among: int) -> PersonDue:
    return PersonDue(participant, ties=(), among=among, children=frozenset(row.pk for row in own), waits=False)


def _is_kept_back(report: Report) -> bool:
    """Return whether the chair keeps all or part of it back from anybody; which part, no one recorded."""
    newest: dict[int, str] = {}
    for sharing in report.sharings.all():
        newest.setdefault(sharing.person_id, sharing.outcome)
    return any(outcome in KEPT_BACK for outcome in newest.values())
