"""Users, the roles they hold, and the words they have not sent yet."""

from accounts.services.drafts import finish_draft, save_draft
from accounts.services.people import assign_role, create_user, end_role
from accounts.services.posts import (
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
    "change_user",
    "close_account",
    "create_user",
    "end_role",
    "finish_draft",
    "give_role",
    "move_to_team",
    "reopen_account",
    "save_draft",
    "settle_proposal",
    "take_away_second_steps",
]
