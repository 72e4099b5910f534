from __future__ import annotations

import datetime
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Role
from deadlines.models import PolicyDraft, PolicyVersion
from deadlines.policies import LIMITS, SCHEMA, policy_for, raw_from_text
from deadlines.selectors.policies import draft_data, policy_groups, policy_row
from deadlines.services.drafting import put_draft_in_force, start_draft
from tests.factories import AuthorityFactory, policy_in_force, user_with_role
from tests.stories import once_per_module

NOW = datetime.datetime(2026, 12, 8, 9, 30, tzinfo=datetime.UTC)
SAID = {"source": "Procedures, section 7", "year": "2026", "scope": "local", "owner": "service manager"}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def authority():
    authority = AuthorityFactory(slug="eastmere", name="Eastmere Council")
    policy_in_force(authority, preset="buckinghamshire")
    return authority


@once_per_module(at=NOW)
def admin(authority):
    return user_with_role(Role.ADMINISTRATOR, authority=authority)


@pytest.fixture
def signed_in(client, admin):
    client.force_login(admin)
    return client


@once_per_module(at=NOW)
def draft(authority, admin):
    return start_draft(authority=authority, by=admin, now=NOW)


def page(name, *args):
    return reverse(f"deadlines:{name}", args=args)


def limit_form(**fields):
    return {
        "amount": "20", "unit": "working days", "warn": "5", "last_call": "", "to_manager": "1",
        "to_service_manager": "3", "version": "1", **SAID, **fields,
    }  # fmt: skip


# Reading


def test_the_procedures_in_force_are_shown_in_words_with_their_source(signed_in):
    text = signed_in.get(page("policies")).content.decode()
    assert "Version 1, in force since" in text
    assert "15 working days after the strategy discussion that started the s47" in text
    assert "Never more than 10 working days (national outer limit)" in text
    assert "Buckinghamshire, guide for schools, 2018" in text
    assert "Not used by this council" in text


def test_every_rule_of_the_schema_is_on_the_page(signed_in):
    groups = signed_in.get(page("policies")).context["groups"]
    assert {row.key for group in groups for row in group.rows} == LIMITS.keys() | SCHEMA.keys()


def test_differences_from_the_baseline_have_their_own_page(signed_in):
    found = signed_in.get(page("policy-differences")).context["differences"]
    assert "scale" in {difference.key for difference in found}
    assert "minutes-sent" not in {difference.key for difference in found}


def test_the_history_says_what_each_version_changed(signed_in, authority):
    policy_in_force(authority, preset="hartlepool", since=date(2027, 1, 4))
    lines = signed_in.get(page("policy-history")).context["page"].object_list
    assert [(line.version.number, line.state, line.until) for line in lines] == [
        (2, "To come", None),
        (1, "In force", date(2027, 1, 4)),
    ]
    assert lines[1].changed is None
    response = signed_in.get(page("policy-version", 2))
    assert len(response.context["differences"]) == lines[0].changed


def test_the_history_takes_the_same_queries_for_one_and_thirty_versions(
    signed_in, authority, django_assert_max_num_queries
):
    signed_in.get(page("policy-history"))
    with django_assert_max_num_queries(30) as one:
        signed_in.get(page("policy-history"))
    for number in range(30):
        preset = ("hartlepool", "buckinghamshire")[number % 2]
        policy_in_force(authority, preset=preset, since=date(2027, 1, 1) + datetime.timedelta(days=number))
    signed_in.get(page("policy-history"))
    with django_assert_max_num_queries(30) as thirty:
        signed_in.get(page("policy-history"))
    assert len(one) == len(thirty)


def test_a_council_without_procedures_is_told_what_to_do(client, db):
    admin = user_with_role(Role.ADMINISTRATOR)
    client.force_login(admin)
    assert "No procedures are in force" in client.get(page("policies")).content.decode()
    assert client.get(page("policy-differences")).status_code == 200
    assert client.get(page("recounts")).status_code == 200
    assert client.get(page("count-again")).status_code == 302
    client.post(page("policy-drafts"), {"copy_of": "hartlepool"})
    draft = PolicyDraft.objects.get()
    assert raw_from_text(draft.text, file="draft")["values"]["child-invited-from-age"]["value"] == 11


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_other_roles_are_refused(client, authority, draft, role):
    client.force_login(user_with_role(role, authority=authority))
    for name, args in [
        ("policies", ()), ("policy-differences", ()), ("policy-history", ()), ("policy-version", (1,)),
        ("policy-drafts", ()), ("policy-draft", (draft.pk,)), ("change-policy-text", (draft.pk,)),
        ("change-policy-limit", (draft.pk, "minutes-sent")), ("change-policy-value", (draft.pk, "mode")),
        ("put-policy-in-force", (draft.pk,)), ("recounts", ()), ("count-again", ()),
    ]:  # fmt: skip
        assert client.get(page(name, *args)).status_code == 404, name
    assert client.post(page("set-policy-draft-aside", draft.pk)).status_code == 404
    draft.refresh_from_db()
    assert draft.ended_at is None


