"""The decisions letter and the minutes: prepared from the conference, released by its chair."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from conferences.access import may, stands_in_for
from conferences.agreed_by import is_named, named_as, named_words
from conferences.enums import ConferenceStatus
from conferences.models import Conference, ConferenceChild
from conferences.services.guards import family_ids_of
from conferences.services.scheduling import lock_conference
from core_groups.models import CoreGroupMeeting
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.enums import PregnancyOutcome
from plans.models import PlanVersion
from reports.access import RELEASED_UNDER, may_release_document
from reports.content import concealed_now, content_for, content_of, turn_to
from reports.content.raised import raised_about
from reports.copies import Composed, Content, compose, entitlement_of, recipients_due
from reports.enums import DocumentKind, DocumentState, PaperRetired
from reports.models import Document, LaidOutPaper
from reports.selectors.changes import what_changed
from reports.selectors.circulation import may_be_settled, settled_ids
from reports.selectors.proofs import proofs_of, sentences_about
from reports.selectors.standing import replaced_by
from reports.selectors.wording import PaperOf, worded
from reports.services.childs_copies import composed_for_child
from reports.services.formats_asked import ask_for_formats
from reports.services.kept_papers import ask_for_papers, retire_papers
from reports.services.members_copies import composed_for_member
from reports.services.persons_copies import composed_for_person
from reports.services.refusals import CopyRefusedError, refuse_newly_hidden
from reports.services.still_entitled import refuse_who_reads_less_now

WITHOUT_A_LIVING_CHILD = (
    PregnancyOutcome.STILLBIRTH,
    PregnancyOutcome.MISCARRIAGE,
    PregnancyOutcome.TERMINATION,
    PregnancyOutcome.NOT_PREGNANT,
)


@transaction.atomic
def prepare_document(
    *,
    conference: Conference,
    kind: str,
    by: User,
    now: datetime.datetime,
    because: str = "",
    leave_out: bool = False,
    not_about_all: Collection[str] = (),
    may_be_read: Collection[str] = (),
) -> Document:
    """Freeze the conference into the next version of its letter or minutes.

    In order:
    1. locks the conference, which must be closed;
    2. writes down everything the copies could say, and what must not reach each participant;
    3. composes every copy and checks it for confidential words. If any are found, the whole document is
      refused, unless ``leave_out`` says to leave those entries out of those copies. ``not_about_all`` names
      entries for which no child was ticked although they do not concern all children: they stay out of the
      copies of a parent of only some. An entry that names someone who is not the reader's stays out of that
      copy unless ``may_be_read`` names it;
    4. supersedes the previous version, with the reason, and creates the new one, which waits for the chair;
    5. recounts the deadlines.

    Preparing again what has not changed and was not released returns the existing version. Raises
    ValidationError on ``because`` if a version is replaced without a reason, on ``leave_out`` with a sentence
    for each entry that would show something confidential.
    """
    locked = lock_conference(conference)
    if locked.status != ConferenceStatus.CLOSED:
        raise ValidationError("The meeting is not closed yet. Close it first; then the papers can be prepared.")
    document = next_version(
        content_of(locked, now=now),
        conference=locked,
        kind=kind,
        by=by,
        now=now,
        because=because,
        leave_out=leave_out,
        not_about_all=not_about_all,
        may_be_read=may_be_read,
    )
    reconcile(family_ids=family_ids_of(locked), now=now)
    return document


def next_version(
    content: Content,
    *,
    conference: Conference,
    kind: str,
    by: User,
    now: datetime.datetime,
    meeting: CoreGroupMeeting | None = None,
    plan_version: PlanVersion | None = None,
    child: ConferenceChild | None = None,
    because: str = "",
    leave_out: bool = False,
    not_about_all: Collection[str] = (),
    may_be_read: Collection[str] = (),
) -> Document:
    """Return the next version with this content, or the one in force that says the same and was not released.

    Steps 3 and 4 of ``prepare_document``, for a conference's papers, the minutes of a core group meeting, a plan and
    the letter to a ``child``.
    """
    plan = plan_version.plan if plan_version else None
    if child is None:
        # What a child reads is worded where it is recorded that they were told.
        content = worded(content, PaperOf(conference, kind, meeting, plan))
    proofs = proofs_of(content, kind)
    if proofs.hidden and not leave_out:
        raise ValidationError({"leave_out": sentences_about(proofs.hidden)})
    content["due"] = recipients_due(content, kind)
    kept_from = {entry: set(found.recipients) for entry, found in proofs.hidden.items()}
    for entry, found in proofs.unnamed.items():
        if entry in not_about_all:
            kept_from.setdefault(entry, set()).update(found.recipients)
    for entry, found in proofs.strangers.items():
        if entry not in may_be_read:
            kept_from.setdefault(entry, set()).update(found.recipients)
    content["may_be_read"] = [
        {"entry": entry, "text": found.text, "recipients": sorted(found.recipients)}
        for entry, found in sorted(proofs.strangers.items())
        if entry in may_be_read
    ]
    content["left_out"] = [
        {"entry": entry, "recipients": sorted(recipients)} for entry, recipients in sorted(kept_from.items())
    ]
    versions = Document.objects.filter(
        conference=conference, kind=kind, core_group_meeting=meeting, plan=plan, conference_child=child
    )
    current = versions.select_for_update(of=("self",)).exclude(state=DocumentState.SUPERSEDED).first()
    content |= what_changed(versions.filter(released_at__isnull=False).order_by("-number").first(), content, kind)
    if current is not None:
        is_same = current.state == DocumentState.PREPARED and current.content == content
        if is_same and current.sent_back_at is None:
            return current
        _supersede(current, by=by, because=because.strip() or _sent_back(current), now=now)
    newest = versions.order_by("-number").first()
    return Document.objects.create(
        conference=conference,
        core_group_meeting=meeting,
        plan=plan,
        plan_version=plan_version,
        conference_child=child,
        kind=kind,
        number=newest.number + 1 if newest else 1,
        content=content,
        tells_of_legal_planning=current is not None and current.tells_of_legal_planning,
        prepared_by=by,
        prepared_at=now,
    )


def _sent_back(document: Document) -> str:
    return f"Sent back: {document.sent_back_because}" if document.sent_back_at else ""


def _supersede(document: Document, *, by: User, because: str, now: datetime.datetime) -> None:
    """Mark a version as replaced; whoever was sent a plan has it until the version after it is released."""
    if not because.strip():
        raise ValidationError({"because": "Say why a new version is needed."})
    document.state = DocumentState.SUPERSEDED
    document.superseded_by = by
    document.superseded_at = now
    document.superseded_because = because.strip()
    document.save(update_fields=["state", "superseded_by", "superseded_at", "superseded_because"])
    if document.plan_id is None or document.released_at is None:
        retire_papers(document.laid_out_papers.all(), PaperRetired.REPLACED, now=now)


def retire_replaced(document: Document, *, now: datetime.datetime) -> None:
    """Retire the drafts of a version that is being released, and the files of the versions before it."""
    retire_papers(document.laid_out_papers.all(), PaperRetired.RELEASED, now=now)
    before = LaidOutPaper.objects.filter(document__in=replaced_by(document))
    retire_papers(before, PaperRetired.REPLACED, now=now)


@transaction.atomic
def release_document(
    *, document: Document, by: User, now: datetime.datetime, settled: Collection[int] = ()
) -> Document:
    """Release the letter, or sign the minutes off, as whoever the procedures name; only then can copies go out.

    In order:
    1. locks the document and checks that it is the version in force;
    2. stores the participants who get it by the chair's own decision (``settled``: ids of participants kept
      out, removed, or children);
    3. marks it as released by the chair, by their stand-in and for whom, or by whom the procedures name, as what;
    4. deletes the drafts of copies, has all recipients' copies laid out before anyone asks for them, and asks for
      each in the formats that its recipient wants;
    5. recounts the deadlines.

    Releasing twice returns the released document. Raises ValidationError after a death, adoption or lost pregnancy, for
    a version that was sent back. Raises ValidationError for anyone whom the procedures do not name
    (`decisions-released-by`, `minutes-released-by`), for whoever prepared it and does not chair, for a version that
    was replaced, and on ``settled`` for a participant the chair cannot decide about here, or from anyone but the chair.
    """
    locked = Document.objects.select_for_update(of=("self",)).select_related("conference__chair").get(pk=document.pk)
    _require_releaser(by, locked)
    if locked.state == DocumentState.SUPERSEDED:
        raise ValidationError("There is already a newer version. Look at that one first.")
    if locked.state == DocumentState.RELEASED:
        return locked
    allowed = {pk for pk, _, _ in may_be_settled(locked.content, locked.kind)}
    if locked.sent_back_at is not None:
        raise ValidationError("This version was sent back. A new one has to be prepared first.")
    refuse_after_an_ending(locked.conference)
    chairs = may(by, locked.conference, to="chair")
    if set(settled) - (allowed if chairs else set()):
        raise ValidationError({"settled": "Choose people the chair decides about here."})
    locked.settled_for.set(settled)
    locked.state = DocumentState.RELEASED
    locked.released_by = by
    locked.released_at = now
    locked.standing_in_for = stands_in_for(by, locked.conference)
    locked.released_as = "" if chairs else named_as(by, locked.conference, RELEASED_UNDER[locked.kind])
    locked.save(update_fields=["state", "released_by", "released_at", "standing_in_for", "released_as"])
    retire_replaced(locked, now=now)
    due = recipients_due(locked.content, locked.kind, settled=settled)
    ask_for_papers(locked, due, now=now)
    ask_for_formats(locked, due, now=now)
    reconcile(family_ids=family_ids_of(locked.conference), now=now)
    return locked


def _require_releaser(user: User, document: Document) -> None:
    """Raise ValidationError unless the procedures let the user release this version."""
    if may_release_document(user, document):
        return
    if document.prepared_by_id == user.pk and is_named(user, document.conference, RELEASED_UNDER[document.kind]):
        raise ValidationError("You prepared this version. Someone else has to read and release it.")
    whoever = named_words(document.conference, RELEASED_UNDER[document.kind])
    raise ValidationError(f"Only {whoever} of this conference can release it.")


def composed_copy(document: Document, participant_id: int, *, now: datetime.datetime) -> Composed:
    """Return one recipient's copy of a version, as it may go out today.

    Raises CopyRefusedError if they get nothing, if the chair has to decide about them again, if a child has
    died or their record is sealed, or if something in the copy was marked confidential after the version was
    prepared.
    """
    if document.core_group_meeting_id is not None:
        return composed_for_member(document, participant_id, now=now)
    if document.plan_id is not None:
        return composed_for_person(document, participant_id, now=now)
    if document.conference_child_id is not None:
        return composed_for_child(document, participant_id, now=now)
    settled = settled_ids(document)
    frozen = content_for(document, participant_id)
    if document.state == DocumentState.PREPARED:
        settled = [pk for pk, _, _ in may_be_settled(frozen, document.kind)]
    entitlement = entitlement_of(frozen, participant_id, settled=settled)
    if not entitlement.covers(document.kind):
        raise CopyRefusedError(entitlement.because or "There is nothing in this paper for them.")
    refuse_after_an_ending(document.conference)
    participant = document.conference.participants.select_related("person", "conference").get(pk=participant_id)
    if participant.person.sealed_at or participant.person.death_date:
        raise CopyRefusedError("This person has died, or their record is sealed. Nothing goes to them.")
    if participant.exclusion_requests.filter(decided_at__isnull=True).exists():
        raise CopyRefusedError("The chair has not yet decided about this person. Nothing goes to them until then.")
    refuse_who_reads_less_now(frozen, participant, document.kind, settled=settled, today=civil_day(now))
    content = frozen | turn_to(document.conference) | {"legal_planning": document.tells_of_legal_planning}
    concealed = concealed_now(participant, today=civil_day(now))
    content["raised"] = raised_about(document, concealed)
    copy = compose(content, participant_id, document.kind, settled=settled)
    if not copy.reader.sees_everything:
        refuse_newly_hidden(copy, concealed)
    return copy


def refuse_after_an_ending(conference: Conference) -> None:
    """Refuse every letter after a death, adoption or lost pregnancy (domain rule)."""
    ended = Q(child__person__death_date__isnull=False) | Q(child__person__sealed_at__isnull=False)
    ended |= Q(child__pregnancy__outcome__in=WITHOUT_A_LIVING_CHILD, child__person__birth_date__isnull=True)
    if conference.children.filter(ended, withdrawn_at__isnull=True).exists():
        raise CopyRefusedError(
            "Since this version was prepared a child has died, a pregnancy has ended, or a record was sealed. "
            "Nothing can go out until a manager has looked at it."
        )


def kinds() -> list[DocumentKind]:
    """Return the papers after a conference, in the order in which they go out."""
    return [DocumentKind.DECISIONS_LETTER, DocumentKind.MINUTES]
