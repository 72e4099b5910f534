"""What a copy says about the meeting: board, plan, agenda, attendance, next dates."""

from __future__ import annotations

import datetime

from conferences.enums import FAMILY_CAPACITIES, Mode, Outcome, ParticipantStatus, PlanEffect, Presence
from entitlement import Excerpt, in_the_plan_for, in_their_parts, may_read, on_the_board_for
from govuk import words
from meetings.enums import StopGround
from reports.copies.copies import Action, AgendaLine, Attendee, BoardGroup, BoardLine, NextStep, Stop, ViewsSaid
from reports.copies.levels import NEVER_BY_DEFAULT, Row, turns_to
from reports.copies.naming import SOME_PROFESSIONAL, SOMEBODY
from reports.copies.readers import excerpt_of
from reports.copies.reported import ReportedWriter
from reports.enums import SharingOutcome

PLACE_TO_FOLLOW = "place to be told to you"
DANGER, GOAL = "danger-statement", "safety-goal"


class MeetingWriter(ReportedWriter):
    """Writes what was said and agreed together."""

    def plan(self) -> list[Action]:
        found = []
        for one in self.content["outline"]:
            action = excerpt_of(one, one["why"], one["what"], one["who_else"])
            if not may_read(action, self.reader) and not self._must_do(one):
                continue
            if (
                not in_the_plan_for(action, self.reader, self.confidential)
                or f"action:{one['id']}" in self.reader.left_out
            ):
                continue
            entry, where = f"action:{one['id']}", f"Plan, for {self.about(one)}"
            found.append(
                Action(
                    about=self.about(one),
                    why=self.say(entry, where, one["why"]),
                    what=self.say(entry, where, one["what"]),
                    who=", ".join(
                        filter(None, (self.name_of(one["who"]), self.label(one["who_else"], SOME_PROFESSIONAL)))
                    ),
                    by_when=self.label(one["by_when"]),
                    how_known=self.say(entry, where, one.get("how_known", "")),
                    is_own=self._is_ours(one),
                )
            )
        return found

    def _must_do(self, one: Row) -> bool:
        """Return whether the reader has to do it: then they read it, unless it is someone else's private matter.

        Names in it of children who are not theirs are found with the words, and wait for whoever prepares the paper.
        """
        return self.is_own(one["who"]) and not set(one["private_to"]) - {self.reader.person}

    def _is_ours(self, one: Row) -> bool:
        """Return whether the reader does it, or for a professional someone of the same agency."""
        if self.is_own(one["who"]):
            return True
        who, reader = self.people.get(one["who"]), self.people.get(self.reader.id)
        if who is None or reader is None or self.reader.is_family or reader["agency"] is None:
            return False
        return bool(who["agency"] == reader["agency"])

    def board(self) -> list[BoardGroup]:
        groups = []
        for heading in self.content["headings"]:
            if heading["key"] in {DANGER, GOAL}:
                continue
            lines = [
                self._line(heading, one)
                for one in self.content["board"]
                if one["heading"] == heading["key"] and self._on_board(one)
            ]
            discussion = self._discussion(heading)
            if lines or discussion:
                groups.append(BoardGroup(heading["label"], heading["prompt"], tuple(lines), discussion))
        return groups

    def _discussion(self, heading: Row) -> tuple[str, ...]:
        """Return what was written afterwards about the discussion under a heading, read like a note of its part."""
        found = []
        for one in self.content.get("discussion", ()):
            entry, said = f"discussion:{one['id']}", excerpt_of(one, one["text"])
            if one["heading"] != heading["key"] or entry in self.reader.left_out:
                continue
            heard = on_the_board_for(said, self.reader) and may_read(said, self.reader)
            if heard or self.reader.sees_everything:
                found.append(self.say(entry, f"Discussion under ‘{heading['label']}’", one["text"]))
        return tuple(found)

    def under(self, key: str) -> list[str]:
        """Return the texts on the board under one heading, as far as the reader may read them."""
        label = next((row["label"] for row in self.content["headings"] if row["key"] == key), "")
        where = f"Board entry under ‘{label}’"
        return [
            self.say(f"board:{one['id']}", where, one["text"])
            for one in self.content["board"]
            if one["heading"] == key and self._on_board(one)
        ]

    def _on_board(self, one: Row) -> bool:
        if f"board:{one['id']}" in self.reader.left_out:
            return False
        if self.reader.sees_everything:
            return True
        return on_the_board_for(self._note(one), self.reader) and (
            may_read(self._note(one), self.reader) or self._own_note(one)
        )

    def _note(self, one: Row) -> Excerpt:
        return excerpt_of(one, one["text"], one["evidence"], one["seen_differently"])

    def _own_note(self, one: Row) -> bool:
        """Return whether the reader said it: then they read it, unless it is marked as someone else's private matter.

        Names in it of children who are not theirs are found with the words, and wait for whoever prepares the paper.
        """
        return self.is_own(one["speaker"]) and not set(one["private_to"]) - {self.reader.person}

    def _line(self, heading: Row, one: Row) -> BoardLine:
        entry, where = f"board:{one['id']}", f"Board entry under ‘{heading['label']}’"
        # What others added to the reader's own words is theirs to read only where the whole note is.
        whole = may_read(self._note(one), self.reader)
        return BoardLine(
            text=self.say(entry, where, one["text"]),
            nature=one["nature"],
            evidence=self.say(entry, where, one["evidence"]) if whole else "",
            speaker=self.speaker(one["speaker"]),
            about=self.about(one),
            seen_differently=self.say(entry, where, one["seen_differently"]) if whole else "",
            is_own=self.is_own(one["speaker"]),
        )

    def views_said(self) -> list[ViewsSaid]:
        """Return what the family wrote beforehand and the chair released to this reader or a part they were in.

        The chair's release decides who reads it, in place of whose private information it is; names of children whose
        papers are not the reader's, and hidden places, stay out all the same.
        """
        found: dict[tuple[int, str], ViewsSaid] = {}
        # Papers made before My Views could be handed in have none.
        for one in self.content.get("my_views", ()):
            entry, where = f"my_views:{one['id']}", f"My Views, ‘{one['asked']}’"
            if not self._is_released(one) or entry in self.reader.left_out:
                continue
            if not may_read(Excerpt(texts=(one["text"],)), self.reader):
                continue
            found.setdefault(
                (one["answer"], one["text"]),
                ViewsSaid(self._writer(one), one["asked"], self.say(entry, where, one["text"])),
            )
        return list(found.values())

    def _is_released(self, one: Row) -> bool:
        if self.reader.sees_everything:
            return True
        if one["recipient"] is not None:
            return bool(one["recipient"] == self.reader.id)
        return one["part"] in self.reader.parts

    def _writer(self, one: Row) -> str:
        """Return whose words they are; a child who was not invited is named to those who read the child's papers."""
        if one["speaker"] is not None:
            return self.speaker(one["speaker"])
        if one["child"] in self.children and (one["child"] in self.reader.children or self.reader.sees_everything):
            return self.short_name(one["child"])
        return SOMEBODY

    def stops(self) -> list[Stop]:
        found = []
        for one in self.content["stops"]:
            theirs = one["child"] in self.reader.children and in_their_parts(one["part"], self.reader)
            entry = f"stop:{one['id']}"
            if not (theirs or self.reader.sees_everything) or entry in self.reader.left_out:
                continue
            where = f"What was done at once for {self.short_name(one['child'])}"
            found.append(
                Stop(
                    child=self.short_name(one["child"]),
                    ground=StopGround(one["ground"]).label,
                    said=self.reason(entry, where, one["said"]),
                    action=self.reason(entry, where, one["action"]) or words.NOT_RECORDED,
                    by=self.label(one["action_by"], SOME_PROFESSIONAL) or words.NOT_RECORDED,
                    when=self.label(one["action_when"]) or words.NOT_RECORDED,
                )
            )
        return found

    def agenda(self) -> list[AgendaLine]:
        sees_notes = self.reader.sees_everything or (
            self.reader.every_part
            and not self.reader.is_child
            and (self.reader.every_child or not self.reader.is_family)
        )
        if not sees_notes:
            return []
        found = [
            AgendaLine(
                title=self.label(one["title"], "Discussion"),
                note=self.say(f"agenda:{one['id']}", f"Agenda, {one['title']}", one["note"]),
            )
            for one in self.content["agenda"]
        ]
        return [line for line in found if line.note]

    def attendance(self) -> tuple[list[Attendee], list[Attendee]]:
        """Return who was there with the reader, and which invited people were absent."""
        there, away = [], []
        for who in self.content["participants"]:
            came = any(row["presence"] in {Presence.PRESENT, Presence.REMOVED} for row in who["attendance"])
            if came and (self.reader.sees_everything or self.shares_a_part(who)):
                # Whoever may not be named is not counted either; the reader sat with them and knows.
                if self._mask(who):
                    self.masked.add(who["id"])
                else:
                    there.append(self._attendee(who))
            elif not came and who["status"] == ParticipantStatus.INVITED and self._hears_of_absence(who):
                away.append(self._attendee(who))
        return there, away

    def _hears_of_absence(self, who: Row) -> bool:
        if self.reader.sees_everything or who["id"] == self.reader.id:
            return True
        if who["capacity"] in FAMILY_CAPACITIES | NEVER_BY_DEFAULT:
            return not self.reader.is_family and bool(self._ties(who) & self.reader.children)
        return not self.is_withheld(who)

    def _ties(self, who: Row) -> set[int]:
        return {tie["child"] for tie in self.content["ties"] if tie["person"] == who["person"]} | set(who["children"])

    def _attendee(self, who: Row) -> Attendee:
        return Attendee(
            name=self.name_of(who["id"]),
            words=self.role_of(who),
            how=self._how(who),
            report=self._report(who),
            parts=self.parts_of(who),
        )

    def _how(self, who: Row) -> str:
        rows = [row for row in who["attendance"] if self.reader.sees_everything or row["part"] in self.reader.parts]
        if not rows:
            rows = who["attendance"]
        if any(row["presence"] == Presence.REMOVED for row in rows):
            return Presence.REMOVED.label if "core_group" not in self.content else "Had to leave"
        present = [row for row in rows if row["presence"] == Presence.PRESENT]
        if not present:
            return (
                Presence.APOLOGIES.label
                if any(row["presence"] == Presence.APOLOGIES for row in rows)
                else "Did not come"
            )
        how = "Online" if all(row["mode"] == Mode.ONLINE for row in present) else "In the room"
        # Arrival and departure times could help to find someone, so family members see only their own.
        times = "" if self.reader.is_family and who["id"] != self.reader.id else _times(present, begins=self._begins())
        return f"{how}, {times}" if times else how

    def _begins(self) -> str:
        """Return when the first of all arrived: of whoever was there from then on no time needs to be told."""
        seats = (row for who in self.content["participants"] for row in who["attendance"])
        return min((row["arrived"] for row in seats if row["arrived"]), default="")

    def _report(self, who: Row) -> str:
        if not who["report_in"]:
            return "Not in" if who["reports"] else ""
        if not self.reader.is_adult_family:
            return "Yes"
        shared = next((row for row in who["sharings"] if row["person"] == self.reader.person), None)
        if shared is None or shared["outcome"] not in {SharingOutcome.SHARED, SharingOutcome.IN_PART}:
            return (
                "Yes"
                if shared is None or shared["outcome"] != SharingOutcome.DECLINED
                else "Yes; you did not want to hear it"
            )
        on = words.long_date(datetime.date.fromisoformat(shared["shared_on"]))
        return f"Yes, shared with you on {on}"

    def next_steps(self) -> tuple[list[NextStep], bool]:
        dates = self.content["dates"]
        if self.reader.is_separate and self.reader.is_family:
            return [], bool(dates["first_core_group"] or dates["review"])
        steps = []
        theirs = [
            one
            for one in self.content["decisions"]
            if one["child"] in self.reader.children or self.reader.sees_everything
        ]
        if dates["first_core_group"] and any(leaves_a_plan(one) for one in theirs):
            place = self.label(dates["first_core_group_place"], PLACE_TO_FOLLOW)
            steps.append(
                (
                    dates["first_core_group"],
                    f"First core group{f', {place}' if place else ''}",
                    self._key_workers(theirs),
                )
            )
        if dates["review"] and any(leaves_a_plan(one) for one in theirs):
            review = "First review conference"
            # Papers made before reviews were booked at closing go on saying what they said.
            if "review_place" in dates:
                review = f"Review conference, {self.label(dates['review_place'], '') or PLACE_TO_FOLLOW}"
            steps.append((dates["review"], review, f"{turns_to(self.content, 'chair')}, chair"))
        return [NextStep(moment(when), what, who) for when, what, who in sorted(steps)], False

    def _key_workers(self, decisions: list[Row]) -> str:
        names = dict.fromkeys(one["key_worker"] for one in decisions if one["key_worker"])
        return words.listed([self.label(name, SOME_PROFESSIONAL) for name in names])

    def held(self) -> str:
        held = self.content["held"]
        if self.reader.every_part or self.reader.sees_everything:
            place = self.label(held["place"], "")
            return ", ".join(filter(None, (held["when"], place)))
        return str(held["day"])

    def recording(self) -> str:
        """Return what was decided about recording the meeting, as everyone was told; empty where nothing was."""
        return self.label(self.content.get("recording", ""), "")

    def quorate(self) -> str:
        if self.content["quorate"] is None:
            return words.NOT_RECORDED
        if self.content["quorate"]:
            return "Yes"
        reason = ""
        if (
            self.reader.sees_everything
            or not self.reader.is_family
            or (self.reader.every_child and self.reader.every_part)
        ):
            reason = self.say("quorum", "Why the chair went on without a quorum", self.content["inquorate_reason"])
        return f"No. {reason}" if reason else "No"


def leaves_a_plan(decision: Row) -> bool:
    """Return whether a child protection plan starts with this decision or stays in force after it."""
    return decision["outcome"] == Outcome.CP_PLAN or decision.get("on_plan") == PlanEffect.GOES_ON


def _times(rows: list[Row], *, begins: str) -> str:
    came = min((row["arrived"] for row in rows if row["arrived"]), default="")
    left = max((row["left"] for row in rows if row["left"]), default="") if all(row["left"] for row in rows) else ""
    if came and left:
        return f"{_clock(came)} to {_clock(left)}"
    return f"from {_clock(came)}" if came and came != begins else ""


def _clock(moment: str) -> str:
    return words.clock(datetime.datetime.fromisoformat(moment))


def moment(text: str) -> str:
    """Return a moment of a content in words."""
    at = datetime.datetime.fromisoformat(text)
    return f"{words.long_date(at)}, {words.clock(at)}"
