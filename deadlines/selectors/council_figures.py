"""The council's figures: each with its finding in words, and a table with the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from charts import Bar, Point, Share, column_chart, percent, row_bars, share_bars, trend_line
from deadlines.selectors.council import INITIAL, NO_CAUSE, CouncilTimeliness, Timeliness
from deadlines.selectors.rows import title_of
from deadlines.working_days.published import ENGLAND
from govuk import words

Cell = str | int | None
WIDEST_SPREAD = 9
A_CHANGE = 3
# Months with figures from which on a line and words speak of a trend.
A_TREND = 3


@dataclass(frozen=True)
class Table:
    """The numbers behind a figure. ``key`` names its file; columns after the first ``texts`` are numbers."""

    key: str
    caption: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    texts: int = 1

    @property
    def labelled(self) -> list[list[tuple[str, Cell]]]:
        """Return each row as (column, cell) pairs."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Figure:
    """One finding: the heading states it, the lead says what is measured, then picture and table."""

    finding: str
    lead: str
    picture: SafeString | str
    table: Table


def figures_of(council: CouncilTimeliness) -> dict[str, Figure]:
    """Return every figure of the page by the key of its table."""
    made = (by_month(council), by_day(council), by_kind(council), by_cause(council), by_week(council))
    return {figure.table.key: figure for figure in made}


def _share(value: int | None) -> str:
    return "" if value is None else f"{value}%"


def by_month(council: CouncilTimeliness) -> Figure:
    """Show the share in time of the chosen kind, month by month."""
    kind = council.chosen.kind
    points = [
        Point(f"{words.MONTHS[month.month - 1][:3]} {month.year}", timeliness.percent)
        for month, timeliness in council.months
    ]
    published = ENGLAND.get(kind)
    title = f"{council.kind_title}: share in time by month"
    table = Table(
        key="months",
        caption=title,
        columns=("Month", "In time", "Late", "Share in time", "Share within the national outer limit"),
        rows=[
            (
                f"{words.MONTHS[month.month - 1]} {month.year}",
                timeliness.in_time,
                timeliness.late,
                _share(timeliness.percent),
                _share(timeliness.outer_percent),
            )
            for month, timeliness in council.months
        ],
    )
    compared = ("England", published.percent) if published else None
    return Figure(
        finding=_trend_in_words(council.months),
        lead=f"{council.kind_title}: share of those due in each month that were in time",
        picture=trend_line(points, title=title, compared=compared) if len(_known(council.months)) >= A_TREND else "",
        table=table,
    )


def _known(months: Sequence[tuple[object, Timeliness]]) -> list[int]:
    return [timeliness.percent for _, timeliness in months if timeliness.percent is not None]


def _trend_in_words(months: Sequence[tuple[object, Timeliness]]) -> str:
    known = _known(months)
    if not known:
        return "Nothing fell due in this period"
    first, last = known[0], known[-1]
    if len(known) == 1:
        return f"{last}% in time"
    if len(known) < A_TREND:
        return f"{last}% in time in the newest month. There are too few months to see a trend"
    if last >= first + A_CHANGE:
        return f"In time more often: {first}% at first, {last}% now"
    if last <= first - A_CHANGE:
        return f"In time less often: {first}% at first, {last}% now"
    return f"About as often in time as before: {last}% now"


def by_day(council: CouncilTimeliness) -> Figure:
    """Show on which working day initial conferences were held."""
    spread = council.spread
    limit = spread.limit
    bars: list[Bar] = []
    limit_after = None
    if spread.by_day:
        last = max(spread.by_day)
        first = min(spread.by_day)
        end = last
        if limit is not None:
            first, end = min(first, limit - WIDEST_SPREAD), min(max(last, limit + 2), limit + 6)
        for day in range(max(first, 0), end + 1):
            beyond = day == end and last > end
            number = (
                sum(count for held, count in spread.by_day.items() if held >= day)
                if beyond
                else spread.by_day.get(day, 0)
            )
            bars.append(
                Bar(
                    f"{day}+" if beyond else str(day),
                    number,
                    late=limit is not None and day > limit,
                    strong=limit is not None and limit - 1 <= day <= limit,
                )
            )
            if day == limit:
                limit_after = len(bars) - 1
    title = "Children by the working day on which their initial conference was held"
    picture = (
        column_chart(
            bars,
            title=title,
            of="children",
            below="working day on which it was held",
            limit_after=limit_after,
            limit_words=f"limit: day {limit}",
        )
        if bars
        else ""
    )
    rows: list[tuple[Cell, ...]] = [
        (day, number, _share(percent(number, spread.whole))) for day, number in spread.by_day.items()
    ]
    return Figure(
        finding=_spread_in_words(council),
        lead=_middle_half(council),
        picture=picture,
        table=Table(key="days", caption=title, columns=("Working day", "Children", "Share"), rows=rows, texts=0),
    )


def _spread_in_words(council: CouncilTimeliness) -> str:
    spread = council.spread
    if not spread.whole or spread.limit is None:
        return "No initial conference was held in this period"
    close = sum(spread.by_day.get(day, 0) for day in (spread.limit - 1, spread.limit))
    share = percent(close, spread.whole)
    if not close:
        return f"None are held on day {spread.limit - 1} or {spread.limit}"
    return f"{share}% are held on day {spread.limit - 1} or {spread.limit}"


