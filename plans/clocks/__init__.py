"""The clocks that plans start: reviews, visits, and the review brought forward by a birth."""

from plans.clocks.reviews import register_review_clocks
from plans.clocks.visits import register_visit_clocks


def register_clocks() -> None:
    """Register the clocks. Called from ``PlansConfig.ready``."""
    register_review_clocks()
    register_visit_clocks()
