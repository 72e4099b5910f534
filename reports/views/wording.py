"""Views of a paper's wording: what was recorded beside what the paper says, mending, and discussion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference
from conferences.enums import ConferenceStatus
from conferences.services.guards import EditedMeanwhile
from govuk.generic import form_view
from meetings.views.meeting import edited_together, who_changed
from plans.access import access_plan
from plans.services.versions import current_version
from reports.content import content_of
from reports.content.core_groups import content_of_core_group
from reports.content.plans import content_of_plan
from reports.content.shared import Json
from reports.content.wording import Editable, editable_in
from reports.enums import DocumentKind
from reports.forms.wording import DiscussionForm, InShortForm, MendForm, TakeOutForm
from reports.models import PaperWording
from reports.selectors.wording import PaperOf, TextToMend, reports_at_length, texts_to_mend, wording_of
from reports.services.plan_papers import conference_of
from reports.services.wording import mend_text, put_in_short, take_out_discussion, write_discussion
from reports.views.core_group_minutes import around_meeting, held_meeting
from reports.views.parts import around_conference
from reports.views.plan_papers import around_plan

SLUGS = {"decisions-letter": DocumentKind.DECISIONS_LETTER, "minutes": DocumentKind.MINUTES}


@dataclass(frozen=True)
class Desk:
    """One paper whose wording is being mended: what is recorded now, and the pages around it."""

    paper: PaperOf
    content: Json
    title: str
    frame: str
    context: dict[str, Any]
    address: Callable[..., str]
    prepare_url: str

    @property
    def has_discussion(self) -> bool:
        return bool(self.content.get("headings")) and self.paper.kind != DocumentKind.DECISIONS_LETTER


def _conference(request: HttpRequest, pk: int, slug: str) -> Desk:
    conference = access_conference(request, pk, to="minutes")
    if slug not in SLUGS or conference.status != ConferenceStatus.CLOSED:
        raise Http404
    kind = SLUGS[slug]
    return Desk(
        paper=PaperOf(conference, kind),
        content=content_of(conference, now=timezone.now()),
        title="the decisions letter" if kind == DocumentKind.DECISIONS_LETTER else "the minutes",
        frame="reports/wording/conference_frame.html",
        context=around_conference(request, conference, tab="minutes"),
        address=lambda name, *args: reverse(f"reports:{name}", args=[pk, slug, *args]),
        prepare_url=reverse(f"reports:prepare-{slug}", args=[pk]),
    )


def _core_group(request: HttpRequest, pk: int, meeting_pk: int) -> Desk:
    meeting = held_meeting(request, pk, meeting_pk, to="change")
    if meeting.core_group.conference is None:
        raise Http404
    return Desk(
        paper=PaperOf(meeting.core_group.conference, DocumentKind.CORE_GROUP, meeting=meeting),
        content=content_of_core_group(meeting, now=timezone.now()),
        title="the minutes",
        frame="reports/core_group/frame.html",
        context=around_meeting(meeting),
        address=lambda name, *args: reverse(f"core_group_minutes:{name}", args=[pk, meeting_pk, *args]),
        prepare_url=reverse("core_group_minutes:prepare", args=[pk, meeting_pk]),
    )


def _plan(request: HttpRequest, pk: int) -> Desk:
    plan = access_plan(request, pk, to="carry")
    version, conference = current_version(plan), conference_of(plan)
    if version is None or conference is None or not plan.is_open:
        raise Http404
    return Desk(
        paper=PaperOf(conference, DocumentKind.PLAN, plan=plan),
        content=content_of_plan(plan, version, now=timezone.now()),
        title="the plan",
        frame="reports/plan/frame.html",
        context=around_plan(plan),
        address=lambda name, *args: reverse(f"plan_papers:{name}", args=[pk, *args]),
        prepare_url=reverse("plan_papers:prepare", args=[pk]),
    )


def see_wording(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Show what a letter or minutes will say, text by text, beside what was recorded."""
    return _see(request, _conference(request, pk, slug))


def mend(request: HttpRequest, pk: int, slug: str, entry: str) -> HttpResponse:
    """Mend one text of a letter or of minutes."""
    return _mend(request, _conference(request, pk, slug), entry)


