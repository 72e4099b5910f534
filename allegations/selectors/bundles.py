"""Bundles of records that a referral may go into, by decision, and what it says there."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from accounts.models import User
from allegations.models import Referral, ReferralInBundle
from allegations.selectors.referrals import current_text
from deadlines.working_days.arithmetic import civil_day
from govuk.words import plain_date
from records.disclosure.pieces import GROUPS, Piece
from records.enums import DisclosureState
from records.models import Disclosure


def bundles_for(referral: Referral) -> list[Disclosure]:
    """Return the bundles about people of the case that are being prepared, and do not have the referral yet."""
    rows = Disclosure.objects.filter(family=referral.family_id, state=DisclosureState.PREPARING)
    taken = referral.bundles.values("disclosure")
    return list(rows.exclude(pk__in=taken).select_related("person").order_by("-prepared_at"))


def who_it_is_about(referral: Referral) -> list[User]:
    """Return the accounts of those whom the referral is about, in any wording, and of their agencies."""
    texts = list(referral.texts.all())
    posts = [text.agency_id for text in texts if text.agency_id]
    names = Q(pk__in=[])
    for text in texts:
        if text.about_name:
            names |= Q(name__iexact=text.about_name)
    own = Q(pk__in=[text.about_user_id for text in texts if text.about_user_id])
    own |= Q(person__in=[text.about_person_id for text in texts if text.about_person_id])
    own |= Q(person__posts__agency__in=posts)
    return list(User.objects.filter(own | names, is_active=True).distinct())


def pieces_in(disclosure: Disclosure) -> Iterator[Piece]:
    """Yield the referrals that were put into a bundle, each as a piece that needs a decision of its own."""
    rows = ReferralInBundle.objects.filter(disclosure=disclosure).select_related("referral").order_by("pk")
    for row in rows:
        referral, text = row.referral, current_text(row.referral)
        steps = referral.steps.filter(withdrawn_at__isnull=True)
        yield Piece(
            key=f"allegations.referral:{referral.pk}",
            group=GROUPS["allegations"],
            section="Referral to the designated officer",
            lines=(
                ("About", text.about),
                ("What they do", ", ".join(filter(None, (text.job, text.works_at)))),
                ("What they are said to have done", str(text.get_threshold_display())),
                ("What happened", text.what),
                ("When", text.happened),
                *((f"{plain_date(step.on)}: {step.get_kind_display()}", step.note) for step in steps),
            ),
            day=civil_day(referral.made_at),
            may_harm=True,
        )
