"""Reports before a conference, and the letter and minutes after it, as created for the demonstration."""

from __future__ import annotations

import datetime
import random

from django.utils import timezone

from conferences.enums import Capacity
from conferences.models import Conference, ConferenceChild
from conferences.selectors.children import children_in
from conferences.selectors.recipients import managers_of
from deadlines.working_days.calendars import WorkingCalendar
from demo import words
from demo.council import Council
from reports.enums import Channel, DocumentKind, SharingManner, SharingOutcome
from reports.models import Report
from reports.selectors.circulation import circulation_of
from reports.selectors.due import people_due
from reports.selectors.papers import authors_of
from reports.services.circulation import record_copy
from reports.services.documents import prepare_document, release_document
from reports.services.manager_approval import agree_report
from reports.services.reports import begin_report, save_section, submit_report
from reports.services.sharing import record_sharing


def report_before(
    council: Council, conference: Conference, *, worry: str, now: datetime.datetime, complete: bool, dice: random.Random
) -> None:
    """Write each author's report and share it with the family; some are missing if not ``complete``."""
    by = council.user("Joan Plover")
    for number, author in enumerate(authors_of(conference)):
        if not complete and number % 3 == 0:
            continue
        writer = conference.requested_by if author.capacity == Capacity.SOCIAL_WORKER else by
        children = list(children_in(conference))
        child = dice.choice(children)
        report = begin_report(author=author, by=writer, now=now)
        in_short = () if author.capacity == Capacity.SOCIAL_WORKER else (words.IN_SHORT,)
        for said in (*words.REPORT, *in_short):
            name = child.child.person.short_name
            save_section(
                report=report,
                heading=said.heading,
                text=said.text.format(child=name, worry=worry),
                nature=said.nature,
                evidence=said.evidence.format(child=name),
                children=[child] if "{child}" in said.text else [],
                by=writer,
                now=now,
            )
        report = submit_report(
            report=report,
            by=writer,
            now=now + datetime.timedelta(minutes=20),
            why_held=worry,
            received_by="" if writer == conference.requested_by else "By secure e-mail",
        )
        if report.needs_agreement:
            agreed_at = now + datetime.timedelta(minutes=50)
            manager = managers_of(conference, on=timezone.localdate(now))[0]
            agree_report(report=report, by=manager, now=agreed_at)
        if complete or number % 2:
            _share(report, children, by=writer, now=now + datetime.timedelta(minutes=90))


def _share(report: Report, children: list[ConferenceChild], *, by: object, now: datetime.datetime) -> None:
    for due in people_due(report.conference, children):
        if due.waits:
            continue
        record_sharing(
            report=report,
            person=due.person,
            outcome=SharingOutcome.SHARED,
            manner=SharingManner.TALKED_THROUGH,
            shared_at=now - datetime.timedelta(minutes=15),
            language="English",
            by=by,  # type: ignore[arg-type]
            now=now,
        )


def circulate(council: Council, conference: Conference, *, calendar: WorkingCalendar, now: datetime.datetime) -> None:
    """Send the letter on the following day and the minutes two weeks later, a copy to each recipient."""
    by = council.user("Joan Plover")
    ended_on = timezone.localdate(conference.ended_at)
    for kind, working_days in ((DocumentKind.DECISIONS_LETTER, 0), (DocumentKind.MINUTES, 10)):
        day = calendar.add(ended_on, working_days)
        prepared_at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(16)))
        if prepared_at > now - datetime.timedelta(hours=3):
            return
        document = prepare_document(conference=conference, kind=kind, by=by, now=prepared_at)
        document = release_document(
            document=document,
            by=conference.chair,  # type: ignore[arg-type]
            now=prepared_at + datetime.timedelta(minutes=30),
        )
        sent_at = prepared_at + datetime.timedelta(hours=1)
        recipients = {person.pk: person for person in conference.participants.all()}
        for row in circulation_of(document).rows:
            if not row.number:
                continue
            recipient = recipients[row.participant_id]
            record_copy(
                document=document,
                recipient=recipient,
                channel=Channel.SECURE_EMAIL if recipient.email else Channel.BY_HAND,
                channel_confirmed="Asked by phone that day",
                sent_to=recipient.email,
                sent_at=sent_at,
                by=by,
                now=sent_at + datetime.timedelta(minutes=5),
            )
