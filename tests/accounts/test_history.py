"""The history names who changed a row: the user for a page, the task for background work."""

from __future__ import annotations

import pytest
from celery import shared_task
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from accounts.enums import Role
from accounts.models import Team
from cpconf.urls import urlpatterns as site
from tests.factories import TeamFactory, user_with_role

pytestmark = pytest.mark.django_db

Event = Team.pgh_event_model


def rename(request, pk):
    Team.objects.filter(pk=pk).update(name="Renamed")
    return HttpResponse()


urlpatterns = [*site, path("rename/<int:pk>/", rename)]


@shared_task(name="tests.rename_team")
def rename_team(pk):
    Team.objects.filter(pk=pk).update(name="Renamed")


def context_of_last_event():
    return Event.objects.order_by("pgh_id").last().pgh_context.metadata


@override_settings(ROOT_URLCONF=__name__)
def test_a_change_on_a_page_names_the_user_and_the_address_and_nothing_else(client):
    user, team = user_with_role(Role.ADMINISTRATOR), TeamFactory()
    client.force_login(user)
    client.post(f"/rename/{team.pk}/?q=Robin")
    assert context_of_last_event() == {"user": user.pk, "url": f"/rename/{team.pk}/"}


def test_a_change_by_a_task_names_the_task():
    team = TeamFactory()
    run = rename_team.apply(args=[team.pk])
    assert context_of_last_event() == {"task": "tests.rename_team", "run": run.id}


def test_every_change_is_kept():
    team = TeamFactory(name="First")
    rename_team.apply(args=[team.pk])
    kept = Event.objects.order_by("pgh_id").values_list("pgh_label", "name")
    assert list(kept) == [("insert", "First"), ("update", "Renamed")]
