from __future__ import annotations

import datetime
import smtplib
import threading
import time

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection

from accounts.enums import Role
from notifications import answering, may_send
from notifications.enums import MessageState
from notifications.models import Message, Notice
from notifications.services import outbox
from notifications.services.calendar_files import invitation
from notifications.tasks import send_due as send_due_task
from tests.factories import MessageFactory, user_with_role
from tests.hooks import restored

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 12, 8, 9, 30, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


def send(now=NOW, limit=50):
    return outbox.send_due(now=now, limit=limit)


class RefusingBackend(BaseEmailBackend):
    error: Exception = smtplib.SMTPServerDisconnected("gone: heron@school.example")

    def send_messages(self, email_messages):
        raise self.error


class UnknownMailboxBackend(RefusingBackend):
    error = smtplib.SMTPRecipientsRefused({"heron@school.example": (550, b"no such mailbox")})


class FullMailboxBackend(RefusingBackend):
    error = smtplib.SMTPRecipientsRefused({"heron@school.example": (452, b"mailbox full")})


class SlowBackend(BaseEmailBackend):
    sent: list[str] = []

    def send_messages(self, email_messages):
        time.sleep(0.02)
        SlowBackend.sent.extend(message.to[0] for message in email_messages)
        return len(email_messages)


REFUSING = f"{__name__}.RefusingBackend"
SLOW = f"{__name__}.SlowBackend"


@pytest.fixture
def checks():
    """Remove checks registered by the test when it ends."""
    with restored(may_send.checks, emptied=True):
        yield may_send.checks.connect


def test_sends_what_is_due_and_records_it():
    message = MessageFactory(to_email="heron@school.example")
    assert send() == 1
    message.refresh_from_db()
    assert (message.state, message.tries, message.claimed_until) == (MessageState.SENT, 1, None)
    assert message.sent_at - NOW < MINUTE
    assert [(email.to, email.subject, email.body) for email in mail.outbox] == [
        (["heron@school.example"], message.subject, "Please come to the meeting.")
    ]


def test_a_second_round_sends_nothing_again():
    MessageFactory()
    send()
    assert send() == 0
    assert len(mail.outbox) == 1


def test_sends_the_oldest_first_and_no_more_than_asked():
    late = MessageFactory(send_after=NOW - MINUTE)
    early = MessageFactory(send_after=NOW - 2 * MINUTE)
    assert send(limit=1) == 1
    assert [email.to for email in mail.outbox] == [[early.to_email]]
    late.refresh_from_db()
    assert late.state == MessageState.WAITING


def test_a_deadline_that_is_not_due_yet_waits():
    MessageFactory(send_after=NOW + MINUTE)
    assert send() == 0
    assert mail.outbox == []


@pytest.mark.parametrize("state", [MessageState.FAILED, MessageState.WITHDRAWN, MessageState.SENT])
def test_settled_deadlines_stay_settled(state):
    MessageFactory(state=state, sent_at=NOW, withdrawn_at=NOW, withdrawn_because="Moved.")
    assert send() == 0


def test_the_calendar_file_goes_with_the_message():
    text = invitation(
        attendee="hazel@home.example",
        uid="participant-7@cpconf",
        sequence=0,
        starts_at=NOW,
        ends_at=NOW + MINUTE,
        summary="Meeting 26-0417",
        location="Room 3",
        description="Café",
        now=NOW,
    )
    MessageFactory(calendar_file=text)
    send()
    whole = mail.outbox[0].message()
    attached = whole.get_payload()[1]
    assert (attached.get_content_type(), attached.get_param("method")) == ("text/calendar", "REQUEST")
    assert attached.get_filename() == "meeting.ics"
    assert attached.get_payload(decode=True).decode().splitlines() == text.splitlines()


def test_the_message_id_is_the_same_on_every_attempt():
    message = MessageFactory()
    assert outbox.as_email(message).message()["Message-ID"] == f"<message-{message.pk}@council.example>"


