"""Copies as PDF: tagged, titled, without network access, and the same bytes each time.

One version for one recipient always gives the same file: the identifier comes from version and recipient, the
dates from the document, everything else from the frozen content.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any, TypeVar

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

import charts
from conferences.enums import Outcome, PlanEffect
from govuk import words
from reports.copies import Composed
from reports.copies.copies import ChildPart, Decided
from reports.copies.naming import SOME_PROFESSIONAL, SOMEBODY
from reports.copies.plain_words import (
    FOR_WORK,
    HARM_IN_PLAIN_WORDS,
    IF_IT_DOES_NOT_WORK,
    NO_REMOVAL,
    WHAT_A_CORE_GROUP_IS,
)
from reports.enums import DocumentKind

T = TypeVar("T")

TEMPLATES = {
    DocumentKind.MINUTES: "reports/pdf/minutes.html",
    DocumentKind.DECISIONS_LETTER: "reports/pdf/letter.html",
    DocumentKind.CORE_GROUP: "reports/pdf/core_group.html",
    DocumentKind.PLAN: "reports/pdf/plan_paper.html",
    DocumentKind.CHILDS_LETTER: "reports/pdf/childs_letter.html",
}
# Raise it if a change of the templates has to reach copies that are already laid out and stored.
LAYOUT = 2
# A figure shortens names to a first name and an initial, which would spoil these.
IN_A_FIGURE = {SOME_PROFESSIONAL: "Professional", SOMEBODY: "Family"}
# What is known about a copy and stands nowhere in it.
NOT_SHOWN = frozenset({"reader", "passages", "masked", "times_masked"})
# Left out where it is empty, so that copies from before it was recorded keep their checksum.
LATER_FACTS = frozenset({
    "on_plan", "explained", "released_as", "is_large", "raised", "read_out", "course", "is_whole", "outcomes",
    "who_acts", "for_whom",
})  # fmt: skip
# Everything a template may say about the reader; the rest decides what the copy contains, and shows there.
OF_THE_READER = ("name", "is_family", "is_child")
WHAT_IT_MEANS: dict[str, str] = {
    Outcome.CP_PLAN: (
        "A child protection plan says what has to change so that a child is safe, who helps, and by when. "
        "It ends only when a later meeting decides that the child is safe enough without it."
    ),
    Outcome.CIN_PLAN: "A child in need plan is help that you agree to. You can change your mind at any time.",
    Outcome.CIN_REFUSED: "A child in need plan was offered and not wanted. A manager will look at what happens now.",
    Outcome.FURTHER_ASSESSMENT: "Social workers will find out more before anyone decides on a plan.",
    Outcome.OTHER_SUPPORT: "There is no plan. Other help was talked about and is written below.",
    Outcome.PLAN_ENDS: (
        "The child protection plan ends, because the child no longer suffers significant harm and is not likely to. "
        "Help that goes on is written below."
    ),
    Outcome.NOTHING: "There is no plan, and no further help is needed now.",
}

STAYS_IN_FORCE: dict[str, str] = {
    Outcome.CIN_REFUSED: "A child in need plan was offered and not wanted. The child protection plan stays in force.",
    Outcome.FURTHER_ASSESSMENT: (
        "Social workers will find out more. Until a later meeting decides otherwise, the child protection plan "
        "stays in force as it is."
    ),
    Outcome.OTHER_SUPPORT: "The child protection plan stays in force. Other help is added, and is written below.",
}
ENDS_THOUGH_REFUSED = (
    "A child in need plan was offered and not wanted. The child protection plan ends all the same, because the child "
    "no longer suffers significant harm and is not likely to."
)


def what_it_means(decision: Decided) -> str:
    """Return what a decision means, in words for the family."""
    if decision.on_plan == PlanEffect.GOES_ON and decision.outcome in STAYS_IN_FORCE:
        return STAYS_IN_FORCE[decision.outcome]
    if decision.on_plan == PlanEffect.ENDS and decision.outcome == Outcome.CIN_REFUSED:
        return ENDS_THOUGH_REFUSED
    return WHAT_IT_MEANS.get(decision.outcome, "")


@dataclass(frozen=True)
class Stamp:
    """A document version's number, when it was prepared and released, by whom, for whom they stood in, in which print.

    ``released_as`` says as what, where the council's procedures let someone other than the chair release it.
    """

    number: int
    prepared_at: datetime.datetime
    released_at: datetime.datetime | None
    released_by: str
    standing_in_for: str = ""
    released_as: str = ""
    replaces: bool = False
    is_large: bool = False

    @property
    def is_released(self) -> bool:
        return self.released_at is not None

    @property
    def dated(self) -> datetime.datetime:
        return self.released_at or self.prepared_at


def render(copy: Composed, stamp: Stamp) -> bytes:
    """Render one copy as PDF/UA-1. The same copy and stamp give the same bytes, in any process."""
    from reports.typesetting import pdf_of  # noqa: PLC0415 - loads WeasyPrint

    return pdf_of(html_of(copy, stamp))


def checksum_of(copy: Composed, stamp: Stamp) -> str:
    """Return the SHA-256 of everything a file is made from: copy, stamp and layout version.

    A copy that was laid out is not laid out again because a style sheet changed: it is kept as it was sent.
    """
    said = {name: value for name, value in vars(copy).items() if name not in NOT_SHOWN and _counts(name, value)}
    stamped = {name: value for name, value in asdict(stamp).items() if _counts(name, value)}
    made_from = json.dumps(
        [LAYOUT, {name: getattr(copy.reader, name) for name in OF_THE_READER}, said, stamped],
        default=_as_json,
        sort_keys=True,
        ensure_ascii=False,
    )
    return hashlib.sha256(made_from.encode()).hexdigest()


def _counts(name: str, value: object) -> bool:
    return bool(value) or name not in LATER_FACTS


def _as_json(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {name: held for name, held in vars(value).items() if _counts(name, held)}
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"A copy holds no {type(value).__name__}.")


def html_of(copy: Composed, stamp: Stamp) -> str:
    """Return one copy as HTML, before layout; in large print without tables."""
    html = render_to_string(TEMPLATES[DocumentKind(copy.kind)], context_of(copy, stamp))
    if not stamp.is_large:
        return html
    from reports.row_by_row import without_tables  # noqa: PLC0415 - a parser that only layout needs

    return without_tables(html)


def context_of(copy: Composed, stamp: Stamp, *, on_page: bool = False) -> dict[str, Any]:
    """Return what the templates of a copy want, for its file and for the page that shows the same (``on_page``)."""
    return {
        "copy": copy,
        "stamp": stamp,
        "created": timezone.localtime(stamp.dated).isoformat(timespec="seconds"),
        "dated": words.plain_date(stamp.dated),
        "colour": copy.authority["colour"],
        "children": [_drawn(child, copy, stamp, on_page=on_page) for child in copy.children],
        "in_time": _alike((child.in_time, child.short_name) for child in copy.children if child.in_time),
        "carried_out": _alike(
            (_carrying_out(child.decision), child.short_name) for child in copy.children if child.decision
        ),
        "plan_by_child": len(copy.children) > 1,
        "any_scores": any(child.scores for child in copy.children),
        "any_views": any(child.views or child.counts for child in copy.children),
        "any_plan": any(child.decision and _has_plan(child.decision) for child in copy.children),
        "any_how_known": any(action.how_known for action in copy.plan),
        "no_removal": NO_REMOVAL,
        "core_group_is": WHAT_A_CORE_GROUP_IS,
        "core_group_for_work": FOR_WORK,
        "if_it_does_not_work": IF_IT_DOES_NOT_WORK,
        "is_family": copy.reader.is_family,
        "is_child": copy.reader.is_child,
    }


def _has_plan(decision: Decided) -> bool:
    return decision.is_plan or decision.on_plan == PlanEffect.GOES_ON


@dataclass(frozen=True)
class CarryingOut:
    """Who carries a plan out, and how often the child is visited."""

    key_worker: str
    visits: str
    visit_reason: str
    core_group: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.key_worker or self.visits or self.core_group)


def _carrying_out(decision: Decided) -> CarryingOut:
    return CarryingOut(decision.key_worker, decision.visits, decision.visit_reason, decision.core_group)


def _alike(pairs: Iterable[tuple[T, str]]) -> list[tuple[T, str]]:
    """Group what is the same for several children, with their names."""
    found: dict[T, list[str]] = {}
    for said, name in pairs:
        if said:
            found.setdefault(said, []).append(name)
    return [(said, words.listed(names)) for said, names in found.items()]


def _drawn(child: ChildPart, copy: Composed, stamp: Stamp, *, on_page: bool) -> dict[str, Any]:
    scores = [
        charts.Score(IN_A_FIGURE.get(one.name, one.name), one.value, family=one.is_family)
        for one in child.scores
        if one.value is not None
    ]
    ends = {"low_words": copy.scale["low_words"], "high_words": copy.scale["high_words"]}
    title = f"Safety scores for {child.short_name}"
    said = f"{title}. {charts.scale_sentence(scores, **ends)}"
    small = charts.scale_figure(scores, title=title, compact=True, on_paper=not on_page, **ends)
    shape = {"title": title, "shade_to": copy.scale["shade_to"], "low_words": "", "high_words": ""}
    drawn = (
        charts.scale_figure(scores, **shape)
        if on_page
        else _picture(
            charts.scale_figure(scores, wide=not stamp.is_large, narrow=stamp.is_large, on_paper=True, **shape), said
        )
    )
    return {
        "part": child,
        "means": what_it_means(child.decision) if child.decision else "",
        "harm": HARM_IN_PLAIN_WORDS.get(child.decision.category_code, "") if child.decision else "",
        "small_scale": _picture(small, f"{title}: {child.range_words}") if scores else "",
        "scale": drawn if scores else "",
    }


_SVG = re.compile(r"<svg.*</svg>", re.DOTALL)


def _picture(markup: str, said: str) -> SafeString:
    """Return an inline drawing as an image with alternative text, as only images carry it into a tagged PDF."""
    found = _SVG.search(markup)
    drawn = base64.b64encode(found.group(0).encode()).decode() if found else ""
    return format_html('<img src="data:image/svg+xml;base64,{}" alt="{}">', drawn, said)
