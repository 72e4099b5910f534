"""The types of the family's own form: its questions, and the words beside a scale and faces."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from deadlines.policies.value_types import Labelled, Model, Shape, Text, distinct


class Question(Model):
    """A question of a form for the family: asked in words, with a hint, and answered as ``kind`` says."""

    key: Annotated[
        str,
        Field(pattern=r"^[a-z0-9-]{1,60}$"),
        Shape("", refusal="must be made of small letters, digits and hyphens, at most 60"),
    ]
    label: Text
    prompt: Text
    kind: Literal["words", "scale", "faces"]


Questions = Annotated[
    list[Question],
    Field(min_length=1),
    AfterValidator(distinct),
    Shape("list of key, label, prompt, kind (words, scale or faces)"),
]


class Ends(Labelled):
    """The words at the two ends of a family's scale from 0 to 10."""

    low: Text
    high: Text


class Faces(Labelled):
    """The words beside the faces that a small child chooses from."""

    very_sad: Text
    sad: Text
    so_so: Text
    happy: Text
    very_happy: Text


ScaleEnds = Annotated[Ends, Shape(f"words for {', '.join(Ends.model_fields)}")]
FaceWords = Annotated[Faces, Shape(f"words for {', '.join(Faces.model_fields)}")]
FromAge = Annotated[int, Field(ge=0, le=17), Shape("age from 0 to 17", "from age {}")]
