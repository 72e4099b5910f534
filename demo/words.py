"""What is said about the invented families: enough to read like a meeting, nothing taken from a real one."""

from __future__ import annotations

from dataclasses import dataclass

from meetings.enums import Nature


@dataclass(frozen=True)
class Said:
    """One note on the board; ``{child}`` becomes the child's first name."""

    heading: str
    text: str
    nature: Nature
    evidence: str = ""


BOARD: tuple[Said, ...] = (
    Said("historic-risks", "An earlier referral two years ago ended with help from the family centre.", Nature.FACT),
    Said("current-risks", "{worry}", Nature.FACT),
    Said(
        "current-risks",
        "{child} is more frightened than the family sees.",
        Nature.OPINION,
        "{child} has asked three times this month not to go home early.",
    ),
    Said("grey-areas", "We do not know yet who stays overnight at weekends.", Nature.FACT),
    Said(
        "current-strengths", "The family opened the door to every visit and asked for help with mornings.", Nature.FACT
    ),
    Said("current-strengths", "{child} has a warm bond with the grandmother, who lives close by.", Nature.FACT),
)

CORE_GROUP: tuple[Said, ...] = (
    Said("current-strengths", "{child} has slept at home every night, and the evenings are written down.", Nature.FACT),
    Said(
        "current-risks",
        "It rests on one person, who is tired.",
        Nature.OPINION,
        "She has missed the last two appointments of her own.",
    ),
)

PROGRESS: dict[str, str] = {
    "not_started": "It begins after the holidays.",
    "under_way": "It has begun and mostly holds.",
    "done": "It was done, and it helps.",
    "stuck": "The first letter went to an old address. It is sent again today.",
}

ACTIONS: tuple[tuple[str, str, str], ...] = (
    (
        "Home has to be safe in the evenings",
        "Agree who is with the children each evening and write it down where all can see it",
        "parent",
    ),
    (
        "{child} needs a grown-up to talk to outside the family",
        "See {child} for ten minutes every Monday, always the same person",
        "professional",
    ),
    (
        "We have to know how each child is, not only how the house looks",
        "Visit, see each child alone and look at the bedroom",
        "social_worker",
    ),
    (
        "Drink and anger make evenings dangerous",
        "Go to the first appointment with the drug and alcohol service",
        "parent",
    ),
)

SCORE_REASONS = (
    "It is calmer than it was, and it rests on one promise.",
    "What was agreed has held for two weeks. That is short.",
    "I see a child who watches the adults all the time.",
    "There is help around the family, and they use it.",
)

VIEW_REASONS = (
    "What I heard today shows harm that goes on.",
    "The family wants to change this; it needs checking from outside for a while.",
    "I do not know the child well, and what was said is enough for me.",
)

RATIONALES = {
    "cp_plan": (
        "{child} has been frightened at home again and again. The family has begun to change this. Until it has "
        "lasted, {child} needs a plan that is checked from outside."
    ),
    "cin_plan": (
        "The family understands what has to change and asks for help. I heard nobody who thinks that {child} is "
        "likely to suffer significant harm if this help is given."
    ),
    "other_support": (
        "What worried us has been explained and put right. {child} and the family keep the help of the family centre."
    ),
}

REPORT: tuple[Said, ...] = (
    Said("current-risks", "{worry}", Nature.FACT),
    Said(
        "current-risks",
        "I think that {child} carries too much responsibility for the adults.",
        Nature.OPINION,
        "{child} knows the family's debts and appointments by heart.",
    ),
    Said("current-strengths", "Attendance is 94 per cent this term.", Nature.FACT),
)
# What another agency's report says in short, for the minutes.
IN_SHORT = Said(
    "in-short", "{child} comes to school and learns well, and worries about the adults at home.", Nature.FACT
)
