from __future__ import annotations

from enum import StrEnum

from django.db import models


class ReportKind(models.TextChoices):
    SOCIAL_WORK = "social_work", "Social work report"
    AGENCY = "agency", "Agency report"


class ReportState(models.TextChoices):
    DRAFT = "draft", "Being written"
    SUBMITTED = "submitted", "Submitted"
    SUPERSEDED = "superseded", "Replaced by a newer version"


class InMinutes(StrEnum):
    """How a report stands in the content of minutes."""

    SHORT = "short"
    # Nobody has put it in short yet.
    LONG = "long"
    WHOLE = "whole"


class ShortPart(models.TextChoices):
    """The four parts of the short report."""

    WORRIES = "worries", "What we are worried about"
    EFFECT = "effect", "What this does to the child"
    STRENGTHS = "strengths", "What is going well"
    COMPLICATING = "complicating", "What makes it harder"


class RemarkKind(models.TextChoices):
    """What a family member says about a report on their own page."""

    WRONG = "wrong", "Says that a sentence is wrong"
    QUESTION = "question", "Asks a question"


class SharingOutcome(models.TextChoices):
    """The outcome of sharing one report with one person who is due it."""

    SHARED = "shared", "Shared"
    DECLINED = "declined", "Declined to hear it"
    NOT_REACHED = "not_reached", "Could not be reached"
    IN_PART = "in_part", "Shared in part, agreed by the chair"
    NOT_TO_BE_SHARED = "not_to_be_shared", "Not to be shared, agreed by the chair"


class SharingManner(models.TextChoices):
    TALKED_THROUGH = "talked_through", "Talked through in person"
    PHONE = "phone", "Talked through by phone or video"
    READ_OUT = "read_out", "Read out"
    EMAIL = "email", "Sent by e-mail and talked through"
    POST = "post", "Sent by post and talked through"


class DocumentKind(models.TextChoices):
    DECISIONS_LETTER = "decisions_letter", "Decisions letter"
    MINUTES = "minutes", "Minutes"
    CORE_GROUP = "core_group", "Minutes of a core group"
    PLAN = "plan", "Plan"
    CHILDS_LETTER = "childs_letter", "Letter to the child"


class ToldState(models.TextChoices):
    """Whether the child knows something of what their letter could say."""

    TOLD = "told", "The child has been told, in these words"
    NOT_YET = "not_yet", "Must not be said yet"


class LetterPart(models.TextChoices):
    """The parts of a letter to a child."""

    SAID = "said", "What the child said"
    CAME = "came", "What came of it"
    DECIDED = "decided", "What was decided"
    PLAN = "plan", "What is done"
    NEXT = "next", "What happens next"
    MORE = "more", "Anything else"


class HandedOver(models.TextChoices):
    """How a child gets their letter."""

    READ_TOGETHER = "read_together", "Read with the child, and given to them"
    READ_AND_KEPT = "read_and_kept", "Read with the child, and kept safe for them"
    GIVEN = "given", "Given to the child"


class DocumentState(models.TextChoices):
    PREPARED = "prepared", "Prepared, waiting for release"
    RELEASED = "released", "Released"
    SUPERSEDED = "superseded", "Replaced by a newer version"


class PaperState(models.TextChoices):
    """The state of one recipient's file."""

    WAITING = "waiting", "Waits to be laid out"
    READY = "ready", "Laid out and kept"
    FAILED = "failed", "Could not be laid out"
    RETIRED = "retired", "Taken away"


class PaperFailure(models.TextChoices):
    """Why a file could not be laid out; never words of the copy."""

    TIME = "time", "It took too long"
    MEMORY = "memory", "It took too much memory"
    ERROR = "error", "The layout went wrong"
    KILLED = "killed", "The worker ended in the middle of it"


class PaperRetired(models.TextChoices):
    """Why a stored file was deleted."""

    REFUSED = "refused", "The copy may not go out any more"
    RELEASED = "released", "It was a draft, and the version is released"
    REPLACED = "replaced", "A new version is there"
    CHANGED = "changed", "The copy would say something else"
    LOST = "lost", "The file could not be opened"
    DISPOSED = "disposed", "The records were disposed of"


