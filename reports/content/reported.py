"""What each agency reported in short, and what the plan says beside its actions, in a document's content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from conferences.models import Conference, Decision
from conferences.selectors.children import those_in_at
from deadlines.policies import Policy
from meetings.enums import OutlineKind
from meetings.models import OutlineEntry
from meetings.selectors.outline import agreed_in
from plans.enums import PlanEntryKind
from plans.models import PlanAction, PlanEntry, PlanVersion
from plans.services.versions import thread_of_agreed
from reports.content.shared import Json, ids_of
from reports.enums import InMinutes, ReportKind, ReportState, SharingOutcome, ShortPart
from reports.models import Report, ReportSection, Sharing, ShortPassage


def reports_of(conference: Conference, policy: Policy) -> list[Json]:
    """Return each report that is in, the social worker's first, passage by passage.

    Whole, where the council's minutes hold reports whole. Else what its author wrote in short; where nobody has, the
    report as it is, so that nothing is cut off, and whoever prepares the minutes is asked to put it in short.
    """
    in_at = those_in_at(conference)
    labels = _labels(policy)
    rows = Report.objects.filter(conference=conference, state=ReportState.SUBMITTED)
    rows = rows.select_related("author").prefetch_related("author__children", "sharings")
    found = []
    for report in rows.order_by("author", "pk"):
        among = sorted(in_at(report.submitted_at)) if report.submitted_at else []
        form, passages = _passages(report, policy, labels)
        found.append(
            {
                "id": report.pk,
                "author": report.author_id,
                "why": report.why_held,
                "children": ids_of(report.author.children.all()),
                "among": among,
                "form": form,
                "kept_back": is_kept_back_from_someone(report),
                "is_social_work": report.kind == ReportKind.SOCIAL_WORK,
                "passages": passages,
            }
        )
    return sorted(found, key=lambda row: not row["is_social_work"])


def is_kept_back_from_someone(report: Report) -> bool:
    """Return whether the chair agreed that somebody in the family does not get it at all."""
    newest: dict[int, Sharing] = {}
    for row in sorted(report.sharings.all(), key=lambda row: (row.recorded_at, row.pk)):
        newest[row.person_id] = row
    return any(row.outcome == SharingOutcome.NOT_TO_BE_SHARED for row in newest.values())


def _labels(policy: Policy) -> dict[str, str]:
    """Return the words of each heading of a report; none for what is in short already."""
    headings = (*policy.framework.headings, *policy.social_work_headings)
    return {**{row.key: row.label for row in headings}, policy.report_in_short.key: ""}


def _passages(report: Report, policy: Policy, labels: dict[str, str]) -> tuple[str, list[Json]]:
    rows = report.sections.filter(removed_at__isnull=True).prefetch_related("children", "private_to", "kept_from")
    order, in_short = list(labels), policy.report_in_short.key
    ordered = sorted(rows, key=lambda row: order.index(row.heading) if row.heading in labels else len(order))
    long = [row for row in ordered if row.heading != in_short]
    if policy.prints_whole_reports:
        return InMinutes.WHOLE, [_section(row, labels) | {"evidence": row.evidence} for row in long]
    if report.short_ready_at:
        return InMinutes.SHORT, _short(report)
    short = [row for row in ordered if row.heading == in_short]
    return (InMinutes.SHORT if short else InMinutes.LONG), [_section(row, labels) for row in short or long]


def _section(row: ReportSection, labels: dict[str, str]) -> Json:
    # A heading that the council no longer has is known by its key alone.
    under = labels.get(row.heading, row.heading.replace("-", " ").capitalize())
    return _passage("section", row, under, row.text)


def _short(report: Report) -> list[Json]:
    rows = report.short_passages.filter(removed_at__isnull=True).prefetch_related("children", "private_to", "kept_from")
    order = {part: place for place, part in enumerate(ShortPart.values)}
    ordered = sorted(rows, key=lambda row: (order[row.part], row.position, row.pk))
    return [_passage("short", row, str(ShortPart(row.part).label), row.text) for row in ordered]


def _passage(kind: str, row: ShortPassage | ReportSection, under: str, text: str) -> Json:
    return {
        "entry": f"report-{kind}:{row.pk}",
        "under": under,
        "text": text,
        "children": ids_of(row.children.all()),
        "private_to": ids_of(row.private_to.all()),
        "kept_from": ids_of(row.kept_from.all()),
    }


def how_known(conference: Conference) -> dict[int, str]:
    """Return, by outline action, how the plan that came of it says that we shall know."""
    rows = PlanAction.objects.standing().filter(outline__conference=conference).exclude(how_known="")
    return dict(rows.order_by("pk").values_list("outline", "how_known"))


@dataclass(frozen=True)
class _InPlans:
    """Where one thing that the meeting agreed stands in the children's plans today, and whose private matter it is."""

    standing: set[int]
    private_to: set[int]


