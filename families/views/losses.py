"""A death, and the correction of one entered in error: each an act of its own with a page to check it on."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from families import services
from families.forms.losses import DeathForm
from families.models import Child, Loss
from families.views.acts import Act, act_view, who_rows
from families.views.parts import access_member, person_url
from govuk.forms import ReasonForm
from govuk.words import plain_date

OF_A_CHILD = (
    "This child’s plan is closed, and the child comes off the list.",
    "This child’s visits, reviews and other dates end. No one is asked to visit.",
    "Invitations, papers, calendar entries and links about this child stop.",
    "Messages to the family wait for a manager, who decides about each of them.",
    "Managers are asked at once whether the brothers and sisters are safe.",
    "Plans, visits and dates of the brothers and sisters go on.",
    "Nothing in the record is destroyed.",
)
OF_AN_ADULT = ("Messages, papers and links to this person stop.", "The children’s plans, visits and dates go on.")
BACK_FOR_A_CHILD = (
    "This child’s plan goes on without a gap, and the child is on the list again.",
    "Visits, reviews and other dates count again as if they had never stopped.",
    "Meetings that are not over are about this child again. Those taken off stand to be invited.",
    "The entry stays in the record, with your reason beside it.",
)
BACK_FOR_AN_ADULT = (
    "Messages, papers and links to this person are possible again.",
    "The entry stays in the record, with your reason beside it.",
)


def record_death(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Record that a member of the family died, after a page that repeats name and date of birth."""
    family, person = access_member(request, pk, person_pk, to="change")
    child: Child | None = getattr(person, "child", None)
    recorded = person.death_date is not None and "confirm" not in request.POST
    if recorded or (child is not None and child.is_unborn):
        raise Http404
    form = kept_form(request, DeathForm, today=timezone.localdate())
    act = Act(
        title=f"Record the death of {person.full_name}",
        check_title="Check that this is the right person",
        button="Record the death",
        rows=lambda data: [*who_rows(person), *_what(data["died_on"], data["source"])],
        effects=OF_A_CHILD if child else OF_AN_ADULT,
        done=f"The death of {person.full_name} is recorded.",
    )
    return act_view(
        request,
        form,
        act,
        lambda data: services.record_death(person=person, by=user_of(request), now=timezone.now(), **data),
        family=family,
        person=person,
        back=person_url(family, person),
    )


def withdraw_loss(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Correct a death that was entered in error, in the open."""
    family, person = access_member(request, pk, person_pk, to="change")
    loss: Loss | None = person.losses.first()
    # A second press of the button finds it corrected already.
    if loss is None or (loss.withdrawn_at is not None and "confirm" not in request.POST):
        raise Http404
    child: Child | None = getattr(person, "child", None)
    form = kept_form(
        request,
        ReasonForm,
        label="What was wrong?",
        field="because",
        required="Say why it was entered in error",
        max_length=500,
        button="Continue",
    )
    act = Act(
        title="This death was entered in error",
        check_title="Check that this is the right person",
        button="Correct the entry",
        rows=lambda data: [
            *who_rows(person),
            *_what(loss.happened_on, loss.source),
            {"key": "What was wrong", "value": data["because"]},
        ],
        effects=BACK_FOR_A_CHILD if child else BACK_FOR_AN_ADULT,
        done="The entry is corrected. It stays in the record, with your reason.",
        lead=f"{person.full_name}, recorded as having died on {plain_date(loss.happened_on)}.",
    )
    return act_view(
        request,
        form,
        act,
        lambda data: services.withdraw_loss(loss=loss, by=user_of(request), now=timezone.now(), **data),
        family=family,
        person=person,
        back=person_url(family, person),
    )


def _what(died_on: Any, source: str) -> list[dict[str, Any]]:
    return [{"key": "Date of death", "value": plain_date(died_on)}, {"key": "Who told you", "value": source}]
