"""A family whose worker refers an allegation, and the people who handle it."""

from __future__ import annotations

from accounts.enums import Role
from tests.allegations.story import referred
from tests.case_events import CaseEvents
from tests.factories import user_with_role
from tests.stories import once_per_module


@once_per_module()
def life():
    life = CaseEvents()
    life.kid = life.child(person__given_name="Robin", person__family_name="Fern")
    life.officer = user_with_role(Role.DESIGNATED_OFFICER, authority=life.authority, name="Ola Dipper")
    life.manager = user_with_role(Role.TEAM_MANAGER, team=life.family.team, name="Meg Teal")
    life.service = user_with_role(Role.SERVICE_MANAGER, authority=life.authority)
    return life


@once_per_module()
def referral(life):
    return referred(life)
