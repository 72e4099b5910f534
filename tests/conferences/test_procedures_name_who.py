"""Who chooses the starting discussion, keeps someone out, and what is asked past the limit, as the procedures say."""

from __future__ import annotations

import datetime
from http import HTTPStatus

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import HowToAttend, Party, RequestGround
from conferences.services.enquiries import choose_starting_discussion, record_strategy_discussion
from conferences.services.exclusions import decide_request, open_request
from conferences.services.late_dates import agree_to_late_date
from deadlines.to_decide import to_decide
from tests.conferences import story
from tests.conferences.story import LONDON, NOW
from tests.factories import procedures_with, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
LATE = datetime.datetime(2027, 1, 5, 10, tzinfo=LONDON)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def told():
    made = story.tell()
    made.head = user_with_role(Role.SERVICE_MANAGER, authority=made.authority)
    return made


def says(told, **values):
    procedures_with(told.authority, since=NOW.date() - datetime.timedelta(days=9), values=values)


def people(told):
    return {name: getattr(told, name) for name in ("manager", "head", "chair", "coordinator", "social_worker")}


@pytest.mark.value("kept-out-decided-by")
@pytest.mark.parametrize(("words", "named"), [("chair", {"chair"}), ("chair or their manager", {"chair", "head"})])
def test_how_someone_takes_part_is_decided_by_whom_the_procedures_name(told, client, words, named):
    says(told, **{"kept-out-decided-by": words})
    conference = story.booked(told)
    dale = story.on_list(conference, told.dale)
    request = open_request(
        participant=dale, ground=RequestGround.ASKED, reason="She fears him", by=told.social_worker, now=NOW
    )
    page = reverse("conferences:decide-request", args=[conference.pk, request.pk])
    opened, listed, accepted = set(), set(), set()
    for who, user in people(told).items():
        client.force_login(user)
        if client.get(page).status_code == HTTPStatus.OK:
            opened.add(who)
        if "attendance" in {key for _, key, *_ in to_decide(user)}:
            listed.add(who)
        try:
            decide_request(
                request=request, by=user, how=HowToAttend.NOT_AT_ALL, reason=" ", views_through=None, now=NOW
            )
        except ValidationError as refused:
            if hasattr(refused, "error_dict"):
                accepted.add(who)
    assert (opened, listed, accepted) == (named, named, named)


@pytest.mark.value("starting-discussion-agreed-by")
@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("team manager", {"manager"}),
        ("service manager", {"head"}),
        ("chair", {"chair"}),
        ("nobody", {"manager", "coordinator", "social_worker"}),
    ],
)
def test_the_starting_discussion_is_chosen_by_whom_the_procedures_name(told, client, words, named):
    says(told, **{"starting-discussion": "the last", "starting-discussion-agreed-by": words})
    story.booked(told)
    later = record_strategy_discussion(
        family=told.family, children=[told.robin], held_at=NOW - datetime.timedelta(hours=2), reason="Bruises",
        agencies_present="", by=told.social_worker, now=NOW,
    )  # fmt: skip
    enquiry = told.robin.enquiries.get()
    page = reverse("conferences:choose-starting-discussion", args=[told.family.pk, enquiry.pk])
    opened, accepted = set(), set()
    for who, user in people(told).items():
        client.force_login(user)
        if client.get(page).status_code == HTTPStatus.OK:
            opened.add(who)
        try:
            choose_starting_discussion(enquiry=enquiry, discussion=later, reason=" ", by=user, now=NOW)
        except ValidationError as refused:
            if hasattr(refused, "error_dict"):
                accepted.add(who)
    assert (opened, accepted) == (named, named)


@pytest.mark.value("late-conference-needs")
def test_past_the_limit_only_what_the_procedures_ask_for_is_asked(told, client):
    says(told, **{"late-conference-needs": ["reason"]})
    conference = story.booked(told, starts_at=LATE)
    client.force_login(told.manager)
    form = client.get(reverse("conferences:agree-late", args=[conference.pk])).context["form"]
    assert set(form.fields) == {"day", "late_reason"}
    asked = conference.late_agreements.get(party=Party.MANAGER)
    given = {
        "agreement": asked,
        "day": asked.day,
        "cause": "",
        "interim_safety_plan": "",
        "by": told.manager,
        "now": NOW,
    }
    with pytest.raises(ValidationError) as refused:
        agree_to_late_date(reason="", **given)
    assert list(refused.value.message_dict) == ["late_reason"]
    assert agree_to_late_date(reason="No room", **given).agreed_by == told.manager
