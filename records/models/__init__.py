"""Decisions about records themselves: holds, disposals, and disclosed bundles."""

from records.models.disclosures import Disclosure, DisclosureDecision, SealedCover
from records.models.retention import Disposal, KeepLonger, LegalHold

__all__ = ["Disclosure", "DisclosureDecision", "Disposal", "KeepLonger", "LegalHold", "SealedCover"]
