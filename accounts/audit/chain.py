"""Seals the read log: links new rows into the hash chain, and anchors the chain at the end of each day."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Sequence

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import AuditAnchor, AuditSeal
from accounts.models.audit import content_digest

# Rows per seal: what a verification holds in memory at once.
ROWS_A_SEAL = 10_000
START = bytes(32)
# The advisory lock that lets only one process seal at a time; the number is arbitrary.
ONE_SEALER = 4_170_001


def seal_digest(
    *,
    number: int,
    made_at: datetime.datetime,
    after_id: int,
    last_id: int,
    event_ids: Sequence[int],
    event_digests: bytes,
    seen_id: int,
    writing: Sequence[str],
    previous: bytes,
) -> bytes:
    """Return the hash over everything in a seal, including the previous seal's digest."""
    said = [
        number,
        made_at.astimezone(datetime.UTC).isoformat(),
        after_id,
        last_id,
        list(event_ids),
        event_digests.hex(),
        seen_id,
        list(writing),
        previous.hex(),
    ]
    return hashlib.sha256(json.dumps(said).encode()).digest()


def anchor_digest(
    *,
    day: datetime.date,
    seal_number: int,
    seal: bytes,
    first_id: int | None,
    last_id: int | None,
    count: int,
    previous: bytes,
) -> bytes:
    """Return the hash over everything in an anchor, and over the seal it anchors."""
    said = [day.isoformat(), seal_number, seal.hex(), first_id, last_id, count, previous.hex()]
    return hashlib.sha256(json.dumps(said).encode()).digest()


def seal_reads(*, now: datetime.datetime) -> int:
    """Link the rows that were new at the last call into the chain, and note how far the log has come since.

    Rows get their ids before their transaction commits, so a row with a low id may appear late. But a writer
    holds a lock on the log from before the id is assigned until the transaction ends. A seal therefore ends
    where the log stood at the previous call, and is made only once every transaction that was writing then has
    ended: any row that appears below it afterwards was inserted by tampering. Returns the number of rows
    sealed: 0 where nothing is new, a transaction is still writing, or another process is sealing.
    """
    sealed = 0
    while True:
        with transaction.atomic():
            made = _seal_some(now)
        sealed += made or 0
        if not made or made < ROWS_A_SEAL:
            return sealed


def _seal_some(now: datetime.datetime) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_SEALER])
        if not cursor.fetchone()[0]:
            return None
        # Read how far the log has come before reading who is writing, in two statements: any writer with a lower id
        # that hasn't finished is then among the second.
        cursor.execute("SELECT coalesce(max(id), 0) FROM accounts_accessevent")
        newest_id = cursor.fetchone()[0]
        cursor.execute(
            "SELECT coalesce(array_agg(DISTINCT virtualtransaction), '{}') FROM pg_locks"
            " WHERE relation = 'accounts_accessevent'::regclass AND mode = 'RowExclusiveLock'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            # This transaction's own earlier writes commit together with the seal.
            " AND pid IS DISTINCT FROM pg_backend_pid()"
        )
        writing = cursor.fetchone()[0]
        last = AuditSeal.objects.order_by("-number").first()
        number, after_id, up_to, previous = 1, 0, 0, START
        if last is not None:
            number, after_id, up_to, previous = (last.number + 1, last.last_id, last.seen_id, bytes(last.digest))
            if set(last.writing) & set(writing):
                return None
            if newest_id <= last.last_id and up_to <= last.last_id:
                return None
        cursor.execute(
            f"SELECT id, {content_digest('e')} FROM accounts_accessevent AS e"  # noqa: S608 a constant of ours
            " WHERE id > %s AND id <= %s ORDER BY id LIMIT %s",
            [after_id, up_to, ROWS_A_SEAL],
        )
        rows = cursor.fetchall()
    ends_at = rows[-1][0] if len(rows) == ROWS_A_SEAL else max(up_to, after_id)
    facts = {
        "number": number,
        "made_at": now,
        "after_id": after_id,
        "last_id": ends_at,
        "event_ids": [pk for pk, _ in rows],
        "event_digests": b"".join(bytes(digest) for _, digest in rows),
        # Where more rows are waiting, the next seal goes no further than this one could have.
        "seen_id": newest_id if ends_at >= up_to else up_to,
        "writing": writing if ends_at >= up_to else [],
        "previous": previous,
    }
    AuditSeal.objects.create(**facts, digest=seal_digest(**facts))
    return len(rows)


@transaction.atomic
def anchor_reads(*, day: datetime.date, now: datetime.datetime) -> AuditAnchor | None:
    """Record the chain's digest at the end of ``day``; return the existing anchor on a second call.

    The anchor covers all seals since the previous one. None where nothing was ever sealed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_SEALER])
    last = AuditAnchor.objects.order_by("-day").first()
    if last is not None and last.day >= day:
        return AuditAnchor.objects.filter(day=day).first()
    seal = AuditSeal.objects.order_by("-number").first()
    if seal is None:
        return None
    covered = AuditSeal.objects.filter(number__gt=last.seal_number if last else 0)
    first_id, last_id, count = None, None, 0
    for ids in covered.order_by("number").values_list("event_ids", flat=True).iterator(chunk_size=50):
        if ids:
            first_id = ids[0] if first_id is None else first_id
            last_id = ids[-1]
            count += len(ids)
    previous = bytes(last.digest) if last else START
    digest = anchor_digest(
        day=day,
        seal_number=seal.number,
        seal=bytes(seal.digest),
        first_id=first_id,
        last_id=last_id,
        count=count,
        previous=previous,
    )
    return AuditAnchor.objects.create(
        day=day,
        made_at=now,
        seal_number=seal.number,
        first_id=first_id,
        last_id=last_id,
        count=count,
        previous=previous,
        digest=digest,
    )


def anchor_in_words(anchor: AuditAnchor) -> str:
    """Return a line to keep outside the database, which ``verify_audit --anchor`` reads back."""
    return f"{anchor.day.isoformat()}:{anchor.seal_number}:{anchor.count}:{bytes(anchor.digest).hex()}"


def yesterday(now: datetime.datetime) -> datetime.date:
    """Return the last complete civil day in London."""
    return timezone.localtime(now).date() - datetime.timedelta(days=1)
