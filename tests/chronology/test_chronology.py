"""One case with planted markers: what staff read of it, and what each person's own version may hold."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent
from chronology.selectors.composed import composed_for, recipients_of
from conferences.enums import HowToAttend, RequestGround
from conferences.models import AbsenceTold, ExclusionRequest, Participant, Sitting
from families import services
from families.chronology import CaseScope, event_sources
from families.models import Address, AgencyInvolvement, ContactRisk, LegalStatus, Residence, SafetyAlert
from families.services.break_glass import break_glass
from tests.conferences.story import NOW, Story, invited, tell
from tests.factories import user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

AFTER = datetime.datetime(2026, 12, 23, 9, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 11, 1)
HIDDEN = ("Quince Orchard", "EM4 7QX", "Ptarmigan School")
TYPED = "Marker of what somebody typed"


@pytest.fixture(autouse=True)
def _the_day_after():
    with time_machine.travel(AFTER, tick=False):
        yield


@once_per_module(at=NOW)
def case() -> Story:
    """Hazel and the children live hidden; Wren's school is hidden; the conference of the 22nd was opened."""
    story = tell()
    story.conference = invited(story)  # type: ignore[attr-defined]
    hidden = Address.objects.create(authority=story.authority, lines="Quince Orchard", postcode="EM4 7QX")
    openly = Address.objects.create(authority=story.authority, lines="4 Mill Lane", postcode="EM1 1AA")
    for person in (story.hazel, story.robin.person, story.wren.person):
        Residence.objects.create(person=person, address=hidden, confidential=True, starts_on=DAY)
    Residence.objects.create(person=story.martin, address=openly, starts_on=DAY)
    school = AgencyInvolvement.objects.get(child=story.wren, agency=story.posts["primary"].agency)
    school.agency.name = "Ptarmigan School"
    school.agency.save()
    school.starts_on, school.confidential = DAY, True
    school.save()
    AgencyInvolvement.objects.filter(agency=story.posts["academy"].agency).update(starts_on=DAY)
    services.record_contact_risk(
        person=story.dale, ground="bail", detail=f"{TYPED}. Seen near Quince Orchard", protects=[story.hazel],
        children=[story.robin], by=story.social_worker, now=NOW,
    )  # fmt: skip
    SafetyAlert.objects.create(
        person=story.dale, kind="dog", words=TYPED, recorded_by=story.social_worker, recorded_at=NOW
    )
    LegalStatus.objects.create(child=story.robin, status="interim_care_order", starts_on=DAY)
    Sitting.objects.update(opened_at=datetime.datetime(2026, 12, 22, 10, tzinfo=datetime.UTC), state="in_session")
    return story


def page(client, case, name="chronology", *args, **chosen):
    client.force_login(case.social_worker)
    return client.get(reverse(f"chronology:{name}", args=[case.family.pk, *args]), chosen)


def titles(response) -> list[str]:
    return [event.title for event in response.context["events"]]


def scope_of(case) -> CaseScope:
    return CaseScope(case.family, case.social_worker, AFTER.date())


def version(case, person):
    scope = scope_of(case)
    recipient = next(row for row in recipients_of(scope) if row.person == person)
    return composed_for(recipient, scope, now=AFTER)


def test_every_event_stands_on_the_page_newest_first_without_what_is_to_come(client, case):
    found = page(client, case)
    assert titles(found)[0] == "Conference in session (CC26-0001): Robin, Wren and the baby"
    moments = [event.at for event in found.context["events"]]
    assert moments == sorted(moments, reverse=True)
    assert max(moments) <= AFTER
    everything = titles(page(client, case, "print-chronology"))
    assert [said for said in (
        "Robin Brambley was born", "Hazel Brambley has a new home", "Contact risk from Dale Ashdown, towards Robin and Hazel Brambley",
        "Danger to staff: dangerous dog", "Strategy discussion: Robin, Wren and the baby",
        "Section 47 enquiry about Robin began", "Interim care order: Robin", "Invitations sent (CC26-0001): Robin, Wren and the baby",
        "School or college (name confidential) began to work with Wren",
    ) if said not in everything] == []  # fmt: skip


