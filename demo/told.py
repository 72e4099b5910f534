"""What children were told after their meeting, as created for the demonstration; one has the letter too."""

from __future__ import annotations

import datetime

from accounts.models import User
from conferences.models import Conference
from reports.access import CHILDS_LETTER_RULE
from reports.enums import HandedOver, LetterPart, ToldState
from reports.models import Document
from reports.selectors.childs_letters import letters_to_children, tellable
from reports.services.childs_letters import Said, prepare_letter, record_handover, record_told, release_letter

SAID = (LetterPart.SAID, LetterPart.DECIDED, LetterPart.NEXT)
YOUNGEST = 4
# The eldest child of this family has a letter.
HAS_A_LETTER = "Willowby"
AT_SCHOOL = "In the quiet room at school"


def tell_children(conference: Conference, *, by: User, now: datetime.datetime) -> None:
    """Record for each child who is old enough what the social worker told them, in plain words."""
    if CHILDS_LETTER_RULE.right_of(by, conference) is None:
        by = conference.chair or by
    for one in letters_to_children(conference, on=now.date()):
        age = one.row.child.person.age(now.date())
        if one.told is not None or (age is not None and age < YOUNGEST):
            continue
        said = {
            thing.entry: Said(ToldState.TOLD, thing.words)
            for thing in tellable(one.row, now=now)
            if thing.part in SAID and (thing.words or thing.as_said)
        }
        record_told(
            row=one.row, told_by=by.name, told_on=now.date(), said=said, how_it_went="Listened, and asked who comes.",
            by=by, now=now,
        )  # fmt: skip


def write_letter(conference: Conference, *, by: User, now: datetime.datetime) -> Document | None:
    """Prepare, release and hand over the letter of the eldest child who was told; None where nobody was."""
    rows = [one.row for one in letters_to_children(conference, on=now.date()) if one.told is not None]
    chair = conference.chair
    if not rows or chair is None:
        return None
    writer = by if CHILDS_LETTER_RULE.right_of(by, conference) is not None else chair
    letter = prepare_letter(row=rows[0], by=writer, now=now)
    release_letter(
        document=letter, how=HandedOver.READ_TOGETHER, where=AT_SCHOOL, by_whom=by.name, by=chair,
        now=now + datetime.timedelta(minutes=30),
    )  # fmt: skip
    record_handover(
        document=letter, handed_at=now + datetime.timedelta(hours=1), handed_how=HandedOver.READ_TOGETHER,
        handed_by=by.name, handed_where=AT_SCHOOL, how_it_went="Kept it in the school bag.", by=writer,
        now=now + datetime.timedelta(minutes=90),
    )  # fmt: skip
    return letter
