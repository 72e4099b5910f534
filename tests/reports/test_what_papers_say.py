"""A copy is read as its reader reads it: each finds what is theirs, and no sign of what is not."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from conferences.models import Conference
from families.enums import Answer
from families.models import ContactRisk
from meetings.models import AgendaItem, Score
from reports.content import content_of
from reports.copies import Composed, compose
from reports.copies.plain_words import NO_REMOVAL
from reports.enums import DocumentKind
from reports.pdf import Stamp, html_of
from tests.reports.story import HIDDEN_SCHOOL, HIDDEN_TEACHER, NOW, act, conference_of, say, tell
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

STAMP = Stamp(number=1, prepared_at=NOW, released_at=NOW, released_by="Tomasz Kestrel")
LETTER, MINUTES = DocumentKind.DECISIONS_LETTER, DocumentKind.MINUTES


def copy_for(story: SimpleNamespace, name: str, kind: str = MINUTES, **options: list[int]) -> Composed:
    return compose(content_of(conference_of(story), now=NOW), getattr(story.of, name).pk, kind, **options)


def words_of(copy: Composed) -> str:
    """Return what a copy prints, on one line."""
    html = re.sub(r"<style>.*?</style>", "", html_of(copy, STAMP), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " "))


@once_per_module()
def martins(story: SimpleNamespace) -> str:
    """What the father of one child reads in his minutes."""
    say(story, "I ring the school each Friday.", story.wren_row, speaker=story.of.martin)
    act(story, "Ring the school each Friday", story.wren_row, who=story.of.martin)
    Score.objects.create(
        conference_child=story.wren_row, participant=story.of.martin, part=story.part, scale="sf 2018", value=7,
        reason="She laughs with me.", recorded_by=story.coordinator, recorded_at=NOW,
    )  # fmt: skip
    return words_of(copy_for(story, "martin"))


@pytest.mark.parametrize(
    "said",
    [
        "Why we met Social workers looked into worries about Wren.",
        "Police came to the home again on 3 December",
        NO_REMOVAL,
        "Child protection plan",
        "Emotional harm means that a child is hurt in their feelings for a long time.",
        "Wren has been frightened at home again and again.",
        "What you do Ring the school each Friday",
        "Amara Finch, who visits at least every 10 working days, which is every two weeks.",
        "The core group is the small group that makes the plan work.",
        "I ring the school each Friday.",
        "You said this.",
        "She laughs with me.",
        "within 10 working days of getting this",
        "within 72 hours of the meeting",
        "You get an answer within 28 days.",
        "In the evening, at night and at weekends: 01632 960 101",
        "Review conference",
    ],
)
def test_a_father_finds_what_is_his(martins: str, said: str) -> None:
    assert said in martins


@pytest.mark.parametrize(
    "said",
    [
        "No action is written down",
        "withheld",
        "left out",
        "Introductions",
        "Robin",
        "baby",
        HIDDEN_SCHOOL,
        HIDDEN_TEACHER,
        "In it: Hazel Brambley, mother; Amara Finch, social care; A professional",
    ],
)
def test_a_father_reads_no_sign_of_what_is_not_his(martins: str, said: str) -> None:
    assert said not in martins


def test_the_decision_and_its_reason_are_said_once(martins: str) -> None:
    assert martins.count("Wren has been frightened at home again and again.") == 1
    assert martins.count("Emotional harm means") == 1


def test_whoever_may_not_be_named_is_not_counted_in_attendance(story: SimpleNamespace) -> None:
    assert [row.name for row in copy_for(story, "martin").attendance] == [
        "Hazel Brambley", "Dale Ashdown", "Martin Alder", "Amara Finch", "Ngozi Larkin", "Beth Siskin",
        "Tomasz Kestrel", "Joan Plover", "Olive Brambley",
    ]  # fmt: skip


def test_own_words_are_read_whichever_child_was_ticked_but_not_what_others_added(story: SimpleNamespace) -> None:
    say(
        story, "I shouted, and I am sorry.", story.robin_row, story.wren_row, speaker=story.of.martin,
        evidence="Robin's teacher heard it.", nature="opinion",
    )  # fmt: skip
    own = copy_for(story, "martin").said_by_reader
    assert [(line.text, line.evidence, line.about) for line in own] == [("I shouted, and I am sorry.", "", "Wren")]


def test_own_words_marked_as_private_to_another_stay_out(story: SimpleNamespace) -> None:
    say(story, "She is on tablets.", story.wren_row, speaker=story.of.martin, private_to=[story.hazel])
    assert copy_for(story, "martin").said_by_reader == []


def test_an_own_action_for_several_children_is_read_by_whoever_has_to_do_it(story: SimpleNamespace) -> None:
    act(story, "Walk to school with both", story.robin_row, story.wren_row, who=story.of.martin)
    assert [(row.what, row.about) for row in copy_for(story, "martin").own_actions] == [
        ("Walk to school with both", "Wren")
    ]
    assert "Walk to school with both" not in {row.what for row in copy_for(story, "dale").plan}


def test_an_action_private_to_another_stays_out_even_of_its_owners_copy(story: SimpleNamespace) -> None:
    act(story, "Drive her to the clinic", story.wren_row, who=story.of.martin, private_to=[story.hazel])
    assert copy_for(story, "martin").own_actions == []


def test_a_reason_that_names_another_child_is_not_read_but_the_kind_of_meeting_is(story: SimpleNamespace) -> None:
    Conference.objects.filter(pk=story.conference.pk).update(reason="Robin was hurt on 3 December.")
    copy = copy_for(story, "martin")
    assert copy.why_held == ""
    assert copy.why_in_general[0].startswith("Social workers looked into worries about Wren.")


def test_someone_kept_apart_is_not_told_the_reason_in_the_words_of_the_request(story: SimpleNamespace) -> None:
    risk = ContactRisk.objects.create(
        person=story.dale, ground="violence", detail="Threats", recorded_by=story.worker, recorded_at=NOW
    )
    risk.children.set([story.robin])
    copy = copy_for(story, "dale")
    assert copy.why_held == ""
    assert len(copy.why_in_general) == 2


def test_agenda_points_stand_only_with_what_was_said_under_them(story: SimpleNamespace) -> None:
    AgendaItem.objects.filter(conference=story.conference, position=2).update(note="The police spoke first.")
    assert [(row.title, row.note) for row in copy_for(story, "hazel").agenda] == [
        ("Why we are meeting", "The police spoke first.")
    ]
    assert copy_for(story, "martin").agenda == []


def test_who_was_in_which_part_is_told_to_whoever_was_in_several(db: None) -> None:
    story = tell(two_parts=True)
    for part in (story.part, story.second):
        part.title = "Part for fathers" if part == story.part else "Part for Hazel"
        part.save()
    police = {row.name: row.parts for row in copy_for(story, "police").attendance}
    assert police["Martin Alder"] == str(story.part)
    assert police["Amara Finch"] == ""
    assert {row.parts for row in copy_for(story, "martin").attendance} == {""}


def test_a_professional_has_a_page_with_the_agencys_actions_and_dates(story: SimpleNamespace) -> None:
    page = words_of(copy_for(story, "teacher")).split("Your page: what you do, and your dates")[1]
    assert "Read with Wren at school every day Callum Reed Wren" in page
    assert "First core group" in page
    assert "asthma clinic" not in page


def test_the_views_stand_by_agency_with_the_familys_last(story: SimpleNamespace) -> None:
    wren = next(row for row in copy_for(story, "hazel").children if row.short_name == "Wren")
    assert [row.name for row in wren.views] == ["Beth Siskin", "Ngozi Larkin", "Amara Finch", "Hazel Brambley"]


def test_a_missing_school_reads_like_a_hidden_one(story: SimpleNamespace) -> None:
    hidden = copy_for(story, "martin").children[0].school
    baby = next(row for row in copy_for(story, "dale").children if row.short_name == "the unborn baby")
    assert baby.school == hidden == "Not in this copy"


def test_a_refusal_is_read_by_no_one_else(story: SimpleNamespace) -> None:
    content = content_of(conference_of(story), now=NOW)
    decision = content["decisions"][0]
    said = {"hazel": Answer.YES, "martin": Answer.REFUSED}
    decision["consents"] = [
        {"person": getattr(story.of, name).person_id, "name": name, "answer": answer} for name, answer in said.items()
    ]
    found = {
        row["id"]: {one for child in copy.children if child.decision for one in child.decision.consents}
        for row in content["participants"]
        if (copy := copy_or_none(content, row["id"])) is not None
    }
    agreed, refused = "hazel: yes", f"martin: {Answer.REFUSED.label.lower()}"
    runs_it = {row["id"] for row in content["participants"] if row["capacity"] in ("chair", "coordinator")}
    assert {pk for pk, words in found.items() if refused in words} - runs_it <= {story.of.martin.pk}
    assert {pk for pk, words in found.items() if agreed in words} >= {story.of.hazel.pk}
    assert agreed not in found.get(story.of.martin.pk, set())


def copy_or_none(content: dict[str, Any], pk: int) -> Composed | None:
    try:
        return compose(content, pk, LETTER)
    except ValueError:
        return None
