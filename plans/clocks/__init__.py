"""The clocks that plans start: reviews, visits, consent, and those of a birth and of the 18th birthday."""

from plans.clocks.consent import register_consent_clock
from plans.clocks.eighteen import register_clocks_at_18
from plans.clocks.reviews import register_review_clocks
from plans.clocks.visits import register_visit_clocks


def register_clocks() -> None:
    """Register the clocks. Called from ``PlansConfig.ready``."""
    register_review_clocks()
    register_visit_clocks()
    register_clocks_at_18()
    register_consent_clock()
