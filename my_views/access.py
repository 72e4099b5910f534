"""Who reads the forms of a conference, who releases words from them, and who writes one down for somebody.

What is marked for the chair and the social worker is theirs alone, so forms have a rule of their own, narrower than
that of the conference: no coordinator, no colleague of the team, no break-glass.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest

from accounts.enums import ReadKind
from accounts.models import User
from accounts.rules import Rule
from conferences.access import CONFERENCE_RULE, access_conference
from conferences.answered_by import ALLOCATED, CHAIRS, MANAGER
from conferences.models import Conference
from my_views.models import MyViewsForm

OF_SOCIAL_CARE = ("allocated social worker", "named for the case", "team manager", "social worker of the team")

READS_RULE = Rule(rights=[*CHAIRS, ALLOCATED, MANAGER], never=CONFERENCE_RULE.never)
WRITES_DOWN_RULE = Rule(
    rights=[*CHAIRS, *((name, right) for name, right in CONFERENCE_RULE.rights if name in OF_SOCIAL_CARE)],
    never=CONFERENCE_RULE.never,
)


def reads_forms(user: User, conference: Conference) -> bool:
    """Return whether the user reads forms that were handed in: chair and social worker."""
    return READS_RULE.right_of(user, conference) is not None


def writes_down(user: User, conference: Conference) -> bool:
    """Return whether the user may fill in a form with someone, or type in what they wrote on paper."""
    return WRITES_DOWN_RULE.right_of(user, conference) is not None


def access_to_read(request: HttpRequest, pk: int, *, kind: ReadKind = ReadKind.PAGE) -> Conference:
    """Return the conference for reading its forms, and write the read log. Raises SignInRequired or Http404."""
    return access_conference(request, pk, to=READS_RULE, kind=kind)


def access_form(request: HttpRequest, pk: int, form_pk: int) -> MyViewsForm:
    """Return a form of the conference that the user may read; never of someone whose record is sealed.

    Raises SignInRequired or Http404.
    """
    conference = access_to_read(request, pk)
    rows = MyViewsForm.objects.select_related("person").filter(conference=conference, person__sealed_at__isnull=True)
    form = rows.filter(pk=form_pk).first()
    if form is None:
        raise Http404
    form.conference = conference
    return form


def access_to_write_down(request: HttpRequest, pk: int) -> Conference:
    """Return the conference for writing a form down for someone. Raises SignInRequired or Http404."""
    return access_conference(request, pk, to=WRITES_DOWN_RULE)