def test_a_failure_is_tried_again_later_and_kept(settings):
    settings.EMAIL_BACKEND = REFUSING
    message = MessageFactory()
    assert send() == 1
    message.refresh_from_db()
    assert (message.state, message.tries, message.claimed_until) == (MessageState.WAITING, 1, None)
    assert MINUTE <= message.send_after - NOW < 2 * MINUTE
    assert message.failure == "SMTPServerDisconnected."


def test_the_last_failure_stays_visible(settings):
    settings.EMAIL_BACKEND = REFUSING
    message = MessageFactory()
    now = NOW
    for _ in range(10):
        send(now)
        now += datetime.timedelta(days=1)
    message.refresh_from_db()
    assert (message.state, message.tries, message.failure) == (MessageState.FAILED, 6, "SMTPServerDisconnected.")


def test_an_address_that_does_not_exist_fails_at_once(settings):
    settings.EMAIL_BACKEND = f"{__name__}.UnknownMailboxBackend"
    message = MessageFactory()
    send()
    message.refresh_from_db()
    assert (message.state, message.failure) == (MessageState.FAILED, "The recipient's mail server refused the address.")


def test_a_full_mailbox_is_tried_again(settings):
    settings.EMAIL_BACKEND = f"{__name__}.FullMailboxBackend"
    message = MessageFactory()
    send()
    message.refresh_from_db()
    assert message.state == MessageState.WAITING


def test_one_message_that_cannot_be_built_does_not_delay_others():
    poisoned = MessageFactory(send_after=NOW - MINUTE)
    Message.objects.filter(pk=poisoned.pk).update(subject="Two\nlines")
    MessageFactory()
    assert send() == 2
    poisoned.refresh_from_db()
    assert (len(mail.outbox), poisoned.state) == (1, MessageState.WAITING)


def test_a_crash_between_claim_and_sending_is_retried_after_the_lease():
    message = MessageFactory()
    claimed = outbox._claim_next(now=NOW)
    assert claimed == message
    assert send(NOW + MINUTE) == 0
    assert send(NOW + outbox.LEASE) == 1
    message.refresh_from_db()
    assert (message.state, message.tries, len(mail.outbox)) == (MessageState.SENT, 2, 1)


def test_a_message_whose_sender_dies_every_time_fails_in_the_end():
    message = MessageFactory()
    now = NOW
    for _ in range(outbox.MAX_TRIES):
        outbox._claim_next(now=now)
        now += outbox.LEASE
    send(now)
    message.refresh_from_db()
    assert (message.state, message.failure) == (MessageState.FAILED, "The sender stopped while sending it.")
    assert mail.outbox == []


def test_a_sender_that_lost_its_claim_changes_nothing():
    message = MessageFactory()
    slow = outbox._claim_next(now=NOW)
    outbox._claim_next(now=NOW + outbox.LEASE)
    outbox._settle(slow, now=NOW)
    message.refresh_from_db()
    assert (message.state, message.tries) == (MessageState.SENDING, 2)


def test_a_reason_found_at_the_last_moment_withdraws_the_message(checks):
    checks(lambda message: "Awaiting the chair." if message.person_id == 7 else "")
    hers, his = MessageFactory(person_id=7), MessageFactory(person_id=8)
    assert send() == 2
    hers.refresh_from_db()
    assert (hers.state, hers.withdrawn_because, hers.claimed_until) == (
        MessageState.WITHDRAWN,
        "Awaiting the chair.",
        None,
    )
    assert [email.to for email in mail.outbox] == [[his.to_email]]


def test_a_check_that_breaks_keeps_the_message_back(checks):
    def broken(message):
        raise LookupError

    checks(broken)
    message = MessageFactory()
    send()
    message.refresh_from_db()
    assert (message.state, message.failure, mail.outbox) == (MessageState.WAITING, "LookupError.", [])


