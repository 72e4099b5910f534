"""Requests for a conference: who answers those of other agencies, and what waits."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from accounts.readers import Reader
from accounts.rules import Condition, Rule
from conferences.agreed_by import KEEPS_OUT, is_named, said_in_sql
from conferences.enums import AskedKind, Capacity, ConferenceStatus, ParticipantStatus
from conferences.models import (
    Conference,
    ConferenceChild,
    ConferenceRequest,
    ExclusionRequest,
    Participant,
    RequestedItem,
)
from conferences.selectors.agreements import KEY
from conferences.selectors.children import short_name_of, why_ended
from conferences.selectors.enquiries import managers_of
from conferences.selectors.named import whom_an_agency_means
from deadlines.models import PolicyVersion
from families.access import BARRED_FAMILIES, FAMILY_RULE, may_manage_family, named_families, sealed_families
from families.models import Child, Family, FamilyMember, Person, Post
from families.models.persons import ADULT_FROM
from families.selectors.agency_names import name_on_page
from families.selectors.people import current_allocations
from families.services import named_managers
from govuk import words

LIVE = (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)
# Who has to be found for someone who needs them.
TO_FIND = {AskedKind.ADVOCATE: Capacity.ADVOCATE, AskedKind.INTERPRETER: Capacity.INTERPRETER}
OF_THE_SERVICE = ("service manager", "senior manager")


def answered_by_the_service() -> Q:
    """Match requests under procedures that name a manager of the service, and refusals that were taken further.

    A request has no chair yet: where the procedures name the chair, or nobody, the team's manager answers it.
    """
    versions = PolicyVersion.objects.annotate(said=said_in_sql(KEY)).filter(said__in=OF_THE_SERVICE)
    return Q(Exists(versions.filter(pk=OuterRef("policy_version_id")))) | Q(goes_on_from__isnull=False)


def _said(*, service: bool) -> Q:
    return answered_by_the_service() if service else ~answered_by_the_service()


def _team_manager(reader: Reader) -> Q | None:
    teams = reader.team_ids(Role.TEAM_MANAGER)
    return None if teams is None else Q(family__team__one_of=teams, family__restricted=False) & _said(service=False)


def _named(role: Role, *, service: bool) -> Condition:
    def condition(reader: Reader) -> Q | None:
        families = named_families(reader, role)
        return None if families is None else Q(family__one_of=families) & _said(service=service)

    return condition


def _service_manager(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.SERVICE_MANAGER)
    if authorities is None:
        return None
    return Q(family__authority__one_of=authorities, family__restricted=False) & _said(service=True)


def _in_their_place(reader: Reader) -> Q | None:
    """Match what a service manager answers for a team without a manager."""
    authorities = reader.authority_ids(Role.SERVICE_MANAGER)
    if authorities is None:
        return None
    held = RoleAssignment.objects.current(on=reader.today).filter(role=Role.TEAM_MANAGER, user__is_active=True)
    without = Q(family__authority__one_of=authorities, family__restricted=False)
    return without & ~Q(Exists(held.filter(team=OuterRef("family__team"))))


def _never(reader: Reader) -> Q:
    """Match what is barred to the reader, and what they asked themselves or refused before."""
    families = (
        Q(family__one_of=BARRED_FAMILIES) | Q(family__in=sealed_families()) | Q(family__disposed_at__isnull=False)
    )
    return families | Q(recorded_by=reader.pk) | Q(goes_on_from__answered_by=reader.pk)


ANSWER_RULE = Rule(
    rights=(
        ("team manager", _team_manager),
        ("named for the case", _named(Role.TEAM_MANAGER, service=False)),
        ("service manager", _service_manager),
        ("named for the case", _named(Role.SERVICE_MANAGER, service=True)),
        ("service manager", _in_their_place),
    ),
    never=_never,
)


def _of_open_family(reader: Reader) -> Q:
    return Q(Exists(FAMILY_RULE.visible(Family.objects.all(), reader).filter(pk=OuterRef("family"))))


# Whoever may open the family reads what an agency asked for; only those of ANSWER_RULE answer it.
READ_RULE = Rule(rights=(("family", _of_open_family),), never=lambda _: Q(family__one_of=BARRED_FAMILIES))


def of_agencies(user: User) -> QuerySet[ConferenceRequest]:
    """Return other agencies' requests that the user may read."""
    return READ_RULE.visible(ConferenceRequest.objects.filter(agency__isnull=False), user)


def waiting() -> QuerySet[ConferenceRequest]:
    """Return other agencies' requests that no one has answered."""
    return ConferenceRequest.objects.filter(agency__isnull=False, answered_at__isnull=True)


def dangers_told() -> QuerySet[RequestedItem]:
    """Return the dangers for visitors that agencies told of in words and nobody has settled."""
    rows: QuerySet[RequestedItem] = RequestedItem.objects.filter(
        kind=AskedKind.DOOR, person__isnull=True, settled_at__isnull=True, request__agency__isnull=False
    )
    return rows


