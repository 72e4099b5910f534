"""What the modules of policies build on: lengths of time, and the shape of what is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

BY_UNDERSTANDING = "by understanding"
NOT_SET = "not set"
PROVENANCE = ("source", "year", "scope", "owner")

Json = Any
Resolved = dict[str, dict[str, dict[str, Json]]]


@dataclass(frozen=True)
class Amount:
    """A length of time as a policy writes it."""

    amount: int
    unit: str

    @property
    def words(self) -> str:
        """Such as "15 working days" or "1 month"."""
        unit = self.unit[:-1] if self.amount == 1 else self.unit
        return f"{self.amount} {unit}"
