"""What a copy says of how the meeting went: statements read out, breaks, and where it was broken off."""

from __future__ import annotations

import datetime

from entitlement import Excerpt, may_read
from govuk import words
from reports.copies.copies import ReadOut
from reports.copies.naming import Naming


class CourseWriter(Naming):
    """Writes how the meeting went, for those who were there."""

    def read_out(self) -> list[ReadOut]:
        """Return what was read out in the reader's own parts, each statement once."""
        found: dict[tuple[str, tuple[str, ...]], ReadOut] = {}
        for row in self.content.get("statements", ()):
            if self.reader.sees_everything or row["part"] in self.reader.parts:
                said = ReadOut(row["title"], tuple(row["words"]))
                found.setdefault((said.title, said.sentences), said)
        return list(found.values())

    def course(self) -> list[str]:
        """Return where the meeting was broken off, and its breaks.

        Times are told to those who were in every part: a break in another's part would say when that part was. Why
        there was one is told to professionals alone; the family was there, and the reason may be about one of them.
        """
        if not (self.reader.sees_everything or self.reader.parts):
            return []
        return [*self._broken_off(), *self._breaks()]

    def _broken_off(self) -> list[str]:
        found = []
        for row in self.content.get("broken_off", ()):
            entry, where = f"adjourned:{row['id']}", f"Why the meeting on {row['day']} stopped"
            reason = row["reason"] if self._hears_all() and self._reads(row["reason"]) else ""
            why = self.say(entry, where, reason) or ("too few agencies were there" if row["too_few"] else "")
            why = f": {_without_stop(why)}" if why else ""
            went_on = f" It continued on {row['went_on']}." if row["went_on"] else ""
            found.append(f"The meeting on {row['day']} stopped before everything was decided{why}.{went_on}")
        return found

    def _breaks(self) -> list[str]:
        if not self._hears_all():
            return []
        found = []
        for row in self.content.get("breaks", ()):
            began, ended = (datetime.datetime.fromisoformat(row[key]) for key in ("began", "ended"))
            said = f"Break from {words.clock(began)} to {words.clock(ended)}"
            why = "" if self.reader.is_family else row["reason"]
            reason = self.say(f"break:{row['id']}", "Why there was a break", why)
            found.append(f"{said}{f': {_without_stop(reason)}' if reason else ''}.")
        return found

    def _hears_all(self) -> bool:
        return self.reader.sees_everything or self.reader.every_part

    def _reads(self, text: str) -> bool:
        return may_read(Excerpt((text,)), self.reader)


def _without_stop(text: str) -> str:
    return text.strip().rstrip(".")
