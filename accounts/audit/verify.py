"""Verifies that the read log is intact: every row as written, none removed, none inserted."""

from __future__ import annotations

import datetime
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import connection

from accounts.audit.chain import START, anchor_digest, anchor_in_words, seal_digest
from accounts.audit.selectors import midnight
from accounts.models import AuditAnchor, AuditPieceRemoved, AuditSeal
from accounts.models.audit import content_digest

DIGEST_BYTES = 32
# Seals read at once, so that verifying millions of rows takes little memory.
SEALS_AT_ONCE = 4
# No procedures may keep the read log for less than a month.
SHORTEST_KEEPING = datetime.timedelta(weeks=4)


@dataclass(frozen=True)
class Problem:
    """A discrepancy, described in words, with the row ids."""

    words: str
    ids: Sequence[int] = ()


@dataclass
class Verification:
    """What has been checked so far; complete once its problems have been read to the end."""

    rows: int = 0
    seals: int = 0
    anchors: int = 0
    unsealed: int = 0
    removed: int = 0
    digests: dict[int, bytes] = field(default_factory=dict)


def problems_of_read_log(
    *, since: datetime.date | None = None, kept: Iterable[str] = (), seen: Verification | None = None
) -> Iterator[Problem]:
    """Yield everything in the read log that differs from when it was sealed and anchored.

    Hashes are recomputed from the rows; nothing the database records about itself is trusted. ``since`` starts
    at the first seal made on or after that day. ``kept`` are lines of ``anchor_audit --print`` from outside the
    database. Reads one seal's rows at a time.
    """
    seen = seen if seen is not None else Verification()
    anchors = list(_anchors(since))
    wanted = {anchor.seal_number for anchor in anchors}
    last = yield from _problems_of_seals(since, wanted, seen)
    yield from _problems_after(last, seen)
    yield from _problems_of_anchors(anchors, since, last, seen)
    yield from _problems_with_kept(kept)


def _problems_of_seals(
    since: datetime.date | None, wanted: set[int], seen: Verification
) -> Generator[Problem, None, int]:
    seals = AuditSeal.objects.order_by("number")
    first = seals.filter(made_at__gte=midnight(since)).first() if since else None
    if since:
        seals = seals.filter(number__gte=first.number) if first else seals.none()
    before = seals_before(first)
    number, previous, after_id = before
    removed = dict(AuditPieceRemoved.objects.values_list("seal_number", "removed_at"))
    last_id = after_id
    for seal in seals.iterator(chunk_size=SEALS_AT_ONCE):
        if seal.number != number + 1:
            yield Problem("Seals are missing", range(number + 1, seal.number))
        elif bytes(seal.previous) != previous or seal.after_id != after_id:
            yield Problem("A seal does not follow the one before", [seal.number])
        if not _is_as_sealed(seal):
            yield Problem("A seal was changed", [seal.number])
        yield from _problems_of_rows(seal, seen, removed_at=removed.get(seal.number))
        number, previous, after_id = seal.number, bytes(seal.digest), seal.last_id
        if seal.number in wanted:
            seen.digests[seal.number] = bytes(seal.digest)
        last_id = seal.last_id
        seen.seals += 1
    return last_id


def seals_before(first: AuditSeal | None) -> tuple[int, bytes, int]:
    """Return number, digest and last id of the seal before ``first``, or the chain's start where there is none."""
    before = AuditSeal.objects.filter(number__lt=first.number).last() if first else None
    return (before.number, bytes(before.digest), before.last_id) if before else (0, START, 0)


def _is_as_sealed(seal: AuditSeal) -> bool:
    digest = seal_digest(
        number=seal.number,
        made_at=seal.made_at,
        after_id=seal.after_id,
        last_id=seal.last_id,
        event_ids=seal.event_ids,
        event_digests=bytes(seal.event_digests),
        seen_id=seal.seen_id,
        writing=seal.writing,
        previous=bytes(seal.previous),
    )
    return digest == bytes(seal.digest)


