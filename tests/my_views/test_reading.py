"""The chair and the social worker read forms; the chair releases words; nobody else reads or knows anything."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from deadlines.to_decide import to_decide
from families.models import ContactRisk
from my_views.access import reads_forms, writes_down
from my_views.enums import Ended
from my_views.models import Answer, DangerSign, HandIn, ReleasedPassage
from my_views.selectors.reading import persons_views
from my_views.selectors.released import released_in
from my_views.services.danger import settle_danger, tells_of_danger
from my_views.services.releasing import release_words, take_back_release
from notifications.models import Message, Notice
from tests.conferences.story import NOW, on_list
from tests.factories import procedures_with, user_with_role
from tests.my_views.test_own_page import CHECK, answers, begun, filled_in, hands_in

pytestmark = pytest.mark.django_db


def answer(key="going-well"):
    return Answer.objects.select_related("hand_in__form").filter(question=key, hand_in__superseded_at=None).get()


def released(conference, story, *, to, key="going-well", text=""):
    return release_words(answer=answer(key), text=text, recipients=to, parts=[], by=story.chair, now=NOW)


def test_forms_are_read_by_chair_and_social_worker_alone(conference, story):
    others = {
        "manager": story.manager,
        "coordinator": story.coordinator,
        "colleague": user_with_role(Role.SOCIAL_WORKER, team=story.team),
        "service manager": user_with_role(Role.SERVICE_MANAGER, authority=story.authority),
        "another chair": user_with_role(Role.CHAIR, authority=story.authority),
    }
    assert reads_forms(story.chair, conference)
    assert reads_forms(story.social_worker, conference)
    assert {name for name, user in others.items() if reads_forms(user, conference)} == set()
    assert {name for name, user in others.items() if writes_down(user, conference)} == {"manager", "colleague"}


def test_the_manager_reads_where_no_social_worker_holds_the_case(conference, story):
    story.family.allocations.update(ends_on=NOW.date())
    assert reads_forms(story.manager, conference)


def test_what_is_begun_and_not_handed_in_shows_nowhere(hazels, conference, story, client):
    begun(hazels)
    answers(hazels, "going-well", "Zinnia-draft")
    client.force_login(story.chair)
    page = client.get(reverse("my_views:forms", args=[conference.pk])).content.decode()
    assert "Zinnia-draft" not in page
    assert "Handed in" not in page
    assert {row.words for row in persons_views(conference)} == {"Nothing yet"}


def test_the_chair_reads_a_form_with_what_is_only_for_the_chair(hazels, conference, story, client):
    begun(hazels)
    answers(hazels, "worries", "Zinnia-secret", only="1")
    hands_in(hazels)
    form = HandIn.objects.get().form
    address = reverse("my_views:form", args=[conference.pk, form.pk])
    for user in (story.chair, story.social_worker):
        client.force_login(user)
        assert "Zinnia-secret" in client.get(address).content.decode()
    for user in (story.manager, story.coordinator):
        client.force_login(user)
        assert client.get(address).status_code == 404


def test_only_the_chair_releases_and_only_words_as_they_were_said(hazels, conference, story, martin):
    filled_in(hazels, "We walk to school. He shouts at night.")
    with pytest.raises(ValidationError, match="Only the chair"):
        release_words(answer=answer(), text="", recipients=[martin], parts=[], by=story.social_worker, now=NOW)
    with pytest.raises(ValidationError, match="exactly as they were said"):
        released(conference, story, to=[martin], text="He screams at night.")
    with pytest.raises(ValidationError, match="Choose who may read"):
        released(conference, story, to=[], text="We walk to school.")
    (passage,) = released(conference, story, to=[martin], text="We walk to school.")
    again = released(conference, story, to=[martin], text="We walk to school.")
    assert again == [passage]
    assert [row.text for row in released_in(conference)] == ["We walk to school."]


def test_the_page_says_of_whom_a_contact_risk_is_recorded(hazels, conference, story, client):
    filled_in(hazels)
    ContactRisk.objects.create(
        person=story.martin, ground="violence", detail="d", recorded_by=story.social_worker, recorded_at=NOW
    )
    client.force_login(story.chair)
    row = answer()
    page = client.get(reverse("my_views:release", args=[conference.pk, row.hand_in.form_id, row.pk])).content.decode()
    assert page.count("A contact risk is recorded") == 1


def test_what_is_only_for_the_chair_is_never_released(hazels, conference, story, martin):
    begun(hazels)
    answers(hazels, "worries", "Zinnia-secret", only="1")
    hands_in(hazels)
    with pytest.raises(ValidationError, match="none of it can be released"):
        released(conference, story, to=[martin], key="worries")
    assert ReleasedPassage.objects.count() == 0


def test_released_words_follow_what_the_writer_changes(hazels, conference, story, martin):
    begun(hazels)
    answers(hazels, "going-well", "We walk to school. We sing.")
    answers(hazels, "worries", "The stairs.")
    hands_in(hazels)
    released(conference, story, to=[martin], text="We sing.")
    released(conference, story, to=[martin], text="We walk to school.")
    released(conference, story, to=[martin], key="worries")
    answers(hazels, "going-well", "We sing. We dance.")
    answers(hazels, "worries", "The stairs.", only="1")
    hands_in(hazels)
    assert [row.text for row in released_in(conference)] == ["We sing."]
    assert {row.ended_because for row in ReleasedPassage.objects.exclude(ended_at=None)} == {Ended.CHANGED}
    hazels.post("/guest/my-views/take-back/", {"sure": "1"})
    assert list(released_in(conference)) == []


def test_the_chair_takes_words_back(hazels, conference, story, martin):
    filled_in(hazels)
    (passage,) = released(conference, story, to=[martin])
    take_back_release(passage=passage, by=story.chair, now=NOW)
    assert list(released_in(conference)) == []
    assert ReleasedPassage.objects.get().ended_by == story.chair


def test_the_chair_releases_on_the_page(hazels, conference, story, martin, client):
    filled_in(hazels)
    row = answer()
    client.force_login(story.chair)
    address = reverse("my_views:release", args=[conference.pk, row.hand_in.form_id, row.pk])
    page = client.get(address)
    assert page.context["form"]["recipients"].value() in (None, [])
    refused = client.post(address, {"text": "Other words", "recipients": [martin.pk]})
    assert "Copy the words exactly" in refused.content.decode()
    client.post(address, {"text": "We walk", "recipients": [martin.pk]})
    assert ReleasedPassage.objects.get().text == "We walk"
    shown = client.get(reverse("my_views:form", args=[conference.pk, row.hand_in.form_id])).content.decode()
    assert "Martin Alder" in shown
    client.post(
        reverse(
            "my_views:take-back-release", args=[conference.pk, row.hand_in.form_id, ReleasedPassage.objects.get().pk]
        )
    )
    assert list(released_in(conference)) == []
    client.force_login(story.social_worker)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("text", "found"),
    [("He will KILL me", True), ("We have skills", False), ("I am  scared\nof him", True), ("All is well", False)],
)
def test_words_of_danger_are_whole_words(text, found):
    assert tells_of_danger(text, ("kill", "scared of")) is found


def test_words_of_danger_are_looked_for_on_handing_in_and_alert_staff_silently(hazels, conference, story):
    begun(hazels)
    answers(hazels, "worries", "He said he will kill me", only="1")
    assert (DangerSign.objects.count(), Message.objects.filter(kind="alert").count()) == (0, 0)
    page = hazels.get(CHECK)
    done = hazels.post(
        CHECK, {"seen": page.context["form"]["seen"].value(), "help": "alone", "helped_by": ""}, follow=True
    )
    assert "danger sign" not in done.content.decode().lower()
    assert "told" not in done.context["said"]
    alerted = {notice.user for notice in Notice.objects.filter(key__startswith="my-views-danger:")}
    assert alerted == {story.chair, story.social_worker, story.manager}
    letters = Message.objects.filter(kind="alert")
    assert letters.count() == 3
    assert not any("kill" in row.body or "Hazel" in row.body + row.subject for row in letters)
    sign = DangerSign.objects.get()
    assert [row[1] for row in to_decide(story.chair) if row[1] == "my-views-danger"] == ["my-views-danger"]
    assert [row[1] for row in to_decide(story.coordinator) if row[1] == "my-views-danger"] == []
    with pytest.raises(ValidationError, match="Write what was done"):
        settle_danger(sign=sign, done=" ", by=story.chair, now=NOW)
    settle_danger(sign=sign, done="Amara rang Hazel at 10:05. She is at her sister's.", by=story.chair, now=NOW)
    assert [row[1] for row in to_decide(story.chair) if row[1] == "my-views-danger"] == []


@pytest.mark.value("my-views-danger-words")
def test_the_words_of_danger_are_the_councils(story, hazels, conference):
    version = procedures_with(story.authority, since=NOW.date(), values={"my-views-danger-words": ["zinnia"]})
    type(conference).objects.filter(pk=conference.pk).update(policy_version_id=version.pk)
    filled_in(hazels, "A zinnia grows")
    assert DangerSign.objects.count() == 1


def test_a_form_that_was_taken_back_is_not_shown_but_its_danger_still_is(hazels, conference, story, client):
    begun(hazels)
    answers(hazels, "worries", "He will kill me")
    answers(hazels, "going-well", "Zinnia-words")
    hands_in(hazels)
    hazels.post("/guest/my-views/take-back/", {"sure": "1"})
    client.force_login(story.chair)
    page = client.get(reverse("my_views:form", args=[conference.pk, HandIn.objects.get().form_id])).content.decode()
    assert "He will kill me" in page
    assert "Zinnia-words" not in page


def test_the_overview_says_whether_there_are_views_to_those_who_may_know(hazels, conference, story, client):
    address = reverse("conferences:overview", args=[conference.pk])
    client.force_login(story.chair)
    assert "There are none yet" in client.get(address).content.decode()
    filled_in(hazels)
    assert "have handed in what they think" in client.get(address).content.decode()
    client.force_login(story.coordinator)
    page = client.get(address).content.decode()
    assert "have handed in what they think" not in page
    assert reverse("my_views:forms", args=[conference.pk]) not in page


def test_a_form_of_someone_whose_record_is_sealed_opens_for_no_one(hazels, conference, story, martin, client):
    filled_in(hazels, "He will kill me")
    released(conference, story, to=[martin], text="He will kill me")
    story.hazel.sealed_at, story.hazel.sealed_because = NOW, "A new identity"
    story.hazel.save()
    client.force_login(story.chair)
    assert client.get(reverse("my_views:form", args=[conference.pk, HandIn.objects.get().form_id])).status_code == 404
    assert list(released_in(conference)) == []
    assert [row[1] for row in to_decide(story.chair) if row[1] == "my-views-danger"] == []


def test_who_is_kept_out_and_every_child_can_be_heard(conference, story):
    dale = on_list(conference, story.dale)
    dale.status = "kept_out"
    dale.save()
    names = {row.speaker.name for row in persons_views(conference)}
    assert {"Hazel Brambley", "Dale Ashdown", "Robin Brambley", "Wren Brambley"} <= names
    assert not any("Unborn" in name for name in names)
    story.dale.death_date = NOW.date()
    story.dale.save()
    assert "Dale Ashdown" not in {row.speaker.name for row in persons_views(conference)}
