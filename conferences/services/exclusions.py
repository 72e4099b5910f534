"""Requests to the chair about one person. While one is open, nothing goes to that person."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.agreed_by import KEEPS_OUT, is_named, named_words, people_named
from conferences.enums import ConferenceStatus, HowToAttend, Mode, ParticipantStatus, Reply, RequestGround
from conferences.models import Conference, ExclusionRequest, Part, Participant, SaidByGuest
from conferences.selectors.proposing import risk_words
from conferences.selectors.recipients import to_be_told
from conferences.selectors.requests import asked_to_keep_out
from conferences.selectors.risks import risks_of, undecided_risks
from conferences.selectors.standing import kept_out_before
from conferences.services.chairs_words import answer_asker, check_words, tell_person
from conferences.services.first_round import settle_first_round
from conferences.services.guest_links import revoke_link
from conferences.services.known_links import warn_if_known
from conferences.services.parts_decided import follow_decision, parts_missing
from conferences.services.sending import booked_sitting, was_told, withdraw_unsent
from conferences.services.views_bearers import tell_whose_views_wait
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.models import Person
from notifications.services.outbox import notify

NOTHING_TO_COME_FOR = "The child they came for was withdrawn."
LIVE = (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)
HELD_FROM = (ParticipantStatus.PROPOSED, ParticipantStatus.TO_INVITE, ParticipantStatus.INVITED)


def lock_participant(participant: Participant) -> Participant:
    """Return the participant's current row, locked until the end of the transaction, as its conference is.

    Every act takes these locks in this order, so that no two of them wait for each other.
    """
    lock_conferences(Q(participants=participant.pk))
    return (
        Participant.objects.select_for_update(of=("self",), no_key=True)
        .select_related("conference__authority", "conference__family", "conference__chair", "conference__coordinator")
        .select_related("person", "post", "agency")
        .get(pk=participant.pk)
    )


def lock_lists_of(conference: Conference, persons: Iterable[Person | int]) -> None:
    """Lock a conference with every other live one on whose list one of these persons stands, in one order.

    What is asked or decided about a person holds them on each.
    """
    others = Q(participants__person__in=list(persons), status__in=LIVE)
    lock_conferences(Q(pk=conference.pk) | others)


def lock_conferences(which: Q) -> None:
    """Lock the conferences that match, in the order of their ids, until the end of the transaction."""
    ids = Conference.objects.filter(which).order_by().values("pk")
    list(Conference.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True))


@transaction.atomic
def open_request(
    *,
    participant: Participant,
    ground: RequestGround,
    reason: str,
    by: User | None,
    now: datetime.datetime,
    asked_for: Person | None = None,
    goes_on_from: ExclusionRequest | None = None,
    said: SaidByGuest | None = None,
    evidence: str = "",
    from_whom: str = "",
) -> ExclusionRequest:
    """Put a request about one person to the chair, at any time, even while the conference is in session.

    In order: records the request; sets the person's status to awaiting the chair; withdraws every unsent
    message to them, and nothing new goes; revokes their link and ends its session; warns of whoever knows the link
    for those online; tells the chair at once; holds
    the same person on every other list that stands; counts the deadlines. Returns any request already open. ``by``
    is None where a guest asks on their own page (``said``).
    Raises ValidationError without a reason, for the chair and the coordinator themselves, or where the conference
    is over.
    """
    lock_lists_of(participant.conference, [participant.person_id])
    locked = lock_participant(participant)
    conference = locked.conference
    if conference.status not in LIVE:
        raise ValidationError("This conference is over, so there is nothing left to decide about who comes.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why, and what the evidence is."})
    open_one = locked.exclusion_requests.filter(decided_at__isnull=True).first()
    if open_one is not None:
        return open_one
    with refused_by_database():
        request = ExclusionRequest.objects.create(
            conference=conference,
            participant=locked,
            ground=ground,
            reason=reason.strip(),
            evidence=evidence.strip(),
            from_whom=from_whom.strip(),
            asked_by=by,
            asked_for=asked_for,
            asked_at=now,
            goes_on_from=goes_on_from,
            said=said,
        )
    locked.status = ParticipantStatus.AWAITING_CHAIR
    locked.version += 1
    locked.save(update_fields=["status", "version"])
    withdraw_unsent(locked, because="A request about this person is with the chair.", now=now)
    revoke_link(locked, because="A request about this person is with the chair.", by=by, now=now)
    warn_if_known(locked, now=now)
    _tell_chair(conference, request, now=now)
    _hold_elsewhere(locked, by=by, said=said, now=now)
    settle_first_round(conference, now=now)
    reconcile(family_ids=[conference.family_id], now=now)
    return request


def _hold_elsewhere(
    participant: Participant, *, by: User | None, now: datetime.datetime, said: SaidByGuest | None = None
) -> None:
    """Hold the same person on other lists that stand, and on this one in another capacity."""
    rows = Participant.objects.filter(person=participant.person_id, status__in=HELD_FROM).exclude(pk=participant.pk)
    for conference in Conference.objects.filter(pk__in=rows.values("conference"), status__in=LIVE).order_by("pk"):
        hold_undecided(conference=conference, by=by, said=said, now=now)


@transaction.atomic
def decide_request(
    *,
    request: ExclusionRequest,
    by: User,
    how: str,
    reason: str,
    views_through: Participant | None,
    now: datetime.datetime,
    arrives_at: datetime.datetime | None = None,
    risks_seen: Collection[int] | None = None,
    told_text: str = "",
    answer_text: str = "",
    parts: Collection[Part] = (),
) -> ExclusionRequest:
    """Record the decision on how one person takes part, of the chair or of who else the procedures name.

    In order: records the decision with its reason; keeps the person out, with who brings their views, or lets them
    take part as decided; whoever knew of the meeting is told in the chair's words (``told_text``), with their
    calendar entry cancelled or brought up to date, and anyone never invited becomes to be invited; the member of the
    family who asked gets the chair's answer (``answer_text``); holds whoever is not to be in the whole meeting on
    every other list that stands; tells the coordinator; counts the deadlines. The same decision again changes
    nothing. ``parts`` are those of the planned parts that someone may be in who takes part in some of them: they get
    the times of those, and are recorded as there in no other. ``risks_seen`` are the contact risks shown on the page.
    Raises ValidationError for anyone whom the procedures do not name (`kept-out-decided-by`), where another decision
    was made or another risk recorded meanwhile, without a reason, without anyone to bring the views of a person kept
    out, without an own arrival time for a separate time, or without the words that someone is owed.
    """
    lock_lists_of(request.conference, [request.participant.person_id])
    participant = lock_participant(request.participant)
    locked = ExclusionRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    if not is_named(by, participant.conference, KEEPS_OUT):
        raise ValidationError(
            f"Only {named_words(participant.conference, KEEPS_OUT)} of this conference can decide this."
        )
    if locked.decided_at is not None:
        chosen = {part.pk for part in parts} if how == HowToAttend.PART else set()
        was = (locked.how, locked.decision_reason, set(locked.parts.values_list("pk", flat=True)))
        if was == (how, reason.strip(), chosen):
            return locked
        raise ValidationError("This request has already been decided. Reload the page to see how.")
    locked.participant = participant
    told_text = "" if how == HowToAttend.WHOLE else told_text
    errors = _errors_in(participant, how=how, reason=reason, views_through=views_through, arrives_at=arrives_at)
    errors |= parts_missing(participant, how=how, parts=parts)
    errors |= check_words(locked, participant, how=how, told_text=told_text, answer_text=answer_text)
    if errors:
        raise ValidationError(errors)
    knew = was_told(participant)
    risks = risks_of([participant], on=civil_day(now)).get(participant.person_id, [])
    if risks_seen is not None and {risk.pk for risk in risks} - set(risks_seen):
        raise ValidationError("A contact risk has been recorded since you opened this page. Read it and decide again.")
    locked.decided_by = by
    locked.decided_at = now
    locked.how = how
    locked.decision_reason = reason.strip()
    locked.views_through = views_through
    locked.told_text, locked.answer_text = told_text.strip(), answer_text.strip()
    with refused_by_database():
        locked.save()
    locked.parts.set(parts if how == HowToAttend.PART else ())
    follow_decision(participant, how=how, parts=parts)
    participant.views_brought_by = views_through
    participant.arrives_at = arrives_at or participant.arrives_at
    participant.mode = Mode.ONLINE if how == HowToAttend.VIDEO else participant.mode
    participant.version += 1
    _let_in(participant)
    if participant.status == ParticipantStatus.KEPT_OUT:
        tell_whose_views_wait(participant, now=now)
    tell_person(participant, participant.conference, told=locked.told_text, knew=knew, now=now)
    settle_first_round(participant.conference, now=now)
    answer_asker(locked, now=now)
    if how != HowToAttend.WHOLE:
        _hold_elsewhere(participant, by=by, now=now)
    notice = f"{participant.conference.reference}: the chair has decided on a request about who comes."
    _tell_coordinator(participant.conference, f"request:{locked.pk}:decided", notice, now=now)
    reconcile(family_ids=[participant.conference.family_id], now=now)
    return locked


def _let_in(participant: Participant) -> None:
    """Set the participant's status according to the chair's decision."""
    if participant.how == HowToAttend.NOT_AT_ALL:
        participant.status = ParticipantStatus.KEPT_OUT
        # Let in one day after all, they have not answered yet.
        participant.reply, participant.replied_at = Reply.NONE, None
        participant.save()
        return
    if participant.children.exists() and not participant.children.filter(withdrawn_at__isnull=True).exists():
        # Whoever came for a child who has been withdrawn since has nothing to come for, whatever is decided.
        participant.status = ParticipantStatus.WITHDRAWN
        participant.change_reason = NOTHING_TO_COME_FOR
        participant.save()
        return
    invited = participant.invited_at is not None and booked_sitting(participant.conference) is not None
    participant.status = ParticipantStatus.INVITED if invited else ParticipantStatus.TO_INVITE
    participant.save()


def _errors_in(
    participant: Participant,
    *,
    how: str,
    reason: str,
    views_through: Participant | None,
    arrives_at: datetime.datetime | None,
) -> dict[str, str]:
    errors: dict[str, str] = {}
    if participant.conference.status not in LIVE:
        raise ValidationError("This conference is over, so there is nothing left to decide about who comes.")
    if how not in HowToAttend.values:
        errors["how"] = "Choose how the person takes part."
    if not reason.strip():
        errors["reason"] = "Say why you decided this. The person may ask to read it."
    if how == HowToAttend.NOT_AT_ALL and views_through is None:
        errors["views_through"] = "Choose who brings this person's views to the meeting."
    if views_through is not None and (
        views_through.pk == participant.pk or views_through.conference_id != participant.conference_id
    ):
        errors["views_through"] = "Choose someone else from this conference."
    if how == HowToAttend.SEPARATE_TIME and arrives_at is None and participant.arrives_at is None:
        errors["arrives_at"] = "Enter when this person arrives, apart from the others."
    return errors


@transaction.atomic
def hold_undecided(
    *, conference: Conference, by: User | None, now: datetime.datetime, said: SaidByGuest | None = None
) -> list[ExclusionRequest]:
    """Hold everyone on the list about whom the chair has something to decide.

    That is a contact risk, being kept out before, or that whoever asked for the conference asked for it. Opens a
    request for each, which withdraws unsent messages. Safe to repeat.
    """
    participants = list(conference.participants.filter(status__in=HELD_FROM).select_related("person").order_by("pk"))
    risks = undecided_risks(participants, on=civil_day(now))
    before = kept_out_before(conference, participants)
    asked = asked_to_keep_out(conference, participants)
    found = []
    for participant in participants:
        standing, wish = before.get(participant.pk), asked.get(participant.pk)
        if participant.pk in risks:
            ground, reason = RequestGround.CONTACT_RISK, risk_words(risks[participant.pk])
        elif standing is not None:
            ground, reason = RequestGround.KEPT_OUT_BEFORE, standing.reason
        elif wish is not None:
            ground, reason = RequestGround.ASKED, wish.evidence
        else:
            continue
        found.append(
            open_request(
                participant=participant,
                ground=ground,
                reason=reason,
                asked_for=standing.asked_for if standing else None,
                goes_on_from=standing,
                said=said,
                by=(wish.by if wish and ground == RequestGround.ASKED else None) or by,
                evidence=wish.evidence if wish and ground != RequestGround.ASKED else "",
                from_whom=wish.from_whom if wish else "",
                now=now,
            )
        )
    return found


def _tell_chair(conference: Conference, request: ExclusionRequest, *, now: datetime.datetime) -> None:
    if conference.chair is None:
        return
    deciding = people_named(conference, KEEPS_OUT, on=civil_day(now))
    for user in to_be_told(conference, deciding, on=civil_day(now)):
        decides = user in deciding
        notify(
            user=user,
            key=f"request:{request.pk}",
            text=(
                f"{conference.reference}: someone is asking {'you' if decides else 'the chair'} to decide "
                "whether and how a person takes part."
            ),
            url=reverse("conferences:decide-request", args=[conference.pk, request.pk])
            if decides
            else reverse("conferences:people", args=[conference.pk]),
            urgent=True,
            now=now,
        )


def _tell_coordinator(conference: Conference, key: str, text: str, *, now: datetime.datetime) -> None:
    if conference.coordinator is None:
        return
    for user in to_be_told(conference, [conference.coordinator], on=civil_day(now)):
        notify(user=user, key=key, text=text, url=reverse("conferences:people", args=[conference.pk]), now=now)
