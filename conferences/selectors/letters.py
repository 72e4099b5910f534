"""The words of an invitation, a change and a cancellation, for an e-mail, for paper and to read out."""

from __future__ import annotations

import re

from django.conf import settings
from django.urls import reverse

from conferences.enums import Capacity, Occasion, ParticipantStatus
from conferences.guest_access import COUNCILS_OWN, comes_by_link, has_deputy
from conferences.models import Conference, Participant, Sitting
from conferences.selectors.answers import asked_again_of, reminder_of
from conferences.selectors.arrivals import own_arrival, own_place
from conferences.selectors.recording import recording_words
from govuk import words
from notifications.enums import Subject
from notifications.services.at_sending import OWN_LINK

# What someone writes for one person stands in these in place of our own opening.
IN_OWN_WORDS = (Occasion.PLACE, Occasion.TAKEN_OFF)
# What is said with the link for those online, or once it is taken back, holds only at that moment.
LINK_GIVEN = (
    "Thank you for saying that you are coming. You join on a screen: the link is below. It is only for you. Please do "
    "not pass it on."
)
LINK_TAKEN = (
    "You have told us that you are not joining on a screen. The link is taken out of your calendar entry. Please do "
    "not use it any more, and do not pass it on."
)
LINK_CHANGED = (
    "The link for those who join on a screen has changed. Please use the one below, and not the one you had before."
)
OF_THE_LINK = (LINK_GIVEN, LINK_TAKEN, LINK_CHANGED)
NEWS = re.compile(r" [^.\n]* now (?:leads this meeting|arranges it and takes the notes)\.")
CHANGED = "The day, time or place of your meeting has changed. These are the new details."


def written_for_the_person(body: str) -> str:
    """Return what someone wrote for the recipient of a message: all between the greeting and what we always say."""
    paragraphs = body.split("\n\n")[1:]
    ours = ("Day: ", "Ring us", "Get in touch")
    end = next((place for place, text in enumerate(paragraphs) if text.startswith(ours)), len(paragraphs))
    return "\n\n".join(paragraphs[:end])


def not_ours(text: str, participant: Participant) -> str:
    """Return what was written for the person, without what opens each version of an entry or goes with the link."""
    ours = (_opening(participant), CHANGED, *OF_THE_LINK)
    # Each version names whoever runs the meeting when it is written.
    rest = NEWS.sub("", text)
    return "\n\n".join(paragraph for paragraph in rest.split("\n\n") if not paragraph.startswith(ours))


def letter(
    *,
    participant: Participant,
    conference: Conference,
    sitting: Sitting,
    subject: Subject = Subject.INVITATION,
    told: str = "",
    news: str = "",
    on_paper: bool = False,
) -> str:
    """Return the text of an invitation, change or cancellation, as sent, printed or read out: it names no one.

    ``told`` is written for the person, such as the chair's words to someone whose place has changed; it stands in
    place of our own opening, and follows it in an invitation. ``news`` says who runs the meeting now, to someone who
    knows another name: the only name in it. ``on_paper`` leaves out what only an e-mail has, the link and the calendar
    file.
    """
    arrival = own_arrival(participant, sitting)
    ring = f"Ring us on {conference.authority.day_phone}" if conference.authority.day_phone else "Get in touch"
    if subject == Subject.CANCELLED:
        return "\n\n".join(
            (
                "Hello,",
                (
                    f"The meeting with the reference {conference.reference} will not go ahead as "
                    "planned. Please take it out of your diary."
                ),
                f"{ring} if you have any questions.",
                conference.authority.name,
            )
        )
    if subject == Subject.PLACE and participant.status != ParticipantStatus.INVITED:
        own_words = told or (
            f"You do not need to come to the meeting with the reference {conference.reference}. "
            "Please take it out of your diary."
        )
        return "\n\n".join(("Hello,", own_words, f"{ring} if you have any questions.", conference.authority.name))
    opening = told or (CHANGED if subject == Subject.CHANGED else _opening(participant))
    if subject == Subject.INVITATION and told:
        opening = f"{_opening(participant)}\n\n{told}"
    earlier = None if told else asked_again_of(participant)
    if earlier is not None and not has_deputy(participant):
        opening += f" {reminder_of(earlier, participant, sitting)}"
    if news:
        opening += f" {news}"
    until = [f"You are asked to stay until: {words.clock(participant.leaves_at)}"] if participant.leaves_at else []
    facts = "\n".join(
        (
            f"Day: {words.long_date(arrival)}".replace(words.NO_BREAK, " "),
            f"Please arrive at: {words.clock(arrival)}",
            *until,
            f"Where: {own_place(participant, conference, sitting)}",
            f"Reference: {conference.reference}",
        )
    )
    return "\n\n".join(
        (
            "Hello,",
            opening,
            facts,
            *filter(None, [recording_words(conference)]),
            *_closing(participant, conference, ring, on_paper=on_paper),
            *([] if on_paper else _about_the_file(participant)),
            conference.authority.name,
        )
    )


