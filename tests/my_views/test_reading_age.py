"""Family pages and questions of My Views are read at age 11 or below: Flesch-Kincaid grade 6 or less, by a library."""

from __future__ import annotations

import re
from html import unescape

import pytest
import textstat

from deadlines.policies import baseline
from tests.my_views.test_own_page import CHECK, START, answers, ask, begun, hands_in

pytestmark = pytest.mark.django_db
GRADE = 6
BLOCK = re.compile(r"</(?:p|li|h1|h2|h3|dt|dd|label|div|a|button)>")


def sentences(html):
    """Return the words of a page's main part, each block a sentence of its own."""
    main = html[html.index("<main") : html.index("</main>")]
    main = re.sub(r"<(svg|script|form[^>]*leave).*?</\\1>", "", main, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", BLOCK.sub("\n", main))
    lines = [" ".join(unescape(line).split()).rstrip(".:") for line in text.splitlines()]
    return ". ".join(line for line in lines if len(line.split()) > 2) + "."


def grade(text):
    return textstat.flesch_kincaid_grade(text)


def test_every_page_of_a_guest(hazels):
    found = {"start": hazels.get(START)}
    begun(hazels)
    answers(hazels, "going-well", "We sing.")
    found["question"] = hazels.get(ask("worries"))
    found["check"] = hazels.get(CHECK)
    hands_in(hazels)
    found["handed in"] = hazels.get(f"{START}?said=handed-in")
    for page in ("other-ways", "paper", "take-back"):
        found[page] = hazels.get(f"{START}{page}/")
    grades = {name: grade(sentences(page.content.decode())) for name, page in found.items()}
    assert {name: value for name, value in grades.items() if value > GRADE} == {}


def test_every_question():
    values = baseline()["values"]
    forms = ("adult", "young-person", "child", "young-child")
    asked = [one for form in forms for one in values[f"my-views-{form}"]["value"]]
    hard = {one["label"]: grade(f"{one['label']} {one['prompt']}") for one in asked}
    assert {label: value for label, value in hard.items() if value > GRADE} == {}