def test_the_administrator_of_another_council_is_refused(client, draft):
    other = AuthorityFactory()
    policy_in_force(other)
    client.force_login(user_with_role(Role.ADMINISTRATOR, authority=other))
    for name in ("policy-draft", "change-policy-text", "put-policy-in-force"):
        assert client.get(page(name, draft.pk)).status_code == 404
        assert client.post(page(name, draft.pk)).status_code in (404, 405)


# Drafts


def test_a_draft_starts_as_a_copy_and_there_is_one_at_a_time(signed_in, authority):
    signed_in.post(page("policy-drafts"), {"copy_of": ""})
    signed_in.post(page("policy-drafts"), {"copy_of": "hartlepool"})
    draft = PolicyDraft.objects.get()
    raw = raw_from_text(draft.text, file="draft")
    assert (raw["preset"], raw["title"], draft.based_on.number) == ("eastmere", "Eastmere Council", 1)
    assert raw["values"]["scale"]["value"]["indicates-plan-up-to"] == 4
    assert signed_in.get(page("policy-draft", draft.pk)).status_code == 200


def test_a_limit_is_changed_in_plain_fields(signed_in, draft):
    response = signed_in.post(page("change-policy-limit", draft.pk, "minutes-sent"), limit_form())
    assert response.status_code == 302
    draft.refresh_from_db()
    entry = raw_from_text(draft.text, file="draft")["limits"]["minutes-sent"]
    assert (entry["amount"], entry["unit"], entry["source"], entry["escalate"]["service-manager"]["amount"]) == (
        20, "working days", "Procedures, section 7", 3,
    )  # fmt: skip
    assert draft.version == 2


def test_a_limit_may_become_one_of_hours(signed_in, draft):
    url = page("change-policy-limit", draft.pk, "report-submitted")
    assert signed_in.post(url, limit_form(amount="48", unit="hours")).status_code == 200
    fields = limit_form(amount="48", unit="hours", warn="24", last_call="6", to_manager="4", to_service_manager="24")
    assert signed_in.post(url, fields).status_code == 302


@pytest.mark.parametrize(
    ("fields", "field", "error"),
    [
        ({"amount": "ten"}, "amount", "Write “How long?” as a whole number, such as 10"),
        ({"amount": "-1"}, "amount", "It must be 1 or more, not -1"),
        ({"amount": "5000"}, "amount", "It must be 1000 or less, not 5000"),
        ({"source": ""}, "source", "Fill in “Where does it come from?”"),
        ({"year": "1066"}, "year", "It must be a year from 1989 on, not 1066"),
        ({"unit": "fortnights"}, "unit", "Choose one of the answers shown"),
        ({"last_call": "3"}, "last_call", "It belongs to limits in hours, and each of them needs it"),
        (
            {"to_manager": "5"},
            "to_manager",
            "It is out of order; it goes to the manager first, so manager must not be more than service-manager",
        ),
    ],
)
def test_a_wrong_limit_is_named_and_the_input_kept(signed_in, draft, fields, field, error):
    response = signed_in.post(page("change-policy-limit", draft.pk, "minutes-sent"), limit_form(**fields))
    form = response.context["form"]
    assert form.errors[field] == [error]
    assert form["owner"].value() == "service manager"
    draft.refresh_from_db()
    assert draft.version == 1


def test_a_limit_looser_than_the_national_one_is_refused(signed_in, draft):
    url = page("change-policy-limit", draft.pk, "initial-conference")
    response = signed_in.post(url, limit_form(amount="16"))
    (messages,) = response.context["form"].errors.values()
    assert messages == [
        "limits.initial-conference: 16 working days is looser than the national outer limit of 15 working days"
    ]


