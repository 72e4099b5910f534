"""What higher apps open to a guest of a conference: further rows of the list on their own page.

They connect in their ``hooks.py``. Each function takes the guest's participant, whose door is open, and the moment;
it gives rows as ``components/task_list.html`` wants them, in a fixed number of queries.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

from conferences.models import Participant
from govuk.hook import Hook

Steps = Callable[[Participant, datetime.datetime], Iterable[dict[str, str]]]
# Rows on every guest's page.
guest_steps: Hook[Steps] = Hook()


def further_steps(participant: Participant, *, now: datetime.datetime) -> list[dict[str, str]]:
    """Every row that a higher app adds."""
    return [row for steps in guest_steps for row in steps(participant, now)]
