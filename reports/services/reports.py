"""Reports before the conference: started, written section by section, submitted, replaced by a new version."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import COMING, REPORTING_CAPACITIES, ParticipantStatus
from conferences.models import Conference, ConferenceChild, Participant
from conferences.services.guards import EditedMeanwhile, children_in_conference, family_ids_of, text_of
from deadlines.services import reconcile
from families.models import Person
from meetings.enums import Nature
from reports.enums import ReportKind, ReportState
from reports.models import Attachment, Report, ReportSection, ShortPassage
from reports.selectors.papers import kind_for
from reports.selectors.writing import framework_of
from reports.services.locking import lock_before_the_end
from reports.services.manager_approval import ask_managers, manager_agrees
from reports.services.writers import written


@transaction.atomic
def begin_report(
    *,
    author: Participant,
    by: User | None,
    now: datetime.datetime,
    new_because: str = "",
    guest_session_id: int | None = None,
) -> Report:
    """Start the report of one author, or a new version of a submitted one.

    It is begun by a member of staff, or by a guest on their own page during a stay.

    In order:
    1. locks the conference; if there is already a draft, returns it;
    2. refuses after the meeting, and for anyone who is not asked or no longer on the list;
    3. if a report is submitted, creates the next version with a copy of every section and with its files; the
      submitted one stays in force until the new one is submitted.

    Raises ValidationError on ``new_because`` if a new version gives no reason.
    """
    conference = _lock_before_the_end(author.conference)
    row = Participant.objects.get(pk=author.pk)
    _refuse_not_asked(row)
    draft = Report.objects.filter(author=row, state=ReportState.DRAFT).first()
    if draft is not None:
        return draft
    submitted = Report.objects.filter(author=row, state=ReportState.SUBMITTED).first()
    reason = new_because.strip()
    if submitted is not None and not reason:
        raise ValidationError({"new_because": "Say why a new version is needed."})
    newest = Report.objects.filter(author=row).order_by("-number").first()
    report = Report.objects.create(
        conference=conference,
        author=row,
        kind=kind_for(row),
        number=newest.number + 1 if newest else 1,
        why_held=submitted.why_held if submitted else "",
        received_by=submitted.received_by if submitted else "",
        new_because=reason if submitted else "",
        begun_at=now,
        **written("begun", by, guest_session_id),
    )
    if submitted is not None:
        _copy_content(submitted, report)
    return report


def _lock_before_the_end(conference: Conference) -> Conference:
    return lock_before_the_end(conference, after="The meeting is over. A report can no longer be written for it.")


def _refuse_not_asked(author: Participant) -> None:
    if not author.reports or author.capacity not in REPORTING_CAPACITIES:
        raise ValidationError("This person has not been asked for a report. Change that on the list of people first.")
    if author.status not in {*COMING, ParticipantStatus.PROPOSED}:
        raise ValidationError("This person is no longer on the list of people.")


def _copy_content(old: Report, new: Report) -> None:
    """Copy what a report says. Where a child was added since, what named no child names those it was written about.

    The author can widen that; by itself it never reaches the father or mother of the child who was added.
    """
    then = _those_then(old)
    stands_for = {}
    for section in old.sections.filter(removed_at__isnull=True).prefetch_related("children", "private_to", "kept_from"):
        copied = ReportSection.objects.create(
            report=new,
            heading=section.heading,
            position=section.position,
            text=section.text,
            nature=section.nature,
            evidence=section.evidence,
            copied_from_id=section.copied_from_id,
            replaces=section,
        )
        copied.children.set(section.children.all() or then)
        copied.private_to.set(section.private_to.all())
        copied.kept_from.set(section.kept_from.all())
        stands_for[section.pk] = copied
    for passage in old.short_passages.filter(removed_at__isnull=True, taken_from__in=stands_for):
        short = ShortPassage.objects.create(
            report=new,
            part=passage.part,
            position=passage.position,
            text=passage.text,
            taken_from=stands_for[passage.taken_from_id],
        )
        short.children.set(passage.children.all() or then)
        short.private_to.set(passage.private_to.all())
        short.kept_from.set(passage.kept_from.all())
    for attachment in old.attachments.filter(withdrawn_at__isnull=True).prefetch_related("children"):
        carried = Attachment.objects.create(report=new, file_id=attachment.file_id, proposal=attachment.proposal)
        carried.children.set(attachment.children.all() or then)


def _those_then(report: Report) -> list[ConferenceChild]:
    """Return the children a report was written about, if another was added since; otherwise none."""
    at = report.submitted_at
    rows = list(report.conference.children.order_by("pk"))
    if at is None or not any(row.withdrawn_at is None and not row.was_in(at) for row in rows):
        return []
    return _own_of(report.author, [row for row in rows if row.was_in(at)])


def _own_of(author: Participant, children: Sequence[ConferenceChild]) -> list[ConferenceChild]:
    """Return those of the children whom an author comes for; all of them where the author comes for all."""
    own = {row.pk for row in author.children.all()}
    return [row for row in children if not own or row.pk in own]


@transaction.atomic
def save_section(
    *,
    report: Report,
    heading: str,
    text: str,
    nature: str,
    by: User | None,
    now: datetime.datetime,
    evidence: str = "",
    children: Iterable[ConferenceChild] = (),
    private_to: Iterable[Person] = (),
    kept_from: Iterable[Person] = (),
    section: ReportSection | None = None,
    version: int = 0,
) -> ReportSection:
    """Write or change one section of a draft; the history keeps every earlier text.

    ``kept_from`` are those whom it must not reach, whoever reads the rest. No children named means that it is about
    all of them. A heading may have several sections. The same words under the same heading are kept once: submitting
    the form twice returns the first section.

    Raises EditedMeanwhile if someone changed the section after ``version``; ValidationError on ``heading``,
    ``text``, ``nature``, ``evidence`` (an opinion must say what it is based on), ``children``, ``kept_from``;
    ValidationError for a submitted report.
    """
    locked = _lock_draft(report)
    chosen, private = children_in_conference(locked.conference, children), list(private_to)
    away = list(kept_from)
    if {person.pk for person in private} & {person.pk for person in away}:
        raise ValidationError({"kept_from": "It is their own private information: they may read it."})
    wanted = _checked(locked, heading=heading, text=text, nature=nature, evidence=evidence)
    if section is None:
        same = locked.sections.filter(removed_at__isnull=True, **wanted).first()
        if same is not None:
            return same
        last = locked.sections.order_by("-position").first()
        row = ReportSection.objects.create(report=locked, position=last.position + 1 if last else 0, **wanted)
    else:
        row = _lock_section(locked, section)
        if _is_same(row, wanted, chosen, private, away):
            return row
        if row.version != version:
            raise EditedMeanwhile(row)
        for name, value in wanted.items():
            setattr(row, name, value)
        row.version += 1
        with refused_by_database(section_says_something="text"):
            row.save()
    row.children.set(chosen)
    row.private_to.set(private)
    row.kept_from.set(away)
    return row


def _lock_draft(report: Report) -> Report:
    locked = (
        Report.objects.select_for_update(of=("self",))
        .select_related("conference", "author__conference")
        .get(pk=report.pk)
    )
    _lock_before_the_end(locked.conference)
    if locked.state != ReportState.DRAFT:
        raise ValidationError("This report is in and can't be changed. Start a new version.")
    return locked


def _lock_section(report: Report, section: ReportSection) -> ReportSection:
    row = ReportSection.objects.select_for_update().get(pk=section.pk, report=report)
    if row.removed_at is not None:
        raise ValidationError("This section was taken out. Add a new one.")
    return row


def _is_same(
    row: ReportSection, wanted: dict[str, str], chosen: list[ConferenceChild], private: list[Person], away: list[Person]
) -> bool:
    return (
        all(getattr(row, name) == value for name, value in wanted.items())
        and {child.pk for child in chosen} == set(row.children.values_list("pk", flat=True))
        and {person.pk for person in private} == set(row.private_to.values_list("pk", flat=True))
        and {person.pk for person in away} == set(row.kept_from.values_list("pk", flat=True))
    )


def _checked(report: Report, *, heading: str, text: str, nature: str, evidence: str) -> dict[str, str]:
    headings = {row.key for row in framework_of(report.author).headings}
    faults: dict[str, str] = {}
    if heading not in headings:
        faults["heading"] = "Choose the heading this belongs under."
    if not text.strip():
        faults["text"] = "Write something, or leave this section out."
    if nature not in Nature.values:
        faults["nature"] = "Choose whether this is a fact or an opinion."
    if nature == Nature.OPINION and not evidence.strip():
        faults["evidence"] = "Write what this opinion is based on."
    if faults:
        raise ValidationError(faults)
    return {
        "heading": heading,
        "text": text.strip(),
        "nature": nature,
        "evidence": evidence.strip() if nature == Nature.OPINION else "",
    }


@transaction.atomic
def remove_section(*, section: ReportSection, by: User | None, now: datetime.datetime) -> ReportSection:
    """Take a section out of a draft; the row is kept. Idempotent.

    Raises ValidationError for a submitted report.
    """
    report = _lock_draft(section.report)
    row = ReportSection.objects.select_for_update().get(pk=section.pk, report=report)
    if row.removed_at is None:
        row.removed_at = now
        row.save(update_fields=["removed_at"])
    return row


@transaction.atomic
def submit_report(
    *,
    report: Report,
    by: User | None,
    now: datetime.datetime,
    why_held: str = "",
    received_by: str = "",
    guest_session_id: int | None = None,
) -> Report:
    """Submit a draft: from then on it cannot be changed, and the chair has it.

    In order:
    1. locks the report and checks that it has a section or a file and, from social work, says why the
      conference is held;
    2. supersedes the previously submitted version, if any;
    3. records who submitted it, when, and how it was received if it is entered on behalf of its author;
    4. asks the team's managers to agree to a social work report, again for each version;
    5. recounts the deadlines: each person due the report is to hear it.

    Submitting twice returns the submitted report. Raises ValidationError on ``why_held`` or for an empty
    report.
    """
    standing = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if standing.state == ReportState.SUBMITTED:
        return standing
    locked = _lock_draft(report)
    has_files = locked.attachments.filter(withdrawn_at__isnull=True).exists()
    if not has_files and not locked.sections.filter(removed_at__isnull=True).exists():
        raise ValidationError("The report is empty. Write at least one section, or add a file.")
    if locked.kind == ReportKind.SOCIAL_WORK:
        locked.why_held = text_of("why_held", why_held or locked.why_held, "Write why the conference is being held.")
    Report.objects.filter(author=locked.author_id, state=ReportState.SUBMITTED).update(state=ReportState.SUPERSEDED)
    locked.received_by = received_by.strip()
    locked.state = ReportState.SUBMITTED
    for column, value in written("submitted", by, guest_session_id).items():
        setattr(locked, column, value)
    locked.submitted_at = now
    locked.needs_agreement = locked.kind == ReportKind.SOCIAL_WORK and manager_agrees(locked.conference)
    locked.version += 1
    locked.save()
    if locked.needs_agreement:
        ask_managers(locked, now=now)
    reconcile(family_ids=family_ids_of(locked.conference), now=now)
    return locked


def name_in_drafts(conference: Conference, children: Sequence[ConferenceChild]) -> None:
    """Before a child joins, let what is drafted and names no child name those whom its author writes about.

    It was written about them; the author can widen it.
    """
    sections = ReportSection.objects.filter(
        report__conference=conference, report__state=ReportState.DRAFT, removed_at__isnull=True, children__isnull=True
    )
    for section in sections.select_related("report__author").prefetch_related("report__author__children"):
        section.children.set(_own_of(section.report.author, children))
    files = Attachment.objects.filter(
        report__conference=conference, report__state=ReportState.DRAFT, withdrawn_at__isnull=True, children__isnull=True
    )
    for attachment in files.select_related("report__author").prefetch_related("report__author__children"):
        attachment.children.set(_own_of(attachment.report.author, children))
