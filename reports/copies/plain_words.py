"""What papers say in fixed words: why such a meeting is held, what it can't do, what a kind of harm means.

For the family, at a reading age of eleven or lower; ``tests/reports/test_reading_age_of_papers.py`` measures them.
"""

from __future__ import annotations

from conferences.enums import Category, ConferenceKind
from govuk import words

NO_REMOVAL = (
    "This meeting cannot take a child away from home. Only a court can do that, or the police for a short time "
    "when a child is in danger."
)
WHAT_A_CORE_GROUP_IS = (
    "The core group is the small group that makes the plan work. You are part of it if you are named here. It meets "
    "often, looks at what has been done, and fills in the details of the plan."
)
FOR_WORK = (
    "The core group is jointly responsible for turning the outline into a detailed plan, carrying it out and keeping "
    "it under review."
)
IF_IT_DOES_NOT_WORK = (
    "If part of the plan does not work, say so soon. We meet and look for a better way. We do not wait for the next "
    "date if a child may not be safe."
)
HARM_IN_PLAIN_WORDS: dict[str, str] = {
    Category.NEG: (
        "Neglect means that a child does not get what each child needs. It may be food, warm clothes or a doctor. It "
        "may be love, or someone who keeps them safe. It goes on again and again."
    ),
    Category.PHY: "Physical harm means that someone hurts a child’s body. They may hit or shake the child.",
    Category.SAB: (
        "Sexual harm means that someone draws a child into sexual acts, by touch or not. It can also be done with "
        "pictures or online."
    ),
    Category.EMO: (
        "Emotional harm means that a child is hurt in their feelings for a long time. A child may feel afraid or not "
        "loved, or may see or hear that someone else is hurt."
    ),
    Category.MUL: "There is more than one kind of harm, and none of them is the main one.",
}


def why_we_met(kind: str, names: list[str]) -> str:
    """Return in fixed words why a meeting of this kind is held about these children."""
    who = words.listed(names)
    is_are, has_have = ("is", "has") if len(names) == 1 else ("are", "have")
    if kind == ConferenceKind.REVIEW:
        return f"{who} {has_have} a plan. People met to see how it is going, and if it is still needed."
    if kind == ConferenceKind.PRE_BIRTH:
        return f"People were worried that {who} may not be safe once born. They met to plan how to keep the baby safe."
    if kind == ConferenceKind.TRANSFER_IN:
        return f"{who} had a plan in another area and {has_have} moved here. People met to make a plan here."
    return (
        f"Social workers looked into worries about {who}. They thought that {who} {has_have} been badly hurt or "
        f"{is_are} likely to be. People met to talk about it and to plan what to do."
    )
