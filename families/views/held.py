"""What a manager does after a child's death: the questions asked at once, and each message held."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from families import services
from families.access import access_family, access_person
from families.events import CaseEvent, EventKind, announce
from families.forms.losses import AnswersForm, HeldMessageForm
from families.models import Family, FamilyMember, Loss
from families.selectors.losses import held_messages, questions_open, standing_losses
from families.views.parts import family_url
from govuk.forms import ReasonForm
from govuk.generic import form_view
from notifications.services.held import keep_back_message, release_message

SETTLED = {"release": "The message is released.", "keep": "The message is kept back."}


def after_a_death(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Ask a manager whether the brothers and sisters are safe, and what has been notified."""
    family, loss = _loss(request, pk, person_pk)
    questions = questions_open(loss)
    if not questions and request.method != "POST":
        raise Http404
    form = kept_form(request, AnswersForm, questions=questions)

    @transaction.atomic
    def save(_: dict[str, Any]) -> None:
        for question, is_yes, note in form.answers():
            services.answer_after_loss(
                loss=loss, question=question, is_yes=is_yes, note=note, by=user_of(request), now=timezone.now()
            )

    return form_view(
        request,
        form,
        save,
        success_url=family_url(family),
        success_message="Your answers are recorded.",
        cancel_url=family_url(family),
        template_name="families/form_page.html",
        family=family,
        title=f"After the death of {loss.person.full_name}",
        lead="Answer what you know now. The other questions stay open.",
    )


def held(request: HttpRequest, pk: int) -> HttpResponse:
    """List the messages to the family that wait for a manager."""
    family = access_family(request, pk, to="manage")
    context = {
        "family": family,
        "title": "Messages to the family that are held",
        "rows": held_messages(family),
        "losses": standing_losses(family),
    }
    return render(request, "families/held.html", context)


def settle_held(request: HttpRequest, pk: int, message_pk: int) -> HttpResponse:
    """Release or keep back one held message, with a reason; nothing else leaves with it."""
    family = access_family(request, pk, to="manage")
    # A second press of the button finds it settled already.
    message = held_messages(family, settled=request.method == "POST").filter(pk=message_pk).first()
    if message is None:
        raise Http404
    form = kept_form(request, HeldMessageForm)
    act = {"release": release_message, "keep": keep_back_message}

    def save(data: dict[str, Any]) -> None:
        act[data["what"]](message=message, because=data["because"], by=user_of(request), now=timezone.now())
        announce(CaseEvent(EventKind.HELD_SETTLED, (family.pk,), user_of(request), timezone.now()))

    return form_view(
        request,
        form,
        save,
        success_url=reverse("families:held", args=[family.pk]),
        success_message=lambda _: SETTLED[form.cleaned_data["what"]],
        cancel_url=reverse("families:held", args=[family.pk]),
        template_name="families/settle_held.html",
        family=family,
        title="Should this be sent?",
        message=message,
    )


def let_messages_go(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Let messages to the family leave by themselves again; what is held still waits."""
    family, loss = _loss(request, pk, person_pk)
    form = kept_form(
        request,
        ReasonForm,
        label="Why can messages to the family leave without you again?",
        field="because",
        required="Say why",
        max_length=500,
        button="Let messages leave again",
    )
    return form_view(
        request,
        form,
        lambda data: services.let_messages_go(loss=loss, by=user_of(request), now=timezone.now(), **data),
        success_url=reverse("families:held", args=[family.pk]),
        success_message="Messages to the family leave again. Those held until now still wait for you.",
        cancel_url=reverse("families:held", args=[family.pk]),
        template_name="families/form_page.html",
        family=family,
        title="Let messages to the family leave again",
    )


def _loss(request: HttpRequest, pk: int, person_pk: int) -> tuple[Family, Loss]:
    family = access_family(request, pk, to="manage")
    person = access_person(request, person_pk)
    member = FamilyMember.objects.filter(family=family, person=person, ends_on__isnull=True)
    loss = Loss.objects.select_related("person").filter(person=person, withdrawn_at=None, person__child__isnull=False)
    found = loss.first()
    if found is None or not member.exists():
        raise Http404
    return family, found