def test_what_is_to_come_can_be_shown(client, case):
    assert any(event.is_to_come for event in page(client, case, ahead="yes").context["events"])


def test_no_page_of_it_tells_hidden_whereabouts(client, case):
    for name in ("chronology", "print-chronology"):
        content = page(client, case, name).content.decode()
        assert [marker for marker in HIDDEN if marker in content] == []
    assert "Left out: it names a place, number or worker marked confidential." in content
    assert "4 Mill Lane" in content


def test_it_is_filtered_by_child_kind_and_time(client, case):
    births = page(client, case, kind="birth", child=case.wren.pk)
    assert titles(births) == ["Wren Brambley was born"]
    one_day = page(client, case, since="2026-11-01", until="2026-11-01")
    assert {event.day for event in one_day.context["events"]} == {DAY}
    assert titles(page(client, case, kind="visit")) == []


def test_a_span_that_ends_before_it_begins_is_refused_and_kept(client, case):
    content = page(client, case, since="2026-11-02", until="2026-11-01").content.decode()
    assert "The last day can’t be before the first." in content


def test_a_long_case_has_pages_of_25_and_as_many_queries_as_a_short_one(client, case):
    def add(number):
        risk = ContactRisk.objects.create(
            person=case.dale, ground="other", detail="x", recorded_by=case.social_worker, recorded_at=NOW
        )
        risk.children.add(case.robin)
        risk.protects.add(case.hazel)
        Residence.objects.create(
            person=case.martin, address=Address.objects.create(authority=case.authority, lines=f"{number} Row"),
            starts_on=DAY, ends_on=DAY,
        )  # fmt: skip

    def ask(name):
        with CaptureQueriesContext(connection) as asked:
            found = page(client, case, name)
        return found, len(asked)

    add(0)
    ask("print-chronology")
    _, few = ask("print-chronology")
    for number in range(1, 30):
        add(number)
    found, many = ask("print-chronology")
    assert (few, len(found.context["events"]) > 100) == (many, True)
    listed = page(client, case)
    assert (len(listed.context["events"]), listed.context["page"].paginator.num_pages > 3) == (25, True)


def test_a_very_long_case_is_printed_in_parts(client, case, monkeypatch):
    monkeypatch.setattr("chronology.views.MOST_PRINTED", 5)
    found = page(client, case, "print-chronology")
    assert len(found.context["events"]) == 5
    assert "These are the first 5 events." in found.content.decode()


def test_a_father_reads_about_his_own_child_only(case):
    composed = version(case, case.martin)
    assert [event.title for event in composed.events] == [
        "Wren Brambley was born",
        "Martin Alder has a new home",
        "Section 47 enquiry about Wren began",
        "Conference in session (CC26-0001): Wren",
    ]
    assert {why for why, _ in composed.left_out} >= {
        "about children whom this person may not read about",
        "for staff only, such as risks, time limits and work on the case",
        "would give away where someone is",
    }


def test_whoever_was_not_invited_reads_of_no_meeting(case):
    Participant.objects.filter(person=case.martin).update(status="kept_out")
    composed = version(case, case.martin)
    assert [event.title for event in composed.events if "Conference" in event.title] == []
    assert dict(composed.left_out)["meetings and reports that this person was not at or did not get"] == 1


def test_a_mother_reads_of_her_own_hidden_home_and_of_no_adult_but_herself(case):
    said = [event.title for event in version(case, case.hazel).events]
    assert {"Hazel Brambley has a new home", "Robin Brambley has a new home", "Interim care order: Robin"} <= set(said)
    assert [title for title in said if "Dale" in title or "Martin" in title] == []