def agreed_of(conference: Conference) -> dict[str, list[Json]]:
    """Return outcomes and what is done if something happens, in the words in which the meeting agreed on them.

    Left out for a child in whose plan it stands no longer. What a plan marks as someone's private matter is so here.
    """
    rows = list(agreed_in(conference))
    plans = _in_plans(conference, rows)
    taken_up = PlanVersion.objects.filter(decision__conference_child__conference=conference)
    have_plans = set(taken_up.values_list("decision__conference_child", flat=True))
    in_at = those_in_at(conference)
    found: dict[str, list[Json]] = {"outcomes": [], "contingency": []}
    for row in rows:
        named, there = ids_of(row.children.all()), plans[row.pk]
        among = set(in_at(row.created_at))
        children = (set(named or among) - have_plans) | there.standing
        if not children:
            continue
        facts: Json = {
            "id": row.pk,
            "entry": f"agreed:{row.pk}",
            "children": [] if not named and children >= among else sorted(children),
            "among": sorted(among),
            "private_to": sorted(there.private_to),
            "part": row.part_id,
        }
        if row.kind == OutlineKind.OUTCOME:
            found["outcomes"].append({**facts, "text": row.text})
        else:
            then = {"if_this": row.text, "we_do": row.we_do, "who": row.who_id, "who_else": row.who_else}
            found["contingency"].append(facts | then)
    return found


def _in_plans(conference: Conference, agreed: Iterable[OutlineEntry]) -> dict[int, _InPlans]:
    found = {row.pk: _InPlans(set(), set()) for row in agreed}
    of_thread = {thread_of_agreed(pk): one for pk, one in found.items()}
    row_of = dict(conference.children.values_list("child", "pk"))
    rows = PlanEntry.objects.standing().filter(thread__in=of_thread, plan__child__in=row_of).select_related("plan")
    for row in rows.prefetch_related("private_to"):
        of_thread[row.thread].standing.add(row_of[row.plan.child_id])
        of_thread[row.thread].private_to.update(ids_of(row.private_to.all()))
    return found


def contingency_of(decisions: Iterable[Decision], *, agreed: Iterable[Json]) -> list[Json]:
    """Return what we do if something happens: what the meeting agreed, and what else the plans that it began say.

    The same words once for several children.
    """
    child_of = {row.pk: row.conference_child_id for row in decisions}
    agreed = list(agreed)
    rows = (
        PlanEntry.objects.standing()
        .filter(plan__decision__in=child_of, kind=PlanEntryKind.CONTINGENCY)
        .exclude(thread__in=[thread_of_agreed(row["id"]) for row in agreed])
        .select_related("plan")
        .prefetch_related("private_to")
        .order_by("created_at", "pk")
    )
    same: dict[tuple[Any, ...], Json] = {}
    children: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row in rows:
        key = (row.text, row.we_do, tuple(ids_of(row.private_to.all())))
        same.setdefault(
            key, {"id": row.pk, "if_this": row.text, "we_do": row.we_do, "private_to": list(key[2]), "part": None}
        )
        children[key].append(child_of[row.plan.decision_id])  # type: ignore[index]
    return [*agreed, *({**row, "children": sorted(children[key])} for key, row in same.items())]