class Channel(models.TextChoices):
    OWN_PAGE = "own_page", "Own page, told by e-mail"
    SECURE_EMAIL = "secure_email", "Secure e-mail"
    POST = "post", "Post"
    BY_HAND = "by_hand", "Handed over"
    COLLECTED = "collected", "Collected"


# How papers go to another council, which has no page here.
TO_A_COUNCIL = [choice for choice in Channel.choices if choice[0] != Channel.OWN_PAGE]


class NewsKind(models.TextChoices):
    """What became of a copy that was sent."""

    OPENED = "opened", "Opened on their own page"
    ACKNOWLEDGED = "acknowledged", "They say that they have it"
    NOT_SENT = "not_sent", "The e-mail did not leave"
    RETURNED = "returned", "Came back, or did not arrive"
    RETURNED_OPENED = "returned_opened", "Came back opened, or somebody else has it"
    RECALLED = "recalled", "Recalled"


# After these a copy does not count as one that somebody has.
UNDONE = (NewsKind.NOT_SENT, NewsKind.RETURNED, NewsKind.RETURNED_OPENED, NewsKind.RECALLED)


# After these it stands on no own page.
TAKEN_BACK = (NewsKind.RETURNED_OPENED, NewsKind.RECALLED)


class PackState(models.TextChoices):
    """The state of a print pack's file."""

    WAITING = "waiting", "Being made"
    READY = "ready", "Ready to print"
    FAILED = "failed", "Could not be made"
    RETIRED = "retired", "Taken away"


class ManagerAnswer(models.TextChoices):
    """A manager's answer to a submitted social work report."""

    AGREED = "agreed", "I agree to it"
    SENT_BACK = "sent_back", "No, something has to change first"


class DissentChoice(models.TextChoices):
    LODGED = "lodged", "Lodged"
    LEFT = "left", "Is content with what the minutes say"


class CommentOutcome(models.TextChoices):
    """The outcome of a comment on the minutes."""

    ACCEPTED = "accepted", "Accepted: there will be a new version of the minutes"
    KEPT_BESIDE = "kept_beside", "Not accepted: the comment is kept with the minutes"


class ComplaintOutcome(models.TextChoices):
    """What became of a complaint at one stage."""

    UPHELD = "upheld", "Upheld"
    IN_PART = "in_part", "Upheld in part"
    NOT_UPHELD = "not_upheld", "Not upheld"
    WITHDRAWN = "withdrawn", "Withdrawn by whoever complained"


class PrintedFor(models.TextChoices):
    """Who reads what someone said against a conference afterwards, and its answer, with the minutes."""

    OWN = "own", "Only the person who said it"
    PROFESSIONALS = "professionals", "That person, and the professionals who have minutes about these children"
    EVERYONE = "everyone", "Everyone who has minutes about these children"


class Scan(models.TextChoices):
    """The virus scanner's result for a file."""

    CLEAN = "clean", "Scanned, nothing found"
    WAITING = "waiting", "Not yet scanned"
    FOUND = "found", "Something harmful was found"
    NOT_ASKED = "not_asked", "No scanner is set up"

    @property
    def opens(self) -> bool:
        """Return whether the file may be opened, which it may not while it waits for the scanner."""
        return self in {Scan.CLEAN, Scan.NOT_ASKED}


class FileProposal(models.TextChoices):
    """What an author says about showing a file to the family. It is a proposal: two people check it for each reader."""

    WHOLE = "whole", "The parents can have it as it is"
    ASK = "ask", "Ask me first"
    NOT = "not", "No, not as it is"


class FileChecker(models.TextChoices):
    WORKER = "worker", "Social worker"
    COORDINATOR = "coordinator", "Coordinator"


class FileAnswer(models.TextChoices):
    MAY = "may", "Yes, they may have the whole file"
    MAY_NOT = "may_not", "No, it may not reach them"
