"""The past of rows: changes made on days other than today."""

from __future__ import annotations

import datetime
from contextlib import contextmanager

import pghistory
from django.db import connection

from tests.reports.story import NOW, tell
from tests.stories import once_per_module
from tests.written_at import LONG_AGO, move_history, tables_of_versions

# The first of the month in which the stories take place, before anything in them was changed.
BEGAN = datetime.datetime(2026, 12, 1, 9, tzinfo=datetime.UTC)


@once_per_module()
def story():
    """The conference about Robin, Wren and the baby, closed; everything in it was recorded on 1 December."""
    made = tell()
    move_history(LONG_AGO, BEGAN)
    return made


@contextmanager
def on(moment, by=None):
    """Record what is changed inside as changed at ``moment``, by ``by`` on a page."""
    with connection.cursor() as cursor:
        newest = {}
        for table in tables_of_versions():
            cursor.execute(f'SELECT coalesce(max(pgh_id), 0) FROM "{table}"')  # noqa: S608
            newest[table] = cursor.fetchone()[0]
    if by is not None:
        with pghistory.context(user=by.pk):
            yield moment
    else:
        yield moment
    with connection.cursor() as cursor:
        for table, last in newest.items():
            cursor.execute(
                f'UPDATE "{table}" SET pgh_created_at = %s WHERE pgh_id > %s',  # noqa: S608
                [moment, last],
            )


__all__ = ["BEGAN", "NOW", "move_history", "on", "story"]
