"""Policies: councils' procedures as dated data, and the only code that reads them.

A preset is a YAML file. The entries in its two sections, ``limits`` and ``values``, each state their origin
(source, year, scope, owner). ``baseline`` is complete; every other preset contains only what differs from it.
``LIMITS`` and ``SCHEMA`` define what each key means and the type that checks it; the same pydantic models
validate files and what an administrator types.
"""

from __future__ import annotations

from deadlines.policies.amounts import BY_UNDERSTANDING, NOT_SET, Amount
from deadlines.policies.limits import LIMITS, Limit
from deadlines.policies.policy import BelowQuorum, Policy, Quorum
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
from deadlines.policies.value_types import Category, Framework, Heading, Hours, Scale
from deadlines.policies.values import SCHEMA
from deadlines.policies.versions import PolicyMissing, missing, policies_of, policy_for, policy_of

__all__ = [
    "BASELINE",
    "BY_UNDERSTANDING",
    "LIMITS",
    "NOT_SET",
    "SCHEMA",
    "Amount",
    "BelowQuorum",
    "Category",
    "Framework",
    "Heading",
    "Hours",
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