def test_a_hidden_move_is_left_out_even_where_the_address_says_nothing(case):
    nowhere = Address.objects.create(authority=case.authority, lines="7")
    Residence.objects.create(person=case.wren.person, address=nowhere, confidential=True, starts_on=AFTER.date())
    before = [event.title for event in version(case, case.martin).events]
    assert "Wren Brambley has a new home" not in before
    Residence.objects.create(
        person=case.wren.person,
        address=Address.objects.create(authority=case.authority, lines="9 Open Row"),
        starts_on=AFTER.date(),
    )
    assert "Wren Brambley has a new home" in [event.title for event in version(case, case.martin).events]


def test_neither_map_nor_chronology_is_on_the_shared_screen():
    screens = [*Path("templates/meetings").glob("projector*"), *Path("templates/meetings").glob("shared*")]
    assert len(screens) >= 4
    told = "".join(path.read_text() for path in screens)
    assert [word for word in ("chronology", "people_map", "families:family") if word in told] == []


def test_a_professional_reads_about_the_children_they_work_with(case):
    composed = version(case, case.posts["academy"].person)
    said = [event.title for event in composed.events]
    assert "Strategy discussion: Robin" in said
    assert [title for title in said if "Wren" in title or "risk" in title or "new home" in title] == []


def test_nobody_gets_what_staff_typed_or_a_hidden_place(client, case):
    for person in (case.martin, case.hazel, case.posts["academy"].person, case.posts["midwife"].person):
        composed = version(case, person)
        told = str([(event.title, event.told.detail) for event in composed.events])
        assert [marker for marker in (*HIDDEN, TYPED) if marker in told] == []
        content = page(client, case, "for-person", person.pk).content.decode()
        assert [marker for marker in (*HIDDEN, TYPED) if marker in content] == []


def test_nothing_goes_to_a_person_with_a_contact_risk_before_the_chair_decides(client, case):
    found = page(client, case, "for-person", case.dale.pk)
    assert "Nothing goes to them before the chair has decided." in found.content.decode()
    assert found.context["composed"] is None
    assert page(client, case, "for-person-pdf", case.dale.pk).status_code == 404


def test_someone_kept_apart_reads_no_meeting_or_decision_before_the_chair_settles_it(case):
    row = Participant.objects.get(person=case.martin)
    ExclusionRequest.objects.create(
        conference=row.conference, participant=row, ground=RequestGround.ASKED, reason="x", asked_at=NOW,
        asked_by=case.social_worker, decided_at=NOW, decided_by=case.chair, how=HowToAttend.SEPARATE_TIME,
        decision_reason="Apart",
    )  # fmt: skip
    composed = version(case, case.martin)
    assert [event.title for event in composed.events if "Conference" in event.title] == []
    settles = "meetings, decisions and reports: the chair settles what someone kept out or apart reads"
    assert settles in dict(composed.left_out)


def test_the_author_alone_reads_how_much_was_left_out(client, case):
    content = page(client, case, "for-person", case.martin.pk).content.decode()
    assert "For you only: what was left out" in content
    composed = version(case, case.martin)
    paper = render_to_string(
        "chronology/pdf/chronology.html",
        {
            "family": case.family,
            "recipient": composed.recipient,
            "composed": composed,
            "now": AFTER,
            "prepared_by": "A",
        },
    )
    assert [why for why, _ in composed.left_out if why in paper] == []
    assert "Copy for Martin Alder" in paper
    assert "Section 47 enquiry about Wren began" in paper
    assert [marker for marker in (*HIDDEN, TYPED, "Robin", "Dale") if marker in paper] == []


