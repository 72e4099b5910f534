"""A pair of babies of whom one was expected: the first keeps its plan, the second has none until the chair decides."""

from __future__ import annotations

import datetime

from demo import meeting
from demo.families import DemoFamily
from families.enums import Sex
from families.services import Birth, PersonFacts, record_birth


def bear_a_pair(demo: DemoFamily, *, on: datetime.date) -> None:
    """Record the birth of the expected baby and of one nobody expected, on the morning of a day."""
    (unborn,) = [child for child in demo.children if child.is_unborn]
    if unborn.pregnancy is None:
        return

    def baby(name: str, sex: Sex) -> PersonFacts:
        return PersonFacts(given_name=name, family_name=demo.family.name, sex=sex, birth_date=on)

    births = [Birth(child=unborn, facts=baby("Daphne", Sex.FEMALE)), Birth(child=None, facts=baby("Ferris", Sex.MALE))]
    record_birth(pregnancy=unborn.pregnancy, births=births, by=demo.social_worker, now=meeting.at(on, 9))
