"""The demonstration shows what people say and write before a conference, and what waits because of it."""

from __future__ import annotations

import datetime
import random

import pytest
import time_machine

from allegations.models import Referral
from conferences.models import ConferenceRequest, Part
from deadlines.models import Deadline
from deadlines.to_decide import to_decide
from deadlines.working_days.calendars import calendar_for
from demo import heard, meeting, told
from demo.cast import CAST
from demo.council import build_council
from demo.story import tell
from my_views.models import HandIn
from reports.models import LetterHandover, Report, ShortPassage

TODAY = datetime.date(2027, 3, 10)


@pytest.mark.django_db
def test_it_shows_what_is_said_and_written_beforehand():
    now = meeting.at(TODAY, 11)
    with time_machine.travel(now, tick=False):
        council = build_council(now=now)
        calendar = calendar_for(council.authority.pk)
        for name in (heard.IS_HEARD, heard.IN_HALVES, heard.ASKED_ABOUT, heard.ALLEGED):
            cast = next(row for row in CAST if row.name == name)
            tell(council, cast, calendar=calendar, today=TODAY, now=now, dice=random.Random(name))
        handed_in = HandIn.objects.get()
        assert heard.WORDS in {row.text for row in handed_in.answers.all()}
        assert ShortPassage.objects.exists()
        by_link = Report.objects.filter(submitted_guest_session_id__isnull=False)
        assert [row.author.person.user_id for row in by_link] == [None]
        planned = Part.objects.filter(starts_at__isnull=False).order_by("number")
        assert [part.title for part in planned] == ["With the mother", "With the father"]
        request = ConferenceRequest.objects.get(agency__isnull=False)
        assert (request.person.full_name, request.answered_at) == ("Shazia Wing", None)
        worker = council.social_worker_of("Disabled Children")
        assert "told-danger" in {row[1] for row in to_decide(worker)}
        assert Referral.objects.count() == 1


@pytest.mark.django_db
def test_children_are_told_and_one_has_a_letter():
    now = meeting.at(TODAY, 11)
    with time_machine.travel(now, tick=False):
        council = build_council(now=now)
        calendar = calendar_for(council.authority.pk)
        cast = next(row for row in CAST if row.name == told.HAS_A_LETTER)
        tell(council, cast, calendar=calendar, today=TODAY, now=now, dice=random.Random(cast.name))
        letter = LetterHandover.objects.get()
        assert letter.document.conference_child.child.person.given_name == "Nettle"
        assert letter.handed_at is not None
        assert not Deadline.objects.filter(kind="child-told", met_at__isnull=True).exists()
        assert Deadline.objects.filter(kind="child-told").count() == len(cast.children)
