"""A guest keeps the plan they were sent until the next version of it is released."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from families.enums import ContactKind
from families.models import ContactPoint
from plans.enums import PlanEntryKind
from plans.services.document import EntryWords
from reports.enums import DocumentState
from reports.models import LaidOutPaper
from reports.selectors.plan_papers import plans_given_to
from reports.services.plan_papers import release_plan_paper
from tests.reports.test_plan_paper import NOW, TODAY, _in_january_2027, come_in, life, prepared, released, send, write  # noqa: F401 the fixtures

pytestmark = pytest.mark.django_db


def test_a_guest_keeps_the_plan_they_have_until_the_new_version_is_released(client, life):  # noqa: F811
    type(life).objects.filter(pk=life.pk).update(status="scheduled")
    ContactPoint.objects.create(person=life.dale.person, kind=ContactKind.EMAIL, value=life.dale.email, is_safe=True)
    copy = send(life, released(life), life.dale)
    come_in(client, life, life.dale)
    papers, own = reverse("guest_papers:papers"), reverse("guest_papers:plan", args=[copy.pk])
    later = NOW + datetime.timedelta(days=1)
    write(life, EntryWords(kind=PlanEntryKind.NEED, text="To see friends"), reason="More", now=later)
    second = prepared(life, now=later)
    assert second.number == 2
    assert LaidOutPaper.objects.filter(document=copy.document, person=life.dale.person).get().state != "retired"
    assert "It has been changed since" in client.get(papers).content.decode().replace("\xa0", " ")
    assert client.get(own).status_code == 202
    assert client.get(own.replace(str(copy.pk), str(copy.pk + 1))).status_code == 404
    release_plan_paper(document=second, by=life.key_worker, now=later)
    assert own not in client.get(papers).content.decode()
    assert client.get(own).status_code == 404


def test_a_plan_that_was_taken_away_as_wrong_does_not_come_back_while_a_new_one_is_prepared(life):  # noqa: F811  # noqa: F811
    copy = send(life, released(life), life.dale)
    later = NOW + datetime.timedelta(hours=1)
    copy.document.state, copy.document.superseded_at = DocumentState.SUPERSEDED, later
    copy.document.superseded_by, copy.document.superseded_because = life.worker, "An entry was about another child"
    copy.document.save()
    prepared(life, now=later + datetime.timedelta(hours=1))
    assert plans_given_to(life.dale.person, on=TODAY) == []