@pytest.mark.parametrize("key", list(SCHEMA))
def test_every_value_can_be_opened_and_saved_as_it_is(signed_in, draft, key):
    response = signed_in.get(page("change-policy-value", draft.pk, key))
    form = response.context["form"]
    fields = {bound.name: bound.value() for bound in form if bound.value() is not None}
    if isinstance(fields["value"], bool):
        fields["value"] = "yes" if fields["value"] else "no"
    before = policy_row("values", key, policy_for(draft.authority, on=NOW.date()).data).words
    assert signed_in.post(page("change-policy-value", draft.pk, key), fields).status_code == 302, form.errors
    draft.refresh_from_db()
    groups = policy_groups(draft_data(draft))
    assert [row.words for group in groups for row in group.rows if row.key == key] == [before]


@pytest.mark.parametrize(
    ("key", "fields", "field", "error"),
    [
        ("mode", {"value": "by post"}, "value", "Choose one of the answers shown"),
        ("child-invited-from-age", {"value": "number", "number": ""}, "number", "Write the number"),
        (
            "child-invited-from-age",
            {"value": "number", "number": "18"},
            "number",
            "It must be an age from 0 to 17 or 'by understanding', not 18",
        ),
        ("agenda", {"value": "[]"}, "value", "It must be a list with at least one item, not []"),
        (
            "agenda",
            {"value": "- &a Plan\n- *a"},
            "value",
            "agenda: is not plain YAML: aliases (*name) are not allowed; write the value out",
        ),
    ],
)
def test_a_wrong_value_is_named_and_the_input_kept(signed_in, draft, key, fields, field, error):
    response = signed_in.post(page("change-policy-value", draft.pk, key), {"version": "1", **SAID, **fields})
    form = response.context["form"]
    assert form.errors[field] == [error]
    assert form["value"].value() == fields["value"]


def test_a_value_that_is_a_number_or_a_word_is_chosen(signed_in, draft):
    fields = {"version": "1", **SAID, "value": "number", "number": "7"}
    signed_in.post(page("change-policy-value", draft.pk, "child-invited-from-age"), fields)
    draft.refresh_from_db()
    fields = {"version": "2", **SAID, "value": "by understanding"}
    signed_in.post(
        page("change-policy-value", draft.pk, "advocate-offered"), {**fields, "value": "every invited child"}
    )
    draft.refresh_from_db()
    values = raw_from_text(draft.text, file="draft")["values"]
    assert values["child-invited-from-age"]["value"] == 7
    assert values["advocate-offered"]["value"] == "every invited child"


def test_an_unknown_key_is_not_found(signed_in, draft):
    assert signed_in.get(page("change-policy-limit", draft.pk, "mode")).status_code == 404
    assert signed_in.get(page("change-policy-value", draft.pk, "nothing")).status_code == 404


def test_a_fault_in_the_text_is_named_and_the_text_stays(signed_in, draft):
    typed = draft.text.replace("title:", "titel:")
    response = signed_in.post(page("change-policy-text", draft.pk), {"text": typed, "version": "1"})
    form = response.context["form"]
    assert form.errors["text"] == ["lacks 'title'"]
    assert form["text"].value() == typed
    draft.refresh_from_db()
    assert (draft.version, "titel" in draft.text) == (1, False)


def test_two_users_can_not_unknowingly_overwrite_each_other(client, signed_in, authority, draft):
    colleague = user_with_role(Role.ADMINISTRATOR, authority=authority, name="Joan Plover")
    mine = draft.text.replace("title: Eastmere Council", "title: Mine")
    theirs = draft.text.replace("title: Eastmere Council", "title: Theirs")
    signed_in.post(page("change-policy-text", draft.pk), {"text": theirs, "version": "1"})
    client.force_login(colleague)
    response = client.post(page("change-policy-text", draft.pk), {"text": mine, "version": "1"})
    assert response.context["form"].errors["__all__"] == [
        "Someone else has changed this draft. Read what it says now. If you save again, yours replaces it."
    ]
    text = response.content.decode()
    assert "title: Mine" in text
    assert "title: Theirs" in text
    again = response.context["form"]["version"].value()
    client.post(page("change-policy-text", draft.pk), {"text": mine, "version": again})
    draft.refresh_from_db()
    assert (raw_from_text(draft.text, file="draft")["title"], draft.changed_by) == ("Mine", colleague)


def test_a_stale_limit_is_refused_and_the_input_kept(signed_in, draft):
    url = page("change-policy-limit", draft.pk, "minutes-sent")
    signed_in.post(url, limit_form())
    response = signed_in.post(url, limit_form(amount="10"))
    assert response.context["form"].non_field_errors() == [
        "Someone else has changed this draft. Read what it says now. If you save again, yours replaces it."
    ]
    assert response.context["form"]["amount"].value() == "10"
    assert signed_in.post(url, limit_form(amount="10", version="2")).status_code == 302


