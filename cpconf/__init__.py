"""The site: settings, addresses, background work. Nothing of the field lives here."""

from __future__ import annotations
