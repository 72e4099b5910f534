"""Missing a limit: reason and cause, the agreement of manager and chair, and that it never stops a conference."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import ConferenceStatus, Party
from conferences.models import LateAgreement
from conferences.selectors.lateness import open_to, who_answers
from conferences.services.late_dates import agree_to_late_date, explain_lateness
from conferences.services.scheduling import book_next_sitting, cancel_conference, move_sitting
from deadlines.models import Deadline
from deadlines.services import reconcile
from meetings.services.opening import adjourn, open_conference
from notifications.models import Notice
from tests.conferences import story
from tests.conferences.story import LONDON, NOW, STARTS_AT
from tests.factories import TeamFactory, closed_after_christmas, procedures_with, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
LATE = datetime.datetime(2027, 1, 5, 10, tzinfo=LONDON)
LATER = datetime.datetime(2027, 1, 7, 10, tzinfo=LONDON)
SAFE = "Robin and Wren stay with their grandmother; Amara sees them every second day."


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def booked_late(told, **changes):
    return story.booked(told, **{"starts_at": LATE, **changes})


@once_per_module(at=NOW)
def late(told):
    """A conference booked for a day after its limit."""
    return booked_late(told)


def moved(told, conference, starts_at):
    move_sitting(
        sitting=conference.sittings.get(),
        booking=story.booking(told, starts_at=starts_at),
        reason="No room",
        by=told.coordinator,
        now=NOW,
    )


def asked(conference, party):
    return conference.late_agreements.get(party=party, superseded_at__isnull=True)


def agree(conference, party, by, **changes):
    row = asked(conference, party)
    facts = {
        "day": row.day,
        "cause": "room",
        "reason": "No room with two entrances",
        "interim_safety_plan": SAFE,
        **changes,
    }
    return agree_to_late_date(agreement=row, by=by, now=NOW, **facts)


def clocks():
    rows = Deadline.objects.filter(kind="late-agreement").order_by("fact_id")
    return [(row.what, row.responsible_ids, row.met_at, row.not_needed) for row in rows]


def test_a_date_within_the_limit_needs_no_agreement(booked):
    assert LateAgreement.objects.count() == 0


def test_a_date_after_the_limit_is_booked_and_asks_manager_and_chair(told, late):
    assert late.status == ConferenceStatus.SCHEDULED
    assert [(row.party, row.day) for row in late.late_agreements.order_by("pk")] == [
        (Party.MANAGER, LATE.date()),
        (Party.CHAIR, LATE.date()),
    ]
    assert clocks() == [("team manager", [told.manager.pk], None, ""), ("chair", [told.chair.pk], None, "")]
    told_of = Notice.objects.filter(key__startswith="late:").order_by("pk")
    assert [notice.user for notice in told_of] == [told.manager, told.chair]
    due = set(Deadline.objects.filter(kind="late-agreement").values_list("due_on", flat=True))
    assert due == {datetime.date(2026, 12, 11)}


def test_each_records_their_own_agreement_and_safety_plan(told, late):
    agree(late, Party.MANAGER, told.manager)
    agree(late, Party.CHAIR, told.chair, interim_safety_plan="As the manager says.")
    rows = late.late_agreements.order_by("pk")
    assert [(row.agreed_by, row.agreed_at, row.interim_safety_plan) for row in rows] == [
        (told.manager, NOW, SAFE),
        (told.chair, NOW, "As the manager says."),
    ]
    late.refresh_from_db()
    assert (late.late_cause, late.late_reason) == ("room", "No room with two entrances")
    assert [row[2] for row in clocks()] == [NOW, NOW]


def test_each_agreement_keeps_the_cause_and_reason_it_was_given_for(told, late, client):
    agree(late, Party.MANAGER, told.manager)
    agree(late, Party.CHAIR, told.chair, cause="chair", reason="I was ill")
    explain_lateness(conference=late, cause="room", reason="Put otherwise", by=told.coordinator, now=NOW)
    rows = late.late_agreements.order_by("pk")
    assert [(row.party, row.late_cause, row.late_reason) for row in rows] == [
        (Party.MANAGER, "room", "No room with two entrances"),
        (Party.CHAIR, "chair", "I was ill"),
    ]
    client.force_login(told.coordinator)
    for page in ("agree-late", "overview"):
        shown = client.get(reverse(f"conferences:{page}", args=[late.pk])).content.decode()
        assert shown.count("No room with two entrances") == 1
        assert shown.count("I was ill") == 1


def test_agreeing_twice_keeps_the_first_answer(told, late):
    row = asked(late, Party.MANAGER)
    agree(late, Party.MANAGER, told.manager)
    again = agree_to_late_date(
        agreement=row,
        day=row.day,
        cause="chair",
        reason="Another",
        interim_safety_plan="Another",
        by=told.manager,
        now=NOW + datetime.timedelta(hours=1),
    )
    assert (again.agreed_at, again.interim_safety_plan) == (NOW, SAFE)
    late.refresh_from_db()
    assert late.late_cause == "room"


def test_one_person_cannot_agree_for_both_sides(told, late):
    agree(late, Party.MANAGER, told.manager)
    with pytest.raises(ValidationError, match="Someone else has to agree"):
        agree(late, Party.CHAIR, told.manager)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"interim_safety_plan": "  "}, "interim_safety_plan"),
        ({"reason": ""}, "late_reason"),
        ({"cause": "weather"}, "late_cause"),
    ],
)
def test_an_agreement_needs_cause_reason_and_safety_plan(told, late, changes, field):
    with pytest.raises(ValidationError) as raised:
        agree(late, Party.MANAGER, told.manager, **changes)
    assert list(raised.value.message_dict) == [field]
    assert asked(late, Party.MANAGER).agreed_at is None


def test_a_missing_agreement_never_stops_the_conference_and_can_follow_later(told, late):
    open_conference(conference=late, by=told.chair, now=LATE)
    late.refresh_from_db()
    assert late.status == ConferenceStatus.OPEN
    assert [row[2:] for row in clocks()] == [(None, ""), (None, "")]
    agree(late, Party.CHAIR, told.chair)
    assert [row[2:] for row in clocks()] == [(None, ""), (NOW, "")]


def test_moving_it_later_asks_again_and_keeps_the_earlier_agreement(told, late):
    first = agree(late, Party.MANAGER, told.manager)
    moved(told, late, LATER)
    first.refresh_from_db()
    assert (first.superseded_at, first.day, first.interim_safety_plan) == (NOW, LATE.date(), SAFE)
    assert [(row.party, row.day, row.agreed_at) for row in late.late_agreements.order_by("pk")] == [
        (Party.MANAGER, LATE.date(), NOW),
        (Party.CHAIR, LATER.date(), None),
        (Party.MANAGER, LATER.date(), None),
    ]
    assert [row[2:] for row in clocks()] == [(NOW, ""), (None, ""), (None, "")]


def test_an_agreement_covers_an_earlier_date_too(told):
    conference = booked_late(told, starts_at=LATER)
    agree(conference, Party.MANAGER, told.manager)
    moved(told, conference, LATE)
    assert asked(conference, Party.MANAGER).agreed_at == NOW
    assert asked(conference, Party.CHAIR).day == LATE.date()


def test_moving_it_within_the_limit_stops_asking(told, late):
    agree(late, Party.MANAGER, told.manager)
    moved(told, late, STARTS_AT)
    assert [row[2:] for row in clocks()] == [(NOW, ""), (None, "The date was moved.")]


def test_an_answer_to_a_date_moved_in_the_meantime_is_refused(told, late):
    moved(told, late, LATER)
    with pytest.raises(ValidationError, match="was moved since you opened this page"):
        agree(late, Party.MANAGER, told.manager, day=LATE.date())


def test_cancelling_stops_asking(told, late):
    cancel_conference(conference=late, reason="Chair ill", by=told.coordinator, now=NOW)
    assert [row[3] for row in clocks()] == ["The conference was cancelled."] * 2


def test_going_on_after_the_limit_asks_as_well(told, booked):
    open_conference(conference=booked, by=told.chair, now=STARTS_AT)
    adjourn(conference=booked, reason="Fire alarm", by=told.chair, now=STARTS_AT)
    assert booked.late_agreements.count() == 0
    book_next_sitting(
        conference=booked,
        booking=story.booking(told, starts_at=LATE),
        by=told.coordinator,
        now=STARTS_AT + datetime.timedelta(days=1),
    )
    assert booked.late_agreements.count() == 2


@pytest.mark.value("late-agreed-by")
def test_the_councils_policy_sets_who_agrees(told):
    procedures_with(told.authority, since=datetime.date(2026, 12, 1), values={"late-agreed-by": "senior manager"})
    senior = user_with_role(Role.SERVICE_MANAGER, authority=told.authority)
    conference = booked_late(told)
    assert [row.party for row in conference.late_agreements.all()] == [Party.SERVICE_MANAGER]
    assert clocks() == [("service manager", [senior.pk], None, "")]


def test_the_service_manager_answers_for_a_team_without_a_manager(told):
    senior = user_with_role(Role.SERVICE_MANAGER, authority=told.authority)
    conference = booked_late(told)
    assert who_answers(conference, Party.MANAGER, on=NOW.date()) == [told.manager]
    told.manager.is_active = False
    told.manager.save()
    assert who_answers(conference, Party.MANAGER, on=NOW.date()) == [senior]
    reconcile(family_ids=[told.family.pk], now=NOW)
    assert clocks()[0] == ("team manager", [senior.pk], None, "")


def test_only_todays_managers_are_responsible_for_the_clock(told, late):
    with connection.cursor() as cursor:
        cursor.execute("SELECT (now() AT TIME ZONE 'Europe/London')::date")
        today = cursor.fetchone()[0]
    day = datetime.timedelta(days=1)
    for starts_on, ends_on in ((today + day, None), (today - day, today)):
        other = user_with_role(Role.TEAM_MANAGER, team=told.team)
        other.roles.update(starts_on=starts_on, ends_on=ends_on)
    leaving = user_with_role(Role.TEAM_MANAGER, team=told.team)
    leaving.roles.update(ends_on=today + day)
    reconcile(family_ids=[told.family.pk], now=NOW)
    assert clocks()[0] == ("team manager", sorted([told.manager.pk, leaving.pk]), None, "")


# pages


def url(conference):
    return reverse("conferences:agree-late", args=[conference.pk])


def typed(day=LATE, **changes):
    return {
        "day": f"{day:%Y-%m-%d}",
        "late_cause": "room",
        "late_reason": "No room",
        "interim_safety_plan": SAFE,
        **changes,
    }


def test_the_manager_agrees_on_the_page_and_the_overview_shows_it(told, late, client):
    client.force_login(told.manager)
    overview = reverse("conferences:overview", args=[late.pk])
    before = client.get(overview).content.decode()
    assert f'href="{url(late)}">Whether they agree to the date after the time limit' in before
    page = client.get(url(late)).content.decode()
    assert "2\xa0working days after that" in page
    assert client.post(url(late), typed())["Location"] == overview
    assert asked(late, Party.MANAGER).agreed_by == told.manager
    assert client.post(url(late), typed())["Location"] == overview
    after = client.get(overview).content.decode()
    assert "Dilys Heron" in after
    assert "Until then: Robin and Wren stay with their grandmother" in after


def test_the_chair_reads_what_the_manager_wrote_and_may_write_other_words(told, late, client):
    agree(late, Party.MANAGER, told.manager)
    client.force_login(told.chair)
    page = client.get(url(late))
    assert page.context["form"]["interim_safety_plan"].value() == SAFE
    client.post(url(late), typed(interim_safety_plan="Every day."))
    assert asked(late, Party.CHAIR).interim_safety_plan == "Every day."


def test_a_refused_form_keeps_the_input(told, late, client):
    client.force_login(told.chair)
    page = client.post(url(late), typed(interim_safety_plan="", late_reason="Long words")).content.decode()
    assert "Say what keeps the children safe until the conference" in page
    assert "Long words" in page


def test_a_date_moved_while_the_page_was_open_is_shown_again(told, late, client):
    moved(told, late, LATER)
    client.force_login(told.chair)
    page = client.post(url(late), typed()).content.decode()
    assert "The conference was moved since you opened this page" in page
    assert asked(late, Party.CHAIR).agreed_at is None


def test_case_readers_see_who_was_asked_but_only_those_asked_can_answer(told, late, client):
    for user in (told.social_worker, told.coordinator):
        client.force_login(user)
        page = client.get(url(late)).content.decode()
        assert "Not answered" in page
        assert "interim_safety_plan" not in page
        assert client.post(url(late), typed()).status_code == 404
    senior = user_with_role(Role.SERVICE_MANAGER, authority=told.authority)
    client.force_login(senior)
    client.post(url(late), typed())
    assert open_to(senior, late, on=NOW.date()) == []
    assert late.late_agreements.filter(agreed_at__isnull=False).count() == 0


def test_others_get_not_found(told, late, client):
    for user in (
        user_with_role(Role.CHAIR, authority=told.authority),
        user_with_role(Role.TEAM_MANAGER, team=TeamFactory(authority=told.authority)),
        user_with_role(Role.TEAM_MANAGER),
        user_with_role(Role.ADMINISTRATOR, authority=told.authority),
    ):
        client.force_login(user)
        assert client.get(url(late)).status_code in (403, 404)
        assert client.post(url(late), typed()).status_code in (403, 404)


def test_signed_out_users_are_sent_to_sign_in(late, client):
    assert client.get(url(late))["Location"].startswith("/account/sign-in/")


def test_a_conference_in_time_has_no_agreement_page(told, booked, client):
    client.force_login(told.manager)
    assert client.get(url(booked)).status_code == 404


def test_closure_days_of_the_council_do_not_shorten_how_late_it_is(told, client):
    closed_after_christmas(told.authority)
    story.discussed(told)
    Deadline.objects.update(starts_on=datetime.date(2026, 12, 4))
    told.children[0].enquiries.update(started_on=datetime.date(2026, 12, 4))
    conference = booked_late(told)
    client.force_login(told.chair)
    page = client.get(url(conference)).content.decode().replace("\xa0", " ")
    assert "The conference is booked 4 working days after that" in page
