"""What the notices about plans are about."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from deadlines.notice_matters import NoticeMatter, family_of_person
from plans.models import ConsentMatter, KeyWorker, LongerVisits, MidPointCheck, Plan, PlanVersion, Visit

OF_PLAN, CHILD_OF_PLAN = family_of_person("child__person"), "child__person"
OF_ROW, CHILD_OF_ROW = family_of_person("plan__child__person"), "plan__child__person"
SEEN_SINCE = Exists(
    Visit.objects.of_social_care().filter(plan=OuterRef("plan"), child_seen=True, made_at__gt=OuterRef("made_at"))
)

MATTERS = (
    NoticeMatter("plan-ended", Plan.objects.all, family=OF_PLAN, person=CHILD_OF_PLAN),
    NoticeMatter("plan-goes-on", Plan.objects.all, family=OF_PLAN, person=CHILD_OF_PLAN),
    NoticeMatter(
        "adoption-of-a-child-on-a-plan",
        Plan.objects.all,
        family=OF_PLAN,
        person=CHILD_OF_PLAN,
        waits=Q(ends_on__isnull=True),
    ),
    NoticeMatter(
        "visit-failed",
        Visit.objects.all,
        family=OF_ROW,
        person=CHILD_OF_ROW,
        waits=Q(~SEEN_SINCE, plan__ends_on__isnull=True),
    ),
    NoticeMatter("key-worker", KeyWorker.objects.all, family=OF_ROW, person=CHILD_OF_ROW),
    NoticeMatter("key-worker-of-group", KeyWorker.objects.all, family=OF_ROW, person=CHILD_OF_ROW),
    NoticeMatter("plan-version", PlanVersion.objects.all, family=OF_ROW, person=CHILD_OF_ROW),
    NoticeMatter("consent-matter", ConsentMatter.objects.all, waits=Q(decided_at__isnull=True), decided=True),
    NoticeMatter("consent-decided", ConsentMatter.objects.all, family=OF_ROW, person=CHILD_OF_ROW),
    NoticeMatter("longer-visits", LongerVisits.objects.all, waits=Q(answered_at__isnull=True), decided=True),
    NoticeMatter("longer-visits-answered", LongerVisits.objects.all, family=OF_ROW, person=CHILD_OF_ROW),
    NoticeMatter("mid-point", MidPointCheck.objects.all, waits=Q(decided_at__isnull=True), decided=True),
    NoticeMatter("mid-point-decided", MidPointCheck.objects.all, family=OF_ROW, person=CHILD_OF_ROW),
)
