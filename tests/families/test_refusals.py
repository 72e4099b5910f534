"""Viewing and changing a family: who is sent to sign in, who gets "not found", and that the attempt is logged."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent
from tests.factories import AgencyInvolvementFactory, ChildFactory, FamilyFactory, PregnancyFactory, user_with_role

pytestmark = pytest.mark.django_db

FOR_CASE_ROLES = {"families", "search"}
FOR_WHO_MAY_CREATE = {"create-family"}
READING = {"family", "person", "reveal-whereabouts"}
# The access table covers the other pages.
CHANGING = {
    "add-agencies",
    "add-agency",
    "add-child",
    "add-name",
    "add-person",
    "add-pregnancy",
    "allocate-case",
    "change-expected-date",
    "change-family",
    "change-person",
    "change-ties",
    "end-contact-risk",
    "end-pregnancy",
    "end-record",
    "mark-whereabouts",
    "record-birth",
    "record-contact-point",
    "record-contact-risk",
    "record-family",
    "record-legal-status",
    "record-residence",
    "record-safety-alert",
}
WITHOUT_CASES = (Role.CUSTODIAN, Role.DUTY_WORKER, Role.ADMINISTRATOR, Role.AUDITOR, Role.PROFESSIONAL)
OUTSIDERS = (Role.CHAIR, *WITHOUT_CASES)


def address(name, case):
    family, known = case.family, case.wren.involvements.get()
    arguments = {
        "person": [family.pk, case.father.pk],
        "change-person": [family.pk, case.father.pk],
        "add-name": [family.pk, case.father.pk],
        "change-ties": [family.pk, case.father.pk],
        "record-contact-point": [family.pk, case.father.pk],
        "record-legal-status": [family.pk, case.wren.person_id],
        "record-birth": [family.pk, case.pregnancy.pk],
        "change-expected-date": [family.pk, case.pregnancy.pk],
        "end-pregnancy": [family.pk, case.pregnancy.pk],
        "mark-whereabouts": [family.pk, "agency", known.pk],
        "end-record": [family.pk, "agency", known.pk],
        "end-contact-risk": [family.pk, 1],
    }.get(name, [family.pk] if name in READING | CHANGING else [])
    return reverse(f"families:{name}", args=arguments)


@pytest.mark.parametrize("name", sorted(READING | CHANGING | FOR_CASE_ROLES | FOR_WHO_MAY_CREATE))
def test_signed_out_people_are_sent_to_sign_in(client, case, name):
    url = address(name, case)
    response = client.post(url)
    assert (response.status_code, response.url) == (302, f"{reverse('account_login')}?next={url}")


@pytest.mark.parametrize("name", sorted(READING | CHANGING))
def test_other_roles_teams_and_authorities_find_nothing(client, case, name):
    authority = case.council.authority
    outsiders = [user_with_role(role, authority=authority) for role in OUTSIDERS]
    other_team = [user_with_role(role, authority=authority) for role in (Role.SOCIAL_WORKER, Role.TEAM_MANAGER)]
    elsewhere = [
        user_with_role(role) for role in (Role.SERVICE_MANAGER, Role.COORDINATOR, Role.TEAM_MANAGER, Role.SOCIAL_WORKER)
    ]
    url, answers = address(name, case), set()
    for user in (*outsiders, *other_team, *elsewhere):
        client.force_login(user)
        answers |= {client.get(url).status_code, client.post(url).status_code}
    assert answers == {404}


@pytest.mark.parametrize("name", sorted(CHANGING))
def test_the_service_manager_reads_and_does_not_change(client, case, name):
    client.force_login(user_with_role(Role.SERVICE_MANAGER, authority=case.council.authority))
    assert client.post(address(name, case)).status_code == 404


@pytest.mark.parametrize("name", sorted(CHANGING - {"end-contact-risk"}))
def test_the_social_worker_of_the_team_finds_each_page(client, case, name):
    client.force_login(user_with_role(Role.SOCIAL_WORKER, team=case.council.team))
    assert client.get(address(name, case)).status_code == 200


@pytest.mark.parametrize("name", sorted(FOR_CASE_ROLES))
@pytest.mark.parametrize("role", WITHOUT_CASES)
def test_roles_without_cases_have_no_list(client, council, name, role):
    client.force_login(user_with_role(role, authority=council.authority))
    assert client.post(reverse(f"families:{name}"), {"q": "Brambley"}).status_code == 404


@pytest.mark.parametrize("role", [*OUTSIDERS, Role.SERVICE_MANAGER])
def test_other_roles_can_not_create_a_family(client, council, role):
    client.force_login(user_with_role(role, authority=council.authority))
    assert client.get(reverse("families:create-family")).status_code == 404


def test_a_refused_attempt_is_logged(client, case):
    outsider = user_with_role(Role.SOCIAL_WORKER)
    client.force_login(outsider)
    client.get(reverse("families:family", args=[case.family.pk]))
    event = AccessEvent.objects.get()
    assert (event.user, event.kind, event.subject, event.subject_id, event.family_ids) == (
        outsider,
        ReadKind.REFUSED,
        "Family",
        case.family.pk,
        [case.family.pk],
    )


def test_a_read_is_logged_with_everyone_it_shows(client, case):
    client.force_login(case.council.worker)
    client.get(reverse("families:family", args=[case.family.pk]))
    event = AccessEvent.objects.get()
    members = case.family.members.values_list("person_id", flat=True)
    assert (event.kind, event.page, event.right, event.family_ids, event.person_ids) == (
        ReadKind.PAGE,
        "families:family",
        "allocated social worker",
        [case.family.pk],
        sorted(members),
    )


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("person", ["stranger"]),
        ("change-person", ["stranger"]),
        ("end-record", ["agency", "strange row"]),
        ("mark-whereabouts", ["agency", "strange row"]),
        ("record-birth", ["strange pregnancy"]),
    ],
)
def test_rows_of_another_family_are_not_reached_through_the_users_own(client, case, name, arguments):
    other = FamilyFactory(authority=case.council.authority, team__authority=case.council.authority)
    pregnancy = PregnancyFactory(authority=case.council.authority)
    child = ChildFactory(authority=case.council.authority, family=other, pregnancy=pregnancy)
    known = AgencyInvolvementFactory(child=child)
    ids = {"stranger": child.person_id, "strange row": known.pk, "strange pregnancy": pregnancy.pk}
    client.force_login(case.council.worker)
    url = reverse(f"families:{name}", args=[case.family.pk, *(ids.get(item, item) for item in arguments)])
    assert client.get(url).status_code == 404