def _middle_half(council: CouncilTimeliness) -> str:
    spread = council.spread
    if not spread.whole:
        return "Working days from the strategy discussion to the decision, child by child"
    return (
        f"Half of {words.count(spread.whole, 'child', 'children')} had theirs by day {spread.median}; "
        f"the middle half between day {spread.lower} and day {spread.upper}. Striped bars are late"
    )


def by_kind(council: CouncilTimeliness) -> Figure:
    """Show the share in time of each kind over the whole period."""
    shares = [Share(row.title, row.limit, row.timeliness.in_time, row.timeliness.late) for row in council.kinds]
    compared = {row.title: ("England", ENGLAND[row.kind].percent) for row in council.kinds if row.kind in ENGLAND}
    worst = sorted((share for share in shares if share.late), key=lambda share: (share.percent, -share.late))
    title = "Each time limit: share in time"
    return Figure(
        finding=f"Least often in time: {worst[0].label.lower()}" if worst else "Everything was in time",
        lead="Each time limit over the whole period; the striped part was late",
        picture=share_bars(shares, title=title, compared=compared) if shares else "",
        table=Table(
            key="limits",
            caption=title,
            columns=(
                "Time limit",
                "How long",
                "In time",
                "Late",
                "Share in time",
                "Share within the national outer limit",
            ),
            rows=[
                (
                    row.title,
                    row.limit,
                    row.timeliness.in_time,
                    row.timeliness.late,
                    _share(row.timeliness.percent),
                    _share(row.timeliness.outer_percent),
                )
                for row in council.kinds
            ],
            texts=2,
        ),
    )


def by_cause(council: CouncilTimeliness) -> Figure:
    """Show why initial conferences were late."""
    whole = sum(number for _, number in council.causes)
    named = [(label, number) for label, number in council.causes if label not in NO_CAUSE]
    title = "Late initial conferences by main cause"
    finding = "No initial conference was late"
    if named:
        finding = f"Most frequent cause: {named[0][0].lower()}"
    elif whole:
        finding = "No cause is recorded yet"
    return Figure(
        finding=finding,
        lead=f"Main cause of {words.count(whole, 'initial conference')} held, or still to be held, after the limit",
        picture=row_bars([Bar(label, number, late=True) for label, number in council.causes], title=title)
        if whole
        else "",
        table=Table(key="causes", caption=title, columns=("Cause", "Conferences"), rows=council.causes),
    )


def by_week(council: CouncilTimeliness) -> Figure:
    """Show how much falls due in each of the weeks ahead."""
    most = max((number for _, number in council.weeks), default=0)
    bars = [
        Bar(f"{week.day} {words.MONTHS[week.month - 1][:3]}", number, strong=number == most and most > 0)
        for week, number in council.weeks
    ]
    title = "Time limits that end in each week ahead"
    peak = next((week for week, number in council.weeks if number == most), None)
    finding = "Nothing falls due in the weeks ahead"
    if most and peak:
        finding = f"Busiest week ahead: from {words.short_date(peak, today=council.today)}, {most:,} due"
    return Figure(
        finding=finding,
        lead="Time limits that end in each week, by the Monday on which it begins",
        picture=column_chart(bars, title=title, of="due", below="week from Monday", width=1160) if most else "",
        table=Table(
            key="weeks",
            caption=title,
            columns=("Week from", "Due"),
            rows=[(f"{week:%Y-%m-%d}", number) for week, number in council.weeks],
        ),
    )


def late_table(council: CouncilTimeliness) -> Table:
    """List what is late today by kind and reference, never naming a person or the agency awaited.

    Where all were requested, the last row says how many the reader may not open.
    """
    rows: list[tuple[Cell, ...]] = [
        (title_of(row.deadline.kind), row.case_number, row.team, f"{row.deadline.due_on:%Y-%m-%d}", -row.days)
        for row in council.late_now
    ]
    hidden = council.late_count - len(rows)
    if hidden:
        rows.append((f"{hidden:,} more that you can’t open", "", "", "", ""))
    return Table(
        key="late",
        caption="Late today, longest first",
        columns=("What", "Case", "Team", "Last day", "Working days late"),
        rows=rows,
        texts=4,
    )


TABLES = ("months", "days", "limits", "causes", "weeks", "late")


def table_of(council: CouncilTimeliness, key: str) -> Table:
    """Return one of TABLES."""
    return late_table(council) if key == "late" else figures_of(council)[key].table


def initial_in_words(council: CouncilTimeliness) -> list[dict[str, object]]:
    """Return the headline figures, each with its base and what to compare it with."""
    initial, everything, spread = council.initial, council.everything, council.spread
    england = ENGLAND[INITIAL]
    return [
        {
            "figure": _share(initial.percent) or "–",
            "of": "of initial conferences in time",
            "note": f"{initial.in_time:,} of {initial.whole:,} children. England {england.percent}% in {england.year}",
        },
        {
            "figure": f"Day {spread.median}" if spread.median is not None else "–",
            "of": f"of {spread.limit} is the usual day" if spread.limit else "is the usual day",
            "note": f"Half are held by then. England day {england.median_day}",
        },
        {
            "figure": _share(everything.percent) or "–",
            "of": "of all time limits kept",
            "note": f"{everything.in_time:,} of {everything.whole:,}",
        },
        {
            "figure": f"{council.late_count:,}",
            "of": "is late today" if council.late_count == 1 else "are late today",
            "note": "The longest late are below" if council.late_count else "Nothing is late",
            "late": bool(council.late_count),
        },
    ]
