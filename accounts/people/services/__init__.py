"""Users and the roles they hold."""

from accounts.people.services.accounts import (
    change_address,
    reopen_account,
    settle_account_change,
    take_away_second_steps,
)
from accounts.people.services.beginning import begin_council
from accounts.people.services.roles import assign_role, create_user, end_role
from accounts.people.services.second_people import end_second_person, name_second_person
from accounts.people.services.second_person import confirmers_of, who_may_confirm
from accounts.people.services.staff import (
    add_user,
    change_user,
    close_account,
    end_post,
    give_role,
    move_to_team,
    settle_proposal,
)

__all__ = [
    "add_user",
    "assign_role",
    "begin_council",
    "change_address",
    "change_user",
    "close_account",
    "confirmers_of",
    "create_user",
    "end_post",
    "end_role",
    "end_second_person",
    "give_role",
    "move_to_team",
    "name_second_person",
    "reopen_account",
    "settle_account_change",
    "settle_proposal",
    "take_away_second_steps",
    "who_may_confirm",
]
