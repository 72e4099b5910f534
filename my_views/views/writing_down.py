"""A member of staff fills in a form with someone, writes down what they say, or types in what they wrote on paper.

Under the worker's own name. Nobody else reads it until it is handed in, and what the person themselves writes on their
own page stays theirs.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.enums import Capacity
from conferences.models import Conference
from conferences.views.page_context import page_context
from deadlines.policies import policy_of
from govuk.forms import GovukForm
from govuk.generic import Draw, form_view
from my_views.access import access_to_write_down, reads_forms
from my_views.forms.answers import StaffHandInForm
from my_views.forms.writing_down import BeginForm
from my_views.models import MyViewsForm
from my_views.selectors.answers import newest_hand_in, questions_of
from my_views.selectors.speakers import Speaker, form_proposed, is_before, speaker_of, speakers_of
from my_views.services.handing_in import take_back
from my_views.services.writing import begin_form
from my_views.views.filling import Filling, check_page, question_page


def _speaker(conference: Conference, person_pk: int) -> Speaker:
    speaker = speaker_of(conference, person_pk)
    if speaker is None:
        raise Http404
    return speaker


def _proposed(speaker: Speaker, conference: Conference) -> str:
    capacity = speaker.participant.capacity if speaker.participant else Capacity.CHILD
    return form_proposed(speaker.person, capacity=capacity, conference=conference, on=timezone.localdate())


def _form_of(conference: Conference, speaker: Speaker) -> MyViewsForm | None:
    form = MyViewsForm.objects.select_related("person").filter(conference=conference, person=speaker.person).first()
    if form is not None:
        form.conference = conference
    return form


def _drawn(request: HttpRequest, conference: Conference, speaker: Speaker) -> Draw:
    around = {
        **page_context(conference, user=user_of(request), tab="overview", today=timezone.localdate()),
        "speaker": speaker,
        "is_before": is_before(conference),
    }
    return lambda request, template, context: render(request, template, {**around, **context})


def _filling(request: HttpRequest, conference: Conference, speaker: Speaker, form: MyViewsForm) -> Filling:
    user = user_of(request)

    def address(name: str, *args: Any) -> str:
        page = {"start": "write-down", "question": "write-answer", "check": "hand-in"}[name]
        return reverse(f"my_views:{page}", args=[conference.pk, speaker.person.pk, *args])

    return Filling(
        form=form,
        writer=user,
        reads=reads_forms(user, conference),
        draw=_drawn(request, conference, speaker),
        address=address,
    )


def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose for whom to write a form down; nothing on the page says who has handed one in."""
    conference = access_to_write_down(request, pk)
    around = page_context(conference, user=user_of(request), tab="overview", today=timezone.localdate())
    return render(
        request,
        "my_views/choose.html",
        {**around, "speakers": speakers_of(conference), "is_before": is_before(conference)},
    )


def begin(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Say what has to be told first, choose which form it is, and begin."""
    conference = access_to_write_down(request, pk)
    speaker = _speaker(conference, person_pk)
    form = _form_of(conference, speaker)
    page = kept_form(
        request,
        BeginForm,
        fixed=form.questions if form is not None and form.number else "",
        initial={"questions": form.questions if form else _proposed(speaker, conference)},
    )

    def save(data: dict[str, Any]) -> str:
        begun = begin_form(
            conference=conference,
            person=speaker.person,
            questions=data.get("questions") or (form.questions if form else _proposed(speaker, conference)),
            now=timezone.now(),
        )
        begun.conference = conference
        return _filling(request, conference, speaker, begun).next_address()

    newest = newest_hand_in(form)
    return form_view(
        request,
        page,
        save,
        success_url=lambda address: address,
        cancel_url=reverse("my_views:choose", args=[pk]),
        template_name="my_views/begin.html",
        draw=_drawn(request, conference, speaker),
        # Whether there is a form is for those who read it.
        handed_in=newest if newest and newest.counts and reads_forms(user_of(request), conference) else None,
    )


def question(request: HttpRequest, pk: int, person_pk: int, key: str) -> HttpResponse:
    """Write down one answer."""
    conference = access_to_write_down(request, pk)
    speaker = _speaker(conference, person_pk)
    form = _form_of(conference, speaker)
    if form is None:
        raise Http404
    if request.method != "POST" and not is_before(conference):
        return redirect("my_views:write-down", pk, person_pk)
    return question_page(request, _filling(request, conference, speaker, form), key, template="my_views/question.html")


def check(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Read it back to them, say how it was filled in, and hand it in for them."""
    conference = access_to_write_down(request, pk)
    speaker = _speaker(conference, person_pk)
    form = _form_of(conference, speaker)
    if form is None:
        raise Http404
    if request.method != "POST" and not is_before(conference):
        return redirect("my_views:write-down", pk, person_pk)
    filling = _filling(request, conference, speaker, form)
    after = "my_views:forms" if filling.reads else "my_views:choose"
    return check_page(
        request,
        filling,
        template="my_views/check.html",
        form_class=StaffHandInForm,
        success_url=reverse(after, args=[pk]),
    )


def withdraw(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Take a form back for the person who asked for it."""
    conference = access_to_write_down(request, pk)
    speaker = _speaker(conference, person_pk)
    form = _form_of(conference, speaker)
    newest = newest_hand_in(form)
    if form is None or newest is None or not newest.counts or not reads_forms(user_of(request), conference):
        raise Http404
    if request.method != "POST" and not is_before(conference):
        return redirect("my_views:forms", pk)
    page = GovukForm(request.POST if request.method == "POST" else None)
    back = reverse("my_views:forms", args=[pk])
    return form_view(
        request,
        page,
        lambda _: take_back(form=form, by=user_of(request), now=timezone.now()),
        success_url=back,
        success_message="The form is taken back. It is kept, and nothing of it goes anywhere.",
        cancel_url=back,
        button="Take it back for them",
        template_name="my_views/withdraw.html",
        draw=_drawn(request, conference, speaker),
    )


@require_safe
def paper(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Show the questions to print for someone, empty."""
    conference = access_to_write_down(request, pk)
    speaker = _speaker(conference, person_pk)
    form = _form_of(conference, speaker)
    policy = policy_of(conference.policy_version_id)
    context = {
        "questions": questions_of(conference, form.questions if form else _proposed(speaker, conference)),
        "ends": policy.value("my-views-scale-ends"),
        "faces": list(policy.value("my-views-faces").values()),
    }
    return _drawn(request, conference, speaker)(request, "my_views/paper.html", context)
