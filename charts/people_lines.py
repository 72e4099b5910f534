"""Where the lines of the map of people run: each in a lane, port and gutter of its own."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from charts.people_places import BOX, GUTTER, PITCH, Columns, PeopleMap, Spot

LANE = 9.0
RISK = "risk"


@dataclass(eq=False)
class Net:
    """One line with its ends: from whom, in which channel, and the children it reaches with the style of each."""

    person: int
    channel: int
    drops: dict[int, str] = field(default_factory=dict)
    sides: list[int] = field(default_factory=list)
    is_risk: bool = False
    margin: int | None = None
    lane: int = 0


def nets_of(told: PeopleMap, places: Columns) -> list[Net]:
    """Return a line for each adult with ties, and for each who poses a risk one in every channel it needs."""
    nets: list[Net] = []
    for adult in told.adults:
        drops = {tie.child: tie.kind for tie in told.ties if tie.adult == adult.key and tie.child in places.children}
        if drops:
            nets.append(Net(adult.key, places.adults[adult.key].band, drops))
    margins = itertools.count()
    towards: dict[int, dict[int, None]] = {}
    for risk in told.risks:
        towards.setdefault(risk.person, {}).update(dict.fromkeys(risk.towards))
    for person, those in towards.items():
        start = places.adults.get(person)
        if start is None:
            continue
        children = {key: RISK for key in those if key in places.children}
        adults = [key for key in those if key in places.adults and key != person]
        if not children and not adults:
            continue
        here = [key for key in adults if places.adults[key].band == start.band]
        across = [key for key in adults if places.adults[key].band != start.band]
        margin = next(margins) if across else None
        nets.append(Net(person, start.band, children, [person, *here], is_risk=True, margin=margin))
        if across:
            nets.append(Net(person, 1 - start.band, {}, across, is_risk=True, margin=margin))
    return nets


def give_lanes(nets: Sequence[Net], places: Columns) -> None:
    """Give each line a height of its own in its channel, shared only with lines that end before it begins."""
    for channel in (0, 1):
        ends: list[float] = []
        here = [net for net in nets if net.channel == channel]
        for net in sorted(here, key=lambda one: _reach(one, places)):
            first, last = _reach(net, places)
            net.lane = next((n for n, end in enumerate(ends) if end + PITCH / 4 < first), len(ends))
            ends[net.lane : net.lane + 1] = [last]


def _reach(net: Net, places: Columns) -> tuple[float, float]:
    ends = [places.children[key].x for key in net.drops] + [places.adults[key].x for key in (net.person, *net.sides)]
    if net.margin is not None:
        if net.person not in net.sides:
            ends = [places.adults[key].x for key in net.sides]
        ends.append(places.columns * PITCH)
    return min(ends), max(ends) + BOX


def depth_of(nets: Sequence[Net], channel: int) -> float:
    """Return how deep a channel must be for its lanes."""
    lanes = [net.lane for net in nets if net.channel == channel]
    return 22.0 + (max(lanes) + 1) * LANE if lanes else 22.0


def side_of(adult: int, net: Net, nets: Sequence[Net], places: Columns) -> tuple[float, float]:
    """Return where the line of a risk runs in the gutter beside an adult, and at what height it leaves them."""
    spot = places.adults[adult]
    beside = [
        (one, key)
        for one in nets
        for key in one.sides
        if places.adults[key].x == spot.x and places.adults[key].band == spot.band
    ]
    own = [one for one, key in beside if key == adult]
    x = spot.x + BOX + GUTTER * (beside.index((net, adult)) + 1) / (len(beside) + 1)
    return x, spot.y + spot.height * (own.index(net) + 1) / (len(own) + 1)


def port_of(child: int, net: Net, nets: Sequence[Net], places: Columns) -> float:
    """Return where a line meets a child: each its own place, in the order of where the lines come from."""
    meeting = [one for one in nets if one.channel == net.channel and child in one.drops]
    meeting.sort(key=lambda one: (places.adults[one.person].x, one.lane, one.is_risk))
    spot = places.children[child]
    return spot.x + BOX * (0.15 + 0.7 * (meeting.index(net) + 1) / (len(meeting) + 1))


def way_out(spot: Spot, net: Net, nets: Sequence[Net], places: Columns) -> tuple[float, float]:
    """Return where a line leaves its adult: towards the children, or through the gutter past those in front."""
    if spot.row > 0:
        return spot.x - GUTTER * (0.2 + 0.6 * spot.row / max(places.rows[spot.band], 1)), spot.y + spot.height / 2
    taken = [
        port_of(key, one, nets, places)
        for one in nets
        if one is not net and one.channel == net.channel
        for key in one.drops
    ]
    own = [port_of(key, net, nets, places) for key in net.drops]
    middle = spot.x + BOX / 2
    straight = [x for x in own if spot.x + 8 < x < spot.x + BOX - 8]
    tries = [*straight, *(middle + shift for shift in (0, 6, -6, 12, -12, 18, -18, 24, -24, 30, -30))]
    x = next((at for at in tries if all(abs(at - other) >= 5 for other in taken)), middle)  # noqa: PLR2004
    return x, spot.y + (spot.height if spot.band == 0 else 0)
