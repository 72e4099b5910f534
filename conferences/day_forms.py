"""Forms of the day: short where they are filled while everybody talks, long where words count."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from accounts.models import User
from conferences.enums import (
    Capacity,
    Category,
    Given,
    Harm,
    Mode,
    Nature,
    Outcome,
    Participation,
    PartKind,
    Presence,
    ViewStatus,
)
from conferences.models import ConferenceChild, Part, Participant, Sitting
from conferences.selectors.attending import who
from conferences.selectors.children import short_name_of
from conferences.selectors.day_steps import TheDay
from conferences.services.deciding import ASKS_CONSENT, Consent, DecisionFacts
from deadlines.policies import Policy
from families.enums import Answer
from families.models import Person
from govuk.forms import (
    CheckboxesField,
    DateInputField,
    GovukForm,
    Item,
    LongTextField,
    ModelCheckboxesField,
    ModelSelectField,
    RadiosField,
    ScaleField,
    SelectField,
    TimeField,
    VersionField,
)

HERE_BY = (Mode.IN_PERSON, Mode.ONLINE)
NO_SCORE = (Given.ABSTAINED, Given.LEFT, Given.NOT_ASKED, Given.REFUSED)
NO_VIEW = (Given.ABSTAINED, Given.LEFT, Given.NOT_ASKED, Given.REFUSED, Given.UNKNOWN)
AFTER_MIDNIGHT = datetime.timedelta(hours=6)


def moment_of(sitting: Sitting, time: datetime.time | None) -> datetime.datetime | None:
    """The aware moment of a time of day during the sitting; early hours count as after midnight."""
    if time is None:
        return None
    zone = timezone.get_current_timezone()
    moment = datetime.datetime.combine(sitting.day, time, tzinfo=zone)
    if moment < sitting.booked_from - AFTER_MIDNIGHT:
        moment = datetime.datetime.combine(sitting.day + datetime.timedelta(days=1), time, tzinfo=zone)
    return moment


def at(day: datetime.date | None, time: datetime.time | None) -> datetime.datetime | None:
    """Day and time as one aware moment; None where either is missing."""
    if day is None or time is None:
        return None
    return datetime.datetime.combine(day, time, tzinfo=timezone.get_current_timezone())


def people_of(day: TheDay) -> list[tuple[str, str]]:
    """Everybody on the list as choices, those who are here first."""
    rows = sorted(day.attendees, key=lambda row: (not row.is_present, row.participant.pk))
    return [(str(row.participant.pk), who(row.participant)) for row in rows if not row.is_left_out]


class _Form(GovukForm):
    """A form whose fields learn their choices when it is made."""

    def field(self, name: str) -> Any:
        return self.fields[name]


class _OnTheDay(_Form):
    """A form that knows the meeting: its people, children and parts."""

    def __init__(self, *args: Any, day: TheDay, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        self.participants = {str(row.participant.pk): row.participant for row in day.attendees}
        self.child_rows = {str(row.pk): row for row in day.children}
        self.parts = {str(row.pk): row for row in day.parts}
        if "children" in self.fields:
            self.field("children").set_choices(
                [(key, short_name_of(row.child)) for key, row in self.child_rows.items()]
            )
        if "part" in self.fields:
            if len(self.parts) < 2:  # noqa: PLR2004 one part is no choice
                del self.fields["part"]
            else:
                self.field("part").set_choices([(key, str(row)) for key, row in self.parts.items()])

    def person_in(self, name: str) -> Participant | None:
        """The person chosen in a field."""
        return self.participants.get(self.cleaned_data.get(name) or "")

    def chosen_children(self) -> list[ConferenceChild]:
        """The children ticked; none where all are."""
        ticked = [self.child_rows[key] for key in self.cleaned_data.get("children") or []]
        return [] if len(ticked) == len(self.child_rows) else ticked

    def chosen_part(self) -> Part | None:
        return self.parts.get(self.cleaned_data.get("part") or "")


def children_field(label: str = "About") -> CheckboxesField:
    """The children of the meeting as checkboxes; none ticked means all of them."""
    return CheckboxesField(
        label=label, required=False, inline=True, help_text="Nobody ticked means all of the children."
    )


class EntryForm(_OnTheDay):
    """One note for the board."""

    keeps_draft = True
    marks_optional = False
    heading = SelectField(label="Heading")
    speaker = SelectField(label="Who says it", required=False, empty_label="Nobody in particular")
    nature = RadiosField(label="It is", choices=Nature.choices, inline=True)
    children = children_field()
    part = SelectField(label="Said in", required=False, empty_label="The first part")
    text = LongTextField(label="What was said", rows=2, error_messages={"required": "Write what was said."})
    evidence = LongTextField(label="For an opinion: what is it based on?", rows=2, required=False)
    seen_differently = LongTextField(
        label="Seen differently", rows=2, required=False, help_text="Who sees it differently, and how."
    )
    private_to = ModelCheckboxesField(
        Person.objects.none(),
        label="It holds private information of",
        help_text="Copies of the record for other people will leave it out.",
        required=False,
        label_from=lambda person: person.full_name,
    )
    version = VersionField()

    def __init__(self, *args: Any, policy: Policy, persons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field("heading").set_choices([(row.key, row.label) for row in policy.framework.headings])
        self.field("speaker").set_choices(people_of(self.day))
        self.field("private_to").queryset = persons

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("nature") == Nature.OPINION and not (data.get("evidence") or "").strip():
            self.add_error("evidence", "Write what this opinion is based on.")
        return data

    def note(self) -> dict[str, Any]:
        """What the services take."""
        data = self.cleaned_data
        return {
            **{name: data[name] for name in ("heading", "nature", "text", "evidence", "seen_differently")},
            "speaker": self.person_in("speaker"),
            "children": self.chosen_children(),
            "private_to": data["private_to"],
            "part": self.chosen_part(),
        }


class ReasonForm(GovukForm):
    """One reason, for what can't be undone silently."""

    keeps_draft = True
    reason = LongTextField(label="Why?")

    def __init__(self, *args: Any, label: str = "Why?", field: str = "reason", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        if field != "reason":
            self.fields[field] = self.fields.pop("reason")


class ItemForm(GovukForm):
    """The note under an item of the agenda."""

    keeps_draft = True
    note = LongTextField(label="Note", required=False)
    version = VersionField()


class AttendanceForm(_OnTheDay):
    """One person in one part of the meeting."""

    part = SelectField(label="Part of the meeting", required=False, empty_label="The first part")
    presence = RadiosField(
        label="Are they here?",
        choices=[(value, label) for value, label in Presence.choices if value != Presence.REMOVED],
        error_messages={"required": "Choose whether this person is here."},
    )
    mode = RadiosField(
        label="How?", choices=[(mode.value, mode.label) for mode in HERE_BY], inline=True, required=False
    )
    arrived = TimeField(
        label="Came at", required=False, help_text="Left empty: when the meeting began, or now."
    )
    left = TimeField(label="Left at", required=False, help_text="Only where they left before the end.")
    note = forms.CharField(label="Note", required=False, max_length=250)
    brought_by = SelectField(
        label="If they are not here: who brings their views?", required=False, empty_label="Not recorded"
    )

    def __init__(self, *args: Any, participant: Participant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [choice for choice in people_of(self.day) if choice[0] != str(participant.pk)]
        self.field("brought_by").set_choices(others)

    def times(self, sitting: Sitting) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "presence": data["presence"],
            "mode": data["mode"] or Mode.IN_PERSON,
            "arrived_at": moment_of(sitting, data["arrived"]),
            "left_at": moment_of(sitting, data["left"]),
            "note": data["note"],
        }


class BroughtByForm(_OnTheDay):
    """Who brings the views of somebody who is not here."""

    brought_by = SelectField(label="Who brings their views?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field("brought_by").set_choices(people_of(self.day))


class AddAttendeeForm(_OnTheDay):
    """Somebody who came without being on the list: known already, or new."""

    keeps_draft = True
    known = SelectField(label="Somebody we know", required=False, empty_label="Somebody new")
    given_name = forms.CharField(label="Or somebody new: first name", required=False, max_length=100)
    family_name = forms.CharField(label="Last name", required=False, max_length=100)
    agency = SelectField(label="Agency", required=False, empty_label="No agency")
    title = forms.CharField(label="Job title", required=False, max_length=120)
    capacity = SelectField(
        label="They take part as",
        choices=[pair for pair in Capacity.choices if pair[0] not in (Capacity.CHAIR, Capacity.COORDINATOR)],
    )
    acts_for = SelectField(
        label="For a deputy, supporter, advocate or interpreter: with or instead of whom?",
        required=False,
        empty_label="Nobody",
    )
    children = children_field("For which children?")
    mode = RadiosField(
        label="How are they here?",
        choices=[(mode.value, mode.label) for mode in HERE_BY],
        inline=True,
        initial=Mode.IN_PERSON,
    )
    reason = LongTextField(label="Why are they added?", rows=2)

    def __init__(self, *args: Any, known: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field("known").set_choices(known)
        self.field("agency").set_choices([(str(row.pk), row.name) for row in agencies])
        self.field("acts_for").set_choices(people_of(self.day))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("known") and not data.get("given_name") and not data.get("family_name"):
            self.add_error("known", "Choose somebody, or enter the name of somebody new.")
        if not data.get("known") and data.get("agency") and not data.get("title"):
            self.add_error("title", "Enter their job title at the agency.")
        return data


class PartForm(GovukForm):
    """Another part of the meeting."""

    kind = RadiosField(label="What is this part?", choices=PartKind.choices)
    title = forms.CharField(
        label="Its name", max_length=120, help_text="For example “With the mother”. It stands on every page."
    )


class ScoreForm(_Form):
    """One person's score for one child."""

    keeps_draft = True
    value = ScaleField(label="Score", extra=[(str(given.value), str(given.label)) for given in NO_SCORE])
    reason = LongTextField(
        label="Why this number, and not one lower or higher?",
        error_messages={"required": "Write the reason."},
    )

    def __init__(self, *args: Any, low_words: str, high_words: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.field("value")
        field.set_words(low_words, high_words)
        field.error_messages["invalid_choice"] = (
            "“%(value)s” is not a score. Choose a whole number from 0 to 10."
        )
        field.error_messages["required"] = "Choose a number from 0 to 10, or say why there is none."

    def score(self) -> dict[str, Any]:
        value = self.cleaned_data["value"]
        is_number = isinstance(value, int)
        return {
            "value": value if is_number else None,
            "given": Given.GIVEN if is_number else value,
            "reason": self.cleaned_data["reason"],
        }


class ExploreForm(GovukForm):
    keeps_draft = True
    text = LongTextField(
        label="What explains the difference?",
        error_messages={"required": "Write what explains the difference."},
    )


class RaiseStopForm(_OnTheDay):
    """Somebody says that a child is not safe tonight."""

    keeps_draft = True
    child = RadiosField(label="Which child?")
    said_by = SelectField(label="Who says it?", required=False, empty_label="Nobody in particular")
    said = LongTextField(
        label="What was said?",
        error_messages={"required": "Write what was said: why is the child not safe tonight?"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(key, short_name_of(row.child)) for key, row in self.child_rows.items()]
        self.field("child").set_choices(choices)
        self.field("said_by").set_choices(people_of(self.day))
        if len(choices) == 1:
            self.initial.setdefault("child", choices[0][0])


class SettleStopForm(GovukForm):
    """What is done now, by whom and when."""

    keeps_draft = True
    action = LongTextField(label="What is done now?")
    action_by = forms.CharField(label="By whom?", max_length=200)
    action_when = forms.CharField(
        label="When?", max_length=200, help_text="For example “now” or “by 15:00 today”."
    )


class ActionForm(_OnTheDay):
    """One action of the outline plan."""

    keeps_draft = True
    children = children_field("For")
    why = LongTextField(label="Why", rows=2, help_text="The worry that this answers.")
    what = LongTextField(label="What", rows=2, help_text="What will be done.")
    who = SelectField(label="Who", required=False, empty_label="Somebody else")
    who_else = forms.CharField(label="Who else", required=False, max_length=200)
    by_when = DateInputField(label="By when", required=False)
    by_when_words = forms.CharField(
        label="Or by when in words", required=False, max_length=100, help_text="For example “from today”."
    )
    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field("who").set_choices(people_of(self.day))

    def action(self) -> dict[str, Any]:
        data = self.cleaned_data
        names = ("why", "what", "who_else", "by_when", "by_when_words")
        return {
            **{name: data[name] for name in names},
            "who": self.person_in("who"),
            "children": self.chosen_children(),
        }


class ViewForm(_Form):
    """What one person thinks about one child."""

    keeps_draft = True
    marks_optional = False
    given = RadiosField(
        label="Did they give a view?",
        choices=[(Given.GIVEN.value, "Yes"), *((given.value, given.label) for given in NO_VIEW)],
        initial=Given.GIVEN,
    )
    harm = RadiosField(label="Significant harm", choices=Harm.choices, required=False)
    status = RadiosField(label="What do they recommend?", choices=ViewStatus.choices, required=False)
    category = RadiosField(
        label="Category of harm",
        choices=[pair for pair in Category.choices if pair[0] != Category.MUL],
        required=False,
    )
    reason = LongTextField(
        label="Why, in their words",
        help_text="Where there is no view: why not. The words of a child or parent belong here too.",
        error_messages={"required": "Write the reason."},
    )
    version = VersionField()
    reveals: ClassVar = {"given": {"given": ["status", "harm", "category"]}}

    def __init__(self, *args: Any, family: bool, definitions: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field("category").set_choices(
            [
                Item(value, label, hint=definitions.get(value, ""))
                for value, label in self.field("category").choices
            ]
        )
        if family:
            self.fields["status"].label = "What would they like?"
            del self.fields["category"]
            self.fields["harm"].label = "Do they say whether there is significant harm?"


class DecisionForm(_OnTheDay):
    """The chair's decision for one child; what each outcome needs stands under it."""

    keeps_draft = True
    marks_optional = False
    outcome = RadiosField(
        label="The chair’s decision",
        choices=Outcome.choices,
        error_messages={"required": "Choose what you decide."},
    )
    main_category = RadiosField(label="Main category of harm", required=False)
    categories = CheckboxesField(
        label="Other categories", required=False, inline=True, help_text="Only where more than one applies."
    )
    key_worker = ModelSelectField(
        User.objects.none(), label="Key worker", required=False, label_from=lambda user: user.name
    )
    visit_every_working_days = forms.IntegerField(
        label="The child is visited every … working days",
        required=False,
        min_value=1,
        max_value=365,
        error_messages={"invalid": "Enter how often in whole working days, such as 10."},
    )
    visit_reason = LongTextField(
        label="Why visits are further apart than the council’s limit",
        rows=2,
        required=False,
        help_text="Only where they are.",
    )
    core_group = CheckboxesField(label="Core group, besides the key worker", required=False)
    cin_worker = ModelSelectField(
        User.objects.none(),
        label="Social worker who sees the plan through",
        required=False,
        label_from=lambda user: user.name,
    )
    help_offered = LongTextField(
        label="What help is offered, and by whom?",
        rows=2,
        required=False,
        help_text="Needed where no plan begins. It never simply stops.",
    )
    rationale = LongTextField(
        label="Why? The parents will read this",
        rows=6,
        error_messages={"required": "Write why. The parents will read this."},
    )
    against_majority_reason = LongTextField(
        label="Why you decide differently from most professionals", rows=3, required=False
    )
    went_on_reason = LongTextField(
        label="Why you decide although something is missing",
        rows=3,
        required=False,
        help_text="The record prints what was missing, and this reason.",
    )

    def __init__(
        self,
        *args: Any,
        child: ConferenceChild,
        policy: Policy,
        workers: Any,
        asked: Iterable[Person],
        missing: list[str],
        against: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.child = child
        self.asked = list(asked)
        categories = [Item(row.code, row.label, hint=row.definition) for row in policy.categories]
        self.field("main_category").set_choices(
            [
                *categories,
                Item(Category.MUL.value, "Multiple", hint="Only where no single category is the main one."),
            ]
        )
        self.field("categories").set_choices([(row.code, row.label) for row in policy.categories])
        for name in ("key_worker", "cin_worker"):
            self.field(name).queryset = workers
        self.fields["key_worker"].label = policy.role_name("key_worker").capitalize()
        usual, ceiling = policy.visit_frequency.words, policy.visit_ceiling.words
        self.field(
            "visit_every_working_days"
        ).help_text = f"Normally {usual}; more than {ceiling} apart needs a reason."
        self.field("core_group").set_choices(people_of(self.day))
        self._ask_consent()
        if not missing:
            del self.fields["went_on_reason"]
        if not against:
            self.fields[
                "against_majority_reason"
            ].help_text = "Only needed where your decision differs from theirs."

    def _ask_consent(self) -> None:
        answers = [
            (answer.value, answer.label)
            for answer in (Answer.YES, Answer.NO, Answer.REFUSED, Answer.NOT_ASKED, Answer.UNKNOWN)
        ]
        for person in self.asked:
            for prefix in ("consent", "refusal"):
                choices = answers if prefix == "consent" else answers[1:]
                self.fields[f"{prefix}_{person.pk}"] = SelectField(
                    label=f"What {person.full_name} said",
                    required=False,
                    choices=choices,
                    empty_label="Not recorded",
                )
        help_fields = ["help_offered"]
        reveals = {
            "outcome": {
                Outcome.CP_PLAN.value: [
                    "main_category", "categories", "key_worker", "visit_every_working_days", "visit_reason",
                    "core_group",
                ],
                Outcome.CIN_PLAN.value: ["cin_worker", *(f"consent_{person.pk}" for person in self.asked)],
                Outcome.CIN_REFUSED.value: [f"refusal_{person.pk}" for person in self.asked],
            }
        }  # fmt: skip
        if not self.asked:
            del reveals["outcome"][Outcome.CIN_REFUSED.value]
        self.reveals = reveals  # type: ignore[misc]
        self.order_fields(
            ["outcome", "main_category", "categories", "key_worker", "core_group", *help_fields]
        )

    def facts(self) -> DecisionFacts:
        """The decision as the service checks and records it."""
        data = self.cleaned_data
        outcome = data["outcome"]
        main = data.get("main_category") or ""
        prefix = "consent" if outcome == Outcome.CIN_PLAN else "refusal"
        is_cp = outcome == Outcome.CP_PLAN
        return DecisionFacts(
            outcome=outcome,
            main_category=main if is_cp else "",
            categories=data["categories"] if is_cp else [],
            rationale=data["rationale"],
            help_offered=data["help_offered"],
            key_worker=data["key_worker"]
            if is_cp
            else data["cin_worker"]
            if outcome == Outcome.CIN_PLAN
            else None,
            visit_every_working_days=data["visit_every_working_days"] if is_cp else None,
            visit_reason=data["visit_reason"] if is_cp else "",
            core_group=[self.participants[key] for key in data["core_group"] if key in self.participants]
            if is_cp
            else [],
            consents=[
                Consent(person, data[f"{prefix}_{person.pk}"])
                for person in self.asked
                if outcome in ASKS_CONSENT and data.get(f"{prefix}_{person.pk}")
            ],
            against_majority_reason=data["against_majority_reason"],
            went_on_reason=data.get("went_on_reason") or "",
        ).tidied()

    def field_of(self, name: str) -> str:
        """The field of the form to which a refusal of the service belongs."""
        outcome = self.cleaned_data.get("outcome")
        if name == "key_worker" and outcome == Outcome.CIN_PLAN:
            return "cin_worker"
        if name == "consents":
            prefix = "consent" if outcome == Outcome.CIN_PLAN else "refusal"
            return f"{prefix}_{self.asked[0].pk}" if self.asked else "outcome"
        return name


class DissentForm(_OnTheDay):
    """Somebody does not agree with a decision."""

    keeps_draft = True
    participant = SelectField(label="Who does not agree?")
    text = LongTextField(label="What do they not agree with?", rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field("participant").set_choices(people_of(self.day))


class NextDatesForm(GovukForm):
    """When the core group meets first, and when the review is."""

    core_group_on = DateInputField(label="First core group", required=False)
    core_group_time = TimeField(label="At what time?", required=False)
    core_group_place = forms.CharField(
        label="Where?", required=False, max_length=200, help_text="A place, or “online”."
    )
    review_on = DateInputField(label="First review conference", required=False)
    review_time = TimeField(label="At what time?", required=False)

    def __init__(self, *args: Any, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if needed:
            for field in self.fields.values():
                field.required = True
            self.marks_optional = False  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for day, time in (("core_group_on", "core_group_time"), ("review_on", "review_time")):
            if data.get(day) and time not in self.errors and not data.get(time):
                self.add_error(time, "Enter the time, such as 10:00 or 2pm.")
        return data

    def dates(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "first_core_group_at": at(data["core_group_on"], data["core_group_time"]),
            "first_core_group_place": data["core_group_place"],
            "review_at": at(data["review_on"], data["review_time"]),
        }

    FIELDS: ClassVar = {
        "first_core_group_at": "core_group_on",
        "first_core_group_place": "core_group_place",
        "review_at": "review_on",
    }


class CloseForm(GovukForm):
    """The end of the meeting: when, quorum, and how each child took part."""

    keeps_draft = True
    ended_on = DateInputField(label="The meeting ended on")
    ended_time = TimeField(label="At what time?")
    inquorate_reason = LongTextField(
        label="Why you went on without a quorum", rows=3, help_text="The record prints it.", required=False
    )

    def __init__(self, *args: Any, children: Iterable[ConferenceChild], quorate: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.children = list(children)
        if quorate:
            del self.fields["inquorate_reason"]
        for child in self.children:
            self.fields[f"participation_{child.pk}"] = SelectField(
                label=f"How {short_name_of(child.child)} took part",
                required=False,
                choices=[(value, f"{value} {label}") for value, label in Participation.choices],
                empty_label="Not recorded",
            )

    def ended_at(self) -> datetime.datetime | None:
        return at(self.cleaned_data["ended_on"], self.cleaned_data["ended_time"])

    def participation(self) -> dict[int, str]:
        return {child.pk: self.cleaned_data.get(f"participation_{child.pk}") or "" for child in self.children}


class AdjournForm(GovukForm):
    """Breaking the meeting off."""

    keeps_draft = True
    why_kind = RadiosField(
        label="What is it?",
        choices=[
            Item("adjourned", "Adjourned", hint="It goes on in another sitting."),
            Item("inquorate", "Inquorate", hint="Too few agencies came to hold it."),
        ],
        initial="adjourned",
    )
    reason = LongTextField(label="Why is the meeting broken off?", rows=3)


class ProjectorCodeForm(GovukForm):
    marks_optional = False
    code = forms.CharField(
        label="Code",
        help_text="Eight letters and figures, from the chair’s or coordinator’s page.",
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "govuk-input--width-10",
            }
        ),
        error_messages={"required": "Enter the code"},
    )
