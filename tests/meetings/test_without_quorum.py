"""Going on without a quorum asks for what the council's procedures list, of whom they name, and never twice running."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import ConferenceStatus, Outcome, Presence
from deadlines.to_decide import to_decide
from meetings.models import WithoutQuorum
from meetings.services.without_quorum import QuorumFacts, agree_without_quorum, go_on_without_quorum
from notifications.models import Notice
from tests.conferences.conftest import NOW
from tests.factories import ConferenceChildFactory, ConferenceFactory, procedures_with, user_with_role
from tests.meetings.test_closing import WENT_ON as WRITTEN
from tests.meetings.test_closing import close, decide
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

MONTH = datetime.timedelta(days=30)


@once_per_module(at=NOW)
def few(meeting):
    """The meeting with social care and one other agency."""
    for name in ("ngozi", "beth"):
        getattr(meeting.people, name).attendances.update(presence=Presence.ABSENT)
    return meeting


def set_procedures(meeting, **values):
    made = procedures_with(
        meeting.authority,
        since=datetime.date(2026, 1, 1),
        values={key.replace("_", "-"): value for key, value in values.items()},
    )
    meeting.conference.policy_version_id = made.pk
    meeting.conference.save()


def go_on(meeting, facts=WRITTEN, by=None):
    return go_on_without_quorum(conference=meeting.conference, facts=facts, by=by or meeting.chair, now=NOW)


def agree_to_it(meeting, by):
    return agree_without_quorum(conference=meeting.conference, by=by, now=NOW)


def decide_both(meeting):
    for child in (meeting.wren, meeting.robin):
        decide(meeting, child, Outcome.OTHER_SUPPORT)


def faults_of(act):
    with pytest.raises(ValidationError) as refused:
        act()
    return refused.value.message_dict


def held_without_before(meeting, child):
    """A conference about the child a month ago, held without a quorum."""
    before = ConferenceFactory(
        family=meeting.family,
        status=ConferenceStatus.CLOSED,
        opened_at=NOW - MONTH,
        ended_at=NOW - MONTH,
        closed_at=NOW - MONTH,
        quorate=False,
    )
    return ConferenceChildFactory(conference=before, child=child.child)


def page_of(client, meeting, name, *args, by=None):
    client.force_login(by or meeting.chair)
    return client.get(reverse(f"meetings:{name}", args=[meeting.conference.pk, *args])).content.decode()


def test_closing_asks_for_the_condition_and_everything_the_procedures_list(few):
    decide_both(few)
    assert sorted(faults_of(lambda: close(few))) == ["condition", "need_0", "need_1"]
    closed = close(few, without_quorum=WRITTEN)
    assert (closed.quorate, closed.inquorate_reason) == (
        False,
        "Waiting would be harmful. Written reason: Wren can't wait. Interim safeguards: Her aunt stays with her.",
    )


def test_what_was_written_before_the_decisions_is_not_asked_again(few):
    go_on(few)
    decide_both(few)
    assert close(few).inquorate_reason.startswith("Waiting would be harmful. Written reason: Wren can't wait.")
    assert WithoutQuorum.objects.get().answers[1] == ("interim safeguards", "Her aunt stays with her.")


@pytest.mark.value("below-quorum-needs")
def test_another_list_of_what_is_written_asks_for_that(client, few):
    set_procedures(few, below_quorum_needs=["why not in a week"])
    assert list(faults_of(lambda: go_on(few, QuorumFacts("delay-harmful")))) == ["need_0"]
    page = page_of(client, few, "go-on-without-quorum")
    assert "Why not in a week" in page
    assert "Interim safeguards" not in page


@pytest.mark.value("below-quorum-conditions")
def test_only_a_condition_of_the_procedures_can_be_chosen(few):
    set_procedures(few, below_quorum_conditions=[{"key": "two-agencies", "label": "Two agencies are there"}])
    assert list(faults_of(lambda: go_on(few))) == ["condition"]
    assert go_on(few, QuorumFacts("two-agencies", WRITTEN.written)).condition == "Two agencies are there"


@pytest.mark.value("below-quorum")
@pytest.mark.value("below-quorum-ends-or-lowers-a-plan")
def test_the_page_says_when_the_chair_may_go_on_and_that_no_plan_ends(client, few):
    set_procedures(few, below_quorum="only for a child before birth")
    page = page_of(client, few, "attendance")
    assert "only for a child before birth" in page
    assert "Without quorum a plan is ended or lowered: a bar that no procedure loosens: <strong>never" in page


@pytest.mark.value("below-quorum-agreed-by")
def test_nothing_is_decided_without_a_quorum_before_whom_the_procedures_name_agrees(few):
    set_procedures(few, below_quorum_agreed_by="service manager")
    service = user_with_role(Role.SERVICE_MANAGER, authority=few.authority)
    assert "ask the service manager to agree" in faults_of(lambda: decide(few, few.wren))["outcome"][0]
    record = go_on(few)
    assert not record.is_agreed
    assert "has been asked" in faults_of(lambda: decide(few, few.wren))["outcome"][0]
    for someone in (few.chair, few.manager, few.coordinator):
        with pytest.raises(ValidationError, match="Only the service manager"):
            agree_to_it(few, someone)
    assert agree_to_it(few, service).agreed_by == service
    decide_both(few)
    assert close(few).inquorate_reason.endswith(f"Agreed by {service.name}, service manager.")


@pytest.mark.value("below-quorum-agreed-by")
def test_the_meeting_is_closed_only_with_the_agreement_that_the_procedures_ask_for(client, few):
    set_procedures(few, below_quorum_agreed_by="team manager")
    go_on(few)
    agree_to_it(few, few.manager)
    decide_both(few)
    go_on(few, QuorumFacts("hardly-known", WRITTEN.written))
    with pytest.raises(ValidationError, match="ask the team manager to agree to a meeting without a quorum before"):
        close(few)
    assert "The team manager has been asked. Decisions that are made stand." in page_of(client, few, "close")
    agree_to_it(few, few.manager)
    assert "before you close it" not in page_of(client, few, "close")
    assert close(few).inquorate_reason.endswith(f"Agreed by {few.manager.name}, team manager.")


def test_nothing_written_at_closing_stands_in_for_the_agreement(few):
    decide_both(few)
    set_procedures(few, below_quorum_agreed_by="team manager")
    with pytest.raises(ValidationError, match="Write under “Who is here” why you go on, and they are asked"):
        close(few, without_quorum=WRITTEN)


def test_where_nobody_holds_the_role_that_has_to_agree_the_meeting_is_closed(few):
    decide_both(few)
    set_procedures(few, below_quorum_agreed_by="service manager")
    assert close(few, without_quorum=WRITTEN).status == ConferenceStatus.CLOSED


@pytest.mark.value("quorum-exceptionally")
def test_with_fewer_than_a_lower_quorum_the_chair_can_not_go_on(client, few):
    set_procedures(few, quorum_agencies=3, quorum_exceptionally=2)
    assert "let you go on exceptionally with 2" in faults_of(lambda: decide(few, few.wren))["outcome"][0]
    assert "never with fewer" in page_of(client, few, "decide", few.wren.pk)
    set_procedures(few, quorum_agencies=3, quorum_exceptionally=1)
    go_on(few)
    assert decide(few, few.wren, Outcome.OTHER_SUPPORT).outcome == Outcome.OTHER_SUPPORT


def test_a_new_text_has_to_be_agreed_to_again(few):
    set_procedures(few, below_quorum_agreed_by="team manager")
    go_on(few)
    agree_to_it(few, few.manager)
    assert go_on(few).is_agreed
    assert not go_on(few, QuorumFacts("hardly-known", WRITTEN.written)).is_agreed


def test_with_a_quorum_no_one_else_is_asked(meeting):
    set_procedures(meeting, below_quorum_agreed_by="team manager")
    assert decide(meeting, meeting.wren).outcome == Outcome.CP_PLAN


@pytest.mark.value("below-quorum-twice-running")
def test_where_never_a_second_conference_in_a_row_decides_nothing_without_a_quorum(client, few):
    held_without_before(few, few.wren)
    set_procedures(few, below_quorum_twice_running="never")
    assert "never allow that twice running" in faults_of(lambda: decide(few, few.wren))["outcome"][0]
    assert decide(few, few.robin, Outcome.OTHER_SUPPORT).outcome == Outcome.OTHER_SUPPORT
    assert "never allow that twice running" in page_of(client, few, "decide", few.wren.pk)
    held_without_before(few, few.robin)
    with pytest.raises(ValidationError, match="adjourn, and book another day"):
        go_on(few)


def test_where_allowed_a_second_conference_in_a_row_goes_on(few):
    held_without_before(few, few.wren)
    assert decide(few, few.wren).outcome == Outcome.CP_PLAN


def test_the_chair_writes_it_on_the_page_and_the_manager_agrees_there(client, few):
    set_procedures(few, below_quorum_agreed_by="team manager and chair")
    client.force_login(few.chair)
    address = reverse("meetings:go-on-without-quorum", args=[few.conference.pk])
    typed = {"condition": "delay-harmful", "need_0": "Wren can't wait.", "need_1": ""}
    assert "Write this: interim safeguards." in client.post(address, typed).content.decode()
    client.post(address, {**typed, "need_1": "Her aunt stays with her."})
    assert "it waits for the team manager to agree" in page_of(client, few, "attendance")
    agreeing = reverse("meetings:agree-without-quorum", args=[few.conference.pk])
    assert client.post(agreeing).status_code == 404
    client.force_login(few.manager)
    assert "Agree to going on without a quorum" in client.get(reverse("deadlines:to-decide")).content.decode()
    assert "Her aunt stays with her." in client.get(agreeing).content.decode()
    assert client.post(agreeing).status_code == 302
    assert WithoutQuorum.objects.get().agreed_by == few.manager


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("team manager", {"manager"}),
        ("team manager and chair", {"manager"}),
        ("service manager", {"head"}),
        ("senior manager", {"head"}),
        ("coordinator", {"coordinator"}),
        ("chair or their manager", set()),
        ("nobody", set()),
    ],
)
def test_what_waits_for_people_and_what_they_may_agree_to_are_the_same(few, words, named):
    set_procedures(few, below_quorum_agreed_by=words)
    head = user_with_role(Role.SERVICE_MANAGER, authority=few.authority)
    people = {
        "manager": few.manager, "head": head, "coordinator": few.coordinator, "chair": few.chair, "worker": few.worker,
        "stranger": user_with_role(Role.TEAM_MANAGER, authority=few.authority),
    }  # fmt: skip
    go_on(few)
    listed = {who for who, user in people.items() if "without-quorum" in {key for _, key, *_ in to_decide(user)}}
    told = set(Notice.objects.filter(key__startswith="without-quorum").values_list("user", flat=True))
    assert (listed, told) == (named, {people[who].pk for who in named})
    for who in people.keys() - named:
        with pytest.raises(ValidationError):
            agree_to_it(few, people[who])
    for who in named:
        assert agree_to_it(few, people[who]).is_agreed
