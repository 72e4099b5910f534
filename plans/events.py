"""Hooks for higher apps: who holds a copy of what was written about a plan, and what has changed about it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

from govuk.hook import Hook
from plans.models import KeyWorker, Plan, PlanVersion

# Returns the ids of participants, of any conference, who were given a paper about the plan.
holders_of_copies: Hook[Callable[[Plan], Iterable[int]]] = Hook()
# Called in the transaction in which someone becomes the key worker of a plan.
key_worker_changed: Hook[Callable[[KeyWorker, datetime.datetime], None]] = Hook()
# Called in the transaction in which a plan gets a new version outside a conference.
version_made: Hook[Callable[[PlanVersion, datetime.datetime], None]] = Hook()
