"""An invented council with invented families, at every stage of the life of a case.

Families are plants, professionals are birds. Everything is made through the same services as in real work, with
``now`` set to the day on which it would have happened, so that a demonstration can't show what the product
could not have done. The same seed and day give the same council.
"""

from __future__ import annotations

# What the history of an invented record names where it says who did something.
DEMONSTRATION = "demonstration"
