"""Packs of copies that are printed for the post and for giving by hand: made by a worker, kept encrypted, given out."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import structlog
from celery import current_app
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from accounts.encryption import CannotBeOpened, seal_file, unseal_file
from accounts.models import User
from families.services import record_reveal
from reports.enums import Channel, DocumentState, PackState
from reports.models import Copy, Document, Envelope, LaidOutPaper, PrintPack
from reports.print_pack import Pages, envelopes_pdf, pack_pdf
from reports.selectors.papers_around import reference_of
from reports.selectors.ways import ways_of
from reports.services.circulation import record_copy
from reports.services.laying_out import LEASE, MAX_TRIES, RETRY_AFTER, GivenOut, give_out, lay_out, retire_refused
from reports.services.refusals import CopyRefusedError
from reports.uploads import storing

logger = structlog.get_logger(__name__)

# Without letters and digits that are taken for one another.
SIGNS = "ACDEFHJKLMNPRTUVWXY347"
REPLACED = "There is a newer version of the paper. Destroy what was printed."
MOVED = "Their address has changed since this was printed. Destroy it and print it again."
HIDDEN = "Confidential: the address stands on the envelope alone"
WRONG_MARK = "This is not the mark on the last page for {name}. Look at each page in the envelope before it goes."


class NotReadyError(ValidationError):
    """The pack is not made yet, or had to be made again because somebody in it gets nothing now."""


def begin_pack(document: Document, envelopes: Iterable[Envelope], *, by: User, now: datetime.datetime) -> PrintPack:
    """Write down what is printed for whom, with marks for each, and have a worker make the file."""
    pack = PrintPack.objects.create(document=document, made_by=by, made_at=now, take_after=now)
    for number, envelope in enumerate(envelopes, start=1):
        envelope.pack, envelope.number = pack, number
        envelope.mark, envelope.last_mark = _mark(4), _mark(3)
        envelope.save()
    transaction.on_commit(lambda: wake_for_pack(pack.pk), robust=True)
    return pack


def _mark(length: int) -> str:
    return "".join(secrets.choice(SIGNS) for _ in range(length))


def wake_for_pack(pk: int) -> None:
    """Ask a worker to make one pack; without a broker the schedule asks again."""
    current_app.send_task("reports.make_print_pack", args=[pk], ignore_result=True, priority=0)


def wake_for_forgotten_packs(*, now: datetime.datetime) -> None:
    """Ask again for packs that no worker took."""
    for pk in PrintPack.objects.filter(state=PackState.WAITING, take_after__lte=now).values_list("pk", flat=True)[:20]:
        wake_for_pack(pk)


def make_pack(pk: int, *, now: datetime.datetime) -> bool:
    """Make the file of one pack, in a worker; return False if there was nothing to do, or it failed.

    In order: claims the pack; lays out each waiting envelope's copy, with all checks, and stops the envelope of whoever
    gets nothing now; puts covering sheet, copy and marks together; keeps the file encrypted. A pack of which nothing
    is left is retired. A failed attempt is repeated after one minute and after five.
    """
    rows = PrintPack.objects.filter(pk=pk)
    if not rows.filter(state=PackState.WAITING, take_after__lte=now).update(
        tries=F("tries") + 1, take_after=now + LEASE
    ):
        return False
    pack = rows.select_related("document__conference__authority", "document__released_by").get()
    try:
        parts = [part for envelope in _waiting(pack) if (part := _pages_of(pack, envelope, now=now))]
        file, counts = pack_pdf(parts, pack.document.conference.authority, made_at=pack.made_at) if parts else (b"", {})
        if parts:
            storing.put(seal_file(file, lies_under=str(pack.stored_as)), pack.stored_as)
    except Exception as reason:  # noqa: BLE001 - whatever a layout breaks on, the next pack has its turn
        # Only the type: the message may contain words of a copy.
        logger.warning("print_pack_not_made", pack=pk, reason=type(reason).__name__)
        _failed(pack, now=now)
        return False
    with transaction.atomic():
        for part in parts:
            Envelope.objects.filter(pk=part.envelope.pk).update(
                pages=counts[part.envelope.pk], sha256=hashlib.sha256(part.file).hexdigest()
            )
        state, sha256 = (PackState.READY, hashlib.sha256(file).hexdigest()) if parts else (PackState.RETIRED, "")
        rows.filter(state=PackState.WAITING).update(state=state, sha256=sha256)
    return bool(parts)


def _failed(pack: PrintPack, *, now: datetime.datetime) -> None:
    if pack.tries >= MAX_TRIES:
        PrintPack.objects.filter(pk=pack.pk, state=PackState.WAITING).update(state=PackState.FAILED)
        logger.error("print_pack_failed", pack=pack.pk)
    else:
        PrintPack.objects.filter(pk=pack.pk).update(take_after=now + RETRY_AFTER[pack.tries - 1])


def _waiting(pack: PrintPack) -> list[Envelope]:
    rows = pack.envelopes.filter(copy__isnull=True, stopped_at__isnull=True)
    return list(rows.order_by("number"))


def _pages_of(pack: PrintPack, envelope: Envelope, *, now: datetime.datetime) -> Pages | None:
    """Return one envelope's copy as it may go out now; None where it may not, and its envelope is stopped."""
    try:
        given = _laid_out(pack.document, envelope, now=now)
    except CopyRefusedError as refusal:
        stop(envelope, " ".join(refusal.messages), now=now)
        return None
    if given.file is None:
        raise RuntimeError("A copy of the pack could not be laid out.")
    return Pages(envelope=envelope, file=given.file, reference=reference_of(pack.document))


