"""Building blocks for policies: lengths of time, and the shape of typed input."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from deadlines.enums import Unit

BY_UNDERSTANDING = "by understanding"
NOT_SET = "not set"
NOT_USED = "not used"
LONGEST_AMOUNT = 1000

Json = Any
Resolved = dict[str, dict[str, dict[str, Json]]]


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Amount:
    """A length of time as written in a policy."""

    amount: Annotated[int, Field(strict=True, ge=0, le=LONGEST_AMOUNT)]
    unit: Unit

    @property
    def words(self) -> str:
        """Return for example "15 working days" or "1 month"."""
        unit = self.unit[:-1] if self.amount == 1 else self.unit
        return f"{self.amount} {unit}"