def may_answer(user: User, request: ConferenceRequest) -> bool:
    """Return whether the user answers an agency's open request."""
    is_open = request.agency_id is not None and request.answered_at is None
    return is_open and ANSWER_RULE.right_of(user, request) is not None


def who_answers(request: ConferenceRequest, *, on: datetime.date) -> list[User]:
    """Return who may answer a request on a day: the inverse of ``may_answer``."""
    known = [*managers_of(request.family, on=on), *named_managers(request.family, on=on)]
    return [user for user in {user.pk: user for user in known}.values() if may_answer(user, request)]


def answers_in_words(request: ConferenceRequest) -> str:
    """Return who is asked, such as "the team manager"."""
    return "a service manager" if request.goes_on_from_id else "the children’s manager"


def why_not_about(child: Child, *, on: datetime.date) -> str:
    """Return why no conference is asked for about a child: died, pregnancy ended, sealed, 18; empty otherwise."""
    if child.person.sealed_at is not None or child.person.merged_into_id is not None:
        return "The record of this child is closed."
    if ended := why_ended(child):
        return ended
    return "This young person is 18 or over." if child.person.turned(ADULT_FROM, on) else ""


def askable(children: Iterable[Child], *, on: datetime.date) -> list[Child]:
    """Return those of ``children`` about whom a conference can be asked for."""
    return [child for child in children if not why_not_about(child, on=on)]


def family_of(children: Collection[Child], *, on: datetime.date) -> Family | None:
    """Return the family in which all these children are on a day, one with a team first; None where none holds all."""
    wanted = {child.person_id for child in children}
    members = FamilyMember.objects.current(on=on).filter(person__in=wanted, family__disposed_at__isnull=True)
    found: dict[int, set[int]] = {}
    for family_id, person_id in members.values_list("family", "person"):
        found.setdefault(family_id, set()).add(person_id)
    whole = [pk for pk, people in found.items() if people == wanted]
    return Family.objects.filter(pk__in=whole).order_by("closed_on", "pk").first()


def live_conference_of(children: Collection[Child]) -> Conference | None:
    """Return the conference to come that is about all of these children; None where there is none."""
    wanted = {child.pk for child in children}
    held = ConferenceChild.objects.filter(
        child__in=wanted, withdrawn_at__isnull=True, conference__status__in=LIVE
    ).select_related("conference")
    found: dict[int, set[int]] = {}
    known: dict[int, Conference] = {}
    for row in held.order_by("pk"):
        found.setdefault(row.conference_id, set()).add(row.child_id)
        known[row.conference_id] = row.conference
    return next((known[pk] for pk, ids in found.items() if ids == wanted), None)


def full(rows: QuerySet[ConferenceRequest]) -> QuerySet[ConferenceRequest]:
    """Return requests with everything a page shows of them."""
    return rows.select_related(
        "agency", "post", "person", "recorded_by", "answered_by", "conference", "goes_on_from__answered_by"
    ).prefetch_related(
        "children__person", "children__pregnancy", "items__person", "items__post__person", "items__post__agency",
        "items__settled_by",
    )  # fmt: skip


def names_of_children(request: ConferenceRequest) -> str:
    """Return the children's short names, for staff."""
    return words.listed([short_name_of(child) for child in request.children.all()])


def requests_waiting_in(family: Family) -> list[ConferenceRequest]:
    """Return the agencies' requests about a family that no one has answered, or that led to no conference yet."""
    to_come = Q(answered_at__isnull=True) | Q(agreed=True, conference__isnull=True)
    return list(full(ConferenceRequest.objects.filter(to_come, family=family, agency__isnull=False)))


def requests_about(conference: Conference) -> list[ConferenceRequest]:
    """Return everything that was asked for about a conference, the oldest first."""
    return list(full(ConferenceRequest.objects.filter(conference=conference)))


def own_requests(
    person: Person | None, *, posts: Iterable[Post | int | None], children: Iterable[Child]
) -> list[ConferenceRequest]:
    """Return what a professional asked for in these posts about these children, the newest first."""
    if person is None:
        return []
    rows = ConferenceRequest.objects.filter(person=person, agency__isnull=False)
    held = Q(post__in=[post for post in posts if post is not None]) | Q(post__isnull=True)
    known = {child.pk for child in children}
    found = full(rows.filter(held)).prefetch_related("taken_further").order_by("-asked_at", "-pk")
    return [row for row in found if {child.pk for child in row.children.all()} <= known]


def may_take_further(request: ConferenceRequest) -> bool:
    """Return whether who asked can still disagree: refused, by no service manager asked already, and not repeated."""
    taken = request.taken_further.all()
    return request.agreed is False and request.goes_on_from_id is None and not taken


@dataclass(frozen=True)
class Unsettled:
    """Something that was asked for and waits until someone says what was done."""

    item: RequestedItem
    who: str

    @property
    def title(self) -> str:
        return AskedKind(self.item.kind).label


