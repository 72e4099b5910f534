"""The own page of a member without an account: their next time, the children, their actions, and what they write."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.drafts.forms import kept_form
from accounts.guests.access import other_pages
from accounts.guests.pages import guest_page
from accounts.throttling import allow
from conferences.views.agency_requests import FOR_AGENCIES
from core_groups.forms.recording import OwnWordsForm
from core_groups.guest_access import CORE_GROUP, access_as_member
from core_groups.guest_steps import further_steps
from core_groups.models import CoreGroupMeeting, CoreGroupMember
from core_groups.selectors.guests import may_be_asked, own_part
from core_groups.selectors.own_answers import meeting_under_way, own_scores_asked
from core_groups.selectors.own_following import following_member
from core_groups.services.own_words import write_own_words
from deadlines.policies import policy_for
from govuk import words
from govuk.generic import Draw, form_view

ENOUGH = (
    "We could not send this. You have sent us a lot today, and we have all of it. If there is more to say, ring us."
)


def _drawn_for(member: CoreGroupMember) -> Draw:
    return lambda request, template, context: guest_page(
        request, template, {"member": member, **context}, authority=member.core_group.authority
    )


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the member's own page; nothing on it says who else is in the core group, or where they meet."""
    member = access_as_member(request)
    part = own_part(member, on=timezone.localdate())
    context = {
        "part": part,
        # On the smallest phones a day in large type has to wrap.
        "day": words.long_date(part.at).replace(words.NO_BREAK, " ") if part.at else "",
        "children": words.listed(
            [
                "you" if child.person_id == member.person_id else child.person.short_name
                for child in sorted(part.children, key=lambda child: child.person_id != member.person_id)
            ]
        ),
        "tasks": [*_tasks(member, part), *other_pages(request, purpose=CORE_GROUP)],
        "sent": request.GET.get("said") == "words",
        "is_professional": member.post_id is not None,
        "following": following_member(member, by_link=True),
    }
    return _drawn_for(member)(request, "guest_core_group/home.html", context)


def _tasks(member: CoreGroupMember, part: Any) -> list[dict[str, str]]:
    tasks: list[dict[str, str]] = []
    now = timezone.now()
    going_on = meeting_under_way(member, now)
    own = own_scores_asked(going_on, member, now=now) if going_on is not None else None
    if own is not None and own.is_asked:
        tasks.append(
            {
                "title": "Say how safe you think each child is",
                "hint": "No one sees it before everyone has answered.",
                "url": reverse("guest_core_group:answers"),
                **(
                    {"status": "Answered", "colour": "green"}
                    if own.has_answered
                    else {"status": "To do", "colour": "blue"}
                ),
            }
        )
    if part.meeting is not None:
        tasks.append(
            {
                "title": "Change what you wrote" if part.has_written else "Say how things are going",
                "hint": "In your own words, before the meeting. You do not have to.",
                "url": reverse("guest_core_group:write"),
                **({"status": "Sent", "colour": "green"} if part.has_written else {}),
            }
        )
    if member.post_id is not None and part.children:
        url = reverse("guest_core_group:ask-for-conference")
        tasks.append({"title": "Ask for a conference", "hint": FOR_AGENCIES, "url": url})
    return [*tasks, *further_steps(member, now=timezone.now())]


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Take what the member says about each child, and how far their own actions have come."""
    member = access_as_member(request)
    part = own_part(member, on=timezone.localdate())
    if part.meeting is None:
        return redirect("guest_core_group:home")
    meeting: CoreGroupMeeting = part.meeting
    policy = policy_for(member.core_group.authority_id, on=timezone.localdate(meeting.planned_at))
    form = kept_form(
        request,
        OwnWordsForm,
        children=part.children,
        actions=part.actions,
        written=part.written,
        scores=part.scores,
        writer_id=member.person_id,
        scale=policy.scale if may_be_asked(member, policy) else None,
        is_family=member.is_family,
    )

    def save(_: dict[str, Any]) -> CoreGroupMeeting:
        if not allow("guest-says:member", member.pk, now=timezone.now()):
            raise ValidationError(ENOUGH)
        return write_own_words(
            meeting=meeting,
            member=member,
            words=form.words(),
            progress=form.progress(),
            scores=form.scores(),
            guest_session_id=request.guest.session_id,  # type: ignore[attr-defined]
            now=timezone.now(),
        )

    return form_view(
        request,
        form,
        save,
        success_url=f"{reverse('guest_core_group:home')}?said=words",
        template_name="guest_core_group/write.html",
        draw=_drawn_for(member),
        part=part,
    )
