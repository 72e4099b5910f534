"""Whether a paper tells that a legal planning meeting was recommended."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.services.guards import require_chair
from reports.enums import DocumentState, PaperRetired
from reports.models import Document
from reports.services.kept_papers import retire_papers


@transaction.atomic
def tell_legal_planning(*, document: Document, tell: bool, by: User, now: datetime.datetime) -> Document:
    """Let the copies of a prepared version tell of the recommendation, or not, by the chair's choice.

    Drafts laid out before are retired. Raises ValidationError for anyone but the chair, and once it was released.
    """
    locked = Document.objects.select_for_update(of=("self",)).select_related("conference").get(pk=document.pk)
    require_chair(by, locked.conference, "release this")
    if locked.state != DocumentState.PREPARED:
        raise ValidationError("This version was released or replaced. Prepare a new one to change what it tells.")
    if locked.tells_of_legal_planning != tell:
        locked.tells_of_legal_planning = tell
        locked.save(update_fields=["tells_of_legal_planning"])
        retire_papers(locked.laid_out_papers.all(), PaperRetired.CHANGED, now=now)
    return locked
