"""A child whom the meeting is not about: withdrawn from it, or a sister in the family who was never on its list.

Nobody but those who may read about her is told what a text says about her, by whatever road the text goes.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from conferences.selectors.children import children_in
from conferences.services.guards import family_ids_of
from deadlines.services import reconcile
from families.enums import RelationshipKind
from reports.content import content_of
from reports.copies import compose
from reports.enums import DocumentKind
from reports.models import Report
from reports.selectors.versions import version_for
from reports.services.reports import begin_report, save_section, submit_report
from reports.services.sharing import due_for
from tests.factories import ChildFactory, PersonFactory, RelationshipFactory
from tests.reports.story import BEFORE, NOW, conference_of, say
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

ABOUT_ALL = "He cooks for everyone."
# One text for each way of naming a child: in words, by the box ticked, and by whom the author knows.
OF_WREN = "Wren told her teacher what happened."
TICKED = "She sleeps badly."
OF_ASH = "Ash has said the same before."


def with_a_sister(story: SimpleNamespace) -> None:
    """Give the family a daughter of Hazel and Martin who is not in the conference, and withdraw Wren from it."""
    ash = PersonFactory(authority=story.authority, given_name="Ash", family_name="Brambley")
    story.ash = ChildFactory(authority=story.authority, family=story.family, person=ash)
    for person, kind in ((story.hazel, RelationshipKind.MOTHER), (story.martin, RelationshipKind.FATHER)):
        RelationshipFactory(child=story.ash, person=person, kind=kind)
    row = story.wren_row
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_because = BEFORE, story.chair, "Lives with her father."
    row.save()


@once_per_module(at=BEFORE)
def report(ahead: SimpleNamespace) -> Report:
    """The social worker's report on Robin, Wren and the baby, written before Wren was withdrawn."""
    draft = begin_report(author=ahead.of.worker, by=ahead.worker, now=BEFORE)
    for text, children in ((ABOUT_ALL, ()), (OF_WREN, ()), (TICKED, (ahead.wren_row,)), (OF_ASH, ())):
        save_section(
            report=draft, by=ahead.worker, now=BEFORE, heading="current-risks", text=text, nature="fact",
            children=children,
        )  # fmt: skip
    done = submit_report(report=draft, by=ahead.worker, now=BEFORE, why_held="Ash spoke to a friend.")
    with_a_sister(ahead)
    reconcile(family_ids=family_ids_of(ahead.conference), now=BEFORE)
    return done


def heard(report: Report, person) -> list[str]:
    due = due_for(report, person.pk)
    version = version_for(report, due, list(children_in(report.conference)), on=BEFORE.date())
    return [*(section.text for section in version.sections), version.why_held]


def test_a_report_reads_nothing_of_her_to_another_childs_father(ahead, report):
    assert heard(report, ahead.dale) == [ABOUT_ALL, ""]


def test_a_report_reads_everything_to_her_mother(ahead, report):
    assert heard(report, ahead.hazel) == [ABOUT_ALL, OF_WREN, TICKED, OF_ASH, "Ash spoke to a friend."]


@once_per_module(at=NOW)
def minutes(story: SimpleNamespace) -> dict:
    """What the papers are composed from, with Wren withdrawn before the meeting and Ash never in it."""
    with_a_sister(story)
    for text in (ABOUT_ALL, OF_WREN, OF_ASH):
        say(story, text)
    say(story, TICKED, story.wren_row)
    say(story, "They walk to school together.", story.robin_row, story.wren_row)
    return content_of(conference_of(story), now=NOW)


def board(content: dict, participant) -> set[str]:
    copy = compose(content, participant.pk, DocumentKind.MINUTES)
    return {line.text for group in copy.board for line in group.lines}


def test_the_minutes_tell_nothing_of_her_to_another_childs_father(story, minutes):
    told = board(minutes, story.of.dale)
    assert ABOUT_ALL in told
    assert not told & {OF_WREN, TICKED, OF_ASH, "They walk to school together."}


def test_the_minutes_tell_everything_to_her_mother(story, minutes):
    assert board(minutes, story.of.hazel) >= {ABOUT_ALL, OF_WREN, TICKED, OF_ASH, "They walk to school together."}


def test_minutes_frozen_before_this_was_known_keep_a_withdrawn_childs_name_from_everybody(story, minutes):
    older = {key: value for key, value in minutes.items() if key != "outside"}
    assert not board(older, story.of.hazel) & {OF_WREN}
    assert ABOUT_ALL in board(older, story.of.hazel)
