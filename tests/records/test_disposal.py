from __future__ import annotations

import datetime
import io
import pathlib

import pghistory.models
import pikepdf
import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.case_data import case_tables, is_declared, overwritten
from accounts.models import AccessEvent, Draft
from cpconf.celery import app
from deadlines.services import reconcile
from families.access import FAMILY_RULE
from families.models import Child, Family, Person
from records.enums import DisposalState
from records.models import Disposal, LegalHold
from records.retention.certificate import certificate_pdf
from records.retention.legal_holds import holds_on, set_hold
from records.retention.services import (
    agree_to_disposal,
    finish_removals,
    held_about,
    keep_longer,
    mark_of,
    propose_disposal,
    reach_of,
    refuse_disposal,
)
from reports.enums import PaperRetired, PaperState
from reports.models import LaidOutPaper
from reports.uploads import storing
from tests.factories import EnquiryFactory, PersonFactory
from tests.layout import lay_out_papers
from tests.records.kept import everything_of, found_in, mark, passing_triggers, time_over, words_of
from tests.reports.test_pdf import text_of
from tests.reports.test_typed_text_fits import UNBROKEN, beyond_the_sheet
from tests.stories import once_per_module
from tests.world import address_names, address_of, tell_world


@once_per_module()
def kept():
    return time_over(tell_world())


@pytest.fixture
def now():
    return timezone.now()


def disposed(kept, now):
    proposal = propose_disposal(family=kept.family, why="Its time is over.", by=kept.proposer, now=now)
    return agree_to_disposal(disposal=proposal, by=kept.second, now=now)


def test_every_table_declares_whose_records_its_rows_are():
    undeclared = [
        model._meta.label
        for model in apps.get_models()
        if not model.__module__.startswith("tests.")
        and not issubclass(model, pghistory.models.Event)
        and not model._meta.proxy
        and not is_declared(model)
    ]
    assert undeclared == []


def test_every_free_text_of_case_data_is_overwritten_unless_declared_harmless():
    forgotten = [
        f"{table.model._meta.label}.{column.name}"
        for table in case_tables()
        for column in words_of(table)
        if column.column not in overwritten(table)
    ]
    assert forgotten == []


def test_a_disposal_leaves_no_text_of_the_case_anywhere(kept, now):
    assert mark(kept.family, "Qz7") > 100
    before = found_in("Qz7")
    assert {"families_personevent", "meetings_boardentryevent", "reports_document"} <= before.keys()
    names = [row.full_name for row in Person.objects.filter(pk__in=reach_of(kept.family).persons)]
    done = disposed(kept, now)
    assert found_in("Qz7") == {}
    assert [name for name in names if found_in(name)] == []
    assert done.state == DisposalState.DONE


def test_a_disposal_touches_nothing_of_another_case_that_shares_a_parent(kept, now):
    assert mark(kept.other, "Wv9") > 3
    hazel = Person.objects.filter(pk=kept.hazel.pk).values_list()[0]
    other = reach_of(kept.other)
    before = everything_of(other)
    disposed(kept, now)
    assert everything_of(other) == before
    assert Person.objects.filter(pk=kept.hazel.pk).values_list()[0] == hazel
    assert kept.hazel.pk not in reach_of(kept.family).persons


def merged(into, **fields):
    return PersonFactory(authority=into.authority, merged_into=into, **fields)


def test_chained_merged_records_go_with_their_person(kept, now):
    first = merged(kept.dale, given_name="Quillon", family_name="Zephyr")
    merged(first, given_name="Quillon", family_name="Tamarisk")
    disposed(kept, now)
    assert {table for word in ("Zephyr", "Tamarisk") for table in found_in(word)} == set()


def test_a_merged_record_stays_with_a_person_another_case_keeps(kept, now):
    former = merged(kept.hazel, given_name="Hazel", family_name="Zephyr")
    disposed(kept, now)
    former.refresh_from_db()
    assert former.full_name == "Hazel Zephyr"


# Pages about people and the council: their forms say nothing about one case.
OF_NO_CASE = {
    "families:hand-over",
    "families:change-agency",
    "families:end-agency",
    "families:worker",
    "families:change-worker",
    "families:end-worker",
    "families:merge",
    "families:settle-merge",
    "families:review-glass",
    "families:withdraw-adoption",
    "conferences:hand-on-each",
    "conferences:room-directions",
    "conferences:my-invitation",
    "reports:own-reading",
    "reports:others-report",
    "plans:list-check",
    "plans:choose-child",
    "plans:plan-of-child",
    "core_groups:of-conference",
    "core_groups:changed",
    "core_groups:own-changed",
}
OF_A_CASE = {
    "families",
    "conferences",
    "meetings",
    "conference_plans",
    "reports",
    "records",
    "plans",
    "core_groups",
    "transfers",
}


