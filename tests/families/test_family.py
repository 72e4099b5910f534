from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from accounts.enums import Role
from families import panels, services
from families.models import Address, Allocation, ContactPoint, ContactRisk, Family, Residence
from families.panels import CardFact, CardTag, NextStep
from families.selectors import family_page
from families.selectors.page import gestation
from tests.factories import AgencyInvolvementFactory, ChildFactory, user_with_role
from tests.families.conftest import NOW, TODAY, add_member, relate
from tests.hooks import restored

pytestmark = pytest.mark.django_db


def url(family):
    return reverse("families:family", args=[family.pk])


@pytest.fixture
def signed_in(client, council):
    client.force_login(council.worker)
    return client


@pytest.fixture
def registering():
    """Let a test register panels, and remove them afterwards."""
    with restored(panels.panels, panels.next_steps, panels.card_details, emptied=True):
        yield


def test_a_new_case_says_what_to_record_first(signed_in, family):
    page = signed_in.get(url(family))
    assert page.context["next_step"].button == "Record the family"
    assert [(task["title"], task["status"]) for task in page.context["tasks"]] == [
        ("Children", "Nothing yet"),
        ("Adults", "Nothing yet"),
        ("Agencies", "Nothing yet"),
        ("Addresses", "Nothing yet"),
    ]


def test_the_next_step_moves_on_as_things_are_recorded(signed_in, case, registering):
    assert signed_in.get(url(case.family)).context["next_step"].button == "Record an address"
    services.record_residence(persons=[case.mother], lines="1 Row", by=case.council.worker, now=NOW)
    page = signed_in.get(url(case.family))
    assert (page.context["next_step"], page.context["tasks"]) == (None, [])


def test_children_are_listed_eldest_first_with_the_unborn_last(signed_in, case, registering):
    cards = signed_in.get(url(case.family)).context["cards"]
    assert [(card["name"], card["unborn"], card["labels"]) for card in cards] == [
        ("Robin Brambley", False, []),
        ("Wren Brambley", False, []),
        ("Unborn baby Brambley", True, ["23 weeks 5 days"]),
    ]
    assert [card["line"].replace("\xa0", " ") for card in cards] == [
        "11 years, born 14 May 2015",
        "6 years, born 2 February 2020",
        "Not born yet, expected Thu 1 Apr 2027",
    ]


def test_each_card_says_who_has_responsibility_and_which_agencies(signed_in, case, registering):
    facts = [
        [(fact["key"], fact["value"]) for fact in card["facts"]]
        for card in signed_in.get(url(case.family)).context["cards"]
    ]
    assert facts == [
        [("Lives with", ""), ("Parental responsibility", "Hazel Brambley, Martin Alder")],
        [
            ("Lives with", ""),
            ("Parental responsibility", "Hazel Brambley, Dale Ashdown"),
            ("School", "Meadow Lane Primary, Ada Lark"),
        ],
        [("Mother", "Hazel Brambley"), ("Parental responsibility", "No one before the birth")],
    ]


def test_people_are_listed_with_their_tie_to_each_child(case):
    page = family_page(case.family, on=TODAY)
    assert [(adult.person, [(tie.child, tie.words) for tie in adult.ties]) for adult in page.adults] == [
        (case.mother, [(case.robin, "Mother"), (case.wren, "Mother"), (case.baby, "Mother")]),
        (case.father, [(case.wren, "Father"), (case.baby, "Possible father")]),
        (case.robins_father, [(case.robin, "Father")]),
        (case.grandmother, [(case.robin, "Grandparent")]),
    ]


def test_the_table_of_people_in_words(signed_in, case):
    content = signed_in.get(url(case.family)).content.decode()
    assert "Mother of Robin, Wren, the baby" in content
    assert "For Robin, Wren" in content


def test_the_map_shows_homes_risks_and_agencies_and_a_hidden_address_as_a_lock(signed_in, hidden):
    services.record_contact_risk(
        person=hidden.father, ground="bail", detail="x", protects=[hidden.mother], children=[hidden.wren],
        by=hidden.council.worker, now=NOW,
    )  # fmt: skip
    page = signed_in.get(url(hidden.family))
    drawn = page.context["people_map"]
    assert "Address confidential: Hazel Brambley, 29, Robin, 11, Wren, 6 and Unborn baby Brambley" in drawn
    assert "Contact risk from Dale Ashdown, 31 towards Wren, 6 and Hazel Brambley, 29" in drawn
    assert "Dale Ashdown, 31 has parental responsibility for Wren, 6" in drawn
    content = page.content.decode()
    assert [told for told in ("Hidden House", "EA12 3QL", "Meadow Lane", "Ada Lark") if told in content] == []


def test_a_family_of_nobody_has_no_map(signed_in, family):
    assert signed_in.get(url(family)).context["people_map"] == ""


def test_the_table_says_where_each_lives(signed_in, case):
    services.record_residence(persons=[case.father], lines="18 Station Road", by=case.council.worker, now=NOW)
    page = signed_in.get(url(case.family))
    assert [home.address.lines for home in page.context["homes_of"][case.father.pk]] == ["18 Station Road"]
    assert "18 Station Road" in page.content.decode()


def test_a_member_without_relationship_is_shown_too(signed_in, case):
    friend = add_member(case.family, "Rowan", "Beech")
    page = family_page(case.family, on=TODAY)
    assert page.others == [friend]
    assert "Rowan Beech" in signed_in.get(url(case.family)).content.decode()


def test_a_contact_risk_is_shown_at_the_top(signed_in, case):
    services.record_contact_risk(
        person=case.father,
        ground="bail",
        detail="No contact with Hazel",
        protects=[case.mother],
        children=[case.wren],
        by=case.council.worker,
        now=NOW,
    )
    content = signed_in.get(url(case.family)).content.decode()
    assert "Contact risk: Dale Ashdown." in content
    assert "For Wren and Hazel Brambley." in content


