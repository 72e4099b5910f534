"""A long list of work in pages, notices on it, one kind of it, and the badge."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessEvent
from deadlines.cases import CaseContext, case_contexts
from deadlines.selectors import late_count, work_of
from deadlines.services import reconcile, sweep
from notifications.models import Notice
from tests.deadlines.conftest import Facts, a_clock, moment
from tests.deadlines.test_my_work import NOW, URL, _wednesday_16_december_2026, busy, whats  # noqa: F401 the fixtures
from tests.factories import ChildFactory, NoticeFactory, UserFactory, user_with_role

pytestmark = pytest.mark.django_db


# Pages of a long list


@pytest.fixture
def long_list(case):
    """Thirty late visits of one family, and two later ones of another."""
    later = case.another_family("26-0500", name="Yarrow")
    facts = Facts("visit")
    a_clock("visit", facts, title="Visit")
    facts.rows = [
        *(case.fact(fact_id=n, starts=datetime.date(2026, 11, 30), what=f"Late {n:02}") for n in range(1, 31)),
        *(
            case.fact(fact_id=n, starts=datetime.date(2026, 12, 15), what=f"Later {n}", family_id=later.pk)
            for n in (31, 32)
        ),
    ]
    reconcile(family_ids=[case.family.pk, later.pk], now=NOW)
    return case


def test_a_long_list_continues_on_the_next_page(long_list):
    first, second = (work_of(long_list.worker, now=NOW, page=page) for page in ("1", "2"))
    assert whats(first.overdue) == [f"Visit: Late {n:02}" for n in range(1, 26)]
    assert whats(first.later) == []
    assert whats(second.overdue) == [f"Visit: Late {n:02}" for n in range(26, 31)]
    assert whats(second.later) == ["Visit: Later 31", "Visit: Later 32"]


def test_every_page_counts_everything_and_says_where_it_is(long_list):
    first, second, chosen = (
        work_of(long_list.worker, now=NOW, page=page, kind=kind)
        for page, kind in (("1", ""), ("2", ""), ("1", "visit"))
    )
    assert [tile["count"] for tile in first.tiles] == [tile["count"] for tile in second.tiles] == [30, 0, 0, 2, 0]
    assert [tile["url"] for tile in first.tiles] == ["#overdue", "", "", "?page=2#later", ""]
    assert [tile["url"] for tile in second.tiles] == ["?page=1#overdue", "", "", "#later", ""]
    assert chosen.tiles[3]["url"] == "?kind=visit&page=2#later"
    assert first.lead == second.lead


@pytest.mark.parametrize(("page", "shown"), [("", 1), ("x", 1), ("0", 2), ("3", 2), ("9" * 20, 2)])
def test_a_page_that_does_not_exist_shows_the_nearest(long_list, page, shown):
    assert work_of(long_list.worker, now=NOW, page=page).page.number == shown


def test_the_page_leads_to_the_others_and_logs_only_those_it_names(client, long_list):
    client.force_login(long_list.worker)
    text = client.get(URL).content.decode()
    assert (text.count('cp-work__row"'), "?page=2#later" in text, "1 to 25 of 32" in text) == (25, True, True)
    assert "Yarrow" not in text
    assert AccessEvent.objects.latest("pk").family_ids == [long_list.family.pk]
    assert "Yarrow" in client.get(f"{URL}?page=2").content.decode()
    assert len(AccessEvent.objects.latest("pk").family_ids) == 2


def test_a_block_counts_the_fifteen_days_of_a_limit_on_another_page(long_list, initial):
    initial.rows = [long_list.fact(fact_id=99)]
    reconcile(family_ids=[long_list.family.pk], now=NOW)
    work = work_of(long_list.worker, now=NOW)
    assert (work.later.rows, work.later.count) == ([], 3)
    assert work.overdue.blocks[0].cells_text == "Day 6 of 15 · no conference booked"


def test_the_next_days_show_once_where_only_meetings_fall_on_them(long_list):
    case_contexts.connect(
        lambda families, _today: {pk: CaseContext(meets_at=moment("2026-12-22 10:00")) for pk in families}
    )
    pages = (work_of(long_list.worker, now=NOW, page=page) for page in ("1", "2"))
    assert [work.shows_days_ahead for work in pages] == [False, True]


# Notices


def test_a_notice_is_shown_until_it_is_acknowledged(client, busy):  # noqa: F811
    sweep(now=NOW)
    client.force_login(busy.worker)
    assert "Late: Visit, case 26-0417" in client.get(URL).content.decode()
    seen = Notice.objects.filter(user=busy.worker)
    response = client.post(reverse("deadlines:acknowledge-notices"), {"notice": [notice.pk for notice in seen]})
    assert (response.status_code, response.url) == (302, URL)
    assert {notice.acknowledged_at for notice in Notice.objects.filter(user=busy.worker)} == {NOW}
    assert "Late: Visit, case 26-0417" not in client.get(URL).content.decode()


def test_more_notices_than_are_shown_are_counted(client, busy):  # noqa: F811
    for n in range(13):
        NoticeFactory(user=busy.worker, key=f"n{n}", text=f"News {n}")
    client.force_login(busy.worker)
    assert "3\xa0older ones show once you have seen these" in client.get(URL).content.decode()


def test_another_users_notice_can_not_be_acknowledged(client, busy):  # noqa: F811
    notice = NoticeFactory(user=busy.worker)
    client.force_login(busy.manager)
    client.post(reverse("deadlines:acknowledge-notices"), {"notice": [notice.pk]})
    notice.refresh_from_db()
    assert notice.acknowledged_at is None


@pytest.mark.parametrize("nonsense", ["", "-1", "x", "9" * 40, "١٢"])
def test_invalid_input_acknowledges_nothing(client, busy, nonsense):  # noqa: F811
    client.force_login(busy.worker)
    assert client.post(reverse("deadlines:acknowledge-notices"), {"notice": [nonsense]}).status_code == 302


def test_acknowledging_needs_a_signed_in_user_and_a_post(client):
    url = reverse("deadlines:acknowledge-notices")
    assert client.post(url).status_code == 302
    assert client.get(url).status_code == 405
    client.force_login(UserFactory())
    assert client.post(url).status_code == 404


# One kind, and the badge


def test_one_kind_may_be_shown(client, busy):  # noqa: F811
    facts = Facts("minutes-sent")
    a_clock("minutes-sent", facts, title="Send the minutes")
    facts.rows = [busy.fact(fact_id=70, starts=datetime.date(2026, 12, 1))]
    reconcile(family_ids=[busy.family.pk], now=NOW)
    work = work_of(busy.worker, now=NOW, kind="minutes-sent")
    assert [tile["count"] for tile in work.tiles] == [0, 0, 0, 1, 0]
    assert [(row.kind, row.count) for row in work.kinds] == [("visit", 5), ("minutes-sent", 1)]
    client.force_login(busy.worker)
    text = client.get(URL, {"kind": "minutes-sent"}).content.decode()
    assert "Send the minutes (1)" in text
    assert "Visit: Overdue" not in text


@pytest.mark.parametrize("kind", ["nonsense", "visit' --", "x" * 3000])
def test_an_unknown_kind_shows_everything(client, busy, kind):  # noqa: F811
    client.force_login(busy.worker)
    response = client.get(URL, {"kind": kind})
    assert response.status_code == 200
    assert "Visit: Overdue" in response.content.decode()


def test_the_navigation_says_how_much_is_late(client, busy):  # noqa: F811
    assert late_count(busy.worker, now=NOW) == 1
    assert late_count(busy.manager, now=NOW) == 0
    client.force_login(busy.worker)
    badge = '<span class="cp-count">1<span class="govuk-visually-hidden"> late</span></span>'
    assert badge in client.get(URL).content.decode()
    client.force_login(busy.manager)
    assert "cp-count" not in client.get(URL).content.decode()


def test_the_badge_matches_the_page(case, initial):
    children = [ChildFactory(), ChildFactory()]
    initial.rows = [
        case.fact(fact_id=child.pk, child_id=child.pk, starts=datetime.date(2026, 11, 2)) for child in children
    ]
    reconcile(family_ids=[case.family.pk], now=NOW)
    assert late_count(case.worker, now=NOW) == work_of(case.worker, now=NOW).overdue.count == 1


def test_a_role_without_cases_has_no_badge_and_no_query_for_it(client, django_assert_num_queries):
    client.force_login(user_with_role(Role.ADMINISTRATOR))
    assert "cp-count" not in client.get(URL).content.decode()
