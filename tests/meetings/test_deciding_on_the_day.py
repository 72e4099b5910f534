"""Deciding, dates and closing on the pages of the day."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Draft
from conferences.enums import ConferenceStatus
from conferences.models import Decision
from meetings.enums import Harm, ViewStatus
from meetings.models import BoardEntry
from meetings.services.views_given import record_view
from tests.conferences.conftest import NOW
from tests.meetings.test_day_pages import decision_form, draft, the_time, url  # noqa: F401 the fixtures

pytestmark = pytest.mark.django_db


def views_of_everybody(meeting, child):
    for who in ("amara", "callum", "ngozi", "beth", "hazel"):
        record_view(
            conference_child=child,
            participant=getattr(meeting.people, who),
            harm=Harm.LIKELY,
            status=ViewStatus.CP_PLAN,
            category="EMO",
            reason="Because",
            by=meeting.coordinator,
            now=NOW,
        )


def test_the_decision_is_checked_once_more_before_it_is_made(chair, meeting):
    draft(meeting)
    views_of_everybody(meeting, meeting.wren)
    pk, wren = meeting.conference.pk, meeting.wren.pk
    look = chair.post(url("decide", pk, wren), decision_form(meeting))
    page = look.content.decode()
    assert look.status_code == 200
    assert "Check the decision for Wren" in page
    assert "Decide: child protection plan for Wren" in page
    assert "Nothing goes to the family or to other agencies yet." in page
    assert Decision.objects.count() == 0
    carried = dict_of(look.context["carried"])
    assert carried["rationale"] == ["Wren has been frightened at home.\n\nAgain and again."]
    back = chair.post(url("decide", pk, wren), {**carried, "back": "yes"})
    assert "Again and again." in back.content.decode()
    assert "There is a problem" not in back.content.decode()
    for _ in range(2):
        made = chair.post(url("check-decision", pk, wren), carried)
        assert (made.status_code, made.url) == (302, url("decide", pk, meeting.robin.pk))
    decision = Decision.objects.get()
    assert (decision.outcome, decision.key_worker, decision.decided_by) == ("cp_plan", meeting.worker, meeting.chair)


def test_a_decision_takes_few_queries(chair, meeting):
    draft(meeting)
    views_of_everybody(meeting, meeting.wren)
    pk, wren = meeting.conference.pk, meeting.wren.pk
    chair.get(url("decide", pk, wren))
    with CaptureQueriesContext(connection) as looked:
        chair.post(url("decide", pk, wren), decision_form(meeting))
    with CaptureQueriesContext(connection) as made:
        chair.post(url("check-decision", pk, wren), decision_form(meeting))
    assert Decision.objects.count() == 1
    # Savepoints are not counted: atomic blocks become savepoints only inside the test's own transaction.
    asked = [row["sql"] for row in made if "SAVEPOINT" not in row["sql"]]
    # Two carry what else was agreed into the plan. The last one asks whether this came late, and why.
    assert (len(looked), len(asked)) == (33, 54)


def dict_of(pairs):
    found = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def test_missing_items_are_listed_and_a_reason_asked(chair, meeting):
    pk, wren = meeting.conference.pk, meeting.wren.pk
    answer = chair.post(url("decide", pk, wren), decision_form(meeting))
    page = answer.content.decode()
    assert "No plan is drafted for Wren" in page
    assert "Say why you go on although something is missing. The minutes will say so." in page
    assert "Again and again." in page
    reason = {"went_on_reason": "The police take him at noon."}
    look = chair.post(url("decide", pk, wren), decision_form(meeting, **reason))
    assert "The police take him at noon." in look.content.decode()
    chair.post(url("check-decision", pk, wren), decision_form(meeting, **reason))
    decision = Decision.objects.get()
    assert (len(decision.missing), decision.went_on_reason) == (6, "The police take him at noon.")


def test_a_decision_without_rationale_is_refused_beside_its_field(chair, meeting):
    answer = chair.post(url("decide", meeting.conference.pk, meeting.wren.pk), decision_form(meeting, rationale=" "))
    assert "Write why. The parents will read this." in answer.content.decode()
    assert Decision.objects.count() == 0


def test_a_decision_for_a_child_not_in_the_conference_is_refused_with_a_message(chair, meeting):
    for name in ("decide", "check-decision"):
        answer = chair.post(url(name, meeting.conference.pk, 10**9), decision_form(meeting), follow=True)
        assert "This child is not in the conference" in answer.content.decode()
    assert Decision.objects.count() == 0


def test_the_check_page_does_not_skip_plan_and_views(chair, meeting):
    answer = chair.post(url("check-decision", meeting.conference.pk, meeting.wren.pk), decision_form(meeting))
    assert answer.status_code == 200
    assert Decision.objects.count() == 0


def test_dissent_is_recorded(chair, meeting):
    pk, wren = meeting.conference.pk, meeting.wren.pk
    chair.post(url("check-decision", pk, wren), decision_form(meeting, went_on_reason="Now"))
    answer = chair.post(
        url("record-dissent", pk, wren), {"participant": meeting.people.ngozi.pk, "text": "Help is enough"}
    )
    assert answer.url == f"{url('decisions', pk)}#child-{wren}"
    assert "Help is enough" in chair.get(url("decisions", pk)).content.decode()


def decide_for_both(chair, meeting):
    pk = meeting.conference.pk
    chair.post(url("check-decision", pk, meeting.wren.pk), decision_form(meeting, went_on_reason="Now"))
    chair.post(
        url("check-decision", pk, meeting.robin.pk),
        {"outcome": "other_support", "help_offered": "School", "rationale": "Safe", "went_on_reason": "Now"},
    )


DATES = {
    "core_group_on": "2027-01-15",
    "core_group_time": "14:00",
    "core_group_place": "Meadow Lane",
    "review_on": "2027-03-16",
    "review_time": "10:00",
}


def test_a_late_date_is_accepted_and_its_last_day_shown(chair, meeting):
    decide_for_both(chair, meeting)
    answer = chair.post(url("next-dates", meeting.conference.pk), DATES, follow=True)
    assert "the last day within the limit is" in answer.content.decode()
    meeting.conference.refresh_from_db()
    assert meeting.conference.first_core_group_place == "Meadow Lane"


def test_the_chair_closes_and_nothing_changes_afterwards(chair, meeting):
    pk = meeting.conference.pk
    decide_for_both(chair, meeting)
    chair.post(url("next-dates", pk), DATES)
    ended = {"ended_on": "2026-12-22", "ended_time": "11:25"}
    refused = chair.post(url("close", pk), {**ended, "ended_time": "09:00"})
    assert "The meeting can&#x27;t end before it started." in refused.content.decode()
    closed = chair.post(url("close", pk), {**ended, f"participation_{meeting.wren.pk}": "PN5"})
    assert closed.url == reverse("conferences:overview", args=[pk])
    meeting.conference.refresh_from_db()
    assert (meeting.conference.status, meeting.conference.quorate) == (ConferenceStatus.CLOSED, True)
    late = chair.post(url("board", pk), {"heading": "worries", "nature": "fact", "text": "Typed after the back button"})
    page = late.content.decode()
    assert late.status_code == 409
    assert "This meeting is closed." in page
    assert "Typed after the back button" in page
    assert BoardEntry.objects.count() == 0
    for name in ("day", "attendance", "agenda", "board", "scores", "plan", "views", "decisions", "next-dates", "close"):
        page = chair.get(url(name, pk), follow=True).content.decode()
        finds = url("find-on-board", pk)
        assert 'method="post" action="/conferences/' not in page.replace(f'action="{finds}"', ""), name


@pytest.mark.parametrize("name", ["close", "next-dates", "plan", "attendance"])
def test_the_back_button_after_closing_leads_to_a_clear_page(chair, meeting, name):
    meeting.conference.status = ConferenceStatus.CLOSED
    meeting.conference.ended_at = NOW
    meeting.conference.save()
    typed = {"why": "A long text that must not be lost", "what": "x", "who_else": "y", "by_when_words": "z"}
    address = url(name, meeting.conference.pk)
    if name == "attendance":
        address = url("mark-attendance", meeting.conference.pk, meeting.people.dale.pk)
        typed = {"mark": "here"}
    answer = chair.post(address, typed)
    assert answer.status_code == 409
    assert "This meeting is closed" in answer.content.decode()


def test_a_session_that_expires_during_a_long_text_loses_nothing(client, meeting):
    client.force_login(meeting.chair)
    address = url("decide", meeting.conference.pk, meeting.wren.pk)
    owner = client.get(address).content.decode().split('name="draft_owner" value="')[1].split('"')[0]
    client.logout()
    answer = client.post(address, decision_form(meeting, rationale="Written for ten minutes", draft_owner=owner))
    assert answer.status_code == 302
    assert Draft.objects.get().fields["rationale"] == ["Written for ten minutes"]
    client.force_login(meeting.chair)
    assert "Written for ten minutes" in client.get(address).content.decode()


def test_a_session_that_expires_on_the_check_page_loses_nothing(client, meeting):
    draft(meeting)
    views_of_everybody(meeting, meeting.wren)
    client.force_login(meeting.chair)
    address = url("decide", meeting.conference.pk, meeting.wren.pk)
    owner = client.get(address).content.decode().split('name="draft_owner" value="')[1].split('"')[0]
    carried = dict_of(client.post(address, decision_form(meeting, draft_owner=owner)).context["carried"])
    client.logout()
    assert client.post(url("check-decision", meeting.conference.pk, meeting.wren.pk), carried).status_code == 302
    client.force_login(meeting.chair)
    assert "Again and again." in client.get(address).content.decode()
    assert Decision.objects.count() == 0
