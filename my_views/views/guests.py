"""My Views on a guest's own page: on a phone, one question a page, read by nobody until it is handed in."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guests.pages import guest_page
from accounts.throttling import allow
from conferences.enums import Capacity
from conferences.models import Participant
from conferences.selectors.guests import sees_who_comes, who_comes
from deadlines.policies import policy_of
from govuk.forms import GovukForm
from govuk.generic import Draw, form_view
from my_views.forms.answers import HandInForm
from my_views.guest_access import access_as_writer
from my_views.models import MyViewsForm
from my_views.selectors.answers import newest_hand_in, questions_of
from my_views.selectors.speakers import form_proposed, is_before
from my_views.services.handing_in import take_back
from my_views.services.writing import begin_form, unsent
from my_views.views.filling import Filling, check_page, question_page

ENOUGH = (
    "We could not send this. You have sent us a lot today, and we have all of it. If there is more to say, ring us."
)
LIMIT_OF = {"save": "guest-writes:participant", "hand in": "guest-says:participant"}


def _drawn_for(participant: Participant) -> Draw:
    around = {
        "participant": participant,
        "conference": participant.conference,
        # Asked for only by the pages that say it.
        "worker": lambda: worker_named_for(participant),
    }
    return lambda request, template, context: guest_page(
        request, template, {**around, **context}, authority=participant.conference.authority
    )


def _address(name: str, *args: Any) -> str:
    return reverse(f"guest_my_views:{name}", args=args)


def _form_of(participant: Participant) -> MyViewsForm | None:
    rows = MyViewsForm.objects.select_related("person")
    form = rows.filter(conference=participant.conference, person=participant.person).first()
    if form is not None:
        form.conference = participant.conference
    return form


def _asked(participant: Participant) -> str:
    return form_proposed(
        participant.person, capacity=participant.capacity, conference=participant.conference, on=timezone.localdate()
    )


def _is_late(request: HttpRequest, participant: Participant) -> bool:
    """Return whether the page is opened after the meeting began; what is sent then is answered with its words."""
    return request.method != "POST" and not is_before(participant.conference)


def _filling(request: HttpRequest, participant: Participant, form: MyViewsForm) -> Filling:
    def may_act(what: str) -> None:
        if not allow(LIMIT_OF[what], participant.pk, now=timezone.now()):
            raise ValidationError(ENOUGH)

    return Filling(
        form=form,
        writer=None,
        reads=True,
        draw=_drawn_for(participant),
        address=_address,
        guest_session_id=request.guest.session_id,  # type: ignore[attr-defined]
        may_act=may_act,
    )


def worker_named_for(participant: Participant) -> str:
    """Return the social worker's name, where the guest may know who comes; else words for them."""
    if sees_who_comes(participant):
        shown = {one.name for one in who_comes(participant, now=timezone.now())}
        workers = participant.conference.participants.filter(capacity=Capacity.SOCIAL_WORKER).select_related("person")
        named = [row.person.full_name for row in workers if row.person.full_name in shown]
        if named:
            return named[0]
    return "your social worker"


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Say before the first question what becomes of the answers; then begin, carry on, change or take back."""
    participant = access_as_writer(request)
    form = _form_of(participant)
    if not is_before(participant.conference):
        return _drawn_for(participant)(request, "guest_my_views/closed.html", _as_handed_in(form))
    if request.method == "POST":
        form = begin_form(
            conference=participant.conference,
            person=participant.person,
            questions=form.questions if form else _asked(participant),
            now=timezone.now(),
        )
        form.conference = participant.conference
        return redirect(_filling(request, participant, form).next_address())
    context = {
        **_as_handed_in(form),
        "begun": form is not None,
        "has_unsent": form is not None and unsent(form, writer=None),
        "said": request.GET.get("said", ""),
    }
    return _drawn_for(participant)(request, "guest_my_views/start.html", context)


def _as_handed_in(form: MyViewsForm | None) -> dict[str, Any]:
    newest = newest_hand_in(form)
    return {"handed_in": newest, "answers": list(newest.answers.all()) if newest and newest.counts else []}


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, key: str) -> HttpResponse:
    """Ask one question."""
    participant = access_as_writer(request)
    form = _form_of(participant)
    if form is None or _is_late(request, participant):
        return redirect("guest_my_views:start")
    return question_page(request, _filling(request, participant, form), key, template="guest_my_views/question.html")


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Show everything they wrote, and hand it in."""
    participant = access_as_writer(request)
    form = _form_of(participant)
    if form is None or _is_late(request, participant):
        return redirect("guest_my_views:start")
    return check_page(
        request,
        _filling(request, participant, form),
        template="guest_my_views/check.html",
        form_class=HandInForm,
        success_url=f"{_address('start')}?said=handed-in",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take back what was handed in."""
    participant = access_as_writer(request)
    form = _form_of(participant)
    newest = newest_hand_in(form)
    if form is None or newest is None or not newest.counts or _is_late(request, participant):
        return redirect("guest_my_views:start")
    page = GovukForm(request.POST if request.method == "POST" else None)
    page.button = "Take my views back"

    def save(_data: dict[str, Any]) -> object:
        if not allow(LIMIT_OF["hand in"], participant.pk, now=timezone.now()):
            raise ValidationError(ENOUGH)
        return take_back(form=form, by=None, now=timezone.now())

    return form_view(
        request,
        page,
        save,
        success_url=f"{_address('start')}?said=taken-back",
        template_name="guest_my_views/withdraw.html",
        draw=_drawn_for(participant),
    )


@require_safe
def other_ways(request: HttpRequest) -> HttpResponse:
    """Say how else they can tell us: with a worker, aloud, or with a pen."""
    participant = access_as_writer(request)
    return _drawn_for(participant)(request, "guest_my_views/other_ways.html", {})


@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """Show the same questions to print, with room for a pen; nothing that was typed is on it."""
    participant = access_as_writer(request)
    form = _form_of(participant)
    policy = policy_of(participant.conference.policy_version_id)
    context = {
        "questions": questions_of(participant.conference, form.questions if form else _asked(participant)),
        "ends": policy.value("my-views-scale-ends"),
        "faces": list(policy.value("my-views-faces").values()),
    }
    return _drawn_for(participant)(request, "guest_my_views/paper.html", context)
