"""Wherever a worker is entered, the directory is offered and whoever may be known already is asked about."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

from families.forms.duplicates import AsksWhetherKnown
from families.forms.workers import EntersWorker
from govuk.forms import GovukBaseForm, GovukForm, GovukModelForm
from govuk.layout import names_in_order
from meetings.forms.newcomers import EntersNewcomer

APPS = (
    "accounts", "notifications", "families", "entitlement", "deadlines", "conferences", "meetings", "plans",
    "core_groups", "reports", "transfers", "records", "incidents", "allegations",
)  # fmt: skip
# Fields in which somebody's name or address is typed.
TAKES_SOMEBODY = re.compile(r"(^|_)(given_name|family_name|first_name|last_name|full_name|email|mailbox|who_else)$")
NOT_A_WORKER = {
    "accounts.people.forms.staff.AddUserForm": "an account: one address has one, and no one else's can be taken",
    "accounts.people.forms.staff.ChangeAddressForm": "the address of an account",
    "accounts.signin.forms.passwords.ForgottenPasswordForm": "whoever has forgotten their own password",
    "conferences.forms.guests.NameDeputyForm": "a guest, who sees nothing of the directory: ConfirmDeputyForm asks",
    "core_groups.forms.plan_changes.AgreedActionForm": "words in an action, not a record",
    "families.forms.children.BabyForm": "a newborn",
    "families.forms.posts.ChangePostForm": "the post of someone known; another worker's mailbox is refused",
    "families.forms.people.NameForm": "another name of someone known",
    "meetings.forms.outline.ContingencyForm": "words in an agreement, not a record",
    "meetings.forms.outline.ActionForm": "words in an action, not a record; who carries it out is chosen from the list",
    "plans.forms.document.ActionForm": "words in an action, not a record; who carries it out is chosen from the group",
    "plans.forms.document.EntryForm": "words in a line of the plan, not a record",
    "plans.forms.document.StatementForm": "words in a line of the plan, not a record",
    "plans.forms.visits.VisitForm": "words about who else was there, not a record",
}


def _forms() -> Iterator[type[GovukBaseForm]]:
    for app in APPS:
        package = importlib.import_module(app)
        for found in pkgutil.walk_packages(package.__path__, f"{app}."):
            if "forms" in found.name.split(".")[1:]:
                module = importlib.import_module(found.name)
                declared = [form for form in vars(module).values() if getattr(form, "__module__", "") == found.name]
                yield from (
                    form for form in declared if isinstance(form, type) and issubclass(form, GovukForm | GovukModelForm)
                )


def _name(form: type) -> str:
    return f"{form.__module__}.{form.__name__}"


def test_every_form_that_takes_somebodys_name_or_address_asks_or_says_why_not():
    taking = {
        _name(form)
        for form in _forms()
        if any(TAKES_SOMEBODY.search(name) for name in form.base_fields)
        and not issubclass(form, EntersWorker | AsksWhetherKnown)
    }
    assert sorted(taking) == sorted(NOT_A_WORKER)


def test_every_form_that_asks_shows_what_it_asks_and_offers_the_directory():
    asking = [
        form for form in _forms() if issubclass(form, EntersWorker) and form not in {EntersWorker, EntersNewcomer}
    ]
    assert {form.__name__ for form in asking} == {
        "AgencyForm", "AddParticipantForm", "NameKnownDeputyForm", "ConfirmDeputyForm", "AddAttendeeForm",
        "AlsoThereForm", "TakeOverForm", "DirectoryForm",
    }  # fmt: skip
    wanted = {"known_post", "use_name", "use_title", "use_email", "use_phone", "worker"}
    for form in asking:
        shown = set(names_in_order(form.layout))
        assert wanted <= shown, (form, wanted - shown)
        assert form.drawn_on_demand >= wanted - {"worker"}, form
        assert "ask_about_worker" in form.clean.__code__.co_names, form
