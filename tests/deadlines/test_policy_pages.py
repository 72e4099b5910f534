from __future__ import annotations

import datetime
from datetime import date

import pytest
import time_machine
from django.urls import reverse
from lxml import html

from accounts.drafts.services import save_draft
from accounts.enums import Role
from deadlines.models import PolicyDraft, PolicyVersion
from deadlines.policies import LIMITS, SCHEMA, baseline, policy_for, raw_from_text
from deadlines.policies.entry_groups import ENTRY_GROUPS
from deadlines.selectors.policies import draft_data, policy_row
from deadlines.services.drafting import put_draft_in_force, start_draft
from tests.factories import AuthorityFactory, policy_in_force, user_with_role
from tests.stories import once_per_module

NOW = datetime.datetime(2026, 12, 8, 9, 30, tzinfo=datetime.UTC)
SAID = {"source": "Procedures, section 7", "year": "2026", "owner": "service manager"}
PAPERS, DAY, BEFORE = "time-limits-of-reports-and-papers", "the-day", "before-the-conference"
MINUTES = {"minutes-sent-amount": "20", "minutes-sent-unit": "working days"}


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


def typed(form, **changes):
    """Return what a form sends as it is shown, with some of it typed over."""
    sent = {bound.html_name: bound.value() for bound in form}
    words = {name: ("no", "yes")[value] if isinstance(value, bool) else value for name, value in sent.items()}
    return {**{name: value for name, value in words.items() if value is not None}, **changes}


def change(client, draft, slug, **changes):
    url = page("change-policy-group", draft.pk, slug)
    return client.post(url, typed(client.get(url).context["form"], **{**SAID, **changes}))


def entries(draft, section):
    draft.refresh_from_db()
    return raw_from_text(draft.text, file="draft")[section]


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
        ("policy-drafts", ()), ("policy-draft", (draft.pk,)), ("change-policy-group", (draft.pk, DAY)),
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
    for name, args in (("policy-draft", ()), ("change-policy-group", (DAY,)), ("put-policy-in-force", ())):
        assert client.get(page(name, draft.pk, *args)).status_code == 404
        assert client.post(page(name, draft.pk, *args)).status_code in (404, 405)


# Drafts


def test_a_draft_starts_as_a_copy_and_there_is_one_at_a_time(signed_in, authority):
    signed_in.post(page("policy-drafts"), {"copy_of": ""})
    signed_in.post(page("policy-drafts"), {"copy_of": "hartlepool"})
    draft = PolicyDraft.objects.get()
    raw = raw_from_text(draft.text, file="draft")
    assert (raw["preset"], raw["title"], draft.based_on.number) == ("eastmere", "Eastmere Council", 1)
    assert raw["values"]["scale"]["value"]["indicates-plan-up-to"] == 4
    assert signed_in.get(page("policy-draft", draft.pk)).status_code == 200


def test_a_group_of_limits_is_changed_at_once_with_its_source_typed_once(signed_in, draft):
    response = change(signed_in, draft, PAPERS, **MINUTES, **{"dissent-answer-warn": "2"})
    assert response["Location"] == page("policy-draft", draft.pk)
    before = baseline()["limits"]
    after = entries(draft, "limits")
    assert after["minutes-sent"] == {
        **before["minutes-sent"], "amount": 20, "unit": "working days", **SAID, "year": 2026, "scope": "local",
    }  # fmt: skip
    assert after["dissent-answer"]["warn"]["amount"] == 2
    assert after["dissent-answer"]["source"] == "Procedures, section 7"
    assert "complaint-answer" not in after
    assert draft.version == 2


def test_one_of_a_group_may_come_from_elsewhere(signed_in, draft):
    change(
        signed_in,
        draft,
        PAPERS,
        **MINUTES,
        **{"complaint-answer-amount": "9", "complaint-answer-said-source": "The other guide"},
    )
    sources = {key: entries(draft, "limits")[key]["source"] for key in ("minutes-sent", "complaint-answer")}
    assert sources == {"minutes-sent": "Procedures, section 7", "complaint-answer": "The other guide"}


