"""Moves to other councils: what each page shows of them, and what they say before a plan ends."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from accounts.models import User
from conferences.access import CONFERENCE_RULE
from conferences.enums import ConferenceStatus
from conferences.models import Conference
from conferences.selectors.children import short_name_of
from conferences.selectors.transfers import LIMIT
from deadlines.clocks import clock_of
from deadlines.models import Deadline
from deadlines.policies import policy_for
from deadlines.working_days.arithmetic import due
from deadlines.working_days.calendars import calendar_for
from families.models import AgencyInvolvement, Family, Post, Residence
from families.selectors.agency_names import confidential_agencies, name_on_page
from plans.enums import PlanKind
from plans.models import Plan
from plans.moves import RecordedMove
from plans.selectors.endings import may_end_plans
from reports.enums import DocumentKind, DocumentState
from reports.models import Copy, Document
from transfers.enums import CHECKLIST, COLOUR_OF_STATE, OF_A_CONFERENCE, STANDING, HandedOver, OutState, PaperKind
from transfers.models import PaperHandedOver, TransferOut, TransferredChild

CONFIDENTIAL_HOME = "Address confidential"
OWN_CLOCKS = ("visit", "first-review", "next-review", "after-birth", "first-core-group", "next-core-group")


@dataclass(frozen=True)
class OwnDate:
    """What this council still has to do for the child, by a day."""

    what: str
    due_on: datetime.date


@dataclass(frozen=True)
class ChildRow:
    """One child of a transfer: where the other council stands, and what of ours runs on until then."""

    moved: TransferredChild
    lives_at: str
    dates: tuple[OwnDate, ...]
    may_end: bool

    @property
    def name(self) -> str:
        return short_name_of(self.moved.child)

    @property
    def plan(self) -> Plan:
        return self.moved.plan

    @property
    def words(self) -> str:
        if self.plan.ends_on is not None:
            return f"The plan ended: {self.plan.get_end_reason_display().lower()}"
        return str(self.moved.get_state_display())

    @property
    def colour(self) -> str:
        return "grey" if self.plan.ends_on is not None else COLOUR_OF_STATE[self.moved.state]


@dataclass(frozen=True)
class PaperRow:
    """One kind of paper on the checklist, with what was last recorded of it."""

    kind: PaperKind
    newest: PaperHandedOver | None

    @property
    def words(self) -> str:
        if self.newest is None:
            return "Not sent yet"
        return "Sent" if self.newest.outcome == HandedOver.SENT else HandedOver.NONE.label

    @property
    def colour(self) -> str:
        return "yellow" if self.newest is None else "green" if self.newest.outcome == HandedOver.SENT else "grey"


@dataclass(frozen=True)
class ConferenceRow:
    """The letter or the minutes of one of our conferences, and whether the worker there has a copy."""

    conference: Conference
    kind: DocumentKind
    document: Document | None
    is_asked: bool
    is_released: bool
    sent_at: datetime.datetime | None

    @property
    def words(self) -> str:
        if self.sent_at is not None:
            return "Sent"
        if self.document is None:
            return "Not released yet"
        if self.is_released:
            return "Released to them, to be sent"
        return "Waiting for the chair" if self.is_asked else "Not asked for yet"

    @property
    def colour(self) -> str:
        if self.sent_at is not None:
            return "green"
        return "purple" if self.document is None or self.is_asked else "yellow"


@dataclass(frozen=True)
class TransferPage:
    transfer: TransferOut
    council: str
    worker: Post | None
    is_hidden: bool
    rows: list[ChildRow]
    papers: list[PaperRow]
    others: list[PaperHandedOver]
    conferences: list[ConferenceRow]
    their_last_day: datetime.date
    is_late: bool

    @property
    def is_standing(self) -> bool:
        return any(row.moved.state in STANDING and row.plan.is_open for row in self.rows)

    @property
    def papers_settled(self) -> int:
        rows = [row.sent_at is not None for row in self.conferences]
        return sum(row.newest is not None for row in self.papers) + sum(rows)

    @property
    def papers_in_all(self) -> int:
        return len(self.papers) + len(self.conferences)


def transfers_out(family: Family) -> QuerySet[TransferOut]:
    """Return the family's moves to other councils, newest first, with their children; never a sealed one."""
    children = TransferredChild.objects.filter(child__person__sealed_at__isnull=True).select_related(
        "child__person", "child__pregnancy", "plan"
    )
    rows = TransferOut.objects.filter(family=family, children__child__person__sealed_at__isnull=True).distinct()
    return rows.select_related("agency", "recorded_by").prefetch_related(Prefetch("children", children))


