from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.enums import TEAM_ROLES, Role
from accounts.models import Team, User
from families.forms.duplicates import not_sent_before
from families.models import Family
from families.selectors import likely_families
from govuk.forms import (
    Button,
    DateInputField,
    Div,
    FilterForm,
    FormHelper,
    FormKeyField,
    GovukForm,
    Include,
    Layout,
    ModelSelectField,
    SelectField,
    VersionField,
)

RESTRICTED_HELP = (
    "Only you, the team’s managers and people you name can open it. No one else can find it, even in the team"
)


def teams_for(user: User) -> Any:
    """Return the teams a user may put a family into: their own, or the whole authority's for the conference service."""
    whole = user.authority_ids(Role.COORDINATOR, Role.SERVICE_MANAGER)
    own = user.team_ids(*TEAM_ROLES)
    return Team.objects.filter(pk__in=own) | Team.objects.filter(authority__in=whole)


class SearchForm(FilterForm):
    """Search for a family. Posted, so that no name appears in a URL."""

    purpose = "Families"
    button = Button("Search", look="secondary")
    cancel_text = "Clear the search"
    small = False
    layout = Layout(Div("q", css_class="cp-filter__wide"))
    q = forms.CharField(
        label="Part of a name or alias, a date of birth, or a number of the case or child",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )

    @cached_property
    def helper(self) -> FormHelper:
        """Post to the page that remembers what was searched for."""
        helper = super().helper
        helper.form_method = "post"
        helper.form_action = reverse("families:search")
        helper.attrs |= {"role": "search"}
        return helper


class FamilyFilterForm(FilterForm):
    found = forms.CharField(required=False, widget=forms.HiddenInput)
    status = SelectField(
        label="Status",
        required=False,
        empty_label="Open cases",
        choices=[("closed", "Closed cases"), ("all", "All cases")],
    )
    team = ModelSelectField(Team.objects.none(), label="Team", required=False, empty_label="Any team")
    whose = SelectField(label="Held by", required=False, empty_label="Anyone", choices=[("me", "Me")])

    def __init__(self, *args: Any, teams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]


class CreateFamilyForm(GovukForm):
    button = "Create the family"
    drawn_on_demand = frozenset({"another_family"})
    layout = Layout(Include("families/likely_families.html", draws=("another_family",)), "name", "team", "restricted")
    name = forms.CharField(
        label="Family name", max_length=120, help_text="What you would call the family, such as Brambley"
    )
    team = ModelSelectField(Team.objects.none(), label="Team", error_messages={"required": "Choose a team"})
    restricted = forms.BooleanField(label="Restrict this record", required=False, help_text=RESTRICTED_HELP)
    another_family = forms.BooleanField(label="This is another family", required=False)
    form_key = FormKeyField()

    def __init__(self, *args: Any, user: User, known: QuerySet[Family], **kwargs: Any) -> None:
        """``known`` are the families whose name may be this one."""
        super().__init__(*args, **kwargs)
        self.known = known
        self.duplicates: list[Family] = []
        teams = teams_for(user).select_related("authority")
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        if not self.is_bound and len(teams) == 1:
            self.fields["team"].initial = teams[0].pk

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        known = not_sent_before(self.known, cleaned)
        self.duplicates = likely_families(known, name=cleaned["name"]) if not self.errors else []
        if self.duplicates and not cleaned.get("another_family"):
            self.add_error(
                "another_family",
                "We may already have a case for this family. Compare it with those shown, and tick the box if this "
                "is another family",
            )
        return cleaned


class ChangeFamilyForm(GovukForm):
    button = "Save the details"
    name = forms.CharField(label="Family name", max_length=120)
    team = ModelSelectField(Team.objects.none(), label="Team", error_messages={"required": "Choose a team"})
    version = VersionField()

    def __init__(self, *args: Any, family: Family, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"name": family.name, "team": family.team_id, "version": family.version})
        super().__init__(*args, **kwargs)
        own = Team.objects.filter(authority=family.authority_id)
        self.fields["team"].queryset = own  # type: ignore[attr-defined]


class AllocateForm(GovukForm):
    button = "Allocate the case"
    user = ModelSelectField(User.objects.none(), label="Who will hold the case?", label_from=lambda user: user.name)
    starts_on = DateInputField(label="From what date?")

    def __init__(self, *args: Any, workers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = workers  # type: ignore[attr-defined]
