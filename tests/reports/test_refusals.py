from __future__ import annotations

import uuid
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from reports.enums import DocumentKind, Scan
from reports.models import Attachment, RecordComment, Report, StoredFile
from reports.services.complaints import record_complaint
from reports.services.dissents import lodge_dissent
from reports.services.documents import prepare_document, release_document
from reports.urls import urlpatterns
from tests.factories import AuthorityFactory, user_with_role
from tests.reports.story import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after")]

ARRANGES = ("worker", "manager", "coordinator")
READS = (*ARRANGES, "chair", "service manager")
AFTER = ("coordinator", "chair", "service manager")
# Who is let in, by URL name; everybody else in the council and everybody outside is told that there is no such page.
LET_IN = {
    "papers": READS,
    "go-on-without": ("chair",),
    "read-report": READS,
    "agree-report": ("manager", "service manager"),
    "write-report": ("coordinator",),
    "change-section": ("coordinator",),
    "remove-section": ("coordinator",),
    "attach-file": ("coordinator",),
    "open-file": ("coordinator",),
    "withdraw-file": ("coordinator",),
    "submit-report": ("coordinator",),
    "new-version": ("coordinator",),
    "read-version": (*ARRANGES, "chair"),
    "record-sharing": (*ARRANGES, "chair"),
    "record": READS,
    "lodge-dissent": AFTER,
    "answer-dissent": ("chair", "service manager"),
    "record-comment": AFTER,
    "settle-comment": AFTER,
    "record-complaint": AFTER,
    "answer-complaint": AFTER,
    "prepare-letter": ("coordinator",),
    "prepare-minutes": ("coordinator",),
    "release": ("chair",),
    "sign-off": ("chair",),
    "letter-pdf": ("coordinator", "chair"),
    "minutes-pdf": ("coordinator", "chair"),
    "record-copy": ("coordinator",),
}


@pytest.fixture
def users(story: SimpleNamespace) -> dict[str, object]:
    """Everybody who could try, by what they are."""
    authority, elsewhere = story.authority, AuthorityFactory()
    return {
        "worker": story.worker,
        "manager": story.manager,
        "coordinator": story.coordinator,
        "chair": story.chair,
        "service manager": user_with_role(Role.SERVICE_MANAGER, authority=authority),
        "worker of another team": user_with_role(Role.SOCIAL_WORKER, authority=authority),
        "another chair": user_with_role(Role.CHAIR, authority=authority),
        "custodian": user_with_role(Role.CUSTODIAN, authority=authority),
        "duty worker": user_with_role(Role.DUTY_WORKER, authority=authority),
        "administrator": user_with_role(Role.ADMINISTRATOR, authority=authority),
        "auditor": user_with_role(Role.AUDITOR, authority=authority),
        "professional": user_with_role(Role.PROFESSIONAL, authority=authority),
        "coordinator elsewhere": user_with_role(Role.COORDINATOR, authority=elsewhere),
        "chair elsewhere": user_with_role(Role.CHAIR, authority=elsewhere),
        "service manager elsewhere": user_with_role(Role.SERVICE_MANAGER, authority=elsewhere),
    }


# Histories and corrections: tests/history tries them.
OF_THE_PAST = {"tell-of-correction", "see-report-as-it-was", "see-report-history", "move-section"}


@pytest.fixture
def urls(story: SimpleNamespace) -> dict[str, str]:
    """The address of every page; what a page would need beyond its gatekeeper need not exist."""
    documents = {
        kind: prepare_document(conference=story.conference, kind=kind, by=story.coordinator, now=NOW)
        for kind in DocumentKind.values
    }
    release_document(document=documents["minutes"], by=story.chair, now=NOW)
    dissent = lodge_dissent(
        conference=story.conference, participant=story.of.tutor, children=[story.robin_row], text="Too early",
        lodged_at=NOW, by=story.coordinator, now=NOW,
    )  # fmt: skip
    complaint = record_complaint(
        conference=story.conference, received_on=NOW.date(), described="A neighbour", about="The room",
        by=story.coordinator, now=NOW,
    )  # fmt: skip
    comment = RecordComment.objects.create(
        document=documents["minutes"], participant=story.of.tutor, received_on=NOW.date(), text="Not so",
        recorded_by=story.coordinator, recorded_at=NOW,
    )  # fmt: skip
    file = StoredFile.objects.create(
        stored_as=uuid.uuid4(), original_name="Report.pdf", kind="pdf", size=1, sha256="0" * 64,
        uploaded_by=story.coordinator, uploaded_at=NOW, scan=Scan.CLEAN,
    )  # fmt: skip
    draft = Report.objects.create(
        conference=story.conference,
        author=story.of.tutor,
        kind="agency",
        begun_by=story.coordinator,
        begun_at=NOW,
    )
    attachment = Attachment.objects.create(report=draft, file=file)
    numbers = {
        "dissent_pk": dissent.pk,
        "complaint_pk": complaint.pk,
        "comment_pk": comment.pk,
        "pk": story.conference.pk,
        "author_pk": story.of.tutor.pk,
        "section_pk": 1,
        "attachment_pk": attachment.pk,
        "person_pk": story.hazel.pk,
        "recipient_pk": story.of.martin.pk,
    }
    found = {}
    for pattern in urlpatterns:
        if pattern.name in OF_THE_PAST:
            continue
        wanted = {
            **numbers,
            "document_pk": documents[
                "decisions_letter" if pattern.name in {"release", "letter-pdf"} else "minutes"
            ].pk,
        }
        names = pattern.pattern.converters
        found[str(pattern.name)] = reverse(
            f"reports:{pattern.name}", kwargs={name: wanted[name] for name in names}
        )
    return found


def test_every_url_says_who_is_let_in(urls: dict[str, str]) -> None:
    assert set(urls) == set(LET_IN)


def test_whoever_is_not_signed_in_is_asked_to(urls: dict[str, str]) -> None:
    for url in urls.values():
        answer = Client().get(url)
        assert (answer.status_code, answer.url) == (302, f"/account/sign-in/?next={url}")


@pytest.mark.parametrize("name", sorted(LET_IN))
def test_only_the_right_people_open_it(name: str, urls: dict[str, str], users: dict[str, object]) -> None:
    let_in = []
    for what, user in users.items():
        client = Client()
        client.force_login(user)
        if client.get(urls[name]).status_code != 404:
            let_in.append(what)
    exists = name not in {
        "agree-report",
        "change-section",
        "remove-section",
        "read-version",
        "record-sharing",
    }
    assert sorted(let_in) == (sorted(LET_IN[name]) if exists else [])


def test_nobody_opens_papers_of_a_conference_about_their_own_people(
    story: SimpleNamespace, urls: dict[str, str]
) -> None:
    story.hazel.user = story.coordinator
    story.of.coordinator.person.user = None
    story.of.coordinator.person.save()
    story.hazel.save()
    client = Client()
    client.force_login(story.coordinator)
    assert {name for name, url in urls.items() if client.get(url).status_code != 404} == set()