def unsettled_in(conference: Conference) -> list[Unsettled]:
    """Return what was asked for that still waits for someone: in words alone, or an advocate or interpreter to find.

    A wish to keep someone out is the chair's once they were asked about it.
    """
    rows = RequestedItem.objects.filter(request__conference=conference, settled_at__isnull=True, post__isnull=True)
    items = list(
        rows.select_related("request__agency", "request__recorded_by", "request__person", "person").order_by("pk")
    )
    if not items:
        return []
    asked = ExclusionRequest.objects.filter(conference=conference).values_list("reason", "evidence")
    put = [" ".join(said) for said in asked]
    coming = conference.participants.exclude(status__in=[ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN])
    found = set(coming.filter(capacity__in=TO_FIND.values()).values_list("capacity", "acts_for__person"))

    def waits(item: RequestedItem) -> bool:
        if item.kind == AskedKind.KEEP_OUT:
            return item.person_id is None and not any(item.words in said for said in put)
        if item.person_id is None:
            return True
        capacity = TO_FIND.get(AskedKind(item.kind))
        return capacity is not None and not {(capacity, item.person_id), (capacity, None)} & found

    return [Unsettled(item, asker_words(item.request)) for item in items if waits(item)]


def still_to_find(conference: Conference) -> list[str]:
    """Return who was asked for and is not on the list yet, one sentence each; who should stay out is the chair's."""
    wanted = (AskedKind.COMER, *TO_FIND)
    found = []
    for row in unsettled_in(conference):
        item = row.item
        if item.kind in wanted:
            said = [item.person.full_name if item.person else "", item.words]
            found.append(f"{row.title}: {': '.join(filter(None, said))} (asked for by {row.who})")
    return found


def asker_words(request: ConferenceRequest) -> str:
    """Return who asked, for staff: "Ivo Reed, Rowan School", or the worker's name."""
    if request.agency is None:
        return request.recorded_by.name if request.recorded_by else ""
    agency = name_on_page(request.agency, request.family_id)
    return f"{request.person.full_name}, {agency}" if request.person else agency


@dataclass(frozen=True)
class Wish:
    """That someone should stay out of a conference or apart in it: the evidence, from whom, and who wrote it down."""

    evidence: str
    from_whom: str
    by: User | None


def asked_to_keep_out(conference: Conference, participants: Sequence[Participant]) -> dict[int, Wish]:
    """Return, by participant id, whom a request asked to keep out or apart and the chair was not yet asked about.

    What an agency wrote in its own words is held for everyone it may mean, until a worker has named someone or said
    what was done about it.
    """
    rows = RequestedItem.objects.filter(
        request__conference=conference, kind=AskedKind.KEEP_OUT, settled_at__isnull=True
    ).select_related("request__agency", "request__person", "request__recorded_by", "request__answered_by")
    items = list(rows.order_by("pk"))
    if not items:
        return {}
    listed = {row.pk for row in participants}
    named = any(item.person_id for item in items)
    put = ExclusionRequest.objects.filter(conference=conference)
    before = [(row.participant_id, row.asked_at, f"{row.reason} {row.evidence}") for row in put]
    found: dict[int, list[RequestedItem]] = {}
    for item in items:
        if item.person_id:
            meant = [row.pk for row in participants if row.person_id == item.person_id]
        else:
            meant = [] if named else [row.pk for row in whom_an_agency_means(conference, item.words)]
        for pk in listed.intersection(meant):
            if not any(pk == of and at >= item.request.asked_at and item.words in said for of, at, said in before):
                found.setdefault(pk, []).append(item)
    return {pk: _wish(conference, asked) for pk, asked in found.items()}


def _wish(conference: Conference, items: Sequence[RequestedItem]) -> Wish:
    request = items[0].request
    return Wish(
        evidence="\n\n".join(dict.fromkeys(item.words for item in items)),
        from_whom=asker_words(request)[:200],
        by=request.recorded_by or request.answered_by or conference.requested_by,
    )


def items_for(user: User, request: ConferenceRequest) -> list[RequestedItem]:
    """Return what a request asks for, as far as the user reads it.

    Who should stay out, and on what evidence, is for those who decide about it and for whoever wrote it down; what an
    agency wrote also for those it was written to: the case's managers and workers.
    """
    items = list(request.items.all())
    if request.recorded_by_id == user.pk or not any(item.kind == AskedKind.KEEP_OUT for item in items):
        return items
    if request.conference is not None and is_named(user, request.conference, KEEPS_OUT):
        return items
    if request.agency_id is not None and _is_addressed(user, request):
        return items
    return [item for item in items if item.kind != AskedKind.KEEP_OUT]


def _is_addressed(user: User, request: ConferenceRequest) -> bool:
    today = timezone.localdate()
    held = current_allocations([request.family_id], on=today).filter(user=user)
    return may_manage_family(user, request.family) or may_answer(user, request) or held.exists()
