"""An invented council with invented families, at every stage of a case.

Families are named after plants, professionals after birds. Everything is created through the same services as
real work, with ``now`` set to the day on which it would have happened, so that a demonstration cannot show what
the product could not have done. The same seed and day give the same council.
"""

from __future__ import annotations

# Named in the history of an invented record as the one who made the change.
DEMONSTRATION = "demonstration"
