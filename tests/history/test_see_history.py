"""Who changed what: the history page of each record."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from core_groups.models import CoreGroup, CoreGroupMember
from families.models import Address, ContactPoint, FamilyMember, Person, Residence, SafetyAlert, WhereaboutsReveal
from meetings.models import BoardEntry, OutlineAction, Score
from plans.models import Plan
from reports.enums import ReportKind, ReportState
from reports.models import Attachment, Report, ReportSection, StoredFile
from tests.factories import FamilyFactory, PlanFactory, UserFactory, user_with_role
from tests.history.conftest import on
from tests.reports.story import HIDDEN_PHONE, HIDDEN_POSTCODE, HIDDEN_SCHOOL, HIDDEN_STREET, HIDDEN_TEACHER, tell
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

MONDAY = datetime.datetime(2026, 12, 7, 10, tzinfo=datetime.UTC)
TUESDAY = datetime.datetime(2026, 12, 8, 15, 30, tzinfo=datetime.UTC)
SINCE = {"since_day": "2", "since_month": "12", "since_year": "2026"}
SECRETS = (HIDDEN_STREET, HIDDEN_POSTCODE, HIDDEN_SCHOOL, HIDDEN_TEACHER, HIDDEN_PHONE)


def person_url(story, person):
    return reverse("families:see-person-history", args=[story.family.pk, person.pk])


def said(page):
    """Return every change on the page: what, which, lines, reasons."""
    return [
        (
            change.what,
            change.which,
            [(line.label, line.before, line.after) for line in change.lines],
            list(change.reasons),
        )
        for act in page.context["acts"]
        for change in act.changes
    ]


@once_per_module()
def report(story):
    """The submitted social work report, with one section about Robin."""
    author = story.of.worker
    made = Report.objects.create(
        conference=story.conference,
        author=author,
        kind=ReportKind.SOCIAL_WORK,
        state=ReportState.SUBMITTED,
        begun_by=story.worker,
        begun_at=MONDAY,
        submitted_by=story.worker,
        submitted_at=MONDAY,
    )
    section = ReportSection.objects.create(report=made, heading="worries", text="Cold rooms.", nature="fact")
    section.children.set([story.robin_row])
    return made


@once_per_module()
def pages(story, report):
    """Return the URL of every history page, by name, with what the record's own page shows."""
    plan = PlanFactory(child=story.robin, authority=story.authority)
    group = CoreGroup.objects.create(
        authority=story.authority,
        family=story.family,
        conference=story.conference,
        formed_on=datetime.date(2026, 12, 22),
    )
    group.plans.add(plan)
    CoreGroupMember.objects.create(core_group=group, person=story.hazel)
    return {
        "family": reverse("families:see-family-history", args=[story.family.pk]),
        "person": person_url(story, story.hazel),
        "conference": reverse("conferences:see-history", args=[story.conference.pk]),
        "plan": reverse("plans:see-history", args=[plan.pk]),
        "core group": reverse("core_groups:see-history", args=[group.pk]),
        "report": reverse("reports:see-report-history", args=[story.conference.pk, report.author_id]),
    }


def test_a_change_shows_who_when_and_both_values(client, story):
    client.force_login(story.worker)
    with on(MONDAY, by=story.worker):
        Person.objects.filter(pk=story.hazel.pk).update(language="Polish", interpreter_needed=True)
    page = client.get(person_url(story, story.hazel), SINCE)
    (act,) = page.context["acts"]
    assert (act.at, act.who) == (MONDAY, story.worker.name)
    assert said(page) == [
        ("Person changed", "", [("Preferred language", "", "Polish"), ("Interpreter needed", "No", "Yes")], [])
    ]


