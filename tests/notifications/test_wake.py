from __future__ import annotations

import datetime

import pytest
from celery import Celery
from django.db import transaction

from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services import outbox, wake
from tests.factories import AuthorityFactory

NOW = datetime.datetime(2026, 12, 8, 9, 30, tzinfo=datetime.UTC)


def queue(authority, key):
    return outbox.queue_message(
        authority=authority,
        key=key,
        kind=MessageKind.INVITATION,
        to_email="heron@school.example",
        subject="Invitation to a meeting: 26-0417",
        body="Please come.",
        now=NOW,
    )


@pytest.mark.django_db
def test_many_messages_of_one_transaction_wake_the_sender_once(django_capture_on_commit_callbacks):
    authority = AuthorityFactory()
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        for number in range(14):
            queue(authority, f"invitation:{number}:1")
    assert callbacks == [wake.wake_sender]


@pytest.mark.django_db
def test_an_existing_message_does_not_wake_the_sender(django_capture_on_commit_callbacks):
    authority = AuthorityFactory()
    with django_capture_on_commit_callbacks():
        queue(authority, "invitation:7:1")
    with django_capture_on_commit_callbacks() as callbacks:
        queue(authority, "invitation:7:1")
    assert callbacks == []


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_message_is_kept_and_the_page_still_works(tmp_path, monkeypatch, caplog):
    deaf = Celery("deaf", broker=f"redis+socket://{tmp_path}/nobody-listens", set_as_current=False)
    deaf.conf.task_publish_retry = False
    deaf.conf.broker_transport_options = {"max_retries": 0}
    monkeypatch.setattr(wake, "current_app", deaf)
    with caplog.at_level("WARNING"):
        queue(AuthorityFactory(), "invitation:7:1")
    assert Message.objects.count() == 1
    assert ["sender_not_woken" in line for line in caplog.messages] == [True]
