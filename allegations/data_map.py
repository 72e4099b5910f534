"""Declares that allegations stand apart from every case: no bundle, disposal or list of what is held has them."""

from __future__ import annotations

from accounts.case_data import not_case_data
from allegations import models

not_case_data(
    models.Referral,
    models.ReferralText,
    models.ReferralStep,
    models.ReferralInBundle,
    because="an allegation is kept as long as the person it is about may work with children, whatever becomes of "
    "the case it came from; into a bundle it goes only by a decision of its own",
)