def test_the_newest_change_comes_first_and_a_reason_is_shown_as_one(client, story):
    entry = BoardEntry.objects.filter(conference=story.conference).first()
    with on(MONDAY, by=story.coordinator):
        BoardEntry.objects.filter(pk=entry.pk).update(text="Said otherwise.")
    with on(TUESDAY, by=story.chair):
        BoardEntry.objects.filter(pk=entry.pk).update(
            withdrawn_at=TUESDAY, withdrawn_by=story.chair, withdrawn_because="Said by nobody."
        )
    client.force_login(story.chair)
    page = client.get(reverse("conferences:see-history", args=[story.conference.pk]), SINCE)
    assert [(act.at, act.who) for act in page.context["acts"]] == [
        (TUESDAY, story.chair.name),
        (MONDAY, story.coordinator.name),
    ]
    newest, before = said(page)
    assert newest[3] == ["Said by nobody."]
    assert before[2] == [("Text", entry.text, "Said otherwise.")]


def test_a_change_not_made_on_a_page_is_marked(client, story):
    client.force_login(story.worker)
    with on(MONDAY), connection.cursor() as cursor:
        cursor.execute("UPDATE families_person SET language = 'Welsh' WHERE id = %s", [story.hazel.pk])
    page = client.get(person_url(story, story.hazel), SINCE)
    assert [act.who for act in page.context["acts"]] == ["No one is recorded: it was changed in the database itself"]


def test_linked_rows_are_named_and_counted_as_changes(client, story):
    entry = BoardEntry.objects.filter(conference=story.conference).first()
    entry.children.clear()
    with on(MONDAY, by=story.coordinator):
        entry.children.set([story.wren_row])
    client.force_login(story.chair)
    page = client.get(reverse("conferences:see-history", args=[story.conference.pk]), SINCE)
    changes = [row for row in said(page) if row[0].startswith("Child of a board note")]
    assert changes[0] == ("Child of a board note added", story.wren.person.full_name, [], [])


def test_one_kind_and_some_days_can_be_chosen(client, story):
    with on(MONDAY, by=story.worker):
        Person.objects.filter(pk=story.hazel.pk).update(language="Polish")
        ContactPoint.objects.create(person=story.hazel, kind="phone", value="01632 960999", is_safe=True)
    client.force_login(story.worker)
    url = person_url(story, story.hazel)
    day = {"since_day": "7", "since_month": "12", "since_year": "2026"}
    until = {"until_day": "7", "until_month": "12", "until_year": "2026"}
    names = [row[0] for row in said(client.get(url, {**day, **until}))]
    assert sorted(names) == ["Person changed", "Way of contact recorded"]
    names = [row[0] for row in said(client.get(url, {**day, **until, "kind": "families.contactpoint"}))]
    assert names == ["Way of contact recorded"]
    before = {"until_day": "6", "until_month": "12", "until_year": "2026"}
    assert said(client.get(url, {**SINCE, **before})) == []


def test_days_in_the_wrong_order_are_refused_and_the_input_kept(client, story):
    client.force_login(story.worker)
    page = client.get(
        person_url(story, story.hazel), {**SINCE, "until_day": "1", "until_month": "12", "until_year": "2026"}
    )
    assert page.context["form"].errors == {"until": ["The last day can't be before the first."]}
    assert 'value="2026"' in page.content.decode()


# Of one kind, so that all stay on one page: rows that leave it take the names with them that they need.
THIRTY = 30
CHANGED = {
    "family": "families.residence",
    "person": "families.person",
    "conference": "meetings.outlineaction",
    "plan": "plans.plan",
    "core group": "core_groups.coregroup",
    "report": "reports.reportsection",
}


@pytest.mark.parametrize(("name", "kind"), CHANGED.items())
def test_takes_the_same_number_of_queries_for_thirty_changes_as_for_one(client, story, pages, name, kind):
    client.force_login(story.worker)
    url = pages[name]
    client.get(url, {"kind": kind})

    def queries():
        with CaptureQueriesContext(connection) as captured:
            page = client.get(url, {"kind": kind})
        assert page.status_code == 200
        return len(captured), page.context["page"].paginator.count

    action = OutlineAction.objects.filter(conference=story.conference).first()

    def change(number):
        Person.objects.filter(pk=story.hazel.pk).update(language=f"Language {number}")
        Residence.objects.filter(person=story.hazel).update(source=f"Source {number}")
        OutlineAction.objects.filter(pk=action.pk).update(why=f"Why {number}")
        Plan.objects.update(contingency=f"Else {number}")
        CoreGroup.objects.update(formed_on=datetime.date(2026, 11, 1) + datetime.timedelta(days=number))
        ReportSection.objects.update(text=f"Section {number}")

    change(0)
    few, before = queries()
    for number in range(1, THIRTY):
        change(number)
    many, after = queries()
    assert after >= before + THIRTY - 1
    assert many == few