def test_drafts_on_any_page_of_the_case_go_too(kept, now):
    pages = (
        address_of(kept, name)
        for name in address_names()
        if name.partition(":")[0] in OF_A_CASE and name not in OF_NO_CASE
    )
    paths = {path for path in pages if any(letter.isdigit() for letter in path)}
    Draft.objects.all().delete()
    Draft.objects.bulk_create(Draft(user=kept.worker, path=path, sealed="words", saved_at=now) for path in paths)
    disposed(kept, now)
    assert list(Draft.objects.exclude(sealed="").values_list("path", flat=True)) == []


def test_files_left_behind_by_a_crash_are_deleted(kept, now):
    name = storing.put(b"a file of the case")
    other = storing.put(b"a file of another case")
    kept.attachment.file.__class__.objects.create(
        stored_as=other, original_name="x.pdf", kind="pdf", size=1, sha256="x", uploaded_by=kept.worker,
        uploaded_at=now, scan="clean",
    )  # fmt: skip
    with passing_triggers():
        kept.attachment.file.__class__.objects.filter(pk=kept.attachment.file_id).update(stored_as=name)
    disposed(kept, now)
    assert storing.get(name) is not None
    assert finish_removals() == 1
    assert (storing.get(name), finish_removals()) == (None, 0)
    assert storing.get(other) is not None


def test_files_of_copies_go_with_the_case_and_none_is_made_again(kept, now, django_capture_on_commit_callbacks):
    minutes = kept.documents["minutes"]
    assert lay_out_papers() > 1
    paper, waits = LaidOutPaper.objects.filter(document=minutes, state=PaperState.READY)[:2]
    LaidOutPaper.objects.filter(pk=waits.pk).update(state=PaperState.WAITING)
    assert storing.is_there(paper.stored_as)
    with django_capture_on_commit_callbacks(execute=True):
        disposed(kept, now)
    assert not storing.is_there(paper.stored_as)
    rows = LaidOutPaper.objects.filter(pk__in=[paper.pk, waits.pk])
    assert set(rows.values_list("state", "retired_because", "made_from", "sha256")) == {
        (PaperState.RETIRED, PaperRetired.DISPOSED, "", "")
    }
    storing.put(b"left by a crash", paper.stored_as)
    assert (finish_removals(), storing.is_there(paper.stored_as)) == (1, False)


def test_professionals_and_staff_stay_as_they_are(kept, now):
    teacher, worker = kept.teacher.person, Person.objects.get(user=kept.worker)
    disposed(kept, now)
    for person in (teacher, worker):
        assert Person.objects.get(pk=person.pk).full_name == person.full_name


def test_an_anonymous_stub_is_left_with_years_and_kinds_of_plans(kept, now):
    number = kept.family.case_number
    done = disposed(kept, now)
    family = Family.objects.get(pk=kept.family.pk)
    assert (family.name, family.case_number, family.disposed_at is not None) == ("Removed", f"X{family.pk}", True)
    child = Child.objects.select_related("person").get(pk=kept.robin.pk)
    assert (child.council_child_id, child.person.full_name) == (f"X{child.pk}", "Removed")
    assert child.person.birth_date == datetime.date(2014, 1, 1)
    born = sorted(row["born"] or 0 for row in done.stub["children"])
    assert born == [0, 2014, 2020]
    assert any("Child protection plan, 2026" in plan for row in done.stub["children"] for plan in row["plans"])
    assert done.case_mark == mark_of(kept.authority.pk, number)
    assert number not in str(done.stub) + str(done.counts)


def test_no_true_date_is_left_but_the_order_of_events_is(kept, now):
    sittings = [sitting.starts_at for sitting in kept.conference.sittings.order_by("number")]
    disposed(kept, now)
    moved = [sitting.starts_at for sitting in kept.conference.sittings.order_by("number")]
    assert len({after - before for before, after in zip(sittings, moved, strict=True)}) == 1
    assert [table for table in found_in("2014-03-04") if table != "deadlines_calendarday"] == []


