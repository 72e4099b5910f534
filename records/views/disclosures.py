"""Disclosing records: prepare, decide piece by piece, check, make and hand over."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import record_read, require_roles, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import ReadKind, Role
from accounts.models import User
from families.models import Family, Person
from families.selectors.adoptions import adoptions_seen_by
from govuk.forms import ReasonForm
from govuk.generic import form_view
from govuk.lists import paginate
from records.disclosure.access import (
    DISCLOSURE_RULES,
    PREPARING,
    access_case_for_disclosure,
    access_disclosure,
    access_sealed_cover,
    in_a_closed_case,
)
from records.disclosure.asking import officers_of
from records.disclosure.bundle import Bundle, in_order
from records.disclosure.covers import cover_sealed
from records.disclosure.pieces import Piece, pieces_of
from records.disclosure.sealed import may_be_covered, may_open_file
from records.disclosure.services import (
    check_disclosure,
    decide_pieces,
    decisions_of,
    hand_over,
    start_disclosure,
    submit_disclosure,
    undecided,
    who_may_check,
    withdraw_disclosure,
)
from records.enums import DisclosureState
from records.forms.disclosures import (
    AGREE,
    CheckDisclosureForm,
    CoverSealedForm,
    DecidePiecesForm,
    HandOverForm,
    StartDisclosureForm,
)
from records.models import Disclosure
from reports.signs import signs_without_font, texts_in
from reports.uploads import storing

PIECES_PER_PAGE = 20


def disclosures(request: HttpRequest) -> HttpResponse:
    """List the council's bundles that the user may open, newest first."""
    user = require_roles(request, *PREPARING)
    rows = DISCLOSURE_RULES["prepare"].visible(Disclosure.objects.all(), user)
    page = paginate(request, rows.select_related("family", "person", "prepared_by"))
    record_read(
        request,
        page="records:see-disclosures",
        subject="Disclosure",
        subject_id=None,
        family_ids=[row.family_id for row in page],
        person_ids=[row.person_id for row in page],
        kind=ReadKind.SEARCH,
    )
    return render(request, "records/disclosures.html", {"page": page})


def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Record an order or a request, and start the bundle."""
    family = access_case_for_disclosure(request, pk)
    form = kept_form(request, StartDisclosureForm, people=_people_of(family, user_of(request)))
    return form_view(
        request,
        form,
        lambda data: start_disclosure(family=family, by=user_of(request), now=timezone.now(), **data),
        success_url=lambda made: reverse("records:disclosure", args=[made.pk]),
        cancel_url=reverse("families:family", args=[family.pk]),
        template_name="families/form_page.html",
        family=family,
        title="Give out records",
        lead="About one person, for a court or for a person who asks. A second person checks it before it is made.",
    )


def _people_of(family: Family, user: User) -> list[Person]:
    seen = adoptions_seen_by(user).filter(sealed_at__isnull=False).order_by().values("person")
    people = Person.objects.findable() | Person.objects.filter(pk__in=seen)
    people = people.filter(memberships__family=family).select_related("child").distinct()
    people = people.exclude(in_a_closed_case(user, person="pk"))
    return sorted(people, key=lambda row: (not hasattr(row, "child"), row.full_name))


def disclosure(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the state of one bundle, and what to do next."""
    row = access_disclosure(request, pk)
    is_preparing = row.state == DisclosureState.PREPARING
    pieces = pieces_of(row) if row.state in {DisclosureState.PREPARING, DisclosureState.WAITING} else []
    decided = decisions_of(row, pieces)
    user = user_of(request)
    open_states = {DisclosureState.PREPARING, DisclosureState.WAITING}
    checkers = who_may_check(row, on=timezone.localdate()) if row.state in open_states else []
    context = {
        "disclosure": row,
        "family": row.family,
        "title": f"Bundle {row.reference}",
        "is_preparing": is_preparing,
        "pieces": len(pieces),
        "marked": sum(piece.is_marked for piece in pieces),
        "undecided": len(undecided(row, pieces)),
        "signs": signs_without_font(texts_in([piece.lines for piece in pieces])),
        "left_out": sum(not given for given in decided.values()),
        "for_a_court": sum(piece.court_only for piece in pieces),
        "may_check": row.state == DisclosureState.WAITING and user in checkers,
        "checkers": checkers,
        "needs_a_checker": row.state in {DisclosureState.PREPARING, DisclosureState.WAITING},
        "manages_service": user.holds(Role.SERVICE_MANAGER),
        "is_sealed": row.person.sealed_at is not None,
        "may_open_file": may_open_file(row, user),
        "may_withdraw": row.state not in {DisclosureState.HANDED_OVER, DisclosureState.WITHDRAWN},
    }
    return render(request, "records/disclosure.html", context)


