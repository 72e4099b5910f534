"""The words of My Views that the chair released to one reader, for their own page before the meeting."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from conferences.enums import AdvocateReads, Capacity, ConferenceStatus
from conferences.models import Participant
from conferences.selectors.advocate_agreements import reads
from conferences.selectors.children import children_in, children_outside, names_in_a_sentence
from conferences.selectors.family_home import concealed_for
from deadlines.working_days.arithmetic import civil_day
from entitlement import Excerpt, NamedChild, Reader, make_reader, may_read
from my_views.models import ReleasedPassage
from my_views.selectors.released import handed_in_openly, released_in

BEFORE_IT_IS_OVER = (ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)
SOMEBODY = "Someone in the family"


@dataclass(frozen=True)
class PassedOn:
    """Words as they were said: by whom, as this reader may know it, and to which question."""

    speaker: str
    asked: str
    text: str


def passed_on_to(participant: Participant, *, now: datetime.datetime) -> list[PassedOn]:
    """Return what the chair released to this person by name, until the meeting is over; after it, papers hold it.

    An advocate gets them only as long as the person they speak for agrees that the advocate reads My Views.

    Never what names a child who is not the reader's, or a place hidden from them: the release does not change that.
    """
    conference = participant.conference
    if conference.status not in BEFORE_IT_IS_OVER:
        return []
    if participant.capacity == Capacity.ADVOCATE and not reads(participant, AdvocateReads.MY_VIEWS):
        return []
    rows = list(released_in(conference).filter(recipient=participant))
    if not rows:
        return []
    reader = _reader(participant, now=now)
    found = {
        (row.answer_id, row.text): PassedOn(_speaker(row, participant, reader), row.answer.asked, row.text)
        for row in rows
        if may_read(Excerpt(texts=(row.text,)), reader) and not reader.is_hidden(row.text, row.answer.asked)
    }
    return list(found.values())


def words_of_client(advocate: Participant, *, now: datetime.datetime) -> list[PassedOn]:
    """Return what the person an advocate speaks for handed in, where they agree, until the meeting is over.

    Never what is only for the chair and the social worker, nor what names a place hidden from the advocate.
    """
    client = advocate.acts_for
    if client is None or advocate.conference.status not in BEFORE_IT_IS_OVER:
        return []
    if not reads(advocate, AdvocateReads.MY_VIEWS):
        return []
    concealed = concealed_for(advocate, on=civil_day(now))
    return [
        PassedOn(client.person.full_name, answer.asked, answer.said)
        for answer in handed_in_openly(advocate.conference, client.person)
        if not concealed.is_in(answer.said, answer.asked)
    ]


def _reader(participant: Participant, *, now: datetime.datetime) -> Reader:
    conference, on = participant.conference, civil_day(now)
    rows = list(children_in(conference))
    named = set(participant.children.values_list("pk", flat=True)) or {row.pk for row in rows}
    is_child = participant.capacity == Capacity.CHILD
    return make_reader(
        id=participant.pk,
        person=participant.person_id,
        name=participant.person.full_name,
        children={row.pk for row in rows if row.child.person_id == participant.person_id} if is_child else named,
        of=[NamedChild(row.pk, tuple(names_in_a_sentence(row.child.person)), row.child.is_unborn) for row in rows],
        outside=children_outside(conference, on=on),
        concealed=concealed_for(participant, on=on),
        is_adult_family=participant.is_family and not is_child,
        is_child=is_child,
    )


def _speaker(row: ReleasedPassage, participant: Participant, reader: Reader) -> str:
    """Return whose words they are: a child of the reader's by name; other family to professionals alone."""
    person = row.answer.hand_in.form.person
    if person.pk == participant.person_id:
        return "You"
    own = participant.conference.children.filter(pk__in=reader.children, child__person=person)
    name = person.full_name if not reader.is_family else person.short_name
    if reader.is_hidden(person.full_name) or (reader.is_family and not own.exists()):
        return SOMEBODY
    return name
