"""What the family asks for on their own page is settled and answered there; paper only; who is told who stays away."""

from __future__ import annotations

import datetime
import html
import re

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Authority, GuestLink
from conferences.enums import ConferenceStatus, HowToAttend, Need, Occasion, ParticipantStatus, RequestGround
from conferences.guest_access import open_to_guests
from conferences.models import AbsenceTold, AnswerToGuest, Conference, FamilyFeedback, PaperOnly, SaidByGuest, ToTell
from conferences.selectors.absences import absences_for
from conferences.selectors.asks import unanswered
from conferences.services.absences import tell_absence
from conferences.services.answering_guests import answer_guest
from conferences.services.exclusions import decide_request, open_request
from conferences.services.guest_answers import ask_as_guest
from conferences.services.paper_only import choose_paper_only, end_paper_only
from core_groups.guest_access import open_to_members
from deadlines.models import Deadline
from deadlines.to_decide import to_decide
from notifications.enums import MessageState
from notifications.models import Message, Notice
from notifications.services.outbox import send_due
from tests.conferences import guests
from tests.conferences.story import NOW, invited, on_list, tell
from tests.factories import AgencyFactory, AgencyInvolvementFactory, procedures_with, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

HOME = "/guest/meeting/"
HIDDEN = "Meadow Lane Primary"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def story():
    told = tell()
    Authority.objects.filter(pk=told.authority.pk).update(day_phone="01632 960 001", night_phone="01632 960 002")
    return told


@once_per_module(at=NOW)
def conference(story):
    return invited(story)


@pytest.fixture
def hazel(story, conference):
    return on_list(conference, story.hazel)


@pytest.fixture
def dale(story, conference):
    return on_list(conference, story.dale)


@pytest.fixture
def inside(client, hazel, conference):
    guests.let_in(client, hazel, sitting=conference.sittings.get())
    return client


def words_of(response):
    assert response.status_code == 200
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(plain)).replace("\xa0", " ")


def asked(participant, *needs, text=""):
    return ask_as_guest(participant=participant, guest_session_id=1, needs=needs, text=text, now=NOW)


def titles(user):
    return [row[1] for row in to_decide(user)]


# Asks


def test_an_ask_waits_for_worker_coordinator_and_chair_until_somebody_answers(story, conference, hazel):
    said = asked(hazel, Need.CHILD_CARE, text="For the baby")
    answers_it = (story.social_worker, story.coordinator, story.chair)
    assert all(any("guest-ask" in row for row in to_decide(user)) for user in answers_it)
    answer_guest(said=said, text="Sana looks after the baby in the next room.", by=story.coordinator, now=NOW)
    assert not any("guest-ask" in row for user in answers_it for row in to_decide(user))


def test_it_waits_with_nobody_else_and_for_a_manager_only_where_no_one_holds_the_case(story, conference, hazel):
    asked(hazel, Need.CHILD_CARE)
    others = [user_with_role(Role.SOCIAL_WORKER, team=story.team)]
    others += [user_with_role(Role.COORDINATOR, authority=story.authority), story.manager]
    waits = lambda user: any("guest-ask" in row for row in to_decide(user))  # noqa: E731
    assert [waits(user) for user in others] == [False, False, False]
    story.family.allocations.update(starts_on=datetime.date(2026, 1, 1), ends_on=NOW.date())
    assert [waits(user) for user in others] == [False, False, True]


def test_the_answer_to_it_has_a_limit_that_the_first_answer_meets(story, conference, hazel):
    said = asked(hazel, Need.CHILD_CARE)
    clock = Deadline.objects.get(kind="guest-answer")
    assert (clock.due_on, clock.what) == (datetime.date(2026, 12, 14), "Hazel Brambley")
    assert set(clock.responsible_ids) == {story.social_worker.pk, story.coordinator.pk}
    answer_guest(said=said, text="Sana looks after the baby.", by=story.coordinator, now=NOW)
    clock.refresh_from_db()
    assert clock.met_at == NOW


def test_a_wish_to_be_apart_has_no_second_clock(story, conference, hazel, dale):
    asked(hazel, Need.APART, text="Not with Dale, please")
    assert list(Deadline.objects.filter(kind__startswith="guest").values_list("kind", flat=True)) == ["guest-ask"]


