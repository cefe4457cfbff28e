"""Dates as pages write them → ISO 8601. Pure; knows no clock and no file time.

A date counts only with its year. Relative dates resolve against a date that the
page itself gives.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

_NAMES = (  # English, German, French, Spanish, Italian, Portuguese, Dutch
    "january jan januar janvier enero gennaio janeiro januari",
    "february feb februar février fevrier febrero febbraio fevereiro februari",
    "march mar märz maerz mars marzo março maart",
    "april apr avril abril aprile",
    "may mai mayo maggio maio mei",
    "june jun juni juin junio giugno junho",
    "july jul juli juillet julio luglio julho",
    "august aug août aout agosto augustus",
    "september sep sept septembre septiembre settembre setembro",
    "october oct oktober okt octobre octubre ottobre outubro",
    "november nov novembre noviembre novembro",
    "december dec dezember dez décembre decembre diciembre dicembre dezembro",
)
MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)" + _YEAR + r"[-/.](?P<number>0?[1-9]|1[0-2])[-/.](?P<day>[0-2]?\d|3[01])(?!\d)",
        r"\b" + _MONTH + r"\s+(?P<day>[0-3]?\d)(?:st|nd|rd|th)?,?\s+" + _YEAR,
        r"(?<!\d)(?P<day>[0-3]?\d)(?:st|nd|rd|th|\.|º)?\s+(?:of\s+|de\s+)?"
        + _MONTH
        + r",?\s+(?:de\s+)?"
        + _YEAR,
        r"(?<!\d)" + _YEAR + r"年(?P<number>0?[1-9]|1[0-2])月(?P<day>[0-3]?\d)日",
        r"(?<!\d)(?P<day>[0-3]?\d)\.(?P<number>0?[1-9]|1[0-2])\." + _YEAR,
    )
)
_RELATIVE = re.compile(
    r"(?P<count>an?|one|\d+)\s?(?P<unit>second|sec|minute|min|hour|hr|day|week)s? ago",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\W*(?:first |originally )?(?:(?P<published>published|posted|created|date|veröffentlicht"
    r"|publié|publicado|pubblicato)"
    r"|(?P<updated>(?:last )?(?:updated|modified)|aktualisiert|mis à jour|actualizado))\b",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"^[^a-z]{0,3}[A-Z][\w .,/'’-]{1,40}?[,(–—-]\s*$")


def find(text: str) -> tuple[str, int] | None:
    """The first full date in `text` as (ISO date, its offset)."""
    best: tuple[str, int] | None = None
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            iso = _iso(match)
            if iso and (best is None or match.start() < best[1]):
                best = (iso, match.start())
                break
    return best


def labelled(text: str) -> tuple[str, str] | None:
    """("published" or "updated", ISO date) of a line that says which date it is."""
    match = _LABEL.match(text) if len(text) < 160 else None
    found = find(text) if match else None
    if match is None or found is None:
        return None
    return ("published" if match["published"] else "updated"), found[0]


def dateline(text: str) -> str | None:
    """The date of "CITY, July 9, 2025 (Agency) –" at the start of a paragraph."""
    found = find(text[:90])
    if found is None:
        return None
    before, after = text[: found[1]], text[found[1] : found[1] + 60]
    opens = _DATELINE.match(before) is not None
    closes = re.search(r"\d\s*(?:\([^)]{2,30}\))?\s*[–—-]|\(", after) is not None
    return found[0] if opens and closes else None


def alone(text: str) -> str | None:
    """The date of a line that is nothing else (weekday, time of day, icon words)."""
    found = find(text)
    if found is None or len(text) > 60:
        return None
    rest = re.sub(r"\d+|\W+", " ", text.casefold()).split()
    return found[0] if len([word for word in rest if word not in MONTHS]) <= 4 else None


def relative(text: str, base: str | None) -> str | None:
    """ "2 days ago" on a page that gives the date `base`; None without one."""
    match = _RELATIVE.search(text)
    if match is None or base is None or len(base) != 10:
        return None
    count = int(match["count"]) if match["count"].isdigit() else 1
    unit = match["unit"].lower()
    days = {"day": count, "week": 7 * count}.get(unit, 0)
    if unit in ("hour", "hr") and count >= 24:
        days = count // 24
    return (date.fromisoformat(base) - timedelta(days=min(days, 3660))).isoformat()


def _iso(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    month = int(parts["number"]) if parts.get("number") else MONTHS[parts["month"].lower()]
    try:
        return date(int(parts["year"]), month, int(parts["day"])).isoformat()
    except ValueError:
        return None
