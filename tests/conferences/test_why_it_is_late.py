"""Every late deadline has a cause, also while nothing is booked, agreed to by whom the procedures name."""

from __future__ import annotations

import datetime
from http import HTTPStatus

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from conferences.access import may
from conferences.services.late_dates import explain_lateness
from deadlines.models import Deadline, LateCause
from deadlines.selectors.late_causes import may_explain
from deadlines.services import reconcile
from deadlines.services.late_causes import agree_to_cause, explain_late
from deadlines.to_decide import described, to_decide
from families.models import Pregnancy
from govuk.words import NO_BREAK
from tests.conferences import story
from tests.conferences.story import NOW
from tests.factories import procedures_with, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
LATE = datetime.datetime(2027, 1, 11, 10, tzinfo=datetime.UTC)
WHY = "The police asked us to wait for their check."


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATE, tick=False):
        yield


@once_per_module(at=NOW)
def told():
    """The strategy discussion about three children; nothing is booked a week after the limit."""
    made = story.tell()
    made.head = user_with_role(Role.SERVICE_MANAGER, authority=made.authority)
    return made


def late_conference(told, words="team manager and chair"):
    procedures_with(told.authority, since=datetime.date(2026, 12, 1), values={"late-agreed-by": words})
    story.discussed(told)
    reconcile(family_ids=[told.family.pk], now=LATE)
    return Deadline.objects.filter(kind="initial-conference", child_id=told.robin.pk).get()


def explain(deadline, by, **changes):
    return explain_late(
        deadline=deadline, by=by, now=timezone.now(), **{"cause": "police-check", "reason": WHY, **changes}
    )


def plain(client, name):
    return client.get(reverse(name)).content.decode().replace(NO_BREAK, " ")


def on_list(user, key="late-cause"):
    return key in {kind for _, kind, *_ in to_decide(user)}


@pytest.mark.parametrize(
    ("words", "named"),
    [("team manager and chair", {"manager", "head"}), ("service manager", {"head"}), ("nobody", set())],
)
def test_a_cause_waits_for_whom_the_procedures_name(told, words, named):
    deadline = late_conference(told, words)
    said = explain(deadline, told.social_worker)
    people = {name: getattr(told, name) for name in ("manager", "head", "chair", "coordinator", "social_worker")}
    assert {who for who, user in people.items() if on_list(user)} == named
    for who, user in people.items():
        if who not in named:
            with pytest.raises(ValidationError, match="has to agree"):
                agree_to_cause(cause=said, by=user, now=LATE)
    if named:
        agree_to_cause(cause=said, by=people[min(named)], now=LATE)
        assert not any(on_list(user) for user in people.values())


def test_a_cause_is_changed_in_the_open_and_asked_again(told):
    deadline = late_conference(told)
    first = explain(deadline, told.social_worker)
    assert explain(deadline, told.social_worker) == first
    agree_to_cause(cause=first, by=told.manager, now=LATE)
    second = explain(deadline, told.manager, reason="It was the report")
    first.refresh_from_db()
    assert (first.replaced_at, second.agreed_at, on_list(told.manager), on_list(told.head)) == (LATE, None, False, True)
    with pytest.raises(ValidationError, match="was said otherwise"):
        agree_to_cause(cause=explain(deadline, told.social_worker, reason="Both") and second, by=told.head, now=LATE)


def test_a_missing_cause_stands_before_those_who_can_say_it_until_it_is_said(told, client):
    deadline = late_conference(told)
    people = {name: getattr(told, name) for name in ("manager", "head", "chair", "coordinator", "social_worker")}
    asked = {who for who, user in people.items() if on_list(user, "late-cause-missing")}
    assert asked == {who for who, user in people.items() if may_explain(user, deadline, now=LATE)}
    assert asked == {"manager", "head", "social_worker"}
    client.force_login(told.social_worker)
    page = client.get(reverse("deadlines:to-decide")).content.decode()
    assert reverse("deadlines:late-cause", args=[deadline.pk]) in page
    lines = described(to_decide(told.social_worker))
    assert len([line for line in lines if "Hold the initial conference" in line.about]) == 1
    assert len({(line.title, line.about) for line in lines}) == len(lines)
    client.force_login(told.manager)
    names = sorted(child.person.full_name for child in (told.robin, told.wren, told.baby))
    assert f"Hold the initial conference, {', '.join(names)}" in plain(client, "deadlines:team")
    for other in Deadline.objects.open().filter(kind=deadline.kind, family_id=told.family.pk):
        explain(other, told.manager)
    assert not any(on_list(user, "late-cause-missing") for user in people.values())