def test_the_source_typed_before_stands_on_the_next_page(signed_in, draft):
    response = change(signed_in, draft, PAPERS, **MINUTES, go_on="1")
    form = signed_in.get(response["Location"]).context["form"]
    assert {name: form[name].value() for name in SAID} == {**SAID, "year": 2026}
    assert entries(draft, "limits").keys() >= {"minutes-sent"}


def test_the_same_form_sent_twice_or_unchanged_changes_nothing_more(signed_in, draft):
    url = page("change-policy-group", draft.pk, PAPERS)
    sent = typed(signed_in.get(url).context["form"], **SAID, **MINUTES)
    for _ in range(2):
        assert signed_in.post(url, sent).status_code == 302
    change(signed_in, draft, DAY)
    draft.refresh_from_db()
    assert draft.version == 2


@pytest.mark.parametrize("group", ENTRY_GROUPS, ids=lambda group: group.slug)
def test_every_group_can_be_opened_and_saved_as_it_is(signed_in, draft, group):
    before = draft_data(draft)
    response = change(signed_in, draft, group.slug)
    assert response.status_code == 302, response.context["form"].errors
    draft.refresh_from_db()
    assert draft_data(draft) == before
    assert draft.version == 1


def test_each_entry_is_in_one_group():
    assert sorted(key for group in ENTRY_GROUPS for key in group.keys) == sorted([*LIMITS, *SCHEMA])


def test_changing_units_asks_anew_when_people_are_told(signed_in, draft):
    url = page("change-policy-group", draft.pk, PAPERS)
    fields = {**SAID, "decisions-sent-amount": "3", "decisions-sent-unit": "working days"}
    shown = signed_in.post(url, typed(signed_in.get(url).context["form"], **fields)).context["form"]
    asked = {"decisions-sent-warn", "decisions-sent-manager", "decisions-sent-service-manager"}
    assert shown.errors.keys() == asked
    assert shown.errors["decisions-sent-warn"] == ["The limit is in other units now. Write this again, in working days"]
    assert {shown[name].value() for name in asked} == {""}
    assert shown["decisions-sent-amount"].value() == "3"
    anew = {"decisions-sent-warn": "1", "decisions-sent-manager": "1", "decisions-sent-service-manager": "4"}
    assert signed_in.post(url, typed(shown, **anew)).status_code == 302
    entry = entries(draft, "limits")["decisions-sent"]
    assert (entry["warn"], "last-call" in entry) == ({"amount": 1, "unit": "working days"}, False)


@pytest.mark.parametrize(
    ("fields", "field", "error"),
    [
        ({"minutes-sent-amount": "ten"}, "minutes-sent-amount", "Write “How long?” as a whole number, such as 10"),
        ({"minutes-sent-amount": "-1"}, "minutes-sent-amount", "It must be 1 or more, not -1"),
        (
            {**MINUTES, "source": ""},
            "source",
            "Fill in “Where do they come from?”: you have changed something on this page",
        ),
        ({**MINUTES, "year": "1066"}, "year", "It must be a year from 1989 on, not 1066"),
        ({"minutes-sent-unit": "fortnights"}, "minutes-sent-unit", "Choose one of the answers shown"),
        (
            {**MINUTES, "minutes-sent-manager": "5"},
            "minutes-sent-manager",
            "It is out of order; it goes to the manager first, so manager must not be more than service-manager",
        ),
        (
            {**MINUTES, "minutes-sent-warn": "21"},
            "minutes-sent-warn",
            "People can't be told 21 working days before the end of a limit of 20 working days",
        ),
        (
            {"report-submitted-amount": "1"},
            "report-submitted-amount",
            (
                "1 working day before the conference is later than 2 working days before it, when the family has the "
                "report (limits.report-shared-with-family)"
            ),
        ),
    ],
)
def test_a_wrong_limit_is_named_beside_its_field_and_the_input_kept(signed_in, draft, fields, field, error):
    form = change(signed_in, draft, PAPERS, **fields).context["form"]
    assert form.errors == {field: [error]}
    assert form["owner"].value() == "service manager"
    assert entries(draft, "limits").get("minutes-sent") is None


