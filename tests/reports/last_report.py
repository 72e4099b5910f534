"""The last report of each agency about the children of the story, half a year before."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

from conferences.enums import Capacity, ConferenceStatus
from reports.enums import ReportState
from reports.models import Report, ReportSection
from tests.factories import (
    ChildFactory,
    ConferenceChildFactory,
    ConferenceFactory,
    ParticipantFactory,
    PersonFactory,
    family_participant,
)

SPRING = datetime.datetime(2026, 6, 2, 10, tzinfo=datetime.UTC)

TAKEN = [
    "Robin’s asthma is worse.",
    "Both come to every appointment.",
    "The home was cold at each visit.",
    "Hazel’s own illness.",
]


def tell_last(story: SimpleNamespace) -> SimpleNamespace:
    """The same family half a year before: a conference about Robin, Wren and Linnet, who is not in the new one."""
    story.linnet = ChildFactory(
        authority=story.authority,
        family=story.family,
        person=PersonFactory(authority=story.authority, given_name="Linnet", family_name="Brambley"),
    )
    old = ConferenceFactory(
        family=story.family,
        reference="EC26-0004",
        status=ConferenceStatus.CLOSED,
        opened_at=SPRING,
        ended_at=SPRING,
        closed_at=SPRING,
        requested_at=SPRING,
    )
    story.old = old
    story.old_rows = {
        name: ConferenceChildFactory(conference=old, child=child)
        for name, child in (("robin", story.robin), ("wren", story.wren), ("linnet", story.linnet))
    }
    robin, wren, linnet = (story.old_rows[name] for name in ("robin", "wren", "linnet"))
    story.old_gp = ParticipantFactory(conference=old, post=story.gp, children=[robin, wren, linnet])
    story.old_police = ParticipantFactory(conference=old, post=story.police, children=[robin])
    story.old_worker = family_participant(
        old, Capacity.SOCIAL_WORKER, reports=True,
        person=PersonFactory(authority=story.authority, given_name="Jo", family_name="Pipit"),
    )  # fmt: skip
    story.last = report_by(story, story.old_gp)
    says(story.last, "Robin’s asthma is worse.", robin)
    says(story.last, "Both come to every appointment.", robin, wren, nature="opinion", evidence="Our records")
    says(story.last, "The home was cold at each visit.")
    says(story.last, "Linnet’s own words.", linnet)
    says(story.last, "Robin and the third share a bed.", robin, linnet)
    says(story.last, "Robin is fond of Linnet.", robin)
    says(story.last, "Taken out before.", robin, removed_at=SPRING)
    says(story.last, "Hazel’s own illness.", robin, private_to=[story.hazel])
    says(report_by(story, story.old_police), "Police text about Robin.", robin)
    says(report_by(story, story.old_worker, kind="social_work"), "Visits were let in.", robin)
    return story


def report_by(story: Any, author: Any, **fields: Any) -> Report:
    return Report.objects.create(
        conference=author.conference, author=author, begun_by=story.coordinator, begun_at=SPRING,
        submitted_by=story.coordinator, submitted_at=SPRING, state=ReportState.SUBMITTED,
        **{"kind": "agency", **fields},
    )  # fmt: skip


def says(report: Report, text: str, *children: Any, private_to: Any = (), **fields: Any) -> ReportSection:
    section = ReportSection.objects.create(
        report=report, text=text, position=report.sections.count(),
        **{"heading": "current-risks", "nature": "fact", **fields},
    )  # fmt: skip
    section.children.set(children)
    section.private_to.set(private_to)
    return section
