"""Sessions are read as Django reads them, and those that its own store wrote stay valid."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.sessions.backends.db import SessionStore as StoreOfDjango
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.signin.session_store import SessionStore

pytestmark = pytest.mark.django_db


def test_a_session_from_before_is_read_and_one_of_ours_is_read_by_django():
    before, ours = StoreOfDjango(), SessionStore()
    before["seen"], ours["seen"] = "by django", "by us"
    before.save()
    ours.save()
    assert SessionStore(before.session_key)["seen"] == "by django"
    assert StoreOfDjango(ours.session_key)["seen"] == "by us"


def test_a_session_that_ran_out_or_never_was_is_empty_and_its_key_is_not_kept():
    over = SessionStore()
    over["seen"] = "once"
    over.save()
    Session.objects.update(expire_date=timezone.now() - datetime.timedelta(seconds=1))
    for key in (over.session_key, "a" * 32):
        store = SessionStore(key)
        assert (store.get("seen"), store.session_key) == (None, None)
