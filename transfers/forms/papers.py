"""The forms of the papers that go with a child from one council to another."""

from __future__ import annotations

from django import forms

from govuk.forms import DateInputField, GovukForm, RadiosField
from reports.enums import TO_A_COUNCIL
from transfers.enums import Arrival, HandedOver, PaperKind
from transfers.services.papers import HandOver


class HandOverForm(GovukForm):
    """Whether one paper was sent, over which channel, and how that was made safe this time."""

    keeps_draft = True
    button = "Save"
    outcome = RadiosField(label="Was it sent?", choices=HandedOver.choices)
    what = forms.CharField(
        label="Which one?", required=False, max_length=200, help_text="For example, the version and its date"
    )
    channel = RadiosField(label="How was it sent?", choices=TO_A_COUNCIL, required=False)
    channel_confirmed = forms.CharField(
        label="How did you make sure, this time, that it reaches the right worker?", required=False, max_length=200
    )
    sent_on = DateInputField(label="When?", required=False)

    def paper(self, kind: PaperKind) -> HandOver:
        """Return what was handed over, as the service takes it."""
        return HandOver(kind=kind, **self.cleaned_data)


class ReceivedForm(GovukForm):
    """Whether one paper came with a child who moved here."""

    keeps_draft = True
    button = "Save"
    outcome = RadiosField(label="Did it come?", choices=Arrival.choices)
    on = DateInputField(label="When did it come, or when did you ask for it?")
    note = forms.CharField(
        label="What came, or whom did you ask?", required=False, max_length=250, help_text="Needed where it is missing"
    )


class EndedThereForm(GovukForm):
    """The other council's own written ending of its plan."""

    keeps_draft = True
    button = "Save the ending"
    ended_on = DateInputField(
        label="On which day did its plan end?",
        help_text="Where our plan began, theirs ends on the same day: no day lies between",
    )
    letter_kept = forms.CharField(
        label="Where is its letter kept?",
        max_length=250,
        required=False,
        help_text="Needed where the letter is not uploaded: the reference under which anyone finds it",
    )