def test_the_case_is_closed_to_everyone_afterwards(kept, now):
    assert FAMILY_RULE.right_of(kept.proposer, kept.family) == "service manager"
    disposed(kept, now)
    assert FAMILY_RULE.right_of(kept.proposer, kept.family) is None


def test_the_read_log_keeps_its_ids(kept, now, client):
    client.force_login(kept.proposer)
    client.get(f"/families/{kept.family.pk}/")
    before = list(AccessEvent.objects.values_list("pk", "family_ids", "person_ids"))
    assert before
    disposed(kept, now)
    assert list(AccessEvent.objects.values_list("pk", "family_ids", "person_ids")) == before


def test_the_ledger_leaves_the_case_out(kept, now):
    disposed(kept, now)
    assert reconcile(now=now).written == 0


@pytest.mark.lays_out
def test_the_certificate_says_what_by_which_rule_and_by_whom_without_names(kept, now):
    names = [row.family_name for row in Person.objects.filter(pk__in=reach_of(kept.family).persons)]
    done = disposed(kept, now)
    content = storing.get(done.stored_as)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.docinfo["/Title"] == f"Certificate of disposal {done.number}"
    text = text_of(content)
    for word in (done.number, "Petra Osprey", "Ian Merlin", "version 2", "1 months", "What was said"):
        assert word in text, word
    assert [name for name in names if name and name in text] == []


@pytest.mark.lays_out
def test_long_names_stay_on_the_sheet_of_the_certificate(kept, now):
    done = disposed(kept, now)
    for row in (done.family.authority, done.proposed_by, done.settled_by):
        row.name = UNBROKEN[:120]
    assert beyond_the_sheet(certificate_pdf(done)) == []


def test_the_proposer_can_not_agree(kept, now):
    proposal = propose_disposal(family=kept.family, why="Its time is over.", by=kept.proposer, now=now)
    with pytest.raises(ValidationError, match="Someone other than the person who proposed it"):
        agree_to_disposal(disposal=proposal, by=kept.proposer, now=now)
    with pytest.raises(IntegrityError, match="disposal_by_two"), transaction.atomic():
        Disposal.objects.filter(pk=proposal.pk).update(
            state=DisposalState.AGREED, settled_by=kept.proposer, settled_at=now
        )


def test_agreeing_and_proposing_twice_changes_nothing_more(kept, now):
    first = propose_disposal(family=kept.family, why="Its time is over.", by=kept.proposer, now=now)
    assert propose_disposal(family=kept.family, why="Again.", by=kept.proposer, now=now) == first
    done = agree_to_disposal(disposal=first, by=kept.second, now=now)
    again = agree_to_disposal(disposal=first, by=kept.second, now=now)
    assert (again.number, again.sha256, again.done_at) == (done.number, done.sha256, done.done_at)


def test_a_refused_disposal_changes_nothing(kept, now):
    proposal = propose_disposal(family=kept.family, why="Its time is over.", by=kept.proposer, now=now)
    before = everything_of(reach_of(kept.family))["families.Person"]
    with pytest.raises(ValidationError, match="Say why"):
        refuse_disposal(disposal=proposal, because=" ", by=kept.second, now=now)
    refused = refuse_disposal(disposal=proposal, because="A claim is coming.", by=kept.second, now=now)
    assert (refused.state, everything_of(reach_of(kept.family))["families.Person"]) == (DisposalState.REFUSED, before)
    with pytest.raises(ValidationError, match="refused"):
        agree_to_disposal(disposal=proposal, by=kept.second, now=now)


def test_a_case_kept_longer_is_not_disposed_of(kept, now):
    proposal = propose_disposal(family=kept.family, why="Its time is over.", by=kept.proposer, now=now)
    until = timezone.localdate(now) + datetime.timedelta(days=365)
    keep_longer(family=kept.family, until=until, why="A sibling may ask.", by=kept.proposer, now=now)
    proposal.refresh_from_db()
    assert proposal.state == DisposalState.REFUSED
    with pytest.raises(ValidationError, match="keep this case longer"):
        propose_disposal(family=kept.family, why="Again.", by=kept.second, now=now)


def test_an_open_case_and_an_open_plan_are_kept(kept, now):
    Family.objects.filter(pk=kept.family.pk).update(closed_on=None)
    with pytest.raises(ValidationError, match="the case is open"):
        propose_disposal(family=kept.family, why="Too early.", by=kept.proposer, now=now)


