"""What the chair says to those a decision is about: the person whose place changed, and whoever asked for it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection

from django.urls import reverse
from django.utils import timezone

from conferences.enums import HowToAttend, ParticipantStatus, RequestGround, SittingState
from conferences.models import Conference, ExclusionRequest, Participant, Sitting
from conferences.selectors.children import children_around
from conferences.selectors.recipients import to_be_told
from conferences.services.sending import cancel_entry, send_next_version, was_told, why_not_to_this_mailbox
from conferences.services.to_tell import put_answer_on_list, take_off_list, take_out_words
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from entitlement import SHORT_WORDS, TITLES, concealed_from, first_names, is_same_name, names_somebody
from families.models import Person
from notifications.enums import MessageKind, Subject
from notifications.models import Message
from notifications.services.outbox import notify, queue_message, reference_subject

GIVES_AWAY = "This gives away something that is confidential from them. Write it without that."
AHEAD = (SittingState.BOOKED,)
OFF = (ParticipantStatus.KEPT_OUT, ParticipantStatus.WITHDRAWN)
ANSWER = re.compile(r"chairs-answer:(?P<request>\d+)")


def draft_for_person(participant: Participant) -> str:
    """Return words for the chair to start from, to a person who knows of the meeting; they name no one who asked."""
    return (
        f"The chair of the meeting with the reference {participant.conference.reference} has decided how you take "
        "part in it.\n\n[You are not asked to come: please take the meeting out of your diary. Or: you come at your "
        "own time and place, which are below.]\n\nWhat you think still matters. [Who brings it to the meeting, and "
        "how to reach them.]\n\n{how_to_disagree(participant.conference)}"
    )


def how_to_disagree(conference: Conference) -> str:
    """Return what someone can do who does not agree with what the chair decided about them."""
    council = conference.authority
    phone = f" on {council.day_phone}" if council.day_phone else ""
    complain = f" You can also complain: {council.complaints}." if council.complaints else ""
    return f"If you do not agree with this, ring us{phone} and ask for the chair.{complain}"


def draft_for_asker() -> str:
    """Return words for the chair to start from, to a person who asked."""
    return "You asked that [what was asked].\n\nThe chair decided [what was decided]."


def asker_on_list(request: ExclusionRequest) -> Participant | None:
    """Return the row of the member of the family who asked, if they are invited to this conference."""
    if request.asked_for_id is None:
        return None
    rows = request.conference.participants.filter(person=request.asked_for_id, status=ParticipantStatus.INVITED)
    found: Participant | None = rows.select_related("person").order_by("pk").first()
    return found


def check_words(
    request: ExclusionRequest, participant: Participant, *, how: str, told_text: str, answer_text: str
) -> dict[str, str]:
    """Return an error for each text that the decision needs and lacks, or that names what it must not."""
    errors: dict[str, str] = {}
    if how in HowToAttend.values and how != HowToAttend.WHOLE and was_told(participant) and not told_text.strip():
        errors["told_text"] = "They know of the meeting. Say what they are told now."
    if request.ground == RequestGround.ASKED and request.asked_for_id and not answer_text.strip():
        errors["answer_text"] = "Say what the person who asked is told."
    asker = request.asked_for
    if asker is not None and "told_text" not in errors and _names(told_text, asker, beside=participant.person):
        errors["told_text"] = "This names the person who asked. Nobody else learns who that was."
    for name, text, reader in (("told_text", told_text, participant.person), ("answer_text", answer_text, asker)):
        if reader is not None and gives_away(text, [reader], request.conference):
            errors.setdefault(name, GIVES_AWAY)
    for name, text in (("told_text", told_text), ("answer_text", answer_text)):
        if "[" in text and "]" in text:
            errors.setdefault(name, "Put your own words in place of those in brackets.")
    return errors


def gives_away(text: str, readers: Collection[Person], conference: Conference) -> bool:
    """Return whether words that are sent reveal a place that is hidden from one of those who get them."""
    if not text.strip():
        return False
    children = children_around(conference)
    concealed = concealed_from(readers, children, council=conference.authority.name, on=timezone.localdate())
    return concealed.is_in(text)


def _names(text: str, person: Person, *, beside: Person) -> bool:
    """Return whether a text names a person, in a way that cannot mean the one it is written to as well."""
    first, last = person.given_name[:1], person.family_name
    names = {*first_names(person.given_name), person.full_name} - {beside.given_name}
    if first and last and (first, last) != (beside.given_name[:1], beside.family_name):
        names.add(f"{first} {last}")
        names |= {f"{first}.{last[:1]}."} if f"{first}{last[:1]}" not in SHORT_WORDS else set()
    if last and not is_same_name(last, beside.family_name):
        names |= {f"{title} {last}" for title in TITLES}
    return names_somebody(text, names)


def tell_person(
    participant: Participant, conference: Conference, *, told: str, knew: bool, now: datetime.datetime
) -> None:
    """Tell a person who knew of the meeting what the chair decided, in the chair's words.

    Kept out, or come for a child withdrawn since: the entry is cancelled and the link stays closed. Otherwise they
    get their own part, with a new link; it is their invitation where nobody had told them before. Where no e-mail
    reaches someone who knew, they are on the list of those to be told, and the coordinator is asked to tell them.
    What an earlier decision said and nobody told them is not told any more. Nothing goes to someone who does not
    come and never knew.
    """
    sitting = _sitting_of(conference)
    queued = 0
    before = participant.exclusion_requests.filter(decided_at__isnull=False).values_list("told_text", flat=True)
    take_out_words(participant, before)
    if sitting is not None and participant.status in OFF and knew:
        queued = cancel_entry(
            participant=participant,
            conference=conference,
            sitting=sitting,
            subject=Subject.PLACE,
            # The words for someone who comes in part don't fit whoever came for a child withdrawn meanwhile.
            told=told if participant.status == ParticipantStatus.KEPT_OUT else "",
            now=now,
        )
    elif participant.status in OFF:
        take_off_list(participant, because="They do not come, and did not know of the meeting.", now=now)
    elif sitting is not None and participant.status == ParticipantStatus.INVITED and sitting.state in AHEAD:
        whole = participant.how == HowToAttend.WHOLE or not knew
        queued = send_next_version(
            participant=participant,
            conference=conference,
            sitting=sitting,
            subject=Subject.INVITATION if whole else Subject.PLACE,
            told="" if whole else told,
            now=now,
        )
    if knew and not queued:
        _by_hand(participant, "by-hand", "the chair has decided about someone who knows of the meeting", now=now)


def answer_asker(request: ExclusionRequest, *, now: datetime.datetime) -> None:
    """Send the chair's answer to the member of the family who asked, or ask the coordinator to give it."""
    if request.asked_for is None or not request.answer_text:
        return
    asker, conference = asker_on_list(request), request.conference
    if asker is None or not asker.email or why_not_to_this_mailbox(asker, on=civil_day(now)):
        if asker is not None:
            put_answer_on_list(asker, request, now=now)
        _by_hand(request.participant, f"answer:{request.pk}", "the chair has answered someone who asked", now=now)
        return
    queue_message(
        authority=conference.authority,
        key=f"chairs-answer:{request.pk}",
        kind=MessageKind.INVITATION,
        to_email=asker.email,
        subject=reference_subject(subject=Subject.ANSWER, reference=conference.reference),
        body=f"Hello,\n\n{request.answer_text}\n\n{conference.authority.name}",
        person_id=asker.person_id,
        family_id=conference.family_id,
        conference_id=conference.pk,
        now=now,
    )


