"""Messages for refusals by triggers, and the form fields that constraints belong to."""

from __future__ import annotations

from accounts.constraint_errors import register_refusal


def register_refusals() -> None:
    """Register messages for database constraints. Called from ``ConferencesConfig.ready``."""
    register_refusal(
        "conference_not_before_discussion",
        "The conference can't be before the strategy discussion that started the enquiries. "
        "Choose a later day or time.",
        field="day",
    )
    register_refusal(
        "initial_conference_on_no_weekend",
        "An initial conference is not held on a Saturday or Sunday. Choose a day from Monday to Friday.",
        field="day",
    )
    register_refusal("past_sitting_only_recorded_afterwards", field="recorded_afterwards_reason")
    register_refusal("chair_not_double_booked", field="chair")
    register_refusal("room_not_double_booked", field="room")
    register_refusal("scheduled_conference_has_chair_and_coordinator", field="chair")
    register_refusal("conference_cancelled_with_reason", field="reason")
    register_refusal("left_out_with_reason", field="reason")
    register_refusal("request_says_why", field="reason")
    register_refusal("request_decided_with_reason", field="reason")
    register_refusal("kept_out_but_heard", field="views_through")
    register_refusal("one_stand_in_at_a_time", field="starts_on")
    register_refusal("stand_in_ends_after_it_starts", field="last_day")
