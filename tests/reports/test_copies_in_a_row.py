from __future__ import annotations

from types import SimpleNamespace

import pytest

from conferences.models import Conference, ExclusionRequest
from reports.content import content_of
from reports.enums import DocumentKind
from reports.selectors.copies_in_a_row import copies_in_a_row
from reports.services.documents import prepare_document
from tests.reports.story import NOW, act, conference_of, say, tell

pytestmark = pytest.mark.django_db
LETTER, MINUTES = DocumentKind.DECISIONS_LETTER, DocumentKind.MINUTES


def found(story: SimpleNamespace, name: str, kind: str = MINUTES) -> list[str]:
    rows = copies_in_a_row(content_of(conference_of(story), now=NOW), kind)
    return next([one.text for one in row.concerns] for row in rows if row.recipient_id == getattr(story.of, name).pk)


def test_a_copy_with_nothing_of_its_readers_own_words_is_found(story):
    assert found(story, "martin") == ["It holds nothing of their own words, score or view."]
    say(story, "I ring each Friday.", story.wren_row, speaker=story.of.martin)
    assert found(story, "martin") == []


def test_a_copy_without_the_reason_is_found(story):
    Conference.objects.filter(pk=story.conference.pk).update(reason="Robin was hurt.")
    assert found(story, "martin", LETTER) == [
        "It says only in general why people met: the reason names another’s child, or was not shared with them."
    ]
    assert found(story, "hazel", LETTER) == []


def test_an_owner_without_their_action_is_found(story):
    act(story, "Drive her to the clinic", story.wren_row, who=story.of.martin, private_to=[story.hazel])
    assert found(story, "martin", LETTER) == [
        "It holds none of the actions that are theirs to do: another adult’s private matter, or another’s child."
    ]


def test_a_copy_that_holds_nothing_said_in_its_readers_part_is_found(db):
    story = tell(two_parts=True)
    assert found(story, "hazel") == []
    content = content_of(conference_of(story), now=NOW)
    content["board"] = content["scores"] = content["views"] = []
    rows = copies_in_a_row(content, MINUTES)
    texts = {row.name: [one.text for one in row.concerns] for row in rows}
    assert any("nothing that was said while they were there" in text for text in texts["Hazel Brambley"])


def test_names_masked_more_than_three_times_are_found(story):
    for number in range(4):
        say(story, f"Wren read page {number}.", story.wren_row, speaker=story.of.teacher)
    assert any(text.startswith("It names people without their names") for text in found(story, "martin"))
    assert not any(text.startswith("It names people") for text in found(story, "hazel"))


def test_every_concern_says_what_can_be_done_and_never_to_unmask(story):
    Conference.objects.filter(pk=story.conference.pk).update(reason="Robin was hurt.")
    rows = copies_in_a_row(content_of(conference_of(story), now=NOW), MINUTES)
    assert all(one.remedies for row in rows for one in row.concerns)


def test_a_copy_stopped_since_it_was_prepared_says_so(story):
    document = prepare_document(conference=story.conference, kind=LETTER, by=story.coordinator, now=NOW)
    ExclusionRequest.objects.create(
        conference=story.conference, participant=story.of.dale, ground="violence", asked_at=NOW, asked_by=story.worker,
        reason="Threats",
    )  # fmt: skip
    rows = {row.name: row.stopped for row in copies_in_a_row(document.content, LETTER, document=document)}
    assert rows["Dale Ashdown"] == "The chair has to decide about this person."
    assert rows["Martin Alder"] == ""


def test_forty_copies_take_as_many_queries_as_ten(story, django_assert_num_queries):
    document = prepare_document(conference=story.conference, kind=LETTER, by=story.coordinator, now=NOW)
    content = document.content
    with django_assert_num_queries(2):
        copies_in_a_row(content, LETTER, document=document)
    extra = [
        {**row, "id": 10_000 + number, "person": 10_000 + number}
        for number, row in enumerate([row for row in content["participants"] if row["id"] == story.of.police.pk] * 30)
    ]
    content["participants"] = [*content["participants"], *extra]
    with django_assert_num_queries(2):
        assert len(copies_in_a_row(content, LETTER, document=document)) >= 39


def test_whoever_prepares_reads_the_concerns_in_a_row(client, story):
    client.force_login(story.coordinator)
    page = client.get(f"/conferences/{story.conference.pk}/minutes/prepare/").content.decode()
    assert "Each copy, before it goes out" in page
    assert "It holds nothing of their own words, score or view." in page
