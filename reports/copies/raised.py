"""What a copy says that was raised after a meeting: comments on its minutes and dissent, with the answers."""

from __future__ import annotations

import datetime

from conferences.enums import Presence
from entitlement import may_read
from reports.copies.copies import Raised
from reports.copies.levels import Row
from reports.copies.naming import Naming
from reports.copies.readers import excerpt_of
from reports.enums import PrintedFor


class RaisedWriter(Naming):
    """Writes what was raised afterwards, for whoever may read it."""

    def raised(self) -> list[Raised]:
        """Return what the reader said themselves, and of others what the answer released to them.

        What was released to professionals reaches those who heard at least the parts of the meeting that its author
        heard. What was released to everyone reaches the family too: it stands in place of whose private information it
        is and in which part it was said, and never of whose child it names.
        """
        # Added as a copy is given out; what only was prepared has none.
        return [self._one(row) for row in self.content.get("raised", ()) if self._reads_raised(row)]

    def _reads_raised(self, row: Row) -> bool:
        if row["by"] not in self.people:
            return False
        if self.reader.sees_everything or self.is_own(row["by"]):
            return True
        if self.reader.is_child or row["printed_for"] == PrintedFor.OWN:
            return False
        if row["printed_for"] == PrintedFor.PROFESSIONALS and (
            self.reader.is_family or not self._heard_as_much(self.people[row["by"]])
        ):
            return False
        return may_read(excerpt_of(row, row["quoted"], row["text"], row["answer"]), self.reader)

    def _heard_as_much(self, who: Row) -> bool:
        heard = {one["part"] for one in who["attendance"] if one["presence"] == Presence.PRESENT}
        return heard <= self.reader.parts

    def _one(self, row: Row) -> Raised:
        entry, where = f"{row['kind']}:{row['id']}", "What was said about these minutes afterwards"
        return Raised(
            is_dissent=row["kind"] == "lodged",
            who=self.speaker(row["by"]),
            on=datetime.date.fromisoformat(row["on"]),
            quoted=self.say(entry, where, row["quoted"]),
            text=self.say(entry, where, row["text"]),
            answer=self.say(entry, where, row["answer"]),
            answered_by=row["answered_by"],
            is_own=self.is_own(row["by"]),
        )
