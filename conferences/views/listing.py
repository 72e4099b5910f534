"""The list of conferences and the overview of one."""

from __future__ import annotations

import datetime
from dataclasses import replace

from django.db.models import F
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import record_read, require_roles, rights_of, user_of
from accounts.enums import CASE_ROLES, Role
from accounts.models import User
from conferences.access import CONFERENCE_RULE, access_conference, own_invitations, visible_conferences
from conferences.enums import Capacity, ParticipantStatus
from conferences.forms.filters import ConferenceFilter
from conferences.models import Conference
from conferences.panels import Wait, panels_of, waits_of
from conferences.selectors.agreements import newest_agreement, why_not_agreed
from conferences.selectors.lateness import (
    LATE_NEEDS,
    SAID_WITH_IT,
    AgreementRow,
    agreements_of,
    cause_words,
    is_past_limit,
    open_to,
)
from conferences.selectors.listing import conference_list, for_list
from conferences.selectors.missing_parts import MissingPart, missing_parts
from conferences.selectors.people import PersonRow, participants_of, person_rows
from conferences.selectors.procedures import policy_of_conference
from conferences.selectors.progress import why_not_moved
from conferences.selectors.quorum_ahead import too_few_agencies
from conferences.selectors.quorum_forecast import quorum_forecast
from conferences.selectors.recording import recording_of
from conferences.views.page_context import ConferencePage, page_context
from deadlines.clocks import clock_of
from deadlines.working_days.arithmetic import civil_day
from families.access import may_change_family
from govuk import words
from govuk.lists import paginate

TO_HOLD_IT = ("initial-conference", "pre-birth-conference", "transfer-in-conference")
ORDERS: dict[str, tuple[str | OrderBy, ...]] = {
    "date": (F("meets_at").asc(nulls_last=True), "pk"),
    "-date": (F("meets_at").desc(nulls_last=True), "-pk"),
    "chair": ("chair__name", "pk"),
    "-chair": ("-chair__name", "-pk"),
}


def conferences(request: HttpRequest) -> HttpResponse:
    """List the conferences the user may see, newest date first, filtered by date, chair and status."""
    user = require_roles(request)
    today = timezone.localdate()
    # Filtering by council lets the database read the newest rows in index order.
    visible = visible_conferences(user).filter(authority__in=user.councils)
    chairs = User.objects.filter(pk__in=visible.order_by().values("chair")).order_by("name", "pk")
    chosen = ConferenceFilter(request.GET or None, queryset=visible, chairs=chairs)
    rows = chosen.qs if chosen.form.is_valid() or not chosen.form.is_bound else visible
    order = ORDERS.get(request.GET.get("sort", ""), ORDERS["-date"])
    # The page is found among narrow rows first; everything that a row shows is joined to those of the page alone.
    page = paginate(request, rows.order_by(*order).values("pk"), counts_all=False)
    shown = CONFERENCE_RULE.named(Conference.objects.filter(pk__in=page.object_list), user)
    page.object_list = list(for_list(shown).order_by(*order))
    record_read(
        request,
        page="conferences:conferences",
        subject=Conference.__name__,
        subject_id=None,
        family_ids=[row.family_id for row in page],
        right=rights_of(page),
    )
    context = {
        "page": page,
        "rows": conference_list(list(page), today=today),
        "form": chosen.form,
        "invitations": own_invitations(user).count(),
        "finds_families": user.holds(*CASE_ROLES),
        "reads_complaints": user.holds(Role.CHAIR, Role.COORDINATOR, Role.SERVICE_MANAGER),
        "hands_on": user.holds(Role.COORDINATOR, Role.SERVICE_MANAGER),
    }
    return render(request, "conferences/conferences.html", context)


