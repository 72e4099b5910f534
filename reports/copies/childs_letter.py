"""A child's own letter: what the child has been told, as it was told, and the fixed words for them."""

from __future__ import annotations

from dataclasses import dataclass, field

from conferences.childs_words import WORDS_FOR
from reports.copies.copies import Composed
from reports.copies.naming import Naming
from reports.copies.plans import child_of_paper
from reports.enums import LetterPart

PLACE = {
    LetterPart.SAID: "what the child said",
    LetterPart.CAME: "what came of it",
    LetterPart.DECIDED: "what was decided",
    LetterPart.PLAN: "what is done",
    LetterPart.NEXT: "what happens next",
    LetterPart.MORE: "what else they were told",
}
YOUR_WORKER = "Your social worker"


@dataclass
class ComposedLetter(Composed):
    """One child's letter. The texts are ready to read; ``said`` are the child's own words."""

    band: str = ""
    opening: tuple[str, ...] = ()
    said: list[str] = field(default_factory=list)
    came: list[str] = field(default_factory=list)
    decided: list[str] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)
    ahead: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    worker: str = ""
    advocate: str = ""
    heads: dict[str, str] = field(default_factory=dict)

    @property
    def says_nothing(self) -> bool:
        """Return whether the child would read nothing but fixed words."""
        return not (self.said or self.came or self.decided or self.acts or self.ahead or self.more)


def written_letter(writer: Naming) -> ComposedLetter:
    """Return the letter in the words for its child."""
    content, reader = writer.content, writer.reader
    child = next(row for row in content["children"] if row["id"] == content["childs_letter"])
    words = WORDS_FOR[content["band"]]
    chair = writer.label(content["chair"], "Someone")
    worker = writer.label(content["key_worker"], "")
    advocate = writer.label(content["advocate"], "")
    copy = ComposedLetter(
        kind=writer.kind,
        reader=reader,
        reader_words="",
        reference=content["reference"],
        case_number=content["case_number"],
        authority=content["authority"],
        title=words.title,
        for_children=child["full_name"],
        held=content["day"],
        led_by=chair,
        notes_by="",
        chair=chair,
        coordinator="",
        key_worker_title=content["key_worker_title"],
        quorate="",
        why_held="",
        children=[child_of_paper(child)],
        scale=content["scale"],
        leaves_out=[words.keep],
        band=content["band"],
        opening=tuple(one.format(day=content["day"], chair=chair) for one in words.opening),
        worker=words.worker.format(who=worker) if worker else "",
        advocate=words.advocate.format(who=advocate) if advocate else words.no_advocate,
        heads={
            "said": words.said_heading,
            "thanks": words.said_thanks,
            "nothing_said": words.said_nothing,
            "told": words.told_heading,
            "nothing_told": words.told_nothing.format(worker=worker or YOUR_WORKER),
            "plan": words.plan_heading,
            "next": words.next_heading,
            "ask": words.ask_heading,
            "ask_text": words.ask,
            "danger": words.danger,
            "by_day": words.by_day,
            "by_night": words.by_night,
        },
    )
    copy.said, copy.came = _texts(writer, LetterPart.SAID), _texts(writer, LetterPart.CAME)
    copy.decided, copy.acts = _texts(writer, LetterPart.DECIDED), _texts(writer, LetterPart.PLAN)
    copy.ahead, copy.more = _texts(writer, LetterPart.NEXT), _texts(writer, LetterPart.MORE)
    copy.passages = writer.passages
    return copy


def _texts(writer: Naming, part: LetterPart) -> list[str]:
    """Return what the child was told of one part.

    Words that name a child who is not the reader's are found with the proofs, and stay out unless somebody agreed.
    """
    found = [
        writer.say(row["entry"], f"The letter, {PLACE[part]}", row["words"])
        for row in writer.content["told"]
        if row["part"] == part
    ]
    return [text for text in found if text]
