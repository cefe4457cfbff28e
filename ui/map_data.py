"""A library's map and its counts → the data of the map page. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ui import words

if TYPE_CHECKING:
    from index.views.map import Map, Point
    from index.views.overview import Overview
    from ui.map_backend import Look

Data = dict[str, Any]

FEWEST_TO_DRAW = 3
COLOURED_OUTLETS = 8  # as many colours as desk/map.js has
MOST_MONTH_BARS = 120  # beyond ten years, bars are years
EDGE = 0.07  # of the picture, kept free around the points

MAKING = "The map of your articles is being drawn. That takes some seconds, once for each change."
NO_VECTORS = (
    "The map lays articles together that are told in like words. That takes the encoder, and"
    " none of these articles has been read with it. "
)
GET_ENCODER = (
    "Get it with: pip install -r requirements.txt. Start the app again, then press “Look for"
    " changes now” on the Library page. "
)
READ_AGAIN = "It is installed by now: press “Look for changes now” on the Library page. "
COUNTS_STAND = "The pictures below need no encoder."
TOO_FEW = "A map needs three articles or more."


def map_data(look: Look, drawn: Data | None, encoder_is_here: bool) -> Data:
    """What stands in the map's place; `drawn` is `points_data` of its map, made once."""
    data: Data = {"view": "map", "key": look.state, "state": "none", "message": ""}
    if drawn is not None:
        return data | drawn | {"state": "ready", "message": ""}
    if look.is_making:
        return data | {"state": "making", "message": MAKING}
    if look.trouble:
        return data | {"state": "trouble", "message": look.trouble}
    if look.map is not None and look.map.articles >= FEWEST_TO_DRAW and not look.map.points:
        step = READ_AGAIN if encoder_is_here else GET_ENCODER
        return data | {"message": NO_VECTORS + step + COUNTS_STAND}
    return data | {"message": TOO_FEW}


def is_drawn(found: Map | None) -> bool:
    return found is not None and len(found.points) >= FEWEST_TO_DRAW


def points_data(found: Map) -> Data:
    """All points, column by column; outlets, months and groups are numbers into their lists,
    -1 where an article has none."""
    points = found.points
    outlets = Counter(point.outlet for point in points if point.outlet)
    named = sorted(outlets.items(), key=lambda item: (-item[1], item[0]))
    months = sorted({_month(point) for point in points} - {""})
    outlet_number = {name: number for number, (name, _) in enumerate(named)}
    month_number = {month: number for number, month in enumerate(months)}
    beyond = len(points) - sum(count for _, count in named[:COLOURED_OUTLETS])
    undated = sum(not _month(point) for point in points)
    across = _spread([point.x for point in points])
    down = _spread([point.y for point in points])
    return {
        "words": _map_words(found),
        "points": {
            "x": across,
            "y": down,
            "group": [point.group for point in points],
            "outlet": [outlet_number.get(point.outlet or "", -1) for point in points],
            "month": [month_number.get(_month(point), -1) for point in points],
            "titles": [point.title or words.file_name(point.path) for point in points],
            "sources": [
                words.source_words(point.outlet, point.published, point.path) for point in points
            ],
        },
        "groups": _groups(found, across, down),
        "outlets": named[:COLOURED_OUTLETS],
        "other": f"other outlets, or unknown {beyond:,}" if beyond else "",
        "months": [words.date_words(month) for month in months],
        "undated": f"no month known {undated:,}" if undated else "",
    }


def pictures_data(found: Overview) -> Data:
    """Bars of time, outlets and languages, with what they leave out in words."""
    keys = _keys(found.months)
    months = _summed(keys, found.months, [count for _, count in found.months])
    notes = []
    if found.years_only:
        notes.append(f"{found.years_only:,} of which only the year is known")
    if found.undated:
        notes.append(f"{found.undated:,} without a date")
    left_out = ", ".join(notes)
    return {
        "view": "pictures",
        "words": words.count_words(found.articles, "article"),
        "time": _time(keys, [_time_row("", "", months)]) | {"note": left_out},
        "byOutlet": _time(keys, _outlet_rows(found, keys, months)) | {"note": left_out},
        "undated": "" if keys else left_out,
        "outlets": _rows(found.outlets, "no outlet known"),
        "languages": [
            row | {"label": words.language_words(row["value"]) if row["value"] else row["label"]}
            for row in _rows(found.languages, "language not known")
        ],
    }