def test_the_answer_stands_on_the_page_and_the_mail_says_only_that_it_is_there(inside, story, hazel):
    inside.post(f"{HOME}ask/", {"needs": [Need.CHILD_CARE], "text": "For the baby"})
    said = SaidByGuest.objects.get(participant=hazel)
    page = words_of(inside.get(f"{HOME}ask/"))
    assert "For the baby" in page
    assert "We are on it." in page
    answer_guest(said=said, text="Sana looks after the baby.", by=story.coordinator, now=NOW)
    assert "Our answer Sana looks after the baby." in words_of(inside.get(f"{HOME}ask/"))
    assert "1 answer" in words_of(inside.get(HOME))
    sent = Message.objects.get(key__startswith="guest-answer:")
    assert (sent.to_email, "Sana" in sent.body, "Sana" in sent.subject) == (hazel.email, False, False)


def test_nobody_else_reads_an_ask_or_its_answer(client, story, conference, hazel, dale):
    said = asked(hazel, Need.CHILD_CARE, text="Marker-ask")
    answer_guest(said=said, text="Marker-answer", by=story.coordinator, now=NOW)
    guests.let_in(client, dale, sitting=conference.sittings.get())
    for path in ("", "ask/", "people/", "about/", "coming/", "disagree/", "talk/"):
        assert "Marker" not in words_of(client.get(f"{HOME}{path}")), path


def test_another_answer_takes_the_place_of_the_first_and_both_are_kept(story, hazel):
    said = asked(hazel, Need.HEARING)
    for text in ("We bring a loop.", "We bring a loop.", "We can’t get a loop. Ring us."):
        answer_guest(said=said, text=text, by=story.coordinator, now=NOW)
    rows = [(row.text, row.superseded_at is None) for row in AnswerToGuest.objects.order_by("pk")]
    assert rows == [("We bring a loop.", False), ("We can’t get a loop. Ring us.", True)]


def test_an_answer_that_gives_away_a_hidden_place_is_refused(story, hazel, dale):
    school = AgencyFactory(authority=story.authority, name=HIDDEN)
    row = AgencyInvolvementFactory(child=story.robin, agency=school, confidential=True)
    row.hidden_from.add(story.dale)
    said = asked(dale, Need.GETTING_THERE)
    with pytest.raises(ValidationError):
        answer_guest(said=said, text=f"The bus from {HIDDEN} stops here.", by=story.coordinator, now=NOW)
    with pytest.raises(ValidationError):
        answer_guest(said=said, text="  ", by=story.coordinator, now=NOW)


def test_a_wish_to_be_apart_is_the_chairs_to_answer_and_the_answer_is_on_the_page(inside, story, hazel, dale):
    inside.post(f"{HOME}ask/", {"needs": [Need.APART], "text": "Not with Dale, please"})
    said = SaidByGuest.objects.get(participant=hazel)
    assert not unanswered().filter(pk=said.pk).exists()
    request = said.requests.get(participant=dale)
    decide_request(
        request=request, by=story.chair, how=HowToAttend.VIDEO, reason="She is afraid",
        views_through=None, told_text="You join on a screen.", answer_text="He joins on a screen.", now=NOW,
    )  # fmt: skip
    page = words_of(inside.get(f"{HOME}ask/"))
    assert "Our answer He joins on a screen." in page
    assert "She is afraid" not in page


def test_what_is_written_beside_a_wish_to_be_apart_is_for_the_chair_alone(client, story, conference, hazel):
    said = asked(hazel, Need.APART, Need.HEARING, text="Not with Dale, please")
    address = reverse("conferences:answer-guest", args=[conference.pk, said.pk])
    for user, reads in ((story.coordinator, False), (story.chair, True)):
        client.force_login(user)
        page = words_of(client.get(address))
        assert "Help to hear" in page
        assert ("Not with Dale" in page, "same room" in page) == (reads, reads)
    only = SaidByGuest.objects.create(participant=hazel, guest_session_id=1, said_at=NOW, needs=[Need.APART])
    client.force_login(story.coordinator)
    assert client.get(reverse("conferences:answer-guest", args=[conference.pk, only.pk])).status_code == 404


def test_staff_answer_on_a_page_of_its_own(client, story, conference, hazel):
    said = asked(hazel, Need.READING, text="Letters are hard")
    client.force_login(story.social_worker)
    address = reverse("conferences:answer-guest", args=[conference.pk, said.pk])
    assert "Letters are hard" in words_of(client.get(address))
    assert client.post(address, {"text": "I read them to you on Friday."}).status_code == 302
    person = words_of(client.get(reverse("conferences:participant", args=[conference.pk, hazel.pk])))
    assert "I read them to you on Friday." in person


