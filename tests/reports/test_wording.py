"""A paper is edited in the open: the record stays, every reader is checked again, and the chair sees both texts."""

from __future__ import annotations

import pgtrigger
import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from conferences.models import Decision
from conferences.services.guards import EditedMeanwhile
from deadlines.to_decide import to_decide
from meetings.models import BoardEntry
from reports.content import content_of
from reports.content.wording import editable_in
from reports.copies import Composed
from reports.enums import DocumentKind, DocumentState
from reports.models import Document, PaperWording
from reports.selectors.wording import PaperOf
from reports.services.documents import composed_copy, prepare_document, release_document
from reports.services.legal_planning import tell_legal_planning
from reports.services.refusals import CopyRefusedError
from reports.services.wording import mend_text, send_back, take_out_discussion, write_discussion
from tests.reports.story import HIDDEN_STREET, NOW, conference_of, say, tell

pytestmark = pytest.mark.django_db
LETTER, MINUTES = DocumentKind.DECISIONS_LETTER, DocumentKind.MINUTES
HIDES = "Wren hides under the table when a voice is raised."
MENDED = "Wren hides under a table if someone shouts."


def content(story):
    return content_of(conference_of(story), now=NOW)


def note(story, text: str = HIDES) -> BoardEntry:
    return BoardEntry.objects.get(conference=story.conference, text=text)


def mend(story, text: str, *, entry: str = "", version: int = 0, place: int | None = None, kind: str = MINUTES):
    return mend_text(
        paper=PaperOf(conference_of(story), kind), content=content(story),
        entry=entry or f"board:{note(story).pk}:text", text=text, place=place, version=version, by=story.coordinator,
        now=NOW,
    )  # fmt: skip


def discuss(story, text: str, **more):
    facts = {
        "heading": "current-risks", "part": story.part.pk, "children": [story.wren_row.pk], "private_to": [], "row": None,
        "version": 0,
    }  # fmt: skip
    return write_discussion(
        paper=PaperOf(conference_of(story), MINUTES), content=content(story), text=text, by=story.coordinator, now=NOW,
        **facts | more,
    )  # fmt: skip


def prepared(story, kind: str = MINUTES, **more) -> Document:
    return prepare_document(conference=story.conference, kind=kind, by=story.coordinator, now=NOW, **more)


def copy_of(document: Document, story, name: str) -> Composed:
    return composed_copy(Document.objects.get(pk=document.pk), getattr(story.of, name).pk, now=NOW)


def said(copy: Composed) -> list[str]:
    return [line.text for group in copy.board for line in group.lines]


def test_the_paper_says_the_mended_words_and_the_record_stays(story):
    mend(story, MENDED)
    document = prepared(story)
    assert MENDED in said(copy_of(document, story, "martin"))
    assert HIDES not in said(copy_of(document, story, "hazel"))
    assert note(story).text == HIDES
    assert [(row["text"], row["recorded"]) for row in document.content["edited"]] == [(MENDED, HIDES)]


def test_whoever_may_not_read_a_note_does_not_read_it_in_other_words(story):
    mend(story, MENDED)
    assert MENDED not in said(copy_of(prepared(story), story, "dale"))


def test_child_speaker_kind_and_private_mark_stay(story):
    before = next(row for row in content(story)["board"] if row["text"] == HIDES)
    mend(story, MENDED)
    after = next(row for row in prepared(story).content["board"] if row["id"] == before["id"])
    assert {**after, "text": HIDES} == before


def test_an_edit_that_says_a_hidden_place_is_refused_as_a_recorded_text_is(story):
    mend(story, f"Wren hides at {HIDDEN_STREET}.")
    with pytest.raises(ValidationError, match="something marked confidential"):
        prepared(story)
    document = prepared(story, leave_out=True)
    assert not any(HIDDEN_STREET in text for text in said(copy_of(document, story, "martin")))


def test_an_edit_that_names_anothers_child_stays_out_of_that_copy(story):
    mend(story, "Wren hides with Robin.")
    document = prepared(story)
    assert "Wren hides with Robin." not in said(copy_of(document, story, "martin"))
    assert "Wren hides with Robin." in said(copy_of(document, story, "hazel"))


