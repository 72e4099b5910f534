"""Reminders of reports: to the author on their own page, and to their agency's named lead.

They follow the clocks of the report: once when it is due soon, once when it is late, and again where the conference
moves. Authors with an account are told by their own work (``deadlines``); what goes out here holds a reference and a
day, nobody's name, and no new link.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from django.db.models import Q

from conferences.access import UPCOMING
from conferences.enums import FAMILY_CAPACITIES, Capacity, DeputyState, ParticipantStatus, Reply
from conferences.guest_access import comes_by_link
from conferences.models import Deputy, ExclusionRequest, Participant
from conferences.services.sending import why_not_now
from deadlines.models import Deadline
from deadlines.working_days.arithmetic import civil_day, next_working_moment
from deadlines.working_days.calendars import calendars_for
from families.models import ContactPoint, ContactRisk, FamilyMember, Post
from govuk import words
from notifications.enums import MessageKind, Subject
from notifications.models import Message
from notifications.services.outbox import queue_message, reference_subject
from reports.selectors.own_report import SHARED, SUBMITTED

SOON, LATE = "soon", "late"
KEY = re.compile(
    r"report-reminder:(?P<deadline>\d+):(?P<stage>soon|late):(?P<due>\d+):(?P<whom>author|lead):(?P<pk>\d+)"
)
WHAT = {SUBMITTED: "hand in the report", SHARED: "talk the report through with the family, and tell us how it went"}
STANDS_OUTSIDE = (ParticipantStatus.AWAITING_CHAIR, ParticipantStatus.KEPT_OUT, ParticipantStatus.LEFT_OUT)
DONE = "The report is in, or no longer asked for."


def remind_authors(*, now: datetime.datetime) -> int:
    """Queue every reminder that has begun to be due and was not queued before; return how many there are now.

    In order, for each report that is due soon or late: to its author, or the deputy who was confirmed in their place,
    if they come in by link; and to each named lead of the author's agency. They leave in working hours. The same
    stage of the same date is written once, however often this runs.
    """
    rows = list(Deadline.objects.open().filter(kind__in=WHAT, warn_at__lte=now).order_by("pk"))
    authors = _authors(row.fact_id for row in rows)
    calendars = calendars_for({row.authority_id for row in rows})
    written = 0
    for row in rows:
        author = authors.get(row.fact_id)
        if author is None:
            continue
        send_after = next_working_moment(calendars[row.authority_id], now)
        for whom, pk, email, person_id in _recipients(author, on=civil_day(now)):
            _queue(row, author, whom, pk, email, person_id, send_after=send_after, now=now)
            written += 1
    return written


def _authors(ids: Iterable[int]) -> dict[int, Participant]:
    rows = Participant.objects.filter(
        pk__in=list(ids),
        capacity=Capacity.PROFESSIONAL,
        reports=True,
        status=ParticipantStatus.INVITED,
        conference__status__in=UPCOMING,
    )
    return {row.pk: row for row in rows.select_related("conference__authority", "person", "post", "agency")}


def _recipients(author: Participant, *, on: datetime.date) -> Iterable[tuple[str, int, str, int]]:
    deputy = (
        Deputy.objects.filter(participant=author, state=DeputyState.CONFIRMED)
        .select_related("comes_as__person", "comes_as__conference", "comes_as__post")
        .first()
    )
    # Whoever only writes the report goes on writing it themselves.
    writer = deputy.comes_as if deputy is not None and author.reply == Reply.DEPUTY else author
    if writer is not None and comes_by_link(writer):
        yield "author", writer.pk, writer.email, writer.person_id
    for post in leads_of(author, on=on):
        yield "lead", post.pk, post.email, post.person_id


def leads_of(author: Participant, *, on: datetime.date) -> list[Post]:
    """Return the named leads of the author's agency who may be told that it owes a report.

    Not the author; nobody of the family or on its lists, under a contact risk, or about whom the chair has decided or
    still decides; and nobody at a mailbox that somebody of the family reads.
    """
    if author.agency_id is None:
        return []
    conference = author.conference
    members = FamilyMember.objects.filter(family=conference.family_id).values("person")
    on_list = conference.participants.filter(Q(capacity__in=FAMILY_CAPACITIES) | Q(status__in=STANDS_OUTSIDE)).values(
        "person"
    )
    asked = ExclusionRequest.objects.filter(conference__family=conference.family_id).values("participant__person")
    read = ContactPoint.objects.current(on=on).filter(Q(person__in=members) | Q(person__in=on_list)).values("value")
    rows = (
        Post.objects.current(on=on)
        .filter(agency=author.agency_id, is_named_lead=True)
        .exclude(email="")
        .exclude(email__in=read)
        .exclude(person=author.person_id)
        .exclude(person__in=members)
        .exclude(person__in=on_list)
        .exclude(person__in=asked)
        .exclude(person__in=ContactRisk.objects.current(on=on).values("person"))
    )
    return list(rows.order_by("pk"))


def _queue(
    deadline: Deadline,
    author: Participant,
    whom: str,
    pk: int,
    email: str,
    person_id: int,
    *,
    send_after: datetime.datetime,
    now: datetime.datetime,
) -> Message:
    conference, late = author.conference, deadline.late_from <= now
    stage = LATE if late else SOON
    return queue_message(
        authority=conference.authority,
        key=f"report-reminder:{deadline.pk}:{stage}:{int(deadline.late_from.timestamp())}:{whom}:{pk}",
        kind=MessageKind.NOTICE,
        to_email=email,
        subject=reference_subject(subject=Subject.LATE if late else Subject.DUE_SOON, reference=conference.reference),
        body=_body(deadline, author, whom, is_late=late),
        person_id=person_id,
        family_id=conference.family_id,
        conference_id=conference.pk,
        send_after=send_after,
        now=now,
    )


def _body(deadline: Deadline, author: Participant, whom: str, *, is_late: bool) -> str:
    conference = author.conference
    day, what = words.long_date(deadline.plan_for_on), WHAT[deadline.kind]
    was = f"The last day to {what} was {day}." if is_late else f"The last day to {what} is {day}."
    phone = conference.authority.day_phone
    ring = f"Ring us on {phone}" if phone else "Get in touch"
    parts = [
        f"This is about the meeting {conference.reference}.",
        f"{'Your agency was' if whom == 'lead' else 'You were'} asked for a report. {was}",
    ]
    if whom == "lead":
        parts.append(
            f"Please make sure that it comes. We can’t say more in an e-mail. {ring} if you have any questions."
        )
    else:
        parts.append(
            "You can write it on your own page. Open the link in your invitation: we send a code to this address. "
            f"{ring} if you need more time, or have sent it another way."
        )
    return "\n\n".join(["Hello,", *parts, conference.authority.name])


def reason_to_withhold_reminder(message: Message) -> str:
    """Return why a reminder may not leave now: it is not needed any more, or not theirs. Empty for other messages."""
    named = KEY.fullmatch(message.key)
    if named is None:
        return ""
    deadline = Deadline.objects.open().filter(pk=named["deadline"]).first()
    if deadline is None or int(deadline.late_from.timestamp()) != int(named["due"]):
        return DONE
    author = _authors([deadline.fact_id]).get(deadline.fact_id)
    if author is None:
        return DONE
    today = civil_day(message.send_after)
    if named["whom"] == "lead":
        known = {post.pk: post for post in leads_of(author, on=today)}
        post = known.get(int(named["pk"]))
        return "" if post is not None and post.email == message.to_email else "They are not the agency’s lead for this."
    writer = Participant.objects.select_related("conference", "person", "post").filter(pk=named["pk"]).first()
    if writer is None or writer.email != message.to_email:
        return "This person is not invited at this address any more."
    return why_not_now(writer)
