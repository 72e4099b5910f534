"""The values about papers: what is sent, in which form, by whose release."""

from __future__ import annotations

from typing import Annotated, Literal

from deadlines.policies import value_types as types
from deadlines.policies.value_groups import Group, followed, shown_only
from deadlines.policies.value_types import Shape


class PapersSent(Group):
    title = "Papers"

    decisions_form: types.Text = shown_only("what is sent first", on="preparing a paper")
    decisions_sent_by: types.Text = shown_only("how it is sent", on="recording how a copy was sent")
    decisions_handed_out_in_room: bool = followed("decisions are handed out before people leave")
    decisions_released_by: types.Releases = followed(
        "who releases decisions and plan; never who prepared them, unless they chair the conference"
    )
    minutes_form: types.Text = shown_only("what is sent as the minutes", on="preparing a paper")
    reports_in_minutes: Literal["in short", "whole"] = followed(
        "how the reports stand in the minutes: in short, or each of them as far as its reader may read it"
    )
    minutes_released_by: types.Releases = followed(
        "who releases the minutes; never who prepared them, unless they chair the conference"
    )
    minutes_comments_wanted: types.Wanted = followed("when comments on the minutes are wanted")
    who_gets_what: types.GetsWhat = followed(
        "which papers each recipient has by default, for their own children and parts only"
    )
    dissent_wanted: types.Wanted = followed("when a dissent is wanted")
    complaint_answered_by: Literal["complaints manager", "chair"] = followed(
        "who answers a complaint; the manager of the conference service stands for a complaints manager"
    )
    complaint_stages: Annotated[types.Stages, Shape("stages")] = followed(
        "how far a complaint can go: 1, an answer; 2, a manager who had no part in it; 3, a panel of partner agencies"
    )
    complaint_further_days: Annotated[types.AtLeastOne, Shape("calendar days")] = followed(
        "within how many days of an answer a complaint is taken further in time"
    )
