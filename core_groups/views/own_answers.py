"""A member's own scores, on whichever device they have: with an account, by link, or in a turn at the tablet."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import user_of
from accounts.guests.pages import guest_page
from accounts.throttling import allow
from core_groups.access import access_core_group, may_still_record
from core_groups.guest_access import access_as_member
from core_groups.models import CoreGroupMeeting, CoreGroupMember, MemberTurn
from core_groups.selectors.own_answers import is_under_way, meeting_under_way, own_member, own_scores_asked
from core_groups.selectors.own_following import following_member
from core_groups.services.own_answers import give_member_scores
from core_groups.services.safety import raise_meeting_stop
from core_groups.views.guests import ENOUGH
from govuk.words import long_date
from meetings.enums import StopGround
from meetings.forms.own_answers import AnswersForm
from meetings.selectors.own_answers import OwnAnswers
from meetings.services.own_answers import Taken
from meetings.turns import TurnKind
from meetings.views.own_answers import Desk, answers_page, danger_page


@dataclass(frozen=True, kw_only=True)
class MemberDesk(Desk):
    """The desk of a member of a core group, at one meeting; nothing on it says who else is there."""

    meeting: CoreGroupMeeting
    member: CoreGroupMember
    leader = "the key worker"
    told = "the key worker and the social worker"
    writer = "the key worker"

    @property
    def caption(self) -> str:
        at = self.meeting.held_at or self.meeting.planned_at
        return f"Core group, {long_date(at)} · {self.member.person.full_name}"

    def own(self) -> OwnAnswers:
        return own_scores_asked(self.meeting, self.member, now=timezone.now())

    def give(self, form: AnswersForm, *, now: datetime.datetime) -> Taken:
        return give_member_scores(meeting=self.meeting, member=self.member, scores=form.scores(), who=self.who, now=now)

    def children(self) -> dict[int, str]:
        named = {plan.pk for plan in self.member.plans.all()}
        plans = self.member.core_group.plans.filter(ends_on__isnull=True, child__person__sealed_at__isnull=True)
        rows = plans.select_related("child__person").order_by("pk")
        return {plan.child_id: plan.child.person.short_name for plan in rows if not named or plan.pk in named}

    def tell(self, child_pk: int, said: str, *, now: datetime.datetime) -> object:
        plan = self.member.core_group.plans.select_related("child").get(child=child_pk)
        if not is_under_way(self.meeting, now):
            raise ValidationError("The meeting is over. Ring the number on this page, or 999.")
        return raise_meeting_stop(
            meeting=self.meeting,
            child=plan.child,
            ground=StopGround.SAID,
            said_by=self.member,
            said=said,
            now=now,
            **self.stop_by,
        )


# Professionals and workers with an account.


def _staff_desk(request: HttpRequest, pk: int, meeting_pk: int) -> MemberDesk:
    group = access_core_group(request, pk)
    meeting = get_object_or_404(CoreGroupMeeting, core_group=group, pk=meeting_pk)
    meeting.core_group = group
    member = own_member(user_of(request), meeting)
    if member is None:
        raise Http404
    args = [pk, meeting_pk]
    url = reverse("core_groups:own-answers", args=args)
    around: dict[str, Any] = {"shell": "meetings/own_shell.html"}
    return MemberDesk(
        meeting=meeting,
        member=member,
        who={"by": user_of(request)},
        draw=lambda request, template, context: render(request, template, {**around, **context}),
        url=url,
        danger_url=reverse("core_groups:own-danger", args=args),
        follows=lambda _: following_member(member, by_link=False),
        sent=lambda: f"{url}?sent=1",
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_answers_page(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """Let someone with an account enter their own scores."""
    return answers_page(request, _staff_desk(request, pk, meeting_pk))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_danger_page(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """Let someone with an account tell key worker and managers in private."""
    return danger_page(request, _staff_desk(request, pk, meeting_pk))


# Family and professionals by their own link.


def _guest_desk(request: HttpRequest) -> MemberDesk | None:
    member = access_as_member(request)
    meeting = meeting_under_way(member, timezone.now())
    if meeting is None:
        return None

    def may_send() -> None:
        if not allow("guest-says:member", member.pk, now=timezone.now()):
            raise ValidationError(ENOUGH)

    url = reverse("guest_core_group:answers")
    return MemberDesk(
        meeting=meeting,
        member=member,
        who={"guest_session_id": request.guest.session_id},  # type: ignore[attr-defined]
        draw=lambda request, template, context: guest_page(
            request,
            template,
            {"member": member, "shell": "guests/base.html", **context},
            authority=member.core_group.authority,
        ),
        url=url,
        danger_url=reverse("guest_core_group:danger"),
        follows=lambda _: following_member(member, by_link=True),
        may_send=may_send,
        sent=lambda: f"{url}?sent=1",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def guest_answers_page(request: HttpRequest) -> HttpResponse:
    """Let a member who came in by link enter their own scores."""
    desk = _guest_desk(request)
    return redirect("guest_core_group:home") if desk is None else answers_page(request, desk)


@require_http_methods(["GET", "HEAD", "POST"])
def guest_danger_page(request: HttpRequest) -> HttpResponse:
    """Let a member who came in by link tell key worker and managers in private."""
    desk = _guest_desk(request)
    return redirect("guest_core_group:home") if desk is None else danger_page(request, desk)


# A tablet that is passed round.


def member_turn(token_hash: str, now: datetime.datetime) -> MemberTurn | None:
    """Return the turn with this token, if it and its meeting go on and whoever opened it may still record."""
    turn = (
        MemberTurn.objects.select_related(
            "member__person", "member__post__agency", "meeting__core_group__authority", "opened_by"
        )
        .filter(token_hash=token_hash, ended_at__isnull=True, ends_at__gt=now)
        .first()
    )
    if turn is None:
        return None
    turn.member.core_group = turn.meeting.core_group
    goes_on = is_under_way(turn.meeting, now) and may_still_record(turn.opened_by, turn.meeting.core_group)
    return turn if goes_on else None


MEMBER_TURN = TurnKind(
    MemberTurn,
    find=member_turn,
    desk=lambda turn, **more: MemberDesk(meeting=turn.meeting, member=turn.member, **more),
    goes_on=lambda turn, own: own.is_here and turn.sitting_id == own.part,
    authority=lambda turn: turn.meeting.core_group.authority,
    subject=lambda turn: {
        "subject": "CoreGroupMember",
        "subject_id": turn.member_id,
        "family_ids": [turn.meeting.core_group.family_id],
        "person_ids": [turn.member.person_id],
    },
)
