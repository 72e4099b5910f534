from __future__ import annotations


class DiskFullError(Exception):
    """There is no room left to store a file; the page says so."""
