"""An advocate reads only what the child or parent they speak for agrees to, and it closes when they say no."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import AdvocateReads, Band, Capacity, ConferenceStatus, ParticipantStatus
from conferences.models import AdvocateAgreement, CompanionCheck, Conference, Participant, Understanding
from conferences.selectors.advocate_agreements import may_read_of_client, who_may_agree
from conferences.services.advocate_agreements import record_what_advocate_reads, standing_token
from my_views.models import Answer, HandIn, MyViewsForm
from my_views.selectors.recipients import may_receive, recipients_of
from reports.enums import Channel, DocumentKind
from reports.services.circulation import record_copy
from reports.services.documents import prepare_document, release_document
from tests.factories import AuthorityFactory, PersonFactory, TeamFactory, family_participant, user_with_role
from tests.reading_age import paragraphs_of_page, too_hard
from tests.reports.story import BEFORE, HIDDEN_STREET, NOW, say
from tests.reports.test_guest_papers import browser, report_about, share, text
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

HOME = "/guest/meeting/"
OPEN, SECRET, PLACE = "MARKER-OPEN", "MARKER-CHAIR-ONLY", f"MARKER-PLACE at {HIDDEN_STREET}"
REPORTED, ASIDE = "MARKER-REPORTED", f"MARKER-ASIDE near {HIDDEN_STREET}"


def speaks_for(story: SimpleNamespace, client: Participant, name: str = "jess") -> Participant:
    """Put an advocate on the list whom the chair accepted, invited by link."""
    row = family_participant(
        story.conference, Capacity.ADVOCATE, acts_for=client, email=f"{name}@voices.example",
        person=PersonFactory(authority=story.authority, given_name="Jess", family_name="Pipit"),
        children=list(story.conference.children.all()),
    )  # fmt: skip
    CompanionCheck.objects.create(
        participant=row, asked_by=story.coordinator, asked_at=BEFORE, answered_by=story.chair, answered_at=BEFORE,
        accepted=True,
    )  # fmt: skip
    setattr(story.of, name, row)
    return row


def agree(story, row, *matters, said_by=None, **changes):
    facts = {
        "said_by": said_by or row.acts_for.person, "said_on": BEFORE.date(), "standing": standing_token(row),
        "by": story.worker, "now": BEFORE, **changes,
    }  # fmt: skip
    return record_what_advocate_reads(advocate=row, matters=matters, **facts)


def wrote(story, person: object) -> None:
    form = MyViewsForm.objects.create(
        conference=story.conference, person=person, questions="adult", begun_at=BEFORE, number=1
    )
    sent = HandIn.objects.create(
        form=form, number=1, questions="adult", way="own_page", help="alone", guest_session_id=1, recorded_at=BEFORE
    )
    for place, (said, only) in enumerate(((OPEN, False), (SECRET, True), (PLACE, False)), start=1):
        Answer.objects.create(
            hand_in=sent, position=place, question=f"q{place}", asked="What worries you?", kind="words",
            given="answered", text=said, only_for_chair=only,
        )  # fmt: skip


@once_per_module(at=BEFORE)
def beforehand(ahead: SimpleNamespace) -> SimpleNamespace:
    """Hazel handed in My Views and was shown the school's report; Jess speaks for her."""
    made = ahead
    speaks_for(made, made.of.hazel)
    wrote(made, made.hazel)
    made.report = report_about(made, "tutor", (REPORTED, [made.robin_row]), (ASIDE, [made.robin_row]))
    share(made, made.report, made.hazel)
    return made


def pages(story) -> list[str]:
    return [
        HOME,
        reverse("guest_my_views:words-of-client"),
        reverse("guest_my_views:passed-on"),
        reverse("guest_papers:papers"),
        reverse("guest_papers:clients-papers"),
        reverse("guest_papers:clients-report", args=[story.report.pk]),
        reverse("guest_papers:clients-short-report", args=[story.report.pk]),
        reverse("guest_papers:report", args=[story.report.pk]),
        reverse("guest_papers:reading"),
        reverse("guest_meeting:who-will-be-there"),
        reverse("guest_meeting:about"),
    ]


def read_by(client: Client, story) -> str:
    return " ".join(text(client.get(page)) for page in pages(story))