def discuss(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Write what was discussed under a heading of the minutes."""
    return _discuss(request, _conference(request, pk, slug), None)


def discuss_again(request: HttpRequest, pk: int, slug: str, row_pk: int) -> HttpResponse:
    """Change what was written about a discussion in the minutes."""
    return _discuss(request, _conference(request, pk, slug), row_pk)


def take_out(request: HttpRequest, pk: int, slug: str, row_pk: int) -> HttpResponse:
    """Take a discussion out of the minutes."""
    return _take_out(request, _conference(request, pk, slug), row_pk)


def in_short(request: HttpRequest, pk: int, slug: str, report_pk: int) -> HttpResponse:
    """Say in short what a report says whose author did not, paragraph by paragraph, for the minutes."""
    desk = _conference(request, pk, slug)
    report = next((row for row in reports_at_length(desk.content, desk.paper) if row.id == report_pk), None)
    if report is None:
        raise Http404
    form = kept_form(request, InShortForm, paragraphs=report.paragraphs)
    back = desk.address("wording")
    options: dict[str, Any] = {
        "template_name": "reports/wording/in_short.html",
        "success_url": back,
        "success_message": "Saved. Prepare the minutes to put it into the copies.",
        "cancel_url": back,
        "at_length": report,
    }

    def save(_: dict[str, Any]) -> None:
        put_in_short(
            paper=desk.paper,
            content=desk.content,
            report=report_pk,
            texts=form.texts(),
            by=user_of(request),
            now=timezone.now(),
        )

    try:
        return form_view(request, form, save, draw=_drawn(desk), **options)
    except EditedMeanwhile as refusal:
        theirs: Any = refusal.current
        form.show_theirs(theirs, who_changed(theirs)[0])
        return _draw(request, options["template_name"], desk, {"form": form, "at_length": report})


def see_core_group_wording(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """Show what the minutes of a core group will say beside what was recorded."""
    return _see(request, _core_group(request, pk, meeting_pk))


def mend_core_group(request: HttpRequest, pk: int, meeting_pk: int, entry: str) -> HttpResponse:
    """Mend one text of the minutes of a core group."""
    return _mend(request, _core_group(request, pk, meeting_pk), entry)


def discuss_core_group(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """Write what a core group discussed under a heading."""
    return _discuss(request, _core_group(request, pk, meeting_pk), None)


def discuss_core_group_again(request: HttpRequest, pk: int, meeting_pk: int, row_pk: int) -> HttpResponse:
    """Change what was written about a discussion of a core group."""
    return _discuss(request, _core_group(request, pk, meeting_pk), row_pk)


def take_out_core_group(request: HttpRequest, pk: int, meeting_pk: int, row_pk: int) -> HttpResponse:
    """Take a discussion out of the minutes of a core group."""
    return _take_out(request, _core_group(request, pk, meeting_pk), row_pk)


def see_plan_wording(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the paper of a plan will say beside what the plan says."""
    return _see(request, _plan(request, pk))


def mend_plan(request: HttpRequest, pk: int, entry: str) -> HttpResponse:
    """Mend one text of the paper of a plan."""
    return _mend(request, _plan(request, pk), entry)


@dataclass(frozen=True)
class TextOnPage:
    """A text to mend, with the address of its page."""

    text: TextToMend
    url: str


def _see(request: HttpRequest, desk: Desk) -> HttpResponse:
    groups: dict[str, list[TextOnPage]] = defaultdict(list)
    at_length = reports_at_length(desk.content, desk.paper)
    of_reports = {one.one.key for report in at_length for one in report.paragraphs}
    for row in texts_to_mend(desk.content, desk.paper):
        if row.one.key in of_reports:
            continue
        groups[row.one.where].append(TextOnPage(row, desk.address("mend-wording", row.one.key)))
    labels = {row["key"]: row["label"] for row in desk.content.get("headings", ())}
    discussion = [
        (labels.get(row.heading, row.heading), row, desk.address("change-discussion", row.pk))
        for row in wording_of(desk.paper)
        if row.is_discussion
    ]
    return _draw(
        request,
        "reports/wording/see.html",
        desk,
        {
            "groups": list(groups.items()),
            "at_length": [(row, desk.address("put-in-short", row.id)) for row in at_length],
            "discussion": discussion,
            "discussion_url": desk.address("write-discussion") if desk.has_discussion else "",
        },
    )


def _mend(request: HttpRequest, desk: Desk, entry: str) -> HttpResponse:
    row = next((row for row in texts_to_mend(desk.content, desk.paper) if row.one.key == entry), None)
    if row is None:
        raise Http404
    form = kept_form(
        request,
        MendForm,
        one=row.one,
        others=_under_the_heading(desk.content, row.one),
        initial={
            "text": row.mended or row.one.recorded,
            "place": str(row.wording.place or "") if row.wording else "",
            "version": row.wording.version if row.wording else 0,
        },
    )
    back = desk.address("wording")
    return edited_together(
        request,
        form,
        lambda data: mend_text(
            paper=desk.paper,
            content=desk.content,
            entry=entry,
            text=data["text"],
            place=form.chosen_place(),
            version=data["version"] or 0,
            by=user_of(request),
            now=timezone.now(),
        ),
        texts=("text",),
        draw=_drawn(desk),
        template_name="reports/wording/mend.html",
        success_url=back,
        success_message="Saved. Prepare the paper to put it into the copies.",
        cancel_url=back,
        row=row,
    )


def _under_the_heading(content: Json, one: Editable) -> int:
    return sum(row.heading == one.heading for row in editable_in(content)) if one.heading else 0


def _discuss(request: HttpRequest, desk: Desk, row_pk: int | None) -> HttpResponse:
    if not desk.has_discussion:
        raise Http404
    row = _row(desk, row_pk) if row_pk is not None else None
    ids = {child["person"]: child["id"] for child in desk.content["children"]}
    initial: dict[str, Any] = {"version": 0}
    if row is not None:
        initial = {
            "heading": row.heading,
            "text": row.text,
            "part": str(row.part),
            "children": [str(ids[child.person_id]) for child in row.children.all() if child.person_id in ids],
            "private_to": [str(person.pk) for person in row.private_to.all()],
            "version": row.version,
        }
    form = kept_form(request, DiscussionForm, content=desk.content, initial=initial)
    back = desk.address("wording")
    return edited_together(
        request,
        form,
        lambda data: write_discussion(
            paper=desk.paper,
            content=desk.content,
            row=row,
            version=data["version"] or 0,
            by=user_of(request),
            now=timezone.now(),
            **form.discussion(),
        ),
        texts=("text",),
        draw=_drawn(desk),
        template_name="reports/wording/discuss.html",
        success_url=back,
        success_message="Saved. Prepare the paper to put it into the copies.",
        cancel_url=back,
        row=row,
        take_out_url=desk.address("take-out-discussion", row.pk) if row is not None else "",
    )


def _take_out(request: HttpRequest, desk: Desk, row_pk: int) -> HttpResponse:
    row = _row(desk, row_pk)
    back = desk.address("wording")
    return form_view(
        request,
        kept_form(request, TakeOutForm),
        lambda _: take_out_discussion(row=row, by=user_of(request), now=timezone.now()),
        draw=_drawn(desk),
        template_name="reports/wording/take_out.html",
        success_url=back,
        success_message="Taken out.",
        cancel_url=back,
        row=row,
    )


def _row(desk: Desk, row_pk: int) -> PaperWording:
    rows = PaperWording.objects.filter(**desk.paper.columns, withdrawn_at__isnull=True, recorded="")
    found: PaperWording = get_object_or_404(rows.prefetch_related("children", "private_to"), pk=row_pk)
    return found


def _drawn(desk: Desk) -> Callable[[HttpRequest, str, dict[str, Any]], HttpResponse]:
    return lambda request, template, context: _draw(request, template, desk, context)


def _draw(request: HttpRequest, template: str, desk: Desk, context: dict[str, Any]) -> HttpResponse:
    around = {"wording_frame": desk.frame, "paper_title": desk.title, "prepare_url": desk.prepare_url}
    return render(request, template, {**desk.context, **around, **context})
