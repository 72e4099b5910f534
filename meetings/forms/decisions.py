"""Forms for the chair's decision about a child, and for disagreement with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from django import forms

from accounts.models import User
from conferences.enums import AlsoAdvised, Category, EndsBecause, Outcome, StillHarm
from conferences.models import ConferenceChild
from deadlines.policies import Policy
from families.enums import Answer
from families.models import Person
from govuk.forms import (
    CheckboxesField,
    Conditional,
    Details,
    Div,
    Item,
    Layout,
    LongTextField,
    ModelSelectField,
    RadiosField,
    SelectField,
)
from meetings.forms.on_the_day import OnTheDay, people_of
from meetings.selectors.outcomes import ENDS_OR_LOWERS, Choices
from meetings.selectors.rule_of_decision import RuleOfDecision
from meetings.services.decisions import ASKS_CONSENT, Consent, DecisionFacts

OF_A_PLAN_IN_FORCE = ("still_harm", "refusal_changes", "ends_because", "also_advised")


def shown_for(outcomes: Iterable[str]) -> str:
    """Return the classes of fields that apply to these outcomes only; the style sheet hides them for the others."""
    return " ".join(["cp-only", *sorted(f"cp-only--{outcome}" for outcome in outcomes)])


class DecisionForm(OnTheDay):
    """The chair's decision for one child, with the fields for each outcome under that outcome."""

    keeps_draft = True
    marks_optional = False
    still_harm = RadiosField(
        label="Significant harm",
        choices=StillHarm.choices,
        required=False,
        inline=True,
        help_text="Answer this first. After “yes” the plan can’t end or be lowered.",
    )
    outcome = RadiosField(
        label="The chair’s decision", choices=Outcome.choices, error_messages={"required": "Choose what you decide."}
    )
    main_category = RadiosField(label="Main category of harm", required=False)
    categories = CheckboxesField(
        label="Other categories", required=False, inline=True, help_text="Only if more than one applies."
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
        help_text="Only if they are.",
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
        help_text="Needed if no plan starts. Help never simply stops.",
    )
    refusal_changes = RadiosField(
        label="Does the refusal change your answer about significant harm?",
        choices=[
            Item(StillHarm.NO, "No", hint="The child protection plan ends, although the help is refused."),
            Item(StillHarm.YES, "Yes", hint="The child protection plan stays in force."),
        ],
        required=False,
    )
    ends_because = RadiosField(
        label="If the plan ends or is lowered: why?", choices=EndsBecause.choices, required=False
    )
    also_advised = CheckboxesField(
        label="What you advise besides",
        choices=AlsoAdvised.choices,
        required=False,
        help_text="Only if it applies. The managers are told at once.",
    )
    rationale = LongTextField(
        label="Why do you decide this?", rows=6, error_messages={"required": "Write why. The parents will read this."}
    )
    against_majority_reason = LongTextField(
        label="Why you decide differently from most professionals",
        rows=3,
        required=False,
        help_text="Only needed if your decision differs from theirs.",
    )
    went_on_reason = LongTextField(
        label="Why you decide although something is missing",
        rows=3,
        required=False,
        help_text="The minutes will say what was missing, and this reason.",
    )

    def __init__(
        self,
        *args: Any,
        child: ConferenceChild,
        policy: Policy,
        workers: Any,
        asked: Callable[[], Iterable[Person]],
        missing: list[str],
        rule: RuleOfDecision,
        choices: Choices,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.child = child
        self._asked = asked
        self.choices = choices
        self._ask_about_plan()
        # In a review what counts is what becomes of the plan; the style sheet knows both.
        on_plan = "-on-plan" if choices.plan else ""
        self.against = f"cp-against cp-against{on_plan}--{rule.looked_to.status}"
        if choices.plan and rule.wants_everyone:
            # What the style sheet can't know: whether everyone agrees that the child comes off the plan.
            self.against = ""
        self.fields["against_majority_reason"].label = rule.question
        categories = [Item(row.code, row.label, hint=row.definition) for row in policy.categories]
        self.fields["main_category"].set_choices(
            [*categories, Item(Category.MUL.value, "Multiple", hint="Only if no single category is the main one.")]
        )
        self.fields["categories"].set_choices([(row.code, row.label) for row in policy.categories])
        for name in ("key_worker", "cin_worker"):
            self.fields[name].queryset = workers
        self.fields["key_worker"].label = policy.role_name("key_worker").capitalize()
        usual, ceiling = policy.visit_frequency.words, policy.visit_ceiling.words
        self.fields[
            "visit_every_working_days"
        ].help_text = f"Normally {usual}; more than {ceiling} apart needs a reason."
        self.fields["core_group"].set_choices(people_of(self.day))
        if not self.is_bound or self.data.get(self.add_prefix("outcome")) in ASKS_CONSENT:
            self.ask_consent()
        if not missing:
            del self.fields["went_on_reason"]
        if not rule.may_differ(on_plan=choices.plan is not None):
            # No decision is against what most recommend where most recommend nothing.
            del self.fields["against_majority_reason"]

    def _ask_about_plan(self) -> None:
        """Offer the outcomes that may be chosen, and ask about harm first where a plan is in force."""
        outcome = self.fields["outcome"]
        outcome.set_choices(self.choices.offered)
        if self.is_bound:
            posted = str(self.data.get(self.add_prefix("outcome")) or "")
            outcome.error_messages["invalid_choice"] = self.choices.why_not(posted) or "Choose what you decide."
        if self.choices.plan is None:
            for name in OF_A_PLAN_IN_FORCE:
                del self.fields[name]
            return
        self.fields["still_harm"].label = self.choices.question
        self.fields["help_offered"].label = "What help goes on, by whom, and until when?"

    @cached_property
    def asked(self) -> list[Person]:
        """Return the people asked to consent to a child in need plan."""
        return list(self._asked())

    def ask_consent(self) -> None:
        """Add the consent fields, to render them or because the posted outcome needs them."""
        answers = [
            (answer.value, answer.label)
            for answer in (Answer.YES, Answer.NO, Answer.REFUSED, Answer.NOT_ASKED, Answer.UNKNOWN)
        ]
        for person in self.asked:
            for prefix in ("consent", "refusal"):
                choices = answers if prefix == "consent" else answers[1:]
                self.fields[f"{prefix}_{person.pk}"] = SelectField(
                    label=f"What {person.full_name} said", required=False, choices=choices, empty_label="Not recorded"
                )
        of_plan = ["refusal_changes"] if self.choices.plan else []
        of_outcomes: dict[str, list[Any]] = {
            Outcome.CP_PLAN: [
                "main_category",
                "categories",
                "key_worker",
                "visit_every_working_days",
                Details("visit_reason", summary="Visits further apart than the council’s limit", shows_filled=True),
                "core_group",
            ],
            Outcome.CIN_PLAN: ["cin_worker", *(f"consent_{person.pk}" for person in self.asked)],
            Outcome.CIN_REFUSED: [*(f"refusal_{person.pk}" for person in self.asked), *of_plan],
        }
        offered = {value for value, _ in self.choices.offered}
        self.layout = Layout(
            *(["still_harm"] if self.choices.plan else []),
            Conditional(
                "outcome", {value: names for value, names in of_outcomes.items() if value in offered}, size="m"
            ),
            *([Div("ends_because", css_class=shown_for(ENDS_OR_LOWERS))] if self.choices.plan else []),
            Div("help_offered", css_class=shown_for(offered - {Outcome.CP_PLAN})),
            *(["also_advised"] if self.choices.plan else []),
            "rationale",
            Div("against_majority_reason", css_class=self.against),
            "went_on_reason",
        )

    def facts(self) -> DecisionFacts:
        """Return the decision as the service checks and records it."""
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
            key_worker=data["key_worker"] if is_cp else data["cin_worker"] if outcome == Outcome.CIN_PLAN else None,
            visit_every_working_days=data["visit_every_working_days"] if is_cp else None,
            visit_reason=data["visit_reason"] if is_cp else "",
            core_group=[self.participants[key] for key in data["core_group"] if key in self.participants]
            if is_cp
            else [],
            consents=[
                Consent(person, data[f"{prefix}_{person.pk}"])
                for person in (self.asked if outcome in ASKS_CONSENT else ())
                if data.get(f"{prefix}_{person.pk}")
            ],
            against_majority_reason=data.get("against_majority_reason") or "",
            went_on_reason=data.get("went_on_reason") or "",
            still_harm=data.get("still_harm") or "",
            refusal_changes=(data.get("refusal_changes") or "") if outcome == Outcome.CIN_REFUSED else "",
            ends_because=data.get("ends_because") or "",
            also_advised=data.get("also_advised") or [],
        ).tidied()

    def accepts(self, act: Callable[[], object], *, renamed: Mapping[str, str] | None = None) -> bool:
        """As on every form, but put faults of key worker and consents under the chosen outcome."""
        is_cin = self.cleaned_data.get("outcome") == Outcome.CIN_PLAN
        own = {"key_worker": "cin_worker" if is_cin else "key_worker", "consents": "outcome"}
        if self.cleaned_data.get("outcome") in ASKS_CONSENT and self.asked:
            own["consents"] = f"{'consent' if is_cin else 'refusal'}_{self.asked[0].pk}"
        return super().accepts(act, renamed={**own, **(renamed or {})})


class DissentForm(OnTheDay):
    """Someone disagrees with a decision."""

    keeps_draft = True
    button = "Record the disagreement"
    participant = SelectField(label="Who does not agree?")
    text = LongTextField(label="What do they disagree with?", rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["participant"].set_choices(people_of(self.day))
