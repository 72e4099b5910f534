"""What a meeting agreed besides actions stands in its papers: of an initial conference and of a review alike."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from conferences.enums import ConferenceKind
from conferences.models import ConferenceChild, Decision
from meetings.models import OutlineEntry
from plans.enums import Occasion, WhyChanged
from plans.models import Plan, PlanEntry
from plans.services.document import take_out_of_plans
from plans.services.plans import follow_decision
from plans.services.versions import Why
from reports.content import content_of
from reports.content.wording import editable_in
from reports.copies import compose
from reports.enums import DocumentKind
from reports.pdf import Stamp, html_of
from tests.factories import ConferenceChildFactory, ConferenceFactory, DecisionFactory, SittingFactory
from tests.reports.story import NOW, conference_of, tell
from tests.reports.test_what_papers_say import words_of
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

LETTER = DocumentKind.DECISIONS_LETTER
STAMP = Stamp(number=1, prepared_at=NOW, released_at=NOW, released_by="Tomasz Kestrel")
BEFORE = NOW - datetime.timedelta(days=77)


def agree(
    story: SimpleNamespace, text: str, *children: ConferenceChild, we_do: str = "", **fields: Any
) -> OutlineEntry:
    row = OutlineEntry.objects.create(
        conference=story.conference, kind="contingency" if we_do else "outcome", text=text, we_do=we_do,
        part=fields.pop("part", story.part), created_by=story.coordinator, created_at=NOW, **fields,
    )  # fmt: skip
    row.children.set(children)
    return row


def letter(story: SimpleNamespace, name: str) -> str:
    reader = getattr(story.of, name).pk
    return words_of(compose(content_of(conference_of(story), now=NOW), reader, LETTER, settled=[reader]))


@once_per_module(at=NOW)
def review() -> SimpleNamespace:
    """A review, in two halves, of three plans that began eleven weeks before."""
    story = tell(two_parts=True)
    earlier = ConferenceFactory(family=story.family)
    sitting = SittingFactory(conference=earlier, starts_at=BEFORE, booked_at=BEFORE - datetime.timedelta(days=5))
    for name in ("robin", "wren", "baby"):
        row = ConferenceChildFactory(
            conference=earlier, child=getattr(story, name), kind=ConferenceKind.TRANSFER_IN, enquiry=None
        )
        follow_decision(DecisionFactory(conference_child=row, sitting=sitting), BEFORE)
    ConferenceChild.objects.filter(conference=story.conference).update(kind=ConferenceKind.REVIEW, enquiry=None)
    agree(story, "Every child sleeps through the night")
    agree(story, "Wren is in school each day", story.wren_row)
    agree(story, "Wren stays off school", story.wren_row, we_do="Ring the school at nine", who=story.of.teacher)
    agree(story, "Robin has an attack", story.robin_row, we_do="Ring 999", who=story.of.hazel, who_else="Olive")
    agree(story, "Someone shouts in the night", we_do="Go to Olive", who=story.of.hazel, part=story.second)
    for decision in Decision.objects.filter(conference_child__conference=story.conference):
        follow_decision(decision, NOW)
    assert not Plan.objects.filter(decision__conference_child__conference=story.conference).exists()
    return story


def test_a_review_says_what_will_be_different_and_what_if_not_to_each_reader_what_is_theirs(review):
    martin, hazel, police = (letter(review, name) for name in ("martin", "hazel", "police"))
    for said in ("What will be different", "Every child sleeps through the night", "Wren is in school each day"):
        assert said in martin
    then = "If this happens: Wren stays off school we do this: Ring the school at nine who does it:"
    assert f"{then} A professional" in martin
    assert f"{then} Callum Reed" in hazel
    assert "Robin has an attack" not in martin
    assert "All the children. If this happens: Someone shouts in the night we do this: Go to Olive" in hazel
    assert "we do this: Ring 999 who does it: Hazel Brambley, Olive" in police


def test_a_child_reads_what_will_be_different_and_not_what_the_grown_ups_fear(review):
    robins = letter(review, "robin")
    assert ("Every child sleeps through the night" in robins, "Robin has an attack" in robins) == (True, False)


def test_what_no_plan_says_any_more_is_left_out_and_what_became_private_is_read_by_that_person(review):
    gone, kept = PlanEntry.objects.get(text="Wren stays off school"), PlanEntry.objects.get(text="Robin has an attack")
    why = Why(occasion=Occasion.BETWEEN, because=WhyChanged.BETTER_WAY, reason="No", by=review.worker, now=NOW)
    take_out_of_plans(row=gone, plans=[gone.plan], why=why, seen={gone.plan_id: gone.pk})
    kept.private_to.add(review.hazel)
    assert "Wren stays off school" not in letter(review, "hazel") + letter(review, "teacher")
    assert ("Robin has an attack" in letter(review, "hazel"), "Robin has an attack" in letter(review, "dale")) == (
        True,
        False,
    )


def test_an_initial_conference_says_each_thing_once_and_its_wording_can_be_mended(db):
    story = tell()
    row = agree(story, "Somebody shouts at night", we_do="Go to Olive", who=story.of.hazel)
    for decision in Decision.objects.filter(conference_child__conference=story.conference):
        follow_decision(decision, NOW)
    assert PlanEntry.objects.filter(text=row.text).count() == 3
    content = content_of(conference_of(story), now=NOW)
    assert html_of(compose(content, story.of.hazel.pk, LETTER), STAMP).count("Somebody shouts at night") == 1
    assert letter(story, "martin").count("Somebody shouts at night") == 1
    assert {one.key for one in editable_in(content)} >= {f"agreed:{row.pk}:if_this", f"agreed:{row.pk}:we_do"}