def _opening(participant: Participant) -> str:
    if participant.capacity == Capacity.CHILD:
        return (
            "We are having a meeting about how to keep you safe and well, and you are invited. "
            "You can choose how much of it to be there for. Someone can speak for you if you like."
        )
    if participant.is_family:
        return (
            "You are invited to a meeting about how to keep the children in the family safe and "
            "well. What you think matters. You can bring someone to support you."
        )
    if participant.capacity in (Capacity.SUPPORTER, Capacity.ADVOCATE, Capacity.SOLICITOR, Capacity.INTERPRETER):
        return "You are invited to a meeting, to be there with someone from the family."
    if participant.capacity in COUNCILS_OWN:
        return "This is your calendar entry for a child protection conference you are taking part in."
    return (
        "You are invited to a child protection conference, because your agency knows one of the "
        "children. If you can't come, please send someone who can speak for your agency."
    )


def _closing(participant: Participant, conference: Conference, ring: str, *, on_paper: bool) -> list[str]:
    if participant.is_family:
        return [
            (
                f"{ring} if you want to talk about it first. Ring us if you can't come. Ring us if you need help to "
                "take part. You can ask not to be in a room with someone."
            ),
            _in_short(participant),
            *([] if on_paper else _own_page(participant)),
            _at_night(conference),
            "Please do not pass this message on.",
        ]
    if participant.capacity in COUNCILS_OWN:
        path = reverse("conferences:overview", args=[conference.pk])
        return [f"Go to the conference: {settings.PUBLIC_URL}{path}"]
    parts = []
    if participant.reports:
        parts.append("Please write a report, and talk it through with the family before the meeting.")
    if on_paper:
        parts.append(f"{ring} to say whether you are coming.")
        return [*parts, "Please do not pass this on."]
    if participant.person.user_id and participant.post_id:
        path = reverse("conferences:my-invitation", args=[participant.pk])
        parts.append(f"Please answer here: {settings.PUBLIC_URL}{path}")
    else:
        parts.extend(_own_page(participant))
        parts.append(f"{ring} to say whether you are coming{', if you would rather' if participant.email else ''}.")
    parts.append("The calendar file is only for you. Please do not pass it on.")
    return parts


def _in_short(participant: Participant) -> str:
    """Return in a few lines what the family's own page says at length."""
    if participant.capacity == Capacity.CHILD:
        return "You do not have to come. You can leave when you want. No one there can make you move from home."
    return (
        "We talk about what worries us and what goes well. Then we make a plan with you. No one at the meeting can "
        "take a child away: only a court can, or the police for a short time. You can ask for a lift, for help with "
        "child care, for an interpreter, or for bigger print. You can say that you do not agree. You can ask us to "
        "send you all of it on paper, and nothing online."
    )


def _at_night(conference: Conference) -> str:
    night = conference.authority.night_phone
    return f"{f'At night and at weekends, ring {night}. ' if night else ''}If someone is in danger, ring 999."


def _about_the_file(participant: Participant) -> list[str]:
    """Return the paragraph about the calendar file of an e-mail: what is pressed in a calendar stays there."""
    if not participant.email:
        return []
    where = "the conference’s page" if participant.capacity in COUNCILS_OWN else "your own page, or ring us"
    pressed = "Pressing “accept” or “decline” in your calendar does not reach us."
    return [f"The calendar file is for your own diary. {pressed} To say whether you are coming, answer on {where}."]


def _own_page(participant: Participant) -> list[str]:
    """Return the paragraph with the link, for those who come in by one; the link is filled in as the e-mail leaves."""
    if not comes_by_link(participant):
        return []
    return [
        (
            f"Your own page says when and where to come. You can answer there too: {OWN_LINK}\nThe "
            "page asks for a code. We send it to this address. The link is only for you."
        )
    ]
