"""The types that check a policy's values, and how each is described and worded."""

from __future__ import annotations

import datetime
import reprlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, Generic, Literal, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from deadlines.enums import Scope
from deadlines.policies.amounts import BY_UNDERSTANDING, NOT_SET, Json
from families.enums import AgencyKind

FIRST_YEAR = 1989  # the Children Act
LAST_YEAR = 2100
LAST_WEEK = 42
TOP_OF_SCALE = 10
LEFT_OUT: Any = None  # what a file may omit; null is not omission, and is refused
LONGEST_KEEPING = 150
FRIDAY = 5

_short = reprlib.Repr()
_short.maxstring = _short.maxother = 80
_short.maxlong = 40


def shown(value: Json) -> str:
    """Return a value as typed, shortened."""
    return _short.repr(value)


def one_of(words: str) -> str:
    """Return the singular of ``words``: "capacity" for "capacities"."""
    return words.removesuffix("ies") + "y" if words.endswith("ies") else words.removesuffix("s")


def refused(sentence: str) -> PydanticCustomError:
    """Return a refusal in our own words."""
    return PydanticCustomError("refused", "{sentence}", {"sentence": sentence})


class Model(BaseModel):
    """A mapping in a policy: hyphenated keys, none unknown, and no type coercion."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-")
    )


class Labelled(Model):
    """A mapping whose keys are labelled by their titles, else as written."""

    model_config = ConfigDict(alias_generator=None)

    @classmethod
    def labels(cls) -> dict[str, str]:
        """Return each key with its label."""
        return {name: field.title or name.replace("_", " ") for name, field in cls.model_fields.items()}


@dataclass(frozen=True)
class Shape:
    """How a type is described, how its value is worded, and one refusal for anything wrong with it."""

    unit: str
    saying: str = ""
    refusal: str = ""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(self.check, handler(source))

    def check(self, value: Json, validate: Callable[[Json], Any]) -> Any:
        """Return the value as ``validate`` returns it."""
        try:
            return validate(value)
        except ValidationError as error:
            if not self.refusal:
                raise
            raise refused(f"{self.refusal}, not {shown(value)}") from error


@dataclass(frozen=True)
class Chosen(Shape):
    """A list chosen from known words, such as "capacities"."""

    named: str = ""
    may_be_empty: bool = False

    def check(self, value: Json, validate: Callable[[Json], Any]) -> Any:
        if not isinstance(value, list) or not (value or self.may_be_empty):
            raise refused(f"must be a list of {self.named}, not {shown(value)}")
        try:
            return super().check(value, validate)
        except ValidationError as error:
            raise refused(f"has the unknown {one_of(self.named)} {shown(error.errors()[0]['input'])}") from error


def refuse_repeated(words: list[str]) -> None:
    """Raise a refusal naming the first word that occurs twice."""
    if twice := [word for word in words if words.count(word) > 1]:
        raise refused(f"has {shown(twice[0])} twice")


Items = TypeVar("Items", bound=Sequence[Any])


def distinct(items: Items) -> Items:
    """Refuse duplicates; mappings are compared by their first key."""
    refuse_repeated([str(next(iter(item))[1] if isinstance(item, Model) else item) for item in items])
    return items


def chosen(named: str, known: Any, *, may_be_empty: bool = False) -> Chosen:
    """Return the type of a list of words from ``known``, a type of literals."""
    unit = f"list of {named}: {', '.join(sorted(get_args(known)))}"
    return Chosen(unit, named=named, may_be_empty=may_be_empty)


def number_or_word(named: str, least: int, most: int, word: str, saying: str) -> Shape:
    """Return the type of a whole number, which ``named`` describes, or a word instead."""
    numbers = f"{named} from {least} to {most}"
    return Shape(f"{numbers}, or: {word}", saying, f"must be {numbers} or {word!r}")


# Single values

Text = Annotated[str, Field(pattern=r"\S")]
Whole = Annotated[int, Field(ge=0)]
AtLeastOne = Annotated[int, Field(ge=1)]
Stages = Annotated[int, Field(ge=1, le=3)]
Minutes = Annotated[Whole, Shape("minutes")]
EarliestWeek = Annotated[int, Field(ge=0, le=LAST_WEEK), Shape("week of pregnancy", "week {}")]
Week = Annotated[
    Annotated[int, Field(ge=1, le=LAST_WEEK)] | Literal["not set"],
    number_or_word("a week of pregnancy", 1, LAST_WEEK, NOT_SET, "week {}"),
]
InvitedFrom = Annotated[
    Annotated[int, Field(ge=0, le=17)] | Literal["by understanding"],
    number_or_word("an age", 0, 17, BY_UNDERSTANDING, "from age {}"),
]
AloneFrom = Annotated[int, Field(ge=0, le=5), Shape("age from 0 to 5", "from age {}")]
UpToOneDay = Annotated[int, Field(ge=0, le=1), Shape("0 (the same day) or 1", "{} working days")]
AdvocateFrom = Annotated[
    Annotated[int, Field(ge=0, le=17)] | Literal["every invited child"],
    number_or_word("an age", 0, 17, "every invited child", "from age {}"),
]
OneVisitIn = Annotated[
    Annotated[int, Field(ge=1, le=12)] | Literal["not set"],
    number_or_word("a number (1 = every visit, 2 = every second)", 1, 12, NOT_SET, "one visit in {}"),
]

FewerAgencies = Annotated[
    Annotated[int, Field(ge=0, le=20)] | Literal["not set"], number_or_word("a number", 0, 20, NOT_SET, "{} agencies")
]


def rising(numbers: list[int]) -> list[int]:
    """Refuse numbers that do not rise."""
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        raise refused(f"must rise, not {shown(numbers)}")
    return numbers


Marks = Annotated[
    list[Annotated[int, Field(ge=1, le=120)]], AfterValidator(rising), Shape("list of months, rising; [] = none")
]
Agrees = Literal[
    "team manager and chair", "team manager", "chair", "chair or a named stand-in", "chair or their manager",
    "coordinator", "service manager", "senior manager", "nobody",
]  # fmt: skip
Releases = Literal[
    "chair", "chair or a named stand-in", "chair or their manager", "coordinator", "team manager", "service manager",
    "senior manager",
]  # fmt: skip
# Nothing goes to someone dangerous unless the chair chose it, or who answers for the chair.
KeepsOut = Literal["chair", "chair or a named stand-in", "chair or their manager"]
AgreesToLate = Literal["team manager and chair", "team manager", "chair", "senior manager", "service manager", "nobody"]
Scaling = Literal["offered", "required", "not used"]
Wanted = Literal["within the limit", "at once"]


class Said(Model):
    """Where a figure comes from, and who maintains it."""

    source: Text
    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR), Shape("", refusal=f"must be a year from {FIRST_YEAR} on")]
    scope: Annotated[Scope, Field(strict=False)]
    owner: Text


# Lists and mappings

Texts = Annotated[list[Text], Field(min_length=1), Shape("list of words")]
Capacity = Literal[
    "parent", "carer", "child", "relative", "professional", "social_worker", "team_manager", "chair",
    "coordinator", "supporter", "advocate", "solicitor", "interpreter", "observer",
]  # fmt: skip
Capacities = Annotated[list[Capacity], chosen("capacities", Capacity, may_be_empty=True)]
LateNeed = Literal["reason", "cause", "interim safety plan"]
LateNeeds = Annotated[list[LateNeed], chosen("things", LateNeed)]
Decided = Literal["status", "category"]


def _with_status(decided: list[str]) -> list[str]:
    """Refuse a list without the status: without it nothing is decided."""
    if "status" not in decided:
        raise refused("must name 'status'")
    return decided


Decides = Annotated[list[Decided], AfterValidator(_with_status), chosen("things", Decided)]


class Choice(Model):
    key: Text
    label: Text


Choices = Annotated[list[Choice], Field(min_length=1), AfterValidator(distinct), Shape("list of key, label")]


class RoleNames(Labelled):
    social_worker: Text
    key_worker: Text
    team_manager: Text
    chair: Text
    coordinator: Text


Roles = Annotated[RoleNames, Shape(f"words for {', '.join(RoleNames.model_fields)}")]
Paper = Literal[
    "own version of the decisions and plan", "own version of the minutes", "decisions and plan",
    "minutes of own children and parts", "plan", "own actions", "own meetings", "own My Views", "own letter",
    "plan in plain words", "who will be there", "papers released one by one", "as the chair settles", "everything",
    "nothing",
]  # fmt: skip
Papers = Annotated[list[Paper], chosen("papers", Paper)]


class Recipients(Labelled):
    parent: Papers = Field(title="parent, or carer with parental responsibility")
    child: Papers
    professional_attended: Papers = Field(title="professional who attended")
    invited_absent: Papers = Field(title="invited, absent, reported")
    core_group_member: Papers = Field(title="member of the core group")
    no_view: Papers = Field(title="supporter, solicitor, interpreter, observer, person removed")
    kept_out: Papers = Field(title="person kept out")
    court: Papers = Field(title="court with an order")


GetsWhat = Annotated[
    Recipients,
    Shape(f"for each of {', '.join(Recipients.model_fields)} a list of papers: {', '.join(sorted(get_args(Paper)))}"),
]


class AgencyGroup(Model):
    key: Text
    label: Text
    kinds: Annotated[list[Annotated[AgencyKind, Field(strict=False)]], Chosen("", named="agency kinds")]


def _each_kind_once(groups: list[AgencyGroup]) -> list[AgencyGroup]:
    refuse_repeated([str(kind) for group in groups for kind in group.kinds])
    return groups


AgencyGroups = Annotated[
    list[AgencyGroup],
    AfterValidator(distinct),
    AfterValidator(_each_kind_once),
    Shape("list of key, label, agency kinds; [] = each agency apart"),
]


class AgencyNotice(Model):
    kind: Annotated[AgencyKind, Field(strict=False)]
    working_days: AtLeastOne


AgencyNotices = Annotated[
    list[AgencyNotice], AfterValidator(distinct), Shape("list of kind, working-days; [] = none asks for more")
]


Clock = Annotated[
    str, Field(pattern=r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$"), Shape("", refusal="must be a time such as 9:00")
]


class Hours(Labelled):
    """The hours in which a council usually holds meetings, from opening to closing."""

    opens: Clock
    closes: Clock
    closes_on_friday: Clock | None = Field(None, title="closes on Friday")

    def on(self, day: datetime.date) -> tuple[datetime.time, datetime.time]:
        """Return when the hours of a day begin and end."""
        closes = self.closes_on_friday if day.isoweekday() == FRIDAY else None
        return _time(self.opens), _time(closes or self.closes)


def _time(clock: str) -> datetime.time:
    hour, minute = clock.split(":")
    return datetime.time(int(hour), int(minute))


def _opens_first(hours: Hours) -> Hours:
    if any(_time(hours.opens) >= _time(closes) for closes in (hours.closes, hours.closes_on_friday) if closes):
        raise refused("closes before it opens")
    return hours


UsualHours = Annotated[
    Hours,
    AfterValidator(_opens_first),
    Shape("opens, closes and, where it differs, closes_on_friday: times such as 9:00"),
]


class Heading(Model):
    key: Text
    label: Text
    prompt: Text


Headings = Annotated[list[Heading], AfterValidator(distinct), Shape("list of key, label, prompt; [] = none")]


class Framework(Model):
    """The headings under which reports and the board are written."""

    key: Text
    name: Text
    version: Text
    headings: Annotated[tuple[Heading, ...], Field(strict=False, min_length=1), AfterValidator(distinct)]


class Scale(Model):
    """The safety scale: its version, the wording of both ends, and the score up to which a plan is usual."""

    key: Text
    version: Text
    low_words: Text
    high_words: Text
    indicates_plan_up_to: Annotated[
        Annotated[int, Field(ge=0, le=TOP_OF_SCALE)] | None,
        Shape("", refusal=f"must be a score from 0 to {TOP_OF_SCALE} or null"),
    ]


class Category(Model):
    code: Text
    label: Text
    definition: Text


CATEGORY_CODES = frozenset({"NEG", "PHY", "SAB", "EMO"})


def _each_category(categories: list[Category]) -> list[Category]:
    if wrong := {category.code for category in categories} ^ CATEGORY_CODES:
        codes = ", ".join(sorted(CATEGORY_CODES))
        raise refused(f"must define each of {codes} once; see {shown(min(wrong))}")
    return categories


Categories = Annotated[
    list[Category],
    Field(min_length=1),
    AfterValidator(distinct),
    AfterValidator(_each_category),
    Shape(f"list of code, label, definition for {', '.join(sorted(CATEGORY_CODES))}"),
]

Event = TypeVar("Event")


class Keeping(Model, Generic[Event]):
    """How long records are kept from an event."""

    amount: Annotated[int, Field(ge=1, le=LONGEST_KEEPING)]
    unit: Literal["months", "years"]
    from_: Event = Field(alias="from")


CaseEvent = Literal[
    "birth of the child", "death of the child", "end of the pregnancy", "sealing of the record",
    "closing of the case",
]  # fmt: skip
