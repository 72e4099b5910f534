"""What a guest sees of their conference, and what staff see of a guest's link."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Q

from accounts.guests.purposes import open_links
from accounts.guests.selectors import links_of
from accounts.models import GuestLink
from conferences.enums import FAMILY_CAPACITIES, Capacity, DeputyState, HowToAttend, ParticipantStatus, Reply
from conferences.guest_access import INVITATION, comes_by_link
from conferences.models import Conference, ExclusionRequest, Participant
from conferences.selectors.children import children_around
from conferences.selectors.devices import why_no_own_link
from conferences.selectors.mailboxes import is_given_up, sharers
from conferences.selectors.online import comes_on_screen
from conferences.selectors.risks import risks_of
from deadlines.policies import policy_of
from deadlines.working_days.arithmetic import civil_day
from entitlement import concealed_from
from families.enums import AgencyKind
from families.models import ContactPoint
from govuk.words import listed

WHO_COMES = "who will be there"
NOT_THERE = (Reply.NOT_COMING, Reply.REPORT_ONLY)
RUNS_IT = (Capacity.CHAIR, Capacity.COORDINATOR)
SOCIAL_CARE = (Capacity.SOCIAL_WORKER, Capacity.TEAM_MANAGER)
GROWN_UPS = FAMILY_CAPACITIES - {Capacity.CHILD}
WITH_SOMEBODY = (Capacity.SUPPORTER, Capacity.ADVOCATE, Capacity.SOLICITOR, Capacity.INTERPRETER)
RECIPIENT = {
    Capacity.CHILD: "child",
    Capacity.PARENT: "parent",
    Capacity.CARER: "parent",
    Capacity.PROFESSIONAL: "professional_attended",
}
WHY_THEY_COME = {
    Capacity.CHAIR: "Leads the meeting, makes sure everyone is heard, and decides at the end.",
    Capacity.COORDINATOR: "Takes notes. Does not give a view.",
    Capacity.SOCIAL_WORKER: "Says why we are meeting and what social workers have seen.",
    Capacity.TEAM_MANAGER: "Manages the social worker.",
    Capacity.INTERPRETER: "Interprets everything into your language.",
    Capacity.ADVOCATE: "Helps someone to say what they think and want.",
    Capacity.SUPPORTER: "Is there to support you.",
    Capacity.SOLICITOR: "Is there to support you, but does not speak for you.",
    Capacity.PROFESSIONAL: "Says what they know about the children, and how they can help.",
}


@dataclass(frozen=True)
class Comes:
    """A person who will attend, as a guest may know it: never when they arrive, from where, or how to reach them."""

    name: str
    initials: str
    role: str
    why: str
    on_screen: bool


def sees_who_comes(participant: Participant) -> bool:
    """Return whether the council's procedures, or the chair, show this person who else is coming."""
    recipient = RECIPIENT.get(Capacity(participant.capacity), "no_view")
    given = policy_of(participant.conference.policy_version_id).value("who-gets-what")
    return WHO_COMES in given.get(recipient, []) or participant.list_shown.filter(ended_at__isnull=True).exists()


def who_comes(participant: Participant, *, now: datetime.datetime) -> list[Comes]:
    """Return who else will attend, as one reader may know it, in a fixed number of queries.

    Everyone invited for one of the reader's children who has not declined, except:
    - anyone who works at a place hidden from the reader, or whose name would reveal one;
    - people in the family, unless both they and the reader attend the whole meeting, with no person, request or
      risk between them that the chair has had to decide about; and professionals see none of them;
    - other people's supporters, advocates, solicitors and interpreters;
    - anyone replaced by a deputy;
    - anyone planned only for parts of the meeting in which the reader is not.
    """
    conference = participant.conference
    own = {row.pk for row in participant.children.all()}
    own_parts = {part.pk for part in participant.parts.all()}
    everybody = list(
        conference.participants.filter(status=ParticipantStatus.INVITED)
        .exclude(person=participant.person_id)
        .exclude(reply__in=NOT_THERE)
        .exclude(deputies__state=DeputyState.CONFIRMED)
        .select_related("person", "post", "agency")
        .prefetch_related("children", "parts")
        .order_by("pk")
    )
    concealed = concealed_from(
        [participant.person], children_around(conference), council=conference.authority.name, on=civil_day(now)
    )
    apart = _kept_apart(conference, [participant, *everybody], now=now)
    found = []
    for row in everybody:
        if not _is_theirs(row, participant, own, apart) or _is_in_other_parts(row, own_parts):
            continue
        known = _as_known(row)
        if not concealed.gives_away(
            known[1].name, known[1].role, person=row.person_id, agency=row.agency_id, post=row.post_id
        ):
            found.append(known)
    order = {capacity: place for place, capacity in enumerate((*RUNS_IT[:1], *SOCIAL_CARE))}
    return [one for _, one in sorted(found, key=lambda pair: order.get(Capacity(pair[0]), len(order)))]


