"""Nothing that reveals where a person is reaches those it is hidden from."""

from __future__ import annotations

import pytest

from entitlement import concealed_from
from families import services
from families.models import AgencyInvolvement, ContactPoint, Person, PersonName, Residence
from families.selectors import hidden_whereabouts
from families.selectors.whereabouts import all_confidential, circle_of
from tests.factories import (
    AgencyInvolvementFactory,
    ConferenceChildFactory,
    ConferenceFactory,
    ParticipantFactory,
    PersonFactory,
    PostFactory,
)
from tests.families.conftest import NOW, TODAY, add_member

pytestmark = pytest.mark.django_db

HOME = {"Hidden House", "Quiet Lane", "EA12 3QL"}
PHONE = {"07700 900123"}
SCHOOL = {"Meadow Lane Primary", "Ada Lark", "a.lark@meadowlane.example"} | {
    f"{title} Lark" for title in ("Mr", "Mrs", "Ms", "Miss", "Mx", "Dr")
}


def words(recipients, case):
    children = [case.robin, case.wren, case.baby]
    return hidden_whereabouts(recipients=recipients, children=children, on=TODAY).words


def test_home_phone_and_school_are_hidden_from_the_person_named(hidden):
    assert words([hidden.father], hidden) == HOME | PHONE | SCHOOL


def test_a_relative_not_named_reads_home_and_school_but_not_what_is_hidden_from_all(hidden):
    assert words([hidden.robins_father], hidden) == PHONE


def test_the_person_it_is_about_and_their_household_read_it(hidden):
    assert words([hidden.mother], hidden) == set()
    assert words([hidden.robin.person], hidden) == set()


def test_a_paper_for_two_omits_what_is_hidden_from_either(hidden):
    assert words([hidden.mother, hidden.father], hidden) == HOME | PHONE | SCHOOL


def test_confidential_without_names_is_hidden_from_the_family_outside_the_household(hidden):
    for row in (*Residence.objects.all(), hidden.wren.involvements.get()):
        row.hidden_from.clear()
    for outsider in (hidden.father, hidden.robins_father, hidden.grandmother):
        assert words([outsider], hidden) == HOME | PHONE | SCHOOL
    for own in (hidden.mother, hidden.robin.person, hidden.wren.person):
        assert words([own], hidden) == set()


def test_a_person_at_the_old_address_is_not_in_the_household(hidden):
    """The mother's row at the old address has not ended; sharing it reveals nothing."""
    old = services.record_residence(
        persons=[hidden.mother, hidden.grandmother], lines="1 Old Row", is_main=False, by=hidden.council.worker, now=NOW
    )
    assert [row.confidential for row in old] == [False, False]
    for row in (*Residence.objects.filter(confidential=True), hidden.wren.involvements.get()):
        row.hidden_from.clear()
    assert words([hidden.grandmother], hidden) == HOME | PHONE | SCHOOL


def test_naming_a_household_member_hides_it_from_them_too(hidden):
    hidden.wren.involvements.get().hidden_from.add(hidden.mother)
    assert words([hidden.mother], hidden) == SCHOOL


def test_an_ended_home_stays_hidden(hidden):
    for row in Residence.objects.all():
        services.end_record(row=row, on=TODAY, by=hidden.council.worker)
    assert words([hidden.father], hidden) == HOME | PHONE | SCHOOL


def test_an_unmarked_row_at_a_hidden_address_is_hidden_too(hidden):
    row = Residence.objects.create(person=hidden.grandmother, address=Residence.objects.first().address)
    found = hidden_whereabouts(recipients=[hidden.father], children=[hidden.wren], on=TODAY)
    assert found.hides(row)


def test_a_hidden_agency_is_hidden_for_every_child_with_all_its_people(hidden):
    other = AgencyInvolvementFactory(child=hidden.robin, agency=hidden.school, post=None)
    post = PostFactory(agency=hidden.school, person__given_name="Rory", person__family_name="Dove")
    found = hidden_whereabouts(recipients=[hidden.father], children=[hidden.robin], on=TODAY)
    assert [found.hides(row) for row in (other, hidden.school, post)] == [True, True, True]
    assert "Rory Dove" in found.words


def test_a_professional_reads_which_agencies_know_the_child_but_not_homes_hidden_from_all(hidden):
    for row in (*Residence.objects.all(), hidden.wren.involvements.get()):
        row.hidden_from.clear()
    professional = PersonFactory(authority=hidden.council.authority)
    assert words([professional], hidden) == HOME | PHONE


