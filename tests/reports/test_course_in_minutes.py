"""Minutes say how the meeting went: what was read out, breaks, and where it was broken off; to whom it is theirs."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest

from conferences.enums import SittingState
from govuk import words
from meetings.enums import Statement
from meetings.models import Break, StatementRead
from reports.content import content_of
from reports.copies import Composed, compose
from reports.enums import DocumentKind
from tests.factories import SittingFactory
from tests.reports.story import NOW, OPENED, conference_of, tell
from tests.reports.test_what_papers_say import words_of
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

WHY = "Hazel was upset by what Dale said."
FAIR = ["Everyone is listened to.", "Nobody is made to speak."]


@once_per_module()
def halves() -> SimpleNamespace:
    """A meeting in two halves: the fathers first, the mother second; statements read in both, and a break."""
    story = tell(two_parts=True)
    for part in (story.part, story.second):
        StatementRead.objects.create(
            part=part, statement=Statement.FAIRNESS, words=FAIR, recorded_by=story.coordinator, read_at=OPENED
        )
    StatementRead.objects.create(
        part=story.second, statement=Statement.CONFIDENTIALITY, words=["Keep your copy safe."],
        recorded_by=story.coordinator, read_at=OPENED,
    )  # fmt: skip
    Break.objects.create(
        sitting=story.sitting, reason=WHY, began_at=OPENED + datetime.timedelta(minutes=65), begun_by=story.chair,
        ended_at=OPENED + datetime.timedelta(minutes=80), ended_by=story.chair,
    )  # fmt: skip
    return story


def minutes_for(story: SimpleNamespace, name: str) -> Composed:
    return compose(content_of(conference_of(story), now=NOW), getattr(story.of, name).pk, DocumentKind.MINUTES)


def test_what_was_read_out_stands_once_and_only_of_ones_own_part(halves: SimpleNamespace) -> None:
    assert [[row.title for row in minutes_for(halves, name).read_out] for name in ("police", "hazel", "martin")] == [
        ["Equal opportunities", "Keeping things private"],
        ["Equal opportunities", "Keeping things private"],
        ["Equal opportunities"],
    ]
    said = words_of(minutes_for(halves, "police"))
    assert said.count("Equal opportunities: Everyone is listened to. Nobody is made to speak.") == 1


def test_a_break_stands_with_its_reason_for_professionals_who_were_there_throughout(halves: SimpleNamespace) -> None:
    assert minutes_for(halves, "police").course == ["Break from 11:05 to 11:20: Hazel was upset by what Dale said."]


@pytest.mark.parametrize("name", ["martin", "hazel"])
def test_no_break_tells_a_parent_when_the_other_half_was(halves: SimpleNamespace, name: str) -> None:
    assert minutes_for(halves, name).course == []


def test_the_family_in_one_meeting_reads_of_the_break_and_not_why() -> None:
    story = tell()
    Break.objects.create(
        sitting=story.sitting, reason=WHY, began_at=OPENED, begun_by=story.chair,
        ended_at=OPENED + datetime.timedelta(minutes=10), ended_by=story.chair,
    )  # fmt: skip
    assert minutes_for(story, "hazel").course == ["Break from 10:00 to 10:10."]


def test_an_adjourned_meeting_says_when_it_went_on_and_why_only_to_whom_that_is() -> None:
    story = tell()
    story.sitting.state, story.sitting.state_reason = SittingState.ADJOURNED, "Robin had to see a doctor."
    story.sitting.save()
    again = SittingFactory(
        conference=story.conference, number=2, booked_by=story.coordinator, state=SittingState.ENDED,
        starts_at=OPENED + datetime.timedelta(days=14),
    )  # fmt: skip
    first, day = words.long_date(OPENED), words.long_date(again.day)
    assert again.day == datetime.date(2027, 1, 5)
    assert minutes_for(story, "police").course == [
        f"The meeting on {first} stopped before everything was decided: Robin had to see a doctor. It continued on {day}."
    ]
    assert minutes_for(story, "martin").course == [
        f"The meeting on {first} stopped before everything was decided. It continued on {day}."
    ]
