from __future__ import annotations

import json
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import time_machine

from conferences.enums import Capacity, ParticipantStatus, Presence
from conferences.models import Attendance, Participant
from families.enums import Certainty
from families.models import ContactRisk, ParentalResponsibility, Relationship
from govuk.words import long_date
from reports.content import content_of
from reports.copies import Composed, Level, compose, entitlement_of, leaks, recipients_due
from reports.enums import DocumentKind
from tests.case_events import at
from tests.factories import family_participant
from tests.reports.story import (
    HIDDEN_PHONE,
    HIDDEN_POSTCODE,
    HIDDEN_SCHOOL,
    HIDDEN_STREET,
    HIDDEN_TEACHER,
    NOW,
    act,
    conference_of,
    say,
    tell,
)

pytestmark = pytest.mark.django_db

ROBIN = "Robin's asthma was treated in hospital twice."
WREN = "Wren hides under the table when a voice is raised."
BOTH = "Robin called for help while Wren hid."
BABY = "The scan shows a healthy baby."
ALL = "Everybody keeps to the rules about phones at night."
ALL_BUT_NAMES_ROBIN = "The older boy, Robin, cooks for all."
HAZELS = "Hazel takes medicine for low mood."
DALES = "Dale lost his job."
COUGH = "The cough will not stop by itself."


def copy_for(story: SimpleNamespace, name: str, kind: str = DocumentKind.MINUTES, **options: list[int]) -> Composed:
    return compose(content_of(conference_of(story), now=NOW), getattr(story.of, name).pk, kind, **options)


def board(copy: Composed) -> set[str]:
    return {line.text for group in copy.board for line in group.lines}


def plan(copy: Composed) -> set[str]:
    return {action.what for action in copy.plan}


def everything_in(copy: Composed) -> str:
    """Return everything the copy could print, without what it knows about its reader."""
    shown = {name: value for name, value in vars(copy).items() if name not in {"reader", "authority"}}
    return json.dumps(shown, default=lambda thing: vars(thing) if hasattr(thing, "__dict__") else str(thing))


def level(story: SimpleNamespace, name: str) -> Level:
    return entitlement_of(content_of(conference_of(story), now=NOW), getattr(story.of, name).pk).level


def test_the_mother_reads_about_all_her_children_but_not_others_private_lives(story: SimpleNamespace) -> None:
    copy = copy_for(story, "hazel")
    assert board(copy) == {ROBIN, WREN, BOTH, BABY, ALL, ALL_BUT_NAMES_ROBIN, HAZELS, COUGH}
    assert [child.short_name for child in copy.children] == ["Robin", "Wren", "the unborn baby"]
    assert copy.children[1].school == HIDDEN_SCHOOL


def test_the_father_of_one_child_reads_about_that_child(story: SimpleNamespace) -> None:
    copy = copy_for(story, "martin")
    assert board(copy) == {WREN, ALL, COUGH}
    assert [child.short_name for child in copy.children] == ["Wren"]
    assert plan(copy) == {"See each child at home", "Read with Wren at school every day"}
    assert "asthma" not in everything_in(copy)
    assert "baby" not in everything_in(copy).lower()
    assert "Hazel takes medicine" not in everything_in(copy)


def test_an_entry_about_several_children_needs_access_to_each(story: SimpleNamespace) -> None:
    assert BOTH not in board(copy_for(story, "martin"))
    assert BOTH not in board(copy_for(story, "dale"))


def test_a_father_reads_his_own_private_information(story: SimpleNamespace) -> None:
    assert DALES in board(copy_for(story, "dale"))
    assert HAZELS not in board(copy_for(story, "dale"))


def test_the_father_is_not_told_the_familys_home_or_the_childs_school(story: SimpleNamespace) -> None:
    copy = copy_for(story, "martin")
    text = everything_in(copy)
    for hidden in (HIDDEN_STREET, HIDDEN_POSTCODE, HIDDEN_SCHOOL, HIDDEN_TEACHER, HIDDEN_PHONE, "Meadow Lane"):
        assert hidden not in text
    assert copy.children[0].school == "Not in this copy"
    assert "A professional" not in [row.name for row in copy.attendance]
    reading = next(action for action in copy.plan if action.what == "Read with Wren at school every day")
    assert reading.who == "A professional"
    assert [step.what for step in copy.next_steps] == [
        "First core group, place to be told to you",
        "Review conference, place to be told to you",
    ]