@pytest.mark.usefixtures("before")
class TestBeforeTheMeeting:
    def test_nothing_reaches_an_advocate_without_an_agreement(self, beforehand):
        said = read_by(browser(beforehand, "jess"), beforehand)
        assert "MARKER" not in said
        assert not may_receive(beforehand.of.jess)
        assert beforehand.of.jess not in recipients_of(beforehand.conference)

    def test_each_kind_opens_what_it_names_and_nothing_more(self, beforehand):
        row, client = beforehand.of.jess, browser(beforehand, "jess")
        agree(beforehand, row, AdvocateReads.MY_VIEWS)
        said = read_by(client, beforehand)
        assert ("MARKER-OPEN" in said, "MARKER-REPORTED" in said) == (True, False)
        assert may_receive(row)
        assert row in recipients_of(beforehand.conference)
        agree(beforehand, row, AdvocateReads.REPORTS)
        said = read_by(client, beforehand)
        assert ("MARKER-OPEN" in said, "MARKER-REPORTED" in said) == (False, True)
        agree(beforehand, row, *AdvocateReads.values)
        said = read_by(client, beforehand)
        assert ("MARKER-OPEN" in said, "MARKER-REPORTED" in said) == (True, True)
        # What is for the chair alone, and where Hazel lives, never.
        assert not any(mark in said for mark in ("MARKER-CHAIR-ONLY", "MARKER-PLACE", "MARKER-ASIDE", HIDDEN_STREET))

    def test_it_closes_when_they_say_no_and_with_whoever_they_speak_for(self, beforehand):
        row, client = beforehand.of.jess, browser(beforehand, "jess")
        agree(beforehand, row, *AdvocateReads.values)
        agree(beforehand, row)
        assert "MARKER" not in read_by(client, beforehand)
        agreement = AdvocateAgreement.objects.first()
        assert (agreement.withdrawn_by_person, agreement.withdrawn_on) == (beforehand.hazel, BEFORE.date())

        agree(beforehand, row, *AdvocateReads.values)
        assert "MARKER" in read_by(client, beforehand)
        for change in (
            {"pk": row.pk, "acts_for": beforehand.of.dale},
            {"pk": row.pk, "status": ParticipantStatus.AWAITING_CHAIR},
            {"pk": beforehand.of.hazel.pk, "status": ParticipantStatus.AWAITING_CHAIR},
        ):
            pk = change.pop("pk")
            before = Participant.objects.filter(pk=pk).values(*change).get()
            Participant.objects.filter(pk=pk).update(**change)
            assert may_read_of_client(Participant.objects.get(pk=row.pk)) == frozenset(), change
            assert "MARKER" not in read_by(client, beforehand), change
            Participant.objects.filter(pk=pk).update(**before)
        CompanionCheck.objects.filter(participant=row).update(accepted=False, reason="A witness")
        assert "MARKER" not in read_by(client, beforehand)

    def test_another_advocate_reads_nothing_of_them(self, beforehand):
        agree(beforehand, beforehand.of.jess, *AdvocateReads.values)
        speaks_for(beforehand, beforehand.of.dale, "ivo")
        assert "MARKER" not in read_by(browser(beforehand, "ivo"), beforehand)

    def test_who_may_say_it_and_what_is_refused(self, beforehand):
        robin = beforehand.of.robin
        row = speaks_for(beforehand, robin, "kit")
        robin.conference = beforehand.conference
        # Robin is 12, and decides alone; written to as a child, a parent may say it too.
        assert who_may_agree(robin, on=BEFORE.date()) == [robin.person]
        with pytest.raises(ValidationError) as raised:
            agree(beforehand, row, AdvocateReads.MY_VIEWS, said_by=beforehand.hazel)
        assert set(raised.value.message_dict) == {"said_by"}
        Understanding.objects.create(
            child=beforehand.robin_row, band=Band.MIDDLE, because="He reads little", set_by=beforehand.worker,
            set_at=BEFORE,
        )  # fmt: skip
        assert set(who_may_agree(robin, on=BEFORE.date())) == {robin.person, beforehand.hazel, beforehand.dale}
        (made,) = agree(beforehand, row, AdvocateReads.MY_VIEWS, said_by=beforehand.hazel)
        assert agree(beforehand, row, AdvocateReads.MY_VIEWS) == [made]
        for wrong, field in (
            ({"said_on": BEFORE.date() + datetime.timedelta(days=1)}, "said_on"),
            ({"said_by": beforehand.martin}, "said_by"),
        ):
            with pytest.raises(ValidationError) as raised:
                agree(beforehand, row, **wrong)
            assert set(raised.value.message_dict) == {field}
        with pytest.raises(ValidationError) as raised:
            agree(beforehand, row, AdvocateReads.REPORTS)
        assert set(raised.value.message_dict) == {"matters"}
        with pytest.raises(ValidationError, match="meanwhile"):
            agree(beforehand, row, standing="")
        with pytest.raises(ValidationError, match="whose advocate"):
            agree(beforehand, beforehand.of.olive, AdvocateReads.MY_VIEWS)

    def test_staff_write_it_down_and_the_person_changes_it_on_their_own_page(self, beforehand, client):
        row, hazel = beforehand.of.jess, browser(beforehand, "hazel")
        client.force_login(beforehand.worker)
        page = reverse("conferences:advocate-reads", args=[beforehand.conference.pk, row.pk])
        typed = {"matters": ["my_views"], "said_by": beforehand.hazel.pk, "said_on": BEFORE.date().isoformat()}
        assert client.post(page, typed).status_code == 302
        shown = text(client.get(reverse("conferences:participant", args=[beforehand.conference.pk, row.pk])))
        assert "What they wrote in My Views: agreed by Hazel Brambley" in shown
        assert "May read" in text(client.get(page))

        own = reverse("guest_meeting:advocate")
        assert own in text(hazel.get(HOME))
        shown = text(hazel.get(own))
        assert "checked" in shown
        assert too_hard("advocate", paragraphs_of_page(shown), ("Jess Pipit", "advocate")) == []
        typed = {f"matters_{row.pk}": ["reports"], f"standing_{row.pk}": standing_token(row)}
        assert hazel.post(own, typed).status_code == 302
        assert may_read_of_client(Participant.objects.get(pk=row.pk)) == {"reports"}
        stands = AdvocateAgreement.objects.get(withdrawn_at__isnull=True)
        assert (stands.said_by, stands.recorded_by, stands.guest_session_id is None) == (beforehand.hazel, None, False)
        assert "on their own page" in text(client.get(page))
        assert browser(beforehand, "dale").get(own).status_code == 404

    def test_only_those_who_record_for_the_family_open_the_page(self, beforehand, client):
        page = reverse("conferences:advocate-reads", args=[beforehand.conference.pk, beforehand.of.jess.pk])
        assert client.get(page).status_code == 302
        for user, opens in (
            (beforehand.worker, 200),
            (beforehand.coordinator, 200),
            (user_with_role(Role.SOCIAL_WORKER, team=TeamFactory(authority=beforehand.authority)), 404),
            (user_with_role(Role.ADMINISTRATOR, authority=beforehand.authority), 404),
            (user_with_role(Role.COORDINATOR, authority=AuthorityFactory()), 404),
        ):
            client.force_login(user)
            assert client.get(page).status_code == opens, user.name
        client.force_login(beforehand.worker)
        martin = reverse("conferences:advocate-reads", args=[beforehand.conference.pk, beforehand.of.martin.pk])
        assert client.get(martin).status_code == 404


