"""Whether the agencies that know each child are enough for a quorum, before a conference is booked or held."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from conferences.plans_held import plans_of
from conferences.selectors.children import short_name_of
from deadlines.policies import Policy
from families.enums import AgencyKind
from families.models import AgencyInvolvement, Child
from govuk import words


def too_few_agencies(children: Collection[Child], policy: Policy, *, on: datetime.date) -> list[str]:
    """Return a sentence for each child known to fewer agencies than a quorum needs, even if all of them come.

    Agencies in direct contact with that child on the day ``on`` count, besides social care, as the council counts
    them. No agency is named, because a name may be hidden. Two queries.
    """
    rule = policy.quorum
    seats: dict[int, set[str]] = {child.pk: set() for child in children}
    rows = AgencyInvolvement.objects.current(on=on).filter(child__in=seats, direct_contact=True)
    for child_id, agency_id, kind in rows.exclude(agency__kind=AgencyKind.SOCIAL_CARE).values_list(
        "child", "agency", "agency__kind"
    ):
        seats[child_id].add(rule.group_of(kind) or f"agency {agency_id}")
    few = [child for child in children if len(seats[child.pk]) < rule.agencies]
    plans = plans_of([child.pk for child in few]) if few else {}
    needed = words.count(rule.agencies, "agency", "agencies")
    besides = " besides social care" if rule.social_care_needed else ""
    return [
        f"For {short_name_of(child)}, {words.count(len(seats[child.pk]), 'agency', 'agencies')} can count towards the "
        f"quorum. It needs {needed}{besides} in direct contact with the child"
        f"{'; without it the child protection plan can’t end or be lowered' if child.pk in plans else ''}."
        for child in few
    ]
