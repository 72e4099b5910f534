"""What people of the council do again and again in a year, each by the words of the pages."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.urls import reverse
from django.utils import timezone
from lxml import html

from accounts.models import User
from conferences.enums import ConferenceStatus
from conferences.models import Conference
from core_groups.models import CoreGroup
from families.models import Family
from notifications.services.outbox import send_due
from plans.enums import PlanKind
from plans.models import Plan
from tests.journeys.calendar import at
from tests.walker import Walker
from tests.year.through_services import arrive as people_arrive
from tests.year.through_services import give_out, hear_the_others, send_the_other_copies, speak_for, tell_the_others

WORKER, MANAGER, CHAIR, COORDINATOR = "Amara Finch", "Dilys Heron", "Tomasz Kestrel", "Joan Plover"
SCHOOL = "Shazia Wing"
UNBORN = "Unborn baby Brambley"


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def invite(page: Walker, clock, number: int, moment: str) -> None:
    """Choose, as the coordinator, who is asked to an agreed review, and send the invitations."""
    clock.move_to(at(moment))
    page.sign_in_as(COORDINATOR)
    open_people(page, number)
    choose_who_to_invite(page)
    send_checked(page, number)


def choose_who_to_invite(page: Walker) -> None:
    page.follow("Choose who to invite")
    robin = next(one for one in page.page.find_class("cp-invitee") if "Robin Brambley" in one.text_content())
    page.write("Or how they are told instead", "By Amara, at home", within=robin)
    page.press("Check the invitations")


class InPart(Walker):
    """A walker for whom the services do what was walked through the pages once."""

    def __init__(self) -> None:
        super().__init__()
        self.walked: set[str] = set()

    def has_walked(self, what: str) -> bool:
        """Return whether this was walked before; from now on it was."""
        before = what in self.walked
        self.walked.add(what)
        return before


def by_services(page: Walker, what: str) -> bool:
    return isinstance(page, InPart) and page.has_walked(what)


def user(name: str) -> User:
    return User.objects.get(name=name)


def tell(page: Walker, number: int) -> None:
    """Tell those who get no e-mail, and record it."""
    if by_services(page, "telling"):
        tell_the_others(conferences()[number - 1], by=user(COORDINATOR))
        return
    page.open(reverse("conferences:to-tell", args=[conferences()[number - 1].pk]))
    while link := page.find_link(re.compile("^Record that they were told")):
        page.open(link)
        page.choose("Were they told?", "Yes, they were told")
        page.choose("How?", "In person")
        page.press(re.compile("^Record"))
        page.open(reverse("conferences:to-tell", args=[conferences()[number - 1].pk]))


def send(page: Walker, clock, number: int, moment: str) -> None:
    clock.move_to(at(moment))
    page.sign_in_as(COORDINATOR)
    open_people(page, number)
    page.follow("Check the invitations")
    send_checked(page, number)


def send_checked(page: Walker, number: int) -> None:
    """Send, from the page on which they were checked, the invitations, and tell who gets no e-mail."""
    page.press(re.compile(r"^Send \d+ invitations$"))
    send_due(now=timezone.now(), limit=100)
    tell(page, number)


def open_conference(page: Walker, number: int = 1) -> None:
    page.open(reverse("conferences:overview", args=[conferences()[number - 1].pk]))


def open_people(page: Walker, number: int) -> None:
    if by_services(page, "the way to the people"):
        page.open(reverse("conferences:people", args=[conferences()[number - 1].pk]))
        return
    open_conference(page, number)
    page.follow("People")


def conferences() -> list[Conference]:
    return list(Conference.objects.order_by("pk"))


def the_day(page: Walker, number: int = 1) -> None:
    page.open(reverse("meetings:day", args=[conferences()[number - 1].pk]))


def go_to(page: Walker, step: str) -> None:
    steps = page.page.find_class("cp-daysteps") or page.page.find_class("govuk-task-list")
    page.follow(re.compile(f"^{step}"), within=steps[0])


def arrive(page: Walker, number: int, *names: str) -> None:
    """Record, as the coordinator, who is here."""
    page.sign_in_as(COORDINATOR)
    if by_services(page, "arriving"):
        people_arrive(conferences()[number - 1], names, by=user(COORDINATOR))
        the_day(page, number)
        return
    the_day(page, number)
    go_to(page, "People")
    for name in names:
        page.press("Here", within=page.group(name))


def bring_views(page: Walker, number: int, *names: str) -> None:
    if by_services(page, "bringing"):
        speak_for(conferences()[number - 1], names, by=user(COORDINATOR))
        return
    for name in names:
        form = next(one for one in page.page.find_class("cp-brought") if name in one.text_content())
        page.select("Who brings their views?", re.compile(WORKER), within=form)
        page.press(re.compile("^Save"), within=form)


def draft(page: Walker, what: str, who: str, by_when: datetime.date, *children: str) -> None:
    page.write("Why", "The children see the adults fight")
    page.write("What", what)
    page.select("Who", re.compile(who))
    page.write_date("By when", by_when)
    for child in children:
        page.choose("For", child)
    page.press("Add to the plan")
    page.reads(what)


def not_asked_yet(page: Walker) -> list[html.HtmlElement]:
    return [row for row in page.page.iter("tr") if "Not asked yet" in row.text_content()]


def hear_views(page: Walker, *children: str) -> None:
    """Record, for each child, the view of everyone whom the procedures ask."""
    go_to(page, "Views")
    for child in children:
        if by_services(page, "views"):
            hear_the_others(Conference.objects.get(status=ConferenceStatus.OPEN), by=user(COORDINATOR))
            return
        page.follow(child)
        while waiting := not_asked_yet(page):
            page.follow(re.compile("^Record the view of"), within=waiting[0])
            for question, answer in (
                (re.compile("still suffer significant harm"), "Yes"),
                ("Significant harm", "Is likely to suffer significant harm"),
                ("Do they say whether there is significant harm?", "Is likely to suffer significant harm"),
                ("What do they recommend?", "Child protection plan"),
                ("What would they like?", "Child protection plan"),
                ("Category of harm", "Emotional"),
            ):
                if page.asks(question):
                    page.choose(question, answer)
            page.write("Why, in their own words", "The fights go on.")
            page.press("Save the view")
        page.reads("Everyone due to give a view has been asked.")


def go_on_although_something_is_missing(page: Walker) -> None:
    """Say why, where the procedures ask for more than the year has: some ask the child's own score."""
    if page.asks("Why you decide although something is missing"):
        page.write("Why you decide although something is missing", "The children said it to Amara.")


