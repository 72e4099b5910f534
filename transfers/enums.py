from __future__ import annotations

from django.db import models


class Stay(models.TextChoices):
    """For how long the child has moved. Only a move for good ends a plan."""

    FOR_GOOD = "for_good", "For good"
    TEMPORARY = "temporary", "For a time"
    NOT_KNOWN = "not_known", "Not certain yet"


class OutState(models.TextChoices):
    """Where the transfer of a child with our plan stands, by what the other council answered."""

    TOLD = "told", "Told, no answer yet"
    ACCEPTED = "accepted", "Has taken responsibility in writing"
    TEMPORARY = "temporary", "Sees it as a stay for a time only"
    REFUSED = "refused", "Has refused"
    RETURNED = "returned", "The child has come back"
    CANCELLED = "cancelled", "Recorded by mistake"
    MISSING = "missing", "The child is missing"


# While one of these stands, no second transfer of the plan is recorded.
STANDING = (OutState.TOLD, OutState.ACCEPTED, OutState.TEMPORARY, OutState.MISSING)
COLOUR_OF_STATE: dict[str, str] = {
    OutState.TOLD: "yellow",
    OutState.ACCEPTED: "green",
    OutState.TEMPORARY: "blue",
    OutState.REFUSED: "red",
    OutState.RETURNED: "grey",
    OutState.CANCELLED: "grey",
    OutState.MISSING: "red",
}


class WhoVisits(models.TextChoices):
    """Who sees the child until the other council has taken responsibility. Our clock runs whoever it is."""

    OURS = "ours", "Our social worker"
    BOTH = "both", "Our social worker, together with theirs"
    THEIRS = "theirs", "Theirs as well, by agreement: ours goes on seeing the child"


class PaperKind(models.TextChoices):
    """The papers that go with a child from one council to another."""

    DECISIONS = "decisions", "Decisions letters"
    MINUTES = "minutes", "Minutes of conferences"
    REPORT = "report", "Social work report"
    PLAN = "plan", "Plan as it stands now"
    CORE_GROUPS = "core_groups", "Records of core groups"
    CHRONOLOGY = "chronology", "Chronology"
    ASSESSMENT = "assessment", "Assessments"
    ORDERS = "orders", "Court orders and legal status"
    OTHER = "other", "Another paper"

    @property
    def slug(self) -> str:
        """Return the paper as it stands in addresses."""
        return self.value.replace("_", "-")


CHECKLIST = tuple(kind for kind in PaperKind if kind != PaperKind.OTHER)
# Documents of a conference: released by its chair and sent through its circulation.
OF_A_CONFERENCE = (PaperKind.DECISIONS, PaperKind.MINUTES)


class HandedOver(models.TextChoices):
    SENT = "sent", "It was sent"
    NONE = "none", "There is none"


class Arrival(models.TextChoices):
    """What became of a paper that should come with a child who moved here."""

    CAME = "came", "It came"
    MISSING = "missing", "It is missing, and was asked for"
    NONE = "none", "There is none"


class Agreed(models.TextChoices):
    """Whether travel abroad was agreed with us beforehand."""

    YES = "yes", "Yes"
    NO = "no", "No, we do not agree"
    NOT_ASKED = "not_asked", "No one asked us before"


class LetterKind(models.TextChoices):
    """What a letter from elsewhere proves."""

    ACCEPTANCE = "acceptance", "The other council takes responsibility"
    ENDING = "ending", "The other council has ended its plan"
    LEFT_UK = "left_uk", "The child has left the country for good"