def _laid_out(document: Document, envelope: Envelope, *, now: datetime.datetime) -> GivenOut:
    given = give_out(document, envelope.for_whom, now=now, is_large=envelope.is_large)
    if given.file is None:
        LaidOutPaper.objects.filter(pk=given.paper.pk, take_after__gt=now).update(take_after=now)
        lay_out(given.paper.pk, now=now)
        given = give_out(document, envelope.for_whom, now=now, is_large=envelope.is_large)
    return given


def stop(envelope: Envelope, because: str, *, now: datetime.datetime) -> None:
    """Record that an envelope does not go, and why. What was printed for it has to be destroyed."""
    Envelope.objects.filter(pk=envelope.pk, copy__isnull=True, stopped_at__isnull=True).update(
        stopped_at=now, stopped_because=because[:300] or "It does not go."
    )


def give_out_pack(pack: PrintPack, *, by: User, now: datetime.datetime, only_envelopes: bool = False) -> bytes:
    """Return the file that is printed, after every check of each copy in it; or the envelopes alone.

    In order: stops the envelopes of whoever gets nothing now, and of those whose address has changed; where it stopped
    any, has the pack made again without them; records that confidential addresses were seen; opens the file. Raises
    NotReadyError while there is none.
    """
    stopped = _stop_what_must_not_go(pack, now=now)
    if stopped:
        _make_again(pack, now=now)
        raise NotReadyError("Someone in this pack gets nothing now. It is being made again without their pages.")
    if not pack.is_ready:
        raise NotReadyError("It is still being made. Try again in a minute.")
    _note_hidden_addresses(pack, by=by, now=now)
    if only_envelopes:
        authority = pack.document.conference.authority
        return envelopes_pdf([row for row in _waiting(pack) if row.channel == Channel.POST], authority, pack.made_at)
    file = _opened(pack)
    if file is None:
        _make_again(pack, now=now)
        raise NotReadyError("The file could not be opened. It is being made again.")
    return file


def _opened(pack: PrintPack) -> bytes | None:
    sealed = storing.get(pack.stored_as)
    if sealed is None:
        return None
    try:
        file = unseal_file(sealed, lies_under=str(pack.stored_as))
    except CannotBeOpened:
        return None
    return file if hashlib.sha256(file).hexdigest() == pack.sha256 else None


def _stop_what_must_not_go(pack: PrintPack, *, now: datetime.datetime) -> bool:
    waiting = _waiting(pack)
    reached = ways_of(pack.document, now=now, only=[row.for_whom for row in waiting])
    stopped = False
    for envelope in waiting:
        because = REPLACED if pack.document.state != DocumentState.RELEASED else ""
        way = reached[envelope.for_whom].ways[Channel(envelope.channel)] if envelope.for_whom in reached else None
        if not because and (way is None or (envelope.channel == Channel.POST and way.address != envelope.address)):
            because = MOVED
        if not because:
            try:
                give_out(pack.document, envelope.for_whom, now=now, is_large=envelope.is_large)
            except CopyRefusedError as refusal:
                because = " ".join(refusal.messages)
        if because:
            stop(envelope, because, now=now)
            stopped = True
    return stopped


def _make_again(pack: PrintPack, *, now: datetime.datetime) -> None:
    storing.drop(pack.stored_as)
    PrintPack.objects.filter(pk=pack.pk).update(state=PackState.WAITING, sha256="", tries=0, take_after=now)
    transaction.on_commit(lambda: wake_for_pack(pack.pk), robust=True)


def _note_hidden_addresses(pack: PrintPack, *, by: User, now: datetime.datetime) -> None:
    waiting = [row for row in _waiting(pack) if row.channel == Channel.POST]
    reached = ways_of(pack.document, now=now, only=[row.for_whom for row in waiting])
    if any(row.ways[Channel.POST].is_hidden for row in reached.values()):
        reason = f"Printing envelopes, pack {pack.pk} of {reference_of(pack.document)}"
        record_reveal(family=pack.document.conference.family, by=by, reason=reason, now=now)


