"""Validators shared by models, forms and services."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

validate_council_child_id = RegexValidator(
    r"^[A-Za-z0-9]{1,20}$", "A council's child ID has at most 20 letters and digits, and no spaces."
)

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def clean_nhs_number(value: str) -> str:
    """Return the ten digits of an NHS number without spaces; raises ValidationError for an invalid one."""
    digits = re.sub(r"[\s-]", "", value)
    if not re.fullmatch(r"[0-9]{10}", digits):
        raise ValidationError("An NHS number has 10 digits, such as 999 000 0018.")
    check = 11 - sum(int(d) * (10 - i) for i, d in enumerate(digits[:9])) % 11
    if check % 11 == 10 or int(digits[9]) != check % 11:  # noqa: PLR2004 - no digit stands for ten
        raise ValidationError("This NHS number has a wrong digit. Check it against a letter from the NHS.")
    return digits


def validate_nhs_number(value: str) -> None:
    """Raise ValidationError unless ``value`` is an NHS number."""
    clean_nhs_number(value)


def validate_upn(value: str) -> None:
    """Validate a unique pupil number: check letter, then 12 digits; the last may be a letter if temporary."""
    upn = value.strip().upper()
    if not re.fullmatch(r"[A-Z][0-9]{11}[0-9A-Z]", upn):
        raise ValidationError("A UPN is one letter followed by 12 digits, such as H801200001001.")
    last = UPN_LETTERS.find(upn[12]) if upn[12].isalpha() else int(upn[12])
    if last < 0:
        raise ValidationError("A UPN never ends with that letter.")
    total = sum(int(d) * (i + 2) for i, d in enumerate(upn[1:12])) + last * 13
    if UPN_LETTERS[total % 23] != upn[0]:
        raise ValidationError("The first letter of this UPN does not fit its digits. Ask the school for it again.")
