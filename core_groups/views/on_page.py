"""The scores of a core group meeting as its page shows them, through the templates of a conference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString

from core_groups.forms.attendance import agency_of
from core_groups.models import SeparateSitting
from core_groups.selectors.recording import TheRecord
from core_groups.selectors.rounds import Rounds
from deadlines.policies.amounts import NOT_USED
from meetings.selectors.scores import ScoreSheet
from meetings.views.scores import AskedLine, GivenLine, figure_of
from plans.models import Plan


@dataclass(frozen=True)
class RoundOnPage:
    """One round: who is in and, once it is over, the scores; with the addresses that its reader may use."""

    sitting: SeparateSitting | None
    sheet: ScoreSheet
    asked: list[AskedLine]
    given: list[GivenLine]
    figure: SafeString | str
    show_url: str
    explore_url: str


def scaling_of(record: TheRecord) -> str:
    """Return whether core groups give scores on the day of the meeting."""
    return str(record.policy.value("scaling-at-core-groups"))


def round_args(record: TheRecord, plan: Plan, sitting: SeparateSitting | None) -> list[int]:
    """Return what stands in the address of a round; 0 is the meeting of the others."""
    return [record.group.pk, record.meeting.pk, plan.pk, sitting.pk if sitting else 0]


def scores_on_page(
    record: TheRecord, plan: Plan, rounds: Rounds, sittings: Sequence[SeparateSitting | None], *, leads: bool
) -> list[RoundOnPage]:
    """Return the rounds about one child that the user reads."""
    base, found = [record.group.pk, record.meeting.pk], []
    for one in rounds.of_plan(plan, sittings):
        sheet = one.sheet
        gives = plan.is_open and scaling_of(record) != NOT_USED and not sheet.is_over
        asked = [
            AskedLine(
                row,
                agency_of(row.participant, family_id=record.group.family_id),
                give_url=reverse("core_groups:record-score", args=[*base, plan.pk, row.participant.pk])
                if gives
                else "",
                turn_url=(
                    reverse("core_groups:open-turn", args=[*base, row.participant.pk]) if gives and row.is_here else ""
                ),
                not_here="Not there",
            )
            for row in sheet.rows
        ]
        given = [
            GivenLine(
                score,
                agency_of(score.participant, family_id=record.group.family_id),
                reverse("core_groups:move-entry", args=[*base, "rating", score.pk]),
            )
            for score in sheet.given
        ]
        args = round_args(record, plan, one.sitting)
        title = f"Scores for {plan.child.person.short_name}"
        found.append(
            RoundOnPage(
                one.sitting,
                sheet,
                asked,
                given,
                figure_of(sheet, title=title) if sheet.shown and sheet.given else "",
                reverse("core_groups:show-scores", args=args) if leads and sheet.count_in and not sheet.is_over else "",
                reverse("core_groups:explore-scores", args=args) if leads and sheet.shown and sheet.is_wide else "",
            )
        )
    return found
