"""What the notices about records given out and disposed of are about."""

from __future__ import annotations

from django.db.models import Q

from deadlines.notice_matters import NoticeMatter
from records.enums import DisclosureState, DisposalState
from records.models import Disclosure, Disposal

MATTERS = (
    NoticeMatter("disposal", Disposal.objects.all, waits=Q(state=DisposalState.PROPOSED), decided=True),
    NoticeMatter("bundle-to-check", Disclosure.objects.all, waits=Q(state=DisclosureState.WAITING), decided=True),
    NoticeMatter(
        "bundle-sent-back", Disclosure.objects.all, family="family_id", waits=Q(state=DisclosureState.PREPARING)
    ),
    NoticeMatter("bundle-made", Disclosure.objects.all, family="family_id", waits=Q(state=DisclosureState.MADE)),
    NoticeMatter("bundle-not-made", Disclosure.objects.all, family="family_id"),
    NoticeMatter("bundle-sealed", Disclosure.objects.all),
)
