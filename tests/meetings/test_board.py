from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.enums import PartKind
from conferences.services.guards import EditedMeanwhile, MeetingClosed
from meetings.enums import Nature
from meetings.models import AgendaItem, BoardEntry
from meetings.selectors.board import board_of, is_on_first_page
from meetings.services.agenda import begin_item, change_item_note, finish_item
from meetings.services.board import add_entry, change_entry, withdraw_entry
from meetings.services.opening import add_part, open_conference
from tests.conferences.conftest import NOW, OPENED
from tests.factories import ParticipantFactory

pytestmark = pytest.mark.django_db


def note(meeting, **changes):
    facts = {
        "conference": meeting.conference,
        "heading": "worries",
        "text": "Wren hides under the table.",
        "nature": Nature.FACT,
        "by": meeting.coordinator,
        "now": NOW,
    }
    return add_entry(**{**facts, **changes})


def test_a_note_records_speaker_subject_and_part(meeting):
    entry = note(
        meeting, speaker=meeting.people.callum, children=[meeting.wren], private_to=[meeting.people.hazel.person]
    )
    assert (entry.speaker, entry.part, entry.created_by) == (meeting.people.callum, meeting.part, meeting.coordinator)
    assert list(entry.children.all()) == [meeting.wren]
    assert list(entry.private_to.all()) == [meeting.people.hazel.person]


def test_notes_can_be_added_before_the_meeting_opens(planned):
    before = note(planned)
    open_conference(conference=planned.conference, by=planned.chair, now=OPENED)
    after = note(planned, text="Said in the meeting.")
    assert (before.part, after.part.sitting) == (None, planned.sitting)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"heading": "gossip"}, "heading"),
        ({"text": "  "}, "text"),
        ({"nature": "rumour"}, "nature"),
        ({"nature": Nature.OPINION}, "evidence"),
    ],
)
def test_errors_in_a_note_appear_beside_their_fields(meeting, changes, field):
    with pytest.raises(ValidationError) as refused:
        note(meeting, **changes)
    assert list(refused.value.message_dict) == [field]


def test_an_opinion_with_its_evidence_is_accepted(meeting):
    entry = note(meeting, nature=Nature.OPINION, evidence="Four Tuesdays since 10 November")
    assert entry.evidence == "Four Tuesdays since 10 November"


def test_a_speaker_of_another_conference_is_refused(meeting):
    with pytest.raises(ValidationError) as refused:
        note(meeting, speaker=ParticipantFactory())
    assert list(refused.value.message_dict) == ["speaker"]


def test_submitting_the_form_twice_makes_one_note(meeting):
    assert note(meeting) == note(meeting)
    assert note(meeting, children=[meeting.wren]) != note(meeting)
    assert BoardEntry.objects.count() == 2


@pytest.mark.parametrize("text", ["x" * 50_000, "O’Neill-Müller 👪", "سلام", "<b>not bold</b>"])
def test_any_text_comes_back_as_it_was_typed(meeting, text):
    assert BoardEntry.objects.get(pk=note(meeting, text=text).pk).text == text


def test_the_second_editor_sees_both_texts_and_nothing_is_lost(meeting):
    entry = note(meeting)
    facts = {"entry": entry, "heading": "worries", "nature": Nature.FACT, "now": NOW}
    first = change_entry(**facts, version=1, text="Joan's text", by=meeting.coordinator)
    assert first.version == 2
    with pytest.raises(EditedMeanwhile) as refused:
        change_entry(**facts, version=1, text="Tomasz's text", by=meeting.chair)
    assert refused.value.current.text == "Joan's text"
    chosen = change_entry(**facts, version=2, text="Both texts", by=meeting.chair)
    assert (chosen.text, chosen.version) == ("Both texts", 3)
    assert [event.text for event in entry.events.order_by("pgh_id")] == [
        "Wren hides under the table.", "Joan's text", "Both texts",
    ]  # fmt: skip


def test_submitting_the_existing_text_changes_nothing_whatever_the_version(meeting):
    entry = note(meeting)
    same = change_entry(
        entry=entry, version=99, heading="worries", text=entry.text, nature=Nature.FACT, by=meeting.chair, now=NOW
    )
    assert same.version == 1