@dataclass
class Gone:
    """What one submit recorded: how many went, and why others did not, by envelope."""

    copies: list[Copy] = field(default_factory=list)
    refused: dict[int, list[str]] = field(default_factory=dict)


def record_gone(
    *, pack: PrintPack, marks: Mapping[int, str], at: datetime.datetime, by: User, now: datetime.datetime
) -> Gone:
    """Record that envelopes were posted or handed over at ``at``; ``marks`` are those typed, by envelope id.

    In order, with the pack locked: compares each mark with that on the last page, so that mixed pages are noticed;
    looks whether the address is still the one printed, and asks every check of the copy again; records the copy. What
    must not go any more is stopped, with the reason beside it, and stops no other. When nothing waits any more the
    file is deleted. The same again records nothing twice. Raises ValidationError on ``at``.
    """
    if at > now:
        raise ValidationError({"at": "This time is in the future."})
    if at < pack.made_at.replace(second=0, microsecond=0):
        raise ValidationError({"at": "This is before it was printed. Check the day and the time."})
    gone = Gone()
    refused_copies: list[Envelope] = []
    with transaction.atomic():
        locked = PrintPack.objects.select_for_update(of=("self",)).select_related("document").get(pk=pack.pk)
        rows = {row.pk: row for row in locked.envelopes.select_related("recipient__person", "member__person", "person")}
        reached = ways_of(locked.document, now=now, only=[row.for_whom for row in rows.values()])
        for pk, typed in marks.items():
            envelope = rows.get(pk)
            if envelope is None or not envelope.waits:
                continue
            try:
                with transaction.atomic():
                    gone.copies.append(
                        _record(locked, envelope, typed, reached.get(envelope.for_whom), at, by, now=now)
                    )
            except CopyRefusedError as refusal:
                gone.refused[pk] = list(refusal.messages)
                refused_copies.append(envelope)
            except ValidationError as refusal:
                gone.refused[pk] = list(refusal.messages)
                if set(refusal.messages) & {MOVED, REPLACED}:
                    refused_copies.append(envelope)
        for envelope in refused_copies:
            stop(envelope, " ".join(gone.refused[envelope.pk]), now=now)
            retire_refused(locked.document, envelope.for_whom, now=now)
        _retire_when_empty(locked)
    return gone


def _record(
    pack: PrintPack,
    envelope: Envelope,
    typed: str,
    row: object,
    at: datetime.datetime,
    by: User,
    *,
    now: datetime.datetime,
) -> Copy:
    if typed.replace(" ", "").upper() != envelope.last_mark:
        raise ValidationError(WRONG_MARK.format(name=envelope.name))
    if pack.document.state != DocumentState.RELEASED:
        raise ValidationError(REPLACED)
    ways = getattr(row, "ways", None)
    if ways is None or (envelope.channel == Channel.POST and ways[Channel.POST].address != envelope.address):
        raise ValidationError(MOVED)
    copy = record_copy(
        document=pack.document,
        recipient=envelope.recipient or envelope.member or envelope.person,  # type: ignore[arg-type]
        channel=envelope.channel,
        channel_confirmed=envelope.channel_confirmed,
        sent_to=HIDDEN if ways[Channel.POST].is_hidden else ", ".join(envelope.address.splitlines()),
        sent_at=at,
        is_large=envelope.is_large,
        sending_key=envelope.sending_key,
        by=by,
        now=now,
    )
    envelope.copy = copy
    envelope.save(update_fields=["copy"])
    return copy


@transaction.atomic
def take_out(*, envelope: Envelope, because: str, now: datetime.datetime) -> Envelope:
    """Record that an envelope does not go, as when it was spoilt. A no-op on one that went. Raises without a reason."""
    if not because.strip():
        raise ValidationError({"because": "Say why it does not go."})
    pack = PrintPack.objects.select_for_update(of=("self",)).get(pk=envelope.pack_id)
    stop(envelope, because.strip(), now=now)
    _retire_when_empty(pack)
    envelope.refresh_from_db()
    return envelope


def _retire_when_empty(pack: PrintPack) -> None:
    """Delete the file once nothing in it waits: it holds several people's pages."""
    if _waiting(pack) or pack.state == PackState.RETIRED:
        return
    PrintPack.objects.filter(pk=pack.pk).update(state=PackState.RETIRED, sha256="")
    name = pack.stored_as
    drop: Callable[[], None] = lambda: storing.drop(name)  # noqa: E731
    transaction.on_commit(drop, robust=True)
