"""What higher apps open to a guest of a conference: further rows of the list on their own page.

They register in ``AppConfig.ready``. Each function takes the guest's participant, whose door is open, and the moment;
it gives rows as ``components/task_list.html`` wants them, in a fixed number of queries.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

from conferences.models import Participant

Steps = Callable[[Participant, datetime.datetime], Iterable[dict[str, str]]]
_steps: list[Steps] = []


def register_steps(steps: Steps) -> Steps:
    """Show these rows on every guest's page; registering them twice has no effect."""
    if steps not in _steps:
        _steps.append(steps)
    return steps


def further_steps(participant: Participant, *, now: datetime.datetime) -> list[dict[str, str]]:
    """Every registered row."""
    return [row for steps in _steps for row in steps(participant, now)]
