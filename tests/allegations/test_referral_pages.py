"""The pages on which an allegation is referred, read and listed."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from allegations.models import Referral
from govuk.words import plain_date
from tests.allegations.story import NOW, referred
from tests.factories import AgencyFactory, AgencyInvolvementFactory, PostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    with time_machine.travel(NOW, tick=False):
        yield


def page(name, *args):
    return reverse(f"allegations:{name}", args=args)


@pytest.mark.usefixtures("here")
def test_it_is_referred_from_the_familys_page_and_read_on_its_own(life, client):
    post = PostFactory(agency=AgencyFactory(authority=life.authority), person__authority=life.authority)
    AgencyInvolvementFactory(child=life.kid, agency=post.agency, post=post)
    client.force_login(life.worker)
    url = page("refer", life.family.pk)
    assert url in client.get(reverse("families:family", args=[life.family.pk])).content.decode()
    form = client.get(url)
    sent = {
        "about": f"post-{post.pk}", "child": life.kid.pk, "threshold": "risk", "what": "He shouted",
        "happened": "Yesterday", "known_on": "2027-03-05", "who_was_told": "", "told_manager": life.manager.pk,
        "form_key": form.context["form"]["form_key"].value(),
    }  # fmt: skip
    answer = client.post(url, {**sent, "about": "else", "about_name": ""})
    assert "Write the name down, or say how you would know them" in answer.content.decode()
    answer = client.post(url, sent)
    found = Referral.objects.get()
    assert answer["Location"] == page("referral", found.pk)
    text = found.texts.get()
    assert (text.about_person, text.agency, found.told_manager) == (post.person, post.agency, life.manager)
    shown = client.get(page("referral", found.pk)).content.decode()
    assert plain_date(date(2027, 3, 8)).split()[-2] in shown
    assert page("correct", found.pk) in shown
    assert page("record-step", found.pk) not in shown
    client.force_login(life.officer)
    shown = client.get(page("referral", found.pk)).content.decode()
    assert page("take-on", found.pk) in shown
    assert client.post(page("take-on", found.pk)).status_code == 302
    note = {"kind": "none", "on": "2027-03-05", "note": "Below the threshold"}
    assert client.post(page("record-step", found.pk), note).status_code == 302
    assert "Below the threshold" in client.get(page("referral", found.pk)).content.decode()
    assert client.get(page("withdraw-step", found.pk, found.steps.get().pk)).status_code == 200
    assert client.get(page("put-in-bundle", found.pk)).status_code == 200
    assert "No further action" in client.get(page("referrals")).content.decode()


@pytest.mark.usefixtures("here")
def test_the_list_asks_as_often_for_thirty_as_for_one(life, client):
    referred(life)
    client.force_login(life.officer)
    client.get(page("referrals"))
    with CaptureQueriesContext(connection) as one:
        client.get(page("referrals"))
    for _ in range(12):
        referred(life)
    with CaptureQueriesContext(connection) as many:
        client.get(page("referrals"))
    assert len(many) == len(one)
