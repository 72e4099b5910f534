from __future__ import annotations

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessEvent
from families.models import WhereaboutsReveal
from tests.factories import user_with_role

pytestmark = pytest.mark.django_db

SECRETS = ("Hidden House", "Quiet Lane", "EA12 3QL", "07700 900123", "Meadow Lane Primary", "Ada Lark")


def url(case):
    return reverse("families:reveal-whereabouts", args=[case.family.pk])


@pytest.fixture
def signed_in(client, council):
    client.force_login(council.worker)
    return client


def leaked(response):
    content = response.content.decode()
    return [secret for secret in SECRETS if secret in content]


def test_shows_what_is_confidential_once_for_a_reason(signed_in, hidden):
    page = signed_in.post(url(hidden), {"reason": "To arrange transport"})
    assert leaked(page) == list(SECRETS)
    assert "no-store" in page["Cache-Control"]
    reveal = WhereaboutsReveal.objects.get()
    assert (reveal.family, reveal.user, reveal.reason) == (hidden.family, hidden.council.worker, "To arrange transport")
    assert AccessEvent.objects.get().page == "families:reveal-whereabouts"


def test_shows_nothing_without_a_reason(signed_in, hidden):
    page = signed_in.post(url(hidden), {"reason": " "})
    assert leaked(page) == []
    assert page.context["form"].errors == {"reason": ["Say why you need to see the confidential details"]}
    assert not WhereaboutsReveal.objects.exists()


def test_returning_to_the_page_shows_nothing(signed_in, hidden):
    assert signed_in.get(url(hidden)).url == reverse("families:family", args=[hidden.family.pk])


@pytest.mark.parametrize("name", ["family", "person", "record-residence", "add-agency", "change-person"])
def test_no_other_page_of_the_family_shows_it(signed_in, hidden, name):
    arguments = [hidden.family.pk, hidden.mother.pk] if "person" in name else [hidden.family.pk]
    page = signed_in.get(reverse(f"families:{name}", args=arguments))
    # The agency directory is the council's and says nothing about who goes there.
    assert leaked(page) == (["Meadow Lane Primary"] if name == "add-agency" else [])


def test_the_page_of_a_child_hides_the_school_too(signed_in, hidden):
    page = signed_in.get(reverse("families:person", args=[hidden.family.pk, hidden.wren.person_id]))
    assert leaked(page) == []
    assert "Name confidential" in page.content.decode()


def test_a_service_managers_view_is_recorded(client, hidden):
    manager = user_with_role(Role.SERVICE_MANAGER, authority=hidden.council.authority)
    client.force_login(manager)
    client.post(url(hidden), {"reason": "Review of the case"})
    assert WhereaboutsReveal.objects.get().user == manager


def test_recorded_reveals_can_not_be_changed(signed_in, hidden):
    signed_in.post(url(hidden), {"reason": "To arrange transport"})
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        WhereaboutsReveal.objects.update(reason="Nothing")