def transfer_page(transfer: TransferOut, user: User, *, on: datetime.date) -> TransferPage:
    """Return everything the page of a transfer shows, in a fixed number of queries."""
    moved = list(
        transfer.children.filter(child__person__sealed_at__isnull=True).select_related(
            "child__person", "child__pregnancy", "plan__child__person", "residence__address", "state_by"
        )
    )
    children = [row.child_id for row in moved]
    confidential = _confidential_addresses(moved)
    dates = _own_dates(children)
    accepted = [row.plan for row in moved if row.plan.is_open and row.state == OutState.ACCEPTED]
    endable = may_end_plans(user, accepted, on=on)
    rows = [
        ChildRow(
            row,
            _lives_at(row, confidential),
            tuple(dates.get(row.child_id, ())) if row.plan.is_open else (),
            row.plan.pk in endable,
        )
        for row in moved
    ]
    limit = policy_for(transfer.authority_id, on=transfer.told_on).limit(LIMIT)
    last_day = due(limit, transfer.told_on, calendar_for(transfer.authority_id)).on
    newest = {paper.kind: paper for paper in transfer.papers.select_related("recorded_by")}
    return TransferPage(
        transfer=transfer,
        council=name_on_page(transfer.agency, transfer.family_id),
        worker=worker_there(transfer, on=on),
        is_hidden=transfer.agency_id in confidential_agencies(transfer.family_id),
        rows=rows,
        papers=[PaperRow(kind, newest.get(kind)) for kind in CHECKLIST if kind not in OF_A_CONFERENCE],
        others=[paper for paper in transfer.papers.all() if paper.kind == PaperKind.OTHER],
        conferences=_conferences(transfer, children, user),
        their_last_day=last_day,
        is_late=on > last_day and any(row.moved.state == OutState.TOLD and row.plan.is_open for row in rows),
    )


def worker_there(transfer: TransferOut, *, on: datetime.date) -> Post | None:
    """Return the worker of the other council who is recorded with one of the children."""
    known = AgencyInvolvement.objects.current(on=on).filter(
        agency=transfer.agency_id, post__isnull=False, child__transfers_out__transfer=transfer
    )
    row = known.select_related("post__person", "post__agency").order_by("-pk").first()
    return row.post if row else None


def _confidential_addresses(moved: Collection[TransferredChild]) -> set[int]:
    ids = [row.residence.address_id for row in moved if row.residence]
    marked = Residence.objects.filter(address__in=ids, confidential=True)
    return set(marked.values_list("address_id", flat=True))


def _lives_at(row: TransferredChild, confidential: Collection[int]) -> str:
    if row.residence is None:
        return ""
    return CONFIDENTIAL_HOME if row.residence.address_id in confidential else str(row.residence.address)


def _own_dates(children: Collection[int]) -> dict[int, list[OwnDate]]:
    found: dict[int, list[OwnDate]] = {}
    rows = Deadline.objects.open().filter(child_id__in=children, kind__in=OWN_CLOCKS)
    for row in rows.order_by("due_on", "pk"):
        clock = clock_of(row.kind)
        if row.child_id is not None and row.due_on is not None and clock is not None:
            found.setdefault(row.child_id, []).append(OwnDate(clock.title, row.due_on))
    return found


def _conferences(transfer: TransferOut, children: Collection[int], user: User) -> list[ConferenceRow]:
    """Return the letter and minutes of each closed conference about the children that the reader may open."""
    closed = Conference.objects.filter(
        children__child__in=children, children__withdrawn_at__isnull=True, status=ConferenceStatus.CLOSED
    ).values("pk")
    held = list(CONFERENCE_RULE.visible(Conference.objects.filter(pk__in=closed), user).order_by("ended_at", "pk"))
    documents = {
        (row.conference_id, row.kind): row
        for row in Document.objects.filter(conference__in=held, state=DocumentState.RELEASED).defer("content")
    }
    there = {"recipient__agency": transfer.agency_id}
    sent = dict(
        Copy.objects.filter(document__in=documents.values(), **there)
        .order_by("-sent_at")
        .values_list("document", "sent_at")
    )
    settled = Document.settled_for.through.objects.filter(participant__agency=transfer.agency_id)
    released = set(settled.filter(document__in=documents.values()).values_list("document", flat=True))
    asked = set(
        Conference.objects.filter(pk__in=[row.pk for row in held], participants__agency=transfer.agency_id).values_list(
            "pk", flat=True
        )
    )
    return [
        ConferenceRow(
            conference=conference,
            kind=kind,
            document=(document := documents.get((conference.pk, kind))),
            is_asked=conference.pk in asked,
            is_released=document is not None and document.pk in released,
            sent_at=sent.get(document.pk) if document else None,
        )
        for conference in held
        for kind in (DocumentKind.DECISIONS_LETTER, DocumentKind.MINUTES)
    ]


def may_be_transferred(family: Family) -> QuerySet[Plan]:
    """Return the own open child protection plans of the family's children, of which a move may be recorded."""
    return Plan.objects.filter(
        child__person__memberships__family=family,
        child__person__memberships__ends_on__isnull=True,
        child__person__sealed_at__isnull=True,
        kind=PlanKind.CP,
        held_elsewhere="",
        ends_on__isnull=True,
    )


def recorded_move(plan: Plan, lock: bool) -> RecordedMove | None:
    """Answer ``plans.moves``: what the newest standing transfer of the plan says."""
    rows = TransferredChild.objects.filter(plan=plan.pk, state__in=STANDING)
    if lock:
        rows = rows.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("transfer__agency").first()
    if row is None:
        return None
    council = name_on_page(row.transfer.agency, row.transfer.family_id)
    state = str(row.get_state_display())
    return RecordedMove(
        council=council,
        agency_id=row.transfer.agency_id,
        why_not=""
        if row.state == OutState.ACCEPTED
        else f"The move to {council} is recorded, and it has not taken responsibility in writing yet: "
        f"{state[:1].lower()}{state[1:]}. The plan stays.",
        url=reverse("transfers:transfer", args=[row.transfer.family_id, row.transfer_id]),
        conference_on=row.conference_on,
        responsible_from=row.responsible_from,
        letter_kept=row.letter_kept,
    )
