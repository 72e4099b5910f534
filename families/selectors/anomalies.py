"""Reads of families that share the reader's last name or address."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from accounts.audit.anomalies import Finding, Period
from accounts.audit.apart import apart_in_sql


def own_name_or_address(period: Period) -> Iterable[Finding]:
    """Find users who opened, or tried to open, a family with a member of their own last name or address."""
    first, after = period.moments
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH opened AS (
                SELECT DISTINCT e.user_id, (e.at AT TIME ZONE 'Europe/London')::date AS day,
                       e.family_ids[1] AS family_id
                FROM accounts_accessevent e
                WHERE e.authority_id = ANY(%(councils)s) AND e.user_id IS NOT NULL
                  AND e.at >= %(first)s AND e.at < %(after)s AND cardinality(e.family_ids) = 1
                  AND NOT e.page LIKE ANY(%(apart)s)
            ), named AS (
                SELECT u.id AS user_id, lower(regexp_replace(trim(u.name), '^.*\\s', '')) AS last_name
                FROM accounts_user u WHERE u.id IN (SELECT user_id FROM opened)
            )
            SELECT o.user_id, o.day,
                   bool_or(EXISTS (
                       SELECT 1 FROM families_familymember m JOIN families_person p ON p.id = m.person_id
                       WHERE m.family_id = o.family_id AND (lower(p.family_name) = n.last_name OR EXISTS (
                           SELECT 1 FROM families_personname other
                           WHERE other.person_id = p.id AND lower(other.family_name) = n.last_name
                       ))
                   )),
                   bool_or(EXISTS (
                       SELECT 1 FROM families_person me
                       JOIN families_residence mine ON mine.person_id = me.id
                       JOIN families_residence theirs ON theirs.address_id = mine.address_id
                       JOIN families_familymember m ON m.person_id = theirs.person_id
                       WHERE me.user_id = o.user_id AND m.family_id = o.family_id
                   ))
            FROM opened o JOIN named n ON n.user_id = o.user_id
            GROUP BY o.user_id, o.day
            """,
            {"councils": list(period.authority_ids), "first": first, "after": after, "apart": apart_in_sql()},
        )
        for user_id, day, name, address in cursor.fetchall():
            if name:
                yield Finding(user_id, day, "Opened a family with their own last name")
            if address:
                yield Finding(user_id, day, "Opened a family with their own address")
