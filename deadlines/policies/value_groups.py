"""A group of a policy's values, and how a value in it is declared."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from deadlines.policies.value_types import LEFT_OUT, Model


class Group(Model):
    """Values shown together on a page. A file names only some of them."""

    title: ClassVar[str]


def followed(meaning: str) -> Any:
    """Declare a value that the program acts on."""
    return Field(LEFT_OUT, description=meaning)


def shown_only(meaning: str, *, on: str) -> Any:
    """Declare a value that people read and follow themselves: the program shows it on the page named ``on``."""
    return Field(LEFT_OUT, description=meaning, json_schema_extra={"shown_on": on})
