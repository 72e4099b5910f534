from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from families import events, services
from families.events import EventKind
from families.models import ContactRisk
from families.selectors import open_contact_risks
from tests.factories import AgencyInvolvementFactory, ChildFactory
from tests.families.conftest import NOW, TODAY
from tests.hooks import restored

pytestmark = pytest.mark.django_db


def url(case):
    return reverse("families:record-contact-risk", args=[case.family.pk])


@pytest.fixture
def signed_in(client, council):
    client.force_login(council.worker)
    return client


def entered(case, **changes):
    return {
        "person": case.father.pk,
        "ground": "bail",
        "detail": "No contact with Hazel 🌻",
        "protects": [case.mother.pk],
        "children": [case.baby.pk],
        "ends_on": "2027-01-18",
        **changes,
    }


@pytest.fixture
def heard():
    """Events announced during the test."""
    found = []
    with restored(events.case_changed):
        events.case_changed.connect(found.append)
        yield found


def test_records_who_is_at_risk_and_announces_it(signed_in, case, heard):
    signed_in.post(url(case), entered(case))
    risk = ContactRisk.objects.get()
    assert (risk.person, risk.ground, risk.detail, risk.ends_on, risk.recorded_by, risk.recorded_at) == (
        case.father,
        "bail",
        "No contact with Hazel 🌻",
        datetime.date(2027, 1, 18),
        case.council.worker,
        NOW,
    )
    assert (list(risk.protects.all()), list(risk.children.all())) == ([case.mother], [case.baby])
    assert [(event.kind, event.family_ids, event.person_ids) for event in heard] == [
        (EventKind.CONTACT_RISK_CHANGED, (case.family.pk,), (case.father.pk,))
    ]


def test_submitting_the_form_twice_records_it_once(signed_in, case):
    for _ in range(2):
        signed_in.post(url(case), entered(case))
    assert ContactRisk.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"person": ""}, {"person": ["Choose the person it may be dangerous to have contact with"]}),
        ({"detail": " "}, {"detail": ["Say what the risk is"]}),
        (
            {"protects": [], "children": []},
            {"children": ["Choose at least one child or adult who may be in danger from contact"]},
        ),
        ({"starts_on": "2027-02-01"}, {"ends_on": ["The last day can’t be before the first"]}),
    ],
)
def test_refuses_with_a_clear_message_and_keeps_the_input(signed_in, case, changes, errors):
    page = signed_in.post(url(case), entered(case, source="Police 🌻") | changes)
    assert page.context["form"].errors == errors
    assert "Police 🌻" in page.content.decode()
    assert not ContactRisk.objects.exists()


def test_a_person_can_not_be_protected_from_themselves(signed_in, case):
    page = signed_in.post(url(case), entered(case, protects=[case.father.pk]))
    assert page.context["form"].errors == {"protects": ["A person can't be protected from themselves."]}


def test_a_risk_ends_on_a_day_with_a_reason(signed_in, case):
    signed_in.post(url(case), entered(case))
    risk = ContactRisk.objects.get()
    address = reverse("families:end-contact-risk", args=[case.family.pk, risk.pk])
    page = signed_in.post(address, {"on": "2026-12-08", "because": " "})
    assert page.context["form"].errors == {"because": ["Say why contact is no longer a risk"]}
    signed_in.post(address, {"on": "2026-12-08", "because": "Bail lifted"})
    risk.refresh_from_db()
    assert (risk.ends_on, risk.ended_because, risk.ended_by) == (TODAY, "Bail lifted", case.council.worker)
    assert list(open_contact_risks([case.father.pk], [], on=TODAY)) == []


def test_a_risk_can_not_end_before_it_began(case):
    risk = services.record_contact_risk(
        person=case.father,
        ground="other",
        detail="x",
        children=[case.wren],
        starts_on=TODAY,
        by=case.council.worker,
        now=NOW,
    )
    with pytest.raises(ValidationError) as refusal:
        services.end_contact_risk(
            risk=risk, on=datetime.date(2026, 12, 7), because="x", by=case.council.worker, now=NOW
        )
    assert refusal.value.message_dict == {"on": ["The risk can't end before it started."]}


def test_open_risks_are_those_posed_by_the_persons_and_those_to_the_children(case):
    other = ChildFactory(authority=case.council.authority)

    def risk(person, child, **dates):
        return services.record_contact_risk(
            person=person, ground="other", detail="x", children=[child], by=case.council.worker, now=NOW, **dates
        )

    of_the_father = risk(case.father, other)
    to_wren = risk(case.grandmother, case.wren)
    risk(case.grandmother, other)
    risk(case.father, case.wren, ends_on=TODAY)
    risk(case.father, case.wren, starts_on=datetime.date(2026, 12, 9))
    assert list(open_contact_risks([case.father.pk], [case.wren.pk], on=TODAY)) == [of_the_father, to_wren]


def test_a_risk_that_ends_on_a_day_is_in_force_until_the_day_before(case):
    risk = services.record_contact_risk(
        person=case.father,
        ground="bail",
        detail="x",
        children=[case.wren],
        ends_on=datetime.date(2026, 12, 9),
        by=case.council.worker,
        now=NOW,
    )
    found = [list(open_contact_risks([case.father.pk], [], on=datetime.date(2026, 12, day))) for day in (8, 9)]
    assert found == [[risk], []]


def test_the_pages_leave_out_what_a_risk_says_of_confidential_whereabouts(signed_in, case):
    AgencyInvolvementFactory(child=case.baby, agency__name="Larkspur Grove Nursery", confidential=True)
    for detail in ("He waits at Larkspur Grove.", "No contact with Hazel."):
        signed_in.post(url(case), entered(case, detail=detail, ground="court_order" if "Hazel" in detail else "bail"))
    for page in (
        reverse("families:family", args=[case.family.pk]),
        reverse("families:person", args=[case.family.pk, case.father.pk]),
    ):
        said = signed_in.get(page).content.decode()
        assert "Larkspur" not in said
        assert "Left out: it names a place, number or worker marked confidential." in said
        assert "No contact with Hazel." in said
