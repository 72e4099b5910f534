from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, transaction

from notifications.enums import MessageKind, MessageState, Subject
from notifications.models import Message, Notice
from notifications.services import outbox
from tests.factories import AuthorityFactory, MessageFactory, NoticeFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 12, 8, 9, 30, tzinfo=datetime.UTC)
SUBJECT = "Invitation to a meeting: 26-0417"


def queue(**changed):
    facts = {
        "authority": changed.pop("authority", None) or AuthorityFactory(),
        "key": "invitation:7:1",
        "kind": MessageKind.INVITATION,
        "to_email": "heron@school.example",
        "subject": SUBJECT,
        "body": "Please come.",
        "now": NOW,
    }
    return outbox.queue_message(**{**facts, **changed})


def test_a_message_waits_until_it_may_leave():
    message = queue(person_id=3, family_id=4, conference_id=5)
    assert (message.state, message.created_at, message.send_after) == (MessageState.WAITING, NOW, NOW)
    assert (message.person_id, message.family_id, message.conference_id) == (3, 4, 5)


def test_a_message_may_be_held_back_for_a_while():
    later = NOW + datetime.timedelta(minutes=1)
    assert queue(send_after=later).send_after == later


def test_writing_a_message_twice_returns_the_first():
    authority = AuthorityFactory()
    first = queue(authority=authority)
    second = queue(authority=authority, body="Something else.")
    assert (second.pk, second.body) == (first.pk, "Please come.")
    assert Message.objects.count() == 1


@pytest.mark.parametrize("address", ["", "heron", "heron@school.example\nBcc: father@example.org"])
def test_a_message_needs_an_address(address):
    with pytest.raises(ValidationError) as refused:
        queue(to_email=address)
    assert list(refused.value.message_dict) == ["to_email"]
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    "subject",
    [
        "Meeting about Robin Brambley",
        f"{SUBJECT}\nBcc: father@example.org",
        f"{SUBJECT} Robin",
        "Invitation to a meeting: ROBIN",
        "",
    ],
)
def test_a_subject_contains_only_a_reference(subject):
    with pytest.raises(ValueError, match="reference_subject"):
        queue(subject=subject)


@pytest.mark.parametrize("reference", ["26-0417", "C26/0417-2", "0417"])
def test_a_reference_makes_an_accepted_subject(reference):
    subject = outbox.reference_subject(subject=Subject.INVITATION, reference=reference)
    assert subject == f"Invitation to a meeting: {reference}"
    assert queue(subject=subject).subject == subject


@pytest.mark.parametrize("reference", ["Robin", "ROBIN", "26-0417 Robin", "", "26-0417\n"])
def test_a_name_is_refused_as_a_reference(reference):
    with pytest.raises(ValueError, match="capitals and digits"):
        outbox.reference_subject(subject=Subject.INVITATION, reference=reference)


def test_withdrawing_stops_what_waits_for_a_person():
    hers = MessageFactory(person_id=7)
    his = MessageFactory(person_id=8)
    assert outbox.withdraw_messages(person_id=7, because="The chair has not decided yet.", now=NOW) == 1
    hers.refresh_from_db()
    his.refresh_from_db()
    assert (hers.state, hers.withdrawn_at, hers.withdrawn_because) == (
        MessageState.WITHDRAWN,
        NOW,
        "The chair has not decided yet.",
    )
    assert his.state == MessageState.WAITING


def test_withdrawing_applies_every_filter():
    MessageFactory(conference_id=1, person_id=7, key="invitation:7:1")
    MessageFactory(conference_id=1, person_id=8, key="invitation:8:1")
    MessageFactory(conference_id=2, person_id=7, key="reminder:7:1")
    outbox.withdraw_messages(conference_id=1, person_id=7, key_prefix="invitation:", because="Moved.", now=NOW)
    withdrawn = Message.objects.filter(state=MessageState.WITHDRAWN).values_list("key", flat=True)
    assert list(withdrawn) == ["invitation:7:1"]


def test_withdrawing_leaves_what_was_sent_and_stops_what_a_dead_sender_left():
    sent = MessageFactory(family_id=1, state=MessageState.SENT, sent_at=NOW)
    leaving = MessageFactory(family_id=1, state=MessageState.SENDING, claimed_until=NOW + datetime.timedelta(minutes=1))
    left_behind = MessageFactory(family_id=1, state=MessageState.SENDING, claimed_until=NOW)
    assert outbox.withdraw_messages(family_id=1, because="The child has died.", now=NOW) == 1
    states = [Message.objects.get(pk=message.pk).state for message in (sent, leaving, left_behind)]
    assert states == [MessageState.SENT, MessageState.SENDING, MessageState.WITHDRAWN]


def test_withdrawing_twice_keeps_the_first_reason():
    message = MessageFactory(family_id=1)
    outbox.withdraw_messages(family_id=1, because="First.", now=NOW)
    assert outbox.withdraw_messages(family_id=1, because="Second.", now=NOW) == 0
    message.refresh_from_db()
    assert message.withdrawn_because == "First."


@pytest.mark.parametrize("given", [{"because": "All."}, {"because": " ", "family_id": 1}])
def test_withdrawing_needs_a_choice_and_a_reason(given):
    with pytest.raises(ValueError, match="which messages"):
        outbox.withdraw_messages(now=NOW, **given)


def test_a_message_is_never_deleted():
    message = MessageFactory()
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        message.delete()
    assert Message.objects.count() == 1


def test_what_could_not_be_sent_is_sent_again_with_all_its_tries():
    failed = MessageFactory(state=MessageState.FAILED, tries=6, failure="SMTPServerDisconnected.")
    again = outbox.send_again(message=failed, now=NOW)
    assert (again.state, again.tries, again.send_after) == (MessageState.WAITING, 0, NOW)
    assert outbox.send_again(message=failed, now=NOW).pk == failed.pk


def test_what_was_sent_is_not_sent_again():
    sent = MessageFactory(state=MessageState.SENT, sent_at=NOW)
    with pytest.raises(ValidationError, match="could not be sent"):
        outbox.send_again(message=sent, now=NOW)


def test_a_notice_is_given_once_for_each_key():
    user = UserFactory()
    first = outbox.notify(user=user, key="late:1", text="Case 26-0417 is late", url="/my-work/", now=NOW)
    second = outbox.notify(user=user, key="late:1", text="Case 26-0417 is late", now=NOW)
    assert (second.pk, second.url) == (first.pk, "/my-work/")
    assert Notice.objects.count() == 1


def test_each_person_is_told():
    for user in (UserFactory(), UserFactory()):
        outbox.notify(user=user, key="late:1", text="Case 26-0417 is late", urgent=True, now=NOW)
    assert list(Notice.objects.values_list("urgent", flat=True)) == [True, True]


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "//elsewhere.example/", "my-work/"])
def test_a_notice_leads_to_a_page_of_this_site(url):
    with pytest.raises(ValueError, match="this site"):
        outbox.notify(user=UserFactory(), key="late:1", text="Late", url=url, now=NOW)


def test_acknowledging_counts_the_first_time():
    notice = NoticeFactory()
    outbox.acknowledge_notice(notice=notice, now=NOW)
    outbox.acknowledge_notice(notice=notice, now=NOW + datetime.timedelta(days=1))
    notice.refresh_from_db()
    assert notice.acknowledged_at == NOW
