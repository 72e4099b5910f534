"""One matcher finds hidden words however they are written, and leaves other sentences alone."""

from __future__ import annotations

import random
import re
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from families.hidden_words import is_same_name, mentions, names_somebody
from tests.hidden_variants import ONLY_ALONE, UNSEEN, Facts, facts, letters, variants
from tests.sentences import sentences

HIDDEN = frozenset({"Flat 3, Lantern Court", "Flat 2, 9 Mill Lane", "12 Station Road", "Eastmere", "EM4 7QT"})
COUNCIL = "Eastmere Council"
FAMILIES = 150


@pytest.mark.parametrize(
    "text",
    ["the playground behind Lantern Court", "down lantern-court", "up Mill Lane", "along STATION ROAD", "near em47qt"],
)
def test_a_house_is_found_by_its_street_without_flat_or_number(text):
    assert mentions(text, HIDDEN, "Eastmere Council") is True


@pytest.mark.parametrize(
    "text",
    [
        "Flat 3 was cold", "the school in Eastmere", "a court of law", "", "The lanterns and the courts",
        "the station staff", "She windmilled in the lane", "em4 and 7",
    ],
)  # fmt: skip
def test_words_that_reveal_nothing_are_left_alone(text):
    assert mentions(text, HIDDEN, "Eastmere Council") is False


def missed(seed: int) -> tuple[Counter, Counter, list[str]]:
    """Return how often each kind was written, how often it was not found, and the texts."""
    rng, written, unseen, texts = random.Random(seed), Counter(), Counter(), []
    for _ in range(FAMILIES):
        known = facts(rng)
        for alone in (True, False):
            words = known.words(alone=alone)
            for kind, text in variants(rng, known):
                if alone or kind not in ONLY_ALONE:
                    written[kind] += 1
                    if not mentions(text, words, COUNCIL):
                        unseen[kind] += 1
                        texts.append(f"{kind}: {text!a}")
    return written, unseen, texts


@pytest.mark.parametrize("seed", [1, 2])
def test_at_least_99_of_100_ways_of_writing_are_found(seed):
    written, unseen, texts = missed(seed)
    assert sum(written.values()) > 3000
    assert 1 - sum(unseen.values()) / sum(written.values()) >= 0.99, texts[:20]
    assert {kind: unseen[kind] for kind in written if unseen[kind] / written[kind] > 0.03} == {}


def tells(sentence: str, known: Facts) -> bool:
    """Return whether a sentence really tells something of these facts, in the plainest way."""
    plain = letters(sentence)
    names = [letters(part) for worker in known.workers for part in (worker.given, worker.family) if len(part) > 2]
    return any(
        part in plain for part in (letters(" ".join(known.street)), letters(known.agency[0]), letters(known.postcode))
    ) or any(name == letters(word) for word in sentence.split() for name in names if word[0].isupper())


def test_at_most_1_in_100_ordinary_sentences_alarms():
    """None of the invented people is known where the sentences come from, so whatever is found is an alarm."""
    rng, alarms, read = random.Random(3), [], 0
    for _ in range(30):
        known = facts(rng)
        words = known.words()
        for sentence in sentences():
            read += 1
            if mentions(sentence, words, COUNCIL) and not tells(sentence, known):
                alarms.append(sentence)
    assert read > 60_000
    assert len(alarms) / read <= 0.01, alarms[:20]


def test_fifty_pages_are_read_in_a_second():
    rng = random.Random(4)
    words = frozenset().union(*(facts(rng).words() for _ in range(6)))
    page = " ".join(rng.choices([one for one in sentences() if not mentions(one, words, COUNCIL)], k=60))
    text = f"“{page}”\n" * 50
    assert len(text) > 100_000
    start = time.process_time()
    assert not mentions(text, words, COUNCIL)
    assert time.process_time() - start < 1


@given(
    st.text("Quince Orchard,", max_size=12),
    st.lists(st.tuples(st.integers(0, 14), st.sampled_from(UNSEEN)), max_size=6),
)
def test_signs_that_nobody_sees_hide_no_word(around, signs):
    text = "Quince Orchard"
    for at, sign in signs:
        text = text[:at] + sign + text[at:]
    assert mentions(f"{around} {text}. {around}", frozenset({"7 Quince Orchard"}))


@given(st.text(max_size=60))
def test_any_text_can_be_searched(text):
    assert mentions(f"{text} quince orchard {text}", frozenset({"Quince Orchard"}))
    assert mentions("x", frozenset({text, "x y"})) in {True, False}


