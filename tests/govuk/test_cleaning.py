"""Nothing that nobody sees comes in, and nothing that was meant is lost."""

from __future__ import annotations

import re
import unicodedata

import pytest
from django import forms
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from govuk.cleaning import clean_line, clean_text
from govuk.forms import GovukForm, LongTextField

UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063"
    "\u2064\u2066\u2067\u2068\u2069\u206f\u3164\ufe00\ufe0f\ufeff\uffa0\ufff9\ufffc\U000e0001\U000e0041\U000e007f"
    "\U000e0100\U000f0001\ud800\x00\x07\x1b\x7f"
)
# Letters in the eye of Unicode that nobody sees: they fill a place where a syllable of Korean has none.
FILLERS = "\u115f\u1160\u3164\uffa0"
EMOJI = ("👩‍👩‍👧‍👦", "👩🏽‍⚕️", "🏳️‍🌈", "🏴‍☠️", "❤️‍🔥", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "1️⃣", "🇬🇧", "🧑🏿‍🤝‍🧑🏻", "🐦‍⬛", "🙂‍↕️", "👁️‍🗨️", "☎︎", "⛓️‍💥")
# Persian, Urdu, Arabic; Hindi, Marathi, Bengali, Malayalam, Sinhala, Kannada; Khmer, Mongolian; a Japanese name.
SHAPED = (
    "می‌خواهم", "خانه‌ای", "ه‍.ش", "نہیں‌", "क्‍ष", "ऱ्‍या", "र्‌य", "র‍্যাব", "ന്‍", "ශ්‍රී ලංකා", "ಕ್‌ನ", "ក្‍រ", "ᠬᠠᠭᠠᠨ᠎ᠠ", "ᠠ᠋", "葛\U000e0100城",
)  # fmt: skip
SUSPECTS = st.sampled_from([*UNSEEN, *"\u200b\u200c\u200d\u2011\u00a0\uf0b7\uf0fc\r\n\t ", *EMOJI, *SHAPED])
TYPED = st.lists(SUSPECTS | st.text(max_size=4) | st.text("Aa1 -é", max_size=4)).map("".join)


@given(TYPED)
def test_what_is_clean_stays_as_it_is(text):
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_line(clean_line(text)) == clean_line(text)


def seen(text: str) -> list[str]:
    """Return the letters, digits and accents that someone sees; accents lie upon what is before them."""
    return [letter for letter in text if unicodedata.category(letter)[0] in "LN" and letter not in FILLERS]


@given(TYPED)
def test_no_letter_or_digit_of_any_script_is_lost(text):
    # Controls that stand for letters of Windows become them.
    text = "".join(letter for letter in text if not "\x80" <= letter <= "\x9f")
    assert seen(clean_text(text)) == seen(text)


def test_each_letter_and_digit_of_every_script_stays():
    every = "".join(seen("".join(map(chr, range(0x110000)))))
    assert seen(clean_text(every)) == seen(every)


@given(TYPED)
def test_nothing_stays_that_is_never_meant(text):
    left = {letter for letter in clean_text(text) if unicodedata.category(letter) in {"Cc", "Cs", "Co", "Zl", "Zp"}}
    assert left <= {"\n", "\t"}
    assert not set(clean_text(text)) & set("\u00ad\u200b\u200e\u200f\u202e\u2060\u2066\ufeff\u00a0\u2011\u3164")


@given(st.text("Jay O'Brien-Müller, 12", max_size=20), st.sampled_from(UNSEEN), st.integers(0, 20))
def test_an_invisible_sign_anywhere_in_a_latin_text_leaves_no_trace(text, sign, at):
    assert clean_text(text[:at] + sign + text[at:]) == text


HEAPED = (
    "Z" + "\u0301\u0316\u0489" * 17,
    "\u0e2a" + "\u0e47" * 50,
    "\u05d0" + "\u05b0\u05bc\u034f" * 20,
    "a\u0301\u200b" * 3 + "\u0301\u2060" * 50,
)
POINTED = (
    "e\u0323\u0302\u0301",
    "\u05e9\u05c1\u05bc\u05b8\u05bd",
    "\u0f67\u0f90\u0fb5\u0fa8\u0fb3\u0fba\u0fbc\u0fbb",
    "\u0628\u0651\u064e\u0670",
)


@pytest.mark.parametrize("text", HEAPED)
def test_no_heap_of_accents_grows_over_other_lines(text):
    clean = clean_text(f"She said {text} to me")
    assert re.search("[\u0300-\u036f\u0489\u05b0-\u05c7\u0e47]{5}", clean.replace("\u034f", "")) is None
    assert (clean_text(clean), clean.endswith(" to me")) == (clean, True)


@pytest.mark.parametrize("text", POINTED)
def test_the_accents_that_a_script_needs_stay(text):
    assert clean_text(f"She said {text} to me") == f"She said {text} to me"


@pytest.mark.parametrize("text", [*EMOJI, *SHAPED])
def test_an_emoji_and_a_shaped_word_stay_whole(text):
    whole = text.rstrip("\u200c") if text == "نہیں‌" else text
    assert clean_text(f"She said {text} to me") == f"She said {whole} to me"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (
            "\uf0b7\tSees the GP\r\n  \uf0a7 Eats\v\uf0d8 Sleeps\n\uf0fc Plays",
            "•\tSees the GP\n  • Eats\n• Sleeps\n• Plays",
        ),
        ("\uf0b7Sees the GP", "•Sees the GP"),
        ("School told \uf0fe, GP told \uf0a8 \uf0e0 ring", "School told ☑, GP told ☐ → ring"),
        ("Anne\u2011Marie Smith\u2010Jones, Jay\x1eLee", "Anne-Marie Smith-Jones, Jay-Lee"),
        ("12\u00a0Mill\u202fLane,\u3000Eastmere", "12 Mill Lane, Eastmere"),
        ("O\x92Brien \x96 \x93No\x94", "O’Brien – “No”"),
        ("one\u2028two\u2029three\x85four\x0cfive", "one\ntwo\nthree\nfour\nfive"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("👩\u200b\u200d\u200d👧", "👩‍👧"),
        ("Zoe\u0308 שָׁלוֹם مريم", "Zoe\u0308 שָׁלוֹם مريم"),
    ],
)
def test_what_was_meant_is_kept(typed, kept):
    assert clean_text(typed) == kept


class Form(GovukForm):
    name = forms.CharField()
    email = forms.EmailField()
    story = LongTextField()
    password = forms.CharField(widget=forms.PasswordInput, strip=False)


def test_a_field_of_one_line_has_one_line():
    form = Form(
        {
            "name": " Jay\r\n\tAlder\u200b ",
            "email": "\u202aj@home.example\u202c",
            "story": "One\r\ntwo",
            "password": "x",
        }
    )
    assert form.is_valid()
    assert (form.cleaned_data["name"], form["name"].value()) == ("Jay Alder", "Jay Alder")
    assert (form.cleaned_data["email"], form.cleaned_data["story"]) == ("j@home.example", "One\ntwo")


def test_a_field_with_invisible_characters_only_is_empty():
    form = Form({"name": "\u200b\u3164\u2060\u00a0", "email": "j@home.example", "story": "x", "password": "x"})
    assert form.errors == {"name": ["Fill in “Name”"]}


def test_a_password_stays_as_it_was_typed():
    form = Form(QueryDict("name=a&email=j@home.example&story=x&password=three%C2%A0words%C2%AD"))
    assert form.is_valid()
    assert form.cleaned_data["password"] == "three\u00a0words\u00ad"
