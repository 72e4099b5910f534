"""Where everyone stands on the map of people: columns of one width, two bands of adults, one row of children."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from charts.marks import wrapped

BOX, GUTTER = 148.0, 19.0
PITCH = BOX + 2 * GUTTER
SIZE, LINE = 14.0, 18.0
ROW_GAP, HEAD, PADDING = 14.0, 30.0, 10.0
FEW_COLUMNS, LEAST_COLUMNS = 6, 4
# Adults who live with a child stand above the children, the others below.
ABOVE, BELOW = 0, 1
RESPONSIBLE, TIED, UNSURE = "responsible", "tied", "unsure"


@dataclass(frozen=True)
class MapHome:
    """A home: its address or, where ``locked``, words that give nothing away."""

    key: int
    label: str
    locked: bool = False


@dataclass(frozen=True)
class MapPerson:
    """An adult with the lines under the name; ``warning`` stands last, in red."""

    key: int
    name: str
    lines: tuple[str, ...] = ()
    home: int | None = None
    warning: str = ""
    locked: bool = False


@dataclass(frozen=True)
class MapChild:
    key: int
    name: str
    lines: tuple[str, ...] = ()
    home: int | None = None
    unborn: bool = False


@dataclass(frozen=True)
class MapTie:
    """A line between an adult and a child: RESPONSIBLE, TIED or UNSURE (possible, disputed, or before the birth)."""

    adult: int
    child: int
    kind: str = TIED


@dataclass(frozen=True)
class MapRisk:
    """A contact risk that a person poses to others, children or adults, by key."""

    person: int
    towards: tuple[int, ...]


@dataclass(frozen=True)
class MapAgency:
    name: str
    about: str
    locked: bool = False


@dataclass(frozen=True)
class PeopleMap:
    """Everything on the map; ``unplaced`` is what the box of children without a recorded home is called."""

    children: Sequence[MapChild]
    adults: Sequence[MapPerson]
    homes: Sequence[MapHome] = ()
    ties: Sequence[MapTie] = ()
    risks: Sequence[MapRisk] = ()
    agencies: Sequence[MapAgency] = ()
    unplaced: str = "Home not recorded"


@dataclass
class Spot:
    """Where one person stands; ``row`` counts from the children outwards, ``band`` is ABOVE or BELOW."""

    x: float
    row: int = 0
    band: int = ABOVE
    y: float = 0.0
    height: float = 0.0


@dataclass
class Columns:
    """Everyone's place: columns at once, heights when it is known how deep the channels between are (``settle``)."""

    columns: int
    children: dict[int, Spot] = field(default_factory=dict)
    adults: dict[int, Spot] = field(default_factory=dict)
    spans: dict[int | None, tuple[float, float]] = field(default_factory=dict)
    rows: list[int] = field(default_factory=lambda: [0, 0])
    channels: list[float] = field(default_factory=lambda: [0.0, 0.0])
    boxes: dict[int | None, tuple[float, float, float, float]] = field(default_factory=dict)
    edge: float = 0.0
    width: float = 0.0
    foot: float = 0.0

    def settle(self, depths: Sequence[float], *, margins: int) -> None:
        """Set every height from the depths of the channels above and below the children."""
        y = HEAD
        for row in range(self.rows[ABOVE] - 1, -1, -1):
            y = self._row(ABOVE, row, y) + (ROW_GAP if row else 0)
        self.channels[0] = y
        y += depths[0] if self.rows[ABOVE] else 0
        tallest = max((spot.height for spot in self.children.values()), default=0.0)
        for spot in self.children.values():
            spot.y, spot.height = y, tallest
        y += tallest
        bottom = y + PADDING
        self.boxes = {key: (x, 1.0, width, bottom) for key, (x, width) in self.spans.items()}
        self.channels[1] = bottom
        y = bottom + (depths[1] if self.rows[BELOW] else 6)
        for row in range(self.rows[BELOW]):
            y = self._row(BELOW, row, y) + ROW_GAP
        self.edge = self.columns * PITCH
        self.width = self.edge + (margins * 8 + 12 if margins else 2)
        self.foot = y + 4

    def _row(self, band: int, row: int, y: float) -> float:
        here = [spot for spot in self.adults.values() if (spot.band, spot.row) == (band, row)]
        tallest = max((spot.height for spot in here), default=0.0)
        for spot in here:
            spot.y, spot.height = y, tallest
        return y + tallest


def room_of() -> float:
    """Return the room for words in a box."""
    return BOX - 14


def box_height(name: str, lines: Sequence[str], warning: str = "", *, locked: bool = False) -> float:
    """Return how high a box must be for its words."""
    room = room_of()
    rows = len(wrapped(name, room - 8, SIZE, most=3)) + len(wrapped(warning, room - 8, SIZE, most=2))
    rows += sum(len(wrapped(line, room, SIZE, most=2)) for line in lines)
    return rows * LINE + 14 + (18 if locked else 0)


def place_people(told: PeopleMap) -> Columns:
    """Put children and those who live with them into the columns of their home, everyone else below."""
    children: dict[int | None, list[MapChild]] = defaultdict(list)
    known = {home.key for home in told.homes}
    for child in told.children:
        children[child.home if child.home in known else None].append(child)
    homes: list[int | None] = [home.key for home in told.homes if home.key in children]
    homes += [None] if None in children else []
    inside = {key: [adult for adult in told.adults if key is not None and adult.home == key] for key in homes}
    wide = {key: max(len(children[key]), min(len(inside[key]), 2)) for key in homes}
    if sum(wide.values()) > FEW_COLUMNS:
        wide = {key: len(children[key]) for key in homes}
    within = {adult.key for rows in inside.values() for adult in rows}
    outside = [adult for adult in told.adults if adult.key not in within]
    taken = sum(wide.values())
    places = Columns(columns=max(taken, min(LEAST_COLUMNS, len(outside)), 1))
    first = (places.columns - taken) / 2 * PITCH
    for key in homes:
        places.spans[key] = (first + 2, wide[key] * PITCH - 4)
        shift = (wide[key] - len(children[key])) / 2 * PITCH
        for place, child in enumerate(children[key]):
            places.children[child.key] = Spot(
                first + shift + place * PITCH + GUTTER, height=box_height(child.name, child.lines)
            )
        _stand(places, inside[key], first, wide[key], ABOVE)
        first += wide[key] * PITCH
    _stand(places, outside, 0.0, places.columns, BELOW)
    return places


def _stand(places: Columns, adults: Sequence[MapPerson], first: float, columns: int, band: int) -> None:
    for start in range(0, len(adults), columns):
        row = adults[start : start + columns]
        shift = (columns - len(row)) / 2 * PITCH if start == 0 else 0.0
        for place, adult in enumerate(row):
            height = box_height(adult.name, adult.lines, adult.warning, locked=adult.locked)
            x = first + shift + place * PITCH + GUTTER
            places.adults[adult.key] = Spot(x, row=start // columns, band=band, height=height)
    places.rows[band] = max(places.rows[band], -(-len(adults) // columns) if adults else 0)
