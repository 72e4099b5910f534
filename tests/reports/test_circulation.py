from __future__ import annotations

import datetime
import re
import uuid
from types import SimpleNamespace

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import GuestLink
from conferences.enums import ParticipantStatus
from conferences.models import PaperOnly, Participant
from conferences.services.guest_links import issue_link
from families.models import Address, ContactPoint, Residence
from notifications.models import Message, Notice
from notifications.services.outbox import send_due
from reports.enums import Channel, DocumentKind, NewsKind
from reports.models import Copy, CopyNews, Document, Envelope, PrintPack
from reports.selectors.circulating import circulation_page
from reports.selectors.guest_papers import copies_for
from reports.selectors.ways import ways_of
from reports.services.copy_news import record_news
from reports.services.documents import prepare_document, release_document
from reports.services.sending_copies import CHANGED, Sending, send_copies
from tests.layout import lay_out_papers
from tests.reports.story import NOW
from tests.stories import once_per_module

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after", "kept_files")]

HAZELS_BOX, TUTORS_BOX = "hazel@home.example", "tutor@academy.example"
MARTINS_STREET = "3 Rowan Close"


@once_per_module(at=NOW)
def letter(story: SimpleNamespace) -> Document:
    """The decisions letter, released; the mother reads her own page, one father lives somewhere, the tutor has mail."""
    tell_addresses(story)
    document = prepare_document(
        conference=story.conference, kind=DocumentKind.DECISIONS_LETTER, by=story.coordinator, now=NOW
    )
    return release_document(document=document, by=story.chair, now=NOW)


def tell_addresses(story: SimpleNamespace) -> None:
    story.authority.return_address = "PO Box 41\nEastmere"
    story.authority.secure_mail_domains = "academy.example"
    story.authority.save()
    ContactPoint.objects.create(person=story.hazel, kind="email", value=HAZELS_BOX, is_safe=True)
    for name, box in (("hazel", HAZELS_BOX), ("tutor", TUTORS_BOX)):
        Participant.objects.filter(pk=getattr(story.of, name).pk).update(
            email=box, status=ParticipantStatus.INVITED, invited_at=NOW - datetime.timedelta(days=9)
        )
    hazel = Participant.objects.get(pk=story.of.hazel.pk)
    issue_link(participant=hazel, sitting=story.sitting, now=NOW - datetime.timedelta(days=9))
    home = Address.objects.create(authority=story.authority, lines=MARTINS_STREET, postcode="EM2 2AA")
    Residence.objects.create(person=story.martin, address=home)


def sending(document: Document, participant: Participant, channel: Channel, **more: object) -> Sending:
    seen = ways_of(document, now=NOW)[participant.pk].seen
    return Sending(participant.pk, channel, "Checked for this sending", seen, **more)


def send(story: SimpleNamespace, document: Document, *sendings: Sending, key: uuid.UUID | None = None, by=None):
    return send_copies(
        document=document, sendings=sendings, form_key=key or uuid.uuid4(), by=by or story.coordinator, now=NOW
    )


def test_each_goes_by_the_way_confirmed_for_it_and_the_rest_into_one_pack(
    story: SimpleNamespace, letter: Document
) -> None:
    key = uuid.uuid4()
    wanted = [
        sending(letter, story.of.hazel, Channel.OWN_PAGE),
        sending(letter, story.of.tutor, Channel.SECURE_EMAIL),
        sending(letter, story.of.martin, Channel.POST),
        sending(letter, story.of.dale, Channel.BY_HAND),
        sending(letter, story.of.worker, Channel.BY_HAND, given_at=NOW),
    ]
    sent = send(story, letter, *wanted, key=key)
    assert sent.refused == {}
    assert [(copy.recipient, copy.channel, copy.sent_to) for copy in sent.copies] == [
        (story.of.hazel, Channel.OWN_PAGE, HAZELS_BOX),
        (story.of.tutor, Channel.SECURE_EMAIL, TUTORS_BOX),
        (story.of.worker, Channel.BY_HAND, ""),
    ]
    assert [(row.recipient, row.channel, row.address) for row in sent.pack.envelopes.all()] == [
        (story.of.martin, Channel.POST, f"{MARTINS_STREET}\nEM2 2AA"),
        (story.of.dale, Channel.BY_HAND, ""),
    ]
    # The same form again sends nothing twice.
    again = send(story, letter, *wanted, key=key)
    assert (again.copies, again.pack, Copy.objects.count(), Envelope.objects.count()) == (sent.copies, sent.pack, 3, 2)
    # And another coordinator, whose page was opened before, is told.
    other = send(story, letter, wanted[0])
    assert other.refused == {story.of.hazel.pk: [CHANGED]}


