"""Decides that an allegation goes into one bundle of records."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from allegations.access import REFERRAL_RULES
from allegations.models import Referral, ReferralInBundle
from allegations.selectors.bundles import bundles_for, who_it_is_about
from records.disclosure.access import DISCLOSURE_RULES
from records.models import Disclosure


@transaction.atomic
def put_in_bundle(
    *, referral: Referral, disclosure: Disclosure, because: str, by: User, now: datetime.datetime
) -> ReferralInBundle:
    """Put a referral into a bundle that is being prepared: whoever prepares and checks it reads it from now on.

    The same again changes nothing. Raises ValidationError without a reason, for someone who does not handle
    allegations, for another case's or a finished bundle, and where the person it is about may open the bundle.
    """
    locked = Referral.objects.select_for_update(no_key=True, of=("self",)).get(pk=referral.pk)
    if REFERRAL_RULES["handle"].right_of(by, locked) is None:
        raise ValidationError("This is not yours to decide.")
    known = locked.bundles.filter(disclosure=disclosure).first()
    if known is not None:
        return known
    if not because.strip():
        raise ValidationError({"because": "Say why it goes into the bundle"})
    if disclosure not in bundles_for(locked):
        raise ValidationError({"disclosure": "Choose a bundle of this case that is being prepared"})
    for user in who_it_is_about(locked):
        if any(rule.right_of(user, disclosure) is not None for rule in DISCLOSURE_RULES.values()):
            raise ValidationError(
                {"disclosure": "The person it is about may open this bundle. Restrict the case to named people first"}
            )
    return ReferralInBundle.objects.create(
        referral=locked, disclosure=disclosure, because=because.strip(), decided_by=by, decided_at=now
    )