def test_a_risk_to_children_of_another_family_does_not_name_them(signed_in, case):
    other = ChildFactory(authority=case.council.authority, person__given_name="Secretname")
    services.record_contact_risk(
        person=case.father, ground="other", detail="Known", children=[other], by=case.council.worker, now=NOW
    )
    content = signed_in.get(url(case.family)).content.decode()
    assert ("Contact risk: Dale Ashdown." in content, "Secretname" in content) == (True, False)


def test_a_reader_without_edit_rights_sees_no_edit_links(client, case):
    client.force_login(user_with_role(Role.SERVICE_MANAGER, authority=case.council.authority))
    content = client.get(url(case.family)).content.decode()
    assert [name for name in ("add-child", "add-person", "change-family", "allocate-case")
            if reverse(f"families:{name}", args=[case.family.pk]) in content] == []  # fmt: skip


def test_names_are_escaped(signed_in, family):
    add_member(family, "<script>alert(1)</script>", "O’Sedge & مريم 🌻")
    content = signed_in.get(url(family)).content.decode()
    assert "<script>alert(1)" not in content
    assert "&lt;script&gt;alert(1)&lt;/script&gt; O’Sedge &amp; مريم 🌻" in content


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_does_not_grow(signed_in, case, rows, registering, django_assert_num_queries):
    authority = case.council.authority
    for number in range(rows):
        child = ChildFactory(authority=authority, family=case.family)
        adult = add_member(case.family, f"Aunt{number}", "Brambley")
        relate(adult, child, "aunt_or_uncle", "order")
        AgencyInvolvementFactory(child=child)
        address = Address.objects.create(authority=authority, lines=f"{number} Row")
        for person in (adult, child.person):
            Residence.objects.create(person=person, address=address)
            ContactPoint.objects.create(person=person, kind="mobile", value=str(number))
        risk = ContactRisk.objects.create(
            person=adult, ground="other", detail="x", recorded_by=case.council.worker, recorded_at=NOW
        )
        risk.children.add(child)
        risk.protects.add(case.mother)
    with django_assert_num_queries(23):
        signed_in.get(url(case.family))


def test_higher_apps_add_panels_a_next_step_and_words_on_cards(signed_in, case, registering, tmp_path, settings):
    (tmp_path / "panel.html").write_text("<h2>{{ title }} of {{ family.name }}</h2>")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    panels.panels.connect(lambda request, family: ("panel.html", {"title": "Second"}), order=20)
    panels.panels.connect(lambda request, family: None, order=15)
    panels.panels.connect(lambda request, family: ("panel.html", {"title": "First"}), order=10)
    panels.next_steps.connect(lambda request, family: None, order=5)
    panels.next_steps.connect(lambda request, family: NextStep("Do it", "Now", "/x/", "Go"), order=10)
    panels.card_details.connect(
        lambda request, children: {case.wren.pk: [CardTag("Plan", "red"), CardFact("Meeting", "Invited")], 0: []}
    )
    page = signed_in.get(url(case.family))
    assert page.context["panels"] == ["<h2>First of Brambley</h2>", "<h2>Second of Brambley</h2>"]
    assert page.context["next_step"].title == "Do it"
    wren = page.context["cards"][1]
    assert (wren["tags"], wren["facts"][-1]) == ([CardTag("Plan", "red")], {"key": "Meeting", "value": "Invited"})


@pytest.mark.parametrize(
    ("days", "said"),
    [(280, "0 weeks"), (273, "1 week"), (272, "1 week 1 day"), (114, "23 weeks 5 days"), (-7, "41 weeks"), (300, "")],
)
def test_gestation(days, said):
    assert gestation(TODAY + datetime.timedelta(days=days), on=TODAY) == said


def test_changes_name_and_team(signed_in, case):
    address = reverse("families:change-family", args=[case.family.pk])
    form = {"name": "Sedge", "team": case.council.team.pk, "version": "1"}
    signed_in.post(address, form)
    family = Family.objects.get()
    assert (family.name, family.version) == ("Sedge", 2)


def test_a_stale_edit_is_refused_and_kept_on_the_page(signed_in, case):
    address = reverse("families:change-family", args=[case.family.pk])
    form = {"name": "Sedge", "team": case.council.team.pk, "version": "1"}
    signed_in.post(address, form)
    page = signed_in.post(address, form | {"name": "Reed 🌻"})
    assert list(page.context["form"].errors) == ["__all__"]
    assert "Reed 🌻" in page.content.decode()
    assert Family.objects.get().name == "Sedge"


def test_allocates_the_case_and_ends_the_earlier_allocation(signed_in, case):
    other = user_with_role(Role.SOCIAL_WORKER, authority=case.council.authority, name="Ivor Dunnock")
    address = reverse("families:allocate-case", args=[case.family.pk])
    signed_in.post(address, {"user": other.pk, "starts_on": "2026-12-08"})
    rows = Allocation.objects.order_by("pk").values_list("user", "starts_on", "ends_on")
    assert list(rows) == [(case.council.worker.pk, datetime.date(2020, 1, 1), TODAY), (other.pk, TODAY, None)]
    assert Family.objects.get().team == other.current_roles[0].team


def test_only_social_workers_and_managers_of_the_council_are_offered(signed_in, case):
    user_with_role(Role.SOCIAL_WORKER)
    user_with_role(Role.CHAIR, authority=case.council.authority)
    page = signed_in.get(reverse("families:allocate-case", args=[case.family.pk]))
    assert set(page.context["form"].fields["user"].queryset) == {case.council.worker, case.council.manager}
