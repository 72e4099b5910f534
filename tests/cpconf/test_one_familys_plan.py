"""One family's count, under every clock, looks up the days that it needs."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import connection

from deadlines.services import reconcile
from tests.reports.story import NOW

pytestmark = pytest.mark.django_db


def test_each_day_is_looked_up_instead_of_joining_whole_calendars(world: SimpleNamespace) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE deadlines_calendarday")
        reconcile(family_ids=[world.family.pk], now=NOW)
        cursor.execute("EXPLAIN EXECUTE reconcile_families (%s, %s)", [[world.family.pk], NOW])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan using calendar_day_once" in plan
    assert [line for line in plan.splitlines() if "Hash Join" in line or "Merge Join" in line] == []
