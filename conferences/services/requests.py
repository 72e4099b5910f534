"""Ask for a conference for another agency, answer, take a refusal further, and join requests to the conference."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conferences.agreed_by import is_named
from conferences.enums import AskedKind, ConferenceStatus
from conferences.models import Conference, ConferenceRequest, RequestedItem
from conferences.selectors.agreements import KEY
from conferences.selectors.children import short_name_of
from conferences.selectors.requests import (
    answers_in_words,
    family_of,
    live_conference_of,
    may_answer,
    may_take_further,
    waiting,
    who_answers,
    why_not_about,
)
from conferences.services.exclusions import hold_undecided
from conferences.services.guards import text_of
from conferences.services.told import tell_of_dangers
from deadlines.policies import policy_for
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from entitlement import concealed_from
from families.access import visible_families
from families.enums import Answer
from families.models import Agency, Child, Family, Person, Post
from families.selectors.people import adults_for, current_allocations
from families.services.cases import lock_family
from govuk import words
from notifications.enums import MessageKind, Subject
from notifications.models import Message
from notifications.services.outbox import notify, queue_message, reference_subject

ANSWERED = re.compile(r"conference-request-answer:(?P<request>\d+)")
GIVES_AWAY = "This names a place that is confidential. Write it without that."


@dataclass(frozen=True, kw_only=True)
class AskedItem:
    """One thing asked for, about someone who is recorded, or in words."""

    kind: AskedKind
    person: Person | None = None
    post: Post | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a request says; everything may be left out, which stays "not asked"."""

    grounds: str = ""
    categories: Sequence[str] = ()
    responsibility: str = Answer.NOT_ASKED
    responsibility_said: str = ""
    police: str = Answer.NOT_ASKED
    police_said: str = ""
    items: Sequence[AskedItem] = field(default_factory=tuple)

    @property
    def columns(self) -> dict[str, object]:
        return {
            "grounds": self.grounds.strip(),
            "categories": list(self.categories),
            "responsibility": self.responsibility,
            "responsibility_said": self.responsibility_said.strip(),
            "police": self.police,
            "police_said": self.police_said.strip(),
        }

    @property
    def says_something(self) -> bool:
        return bool(self.items) or self.columns != Asked().columns


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Who asks for an agency: the person in their post, with where the answer goes and how they came in."""

    person: Person
    agency: Agency
    post: Post | None
    reply_to: str = ""
    by: User | None = None
    guest_session_id: int | None = None


def write_request(
    *, family: Family, children: Collection[Child], asked: Asked, now: datetime.datetime, **columns: object
) -> ConferenceRequest:
    """Write a request with everything it asks for, within a transaction; tells nobody."""
    request = ConferenceRequest.objects.create(family=family, asked_at=now, **asked.columns, **columns)
    request.children.set(children)
    for item in asked.items:
        RequestedItem.objects.create(
            request=request, kind=item.kind, person=item.person, post=item.post, words=item.words.strip()
        )
    return request


@transaction.atomic
def ask_as_agency(
    *, children: Collection[Child], asker: Asker, asked: Asked, now: datetime.datetime
) -> ConferenceRequest:
    """Ask for a conference about children, for another agency; their team decides.

    The caller has checked that who asks works with these children. In order: records the request under the procedures
    in force; tells whoever they name, and the children's workers, of a danger for visitors at once; starts the
    clock of the answer. The same words again return the request that is
    open. Raises ValidationError on ``children`` where none is named, where one has died, was lost or is 18, or where no
    one family holds them all, and on ``grounds`` without a reason.
    """
    today = civil_day(now)
    if not children:
        raise ValidationError({"children": "Choose at least one child."})
    if ended := [f"{short_name_of(child)}: {why}" for child in children if (why := why_not_about(child, on=today))]:
        raise ValidationError({"children": ended})
    text_of("grounds", asked.grounds, "Say why you ask for a conference.")
    family = family_of(children, on=today)
    if family is None:
        raise ValidationError({"children": "These children are in different families. Ask for each family by itself."})
    family = lock_family(family)
    ids = {child.pk for child in children}
    mine = waiting().filter(family=family, person=asker.person, agency=asker.agency, grounds=asked.grounds.strip())
    for row in mine.prefetch_related("children").order_by("pk"):
        if {child.pk for child in row.children.all()} == ids:
            return row
    request = write_request(
        family=family,
        children=children,
        asked=asked,
        now=now,
        agency=asker.agency,
        post=asker.post,
        person=asker.person,
        reply_to=asker.reply_to,
        recorded_by=asker.by,
        guest_session_id=asker.guest_session_id,
        policy_version_id=policy_for(family.authority_id, on=today).version_id,
    )
    _tell_team(request, now=now)
    reconcile(family_ids=[family.pk], now=now)
    return request


def _tell_team(request: ConferenceRequest, *, now: datetime.datetime) -> None:
    """Tell whoever answers, and the workers; names nobody."""
    today = civil_day(now)
    deciding = who_answers(request, on=today)
    url = reverse("conferences:answer-request", args=[request.family_id, request.pk])
    for user in deciding:
        notify(
            user=user,
            key=f"conference-request:{request.pk}",
            text="Another agency asks for a conference. You are asked whether one is needed.",
            url=url,
            urgent=True,
            now=now,
        )
    workers = workers_of(request.family, on=today)
    tell_of_dangers(request, {user.pk: user for user in (*workers, *deciding)}.values(), now=now)
    for user in workers:
        if user.pk not in {one.pk for one in deciding}:
            notify(
                user=user,
                key=f"conference-request-news:{request.pk}",
                text=f"Another agency asks for a conference. {answers_in_words(request).capitalize()} decides.",
                url=url,
                urgent=True,
                now=now,
            )


def workers_of(family: Family, *, on: datetime.date) -> list[User]:
    """Return the social workers who hold the case and may open it."""
    held = {row.user.pk: row.user for row in current_allocations([family.pk], on=on) if row.user.is_active}
    return [user for user in held.values() if visible_families(user).filter(pk=family.pk).exists()]


def _locked(request: ConferenceRequest) -> ConferenceRequest:
    return (
        ConferenceRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("family__authority", "agency", "post", "person", "recorded_by")
        .get(pk=request.pk)
    )


@transaction.atomic
def answer_request(
    *, request: ConferenceRequest, agreed: bool, reason: str = "", by: User, now: datetime.datetime
) -> ConferenceRequest:
    """Agree with another agency that a conference is needed, or refuse with a reason that it reads.

    In order: locks the request; records who answered, when and why; joins it to the conference that these children
    have meanwhile; tells the workers, and who asked. The same answer again changes nothing. Raises ValidationError for
    anyone who may not answer it, for another answer than the one given, on ``reason`` for a refusal without one or with
    a confidential place in it, and for agreeing where every child has died, was lost or is 18.
    """
    lock_family(request.family)
    locked = _locked(request)
    if locked.answered_at is not None:
        if locked.agreed == agreed:
            return locked
        raise ValidationError("Someone has answered meanwhile. Look at their answer first.")
    if not may_answer(by, locked):
        who = answers_in_words(locked)
        raise ValidationError(f"Only {who} can answer this, and no one who asked for it or refused it before.")
    children = list(locked.children.select_related("person", "pregnancy"))
    ended = [why for child in children if (why := why_not_about(child, on=civil_day(now)))]
    if agreed and len(ended) == len(children):
        raise ValidationError(f"{ended[0]} There is no conference to hold. Say so in your answer.")
    if not agreed:
        locked.reason = text_of("reason", reason, "Say why you do not agree. Who asked reads it.")
        _check_words(locked, children, now=now)
    locked.answered_by, locked.answered_at, locked.agreed = by, now, agreed
    locked.conference = live_conference_of(children) if agreed else None
    locked.save()
    if locked.conference is not None:
        hold_undecided(conference=locked.conference, by=by, now=now)
    _tell_answer(locked, now=now)
    reconcile(family_ids=[locked.family_id], now=now)
    return locked


def _check_words(request: ConferenceRequest, children: Sequence[Child], *, now: datetime.datetime) -> None:
    """Raise ValidationError on ``reason`` where it tells a place that is confidential from anyone around the children.

    Whoever reads it may talk with any of them.
    """
    today, council = civil_day(now), request.family.authority.name
    around = [adult.person for adult in adults_for(children, on=today)]
    if concealed_from(around, children, council=council, on=today).is_in(request.reason):
        raise ValidationError({"reason": GIVES_AWAY})


def _tell_answer(request: ConferenceRequest, *, now: datetime.datetime) -> None:
    today = civil_day(now)
    said = "A conference is needed: arrange it." if request.agreed else "No conference is held for now."
    for user in workers_of(request.family, on=today):
        notify(
            user=user,
            key=f"conference-request-answered:{request.pk}",
            text=f"An agency asked for a conference, and a manager has answered. {said}",
            url=reverse("conferences:answer-request", args=[request.family_id, request.pk]),
            now=now,
        )
    if request.recorded_by is not None and request.recorded_by.is_active:
        notify(
            user=request.recorded_by,
            key=f"conference-request-told:{request.pk}",
            text=f"{request.reference}: there is an answer to your request for a conference.",
            url=reverse("conferences:my-requests"),
            now=now,
        )
    elif request.reply_to:
        authority = request.family.authority
        ring = f"Ring us on {authority.day_phone}" if authority.day_phone else "Get in touch with us"
        queue_message(
            authority=authority,
            key=f"conference-request-answer:{request.pk}",
            kind=MessageKind.INVITATION,
            to_email=request.reply_to,
            subject=reference_subject(subject=Subject.ANSWER, reference=request.reference),
            body=(
                f"Hello,\n\nYou asked us something on {words.plain_date(civil_day(request.asked_at))}. There is an "
                "answer now. It is on your own page, which opens with the link that you have.\n\n"
                f"{ring} if it does not open.\n\n{authority.name}"
            ),
            person_id=request.person_id,
            family_id=request.family_id,
            now=now,
        )
    else:
        _by_hand(request, now=now)


def _by_hand(request: ConferenceRequest, *, now: datetime.datetime) -> None:
    for user in workers_of(request.family, on=civil_day(now)):
        notify(
            user=user,
            key=f"conference-request-ring:{request.pk}",
            text="An agency asked for a conference, and no e-mail takes the answer to it. Ring them.",
            url=reverse("conferences:answer-request", args=[request.family_id, request.pk]),
            urgent=True,
            now=now,
        )


def _of_message(message: Message) -> ConferenceRequest | None:
    named = ANSWERED.fullmatch(message.key)
    rows = ConferenceRequest.objects.select_related("post", "family")
    return rows.filter(pk=named["request"]).first() if named else None


def reason_to_withhold_request_answer(message: Message) -> str:
    """Return why the news of an answer may not leave now: who asked may have left the post since."""
    request = _of_message(message)
    if request is None or request.post is None:
        return ""
    return "" if request.post.is_current(timezone.localdate()) else "Who asked has left the post."


def on_request_answer_not_sent(message: Message, _because: str, now: datetime.datetime) -> None:
    """Ask the workers to ring the agency that the e-mail did not reach."""
    request = _of_message(message)
    if request is not None:
        _by_hand(request, now=now)


@transaction.atomic
def take_request_further(
    *, request: ConferenceRequest, because: str, asker: Asker, now: datetime.datetime
) -> ConferenceRequest:
    """Take the refusal of an agency's request to a service manager who did not refuse it; returns the new request.

    The caller has checked that it is the agency's own. Repeating it returns the open request. Raises ValidationError
    on ``grounds`` without a reason, and where the refusal is not the last word, or was taken further before.
    """
    lock_family(request.family)
    locked = _locked(request)
    again = locked.taken_further.first()
    if again is not None:
        return again
    if not may_take_further(locked):
        raise ValidationError("This has changed since you opened the page. Look at it again.")
    text_of("grounds", because, "Say why a conference is needed.")
    made = write_request(
        family=locked.family,
        children=list(locked.children.all()),
        asked=Asked(grounds=because, categories=locked.categories, police=locked.police),
        now=now,
        agency=locked.agency,
        post=asker.post,
        person=asker.person,
        reply_to=asker.reply_to,
        recorded_by=asker.by,
        guest_session_id=asker.guest_session_id,
        policy_version_id=locked.policy_version_id,
        goes_on_from=locked,
    )
    _tell_team(made, now=now)
    reconcile(family_ids=[locked.family_id], now=now)
    return made


def join_requests(*, conference: Conference, by: User, now: datetime.datetime) -> ConferenceRequest | None:
    """Join the agencies' requests about children of a conference to it, within a transaction.

    Refused ones stay as they are. Returns an agreed one about all of its children, whose manager is one whom the
    procedures of the conference name and who does not ask for it now: they need not be asked again.
    """
    ids = set(conference.children.filter(withdrawn_at__isnull=True).values_list("child", flat=True))
    free = Q(conference__isnull=True) | Q(conference__status=ConferenceStatus.CANCELLED)
    rows = ConferenceRequest.objects.select_for_update(of=("self",), no_key=True).filter(
        free, family=conference.family_id, agency__isnull=False
    )
    agreed = None
    for row in rows.exclude(agreed=False).select_related("answered_by").order_by("pk"):
        about = set(row.children.values_list("pk", flat=True))
        if not about & ids:
            continue
        row.conference = conference
        row.save(update_fields=["conference"])
        manager = row.answered_by
        if manager is not None and ids <= about and manager.pk != by.pk and is_named(manager, conference, KEY):
            agreed = row
    return agreed


@transaction.atomic
def agree_with_requests(*, conference: Conference, by: User, now: datetime.datetime) -> None:
    """Answer the open requests of agencies that led to a conference to which a manager has agreed, and tell them."""
    for row in waiting().filter(conference=conference).order_by("pk"):
        locked = _locked(row)
        locked.answered_by, locked.answered_at, locked.agreed = by, now, True
        locked.save()
        _tell_answer(locked, now=now)
    reconcile(family_ids=[conference.family_id], now=now)