def decide_a_plan(page: Walker, child: str, number: int = 1) -> None:
    open_decision(page, number, child)
    page.choose("The chair’s decision", "Child protection plan")
    page.choose("Main category of harm", "Emotional abuse")
    page.write("Why do you decide this?", "The children have seen fights for a year.")
    go_on_although_something_is_missing(page)
    page.press(re.compile("^Check the decision for"))
    page.press(re.compile("^Decide: child protection plan for"))
    page.reads("Decided for")


def agree_dates(page: Walker, *, core_group: str, review: str, first: bool = False) -> None:
    go_to(page, "Next dates")
    which = "First" if first else "Next"
    for label, moment in ((f"{which} core group", core_group), (f"{which} review conference", review)):
        date, _, time = moment.partition(" ")
        page.write_date(label, day(date))
        page.write("At what time?", time, within=page.field_group(label))
    page.write("Where?", "Mulberry House")
    page.select("Room for the review", re.compile("Garden room"))
    page.press("Save the dates")
    page.reads("saved")


def close(page: Walker, clock, ended: str) -> None:
    clock.move_to(at(ended) + datetime.timedelta(minutes=1))
    go_to(page, "Close")
    date, _, time = ended.partition(" ")
    page.write_date("The meeting ended on", day(date))
    page.write("At what time?", time)
    page.press("Close the meeting")
    page.reads("The meeting is closed")


def family_page(page: Walker) -> None:
    page.open(reverse("families:family", args=[Family.objects.get().pk]))


def core_group_page(page: Walker) -> None:
    page.open(reverse("core_groups:core-group", args=[CoreGroup.objects.get(ended_on=None).pk]))