def test_a_limit_looser_than_the_national_one_is_refused(signed_in, draft):
    response = change(signed_in, draft, "time-limits-of-conferences", **{"initial-conference-amount": "16"})
    assert response.context["form"].errors == {
        "initial-conference-amount": ["16 working days is looser than the national outer limit of 15 working days"]
    }


def test_a_council_gives_a_limit_one_that_it_may_never_pass(signed_in, draft):
    fields = {
        "next-core-group-amount": "1", "next-core-group-unit": "months",
        "next-core-group-outer-amount": "6", "next-core-group-outer-unit": "weeks",
    }  # fmt: skip
    change(signed_in, draft, "time-limits-of-plans-core-groups-and-reviews", **fields)
    row = policy_row("limits", "next-core-group", draft_data(PolicyDraft.objects.get()))
    assert row.words == ["1 month after the last core group"]
    assert "Never more than 6 weeks (the council's own outer limit)" in row.more


@pytest.mark.parametrize(
    ("slug", "fields", "field", "error"),
    [
        (DAY, {"mode": "by post"}, "mode", "Choose one of the answers shown"),
        (
            BEFORE,
            {"child-invited-from-age": "number", "child-invited-from-age-number": "18"},
            "child-invited-from-age-number",
            "It must be an age from 0 to 17 or 'by understanding', not 18",
        ),
        (DAY, {"framework-headings-1-label": ""}, "framework-headings-1-label", "Fill in “Words (2)”"),
        (DAY, {"agenda-rows": "0"}, "agenda-rows", "It must be a list with at least one item, not []"),
    ],
)
def test_a_wrong_value_is_named_beside_its_field_and_the_input_kept(signed_in, draft, slug, fields, field, error):
    form = change(signed_in, draft, slug, **fields).context["form"]
    assert form.errors == {field: [error]}
    assert form["source"].value() == SAID["source"]
    assert {form[name].value() for name in fields} == set(fields.values())


def test_a_value_that_is_a_number_or_a_word_is_chosen(signed_in, draft):
    number = {"child-invited-from-age": "number", "child-invited-from-age-number": "7"}
    for fields, value in ((number, 7), ({"child-invited-from-age": "by understanding"}, "by understanding")):
        change(signed_in, draft, BEFORE, **fields)
        assert entries(draft, "values")["child-invited-from-age"]["value"] == value


def test_what_was_typed_is_there_again_with_the_rows_that_were_added(signed_in, draft, admin):
    url = page("change-policy-group", draft.pk, DAY)
    form = signed_in.get(url).context["form"]
    rows = int(form["framework-headings-rows"].value())
    added = {"framework-headings-rows": str(rows + 2), f"framework-headings-{rows + 1}-label": "What we hope for"}
    added |= {f"framework-headings-{rows + 1}-prompt": "What will be better?"}
    kept = {name: [str(value)] for name, value in typed(form, source="Section 9", **added).items()}
    save_draft(user_id=admin.pk, path=url, fields=kept, now=NOW)
    again = signed_in.get(url).context["form"]
    assert (again["source"].value(), again[f"framework-headings-{rows + 1}-label"].value()) == (
        "Section 9", "What we hope for",
    )  # fmt: skip
    signed_in.post(url, typed(again, **SAID))
    labels = [heading["label"] for heading in entries(draft, "values")["framework"]["value"]["headings"]]
    assert labels[-1] == "What we hope for"


