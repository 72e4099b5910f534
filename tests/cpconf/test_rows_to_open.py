"""What a gatekeeper opens by SQL that is written once is what Django finds for the same question."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model

import cpconf.urls  # noqa: F401 - brings in every gatekeeper
from accounts.models import User
from accounts.rows_to_open import RowsToOpen, every_kind
from conferences.access import RULES
from conferences.models import Conference
from conferences.rows_to_open import CONFERENCES
from families.access import FAMILY_RULE
from tests.reports.story import NOW

pytestmark = pytest.mark.django_db


def told(row: Model | None, *above: Model) -> Any:
    """Return everything that an object holds, with the objects beside it."""
    if row is None or any(row is one for one in above):
        return row
    beside = {name: told(other, *above, row) for name, other in row._state.fields_cache.items()}
    return {name: value for name, value in vars(row).items() if name != "_state"}, beside


def test_each_gatekeeper_finds_the_rows_that_django_finds(world: SimpleNamespace) -> None:
    compared = 0
    for kind in every_kind():
        for pk in kind.rows().order_by("pk").values_list("pk", flat=True)[:3]:
            compared += 1
            assert told(kind.known({"pk": pk})) == told(kind.rows().filter(pk=pk).first())
        assert kind.known({"pk": 0}) is None
    assert compared > 30


@pytest.mark.parametrize("to", ["read", "arrange", "chair"])
def test_each_rule_opens_the_conferences_that_django_opens(world: SimpleNamespace, to: str) -> None:
    for who, user in world.actors.items():
        for conference in Conference.objects.order_by("pk")[:2]:
            opened = CONFERENCES.open_to(user, RULES[to], {"pk": conference.pk})
            asked = RULES[to].visible(CONFERENCES.rows(), user).filter(pk=conference.pk).first()
            assert (who, told(opened)) == (who, told(asked))


def test_nobody_who_has_left_opens_anything(world: SimpleNamespace) -> None:
    User.objects.filter(pk=world.worker.pk).update(is_active=False)
    numbers = {"pk": world.conference.pk}
    assert CONFERENCES.open_to(world.worker, RULES["read"], numbers) is not None
    assert CONFERENCES.open_to(User.objects.get(pk=world.worker.pk), RULES["read"], numbers) is None


def test_rows_that_depend_on_a_day_are_refused(world: SimpleNamespace) -> None:
    today = RowsToOpen(lambda: type(world.family).objects.filter(closed_on__lt=NOW.date()))
    with pytest.raises(ImproperlyConfigured, match="2026"):
        today.open_to(world.coordinator, FAMILY_RULE, {"pk": 1})
