"""What comes back about a report: a manager's comments, receipts, what family members dispute or ask, and answers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from conferences.access import chairs_of
from conferences.models import Participant
from conferences.services.guards import text_of
from deadlines.working_days.arithmetic import civil_day
from notifications.services.outbox import notify
from reports.access import may
from reports.enums import RemarkKind
from reports.models import PassageComment, ReadReceipt, Remark, Report, ReportSection
from reports.services.short_reports import sentences_of


@transaction.atomic
def comment_on_passages(
    *, comments: Mapping[ReportSection, str], by: User, now: datetime.datetime
) -> list[PassageComment]:
    """Keep what a manager says beside each passage; the same words by the same manager once."""
    made = []
    for section, words in comments.items():
        text = words.strip()
        if text and not PassageComment.objects.filter(section=section, by=by, text=text).exists():
            made.append(PassageComment.objects.create(section=section, text=text, by=by, at=now))
    return made


@transaction.atomic
def say_it_is_read(
    *, report: Report, participant: Participant, is_short: bool, guest_session_id: int, now: datetime.datetime
) -> ReadReceipt:
    """Record that a family member has read a report, or its short report. Twice returns the first."""
    receipt, _ = ReadReceipt.objects.get_or_create(
        report=report,
        participant=participant,
        is_short=is_short,
        defaults={"guest_session_id": guest_session_id, "read_at": now},
    )
    return receipt


@transaction.atomic
def remark_on_report(
    *,
    report: Report,
    participant: Participant,
    kind: str,
    text: str,
    guest_session_id: int,
    now: datetime.datetime,
    section: ReportSection | None = None,
    place: int = 0,
) -> Remark:
    """Keep what a family member says is wrong in one sentence, or asks, beside the report.

    In order: checks the words and, for what is wrong, the sentence (``place`` in its paragraph); writes it, the
    same words once; tells the author, if they have an account and may still open it, and the chair.

    The caller has checked that this person reads the paragraph. Raises ValidationError on ``text`` or ``sentence``.
    """
    words = text_of("text", text, "Write what you want to say.")
    sentence = ""
    if kind == RemarkKind.WRONG:
        sentences = sentences_of(section.text) if section else []
        if not 0 <= place < len(sentences):
            raise ValidationError({"sentence": "Choose the sentence that is wrong."})
        sentence = sentences[place]
    what = {"report": report, "participant": participant, "kind": kind, "section": section, "sentence": sentence}
    same = Remark.objects.filter(**what, text=words).first()
    if same is not None:
        return same
    remark = Remark.objects.create(**what, text=words, guest_session_id=guest_session_id, said_at=now)
    _tell(remark, now=now)
    return remark


def _tell(remark: Remark, *, now: datetime.datetime) -> None:
    report = remark.report
    author = report.author
    people = {*chairs_of(report.conference, on=civil_day(now))}
    people |= {user for user in (author.person.user, report.submitted_by) if user is not None}
    for user in sorted(people, key=lambda one: one.pk):
        if may(user, author, to="remarks"):
            notify(
                user=user,
                key=f"report-remark:{remark.pk}",
                text=f"{report.conference.reference}: a family member has said something about a report.",
                url=reverse("reports:remarks", args=[report.conference_id, author.pk]),
                now=now,
            )


@transaction.atomic
def answer_remark(*, remark: Remark, answer: str, by: User, now: datetime.datetime) -> Remark:
    """Answer what a family member said; they read the answer on their own page. The first answer stays."""
    locked = Remark.objects.select_for_update(of=("self",)).get(pk=remark.pk)
    if locked.answered_at is not None:
        return locked
    locked.answer = text_of("answer", answer, "Write an answer. They will read it.")
    locked.answered_by, locked.answered_at = by, now
    locked.save(update_fields=["answer", "answered_by", "answered_at"])
    return locked
