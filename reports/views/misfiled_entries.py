"""The view of a report section that is about the wrong child."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from meetings.enums import EntryKind
from meetings.views.misfiled_entries import move_page
from reports.access import access_author
from reports.models import ReportSection
from reports.views.parts import around_report


def move_section(request: HttpRequest, pk: int, author_pk: int, section_pk: int) -> HttpResponse:
    """Move a section to the child it concerns; once submitted, a second person has to agree."""
    author = access_author(request, pk, author_pk, to="write")
    section = get_object_or_404(ReportSection, pk=section_pk, report__author=author, removed_at__isnull=True)
    back = reverse("reports:read-report", args=[pk, author_pk])
    # An author who comes for one child is not told of the others.
    own = set(author.children.values_list("child_id", flat=True))
    is_own = author.right == "own report"  # type: ignore[attr-defined]
    return move_page(
        request,
        EntryKind.SECTION,
        section.pk,
        around=around_report(request, author),
        back=back,
        settle=lambda move: back if is_own else reverse("meetings:see-move", args=[pk, move.pk]),
        allowed=(lambda children: [one for one in children if one.pk in own]) if is_own and own else None,
    )
