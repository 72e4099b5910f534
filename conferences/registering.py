"""What conferences tells the other apps about itself when the site starts."""

from __future__ import annotations

from conferences.access import families_chaired
from conferences.refusals import register_refusals
from families.access import register_family_right


def register_everything() -> None:
    """Called once from ``ConferencesConfig.ready``."""
    register_refusals()
    register_family_right("chair of a conference", families_chaired)