def test_a_limit_before_birth_that_ended_with_the_discussion_has_its_cause_from_the_start(told, client):
    Pregnancy.objects.filter(pk=told.baby.pregnancy_id).update(expected_on=datetime.date(2027, 3, 8))
    procedures_with(told.authority, since=datetime.date(2026, 12, 1))
    story.discussed(told)
    reconcile(family_ids=[told.family.pk], now=story.HELD_AT)
    deadline = Deadline.objects.get(kind="pre-birth-conference")
    assert deadline.due_on == story.HELD_AT.date()
    words = "The timing of the pregnancy"
    client.force_login(told.manager)
    date = reverse("deadlines:deadline", args=[deadline.pk])
    assert words in client.get(date).content.decode()
    assert words in plain(client, "deadlines:team")
    form = client.get(reverse("deadlines:late-cause", args=[deadline.pk])).context["form"]
    assert form["cause"].value() == "pre-birth-timing"
    explain(deadline, told.manager)
    assert words not in client.get(date).content.decode()


def lines(user, key):
    return [(line.about, line.url) for line in described([row for row in to_decide(user) if row[1] == key])]


def test_one_cause_serves_all_children_of_the_same_act_but_for_those_unticked(told, client):
    deadline = late_conference(told)
    alike = list(Deadline.objects.filter(kind=deadline.kind, family_id=told.family.pk).order_by("late_from", "pk"))
    assert len(alike) == 3
    names = ", ".join(sorted(child.person.full_name for child in (told.robin, told.wren, told.baby)))
    asked = [line for line in lines(told.social_worker, "late-cause-missing") if "initial" in line[0]]
    assert [about.replace(NO_BREAK, " ") for about, _ in asked] == [f"Hold the initial conference, {names}"]
    client.force_login(told.social_worker)
    page = asked[0][1]
    form = client.get(page).context["form"]
    assert sorted(form["which"].value()) == sorted(str(row.pk) for row in alike)
    baby = next(row for row in alike if row.child_id == told.baby.pk)
    siblings = [row.pk for row in alike if row != baby]
    said = {"cause": "police-check", "reason": WHY}
    assert client.post(page, said).context["form"].errors["which"] == ["Choose at least one"]
    answer = client.post(page, {**said, "which": siblings})
    assert answer.url == reverse("deadlines:late-cause", args=[baby.pk])
    assert "One other still waits." in client.get(answer.url).content.decode()
    assert [row.cause for row in LateCause.objects.all()] == ["police-check"] * 2
    assert (
        client.post(answer.url, {"cause": "family-asked", "reason": "Hazel gave birth"}).status_code == HTTPStatus.FOUND
    )
    assert [about for about, _ in lines(told.social_worker, "late-cause-missing") if "initial" in about] == []

    client.force_login(told.manager)
    together, alone = sorted(lines(told.manager, "late-cause"), key=lambda line: -len(line[0]))
    assert told.baby.person.full_name in alone[0]
    assert client.post(together[1], {"which": siblings[:1]}).status_code == HTTPStatus.FOUND
    assert [row.deadline_id for row in LateCause.objects.filter(agreed_at__isnull=False)] == siblings[:1]
    left = next(line for line in lines(told.manager, "late-cause") if told.baby.person.full_name not in line[0])
    assert client.post(left[1]).status_code == HTTPStatus.FOUND
    assert LateCause.objects.filter(agreed_at__isnull=False).count() == 2


def test_managers_are_asked_once_it_has_gone_up_the_line_to_them(told):
    deadline = late_conference(told)
    for moment, asked in (
        (deadline.late_from, {"social_worker"}),
        (deadline.manager_from, {"social_worker", "manager"}),
        (deadline.service_manager_from, {"social_worker", "manager", "head"}),
    ):
        with time_machine.travel(moment, tick=False):
            people = {
                name: getattr(told, name) for name in ("manager", "head", "chair", "coordinator", "social_worker")
            }
            assert {who for who, user in people.items() if on_list(user, "late-cause-missing")} == asked
            assert {who for who, user in people.items() if may_explain(user, deadline, now=moment)} == asked


def test_nothing_is_asked_before_the_limit_has_passed(told):
    late_conference(told)
    with time_machine.travel(NOW, tick=False):
        assert not on_list(told.social_worker, "late-cause-missing")


def test_a_conference_booked_after_its_limit_asks_for_the_cause_where_the_procedures_do(told, client):
    conference = story.booked(told, starts_at=LATE + datetime.timedelta(days=2), late_cause="", late_reason="")
    people = {name: getattr(told, name) for name in ("manager", "head", "chair", "coordinator", "social_worker")}
    assert {who for who, user in people.items() if on_list(user, "late-reason")} == {
        who for who, user in people.items() if may(user, conference, to="arrange")
    }
    assert not on_list(told.social_worker, "late-cause-missing")
    address = reverse("conferences:late-reason", args=[conference.pk])
    opened = set()
    for who, user in people.items():
        client.force_login(user)
        opened |= {who} if client.get(address).status_code == HTTPStatus.OK else set()
    assert opened == {who for who, user in people.items() if on_list(user, "late-reason")}
    explain_lateness(conference=conference, cause="police-check", reason=WHY, by=told.coordinator, now=LATE)
    assert not any(on_list(user, "late-reason") for user in people.values())