def test_staff_of_another_childs_school_are_not_named_to_the_father(story: SimpleNamespace) -> None:
    text = everything_in(copy_for(story, "martin"))
    assert "Harbour Academy" not in text
    assert "Shazia Wing" not in text


def test_the_mother_reads_the_names_that_are_hidden_from_others(story: SimpleNamespace) -> None:
    assert HIDDEN_TEACHER in [row.name for row in copy_for(story, "hazel").attendance]


def test_the_health_visitor_reads_about_the_children_she_came_for(story: SimpleNamespace) -> None:
    copy = copy_for(story, "visitor")
    assert board(copy) == {WREN, BOTH, BABY, ALL, ALL_BUT_NAMES_ROBIN, HAZELS, COUGH}
    assert [child.short_name for child in copy.children] == ["Wren", "the unborn baby"]


def test_the_police_read_about_every_child(story: SimpleNamespace) -> None:
    copy = copy_for(story, "police")
    assert [child.short_name for child in copy.children] == ["Robin", "Wren", "the unborn baby"]
    assert len(board(copy)) == 9


def test_a_person_who_sent_apologies_and_no_report_gets_nothing(story: SimpleNamespace) -> None:
    assert level(story, "gp") == Level.NOTHING


def test_a_child_gets_the_papers_of_the_grown_ups_only_if_the_chair_says_so(story: SimpleNamespace) -> None:
    assert level(story, "robin") == Level.NOTHING
    with pytest.raises(ValueError, match="not entitled"):
        copy_for(story, "robin", DocumentKind.DECISIONS_LETTER)
    letter = copy_for(story, "robin", DocumentKind.DECISIONS_LETTER, settled=[story.of.robin.pk])
    assert [child.short_name for child in letter.children] == ["Robin"]
    assert letter.children[0].decision is not None
    assert letter.children[0].decision.rationale == ""
    assert plan(letter) == {"See each child at home", "Take Robin to the asthma clinic"}
    record = copy_for(story, "robin", settled=[story.of.robin.pk])
    assert ROBIN in board(record)
    assert HAZELS not in board(record)


@pytest.mark.parametrize("name", ["olive"])
def test_a_supporter_gets_nothing(story: SimpleNamespace, name: str) -> None:
    assert level(story, name) == Level.NOTHING
    with pytest.raises(ValueError, match="not entitled"):
        copy_for(story, name)


def test_a_removed_person_gets_nothing_by_default(story: SimpleNamespace) -> None:
    Attendance.objects.filter(participant=story.of.dale).update(presence=Presence.REMOVED)
    assert level(story, "dale") == Level.NOTHING


def test_a_father_kept_out_gets_what_the_chair_settles(story: SimpleNamespace) -> None:
    Attendance.objects.filter(participant=story.of.dale).update(presence=Presence.ABSENT, arrived_at=None)
    Participant.objects.filter(pk=story.of.dale.pk).update(status=ParticipantStatus.KEPT_OUT)
    assert level(story, "dale") == Level.NOTHING
    letter = copy_for(story, "dale", DocumentKind.DECISIONS_LETTER, settled=[story.of.dale.pk])
    assert [child.short_name for child in letter.children] == ["Robin", "the unborn baby"]
    assert plan(letter) == set()
    assert (letter.next_steps, letter.dates_withheld) == ([], True)
    with pytest.raises(ValueError, match="not entitled"):
        copy_for(story, "dale", DocumentKind.MINUTES, settled=[story.of.dale.pk])


def test_a_person_awaiting_the_chair_gets_nothing(story: SimpleNamespace) -> None:
    Participant.objects.filter(pk=story.of.dale.pk).update(status=ParticipantStatus.AWAITING_CHAIR)
    assert level(story, "dale") == Level.NOTHING


def test_a_parent_with_a_contact_risk_is_not_told_when_and_where_the_next_meetings_are(story: SimpleNamespace) -> None:
    risk = ContactRisk.objects.create(
        person=story.dale, ground="violence", detail="Threats", recorded_by=story.worker, recorded_at=NOW
    )
    risk.children.set([story.robin])
    copy = copy_for(story, "dale")
    assert (copy.next_steps, copy.dates_withheld) == ([], True)
    assert copy.children[0].decision is not None
    assert copy.children[0].decision.core_group == ()


