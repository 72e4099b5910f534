"""Marks for the leak tests: references to where Hazel is, planted in every place that could reveal it.

Builds on the world of ``tests/world.py``. Hazel, Robin and Wren live where the two fathers must not find them;
Wren's school, surgery, refuge and the team that works with her there are marked too. In the past meeting
something was said in a confidential part; Hazel and Martin come to the next review at separate times.
"""

from __future__ import annotations

import datetime
import re
from types import SimpleNamespace

from accounts.models import Team
from conferences.enums import Capacity, ConferenceKind, Mode, PartKind, Presence
from conferences.models import AnswerToGuest, Conference, Part, SaidByGuest
from conferences.services.invitations import send_invitations
from conferences.services.new_links import show_list
from core_groups.models import CoreGroupMember
from families.enums import AgencyKind
from families.models import Agency, AgencyInvolvement, Child, ContactPoint, Residence
from meetings.enums import Nature
from meetings.models import BoardEntry
from reports.enums import Channel, DocumentKind, DocumentState
from reports.models import Copy
from reports.services.documents import release_document
from tests.factories import (
    AgencyFactory,
    ConferenceChildFactory,
    ConferenceFactory,
    ParticipantFactory,
    PersonFactory,
    PostFactory,
    SittingFactory,
    family_participant,
)
from tests.layout import lay_out_papers
from tests.reports.story import NOW, act, say, seat, tell
from tests.world import tell_world
from tests.written_at import LONG_AGO, move_history

SENTENCE = "She keeps a packed bag behind the boiler"
# A note that tells the street in a way of its own: whatever shows the note has not looked well.
SHORTENED = "Waystone"
HER_MAILBOX = "h.quickthorn@home.example"
ARRIVES = datetime.datetime(2027, 3, 16, 9, 7, tzinfo=datetime.UTC)
HE_ARRIVES = datetime.datetime(2027, 3, 16, 11, 13, tzinfo=datetime.UTC)

# By name: what reveals it, however it is written. Each stands for only one thing in this world.
MARKERS: dict[str, re.Pattern[str]] = {
    "street": re.compile(r"quince\W*orchard", re.IGNORECASE),
    "shortened": re.compile(SHORTENED, re.IGNORECASE),
    "postcode": re.compile(r"em4\W?7qx", re.IGNORECASE),
    "phone": re.compile(r"7700\W?900\W?321"),
    "school": re.compile(r"meadow\W*lane|callum", re.IGNORECASE),
    "surgery": re.compile(r"sallow\W*steps|whinchat", re.IGNORECASE),
    "worker's team": re.compile(r"estuary\W*locality|redstart", re.IGNORECASE),
    "refuge": re.compile(r"thistledown|dipper|960\W?777", re.IGNORECASE),
    "own team": re.compile(r"cormorant\W*quay", re.IGNORECASE),
    # To the minute, and not the seconds of another time: of those the clock on the wall has every one once an hour.
    "her arrival": re.compile(r"(?<![\d:.])0?9[:.]07(?![:.]?\d)|2027-?03-?16[T ]0?9:?07"),
    "his arrival": re.compile(r"(?<![\d:.])11[:.]13(?![:.]?\d)|2027-?03-?16[T ]11:?13"),
    "her mailbox": re.compile(r"quickthorn", re.IGNORECASE),
    "confidential part": re.compile(r"packed\W*bag", re.IGNORECASE),
}


def tell_whereabouts() -> SimpleNamespace:
    """Tell the world with everything planted, the meeting's papers and the review's invitations sent."""
    story = tell()
    Team.objects.filter(pk=story.team.pk).update(name="Cormorant Quay team")
    story.team.refresh_from_db()
    for home in Residence.objects.filter(address__postcode="EM4 7QX"):
        home.hidden_from.set([story.martin, story.dale])
    story.surgery = _known_to(story, story.wren, AgencyKind.GP, "Sallow Steps Surgery", "Linus Whinchat", "GP")
    story.locality = _known_to(
        story, story.wren, AgencyKind.SOCIAL_CARE, "Estuary Locality Team", "Una Redstart", "Family worker"
    )
    story.refuge = _known_to(
        story, story.wren, AgencyKind.DOMESTIC_ABUSE, "Thistledown Refuge", "Petra Dipper", "Refuge worker",
        address="3 Thistledown Rise", phone="01632 960 777",
    )  # fmt: skip
    for known in (story.surgery, story.locality):
        known.hidden_from.set([story.martin])
    _confidential_part(story)
    world = tell_world(story)
    _papers_sent(world)
    _review(world)
    CoreGroupMember.objects.create(
        core_group=world.core_group, person=world.tutor.person, post=world.tutor, starts_on=NOW.date()
    )
    # A page that says when something was changed would else say, once a day, when Hazel comes.
    move_history(LONG_AGO, NOW)
    return world


def _known_to(
    story: SimpleNamespace, child: Child, kind: AgencyKind, name: str, worker: str, title: str, **fields: str
) -> AgencyInvolvement:
    """Add an agency that knows a child, marked as revealing where the child is."""
    agency: Agency = AgencyFactory(authority=story.authority, kind=kind, name=name, **fields)
    given, family = worker.split()
    person = PersonFactory(authority=story.authority, given_name=given, family_name=family)
    post = PostFactory(agency=agency, person=person, title=title, email=f"{family}@agency.example".lower())
    return AgencyInvolvement.objects.create(child=child, agency=agency, post=post, confidential=True)