def test_a_note_is_withdrawn_with_a_reason_and_kept(meeting):
    entry = note(meeting)
    with pytest.raises(ValidationError) as refused:
        withdraw_entry(entry=entry, because="", by=meeting.coordinator, now=NOW)
    assert list(refused.value.message_dict) == ["because"]
    withdraw_entry(entry=entry, because="Said twice.", by=meeting.coordinator, now=NOW)
    entry.refresh_from_db()
    assert (entry.withdrawn_at, entry.withdrawn_by, entry.withdrawn_because) == (
        NOW,
        meeting.coordinator,
        "Said twice.",
    )
    assert [column.entries for column in board_of(meeting.conference)] == [[], [], [], []]


def test_a_closed_meeting_takes_no_more_notes(meeting):
    meeting.conference.status = "closed"
    meeting.conference.ended_at = NOW
    meeting.conference.save()
    with pytest.raises(MeetingClosed):
        note(meeting)


def test_one_part_of_the_board_shows_nothing_of_another(meeting):
    note(meeting, text="Said in part 1")
    second = add_part(conference=meeting.conference, kind=PartKind.HALF, title="With Hazel", by=meeting.chair, now=NOW)
    note(meeting, text="Said in part 2", part=second)
    texts = [entry.text for column in board_of(meeting.conference, part_id=second.pk) for entry in column.entries]
    assert texts == ["Said in part 2"]


def test_starting_an_item_finishes_the_previous_one(meeting):
    first, second = AgendaItem.objects.filter(conference=meeting.conference)[:2]
    begin_item(item=first, by=meeting.chair, now=OPENED)
    begin_item(item=second, by=meeting.chair, now=NOW)
    begin_item(item=second, by=meeting.chair, now=NOW.replace(hour=15))
    finish_item(item=second, by=meeting.chair, now=NOW.replace(hour=12))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.begun_at, first.done_at) == (OPENED, NOW)
    assert (second.begun_at, second.done_at) == (NOW, NOW.replace(hour=12))


def test_two_people_who_write_the_same_note_see_both_texts(meeting):
    item = AgendaItem.objects.filter(conference=meeting.conference).first()
    change_item_note(item=item, note="Mine", version=1, by=meeting.coordinator, now=NOW)
    with pytest.raises(EditedMeanwhile) as refused:
        change_item_note(item=item, note="Other", version=1, by=meeting.chair, now=NOW)
    assert refused.value.current.note == "Mine"


def test_a_long_board_shows_the_newest_notes_and_links_to_earlier_ones(client, meeting):
    entries = [note(meeting, text=f"Note {n}") for n in range(45)]
    note(meeting, heading="strengths", text="Grandma is near.")
    client.force_login(meeting.coordinator)
    address = reverse("meetings:board", args=[meeting.conference.pk])

    def shown(query=""):
        column = next(row for row in client.get(address + query).context["columns"] if row.heading.key == "worries")
        return [row.text for row in column.entries], column.earlier, column.earlier_count

    newest = [f"Note {n}" for n in range(44, -1, -1)]
    assert shown() == (newest[:20], entries[24], 25)
    assert shown(f"?from={entries[24].pk}") == (newest[20:40], entries[4], 5)
    assert shown(f"?from={entries[4].pk}") == (newest[40:], None, 0)
    page = client.get(f"{address}?from={entries[24].pk}").content.decode()
    assert "Show earlier notes (5)" in page
    assert "Newest notes" in page
    assert "Grandma is near." in page
    assert (is_on_first_page(entries[25]), is_on_first_page(entries[24])) == (True, False)


def test_each_form_about_a_child_says_who_in_the_family_will_read_it(client, meeting):
    entry, wren, callum = note(meeting), meeting.wren.pk, meeting.people.callum.pk
    client.force_login(meeting.coordinator)
    for name, *args in (
        ("board",),
        ("change-entry", entry.pk),
        ("score", wren, callum),
        ("record-view", wren, callum),
        ("plan",),
    ):
        page = client.get(reverse(f"meetings:{name}", args=[meeting.conference.pk, *args])).content.decode()
        assert "will read this." in page or "No one in the family reads this yet." in page, name
