"""Proposes who to ask to a conference, from the family, agencies that know the children, and procedures."""

from __future__ import annotations

import datetime

from django.db import transaction

from accounts.models import User
from conferences.enums import Capacity, Mode
from conferences.models import Conference, Participant
from conferences.selectors.proposing import Proposal, StaffProposal, proposals_for
from conferences.services.carried_on import carry_on
from conferences.services.exclusions import hold_undecided, open_request
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.services.staff import staff_post


@transaction.atomic
def propose_participants(*, conference: Conference, by: User, now: datetime.datetime) -> list[Participant]:
    """Record everyone who should be asked, each with the reason; nothing is sent.

    In order: proposes parents, carers, holders of parental responsibility, children by the council's rule, each
    agency that knows a child, midwifery, social worker, chair and coordinator; opens a request to the chair
    about anyone under a contact risk, whoever was kept out or apart before (``kept_out_before``) and, where the
    council decides by understanding, about each child; adds whom requests for the conference ask for. People
    already on the list, including those left out, stay as they are. Returns the new ones.
    """
    on = civil_day(now)
    proposals = proposals_for(conference, on=on)
    known = set(conference.participants.values_list("person_id", "post_id", "capacity"))
    made: list[Participant] = []
    for proposal in proposals.people:
        if not proposal.ticked or proposal.key in known:
            continue
        participant = _write(conference, proposal)
        made.append(participant)
        if proposal.ground is not None:
            open_request(participant=participant, ground=proposal.ground, reason=proposal.ground_reason, by=by, now=now)
    staff_known = set(
        conference.participants.filter(person__user__isnull=False).values_list("person__user_id", "capacity")
    )
    made.extend(
        _write_staff(conference, staff, on=on)
        for staff in proposals.staff
        if staff.ticked and (staff.user.pk, str(staff.capacity)) not in staff_known
    )
    made.extend(carry_on(conference=conference, now=now))
    hold_undecided(conference=conference, by=by, now=now)
    reconcile(family_ids=[conference.family_id], now=now)
    return made


def _write(conference: Conference, proposal: Proposal) -> Participant:
    participant = Participant.objects.create(
        conference=conference,
        person=proposal.person,
        post=proposal.post,
        agency=proposal.agency,
        capacity=proposal.capacity,
        because=proposal.because,
        email=proposal.email,
        mode=proposal.mode,
        reports=proposal.reports,
    )
    participant.children.set(proposal.children)
    return participant


def _write_staff(conference: Conference, staff: StaffProposal, *, on: datetime.date) -> Participant:
    post = staff_post(user=staff.user, today=on)
    participant = Participant.objects.create(
        conference=conference,
        person=post.person,
        post=post,
        agency=post.agency,
        capacity=staff.capacity,
        because=staff.because,
        email=staff.user.email,
        mode=Mode.ONLINE if conference.mode == Mode.ONLINE else Mode.IN_PERSON,
        reports=staff.capacity == Capacity.SOCIAL_WORKER,
    )
    participant.children.set(conference.children.filter(withdrawn_at__isnull=True))
    return participant
