"""A family page's enquiries and conferences: a panel, the next step, and facts on the children's cards."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.request_cache import once_per_request
from conferences.access import CONFERENCE_RULE
from conferences.enums import ConferenceKind, ConferenceStatus
from conferences.models import Conference, ConferenceChild
from conferences.selectors.children import heading_of, names_of, short_name_of
from conferences.selectors.enquiries import (
    NOT_OVER,
    conferences_of,
    counted_alike,
    discussions_of,
    last_day_for,
    states_of,
    waiting_enquiries,
    waiting_reviews,
)
from conferences.selectors.missing_parts import missing_parts
from conferences.selectors.telling import names_to_tell
from conferences.selectors.transfers import last_day_of_transfers, transfers_of, waiting_transfers
from deadlines.policies import PolicyMissing, policies_of, policy_for
from deadlines.working_days.calendars import calendar_for
from families.access import may_change_family
from families.models import Child, Enquiry, Family, TransferIn
from families.panels import CardFact, CardTag, NextStep
from families.selectors.people import children_alone
from govuk import words

BOOKED = (ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)


def family_panel(request: HttpRequest, family: Family) -> tuple[str, Mapping[str, Any]] | None:
    """Return strategy discussions with the last day of each, and the conferences that the user may open."""
    user = _user(request)
    today = timezone.localdate()
    discussions = discussions_of(family)
    states = states_of(enquiry for row in discussions for enquiry in row.enquiries.all())
    rows = [
        {"counted": counted, "states": [states[enquiry.pk] for enquiry in counted.enquiries]}
        for discussion in discussions
        if discussion.enquiries.all()
        for counted in counted_alike(discussion, authority_id=family.authority_id, today=today)
    ]
    conferences = [
        {
            "conference": conference,
            "heading": heading_of(conference.children.all()),
            "names": names_of(conference.children.all()),
            "sitting": next(iter(reversed(conference.sittings.all())), None),
            "open": conference.is_open,  # type: ignore[attr-defined]
        }
        for conference in _conferences(user, family)
    ]
    return "conferences/family_panel.html", {
        "discussions": rows,
        "transfers": transfers_of(family),
        "conferences": conferences,
        "may_change": may_change_family(user, family),
    }


def missing_panel(request: HttpRequest, family: Family) -> tuple[str, Mapping[str, Any]] | None:
    """Return who is missing around the children, for those who record the family; None where nobody is."""
    if family.closed_on is not None or not may_change_family(_user(request), family):
        return None
    today = timezone.localdate()
    try:
        policy = policy_for(family.authority_id, on=today)
    except PolicyMissing:
        # A council that has not put its procedures in force yet may record families.
        return None
    children = list(children_alone(family, on=today).select_related("pregnancy", "person"))
    missing = missing_parts(children, policy, family_id=family.pk, on=today)
    return ("conferences/missing_parts.html", {"missing": missing, "may_change": True}) if missing else None


def next_step(request: HttpRequest, family: Family) -> NextStep | None:
    """Return the step to schedule the conference, else to open the booked one, else None."""
    user = _user(request)
    today = timezone.localdate()
    if family.closed_on is not None:
        return None
    waiting: list[Enquiry | TransferIn] = [*waiting_enquiries(family), *waiting_transfers(family)]
    last = _last_day(waiting, authority_id=family.authority_id)
    if waiting and last is not None and may_change_family(user, family):
        calendar = calendar_for(family.authority_id)
        by = calendar.day_to_plan_for(last)
        names = words.listed([short_name_of(row.child) for row in waiting])
        distance = words.working_distance(calendar.count(today, by))
        return NextStep(
            title=f"Schedule the conference by {words.short_date(by, today=today)}",
            detail=f"For {names}: it has to be held by then, {distance}.",
            url=reverse("conferences:schedule", args=[family.pk]),
            button="Schedule the conference",
        )
    reviews = waiting_reviews(family)
    if reviews and may_change_family(user, family):
        return _early_review(family, words.listed([short_name_of(row.child) for row in reviews]))
    booked = [row for row in _conferences(user, family) if row.is_open and row.status in BOOKED]  # type: ignore[attr-defined]
    return _open_booked(max(booked, key=attrgetter("pk")), today=today) if booked else None


def _early_review(family: Family, names: str) -> NextStep:
    return NextStep(
        title=f"Consider an early review for {names}",
        detail="There are new section 47 enquiries, and a child protection plan: no initial conference is required.",
        url=reverse("conferences:schedule", args=[family.pk]),
        button="Schedule the review",
    )


def _conferences(user: User, family: Family) -> list[Conference]:
    """Return the family's conferences, newest first, each with ``is_open`` to the user or not; read once per page."""
    return once_per_request(
        ("conferences", family.pk, user.pk), lambda: list(CONFERENCE_RULE.marked(conferences_of(family), user))
    )


def _last_day(waiting: Sequence[Enquiry | TransferIn], *, authority_id: int) -> datetime.date | None:
    days = (
        last_day_for([row for row in waiting if isinstance(row, Enquiry)], authority_id=authority_id),
        last_day_of_transfers([row for row in waiting if isinstance(row, TransferIn)], authority_id=authority_id),
    )
    return min((day for day in days if day), default=None)


def _open_booked(conference: Conference, *, today: Any) -> NextStep:
    sitting = conference.sittings.all()[0] if conference.sittings.all() else None
    when = (
        f" on {words.short_date(sitting.starts_at, today=today)}, {words.clock(sitting.starts_at)}" if sitting else ""
    )
    to_tell = names_to_tell(conference, on=today)
    said = f" {to_tell.title}: {to_tell.said}." if to_tell else ""
    return NextStep(
        title=f"The conference is booked{when}",
        detail=f"The conference shows who has answered, which reports are in and what is due next.{said}",
        url=reverse("conferences:overview", args=[conference.pk]),
        button="Open the conference",
    )


def card_details(
    request: HttpRequest,  # noqa: ARG001 the same for everyone who may see the child
    children: Sequence[Child],
) -> Mapping[int, Sequence[CardTag | CardFact]]:
    """Return, for each child, the coming conference and whether the council's rule invites the child."""
    today = timezone.localdate()
    known = {child.pk: child for child in children}
    rows = ConferenceChild.objects.filter(child__in=known, withdrawn_at__isnull=True, conference__status__in=NOT_OVER)
    found = rows.order_by("pk").values_list("child", "kind", "conference__policy_version_id")
    policies = policies_of({version for *_, version in found})
    said: dict[int, list[CardTag | CardFact]] = {}
    for child_id, kind, version in found:
        child = known[child_id]
        tags: list[CardTag | CardFact] = [CardTag(f"{ConferenceKind(kind).label} conference", "blue")]
        if not child.is_unborn:
            policy = policies[version]
            asked = policy.child_is_invited(child.age(today))
            from_age = policy.child_invited_from_age
            text = (
                "The chair decides whether the child is asked"
                if asked is None
                else f"Asked to come ({from_age} or over)"
                if asked
                else f"Not asked to come (under {from_age}); someone brings the child’s views"
            )
            tags.append(CardFact("Meeting", text))
        said[child_id] = tags
    return said


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("The family's page is behind its gatekeeper, so someone is signed in.")
    return request.user
