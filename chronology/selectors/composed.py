"""The chronology as one person may read it: every event is asked of ``entitlement``, in doubt it is left out."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from chronology.selectors.events import Chosen, Event, found_events, in_words, title_for
from conferences.enums import HowToAttend
from conferences.models import ExclusionRequest, Participant
from conferences.selectors.children import names_in_a_sentence, readers_of
from conferences.selectors.risks import undecided_risks
from entitlement import Excerpt, NamedChild, Reader, concealed_from, make_reader, may_read
from families.chronology import CaseScope, EventKind
from families.models import AgencyInvolvement, Child, Person
from families.selectors import recorded_ties
from families.selectors.people import open_contact_risks
from govuk.words import listed, plain_date

# A version is read by people: more than this many events would be nobody's reading.
MOST_COMPOSED = 1000
CHAIR_FIRST = "A contact risk is recorded about this person. Nothing goes to them before the chair has decided."
REQUEST_OPEN = "The chair is asked how this person takes part. Nothing goes to them before the chair has decided."
# What someone who is kept out or apart reads of these, the chair settles for each paper.
FOR_THE_CHAIR = frozenset({EventKind.MEETING, EventKind.DECISION, EventKind.REPORT})

STAFF_ONLY = "for staff only, such as risks, time limits and work on the case"
OTHER_CHILDREN = "about children whom this person may not read about"
PRIVATE = "private to someone else"
HIDDEN = "would give away where someone is"
NOT_THERE = "meetings and reports that this person was not at or did not get"
CHAIR_SETTLES = "meetings, decisions and reports: the chair settles what someone kept out or apart reads"


@dataclass(frozen=True)
class Recipient:
    """Someone for whom the chronology can be composed, and the children whom they may read about.

    ``held_back`` says why nothing goes to them now; ``is_apart`` that the chair keeps them out or apart.
    """

    person: Person
    words: str
    children: frozenset[int]
    is_family: bool
    held_back: str = ""
    is_apart: bool = False


@dataclass(frozen=True)
class Composed:
    """One person's version: events with their titles as this person may read them, and how many were left out, why."""

    recipient: Recipient
    children: list[Child]
    events: list[Event]
    left_out: list[tuple[str, int]]
    is_cut: bool

    @property
    def names(self) -> str:
        """The children it is about, as a sentence names them in full."""
        return listed([child.person.full_name for child in self.children])


def recipients_of(scope: CaseScope) -> list[Recipient]:
    """Return who may have a version: adults whose tie lets them read, then professionals who work with a child.

    A child reads their own papers instead. A fixed number of queries.
    """
    ties = recorded_ties(scope.children, on=scope.on)
    may = {child.pk: readers_of(ties, child, on=scope.on) for child in scope.children}
    adults = Person.objects.findable().filter(
        pk__in={pk for readers in may.values() for pk in readers}, death_date__isnull=True
    )
    found = [
        Recipient(
            person, "Family", frozenset(child for child, readers in may.items() if person.pk in readers), is_family=True
        )
        for person in adults
    ]
    known = AgencyInvolvement.objects.current(on=scope.on).filter(child__in=scope.child_ids, post__isnull=False)
    works: dict[int, tuple[AgencyInvolvement, set[int]]] = {}
    for row in known.select_related("agency", "post__person").order_by("pk"):
        if row.post and row.post.is_current(scope.on) and row.post.person.sealed_at is None:
            works.setdefault(row.post.person_id, (row, set()))[1].add(row.child_id)
    family = {recipient.person.pk for recipient in found}
    for pk, (row, children) in works.items():
        if row.post and pk not in family:
            kind = row.agency.get_kind_display()
            found.append(Recipient(row.post.person, kind, frozenset(children), is_family=False))
    return _held_back(found, scope)


