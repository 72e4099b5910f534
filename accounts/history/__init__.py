"""What a case record said before: its versions, who made them, and how it stood on any day.

The database keeps every version of every case row by trigger (``tracking``), whichever way it was changed. Each app
lists in ``history.py`` what its records are made of (``registry``); what the rows are called, its data map says.
``reading`` fetches versions in a fixed number of queries, ``wording`` makes sentences of them.
"""

from accounts.history.tracking import append_only, never_deleted, tracked, tracked_fields, tracked_links

__all__ = ["append_only", "never_deleted", "tracked", "tracked_fields", "tracked_links"]
