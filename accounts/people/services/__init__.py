"""Users and the roles they hold."""

from accounts.people.services.beginning import begin_council
from accounts.people.services.roles import assign_role, create_user, end_role
from accounts.people.services.staff import (
    add_user,
    change_user,
    close_account,
    give_role,
    move_to_team,
    reopen_account,
    settle_proposal,
    take_away_second_steps,
)

__all__ = [
    "add_user",
    "assign_role",
    "begin_council",
    "change_user",
    "close_account",
    "create_user",
    "end_role",
    "give_role",
    "move_to_team",
    "reopen_account",
    "settle_proposal",
    "take_away_second_steps",
]
