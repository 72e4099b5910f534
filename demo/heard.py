"""What people say and write before a conference, as created for the demonstration; an agency that asks for one."""

from __future__ import annotations

import datetime

from accounts.guests.services import ask_for_code, enter, mint_code
from allegations.enums import Threshold
from allegations.services.referrals import Allegation, refer
from conferences.enums import FAMILY_CAPACITIES, AskedKind, Capacity, Category, ParticipantStatus, PartKind
from conferences.models import Conference, Participant
from conferences.selectors.children import children_in
from conferences.selectors.planned_parts import planned_for
from conferences.services.guest_links import issue_link
from conferences.services.planned_parts import PlannedPart, plan_parts
from conferences.services.requests import Asked as AskedFor
from conferences.services.requests import AskedItem, Asker, ask_as_agency
from demo import words
from demo.council import Council
from demo.families import DemoFamily
from families.enums import AgencyKind
from my_views.enums import Asked, Given, Help, Way
from my_views.selectors.answers import questions_of, seen_token, written_so_far
from my_views.services.handing_in import hand_in
from my_views.services.writing import begin_form, save_answer
from reports.enums import ReportKind, ReportState, ShortPart
from reports.models import Report
from reports.selectors.papers import authors_of
from reports.services.reports import begin_report, save_section, submit_report
from reports.services.short_reports import finish_short_report, write_short_report

# The social worker fills in My Views with the mother, and the GP writes on the page of the link.
IS_HEARD = "Campion"
# Its meeting is planned in two halves.
IN_HALVES = "Thistlewood"
# The school asks for a conference.
ASKED_ABOUT = "Tansy"
# An allegation against somebody who works with a child.
ALLEGED = "Larchwood"
WORDS = "I want the nights to be quiet again. I am glad that somebody asks."
HALF = datetime.timedelta(minutes=45)


def hear(conference: Conference, demo: DemoFamily, name: str, *, now: datetime.datetime) -> None:
    """Hand in one mother’s views, make the report short, and let an agency write through its link."""
    if name != IS_HEARD:
        return
    _hand_in_views(conference, demo, now=now)
    _shorten(conference, now=now)
    _write_by_link(conference, now=now)


def _hand_in_views(conference: Conference, demo: DemoFamily, *, now: datetime.datetime) -> None:
    by = demo.social_worker
    form = begin_form(conference=conference, person=demo.mother, questions=Asked.ADULT, now=now)
    questions = questions_of(conference, form.questions)
    for number, question in enumerate(questions):
        said = question.kind == "words"
        save_answer(
            form=form,
            question=question,
            writer=by,
            given=Given.ANSWERED,
            text=WORDS if said else "",
            value=None if said else 3,
            only_for_chair=number == len(questions) - 1,
            version=0,
            reads=True,
            now=now,
        )
    written = written_so_far(form, questions, conference=conference, writer=by, reads=True)
    hand_in(
        form=form,
        writer=by,
        guest_session_id=None,
        way=Way.TOGETHER,
        help=Help.ALONE,
        helped_by="",
        seen=seen_token(form, written),
        reads=True,
        now=now,
    )


def _shorten(conference: Conference, *, now: datetime.datetime) -> None:
    report = Report.objects.filter(
        conference=conference, kind=ReportKind.SOCIAL_WORK, state=ReportState.SUBMITTED
    ).first()
    if report is None or report.submitted_by is None:
        return
    sections = report.sections.filter(removed_at__isnull=True).order_by("position")
    places = (ShortPart.WORRIES, ShortPart.EFFECT, ShortPart.STRENGTHS)
    marked = {section: (part, [0]) for section, part in zip(sections, places, strict=False)}
    write_short_report(report=report, marked=marked, edited=[], by=report.submitted_by, now=now)
    finish_short_report(report=report, by=report.submitted_by, now=now)


def _write_by_link(conference: Conference, *, now: datetime.datetime) -> None:
    author = next((row for row in authors_of(conference) if _writes_by_link(row)), None)
    sitting = conference.sittings.order_by("-number").first()
    link = issue_link(participant=author, sitting=sitting, now=now) if author and sitting else None
    if author is None or link is None:
        return
    code, _ = ask_for_code(link=link, now=now)
    came = enter(code=code, typed=mint_code(code_pk=code.pk, now=now), now=now)
    if came is None:
        return
    stay = came[0].pk
    report = begin_report(author=author, by=None, guest_session_id=stay, now=now)
    child = next(iter(children_in(conference)))
    for said in (*words.REPORT[1:], words.IN_SHORT):
        name = child.child.person.short_name
        save_section(
            report=report,
            heading=said.heading,
            text=said.text.format(child=name, worry=""),
            nature=said.nature,
            evidence=said.evidence.format(child=name),
            children=[child],
            by=None,
            now=now,
        )
    submit_report(report=report, by=None, guest_session_id=stay, now=now)


def _writes_by_link(author: Participant) -> bool:
    comes = author.capacity == Capacity.PROFESSIONAL and author.status == ParticipantStatus.INVITED
    return comes and bool(author.email) and author.person.user_id is None and not author.written_reports.exists()


def plan_halves(conference: Conference, demo: DemoFamily, name: str, *, now: datetime.datetime) -> None:
    """Plan one meeting in two halves, the mother in the first and the father in the second."""
    if name != IN_HALVES:
        return
    sitting = conference.sittings.get()
    start = sitting.starts_at
    parts = [
        PlannedPart(kind=PartKind.HALF, title="With the mother", starts_at=start, ends_at=start + HALF),
        PlannedPart(kind=PartKind.HALF, title="With the father", starts_at=start + HALF, ends_at=start + 2 * HALF),
    ]
    only = {demo.mother.pk: frozenset({1}), demo.father.pk: frozenset({2})}
    both = frozenset({1, 2})
    who = {
        row.participant.pk: only.get(row.participant.person_id, both)
        if row.participant.capacity in FAMILY_CAPACITIES
        else both
        for row in planned_for(conference, [])
    }
    conference.refresh_from_db()
    plan_parts(conference=conference, parts=parts, who=who, version=conference.version, by=demo.social_worker, now=now)


def ask_for_conference(council: Council, demo: DemoFamily, *, now: datetime.datetime) -> None:
    """Let the school ask for a conference, and tell of a danger at the door."""
    post = next(post for post in council.posts[AgencyKind.SCHOOL] if post.person.user_id is not None)
    asked = AskedFor(
        grounds="She comes without a coat and falls asleep in lessons. She says that nobody is up when she leaves.",
        categories=[Category.NEG],
        items=[
            AskedItem(kind=AskedKind.DOOR, words="There is a large dog in the yard. Ring first."),
            AskedItem(kind=AskedKind.COMER, words="The school nurse, who weighed her in September"),
        ],
    )
    asker = Asker(person=post.person, agency=post.agency, post=post, by=post.person.user)
    ask_as_agency(children=demo.children[:1], asker=asker, asked=asked, now=now)


def refer_allegation(demo: DemoFamily, *, now: datetime.datetime) -> None:
    """Refer an allegation against somebody who works with children to the designated officer."""
    refer(
        family=demo.family,
        child=demo.children[0],
        allegation=Allegation(
            threshold=Threshold.UNSUITABLE,
            what="She says that the trainer shouted at her and locked the door of the changing room.",
            happened="Last week, after training",
            about_name="The trainer of the swimming club",
            job="Trainer",
            agency_name="Swimming club",
        ),
        known_on=now.date(),
        by=demo.social_worker,
        now=now,
    )
