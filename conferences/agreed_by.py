"""Who agrees, decides or releases, by the words of the procedures under which a conference is held."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import cache

from django.db.models import Case, Exists, F, Func, OuterRef, Q, TextField, Value, When
from django.db.models.lookups import In

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from accounts.readers import Reader
from accounts.rules import Condition, Rule
from conferences.access import CONFERENCE_RULE, RULES, To, chairs_of, may
from conferences.models import Conference
from conferences.selectors.recipients import managers_of, service_managers
from conferences.selectors.windows import holders
from deadlines.models import PolicyVersion
from deadlines.policies import baseline, policy_of
from deadlines.policies.values import SCHEMA
from families.models import Family

# What each wording opens; a chair's manager is a manager of the service, and a named stand-in acts as the chair.
NAMED: dict[str, tuple[To, ...]] = {
    "team manager and chair": ("manage the team", "chair"),
    "team manager": ("manage the team",),
    "chair": ("chair",),
    "chair or a named stand-in": ("chair",),
    "chair or their manager": ("chair", "manage the service"),
    "coordinator": ("minutes",),
    "service manager": ("manage the service",),
    "senior manager": ("manage the service",),
    "complaints manager": ("manage the service",),
    "nobody": (),
}

# Under which value it stands who decides how someone takes part.
KEEPS_OUT = "kept-out-decided-by"
# As what someone answers under each purpose, where they do not chair the conference.
ANSWERS_AS: dict[str, str] = {
    "manage the team": "team manager",
    "manage the service": "service manager",
    "manage": "manager",
    "minutes": "coordinator",
    "chair": "chair",
}


def said_of(conference: Conference, key: str) -> str:
    """Return whom the conference's procedures name under ``key``."""
    said = str(policy_of(conference.policy_version_id).value(key))
    return said if said in SCHEMA[key].words else _usual(key)


def _usual(key: str) -> str:
    """Return what counts where a version from before says what may no longer be said."""
    return str(baseline()["values"][key]["value"])


def named_words(conference: Conference, key: str) -> str:
    """Return whom the conference's procedures name, as in "only ... can": a stand-in acts as the chair."""
    said = said_of(conference, key)
    if said == "nobody":
        return "no one"
    return "the chair" if said == "chair or a named stand-in" else "the " + said.replace(" and ", " and the ")


def named_rule(key: str) -> Rule:
    """Return the rule that opens a conference to whom its procedures name under ``key``.

    It opens nothing that the rule for the same purpose does not: a value never widens anyone's sight. Another
    manager of the case answers for a team without a manager.
    """
    wordings: dict[To, list[str]] = {}
    for words in SCHEMA[key].words:
        for to in NAMED[words]:
            wordings.setdefault(to, []).append(words)
    return _rule(key, tuple((to, tuple(words)) for to, words in wordings.items()))


@cache
def _rule(key: str, wordings: tuple[tuple[To, tuple[str, ...]], ...]) -> Rule:
    rights = [(name, _named(key, condition, words)) for to, words in wordings for name, condition in RULES[to].rights]
    for to, words in wordings:
        if to == "manage the team":
            managing = RULES["manage"].rights
            rights += [(name, _in_their_place(_named(key, condition, words))) for name, condition in managing]
    # No purpose opens what is barred to everyone.
    return Rule(rights=rights, never=CONFERENCE_RULE.never)


def _in_their_place(named: Condition) -> Condition:
    """Match what another manager of the case answers for: where the team has none, or they may not open it."""

    def condition(reader: Reader) -> Q | None:
        opens = named(reader)
        held = RoleAssignment.objects.current(on=reader.today).filter(role=Role.TEAM_MANAGER, user__is_active=True)
        open_to_them = Family.objects.filter(pk=OuterRef("family"), restricted=False)
        managed = open_to_them.filter(Exists(held.filter(team=OuterRef("team"))))
        return None if opens is None else opens & ~Q(Exists(managed))

    return condition


def _named(key: str, right: Condition, words: Iterable[str]) -> Condition:
    def condition(reader: Reader) -> Q | None:
        opens = right(reader)
        if opens is None:
            return None
        versions = PolicyVersion.objects.annotate(said=said_in_sql(key)).filter(said__in=words)
        return opens & Q(Exists(versions.filter(pk=OuterRef("policy_version_id"))))

    return condition


def said_in_sql(key: str, data: str = "data") -> Case:
    """Return what a version of the procedures says under ``key``, in SQL; ``data`` is the path to its data."""
    path = (Value(part) for part in ("values", key, "value"))
    written = Func(F(data), *path, function="jsonb_extract_path_text", output_field=TextField())
    words = [Value(words, output_field=TextField()) for words in SCHEMA[key].words]
    return Case(When(In(written, words), then=written), default=Value(_usual(key), output_field=TextField()))


def is_named(user: User, conference: Conference, key: str) -> bool:
    """Return whether the conference's procedures name the user under ``key``."""
    return named_rule(key).right_of(user, conference) is not None


def named_as(user: User, conference: Conference, key: str) -> str:
    """Return as what the procedures name the user under ``key``, such as "service manager"; "" where they do not."""
    if not is_named(user, conference, key):
        return ""
    named = (to for to in NAMED[said_of(conference, key)] if may(user, conference, to=to))
    return ANSWERS_AS[next(named, "manage")]


def people_named(conference: Conference, key: str, *, on: datetime.date) -> list[User]:
    """Return the active users whom the conference's procedures name under ``key``: the inverse of ``is_named``."""
    found: dict[int, User] = {}
    for to in NAMED[said_of(conference, key)]:
        found |= {user.pk: user for user in _answering(conference, to, on=on)}
    return list(found.values())


def _answering(conference: Conference, to: To, *, on: datetime.date) -> list[User]:
    if to == "chair":
        return chairs_of(conference, on=on)
    if to == "manage the team":
        return managers_of(conference, on=on)
    if to == "manage the service":
        return [user for user in service_managers(conference, on=on) if may(user, conference, to=to)]
    held = (
        [conference.coordinator] if conference.coordinator else holders(conference.authority, Role.COORDINATOR, on=on)
    )
    return [user for user in held if user.is_active and may(user, conference, to=to)]
