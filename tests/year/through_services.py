"""What a council's people do again and again, done by the services where pages of the same kind are walked already.

The first of each kind goes through the pages in every council: there its values show.
"""

from __future__ import annotations

from django.utils import timezone

from accounts.models import User
from conferences.enums import Capacity, Category, Presence, TellingHow, TellingOutcome
from conferences.models import Conference
from conferences.selectors.telling import list_of_those_to_tell
from conferences.services.telling import record_telling
from meetings.enums import Harm, HarmAnswer, ViewStatus
from meetings.selectors.attendance import parts_of
from meetings.selectors.day_steps import TheDay
from meetings.services.attendance import record_attendance, say_who_brings_views, say_who_speaks_for_child
from meetings.services.views_given import record_view
from reports.enums import Channel, DocumentKind
from reports.selectors.circulation import circulation_of, current_document
from reports.services.circulation import record_copy
from reports.services.documents import prepare_document, release_document


def arrive(conference: Conference, names: tuple[str, ...], *, by: User) -> None:
    """Record that these people are here."""
    part = parts_of(conference)[-1]
    for participant in conference.participants.select_related("person"):
        if participant.person.full_name in names:
            record_attendance(participant=participant, part=part, presence=Presence.PRESENT, by=by, now=timezone.now())


def speak_for(conference: Conference, names: tuple[str, ...], *, by: User) -> None:
    """Record that the social worker brings these children's views, whether or not they were invited."""
    worker = conference.participants.get(capacity=Capacity.SOCIAL_WORKER)
    for child in conference.children.present().select_related("child__person"):
        if child.child.person.full_name not in names:
            continue
        invited = conference.participants.filter(person=child.child.person_id).first()
        if invited is None:
            say_who_speaks_for_child(conference_child=child, brought_by=worker, by=by, now=timezone.now())
        else:
            say_who_brings_views(participant=invited, brought_by=worker, by=by, now=timezone.now())


def hear_the_others(conference: Conference, *, by: User) -> None:
    """Record the view of everyone who waits, about every child: still harm, and a plan for emotional abuse."""
    found = TheDay(conference)
    for child in found.children:
        is_on_plan = child.pk in found.plans
        for row in found.views[child.pk].waiting:
            is_family = row.participant.is_family
            record_view(
                conference_child=child,
                participant=row.participant,
                reason="The fights go on.",
                still_harm=HarmAnswer.YES if is_on_plan else "",
                harm="" if is_on_plan or is_family else Harm.LIKELY,
                status=ViewStatus.CP_PLAN,
                category=Category.EMO if found.views[child.pk].asks_category and not is_family else "",
                by=by,
                now=timezone.now(),
            )


def give_out(conference: Conference, *, prepared_by: User, released_by: User) -> None:
    """Prepare letter and minutes, and release them."""
    for kind in (DocumentKind.DECISIONS_LETTER, DocumentKind.MINUTES):
        document = prepare_document(conference=conference, kind=kind, by=prepared_by, now=timezone.now())
        release_document(document=document, by=released_by, now=timezone.now())


def send_the_other_copies(conference: Conference, *, by: User) -> None:
    """Record that each who has no copy of letter or minutes yet was handed one."""
    for kind in (DocumentKind.DECISIONS_LETTER, DocumentKind.MINUTES):
        document = current_document(conference, kind)
        assert document is not None
        for row in circulation_of(document).waiting:
            record_copy(
                document=document,
                recipient=conference.participants.get(pk=row.participant_id),
                channel=Channel.BY_HAND,
                channel_confirmed="Rang on the number marked safe",
                sent_at=timezone.now(),
                by=by,
                now=timezone.now(),
            )


def tell_the_others(conference: Conference, *, by: User) -> None:
    """Record that everyone who gets no e-mail was told, face to face."""
    for row in list_of_those_to_tell(conference, on=timezone.localdate()):
        record_telling(
            to_tell=row.to_tell,
            outcome=TellingOutcome.TOLD,
            how=TellingHow.IN_PERSON,
            at=timezone.now(),
            by=by,
            now=timezone.now(),
        )
