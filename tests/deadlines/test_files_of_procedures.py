"""Files of procedures: what is wrong with one is named by file, key and reason."""

from __future__ import annotations

import pytest

from deadlines.policies import BASELINE, LIMITS, SCHEMA, PolicyInvalid, baseline, resolve
from tests.deadlines.test_policies import SAID, minimal, written  # noqa: F401 the fixtures


def a_limit(**fields):
    return {
        "amount": 2, "unit": "working days", "direction": "after", "warn": {"amount": 1, "unit": "working days"},
        **SAID, **fields,
    }  # fmt: skip


def refusals(path):
    with pytest.raises(PolicyInvalid) as error:
        resolve(path)
    return error.value.messages


def test_a_sixth_council_is_a_file(written):  # noqa: F811
    raw = {
        **minimal(**{"child-invited-from-age": 5}),
        "limits": {"report-submitted": a_limit(amount=3, direction="before")},
    }
    whole = resolve(written(raw))
    assert whole["limits"]["report-submitted"]["amount"] == 3
    assert whole["limits"]["minutes-sent"] == baseline()["limits"]["minutes-sent"]


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"report-sent": a_limit()}, "own.yaml: limits.report-sent: no such key is known"),
        ({"minutes-sent": a_limit(amount=-1)}, "own.yaml: limits.minutes-sent: amount: must be 1 or more, not -1"),
        ({"minutes-sent": a_limit(amount=0)}, "own.yaml: limits.minutes-sent: amount: must be 1 or more, not 0"),
        (
            {"minutes-sent": a_limit(amount=1.5)},
            "own.yaml: limits.minutes-sent: amount: must be a whole number, not 1.5",
        ),
        (
            {"minutes-sent": a_limit(amount=True)},
            "own.yaml: limits.minutes-sent: amount: must be a whole number, not True",
        ),
        (
            {"minutes-sent": a_limit(amount=10**9)},
            "own.yaml: limits.minutes-sent: amount: must be 1000 or less, not 1000000000",
        ),
        (
            {"minutes-sent": a_limit(unit="fortnights")},
            "own.yaml: limits.minutes-sent: unit: must be one of 'hours', 'days', 'working days', 'weeks', 'months', not 'fortnights'",
        ),
        (
            {"minutes-sent": a_limit(direction="around")},
            "own.yaml: limits.minutes-sent: direction: must be 'after', not 'around'",
        ),
        ({"minutes-sent": a_limit(source="")}, "own.yaml: limits.minutes-sent: source: must be words, not ''"),
        (
            {"minutes-sent": a_limit(year=1066)},
            "own.yaml: limits.minutes-sent: year: must be a year from 1989 on, not 1066",
        ),
        (
            {"minutes-sent": a_limit(scope="regional")},
            "own.yaml: limits.minutes-sent: scope: must be one of 'national', 'local', not 'regional'",
        ),
        ({"minutes-sent": a_limit(colour="red")}, "own.yaml: limits.minutes-sent: has the unknown key 'colour'"),
        ({"minutes-sent": {"amount": 28}}, "own.yaml: limits.minutes-sent: lacks 'unit'"),
        ({"minutes-sent": 28}, "own.yaml: limits.minutes-sent: must be a mapping, not 28"),
        ({"minutes-sent": a_limit(warn=3)}, "own.yaml: limits.minutes-sent: warn: must be a mapping, not 3"),
        (
            {"minutes-sent": a_limit(warn={"amount": 3, "unit": "hours"})},
            "own.yaml: limits.minutes-sent: warn.unit: must be 'working days' for a limit in working days",
        ),
        (
            {"decisions-sent": a_limit(unit="hours", amount=24, warn={"amount": 3, "unit": "hours"})},
            "own.yaml: limits.decisions-sent: last-call: belongs to limits in hours, and each of them needs it",
        ),
        (
            {"initial-conference": a_limit(amount=20, direction="after")},
            "own.yaml: limits.initial-conference: 20 working days is looser than the national outer limit of 15 working days",
        ),
        (
            {"first-core-group": a_limit(amount=3, unit="weeks", direction="after")},
            (
                "own.yaml: limits.first-core-group: 3 weeks is looser than the national outer limit of 10 working days"
                ": from 1 January 2012 it would end on 22 January 2012, the national one on 16 January 2012"
            ),
        ),
        (["minutes-sent"], "own.yaml: limits: must be a mapping, not ['minutes-sent']"),
    ],
)
def test_a_wrong_limit_is_refused_with_file_key_and_reason(written, limits, message):  # noqa: F811
    assert refusals(written({**minimal(), "limits": limits})) == [message]


