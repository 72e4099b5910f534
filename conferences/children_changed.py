"""Tells the apps above that a conference is about to be about another child, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from conferences.models import Conference, ConferenceChild
from govuk.hook import Hook

# Called with the children it was about until then, before another one joins.
BeforeJoining = Callable[[Conference, Sequence[ConferenceChild]], None]
before_child_joins: Hook[BeforeJoining] = Hook()