def _problems_of_rows(
    seal: AuditSeal, seen: Verification, *, removed_at: datetime.datetime | None
) -> Iterator[Problem]:
    """Yield rows unlike those sealed; of a piece that was removed no row may be left, and its time must be over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(array_agg(id ORDER BY id), '{}'),"  # noqa: S608 a constant of ours
            " coalesce(string_agg(digest, '' ORDER BY id), ''),"
            " coalesce(array_agg(id ORDER BY id) FILTER (WHERE kept IS DISTINCT FROM digest AND kept IS NOT NULL),"
            f" '{{}}') FROM (SELECT id, digest AS kept, {content_digest('e')} AS digest"
            " FROM accounts_accessevent AS e WHERE id > %s AND id <= %s) AS found",
            [seal.after_id, seal.last_id],
        )
        ids, digests, unlike = cursor.fetchone()
    seen.rows += len(ids)
    sealed = bytes(seal.event_digests)
    if removed_at is not None:
        seen.removed += 1
        if removed_at - seal.made_at < SHORTEST_KEEPING:
            yield Problem("A piece was removed before its time", [seal.number])
        if ids:
            yield Problem("Rows were put in afterwards", ids)
        return
    if ids == seal.event_ids and bytes(digests) == sealed and not unlike:
        return
    was = dict(zip(seal.event_ids, _split(sealed), strict=False))
    now = dict(zip(ids, _split(bytes(digests)), strict=True))
    changed = {pk for pk in was.keys() & now.keys() if was[pk] != now[pk]} | set(unlike)
    for words, found in (
        ("Rows were changed", changed - (now.keys() - was.keys())),
        ("Rows were removed", was.keys() - now.keys()),
        ("Rows were put in afterwards", now.keys() - was.keys()),
    ):
        if found:
            yield Problem(words, sorted(found))


def _split(digests: bytes) -> list[bytes]:
    return [digests[start : start + DIGEST_BYTES] for start in range(0, len(digests), DIGEST_BYTES)]


def _problems_after(last_id: int, seen: Verification) -> Iterator[Problem]:
    """Yield rows not yet sealed that differ from the hash made when they were written."""
    newest = AuditSeal.objects.order_by("-number").first()
    after = max(last_id, newest.last_id if newest else 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(array_agg(id ORDER BY id)"  # noqa: S608 a constant of ours
            " FILTER (WHERE id <= 0 OR digest IS NULL AND %s"
            f" OR digest <> {content_digest('e')}), '{{}}')"
            " FROM accounts_accessevent AS e WHERE id > %s OR id <= 0",
            # Rows from before the database hashed them all lie below the first seals.
            [after > 0, after],
        )
        seen.unsealed, unlike = cursor.fetchone()
    if unlike:
        yield Problem("Rows were changed or put in that no seal covers yet", unlike)


def _anchors(since: datetime.date | None) -> Iterator[AuditAnchor]:
    anchors = AuditAnchor.objects.order_by("day")
    return (anchors.filter(made_at__gte=midnight(since)) if since else anchors).iterator()


def _problems_of_anchors(
    anchors: list[AuditAnchor], since: datetime.date | None, last_id: int, seen: Verification
) -> Iterator[Problem]:
    before = AuditAnchor.objects.filter(day__lt=anchors[0].day).last() if anchors and since else None
    previous = bytes(before.digest) if before else START
    for anchor in anchors:
        seen.anchors += 1
        seal = seen.digests.get(anchor.seal_number)
        if seal is None and since:
            # Anchored soon after ``since``: the seal itself may be older.
            found = AuditSeal.objects.filter(number=anchor.seal_number).first()
            seal = bytes(found.digest) if found else None
        if seal is None:
            yield Problem(f"The seal that the anchor of {anchor.day} holds is missing", [anchor.seal_number])
        elif bytes(anchor.previous) != previous or bytes(anchor.digest) != anchor_digest(
            day=anchor.day,
            seal_number=anchor.seal_number,
            seal=seal,
            first_id=anchor.first_id,
            last_id=anchor.last_id,
            count=anchor.count,
            previous=bytes(anchor.previous),
        ):
            yield Problem(f"The anchor of {anchor.day} does not hold what it held", [anchor.pk])
        if anchor.last_id is not None and last_id and anchor.last_id > last_id:
            yield Problem(f"The chain ends before what the anchor of {anchor.day} holds", [anchor.last_id])
        previous = bytes(anchor.digest)


def _problems_with_kept(kept: Iterable[str]) -> Iterator[Problem]:
    known = {anchor_in_words(anchor) for anchor in AuditAnchor.objects.iterator()} if kept else set()
    for line in kept:
        if line.strip() and line.strip() not in known:
            yield Problem(f"An anchor that was kept outside is not in the database: {line.strip()[:10]}")
