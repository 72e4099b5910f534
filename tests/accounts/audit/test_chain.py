"""The read log reveals tampering, even by the owner of the database."""

from __future__ import annotations

import datetime
import threading
from io import StringIO

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.test import RequestFactory, override_settings

from accounts.access import record_read
from accounts.audit import chain
from accounts.audit.chain import anchor_in_words, anchor_reads, seal_reads
from accounts.audit.verify import Problem, problems_of_read_log
from accounts.enums import ReadKind
from accounts.models import AccessEvent, AuditAnchor, AuditSeal
from accounts.models.audit import content_digest
from accounts.tasks import anchor
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 6, 10, 12, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.date(2026, 6, 10)


def read(number: int = 1) -> list[int]:
    return [
        AccessEvent.objects.create(page="families:family", family_ids=[pk], address="192.0.2.7").pk
        for pk in range(number)
    ]


def seal(times: int = 2) -> int:
    """Seal twice: the first call notes how far the log has come, the second seals up to there."""
    return sum(seal_reads(now=NOW + MINUTE * step) for step in range(times))


def owner(statement: str, *values: object) -> None:
    """Run SQL as the owner of the tables."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def found(**chosen) -> list[Problem]:
    return [Problem(row.words, list(row.ids)) for row in problems_of_read_log(**chosen)]


def test_an_untouched_log_is_intact():
    read(5)
    assert seal() == 5
    read(2)
    anchor_reads(day=DAY, now=NOW)
    assert found() == []


def test_the_database_hashes_each_row_whatever_the_session_is_set_to():
    pks = read(1)
    sql = f"SELECT {content_digest('e')} FROM accounts_accessevent AS e WHERE id = %s"  # noqa: S608
    with connection.cursor() as cursor:
        for setting in ("timezone = 'Pacific/Auckland'", "datestyle = 'German'", "bytea_output = 'escape'"):
            cursor.execute(f"SET LOCAL {setting}")
        cursor.execute(sql, pks)
        anew = bytes(cursor.fetchone()[0])
        for setting in ("timezone = 'UTC'", "datestyle = 'ISO'", "bytea_output = 'hex'"):
            cursor.execute(f"SET LOCAL {setting}")
    assert bytes(AccessEvent.objects.get(pk=pks[0]).digest) == anew


@pytest.mark.parametrize(
    "change",
    [
        "page = 'accounts:my-account'",
        "at = at + interval '1 microsecond'",
        "family_ids = '{}'",
        "person_ids = '{7}'",
        "user_id = NULL, kind = 'pdf'",
        "\"right\" = 'break-glass'",
        "address = '192.0.2.8'",
        "session = 'x'",
        "guest_person_id = 4",
        "digest = NULL, subject_id = 9",
    ],
)
def test_a_changed_row_is_found_by_its_id(change):
    pks = read(3)
    seal()
    owner(f"UPDATE accounts_accessevent SET {change} WHERE id = %s", pks[1])  # noqa: S608
    assert found() == [Problem("Rows were changed", [pks[1]])]


def test_a_row_changed_together_with_its_hash_is_found_by_its_id():
    pks = read(3)
    seal()
    owner("UPDATE accounts_accessevent SET page = 'x', digest = sha256('whatever') WHERE id = %s", pks[0])
    assert found() == [Problem("Rows were changed", [pks[0]])]


def test_a_row_changed_before_it_was_sealed_is_found():
    read(1)
    seal()
    pks = read(2)
    owner("UPDATE accounts_accessevent SET page = 'x' WHERE id = %s", pks[1])
    assert found() == [Problem("Rows were changed or put in that no seal covers yet", [pks[1]])]


def test_removed_rows_are_found_by_their_ids():
    pks = read(4)
    seal()
    owner("DELETE FROM accounts_accessevent WHERE id = ANY(%s)", pks[1:3])
    assert found() == [Problem("Rows were removed", pks[1:3])]


def test_the_last_rows_of_a_sealed_day_cut_off_are_found():
    pks = read(4)
    seal()
    anchor_reads(day=DAY, now=NOW)
    owner("DELETE FROM accounts_accessevent WHERE id = ANY(%s)", pks[2:])
    assert found() == [Problem("Rows were removed", pks[2:])]


def test_rows_cut_off_with_their_seals_are_found_by_the_anchor():
    read(2)
    seal()
    pks = read(2)
    seal()
    anchor_reads(day=DAY, now=NOW)
    newest = AuditSeal.objects.last()
    owner("DELETE FROM accounts_accessevent WHERE id = ANY(%s)", pks)
    owner("DELETE FROM accounts_auditseal WHERE last_id >= %s", pks[0])
    assert Problem("The seal that the anchor of 2026-06-10 holds is missing", [newest.number]) in found()


def test_everything_cut_off_with_its_anchor_is_found_by_the_line_kept_outside():
    read(2)
    seal()
    anchor_reads(day=DAY, now=NOW)
    pks = read(2)
    seal()
    line = anchor_in_words(anchor_reads(day=DAY + datetime.timedelta(days=1), now=NOW))
    owner("DELETE FROM accounts_accessevent WHERE id = ANY(%s)", pks)
    owner("DELETE FROM accounts_auditseal WHERE last_id >= %s", pks[0])
    owner("DELETE FROM accounts_auditanchor WHERE day > %s", DAY)
    assert found() == []
    assert found(kept=[line]) == [Problem("An anchor that was kept outside is not in the database: 2026-06-11", [])]


def reckon_anew(*, anchors: bool) -> None:
    """Recompute every digest to match the current rows, as a forger who owns the database and knows this code would."""
    previous, digests = chain.START, {}
    for row in AuditSeal.objects.order_by("number"):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT string_agg({content_digest('e')}, '' ORDER BY id) FROM accounts_accessevent AS e"  # noqa: S608
                " WHERE id = ANY(%s)",
                [row.event_ids],
            )
            content = bytes(cursor.fetchone()[0] or b"")
        row.event_digests, row.previous = content, previous
        facts = ("number", "made_at", "after_id", "last_id", "event_ids", "event_digests", "seen_id", "writing")
        previous = chain.seal_digest(**{name: getattr(row, name) for name in facts}, previous=previous)
        digests[row.number] = previous
        owner(
            "UPDATE accounts_auditseal SET event_digests = %s, previous = %s, digest = %s WHERE number = %s",
            content, row.previous, previous, row.number,
        )  # fmt: skip
    owner(f"UPDATE accounts_accessevent AS e SET digest = {content_digest('e')}")  # noqa: S608
    before = chain.START
    for row in AuditAnchor.objects.order_by("day") if anchors else ():
        facts = ("day", "seal_number", "first_id", "last_id", "count")
        digest = chain.anchor_digest(
            **{name: getattr(row, name) for name in facts}, seal=digests[row.seal_number], previous=before
        )
        owner("UPDATE accounts_auditanchor SET previous = %s, digest = %s WHERE id = %s", before, digest, row.pk)
        before = digest


@once_per_module()
def forged():
    """A row changed after its day was anchored, with the line kept outside and the day."""
    pks = read(3)
    seal()
    anchored = anchor_reads(day=DAY, now=NOW)
    line = anchor_in_words(anchored)
    owner("UPDATE accounts_accessevent SET family_ids = '{}' WHERE id = %s", pks[1])
    return line, anchored


def test_recomputing_every_later_seal_is_found_by_the_anchor(forged):
    _, anchored = forged
    reckon_anew(anchors=False)
    assert found() == [Problem("The anchor of 2026-06-10 does not hold what it held", [anchored.pk])]


def test_recomputing_the_anchors_too_is_found_by_the_line_kept_outside(forged):
    line, _ = forged
    reckon_anew(anchors=True)
    assert found() == []
    assert found(kept=[line]) == [Problem("An anchor that was kept outside is not in the database: 2026-06-10", [])]


def test_two_swapped_rows_are_found():
    pks = read(3)
    seal()
    owner(
        "UPDATE accounts_accessevent AS one SET family_ids = other.family_ids, digest = other.digest"
        " FROM accounts_accessevent AS other WHERE one.id = ANY(%s) AND other.id = ANY(%s) AND one.id <> other.id",
        pks[:2],
        pks[:2],
    )
    assert found() == [Problem("Rows were changed", pks[:2])]


def test_an_inserted_row_is_found_by_its_id():
    pks = read(3)
    owner("DELETE FROM accounts_accessevent WHERE id = %s", pks[1])
    seal()
    owner(
        'INSERT INTO accounts_accessevent (id, at, kind, page, subject, family_ids, person_ids, "right", session)'
        " VALUES (%s, now(), 'page', 'x', '', '{}', '{}', '', '')",
        pks[1],
    )
    assert found() == [Problem("Rows were put in afterwards", [pks[1]])]


def test_rows_numbered_below_the_first_are_found():
    read(1)
    seal()
    owner(
        'INSERT INTO accounts_accessevent (id, at, kind, page, subject, family_ids, person_ids, "right", session)'
        " VALUES (-5, now(), 'page', 'x', '', '{}', '{}', '', '')"
    )
    assert found() == [Problem("Rows were changed or put in that no seal covers yet", [-5])]


def test_a_changed_and_a_missing_seal_are_found():
    read(2)
    seal()
    read(2)
    seal()
    numbers = list(AuditSeal.objects.values_list("number", flat=True))
    owner("UPDATE accounts_auditseal SET made_at = now() WHERE number = %s", numbers[1])
    assert found() == [Problem("A seal was changed", [numbers[1]])]
    owner("DELETE FROM accounts_auditseal WHERE number = %s", numbers[1])
    assert Problem("Seals are missing", [numbers[1]]) in found()


@pytest.mark.parametrize("change", ["count = count + 1", "digest = sha256('x')", "day = day - 1"])
def test_a_changed_anchor_is_found(change):
    read(2)
    seal()
    made = anchor_reads(day=DAY, now=NOW)
    owner(f"UPDATE accounts_auditanchor SET {change}")  # noqa: S608
    made.refresh_from_db()
    assert found() == [Problem(f"The anchor of {made.day} does not hold what it held", [made.pk])]


def test_a_missing_anchor_is_found():
    for step in range(3):
        read(1)
        seal()
        anchor_reads(day=DAY + datetime.timedelta(days=step), now=NOW + MINUTE * step)
    owner("DELETE FROM accounts_auditanchor WHERE day = %s", DAY + datetime.timedelta(days=1))
    after = AuditAnchor.objects.last()
    assert found() == [Problem("The anchor of 2026-06-12 does not hold what it held", [after.pk])]


@pytest.mark.django_db(transaction=True)
def test_a_late_committing_row_is_sealed_without_a_false_alarm():
    inside, out = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            read(1)
            inside.set()
            out.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert inside.wait(20)
    read(2)
    seal_reads(now=NOW)
    assert seal_reads(now=NOW + MINUTE) == 0  # waits for the transaction that was open
    out.set()
    thread.join()
    assert seal(3) == 3
    assert found() == []


def test_ids_used_by_a_rolled_back_transaction_raise_no_alarm():
    with transaction.atomic():
        read(3)
        transaction.set_rollback(True)
    read(2)
    assert seal() == 2
    assert found() == []


def test_many_rows_are_sealed_in_pieces(monkeypatch):
    monkeypatch.setattr(chain, "ROWS_A_SEAL", 4)
    read(11)
    assert seal() == 11
    assert [len(ids) for ids in AuditSeal.objects.values_list("event_ids", flat=True)] == [0, 4, 4, 3]
    read(1)
    assert seal() == 1
    assert found() == []


def test_nothing_new_makes_no_seal():
    read(1)
    seal()
    number = AuditSeal.objects.count()
    assert seal(3) == 0
    assert AuditSeal.objects.count() == number


def test_since_begins_with_the_seals_of_that_day():
    first = read(1)
    seal()
    later = NOW + datetime.timedelta(days=3)
    read(1)
    seal_reads(now=later)
    seal_reads(now=later)
    owner("UPDATE accounts_accessevent SET page = 'x' WHERE id = %s", first[0])
    assert found(since=later.date()) == []
    assert found() == [Problem("Rows were changed", first)]


def test_the_anchor_counts_sealed_rows_and_a_second_call_returns_it():
    pks = read(3)
    seal()
    made = anchor_reads(day=DAY, now=NOW)
    assert (made.first_id, made.last_id, made.count) == (pks[0], pks[-1], 3)
    assert anchor_reads(day=DAY, now=NOW + MINUTE) == made


def test_the_command_reports_success_or_exits_with_one():
    pks = read(2)
    seal()
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue() == (
        f"2 sealed rows in {AuditSeal.objects.count()} seals, 0 rows not sealed yet, 0 anchors: the read log is whole.\n"
    )
    owner("DELETE FROM accounts_accessevent WHERE id = %s", pks[0])
    out = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_audit", stdout=out)
    assert stopped.value.code == 1
    assert out.getvalue().splitlines()[0] == f"Rows were removed: {pks[0]}."


def test_anchors_are_printed_to_be_kept_outside(tmp_path):
    read(1)
    seal()
    line = anchor_in_words(anchor_reads(day=DAY, now=NOW))
    out = StringIO()
    call_command("anchor_audit", "--print", stdout=out)
    assert out.getvalue() == f"{line}\n"
    kept = tmp_path / "anchors"
    kept.write_text(out.getvalue())
    call_command("verify_audit", anchors=kept, stdout=StringIO())


@override_settings(AUDIT_ANCHOR_EMAILS=["keeper@council.example"])
def test_the_anchor_is_mailed_once_to_its_keeper():
    read(1)
    seal()
    anchor()
    anchor()
    [message] = mail.outbox
    assert message.to == ["keeper@council.example"]
    assert message.body.strip() == anchor_in_words(AuditAnchor.objects.get())


def test_logging_a_read_takes_one_query(django_assert_num_queries):
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")
    request.user = AnonymousUser()
    with django_assert_num_queries(1):
        event = record_read(request, page="x", subject="", subject_id=None, family_ids=[2, 1, 2], kind=ReadKind.PDF)
    event.refresh_from_db()
    assert (event.family_ids, event.kind, event.address) == ([1, 2], "pdf", "192.0.2.7")


def test_no_request_is_one_transaction_so_that_a_failed_page_keeps_what_it_showed():
    assert settings.DATABASES["default"].get("ATOMIC_REQUESTS", False) is False