def core_group(page: Walker, clock, moment: str, *, following: str) -> None:
    """Record, as the key worker, a meeting of the core group at that time, and when it meets next."""
    clock.move_to(at(moment) + datetime.timedelta(hours=2))
    page.sign_in_as(WORKER)
    core_group_page(page)
    page.follow("Record the meeting")
    for label, when in (("When did the core group meet?", moment), ("When will it meet next?", following)):
        date, _, time = when.partition(" ")
        page.write_date(label, day(date))
        page.write("At what time?", time, within=page.field_group(label))
    page.choose("Was the key worker there?", "Yes")
    page.choose("Who was there?", "Hazel Brambley", "Shazia Wing", "Ngozi Larkin")
    page.choose("Who sent apologies?", "Beth Redstart")
    page.write("Where?", "Mulberry House")
    page.press("Record the meeting")
    if isinstance(page, InPart) and page.has_walked("progress and scores"):
        return
    page.follow(re.compile("^Record the progress of Robin"))
    page.select("How far has it come?", "Going on")
    page.write("What was said about it?", "They have met four times.")
    page.press(re.compile("^Save"))
    page.follow(re.compile("^Give the score of Shazia Wing for Robin"))
    page.tick("4")
    page.write("Why this number, and not one lower or higher?", "He sleeps again.")
    page.press("Give this score")
    page.follow(re.compile("^Show the scores for Robin"))
    page.write("Why are you showing the scores before everyone has answered?", "Hazel would rather think about it.")
    page.press("Show the scores for Robin")


def add_a_note_on_a_phone(page: Walker) -> None:
    """Add, as a professional member, what was said of a child at the newest meeting."""
    page.sign_in_as(SCHOOL)
    page.on_a_phone()
    page.reads("My core groups")
    page.follow(re.compile("^Case .*: Robin"))
    page.follow(re.compile("^Open the record"))
    page.follow("Add a note")
    page.choose("Heading", re.compile("[Rr]isk|[Ww]orr|[Cc]oncern"))
    page.choose("It is", "Fact")
    page.choose("About", "Robin")
    page.write("What was said", "He comes to school every day.")
    page.press(re.compile("^Add"))
    page.reads("He comes to school every day.")


def visit(page: Walker, clock, moment: str, *children: str, others: tuple[str, ...] = ()) -> None:
    """Record a visit to these children, at which each was seen alone, and not to the others of the plan."""
    clock.move_to(at(moment) + datetime.timedelta(hours=1))
    page.sign_in_as(WORKER)
    page.open(reverse("plans:plan", args=[plan_of(children[0]).pk]))
    page.follow(re.compile("^Record a visit"))
    date, _, time = moment.partition(" ")
    page.write_date("When was the visit?", day(date))
    page.write("At what time?", time)
    page.select("Who made the visit?", re.compile("^I did"))
    for child in children:
        page.choose(f"Was {child} seen?", "Yes")
        page.choose(f"Was {child} seen alone?", "Yes")
        page.choose(f"Was {child}’s bedroom seen?", "Yes")
    for child in others:
        page.tick(f"{child} was not part of this visit")
    page.choose("Did the family know that you were coming?", "Yes")
    page.press("Record the visit")


def plan_of(child: str, kind: str = PlanKind.CP) -> Plan:
    return Plan.objects.get(child__person__given_name=child, kind=kind)


def papers(page: Walker, clock, number: int, moment: str) -> None:
    """Prepare letter and minutes as the coordinator, release them as the chair."""
    clock.move_to(at(moment))
    if by_services(page, "papers"):
        give_out(conferences()[number - 1], prepared_by=user(COORDINATOR), released_by=user(CHAIR))
        return
    page.sign_in_as(COORDINATOR)
    open_conference(page, number)
    page.follow("Letter and minutes")
    page.follow("Prepare the decisions letter")
    page.press("Prepare the decisions letter")
    page.follow("Prepare the minutes")
    page.press("Prepare the minutes")
    page.reads("Prepared. It is now with the chair.")
    page.sign_in_as(CHAIR)
    page.reads("For you to decide")
    page.follow(re.compile("^Read and release the decisions letter"))
    page.press("Release the decisions letter")
    page.reads("Released.")
    page.open("/")
    page.follow(re.compile("^Read and sign off the minutes"))
    page.press("Sign off the minutes")
    page.reads("Released.")


