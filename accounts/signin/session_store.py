"""Sessions in the database, as Django keeps them, read by SQL that is written once."""

from __future__ import annotations

import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from accounts.compiled_rows import CompiledRows


def _live(key: str, now: datetime.datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


_live_session = CompiledRows(_live, {"key": "any key", "now": datetime.datetime.min.replace(tzinfo=datetime.UTC)})


class SessionStore(db.SessionStore):
    """Under Django's own name, which is part of how a session is signed: those from before stay valid."""

    def _get_session_from_db(self) -> Session | None:
        found = _live_session.rows(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
            return None
        return found[0]
