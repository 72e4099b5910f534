"""The form for going on without a quorum; the closing form asks the same where nothing was written before."""

from __future__ import annotations

from typing import Any

from deadlines.policies import BelowQuorum
from govuk.forms import GovukForm, LongTextField, RadiosField
from meetings.services.without_quorum import QuorumFacts


def add_quorum_fields(form: GovukForm, rule: BelowQuorum) -> None:
    """Ask for one of the council's conditions, and for a text on each thing that its procedures want written."""
    form.fields["condition"] = RadiosField(
        label="Why can the meeting go on without a quorum?",
        choices=rule.conditions,
        error_messages={"required": "Choose why the meeting can go on without a quorum."},
    )
    for at, need in enumerate(rule.needs):
        form.fields[f"need_{at}"] = LongTextField(
            label=need.capitalize(),
            rows=3,
            help_text="The minutes will say so.",
            error_messages={"required": f"Write this: {need}."},
        )


def quorum_facts(data: dict[str, Any], rule: BelowQuorum) -> QuorumFacts:
    """Return what was chosen and written."""
    written = [data.get(f"need_{at}") or "" for at, _ in enumerate(rule.needs)]
    return QuorumFacts(condition=data.get("condition") or "", written=written)


class WithoutQuorumForm(GovukForm):
    """Why the chair goes on, in what the council's procedures ask for."""

    keeps_draft = True
    button = "Go on without a quorum"

    def __init__(self, *args: Any, rule: BelowQuorum, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_quorum_fields(self, rule)
