"""Who is tied to which child: homes as boxes, ties as lines that never run over one another, contact risks in red.

The children stand in one row, in the boxes of their homes. Adults who live with a child stand above the row, the
others below it; each has a line of their own in the channel between, so that any number of ties stays readable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString

from charts.marks import (
    INK,
    LATE,
    LATE_GROUND,
    RED,
    SECOND,
    TEAL,
    cut_to,
    draw_box,
    draw_line,
    draw_text,
    joined,
    svg,
    units,
    wrapped,
)
from charts.people_lines import LANE, RISK, Net, depth_of, give_lanes, nets_of, port_of, side_of, way_out
from charts.people_places import (
    BOX,
    LINE,
    RESPONSIBLE,
    SIZE,
    TIED,
    UNSURE,
    Columns,
    MapAgency,
    MapChild,
    MapPerson,
    PeopleMap,
    Spot,
    place_people,
    room_of,
)
from govuk import words

HOME_GROUND, CHILD_GROUND = "#f6f9fa", "#e3eff0"
STYLES = {RESPONSIBLE: (TEAL, 3.0, ""), TIED: (SECOND, 1.6, ""), UNSURE: (SECOND, 1.6, "5 4")}
AGENCIES_IN_A_ROW, MOST_AGENCIES = 3, 12


def people_map(told: PeopleMap) -> SafeString:
    """Draw the map in its natural size; what holds it lets it scroll sideways on a narrow screen."""
    places = place_people(told)
    nets = nets_of(told, places)
    give_lanes(nets, places)
    places.settle([depth_of(nets, 0), depth_of(nets, 1)], margins=len({net.margin for net in nets} - {None}))
    parts: list[str] = [*_homes(told, places)]
    parts += [part for net in nets if not net.is_risk for part in _drawn(net, nets, places)]
    parts += [part for net in nets if net.is_risk for part in _drawn(net, nets, places)]
    parts += [part for child in told.children for part in _child(child, places.children[child.key])]
    parts += [part for adult in told.adults for part in _adult(adult, places.adults[adult.key])]
    foot, agencies = _agencies(told.agencies, places.foot, places.width)
    return svg(places.width, foot, sentence_of(told), [*parts, *agencies])


def sentence_of(told: PeopleMap) -> str:
    """Return the map in words: who lives together, who is tied to whom, and which risks there are."""
    everyone: list[MapChild | MapPerson] = [*told.adults, *told.children]
    names = {row.key: row.name for row in everyone}
    said = [
        f"Map of {words.count(len(told.children), 'child', 'children')} and {words.count(len(told.adults), 'adult')}"
    ]
    for home in told.homes:
        here = [row.name for row in everyone if row.home == home.key]
        if here:
            said.append(f"{home.label}: {words.listed(here)}")
    for adult in told.adults:
        own = [tie for tie in told.ties if tie.adult == adult.key]
        held = [names[tie.child] for tie in own if tie.kind == RESPONSIBLE]
        others = [names[tie.child] for tie in own if tie.kind != RESPONSIBLE]
        if held:
            said.append(f"{adult.name} has parental responsibility for {words.listed(held)}")
        if others:
            said.append(f"{adult.name} is tied to {words.listed(others)} without it")
    for risk in told.risks:
        towards = [names[key] for key in risk.towards if key in names]
        to = f" towards {words.listed(towards)}" if towards else ""
        said.append(f"Contact risk from {names[risk.person]}{to}")
    return ". ".join(said).replace(words.NO_BREAK, " ") + "."


def _drawn(net: Net, nets: Sequence[Net], places: Columns) -> Iterator[str]:
    y = places.channels[net.channel] + 12 + net.lane * LANE
    xs: list[float] = []
    ports = {key: port_of(key, net, nets, places) for key in net.drops}
    style = _strongest(net)
    if net.is_risk:
        for key in net.sides:
            spot = places.adults[key]
            x, side = side_of(key, net, nets, places)
            xs.append(x)
            yield from _line(spot.x + BOX, side, x, side, style)
            yield from _line(x, side, x, y, style)
    else:
        spot = places.adults[net.person]
        x, start = way_out(spot, net, nets, places)
        if x < spot.x:
            side = spot.y + spot.height / 2
            yield from _line(spot.x, side, x, side, style)
        xs.append(x)
        yield from _line(x, start, x, y, style)
    if net.margin is not None:
        x = places.edge + 8 + net.margin * 8
        xs.append(x)
        if net.sides[:1] == [net.person]:
            other = next(one for one in nets if one.margin == net.margin and one is not net)
            yield from _line(x, y, x, places.channels[other.channel] + 12 + other.lane * LANE, style)
    xs += ports.values()
    yield from _line(min(xs), y, max(xs), y, style)
    for key, x in ports.items():
        child = places.children[key]
        end = child.y if net.channel == 0 else child.y + child.height
        yield from _line(x, y, x, end, net.drops[key])
    if len(xs) > 2:  # noqa: PLR2004 - a bend needs no dot
        for x in xs:
            yield format_html('<circle cx="{}" cy="{}" r="3" fill="{}"/>', units(x), units(y), _style(style)[0])
    if net.is_risk and net.sides[:1] == [net.person]:
        middle = _longest_gap(sorted(xs))
        for shift in (-4, 3):
            yield draw_line(middle + shift - 3, y + 8, middle + shift + 3, y - 8, RED, width=2.5)


def _longest_gap(xs: Sequence[float]) -> float:
    gaps = [(after - before, (before + after) / 2) for before, after in pairwise(xs)]
    return max(gaps, default=(0.0, xs[0]))[1]


def _style(kind: str) -> tuple[str, float, str]:
    return (RED, 2.5, "") if kind == RISK else STYLES[kind]


def _strongest(net: Net) -> str:
    if net.is_risk:
        return RISK
    return next(kind for kind in (RESPONSIBLE, TIED, UNSURE) if kind in net.drops.values())


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Iterator[str]:
    if (x1, y1) != (x2, y2):
        colour, width, dash = _style(kind)
        yield draw_line(x1, y1, x2, y2, colour, width=width, dash=dash)


def _homes(told: PeopleMap, places: Columns) -> Iterator[str]:
    homes = {home.key: home for home in told.homes}
    for key, (x, y, width, height) in places.boxes.items():
        home = homes.get(key) if key is not None else None
        label = home.label if home else told.unplaced
        if home:
            yield draw_box(x, y, width, height, HOME_GROUND, edge="#9fb0b5")
        else:
            yield _dashed(x, y, width, height)
        left = x + 10
        if home and home.locked:
            yield lock(left, y + 8)
            left += 20
        yield draw_text(left, y + 20, cut_to(label, width - 20 - (left - x - 10), SIZE), bold=True, colour=SECOND)


def lock(x: float, y: float) -> SafeString:
    """Draw a closed lock, 12 wide and 14 high."""
    return joined((
        draw_box(x, y + 6, 12, 9, SECOND),
        format_html(
            '<path d="M{} {}v-3a3.5 3.5 0 0 1 7 0v3" fill="none" stroke="{}" stroke-width="2"/>',
            units(x + 2.5), units(y + 6), SECOND,
        ),
    ))  # fmt: skip


def _dashed(x: float, y: float, width: float, height: float, *, round_by: float = 0, fill: str = "#fff") -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="{}" fill="{}" stroke="{}" stroke-width="2"'
        ' stroke-dasharray="5 4"/>',
        units(x), units(y), units(width), units(height), units(round_by), fill, TEAL if round_by else "#9fb0b5",
    )  # fmt: skip


def _child(child: MapChild, spot: Spot) -> Iterator[str]:
    round_by = min(spot.height / 2, 26.0)
    if child.unborn:
        yield _dashed(spot.x, spot.y, BOX, spot.height, round_by=round_by)
    else:
        yield format_html(
            '<rect x="{}" y="{}" width="{}" height="{}" rx="{}" fill="{}" stroke="{}" stroke-width="2"/>',
            units(spot.x), units(spot.y), units(BOX), units(spot.height), units(round_by), CHILD_GROUND, TEAL,
        )  # fmt: skip
    yield from _words(child.name, child.lines, "", spot)


def _adult(adult: MapPerson, spot: Spot) -> Iterator[str]:
    yield draw_box(
        spot.x, spot.y, BOX, spot.height, LATE_GROUND if adult.warning else "#fff",
        edge=RED if adult.warning else INK, edge_width=2,
    )  # fmt: skip
    yield from _words(adult.name, adult.lines, adult.warning, spot, locked=adult.locked)


def _words(name: str, lines: Sequence[str], warning: str, spot: Spot, *, locked: bool = False) -> Iterator[str]:
    room = room_of()
    rows = [(said, True, INK) for said in wrapped(name, room - 8, SIZE, most=3)]
    rows += [(said, False, SECOND) for line in lines for said in wrapped(line, room, SIZE, most=2)]
    rows += [(said, True, LATE) for said in wrapped(warning, room - 8, SIZE, most=2)]
    y = spot.y + (spot.height - len(rows) * LINE - (18 if locked else 0)) / 2 + 13
    for said, bold, colour in rows:
        yield draw_text(spot.x + BOX / 2, y, said, size=SIZE, bold=bold, colour=colour, anchor="middle")
        y += LINE
    if locked:
        yield lock(spot.x + BOX / 2 - 52, y - 11)
        yield draw_text(spot.x + BOX / 2 - 34, y + 1, "address hidden", size=SIZE, colour=SECOND)


def _agencies(agencies: Sequence[MapAgency], top: float, width: float) -> tuple[float, list[str]]:
    if not agencies:
        return top, []
    shown = agencies[:MOST_AGENCIES]
    parts: list[str] = [draw_text(0, top + 22, "Agencies around the children", bold=True, colour=SECOND)]
    in_a_row = min(AGENCIES_IN_A_ROW, max(int(width // 270), 1))
    each = (width - 2) / in_a_row
    y = top + 32
    for start in range(0, len(shown), in_a_row):
        for place, agency in enumerate(shown[start : start + in_a_row]):
            x = 1 + place * each
            parts.append(draw_box(x, y, each - 10, 46, "#fff", edge="#6b757b"))
            left = x + 10
            if agency.locked:
                parts.append(lock(left, y + 5))
                left += 20
            parts.append(draw_text(left, y + 19, cut_to(agency.name, each - 50 - (left - x - 10), SIZE), bold=True))
            parts.append(draw_text(x + 10, y + 37, cut_to(agency.about, each - 30, SIZE), colour=SECOND))
        y += 54
    rest = len(agencies) - len(shown)
    if rest:
        parts.append(draw_text(0, y + 14, f"{words.count(rest, 'more agency', 'more agencies')} in the table"))
        y += 24
    return y, parts
