"""A form that is sent twice is acted on once."""

from __future__ import annotations

import datetime
import re
import threading

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import once
from accounts.enums import Role
from accounts.models import SentForm
from families.models import Family
from tests.factories import TeamFactory, user_with_role

TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
CREATE = "/families/create/"


@pytest.fixture
def manager():
    team = TeamFactory()
    user = user_with_role(Role.TEAM_MANAGER, team=team)
    user.own_team = team
    return user


@pytest.fixture
def browser(manager):
    client = Client(enforce_csrf_checks=True)
    client.force_login(manager)
    return client


def typed(browser, manager, **changes):
    """Return the form as its page was drawn, without the key of its own that this form carries besides."""
    token = TOKENS.search(browser.get(CREATE).content.decode()).group(1)
    return {"name": "Sedge", "team": manager.own_team.pk, "csrfmiddlewaretoken": token, **changes}


@pytest.mark.django_db
def test_the_same_form_from_the_same_page_is_acted_on_once_and_leads_to_the_same_place(browser, manager):
    form = typed(browser, manager)
    answers = {browser.post(CREATE, form)["Location"] for _ in range(8)}
    assert (Family.objects.count(), len(answers)) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_eight_at_the_same_moment_are_acted_on_once(browser, manager):
    form, start, led = typed(browser, manager), threading.Barrier(8), []

    def send():
        try:
            one = Client(enforce_csrf_checks=True)
            one.cookies = browser.cookies
            start.wait()
            led.append(one.post(CREATE, form)["Location"])
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Family.objects.count(), len(led), len(set(led))) == (1, 8, 1)


@pytest.mark.django_db
def test_something_else_typed_on_the_same_page_is_another_form(browser, manager):
    form = typed(browser, manager)
    answers = [browser.post(CREATE, form | {"name": name}).status_code for name in ("Sedge", "Quillfeather", "Sedge")]
    # The third reached its view, which asks about the family of that name.
    assert (answers, Family.objects.count()) == ([302, 302, 200], 2)


@pytest.mark.django_db
def test_the_same_content_from_a_page_drawn_afresh_is_another_form(browser, manager):
    answers = [browser.post(CREATE, typed(browser, manager)).status_code for _ in range(2)]
    # The second reached its view, which asks about the family of that name.
    assert answers == [302, 200]


@pytest.mark.django_db
def test_what_was_refused_may_be_sent_again(browser, manager):
    form = typed(browser, manager, name="")
    assert [browser.post(CREATE, form).status_code for _ in range(2)] == [200, 200]
    assert not SentForm.objects.exists()


@pytest.mark.django_db
def test_another_user_with_the_same_token_is_not_led_anywhere(browser, manager):
    form = typed(browser, manager)
    browser.post(CREATE, form)
    other = Client()
    other.force_login(user_with_role(Role.TEAM_MANAGER, team=manager.own_team))
    assert other.post(CREATE, form).status_code == 200


@pytest.mark.django_db
def test_nothing_typed_is_in_the_note_and_it_is_gone_after_a_day(browser, manager):
    browser.post(CREATE, typed(browser, manager))
    note = SentForm.objects.get()
    assert "Sedge" not in f"{note.page} {note.content} {note.led_to}"
    now = timezone.now()
    assert once.clear_old(now=now) == 0
    assert once.clear_old(now=now + datetime.timedelta(days=1, minutes=1)) == 1
