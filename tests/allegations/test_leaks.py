"""Whom an allegation is about walks the whole site, with every role they may hold, and finds nothing of it.

Each page is read before and after the referral, and after it was read, corrected and closed: not a word, count or line
of a log differs.
"""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import TEAM_ROLES, Role
from allegations.enums import StepKind, Threshold
from allegations.models import Referral
from allegations.selectors.referrals import referrals_seen_by
from allegations.services.referrals import Allegation, correct_referral, record_step, refer
from deadlines.services import reconcile
from families.models import Person
from tests.access_table import may_come_in
from tests.cpconf.site_walk import undone
from tests.factories import RoleAssignmentFactory, user_with_role
from tests.reports.story import NOW
from tests.world import address_names, address_of, visitor

pytestmark = pytest.mark.django_db

MARKERS = ("Marigold-1 was hit", "Tansy-2 in the changing room", "Sorrel-3 the head knows", "Yarrow-4 below it")
# What differs between two readings of any page: tokens against forged and repeated forms, and the names of styles.
PASSING = re.compile(
    r'(csrfmiddlewaretoken|form_key|once|page-key)"[^>]*value="[^"]*"|nonce="[^"]*"|value="[0-9a-zA-Z_:.-]{22,}"'
    r"|request_id=\S+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)

# Pages with a secret of their own at each reading.
MADE_UP_EACH_TIME = frozenset({"mfa_activate_totp", "mfa_add_webauthn"})


def everything(world: SimpleNamespace, client: Client, who: str = "") -> dict[str, tuple[int, str]]:
    """Return what a visitor reads at every URL of the site, and whether it opens.

    One of those in the access table is not asked for what is refused to them: nothing is read before it is.
    """
    found = {}
    for name in address_names():
        if name in MADE_UP_EACH_TIME or not may_come_in(who, name):
            continue
        with undone(client):
            answer = client.get(address_of(world, name))
            body = b"".join(answer) if answer.streaming else answer.content
            kind = answer.get("Content-Type", "")
            found[name] = (answer.status_code, PASSING.sub("", body.decode()) if kind.startswith("text/") else kind)
    return found


def told(world: SimpleNamespace, **about: object) -> Referral:
    """Refer an allegation, have it read and corrected, and close it."""
    officer = world.actors["designated officer"]
    said = Allegation(
        threshold=Threshold.HARMED, what=MARKERS[0], happened=MARKERS[1], who_was_told=MARKERS[2], **about
    )
    found = refer(
        family=world.family, child=world.robin, allegation=said, known_on=NOW.date(), by=world.worker, now=NOW,
        conference=world.conference, told_manager=world.manager,
    )  # fmt: skip
    for user in (officer, world.worker):
        client = Client()
        client.force_login(user)
        for name, pk in (("referral", found.pk), ("correct", found.pk), ("refer", world.family.pk)):
            client.get(reverse(f"allegations:{name}", args=[pk]))
    more = Allegation(**{**said.__dict__, "what": f"{MARKERS[0]} twice"})
    correct_referral(referral=found, allegation=more, because="Worse", version=1, by=officer, now=NOW)
    record_step(referral=found, kind=StepKind.NO_FURTHER_ACTION, on=NOW.date(), note=MARKERS[3], by=officer, now=NOW)
    reconcile(family_ids=[world.family.pk], now=NOW)
    return found


def with_every_role(world: SimpleNamespace):
    user = user_with_role(Role.SERVICE_MANAGER, authority=world.authority, name="Rook Nightjar")
    for role in set(Role) - {Role.SERVICE_MANAGER}:
        team = world.team if role in TEAM_ROLES else None
        RoleAssignmentFactory(user=user, authority=world.authority, role=role, team=team)
    return type(user).objects.get(pk=user.pk)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def finds_nothing(before, after) -> None:
    assert [name for name in before if before[name][0] != after[name][0]] == []
    assert [name for name, (_, text) in after.items() for marker in MARKERS if marker in text] == []
    assert [_differing(name, before[name][1], after[name][1]) for name in before if before[name] != after[name]] == []


def _differing(name: str, before: str, after: str) -> str:
    """Return the words at which two readings of a page part."""
    at = next((n for n, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), 0)
    return f"{name}: {before[max(0, at - 60) : at + 60]!r} / {after[max(0, at - 60) : at + 60]!r}"


def readers_come_in_first(world) -> None:
    """Let everyone who will read the referral sign in before, so that no page tells of that."""
    for user in (world.actors["designated officer"], world.worker):
        signed_in(user).get(reverse("allegations:referrals"))
    reconcile(family_ids=[world.family.pk], now=NOW)


def test_a_colleague_with_every_role_finds_nothing_about_themselves(world):
    accused = with_every_role(world)
    readers_come_in_first(world)
    client = signed_in(accused)
    before = everything(world, client)
    found = told(world, about_user=accused)
    after = everything(world, client)
    finds_nothing(before, after)
    assert found not in referrals_seen_by(accused)
    assert client.get(reverse("allegations:referral", args=[found.pk])).status_code == 404


def test_an_invited_professional_and_a_colleague_of_their_agency_find_nothing(world):
    readers_come_in_first(world)
    client = visitor(world, "invited professional")
    before = everything(world, client, "invited professional")
    told(world, about_person=world.of.tutor.person, agency=world.of.tutor.agency)
    finds_nothing(before, everything(world, client, "invited professional"))
    # With the role that handles allegations they still find nothing about their own agency.
    colleague = world.actors["invited professional"]
    RoleAssignmentFactory(user=colleague, authority=world.authority, role=Role.DESIGNATED_OFFICER)
    colleague = type(colleague).objects.get(pk=colleague.pk)
    assert [row.pk for row in referrals_seen_by(colleague)] == [world.referral.pk]


def test_a_guest_finds_nothing_through_their_link(world):
    readers_come_in_first(world)
    client = visitor(world, "guest, professional")
    before = everything(world, client, "guest, professional")
    told(world, about_person=world.of.gp.person, agency=world.of.gp.agency)
    finds_nothing(before, everything(world, client, "guest, professional"))


@pytest.mark.parametrize("who", ["auditor", "service manager", "other team manager"])
def test_nobody_else_learns_of_it_from_a_page_a_count_or_a_log(world, who):
    readers_come_in_first(world)
    client = visitor(world, who)
    before = everything(world, client, who)
    told(world, about_person=Person.objects.get(pk=world.dale.pk))
    finds_nothing(before, everything(world, client, who))