def test_after_the_meeting_something_wrong_can_be_said(inside, conference, hazel):
    Conference.objects.filter(pk=conference.pk).update(
        status=ConferenceStatus.CLOSED, opened_at=NOW, ended_at=NOW, closed_at=NOW
    )
    page = words_of(inside.get(f"{HOME}ask/"))
    assert "Something in my papers is wrong" in page
    assert "A room with no steps" not in page
    inside.post(f"{HOME}ask/", {"needs": [Need.WRONG], "text": "Robin is ten"})
    assert unanswered().filter(participant=hazel, needs=["wrong"]).count() == 1


# Written down by staff


def writes_down(client, story, conference, participant, by, **sent):
    client.force_login(by)
    address = reverse("conferences:write-down", args=[conference.pk, participant.pk])
    return client.post(address, {"told_how": "telephone", "needs": [Need.WRONG], "text": "Robin is ten", **sent})


def test_staff_write_down_what_someone_says_by_telephone_as_theirs(client, story, conference, hazel):
    assert writes_down(client, story, conference, hazel, story.social_worker).status_code == 302
    said = SaidByGuest.objects.get(participant=hazel)
    assert (said.recorded_by, said.told_how, said.needs) == (story.social_worker, "telephone", ["wrong"])
    assert unanswered().filter(pk=said.pk).exists()
    assert Deadline.objects.filter(kind="guest-answer", fact_id=said.pk).exists()
    told = set(Notice.objects.filter(key=f"said-by-guest:{said.pk}").values_list("user", flat=True))
    assert told == {story.coordinator.pk}
    person = words_of(client.get(reverse("conferences:participant", args=[conference.pk, hazel.pk])))
    assert f"by telephone, written down by {story.social_worker.name}" in person
    assert "Robin is ten" in person


def test_they_read_it_and_its_answer_on_their_own_page(inside, client_of, story, conference, hazel):
    asked_of = client_of(story.martin)
    ask_as_guest(
        participant=hazel, by=story.coordinator, told_how="paper", needs=[Need.COMPLAIN], text="Nobody rang", now=NOW
    )
    assert "Nobody rang" in words_of(inside.get(f"{HOME}ask/"))
    assert "Nobody rang" not in words_of(asked_of.get(f"{HOME}ask/"))


def test_a_wish_told_by_telephone_holds_the_person_back_like_one_typed(client, story, conference, hazel, dale):
    writes_down(client, story, conference, hazel, story.coordinator, needs=[Need.APART], text="Not with Dale")
    dale.refresh_from_db()
    assert dale.status == ParticipantStatus.AWAITING_CHAIR


def test_how_they_told_us_is_asked_and_the_words_are_kept(client, story, conference, hazel):
    answer = writes_down(client, story, conference, hazel, story.coordinator, told_how="")
    assert "Choose how they told us" in words_of(answer)
    assert "Robin is ten" in words_of(answer)
    empty = writes_down(client, story, conference, hazel, story.coordinator, needs=[], text=" ")
    assert "Choose what you need" in words_of(empty)
    assert not SaidByGuest.objects.exists()


def test_nothing_is_written_down_for_staff_of_the_council(client, story, conference):
    chair = on_list(conference, story.chair.person)
    assert writes_down(client, story, conference, chair, story.coordinator).status_code == 404


# Who will not be there


def kept_out(story, dale, **changes):
    request = open_request(
        participant=dale, ground=RequestGround.ASKED, reason="She is afraid", by=story.coordinator, now=NOW,
        asked_for=story.hazel,
    )  # fmt: skip
    facts = {
        "how": HowToAttend.NOT_AT_ALL, "views_through": on_list(dale.conference, story.social_worker.person),
        "told_text": "You are not asked to come.", "answer_text": "He does not come.", **changes,
    }  # fmt: skip
    return decide_request(request=request, by=story.chair, reason="It is safer", now=NOW, **facts)


SENTENCE = "Dale will not be in the building."


def test_a_released_sentence_is_read_by_whom_the_chair_chose_and_by_nobody_else(
    inside, client_of, story, conference, hazel, dale
):
    request = kept_out(story, dale)
    assert SENTENCE not in words_of(inside.get(HOME))
    tell_absence(request=request, text=SENTENCE, readers=[hazel], by=story.chair, now=NOW)
    assert SENTENCE in words_of(inside.get(HOME))
    assert SENTENCE in words_of(inside.get(f"{HOME}people/"))
    martin = client_of(story.martin)
    for path in ("", "people/"):
        assert SENTENCE not in words_of(martin.get(f"{HOME}{path}"))