def test_a_list_is_arranged_with_buttons_that_save_nothing_and_do_no_harm_twice(signed_in, draft):
    url = page("change-policy-group", draft.pk, DAY)
    form = signed_in.get(url).context["form"]
    labels = [form[f"framework-headings-{place}-label"].value() for place in range(5)]

    def arrange(form, act, **changes):
        sent = typed(form, arrange=f"framework-headings:{act}", **changes)
        first, again = (signed_in.post(url, sent).context["form"] for _ in range(2))
        assert typed(first) == typed(again)
        assert first.errors == {} or first.hides_errors
        return first

    def now(form):
        return [form[f"framework-headings-{place}-label"].value() for place in range(form_rows(form))]

    def form_rows(form):
        return int(form["framework-headings-rows"].value())

    moved = arrange(form, "up:1")
    assert now(moved)[:5] == [labels[1], labels[0], *labels[2:]]
    moved = arrange(moved, "down:0")
    assert now(moved)[:5] == labels
    fewer = arrange(moved, "remove:2", **{"framework-headings-0-label": "What harms"})
    assert now(fewer)[:4] == ["What harms", labels[1], *labels[3:]]
    more = arrange(fewer, f"add:{form_rows(fewer)}")
    assert form_rows(more) == form_rows(fewer) + 1
    assert entries(draft, "values")["framework"]["value"]["headings"][0]["label"] == labels[0]
    place = form_rows(more) - 1
    response = signed_in.post(
        url,
        typed(
            more, **SAID,
            **{f"framework-headings-{place}-label": "Anything else", f"framework-headings-{place}-prompt": "What else?"},
        ),
    )  # fmt: skip
    assert response.status_code == 302
    headings = entries(draft, "values")["framework"]["value"]["headings"]
    assert [heading["label"] for heading in headings] == ["What harms", labels[1], *labels[3:], "Anything else"]
    assert headings[0]["key"] == "historic-risks"
    assert headings[-1] == {"key": "anything-else", "label": "Anything else", "prompt": "What else?"}


def test_another_framework_has_keys_of_its_own(signed_in, draft):
    fields = {"framework-name": "Signs of Safety", "framework-version": "2027", "framework-headings-0-label": "Harm"}
    change(signed_in, draft, DAY, **fields)
    framework = entries(draft, "values")["framework"]["value"]
    assert (framework["key"], framework["headings"][0]["key"]) == ("signs-of-safety", "harm")
    assert framework["headings"][1]["key"] == "current-risks"


def test_an_unknown_group_is_not_found(signed_in, draft):
    assert signed_in.get(page("change-policy-group", draft.pk, "nothing")).status_code == 404


def test_a_stale_form_is_refused_with_what_the_draft_says_now_and_the_input_kept(client, signed_in, authority, draft):
    url = page("change-policy-group", draft.pk, PAPERS)
    stale = signed_in.get(url).context["form"]
    change(signed_in, draft, PAPERS, **MINUTES)
    client.force_login(user_with_role(Role.ADMINISTRATOR, authority=authority, name="Joan Plover"))
    mine = {**SAID, **MINUTES, "minutes-sent-amount": "10"}
    response = client.post(url, typed(stale, **mine))
    form = response.context["form"]
    assert form.non_field_errors() == [
        "Someone else has changed this draft. Read what it says now. If you save again, yours replaces it."
    ]
    assert "Minutes sent: 20 working days after the end of the last part" in response.content.decode()
    assert form["minutes-sent-amount"].value() == "10"
    assert client.post(url, typed(form)).status_code == 302
    assert entries(draft, "limits")["minutes-sent"]["amount"] == 10


def test_a_draft_may_be_set_aside(signed_in, draft):
    signed_in.post(page("set-policy-draft-aside", draft.pk))
    signed_in.post(page("set-policy-draft-aside", draft.pk))
    draft.refresh_from_db()
    assert (draft.ended_at, draft.became) == (NOW, None)
    assert signed_in.get(page("policy-draft", draft.pk)).status_code == 200
    assert signed_in.get(page("change-policy-group", draft.pk, DAY)).status_code == 404


