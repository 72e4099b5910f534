"""Pages on which another agency asks for a conference: with an account, or as a guest through its link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import record_read, require_roles, user_of
from accounts.drafts.forms import kept_form
from accounts.guests.access import GuestRequired
from accounts.guests.pages import guest_page
from accounts.models import Authority
from accounts.throttling import allow
from conferences.enums import Capacity
from conferences.forms.requests import AgencyAsksForm
from conferences.guest_access import access_as_guest
from conferences.models import ConferenceRequest, Participant
from conferences.selectors.askers import children_of_invitation, children_to_ask_about
from conferences.selectors.requests import may_take_further, own_requests
from conferences.services.requests import Asker, ask_as_agency, take_request_further
from families.models import Agency, Child, Person, Post
from govuk.forms import ReasonForm
from govuk.generic import Draw, form_view

ENOUGH = (
    "We could not send this. You have sent us a lot today, and we have all of it. If there is more to say, ring us."
)
FOR_AGENCIES = (
    "If you fear for a child now and no meeting is planned about it. Read here what became of what you asked."
)
SAID = "We have what you asked. The children’s manager decides, and you read the answer here."


def my_requests(request: HttpRequest) -> HttpResponse:
    """Show a professional what they asked for, the answers, and the road to disagree."""
    user = require_roles(request)
    known = children_to_ask_about(user, on=timezone.localdate())
    rows = _own(request, known)
    context = {"requests": rows, "may_ask": bool(known), "families": {row.family_id for row in rows}}
    return render(request, "conferences/my_requests.html", context)


def _own(request: HttpRequest, known: dict[int, tuple[Child, int]]) -> list[ConferenceRequest]:
    person = getattr(user_of(request), "person", None)
    posts = {post for _, post in known.values()}
    rows = own_requests(person, posts=posts, children=[child for child, _ in known.values()])
    record_read(
        request,
        page="conferences:my-requests",
        subject=ConferenceRequest.__name__,
        subject_id=None,
        family_ids={row.family_id for row in rows},
        person_ids={child.person_id for child, _ in known.values()},
        right="own request",
    )
    return rows


def ask_as_professional(request: HttpRequest) -> HttpResponse:
    """Ask for a conference about children with whom a professional with an account works now."""
    user = require_roles(request)
    today = timezone.localdate()
    known = children_to_ask_about(user, on=today)
    _own(request, known)
    if not known:
        raise Http404
    form = kept_form(request, AgencyAsksForm, children=[child for child, _ in known.values()], on=today)

    def save(data: dict[str, Any]) -> ConferenceRequest:
        children = list(data["children"])
        post = Post.objects.select_related("agency", "person").get(pk=known[children[0].pk][1])
        asker = Asker(person=post.person, agency=post.agency, post=post, by=user)
        return ask_as_agency(children=children, asker=asker, asked=form.asked(), now=timezone.now())

    return form_view(
        request,
        form,
        save,
        success_url=reverse("conferences:my-requests"),
        success_message=SAID,
        cancel_url=reverse("conferences:my-requests"),
        template_name="conferences/ask_as_agency.html",
    )


def disagree_as_professional(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the refusal of one's own request to a service manager."""
    user = require_roles(request)
    rows = _own(request, children_to_ask_about(user, on=timezone.localdate()))
    refused = next((row for row in rows if row.pk == pk and may_take_further(row)), None)
    if refused is None:
        raise Http404
    again = _asker_of(refused, by=user)
    return form_view(
        request,
        _disagree_form(request),
        lambda data: take_request_further(request=refused, because=data["because"], asker=again, now=timezone.now()),
        renamed={"grounds": "because"},
        success_url=reverse("conferences:my-requests"),
        success_message="A service manager is asked to decide. You read the answer here.",
        cancel_url=reverse("conferences:my-requests"),
        template_name="conferences/disagree_as_agency.html",
        refused=refused,
    )


def _asker_of(refused: ConferenceRequest, *, by: Any = None, guest_session_id: int | None = None) -> Asker:
    if refused.person is None or refused.agency is None:
        raise Http404
    return Asker(
        person=refused.person,
        agency=refused.agency,
        post=refused.post,
        reply_to=refused.reply_to,
        by=by,
        guest_session_id=guest_session_id,
    )


def _disagree_form(request: HttpRequest) -> ReasonForm:
    return kept_form(
        request,
        ReasonForm,
        field="because",
        label="Why is a conference needed?",
        required="Say why a conference is needed",
        help_text="A service manager who did not refuse it reads this, and decides",
        button="Take it to a service manager",
    )