def reason_to_withhold_answer(message: Message) -> str:
    """Return why the chair's answer may not leave now: the asker's own address or place may have changed."""
    named = ANSWER.fullmatch(message.key)
    request = ExclusionRequest.objects.filter(pk=named["request"]).first() if named else None
    if request is None:
        return ""
    asker = asker_on_list(request)
    if asker is None or asker.email != message.to_email:
        return "This person is not invited at this address any more."
    return why_not_to_this_mailbox(asker, on=timezone.localdate())


def on_answer_not_sent(message: Message, because: str, now: datetime.datetime) -> None:
    """Put the answer that did not leave on the list of those to be told, and ask the coordinator to give it."""
    named = ANSWER.fullmatch(message.key)
    request = ExclusionRequest.objects.filter(pk=named["request"]).first() if named else None
    if request is not None:
        if (asker := asker_on_list(request)) is not None:
            put_answer_on_list(asker, request, because=f"The e-mail did not leave. {because}", now=now)
            reconcile(family_ids=[request.conference.family_id], now=now)
        _by_hand(request.participant, f"answer:{request.pk}", "the chair has answered someone who asked", now=now)


def _sitting_of(conference: Conference) -> Sitting | None:
    rows = conference.sittings.exclude(state=SittingState.CANCELLED).select_related("room", "chair")
    found: Sitting | None = rows.order_by("-number").first()
    return found


def _by_hand(participant: Participant, key: str, what: str, *, now: datetime.datetime) -> None:
    conference = participant.conference
    for user in to_be_told(conference, [conference.coordinator], on=civil_day(now)):
        notify(
            user=user,
            key=f"{key}:{participant.pk}:{now:%Y%m%d%H%M%S}",
            text=f"{conference.reference}: {what}, and no e-mail says so. Tell them: the words are on this page.",
            url=reverse("conferences:to-tell", args=[conference.pk])
            if conference.to_tell.filter(told_at__isnull=True, ended_at__isnull=True).exists()
            else reverse("conferences:participant", args=[conference.pk, participant.pk]),
            urgent=True,
            now=now,
        )
