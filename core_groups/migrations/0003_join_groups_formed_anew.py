from django.db import migrations
from django.db.models import Max

GOES_ON = "Goes on in the same core group"


def join_groups_formed_anew(apps, schema_editor):
    """Make one core group of those that reviews formed anew for the same plans: the oldest goes on.

    The later rows stay, marked with the group in which they go on. Their plans, members and meetings become that
    group's, and the ledger's row of a plan that came with one of them is kept under the plan.
    """
    CoreGroup = apps.get_model("core_groups", "CoreGroup")
    of_plan, oldest = {}, {}
    for group in CoreGroup.objects.filter(goes_on_in__isnull=True).order_by("formed_on", "pk"):
        plans = list(group.plans.values_list("pk", flat=True))
        known = sorted({_end(oldest, of_plan[pk]) for pk in plans if pk in of_plan}, key=_age(CoreGroup))
        for later in known[1:]:
            oldest[later] = known[0]
        for pk in plans:
            of_plan[pk] = known[0] if known else group.pk
        if known:
            oldest[group.pk] = known[0]
    joined = CoreGroup.objects.filter(pk__in=oldest).order_by("formed_on", "pk")
    for group in joined:
        _join(apps, group, CoreGroup.objects.get(pk=_end(oldest, group.pk)))


def _end(oldest, pk):
    while pk in oldest:
        pk = oldest[pk]
    return pk


def _age(CoreGroup):
    def age(pk):
        return (CoreGroup.objects.values_list("formed_on", flat=True).get(pk=pk), pk)

    return age


def _join(apps, group, first):
    plans = list(group.plans.order_by("pk"))
    _join_members(apps, group, first, plans)
    last = first.meetings.aggregate(last=Max("number"))["last"] or 0
    for meeting in group.meetings.order_by("-number"):
        meeting.core_group, meeting.number = first, last + meeting.number
        meeting.save(update_fields=["core_group", "number"])
    first.plans.add(*plans)
    group.goes_on_in, group.ended_on = first, group.ended_on or group.formed_on
    group.save(update_fields=["goes_on_in", "ended_on"])
    _keep_deadline(apps, group, first, plans)


def _join_members(apps, group, first, plans):
    CoreGroupMember = apps.get_model("core_groups", "CoreGroupMember")
    present = apps.get_model("core_groups", "CoreGroupMeeting").present.through.objects
    there = {(row.person_id, row.post_id): row for row in first.members.filter(ends_on__isnull=True)}
    named = set()
    for member in group.members.order_by("pk"):
        if member.ends_on is None:
            named.add(member.person_id)
        known = there.get((member.person_id, member.post_id)) if member.ends_on is None else None
        if known is None:
            member.core_group = first
            member.save(update_fields=["core_group"])
            continue
        known.plans.add(*member.plans.all())
        present.filter(coregroupmember=member).update(coregroupmember=known)
        member.ends_on = max(group.formed_on, member.starts_on or group.formed_on)
        member.left_because = GOES_ON
        member.save(update_fields=["ends_on", "left_because"])
    listed = set(group.conference.participants.values_list("person_id", flat=True))
    for member in there.values():
        if member.person_id in listed - named:
            _leave(CoreGroupMember, member, plans, group.formed_on)


def _leave(CoreGroupMember, member, plans, on):
    """End a membership for the plans of a review that did not choose this member."""
    because = f"Not chosen at the review of {on:%d.%m.%Y}"
    over = list(member.plans.filter(pk__in=[plan.pk for plan in plans]))
    if not over:
        return
    ends_on = max(on, member.starts_on or on)
    if not member.plans.exclude(pk__in=[plan.pk for plan in over]).exists():
        member.ends_on, member.left_because = ends_on, because
        member.save(update_fields=["ends_on", "left_because"])
        return
    kept = CoreGroupMember.objects.create(
        core_group_id=member.core_group_id,
        person_id=member.person_id,
        post_id=member.post_id,
        starts_on=member.starts_on,
        ends_on=ends_on,
        source=member.source,
        left_because=because,
    )
    kept.plans.set(over)
    member.plans.remove(*over)


def _keep_deadline(apps, group, first, plans):
    """Keep the first meeting's deadline of a plan that came with a later group, under the plan's own key."""
    came = [
        plan
        for plan in plans
        if plan.starts_on > first.formed_on
        and (plan.decision is None or plan.decision.conference_child.conference_id != first.conference_id)
    ]
    if not came:
        return
    Deadline = apps.get_model("deadlines", "Deadline")
    rows = Deadline.objects.filter(kind="first-core-group")
    key = -min(plan.pk for plan in came if plan.starts_on == min(plan.starts_on for plan in came))
    if not rows.filter(fact_id=key).exists():
        rows.filter(fact_id=group.pk).update(fact_id=key)


class Migration(migrations.Migration):
    dependencies = [
        ("core_groups", "0002_carried_on_from_review_to_review"),
        ("deadlines", "0001_initial"),
    ]

    operations = [migrations.RunPython(join_groups_formed_anew, migrations.RunPython.noop)]