def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide about each piece that concerns someone else: disclose it, or leave it out."""
    row = access_disclosure(request, pk)
    if row.state != DisclosureState.PREPARING or row.is_for_court:
        return redirect("records:disclosure", pk)
    every = pieces_of(row)
    decided = decisions_of(row, every)
    show = request.GET.get("show", "marked")
    page = paginate(request, _wanted(every, decided, show), per_page=PIECES_PER_PAGE)
    officers = officers_of(row, on=timezone.localdate())
    form = kept_form(request, DecidePiecesForm, pieces=list(page), decided=decided, officers=officers)
    return form_view(
        request,
        form,
        lambda _: decide_pieces(
            disclosure=row,
            given=form.given(),
            judged=form.judged(),
            pieces={piece.key: piece for piece in every},
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=request.get_full_path(),
        success_message="Your answers are saved.",
        template_name="records/decide_pieces.html",
        disclosure=row,
        family=row.family,
        title="What is about other people",
        page=page,
        show=show,
        undecided=len(undecided(row, every)),
    )


def _wanted(pieces: list[Piece], decided: dict[str, bool], show: str) -> list[Piece]:
    if show == "all":
        # Nothing is decided about what a court alone gets.
        return [piece for piece in pieces if not piece.court_only]
    marked = [piece for piece in pieces if piece.is_marked]
    return [piece for piece in marked if piece.key not in decided] if show == "open" else marked


def cover(request: HttpRequest, pk: int) -> HttpResponse:
    """Note which order covers a sealed record; by someone who may still see it. No child is named here."""
    row = access_sealed_cover(request, pk)
    user = user_of(request)
    adoptions = may_be_covered(row, user) if row.state == DisclosureState.PREPARING else []
    here = reverse("records:cover-sealed", args=[pk])
    return form_view(
        request,
        kept_form(request, CoverSealedForm, adoptions=adoptions),
        lambda data: cover_sealed(disclosure=row, by=user, now=timezone.now(), **data),
        success_url=here,
        success_message="The order is noted. What it covers is in the court’s bundle.",
        cancel_url=reverse("families:sealed"),
        template_name="records/cover_sealed.html",
        disclosure=row,
        title=f"Sealed records in bundle {row.reference}",
        adoptions=adoptions,
        covers=row.sealed_covers.select_related("person__child", "recorded_by").filter(
            person__in=adoptions_seen_by(user).values("person")
        ),
        is_preparing=row.state == DisclosureState.PREPARING,
    )


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the file would hold, in its order, with a block for each record that is left out."""
    row = access_disclosure(request, pk, to="preview")
    back = _after_check(row, user_of(request))
    if row.state not in {DisclosureState.PREPARING, DisclosureState.WAITING}:
        return redirect(back)
    pieces = pieces_of(row)
    decided = decisions_of(row, pieces)
    page = paginate(request, in_order(Bundle(row, pieces, decided, made_at=timezone.now())), per_page=PIECES_PER_PAGE)
    context = {
        "disclosure": row,
        "family": row.family,
        "title": f"Bundle {row.reference} before it is made",
        "page": page,
        "undecided": len(undecided(row, pieces)),
        "back": back,
    }
    return render(request, "records/preview_bundle.html", context)


@require_POST
def put_forward(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit the bundle for checking."""
    row = access_disclosure(request, pk)
    try:
        submit_disclosure(disclosure=row, now=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, "It is waiting for a second person to check it.")
    return redirect("records:disclosure", pk)


def check(request: HttpRequest, pk: int) -> HttpResponse:
    """As the second person, view what would go to whom, and agree or send it back."""
    row = access_disclosure(request, pk, to="check")
    back = _after_check(row, user_of(request))
    if row.state != DisclosureState.WAITING:
        return redirect(back)
    pieces = pieces_of(row)
    decided = decisions_of(row, pieces)
    why = {one.piece: one for one in row.decisions.select_related("officer")}
    return form_view(
        request,
        kept_form(request, CheckDisclosureForm),
        lambda data: check_disclosure(
            disclosure=row,
            agrees=data["answer"] == AGREE,
            because=data["because"],
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=back,
        success_message="Your answer is recorded.",
        cancel_url=back,
        template_name="records/check_disclosure.html",
        disclosure=row,
        family=row.family,
        title="Check a bundle before it is made",
        pieces=len(pieces),
        left_out=sum(not given for given in decided.values()),
        confidential=sum(piece.whereabouts for piece in pieces),
        given=paginate(
            request,
            [(piece, why.get(piece.key)) for piece in pieces if piece.is_marked and decided.get(piece.key)],
            per_page=PIECES_PER_PAGE,
        ),
    )


def _after_check(row: Disclosure, user: User) -> str:
    """Return where the second person goes next: the bundle, if they may open its page."""
    if DISCLOSURE_RULES["prepare"].right_of(user, row):
        return reverse("records:disclosure", args=[row.pk])
    return reverse("deadlines:my-work")


def bundle_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Download the finished file; logged as an export."""
    row = access_disclosure(request, pk, kind=ReadKind.EXPORT)
    if not may_open_file(row, user_of(request)):
        raise Http404
    file = storing.get(row.stored_as) if row.stored_as else None
    if file is None:
        raise Http404
    response = HttpResponse(file, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{row.reference}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def hand(request: HttpRequest, pk: int) -> HttpResponse:
    """Record to whom the file went, and how."""
    row = access_disclosure(request, pk)
    if row.state != DisclosureState.MADE:
        return redirect("records:disclosure", pk)
    form = kept_form(request, HandOverForm, initial={"handed_to": row.recipient, "handed_on": timezone.localdate()})
    back = reverse("records:disclosure", args=[pk])
    return form_view(
        request,
        form,
        lambda data: hand_over(disclosure=row, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message="Recorded. The bundle has been handed over.",
        cancel_url=back,
        template_name="records/disclosure_form.html",
        disclosure=row,
        family=row.family,
        title="Record the handover",
    )


def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a bundle before it is handed over; its file is deleted."""
    row = access_disclosure(request, pk)
    if row.state in {DisclosureState.HANDED_OVER, DisclosureState.WITHDRAWN}:
        return redirect("records:disclosure", pk)
    back = reverse("records:disclosure", args=[pk])
    return form_view(
        request,
        kept_form(
            request, ReasonForm, label="Why are you withdrawing it?", field="because", button="Withdraw the bundle"
        ),
        lambda data: withdraw_disclosure(disclosure=row, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message="The bundle is withdrawn.",
        cancel_url=back,
        template_name="records/disclosure_form.html",
        disclosure=row,
        family=row.family,
        title="Withdraw this bundle",
    )