# Putting in force


def changed(signed_in, draft):
    change(signed_in, draft, PAPERS, **MINUTES)
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


@pytest.mark.value("day-zero-on-closed-day")
def test_a_preview_shows_every_limit_whose_way_of_counting_changes(signed_in, draft):
    change(signed_in, draft, "counting-and-words", **{"day-zero-on-closed-day": "the working day before"})
    examples = signed_in.get(page("put-policy-in-force", draft.pk), {"on": "2026-12-26"}).context["preview"].examples
    dates = {example.label: (example.before, example.after) for example in examples}
    assert dates["Minutes sent"] == (date(2027, 1, 23), date(2027, 1, 21))
    assert dates["Initial conference"] == (date(2027, 1, 19), date(2027, 1, 19))


def test_a_draft_is_put_in_force_once_however_often_it_is_submitted(signed_in, admin, draft):
    changed(signed_in, draft)
    second = user_with_role(Role.ADMINISTRATOR, authority=draft.authority)
    url, fields = page("put-policy-in-force", draft.pk), {"in_force_from": "2027-01-04", "version": "2"}
    for user in (admin, second):
        signed_in.force_login(user)
        assert not PolicyVersion.objects.filter(number=2).exists()
        assert signed_in.post(url, fields).status_code == 302
        assert signed_in.post(url, fields).status_code == 302
    version = PolicyVersion.objects.get(number=2)
    assert (version.in_force_from, version.created_by, version.preset) == (date(2027, 1, 4), second, "eastmere")
    assert policy_for(draft.authority, on=date(2027, 1, 3)).limit("minutes-sent").words == "28 days"
    assert policy_for(draft.authority, on=date(2027, 1, 4)).limit("minutes-sent").words == "20 working days"
    draft.refresh_from_db()
    assert put_draft_in_force(draft=draft, version=2, in_force_from=date(2027, 2, 1), by=second, now=NOW) == version


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


# Folded


def unfolded(response):
    found = html.fromstring(response.content.decode()).iter("details")
    return [one.find("summary").text_content().partition(":")[0] for one in found if one.get("open") is not None]


def test_each_entry_is_folded_to_what_it_says_until_it_is_asked_for_changed_or_refused(signed_in, draft):
    url = page("change-policy-group", draft.pk, PAPERS)
    shown = signed_in.get(url)
    assert "Minutes sent: 28 days after the end of the last part" in shown.content.decode()
    assert unfolded(shown) == []
    assert unfolded(signed_in.get(f"{url}?at=minutes-sent")) == ["Minutes sent"]
    refused = change(signed_in, draft, PAPERS, **{"minutes-sent-amount": "20", "dissent-amount": "ten"})
    assert unfolded(refused) == ["Minutes sent", "Dissent"]
    arranged = change(signed_in, draft, DAY, arrange="agenda:add:3")
    assert unfolded(arranged) == ["Agenda"]


def test_a_council_chooses_whether_the_first_core_group_ends_the_outline_plans_limit(signed_in, draft):
    plans = "time-limits-of-plans-core-groups-and-reviews"
    form = signed_in.get(page("change-policy-group", draft.pk, plans)).context["form"]
    assert [key for key, _ in form.fields["outline-plan-sooner"].choices] == ["", "first-core-group"]
    assert "first-core-group-sooner" not in form.fields
    change(signed_in, draft, plans, **{"outline-plan-sooner": ""})
    assert entries(draft, "limits")["outline-plan"]["sooner-with"] == ""
    assert not [line for line in policy_row("limits", "outline-plan", draft_data(draft)).more if "sooner" in line]
    change(signed_in, draft, plans, **{"outline-plan-sooner": "first-core-group"})
    assert entries(draft, "limits")["outline-plan"]["sooner-with"] == "first-core-group"
    row = policy_row("limits", "outline-plan", draft_data(draft))
    assert "The sooner counts: this or “First core group”, or the day arranged for it" in row.more