def show_the_views(page: Walker, number: int) -> None:
    """Show, as the chair, what is in about each child where someone who is asked has not answered."""
    conference = conferences()[number - 1]
    for child in conference.children.present():
        page.open(reverse("meetings:child-views", args=[conference.pk, child.pk]))
        if page.find_link("Show the views now"):
            page.follow("Show the views now")
            page.write("Why are you showing the views before everyone has answered?", "The others are not here.")
            page.press(re.compile("^Show the views about"))


def open_decision(page: Walker, number: int, child: str) -> None:
    if by_services(page, "the way to a decision"):
        rows = conferences()[number - 1].children.present().select_related("child__person")
        name = UNBORN if child == "the unborn baby" else child
        row = next(one for one in rows if name in one.child.person.full_name)
        page.open(reverse("meetings:decide", args=[row.conference_id, row.pk]))
        return
    the_day(page, number)
    go_to(page, "Decisions")
    page.follow(re.compile(f"^Decide for .*{child}"))


def let_a_plan_go_on(page: Walker, number: int, child: str) -> None:
    open_decision(page, number, child)
    page.choose(re.compile("still suffer significant harm"), "Yes")
    page.choose("The chair’s decision", "The child protection plan goes on")
    page.choose("Main category of harm", "Emotional abuse")
    page.write("Why do you decide this?", "The fights have become fewer, and are not over.")
    go_on_although_something_is_missing(page)
    page.press(re.compile("^Check the decision for"))
    page.press(re.compile("^Decide"))
    page.reads("Decided for")


def lower_a_plan(page: Walker, number: int, child: str) -> None:
    open_decision(page, number, child)
    page.choose(re.compile("still suffer significant harm"), "No")
    page.choose("The chair’s decision", "Lowered to a child in need plan, with consent")
    page.select("What Hazel Brambley said", "Yes")
    page.choose("If the plan ends or is lowered: why?", "The risk is lower because of the plan")
    page.write("What help goes on, by whom, and until when?", "The health visitor, each month until September")
    page.write("Why do you decide this?", "Wren sleeps and plays.")
    go_on_although_something_is_missing(page)
    page.write(re.compile("^Why you decide differently"), "The nursery has seen her every day.")
    page.press(re.compile("^Check the decision for"))
    page.press(re.compile("^Decide"))
    page.reads("Decided for")


def said_by(link: Any) -> str:
    """Return the words of a link to who gets a paper; nothing for any other link."""
    return " ".join(link.text_content().split()) if link.get("href", "").endswith("/circulation/") else ""


def send_copies(page: Walker, clock, number: int, moment: str) -> None:
    """Record, as the coordinator, that each recipient has the letter and the minutes."""
    clock.move_to(at(moment))
    page.sign_in_as(COORDINATOR)
    for paper in ("decisions letter", "minutes"):
        if by_services(page, "copies"):
            send_the_other_copies(conferences()[number - 1], by=user(COORDINATOR))
            return
        open_conference(page, number)
        page.follow("Letter and minutes")
        page.open(next(one.get("href") for one in page.page.iter("a") if said_by(one) == f"Send the {paper}"))
        for person in page.page.find_class("cp-recipient"):
            page.choose(re.compile("^How does .* get it this time"), re.compile("^By hand"), within=person)
            page.tick(re.compile("^I have checked that this is right"), within=person)
            page.write("How you checked", "Rang on the number marked safe", within=person)
            page.write_date("If they have it in their hands already: since when?", at(moment).date(), within=person)
            page.write(re.compile("^At what time"), moment.split()[1], within=person)
        page.press("Send what I have confirmed")
        page.reads("Everyone due a copy has one.")


def end_a_plan(page: Walker, number: int, child: str) -> None:
    open_decision(page, number, child)
    page.choose(re.compile("still suffer significant harm"), "No")
    page.choose("The chair’s decision", "The child protection plan ends")
    page.choose("If the plan ends or is lowered: why?", "The risk is lower because of the plan")
    page.write("What help goes on, by whom, and until when?", "The health visitor, each month until September")
    page.write("Why do you decide this?", "Finn thrives.")
    go_on_although_something_is_missing(page)
    page.write(re.compile("^Why you decide differently"), "The weight chart says so.")
    page.press(re.compile("^Check the decision for"))
    page.press(re.compile("^Decide"))
    page.reads("Decided for")