def test_the_file_is_a_pdf_and_the_reads_are_logged(client, case):
    found = page(client, case, "for-person-pdf", case.hazel.pk)
    assert (found["Content-Type"], found.content[:5]) == ("application/pdf", b"%PDF-")
    assert "Hazel" not in found["Content-Disposition"]
    events = AccessEvent.objects.filter(page="chronology:for-person-pdf", kind=ReadKind.PDF, user=case.social_worker)
    assert [(event.subject, event.subject_id, event.family_ids) for event in events.order_by("pk")] == [
        ("Family", case.family.pk, [case.family.pk]),
        ("Person", case.hazel.pk, [case.family.pk]),
    ]


def test_a_version_is_for_those_with_a_tie_and_made_by_those_who_may_change_the_case(client, case):
    assert page(client, case, "for-person", case.olive.pk).status_code == 404  # a grandparent without responsibility
    assert page(client, case, "for-person", case.robin.person_id).status_code == 404
    assert "Chronology for Martin Alder" in page(client, case).content.decode()
    reader = user_with_role(Role.SERVICE_MANAGER, authority=case.authority)
    client.force_login(reader)
    read = client.get(reverse("chronology:chronology", args=[case.family.pk]))
    assert (read.status_code, read.context["recipients"]) == (200, [])
    assert client.get(reverse("chronology:for-person", args=[case.family.pk, case.martin.pk])).status_code == 404


def test_who_broke_the_glass_reads_it_and_makes_no_version(client, case):
    worker = user_with_role(Role.DUTY_WORKER, authority=case.authority)
    url = reverse("chronology:chronology", args=[case.family.pk])
    client.force_login(worker)
    assert client.get(url).status_code == 404
    break_glass(user=worker, family=case.family, reason="A call at night about the children", now=AFTER)
    assert client.get(url).status_code == 200
    assert client.get(reverse("chronology:for-person", args=[case.family.pk, case.hazel.pk])).status_code == 404


def test_keys_of_sources_are_unique():
    keys = [source.key for source in event_sources]
    assert len(keys) == len(set(keys))


def test_what_nobody_dated_stands_at_the_end_and_never_in_a_chosen_span(client, case):
    tie = case.hazel.relationships.filter(child=case.robin).first()
    type(tie).objects.filter(pk=tie.pk).update(starts_on=None, ends_on=None)
    said = f"Hazel Brambley is {tie.get_kind_display().lower()} of Robin"
    for name in ("chronology", "print-chronology"):
        assert said in [event.title for event in page(client, case, name).context["undated"]]
        assert said in page(client, case, name).content.decode()
    assert page(client, case, since="2026-01-01").context["undated"] == []
    assert page(client, case, kind="birth").context["undated"] == []
    assert said not in [event.title for event in page(client, case, child=case.wren.pk).context["undated"]]


def test_how_someone_takes_part_is_known_to_them_once_told_and_to_whom_the_chair_tells_it(client, case):
    dale = Participant.objects.get(person=case.dale)
    hazel = Participant.objects.get(person=case.hazel)
    request = ExclusionRequest.objects.create(
        conference=case.conference, participant=dale, ground=RequestGround.ASKED, reason=TYPED, asked_by=case.chair,
        asked_at=NOW, decided_at=NOW, decided_by=case.chair, how=HowToAttend.VIDEO, decision_reason=TYPED,
    )  # fmt: skip
    said = "Decided how Dale Ashdown takes part (CC26-0001): by video"
    assert said in titles(page(client, case, kind="decision"))
    assert TYPED not in page(client, case, kind="decision").content.decode()
    source = next(row for row in event_sources if row.key == "taking-part-decided")
    assert source.told(request, scope_of(case)).known_to == frozenset()
    ExclusionRequest.objects.filter(pk=request.pk).update(told_text="You join on a screen.")
    AbsenceTold.objects.create(request=request, reader=hazel, text="On a screen.", told_by=case.chair, told_at=NOW)
    request = source.rows(scope_of(case)).get(pk=request.pk)
    assert source.told(request, scope_of(case)).known_to == {case.dale.pk, case.hazel.pk}
    assert said not in [event.title for event in version(case, case.martin).events]
