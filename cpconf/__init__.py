"""The site: settings, URLs, background work. No domain code lives here."""

from __future__ import annotations