def test_what_was_said_in_a_part_reaches_only_those_who_were_in_it(db: None) -> None:
    story = tell(two_parts=True)
    say(story, "Wren slept well this week.", story.wren_row, part=story.second)
    father, mother = copy_for(story, "martin"), copy_for(story, "hazel")
    assert "Wren slept well this week." not in board(father)
    assert board(mother) == {"Wren slept well this week."}
    assert [row.name for row in father.children[0].scores] == ["Beth Siskin", "Amara Finch"]
    assert [row.name for row in mother.children[1].scores] == ["Hazel Brambley"]
    assert "Hazel Brambley" not in [row.name for row in father.attendance]
    assert "Martin Alder" not in [row.name for row in mother.attendance]
    assert father.held == long_date(story.sitting.day)


def test_notes_from_before_the_meeting_are_read_by_everyone_who_came(db: None) -> None:
    story = tell(two_parts=True)
    say(story, "Wren likes drawing.", story.wren_row, part=None)
    assert "Wren likes drawing." in board(copy_for(story, "martin"))
    assert "Wren likes drawing." in board(copy_for(story, "hazel"))


def test_who_said_something_is_named_with_what_they_are_unless_the_name_is_withheld(db: None) -> None:
    story = tell(two_parts=True)
    for name in ("police", "hazel", "teacher"):
        say(story, f"Said by {name}.", story.wren_row, part=None, speaker=getattr(story.of, name))
    said = {line.text: line.speaker for group in copy_for(story, "martin").board for line in group.lines}
    assert [said[f"Said by {name}."] for name in ("police", "hazel", "teacher")] == [
        "Beth Siskin, detective constable, County Police",
        "Someone in the family",
        "A professional",
    ]


def test_notes_from_before_the_meeting_are_not_read_by_a_person_kept_apart(db: None) -> None:
    story = tell(two_parts=True)
    risk = ContactRisk.objects.create(
        person=story.martin, ground="bail", detail="Bail", recorded_by=story.worker, recorded_at=NOW
    )
    risk.children.set([story.wren])
    say(story, "Wren likes drawing.", story.wren_row, part=None)
    act(story, "Change the locks", story.wren_row, part=story.second)
    copy = copy_for(story, "martin")
    assert "Wren likes drawing." not in board(copy)
    assert "Change the locks" not in plan(copy)


def test_an_action_from_a_confidential_part_reaches_only_those_who_were_in_it(db: None) -> None:
    story = tell(two_parts=True)
    story.second.kind = "confidential"
    story.second.save()
    Attendance.objects.filter(part=story.second, participant=story.of.hazel).update(presence=Presence.ABSENT)
    act(story, "Keep watch on the phone", story.wren_row, part=story.second)
    assert "Keep watch on the phone" not in plan(copy_for(story, "martin"))
    assert "Keep watch on the phone" in plan(copy_for(story, "visitor"))


def test_a_possible_father_gets_nothing_until_he_is_known_or_holds_responsibility(story: SimpleNamespace) -> None:
    ParentalResponsibility.objects.filter(person=story.martin).update(status="unknown")
    Relationship.objects.filter(person=story.martin).update(kind="possible_father")
    assert level(story, "martin") == Level.NOTHING
    Relationship.objects.filter(person=story.martin).update(kind="father", certainty=Certainty.DISPUTED)
    assert level(story, "martin") == Level.NOTHING
    ParentalResponsibility.objects.filter(person=story.martin).update(status="held")
    assert level(story, "martin") == Level.MINUTES


def test_a_carer_without_parental_responsibility_gets_nothing(story: SimpleNamespace) -> None:
    aunt = family_participant(story.conference, Capacity.CARER, children=[story.wren_row])
    content = content_of(conference_of(story), now=NOW)
    assert entitlement_of(content, aunt.pk).level == Level.NOTHING