def _is_theirs(row: Participant, reader: Participant, own: set[int], apart: set[int]) -> bool:
    if row.capacity in (*RUNS_IT, *SOCIAL_CARE):
        return True
    if row.capacity in WITH_SOMEBODY:
        return row.acts_for_id == reader.pk
    if not own & {child.pk for child in row.children.all()}:
        return False
    if row.capacity in FAMILY_CAPACITIES:
        if reader.capacity not in GROWN_UPS or row.capacity not in GROWN_UPS:
            return False
        return row.pk not in apart and reader.pk not in apart
    return row.capacity == Capacity.PROFESSIONAL


def _is_in_other_parts(row: Participant, own: set[int]) -> bool:
    theirs = {part.pk for part in row.parts.all()}
    return bool(own and theirs) and not own & theirs


def _kept_apart(conference: Conference, rows: list[Participant], *, now: datetime.datetime) -> set[int]:
    """Return participants with any request or risk ever recorded, or who don't attend the whole meeting."""
    asked = set(ExclusionRequest.objects.filter(conference=conference).values_list("participant_id", flat=True))
    risky = risks_of(rows, on=civil_day(now))
    return {row.pk for row in rows if row.pk in asked or row.person_id in risky or row.how != HowToAttend.WHOLE}


def _as_known(row: Participant) -> tuple[str, Comes]:
    role = str(row.get_capacity_display())
    if row.capacity == Capacity.PROFESSIONAL and row.post is not None:
        at = row.agency.name if row.agency and row.agency.kind != AgencyKind.SOCIAL_CARE else ""
        role = ", ".join(filter(None, (row.post.title, at)))
    return row.capacity, Comes(
        name=row.person.full_name,
        initials="".join(word[0] for word in (row.person.given_name, row.person.family_name) if word),
        role=f"{role} (deputy)" if row.is_deputy else role,
        why=WHY_THEY_COME.get(Capacity(row.capacity), "Has a say about the children."),
        on_screen=comes_on_screen(row, row.conference),
    )


@dataclass(frozen=True)
class LinkState:
    """A participant's link as staff see it. ``link`` is the newest; ``shut_because`` says why it opens nothing now."""

    links: list[GuestLink]
    is_open: bool
    shut_because: str
    no_link_because: str

    @property
    def link(self) -> GuestLink | None:
        return self.links[0] if self.links else None

    @property
    def can_close(self) -> bool:
        return self.link is not None and self.link.revoked_at is None


def link_state(participant: Participant, *, now: datetime.datetime) -> LinkState:
    """Return the state of a participant's link, or why they have none. A fixed number of queries."""
    links = list(links_of(INVITATION, participant.pk))
    newest = links[0] if links else None
    is_open = newest is not None and open_links(now).filter(pk=newest.pk).exists()
    return LinkState(
        links=links,
        is_open=is_open,
        shut_because="" if is_open or newest is None else _why_shut(participant, newest, now=now),
        no_link_because="" if links else _why_none(participant, now=now),
    )


def _why_shut(participant: Participant, link: GuestLink, *, now: datetime.datetime) -> str:
    if link.revoked_at is not None:
        return link.revoked_because
    if link.expires_at <= now:
        return "It has run out."
    if link.sent_to != participant.email.strip().lower():
        return "The e-mail address has changed since."
    return why_no_door(participant, now=now)


def why_no_door(participant: Participant, *, now: datetime.datetime) -> str:
    """Return in words why a participant has no guest access; the rule itself is ``open_to_guests``."""
    person, today = participant.person, civil_day(now)
    if participant.status != ParticipantStatus.INVITED:
        return f"Not invited now: {participant.get_status_display().lower()}."
    if participant.post is not None and not participant.post.is_current(today):
        return "They have left the post."
    if person.sealed_at or person.death_date or person.merged_into_id:
        return "Nothing is sent to this person any more."
    if participant.attendances.filter(presence="removed").exists():
        return "The chair removed them from the meeting."
    if is_given_up(participant, on=today):
        return "Their e-mail address has ended, or is not safe any more. Ask them for another one."
    others = sharers(participant.conference, [(participant, participant.email)], on=today)
    if others:
        return f"The same e-mail address is recorded for {listed(others[participant.pk])}."
    return "Something has been recorded that only the chair or a manager can decide about."


def _why_none(participant: Participant, *, now: datetime.datetime) -> str:
    if participant.capacity in (*RUNS_IT, *SOCIAL_CARE):
        return "They work for the council and sign in."
    if not participant.email:
        numbers = ContactPoint.objects.current(on=civil_day(now)).filter(
            Q(kind="mobile") | Q(kind="phone"), person=participant.person_id
        )
        if numbers.exists():
            return "Only a phone number is recorded. Links and codes go by e-mail only: text messages can't be sent."
        return "No e-mail address is on the list for them."
    if because := why_no_own_link(participant):
        return because
    if not comes_by_link(participant):
        return "They have an account of their own and sign in."
    return "It is made when the invitation is sent."
