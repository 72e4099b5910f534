"""What a council says of itself: its numbers, where letters come back to, and where mail is secure."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Authority
from accounts.people.services.council import change_council, token_of
from tests.factories import AuthorityFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
TYPED = {
    "day_phone": "01632 960 100", "night_phone": "01632 960 999", "complaints": "", "return_address": " Room 1 \n\n Eastmere",
    "secure_mail_domains": "@NHS.example.uk\nschool.example.uk\nnhs.example.uk",
}  # fmt: skip


@once_per_module()
def made() -> SimpleNamespace:
    authority = AuthorityFactory(day_phone="1", night_phone="2", return_address="", secure_mail_domains="")
    return SimpleNamespace(authority=authority, by=user_with_role(Role.ADMINISTRATOR, authority=authority))


def changed(made: SimpleNamespace, **changes: object) -> Authority:
    fields = {"authority": made.authority, "before": token_of(made.authority), "by": made.by, **TYPED, **changes}
    return change_council(**fields)  # type: ignore[arg-type]


def test_an_administrator_changes_it_on_its_page(made: SimpleNamespace) -> None:
    client = Client()
    client.force_login(made.by)
    settings, page = reverse("deadlines:settings"), reverse("users:council-details")
    assert page in client.get(settings).content.decode()
    shown = client.post(page, {**TYPED, "night_phone": "", "before": token_of(made.authority)}).content.decode()
    assert ("Enter the number to ring at night" in shown, "school.example.uk" in shown) == (True, True)
    assert client.post(page, {**TYPED, "before": token_of(made.authority)}).url == settings
    council = Authority.objects.get(pk=made.authority.pk)
    assert (council.return_address, council.secure_mail_domains) == (
        "Room 1\nEastmere", "nhs.example.uk\nschool.example.uk",
    )  # fmt: skip
    assert council.has_secure_mail_with("gp@nhs.example.uk")
    assert council.events.order_by("pgh_id").last().secure_mail_domains == council.secure_mail_domains


@pytest.mark.parametrize("domain", ["gmail.com", "nhs", "a b.uk", "x@y.example.uk", "-a.example.uk", "*.example.uk"])
def test_only_a_domain_whose_mailboxes_are_somebodys_is_taken(made: SimpleNamespace, domain: str) -> None:
    with pytest.raises(ValidationError) as refused:
        changed(made, secure_mail_domains=domain)
    assert list(refused.value.message_dict) == ["secure_mail_domains"]


def test_two_administrators_never_overwrite_each_other(made: SimpleNamespace) -> None:
    before = token_of(made.authority)
    changed(made)
    assert changed(made, before=before).night_phone == "01632 960 999"
    with pytest.raises(ValidationError, match="meanwhile"):
        changed(made, before=before, night_phone="3")


def test_nobody_else_changes_it(made: SimpleNamespace) -> None:
    for user in (user_with_role(Role.ADMINISTRATOR), user_with_role(Role.SERVICE_MANAGER, authority=made.authority)):
        with pytest.raises(ValidationError, match="administrator"):
            changed(made, by=user)
