"""Who enters scores and views themselves: staff and professionals with an account, for their own place on the list."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest

from accounts.access import open_row
from accounts.enums import ReadKind
from accounts.models import User
from accounts.readers import Reader
from accounts.rows_to_open import RowsToOpen
from accounts.rules import Rule
from conferences.access import FROM_OTHER_AGENCIES, INVITATION_RULE
from conferences.enums import Capacity, ConferenceStatus, ParticipantStatus, Presence
from conferences.models import Attendance, Conference, Participant
from families.access import OWN_RECORDS

# As whom someone with an account takes part; the family come in by their own link.
AT_WORK = FROM_OTHER_AGENCIES | {Capacity.SOCIAL_WORKER, Capacity.TEAM_MANAGER, Capacity.CHAIR, Capacity.COORDINATOR}
NOT_ON_THE_LIST = (
    ParticipantStatus.WITHDRAWN,
    ParticipantStatus.LEFT_OUT,
    ParticipantStatus.KEPT_OUT,
    ParticipantStatus.AWAITING_CHAIR,
)


def _own_place(_reader: Reader) -> Q:
    """Match the account holder's own rows on the list of a conference in session, until the chair removes them."""
    removed = Attendance.objects.filter(participant=OuterRef("pk"), presence=Presence.REMOVED)
    running = Conference.objects.filter(pk=OuterRef("conference"), status=ConferenceStatus.OPEN)
    return Q(~Exists(removed), Exists(running), person__one_of=OWN_RECORDS, capacity__in=AT_WORK) & ~Q(
        status__in=NOT_ON_THE_LIST
    )


OWN_PLACE_RULE = Rule(rights=(("own place", _own_place),), never=INVITATION_RULE.never)


_PLACES = RowsToOpen(
    lambda: Participant.objects.select_related(
        "conference__authority", "conference__family", "person", "agency"
    ).order_by("pk")
)


def access_own_place(request: HttpRequest, conference_pk: int) -> Participant:
    """Return the user's own place in a conference in session. Raises SignInRequired or Http404."""
    return open_row(
        request,
        _PLACES,
        OWN_PLACE_RULE,
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda participant: [participant.conference.family_id],
        persons=lambda participant: [participant.person_id],
        kind=ReadKind.PAGE,
        conference=conference_pk,
    )


def has_own_place(user: User, conference: Conference) -> bool:
    """Return whether the user has a place of their own on the list, and so a page for their scores and views."""
    return OWN_PLACE_RULE.visible(Participant.objects.filter(conference=conference), user).exists()
