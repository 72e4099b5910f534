"""Steps that higher apps add to a conference guest's own page.

They connect in their ``hooks.py``. Each function takes the guest's participant, who has access, and the moment;
it returns rows for ``components/task_list.html``, in a fixed number of queries.
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
    """Return every row that higher apps add."""
    return [row for steps in guest_steps for row in steps(participant, now)]