@pytest.mark.parametrize(
    ("words", "found", "left"),
    [
        ({"14 Curlew Rd"}, ["Curlew Road", "curlew rd.", "CURLEW-ROAD"], ["the curlew on the road", "Curlew"]),
        ({"Great North Road"}, ["Gt North Rd", "Great N. Road"], ["the great north"]),
        ({"St Swithun's Primary School"}, ["Saint Swithuns", "St. Swithun’s"], ["saint", "primary school"]),
        ({"Ash Primary School"}, ["Ash Primary", "ash prim sch", "Ash School"], ["the ash in the school yard", "ash"]),
        ({"Bridge Surgery"}, ["Bridge", "the bridge surgery"], ["a bridge over the river"]),
        ({"Mr R"}, ["Mr R.", "Miss R said"], ["Mr Robins", "mr and"]),
        ({"Ada Lark"}, ["A. Lark", "Lark, A.", "Miss Ada", "alark@x.example", "Dr Lark"], ["a lark", "for a lark", "Larkin"]),
        (
            {"Dr Anna Kowalska"},
            ["Dr Kowalska", "Doctor A. Kowalska", "Anna Kowalska", "Kowalska, Anna", "A Kowalska", "Dr Anna"],
            ["Dr Smith", "Anna", "Dr Annabel", "the doctor"],
        ),
        ({"Mrs Ada Lark"}, ["Miss Lark", "Ada Lark"], ["Mrs Pipit", "Ada"]),
        ({"Will"}, ["Will said", "Ask Will."], ["she will come", "willing"]),
        ({"Nora"}, ["nora", "No\u00adra", "N o r a"], ["neither here nor at home", "nor a word"]),
        ({"+44 1632 960777"}, ["01632960777", "(01632) 960 777", "960 777"], ["1960 7770", "01632 960778"]),
        ({"hazel.brambley@home.example"}, ["hazel.brambley", "HAZEL.BRAMBLEY@HOME.EXAMPLE"], ["Hazel Brambley", "home example"]),
        ({"mlps.example"}, ["www.mlps.example/news", "office@mlps.example", "MLPS.EXAMPLE"], ["mlps", "for example"]),
        ({"Quince Orchard"}, ["Quince%20Orchard", "Quince&nbsp;Orchard", "Qui&shy;nce Orch"], ["94% of quinces & 6% orchards"]),
        ({"王小明"}, ["今天王小明来了"], ["王来了"]),
    ],
)  # fmt: skip
def test_each_kind_of_word_is_found_in_its_forms_only(words, found, left):
    assert [text for text in found if not mentions(text, frozenset(words))] == []
    assert [text for text in left if mentions(text, frozenset(words))] == []


def test_names_are_found_like_hidden_words():
    assert names_somebody("Ro\u00adbin's bed", ["Robin"])
    assert names_somebody("ROBIN_BRAMBLEY", ["Robin Brambley"])
    assert names_somebody("She is preg\u200bnant", ["pregnan*"])
    assert names_somebody("Zoe\u0308 and ZOE", ["Zoë"])
    assert not names_somebody("a robinson, the birds", ["Robin", "*"])


# First names of English children that are words too.
_NAMES_THAT_ARE_WORDS = """
    Ace Amber Amen An Angel April Art Ash August Autumn Basil Bill Blessing Blue Brook Carol Chance Chase Cherry
    Christian Clement Constance Crystal Daisy Dale Dawn Dean Destiny Do Drew Earl Eve Ever Faith Favour Fern
    Frank Gene Ginger Grace Grant Guy Happy Harmony Hazel He Heath Heather Heaven Holly Honey Hope Ivy Jack Jade
    Joy June Just Justice King Kit Lance Leaf Lily Long Love Lucky Mark Mason Max May Melody Mercy Merry Miracle
    Misty My Nick Noble Norm Oak Olive Page Parker Pat Patience Peace Pearl Penny Pepper Poppy Praise Precious
    Price Prince Princess Promise Ray Reed Rich River Rob Robin Rose Rowan Royal Ruby Rue Sage Sandy Sky So Song
    Star Storm Story Success Sue Summer Sun Sunny Teddy Testimony Tiger Trinity Trip True Unity Van Verity
    Victor Violet Wade Will Willow Win Winter Wisdom Wren Young
"""
NAMES_THAT_ARE_WORDS = _NAMES_THAT_ARE_WORDS.split()


def test_a_child_whose_name_is_a_word_stops_hardly_a_sentence_about_the_others():
    """A word of every day, such as "will", is a name with a capital only, and a month is none in a date."""
    read = [one for one in sentences() if not set(re.findall(r"[A-Z]\w+", one[1:])) & set(NAMES_THAT_ARE_WORDS)]
    shares = {name: sum(names_somebody(one, [name]) for one in read) / len(read) for name in NAMES_THAT_ARE_WORDS}
    assert {name: share for name, share in shares.items() if share > 0.01} == {}
    for text in (
        "Born on 14 May 2015",
        "since May 2019",
        "the 3rd of June",
        "from 2 April to 1st August",
        "in June 2026.",
    ):
        assert not names_somebody(text, ["May", "June", "April", "August"])


def test_a_child_whose_name_is_a_word_is_found():
    forms = ["{} said so", "and {}'s bed", "{}s room", "({})", "He is 3. {} is 5", "with {}.", "#{}IsHere"]
    written = [(name, form.format(name)) for name in NAMES_THAT_ARE_WORDS for form in forms]
    written += [(name, form.format(name.upper())) for name in NAMES_THAT_ARE_WORDS for form in forms[:-1]]
    assert [text for name, text in written if not names_somebody(text, [name])] == []
    for name in ("Ash", "Robin", "Wren", "Grace", "Poppy", "Storm"):
        assert names_somebody(f"then {name.lower()} cried", [name])


def test_names_of_the_same_letters_are_the_same():
    assert is_same_name("Zoë", "ZOE")
    assert not is_same_name("Zoë", "Zola")
