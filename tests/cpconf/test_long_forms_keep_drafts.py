"""Long text entered anywhere is stored on the server while it is typed."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

from django import forms
from django.urls import get_resolver

from govuk.forms import GovukForm

ROOT = Path(__file__).resolve().parents[2]

# A sentence with a button under it that takes no time, or a form that must not be stored.
SHORT = {
    "accounts.audit.forms.LookIntoForm": "one sentence",
    "conferences.forms.booking.AboutChildren": "a part of the forms of asking and booking, which keep theirs",
    "conferences.forms.guests.GuestAsksForm": "people without an account have no drafts",
    "conferences.forms.stand_ins.NameStandInForm": "one reason",
    "conferences.forms.understanding.UnderstandingForm": "one reason",
    "deadlines.forms.calendar.TakeBackForm": "one reason",
    "deadlines.forms.policies.RecountForm": "one reason",
    "families.forms.agencies.AgencyForm": "an address",
    "families.forms.agencies.DirectoryForm": "an address",
    "families.forms.losses.HeldMessageForm": "one reason",
    "families.forms.merges.ProposeMergeForm": "one reason",
    "families.forms.merges.UndoMergeForm": "one reason",
    "families.forms.need_to_know.BreakGlassForm": "one reason",
    "families.forms.need_to_know.ConflictForm": "one reason",
    "families.forms.need_to_know.NameForm": "one reason",
    "families.forms.need_to_know.RestrictForm": "one reason",
    "families.forms.need_to_know.ReviewGlassForm": "one reason",
    "families.forms.need_to_know.WhyForm": "one reason",
    "families.forms.safety.EndSafetyAlertForm": "one reason",
    "families.forms.whereabouts.ResidenceForm": "an address, which has no business outside its own table",
    "meetings.forms.own_answers.TabletDangerForm": "a tablet that is passed round keeps nothing of anyone",
    "plans.forms.list_checks.CheckListForm": "one reason, at night, which is a record at once",
    "records.forms.disclosures.CheckDisclosureForm": "one reason",
    "records.forms.disclosures.DecidePiecesForm": "its answers belong to the pieces of one page; two short reasons",
    "records.forms.disclosures.StartDisclosureForm": "three short answers beside a request that lies on the desk",
    "records.forms.disposals.KeepLongerForm": "one reason",
    "records.forms.disposals.SetHoldForm": "one reason",
    "records.forms.disposals.SettleDisposalForm": "one reason",
}


def forms_of(start: type[GovukForm]) -> Iterator[type[GovukForm]]:
    for form in start.__subclasses__():
        yield form
        yield from forms_of(form)


def in_product(form: type[GovukForm]) -> bool:
    return ROOT / "tests" not in Path(inspect.getfile(form)).parents


def test_every_form_with_a_long_text_keeps_its_draft_or_says_why_not():
    assert get_resolver().url_patterns  # all views, and with them all forms, are loaded
    without = {
        f"{form.__module__}.{form.__name__}"
        for form in forms_of(GovukForm)
        if in_product(form)
        and not form.keeps_draft
        and any(isinstance(field.widget, forms.Textarea) for field in form.base_fields.values())
    }
    assert without - set(SHORT) == set()