def test_a_check_registered_twice_is_asked_once(checks):
    asked = []
    for _ in range(2):
        checks(asked.append)
    send_due_task()
    MessageFactory()
    send()
    assert len(asked) == 1


def test_the_task_empties_the_outbox():
    MessageFactory()
    send_due_task()
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_each_message_once(settings):
    settings.EMAIL_BACKEND = SLOW
    SlowBackend.sent.clear()
    addresses = sorted(MessageFactory().to_email for _ in range(20))
    start = threading.Barrier(4)

    def work():
        start.wait()
        try:
            send()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(SlowBackend.sent) == addresses
    assert set(Message.objects.values_list("state", "tries")) == {(MessageState.SENT, 1)}


class TestTellingAPerson:
    """A failure is announced inside the product, because e-mail is what failed."""

    @pytest.fixture(autouse=True)
    def _refusing(self, settings):
        settings.EMAIL_BACKEND = f"{__name__}.UnknownMailboxBackend"

    @pytest.fixture
    def questions(self):
        with restored(answering.answering, emptied=True):
            yield answering.answering.connect

    def test_tells_the_person_responsible(self, questions):
        message = MessageFactory(subject="Invitation to a meeting: 26-0417")
        coordinator = user_with_role(Role.COORDINATOR, authority=message.authority)
        user_with_role(Role.SERVICE_MANAGER, authority=message.authority)
        questions(lambda asked: [coordinator.pk] if asked == message else [])
        send()
        notice = Notice.objects.get()
        assert (notice.user, notice.urgent, notice.text) == (
            coordinator,
            True,
            "An e-mail could not be sent. Invitation to a meeting: 26-0417",
        )
        assert notice.url == f"/outbox/{message.pk}/"

    def test_says_nothing_while_it_is_still_being_tried(self, questions, settings):
        settings.EMAIL_BACKEND = REFUSING
        message = MessageFactory()
        user_with_role(Role.SERVICE_MANAGER, authority=message.authority)
        now = NOW
        for tries in range(outbox.MAX_TRIES):
            assert (tries, Notice.objects.count()) == (tries, 0)
            send(now)
            now += datetime.timedelta(days=1)
        send(now)
        assert Notice.objects.count() == 1

    def test_a_leaver_is_passed_over_for_the_councils_service_managers(self, questions):
        message = MessageFactory()
        left = user_with_role(Role.COORDINATOR, authority=message.authority, is_active=False)
        managers = {user_with_role(Role.SERVICE_MANAGER, authority=message.authority) for _ in range(2)}
        user_with_role(Role.SERVICE_MANAGER)
        user_with_role(Role.ADMINISTRATOR, authority=message.authority)
        questions(lambda _message: [left.pk])
        send()
        assert {notice.user for notice in Notice.objects.all()} == managers

    def test_without_a_service_manager_an_administrator_is_told_without_a_link(self, questions):
        message = MessageFactory()
        administrator = user_with_role(Role.ADMINISTRATOR, authority=message.authority)
        send()
        notice = Notice.objects.get()
        assert (notice.user, notice.url) == (administrator, "")

    def test_with_no_one_to_tell_it_stays_in_the_outbox(self, questions):
        message = MessageFactory()
        send()
        message.refresh_from_db()
        assert (message.state, Notice.objects.count()) == (MessageState.FAILED, 0)

    def test_failing_after_a_manual_retry_is_announced_again(self, questions):
        message = MessageFactory()
        user_with_role(Role.SERVICE_MANAGER, authority=message.authority)
        send()
        message.refresh_from_db()
        outbox.send_again(message=message, now=NOW + MINUTE)
        send(NOW + 2 * MINUTE)
        assert Notice.objects.count() == 2

    def test_a_question_registered_twice_is_asked_once(self, questions):
        asked = []

        def question(message):
            asked.append(message)
            return []

        questions(question)
        questions(question)
        MessageFactory()
        send()
        assert len(asked) == 1
