"""Whose it is to settle what people ask for and tell: those who hold the case, run the conference, or chair it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from accounts.readers import Reader
from accounts.rules import Condition, Rule
from conferences.access import CONFERENCE_RULE, RULES
from families.access import FAMILY_CHANGE_RULE
from families.models import Allocation

_conferences = dict(CONFERENCE_RULE.rights)
_coordinators = dict(RULES["minutes"].rights)
_families = dict(FAMILY_CHANGE_RULE.rights)


def _where_nobody_holds_it(right: Condition, *, family: str) -> Condition:
    """Narrow a right to cases that no social worker holds: then a manager stands in. ``family`` is a path."""

    def condition(reader: Reader) -> Q | None:
        opens = right(reader)
        held = Allocation.objects.current(on=reader.today).filter(family=OuterRef(family))
        return None if opens is None else opens & ~Q(Exists(held))

    return condition


def _where_nobody_coordinates(right: Condition) -> Condition:
    def condition(reader: Reader) -> Q | None:
        opens = right(reader)
        return None if opens is None else opens & Q(coordinator__isnull=True)

    return condition


CHAIRS = tuple(RULES["chair"].rights)
ALLOCATED = ("allocated social worker", _conferences["allocated social worker"])
MANAGER = ("team manager, no social worker", _where_nobody_holds_it(_conferences["team manager"], family="family"))

WORKERS = (
    ALLOCATED,
    MANAGER,
    ("named for the case", _where_nobody_holds_it(_conferences["named for the case"], family="family")),
)
COORDINATORS = (
    ("coordinator of this conference", _coordinators["coordinator of this conference"]),
    ("coordinator named for the case", _where_nobody_coordinates(_coordinators["coordinator named for the case"])),
    ("coordinator", _where_nobody_coordinates(_coordinators["coordinator"])),
)
WORKERS_RULE = Rule(rights=WORKERS, never=CONFERENCE_RULE.never)
COORDINATORS_RULE = Rule(rights=COORDINATORS, never=CONFERENCE_RULE.never)
# For whom what a guest asked for waits. A colleague may answer in their place, from the person's page.
ANSWERS_RULE = Rule(rights=[*CHAIRS, *WORKERS, *COORDINATORS], never=CONFERENCE_RULE.never)
# For whom a danger that an agency told of waits, before there is any conference.
DANGERS_RULE = Rule(
    rights=[
        ("allocated social worker", _families["allocated social worker"]),
        ("team manager, no social worker", _where_nobody_holds_it(_families["team manager"], family="pk")),
        ("named for the case", _where_nobody_holds_it(_families["named for the case"], family="pk")),
    ],
    never=FAMILY_CHANGE_RULE.never,
)
