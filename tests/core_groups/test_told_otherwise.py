"""Members of a core group who get no e-mail: the list of whom to tell, what it says, and who told them."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import TellingHow, TellingOutcome
from core_groups.enums import News
from core_groups.models import MemberToTell
from core_groups.selectors.to_tell import members_to_tell
from core_groups.services.invitations import send_invitations
from core_groups.services.members import leave_core_group
from core_groups.services.planning import cancel_meeting, plan_meeting
from core_groups.services.to_tell import record_member_telling, take_back_member_telling
from deadlines.models import Deadline
from families.models import ContactPoint
from notifications.enums import MessageState
from notifications.models import Message
from notifications.services.outbox import send_due
from tests.core_groups.test_invitations import LATER, MEETS, NOW, group, risk  # noqa: F401 - the story told there
from tests.factories import user_with_role

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _in_january_2027():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def invited(group):  # noqa: F811
    """The invitations are sent; nothing is known of how the mother may be written to."""
    ContactPoint.objects.filter(person=group.mother.person_id).update(is_safe=False)
    send_invitations(meeting=group.meeting, now=NOW)
    return group


def listed(group):  # noqa: F811
    return [(row.to_tell.member.pk, row.to_tell.news) for row in members_to_tell(group.meeting, on=NOW.date())]


def tell(group, *, outcome=TellingOutcome.TOLD, note="", at=NOW, to_tell=None):  # noqa: F811
    return record_member_telling(
        to_tell=to_tell or MemberToTell.objects.get(told_at=None, ended_at=None),
        outcome=outcome,
        how=TellingHow.PHONE,
        at=at,
        by=group.worker,
        note=note,
        now=NOW,
    )


def move(group, at=LATER):  # noqa: F811
    plan_meeting(
        core_group=group,
        meeting=group.meeting,
        planned_at=at,
        place="Elder Hall",
        by=group.worker,
        now=NOW,
        reason="Ill",
    )
    group.meeting.refresh_from_db()


def test_whoever_gets_no_e_mail_is_on_the_list_with_their_own_words_until_told(invited):
    (row,) = members_to_tell(invited.meeting, on=NOW.date())
    assert (row.to_tell.member, row.to_tell.news) == (invited.mother, News.INVITATION)
    assert "Mulberry House" in row.words
    others = (invited.father, invited.teacher)
    assert [one for one in others if one.person.full_name in row.words or one.person.family_name in row.words] == []
    tell(invited, outcome=TellingOutcome.NOT_REACHED, note="No answer")
    assert len(members_to_tell(invited.meeting, on=NOW.date())[0].tried) == 1
    assert tell(invited) == tell(invited, to_tell=row.to_tell)
    send_invitations(meeting=invited.meeting, now=NOW)
    assert listed(invited) == []


def test_the_telling_has_a_limit_of_its_own_that_the_telling_meets(invited):
    deadline = Deadline.objects.get(kind="tell-member")
    # One working day after Wednesday 20 January; the meeting is on Thursday, and they hear on the Wednesday.
    assert (deadline.due_on, deadline.met_at) == (datetime.date(2027, 1, 20), None)
    tell(invited)
    deadline.refresh_from_db()
    assert deadline.met_at == NOW


@pytest.mark.parametrize(("told", "news"), [(False, News.INVITATION), (True, News.CHANGED)])
def test_a_move_is_told_to_whoever_was_told_and_replaces_what_nobody_said(invited, told, news):
    if told:
        tell(invited)
    move(invited)
    assert listed(invited) == [(invited.mother.pk, news)]
    assert "Elder Hall" in members_to_tell(invited.meeting, on=NOW.date())[0].words


@pytest.mark.parametrize(("told", "expected"), [(False, []), (True, [News.CANCELLED])])
def test_a_cancellation_is_told_only_to_whoever_knew(invited, told, expected):
    if told:
        tell(invited)
    cancel_meeting(meeting=invited.meeting, reason="Snow", by=invited.worker, now=NOW)
    invited.meeting.refresh_from_db()
    assert [news for _, news in listed(invited)] == expected
    assert [row for row in members_to_tell(invited.meeting, on=NOW.date()) if "Mulberry" in row.words] == []


def test_a_member_who_leaves_and_knew_hears_that_they_do_not_come(invited):
    tell(invited)
    leave_core_group(
        member=invited.mother, plans=list(invited.plans.all()), on=NOW.date(), because="Moved away", now=NOW
    )
    assert listed(invited) == [(invited.mother.pk, News.NOT_TO_COME)]


def test_before_it_is_decided_how_they_meet_nothing_is_said_to_the_person(invited):
    ContactPoint.objects.filter(person=invited.father.person_id).update(is_safe=False)
    risk(invited)
    send_invitations(meeting=invited.meeting, now=NOW)
    assert listed(invited) == [(invited.mother.pk, News.INVITATION)]


def test_a_safe_address_takes_them_off_the_list(invited):
    ContactPoint.objects.filter(person=invited.mother.person_id).update(is_safe=True)
    assert send_invitations(meeting=invited.meeting, now=NOW) == 1
    assert listed(invited) == []


def test_whoever_gets_an_e_mail_that_does_not_leave_is_put_on_the_list(group):  # noqa: F811
    send_invitations(meeting=group.meeting, now=NOW)
    ContactPoint.objects.filter(person=group.father.person_id).update(is_safe=False)
    send_due(limit=10, now=NOW)
    assert Message.objects.get(person_id=group.father.person_id).state == MessageState.WITHDRAWN
    assert listed(group) == [(group.father.pk, News.INVITATION)]


def test_a_wrong_entry_is_taken_back_and_what_came_after_is_the_invitation_again(invited):
    entry = tell(invited)
    move(invited)
    take_back_member_telling(telling=entry, because="That was somebody else", by=invited.worker, now=NOW)
    take_back_member_telling(telling=entry, because="again", by=invited.worker, now=NOW)
    assert listed(invited) == [(invited.mother.pk, News.INVITATION)]
    entry.refresh_from_db()
    assert entry.taken_back_because == "That was somebody else"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"at": NOW + HOUR}, "The time can’t be in the future."),
        ({"at": NOW - HOUR}, "There was nothing to tell before it arose. Check the day and the time."),
        ({"outcome": TellingOutcome.NOT_REACHED}, "Say what was tried."),
    ],
)
def test_an_entry_that_cannot_be_true_is_refused(invited, entry, message):
    with pytest.raises(ValidationError) as refused:
        tell(invited, **entry)
    assert message in refused.value.messages


def test_what_was_settled_meanwhile_is_refused_in_words(invited):
    row = MemberToTell.objects.get()
    tell(invited)
    with pytest.raises(ValidationError, match="recorded already"):
        tell(invited, to_tell=row, note="by me too")
    take_back_member_telling(telling=row.tellings.get(), because="Wrong", by=invited.worker, now=NOW)
    move(invited)
    with pytest.raises(ValidationError, match="need not be told any more"):
        tell(invited, to_tell=row)


def test_the_pages_list_record_and_take_back(invited, client):
    client.force_login(invited.worker)
    page = client.get(reverse("core_groups:core-group", args=[invited.pk])).content.decode()
    address = reverse("core_groups:to-tell", args=[invited.pk, invited.meeting.pk])
    assert address in page
    row = MemberToTell.objects.get()
    record = reverse("core_groups:record-telling", args=[invited.pk, invited.meeting.pk, row.pk])
    assert record in client.get(address).content.decode()
    data = {"outcome": "told", "how": "phone", "note": "She will come"}
    sent = client.post(record, data | {"told_on": "20/01/2027", "told_time": "12:00"})
    assert sent.status_code == 302, sent.content.decode()
    shown = client.get(address).content.decode()
    assert "She will come" in shown
    assert "No one still has to be told." in shown
    back = reverse("core_groups:take-back-telling", args=[invited.pk, invited.meeting.pk, row.tellings.get().pk])
    assert client.post(back, {"because": "Wrong person"}).status_code == 302
    assert record in client.get(address).content.decode()


def test_a_worker_of_another_family_finds_nothing(invited, client):
    client.force_login(user_with_role(Role.SOCIAL_WORKER))
    row = MemberToTell.objects.get()
    for page, args in (("to-tell", ()), ("record-telling", (row.pk,))):
        address = reverse(f"core_groups:{page}", args=[invited.pk, invited.meeting.pk, *args])
        assert client.get(address).status_code == 404
