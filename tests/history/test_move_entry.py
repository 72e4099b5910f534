"""Moving an entry from the wrong child to the right one: reason, second person, both histories marked."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.enums import Role
from families.models import Child
from meetings.enums import EntryKind
from meetings.models import BoardEntry, EntryMove, OutlineAction, Score, View
from meetings.services.misfiled_entries import agree_to_move, move_entry, refuse_move
from plans.models import Visit
from reports.enums import Channel, DocumentKind, DocumentState, ReportKind, ReportState
from reports.models import CorrectionToTell, Report, ReportSection
from reports.services.circulation import record_copy
from reports.services.documents import prepare_document, release_document
from tests.factories import (
    AllocationFactory,
    ChildFactory,
    FamilyFactory,
    PlanActionFactory,
    PlanFactory,
    UserFactory,
    user_with_role,
)
from tests.reports.story import NOW, conference_of
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

LATER = NOW + datetime.timedelta(days=1)
WHY = "It was Wren who said it."


def moved(story, kind, row, **changes):
    return move_entry(
        **{
            "kind": kind,
            "entry_id": row.pk,
            "from_child": story.robin,
            "to_child": story.wren,
            "reason": WHY,
            "by": story.coordinator,
            "now": LATER,
            **changes,
        }
    )


def refusal(act):
    with pytest.raises(ValidationError) as refused:
        act()
    return refused.value.messages


@once_per_module()
def entry(story):
    made = BoardEntry.objects.filter(conference=story.conference).first()
    made.children.set([story.robin_row])
    return made


@once_per_module()
def released(story, entry):
    """Release the letter and send Hazel her copy."""
    document = prepare_document(
        conference=conference_of(story), kind=DocumentKind.DECISIONS_LETTER, by=story.coordinator, now=NOW
    )
    release_document(document=document, by=story.chair, now=NOW)
    record_copy(
        document=document,
        recipient=story.of.hazel,
        channel=Channel.BY_HAND,
        channel_confirmed="Handed over.",
        sent_at=NOW,
        by=story.coordinator,
        now=NOW,
    )
    return document


def children_of(row):
    return [child.child for child in row.children.order_by("pk")]


def test_a_note_moves_to_the_right_child_with_its_words_and_author(story, entry):
    text, author = entry.text, entry.created_by
    move = moved(story, EntryKind.BOARD, entry)
    entry.refresh_from_db()
    assert (children_of(entry), entry.text, entry.created_by) == ([story.wren], text, author)
    assert (move.moved_at, move.needs_agreement, move.reason) == (LATER, False, WHY)


def test_a_note_about_all_stays_with_the_others(story, entry):
    entry.children.clear()
    moved(story, EntryKind.BOARD, entry)
    assert children_of(entry) == [story.wren, story.baby]


def test_actions_scores_and_views_move_too(story):
    action = OutlineAction.objects.filter(conference=story.conference).first()
    action.children.set([story.robin_row])
    moved(story, EntryKind.OUTLINE, action)
    assert children_of(action) == [story.wren]
    for kind, model in ((EntryKind.SCORE, Score), (EntryKind.VIEW, View)):
        row = model.objects.filter(conference_child=story.robin_row).first()
        model.objects.filter(conference_child=story.wren_row, participant=row.participant).update(
            participant=story.of.olive
        )
        moved(story, kind, row)
        row.refresh_from_db()
        assert row.conference_child == story.wren_row


def test_a_score_does_not_replace_another_one(story):
    theirs = Score.objects.filter(conference_child=story.wren_row).values("participant")
    row = Score.objects.filter(conference_child=story.robin_row, participant__in=theirs).first()
    assert refusal(lambda: moved(story, EntryKind.SCORE, row)) == [
        "This person's score for the child is already recorded."
    ]


def test_a_visit_and_an_action_move_to_the_other_childs_plan_and_clock(story):
    plans = [
        PlanFactory(child=child, authority=story.authority, starts_on=datetime.date(2026, 12, 1))
        for child in (story.robin, story.wren)
    ]
    visit = Visit.objects.create(
        plan=plans[0], made_at=NOW, made_by=story.worker, child_seen=True, recorded_by=story.worker, recorded_at=NOW
    )
    action = PlanActionFactory(plan=plans[0])
    for kind, row in ((EntryKind.VISIT, visit), (EntryKind.ACTION, action)):
        move = moved(story, kind, row, by=story.worker)
        row.refresh_from_db()
        assert row.plan == plans[1]
        assert (move.from_record, move.conference) == (plans[0].pk, None)


def test_a_visit_cannot_move_to_a_child_without_a_plan_on_that_day(story):
    plan = PlanFactory(child=story.robin, authority=story.authority, starts_on=datetime.date(2026, 6, 1))
    PlanFactory(child=story.wren, authority=story.authority, starts_on=datetime.date(2026, 12, 1))
    visit = Visit.objects.create(
        plan=plan,
        made_at=datetime.datetime(2026, 11, 2, 10, tzinfo=datetime.UTC),
        made_by=story.worker,
        child_seen=True,
        recorded_by=story.worker,
        recorded_at=NOW,
    )
    assert refusal(lambda: moved(story, EntryKind.VISIT, visit, by=story.worker)) == [
        "This child had no plan from this council on that day."
    ]


def section_of(story, state):
    report = Report.objects.create(
        conference=story.conference,
        author=story.of.worker,
        kind=ReportKind.SOCIAL_WORK,
        state=state,
        begun_by=story.worker,
        begun_at=NOW,
        submitted_by=story.worker if state == ReportState.SUBMITTED else None,
        submitted_at=NOW if state == ReportState.SUBMITTED else None,
    )
    section = ReportSection.objects.create(report=report, heading="a", text="Slept badly.", nature="fact")
    section.children.set([story.robin_row])
    return section


def test_a_section_of_a_submitted_report_waits_for_a_second_person(story):
    section = section_of(story, ReportState.SUBMITTED)
    move = moved(story, EntryKind.SECTION, section, by=story.worker)
    assert (move.needs_agreement, move.moved_at, children_of(section)) == (True, None, [story.robin])
    agree_to_move(move=move, by=story.manager, now=LATER)
    assert children_of(section) == [story.wren]


def test_a_released_entry_waits_for_a_second_person_and_recipients_are_told(story, entry, released):
    move = moved(story, EntryKind.BOARD, entry)
    assert (move.needs_agreement, move.moved_at) == (True, None)
    assert children_of(entry) == [story.robin]
    assert refusal(lambda: agree_to_move(move=move, by=story.coordinator, now=LATER)) == [
        "You asked for this, so someone else has to agree."
    ]
    assert refusal(lambda: agree_to_move(move=move, by=story.worker, now=LATER)) == [
        "Only the chair of the conference or a manager can agree to this."
    ]
    agree_to_move(move=move, by=story.chair, now=LATER)
    assert children_of(entry) == [story.wren]
    released.refresh_from_db()
    assert (released.state, released.superseded_by, released.superseded_because) == (
        DocumentState.SUPERSEDED,
        story.chair,
        "An entry was moved to the child it concerned.",
    )
    assert [(row.recipient, row.move) for row in CorrectionToTell.objects.all()] == [(story.of.hazel, move)]
    again = agree_to_move(move=move, by=story.manager, now=LATER)
    assert again.agreed_by == story.chair


def test_submitting_the_form_twice_moves_once(story, entry, released):
    first = moved(story, EntryKind.BOARD, entry)
    assert moved(story, EntryKind.BOARD, entry) == first
    agree_to_move(move=first, by=story.chair, now=LATER)
    assert moved(story, EntryKind.BOARD, entry) == first
    assert EntryMove.objects.count() == 1


def test_a_refused_move_leaves_the_entry_in_place(story, entry, released):
    move = moved(story, EntryKind.BOARD, entry)
    assert refusal(lambda: refuse_move(move=move, because=" ", by=story.chair, now=LATER)) == [
        "Say why it stays where it is."
    ]
    refuse_move(move=move, because="It was Robin.", by=story.chair, now=LATER)
    assert refusal(lambda: agree_to_move(move=move, by=story.manager, now=LATER)) == [
        "This was refused. If you have something new, ask again."
    ]
    assert children_of(entry) == [story.robin]


def test_an_entry_changed_in_the_meantime_is_not_moved(story, entry, released):
    move = moved(story, EntryKind.BOARD, entry)
    entry.children.set([story.baby_row])
    assert refusal(lambda: agree_to_move(move=move, by=story.chair, now=LATER)) == [
        "This entry is no longer recorded for that child. Look at it again."
    ]
    assert children_of(entry) == [story.baby]


def test_wrong_children_and_missing_reasons_are_refused(story, entry):
    stranger = ChildFactory(authority=story.authority)
    assert refusal(lambda: moved(story, EntryKind.BOARD, entry, reason="")) == [
        "Say what shows that it is about another child."
    ]
    assert refusal(lambda: moved(story, EntryKind.BOARD, entry, to_child=stranger)) == [
        "Choose another child it can move to."
    ]
    assert refusal(lambda: moved(story, EntryKind.BOARD, entry, to_child=story.robin)) == [
        "Choose another child it can move to."
    ]
    assert refusal(lambda: moved(story, EntryKind.BOARD, entry, from_child=story.baby)) == [
        "This entry is no longer recorded for that child. Look at it again."
    ]


# Pages


def move_url(story, entry, kind="board"):
    return reverse("meetings:move-entry", args=[story.conference.pk, kind, entry.pk])


def test_the_old_place_is_marked_without_naming_anyone(client, story):
    score = Score.objects.filter(conference_child=story.robin_row).first()
    Score.objects.filter(conference_child=story.wren_row, participant=score.participant).update(
        participant=story.of.olive
    )
    with time_machine.travel(LATER, tick=False):
        client.force_login(story.coordinator)
        done = client.post(move_url(story, score, "score"), {"to_child": story.wren.pk, "reason": WHY})
        assert done.status_code == 302
        page = client.get(
            reverse("meetings:child-scores", args=[story.conference.pk, story.robin_row.pk])
        ).content.decode()
    mark = "Score: moved on Wednesday\xa023\xa0December\xa02026 by Joan Plover because it was about another child."
    assert mark in strip_tags(page)
    assert WHY not in page


def test_both_plans_show_the_move_in_their_history_without_naming_the_other_child(client, story):
    other_family = FamilyFactory(team=story.team)
    AllocationFactory(family=other_family, user=story.worker)
    stranger = ChildFactory(authority=story.authority, family=other_family)
    plans = [
        PlanFactory(child=child, authority=story.authority, starts_on=datetime.date(2026, 12, 1))
        for child in (story.robin, stranger)
    ]
    visit = Visit.objects.create(
        plan=plans[0],
        made_at=NOW,
        made_by=story.worker,
        child_seen=True,
        note="Played in the garden.",
        recorded_by=story.worker,
        recorded_at=NOW,
    )
    name = stranger.person.full_name
    with time_machine.travel(LATER, tick=False):
        client.force_login(story.worker)
        url = reverse("plans:move-entry", args=[plans[0].pk, "visit", visit.pk])
        assert (
            name in client.get(url).content.decode() or stranger.person.short_name in client.get(url).content.decode()
        )
        assert client.post(url, {"to_child": stranger.pk, "reason": "Another family."}).status_code == 302
        old, new = (client.get(reverse("plans:plan", args=[plan.pk])).content.decode() for plan in plans)
        assert "Visit: moved on" in old
        assert "Played in the garden." not in old
        assert "Played in the garden." in new
        histories = [
            [
                change.what
                for act in client.get(reverse("plans:see-history", args=[plan.pk])).context["acts"]
                for change in act.changes
                if change.what.startswith("Visit")
            ]
            for plan in plans
        ]
    assert histories == [["Visit moved to another record", "Visit recorded"], ["Visit came from another record"]]
    assert name not in old
    assert stranger.person.given_name not in old


def test_a_child_whose_record_the_worker_may_not_change_is_not_offered(client, story):
    stranger = ChildFactory(authority=story.authority, family=FamilyFactory(authority=story.authority))
    plan = PlanFactory(child=story.robin, authority=story.authority, starts_on=datetime.date(2026, 12, 1))
    PlanFactory(child=stranger, authority=story.authority, starts_on=datetime.date(2026, 12, 1))
    action = PlanActionFactory(plan=plan)
    client.force_login(story.worker)
    url = reverse("plans:move-entry", args=[plan.pk, "action", action.pk])
    assert stranger.person.short_name not in client.get(url).content.decode()
    page = client.post(url, {"to_child": stranger.pk, "reason": WHY})
    assert page.context["form"].errors == {"to_child": ["Choose one of the answers shown"]}
    action.refresh_from_db()
    assert action.plan == plan


def test_an_entry_about_several_children_asks_which_one_is_wrong(client, story, entry):
    entry.children.set([story.robin_row, story.baby_row])
    client.force_login(story.coordinator)
    url = move_url(story, entry)
    assert f"?child={story.robin.pk}" in client.get(url).content.decode()
    assert client.post(url, {"to_child": story.wren.pk, "reason": WHY}).status_code == 200
    done = client.post(f"{url}?child={story.robin.pk}", {"to_child": story.wren.pk, "reason": WHY})
    assert done.status_code == 302
    assert children_of(entry) == [story.wren, story.baby]


def test_a_second_person_agrees_on_the_page(client, story, entry, released):
    client.force_login(story.coordinator)
    done = client.post(move_url(story, entry), {"to_child": story.wren.pk, "reason": WHY})
    move = EntryMove.objects.get()
    url = reverse("meetings:see-move", args=[story.conference.pk, move.pk])
    assert done["Location"] == url
    assert "Agree and move it" not in client.get(url).content.decode()
    agree = reverse("meetings:agree-move", args=[story.conference.pk, move.pk])
    assert client.post(agree).status_code == 404
    client.force_login(story.manager)
    assert "Agree and move it" in client.get(url).content.decode()
    client.post(agree)
    assert children_of(entry) == [story.wren]
    record = client.get(reverse("reports:minutes", args=[story.conference.pk])).content.decode()
    assert "Board note about the wrong child" in record


def test_a_refused_form_keeps_the_input(client, story, entry):
    client.force_login(story.coordinator)
    page = client.post(move_url(story, entry), {"to_child": "", "reason": "Said by Wren at lunch"})
    assert page.context["form"].errors == {"to_child": ["Choose the child it is about."]}
    assert "Said by Wren at lunch" in page.content.decode()


def test_others_cannot_move_anything(client, story, entry, released):
    move = moved(story, EntryKind.BOARD, entry)
    plan = PlanFactory(child=story.robin, authority=story.authority)
    action = PlanActionFactory(plan=plan)
    section = section_of(story, ReportState.DRAFT)
    args = [story.conference.pk, move.pk]
    urls = [
        move_url(story, entry),
        reverse("meetings:see-move", args=args),
        reverse("meetings:agree-move", args=args),
        reverse("meetings:refuse-move", args=args),
        reverse("plans:move-entry", args=[plan.pk, "action", action.pk]),
        reverse("reports:move-section", args=[story.conference.pk, story.of.worker.pk, section.pk]),
    ]
    assert [client.post(url).status_code for url in urls] == [302] * len(urls)
    for user in (
        UserFactory(),
        user_with_role(Role.SOCIAL_WORKER, authority=story.authority),
        user_with_role(Role.COORDINATOR),
        user_with_role(Role.SERVICE_MANAGER),
        user_with_role(Role.AUDITOR, authority=story.authority),
    ):
        client.force_login(user)
        assert [client.post(url).status_code for url in urls] == [404] * len(urls)
    assert Child.objects.filter(entries_moved_here__moved_at__isnull=False).count() == 0
