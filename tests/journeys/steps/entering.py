"""Entering a council's procedures: what differs, group by group, as someone reads it from the council's own paper."""

from __future__ import annotations

from tests.walker import Walker

WORKING_DAYS = "Working days"
HEADINGS = (
    ("Harm", "What has happened to each child?"),
    ("Danger", "What do we fear happens if nothing changes?"),
    ("Safety", "What has kept each child safe?"),
    ("Goals", "What must be seen for everyone to be satisfied?"),
    ("Next steps", "Who does what, by when?"),
)
NEGLECT = "Needs of body or mind that keep going unmet, with serious harm as the likely result."


def _source(window: Walker) -> None:
    window.write("Where do they come from?", "Procedures of the partnership, 2026")
    window.write("Year of the source", 2026)
    window.write("Who owns them?", "Service manager")


def _limit(window: Walker, label: str, amount: int, unit: str = "", *, outer: tuple[int, str] | None = None) -> None:
    limit = window.group_of(label)
    window.write("How long?", amount, within=limit)
    if unit:
        window.select("In what?", unit, within=limit)
    if outer:
        window.write("Never longer than", outer[0], within=limit)
        window.select("In what, at most?", outer[1], within=limit)


def _told(window: Walker, label: str, warn: int, manager: int, service_manager: int) -> None:
    limit = window.group_of(label)
    window.write("How long before its end are people told?", warn, within=limit)
    window.write("How long after its end does it go to the manager?", manager, within=limit)
    window.write("How long after its end does it go to the service manager?", service_manager, within=limit)


def limits_of_conferences(window: Walker) -> None:
    _source(window)
    for label, days in (
        ("Invitations sent", 2),
        ("Inquorate again", 8),
        ("Exclusion request", 4),
        ("Tell otherwise", 2),
    ):
        _limit(window, label, days)


def limits_of_papers(window: Walker) -> None:
    for label in ("Report shared with family", "Report submitted"):
        _limit(window, label, 3)
    _limit(window, "Chair has reports", 3)
    _limit(window, "Minutes sent", 20, WORKING_DAYS)
    _limit(window, "Minutes comments", 8)
    _limit(window, "Complaint answer", 21)
    # In hours before: when people are told is written anew with the unit.
    _limit(window, "Decisions sent", 1, WORKING_DAYS)
    _told(window, "Decisions sent", 1, 1, 2)


def limits_of_plans(window: Walker) -> None:
    _limit(window, "Next core group", 1, "Months", outer=(6, "Weeks"))
    _limit(window, "First core group", 7)
    _limit(window, "Child in need plan review", 10)
    _limit(window, "Consent decided", 3)
    _limit(window, "After birth", 15)


def limits_of_lives(window: Walker) -> None:
    _limit(window, "Visit", 8)
    _limit(window, "Visit ceiling", 3)
    _limit(window, "Transfer answered", 4)
    _limit(window, "Adoption sealed", 4)


def before_the_conference(window: Walker) -> None:
    window.write("Short notice days", 10)
    window.write("Child attends", "As much of it as the child wishes")
    window.choose("Kept out decided by", "Chair or their manager")
    notice = window.group_of("Agency notice")
    window.select("Kind of agency (1)", "Police", within=notice)
    window.write("Working days (1)", 7, within=notice)
    window.choose("Social work report goes to", "Those due it")


def the_day(window: Walker) -> None:
    framework = window.group_of("Framework")
    window.write("Name", "Harm and safety", within=framework)
    window.write("Version, such as a year", "2026", within=framework)
    for place, (words, prompt) in enumerate(HEADINGS, start=1):
        window.write(f"Words ({place})", words, within=framework)
        window.write(f"What to ask under it ({place})", prompt, within=framework)
    window.choose("Mode", "Blended")
    window.write("Normal length minutes", 90)
    window.write("Family arrives before minutes", 45)
    window.write("Professionals arrive before minutes", 15)
    window.write("Family meets chair", "In a room of their own, before anyone else comes")
    window.write("Parts", "In two halves where two adults must not meet")


def arrange_agenda(window: Walker) -> None:
    """Put the second item of the agenda first, by its button."""
    window.press("Move up 2 of Agenda", within=window.group_of("Agenda"))


def quorum(window: Walker) -> None:
    window.write("Quorum agencies", 3)
    window.choose("Quorum exceptionally", "A number")
    window.write("Which number?", 2)
    window.choose("Below quorum twice running", "Never")
    window.write("Below quorum", "Two other agencies are there, and delay would be harmful")


def scaling_and_decision(window: Walker) -> None:
    window.choose("Scaling at core groups", "Not used")
    window.write("Spread to explore", 4)
    window.choose("Decision by", "Chair after all views")
    window.write("Definition (1)", NEGLECT, within=window.group_of("Categories"))


def papers(window: Walker) -> None:
    window.choose("Decisions released by", "Chair")
    window.write("Minutes form", "minutes and plan")
    window.choose("Complaint answered by", "Chair")


def plans_and_reviews(window: Walker) -> None:
    window.choose("Outline plan sent", "Required")
    window.choose("Last core group before review", "Required")
    window.write("Core group others needed", 2)
    window.choose("Core group straight after conference", "Never")
    window.write("Failed visits told at", 3)
    window.write("Second plan within", 18)