def test_a_relative_without_membership_counts_as_family(hidden):
    hidden.wren.involvements.get().hidden_from.clear()
    aunt = add_member(hidden.family, "Ivy", "Brambley")
    assert words([aunt], hidden) >= SCHOOL


def test_nothing_marked_hides_nothing(case):
    found = hidden_whereabouts(recipients=[case.father], children=[case.wren], on=TODAY)
    known = AgencyInvolvement.objects.get()
    point = ContactPoint(person=case.mother)
    assert (bool(found), found.words, found.hides(known), found.hides(point)) == (False, frozenset(), False, False)


def test_the_number_of_queries_does_not_grow(hidden, django_assert_num_queries):
    for number in range(10):
        services.record_residence(
            persons=[add_member(hidden.family, f"Aunt{number}", "Brambley")],
            lines=f"{number} Hidden Row",
            hidden_from=[hidden.father],
            by=hidden.council.worker,
            now=NOW,
        )
    with django_assert_num_queries(10):
        hidden_whereabouts(recipients=[hidden.father], children=[hidden.wren], on=TODAY)


def alone(case, text):
    """Return whether a text reveals something to the father, as entitlement asks."""
    children = [case.robin, case.wren, case.baby]
    return concealed_from([case.father], children, council="Eastmere Council", on=TODAY).is_in(text)


def test_a_name_alone_reveals_the_one_hidden_person_who_bears_it(hidden):
    for text in ("Ask Ada.", "Lark rang", "Miss L will say", "Miss Ada", "ada@meadow", "L\u00adark"):
        assert alone(hidden, text), text


def test_a_name_that_somebody_openly_bears_too_reveals_nobody(hidden):
    add_member(hidden.family, "Ada", "Brambley")
    assert [text for text in ("Ask Ada.", "Ada came", "Lark rang", "Ada L. rang") if alone(hidden, text)] == [
        "Lark rang",
        "Ada L. rang",
    ]


def test_a_name_that_a_worker_of_an_open_agency_bears_too_reveals_nobody(hidden):
    post = PostFactory(person__given_name="Ada", person__family_name="Linnet")
    AgencyInvolvementFactory(child=hidden.wren, agency=post.agency, post=post)
    assert not alone(hidden, "Ask Ada, or Miss L.")
    assert alone(hidden, "Ask Ada Lark")


def test_a_name_that_somebody_in_the_meeting_bears_too_reveals_nobody(hidden):
    conference = ConferenceFactory(family=hidden.family)
    ConferenceChildFactory(conference=conference, child=hidden.wren)
    ParticipantFactory(conference=conference, post=PostFactory(person__given_name="Ada", person__family_name="Linnet"))
    assert not alone(hidden, "Ask Ada.")


def test_another_name_of_a_hidden_person_reveals_them(hidden):
    lark = hidden.school.posts.get().person
    PersonName.objects.create(person=lark, family_name="Woodpecker")
    assert alone(hidden, "woodpecker said so")


def test_readers_who_may_see_nothing_are_shown_no_name_alone(hidden):
    people = circle_of([hidden.robin, hidden.wren])
    assert {"Ada", "Lark", "Mr L"} <= all_confidential(people).words


@pytest.mark.parametrize("given", ["Dr", "Miss", "Dr.", "Nurse", "PC", "Dr Ada"])
def test_a_title_entered_as_a_first_name_reveals_nobody(hidden, given):
    lark = hidden.school.posts.get().person
    Person.objects.filter(pk=lark.pk).update(given_name=given)
    assert [text for text in ("Ask Lark.", f"{given} Lark", "Miss Lark") if not alone(hidden, text)] == []
    assert not alone(hidden, f"{given.split()[0]} Pipit came. We miss the nurse.")


def test_part_of_a_double_name_reveals_who_bears_it(hidden):
    lark = hidden.school.posts.get().person
    Person.objects.filter(pk=lark.pk).update(given_name="Mary-Jane", family_name="Smith-Dunnock")
    for text in ("Mrs Dunnock", "Smith rang", "mary jane", "Ask Jane."):
        assert alone(hidden, text), text


def test_the_site_behind_a_hidden_mailbox_reveals_the_place(hidden):
    hidden.school.posts.update(email="a.lark@mlps.example")
    assert alone(hidden, "www.mlps.example")
    post = PostFactory(email="b.lark@mlps.example")
    AgencyInvolvementFactory(child=hidden.wren, agency=post.agency, post=post)
    assert not alone(hidden, "www.mlps.example")


def test_a_site_of_many_reveals_no_place(hidden):
    hidden.school.posts.update(email="a.lark@nhs.net")
    assert not alone(hidden, "someone@nhs.net")
