"""Who may read which text about whom: the only code that makes readers and looks for hidden words.

Pure except ``concealed_from``, which looks up what is marked confidential. Entitlement is per child and per
adult, never per family; docs/adr/0007-entitlement-per-child-and-adult.md gives the rules and the reason for
each. Papers, the room's screen and lists of people put what they are about to show into an ``Excerpt`` and
check it here.
"""

from entitlement.concealed import NOTHING_CONCEALED, Concealed, concealed_from, concealed_from_each
from entitlement.excerpts import Excerpt
from entitlement.readers import (
    ChildOutside,
    NamedChild,
    Reader,
    in_the_plan_for,
    in_their_parts,
    make_reader,
    may_be_shown_to_all,
    may_read,
    on_the_board_for,
)
from entitlement.ties import lets_read
from families.hidden_words import TITLES, first_names, is_same_name, names_somebody
from families.word_forms import PLAIN_WORDS, SHORT_WORDS

__all__ = [
    "NOTHING_CONCEALED",
    "PLAIN_WORDS",
    "SHORT_WORDS",
    "TITLES",
    "ChildOutside",
    "Concealed",
    "Excerpt",
    "NamedChild",
    "Reader",
    "concealed_from",
    "concealed_from_each",
    "first_names",
    "in_the_plan_for",
    "in_their_parts",
    "is_same_name",
    "lets_read",
    "make_reader",
    "may_be_shown_to_all",
    "may_read",
    "names_somebody",
    "on_the_board_for",
]