def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the state of one conference, what comes next, who is coming, and what is waiting for whom."""
    conference = access_conference(request, pk)
    user, today = user_of(request), timezone.localdate()
    context = page_context(conference, user=user, tab="overview", today=today)
    around: ConferencePage = context["conference_page"]
    participants = list(participants_of(conference).prefetch_related(None).prefetch_related("exclusion_requests"))
    rows = [
        replace(row, is_to_be_told=row.participant.pk in around.to_tell.participant_ids)
        for row in person_rows(participants, children=(), sitting=around.sitting, on=today)
    ]
    asked = [row for row in rows if row.participant.status != ParticipantStatus.WITHDRAWN]
    agreements, late = agreements_of(conference), is_past_limit(conference, now=timezone.now())
    held = None if around.is_over else newest_agreement(conference)
    mine = {row.pk for row in open_to(user, conference, on=today)} if agreements else set()
    context |= {
        "panels": panels_of(request, conference),
        "answers": _answers(around),
        "not_agreed": why_not_agreed(held),
        "refused": held is not None and held.agreed is False,
        "too_few": [] if around.is_over else _too_few(around),
        "forecast": quorum_forecast(conference, participants),
        "family_people": [row for row in asked if row.participant.is_family],
        "people_count": len(asked),
        "waits": [
            *_waits(around, rows),
            *_late_waits(around, agreements, mine, late=late),
            *waits_of(request, conference),
        ],
        "agreements": [row for row in agreements if row.is_given or not row.is_overtaken],
        "late_cause": cause_words(conference),
        "after": _after(around),
        "is_late": late,
        "withdrawn_children": conference.children.filter(withdrawn_at__isnull=False).count(),
        "may_change_children": not around.is_over and around.may.change_children,
        "may_move": not why_not_moved(conference, around.sitting) and around.may.move,
        "may_cancel": around.may_be_cancelled,
        "recording": recording_of(conference),
        "missing": _missing(around),
        "may_change": may_change_family(user, conference.family),
    }
    return render(request, "conferences/overview.html", context)


def _missing(around: ConferencePage) -> list[MissingPart]:
    """Return who is missing around the children of a conference to come, for those who arrange it."""
    if around.is_over or not around.may.arrange:
        return []
    conference = around.conference
    children = [row.child for row in around.children]
    policy = policy_of_conference(conference)
    return missing_parts(children, policy, on=around.today, family_id=conference.family_id)


def _too_few(around: ConferencePage) -> list[str]:
    """Return, while the conference is to come, a sentence for each child known to too few agencies for a quorum."""
    on = civil_day(around.sitting.starts_at) if around.sitting else around.today
    children = [row.child for row in around.children]
    return too_few_agencies(children, policy_of_conference(around.conference), on=on)


def _answers(around: ConferencePage) -> list[str]:
    """Return the names of those responsible for the next clock."""
    if around.next_clock is None:
        return []
    users = User.objects.filter(pk__in=around.next_clock.deadline.responsible_ids, is_active=True)
    return list(users.order_by("name").values_list("name", flat=True))


def _after(around: ConferencePage) -> list[dict[str, object]]:
    """Return what is due on the day of the meeting or later, each kind once per day."""
    if around.sitting is None:
        return []
    day = civil_day(around.sitting.starts_at)
    found: dict[tuple[str, datetime.date], dict[str, object]] = {}
    for row in around.deadlines:
        clock = clock_of(row.kind)
        if row.is_open and clock is not None and row.plan_for_on >= day and row.kind not in TO_HOLD_IT:
            found.setdefault((row.kind, row.plan_for_on), {"deadline": row, "title": clock.title})
    return list(found.values())


def _waits(around: ConferencePage, rows: list[PersonRow]) -> list[Wait]:
    """Return what is waiting before the day: decisions by the chair, invitations, answers, reasons for a late date."""
    conference = around.conference
    found = [
        Wait("The chair", f"Whether and how {row.participant.person.full_name} takes part", _decide_url(around, row))
        for row in rows
        if row.open_request and not around.is_over
    ]
    if around.to_tell:
        url = _url("conferences:to-tell", conference.pk) if around.may.arrange else ""
        found.append(Wait("Social worker or coordinator", f"{around.to_tell.title}: {around.to_tell.said}", url))
    unsent = [
        row
        for row in rows
        if row.participant.status in (ParticipantStatus.TO_INVITE, ParticipantStatus.PROPOSED)
        and row.participant.pk not in around.to_tell.participant_ids
    ]
    if unsent and around.sitting and not around.is_over:
        found.append(
            Wait(
                "The coordinator",
                f"{words.count(len(unsent), 'invitation')} not sent",
                _url("conferences:people", conference.pk),
            )
        )
    # Whoever has a deputy is not asked: the deputy is.
    replaced = {row.participant.acts_for_id for row in rows if row.participant.is_deputy and row.is_asked}
    silent = [
        row
        for row in rows
        if row.participant.status == ParticipantStatus.INVITED
        and row.participant.reply == "none"
        and row.participant.capacity == Capacity.PROFESSIONAL
        and row.participant.pk not in replaced
    ]
    if silent and not around.is_over:
        names = words.listed([row.participant.person.full_name for row in silent])
        found.append(Wait(names, "Whether they come", ""))
    return found


def _late_waits(around: ConferencePage, agreements: list[AgreementRow], mine: set[int], *, late: bool) -> list[Wait]:
    """Return what is waiting because the date is after the limit: reason and cause, and each party's agreement."""
    conference = around.conference
    found = []
    needs = policy_of_conference(conference).value(LATE_NEEDS) if late else ()
    if any(need in needs and not getattr(conference, field) for need, field in SAID_WITH_IT.items()):
        url = _url("conferences:late-reason", conference.pk) if around.may.arrange else ""
        found.append(Wait("Social worker or coordinator", "Why the date is after the time limit", url))
    for row in agreements:
        if not row.is_given and not row.is_overtaken:
            url = _url("conferences:agree-late", conference.pk) if row.agreement.pk in mine else ""
            found.append(Wait(row.who, "Whether they agree to the date after the time limit", url))
    return found


def _decide_url(around: ConferencePage, row: PersonRow) -> str:
    if not around.may.keep_out or row.open_request is None:
        return ""
    return _url("conferences:decide-request", around.conference.pk, row.open_request.pk)


def _url(name: str, *ids: int) -> str:
    return reverse(name, args=ids)
