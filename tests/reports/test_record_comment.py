from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from deadlines.models import Deadline
from reports.enums import Channel, CommentOutcome, DocumentKind
from reports.models import MinutesComment
from reports.selectors.objections import objections_of
from reports.services.circulation import record_copy
from reports.services.comments import record_comment, settle_comment
from reports.services.documents import prepare_document, release_document
from tests.reports.story import NOW
from tests.stories import once_per_module

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after")]

TODAY = datetime.date(2026, 12, 22)
TEXT = "I did not say that Robin was late."


@once_per_module(at=NOW)
def sent(story: SimpleNamespace) -> SimpleNamespace:
    """Send the minutes to the tutor."""
    document = prepare_document(conference=story.conference, kind=DocumentKind.MINUTES, by=story.coordinator, now=NOW)
    release_document(document=document, by=story.chair, now=NOW)
    record_copy(
        document=document, recipient=story.of.tutor, channel=Channel.BY_HAND, channel_confirmed="In person",
        sent_at=NOW, by=story.coordinator, now=NOW,
    )  # fmt: skip
    return story


def made_by(made: SimpleNamespace, **changes: object) -> MinutesComment:
    fields = {
        "conference": made.conference, "participant": made.of.tutor, "received_on": TODAY, "text": TEXT,
        "by": made.coordinator, "now": NOW, **changes,
    }  # fmt: skip
    return record_comment(**fields)  # type: ignore[arg-type]


def faults(call: object) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        call()  # type: ignore[operator]
    return refused.value.message_dict


def clock() -> Deadline:
    return Deadline.objects.get(kind="minutes-comments")


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_each_comment_starts_a_clock_until_it_is_settled(sent: SimpleNamespace) -> None:
    comment = made_by(sent)
    row = clock()
    assert (row.fact_id, row.starts_on, row.due_on, row.responsible_ids, row.what) == (
        comment.pk, TODAY, datetime.date(2027, 1, 8), [sent.coordinator.pk], "School or college",
    )  # fmt: skip


def test_no_clock_runs_without_a_comment(sent: SimpleNamespace) -> None:
    assert not Deadline.objects.filter(kind="minutes-comments").exists()


@pytest.mark.parametrize("outcome", CommentOutcome.values)
def test_settling_meets_the_clock(sent: SimpleNamespace, outcome: str) -> None:
    comment = made_by(sent)
    settle_comment(comment=comment, outcome=outcome, because="We listened again.", by=sent.chair, now=NOW)
    again = settle_comment(comment=comment, outcome=outcome, because="Other", by=sent.coordinator, now=NOW)
    assert (again.settled_because, again.settled_by, clock().met_at) == (
        "We listened again.", sent.chair, NOW,
    )  # fmt: skip


def test_settling_needs_outcome_and_reason(sent: SimpleNamespace) -> None:
    comment = made_by(sent)
    assert faults(lambda: settle_comment(comment=comment, outcome="", because="Yes", by=sent.chair, now=NOW)) == {
        "outcome": ["Choose the outcome."]
    }
    assert faults(lambda: settle_comment(comment=comment, outcome="accepted", because=" ", by=sent.chair, now=NOW)) == {
        "because": ["Write why. The person who made the comment will read it."]
    }


def test_the_same_words_are_kept_once(sent: SimpleNamespace) -> None:
    assert made_by(sent) == made_by(sent)


def test_only_a_recipient_of_the_minutes_can_comment(sent: SimpleNamespace) -> None:
    assert faults(lambda: made_by(sent, participant=sent.of.dale)) == {
        "participant": ["This person has not had a copy of the minutes."]
    }
    assert faults(lambda: made_by(sent, text=" ")) == {"text": ["Write what they say is wrong."]}
    assert faults(lambda: made_by(sent, received_on=TODAY - datetime.timedelta(days=1))) == {
        "received_on": ["This is before they had the minutes. Check the date."]
    }
    assert faults(lambda: made_by(sent, received_on=TODAY + datetime.timedelta(days=1))) == {
        "received_on": ["This day is in the future."]
    }


def test_a_comment_after_the_window_is_accepted_and_marked(sent: SimpleNamespace) -> None:
    late = NOW + datetime.timedelta(days=30)
    made_by(sent, received_on=late.date(), now=late)
    page = reverse("reports:minutes", args=[sent.conference.pk])
    assert "After the window" in signed_in(sent.coordinator).get(page).content.decode()


def test_an_accepted_comment_asks_for_a_new_version(sent: SimpleNamespace) -> None:
    record = reverse("reports:minutes", args=[sent.conference.pk])
    later = NOW + datetime.timedelta(hours=1)
    settle_comment(comment=made_by(sent), outcome=CommentOutcome.ACCEPTED, because="Right", by=sent.chair, now=later)
    client = signed_in(sent.coordinator)
    assert "New version not prepared" in client.get(record).content.decode()
    prepare_document(
        conference=sent.conference, kind=DocumentKind.MINUTES, by=sent.coordinator, because="A comment",
        now=later + datetime.timedelta(hours=1),
    )  # fmt: skip
    assert "New version not prepared" not in client.get(record).content.decode()


def test_recording_and_settling_on_the_pages(sent: SimpleNamespace) -> None:
    record = reverse("reports:minutes", args=[sent.conference.pk])
    client = signed_in(sent.coordinator)
    page = reverse("reports:comment-on-minutes", args=[sent.conference.pk])
    typed = {
        "participant": sent.of.tutor.pk, "received_on": "2026-12-22",
        "text": TEXT,
    }  # fmt: skip
    assert client.post(page, typed).url == record
    assert TEXT in client.get(record).content.decode()
    page = reverse("reports:settle-comment", args=[sent.conference.pk, MinutesComment.objects.get().pk])
    assert TEXT in client.get(page).content.decode()
    assert "Choose the outcome" in client.post(page, {"because": "Heard"}).content.decode()
    kept = {"outcome": "kept_beside", "because": "Two people heard it.", "printed_for": "own"}
    assert client.post(page, kept).url == record
    shown = client.get(record).content.decode()
    assert ("Two people heard it." in shown, "Kept with the minutes" in shown) == (True, True)
    assert client.get(page).url == record


def test_a_form_without_a_person_keeps_the_input(sent: SimpleNamespace) -> None:
    page = reverse("reports:comment-on-minutes", args=[sent.conference.pk])
    shown = signed_in(sent.coordinator).post(page, {"text": TEXT}).content.decode()
    assert (TEXT in shown, "Choose whose comment it is" in shown) == (True, True)


def test_without_a_copy_sent_there_is_nothing_to_comment_on(story: SimpleNamespace) -> None:
    page = reverse("reports:comment-on-minutes", args=[story.conference.pk])
    record = reverse("reports:minutes", args=[story.conference.pk])
    client = signed_in(story.coordinator)
    assert client.get(page).url == record
    assert "Comments on the minutes" not in client.get(record).content.decode()


def test_takes_the_same_number_of_queries_for_thirty_comments_as_for_one(
    sent: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    made_by(sent)
    with django_assert_num_queries(OBJECTION_QUERIES):
        assert len(objections_of(sent.conference, sent.chair).comments) == 1
    for number in range(29):
        made_by(sent, text=f"{TEXT} {number}")
    with django_assert_num_queries(OBJECTION_QUERIES):
        assert len(objections_of(sent.conference, sent.chair).comments) == 30


# Four of them ask whether the reader may answer complaints, which a page asks once.
OBJECTION_QUERIES = 11