def ask_page(
    request: HttpRequest,
    *,
    children: Sequence[Child],
    asker: Asker,
    limit: tuple[str, int],
    home: str,
    disagree: str,
    draw: Draw,
) -> HttpResponse:
    """Show a guest the form to ask for a conference, with what they asked before and the answers.

    ``limit`` is the daily limit of what they send, with the id that it counts for. Raises GuestRequired where there is
    no child to ask about.
    """
    if not children:
        raise GuestRequired
    form = kept_form(request, AgencyAsksForm, children=children, on=timezone.localdate())
    earlier = own_requests(asker.person, posts=[asker.post], children=children)

    def save(data: dict[str, Any]) -> ConferenceRequest:
        _within(limit)
        return ask_as_agency(children=list(data["children"]), asker=asker, asked=form.asked(), now=timezone.now())

    return form_view(
        request,
        form,
        save,
        success_url=f"{request.path}?said=asked",
        template_name="guests/ask_for_conference.html",
        draw=draw,
        requests=earlier,
        home=home,
        disagree=disagree,
        said=SAID if request.GET.get("said") == "asked" else "",
    )


def disagree_page(
    request: HttpRequest, *, children: Sequence[Child], asker: Asker, limit: tuple[str, int], back: str, draw: Draw
) -> HttpResponse:
    """Let a guest take the newest refusal of what they asked to a service manager. Raises GuestRequired without one."""
    rows = own_requests(asker.person, posts=[asker.post], children=children)
    refused = next((row for row in rows if may_take_further(row)), None)
    if refused is None:
        raise GuestRequired

    def save(data: dict[str, Any]) -> ConferenceRequest:
        _within(limit)
        return take_request_further(request=refused, because=data["because"], asker=asker, now=timezone.now())

    return form_view(
        request,
        _disagree_form(request),
        save,
        renamed={"grounds": "because"},
        success_url=f"{back}?said=asked",
        cancel_url=back,
        template_name="guests/disagree_about_conference.html",
        draw=draw,
        refused=refused,
        back=back,
    )


def _within(limit: tuple[str, int]) -> None:
    if not allow(*limit, now=timezone.now()):
        raise ValidationError(ENOUGH)


def asks_as_agency(participant: Participant) -> bool:
    """Return whether a guest comes for an agency of their own, so that they can ask for a conference."""
    return participant.capacity == Capacity.PROFESSIONAL and participant.agency_id is not None


@dataclass(frozen=True, kw_only=True)
class GuestAsks:
    """A guest who asks for their agency: in which post, about which children, and what limits how much they send."""

    children: Sequence[Child]
    person: Person
    agency: Agency
    post: Post | None
    reply_to: str
    authority: Authority
    limit: tuple[str, int]


def for_guest(request: HttpRequest, page: Callable[..., HttpResponse], who: GuestAsks, **urls: str) -> HttpResponse:
    """Show one of the two pages, ``ask_page`` or ``disagree_page``, to a guest with access."""
    return page(
        request,
        children=who.children,
        asker=Asker(
            person=who.person,
            agency=who.agency,
            post=who.post,
            reply_to=who.reply_to,
            guest_session_id=request.guest.session_id,  # type: ignore[attr-defined]
        ),
        limit=who.limit,
        draw=lambda request, template, context: guest_page(request, template, context, authority=who.authority),
        **urls,
    )


def _guest(request: HttpRequest, page: Callable[..., HttpResponse], **urls: str) -> HttpResponse:
    participant = access_as_guest(request, to="home")
    if not asks_as_agency(participant) or participant.agency is None:
        raise GuestRequired
    who = GuestAsks(
        children=children_of_invitation(participant, on=timezone.localdate()),
        person=participant.person,
        agency=participant.agency,
        post=participant.post,
        reply_to=participant.email,
        authority=participant.conference.authority,
        limit=("guest-says:participant", participant.pk),
    )
    return for_guest(request, page, who, **urls)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_as_guest(request: HttpRequest) -> HttpResponse:
    """Ask for a conference about the children of the guest's link."""
    home, disagree = reverse("guest_meeting:home"), reverse("guest_meeting:disagree-about-conference")
    return _guest(request, ask_page, home=home, disagree=disagree)


@require_http_methods(["GET", "HEAD", "POST"])
def disagree_as_guest(request: HttpRequest) -> HttpResponse:
    """Take the refusal of what the guest asked to a service manager."""
    return _guest(request, disagree_page, back=reverse("guest_meeting:ask-for-conference"))
