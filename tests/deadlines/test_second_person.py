"""A second person puts a draft of procedures in force, having seen what it would move."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from deadlines.models import Deadline, PolicyDraft, PolicyVersion
from deadlines.policies import baseline
from deadlines.services import reconcile
from deadlines.services.drafting import change_entries, propose_draft, put_draft_in_force, start_draft
from deadlines.to_decide import described, to_decide
from tests.deadlines.conftest import Facts, a_clock, moment
from tests.factories import AuthorityFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = moment("2026-12-09 09:30")
TODAY = NOW.date()
SAID = {"source": "the council", "year": 2026, "scope": "local", "owner": "conference service manager"}
OTHER_MINUTES = {
    "minutes-sent": {
        **baseline()["limits"]["minutes-sent"],
        "amount": 20,
        "unit": "working days",
        "warn": {"amount": 4, "unit": "working days"},
        **SAID,
    }
}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def writer(case):
    return user_with_role(Role.ADMINISTRATOR, authority=case.authority)


@once_per_module(at=NOW)
def others(case, writer):
    """Who else there is: another administrator, a service manager, a team manager, and one of another council."""
    roles = {
        "administrator": Role.ADMINISTRATOR, "service manager": Role.SERVICE_MANAGER, "manager": Role.TEAM_MANAGER,
    }  # fmt: skip
    found = {name: user_with_role(role, authority=case.authority) for name, role in roles.items()}
    return {**found, "elsewhere": user_with_role(Role.ADMINISTRATOR, authority=AuthorityFactory())}


@once_per_module(at=NOW)
def draft(case, writer):
    draft = start_draft(authority=case.authority, by=writer, now=NOW)
    return change_entries(draft=draft, section="limits", entries=OTHER_MINUTES, version=1, by=writer, now=NOW)


def asked(draft, by, **fields):
    return propose_draft(draft=draft, version=draft.version, in_force_from=TODAY, by=by, now=NOW, **fields)


def agreed(draft, by):
    return put_draft_in_force(draft=draft, version=draft.version, in_force_from=TODAY, by=by, now=NOW)


def decided_by(people):
    return {name for name, user in people.items() if "procedures" in {key for _, key, *_ in to_decide(user)}}


def test_only_who_did_not_write_it_puts_a_draft_in_force_and_finds_it_among_what_they_decide(draft, writer, others):
    everyone = {"writer": writer, **others}
    assert decided_by(everyone) == set()
    with pytest.raises(ValidationError, match="once it is asked for"):
        agreed(draft, others["administrator"])
    draft = asked(draft, writer)
    assert decided_by(everyone) == {"administrator", "service manager"}
    (line,) = described(to_decide(others["service manager"]))
    assert (line.title, line.about, line.url) == (
        "Put the council's new procedures in force",
        draft.authority.name,
        reverse("deadlines:put-policy-in-force", args=[draft.pk]),
    )
    for name in ("writer", "manager", "elsewhere"):
        with pytest.raises(ValidationError, match="A second person"):
            agreed(draft, everyone[name])
    version = agreed(draft, others["service manager"])
    assert (version.number, version.created_by) == (2, others["service manager"])
    assert decided_by(everyone) == set()


def test_a_change_takes_the_proposal_back_and_makes_its_writer_one_of_the_writers(draft, writer, others):
    asked(draft, writer)
    draft.refresh_from_db()
    entries = {"minutes-sent": {**OTHER_MINUTES["minutes-sent"], "amount": 19}}
    change_entries(
        draft=draft, section="limits", entries=entries, version=draft.version, by=others["administrator"], now=NOW
    )
    draft = PolicyDraft.objects.get(pk=draft.pk)
    assert draft.proposed_at is None
    assert decided_by({"writer": writer, **others}) == set()
    asked(draft, others["administrator"])
    assert decided_by({"writer": writer, **others}) == {"service manager"}


def test_a_council_without_a_second_person_is_told(draft, writer, others):
    for name in ("administrator", "service manager"):
        others[name].roles.all().update(ends_on=date(2026, 12, 1))
    with pytest.raises(ValidationError, match="no one else in these roles"):
        asked(draft, writer)


@pytest.fixture
def minutes(case):
    """Two minutes due, of which one would move."""
    facts = Facts("minutes-sent")
    a_clock("minutes-sent", facts, title="Send the minutes")
    facts.rows = [case.fact(what="Minutes of 8 December"), case.fact(fact_id=2, starts=date(2026, 11, 2))]
    reconcile(family_ids=[case.family.pk], now=NOW)


def test_the_preview_names_what_would_move_to_those_only_who_may_see_it(client, draft, writer, others, minutes):
    asked(draft, writer)
    before = list(Deadline.objects.order_by("pk").values())
    url = reverse("deadlines:put-policy-in-force", args=[draft.pk])

    def shown_to(user):
        client.force_login(user)
        response = client.get(url)
        return response.context["moves"], response.content.decode()

    moves, text = shown_to(others["administrator"])
    assert (moves.kinds, moves.named, moves.hidden) == ([("Send the minutes", 1)], [], 1)
    assert "Brambley" not in text
    assert "Minutes of 8 December" not in text
    moves, text = shown_to(others["service manager"])
    assert [(move.family, move.what, move.before, move.after) for move in moves.named] == [
        ("Brambley", "Send the minutes: Minutes of 8 December", date(2027, 1, 5), date(2027, 1, 8))
    ]
    assert "Minutes of 8 December" in text
    assert list(Deadline.objects.order_by("pk").values()) == before
    assert PolicyVersion.objects.filter(authority=draft.authority).count() == 1


def test_the_second_person_agrees_on_the_page(client, draft, writer, others):
    url = reverse("deadlines:put-policy-in-force", args=[draft.pk])
    fields = {"version": draft.version, "in_force_from": "2026-12-14"}
    for name, status in (("service manager", 404), ("manager", 404), ("elsewhere", 404)):
        client.force_login(others[name])
        assert (name, client.get(url).status_code) == (name, status)
    client.force_login(writer)
    assert "Ask a second person to put it in force" in client.get(url).content.decode()
    client.post(url, fields)
    assert "so someone else puts it in force" in client.get(url).content.decode()
    client.force_login(others["service manager"])
    assert "Put these procedures in force" in client.get(url).content.decode()
    assert client.post(url, fields)["Location"] == reverse("deadlines:our-procedures")
    assert client.post(url, fields)["Location"] == reverse("deadlines:our-procedures")
    assert PolicyVersion.objects.get(authority=draft.authority, number=2).in_force_from == date(2026, 12, 14)
