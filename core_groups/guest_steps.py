"""Steps that higher apps add to a core group member's own page. They connect in their ``hooks.py``."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

from core_groups.models import CoreGroupMember
from govuk.hook import Hook

Steps = Callable[[CoreGroupMember, datetime.datetime], Iterable[dict[str, str]]]
# Rows for ``components/task_list.html`` on every member's page.
member_steps: Hook[Steps] = Hook()


def further_steps(member: CoreGroupMember, *, now: datetime.datetime) -> list[dict[str, str]]:
    """Return every row that higher apps add."""
    return [row for steps in member_steps for row in steps(member, now)]
