"""The values with a council's own words for families."""

from __future__ import annotations

from deadlines.policies import value_types as types
from deadlines.policies.value_groups import Group, followed


class WordsForFamilies(Group):
    title = "Words for families"

    family_what_happens: types.Texts = followed(
        "what happens at the meeting, in its order, in plain words for the family; a line may name no one"
    )
    family_getting_there: types.Texts = followed(
        "how to get to the meeting, where the room has no directions of its own"
    )
    family_what_to_bring: types.Texts = followed("what the family may bring to the meeting")
    family_child_care: types.Texts = followed("help with child care on the day")
    family_travel: types.Texts = followed("help with travel on the day")
    family_to_talk_to: types.Texts = followed("to whom a person can talk after the meeting, with the number to ring")
    family_complaint_help: types.Texts = followed("how to complain, and who helps with it")
    family_feedback_questions: types.Texts = followed(
        "questions that the family is asked about the meeting afterwards, each answered by yes, partly or no"
    )
