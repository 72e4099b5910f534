"""Example data for the gallery. People are invented: families are plants, professionals birds."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest

import charts
from govuk.forms import (
    CheckboxesField,
    Conditional,
    DateInputField,
    DateTimeField,
    Field,
    Fieldset,
    FilterForm,
    GovukForm,
    Item,
    Layout,
    LongTextField,
    RadiosField,
    Row,
    ScaleField,
    SelectField,
    TimeField,
    YesNoField,
)
from govuk.formsets import govuk_formset

PEOPLE = [
    Item("hazel", "Hazel Brambley", hint="Parents are always invited"),
    Item("dale", "Dale Ashdown", hint="Parents are always invited. Attends part 1, online"),
    Item("olive", "Olive Brambley", hint="Hazel may bring her as supporter: Hazel decides"),
]


class GalleryForm(GovukForm):
    keeps_draft = True
    button = "Save the strategy discussion"
    cancel_url = "#overdue"
    layout = Layout(
        "held_at",
        "planned_on",
        Field("arrives_at", css_class="govuk-input--width-5"),
        Conditional("outcome", {"other": ["other_outcome"]}, size="m"),
        Fieldset("invited", "parts", legend="Who and whom"),
        Field("kind", segments=True),
        "score",
        Row("chair", Field("name", css_class="govuk-input--width-20")),
        "agrees",
        "told",
        "why",
    )

    held_at = DateTimeField(label="When was the strategy discussion?", help_text="For example, 8 12 2026")
    planned_on = DateInputField(label="When was it planned?")
    arrives_at = TimeField(label="Arrival time", help_text="For example, 10:00 or 2pm")
    outcome = RadiosField(
        label="What did it decide?",
        choices=[
            Item("enquiry", "Start a section 47 enquiry", hint="Working days count from the next one"),
            Item("none", "No further action"),
            Item("other", "Something else", divider="or"),
        ],
    )
    other_outcome = forms.CharField(label="What was it?", required=False)
    invited = CheckboxesField(
        label="Who should come?",
        choices=[("Family", PEOPLE), ("Education", [Item("shazia", "Shazia Wing", hint="Robin’s school")])],
    )
    parts = CheckboxesField(
        label="Which children?", choices=[("r", "Robin"), ("w", "Wren"), ("b", "Baby")], inline=True
    )
    kind = RadiosField(label="It is", choices=[("fact", "Fact"), ("opinion", "Opinion")])
    score = ScaleField(
        label="How safe is Wren today?",
        low_words="No safety at all",
        high_words="Safe enough, no social work needed",
        extra=[("not_safe_tonight", "Not safe tonight")],
    )
    chair = SelectField(label="Chair", choices=[("1", "Tomasz Kestrel"), ("2", "Ines Bunting")])
    agrees = YesNoField(label="Does Robin want an advocate?")
    name = forms.CharField(label="Name the child uses", max_length=60)
    told = forms.BooleanField(label="I have told the parents")
    why = LongTextField(label="Why this number, and not one lower or higher?")


class ActionForm(GovukForm):
    what = forms.CharField(label="What has to happen")
    who = forms.CharField(label="Who does it")
    due = DateInputField(label="By when")


class GalleryFilterForm(FilterForm):
    chair = SelectField(label="Chair", choices=[("1", "Tomasz Kestrel")], empty_label="Any chair", required=False)
    status = SelectField(label="Status", choices=[("held", "Held")], empty_label="Any status", required=False)


ActionFormSet = govuk_formset(ActionForm, row_name="Action", extra=2)

LOW, HIGH = "No safety at all", "Safe enough, no social work needed"
SCORES = [
    charts.Score("Beth Siskin", 3),
    charts.Score("Martin Alder", 4, family=True),
    charts.Score("Rosa Linnet", 4),
    charts.Score("Amara Finch", 5),
    charts.Score("Shazia Wing", 5),
    charts.Score("Callum Reed", 6),
    charts.Score("Sioned Teal", 6),
    charts.Score("Ngozi Larkin", 6),
    charts.Score("Imran Wagtail", 6),
    charts.Score("Hazel Brambley", 8, family=True),
    charts.Score("Dale Ashdown", 8, family=True),
]
CROWD = [
    charts.Score(
        f"Maximiliana-Wilhelmina Featherstonehaugh {chr(65 + number % 26)}{'x' * 18}", number % 4 + 2, number % 5 == 0
    )
    for number in range(40)
]


LIMIT = 15


def counted_days() -> list[charts.CountedDay]:
    """Return the days from the strategy discussion on 8 December 2026 to the fifteenth working day."""
    reasons = {datetime.date(2026, 12, 25): "Christmas Day", datetime.date(2026, 12, 28): "bank holiday"}
    day, number, days = datetime.date(2026, 12, 8), 0, []
    days.append(charts.CountedDay(day, number=0, mark="strategy discussion"))
    while number < LIMIT:
        day += datetime.timedelta(days=1)
        reason = reasons.get(day, "weekend" if day.weekday() in (5, 6) else "")
        if reason:
            days.append(charts.CountedDay(day, reason=reason))
            continue
        number += 1
        booked = day == datetime.date(2026, 12, 22)
        mark = "conference" if booked else "last day" if number == LIMIT else ""
        days.append(charts.CountedDay(day, number=number, mark=mark, booked=booked, last=number == LIMIT))
    days += [charts.CountedDay(datetime.date(2027, 1, 4 + extra), other_number=13 + extra) for extra in range(3)]
    return days


def gallery_context(request: HttpRequest) -> dict[str, Any]:
    """Return everything that the gallery shows."""
    due = datetime.date(2026, 12, 17)
    days = counted_days()
    return {
        "form": GalleryForm(request.POST or None),
        "formset": ActionFormSet(request.POST if "action-TOTAL_FORMS" in request.POST else None, prefix="action"),
        "filter_form": GalleryFilterForm(request.GET or None, auto_id="filter_%s"),
        "page": Paginator(range(1, 131), 25).get_page(request.GET.get("page")),
        "day": datetime.date(2027, 1, 5),
        "tab_entries": [
            {"label": name, "url": "#", "current": name == "Overview"}
            for name in ("Overview", "People", "Papers", "The day", "Plan", "Record")
        ],
        "tiles": [
            {"count": 2, "label": "Overdue", "colour": "red", "url": "#overdue"},
            {"count": 2, "label": "Today", "colour": "yellow", "url": "#overdue"},
            {"count": 6, "label": "Next 5 working days", "url": "#overdue"},
            {"count": 5, "label": "Later", "url": "#overdue"},
            {"count": 2, "label": "Waiting for others", "colour": "purple", "url": "#overdue"},
        ],
        "late_block": {
            "name": "Yarrow family",
            "url": "#",
            "lines": ["Case 25-0288", "Child protection plan"],
            "colour": "red",
            "rows": [
                {
                    "what": "Visit Sorrel Yarrow",
                    "why": "Every 10 working days. Last seen Mon 30 Nov",
                    "due": datetime.date(2026, 12, 14),
                    "days": -2,
                    "url": "#",
                    "button": "Record the visit",
                    "primary": True,
                }
            ],
        },
        "work_block": {
            "name": "Brambley family",
            "url": "#",
            "lines": ["Case 26-0417", "Section 47 enquiry"],
            "colour": "",
            "cells": charts.fifteen_cells(6, 10),
            "cells_text": "Day 6 of 15 · conference on day 10",
            "rows": [
                {
                    "what": "Share your report with Hazel Brambley",
                    "why": "Mother. Draft is 80% written",
                    "due": due,
                    "days": 1,
                    "url": "#",
                    "button": "Record how you shared it",
                },
                {
                    "what": "Send your report to the chair",
                    "why": "Manager’s approval comes first",
                    "due": due,
                    "days": 2,
                    "url": "#",
                    "button": "Carry on writing",
                },
            ],
        },
        "steps": [
            {"name": "Requested", "state": "done", "date_text": "Thu 10 Dec"},
            {"name": "Scheduled", "state": "done", "date_text": "Fri 11 Dec"},
            {"name": "Invited", "state": "done", "date_text": "Fri 11 Dec"},
            {"name": "Papers in", "state": "now", "date_text": "by Fri 18 Dec"},
            {"name": "Held", "state": "next", "date_text": "Tue 22 Dec, 10:00"},
            {"name": "Decided", "state": "next", "date_text": "by Tue 22 Dec"},
            {"name": "Minutes sent", "state": "next", "date_text": "by Tue 19 Jan"},
        ],
        "children": [
            {
                "name": "Robin Brambley",
                "line": "11 years, born 14 May 2015. He",
                "url": "#",
                "tags": [{"text": "Section 47 enquiry", "colour": "blue"}],
                "facts": [{"key": "Lives with", "value": "Hazel, Wren"}, {"key": "School", "value": ""}],
            },
            {
                "name": "Wren Brambley",
                "line": "6 years, born 2 Feb 2020. She",
                "url": "#",
                "tags": [{"text": "Section 47 enquiry", "colour": "blue"}],
                "facts": [{"key": "Lives with", "value": "Hazel, Robin"}],
            },
            {
                "name": "Baby Brambley",
                "line": "Not born yet, expected Thu 1 Apr 2027",
                "url": "#",
                "unborn": True,
                "tags": [{"text": "Section 47 enquiry", "colour": "blue"}],
                "labels": ["24 weeks 6 days"],
                "facts": [{"key": "Mother", "value": "Hazel Brambley"}],
            },
        ],
        "tasks": [
            {
                "title": "Tell us your views",
                "hint": "We read them out first.",
                "url": "#",
                "status": "2 of 6 done",
                "colour": "blue",
            },
            {"title": "See who will be there", "url": "#", "status": "Read"},
        ],
        "events": [
            {"title": "Conference", "when_text": "Tue 22 Dec, 10:00", "state": "planned"},
            {"title": "Strategy discussion", "when_text": "Tue 8 Dec", "who": "Amara Finch", "text": "Day 0 of 15."},
        ],
        "rows": [
            {"key": "Status", "value": "Child protection plan for Wren Brambley, 6", "url": "#"},
            {"key": "Key worker", "value": "", "url": "#"},
            {"key": "Category", "value": "Emotional harm"},
        ],
        "effects": ["Wren’s plan starts today, version 1", "Amara Finch and Dilys Heron are told now"],
        "next_steps": ["Everybody invited gets their own letter today.", "Reports are due by Fri 18 Dec."],
        "their_when": datetime.datetime(2026, 12, 22, 11, 27, tzinfo=datetime.UTC),
        "scale": charts.scale_figure(
            SCORES,
            title="Wren, 16 March 2027",
            shade_to=4,
            shade_words="0 to 4 usually means: harm is likely",
            low_words=LOW,
            high_words=HIGH,
        ),
        "crowd": charts.scale_figure(CROWD, title="Forty people with long names", low_words=LOW, high_words=HIGH),
        "compact": charts.scale_figure(SCORES, title="Wren", compact=True, low_words=LOW, high_words=HIGH),
        "scale_key": charts.scale_key(),
        "history": charts.score_history(
            [("22 Dec", [1, 2, 2, 3, 3, 6]), ("5 Jan", [2, 3, 6]), ("16 Mar", [3, 4, 4, 5, 5, 6, 6, 6, 6, 8, 8])],
            title="Wren’s scores",
            shade_to=4,
        ),
        "blocks": charts.majority_blocks(7, 8),
        "calendar": charts.day_count_calendar(days),
        "calendar_words": charts.day_count_sentence(days),
        "late_cells": charts.fifteen_cells(17),
    }
