"""What a copy says about each child: details, decision, scores, views."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable

from conferences.enums import FAMILY_CAPACITIES, AlsoAdvised, EndsBecause, Outcome, PlanEffect
from entitlement import in_their_parts, names_somebody
from families.enums import Answer
from govuk import words
from meetings.enums import Given, Harm, HarmAnswer, ViewStatus
from meetings.selectors.outcomes import advised_in_words
from reports.copies.copies import ChildPart, Counted, Decided, Earlier, Explained, Scored, Viewed
from reports.copies.levels import Row
from reports.copies.naming import NOT_IN_THIS_COPY, SOME_PROFESSIONAL, SOMEBODY, Naming, small
from reports.enums import DocumentKind

STILL_HARM_WORDS = {
    HarmAnswer.YES: "Yes, still suffers it or is likely to",
    HarmAnswer.NO: "No, neither still nor likely",
    HarmAnswer.CANNOT_SAY: "Cannot say",
}


class ChildrenWriter(Naming):
    """Writes the parts about one child."""

    def child_parts(self) -> list[ChildPart]:
        return [
            self._child(row)
            for row in self.content["children"]
            if row["id"] in self.reader.children or self.reader.sees_everything
        ]

    def _child(self, row: Row) -> ChildPart:
        decision = next((one for one in self.content["decisions"] if one["child"] == row["id"]), None)
        views = [view for view in self.content["views"] if view["child"] == row["id"]]
        return ChildPart(
            id=row["id"],
            full_name=row["full_name"],
            short_name=row["short_name"],
            kind=row["kind_words"],
            birth=birth_words(row),
            responsibility=tuple(one for one in row["responsibility"] if self.label(one, "")) or (words.NOT_RECORDED,),
            legal_status=", ".join(row["legal_statuses"]) or "None recorded",
            gp=self._places(row, "gp"),
            school=self._places(row, "school"),
            participation=row["participation"],
            no_plan_because=self.say(
                f"no-plan:{row['id']}", f"Why no plan for {row['short_name']}", row["no_plan_needed"]
            ),
            in_time=row["in_time"],
            decision=self._decision(row, decision) if decision else None,
            counts=_counts(views, self.people),
            scores=tuple(self._scores(row)),
            spread_explored=self._spread(row),
            views=tuple(self._views(row, views)),
        )

    def _places(self, row: Row, kind: str) -> str:
        """Return the names of schools or surgeries; a hidden one reads as one not in this copy."""
        named = []
        for place in row[kind]:
            if place["agency"] in self.reader.concealed.agencies or self.reader.is_hidden(place["name"]):
                return NOT_IN_THIS_COPY
            named.append(place["name"])
        # A school that is not recorded reads like one that is hidden: a difference would tell.
        return ", ".join(named) or (NOT_IN_THIS_COPY if self.reader.is_family else words.NOT_RECORDED)

    def _decision(self, row: Row, decision: Row) -> Decided:
        key, child = f":{row['id']}", row["short_name"]
        is_child = self.reader.is_child
        return Decided(
            outcome=decision["outcome"],
            outcome_words=outcome_words(decision),
            on_plan=decision.get("on_plan", ""),
            ends_because=EndsBecause(why).label if (why := decision.get("ends_because")) else "",
            also_advised="" if is_child else advised_in_words(self._advised(decision)),
            is_plan=decision["outcome"] in {Outcome.CP_PLAN, Outcome.CIN_PLAN},
            category=self._category(decision["main_category"]),
            category_code=decision["main_category"],
            category_means=str(self.content.get("definitions", {}).get(decision["main_category"], "")),
            other_categories=words.listed(
                [self._category(code) for code in decision["categories"] if code != decision["main_category"]]
            ),
            rationale="" if is_child else self.say(f"rationale{key}", f"Why, for {child}", decision["rationale"]),
            help_offered=self.say(f"help{key}", f"Help offered to {child}", decision["help_offered"]),
            against_majority=""
            if is_child
            else self.say(f"majority{key}", f"Against the majority, for {child}", decision["against_majority_reason"]),
            missing=() if is_child else tuple(text for text in decision["missing"] if self._tells_missing(text)),
            went_on_because=""
            if is_child
            else self.say(f"went-on{key}", f"Why the chair went on, for {child}", decision["went_on_reason"]),
            key_worker=self.label(decision["key_worker"], SOME_PROFESSIONAL),
            visits=visits_in_words(decision),
            visit_reason="" if is_child else self.say(f"visits{key}", f"Visits to {child}", decision["visit_reason"]),
            core_group=self._core_group(decision),
            consents=tuple(self._consents(decision)),
            dissents=tuple(self._dissents(row, decision)),
            explained=tuple(self._explained(row, decision)),
            earlier=()
            if is_child
            else tuple(
                Earlier(
                    text=self.say(
                        f"earlier{key}",
                        f"Earlier decision for {child}",
                        ". ".join(
                            filter(
                                None,
                                (outcome_words(old), self._category(old.get("main_category", "")), old["rationale"]),
                            )
                        ),
                    ),
                    because=self.say(f"earlier{key}", f"Earlier decision for {child}", old["because"]),
                    on=datetime.date.fromisoformat(old["corrected_on"]) if old.get("corrected_on") else None,
                    agreed_by=old.get("agreed_by", ""),
                )
                for old in decision["earlier"]
            ),
            decided_by=decision["decided_by"],
            decided_on=datetime.date.fromisoformat(decision["decided_on"]),
        )

    def _advised(self, decision: Row) -> list[str]:
        """Return what is advised beside the decision; legal planning only where the chair says so in the papers."""
        told = self.content.get("legal_planning", False) or self.reader.sees_everything
        return [one for one in decision.get("also_advised", ()) if told or one != AlsoAdvised.LEGAL_PLANNING]

    def _category(self, code: str) -> str:
        return str(self.content["categories"].get(code, code)) if code else ""

    def _tells_missing(self, text: str) -> bool:
        withheld = [
            name
            for who in self.people.values()
            if self.is_withheld(who)
            for name in (who["name"], who["agency_name"])
            if name
        ]
        return not self.reader.is_hidden(text) and not (self.reader.is_family and names_somebody(text, withheld))

    def _core_group(self, decision: Row) -> tuple[str, ...]:
        if self.reader.is_separate and self.reader.is_family:
            return ()
        return tuple(self.named(decision["core_group"]))

    def _consents(self, decision: Row) -> Iterable[str]:
        """Yield who said what about a child in need plan: their own answer, and for professionals who agreed.

        A refusal, or why somebody was not asked, is read by no one else but those who run the meeting.
        """
        for consent in decision["consents"]:
            is_own = consent["person"] == self.reader.person or self.reader.sees_everything
            if not is_own and (self.reader.is_family or consent["answer"] != Answer.YES):
                continue
            yield f"{consent['name']}: {small(Answer(consent['answer']).label)}"

    def _explained(self, row: Row, decision: Row) -> Iterable[Explained]:
        """Yield how the decision was explained: of the family each reads only what they said themselves."""
        if self.kind != DocumentKind.MINUTES:
            return
        for one in decision.get("explained", ()):
            if self.reader.is_family and one["person"] != self.reader.person:
                continue
            yield Explained(
                to=self.label(one["name"], SOMEBODY),
                by=self.label(one["told_by"], SOME_PROFESSIONAL),
                on=datetime.date.fromisoformat(one["told_on"]),
                words=self.say(
                    f"explained:{one['id']}",
                    f"How the decision for {row['short_name']} was understood",
                    one["understood"],
                ),
            )

    def _dissents(self, row: Row, decision: Row) -> Iterable[tuple[str, str]]:
        for dissent in decision["dissents"]:
            who = self.people[dissent["participant"]]
            is_kin = who["capacity"] in FAMILY_CAPACITIES
            if self.reader.is_child or (
                self.reader.is_family and is_kin and who["id"] != self.reader.id and not self.shares_a_part(who)
            ):
                continue
            text = self.say(f"dissent:{dissent['id']}", f"Who did not agree, for {row['short_name']}", dissent["text"])
            yield self.speaker(who["id"]), text

    def _reads_score(self, one: Row) -> bool:
        """Return whether the reader gets a score: their own, and what was shown in a part that they were in.

        What was frozen before scores could be kept back holds no list of parts.
        """
        if self.is_own(one["participant"]):
            return True
        parts = one.get("shown_in", [one["part"]])
        if self.reader.sees_everything:
            return bool(parts)
        return any(in_their_parts(part, self.reader) for part in parts)

    def _scores(self, row: Row) -> Iterable[Scored]:
        if self.reader.is_child:
            return
        found = [one for one in self.content["scores"] if one["child"] == row["id"]]
        found = [one for one in found if self._reads_score(one)]
        for one in sorted(found, key=lambda score: (score["value"] is None, score["value"] or 0, score["id"])):
            who = self.people[one["participant"]]
            yield Scored(
                name=self.name_of(who["id"]),
                words=self.role_of(who),
                value=one["value"],
                given=Given(one["given"]).label,
                reason=self.reason(f"score:{one['id']}", f"Score for {row['short_name']}", one["reason"]),
                is_family=who["capacity"] in FAMILY_CAPACITIES,
            )

    def _views(self, row: Row, views: list[Row]) -> Iterable[Viewed]:
        if self.reader.is_child:
            return
        for one in sorted(views, key=self._by_agency):
            if not self._hears(one):
                continue
            who = self.people[one["participant"]]
            yield Viewed(
                name=self.name_of(who["id"]),
                words=self.role_of(who),
                given=Given(one["given"]).label,
                harm=_harm_words(one),
                status=ViewStatus(one["status"]).label if one["status"] else "",
                category=self._category(one["category"]),
                reason=self.reason(f"view:{one['id']}", f"View about {row['short_name']}", one["reason"]),
                is_family=who["capacity"] in FAMILY_CAPACITIES,
            )

    def _hears(self, one: Row) -> bool:
        """Return whether a view was given where the reader was, or by the reader."""
        return (
            self.reader.sees_everything or self.is_own(one["participant"]) or in_their_parts(one["part"], self.reader)
        )

    def _by_agency(self, view: Row) -> tuple[bool, str, int]:
        """Order views by agency, the family's last."""
        who = self.people[view["participant"]]
        return who["capacity"] in FAMILY_CAPACITIES, who["agency_name"] or who["capacity_words"], view["id"]

    def _spread(self, row: Row) -> str:
        if self.reader.is_child or not (self.reader.sees_everything or self.reader.every_part):
            return ""
        return self.reason(
            f"spread:{row['id']}", f"What lay behind the scores for {row['short_name']}", row["spread_explored"]
        )


