"""Connects My Views to the other apps when the site starts."""

from __future__ import annotations

from accounts.signin.second_factor import register_open
from conferences.guest_steps import guest_steps
from conferences.panels import panels
from conferences.parts_changed import reasons_to_keep
from deadlines.notice_matters import notice_matters
from deadlines.to_decide import decision_kinds
from my_views import guest_urls
from my_views.guest_steps import my_views_step, passed_on_step, words_of_client_step
from my_views.history import register_history
from my_views.notice_matters import MATTERS
from my_views.panels import my_views_panel
from my_views.selectors.released import why_part_stays
from my_views.to_decide import DANGER


def connect() -> None:
    """Connect the hooks. Called once from ``MyViewsConfig.ready``."""
    register_history()
    for matter in MATTERS:
        notice_matters.connect(matter)
    decision_kinds.connect(DANGER)
    panels.connect(my_views_panel, order=1)
    reasons_to_keep.connect(why_part_stays)
    register_open(f"guest_my_views:{page.name}" for page in guest_urls.urlpatterns)
    guest_steps.connect(my_views_step, order=-10)
    guest_steps.connect(passed_on_step, order=-9)
    guest_steps.connect(words_of_client_step, order=-9)
