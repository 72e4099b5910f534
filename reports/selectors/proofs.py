"""What someone looks at before a letter or the minutes are prepared: entries that may not be for each reader."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from reports.copies import Composed, Content, Passage, compose, leaks, recipients_due, strangers_named
from reports.selectors.circulation import may_be_settled


@dataclass
class Found:
    """An entry that reaches some recipients, by id; ``names`` are those of people in it who are not theirs."""

    where: str
    text: str
    recipients: set[int] = field(default_factory=set)
    names: dict[str, None] = field(default_factory=dict)


Entries = dict[str, Found]


@dataclass
class Proofs:
    """Entries by what was found in them.

    ``hidden`` would show something confidential. ``unnamed`` have no child ticked and reach people who read about
    only some of the children: leaving the boxes empty means all of them, but is also what happens in a hurry.
    ``strangers`` name a child or an adult who is not the reader's.
    """

    hidden: Entries = field(default_factory=dict)
    unnamed: Entries = field(default_factory=dict)
    strangers: Entries = field(default_factory=dict)


def proofs_of(content: Content, kind: str) -> Proofs:
    """Look through every copy that may go out, including those that go only if the chair says so."""
    settled = [pk for pk, _, _ in may_be_settled(content, kind)]
    unnamed = _texts_without_child(content)
    proofs = Proofs()
    for recipient in recipients_due(content, kind, settled=settled):
        copy = compose(content, recipient, kind, settled=settled)
        for passage in leaks(copy):
            _add(proofs.hidden, passage, recipient)
        for passage in _unnamed_in(copy, unnamed):
            _add(proofs.unnamed, passage, recipient)
        for passage, names in strangers_named(content, copy):
            _add(proofs.strangers, passage, recipient, names)
    return proofs


def sentences_about(found: Entries) -> list[str]:
    """Return a sentence for each entry that must be changed or left out."""
    return [
        f"A copy would show something marked confidential: {where}."
        for where in sorted({row.where for row in found.values()})
    ]


def _texts_without_child(content: Content) -> dict[str, str]:
    texts = {f"board:{row['id']}": row["text"] for row in content["board"] if not row["children"]}
    texts |= {f"action:{row['id']}": row["what"] for row in content["outline"] if not row["children"]}
    texts |= {row["entry"]: row["text"] for row in content.get("outcomes", ()) if not row["children"]}
    texts |= {
        row["entry"]: f"{row['if_this']} … {row['we_do']}"
        for row in content.get("contingency", ())
        if "entry" in row and not row["children"]
    }
    texts |= {f"discussion:{row['id']}": row["text"] for row in content.get("discussion", ()) if not row["children"]}
    # The reason was written about all the children at once.
    return texts | ({"reason": content["reason"]} if content.get("reason") else {})


def _unnamed_in(copy: Composed, texts: dict[str, str]) -> list[Passage]:
    if copy.reader.every_child or not copy.reader.is_family:
        return []
    return [
        Passage(row.entry, "The plan" if row.entry.startswith(("action", "agreed")) else row.where, texts[row.entry])
        for row in copy.passages
        if row.entry in texts
    ]


def _add(entries: Entries, passage: Passage, recipient: int, names: Collection[str] = ()) -> None:
    row = entries.setdefault(passage.entry, Found(passage.where, passage.text))
    if passage.text not in row.text:
        row.text = f"{row.text} … {passage.text}"
    row.recipients.add(recipient)
    row.names |= dict.fromkeys(names)
