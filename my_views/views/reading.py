"""The forms of one conference as the chair and the social worker read them, and the release of words from them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import may
from conferences.models import Conference
from conferences.selectors.risks import risks_of
from conferences.views.page_context import page_context
from govuk.generic import form_view
from my_views.access import access_form, access_to_read, writes_down
from my_views.forms.answers import SettleDangerForm
from my_views.forms.releasing import ReleaseForm
from my_views.models import Answer, DangerSign, HandIn, MyViewsForm, ReleasedPassage
from my_views.selectors.reading import hand_ins, persons_views
from my_views.selectors.recipients import parts_of, recipients_of
from my_views.selectors.speakers import is_before
from my_views.services.danger import settle_danger
from my_views.services.releasing import ONLY_FOR_CHAIR, release_words, take_back_release


def _around(request: HttpRequest, conference: Conference) -> dict[str, Any]:
    user = user_of(request)
    return {
        **page_context(conference, user=user, tab="overview", today=timezone.localdate()),
        "may_release": may(user, conference, to="chair"),
        "may_write_down": writes_down(user, conference) and is_before(conference),
    }


def forms(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everyone of the family and whether there is a form; those that were handed in can be read."""
    conference = access_to_read(request, pk)
    return render(request, "my_views/forms.html", {**_around(request, conference), "rows": persons_views(conference)})


def form(request: HttpRequest, pk: int, form_pk: int) -> HttpResponse:
    """Show one form as it was handed in, what was handed in before, and what is released of it to whom."""
    found = access_form(request, pk, form_pk)
    if found.number == 0:
        raise Http404
    newest = hand_ins([found]).first()
    earlier = (
        HandIn.objects.filter(form=found, superseded_at__isnull=False)
        .prefetch_related("answers")
        .select_related("recorded_by")
    )
    signs = DangerSign.objects.filter(hand_in__form=found).select_related("settled_by").prefetch_related("answers")
    context = {
        **_around(request, found.conference),
        "form_shown": found,
        "hand_in": newest,
        "stands": newest is not None and newest.counts,
        "earlier": earlier.order_by("-number"),
        "signs": signs,
    }
    return render(request, "my_views/form.html", context)


def _answer(found: MyViewsForm, answer_pk: int) -> Answer:
    row = Answer.objects.select_related("hand_in__form").filter(pk=answer_pk, hand_in__form=found).first()
    if row is None or not row.hand_in.counts:
        raise Http404
    row.hand_in.form = found
    return row


def release(request: HttpRequest, pk: int, form_pk: int, answer_pk: int) -> HttpResponse:
    """Choose words of an answer, as they were said, and who may read them. The chair's alone."""
    found = access_form(request, pk, form_pk)
    answer = _answer(found, answer_pk)
    back = reverse("my_views:form", args=[pk, form_pk])
    if not may(user_of(request), found.conference, to="chair"):
        raise Http404
    if answer.only_for_chair:
        messages.error(request, ONLY_FOR_CHAIR)
        return redirect(back)
    recipients = recipients_of(found.conference)
    page = kept_form(
        request,
        ReleaseForm,
        recipients=recipients,
        dangerous=risks_of(list(recipients), on=timezone.localdate()).keys(),
        parts=parts_of(found.conference),
        initial={"text": answer.said},
    )
    return form_view(
        request,
        page,
        lambda data: release_words(answer=answer, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message="Released. It goes into the papers of those you chose that are prepared from now on.",
        cancel_url=back,
        template_name="my_views/release.html",
        answer=answer,
        form_shown=found,
        **page_context(found.conference, user=user_of(request), tab="overview", today=timezone.localdate()),
    )


@require_POST
def take_back(request: HttpRequest, pk: int, form_pk: int, passage_pk: int) -> HttpResponse:
    """End the release of words to one recipient or part. The chair's alone."""
    found = access_form(request, pk, form_pk)
    row = ReleasedPassage.objects.select_related("answer__hand_in__form").filter(
        pk=passage_pk, answer__hand_in__form=found
    )
    passage = row.first()
    if passage is None or not may(user_of(request), found.conference, to="chair"):
        raise Http404
    take_back_release(passage=passage, by=user_of(request), now=timezone.now())
    messages.success(request, "Taken back. Papers that went out already are as they were.")
    return redirect("my_views:form", pk, form_pk)


def settle(request: HttpRequest, pk: int, sign_pk: int) -> HttpResponse:
    """Record what was done about words of danger."""
    signs = DangerSign.objects.select_related("hand_in__form", "settled_by").prefetch_related("answers")
    sign = signs.filter(pk=sign_pk, hand_in__form__conference=pk).first()
    # Whoever is signed out is asked to sign in before they learn whether it exists.
    found = access_form(request, pk, sign.hand_in.form_id if sign else 0)
    if sign is None:
        raise Http404
    back = reverse("my_views:form", args=[pk, found.pk])
    if sign.settled_at is not None:
        messages.info(request, f"{sign.settled_by} has recorded what was done.")
        return redirect(back)
    return form_view(
        request,
        kept_form(request, SettleDangerForm),
        lambda data: settle_danger(sign=sign, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message="It is recorded.",
        cancel_url=back,
        template_name="my_views/settle.html",
        sign=sign,
        form_shown=found,
        **page_context(found.conference, user=user_of(request), tab="overview", today=timezone.localdate()),
    )
