"""What makes one reader's copy empty or baffling, found before anyone gets it, and what can be done about it.

Nothing here changes who reads what. What helps is rewriting, explaining, or the chair's release of words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conferences.enums import FAMILY_CAPACITIES
from reports.copies.childs_letter import ComposedLetter
from reports.copies.copies import Composed
from reports.copies.core_groups import ComposedCoreGroup
from reports.copies.levels import Content, attended, participant_in
from reports.copies.plans import ComposedPlan
from reports.enums import DocumentKind

MASKED_TOO_OFTEN = 3
REWORD = "Reword it in the paper, so that it is about their child alone."
EXPLAIN = "Ask the social worker to go through it with them, and say when."
ASK_THE_CHAIR = "Ask the chair what of it may be released to them."


@dataclass(frozen=True)
class Concern:
    """One thing that is wrong with a copy, as a sentence for whoever prepares it, and what can be done."""

    text: str
    remedies: tuple[str, ...]


def concerns_about(content: Content, copy: Composed) -> list[Concern]:
    """Return what would leave the reader of this copy without what is theirs."""
    if isinstance(copy, ComposedPlan):
        return [*_of_a_plan(content, copy)]
    if isinstance(copy, ComposedLetter):
        return [*_of_a_letter(copy)]
    if isinstance(copy, ComposedCoreGroup):
        return [*_of_a_core_group(content, copy), *_masked(copy)]
    return [*_reasons(content, copy), *_actions(content, copy), *_words(content, copy), *_masked(copy)]


def _reasons(content: Content, copy: Composed) -> Iterator[Concern]:
    if copy.reader.is_child:
        return
    if content["reason"] and not copy.why_held:
        yield Concern(
            "It says only in general why people met: the reason names another’s child, or was not shared with them.",
            (REWORD, EXPLAIN),
        )
    said = {row["child"]: row["rationale"] for row in content["decisions"]}
    for child in copy.children:
        if child.decision and said.get(child.id) and not child.decision.rationale:
            yield Concern(f"It gives no reason for the decision about {child.short_name}.", (ASK_THE_CHAIR, EXPLAIN))


def _actions(content: Content, copy: Composed) -> Iterator[Concern]:
    owns = any(row["who"] == copy.reader.id for row in content["outline"])
    if owns and not any(_is_done_by(content, copy, action.what) for action in copy.own_actions):
        yield Concern(
            "It holds none of the actions that are theirs to do: another adult’s private matter, or another’s child.",
            (REWORD, ASK_THE_CHAIR),
        )
    elif content["outline"] and not copy.plan and any(one.decision and one.decision.is_plan for one in copy.children):
        yield Concern("It holds a plan without one action.", (REWORD, ASK_THE_CHAIR, EXPLAIN))


def _is_done_by(content: Content, copy: Composed, what: str) -> bool:
    return any(row["who"] == copy.reader.id and row["what"] == what for row in content["outline"])


def _words(content: Content, copy: Composed) -> Iterator[Concern]:
    """Look at what was said: a reader of the family finds own words, and something said while they were there."""
    who = participant_in(content, copy.reader.id)
    if copy.kind != DocumentKind.MINUTES or who["capacity"] not in FAMILY_CAPACITIES or not attended(who):
        return
    wrote = any(row["speaker"] == copy.reader.id for row in content.get("my_views", ()))
    said = {one.speaker for one in copy.views_said}
    own = bool(copy.said_by_reader) or any(name.startswith(who["name"]) for name in said)
    scored = (row.name for child in copy.children for row in child.scores)
    viewed = (row.name for child in copy.children for row in child.views)
    own = own or who["name"] in {*scored, *viewed}
    if not own:
        more = (ASK_THE_CHAIR,) if wrote else ()
        yield Concern("It holds nothing of their own words, score or view.", (*more, "Write down what they said."))
    if not copy.board and not any(child.scores or child.views for child in copy.children):
        yield Concern(
            "It holds nothing that was said while they were there: only what was said in another part, or about "
            "others.",
            (REWORD, EXPLAIN),
        )


def _masked(copy: Composed) -> Iterator[Concern]:
    if copy.reader.is_family and copy.times_masked > MASKED_TOO_OFTEN:
        yield Concern(
            f"It names people without their names {copy.times_masked} times.",
            ("Reword notes so that they say who is meant by role.", EXPLAIN),
        )


def _of_a_core_group(content: Content, copy: ComposedCoreGroup) -> Iterator[Concern]:
    if content["actions"] and not copy.progress:
        yield Concern("It holds no action of the plan.", (REWORD, EXPLAIN))
    who = participant_in(content, copy.reader.id)
    if not copy.reader.is_family or copy.reader.is_child or not attended(who):
        return
    own = copy.own_words or copy.said_by_reader
    if not own and not any(row.name == who["name"] for child in copy.children for row in child.scores):
        yield Concern("It holds nothing of their own words or score.", ("Write down what they said.",))
    if content["board"] and not copy.board:
        yield Concern("It holds nothing that was said while they were there.", (REWORD, EXPLAIN))


def _of_a_plan(content: Content, copy: ComposedPlan) -> Iterator[Concern]:
    reads = content["reads"].get(str(copy.reader.id), {})
    if reads.get("mine") and not copy.mine:
        yield Concern("It holds none of the actions that are theirs to do.", (REWORD, EXPLAIN))
    if not copy.mine and not copy.others and not copy.needs:
        yield Concern("It holds no action and nothing that has to change.", (EXPLAIN,))


def _of_a_letter(copy: ComposedLetter) -> Iterator[Concern]:
    if not copy.said:
        yield Concern("It holds nothing of the child’s own words.", ("Ask the child what of it may stand there.",))
    if copy.said and not copy.came:
        yield Concern("It does not say what came of what the child said.", ("Write down what they were told of that.",))
    if not copy.decided:
        yield Concern("It does not say what was decided.", ("Tell the child, and record in which words.",))
