"""By which ways each recipient of a version can get their copy now, with the address in view, or why not."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from conferences.guest_access import INVITATION, comes_by_link, open_to_guests
from conferences.models import Participant
from conferences.selectors.mailboxes import sharers
from conferences.selectors.paper_only import WANTS_PAPER, paper_only
from conferences.selectors.reach import WITHHELD, reach_of
from core_groups.guest_access import CORE_GROUP, open_to_members
from core_groups.models import CoreGroupMember
from deadlines.working_days.arithmetic import civil_day
from families.models import Person, Residence
from families.selectors.agency_names import confidential_agencies
from plans.selectors.plan_readers import readers_of
from reports.enums import UNDONE, Channel
from reports.models import Copy, Document

NO_ADDRESS = "No address is recorded. Record one first, or choose another way."
NO_MAILBOX = "No e-mail address is recorded."
NO_PAGE = "They have no open page of their own."
NOT_APPROVED = "The council has not approved mail to this mailbox as secure."
SHARED = "Somebody else reads this mailbox too."
NO_RETURN = "The council has no return address for letters. An administrator has to record one."


@dataclass(frozen=True)
class Way:
    """One way to one recipient: the address, and why it is closed now; "" where it is open.

    ``is_hidden`` where pages do not show the address: it stands on the envelope alone.
    """

    address: str = ""
    because: str = ""
    is_hidden: bool = False

    @property
    def is_open(self) -> bool:
        return not self.because

    @property
    def on_page(self) -> str:
        if self.is_hidden and self.address:
            return "The address is confidential: it is used, and not shown here"
        return ", ".join(filter(None, (line.strip() for line in self.address.splitlines())))


@dataclass(frozen=True)
class OwnPage:
    """A recipient's own page: of which purpose, whose row it opens, and the mailbox that its link goes to."""

    purpose: str
    subject_id: int
    mailbox: str

    @property
    def is_of_a_conference(self) -> bool:
        return self.purpose == INVITATION