def search_address(action: Data) -> dict[str, str]:
    """What was pressed in a picture → the search's address: month, or year, outlet, language."""
    time = str(action.get("time") or "")
    wanted = {"after": time, "before": time}
    wanted |= {name: str(action.get(name) or "") for name in ("outlet", "language")}
    return {name: value for name, value in wanted.items() if value}


def _map_words(found: Map) -> str:
    drawn = words.count_words(len(found.points), "article")
    if len(found.points) == found.articles:
        return drawn
    return f"{len(found.points):,} of {words.count_words(found.articles, 'article')}"


def _month(point: Point) -> str:
    """`2025-07`; "" where an article has none."""
    return point.published[:7] if point.published and len(point.published) >= 7 else ""


def _spread(values: Sequence[float]) -> list[float]:
    """From edge to edge of the picture. What lies beside what has a meaning, how wide a gap is
    has little: half of each place is its rank, so that groups far apart leave no empty sheet."""
    low, width = min(values), max(max(values) - min(values), 1e-9)
    last = max(len(values) - 1, 1)
    order = sorted(range(len(values)), key=lambda at: values[at])
    rank = {at: place / last for place, at in enumerate(order)}
    shares = [((value - low) / width + rank[at]) / 2 for at, value in enumerate(values)]
    return [round(EDGE + (1 - 2 * EDGE) * share, 4) for share in shares]


def _groups(found: Map, across: Sequence[float], down: Sequence[float]) -> list[Data]:
    groups = []
    for number, name in enumerate(found.names):
        members = [at for at, point in enumerate(found.points) if point.group == number]
        groups.append(
            {
                "name": ", ".join(name),
                "count": len(members),
                "x": _median([across[at] for at in members]),
                "y": _median([down[at] for at in members]),
                "top": min((down[at] for at in members), default=0.5),
            }
        )
    return groups


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.5


def _keys(months: Sequence[tuple[str, int]]) -> list[str]:
    """What a bar stands for: each month, or each year where there are many."""
    if len(months) <= MOST_MONTH_BARS:
        return [month for month, _ in months]
    return sorted({month[:4] for month, _ in months})


def _summed(
    keys: Sequence[str], months: Sequence[tuple[str, int]], counts: Sequence[int]
) -> list[int]:
    """The count of each bar, from those of the months."""
    sums: Counter[str] = Counter()
    for (month, _), count in zip(months, counts, strict=True):
        sums[month[: len(keys[0])]] += count
    return [sums[key] for key in keys]


def _time(keys: Sequence[str], rows: Sequence[Data]) -> Data:
    """Rows of bars over one time. `per`: "month" or "year"."""
    return {
        "per": "year" if keys and len(keys[0]) == 4 else "month",
        "keys": [[key, words.date_words(key)] for key in keys],
        "rows": list(rows),
    }


def _time_row(value: str | None, label: str, counts: Sequence[int]) -> Data:
    """`value`: the outlet that is searched for, "" for any; None: what no search can tell."""
    return {"value": value, "label": label, "counts": list(counts), "total": sum(counts)}


def _outlet_rows(found: Overview, keys: Sequence[str], months: Sequence[int]) -> list[Data]:
    """The largest outlets, then all others together, so that each column is its month's count;
    none where no outlet has a month."""
    rows = [
        _time_row(name, name, _summed(keys, found.months, counts))
        for name, counts in found.by_month
        if sum(counts)
    ]
    told = [sum(column) for column in zip(*(row["counts"] for row in rows), strict=True)]
    rest = [month - part for month, part in zip(months, told, strict=False)]
    if any(rest):
        rows.append(_time_row(None, "other outlets, or unknown", rest))
    return rows


def _rows(counts: Sequence[tuple[str | None, int]], unknown: str) -> list[Data]:
    return [
        {"value": name, "label": name or unknown, "count": count, "active": False}
        for name, count in counts
    ]
