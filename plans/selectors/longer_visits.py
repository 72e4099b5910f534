"""Who agrees to visits further apart than the ceiling, by the procedures of the conference that decided them."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from accounts.readers import Reader
from accounts.rules import Rule
from conferences.agreed_by import NAMED, named_rule, said_of
from conferences.models import Conference
from plans.access import PLAN_RULE
from plans.models import LongerVisits, Plan

KEY = "longer-visits-agreed-by"


def chair_is_enough(conference: Conference) -> bool:
    """Return whether the chair's own reason is enough: the procedures name the chair, or nobody."""
    named = NAMED[said_of(conference, KEY)]
    return not named or "chair" in named


def _named(reader: Reader) -> Q:
    conferences = named_rule(KEY).visible(Conference.objects.all(), reader)
    plans = PLAN_RULE.visible(Plan.objects.all(), reader)
    return Q(
        Exists(conferences.filter(pk=OuterRef("decision__conference_child__conference"))),
        Exists(plans.filter(pk=OuterRef("plan"))),
    )


LONGER_VISITS_RULE = Rule(rights=(("named in the procedures", _named),))


def longer_visits_of(plan: Plan) -> list[LongerVisits]:
    """Return what was asked about visits of an open plan and is not agreed to."""
    rows = plan.longer_visits.exclude(agreed=True).select_related(
        "answered_by", "decision__conference_child__conference"
    )
    return list(rows.order_by("-pk")[:1]) if plan.is_open else []


def may_agree_to_visits(user: User, longer: LongerVisits) -> bool:
    """Return whether visits further apart wait for the user's agreement."""
    return longer.answered_at is None and LONGER_VISITS_RULE.right_of(user, longer) is not None
