"""What a family reads on paper can be read at eleven: the fixed words at grade 6, a whole copy at grade 8."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from conferences.enums import Category, ConferenceKind
from reports.content import content_of
from reports.copies import compose, plain_words
from reports.enums import DocumentKind
from reports.pdf import STAYS_IN_FORCE, WHAT_IT_MEANS, Stamp, html_of
from tests.reading_age import HARDEST, grade_of, paragraphs_of_page
from tests.reports.story import NOW, conference_of

pytestmark = pytest.mark.django_db

HARDEST_COPY = 8.0
STAMP = Stamp(number=1, prepared_at=NOW, released_at=NOW, released_by="Tomasz Kestrel")
# Names, and words of the law that no other word says, each explained where it stands.
NAMES = (
    "Hazel Brambley", "Dale Ashdown", "Martin Alder", "Robin Brambley", "Wren Brambley", "Hazel", "Robin", "Wren",
    "Baby Brambley", "Tomasz Kestrel", "Amara Finch", "Joan Plover", "Ngozi Larkin", "Beth Siskin", "Callum Reed",
    "Shazia Wing", "Sioned Teal", "Olive Brambley", "Anil Dunnock", "Eastmere Surgery", "Eastmere Council",
    "County Police", "Harbour Academy", "Meadow Lane Primary School", "Mulberry House", "Tuesday", "December",
    "January", "child protection", "coordinator", "health visitor", "Detective constable", "Complaints team",
)  # fmt: skip


def fixed_words() -> dict[str, str]:
    said = {
        name: text for name, text in vars(plain_words).items() if name.isupper() and isinstance(text, str)
        and name != "FOR_WORK"
    }  # fmt: skip
    said |= {f"harm {code}": text for code, text in plain_words.HARM_IN_PLAIN_WORDS.items()}
    said |= {f"why {kind}": plain_words.why_we_met(kind, ["Wren"]) for kind in ConferenceKind}
    said |= {f"means {key}": text for key, text in (WHAT_IT_MEANS | STAYS_IN_FORCE).items()}
    return said


def test_each_kind_of_harm_and_of_meeting_has_plain_words() -> None:
    assert set(plain_words.HARM_IN_PLAIN_WORDS) == set(Category.values)
    assert len({plain_words.why_we_met(kind, ["Wren"]) for kind in ConferenceKind}) == len(ConferenceKind)


@pytest.mark.parametrize("name", fixed_words())
def test_the_fixed_words_read_at_eleven(name: str) -> None:
    assert grade_of([fixed_words()[name]], NAMES) <= HARDEST


@pytest.mark.parametrize("kind", [DocumentKind.DECISIONS_LETTER, DocumentKind.MINUTES])
@pytest.mark.parametrize("name", ["hazel", "dale", "martin"])
def test_a_whole_copy_of_the_family_reads_at_thirteen(story: SimpleNamespace, name: str, kind: str) -> None:
    copy = compose(content_of(conference_of(story), now=NOW), getattr(story.of, name).pk, kind)
    html = html_of(copy, STAMP).replace("<body", "<main", 1).replace("</body>", "</main>")
    assert grade_of(paragraphs_of_page(html), NAMES) <= HARDEST_COPY
