"""Papers in other formats and languages: asked once of a person, then followed for each paper and recipient."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import ReadKind
from accounts.models import AccessEvent
from conferences.models import Conference, ExclusionRequest
from conferences.services.guards import EditedMeanwhile
from deadlines.to_decide import to_decide
from families.enums import PaperFormat
from families.models import Person
from reports.enums import Channel, DocumentKind
from reports.models import FormatAsked, LaidOutPaper
from reports.services.circulation import record_copy
from reports.services.documents import prepare_document, release_document
from reports.services.formats import file_given_out, follow_format
from reports.services.refusals import CopyRefusedError
from tests.factories import procedures_with
from tests.reports.story import NOW
from tests.reports.test_guest_papers import PAPERS, browser, text
from tests.reports.test_record_complaint import day
from tests.reports.uploads.made import pdf
from tests.stories import once_per_module

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after", "kept_files")]


@once_per_module(at=NOW)
def released(story):
    """The minutes, released to a mother who reads Polish and large print, and to a father with ordinary print."""
    Person.objects.filter(pk=story.hazel.pk).update(
        language="Polish", formats=[PaperFormat.LARGE, PaperFormat.TRANSLATED]
    )
    Person.objects.filter(pk=story.dale.pk).update(formats=[PaperFormat.ORDINARY])
    document = prepare_document(conference=story.conference, kind=DocumentKind.MINUTES, by=story.coordinator, now=NOW)
    return release_document(document=document, by=story.chair, now=NOW)


def asked(document, kind):
    return FormatAsked.objects.get(document=document, format=kind)


def follow(story, row, **what):
    facts = {"provider": "Lingua", "due_on": row.due_on, "version": row.version} | what
    return follow_format(row=row, by=story.coordinator, now=NOW, **facts)


def translated(story, document, **what):
    row = asked(document, PaperFormat.TRANSLATED)
    facts = {"file": pdf(), "name": "po-polsku.pdf", "sent_at": NOW, "sent_how": "On her own page"} | what
    return follow(story, row, **facts)


def test_a_release_asks_for_each_format_that_a_recipient_wants_by_the_councils_day(story, released):
    rows = FormatAsked.objects.filter(document=released).order_by("format")
    assert [(row.recipient, row.words, row.provider, row.due_on) for row in rows] == [
        (story.of.hazel, "Large print (18 point)", "Made by cpconf", datetime.date(2026, 12, 31)),
        (story.of.hazel, "Translated into Polish", "", datetime.date(2026, 12, 31)),
    ]
    assert LaidOutPaper.objects.filter(document=released, is_large=True).get().recipient == story.of.hazel
    release_document(document=released, by=story.chair, now=NOW)
    assert rows.count() == 2


def test_large_print_is_sent_when_the_copy_was_sent_in_it(story, released):
    for is_large, channel, sent_to in ((False, Channel.BY_HAND, ""), (True, Channel.POST, "1 Quay Street")):
        record_copy(
            document=released, recipient=story.of.hazel, by=story.coordinator, now=NOW, channel=channel,
            channel_confirmed="Came to the office", sent_at=NOW, is_large=is_large, sent_to=sent_to,
        )  # fmt: skip
        assert (asked(released, PaperFormat.LARGE).sent_at is not None) is is_large


def test_a_translation_reaches_its_reader_alone_once_it_is_sent(story, released):
    row = translated(story, released, sent_at=None, sent_how="")
    hazel, address = browser(story, "hazel"), f"{PAPERS}formats/{row.pk}/"
    assert hazel.get(address).status_code == 404
    follow(story, row, sent_at=NOW, sent_how="On her own page")
    assert "Minutes of the meeting: Translated into Polish" in text(hazel.get(PAPERS))
    answer = hazel.get(address)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200, "application/pdf", "private, no-store",
    )  # fmt: skip
    read = AccessEvent.objects.order_by("pk").last()
    assert (read.kind, read.subject, read.subject_id) == (ReadKind.EXPORT, "FormatAsked", row.pk)
    dale = browser(story, "dale")
    assert dale.get(address).status_code == 404
    assert "Polish" not in text(dale.get(PAPERS))


def test_a_translation_goes_stale_with_a_new_version(story, released):
    row, hazel = translated(story, released), browser(story, "hazel")
    prepare_document(
        conference=story.conference, kind=DocumentKind.MINUTES, by=story.coordinator, because="A name", now=NOW
    )
    row.refresh_from_db()
    assert hazel.get(f"{PAPERS}formats/{row.pk}/").status_code == 404
    with pytest.raises(CopyRefusedError, match="newer version"):
        file_given_out(row, now=NOW)
    with pytest.raises(ValidationError, match="newer version"):
        follow(story, row)


def test_a_translation_of_another_copy_than_todays_is_not_given_out(story, released):
    row = translated(story, released)
    FormatAsked.objects.filter(pk=row.pk).update(made_from="0" * 64)
    assert browser(story, "hazel").get(f"{PAPERS}formats/{row.pk}/").status_code == 409


def test_a_translation_is_refused_where_the_paper_itself_would_be(story, released):
    row = translated(story, released)
    ExclusionRequest.objects.create(
        conference=story.conference, participant=story.of.hazel, ground="asked", reason="Asked",
        asked_by=story.coordinator, asked_at=NOW,
    )  # fmt: skip
    with pytest.raises(CopyRefusedError):
        file_given_out(row, now=NOW)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"file": b"MZ\x90\x00 not a paper", "name": "x.pdf"}, "file"),
        ({"sent_at": NOW + datetime.timedelta(hours=1), "sent_how": "By post"}, "sent_at"),
        ({"sent_at": NOW - datetime.timedelta(days=9), "sent_how": "By post"}, "sent_at"),
        ({"sent_at": NOW, "sent_how": " "}, "sent_how"),
    ],
)
def test_bad_input_is_refused_beside_its_field(story, released, what, said):
    with pytest.raises(ValidationError) as refusal:
        follow(story, asked(released, PaperFormat.TRANSLATED), **what)
    assert list(refusal.value.message_dict) == [said]


def test_two_who_change_it_at_once_do_not_overwrite_each_other(story, released):
    row = asked(released, PaperFormat.TRANSLATED)
    follow(story, row, provider="First")
    with pytest.raises(EditedMeanwhile):
        follow(story, row, provider="Second")


def test_the_coordinator_follows_it_from_the_list_of_copies(client, story, released):
    client.force_login(story.coordinator)
    row = asked(released, PaperFormat.TRANSLATED)
    address = reverse("reports:see-format", args=[story.conference.pk, row.pk])
    assert address in text(client.get(reverse("reports:minutes", args=[story.conference.pk])))
    page = text(client.get(address))
    assert "Translated into Polish" in page
    typed = {"provider": "Lingua", "version": "0", "sent_how": "", **day("due_on", datetime.date(2027, 1, 8))}
    client.post(address, typed)
    row.refresh_from_db()
    assert (row.provider, row.due_on, row.changed_by) == ("Lingua", datetime.date(2027, 1, 8), story.coordinator)


def test_what_is_late_waits_for_the_coordinator(story, released):
    def waiting():
        return [row for row in to_decide(story.coordinator) if row[1] == "paper-format"]

    assert waiting() == []
    FormatAsked.objects.update(due_on=NOW.date() - datetime.timedelta(days=1))
    assert {row[4] for row in waiting()} == set(FormatAsked.objects.values_list("pk", flat=True))


def test_a_persons_formats_are_asked_on_their_page(client, story):
    client.force_login(story.worker)
    address = reverse("families:change-person", args=[story.conference.family_id, story.hazel.pk])
    assert "How do they want papers?" in text(client.get(address))


@pytest.mark.value("papers-in-formats-days")
def test_the_day_it_is_due_is_the_councils(story):
    version = procedures_with(story.authority, since=datetime.date(2026, 1, 1), values={"papers-in-formats-days": 1})
    Conference.objects.filter(pk=story.conference.pk).update(policy_version_id=version.pk)
    Person.objects.filter(pk=story.hazel.pk).update(formats=[PaperFormat.BRAILLE])
    document = prepare_document(conference=story.conference, kind=DocumentKind.MINUTES, by=story.coordinator, now=NOW)
    release_document(document=document, by=story.chair, now=NOW)
    assert asked(document, PaperFormat.BRAILLE).due_on == datetime.date(2026, 12, 23)