@pytest.fixture
def forged(kept, now):
    """A proposal inserted directly into the table, past every service."""
    proposal = propose_disposal(family=kept.family, why="Its time is over.", by=kept.proposer, now=now)

    def forge(**fields):
        facts = {"state": DisposalState.AGREED, "settled_by": kept.second, "settled_at": now, **fields}
        Disposal.objects.filter(pk=proposal.pk).update(**facts)
        return proposal

    return forge


def run_in_database(proposal):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT public.dispose_of_case(%s)", [proposal.pk])


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"state": DisposalState.PROPOSED, "settled_by": None, "settled_at": None}, "two people have to agree"),
        ({"kept_until": datetime.date(2090, 1, 1)}, "its time is not over"),
    ],
)
def test_the_database_itself_refuses_without_two_people_and_before_its_time(forged, fields, refusal):
    proposal = forged(**fields)
    with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
        run_in_database(proposal)


def test_the_database_itself_refuses_under_a_hold(forged, kept, now):
    proposal = forged()
    set_hold(family=kept.family, child=None, ground="court", why="Inquest", reference="", by=kept.proposer, now=now)
    with pytest.raises(IntegrityError, match="a legal hold stands"), transaction.atomic():
        run_in_database(proposal)


def test_a_hold_on_a_child_named_only_by_an_enquiry_holds_the_case(forged, kept, now):
    proposal = forged()
    discussion = kept.family.strategy_discussions.first()
    EnquiryFactory(discussion=discussion, child=kept.linnet)
    LegalHold.objects.create(
        family=kept.other, child=kept.linnet, ground="court", why="Inquest", set_by=kept.proposer, set_at=now
    )
    assert holds_on(kept.family.pk).count() == 1
    with pytest.raises(IntegrityError, match="a legal hold stands"), transaction.atomic():
        run_in_database(proposal)


def test_the_application_role_can_dispose_only_through_the_function(kept, now):
    proposal = propose_disposal(family=kept.family, why="Its time is over.", by=kept.proposer, now=now)
    entry = kept.conference.board.first()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("CREATE ROLE cpconf_records NOLOGIN")
        call_command("grant_application_role", role="cpconf_records", verbosity=0)
        cursor.execute("SET LOCAL ROLE cpconf_records")
        for statement in (
            "UPDATE families_personevent SET given_name = ''",
            "UPDATE records_keeplonger SET why = 'x'",
            "ALTER TABLE families_person DISABLE TRIGGER ALL",
        ):
            with pytest.raises(ProgrammingError), transaction.atomic():
                cursor.execute(statement)
        assert agree_to_disposal(disposal=proposal, by=kept.second, now=now).state == DisposalState.DONE
        cursor.execute("RESET ROLE")
    entry.refresh_from_db()
    assert entry.text == "removed"


def test_the_application_role_can_not_disable_triggers(kept):
    decision = kept.robin_decision
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("CREATE ROLE cpconf_records NOLOGIN")
        call_command("grant_application_role", role="cpconf_records", verbosity=0)
        cursor.execute("SELECT set_config('pgtrigger.ignore', array_agg(tgname)::text, true) FROM pg_trigger")
        cursor.execute("SET LOCAL ROLE cpconf_records")
        with pytest.raises(Exception, match=r"read only|Cannot update"), transaction.atomic():
            cursor.execute("UPDATE conferences_decision SET rationale = 'other' WHERE id = %s", [decision.pk])
        cursor.execute("RESET ROLE")


def test_held_items_are_counted_by_kind(kept):
    held = dict(held_about(reach_of(kept.family)))
    assert (held["Children"], held["Conferences"], held["The case"]) == (3, 1, 1)


def test_nothing_is_removed_by_itself():
    tasks = sorted(entry["task"] for entry in app.conf.beat_schedule.values())
    assert [task for task in tasks if "dispos" in task or "retention" in task] == []
    root = pathlib.Path(__file__).resolve().parents[2]
    callers = [
        str(path.relative_to(root))
        for app_name in (
            "accounts",
            "notifications",
            "families",
            "deadlines",
            "conferences",
            "plans",
            "core_groups",
            "reports",
            "transfers",
            "records",
            "demo",
            "cpconf",
        )
        for path in (root / app_name).rglob("*.py")
        if "agree_to_disposal" in path.read_text() and "migrations" not in path.parts
    ]
    assert sorted(callers) == ["records/retention/services.py", "records/views/disposals.py"]