def test_a_missing_source_is_named(written):  # noqa: F811
    limit = a_limit()
    del limit["source"]
    assert refusals(written({**minimal(), "limits": {"minutes-sent": limit}})) == [
        "own.yaml: limits.minutes-sent: lacks 'source'"
    ]


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("child-invited-from-age", 18, "must be an age from 0 to 17 or 'by understanding', not 18"),
        ("child-invited-from-age", "ten", "must be an age from 0 to 17 or 'by understanding', not 'ten'"),
        ("asked-for-view", ["parent", "postman"], "has the unknown capacity 'postman'"),
        ("asked-for-view", "parent", "must be a list of capacities, not 'parent'"),
        ("agenda", [], "must be a list with at least one item, not []"),
        ("agenda", ["Plan", 3], "item 2: must be words, not 3"),
        ("scaling", "sometimes", "must be one of 'offered', 'required', 'not used', not 'sometimes'"),
        ("plan-before-decision", "perhaps", "must be true or false, not 'perhaps'"),
        ("framework", {"key": "x"}, "lacks 'name'"),
        ("role-names", {"chair": "chair"}, "lacks 'social_worker'"),
        ("normal-length-minutes", 0, "must be 1 or more, not 0"),
        ("usual-hours", {"opens": "9:00"}, "lacks 'closes'"),
        ("usual-hours", {"opens": "nine", "closes": "17:00"}, "opens: must be a time such as 9:00, not 'nine'"),
        ("usual-hours", {"opens": "9:00", "closes": "24:00"}, "closes: must be a time such as 9:00, not '24:00'"),
        ("usual-hours", {"opens": "17:00", "closes": "9:00"}, "closes before it opens"),
        ("usual-hours", {"opens": "9:00", "closes": "17:00", "closes_on_friday": "8:00"}, "closes before it opens"),
        ("lateness-causes", [{"key": "a", "label": "A"}, {"key": "a", "label": "B"}], "has 'a' twice"),
        (
            "categories",
            [{"code": "NEG", "label": "Neglect", "definition": "Words"}],
            "must define each of EMO, NEG, PHY, SAB once; see 'EMO'",
        ),
        (
            "scale",
            {"key": "a", "version": "1", "low-words": "a", "high-words": "b", "indicates-plan-up-to": 11},
            "indicates-plan-up-to: must be a score from 0 to 10 or null, not 11",
        ),
        (
            "framework",
            {"key": "a", "name": "A", "version": "1", "headings": [{"key": "x", "label": "X"}]},
            "headings: item 1: lacks 'prompt'",
        ),
    ],
)
def test_a_wrong_value_is_refused_with_file_key_and_reason(written, key, value, reason):  # noqa: F811
    assert refusals(written(minimal(**{key: value}))) == [f"own.yaml: values.{key}: value: {reason}"]


def test_every_fault_is_named_at_once(written):  # noqa: F811
    raw = {**minimal(agenda=[]), "limits": {"wrong": 1, "minutes-sent": 2}}
    assert len(refusals(written(raw))) == 3


def test_a_baseline_has_to_be_complete(written):  # noqa: F811
    messages = refusals(written({"preset": BASELINE, "title": "Empty"}))
    assert messages[0] == "own.yaml: limits.initial-conference: is missing; the baseline must be complete"
    assert len(messages) == len(LIMITS) + len(SCHEMA)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "must hold preset, title, limits and values, not None"),
        ("- a\n- b\n", "must hold preset, title, limits and values, not ['a', 'b']"),
        ("preset: own\n", "lacks 'title'"),
        ("preset: own\ntitle: Own\nvalue: {}\n", "has the unknown key 'value'"),
        ("preset: own\ntitle: 7\n", "title: must be words, not 7"),
    ],
)
def test_a_file_of_another_shape_is_refused(written, text, reason):  # noqa: F811
    assert refusals(written(text)) == [f"own.yaml: {reason}"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("preset: own\npreset: other\n", "'preset' stands twice, see line 2"),
        ("preset: &a [*a]\n", "aliases (*name) are not allowed"),
        ("a: &a [x, x]\nb: &b [*a, *a]\n", "aliases (*name) are not allowed"),
        (
            "preset: !!python/object/apply:os.system ['true']\n",
            "tags (tag:yaml.org,2002:python/object/apply:os.system) are not allowed, see line 1",
        ),
        ("preset: [unclosed\n", "is not plain YAML"),
        ("{" * 5000, "nested deeper than 12 levels, see line 1"),
        ("preset: own\ntitle: Own\nvalues: " + "[" * 40 + "]" * 40, "nested deeper than 12 levels, see line 3"),
        ("title: " + "x" * 200_001, "longer than 200,000 characters"),
        ("? [a, b]\n: c\n", "a key must be a word, see line 1"),
        ("preset: !!binary aGk=\n", "tags (tag:yaml.org,2002:binary) are not allowed"),
        ("preset: own\n---\npreset: other\n", "expected a single document"),
        ("preset: " + "9" * 5000 + "\n", "is not plain YAML"),
    ],
)
def test_yaml_traps_are_refused(written, text, reason):  # noqa: F811
    (message,) = refusals(written(text))
    assert message.startswith("own.yaml: is not plain YAML")
    assert reason in message


def test_a_date_in_a_file_stays_the_text_that_was_typed(written):  # noqa: F811
    raw = "preset: own\ntitle: 2018-04-30\n"
    assert resolve(written(raw)) == {section: dict(baseline()[section]) for section in ("limits", "values")}


def test_a_file_that_is_not_text_or_not_there_is_refused(tmp_path):
    path = tmp_path / "own.yaml"
    assert refusals(path) == ["own.yaml: can't be read (No such file or directory)"]
    path.write_bytes(b"\xff\xfe\x00")
    assert refusals(path) == ["own.yaml: is not UTF-8 text"]
