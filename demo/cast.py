"""The invented families, and how far each of their cases has got."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """How far a case has got when the demonstration starts."""

    NEW = "new"
    ENQUIRY = "enquiry"
    LATE = "late"
    SCHEDULED = "scheduled"
    INVITED = "invited"
    MOVED = "moved"
    CHANGED = "changed"
    TODAY = "today"
    DECIDED = "decided"
    RECORDED = "recorded"
    CP_PLAN = "cp_plan"
    LONG_PLAN = "long_plan"
    LOWERED = "lowered"
    DIED = "died"
    CIN_PLAN = "cin_plan"
    CANCELLED = "cancelled"
    CLOSED = "closed"


@dataclass(frozen=True)
class Cast:
    """One family: ``children`` are (first name, age in years, sex); ``due_in_days`` counts to an expected birth."""

    name: str
    team: str
    stage: Stage
    mother: str
    father: str
    children: tuple[tuple[str, int, str], ...]
    due_in_days: int | None = None
    worry: str = ""


EAST, WEST, NORTH, SOUTH, DISABLED = (
    "Safeguarding East",
    "Safeguarding West",
    "Assessment North",
    "Assessment South",
    "Disabled Children",
)
SHOUTING = "Police were called to shouting and a broken door. The children were awake upstairs."
ALONE = "The children were alone for a night. The flat was cold and there was little food."
DRINK = "A parent drinks daily. The school sees a tired child without breakfast."
BRUISE = "A bruise on the upper arm. The explanation does not fit."
ONLINE = "An adult met the child through a game and asked for pictures."

CAST: tuple[Cast, ...] = (
    Cast("Yarrow", NORTH, Stage.NEW, "Ivy", "Basil", (("Sorrel", 8, "F"),), worry=ALONE),
    Cast("Medlar", SOUTH, Stage.NEW, "Olive", "Reed", (("Rowan", 4, "M"), ("Poppy", 2, "F")), worry=DRINK),
    Cast("Larchwood", NORTH, Stage.NEW, "Heather", "Ash", (("Fern", 9, "F"), ("Bracken", 7, "M")), worry=SHOUTING),
    Cast("Tansy", DISABLED, Stage.NEW, "Daisy", "Jared", (("Clover", 11, "F"),), worry=BRUISE),
    Cast("Juniper", NORTH, Stage.ENQUIRY, "Laurel", "Oliver", (("Aspen", 5, "M"),), worry=SHOUTING),
    Cast("Alderley", SOUTH, Stage.ENQUIRY, "Rosemary", "Linden", (("Bryony", 13, "F"),), worry=ONLINE),
    Cast("Hawthorne", NORTH, Stage.ENQUIRY, "Violet", "Sage", (("Perry", 6, "M"), ("Lily", 3, "F")), worry=ALONE),
    Cast("Elderfield", SOUTH, Stage.LATE, "Myrtle", "Cole", (("Jasper", 10, "M"),), worry=BRUISE),
    Cast("Fennelly", NORTH, Stage.SCHEDULED, "Saffron", "Heath", (("Dill", 4, "M"), ("Cicely", 1, "F")), worry=DRINK),
    Cast("Thistlewood", SOUTH, Stage.SCHEDULED, "Willow", "Rush", (("Briar", 12, "M"),), worry=SHOUTING),
    Cast("Mallowby", NORTH, Stage.SCHEDULED, "Marigold", "Forrest", (), due_in_days=95, worry=DRINK),
    Cast("Teaselby", SOUTH, Stage.CHANGED, "Flora", "Branch", (("Linnea", 9, "F"), ("Moss", 5, "M")), worry=SHOUTING),
    Cast("Campion", NORTH, Stage.INVITED, "Erica", "Glen", (("Holly", 14, "F"),), worry=ONLINE),
    Cast("Foxley", SOUTH, Stage.MOVED, "Jasmine", "Elm", (("Hazelnut", 3, "M"),), worry=BRUISE),
    Cast("Ivyleigh", NORTH, Stage.TODAY, "Primula", "Rowland", (("Orchid", 7, "F"), ("Cedar", 10, "M")), worry=ALONE),
    Cast("Quinceton", EAST, Stage.DECIDED, "Lavender", "Birch", (("Damson", 6, "M"), ("Cherry", 4, "F")), worry=ALONE),
    Cast("Sallowfield", WEST, Stage.DECIDED, "Petunia", "Oakley", (("Tulip", 8, "F"),), worry=SHOUTING),
    Cast("Sedgeworth", EAST, Stage.RECORDED, "Iris", "Hollis", (("Bay", 5, "M"), ("Peony", 2, "F")), worry=DRINK),
    Cast("Speedwell", WEST, Stage.INVITED, "Veronica", "Thorn", (("Acer", 11, "M"),), worry=BRUISE),
    Cast("Willowby", EAST, Stage.CP_PLAN, "Clementine", "Sorbus", (("Nettle", 9, "F"), ("Burr", 6, "M")), worry=ALONE),
    Cast("Woodruff", WEST, Stage.SCHEDULED, "Camellia", "Barley", (("Maple", 3, "F"),), worry=DRINK),
    Cast("Vetchley", EAST, Stage.CP_PLAN, "Azalea", "Rye", (("Teazel", 17, "M"), ("Melissa", 16, "F")), worry=SHOUTING),
    Cast("Rushmoor", WEST, Stage.SCHEDULED, "Anise", "Hawley", (("Privet", 1, "M"),), worry=BRUISE),
    Cast("Cloverdale", EAST, Stage.NEW, "Dahlia", "Ebon", (("Alyssum", 15, "F"),), worry=ONLINE),
    Cast("Plumtree", WEST, Stage.CP_PLAN, "Begonia", "Teak", (("Comfrey", 7, "M"), ("Freesia", 5, "F")), worry=ALONE),
    Cast("Orchardson", EAST, Stage.LONG_PLAN, "Gardenia", "Lowell", (("Gentian", 8, "M"),), worry=DRINK),
    Cast("Moonwort", WEST, Stage.LOWERED, "Lobelia", "Alder", (("Betony", 12, "F"), ("Larkspur", 9, "M")), worry=DRINK),
    Cast("Everlasting", EAST, Stage.DIED, "Calla", "Fir", (("Sundew", 6, "M"), ("Celandine", 10, "F")), worry=ALONE),
    Cast("Meadowcroft", DISABLED, Stage.CIN_PLAN, "Verbena", "Hazeldine", (("Lupin", 10, "M"),), worry=ALONE),
    Cast("Barleycorn", SOUTH, Stage.CANCELLED, "Angelica", "Wheatley", (("Chicory", 4, "F"),), worry=SHOUTING),
    Cast("Honeywell", EAST, Stage.DECIDED, "Blossom", "Aldous", (), due_in_days=30, worry=DRINK),
    Cast("Fernhill", WEST, Stage.CLOSED, "Magnolia", "Yew", (("Hyacinth", 13, "F"),), worry=BRUISE),
)
"""Thirty-two families; one more is the Brambleys, whose story ``brambley.py`` tells."""