@once_per_module(at=NOW)
def sent(story: SimpleNamespace) -> SimpleNamespace:
    """Send Hazel her letter and her minutes, which name her street; Jess speaks for her."""
    speaks_for(story, story.of.hazel)
    wrote(story, story.hazel)
    say(story, f"They have lived at {HIDDEN_STREET} since May.", story.robin_row)
    story.copies = {}
    for kind in (DocumentKind.DECISIONS_LETTER, DocumentKind.MINUTES):
        paper = prepare_document(
            conference=story.conference,
            kind=kind,
            by=story.coordinator,
            now=NOW,
            leave_out=kind == DocumentKind.MINUTES,
        )
        release_document(document=paper, by=story.chair, now=NOW)
        story.copies[kind] = record_copy(
            document=paper, recipient=story.of.hazel, channel=Channel.BY_HAND, channel_confirmed="In person",
            sent_at=NOW, by=story.coordinator, now=NOW,
        )  # fmt: skip
    return story


@pytest.mark.usefixtures("after")
def test_after_the_meeting_only_the_record_that_was_agreed_to(sent):
    client = browser(sent, "jess")
    letter, minutes = (
        reverse("guest_papers:clients-copy", args=[sent.copies[kind].pk])
        for kind in (DocumentKind.DECISIONS_LETTER, DocumentKind.MINUTES)
    )
    assert client.get(letter).status_code == 404
    agree(sent, sent.of.jess, AdvocateReads.MY_VIEWS, AdvocateReads.PLAN, AdvocateReads.REPORTS)
    assert client.get(letter).status_code == 404
    # What was said in My Views closes with the meeting.
    assert client.get(reverse("guest_my_views:words-of-client")).status_code == 404
    agree(sent, sent.of.jess, AdvocateReads.RECORD)
    assert "Minutes of the meeting" in text(client.get(reverse("guest_papers:clients-papers")))
    answer = client.get(letter)
    assert (answer.status_code, "Go to the group for mothers" in text(answer)) == (200, True)
    # Her own minutes say where she lives, which the advocate may not know.
    assert HIDDEN_STREET in text(browser(sent, "hazel").get(reverse("guest_papers:read-copy", args=[minutes_of(sent)])))
    answer = client.get(minutes)
    assert (answer.status_code, HIDDEN_STREET in text(answer)) == (409, False)
    assert not sent.copies[DocumentKind.DECISIONS_LETTER].news.exists()
    assert client.get(reverse("guest_papers:copy", args=[minutes_of(sent)])).status_code == 404


def minutes_of(sent) -> int:
    return sent.copies[DocumentKind.MINUTES].pk


@pytest.mark.usefixtures("after")
def test_a_cancelled_conference_takes_no_agreement(sent):
    Conference.objects.filter(pk=sent.conference.pk).update(
        status=ConferenceStatus.CANCELLED, cancelled_because="Not needed"
    )
    with pytest.raises(ValidationError, match="cancelled"):
        agree(sent, sent.of.jess, AdvocateReads.RECORD)
