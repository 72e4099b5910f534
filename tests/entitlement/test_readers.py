"""Who reads an excerpt, without a database. Papers as a whole are tested in tests/reports/test_entitlement.py."""

from __future__ import annotations

import pytest

from entitlement import (
    ChildOutside,
    Concealed,
    Excerpt,
    NamedChild,
    in_the_plan_for,
    make_reader,
    may_be_shown_to_all,
    may_read,
    on_the_board_for,
)

WREN, ROBIN = NamedChild(1, ("Wren",), False), NamedChild(2, ("Robin",), False)
BABY = NamedChild(3, (), True)
MOTHER, FATHER = 10, 11
MEADOW_LANE = Concealed(agencies=frozenset({7}), words=frozenset({"Meadow Lane Primary", "Mrs Lark"}))


def reader(children=(1,), **changes):
    facts = {
        "id": 20, "person": FATHER, "name": "Dale Ashdown", "children": children, "of": [WREN, ROBIN, BABY],
        "concealed": MEADOW_LANE, "parts": {5}, "all_parts": {5, 6}, "is_adult_family": True,
    }  # fmt: skip
    return make_reader(**(facts | changes))


@pytest.mark.parametrize(
    ("excerpt", "expected"),
    [
        (Excerpt(("He comes to every visit.",)), True),
        (Excerpt(("Robin hides.",)), False),
        (Excerpt(("She is pregnant again.",)), False),
        (Excerpt(("He hides.",), children=frozenset({1})), True),
        (Excerpt(("Both hide.",), children=frozenset({1, 2})), False),
        (Excerpt(("Drinks.",), children=frozenset({1}), private_to=frozenset({FATHER})), True),
        (Excerpt(("Drinks.",), children=frozenset({1}), private_to=frozenset({MOTHER})), False),
    ],
)
def test_a_parent_of_one_child_reads_what_is_about_that_child(excerpt, expected):
    assert may_read(excerpt, reader()) is expected


def test_a_parent_of_all_children_reads_what_names_any_of_them():
    assert may_read(Excerpt(("Robin hides.",), children=frozenset({1, 2})), reader(children=(1, 2, 3)))


@pytest.mark.parametrize("child_id", [4, None])
def test_a_child_outside_the_meeting_is_anothers_unless_they_may_read_about_the_child(child_id):
    jay = ChildOutside(child_id, ("Jay",), is_unborn=False, read_by=frozenset({MOTHER}))
    father, mother = (reader(person=person, children=(1, 2, 3), outside=[jay]) for person in (FATHER, MOTHER))
    assert [may_read(Excerpt(("Jay was there.",)), one) for one in (father, mother)] == [False, True]
    assert [may_read(Excerpt(("He was there.",), frozenset({1, 4})), one) for one in (father, mother)] == [
        False, child_id is not None,
    ]  # fmt: skip
    assert [one.every_child for one in (father, mother)] == [child_id is None, True]


def test_a_professional_reads_what_names_one_of_their_children():
    teacher = reader(is_adult_family=False)
    assert may_read(Excerpt(("Both hide.",), children=frozenset({1, 2})), teacher)
    assert not may_read(Excerpt(("Hides.",), children=frozenset({2})), teacher)


def test_the_board_is_read_by_part_and_earlier_notes_by_those_not_kept_apart():
    assert on_the_board_for(Excerpt((), part=5), reader())
    assert not on_the_board_for(Excerpt((), part=6), reader())
    assert on_the_board_for(Excerpt(()), reader())
    assert not on_the_board_for(Excerpt(()), reader(is_separate=True))


def test_an_action_from_a_confidential_part_is_for_its_attendees_and_owner():
    assert not in_the_plan_for(Excerpt((), part=6), reader(), confidential={6})
    assert in_the_plan_for(Excerpt((), part=6, by=20), reader(), confidential={6})
    assert in_the_plan_for(Excerpt((), part=6), reader(), confidential=())


def test_a_room_sees_no_private_information_and_no_hidden_place():
    assert may_be_shown_to_all(Excerpt(("Wren likes school.",)), MEADOW_LANE)
    assert not may_be_shown_to_all(Excerpt(("Wren likes Meadow Lane.",)), MEADOW_LANE)
    assert not may_be_shown_to_all(Excerpt(("mrs larks class",)), MEADOW_LANE)
    assert not may_be_shown_to_all(Excerpt(("Drinks.",), private_to=frozenset({MOTHER})), Concealed())


def test_naming_a_person_can_reveal_a_place_by_workplace_or_name():
    assert MEADOW_LANE.gives_away("Ada", person=1, agency=7)
    assert MEADOW_LANE.gives_away("Mrs Lark", person=1, agency=None)
    assert not MEADOW_LANE.gives_away("Ada", person=1, agency=8)
    assert not Concealed().gives_away("Ada", person=1, agency=None, post=None)
