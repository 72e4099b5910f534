"""The clocks that plans start: reviews, visits, checks, consent, and those of a birth, an adoption, a birthday."""

from plans.clocks.adoptions import register_adoption_clock
from plans.clocks.consent import register_consent_clock
from plans.clocks.eighteen import register_clocks_at_18
from plans.clocks.mid_points import register_mid_point_clocks
from plans.clocks.reviews import register_review_clocks
from plans.clocks.visits import register_visit_clocks


def register_clocks() -> None:
    """Register the clocks. Called from ``PlansConfig.ready``."""
    register_review_clocks()
    register_visit_clocks()
    register_clocks_at_18()
    register_consent_clock()
    register_mid_point_clocks()
    register_adoption_clock()
