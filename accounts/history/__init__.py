"""The history of case records: their versions, who made them, and how they stood on any day.

Database triggers keep every version of every case row (``tracking``), however it was changed. Each app lists in
``history.py`` what its records consist of (``registry``); its data map says what the rows are called.
``reading`` fetches versions in a fixed number of queries, ``wording`` turns them into sentences.
"""

from accounts.history.tracking import append_only, never_deleted, tracked, tracked_except, tracked_fields, tracked_links

__all__ = ["append_only", "never_deleted", "tracked", "tracked_except", "tracked_fields", "tracked_links"]
