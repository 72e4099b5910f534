"""The form of a visit: one occasion, and for each child visited then what the child showed and said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone

from accounts.models import User
from deadlines.policies import policy_for
from families.enums import Answer
from families.models import Post
from govuk.forms import (
    Conditional,
    DateInputField,
    DateTimeField,
    Fieldset,
    GovukForm,
    Item,
    Layout,
    LongTextField,
    RadiosField,
    SelectField,
)
from plans.enums import WhyNotSeen
from plans.models import Plan
from plans.services.visits import Occasion, Seen, faults_of, may_not_apply

NOT_THIS_TIME = "not_visited"
YES_OR_NO = [(Answer.YES.value, "Yes"), (Answer.NO.value, "No")]
DOES_NOT_APPLY = (Answer.DOES_NOT_APPLY.value, "Does not apply")


class VisitForm(GovukForm):
    """A visit to one child, and to the brothers and sisters seen on the same occasion, each with own answers.

    ``makers`` maps who may have made it ("user:3", "post:7") to the worker or post, with the words that name them.
    """

    keeps_draft = True
    button = "Record the visit"
    visited_at = DateTimeField(
        label="When was the visit?", date="made_on", time="made_at", time_help_text="For example, 15:30"
    )
    maker = SelectField(label="Who made the visit?")
    announced = RadiosField(
        label="Did the family know that you were coming?",
        choices=[
            (Answer.YES.value, "Yes"),
            (Answer.NO.value, "No, it was unannounced"),
            (Answer.UNKNOWN.value, "Not known"),
        ],
    )
    where = forms.CharField(
        label="Where was it?", required=False, max_length=250, help_text="For example, at home or at school"
    )
    where_hidden = forms.BooleanField(
        label="This place is confidential",
        required=False,
        help_text="It is left off the page until someone gives a reason to see it",
    )
    who_else = forms.CharField(label="Who else was there?", required=False, max_length=500)
    because = LongTextField(
        label="What was wrong?",
        rows=2,
        validators=[MaxLengthValidator(500)],
        help_text="The wrong entry is kept, with this.",
    )

    def __init__(
        self,
        *args: Any,
        plan: Plan,
        others: Sequence[Plan] = (),
        makers: Mapping[str, tuple[User | Post, str]],
        hidden: bool = False,
        is_correction: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.plan, self.makers, self.is_correction = plan, makers, is_correction
        self.plans = {str(row.pk): row for row in (plan, *others)}
        self.fields["maker"].set_choices([(key, said) for key, (_, said) in makers.items()])  # type: ignore[attr-defined]
        self.initial.setdefault("maker", next(iter(makers)))
        self.initial.setdefault("where_hidden", hidden)
        for row in self.plans.values():
            self._ask_about(row)
        if not is_correction:
            del self.fields["because"]
        elif self.initial.get("where_hidden"):
            self.fields["where"].help_text = "The confidential place is kept if you leave this empty"
        self._adapt()
        self.layout = Layout(
            "visited_at",
            "maker",
            *(self._part(row) for row in self.plans.values()),
            "announced",
            "where",
            "where_hidden",
            "who_else",
            *(["because"] if is_correction else []),
        )

    def _ask_about(self, plan: Plan) -> None:
        child, pk = plan.child, plan.pk
        name = child.person.short_name
        unborn = child.is_unborn
        seen = [Item(Answer.YES.value, "Yes"), Item(Answer.NO.value, "No")]
        if plan.pk != self.plan.pk:
            seen.append(Item(NOT_THIS_TIME, f"{name} was not part of this visit", divider="or"))
        policy = policy_for(plan.authority_id, on=timezone.localdate())
        answers = [*YES_OR_NO, *([DOES_NOT_APPLY] if may_not_apply(child, policy, on=timezone.localdate()) else [])]
        fields: dict[str, forms.Field] = {
            "child_seen": RadiosField(label="Was the mother seen?" if unborn else f"Was {name} seen?", choices=seen),
            "seen_alone": RadiosField(
                label="Was the mother seen alone?" if unborn else f"Was {name} seen alone?",
                choices=answers,
                inline=True,
                required=False,
            ),
            "bedroom_seen": RadiosField(
                label="Was the place seen where the baby will sleep?" if unborn else f"Was {name}’s bedroom seen?",
                choices=answers,
                inline=True,
                required=False,
            ),
            "childs_words": LongTextField(
                label="In the mother’s own words" if unborn else f"In {name}’s own words",
                rows=3,
                required=False,
                help_text="What was said, or shown, as it was said",
            ),
            "not_seen_because": RadiosField(label="Why not?", choices=WhyNotSeen.choices, required=False),
            "next_try_on": DateInputField(
                label="When is the next try?",
                required=False,
                help_text="Normally the same day. It stands in My work until it is made.",
            ),
            "note": LongTextField(label="What did you notice?", rows=4, required=False),
        }
        for field, made in fields.items():
            self.fields[f"{field}_{pk}"] = made
        self.initial.setdefault(f"next_try_on_{pk}", timezone.localdate())

    def _part(self, plan: Plan) -> Fieldset:
        pk = plan.pk
        asked = {
            Answer.YES.value: [f"seen_alone_{pk}", f"bedroom_seen_{pk}", f"childs_words_{pk}"],
            Answer.NO.value: [f"not_seen_because_{pk}", f"next_try_on_{pk}"],
        }
        return Fieldset(Conditional(f"child_seen_{pk}", asked), f"note_{pk}", legend=plan.child.person.full_name)

    def clean(self) -> dict[str, Any]:
        """Refuse answers that contradict each other, for each child."""
        cleaned: dict[str, Any] = super().clean() or {}
        made_at = cleaned.get("visited_at")
        if made_at is None:
            return cleaned
        for plan, seen in self.children():
            policy = policy_for(plan.authority_id, on=timezone.localdate(made_at))
            faults = faults_of(plan.child, seen, made_at=made_at, policy=policy)
            if not seen.child_seen and seen.next_try_on is None and self._is_own and not self.is_correction:
                faults.setdefault("next_try_on", "Enter the day of the next try")
            for name, said in faults.items():
                field = f"{name}_{plan.pk}"
                if field not in self.errors:
                    self.add_error(field, said)
        return cleaned

    @property
    def _is_own(self) -> bool:
        return isinstance(self.makers.get(self.cleaned_data.get("maker", ""), (None, ""))[0], User)

    def occasion(self) -> Occasion:
        """Return when, where and by whom, as the service takes it."""
        data = self.cleaned_data
        maker = self.makers[data["maker"]][0]
        return Occasion(
            made_at=data["visited_at"],
            made_by=maker if isinstance(maker, User) else None,
            by_post=maker if isinstance(maker, Post) else None,
            announced=Answer(data["announced"]),
            where=data["where"],
            where_hidden=data["where_hidden"],
            who_else=data["who_else"],
        )

    def children(self) -> list[tuple[Plan, Seen]]:
        """Return each child visited, with what it came to; what stands under the other answer is left out."""
        data = self.cleaned_data
        found = []
        for pk, plan in self.plans.items():
            answer = data.get(f"child_seen_{pk}")
            if answer not in {Answer.YES.value, Answer.NO.value}:
                continue
            was_seen = answer == Answer.YES.value
            seen = Seen(
                child_seen=was_seen,
                seen_alone=self._answer(f"seen_alone_{pk}") if was_seen else Answer.NOT_ASKED,
                bedroom_seen=self._answer(f"bedroom_seen_{pk}") if was_seen else Answer.NOT_ASKED,
                childs_words=(data.get(f"childs_words_{pk}") or "") if was_seen else "",
                note=data.get(f"note_{pk}") or "",
                not_seen_because="" if was_seen else data.get(f"not_seen_because_{pk}") or "",
                next_try_on=None if was_seen or not self._is_own else data.get(f"next_try_on_{pk}"),
            )
            found.append((plan, seen))
        return found

    def _answer(self, name: str) -> Answer:
        return Answer(self.cleaned_data.get(name) or Answer.NOT_ASKED)