def test_the_deadlines_are_counted_once_for_all_that_went(story: SimpleNamespace, letter: Document) -> None:
    wanted = [
        sending(letter, story.of.hazel, Channel.OWN_PAGE),
        sending(letter, story.of.tutor, Channel.SECURE_EMAIL),
        sending(letter, story.of.worker, Channel.BY_HAND, given_at=NOW),
    ]
    with CaptureQueriesContext(connection) as asked:
        assert send(story, letter, *wanted).refused == {}
    assert sum("EXECUTE reconcile_families" in one["sql"] for one in asked.captured_queries) == 1


def test_a_problem_of_one_stands_beside_that_one_and_the_others_go(story: SimpleNamespace, letter: Document) -> None:
    wanted = [
        sending(letter, story.of.dale, Channel.POST),
        sending(letter, story.of.hazel, Channel.POST),
        sending(letter, story.of.gp, Channel.SECURE_EMAIL),
        sending(letter, story.of.martin, Channel.POST),
    ]
    # Hazel's home is confidential, and stands on the envelope; Dale has none recorded.
    Address.objects.filter(residences__person=story.martin).update(lines="5 Rowan Close")
    sent = send(story, letter, *wanted)
    assert sent.refused[story.of.dale.pk] == ["No address is recorded. Record one first, or choose another way."]
    assert sent.refused[story.of.martin.pk] == [CHANGED]
    assert list(sent.refused[story.of.gp.pk])
    assert [row.recipient for row in sent.pack.envelopes.all()] == [story.of.hazel]
    found = ways_of(letter, now=NOW)
    assert found[story.of.hazel.pk].ways[Channel.POST].is_hidden
    # He could come in by his link, but nobody has marked his mailbox as safe.
    assert found[story.of.dale.pk].ways[Channel.OWN_PAGE].because == "This e-mail address is not marked safe."


def test_everything_is_asked_again_as_the_mail_leaves(story: SimpleNamespace, letter: Document, settings) -> None:
    send(
        story,
        letter,
        sending(letter, story.of.hazel, Channel.OWN_PAGE),
        sending(letter, story.of.tutor, Channel.SECURE_EMAIL),
    )
    lay_out_papers()
    PaperOnly.objects.create(person=story.hazel, chosen_at=NOW, recorded_by=story.coordinator)
    send_due(now=NOW, limit=10)
    (message,) = mail.outbox
    assert (message.to, message.subject) == ([TUTORS_BOX], "Papers for a meeting: EC26-0031")
    assert [(name.startswith("EC26-0031-decisions-letter"), kind) for name, _, kind in message.attachments] == [
        (True, "application/pdf")
    ]
    hazels = Copy.objects.get(recipient=story.of.hazel)
    assert [row.kind for row in hazels.news.all()] == [NewsKind.NOT_SENT]
    assert Notice.objects.filter(user=story.coordinator, key=f"paper-not-sent:{hazels.pk}").exists()


def test_the_mail_to_an_own_page_names_nobody_and_holds_a_link(story: SimpleNamespace, letter: Document) -> None:
    send(story, letter, sending(letter, story.of.hazel, Channel.OWN_PAGE))
    stored = Message.objects.get(key__startswith="paper-copy:")
    send_due(now=NOW, limit=10)
    (message,) = mail.outbox
    assert "/g/" in message.body or "http" in message.body
    assert "http" not in stored.body
    assert not [name for name in ("Hazel", "Robin", "Wren", "Dale", "Martin") if name in message.body]
    link = GuestLink.objects.get(subject_id=story.of.hazel.pk)
    assert link.expires_at == NOW + datetime.timedelta(days=60)


@pytest.mark.parametrize("kind", [NewsKind.RETURNED, NewsKind.RETURNED_OPENED, NewsKind.RECALLED])
def test_a_copy_that_came_back_starts_the_clock_again(story: SimpleNamespace, letter: Document, kind: str) -> None:
    due = circulation_page(letter, now=NOW).to_send
    send(story, letter, *(sending(letter, one.reached.recipient, Channel.BY_HAND, given_at=NOW) for one in due))
    letter.refresh_from_db()
    assert letter.completed_at == NOW
    copy = Copy.objects.get(recipient=story.of.hazel)
    record_news(copy=copy, kind=kind, note="The postman brought it back", by=story.coordinator, now=NOW)
    record_news(copy=copy, kind=kind, note="Again", by=story.coordinator, now=NOW)
    letter.refresh_from_db()
    assert (letter.completed_at, CopyNews.objects.count()) == (None, 1)
    assert [one.row.name for one in circulation_page(letter, now=NOW).to_send] == ["Hazel Brambley"]
    link = GuestLink.objects.get(subject_id=story.of.hazel.pk)
    assert (link.revoked_at is None, bool(copies_for(story.of.hazel))) == (kind == NewsKind.RETURNED,) * 2