@pytest.mark.parametrize("name", ["family", "person", "conference", "plan", "core group", "report"])
def test_users_without_access_cannot_see_the_history_of_a_record(client, story, pages, name):
    url = pages[name]
    past = url.replace("/history/", "/as-it-was/")
    for address in (url, past):
        assert client.get(address).status_code == 302
    for user in (
        UserFactory(),
        user_with_role(Role.SOCIAL_WORKER, authority=story.authority),
        user_with_role(Role.SOCIAL_WORKER),
        user_with_role(Role.ADMINISTRATOR, authority=story.authority),
        user_with_role(Role.COORDINATOR),
    ):
        client.force_login(user)
        assert [client.get(address).status_code for address in (url, past)] == [404, 404]
    client.force_login(story.worker)
    assert [client.get(address).status_code for address in (url, past)] == [200, 200]


def test_confidential_whereabouts_are_hidden_in_the_past_until_a_reason_is_given(client, story, pages):
    client.force_login(story.worker)
    seen = "".join(client.get(pages[name]).content.decode() for name in ("family", "person", "conference"))
    assert [secret for secret in SECRETS if secret in seen] == []
    assert "Confidential whereabouts" in seen
    page = client.post(pages["family"], {"reason": "She asks where the letter went."})
    assert HIDDEN_STREET in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    reveal = WhereaboutsReveal.objects.get()
    assert (reveal.user, reveal.reason) == (story.worker, "She asks where the letter went.")
    assert HIDDEN_STREET not in client.get(pages["family"]).content.decode()
    without = client.post(pages["family"], {"reason": " "})
    assert HIDDEN_STREET not in without.content.decode()
    assert without.context["reveal_form"].errors != {}


def test_an_address_from_before_it_was_marked_is_hidden_too(client, story):
    address = Address.objects.create(authority=story.authority, lines="3 Sloe Rise", postcode="EM1 3SR")
    with on(MONDAY, by=story.worker):
        home = Residence.objects.create(person=story.hazel, address=address, is_main=False)
    with on(TUESDAY, by=story.worker):
        Residence.objects.filter(pk=home.pk).update(confidential=True)
    client.force_login(story.worker)
    page = client.get(person_url(story, story.hazel), SINCE).content.decode()
    assert "Sloe" not in page
    assert "EM1 3SR" not in page


def test_earlier_values_of_a_marked_row_are_hidden_too(client, story):
    first, second = (
        Address.objects.create(authority=story.authority, lines=lines, postcode="EM1 3SR")
        for lines in ("3 Sloe Rise", "3 Bullace Rise")
    )
    with on(MONDAY, by=story.worker):
        home = Residence.objects.create(person=story.hazel, address=first, is_main=False)
    with on(TUESDAY, by=story.worker):
        Residence.objects.filter(pk=home.pk).update(confidential=True, address=second)
    client.force_login(story.worker)
    page = client.get(person_url(story, story.hazel), SINCE).content.decode()
    assert "Sloe" not in page
    assert "Bullace" not in page


