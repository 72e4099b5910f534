"""Break-glass: opening another worker's case for a reason, for a day; managers are told at once and review it."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent
from deadlines.to_decide import to_decide
from families import services
from families.access import BY_GLASS, FAMILY_CHANGE_RULE, FAMILY_RULE, GLASS_ROLES
from families.enums import GlassOutcome
from families.models import BreakGlass, Family
from notifications.models import Message, Notice
from tests.factories import BreakGlassFactory, FamilyFactory, user_with_role
from tests.families.conftest import NOW
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
REASON = "A neighbour rang: the child is alone tonight."


@once_per_module(at=NOW)
def duty(case):
    return user_with_role(Role.DUTY_WORKER, authority=case.council.authority, name="Night Jar")


@once_per_module(at=NOW)
def service(case):
    return user_with_role(Role.SERVICE_MANAGER, authority=case.council.authority, name="Edie Wren")


def broken(case, user, **changes):
    return services.break_glass(**{"user": user, "family": case.family, "reason": REASON, "now": NOW, **changes})


def again(user):
    return type(user).objects.get(pk=user.pk)


def the_page(case):
    return reverse("families:break-glass", args=[case.family.pk])


@pytest.mark.parametrize("restricted", [False, True])
def test_it_opens_the_case_for_reading_for_a_day(case, duty, restricted):
    Family.objects.update(restricted=restricted)
    assert FAMILY_RULE.right_of(duty, case.family) is None
    glass = broken(case, duty)
    assert (glass.opened_at, glass.closes_at) == (NOW, NOW + DAY)
    assert FAMILY_RULE.right_of(duty, case.family) == BY_GLASS
    assert FAMILY_CHANGE_RULE.right_of(duty, case.family) is None
    with time_machine.travel(NOW + DAY, tick=False):
        assert FAMILY_RULE.right_of(again(duty), case.family) is None


@pytest.mark.parametrize("role", Role)
def test_only_case_roles_duty_workers_and_custodians_may_break_it(case, role):
    Family.objects.update(restricted=True)
    user = user_with_role(role, authority=case.council.authority)
    allowed = {
        Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.CHAIR, Role.COORDINATOR, Role.SERVICE_MANAGER,
        Role.CUSTODIAN, Role.DUTY_WORKER,
    }  # fmt: skip
    assert allowed == GLASS_ROLES
    if role in allowed:
        assert broken(case, user).user == user
    else:
        with pytest.raises(ValidationError):
            broken(case, user)
        assert not BreakGlass.objects.exists()


def test_users_of_another_council_can_not_break_it(case):
    with pytest.raises(ValidationError):
        broken(case, user_with_role(Role.DUTY_WORKER))


def test_refuses_a_case_already_open_to_the_user(case):
    with pytest.raises(ValidationError, match="You can already open this case"):
        broken(case, case.council.worker)


def test_a_sealed_family_stays_closed(case, duty):
    for child in (case.robin, case.wren, case.baby):
        child.person.sealed_at, child.person.sealed_because = NOW, "Adoption"
        child.person.save()
    with pytest.raises(ValidationError):
        broken(case, duty)


def test_it_needs_a_reason(case, duty):
    with pytest.raises(ValidationError) as refused:
        broken(case, duty, reason="  ")
    assert list(refused.value.message_dict) == ["reason"]


def test_a_second_request_returns_the_existing_opening(case, duty, service):
    assert broken(case, duty) == broken(case, duty, now=NOW + DAY / 2)
    assert Notice.objects.count() == 1


def test_service_managers_are_told_at_once_without_names(case, duty, service):
    user_with_role(Role.SERVICE_MANAGER)
    glass = broken(case, duty)
    address = reverse("families:review-glass", args=[glass.pk])
    notice, message = Notice.objects.get(), Message.objects.get()
    assert (notice.user, notice.url, notice.urgent) == (service, address, True)
    assert (message.user, message.to_email, message.subject) == (
        service, service.email, f"Please look at this now: BG-{glass.pk}",
    )  # fmt: skip
    for told in (notice.text, message.subject, message.body):
        for word in (case.family.case_number, case.family.name, duty.name, REASON):
            assert word not in told


def test_a_relative_who_manages_the_service_is_not_told(case, duty, service):
    case.grandmother.user = service
    case.grandmother.save()
    broken(case, duty)
    assert (Notice.objects.count(), Message.objects.count()) == (0, 0)


def test_another_service_manager_reviews_it_with_outcome_and_words(case, duty, service):
    glass = broken(case, duty)
    services.review_glass(
        glass=glass, outcome=GlassOutcome.JUSTIFIED, words="The call is in the log.", close=True,
        by=service, now=NOW + DAY / 4,
    )  # fmt: skip
    glass.refresh_from_db()
    assert (glass.reviewed_by, glass.reviewed_at, glass.outcome, glass.review, glass.closes_at) == (
        service, NOW + DAY / 4, GlassOutcome.JUSTIFIED, "The call is in the log.", NOW + DAY / 4,
    )  # fmt: skip


def test_the_opener_can_not_review_it(case, service):
    Family.objects.update(restricted=True)
    glass = broken(case, service)
    with pytest.raises(ValidationError, match="Someone else has to review"):
        services.review_glass(
            glass=glass, outcome=GlassOutcome.JUSTIFIED, words="Fine", close=False, by=service, now=NOW
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        BreakGlass.objects.update(reviewed_by=service, reviewed_at=NOW, outcome="justified", review="Fine")


@pytest.mark.parametrize("missing", ["outcome", "words"])
def test_a_review_needs_an_outcome_and_words(case, duty, service, missing):
    facts = {"outcome": GlassOutcome.MISUSED, "words": "Curiosity", missing: ""}
    with pytest.raises(ValidationError) as refused:
        services.review_glass(glass=broken(case, duty), close=False, by=service, now=NOW, **facts)
    assert list(refused.value.message_dict) == [missing]


def test_an_outstanding_review_is_chased_daily(case, duty, service):
    glass = broken(case, duty)
    Notice.objects.all().delete()
    assert services.chase_reviews(now=NOW + DAY / 2) == 0
    for hours in (24, 25, 48):
        assert services.chase_reviews(now=NOW + datetime.timedelta(hours=hours)) == 1
    assert [row.user for row in Notice.objects.all()] == [service, service]
    services.review_glass(glass=glass, outcome=GlassOutcome.JUSTIFIED, words="Fine", close=False, by=service, now=NOW)
    assert services.chase_reviews(now=NOW + 3 * DAY) == 0


# the pages


def test_the_page_reveals_nothing_and_opens_the_case_for_a_reason(case, duty, service, client):
    client.force_login(duty)
    page = client.get(the_page(case)).content.decode()
    for word in (case.family.case_number, case.family.name, "Robin"):
        assert word not in page
    answer = client.post(the_page(case), {"reason": REASON})
    assert answer.url == reverse("families:family", args=[case.family.pk])
    shown = client.get(answer.url)
    assert "Opened by break-glass until" in shown.content.decode()
    assert AccessEvent.objects.filter(page="families:family").get().right == BY_GLASS


def test_an_empty_reason_opens_nothing(case, duty, client):
    client.force_login(duty)
    page = client.post(the_page(case), {"reason": " "})
    assert list(page.context["form"].errors) == ["reason"]
    assert not BreakGlass.objects.exists()


def test_it_asks_for_the_second_factor_again(case, duty, client, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    client.force_login(duty)
    answer = client.post(the_page(case), {"reason": REASON})
    assert answer.status_code == 302
    assert "/account/" in answer.url
    assert not BreakGlass.objects.exists()


def test_break_glass_does_not_open_the_edit_pages(case, duty, client):
    broken(case, duty)
    client.force_login(duty)
    for name in ("change-family", "allocate-case", "add-child", "restrict-family"):
        assert client.get(reverse(f"families:{name}", args=[case.family.pk])).status_code == 404


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.PROFESSIONAL])
def test_other_roles_are_refused_the_pages(case, client, role):
    address = the_page(case)
    assert client.get(address).status_code == 302
    client.force_login(user_with_role(role, authority=case.council.authority))
    assert [client.get(url).status_code for url in (address, reverse("families:find-case"))] == [404, 404]


def test_another_council_is_refused(case, client):
    client.force_login(user_with_role(Role.DUTY_WORKER))
    assert client.get(the_page(case)).status_code == 404


@pytest.mark.parametrize("number", ["26-0417", " 26-0417 "])
def test_a_case_is_found_by_its_full_number(case, duty, client, number):
    client.force_login(duty)
    answer = client.post(reverse("families:find-case"), {"case_number": number})
    assert answer.url == the_page(case)
    event = AccessEvent.objects.get()
    assert (event.kind, event.family_ids) == (ReadKind.SEARCH, [case.family.pk])


@pytest.mark.parametrize("number", ["26-041", "26", "99-0001", "%"])
def test_part_of_a_number_finds_nothing_and_stays_on_the_page(case, duty, client, number):
    client.force_login(duty)
    page = client.post(reverse("families:find-case"), {"case_number": number})
    assert list(page.context["form"].errors) == ["case_number"]
    assert number in page.content.decode()


def test_the_same_number_of_another_council_is_not_found(case, duty, client):
    Family.objects.filter(pk=case.family.pk).update(case_number="26-9999")
    FamilyFactory(case_number="26-0417")
    client.force_login(duty)
    page = client.post(reverse("families:find-case"), {"case_number": "26-0417"})
    assert list(page.context["form"].errors) == ["case_number"]


def test_the_users_own_case_opens_without_break_glass(case, client):
    client.force_login(case.council.worker)
    answer = client.post(reverse("families:find-case"), {"case_number": "26-0417"})
    assert answer.url == reverse("families:family", args=[case.family.pk])
    assert client.get(the_page(case)).url == answer.url


@pytest.mark.django_db(transaction=True)
def test_guessing_numbers_is_stopped(case, duty, client):
    client.force_login(duty)
    address = reverse("families:find-case")
    for n in range(20):
        client.post(address, {"case_number": f"25-{n:04d}"})
    page = client.post(address, {"case_number": "26-0417"})
    assert list(page.context["form"].errors) == ["__all__"]


def test_the_review_shows_the_reason_and_everything_that_was_opened(case, duty, service, client):
    glass = broken(case, duty)
    client.force_login(duty)
    client.get(reverse("families:family", args=[case.family.pk]))
    client.get(reverse("families:person", args=[case.family.pk, case.mother.pk]))
    with time_machine.travel(NOW + DAY, tick=False):
        client.get(reverse("families:family", args=[case.family.pk]))
    client.force_login(service)
    page = client.get(reverse("families:review-glass", args=[glass.pk]))
    shown = page.content.decode()
    assert REASON in shown
    assert case.family.case_number in shown
    assert [event.page for event in page.context["events"]] == [
        "families:family", "families:person", "families:person",
    ]  # fmt: skip


def test_the_review_of_a_restricted_case_hides_its_number(case, duty, service, client):
    Family.objects.update(restricted=True)
    glass = broken(case, duty)
    client.force_login(service)
    for name, args in (("review-glass", [glass.pk]), ("glass-reviews", [])):
        shown = client.get(reverse(f"families:{name}", args=args)).content.decode()
        assert "A restricted case" in shown
        assert case.family.case_number not in shown


def test_a_service_manager_reviews_on_the_page_and_the_input_is_kept(case, duty, service, client):
    glass = broken(case, duty)
    client.force_login(service)
    address = reverse("families:review-glass", args=[glass.pk])
    page = client.post(address, {"words": "Rang back 🌻"})
    assert list(page.context["form"].errors) == ["outcome"]
    assert "Rang back 🌻" in page.content.decode()
    with time_machine.travel(NOW + DAY / 2, tick=False):
        client.force_login(service)
        answer = client.post(address, {"outcome": "justified", "words": "Rang back", "close": "on"})
    assert answer.url == reverse("families:glass-reviews")
    glass.refresh_from_db()
    assert (glass.reviewed_by, glass.closes_at) == (service, NOW + DAY / 2)


def test_the_opener_can_not_submit_the_review(case, service, client):
    Family.objects.update(restricted=True)
    glass = broken(case, service)
    client.force_login(service)
    address = reverse("families:review-glass", args=[glass.pk])
    assert "No one could do this now" in client.get(address).content.decode()
    assert client.post(address, {"outcome": "justified", "words": "x"}).status_code == 404


@pytest.mark.parametrize("name", ["glass-reviews", "review-glass"])
def test_only_service_managers_of_the_council_review(case, duty, client, name):
    glass = broken(case, duty)
    address = reverse(f"families:{name}", args=[glass.pk] if name == "review-glass" else [])
    assert client.get(address).status_code == 302
    for user in (duty, case.council.manager, case.council.worker):
        client.force_login(user)
        assert client.get(address).status_code == 404
    client.force_login(user_with_role(Role.SERVICE_MANAGER))
    assert client.get(address).status_code == (404 if name == "review-glass" else 200)


def test_my_work_lists_the_review_until_it_is_done(case, duty, service, client):
    glass = broken(case, duty)
    client.force_login(service)
    with time_machine.travel(NOW):
        before = client.get(reverse("deadlines:my-work")).content.decode()
        services.review_glass(
            glass=glass, outcome=GlassOutcome.JUSTIFIED, words="Asked.", close=False, by=service, now=NOW
        )
        after = client.get(reverse("deadlines:my-work")).content.decode()
    asked = "Review why a case was opened by break-glass"
    assert (asked in before, asked in after) == (True, False)
    assert to_decide(again(duty)) == []


def test_the_list_takes_the_same_queries_for_one_and_thirty(case, duty, service, client):
    broken(case, duty)
    client.force_login(service)
    address = reverse("families:glass-reviews")
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(19):
        BreakGlassFactory(family=FamilyFactory(team=case.council.team), user=user_with_role(Role.CHAIR), opened_at=NOW)
    with CaptureQueriesContext(connection) as twenty:
        client.get(address)
    assert len(twenty) == len(one)
