"""Unsent form input, kept for its author alone, through a lost connection or an expired session."""

from accounts.drafts.forms import forget, hold, keep, kept_form

__all__ = ["forget", "hold", "keep", "kept_form"]
