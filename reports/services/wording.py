"""Mending the wording of a paper before it is prepared, writing discussion, and sending a version back."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.services.guards import EditedMeanwhile
from conferences.services.scheduling import lock_conference
from families.models import Child
from reports.content.shared import Json
from reports.content.wording import about_in, editable_in, long_reports
from reports.enums import DocumentState
from reports.models import Document, PaperWording
from reports.selectors.wording import PaperOf

GONE = "This text is not in the record any more, or is not one whose wording may be changed."


@transaction.atomic
def mend_text(
    *,
    paper: PaperOf,
    content: Json,
    entry: str,
    text: str,
    place: int | None,
    version: int,
    by: User,
    now: datetime.datetime,
) -> PaperWording | None:
    """Say one recorded text in other words in this paper, or put it elsewhere under its heading.

    ``content`` is what is recorded now, ``version`` the wording's that the page showed, 0 for none. Words like those
    recorded, in no place of their own, take the wording back. What is recorded, about whom, by whom, as fact or
    opinion and as whose private matter stays. Raises EditedMeanwhile where somebody else mended it since, and
    ValidationError for a text that may not be mended.
    """
    lock_conference(paper.conference)
    one = next((row for row in editable_in(content) if row.key == entry), None)
    if one is None:
        raise ValidationError(GONE)
    current = _current(paper, entry)
    text = text.strip()
    if not text:
        raise ValidationError({"text": "Write the words. To leave a note out, withdraw it on the board."})
    text = "" if text == one.recorded.strip() else text
    place = place if one.heading else None
    if current is not None and (current.text, current.place, current.recorded) == (text, place, one.recorded):
        return current
    _require(current, version)
    if not text and place is None:
        _take_back(current, by=by, now=now)
        return None
    row = current or PaperWording(**paper.columns, entry=entry, version=0)
    row.heading, row.part = one.heading, one.row.get("part")
    row.recorded, row.text, row.place = one.recorded, text, place
    _save(row, by=by, now=now)
    about, private_to = about_in(content, one)
    _set_whose(row, content, about, private_to)
    return row


@transaction.atomic
def put_in_short(
    *,
    paper: PaperOf,
    content: Json,
    report: int,
    texts: Mapping[str, tuple[str, int]],
    by: User,
    now: datetime.datetime,
) -> None:
    """Say in the minutes in short what a report says at length, paragraph by paragraph, or leave paragraphs out.

    ``texts`` gives by entry the words, empty to leave it out, and the version that the page showed. Each paragraph
    keeps its readers. Twice does what once did. Raises EditedMeanwhile where somebody else changed one since, and
    ValidationError for a report that is in short already, and where nothing would be left of it.
    """
    lock_conference(paper.conference)
    row = next((row for row in long_reports(content) if row["id"] == report), None)
    if row is None:
        raise ValidationError(GONE)
    passages = {f"{one['entry']}:text": one for one in row["passages"]}
    if not any(texts[entry][0].strip() for entry in passages if entry in texts):
        raise ValidationError("Write at least one sentence. Nothing of this report would be left.")
    known = {one.key: one for one in editable_in(content)}
    for entry, passage in passages.items():
        if entry not in texts:
            continue
        text, version = texts[entry][0].strip(), texts[entry][1]
        current = _current(paper, entry)
        counts = current is not None and current.recorded == passage["text"]
        if current is not None and counts and current.text == text:
            continue
        _require(current, version)
        if text == passage["text"].strip():
            _take_back(current, by=by, now=now)
            continue
        saved = current or PaperWording(**paper.columns, entry=entry, version=0)
        saved.recorded, saved.text, saved.place = passage["text"], text, None
        _save(saved, by=by, now=now)
        _set_whose(saved, content, *about_in(content, known[entry]))


@transaction.atomic
def write_discussion(
    *,
    paper: PaperOf,
    content: Json,
    row: PaperWording | None,
    heading: str,
    part: int | None,
    text: str,
    children: Collection[int],
    private_to: Collection[int],
    version: int,
    by: User,
    now: datetime.datetime,
) -> PaperWording:
    """Write what was discussed under a heading, or change that; ``children`` and ``part`` are ids in the content.

    Raises EditedMeanwhile where somebody else changed it since, ValidationError by field for a heading, part, child or
    person that is not of this meeting.
    """
    lock_conference(paper.conference)
    _check_discussion(content, heading, part, children, private_to)
    current = None
    if row is not None:
        current = PaperWording.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if current.withdrawn_at is not None:
            raise ValidationError("This was taken out. Write it anew.")
        _require(current, version)
    found = current or PaperWording(**paper.columns, entry=f"discussion:{uuid.uuid4().hex[:12]}", version=0)
    found.heading, found.part, found.text = heading, part, text.strip()
    _save(found, by=by, now=now)
    _set_whose(found, content, children, private_to)
    return found


@transaction.atomic
def take_out_discussion(*, row: PaperWording, by: User, now: datetime.datetime) -> None:
    """Take a discussion out of the paper; it is kept, with who took it out. Twice does the same as once."""
    lock_conference(row.conference)
    current = PaperWording.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if current.withdrawn_at is None:
        _take_back(current, by=by, now=now)


@transaction.atomic
def send_back(*, document: Document, because: str, by: User, now: datetime.datetime) -> Document:
    """Send a prepared version back with what has to change; it cannot be released, and a new one takes its place.

    For whoever may release it: the view asks that. Raises ValidationError on ``because`` without a reason, and where
    it was released or replaced.
    """
    locked = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if not because.strip():
        raise ValidationError({"because": "Write what has to change."})
    if locked.state != DocumentState.PREPARED:
        raise ValidationError("This version was released or replaced. Look at the newest one.")
    locked.sent_back_at, locked.sent_back_by, locked.sent_back_because = now, by, because.strip()
    locked.save(update_fields=["sent_back_at", "sent_back_by", "sent_back_because"])
    return locked


def _check_discussion(
    content: Json, heading: str, part: int | None, children: Collection[int], private_to: Collection[int]
) -> None:
    if heading not in {row["key"] for row in content["headings"]}:
        raise ValidationError({"heading": "Choose a heading."})
    if part not in {row["id"] for row in content["parts"]}:
        raise ValidationError({"part": "Choose the part in which it was said."})
    if set(children) - {row["id"] for row in content["children"]}:
        raise ValidationError({"children": "Choose children of this meeting."})
    if set(private_to) - {row["person"] for row in content["participants"]}:
        raise ValidationError({"private_to": "Choose people of this meeting."})


def _current(paper: PaperOf, entry: str) -> PaperWording | None:
    rows = PaperWording.objects.select_for_update(of=("self",)).filter(**paper.columns, entry=entry)
    return rows.filter(withdrawn_at__isnull=True).first()


def _require(current: PaperWording | None, version: int) -> None:
    if current is not None and current.version != version:
        raise EditedMeanwhile(current)


def _take_back(current: PaperWording | None, *, by: User, now: datetime.datetime) -> None:
    if current is not None:
        current.withdrawn_at, current.withdrawn_by = now, by
        current.save(update_fields=["withdrawn_at", "withdrawn_by"])


def _save(row: PaperWording, *, by: User, now: datetime.datetime) -> None:
    row.version += 1
    row.edited_by, row.edited_at = by, now
    row.full_clean(exclude=["children", "private_to"])
    row.save()


def _set_whose(row: PaperWording, content: Json, children: Collection[int], private_to: Collection[int]) -> None:
    persons = {one["person"] for one in content["children"] if one["id"] in set(children)}
    row.children.set(Child.objects.filter(person__in=persons))
    row.private_to.set(private_to)
