"""Someone who has never seen the program enters a council that differs everywhere, in the browser alone."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.urls import reverse

from deadlines.models import Deadline, PolicyDraft, PolicyVersion
from deadlines.policies import own_entries, policy_of
from deadlines.selectors.policies import differences, draft_data
from demo.families import build_brambleys
from demo.meeting import book, invite, start_enquiries
from tests.journeys.calendar import at
from tests.journeys.steps import entering
from tests.journeys.window import Window

WRITER, SECOND = "Nora Jay", "Beatrice Crane"
MOST_PAGES, LEAST_DIFFERENT = 15, 40
HELD = datetime.date(2026, 12, 22)


class CountedWindow(Window):
    """A window that counts the pages that come and the fields that are filled in."""

    pages = fields = 0

    def _arrived(self, response: Any) -> None:
        self.pages += 1
        super()._arrived(response)

    def _fill(self, box: Any, text: str) -> None:
        self.fields += 1
        super()._fill(box, text)

    def _pick(self, box: Any, value: str) -> None:
        self.fields += 1
        super()._pick(box, value)

    def _check(self, box: Any) -> None:
        self.fields += 1
        super()._check(box)


@pytest.mark.lays_out
def test_a_council_that_differs_everywhere_is_entered_agreed_and_counted_by(visit, council, clock):
    before = PolicyVersion.objects.get(authority=council.authority)
    window = CountedWindow(visit())
    window.sign_in_as(WRITER)
    window.pages = 0
    enter(window)
    draft = PolicyDraft.objects.get()
    differing = differences(policy_of(before.pk).data, draft_data(draft))
    own = own_entries(draft_data(draft))
    print(f"{window.pages} pages, {window.fields} fields, {len(differing)} entries differ")  # noqa: T201 - what it took
    assert window.pages <= MOST_PAGES
    assert len(differing) >= LEAST_DIFFERENT
    assert [heading["label"] for heading in own["values"]["framework"]["value"]["headings"]] == [
        words for words, _ in entering.HEADINGS
    ]

    window.sign_in_as(SECOND)
    window.open(reverse("deadlines:to-decide"))
    window.follow("Put the council's new procedures in force")
    window.press("Put these procedures in force")
    version = PolicyVersion.objects.get(number=before.number + 1)
    assert version.in_force_from == datetime.date(2026, 12, 8)

    follow_a_family(council)


def enter(window: CountedWindow) -> None:
    """Enter everything, from the page of the draft to asking a second person."""
    window.open(reverse("deadlines:policy-drafts"))
    window.choose("What should the draft start from?", "The council's newest procedures")
    window.press("Start the draft")
    window.open(f"{window.path}groups/time-limits-of-conferences/")
    entering.limits_of_conferences(window)
    window.press("Save and go on")
    entering.limits_of_papers(window)
    for step in (
        entering.limits_of_plans, entering.limits_of_lives, entering.before_the_conference, entering.the_day,
        entering.quorum, entering.scaling_and_decision, entering.papers, entering.plans_and_reviews,
    ):  # fmt: skip
        window.press("Save and go on")
        step(window)
        if step is entering.the_day:
            entering.arrange_agenda(window)
    window.press("Save and preview")
    window.press("Ask a second person to put it in force")


def follow_a_family(council: Any) -> None:
    """Check that the clocks of a family run by what was entered."""
    family = build_brambleys(council, now=at("2026-12-08 12:30"))
    start_enquiries(family, held_at=at("2026-12-08 10:00"), reason="The police were called.")
    conference = book(
        council, family, day=HELD, now=at("2026-12-08 14:00"), reason="Hurt, and likely to be hurt again."
    )
    invite(council, conference, now=at("2026-12-08 15:00"))
    rows = Deadline.objects.filter(family_id=family.family.pk).values_list("kind", "due_on")
    three_working_days_before = datetime.date(2026, 12, 17)
    for kind in ("report-submitted", "report-shared-with-family", "chair-has-reports"):
        assert {day for of, day in rows if of == kind} == {three_working_days_before}, kind