@dataclass(frozen=True)
class Reached:
    """How one recipient can be reached, and how a copy last came to them."""

    recipient: Participant | CoreGroupMember | Person
    person: Person
    ways: Mapping[Channel, Way]
    page: OwnPage | None
    last: Copy | None
    copies: int = 0

    @property
    def seen(self) -> str:
        """Return what stands for the addresses and sendings that a page showed, so that a change since is noticed."""
        shown = [(str(channel), way.address, way.is_open) for channel, way in self.ways.items()]
        return hashlib.sha256(repr((shown, self.copies)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class _Known:
    """What a recipient's ways are made from."""

    recipient: Participant | CoreGroupMember | Person
    person: Person
    participant: Participant | None
    member: CoreGroupMember | None
    email: str
    agency_id: int | None
    agency_address: str
    is_family: bool


def ways_of(document: Document, *, now: datetime.datetime, only: Iterable[int] | None = None) -> dict[int, Reached]:
    """Return by recipient id how each recipient of a version can be reached now. A fixed number of queries.

    Everything is read anew: an address that ended or is not safe, a mailbox that somebody else reads, and a wish for
    paper only close a way with the reason.
    """
    on = civil_day(now)
    wanted = {row["id"] for row in document.content["participants"]} | {
        row.recipient_id for row in document.copies.all() if row.recipient_id
    }
    wanted |= set(document.settled_for.values_list("pk", flat=True))
    if only is not None:
        wanted = set(only)
    known = _known(document, wanted, on=on)
    people = {one.person.pk for one in known.values()}
    paper = set(paper_only().filter(person__in=people).values_list("person_id", flat=True))
    pages = _pages(known.values(), now=now)
    reach = reach_of([one.participant for one in known.values() if one.participant], on=on)
    shared = sharers(
        document.conference,
        [(one.participant, one.email) for one in known.values() if one.participant and one.email],
        on=on,
    )
    homes = _homes(people, on=on)
    hidden = confidential_agencies(document.conference.family_id)
    last = _last(people)
    counts: dict[int, int] = {}
    for copy in Copy.objects.filter(document=document):
        counts[copy.for_whom] = counts.get(copy.for_whom, 0) + 1
    authority = document.conference.authority
    found = {}
    for pk, one in known.items():
        is_hidden = one.agency_id in hidden
        page = pages.get(pk)
        wants_paper = one.person.pk in paper
        mail = _mail_closed(
            one, wants_paper=wants_paper, is_shared=bool(one.participant and one.participant.pk in shared)
        )
        if not mail and one.participant is not None and one.email == one.participant.email:
            mail = WITHHELD.get(reach[one.participant.pk], "")
        own = WANTS_PAPER if wants_paper else _page_closed(page, one.email, mail)
        secure = mail or ("" if authority.has_secure_mail_with(one.email) else NOT_APPROVED)
        address, is_confidential = (
            (one.agency_address, is_hidden) if one.agency_id else homes.get(one.person.pk, ("", False))
        )
        posted = NO_ADDRESS if not address.strip() else "" if authority.return_address.strip() else NO_RETURN
        found[pk] = Reached(
            recipient=one.recipient,
            person=one.person,
            ways={
                Channel.OWN_PAGE: Way(page.mailbox if page else "", own, is_hidden),
                Channel.SECURE_EMAIL: Way(one.email, secure, is_hidden),
                Channel.POST: Way(address, posted, is_confidential),
                Channel.BY_HAND: Way(),
            },
            page=page,
            last=last.get(one.person.pk),
            copies=counts.get(pk, 0),
        )
    return found


def _mail_closed(one: _Known, *, wants_paper: bool, is_shared: bool) -> str:
    if wants_paper:
        return WANTS_PAPER
    if not one.email:
        return NO_MAILBOX
    return SHARED if is_shared else ""


def _page_closed(page: OwnPage | None, email: str, mail: str) -> str:
    """Return why nobody is told of a paper on their own page: there is none, or its mailbox is not safe to write to."""
    if page is None:
        return mail or NO_PAGE
    return mail if page.mailbox == email.strip().lower() else ""


def _known(document: Document, wanted: set[int], *, on: datetime.date) -> dict[int, _Known]:
    if document.plan is not None:
        found = {}
        for reader in readers_of(document.plan, on=on):
            if reader.person.pk in wanted:
                post = reader.post
                found[reader.person.pk] = _Known(
                    reader.person, reader.person, reader.participant, None, _mailbox(reader.participant, post),
                    post.agency_id if post else None, post.agency.address if post else "", reader.is_family,
                )  # fmt: skip
        return found
    if document.core_group_meeting is not None:
        members = CoreGroupMember.objects.filter(pk__in=wanted).select_related("person__user", "post__agency")
        return {
            row.pk: _Known(
                row, row.person, None, row, _mailbox(None, row.post),
                row.post.agency_id if row.post else None, row.post.agency.address if row.post else "", row.post is None,
            )
            for row in members
        }  # fmt: skip
    rows = Participant.objects.filter(pk__in=wanted, conference=document.conference_id)
    return {
        row.pk: _Known(
            row, row.person, row, None, _mailbox(row, row.post), row.agency_id,
            row.agency.address if row.agency else "", row.is_family,
        )
        for row in rows.select_related("person__user", "post", "agency", "conference")
    }  # fmt: skip


def _mailbox(participant: Participant | None, post: object) -> str:
    if participant is not None and participant.email:
        return participant.email
    return getattr(post, "email", "") or ""


def _pages(known: Iterable[_Known], *, now: datetime.datetime) -> dict[int, OwnPage]:
    """Return the own pages that are open at this moment, by recipient; each rule of a guest is asked again."""
    rows = list(known)
    guests = {
        row.pk: row.mailbox  # type: ignore[attr-defined]
        for row in open_to_guests(now).filter(pk__in=[one.participant.pk for one in rows if one.participant])
    }
    people = {one.person.pk: one for one in rows if one.participant is None}
    members = {
        row.person_id: (row.pk, row.mailbox)  # type: ignore[attr-defined]
        for row in open_to_members(now).filter(person__in=people).order_by("pk")
    }
    found = {}
    for one in rows:
        if one.participant is not None and one.participant.pk in guests and comes_by_link(one.participant):
            page = OwnPage(INVITATION, one.participant.pk, guests[one.participant.pk])
        elif one.member is not None and members.get(one.person.pk, (0,))[0] == one.member.pk:
            page = OwnPage(CORE_GROUP, one.member.pk, members[one.person.pk][1])
        elif one.participant is None and one.member is None and one.person.pk in members:
            page = OwnPage(CORE_GROUP, *members[one.person.pk])
        else:
            continue
        found[one.recipient.pk] = page
    return found


def _homes(people: set[int], *, on: datetime.date) -> dict[int, tuple[str, bool]]:
    """Return each person's main home today, as it stands on an envelope, and whether it is confidential."""
    rows = Residence.objects.current(on=on).filter(person__in=people).select_related("address")
    found: dict[int, tuple[str, bool]] = {}
    for row in rows.order_by("person_id", "is_main", "pk"):
        lines = [*row.address.lines.splitlines(), row.address.postcode]
        found[row.person_id] = ("\n".join(line.strip() for line in lines if line.strip()), row.confidential)
    return found


def _last(people: set[int]) -> dict[int, Copy]:
    """Return the newest copy that came to each person and was not undone, of whatever paper."""
    whose = Q(recipient__person__in=people) | Q(member__person__in=people) | Q(person__in=people)
    rows = (
        Copy.objects.filter(whose)
        .exclude(news__kind__in=UNDONE)
        .select_related("recipient", "member")
        .order_by("sent_at")
    )
    found = {}
    for row in rows:
        holder = row.recipient or row.member
        person = holder.person_id if holder is not None else row.person_id
        if person is not None:
            found[person] = row
    return found
