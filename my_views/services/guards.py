"""What every act on a form checks first."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from conferences.models import Conference
from my_views.models import MyViewsForm
from my_views.selectors.speakers import is_before

BEGUN = (
    "The meeting has begun, so My Views can’t be changed now. Say it in the meeting, or tell the person who leads it."
)


def lock_conference(conference: Conference) -> Conference:
    """Return the conference, locked before anything on its list."""
    return (
        Conference.objects.select_for_update(of=("self",), no_key=True)
        .select_related("authority", "family", "chair", "coordinator")
        .get(pk=conference.pk)
    )


def lock_form(form: MyViewsForm) -> MyViewsForm:
    """Return the form's locked row, its conference locked before it."""
    conference = lock_conference(form.conference)
    locked = MyViewsForm.objects.select_for_update(of=("self",), no_key=True).select_related("person").get(pk=form.pk)
    locked.conference = conference
    return locked


def refuse_once_begun(conference: Conference) -> None:
    """Raise ValidationError once the meeting has begun, is over or was cancelled."""
    if not is_before(conference):
        raise ValidationError(BEGUN)
