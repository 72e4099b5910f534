"""A session that expires in the middle of a long text loses none of it."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from demo.families import build_brambleys
from tests.journeys.calendar import at

WORDS = "Hazel said that the door was broken on Sunday, and who broke it. "


@pytest.mark.parametrize("scripts", ["with scripts", "without scripts"])
def test_the_input_is_there_after_signing_in_again(visit, council, scripts):
    demo = build_brambleys(council, now=at("2026-12-08 12:30"))
    page = visit(scripted=scripts == "with scripts")
    page.sign_in_as("Amara Finch")
    page.open(f"/conferences/families/{demo.family.pk}/enquiries/record/")
    question, text = "Why were enquiries started?", (WORDS * 80).strip()
    page.choose("For which children were enquiries started?", "Robin Brambley")
    page.write_date("When was it held?", datetime.date(2026, 12, 8))
    page.write(question, text)

    Session.objects.all().delete()
    page.press("Save the strategy discussion")
    page.reads("Sign in")
    page.sign_in_here_as("Amara Finch")

    expect(page.page.get_by_label(question)).to_have_value(text)
    children = page.group("For which children were enquiries started?")
    expect(children.get_by_label("Robin Brambley")).to_be_checked()
    page.write("At what time?", "11:30")
    page.press("Save the strategy discussion")
    page.reads("The strategy discussion is recorded", WORDS.strip())


def test_another_user_who_signs_in_does_not_see_it(visit, council):
    demo = build_brambleys(council, now=at("2026-12-08 12:30"))
    page = visit()
    page.sign_in_as("Amara Finch")
    page.open(f"/conferences/families/{demo.family.pk}/enquiries/record/")
    page.write("Why were enquiries started?", WORDS)

    Session.objects.all().delete()
    page.press("Save the strategy discussion")
    page.sign_in_here_as("Dilys Heron")

    page.does_not_read(WORDS.strip())
