"""An allegation against a football coach, and the day on which it became known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from allegations.enums import Threshold
from allegations.services.referrals import Allegation, refer
from tests.case_events import at

# A Friday: the next working day is Monday 8 March 2027.
KNOWN = date(2027, 3, 5)
NOW = at(KNOWN)
SAID = Allegation(
    about_name="Mr Gander", job="Football coach", agency_name="Eastmere Rovers", threshold=Threshold.HARMED,
    what="He pulled Robin by the arm, she says.", happened="At training, on Thursday",
)  # fmt: skip


def referred(life, **changes):
    said = {name: changes.pop(name) for name in list(changes) if name in Allegation.__dataclass_fields__}
    given = {"family": life.family, "child": life.kid, "known_on": KNOWN, "by": life.worker, "now": NOW, **changes}
    return refer(allegation=replace(SAID, **said), **given)