def test_what_was_decided_thought_scored_or_said_by_the_family_cannot_be_mended(story):
    own = say(story, "I am sorry.", story.wren_row, speaker=story.of.martin)
    keys = {row.key.split(":")[0] for row in editable_in(content(story))}
    assert keys <= {"board", "agenda", "action"}
    assert f"board:{own.pk}:text" not in {row.key for row in editable_in(content(story))}
    with pytest.raises(ValidationError, match="not one whose wording may be changed"):
        mend(story, "He is sorry.", entry=f"board:{own.pk}:text")
    with pytest.raises(ValidationError, match="not one whose wording may be changed"):
        mend(story, "Better", entry=f"rationale:{story.wren_row.pk}")


def test_of_two_who_mend_at_once_the_second_sees_the_firsts_words(story):
    mend(story, MENDED)
    with pytest.raises(EditedMeanwhile):
        mend(story, "Wren hides.")
    assert PaperWording.objects.get().text == MENDED
    mend(story, "Wren hides.", version=1)
    assert PaperWording.objects.get().version == 2


def test_the_same_words_sent_twice_are_one_edit(story):
    mend(story, MENDED)
    mend(story, MENDED)
    assert PaperWording.objects.get().version == 1


def test_the_recorded_words_take_the_mending_back(story):
    mend(story, MENDED)
    mend(story, HIDES, version=1)
    assert HIDES in said(copy_of(prepared(story), story, "martin"))
    assert PaperWording.objects.filter(withdrawn_at__isnull=True).count() == 0


def test_words_mended_before_the_record_changed_are_not_used(story):
    mend(story, MENDED)
    BoardEntry.objects.filter(pk=note(story).pk).update(text="Wren hid once.")
    assert "Wren hid once." in said(copy_of(prepared(story), story, "martin"))


def test_a_note_is_moved_under_its_heading(story):
    cough = note(story, "The cough will not stop by itself.")
    mend(story, cough.text, entry=f"board:{cough.pk}:text", place=1)
    assert said(copy_of(prepared(story), story, "hazel"))[0] == cough.text


def test_a_discussion_is_read_by_part_child_and_private_mark(db):
    story = tell(two_parts=True)
    discuss(story, "The fathers spoke of Wren.")
    discuss(story, "About Hazel alone.", private_to=[story.hazel.pk])
    discuss(story, "Robin was spoken of.", children=[story.robin_row.pk])
    document = prepared(story)
    found = {
        name: [text for group in copy_of(document, story, name).board for text in group.discussion]
        for name in ("martin", "hazel", "police")
    }
    assert found == {
        "martin": ["The fathers spoke of Wren."],
        "hazel": [],
        "police": ["The fathers spoke of Wren.", "About Hazel alone.", "Robin was spoken of."],
    }


def test_a_discussion_needs_a_heading_part_and_child_of_this_meeting(story):
    for field, value in (("heading", "nothing"), ("part", 0), ("children", [0]), ("private_to", [0])):
        with pytest.raises(ValidationError) as refused:
            discuss(story, "They spoke.", **{field: value})
        assert list(refused.value.message_dict) == [field]


def test_a_discussion_taken_out_is_kept_and_not_printed(story):
    row = discuss(story, "They spoke of school.")
    take_out_discussion(row=row, by=story.coordinator, now=NOW)
    take_out_discussion(row=row, by=story.coordinator, now=NOW)
    assert "discussion" not in prepared(story).content
    assert PaperWording.objects.get().text == "They spoke of school."


def test_a_version_sent_back_is_not_released_and_the_next_says_why(story):
    document = send_back(document=prepared(story), because="Say who hid.", by=story.chair, now=NOW)
    with pytest.raises(ValidationError, match="was sent back"):
        release_document(document=document, by=story.chair, now=NOW)
    second = prepared(story)
    document.refresh_from_db()
    assert (second.number, document.state, document.superseded_because) == (2, "superseded", "Sent back: Say who hid.")
    assert release_document(document=second, by=story.chair, now=NOW).is_released