def test_nothing_goes_while_a_death_is_recorded(story: SimpleNamespace, letter: Document) -> None:
    wanted = [sending(letter, story.of.hazel, Channel.BY_HAND), sending(letter, story.of.tutor, Channel.BY_HAND)]
    story.wren.person.death_date = NOW.date()
    story.wren.person.save()
    sent = send(story, letter, *wanted)
    assert (sent.copies, sent.pack, set(sent.refused)) == ([], None, {story.of.hazel.pk, story.of.tutor.pk})
    assert "a child has died" in sent.refused[story.of.tutor.pk][0]


# Pages


def url(story: SimpleNamespace, document: Document, name: str = "circulation", *args: int) -> str:
    return reverse(f"reports:{name}", args=[story.conference.pk, document.pk, *args])


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(page, *rows: tuple[Participant, str], confirmed: bool = True) -> dict[str, str]:
    form = page.context["form"]
    data = {"form_key": str(form["form_key"].value())}
    data |= {f"{one.pk}-seen": one.reached.seen for one in form.rows}
    for participant, channel in rows:
        data[f"{participant.pk}-channel"] = channel
        if confirmed:
            data[f"{participant.pk}-confirmed"] = "on"
    return data


def unfolded(html: str) -> list[str]:
    """Return whose rows stand open."""
    rows = re.findall(r'<details class="[^"]*cp-recipient"( open)?>\s*<summary><h3[^>]*>([^<]+)', html)
    assert len(rows) > 1
    return [name for opened, name in rows if opened]


def test_all_are_sent_from_one_page_and_a_fault_stops_no_other(story: SimpleNamespace, letter: Document) -> None:
    client = signed_in(story.coordinator)
    page = client.get(url(story, letter))
    html = page.content.decode()
    assert HAZELS_BOX in html
    assert MARTINS_STREET in html
    assert "7 Quince Orchard" not in html
    assert not re.search(r"<input[^>]* checked", html)
    assert unfolded(html) == []
    data = typed(page, (story.of.hazel, "own_page"), (story.of.martin, "post"))
    data[f"{story.of.tutor.pk}-channel"] = "secure_email"
    answer = client.post(url(story, letter), data)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [f"{story.of.tutor.pk}-confirmed"]
    assert [copy.recipient for copy in Copy.objects.all()] == [story.of.hazel]
    assert re.search(r"1.copy sent", answer.content.decode())
    assert unfolded(answer.content.decode()) == ["Shazia Wing"]
    assert story.of.hazel.pk not in {one.pk for one in answer.context["form"].rows}
    data = typed(answer, (story.of.tutor, "secure_email"))
    assert client.post(url(story, letter), data).status_code == 302
    assert {copy.recipient for copy in Copy.objects.all()} == {story.of.hazel, story.of.tutor}
    pack = PrintPack.objects.get()
    assert "is being made" in client.get(url(story, letter, "print-pack", pack.pk)).content.decode()


def test_what_became_of_a_copy_is_recorded_and_leads_to_the_incident(story: SimpleNamespace, letter: Document) -> None:
    copy = send(story, letter, sending(letter, story.of.martin, Channel.BY_HAND, given_at=NOW)).copies[0]
    client = signed_in(story.coordinator)
    page = url(story, letter, "copy-became", copy.pk)
    assert "Say how you know" in client.post(page, {"kind": "returned_opened", "note": ""}).content.decode()
    answer = client.post(page, {"kind": "returned_opened", "note": "A neighbour had it"})
    assert answer.url == f"{reverse('incidents:record', args=[story.family.pk])}?copy={copy.pk}"
    assert "A neighbour had it" in client.get(url(story, letter)).content.decode()


def test_the_same_number_of_queries_for_one_recipient_and_for_all(
    story: SimpleNamespace, letter: Document, django_assert_max_num_queries
) -> None:
    client = signed_in(story.coordinator)
    client.get(url(story, letter))
    with django_assert_max_num_queries(75):
        client.get(url(story, letter))
