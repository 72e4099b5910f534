"""Letters from elsewhere: kept with a transfer, a move here or a plan; opened and taken out one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import record_read, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import ReadKind
from conferences.selectors.children import short_name_of
from families.access import To, access_family
from families.forms import RevealForm
from families.models import Family
from families.services import record_reveal
from govuk.forms import ReasonForm
from govuk.generic import form_view
from plans.access import access_plan
from plans.selectors.managers import family_of
from reports.uploads import storing
from reports.views.files import SEALED
from transfers.forms.letters import LetterForm
from transfers.models import CouncilLetter
from transfers.selectors.letters import is_hidden, letters_about, letters_of
from transfers.selectors.transfers_in import transfer_in_of
from transfers.services.letters import Matter, add_letter, take_out_letter
from transfers.views.transfers import access_transfer, transfer_url

POSTS = require_http_methods(["GET", "HEAD", "POST"])


def access_letter(request: HttpRequest, pk: int, letter_pk: int, *, to: To = "read") -> tuple[Family, CouncilLetter]:
    """Return a family and one letter about its children, through the family's gatekeeper.

    Raises SignInRequired or Http404; of a sealed child no letter is found.
    """
    family = access_family(request, pk, to=to)
    return family, get_object_or_404(letters_of(family), pk=letter_pk)


@POSTS
def of_transfer(request: HttpRequest, pk: int, transfer_pk: int) -> HttpResponse:
    """Keep the other council's acceptance in writing, for the children whom it is about."""
    family, found = access_transfer(request, pk, transfer_pk, to="change")
    children = [(row, short_name_of(row.child)) for row in found.children.all()]
    form = kept_form(request, LetterForm, rows=children)
    return _add(
        request,
        family,
        form,
        form.chosen,
        letters_about(found, family),
        title="The other council’s acceptance in writing",
        back=transfer_url(found),
    )


@POSTS
def of_transfer_in(request: HttpRequest, pk: int, transfer_pk: int) -> HttpResponse:
    """Keep the other council's written ending of its plan."""
    family = access_family(request, pk, to="change")
    found = transfer_in_of(family, transfer_pk)
    if found is None:
        raise Http404
    return _add(
        request,
        family,
        kept_form(request, LetterForm),
        lambda: [found],
        letters_about(found, family),
        title="The other council’s written ending",
        back=reverse("transfers:transfer-in", args=[pk, transfer_pk]),
    )


@POSTS
def of_plan(request: HttpRequest, plan_pk: int) -> HttpResponse:
    """Keep the confirmation that a child left the country for good."""
    plan = access_plan(request, plan_pk, to="carry")
    family = family_of(plan.child)
    if family is None:
        raise Http404
    return _add(
        request,
        family,
        kept_form(request, LetterForm),
        lambda: [plan],
        letters_about(plan, family),
        title="The confirmation that the child has left the country",
        back=reverse("plans:plan", args=[plan.pk]),
    )


def _add(
    request: HttpRequest,
    family: Family,
    form: LetterForm,
    matters: Callable[[], Sequence[Matter]],
    letters: Sequence[CouncilLetter],
    *,
    title: str,
    back: str,
) -> HttpResponse:
    def save(_: dict[str, Any]) -> list[CouncilLetter]:
        return add_letter(matters=matters(), by=user_of(request), now=timezone.now(), **form.letter())

    return form_view(
        request,
        form,
        save,
        success_url=request.path,
        success_message="The letter is kept as it came.",
        template_name="transfers/letters.html",
        family=family,
        title=title,
        back=back,
        rows=[(letter, is_hidden(letter, family)) for letter in letters],
    )


@POSTS
def open_letter(request: HttpRequest, pk: int, letter_pk: int) -> HttpResponse:
    """Serve a letter as a download; one from a council whose name is hidden only against a recorded reason."""
    family, letter = access_letter(request, pk, letter_pk)
    if letter.withdrawn_at is not None:
        raise Http404
    if is_hidden(letter, family):
        form = RevealForm(request.POST if request.method == "POST" else None)
        form.cancel_url = transfer_url(letter.moved.transfer) if letter.moved else ""
        now, by = timezone.now(), user_of(request)
        if not form.is_valid() or not form.accepts(
            lambda: record_reveal(family=family, by=by, reason=form.cleaned_data["reason"], now=now)
        ):
            return render(
                request, "families/form_page.html", {"family": family, "form": form, "title": "Open a hidden letter"}
            )
    content = storing.get(letter.file.stored_as) if letter.file.opens else None
    if content is None:
        context = {"family": family, "file": letter.file, "title": "This letter is closed"}
        return render(request, "transfers/letter_is_closed.html", context, status=409)
    record_read(
        request,
        page="transfers:open-letter",
        subject=CouncilLetter.__name__,
        subject_id=letter.pk,
        family_ids=[family.pk],
        person_ids=[letter.child.person_id],
        kind=ReadKind.EXPORT,
    )
    kind = letter.file.file_kind
    response = HttpResponse(content, content_type=kind.content_type)
    response["Content-Disposition"] = f'attachment; filename="letter-{letter.pk}.{kind.suffix}"'
    response["Content-Security-Policy"] = SEALED
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@POSTS
def take_out(request: HttpRequest, pk: int, letter_pk: int) -> HttpResponse:
    """Take a letter out, with the reason."""
    family, letter = access_letter(request, pk, letter_pk, to="change")
    back = reverse("families:family", args=[pk])
    form = kept_form(
        request,
        ReasonForm,
        label="Why is this letter taken out?",
        field="because",
        required="Say why it is taken out",
        max_length=250,
        help_text="For example, it is about another child. No one opens it any more, but the record shows it was here",
        button="Take it out",
    )
    return form_view(
        request,
        form,
        lambda data: take_out_letter(letter=letter, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message="The letter is taken out. No one can open it any more.",
        cancel_url=back,
        template_name="families/form_page.html",
        family=family,
        title="Take a letter out",
    )