@pytest.fixture
def client_of(conference):
    from django.test import Client  # noqa: PLC0415

    def browser(person):
        made = Client()
        guests.let_in(made, on_list(conference, person), sitting=conference.sittings.get())
        return made

    return browser


def test_the_sentence_ends_with_the_decision(story, conference, hazel, dale):
    request = kept_out(story, dale)
    tell_absence(request=request, text=SENTENCE, readers=[hazel], by=story.chair, now=NOW)
    assert absences_for(hazel, now=NOW) == [SENTENCE]
    later = open_request(
        participant=dale, ground=RequestGround.ASKED, reason="He asks again", by=story.coordinator, now=NOW
    )
    assert absences_for(hazel, now=NOW) == []
    decide_request(
        request=later, by=story.chair, how=HowToAttend.WHOLE, reason="All agree", views_through=None,
        answer_text="", now=NOW + datetime.timedelta(minutes=1),
    )  # fmt: skip
    assert absences_for(hazel, now=NOW) == []


def test_the_sentence_is_changed_and_taken_back(story, hazel, dale):
    request = kept_out(story, dale)
    tell_absence(request=request, text=SENTENCE, readers=[hazel], by=story.chair, now=NOW)
    tell_absence(request=request, text="Dale is on a screen.", readers=[hazel], by=story.chair, now=NOW)
    assert absences_for(hazel, now=NOW) == ["Dale is on a screen."]
    tell_absence(request=request, text="", readers=[], by=story.chair, now=NOW)
    assert absences_for(hazel, now=NOW) == []
    assert AbsenceTold.objects.count() == 2


def test_only_the_chair_releases_it_and_never_to_the_person_or_without_words(story, conference, hazel, dale):
    request = kept_out(story, dale)
    for changes in ({"by": story.coordinator}, {"text": " "}, {"text": "[name]"}, {"readers": [dale]}):
        facts = {"text": SENTENCE, "readers": [hazel], "by": story.chair, **changes}
        with pytest.raises(ValidationError):
            tell_absence(request=request, now=NOW, **facts)


def test_a_sentence_that_gives_away_a_hidden_place_is_refused_and_not_shown_once_it_is_hidden(story, hazel, dale):
    martin = on_list(dale.conference, story.martin)
    request = kept_out(story, dale)
    words = f"Dale is at {HIDDEN}."
    tell_absence(request=request, text=words, readers=[hazel, martin], by=story.chair, now=NOW)
    school = AgencyFactory(authority=story.authority, name=HIDDEN)
    AgencyInvolvementFactory(child=story.wren, agency=school, confidential=True).hidden_from.add(story.martin)
    assert (absences_for(hazel, now=NOW), absences_for(martin, now=NOW)) == ([words], [])
    with pytest.raises(ValidationError):
        tell_absence(request=request, text=f"{words} Again.", readers=[martin], by=story.chair, now=NOW)


