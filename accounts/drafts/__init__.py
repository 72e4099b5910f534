"""What was typed and not sent: kept for its writer alone, through a lost connection and an ended session."""

from accounts.drafts.forms import forget, hold, keep, kept_form

__all__ = ["forget", "hold", "keep", "kept_form"]