def test_an_absent_parent_reads_decision_and_plan_but_not_what_was_said(story: SimpleNamespace) -> None:
    Attendance.objects.filter(participant=story.of.martin).update(presence=Presence.APOLOGIES, arrived_at=None)
    copy = copy_for(story, "martin")
    assert board(copy) == set()
    assert copy.children[0].scores == ()
    assert copy.children[0].decision is not None
    assert plan(copy) == {"See each child at home", "Read with Wren at school every day"}


def test_the_letter_contains_nothing_that_was_said(story: SimpleNamespace) -> None:
    letter = copy_for(story, "hazel", DocumentKind.DECISIONS_LETTER)
    assert (letter.board, letter.agenda, letter.attendance, letter.stops) == ([], [], [], [])


def test_recipients_are_numbered_in_a_fixed_order(story: SimpleNamespace) -> None:
    content = content_of(conference_of(story), now=NOW)
    due = recipients_due(content, DocumentKind.MINUTES)
    names = ["hazel", "dale", "martin", "worker", "teacher", "tutor", "visitor", "midwife", "police"]
    assert due == [getattr(story.of, name).pk for name in names]
    copy = compose(content, story.of.martin.pk, DocumentKind.MINUTES)
    assert (copy.number, copy.of) == (3, 9)


@pytest.mark.parametrize(
    "text",
    [
        "They now live at 7 Quince Orchard.",
        "Seen in Quince Orchard on Monday",
        "Post goes to em47qx",
        "He found them at Meadow Lane, near the gate",
        "Mr Reed rang twice",
        "CALLUM REED rang twice",
        "Her number is 07700-900 321",
        "Her number is +44 7700 900321",
        "She goes to Meadow Lane’s breakfast club",
    ],
)
def test_a_confidential_word_in_free_text_is_found_and_its_place_named(story: SimpleNamespace, text: str) -> None:
    entry = say(story, text, story.wren_row)
    found = leaks(copy_for(story, "martin"))
    assert [(leak.entry, leak.where) for leak in found] == [(f"board:{entry.pk}", "Board entry under ‘Current risks’")]
    assert leaks(copy_for(story, "hazel")) == []


def test_words_that_reveal_no_place_are_not_a_leak(story: SimpleNamespace) -> None:
    say(story, "The school in Eastmere rang the council at 10.", story.wren_row)
    assert leaks(copy_for(story, "martin")) == []


def test_an_entry_the_coordinator_leaves_out_is_missing_from_those_copies(story: SimpleNamespace) -> None:
    entry = say(story, "They now live at 7 Quince Orchard.", story.wren_row)
    content = content_of(conference_of(story), now=NOW)
    content["left_out"] = [{"entry": f"board:{entry.pk}", "recipients": [story.of.martin.pk]}]
    father = compose(content, story.of.martin.pk, DocumentKind.MINUTES)
    mother = compose(content, story.of.hazel.pk, DocumentKind.MINUTES)
    assert (entry.text in board(father), entry.text in board(mother)) == (False, True)


def test_a_rationale_left_out_leaves_no_mark(story: SimpleNamespace) -> None:
    content = content_of(conference_of(story), now=NOW)
    key = f"rationale:{story.wren_row.pk}"
    content["left_out"] = [{"entry": key, "recipients": [story.of.martin.pk]}]
    father = compose(content, story.of.martin.pk, DocumentKind.MINUTES)
    assert father.children[0].decision is not None
    assert father.children[0].decision.rationale == ""


def test_the_content_is_plain_json_and_the_same_each_time(story: SimpleNamespace) -> None:
    first = content_of(conference_of(story), now=NOW)
    assert json.loads(json.dumps(first)) == first
    assert content_of(conference_of(story), now=NOW) == first


def test_relatives_read_nothing_more_from_the_18th_birthday_on(story):
    content = content_of(conference_of(story), now=NOW)
    born = date.fromisoformat(next(row["birth_date"] for row in content["children"] if row["short_name"] == "Robin"))
    robin = next(row["id"] for row in content["children"] if row["short_name"] == "Robin")
    turns = born.replace(year=born.year + 18)
    with time_machine.travel(at(turns, "00:00") - timedelta(minutes=1), tick=False):
        assert robin in entitlement_of(content, story.of.hazel.pk).children
    with time_machine.travel(at(turns, "00:00"), tick=False):
        left = entitlement_of(content, story.of.hazel.pk).children
        assert robin not in left
        assert left