def visits_in_words(decision: Row) -> str:
    """Return how often a child is visited, in working days and, where it comes out even, in weeks."""
    days = decision.get("visit_days")
    weeks = {5: "every week", 10: "every two weeks", 15: "every three weeks", 20: "every four weeks"}.get(days or 0, "")
    return f"{decision['visits']}, which is {weeks}" if weeks else str(decision["visits"])


def _harm_words(view: Row) -> str:
    """Return what someone said about harm: at a review whether the child still suffers it, or is likely to."""
    still = view.get("still_harm", "")
    if still:
        return STILL_HARM_WORDS[HarmAnswer(still)]
    return str(Harm(view["harm"]).label) if view["harm"] else ""


def outcome_words(decision: Row) -> str:
    """Return a decision in words, with what it makes of a plan that was in force where the outcome doesn't say it."""
    outcome, effect = decision["outcome"], decision.get("on_plan", "")
    label = str(Outcome(outcome).label)
    if not effect or outcome == Outcome.PLAN_ENDS:
        return label
    if outcome == Outcome.CP_PLAN:
        return f"{label}, which goes on"
    return f"{label}. {PlanEffect(effect).label}"


def birth_words(row: Row) -> str:
    """Return when a child was born or is expected, with the age."""
    if row["unborn"]:
        return (
            f"expected {words.plain_date(datetime.date.fromisoformat(row['expected_on']))}"
            if row["expected_on"]
            else "unborn"
        )
    if not row["birth_date"]:
        return words.NOT_RECORDED
    born = words.plain_date(datetime.date.fromisoformat(row["birth_date"]))
    return f"{born}{row['birth_note']}" + (f", aged {row['age']}" if row["age"] is not None else "")


def _counts(views: list[Row], people: dict[int, Row]) -> tuple[Counted, ...]:
    """Count professionals' views by person and by agency; every reader gets numbers, which name no one."""
    given = [
        view
        for view in views
        if view["given"] == Given.GIVEN
        and view["status"]
        and people[view["participant"]]["capacity"] not in FAMILY_CAPACITIES
    ]
    persons = Counter(view["status"] for view in given)
    found = []
    for status, number in sorted(persons.items(), key=lambda pair: (-pair[1], pair[0])):
        rows = [people[view["participant"]] for view in given if view["status"] == status]
        agencies = {row["agency_name"] or row["capacity"] for row in rows}
        found.append(Counted(ViewStatus(status).label, number, len(agencies)))
    return tuple(found)