def _held_back(found: list[Recipient], scope: CaseScope) -> list[Recipient]:
    people = [recipient.person.pk for recipient in found]
    rows = list(Participant.objects.filter(conference__family=scope.family, person__in=people).order_by("pk"))
    newest = {row.person_id: row for row in rows}
    listed_risks = undecided_risks(newest.values(), on=scope.on)
    at_risk = {row.person_id for row in newest.values() if row.pk in listed_risks}
    risks = open_contact_risks(people, [], on=scope.on).values_list("person", flat=True)
    at_risk |= {pk for pk in risks if pk not in newest}
    requests = list(
        ExclusionRequest.objects.filter(participant__person__in=people, conference__authority=scope.family.authority_id)
        .order_by("pk")
        .values_list("participant__person", "decided_at", "how")
    )
    waiting = {pk for pk, decided_at, _ in requests if decided_at is None}
    how = {pk: how for pk, decided_at, how in requests if decided_at is not None}
    return [
        replace(
            row,
            held_back=CHAIR_FIRST if row.person.pk in at_risk else REQUEST_OPEN if row.person.pk in waiting else "",
            is_apart=how.get(row.person.pk, HowToAttend.WHOLE) not in {HowToAttend.WHOLE, ""},
        )
        for row in found
    ]


def composed_for(recipient: Recipient, scope: CaseScope, *, now: datetime.datetime) -> Composed:
    """Return the case until now as this person may read it, from the beginning; whether anything goes, see them."""
    found = list(found_events(scope, Chosen(until=scope.on), newest_first=False)[: MOST_COMPOSED + 1])
    events = in_words(found[:MOST_COMPOSED], scope, now=now)
    reader = _reader(recipient, scope)
    kept: list[Event] = []
    reasons: Counter[str] = Counter()
    for event in events:
        if event.is_to_come:
            continue
        why = _why_not(event, reader, recipient, scope)
        if why:
            reasons[why] += 1
        else:
            title = title_for(event.told, scope, reader.children)
            # The hour of a meeting or visit may be one that somebody else keeps apart.
            kept.append(
                replace(event, when=plain_date(event.day), title=title, told=replace(event.told, detail="", url=""))
            )
    return Composed(
        recipient=recipient,
        children=[child for child in scope.children if child.pk in recipient.children],
        events=kept,
        left_out=sorted(reasons.items(), key=lambda row: -row[1]),
        is_cut=len(found) > MOST_COMPOSED,
    )


def _why_not(event: Event, reader: Reader, recipient: Recipient, scope: CaseScope) -> str:
    """Return why a reader may not have an event; "" where they may."""
    told, source = event.told, event.source
    if source.staff_only or (source.not_for_family and reader.is_family):
        return STAFF_ONLY
    if recipient.is_apart and source.kind in FOR_THE_CHAIR:
        return CHAIR_SETTLES
    if told.known_to is not None and reader.person not in told.known_to:
        return NOT_THERE
    if told.private_to - {reader.person}:
        return PRIVATE
    # What is one adult's alone is about no child; anything else that names none is about all of them.
    children = told.children or (reader.children if told.private_to == {reader.person} else scope.child_ids)
    if told.lists_children:
        children &= reader.children
    title = title_for(told, scope, reader.children)
    excerpt = Excerpt(texts=(title,), children=children, private_to=told.private_to)
    if not children or not may_read(excerpt, reader) or not children <= reader.children:
        return OTHER_CHILDREN
    if _gives_away(event, title, reader):
        return HIDDEN
    return ""


def _gives_away(event: Event, title: str, reader: Reader) -> bool:
    told = event.told
    if told.residence in reader.concealed.residences:
        # That somebody moved, and when, tells of a hidden home too.
        return True
    return reader.is_hidden(title, *told.checked) or any(
        reader.concealed.gives_away(title, person=person, agency=told.agency, post=told.post)
        for person in told.persons or {0}
    )


def _reader(recipient: Recipient, scope: CaseScope) -> Reader:
    ever: Iterable[Child] = (
        Child.objects.filter(person__memberships__family=scope.family)
        .select_related("person", "pregnancy")
        .prefetch_related("person__names")
        .distinct()
    )
    ever = list(ever)
    return make_reader(
        id=recipient.person.pk,
        person=recipient.person.pk,
        name=recipient.person.full_name,
        children=recipient.children,
        of=[NamedChild(child.pk, tuple(names_in_a_sentence(child.person)), child.is_unborn) for child in ever],
        concealed=concealed_from([recipient.person], ever, council=scope.family.authority.name, on=scope.on),
        is_adult_family=recipient.is_family,
    )
