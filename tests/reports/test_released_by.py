"""The letter and the minutes are released by whom the council's procedures name, and by no one else."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import ParticipantStatus
from conferences.models import Conference, Participant
from deadlines.models import Deadline
from deadlines.policies import policy_for
from deadlines.services import reconcile
from deadlines.to_decide import to_decide
from reports.enums import DocumentKind, DocumentState
from reports.pdf import html_of
from reports.services.documents import composed_copy, prepare_document, release_document
from reports.services.later_recipients import release_to_later
from reports.services.laying_out import stamp_of
from tests.factories import procedures_with, user_with_role
from tests.reports.story import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after")]

LETTER, MINUTES = DocumentKind.DECISIONS_LETTER, DocumentKind.MINUTES
KEYS = {LETTER: "decisions-released-by", MINUTES: "minutes-released-by"}
PAGES = {LETTER: "reports:release", MINUTES: "reports:sign-off"}


def prepared(story, kind, words, by=None):
    procedures_with(story.authority, since=NOW.date(), values={KEYS[kind]: words})
    version = policy_for(story.authority, on=NOW.date()).version_id
    Conference.objects.filter(pk=story.conference.pk).update(policy_version_id=version)
    story.conference.refresh_from_db()
    return prepare_document(conference=story.conference, kind=kind, by=by or story.coordinator, now=NOW)


def people(story):
    return {
        "coordinator": user_with_role(Role.COORDINATOR, authority=story.authority),
        "preparer": story.coordinator,
        "chair": story.chair,
        "manager": story.manager,
        "worker": story.worker,
        "head": user_with_role(Role.SERVICE_MANAGER, authority=story.authority),
        "stranger": user_with_role(Role.TEAM_MANAGER, authority=story.authority),
    }


def released_by(document, user):
    try:
        release_document(document=document, by=user, now=NOW)
    except ValidationError:
        return False
    document.refresh_from_db()
    return document.state == DocumentState.RELEASED


@pytest.mark.value("decisions-released-by", "minutes-released-by")
@pytest.mark.parametrize("kind", [LETTER, MINUTES])
@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("chair", {"chair"}),
        ("chair or their manager", {"chair", "head"}),
        ("coordinator", {"coordinator"}),
        ("team manager", {"manager"}),
        ("service manager", {"head"}),
    ],
)
def test_page_list_and_service_let_only_those_release_whom_the_procedures_name(story, client, kind, words, named):
    document = prepared(story, kind, words)
    them = people(story)
    page = reverse(PAGES[kind], args=[story.conference.pk, document.pk])
    minutes = reverse("reports:minutes", args=[story.conference.pk])
    line = "letter" if kind == LETTER else "minutes"
    opened, offered, listed = set(), set(), set()
    for who, user in them.items():
        client.force_login(user)
        if client.get(page).status_code == HTTPStatus.OK:
            opened.add(who)
        if page in client.get(minutes).content.decode():
            offered.add(who)
        if line in {key for _, key, *_ in to_decide(user)}:
            listed.add(who)
    assert (opened, offered, listed) == (named, named, named)
    for who, user in them.items():
        if who not in named:
            assert not released_by(document, user), who
    assert released_by(document, them[min(named)])


def test_the_refusal_says_who_may_and_that_no_one_releases_what_they_prepared(story):
    document = prepared(story, LETTER, "service manager")
    with pytest.raises(ValidationError, match="Only the service manager of this conference can release it"):
        release_document(document=document, by=story.chair, now=NOW)
    document = prepared(story, MINUTES, "coordinator")
    with pytest.raises(ValidationError, match="Someone else has to read and release it"):
        release_document(document=document, by=story.coordinator, now=NOW)


def test_those_responsible_for_sending_are_those_who_release(story):
    head = user_with_role(Role.SERVICE_MANAGER, authority=story.authority)
    prepared(story, LETTER, "service manager")
    reconcile(family_ids=[story.family.pk], now=NOW)
    found = Deadline.objects.get(kind="decisions-sent", conference_id=story.conference.pk)
    assert set(found.responsible_ids) == {story.coordinator.pk, head.pk}


def test_a_manager_answers_for_a_team_without_one(story):
    head = user_with_role(Role.SERVICE_MANAGER, authority=story.authority)
    document = prepared(story, LETTER, "team manager")
    assert not released_by(document, head)
    story.manager.roles.update(ends_on=NOW.date())
    assert released_by(document, head)


def test_the_paper_says_as_what_it_was_released_and_the_chair_alone_settles_who_else_gets_it(story, client):
    head = user_with_role(Role.SERVICE_MANAGER, authority=story.authority, name="Mair Teal")
    Participant.objects.filter(pk=story.of.dale.pk).update(status=ParticipantStatus.KEPT_OUT)
    document = prepared(story, LETTER, "service manager")
    with pytest.raises(ValidationError, match="Choose people the chair decides about"):
        release_document(document=document, by=head, now=NOW, settled=[story.of.dale.pk])
    released = release_document(document=document, by=head, now=NOW)
    paper = " ".join(html_of(composed_copy(released, story.of.hazel.pk, now=NOW), stamp_of(released)).split())
    assert "by Mair Teal, service manager, on 22 December 2026" in paper
    dale = story.conference.participants.get(pk=story.of.dale.pk)
    with pytest.raises(ValidationError, match="Only the chair"):
        release_to_later(document=released, recipient=dale, by=head, now=NOW)
    client.force_login(story.chair)
    page = reverse("reports:release-later", args=[story.conference.pk, released.pk, dale.pk])
    assert page in client.get(reverse("reports:minutes", args=[story.conference.pk])).content.decode()
    assert client.post(page).status_code == HTTPStatus.FOUND
    assert list(released.settled_for.all()) == [dale]