def test_the_chair_releases_it_with_the_decision(client, story, conference, hazel, dale):
    request = open_request(
        participant=dale, ground=RequestGround.ASKED, reason="She is afraid", by=story.coordinator, now=NOW
    )
    client.force_login(story.chair)
    address = reverse("conferences:decide-request", args=[conference.pk, request.pk])
    through = on_list(conference, story.social_worker.person)
    answer = client.post(
        address,
        {
            "how": "not_at_all", "reason": "It is safer", "views_through": through.pk, "told_text": "You do not come.",
            "absence_text": SENTENCE, "absence_readers": [hazel.pk], "risks_seen": "",
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    assert absences_for(hazel, now=NOW) == [SENTENCE]
    page = reverse("conferences:tell-absence", args=[conference.pk, request.pk])
    assert SENTENCE in words_of(client.get(page)) or SENTENCE in client.get(page).content.decode()
    client.post(page, {"absence_text": "", "absence_readers": []})
    assert absences_for(hazel, now=NOW) == []


# Paper only


def test_paper_only_closes_the_page_and_asks_for_a_letter(inside, story, conference, hazel):
    page = words_of(inside.post(f"{HOME}paper/"))
    assert "From now on, on paper" in page
    assert "999" in page
    hazel.refresh_from_db()
    assert (hazel.email, hazel.invited_how) == ("", "On paper, by post or by hand")
    assert inside.get(HOME).status_code == 404
    assert not GuestLink.objects.filter(person_id=story.hazel.pk, revoked_at__isnull=True).exists()
    row = ToTell.objects.get(participant=hazel, told_at__isnull=True, ended_at__isnull=True)
    assert (row.occasion, row.because) == (
        Occasion.INVITATION,
        "They asked for everything on paper, and nothing online.",
    )
    told = set(Notice.objects.filter(key__startswith="paper-only:").values_list("user", flat=True))
    assert told == {story.coordinator.pk, story.social_worker.pk}


def test_nothing_leaves_online_whatever_is_queued_later(story, conference, hazel):
    choose_paper_only(participant=hazel, by=story.social_worker, now=NOW)
    hazel.email = "hazel@home.example"
    hazel.save()
    assert not open_to_guests(NOW).filter(pk=hazel.pk).exists()
    assert not open_to_members(NOW).filter(person=story.hazel).exists()
    said = SaidByGuest.objects.create(participant=hazel, guest_session_id=1, said_at=NOW, needs=[Need.HEARING])
    answer_guest(said=said, text="We bring a loop.", by=story.coordinator, now=NOW)
    Message.objects.create(
        authority=story.authority, key=f"invitation:{hazel.pk}:9:request", kind="invitation",
        to_email=hazel.email, subject="Invitation to a meeting: X", body="Hello", person_id=story.hazel.pk,
        family_id=conference.family_id, conference_id=conference.pk, created_at=NOW, send_after=NOW,
    )  # fmt: skip
    before = len(mail.outbox)
    send_due(now=NOW, limit=200)
    assert [one.to for one in mail.outbox[before:] if hazel.email in one.to] == []
    assert Message.objects.get(key=f"invitation:{hazel.pk}:9:request").state == MessageState.WITHDRAWN


def test_paper_only_is_taken_back_with_a_reason(story, hazel):
    choice = choose_paper_only(participant=hazel, by=story.social_worker, now=NOW)
    assert choose_paper_only(participant=hazel, by=story.social_worker, now=NOW) == choice
    with pytest.raises(ValidationError):
        end_paper_only(choice=choice, because=" ", by=story.social_worker, now=NOW)
    end_paper_only(choice=choice, because="She rang and asked for it", by=story.social_worker, now=NOW)
    assert PaperOnly.objects.get().ended_because == "She rang and asked for it"


def test_staff_offer_paper_only_on_the_persons_page(client, story, conference, hazel):
    client.force_login(story.social_worker)
    person = reverse("conferences:participant", args=[conference.pk, hazel.pk])
    assert "They want paper only, nothing online" in words_of(client.get(person))
    client.post(reverse("conferences:paper-only", args=[conference.pk, hazel.pk]))
    assert "Paper only, nothing online. They asked for it on" in words_of(client.get(person))


# Feedback


@pytest.mark.value("family-feedback-questions")
def test_feedback_is_apart_from_the_record_and_read_as_a_whole(inside, client_of, story, conference):
    asked_for = ["Was the room warm?", "Did we listen to you?"]
    made = procedures_with(
        story.authority, since=datetime.date(2026, 1, 1), values={"family-feedback-questions": asked_for}
    )
    assert inside.get(f"{HOME}feedback/").status_code == 404
    Conference.objects.filter(pk=conference.pk).update(
        status=ConferenceStatus.CLOSED, opened_at=NOW, ended_at=NOW, closed_at=NOW, policy_version_id=made.pk
    )
    assert "Was the room warm?" in words_of(inside.get(f"{HOME}feedback/"))
    assert "Answer a question, or write something" in words_of(inside.post(f"{HOME}feedback/", {}))
    inside.post(f"{HOME}feedback/", {"question_0": "Yes", "question_1": "Partly", "text": "Too many people"})
    row = FamilyFeedback.objects.get()
    assert (row.month, row.authority) == (datetime.date(2026, 12, 1), story.authority)
    assert {field.name for field in FamilyFeedback._meta.get_fields()} == {
        "id",
        "authority",
        "month",
        "answers",
        "text",
    }
    reader = user_with_role(Role.SERVICE_MANAGER, authority=story.authority)
    browser = client_of(story.martin)
    browser.force_login(reader)
    page = words_of(browser.get(reverse("conferences:family-feedback")))
    assert "Was the room warm? 1 0 0 Did we listen to you? 0 1 0" in page
    assert "Too many people" in page
    browser.force_login(story.coordinator)
    assert browser.get(reverse("conferences:family-feedback")).status_code == 404
