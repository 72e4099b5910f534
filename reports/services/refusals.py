"""Why one recipient's copy may not go out today."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from entitlement import Concealed
from reports.copies import Composed, Passage


class CopyRefusedError(ValidationError):
    """A copy may not go out today; the messages say why, in words for the coordinator."""


def refuse_newly_hidden(copy: Composed, concealed: Concealed) -> None:
    """Raise CopyRefusedError where something in a copy was marked confidential after it was prepared."""
    passages = [*copy.passages, *_values(copy)]
    found = sorted({row.where for row in passages if concealed.is_in(row.text)})
    if found:
        raise CopyRefusedError(
            [f"This copy would show something marked confidential: {where}. Prepare a new version." for where in found]
        )


def _values(copy: Composed) -> list[Passage]:
    """Return the copy's single values, which composing already left out if hidden at preparation."""
    rows = [Passage("", "next dates", step.what) for step in copy.next_steps]
    rows += [Passage("", "who took part", f"{row.name}, {row.words}") for row in (*copy.attendance, *copy.apologies)]
    rows += [
        Passage("", "the plan", who) for who in (*(one.who for one in copy.plan), *(one.who_acts for one in copy.then))
    ]
    rows.append(Passage("", "where the meeting was", copy.held))
    rows.append(Passage("", "what is said about recording", copy.recording))
    for child in copy.children:
        rows.append(Passage("", f"details of {child.short_name}", f"{child.school}, {child.gp}"))
        if child.decision:
            rows.append(Passage("", f"core group of {child.short_name}", "; ".join(child.decision.core_group)))
        rows += [Passage("", f"scores for {child.short_name}", f"{row.name}, {row.words}") for row in child.scores]
        rows += [Passage("", f"views about {child.short_name}", f"{row.name}, {row.words}") for row in child.views]
    for group in copy.board:
        rows += [Passage("", f"the board under ‘{group.label}’", line.speaker) for line in group.lines]
    return rows
