"""What a copy says of the reports, of what is done if something happens, and why the meeting was held."""

from __future__ import annotations

from entitlement import Excerpt, in_the_plan_for, may_read
from govuk import words
from reports.copies.copies import Different, ReportSaid, ReportUnder, Roads, Then
from reports.copies.levels import Row
from reports.copies.naming import SOME_PROFESSIONAL, Naming
from reports.copies.plain_words import why_we_met
from reports.copies.readers import excerpt_of
from reports.enums import InMinutes, SharingOutcome


class ReportedWriter(Naming):
    """Writes what was brought to the meeting on paper."""

    def why_held(self) -> str:
        """Return the reason in the words of whoever asked for the meeting, where they are the reader's to read.

        A parent of some of the children reads it like a note that names no child. Somebody kept apart reads only what
        was shared with them in a report: the request may say who spoke of what.
        """
        if self.reader.is_child:
            return ""
        if self.reader.is_family and self.reader.is_separate:
            return self._shared_reason()
        text = self.content["reason"]
        if self.reader.is_family and not may_read(Excerpt((text,)), self.reader):
            return self._shared_reason()
        return self.say("reason", "Why the conference was held", text)

    def _shared_reason(self) -> str:
        """Return the newest reason in a report that was shared with the reader, who reads about every child."""
        if not self.reader.every_child:
            return ""
        for row in reversed(self.content.get("reports_in", ())):
            shared = row["why"] and self._was_shared(row) and may_read(Excerpt((row["why"],)), self.reader)
            if shared and not self.reader.is_hidden(row["why"]):
                return self.say(f"report-why:{row['id']}", "Why the conference was held, in a report", row["why"])
        return ""

    def why_in_general(self) -> tuple[str, ...]:
        """Return why such a meeting is held, once for each kind, about the reader's own children."""
        kinds: dict[str, list[str]] = {}
        for row in self.content["children"]:
            if row.get("kind") and (row["id"] in self.reader.children or self.reader.sees_everything):
                kinds.setdefault(row["kind"], []).append(row["short_name"])
        said = (why_we_met(kind, names) for kind, names in kinds.items())
        return tuple(sentence[:1].upper() + sentence[1:] for sentence in said)

    def reports_said(self) -> list[ReportSaid]:
        """Return each report in short: to professionals who were there, and to the family where it was shared."""
        if self.reader.is_child:
            return []
        found = []
        labels = {row["key"]: row["label"] for row in self.content["headings"]}
        for report in self.content.get("reports_in", ()):
            if self.reader.is_family and not self._was_shared(report):
                continue
            author = self.people[report["author"]]
            if self.is_withheld(author) or self._is_kept_back(report):
                continue
            under: dict[str, list[str]] = {}
            for row in report["passages"]:
                if self._reads_passage(report, row):
                    label = row["under"] if "form" in report else labels.get(row["under"], as_words(row["under"]))
                    said = self.say(row["entry"], f"Report of {author['name']}", _with_evidence(row))
                    under.setdefault(label, []).append(said)
            if under:
                parts = tuple(ReportUnder(label, tuple(texts)) for label, texts in under.items())
                is_whole = report.get("form") == InMinutes.WHOLE
                found.append(ReportSaid(self.speaker(report["author"]), parts, is_whole=is_whole))
        return found

    def _was_shared(self, report: Row) -> bool:
        """Return whether the whole of it was shared with the reader; in part, no one recorded which."""
        sharings = self.people[report["author"]]["sharings"]
        newest = next((row for row in sharings if row["person"] == self.reader.person), None)
        return newest is not None and newest["outcome"] == SharingOutcome.SHARED

    def _is_kept_back(self, report: Row) -> bool:
        """Return whether the chair keeps it from someone in the family: then it stands in no professional's copy.

        A paper that a professional keeps is asked for by the family. Its author has it, and whoever runs the meeting.
        """
        if self.reader.is_family or self.reader.sees_everything or self.is_own(report["author"]):
            return False
        return bool(report.get("kept_back"))

    def _reads_passage(self, report: Row, row: Row) -> bool:
        if row["entry"] in self.reader.left_out:
            return False
        if self.reader.sees_everything:
            return True
        is_whole, is_ours = report.get("form") == InMinutes.WHOLE, self.is_own(report["author"])
        if is_whole and not is_ours and (set(row["private_to"]) - {self.reader.person} or row["kept_from"]):
            # As strictly as before the meeting, when professionals read each other's reports.
            return False
        own = set(report["children"])
        about = row["children"] or (own if own and own < set(report["among"] or self.children) else ())
        texts = (row["text"], row.get("evidence", ""))
        passage = Excerpt(
            texts=texts,
            children=frozenset(about),
            private_to=frozenset(row["private_to"]),
            kept_from=frozenset(row.get("kept_from", ())),
            among=frozenset(report["among"]),
        )
        # What a report says of a hidden place was never shared with the reader.
        return may_read(passage, self.reader) and not self.reader.is_hidden(*texts)

    def outcomes(self) -> list[Different]:
        """Return what the meeting agreed will be different for the reader's children."""
        found = []
        for one in self.content.get("outcomes", ()):
            if self._reads_of_the_plan(one, one["entry"], one["text"]):
                where = f"What will be different, for {self.about(one)}"
                found.append(Different(self.about(one), self.say(one["entry"], where, one["text"])))
        return found

    def contingency(self) -> list[Then]:
        """Return what is done if something happens, and who acts, for the reader's children."""
        if self.reader.is_child:
            return []
        found = []
        for one in self.content.get("contingency", ()):
            # What a plan said itself, and papers from before it was agreed in the room, tell no more than this.
            entry = one.get("entry", f"then:{one['id']}")
            who, who_else = one.get("who"), one.get("who_else", "")
            if not self._reads_of_the_plan(one, entry, one["if_this"], one["we_do"], who_else):
                continue
            where = f"If something happens, for {self.about(one)}"
            people = (self.name_of(who), self.label(who_else, SOME_PROFESSIONAL))
            found.append(
                Then(
                    self.say(entry, where, one["if_this"]),
                    self.say(entry, where, one["we_do"]),
                    ", ".join(filter(None, people)),
                    self.about(one) if "entry" in one else "",
                )
            )
        return found

    def _reads_of_the_plan(self, one: Row, entry: str, *texts: str) -> bool:
        said = excerpt_of(one, *texts)
        if entry in self.reader.left_out or not may_read(said, self.reader):
            return False
        return in_the_plan_for(said, self.reader, self.confidential)

    def roads(self) -> Roads:
        """Return what to do about mistakes, dissent and complaints, and in how many days."""
        roads = self.content.get("roads", {})
        return Roads(
            comments=roads.get("comments", ""),
            dissent=roads.get("dissent", ""),
            dissent_answer=roads.get("dissent_answer", ""),
            complaint_answer=roads.get("complaint_answer", ""),
            complaint_help=tuple(roads.get("complaint_help", ())),
        )

    def definition(self, code: str) -> str:
        """Return what the council's procedures say a category of harm is."""
        return str(self.content.get("definitions", {}).get(code, ""))

    def parts_of(self, who: Row) -> str:
        """Return in which parts of the reader's own someone was, where the reader was in several."""
        own = [
            part
            for part in self.content["parts"]
            if part["title"] and (self.reader.sees_everything or part["id"] in self.reader.parts)
        ]
        if len(own) < 2:  # noqa: PLR2004 - one part needs no word
            return ""
        seats = {row["part"] for row in who["attendance"] if row["presence"] == "present"}
        titles = [title for part in own if part["id"] in seats and (title := self.label(part["title"], ""))]
        return words.listed(titles) if len(titles) < len(own) else ""


def as_words(key: str) -> str:
    """Return words for a heading known by its key alone."""
    return key.replace("-", " ").capitalize()


def _with_evidence(row: Row) -> str:
    evidence = row.get("evidence", "")
    return f"{row['text']}\nAn opinion, based on: {evidence}" if evidence else str(row["text"])
