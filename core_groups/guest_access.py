"""Which members come in as guests, and the gatekeeper of their own page."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Lower, Trim
from django.http import HttpRequest
from django.utils import timezone

from accounts.enums import ReadKind
from accounts.guests.access import GuestRequired, guest_of, record_guest_read
from accounts.guests.purposes import LinkPurpose, register_purpose
from accounts.models import User
from conferences.selectors.paper_only import on_paper_only
from core_groups.models import CoreGroup, CoreGroupMember
from core_groups.selectors.apart import with_grounds
from deadlines.working_days.arithmetic import civil_day
from families.enums import ContactKind, PregnancyOutcome
from families.models import ContactPoint, Post
from families.selectors.birthdays import AdultOn
from families.selectors.losses import holding_losses, people_around

CORE_GROUP = "core_group"
HOME = "guest_core_group:home"
ENDED_PREGNANCIES = (
    PregnancyOutcome.STILLBIRTH,
    PregnancyOutcome.MISCARRIAGE,
    PregnancyOutcome.TERMINATION,
    PregnancyOutcome.NOT_PREGNANT,
)


def open_to_members(now: datetime.datetime) -> QuerySet[CoreGroupMember]:
    """Return the members with guest access at this moment, each with ``mailbox`` in lower case: see ``open_on``."""
    return open_on(civil_day(now))


def open_on(today: Any) -> QuerySet[CoreGroupMember]:
    """Return the members with guest access on a civil day, or on that of an expression, with their ``mailbox``.

    In a group that goes on, for an open plan, in a post they still hold or with a mailbox that is marked
    safe; one of the family for a child who has not turned 18, or for themselves; nobody else reads that mailbox,
    they have not chosen paper only, and they have no account of their own as a professional; it is decided how they
    meet the others; they are alive, not sealed and not merged into another record, and the child of the plan lives;
    after a loss in the family its links stay closed until a manager has looked.
    """
    holds_post = Post.objects.current(on=today).filter(pk=OuterRef("post"))
    rows: QuerySet[CoreGroupMember] = (
        with_grounds(_with_mailbox(today), today=today)
        .filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=today),
            Q(ends_on__isnull=True) | Q(ends_on__gt=today),
            Q(post__isnull=True) | Exists(holds_post) & Q(person__user__isnull=True),
            Q(ground_at__isnull=True) | Q(decided_at__gte=F("ground_at")),
            Q(post__isnull=False) | in_it_for_who_is_not_grown_up(today),
            _in_it_for_a_child_who_lives(),
            ~on_paper_only("person"),
            ~Q(person__in=people_around(holding_losses())),
            core_group__ended_on__isnull=True,
            core_group__family__disposed_at__isnull=True,
            person__sealed_at__isnull=True,
            person__death_date__isnull=True,
            person__merged_into__isnull=True,
        )
        .exclude(mailbox="")
    )
    return rows.filter(*(~Exists(others) for others in _who_else_reads(today)))


def in_it_for_who_is_not_grown_up(today: Any) -> Q:
    """Match members, those of the family above all, with an open plan of a child under 18, or of their own.

    About whoever has turned 18 nobody in the family is told: the young adult decides on contact.
    """
    adult_on = {"adult_on": AdultOn(F("plan__child__person__birth_date"))}
    theirs = Q(plan__child__person__birth_date__isnull=True) | Q(adult_on__gt=today)
    theirs = Q(plan__ends_on__isnull=True) & (theirs | Q(plan__child__person=OuterRef("person")))
    named = CoreGroupMember.plans.through.objects.filter(coregroupmember=OuterRef("pk"))
    carried = CoreGroup.plans.through.objects.filter(coregroup=OuterRef("core_group"))
    return Q(Exists(named.annotate(**adult_on).filter(theirs))) | (
        ~Q(Exists(named)) & Q(Exists(carried.annotate(**adult_on).filter(theirs)))
    )


def _with_mailbox(today: Any) -> QuerySet[CoreGroupMember]:
    safe = ContactPoint.objects.current(on=today).filter(
        person=OuterRef("person"), kind=ContactKind.EMAIL, is_safe=True
    )
    own = Coalesce(Subquery(safe.order_by("-pk").annotate(box=Lower(Trim("value"))).values("box")[:1]), Value(""))
    rows: QuerySet[CoreGroupMember] = CoreGroupMember.objects.annotate(
        mailbox=Case(When(post__isnull=False, then=Lower(Trim("post__email"))), default=own, output_field=CharField())
    )
    return rows


def _who_else_reads(today: Any) -> tuple[QuerySet[ContactPoint], QuerySet[Post], QuerySet[User]]:
    points = ContactPoint.objects.current(on=today).annotate(box=Lower(Trim("value")))
    posts = Post.objects.current(on=today).annotate(box=Lower(Trim("email")))
    users = User.objects.annotate(box=Lower(Trim("email")))
    return (
        points.filter(kind=ContactKind.EMAIL, box=OuterRef("mailbox")).exclude(person=OuterRef("person")),
        posts.filter(box=OuterRef("mailbox")).exclude(person=OuterRef("person")),
        users.filter(box=OuterRef("mailbox")).exclude(person=OuterRef("person")),
    )


def _in_it_for_a_child_who_lives() -> Q:
    """Match members with an open plan of a child who lives and is not sealed; of a child who is lost, nothing is left.

    What goes on for the brothers and sisters goes on for whoever is in it for them.
    """
    child = "plan__child__"
    lost = Q(**{f"{child}person__death_date__isnull": False}) | Q(**{f"{child}person__sealed_at__isnull": False})
    lost |= Q(**{f"{child}pregnancy__outcome__in": ENDED_PREGNANCIES, f"{child}person__birth_date__isnull": True})
    named = CoreGroupMember.plans.through.objects.filter(coregroupmember=OuterRef("pk"))
    carried = CoreGroup.plans.through.objects.filter(coregroup=OuterRef("core_group"))
    lives = Q(plan__ends_on__isnull=True) & ~lost
    return Q(Exists(named.filter(lives))) | (~Q(Exists(named)) & Q(Exists(carried.filter(lives))))


def register_guest_purpose() -> None:
    """Register the purpose of members' links. Called once from ``CoreGroupsConfig.ready``."""
    register_purpose(
        LinkPurpose(CORE_GROUP, open_on, person="person_id", mailbox="mailbox", home=HOME, title="Your core group")
    )


def place_of_member(request: HttpRequest) -> CoreGroupMember:
    """Return the guest's own membership; never another's, because no id is taken. Raises GuestRequired."""
    guest = guest_of(request, purpose=CORE_GROUP)
    member = (
        open_to_members(timezone.now())
        .select_related("core_group__authority", "core_group__family", "person", "post__agency")
        .filter(pk=guest.subject_id, person=guest.person_id)
        .first()
    )
    if member is None:
        raise GuestRequired
    return member


def access_as_member(request: HttpRequest, *, kind: ReadKind = ReadKind.PAGE) -> CoreGroupMember:
    """Return the guest's own membership and write the read log. Raises GuestRequired."""
    member = place_of_member(request)
    record_guest_read(
        request,
        guest_of(request, purpose=CORE_GROUP),
        subject="CoreGroupMember",
        subject_id=member.pk,
        family_ids=[member.core_group.family_id],
        person_ids=[member.person_id],
        kind=kind,
    )
    return member
