"""Who explained a decision to the family, and in what words they understood it."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.enums import Outcome
from families.enums import RelationshipKind
from families.models import Relationship
from meetings.models import Explanation
from meetings.services.explanations import record_explanation, take_back_explanation
from reports.content.decided import decisions_in, said_decisions
from tests.conferences.conftest import NOW
from tests.factories import PersonFactory
from tests.meetings.test_decisions import decide
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
WORDS = "They say he is safe enough now, and I can ring when I want"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def decided(meeting):
    """The chair has decided for Wren, whose mother is Hazel."""
    Relationship.objects.get_or_create(
        person=meeting.people.hazel.person, child=meeting.wren.child, defaults={"kind": RelationshipKind.MOTHER}
    )
    meeting.decision = decide(meeting, outcome=Outcome.OTHER_SUPPORT, went_on_reason="So", help_offered="School")
    return meeting


def explain(decided, **changes):
    facts = {
        "decision": decided.decision, "person": decided.people.hazel.person, "told_on": NOW.date(),
        "understood": WORDS, "by": decided.coordinator, "now": NOW,
    }  # fmt: skip
    return record_explanation(**{**facts, **changes})


def test_it_is_kept_once_with_who_told_whom_and_their_own_words(decided):
    assert explain(decided) == explain(decided)
    row = Explanation.objects.get()
    assert (row.told_by, row.understood) == (decided.coordinator, WORDS)
    assert explain(decided, told_by_other="Ada, family worker").told_by_words == "Ada, family worker"


def test_what_is_not_whole_is_refused(decided):
    stranger = PersonFactory(authority=decided.conference.authority)
    for changes, field in (
        ({"understood": " "}, "understood"),
        ({"told_on": NOW.date() + datetime.timedelta(days=1)}, "told_on"),
        ({"told_on": decided.decision.sitting.day - datetime.timedelta(days=1)}, "told_on"),
        ({"person": stranger}, "person"),
    ):
        with pytest.raises(ValidationError) as refused:
            explain(decided, **changes)
        assert list(refused.value.message_dict) == [field]


def test_a_wrong_entry_is_taken_back_with_the_reason_and_stays(decided):
    row = explain(decided)
    with pytest.raises(ValidationError):
        take_back_explanation(explanation=row, because=" ", by=decided.chair, now=NOW)
    take_back_explanation(explanation=row, because="It was her sister", by=decided.chair, now=NOW)
    (said,) = said_decisions(decisions_in(decided.conference))
    assert (said["explained"], Explanation.objects.count()) == ([], 1)


def test_it_is_recorded_and_shown_by_pages(client, decided):
    client.force_login(decided.coordinator)
    listed = reverse("meetings:decisions", args=[decided.conference.pk])
    url = reverse("meetings:explain-decision", args=[decided.conference.pk, decided.wren.pk])
    assert url in client.get(listed).content.decode()
    posted = {
        "person": str(decided.people.hazel.person_id), "told_on": NOW.date().isoformat(), "understood": WORDS,
        "told_by_other": "",
    }  # fmt: skip
    assert client.get(url).status_code == 200
    assert client.post(url, posted).status_code == 302
    assert WORDS in client.get(listed).content.decode()
    row = Explanation.objects.get()
    back = reverse("meetings:take-back-explanation", args=[decided.conference.pk, decided.wren.pk, row.pk])
    assert client.post(back, {"because": "Wrong person"}).status_code == 302
    assert WORDS not in client.get(listed).content.decode()


def test_of_the_family_each_reads_only_their_own_words_in_the_minutes(decided):
    explain(decided)
    (said,) = said_decisions(decisions_in(decided.conference))
    (one,) = said["explained"]
    assert (one["person"], one["understood"], one["told_by"]) == (
        decided.people.hazel.person_id, WORDS, decided.coordinator.name,
    )  # fmt: skip
