"""Children who move between councils: one moves away and our plan goes on, one came here with a plan."""

from __future__ import annotations

import datetime

from conferences.models import Conference
from conferences.services.transfers import record_transfer_in
from deadlines.working_days.calendars import WorkingCalendar
from demo import meeting
from demo.council import Council
from demo.families import DemoFamily
from families.enums import AgencyKind
from families.models import Child
from families.services import add_agency, add_post, record_involvement
from plans.models import Plan
from reports.enums import Channel
from transfers.enums import Arrival, HandedOver, OutState, PaperKind, Stay, WhoVisits
from transfers.models import TransferOut
from transfers.services.papers import HandOver, ask_for_papers_of, hand_over_paper, record_paper_received
from transfers.services.transfers import Answer, answer_transfer, record_transfer_out

PAPERS_RECEIVED = (
    (PaperKind.DECISIONS, Arrival.CAME, "The last one, by secure e-mail"),
    (PaperKind.PLAN, Arrival.CAME, "As it stood last month"),
    (PaperKind.CHRONOLOGY, Arrival.MISSING, "Asked their duty team, who will send it"),
)


def tell_other_council(
    council: Council,
    demo: DemoFamily,
    conference: Conference,
    children: list[Child],
    *,
    calendar: WorkingCalendar,
    today: datetime.date,
) -> TransferOut:
    """Tell Westmere Council of children who moved there, hand over the plan, and ask the chair for the minutes."""
    by, told_on = demo.social_worker, calendar.subtract(today, 6)
    now = meeting.at(told_on, 11)
    westmere = add_agency(
        authority=council.authority, kind=AgencyKind.SOCIAL_CARE, name="Westmere Council", by=by, phone="01632 960 310"
    )
    post = add_post(
        agency=westmere,
        given_name="Robyn",
        family_name="Calder",
        title="Social worker",
        email="robyn.calder@westmere.example",
        by=by,
    )
    record_involvement(children=children, agency=westmere, post=post, by=by, now=now)
    transfer = record_transfer_out(
        family=demo.family,
        children=children,
        agency=westmere,
        told_on=told_on,
        moved_on=calendar.subtract(today, 8),
        stay=Stay.NOT_KNOWN,
        who_visits=WhoVisits.BOTH,
        visits_agreed="Every ten working days, with Robyn Calder, until Westmere has held its conference",
        by=by,
        now=now,
    )
    paper = HandOver(
        kind=PaperKind.PLAN,
        what="The plan as it stands now",
        outcome=HandedOver.SENT,
        channel=Channel.SECURE_EMAIL,
        channel_confirmed="Rang Westmere’s duty number and asked for her address",
        sent_on=told_on,
    )
    hand_over_paper(transfer=transfer, paper=paper, by=by, now=now)
    ask_for_papers_of(transfer=transfer, conference=conference, by=by, now=now)
    return transfer


def take_over(
    council: Council, demo: DemoFamily, conference: Conference, *, calendar: WorkingCalendar, today: datetime.date
) -> Answer:
    """Have Westmere Council take every child of a conference over in writing, yesterday; return its answer."""
    yesterday = calendar.subtract(today, 1)
    plans = Plan.objects.filter(decision__conference_child__conference=conference).order_by("pk")
    children = [plan.child for plan in plans.select_related("child__person")]
    transfer = tell_other_council(council, demo, conference, children, calendar=calendar, today=today)
    answer = Answer(
        state=OutState.ACCEPTED,
        said="Their team manager wrote after their conference",
        stay=Stay.FOR_GOOD,
        conference_on=calendar.subtract(today, 2),
        responsible_from=yesterday,
        letter_kept="Electronic file, letters in",
    )
    answer_transfer(
        transfer=transfer,
        children=list(transfer.children.all()),
        answer=answer,
        version=transfer.version,
        by=demo.social_worker,
        now=meeting.at(yesterday, 10),
    )
    return answer


def move_in(demo: DemoFamily, *, calendar: WorkingCalendar, today: datetime.date) -> None:
    """Record that a family came from another council with its plan, and which papers came with it."""
    told_on = calendar.subtract(today, 3)
    transfers = record_transfer_in(
        family=demo.family,
        children=demo.children,
        notified_on=told_on,
        from_authority="Northmoor Council",
        told_by="The key worker there, by telephone",
        plan_there="Child protection plan for neglect, since spring",
        by=demo.social_worker,
        now=meeting.at(told_on, 14),
    )
    for transfer in transfers:
        for kind, outcome, note in PAPERS_RECEIVED:
            record_paper_received(
                transfer=transfer,
                kind=kind,
                outcome=outcome,
                on=told_on,
                note=note,
                by=demo.social_worker,
                now=meeting.at(told_on, 16),
            )