def test_a_new_version_says_what_changed_to_those_who_read_it(story):
    release_document(document=prepared(story), by=story.chair, now=NOW)
    mend(story, MENDED)
    second = prepared(story, because="Clearer")
    martin, dale = copy_of(second, story, "martin"), copy_of(second, story, "dale")
    assert (martin.replaces, martin.differs_in) == (
        "version 1 of 22\u00a0December\u00a02026", ("Board entry under ‘Current risks’",),
    )  # fmt: skip
    assert dale.differs_in == ()


def test_legal_planning_is_told_only_where_the_chair_releases_it(story):
    with pgtrigger.ignore("conferences.Decision:unalterable"):
        Decision.objects.filter(pk=story.wren_decision.pk).update(also_advised=["legal_planning", "joint_review"])
    document = prepared(story, LETTER)

    def advised(name: str) -> str:
        wren = next(row for row in copy_of(document, story, name).children if row.short_name == "Wren")
        return wren.decision.also_advised

    assert advised("hazel") == "A joint review with the review of looked-after children"
    with pytest.raises(ValidationError, match="Only the chair"):
        tell_legal_planning(document=document, tell=True, by=story.coordinator, now=NOW)
    tell_legal_planning(document=document, tell=True, by=story.chair, now=NOW)
    assert advised("hazel").startswith("A legal planning meeting")
    release_document(document=document, by=story.chair, now=NOW)
    with pytest.raises(ValidationError, match="released or replaced"):
        tell_legal_planning(document=document, tell=False, by=story.chair, now=NOW)


def test_releasing_twice_keeps_the_first_release(story):
    document = prepared(story)
    first = release_document(document=document, by=story.chair, now=NOW)
    again = release_document(document=document, by=story.chair, now=NOW.replace(hour=18))
    assert (again.released_at, again.released_by) == (first.released_at, first.released_by)


def test_nothing_is_released_after_a_death(story):
    document = prepared(story)
    story.wren.person.death_date = NOW.date()
    story.wren.person.save(update_fields=["death_date"])
    with pytest.raises(CopyRefusedError):
        release_document(document=document, by=story.chair, now=NOW)
    document.refresh_from_db()
    assert document.state == DocumentState.PREPARED


def test_pages_lead_from_mending_to_the_chairs_reading(client, story):
    address = f"/conferences/{story.conference.pk}/minutes"
    entry = f"board:{note(story).pk}:text"
    client.force_login(story.coordinator)
    assert HIDES in client.get(f"{address}/wording/minutes/").content.decode()
    answer = client.post(f"{address}/wording/minutes/mend/{entry}/", {"text": MENDED, "place": "", "version": "0"})
    assert answer.status_code == 302
    second = client.post(f"{address}/wording/minutes/mend/{entry}/", {"text": "Other", "place": "", "version": "0"})
    assert "mended this while you were writing" in second.content.decode()
    added = client.post(
        f"{address}/wording/minutes/discussion/",
        {"heading": "current-risks", "text": "They spoke.", "children": [story.wren_row.pk], "version": "0"},
    )
    assert added.status_code == 302
    document = prepared(story)
    client.force_login(story.chair)
    page = client.get(f"{address}/{document.pk}/sign-off/").content.decode()
    assert HIDES in page
    assert MENDED in page
    back = client.post(f"{address}/{document.pk}/send-back/", {"because": "Say who."})
    assert back.status_code == 302
    client.force_login(story.coordinator)
    assert "Say who." in client.get(f"{address}/prepare/").content.decode()
    assert client.get(f"{address}/{document.pk}/send-back/").status_code == 404


def kinds_for(user: User) -> set[str]:
    return {key for _, key, *_ in to_decide(User.objects.get(pk=user.pk))}


def test_what_was_sent_back_waits_for_whoever_prepares_and_no_more_for_the_chair(story):
    document = prepared(story)
    assert "minutes" in kinds_for(story.chair)
    send_back(document=document, because="Say who.", by=story.chair, now=NOW)
    assert "minutes" not in kinds_for(story.chair)
    assert "minutes-sent-back" in kinds_for(story.coordinator)
