"""Forms to hand conferences on to another chair or coordinator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.models import User
from conferences.enums import Job
from conferences.models import Conference
from conferences.selectors.runners import Candidate
from conferences.services.handing_over import Handed
from govuk.forms import Div, GovukForm, Include, Layout, LongTextField, SelectField, VersionField

QUESTIONS = {Job.CHAIR: "Who chairs it now?", Job.COORDINATOR: "Who coordinates it now?"}
Offered = Mapping[Job, Sequence[Candidate]]


class SuccessorField(SelectField):
    """A choice among those who are free then; the others are named with the time at which they are booked.

    Cleans to the user, or None. The candidates are known, so that a page of many such choices asks nothing more.
    """

    def __init__(self, *, job: Job, offered: Sequence[Candidate], present: User | None) -> None:
        busy = [f"{row.user.name} ({', '.join(row.booked)})" for row in offered if not row.is_free]
        self._users = {str(row.user.pk): row.user for row in offered if row.is_free}
        super().__init__(
            choices=[(pk, user.name) for pk, user in self._users.items()],
            label=QUESTIONS[job],
            help_text=f"Booked at that time: {'; '.join(busy)}" if busy else "",
            required=False,
            empty_label=f"{present.name}, as before" if present else "No one yet",
            error_messages={"invalid_choice": "Choose someone who is free at that time"},
        )

    def clean(self, value: Any) -> User | None:
        return self._users.get(super().clean(value))


def _reason() -> LongTextField:
    return LongTextField(
        label="Why does someone else take over?",
        help_text="Kept on record. The family and the professionals do not see it.",
        rows=3,
        error_messages={"required": "Say why someone else takes over"},
    )


class HandOnForm(GovukForm):
    """Another chair, another coordinator, or both, for one conference."""

    button = "Hand it over"
    marks_optional = False
    version = VersionField()

    def __init__(self, *args: Any, conference: Conference, offered: Offered, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = conference.version
        self.fields["chair"] = SuccessorField(job=Job.CHAIR, offered=offered[Job.CHAIR], present=conference.chair)
        self.fields["coordinator"] = SuccessorField(
            job=Job.COORDINATOR, offered=offered[Job.COORDINATOR], present=conference.coordinator
        )
        self.fields["reason"] = _reason()
        self._adapt()
        self.layout = Layout("chair", "coordinator", "reason", "version")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not {"chair", "coordinator"} & set(self.errors) and not data.get("chair") and not data.get("coordinator"):
            self.add_error("chair", "Choose who takes over")
        return data


class HandOnEachForm(GovukForm):
    """Every conference that someone runs, each with its own successor; one left blank stays theirs."""

    button = "Hand these over"
    marks_optional = False

    def __init__(
        self,
        *args: Any,
        user: User,
        conferences: Sequence[Conference],
        offered: Mapping[Job, Mapping[int, Sequence[Candidate]]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._conferences = conferences
        parts = []
        for row in conferences:
            names = [f"{row.pk}-version"]
            self.fields[f"{row.pk}-version"] = VersionField(initial=row.version)
            for job, held in ((Job.CHAIR, row.chair), (Job.COORDINATOR, row.coordinator)):
                if held == user:
                    self.fields[f"{row.pk}-{job}"] = SuccessorField(job=job, offered=offered[job][row.pk], present=user)
                    names.append(f"{row.pk}-{job}")
            parts.append(Div(Include("conferences/handed_conference.html", handed=row), *names, css_class="cp-section"))
        self.fields["reason"] = _reason()
        self._adapt()
        self.layout = Layout(*parts, "reason")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.handed():
            self.add_error(None, "Choose who takes over at least one conference")
        return data

    def handed(self) -> list[Handed]:
        """Return the conferences for which someone is chosen."""
        found = []
        for row in self._conferences:
            chosen = {str(job): self.cleaned_data.get(f"{row.pk}-{job}") for job in Job}
            if any(chosen.values()):
                found.append(Handed(conference=row, version=self.cleaned_data.get(f"{row.pk}-version"), **chosen))
        return found