def test_a_draft_may_be_set_aside(signed_in, draft):
    signed_in.post(page("set-policy-draft-aside", draft.pk))
    signed_in.post(page("set-policy-draft-aside", draft.pk))
    draft.refresh_from_db()
    assert (draft.ended_at, draft.became) == (NOW, None)
    assert signed_in.get(page("policy-draft", draft.pk)).status_code == 200
    response = signed_in.post(page("change-policy-text", draft.pk), {"text": "title: x", "version": "1"})
    assert response.context["form"].non_field_errors() == [
        "This draft has ended: it was put in force or discarded. Start a new one."
    ]


# Putting in force


def changed(signed_in, draft, **fields):
    signed_in.post(page("change-policy-limit", draft.pk, "minutes-sent"), limit_form(**fields))
    draft.refresh_from_db()
    return draft


def test_the_preview_says_what_changes_with_example_dates(signed_in, draft):
    changed(signed_in, draft)
    url = page("put-policy-in-force", draft.pk)
    preview = signed_in.get(url, {"on": "2026-12-22"}).context["preview"]
    assert [difference.key for difference in preview.differences] == ["minutes-sent"]
    assert preview.differences[0].before[0] == "28 days after the end of the last part"
    assert preview.differences[0].after[0] == "20 working days after the end of the last part"
    (example,) = preview.examples
    assert (example.before, example.after) == (date(2027, 1, 19), date(2027, 1, 22))
    assert signed_in.get(url, {"on": "31 2 2027"}).context["preview"].example_on == NOW.date()


def test_a_preview_shows_every_limit_whose_way_of_counting_changes(signed_in, draft):
    fields = {"version": "1", **SAID, "value": "the working day before"}
    signed_in.post(page("change-policy-value", draft.pk, "day-zero-on-closed-day"), fields)
    examples = signed_in.get(page("put-policy-in-force", draft.pk), {"on": "2026-12-26"}).context["preview"].examples
    dates = {example.label: (example.before, example.after) for example in examples}
    assert dates["Minutes sent"] == (date(2027, 1, 23), date(2027, 1, 21))
    assert dates["Initial conference"] == (date(2027, 1, 19), date(2027, 1, 19))


def test_a_draft_is_put_in_force_once_however_often_it_is_submitted(signed_in, admin, draft):
    changed(signed_in, draft)
    url, fields = page("put-policy-in-force", draft.pk), {"in_force_from": "2027-01-04", "version": "2"}
    assert signed_in.post(url, fields).status_code == 302
    assert signed_in.post(url, fields).status_code == 302
    version = PolicyVersion.objects.get(number=2)
    assert (version.in_force_from, version.created_by, version.preset) == (date(2027, 1, 4), admin, "eastmere")
    assert policy_for(draft.authority, on=date(2027, 1, 3)).limit("minutes-sent").words == "28 days"
    assert policy_for(draft.authority, on=date(2027, 1, 4)).limit("minutes-sent").words == "20 working days"
    draft.refresh_from_db()
    assert put_draft_in_force(draft=draft, version=2, in_force_from=date(2027, 2, 1), by=admin, now=NOW) == version


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"in_force_from": "2026-12-07", "version": "2"}, {"in_force_from": ["New procedures start today or later."]}),
        ({"in_force_from": "2027-02-30", "version": "2"}, None),
        (
            {"in_force_from": "2027-01-04", "version": "1"},
            {"__all__": ["Someone has changed this draft since you looked at it. Read the preview again."]},
        ),
    ],
)
def test_a_wrong_day_or_a_stale_preview_is_refused(signed_in, draft, fields, errors):
    changed(signed_in, draft)
    response = signed_in.post(page("put-policy-in-force", draft.pk), fields)
    assert response.status_code == 200
    assert errors is None or response.context["form"].errors == errors
    assert PolicyVersion.objects.count() == 1


def test_a_draft_that_changes_nothing_says_so(signed_in, admin, draft):
    assert "This draft changes nothing" in signed_in.get(page("put-policy-in-force", draft.pk)).content.decode()


def test_a_later_version_that_takes_over_is_pointed_out(signed_in, authority, draft):
    policy_in_force(authority, preset="hartlepool", since=date(2027, 3, 1))
    changed(signed_in, draft)
    text = signed_in.get(page("put-policy-in-force", draft.pk)).content.decode()
    assert "Version 2 takes over on" in text
