from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import record_read, user_of
from accounts.enums import ReadKind
from chronology.forms import ChronologyFilterForm
from chronology.selectors.composed import Composed, Recipient, composed_for, recipients_of
from chronology.selectors.events import found_events, in_words, undated_events, without_whereabouts
from families.access import access_family, may_change_family
from families.access.cases import page_name
from families.chronology import CaseScope, EventKind
from families.models import Family
from families.panels import tabs_of
from govuk.lists import paginate

# The whole of it on paper; what is longer is printed in spans of time.
MOST_PRINTED = 500


@require_safe
def chronology(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every event of a case, newest first, by child, kind and time."""
    family, scope = _scope(request, pk)
    form = ChronologyFilterForm(request.GET, children=scope.children)
    now = timezone.now()
    page = paginate(request, found_events(scope, form.chosen()))
    may_compose = may_change_family(user_of(request), family)
    context = {
        "family": family,
        "tabs": tabs_of(request, family),
        "filters": form,
        "page": page,
        "events": without_whereabouts(in_words(page.object_list, scope, now=now), scope),
        "undated": without_whereabouts(undated_events(scope, form.chosen(), now=now), scope),
        "query": _query(request),
        "recipients": recipients_of(scope) if may_compose else [],
        "may_compose": may_compose,
    }
    return _never_kept(render(request, "chronology/chronology.html", context))


@require_safe
def print_chronology(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was chosen on one page, from the beginning, to be printed."""
    family, scope = _scope(request, pk)
    form = ChronologyFilterForm(request.GET, children=scope.children)
    now = timezone.now()
    chosen = form.chosen()
    found = list(found_events(scope, chosen, newest_first=False)[: MOST_PRINTED + 1])
    context = {
        "family": family,
        "chosen": chosen,
        "kind": EventKind(chosen.kind).label if chosen.kind else "",
        "events": without_whereabouts(in_words(found[:MOST_PRINTED], scope, now=now), scope),
        "undated": without_whereabouts(undated_events(scope, chosen, now=now), scope),
        "is_cut": len(found) > MOST_PRINTED,
        "most": MOST_PRINTED,
        "printed_at": now,
        "query": _query(request),
    }
    return _never_kept(render(request, "chronology/print.html", context))


@require_safe
def for_person(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Show the chronology as one person may read it, with what was left out in numbers, before it is given to them."""
    family, recipient, composed = _composed(request, pk, person_pk)
    context = {"family": family, "recipient": recipient, "composed": composed, "now": timezone.now()}
    return _never_kept(render(request, "chronology/for_person.html", context))


@require_safe
def for_person_pdf(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Give out one person's version as a file; 404 while nothing may go to them."""
    family, recipient, composed = _composed(request, pk, person_pk, kind=ReadKind.PDF)
    if composed is None:
        raise Http404
    now = timezone.localtime()
    context = {
        "family": family,
        "recipient": recipient,
        "composed": composed,
        "prepared_by": user_of(request).name,
        "now": now,
        "colour": family.authority.colour,
    }
    # The case was logged when it was opened; for whom its file was made is a line of its own.
    record_read(
        request,
        page=page_name(request),
        subject="Person",
        subject_id=recipient.person.pk,
        family_ids=[family.pk],
        person_ids=[recipient.person.pk],
        right="version made for this person",
        kind=ReadKind.PDF,
    )
    from reports.typesetting import pdf_of  # noqa: PLC0415 - loads WeasyPrint

    response = HttpResponse(
        pdf_of(render_to_string("chronology/pdf/chronology.html", context)), content_type="application/pdf"
    )
    response["Content-Disposition"] = (
        f'attachment; filename="chronology-{family.case_number}-{recipient.person.pk}.pdf"'
    )
    return _never_kept(response)


def _scope(request: HttpRequest, pk: int) -> tuple[Family, CaseScope]:
    family = access_family(request, pk)
    return family, CaseScope(family, user_of(request), timezone.localdate())


def _composed(
    request: HttpRequest, pk: int, person_pk: int, *, kind: ReadKind = ReadKind.PAGE
) -> tuple[Family, Recipient, Composed | None]:
    family = access_family(request, pk, to="change", kind=kind)
    scope = CaseScope(family, user_of(request), timezone.localdate())
    recipient = next((row for row in recipients_of(scope) if row.person.pk == person_pk), None)
    if recipient is None:
        raise Http404
    return family, recipient, None if recipient.held_back else composed_for(recipient, scope, now=timezone.now())


def _query(request: HttpRequest) -> str:
    chosen = request.GET.copy()
    chosen.pop("page", None)
    return chosen.urlencode()


def _never_kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
