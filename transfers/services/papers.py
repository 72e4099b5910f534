"""Papers that go with a child from one council to another: sent, received, or still missing."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.models import Conference, Participant
from deadlines.working_days.arithmetic import civil_day
from families.models import AgencyInvolvement, TransferIn
from reports.enums import TO_A_COUNCIL, Channel
from reports.services.later_recipients import ask_for_later_recipient
from transfers.enums import OF_A_CONFERENCE, STANDING, Arrival, HandedOver, PaperKind
from transfers.models import PaperHandedOver, PaperReceived, TransferOut, TransferredChild

FUTURE = "This day is in the future"
NOT_THERE = "No paper goes there: the other council takes no child of this transfer over any more."


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """One paper that was handed over, or of which there is none."""

    kind: PaperKind | str
    what: str
    outcome: HandedOver | str
    channel: Channel | str
    channel_confirmed: str
    sent_on: datetime.date | None


def children_still_moving(transfer: TransferOut) -> list[TransferredChild]:
    """Return the children about whom papers may still go: the move stands, and they are alive and not sealed."""
    rows = transfer.children.filter(
        state__in=STANDING, child__person__death_date__isnull=True, child__person__sealed_at__isnull=True
    )
    return list(rows.select_related("child__person", "child__pregnancy"))


@transaction.atomic
def hand_over_paper(*, transfer: TransferOut, paper: HandOver, by: User, now: datetime.datetime) -> PaperHandedOver:
    """Record that a paper went to the other council, over a channel confirmed for this sending, or that there is none.

    The newest row of a kind counts; the same again returns it. Raises ValidationError by field for what is missing,
    for papers that their own circulation sends, and where no child of the transfer is taken over any more.
    """
    locked = TransferOut.objects.select_for_update(no_key=True).get(pk=transfer.pk)
    if not children_still_moving(locked):
        raise ValidationError(NOT_THERE)
    faults = _faults_of(paper, today=civil_day(now))
    if faults:
        raise ValidationError(faults)
    is_sent = paper.outcome == HandedOver.SENT
    facts = {
        "kind": paper.kind,
        "what": paper.what.strip(),
        "outcome": paper.outcome,
        "channel": paper.channel if is_sent else "",
        "channel_confirmed": paper.channel_confirmed.strip() if is_sent else "",
        "sent_on": paper.sent_on if is_sent else None,
    }
    newest = locked.papers.filter(kind=paper.kind).last()
    if newest is not None and all(getattr(newest, name) == value for name, value in facts.items()):
        return newest
    return PaperHandedOver.objects.create(transfer=locked, recorded_by=by, recorded_at=now, **facts)


def _faults_of(paper: HandOver, *, today: datetime.date) -> dict[str, str]:
    faults: dict[str, str] = {}
    if paper.kind not in PaperKind.values or paper.kind in OF_A_CONFERENCE:
        faults["kind"] = "Choose a paper. Letters and minutes are sent from the page of their conference"
    if paper.kind == PaperKind.OTHER and not paper.what.strip():
        faults["what"] = "Say which paper"
    if paper.outcome == HandedOver.SENT:
        if paper.channel not in dict(TO_A_COUNCIL):
            faults["channel"] = "Choose how it was sent"
        if not paper.channel_confirmed.strip():
            faults["channel_confirmed"] = "Say how you made sure that it reaches the right worker"
        if paper.sent_on is None:
            faults["sent_on"] = "Enter the day on which it was sent"
        elif paper.sent_on > today:
            faults["sent_on"] = FUTURE
    elif paper.outcome != HandedOver.NONE:
        faults["outcome"] = "Choose whether it was sent"
    return faults


@transaction.atomic
def ask_for_papers_of(
    *, transfer: TransferOut, conference: Conference, by: User, now: datetime.datetime
) -> Participant:
    """Ask the chair of a conference to release its letter and minutes to the worker there, about these children.

    Raises ValidationError where no worker of the other council is recorded with the children, and as
    ``ask_for_later_recipient`` does.
    """
    locked = TransferOut.objects.select_for_update(no_key=True).get(pk=transfer.pk)
    rows = children_still_moving(locked)
    if not rows:
        raise ValidationError(NOT_THERE)
    children = [row.child for row in rows]
    known = AgencyInvolvement.objects.current(on=civil_day(now)).filter(
        child__in=children, agency=locked.agency_id, post__isnull=False
    )
    worker = known.select_related("post__person", "post__agency").order_by("-pk").first()
    if worker is None or worker.post is None or not worker.post.is_current(civil_day(now)):
        raise ValidationError(
            "Record first who works with the children there: add the other council as an agency, with its worker."
        )
    return ask_for_later_recipient(
        conference=conference,
        post=worker.post,
        children=children,
        because="Takes the case over in another council",
        by=by,
        now=now,
    )


@transaction.atomic
def record_paper_received(
    *,
    transfer: TransferIn,
    kind: PaperKind | str,
    outcome: Arrival | str,
    on: datetime.date,
    note: str,
    by: User,
    now: datetime.datetime,
) -> PaperReceived:
    """Record whether a paper came with a child who moved here. The newest of a kind counts; the same again stays one.

    Raises ValidationError by field: an unknown paper or outcome, a day in the future, a missing paper without a word
    on whom we asked.
    """
    locked = TransferIn.objects.select_for_update(no_key=True, of=("self",)).get(pk=transfer.pk)
    faults: dict[str, str] = {}
    if kind not in PaperKind.values:
        faults["kind"] = "Choose a paper"
    if outcome not in Arrival.values:
        faults["outcome"] = "Choose whether it came"
    if on > civil_day(now):
        faults["on"] = FUTURE
    if outcome == Arrival.MISSING and not note.strip():
        faults["note"] = "Say whom you asked for it"
    if kind == PaperKind.OTHER and not note.strip():
        faults["note"] = "Say which paper"
    if faults:
        raise ValidationError(faults)
    newest = locked.papers.filter(kind=kind).last()
    if newest is not None and (newest.outcome, newest.on, newest.note) == (outcome, on, note.strip()):
        return newest
    return PaperReceived.objects.create(
        transfer=locked, kind=kind, outcome=outcome, on=on, note=note.strip(), recorded_by=by, recorded_at=now
    )
