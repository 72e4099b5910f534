"""Who came to a core group meeting, and to which sitting of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from core_groups.enums import LedBy
from core_groups.models import CoreGroupMeeting, CoreGroupMember
from core_groups.selectors.carried import Carried
from core_groups.services.attendance import WhoCame
from core_groups.services.held import Led, led_field, stood_in_field
from families.selectors.agency_names import name_on_page
from govuk.forms import (
    Conditional,
    DateTimeField,
    GovukForm,
    Layout,
    ModelCheckboxesField,
    RadiosField,
    SelectField,
    VersionField,
    YesNoField,
)

LEFT_MEANWHILE = "Someone you ticked is not in the core group any more. Check who was there."


def agency_of(member: CoreGroupMember, *, family_id: int) -> str:
    """Return where a member works, as pages say it."""
    return name_on_page(member.post.agency, family_id) if member.post else "Family"


def _people(label: str, *, required: bool = True, help_text: str = "") -> ModelCheckboxesField:
    return ModelCheckboxesField(
        CoreGroupMember.objects.none(),
        label=label,
        label_from=lambda member: member.person.full_name,
        required=required,
        help_text=help_text,
        error_messages={"invalid_choice": LEFT_MEANWHILE, "invalid_pk_value": LEFT_MEANWHILE},
    )


@dataclass(frozen=True)
class _Asked:
    """The two questions about one key worker."""

    led: str
    stood_in: str
    question: str
    for_whom: str
    carried: tuple[Carried, ...]


def _may_stand_in(members: QuerySet[CoreGroupMember], workers: QuerySet[User]) -> dict[str, User | CoreGroupMember]:
    """Return who may have stood in for a key worker: the professionals of the group, then the council's workers."""
    professionals = [row for row in members if row.post_id is not None]
    accounts = {row.person.user_id for row in professionals}
    found: dict[str, User | CoreGroupMember] = {f"member-{row.pk}": row for row in professionals}
    return {**found, **{f"worker-{row.pk}": row for row in workers if row.pk not in accounts}}


def _called(row: User | CoreGroupMember) -> str:
    return row.name if isinstance(row, User) else row.person.full_name


