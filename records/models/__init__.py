"""What is decided about records themselves: holds, disposals, bundles that are given out."""

from records.models.disclosures import Disclosure, DisclosureDecision
from records.models.retention import Disposal, KeepLonger, LegalHold

__all__ = ["Disclosure", "DisclosureDecision", "Disposal", "KeepLonger", "LegalHold"]
