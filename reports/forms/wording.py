"""Forms for the wording of a paper: mending a text, writing a discussion, sending a version back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from govuk.forms import (
    CheckboxesField,
    Field,
    GovukForm,
    Item,
    Layout,
    LongTextField,
    RadiosField,
    SelectField,
    VersionField,
)
from reports.content.shared import Json
from reports.content.wording import Editable
from reports.models import PaperWording
from reports.selectors.wording import TextToMend


class MendForm(GovukForm):
    """One recorded text in other words, and its place under its heading."""

    keeps_draft = True
    button = "Save the wording"
    text = LongTextField(
        label="As the paper says it",
        rows=5,
        help_text="Mend wording only. Who said it, about whom, and whether it is a fact or an opinion stay.",
        error_messages={"required": "Write the words. To leave a note out, withdraw it on the board."},
    )
    place = SelectField(
        label="Place under its heading", required=False, empty_label="In the order in which it was said"
    )
    version = VersionField()

    def __init__(self, *args: Any, one: Editable, others: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if one.heading and others > 1:
            self.fields["place"].set_choices(  # type: ignore[attr-defined]
                [(str(number), "First" if number == 1 else f"Number {number}") for number in range(1, others + 1)]
            )
        else:
            del self.fields["place"]

    def chosen_place(self) -> int | None:
        """Return the place under the heading; None where the note stays in the order in which it was said."""
        return int(self.cleaned_data["place"]) if self.cleaned_data.get("place") else None


class DiscussionForm(GovukForm):
    """What was discussed under a heading, in which part, about whom, and whose private matter it is."""

    keeps_draft = True
    button = "Save the discussion"
    heading = SelectField(label="Heading")
    text = LongTextField(label="What was discussed", rows=6, error_messages={"required": "Write what was discussed."})
    children = CheckboxesField(
        label="About which children?", help_text="Leave all empty if it is about all of them.", required=False
    )
    part = RadiosField(label="In which part of the meeting?", error_messages={"required": "Choose the part."})
    private_to = CheckboxesField(
        label="It includes private information about",
        help_text="Copies for the rest of the family leave it out.",
        required=False,
    )
    version = VersionField()

    def __init__(self, *args: Any, content: Json, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set("heading", [(row["key"], row["label"]) for row in content["headings"]])
        self.set("children", [Item(str(row["id"]), row["short_name"]) for row in content["children"]])
        self.parts = [row["id"] for row in content["parts"]]
        self.set(
            "part",
            [
                (str(row["id"]), row["title"] or f"Part {number}")
                for number, row in enumerate(content["parts"], start=1)
            ],
        )
        if len(self.parts) == 1:
            del self.fields["part"]
        adults = {row["person"]: row["name"] for row in content["participants"] if row["capacity_words"] != "Child"}
        family = {row["person"] for row in content["ties"]}
        self.set("private_to", [Item(str(pk), name) for pk, name in adults.items() if pk in family])

    def set(self, name: str, items: list[Any]) -> None:
        """Offer these choices."""
        self.fields[name].set_choices(items)  # type: ignore[attr-defined]

    def discussion(self) -> dict[str, Any]:
        """Return the values that the service takes."""
        data = self.cleaned_data
        part = data.get("part") or (self.parts[0] if self.parts else None)
        return {
            "heading": data["heading"],
            "text": data["text"],
            "part": int(part) if part is not None else None,
            "children": [int(pk) for pk in data.get("children", ())],
            "private_to": [int(pk) for pk in data.get("private_to", ())],
        }


class InShortForm(GovukForm):
    """A report paragraph by paragraph, each to be said in short or emptied."""

    keeps_draft = True
    button = "Save it in short"

    def __init__(self, *args: Any, paragraphs: Sequence[TextToMend], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {row.one.key: row.one.key.split(":")[1] for row in paragraphs}
        for row in paragraphs:
            name = self.names[row.one.key]
            self.fields[f"text{name}"] = LongTextField(label=row.one.where, rows=4, required=False)
            self.fields[f"version{name}"] = VersionField()
            self.initial[f"text{name}"] = "" if row.leaves_out else row.mended or row.one.recorded
            self.initial[f"version{name}"] = row.version
        self.layout = Layout(
            *(part for name in self.names.values() for part in (Field(f"text{name}", optional=False), f"version{name}"))
        )
        self._adapt()

    def texts(self) -> dict[str, tuple[str, int]]:
        """Return the words and the version shown, by entry."""
        data = self.cleaned_data
        return {
            entry: (data.get(f"text{name}") or "", data.get(f"version{name}") or 0)
            for entry, name in self.names.items()
        }

    def show_theirs(self, theirs: PaperWording, name_of_other: str) -> None:
        """Say at a paragraph what somebody else made of it meanwhile; saved again, one's own words replace theirs."""
        name = self.names[theirs.entry]
        self.data[f"version{name}"] = str(theirs.version)  # type: ignore[index]
        says = f"“{theirs.text}”" if theirs.text else "that it is left out"
        self.add_error(f"text{name}", f"{name_of_other} changed this while you were writing. It now says {says}")


class TakeOutForm(GovukForm):
    """Nothing to fill in: the page shows what is taken out."""

    button = "Take it out of the paper"


class SendBackForm(GovukForm):
    """What has to change before a version can be released."""

    keeps_draft = True
    button = "Send it back"
    because = LongTextField(
        label="What has to change?", rows=4, error_messages={"required": "Write what has to change."}
    )


class LegalPlanningForm(GovukForm):
    """Whether the copies say that a legal planning meeting was recommended."""

    tell = RadiosField(
        label="Should the copies say that a legal planning meeting was recommended?",
        choices=[("no", "No"), ("yes", "Yes, all copies but a child’s")],
        error_messages={"required": "Choose yes or no."},
    )
    button = "Save"