class WhoCameForm(GovukForm):
    """When the core group met and who was there; for each person apart, their own sitting and who was in it.

    ``members`` are those who may sit together, ``apart`` the names, by person id, of those with sittings of their own.
    """

    keeps_draft = True
    button = "Save who was there"
    held_at = DateTimeField(label="When did the core group meet?", time_help_text="For example, 14:00")
    everybody = YesNoField(
        label="Was everybody there?",
        yes="Yes, all but those I tick as sending apologies",
        no="No, those I tick",
        inline=False,
        required=False,
    )
    present = _people("Who was there?", required=False)
    apologies = _people("Who sent apologies?", required=False)
    version = VersionField()

    def __init__(
        self,
        *args: Any,
        members: QuerySet[CoreGroupMember],
        family_id: int,
        apart: Mapping[int, str],
        carried: Sequence[Carried],
        workers: QuerySet[User],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.apart, self.carried = apart, list(carried)
        self.may_stand_in = _may_stand_in(members, workers)
        for one in self._asked_about():
            self.fields[one.led] = RadiosField(
                label=one.question,
                choices=LedBy.choices,
                help_text=f"Without the key worker or a stand-in the meeting doesn’t count as held{one.for_whom}",
            )
            self.fields[one.stood_in] = SelectField(
                label="Who stood in?",
                choices=[(key, _called(row)) for key, row in self.may_stand_in.items()],
                required=False,
            )
            # Asked for once it is said that someone did.
            self.fields[one.stood_in].marks_optional = False
        for pk, name in apart.items():
            self.fields[f"held_{pk}"] = DateTimeField(
                label=f"When did {name} have a sitting or call of their own?", required=False
            )
            self.fields[f"with_{pk}"] = _people(f"Who was there with {name}?", required=False)
            self.fields[f"with_{pk}"].queryset = members.filter(post__isnull=False)
        for name in ("present", "apologies"):
            self.fields[name].queryset = members
        # One of the two is asked for.
        for name in ("everybody", "present"):
            self.fields[name].marks_optional = False
        for name in self._lists_of_people():
            self.fields[name].widget.hint_from = partial(agency_of, family_id=family_id)
        self.layout = Layout(*self.parts_in_order())
        self._adapt()

    def _lists_of_people(self) -> list[str]:
        return ["present", "apologies", *(f"with_{pk}" for pk in self.apart)]

    def parts_in_order(self) -> list[Any]:
        """Return the names of the fields in the order of the page."""
        own = [name for pk in self.apart for name in (f"held_{pk}", f"with_{pk}")]
        led = [Conditional(one.led, {LedBy.STAND_IN: [one.stood_in]}) for one in self._asked_about()]
        return ["held_at", *led, "everybody", "present", "apologies", *own, "version"]

    def _asked_about(self) -> list[_Asked]:
        """Return the questions about key workers: one, or one for each of several."""
        if len(self.carried) < 2:  # noqa: PLR2004 - several
            return [_Asked("led_by", "stood_in", "Was the key worker there?", "", tuple(self.carried[:1]))]
        return [
            _Asked(
                led_field(one, self.carried),
                stood_in_field(one, self.carried),
                f"Was {one.children}’s key worker{f', {one.user.name},' if one.user else ''} there?",
                f" for {one.children}",
                (one,),
            )
            for one in self.carried
        ]

    def _led(self, one: _Asked) -> Led:
        said = self.cleaned_data[one.led]
        stood_in = self.may_stand_in.get(self.cleaned_data[one.stood_in]) if said == LedBy.STAND_IN else None
        return Led(said, stood_in)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("everybody") and not self.errors:
            excused = {row.pk for row in data["apologies"]}
            data["present"] = self.fields["present"].queryset.exclude(pk__in=excused)
        elif not data.get("present") and not self.has_error("present"):
            self.add_error("present", "Tick who was there, or say that everybody was.")
        return data

    def who_came(self) -> WhoCame:
        """Return who came, as the services take it."""
        data = self.cleaned_data
        asked = self._asked_about()
        led = {plan.pk: self._led(one) for one in asked for carried in one.carried for plan in carried.plans}
        first = self._led(asked[0])
        sittings = {pk: at for pk in self.apart if (at := data.get(f"held_{pk}")) is not None}
        return WhoCame(
            held_at=data["held_at"],
            led_by=first.by,
            stood_in=first.stood_in,
            of_plans=led,
            present=list(data["present"]),
            apologies=list(data["apologies"]),
            apart=sittings,
            with_them={pk: list(data[f"with_{pk}"]) for pk in sittings},
        )


def as_recorded(meeting: CoreGroupMeeting, carried: Sequence[Carried]) -> dict[str, Any]:
    """Return what a held meeting's form shows at first; ``carried`` are the key workers of its day."""
    rows = list(meeting.attendances.filter(superseded_at__isnull=True).select_related("member", "sitting"))
    sittings = {row.pk: row for row in meeting.separate_sittings.filter(held_at__isnull=False)}
    initial: dict[str, Any] = {
        **_led_as_recorded(meeting, list(carried)),
        "held_at": meeting.held_at,
        "version": meeting.version,
        "present": list(meeting.present.all()),
        "apologies": [row.member for row in rows if row.presence == "apologies"],
    }
    for pk, sitting in sittings.items():
        initial[f"held_{sitting.person_id}"] = sitting.held_at
        beside = [row.member for row in rows if row.sitting_id == pk and row.member.person_id != sitting.person_id]
        initial[f"with_{sitting.person_id}"] = beside
    return initial


def _led_as_recorded(meeting: CoreGroupMeeting, carried: list[Carried]) -> dict[str, Any]:
    rows = {row.plan_id: row for row in meeting.held_for.all()}
    initial: dict[str, Any] = {"led_by": meeting.led_by}
    for one in carried:
        if (row := rows.get(one.plans[0].pk)) is not None:
            initial[led_field(one, carried)] = row.led_by
            initial[stood_in_field(one, carried)] = (
                f"worker-{row.stood_in_worker_id}" if row.stood_in_worker_id else f"member-{row.stood_in_member_id}"
            )
    return initial
