"""The pages of the plan as a document, as the social worker of three brothers and sisters uses them."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessEvent
from plans.enums import Occasion, PlanEntryKind, WhyChanged
from plans.models import PlanAction, PlanEntry
from plans.services.document import EntryWords, add_to_plans
from plans.services.versions import Why
from tests.factories import (
    AgencyInvolvementFactory,
    ChildFactory,
    FamilyFactory,
    PlanFactory,
    PostFactory,
    policy_version_of,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 1, 20, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _in_january_2027():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def case():
    family = FamilyFactory()
    family.plans = []
    for name in ("Robin", "Wren"):
        child = ChildFactory(authority=family.authority, family=family, person__given_name=name)
        family.plans.append(PlanFactory(child=child, policy_version_id=policy_version_of(family.authority)))
    family.post = PostFactory(agency__authority=family.authority)
    AgencyInvolvementFactory(child=family.plans[0].child, agency=family.post.agency, post=family.post)
    family.worker = user_with_role(Role.SOCIAL_WORKER, team=family.team)
    return family


@pytest.fixture
def worker(client, case):
    client.force_login(case.worker)
    return client


def url(name, case, *args):
    return reverse(f"plans:{name}", args=[case.plans[0].pk, *args])


def an_action(case, **fields):
    return {
        "children": [plan.pk for plan in case.plans], "what": "Ring the school", "why_done": "To be there on time",
        "who": [f"post-{case.post.pk}"], "who_else": "", "by_when_words": "every Monday", "how_known": "No late mark",
        "occasion": "between", "because": "", "reason": "",
    } | fields  # fmt: skip


def test_an_action_is_typed_once_for_both_and_changed_for_one(worker, case):
    answer = worker.post(url("add-to-plan", case, "action"), an_action(case), follow=True)
    assert "The plan is changed." in answer.content.decode()
    first, second = PlanAction.objects.order_by("plan")
    assert (first.thread, first.who_post) == (second.thread, case.post)
    change = url("change-in-plan", case, "action", first.pk)
    form = worker.get(change).context["form"]
    assert form["children"].value() == [str(plan.pk) for plan in case.plans]
    typed = an_action(
        case, children=[case.plans[0].pk], what="Ring the nurse", because="better_way", reason="She answers",
        seen=form["seen"].value(),
    )  # fmt: skip
    worker.post(change, typed)
    page = worker.get(url("write", case)).content.decode()
    assert all(words in page for words in ("Ring the nurse", "Ring the school", "For Robin", "For Wren"))
    compared = worker.get(url("compare-versions", case, 1, 2)).content.decode()
    assert "<del>" in compared
    assert "She answers" in compared
    versions = worker.get(url("versions", case)).content.decode()
    assert "A better way was found" in versions
    on = {"on_day": "20", "on_month": "1", "on_year": "2027"}
    assert worker.get(url("versions", case), on)["Location"].endswith("/versions/2/?on=2027-01-20")
    assert "Ring the school" in worker.get(url("version", case, 1)).content.decode()


def test_whoever_saves_second_reads_what_it_says_now_and_keeps_what_they_typed(worker, case):
    worker.post(url("add-to-plan", case, "action"), an_action(case, children=[case.plans[0].pk]))
    row = PlanAction.objects.get()
    change = url("change-in-plan", case, "action", row.pk)
    seen = worker.get(change).context["form"]["seen"].value()
    said = {"because": "circumstances", "reason": "Term began", "children": [case.plans[0].pk], "seen": seen}
    worker.post(change, an_action(case, **said, what="Ring the nurse"))
    page = worker.post(change, an_action(case, **said, what="Ring the driver")).content.decode()
    assert "It now says: Ring the nurse" in page
    assert "Ring the driver" in page
    assert [row.what for row in PlanAction.objects.standing()] == ["Ring the nurse"]


@pytest.mark.parametrize("seen", ["", "\u00b2:\u00b2", "1:2:3", "a:b", ":"])
def test_a_tampered_mark_of_what_was_seen_changes_nothing(worker, case, seen):
    worker.post(url("add-to-plan", case, "action"), an_action(case, children=[case.plans[0].pk]))
    row = PlanAction.objects.get()
    said = {"because": "circumstances", "reason": "Term began", "children": [case.plans[0].pk], "seen": seen}
    answer = worker.post(url("change-in-plan", case, "action", row.pk), an_action(case, **said, what="Else"))
    assert "Someone changed this while you had it open" in answer.content.decode()
    assert PlanAction.objects.get() == row


def test_every_part_of_the_plan_can_be_written_and_read(worker, case):
    only = {"children": [case.plans[0].pk], "occasion": "between", "because": "circumstances", "reason": "First words"}
    worker.post(url("add-to-plan", case, "need"), {**only, "text": "To sleep", "services": "Sleep clinic"})
    need = PlanEntry.objects.get()
    said = {
        "outcome": {"text": "I sleep all night", "under": str(need.thread)}, "wishes": {"text": "A lamp"},
        "visiting": {"text": "See the bedroom", "who_else": "Health visitor", "how_often": "every 2 weeks"},
        "role": {"text": "Keeps the diary", "who_else": "Nan"},
        "contingency": {"text": "Dale comes to the house", "we_do": "Ring 999", "who_else": "Whoever is there"},
    }  # fmt: skip
    for kind, typed in said.items():
        answer = worker.post(url("add-to-plan", case, kind), {**only, **typed})
        assert (kind, answer.status_code) == (kind, 302)
    page = worker.get(url("plan", case)).content.decode()
    for typed in said.values():
        assert typed["text"] in page
    assert "Sleep clinic" in page
    assert "Write the plan" in page
    answer = worker.post(
        url("take-out-of-plan", case, "entry", need.pk), {**only, "seen": f"{case.plans[0].pk}:{need.pk}"}
    )
    assert answer.status_code == 302
    assert "Sleep clinic" not in worker.get(url("plan", case)).content.decode()


def test_a_contingency_without_what_we_do_is_asked_for(worker, case):
    typed = {"children": [case.plans[0].pk], "occasion": "between", "text": "Dale comes", "who_else": "All"}
    page = worker.post(url("add-to-plan", case, "contingency"), typed).content.decode()
    assert "Say what we do then" in page
    assert PlanEntry.objects.count() == 0


def test_the_danger_statement_is_offered_where_the_framework_has_one(worker, case):
    assert "danger statement" not in worker.get(url("write", case)).content.decode()


def test_the_other_childrens_plans_are_logged_as_read_too(worker, case):
    worker.get(url("write", case))
    read = AccessEvent.objects.filter(subject="Plan").values_list("subject_id", flat=True)
    assert set(read) == {plan.pk for plan in case.plans}


def test_a_service_manager_reads_versions_and_writes_nothing(client, case):
    words = EntryWords(kind=PlanEntryKind.NEED, text="To sleep")
    why = Why(occasion=Occasion.BETWEEN, because=WhyChanged.CIRCUMSTANCES, reason="So", by=case.worker, now=NOW)
    add_to_plans(plans=case.plans, words=words, why=why)
    client.force_login(user_with_role(Role.SERVICE_MANAGER, authority=case.authority))
    assert client.get(url("versions", case)).status_code == 200
    for name, args in (("write", ()), ("add-to-plan", ("need",)), ("change-in-plan", ("entry", 1))):
        assert client.get(url(name, case, *args)).status_code == 404


def test_the_write_page_takes_as_many_queries_for_many_lines(worker, case, django_assert_max_num_queries):
    why = Why(occasion=Occasion.BETWEEN, because=WhyChanged.CIRCUMSTANCES, reason="So", by=case.worker, now=NOW)

    def count():
        with django_assert_max_num_queries(500) as asked:
            worker.get(url("write", case))
        return len(asked)

    add_to_plans(plans=case.plans, words=EntryWords(kind=PlanEntryKind.NEED, text="To sleep"), why=why)
    worker.post(url("add-to-plan", case, "action"), an_action(case, because="circumstances", reason="So"))
    # The first page after a change also shows, and forgets, the message.
    worker.get(url("write", case))
    few = count()
    for number in range(10):
        add_to_plans(plans=case.plans, words=EntryWords(kind=PlanEntryKind.NEED, text=f"Need {number}"), why=why)
        typed = an_action(case, what=f"Action {number}", because="circumstances", reason="So")
        worker.post(url("add-to-plan", case, "action"), typed)
    worker.get(url("write", case))
    assert count() == few