def _confidential_part(story: SimpleNamespace) -> None:
    """Add a part with only police, social worker and chair: a note, an action, a score and a view."""
    story.apart = Part.objects.create(
        sitting=story.sitting, number=2, kind=PartKind.CONFIDENTIAL, title="Confidential part"
    )
    for name in ("worker", "police", "chair", "coordinator"):
        seat(story, getattr(story.of, name), story.apart, Presence.PRESENT)
    say(story, f"{SENTENCE}.", part=story.apart)
    say(story, f"{SENTENCE}, says Robin.", story.robin_row, part=story.apart)
    act(story, f"{SENTENCE}: fetch it", part=story.apart)
    act(story, "Watch the door", story.robin_row, part=story.apart, why=SENTENCE)


def _papers_sent(world: SimpleNamespace) -> None:
    """Release decisions letter or minutes, and send a copy to everyone due one."""
    release_document(document=world.documents[DocumentKind.DECISIONS_LETTER], by=world.chair, now=NOW)
    for document in world.documents.values():
        document.refresh_from_db()
        assert document.state == DocumentState.RELEASED
        for recipient in document.content["due"]:
            Copy.objects.create(
                document=document, recipient_id=recipient, channel=Channel.COLLECTED, channel_confirmed="Asked",
                sent_at=NOW, sent_by=world.coordinator, checksum="0" * 64,
            )  # fmt: skip
    lay_out_papers()


def _review(world: SimpleNamespace) -> None:
    """Book a review whose participants come at separate times and from hidden places."""
    review: Conference = ConferenceFactory(
        family=world.family, reference="EC27-0007", chair=world.chair, coordinator=world.coordinator,
        mode=Mode.IN_PERSON, requested_by=world.worker,
    )  # fmt: skip
    rows = {
        name: ConferenceChildFactory(
            conference=review, child=getattr(world, name), kind=ConferenceKind.REVIEW, enquiry=None
        )
        for name in ("robin", "wren")
    }
    world.review_sitting = SittingFactory(
        conference=review, starts_at=datetime.datetime(2027, 3, 16, 10, tzinfo=datetime.UTC),
        booked_by=world.coordinator, room=world.sitting.room,
    )  # fmt: skip
    waits = {"status": "to_invite", "invited_at": None}
    both, wren, robin = list(rows.values()), [rows["wren"]], [rows["robin"]]

    def family(capacity: Capacity, name: str, children: list[object], **fields: object) -> object:
        person = getattr(world.of, name).person
        row = family_participant(review, capacity, person=person, children=children, **waits, **fields)
        if row.is_family:
            marks = {"is_safe": True, "safe_how": "Asked them", "safe_on": NOW.date()}
            ContactPoint.objects.update_or_create(person=person, kind="email", value=row.email, defaults=marks)
        return row

    def professional(post: object, *children: object) -> object:
        return ParticipantFactory(conference=review, post=post, children=list(children), **waits)

    world.at_review = SimpleNamespace(
        hazel=family(Capacity.PARENT, "hazel", both, email=HER_MAILBOX, arrives_at=ARRIVES),
        martin=family(Capacity.PARENT, "martin", wren, arrives_at=HE_ARRIVES),
        dale=family(Capacity.PARENT, "dale", robin),
        olive=family(Capacity.RELATIVE, "olive", both),
        worker=family(Capacity.SOCIAL_WORKER, "worker", both, email=world.worker.email),
        chair=family(Capacity.CHAIR, "chair", [], email=world.chair.email),
        coordinator=family(Capacity.COORDINATOR, "coordinator", [], email=world.coordinator.email),
        tutor=professional(world.tutor, *robin),
        teacher=professional(world.teacher, *wren),
        gp=professional(world.gp, *both),
        surgery=professional(world.surgery.post, *wren),
        locality=professional(world.locality.post, *wren),
        refuge=professional(world.refuge.post, *wren),
    )
    world.review = review
    for text in ("They moved to Quince Orchard.", f"{SHORTENED}: near Qui\u00adnce\nOrch, em4-7 qx."):
        BoardEntry.objects.create(
            conference=review, heading="current-risks", text=text, nature=Nature.FACT,
            part=world.review_sitting.parts.get(), created_by=world.coordinator, created_at=NOW,
        )  # fmt: skip
    send_invitations(conference=review, by=world.coordinator, now=NOW)
    _asked_and_answered(world)
    for name in ("hazel", "martin", "olive", "gp"):
        show_list(participant=getattr(world.at_review, name), by=world.chair, now=NOW)
    for name, row in vars(world.at_review).items():
        row.refresh_from_db()
        setattr(world.at_review, name, row)


def _asked_and_answered(world: SimpleNamespace) -> None:
    """Plant marks in what only Hazel asked for and was answered, and in the way to the room."""
    said = SaidByGuest.objects.create(
        participant=world.at_review.hazel, guest_session_id=0, said_at=NOW, needs=["getting_there"],
        text="A lift from Sallow Steps, please",
    )  # fmt: skip
    AnswerToGuest.objects.create(
        said=said, text="The car waits at Sallow Steps.", answered_by=world.coordinator, answered_at=NOW
    )
    room = world.review_sitting.room
    room.directions = "Walk past the Sallow Steps Surgery.\nUse the side door."
    room.save()
