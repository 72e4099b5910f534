"""What people keep to themselves stands on the page where they do it, in the words of their own council."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django.urls import reverse

from reports.enums import DocumentKind
from reports.services.circulation import record_copy
from reports.services.documents import prepare_document, release_document
from tests.factories import procedures_with
from tests.reports.conftest import after, before, kept_files, story
from tests.reports.story import NOW

__all__ = ["after", "before", "kept_files", "story"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after")]


def under(story: SimpleNamespace, **values: str) -> SimpleNamespace:
    written = {key.replace("_", "-"): value for key, value in values.items()}
    made = procedures_with(story.conference.authority, since=datetime.date(2026, 1, 1), values=written)
    story.conference.policy_version_id = made.pk
    story.conference.save(update_fields=["policy_version_id"])
    return story


def page_of(client, story, name, *more):
    client.force_login(story.coordinator)
    return client.get(reverse(f"reports:{name}", args=[story.conference.pk, *more])).content.decode()


@pytest.mark.value("decisions-form")
def test_preparing_the_letter_says_what_is_sent_first(client, story):
    under(story, decisions_form="a letter of one page")
    assert "a letter of one page" in page_of(client, story, "prepare-decisions-letter")


@pytest.mark.value("minutes-form")
def test_preparing_the_minutes_says_what_is_sent(client, story):
    under(story, minutes_form="a bundle of plan and reports")
    assert "a bundle of plan and reports" in page_of(client, story, "prepare-minutes")


@pytest.mark.value("decisions-sent-by")
def test_sending_copies_says_how_they_are_sent_and_the_usual_way(client, story):
    under(story, decisions_sent_by="by recorded post", decisions_handed_out_in_room=True)
    letter = prepare_document(
        conference=story.conference, kind=DocumentKind.DECISIONS_LETTER, by=story.coordinator, now=NOW
    )
    release_document(document=letter, by=story.chair, now=NOW)
    client.force_login(story.coordinator)
    page = client.get(reverse("reports:circulation", args=[story.conference.pk, letter.pk])).content.decode()
    assert "by recorded post" in page
    assert "handed out before people leave" in page


@pytest.mark.value("dissent-wanted")
def test_lodging_a_dissent_says_when_it_is_wanted(client, story):
    assert "When a dissent is wanted: <strong>within the limit" in page_of(client, story, "lodge-dissent")
    under(story, dissent_wanted="at once")
    assert "When a dissent is wanted: <strong>at once" in page_of(client, story, "lodge-dissent")


@pytest.mark.value("minutes-comments-wanted")
def test_commenting_on_the_minutes_says_when_comments_are_wanted(client, story):
    minutes = prepare_document(conference=story.conference, kind=DocumentKind.MINUTES, by=story.coordinator, now=NOW)
    release_document(document=minutes, by=story.chair, now=NOW)
    record_copy(
        document=minutes, recipient=story.of.tutor, channel="by_hand", channel_confirmed="In person", sent_at=NOW,
        by=story.coordinator, now=NOW,
    )  # fmt: skip
    under(story, minutes_comments_wanted="at once")
    page = page_of(client, story, "comment-on-minutes")
    assert "When comments on the minutes are wanted: <strong>at once" in page
