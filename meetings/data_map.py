"""Declares what each meetings table holds, and about whom."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.case_data import case_table
from conferences.data_map import ABOUT_A_SEALED_PERSON, OF_A_CHILD, named_or_all
from meetings import models
from meetings.selectors.shown_answers import scores_shown, views_shown

OF_A_DECISION = f"decision__{OF_A_CHILD}"
ABOUT_A_DECISION = "decision__conference_child__child"


def from_one_or_to_one(children: Any) -> Q:
    """Match what went from one of the children, or to one."""
    return Q(from_child__in=children) | Q(to_child__in=children)


case_table(models.AgendaItem, "Agenda", conference="conference", one="Agenda item", titles=("title",))
case_table(
    models.BoardEntry,
    "What was said",
    conference="conference",
    about=named_or_all,
    names=("private_to", "speaker__person"),
    one="Board note",
    links={"children": "Child of a board note", "private_to": "Whose private information a board note holds"},
    barred_by=ABOUT_A_SEALED_PERSON,
    keeps={"heading"},
)
case_table(
    models.LateEntry,
    "What was typed without a network",
    conference="conference",
    names=("participant__person",),
    one="Entry that arrived late",
    many="Entries that arrived late",
    titles=("kind",),
    keeps={"once_key", "seen_key", "waits_because"},
    hidden={"once_key", "seen_key"},
)
case_table(
    models.ChairNote,
    "The chair’s own notes",
    conference="conference",
    one="Note of the chair",
    many="The chair’s own notes",
    titles=("chair_id",),
    court_only=True,
)
case_table(
    models.ChairReading,
    "When the chair read the papers",
    conference="conference",
    one="Reading by the chair",
    many="When the chair read",
    titles=("chair_id",),
    is_given=False,
)
case_table(
    models.TalkBefore,
    "Talks of the chair with the family before the meeting",
    conference="sitting__conference",
    names=("participant__person",),
    one="Talk before the meeting",
    many="Talks before the meeting",
    titles=("participant_id",),
    called_after="participant",
    may_harm=True,
)
case_table(
    models.TalkPoint,
    "What was gone through before the meeting",
    conference="talk__sitting__conference",
    names=("talk__participant__person",),
    one="Point of a talk before the meeting",
    many="Points of talks before the meeting",
    titles=("talk_id", "item"),
    may_harm=True,
)
case_table(
    models.WordsBefore,
    "Who agreed that their words go on the board",
    conference="talk__sitting__conference",
    names=("talk__participant__person",),
    one="Words for the board",
    many="Words for the board",
    titles=("talk_id",),
)
case_table(
    models.OutlineAction,
    "Outline plan",
    conference="conference",
    about=named_or_all,
    names=("private_to", "who__person"),
    one="Action of the outline plan",
    many="Outline plan",
    links={"children": "Child of an outline action", "private_to": "Whose private information an outline action holds"},
    called=lambda row: str(row.what),
    barred_by=ABOUT_A_SEALED_PERSON,
)
case_table(
    models.OutlineEntry,
    "Outcomes, and what is done if something happens, in the outline plan",
    conference="conference",
    about=named_or_all,
    names=("who__person",),
    one="Outcome or “if this happens”",
    many="Outcomes and “if this happens”",
    links={"children": "Child of an outcome in the outline plan"},
    called=lambda row: str(row.text),
    barred_by=("children__child__person__sealed_at",),
)
case_table(
    models.SafetyStop,
    "Stops because a child was not safe",
    conference="conference",
    about="conference_child__child",
    names=("said_by__person",),
    one="Stop for safety",
    many="Stops for safety",
    titles=("conference_child_id",),
    may_harm=True,
)
case_table(
    models.Score,
    "Safety scores",
    conference=OF_A_CHILD,
    about="conference_child__child",
    names=("participant__person",),
    one="Score",
    titles=("participant_id", "conference_child_id"),
    keeps={"scale"},
    hidden={"turn"},
    links={"shown_in": "Part in which a score was shown"},
    shown=scores_shown,
    said_by="participant__person",
)
case_table(
    models.AnswerRound,
    "When asking for scores and views ended",
    conference=OF_A_CHILD,
    about="conference_child__child",
    one="End of asking for scores or views",
    many="Ends of asking for scores and views",
    titles=("kind", "conference_child_id"),
    is_given=False,
)
case_table(
    models.AskedChild,
    "Children whom the chair asks for a score",
    conference="participant__conference",
    names=("participant__person",),
    one="Child asked for a score",
    many="Children asked for a score",
    titles=("participant_id",),
)
case_table(
    models.TabletTurn,
    "Turns at a tablet in the room",
    conference="participant__conference",
    keeps={"code_hash", "token_hash"},
    is_given=False,
)
case_table(
    models.View,
    "Views",
    conference=OF_A_CHILD,
    about="conference_child__child",
    names=("participant__person",),
    one="View",
    titles=("participant_id", "conference_child_id"),
    hidden={"turn"},
    shown=views_shown,
    said_by="participant__person",
)
case_table(
    models.DecisionConsent,
    "Consent to what was decided",
    conference=OF_A_DECISION,
    about=ABOUT_A_DECISION,
    names=("person",),
    one="Answer about consent",
    many="Answers about consent",
    titles=("person_id",),
    labels={"decision": "Decision"},
)
case_table(
    models.Dissent,
    "Dissent in the meeting",
    conference=OF_A_DECISION,
    about=ABOUT_A_DECISION,
    names=("participant__person",),
    one="Dissent",
    titles=("participant_id",),
    labels={"decision": "Decision"},
)
case_table(
    models.Explanation,
    "Decisions explained to the family",
    conference=OF_A_DECISION,
    about=ABOUT_A_DECISION,
    names=("person",),
    one="Decision explained to the family",
    many="Decisions explained to the family",
    titles=("person_id",),
    labels={"decision": "Decision"},
)
case_table(
    models.DecisionCorrection,
    "Corrections of decisions",
    conference=OF_A_DECISION,
    about=ABOUT_A_DECISION,
    one="Correction of a decision",
    many="Corrections of decisions",
    titles=("decision_id",),
    labels={"made": "Replaced by"},
    hidden={"consents"},
    links={"core_group": "Core group member of a correction"},
)
case_table(
    models.EntryMove,
    "Entries moved to another child",
    family="family",
    about=from_one_or_to_one,
    one="Move to another child",
    many="Moves to another child",
    titles=("kind",),
    labels={"from_child": "Recorded for", "to_child": "Concerns"},
    hidden={"conference", "entry_id", "from_record"},
)
case_table(
    models.Projection,
    "The board on a screen in the room",
    conference="conference",
    keeps={"code_hash", "token_hash"},
    is_given=False,
)
case_table(
    models.WithoutQuorum,
    "Why a sitting went on without a quorum",
    conference="sitting__conference",
    one="Going on without a quorum",
    titles=("condition",),
    keeps={"condition", "asked"},
)
case_table(
    models.StatementRead,
    "Statements read out",
    conference="part__sitting__conference",
    one="Statement read out",
    many="Statements read out",
    titles=("statement",),
    keeps={"words"},
)
case_table(models.Break, "Breaks", conference="sitting__conference", one="Break", titles=("began_at",))
case_table(
    models.ObserverAnswer,
    "Who agreed to an observer",
    conference="observer__conference",
    names=("observer__person", "asked__person"),
    one="Answer about an observer",
    many="Answers about observers",
    titles=("observer_id", "asked_id"),
)
