"""What core groups make of the outline: needs, outcomes, who visits, contingency, progress and a changed version."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

from accounts.models import User
from core_groups.models import CoreGroupMeeting
from demo.families import DemoFamily
from plans.enums import Occasion, PlanEntryKind, Progress, WhyChanged
from plans.models import Plan, PlanAction
from plans.services.document import ActionWords, EntryWords, add_to_plans, change_in_plans, words_of
from plans.services.plans import record_progress
from plans.services.versions import Why

WISHES = ("To sleep in my own bed, and for nobody to shout.", "To see Nan on Sundays, and to keep my hamster.")
NOTES = (
    (Progress.DONE, "Done in the second week."),
    (Progress.UNDER_WAY, "Three of four times so far."),
    (Progress.NOT_DONE, "The waiting list is longer than we were told."),
)


def write_detailed_plan(
    plans: Sequence[Plan], demo: DemoFamily, *, at: CoreGroupMeeting, by: User, now: datetime.datetime
) -> None:
    """Write the detailed plan at the first core group: what is the same for all once, wishes for each child."""
    why = _why(at, WhyChanged.CIRCUMSTANCES, "The core group made the outline into the detailed plan.", by, now)
    for number, plan in enumerate(plans):
        wish = EntryWords(kind=PlanEntryKind.WISHES, text=WISHES[number % len(WISHES)])
        add_to_plans(plans=[plan], words=wish, why=why)
    (need, *_) = add_to_plans(
        plans=plans,
        words=EntryWords(
            kind=PlanEntryKind.NEED,
            text="To feel safe at home, and to come to school rested",
            services="School’s family worker; family support service",
        ),
        why=why,
    )
    (outcome, *_) = add_to_plans(
        plans=plans,
        words=EntryWords(
            kind=PlanEntryKind.OUTCOME, text="I sleep all night, and nobody shouts in the evening", under=need.thread
        ),
        why=why,
    )
    for row in _standing(plans[0])[:1]:
        _bring_under(row, plans, outcome.thread, why)
    add_to_plans(
        plans=plans,
        words=ActionWords(
            what="Keep the evening plan on the kitchen wall, and write down how each evening went",
            why="So that bedtime is calm",
            who=[(demo.mother, None)],
            who_else="The family support worker",
            by_when_words="every evening",
            how_known="Ten calm evenings in a row, as the children tell it",
            under=outcome.thread,
        ),
        why=why,
    )
    _say_the_rest(plans, why)


def _say_the_rest(plans: Sequence[Plan], why: Why) -> None:
    rest = (
        EntryWords(
            kind=PlanEntryKind.VISITING,
            text="See the children alone and their bedrooms, and talk about the evenings",
            who_else="Social worker",
            how_often="at least every 10 working days, every second time unannounced",
        ),
        EntryWords(
            kind=PlanEntryKind.ROLE,
            text="Keeps the dates of the group, and rings whoever was not there",
            who_else="School",
        ),
        EntryWords(
            kind=PlanEntryKind.CONTINGENCY,
            text="The children are frightened at home at night",
            we_do="Ring 999 if anyone is in danger, then the duty social worker. The group meets within a week.",
            who_else="Whoever hears of it first",
        ),
        EntryWords(
            kind=PlanEntryKind.CONTINGENCY,
            text="Two visits in a row fail",
            we_do="The manager is told the same day, and an early review is asked for.",
            who_else="Social worker",
        ),
    )
    for words in rest:
        add_to_plans(plans=plans, words=words, why=why)


def go_on(plans: Sequence[Plan], *, at: CoreGroupMeeting, by: User, now: datetime.datetime) -> None:
    """Record how far each action has come at a later core group, and change one for a better way."""
    for plan in plans:
        for row, (progress, note) in zip(_standing(plan), NOTES, strict=False):
            record_progress(action=row, progress=progress, note=note, version=row.version, by=by, now=now)
    find_better_way(plans, at=at, by=by, now=now)


def find_better_way(
    plans: Sequence[Plan], *, at: CoreGroupMeeting | None = None, by: User, now: datetime.datetime
) -> None:
    """Change one action for a better way, at a core group or between them; once."""
    rows = [row for row in _standing(plans[0]) if row.by_when_words == "every evening"]
    for row in rows[:1]:
        said = words_of(row)
        if isinstance(said, ActionWords):
            changed = replace(
                said, what="Keep the evening plan on the kitchen wall, and draw with the children how each evening went"
            )
            why = _why(at, WhyChanged.BETTER_WAY, "The children draw what they do not say.", by, now)
            _change(row, plans, changed, why)


def _bring_under(row: PlanAction, plans: Sequence[Plan], thread: object, why: Why) -> None:
    said = words_of(row)
    if isinstance(said, ActionWords):
        _change(row, plans, replace(said, under=thread, how_known="The school sees it too"), why)  # type: ignore[arg-type]


def _change(row: PlanAction, plans: Sequence[Plan], words: ActionWords, why: Why) -> None:
    standing = {one.plan_id: one.pk for one in PlanAction.objects.standing().filter(thread=row.thread, plan__in=plans)}
    saying = [plan for plan in plans if plan.pk in standing]
    change_in_plans(row=row, plans=saying, words=words, why=why, seen=standing, may_be_incomplete=True)


def _standing(plan: Plan) -> list[PlanAction]:
    return list(plan.actions.standing().select_related("who_person", "who_post").order_by("created_at", "pk"))


def _why(at: CoreGroupMeeting | None, because: WhyChanged, reason: str, by: User, now: datetime.datetime) -> Why:
    occasion = Occasion.CORE_GROUP if at else Occasion.BETWEEN
    meeting_id = at.pk if at else None
    return Why(occasion=occasion, meeting_id=meeting_id, because=because, reason=reason, by=by, now=now)