def test_of_a_conference_within_its_limit_no_reason_is_asked_shown_or_taken(told, client):
    with time_machine.travel(NOW, tick=False):
        conference = story.booked(told)
        explanation = {"conference": conference, "cause": "room", "reason": WHY, "by": told.coordinator, "now": NOW}
        client.force_login(told.coordinator)
        address = reverse("conferences:late-reason", args=[conference.pk])
        assert client.get(address).status_code == HTTPStatus.NOT_FOUND
        assert client.post(address, {"late_cause": "room", "late_reason": WHY}).status_code == HTTPStatus.NOT_FOUND
        assert address not in client.get(reverse("conferences:overview", args=[conference.pk])).content.decode()
        with pytest.raises(ValidationError, match="within its time limit"):
            explain_lateness(**explanation)
        assert not on_list(told.coordinator, "late-reason")
    conference.refresh_from_db()
    assert (conference.late_cause, conference.late_reason) == ("", "")


def test_a_conference_that_decided_nothing_in_time_is_explained_where_it_is_asked_for(told, client):
    """The day of its sitting was in time; list, overview and page go by the limit that passed since."""
    with time_machine.travel(NOW, tick=False):
        conference = story.booked(told)
    client.force_login(told.coordinator)
    address = reverse("conferences:late-reason", args=[conference.pk])
    assert on_list(told.coordinator, "late-reason")
    assert address in client.get(reverse("conferences:overview", args=[conference.pk])).content.decode()
    client.post(address, {"late_cause": "police-check", "late_reason": WHY})
    conference.refresh_from_db()
    assert (conference.late_cause, on_list(told.coordinator, "late-reason")) == ("police-check", False)


def test_where_only_the_reason_is_asked_for_it_is_the_reason_that_is_missing(told):
    procedures_with(told.authority, since=datetime.date(2026, 12, 1), values={"late-conference-needs": ["reason"]})
    conference = story.booked(told, starts_at=LATE + datetime.timedelta(days=2), late_cause="", late_reason="")
    assert on_list(told.coordinator, "late-reason")
    explain_lateness(conference=conference, cause="", reason=WHY, by=told.coordinator, now=LATE)
    assert not on_list(told.coordinator, "late-reason")


def test_after_four_weeks_no_one_is_asked_any_more_and_the_pages_say_that_it_can_still_be_said(told, client):
    deadline = late_conference(told)
    Deadline.objects.filter(pk=deadline.pk).update(met_at=LATE)
    client.force_login(told.social_worker)
    date, page = (reverse(f"deadlines:{name}", args=[deadline.pk]) for name in ("deadline", "late-cause"))
    words, weeks = "no one is asked any more", datetime.timedelta(days=28)
    for address in (date, page):
        assert words not in client.get(address).content.decode()
    with time_machine.travel(LATE + weeks, tick=False):
        client.force_login(told.social_worker)
        for address in (date, page):
            assert words in client.get(address).content.decode()
        said = explain(deadline, told.social_worker)
        assert (said.recorded_at, words in client.get(date).content.decode()) == (LATE + weeks, False)


def test_only_those_responsible_or_managing_say_why_and_only_when_it_is_late(told):
    deadline = late_conference(told)
    with pytest.raises(ValidationError, match="Only whoever is responsible"):
        explain(deadline, told.chair)
    for field, changes in (("cause", {"cause": "weather"}), ("reason", {"reason": " "})):
        with pytest.raises(ValidationError) as refused:
            explain(deadline, told.social_worker, **changes)
        assert list(refused.value.message_dict) == [field]
    with pytest.raises(ValidationError, match="Only whoever is responsible"):
        explain_late(deadline=deadline, cause="room", reason=WHY, by=told.social_worker, now=NOW)


def test_any_other_clock_has_a_cause_that_no_one_has_to_agree_to(told):
    late_conference(told)
    other = (
        Deadline.objects.late(now=LATE).exclude(kind__endswith="conference").filter(family_id=told.family.pk).first()
    )
    other = other or Deadline.objects.create(
        **{
            field.name: getattr(Deadline.objects.first(), field.name)
            for field in Deadline._meta.fields
            if field.name not in ("id", "kind", "fact_id")
        },
        kind="visit",
        fact_id=1,
    )
    assert explain(other, told.manager).asked_of == ""


def test_the_pages_show_the_cause_where_the_date_the_team_and_the_council_are_looked_at(told, client):
    deadline = late_conference(told)
    client.force_login(told.social_worker)
    page = reverse("deadlines:late-cause", args=[deadline.pk])
    date = reverse("deadlines:deadline", args=[deadline.pk])
    assert page in client.get(date).content.decode()
    alike = list(Deadline.objects.filter(kind=deadline.kind, family_id=told.family.pk).values_list("pk", flat=True))
    said = {"cause": "police-check", "reason": WHY, "which": alike}
    assert client.post(page, said).status_code == HTTPStatus.FOUND
    assert WHY in client.get(date).content.decode()
    label = "A police check was not back"
    client.force_login(told.manager)
    assert label in client.get(reverse("deadlines:team"), {"kind": "initial-conference"}).content.decode()
    agrees = reverse("deadlines:agree-late-cause", args=[deadline.pk])
    assert client.post(agrees, {"which": alike}).status_code == HTTPStatus.FOUND
    client.force_login(told.head)
    assert label in client.get(reverse("deadlines:council")).content.decode()
