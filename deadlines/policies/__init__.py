"""Policies: one council's procedures as dated data, and the only place that reads them.

A preset is a YAML file. Its two sections, ``limits`` and ``values``, hold entries that each say where
they come from (source, year, scope, owner). ``baseline`` is complete; every other preset names only
what differs from it. What a key means, and the type that checks it, stands in ``LIMITS`` and
``SCHEMA``; the same pydantic models read a file and whatever an administrator types.
"""

from __future__ import annotations

from deadlines.policies.amounts import BY_UNDERSTANDING, NOT_SET, Amount
from deadlines.policies.limits import LIMITS, Limit
from deadlines.policies.policy import Policy, Quorum
from deadlines.policies.presets import (
    BASELINE,
    PolicyInvalid,
    baseline,
    complete,
    filled,
    own_entries,
    preset_names,
    raw_from_text,
    raw_of,
    resolve,
)
from deadlines.policies.strict_yaml import write_strict
from deadlines.policies.value_types import Category, Framework, Heading, Scale
from deadlines.policies.values import SCHEMA
from deadlines.policies.versions import PolicyMissing, missing, policies_of, policy_for, policy_of

__all__ = [
    "BASELINE",
    "BY_UNDERSTANDING",
    "LIMITS",
    "NOT_SET",
    "SCHEMA",
    "Amount",
    "Category",
    "Framework",
    "Heading",
    "Limit",
    "Policy",
    "PolicyInvalid",
    "PolicyMissing",
    "Quorum",
    "Scale",
    "baseline",
    "complete",
    "filled",
    "missing",
    "own_entries",
    "policies_of",
    "policy_for",
    "policy_of",
    "preset_names",
    "raw_from_text",
    "raw_of",
    "resolve",
    "write_strict",
]