def test_files_of_a_report_are_in_its_history_with_who_withdrew_them_and_why(client, story, report):
    with on(MONDAY, by=story.worker):
        files = [
            StoredFile.objects.create(
                stored_as=uuid.uuid4(), original_name=name, kind="pdf", size=9, sha256="x",
                uploaded_by=story.worker, uploaded_at=MONDAY, scan="clean",
            )
            for name in ("School letter.pdf", "Plum family.pdf")
        ]  # fmt: skip
        kept, wrong = (Attachment.objects.create(report=report, file=file) for file in files)
        kept.children.set([story.robin_row])
    with on(TUESDAY, by=story.worker):
        Attachment.objects.filter(pk=wrong.pk).update(
            withdrawn_at=TUESDAY, withdrawn_by=story.worker, withdrawn_because="Of another family."
        )
    url = reverse("reports:see-report-history", args=[story.conference.pk, report.author_id])
    client.force_login(story.chair)
    page = client.get(url, SINCE)
    assert said(page)[0][:2] == ("File of the report changed", "A file that was taken out")
    assert said(page)[0][3] == ["Of another family."]
    text = page.content.decode()
    assert "School letter.pdf" in text
    assert "Plum family.pdf" not in text
    Report.objects.filter(pk=report.pk).update(state=ReportState.DRAFT, submitted_at=None, submitted_by=None)
    assert "School letter.pdf" not in client.get(url, SINCE).content.decode()
    client.force_login(story.worker)
    assert "School letter.pdf" in client.get(url, SINCE).content.decode()


def test_dangers_to_staff_are_in_the_history_of_person_and_family(client, story):
    with on(MONDAY, by=story.worker):
        SafetyAlert.objects.create(
            person=story.martin, kind="violence", words="Was violent at the door.",
            recorded_by=story.worker, recorded_at=MONDAY,
        )  # fmt: skip
    client.force_login(story.worker)
    for url in (person_url(story, story.martin), reverse("families:see-family-history", args=[story.family.pk])):
        assert "Was violent at the door." in client.get(url, SINCE).content.decode()


def test_entries_about_a_sealed_child_are_in_no_history(client, story):
    with on(MONDAY, by=story.worker):
        entry = BoardEntry.objects.filter(conference=story.conference).first()
        entry.children.set([story.wren_row])
        BoardEntry.objects.filter(pk=entry.pk).update(text="Only about the one adopted.")
    Person.objects.filter(pk=story.wren.person_id).update(sealed_at=TUESDAY, sealed_because="Adoption")
    client.force_login(story.worker)
    conference = client.get(reverse("conferences:see-history", args=[story.conference.pk])).content.decode()
    family = client.get(reverse("families:see-family-history", args=[story.family.pk])).content.decode()
    assert story.wren.person.full_name not in conference + family
    assert "Only about the one adopted." not in conference


def test_no_score_is_shown_in_the_past_before_the_chair_shows_them(client, db):

    running = tell(closed=False)
    Score.objects.update(reason="Nobody knows this yet.")
    Score.shown_in.through.objects.all().delete()
    client.force_login(running.chair)
    url = reverse("conferences:see-history", args=[running.conference.pk]) + "?kind=meetings.score"
    assert "Nobody knows this yet." not in client.get(url).content.decode()
    for score in Score.objects.all():
        score.shown_in.add(score.part)
    assert "Nobody knows this yet." in client.get(url).content.decode()


def test_a_draft_is_shown_only_to_its_writers(client, story, report):
    Report.objects.filter(pk=report.pk).update(state=ReportState.DRAFT, submitted_at=None, submitted_by=None)
    url = reverse("reports:see-report-history", args=[story.conference.pk, report.author_id])
    client.force_login(story.worker)
    assert "Cold rooms." in client.get(url).content.decode()
    client.force_login(story.chair)
    assert "Cold rooms." not in client.get(url).content.decode()


def test_another_family_of_a_person_is_named_only_to_those_with_access(client, story):

    other = FamilyFactory(authority=story.authority, name="Rowan")
    FamilyMember.objects.create(family=other, person=story.hazel)
    client.force_login(story.worker)
    page = client.get(person_url(story, story.hazel)).content.decode()
    assert other.case_number not in page
    assert story.family.case_number in page


def test_a_long_history_has_pages(client, story):
    for number in range(60):
        Person.objects.filter(pk=story.hazel.pk).update(language=f"Language {number}")
    client.force_login(story.worker)
    page = client.get(person_url(story, story.hazel), {"page": 2})
    assert page.context["page"].number == 2
