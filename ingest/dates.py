"""Dates as pages write them → ISO 8601. Pure; knows no clock and no file time.

A date counts only with its year. Relative dates resolve against a date that the
page itself gives.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

_NAMES = (  # English, German, French, Spanish, Italian, Portuguese, Dutch; Scandinavian,
    # Polish, Czech, Romanian, Hungarian, Turkish, Finnish; Russian, Ukrainian; Greek
    "january jan januar januari janvier enero gennaio janeiro jänner stycznia styczeń ledna"
    " leden ianuarie január ocak tammikuuta января январь янв січня січень ιανουαρίου ιαν",
    "february feb februar februari februarie februára février fevrier febrero febbraio fevereiro"
    " lutego luty února únor február şubat helmikuuta февраля февраль фев лютого лютий"
    " φεβρουαρίου φεβ",
    "march mar märz maerz mars marts marzo março maart marca marzec března březen martie március"
    " mart maaliskuuta марта март мар березня березень μαρτίου μαρ",
    "april apr avril abril aprile kwietnia kwiecień dubna duben aprilie április nisan huhtikuuta"
    " апреля апрель апр квітня квітень απριλίου απρ",
    "may mai maj mayo maggio maio mei maja května květen május mayıs toukokuuta мая май травня"
    " травень μαΐου μαϊου μαΐ",
    "june jun juni juin junio giugno junho czerwca czerwiec června červen iunie június haziran"
    " kesäkuuta июня июнь июн червня червень ιουνίου ιουν",
    "july jul juli juillet julio luglio julho lipca lipiec července červenec iulie július temmuz"
    " heinäkuuta июля июль июл липня липень ιουλίου ιουλ",
    "august aug august août aout agosto augustus augusti sierpnia sierpień srpna srpen augusztus"
    " ağustos elokuuta августа август авг серпня серпень αυγούστου αυγ",
    "september sep sept septembre septiembre settembre setembro września wrzesień září"
    " septembrie szeptember eylül syyskuuta сентября сентябрь сен сент вересня вересень"
    " σεπτεμβρίου σεπ",
    "october oct oktober okt octobre octubre ottobre outubro października październik října"
    " říjen octombrie október ekim lokakuuta октября октябрь окт жовтня жовтень οκτωβρίου οκτ",
    "november nov novembre noviembre novembro listopada listopad listopadu noiembrie kasım"
    " marraskuuta ноября ноябрь ноя листопада листопад νοεμβρίου νοε",
    "december dec dezember dez décembre decembre diciembre dicembre dezembro desember grudnia"
    " grudzień prosince prosinec decembrie aralık joulukuuta декабря декабрь дек грудня грудень"
    " δεκεμβρίου δεκ",
)
_OTHER_NAMES = (  # Arabic, Hebrew, Hindi
    "يناير كانون_الثاني ינואר जनवरी",
    "فبراير شباط פברואר फरवरी फ़रवरी",
    "مارس آذار מרץ मार्च",
    "أبريل إبريل نيسان אפריל अप्रैल",
    "مايو أيار מאי मई",
    "يونيو حزيران יוני जून",
    "يوليو تموز יולי जुलाई",
    "أغسطس آب אוגוסט अगस्त",
    "سبتمبر أيلول ספטמבר सितंबर सितम्बर",
    "أكتوبر تشرين_الأول אוקטובר अक्टूबर अक्तूबर",
    "نوفمبر تشرين_الثاني נובמבר नवंबर नवम्बर",
    "ديسمبر كانون_الأول דצמבר दिसंबर दिसम्बर",
)
MONTHS = {
    name.replace("_", " "): number
    for table in (_NAMES, _OTHER_NAMES)
    for number, names in enumerate(table, 1)
    for name in names.split()
}
_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")(?![^\W\d_])\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)" + _YEAR + r"[-/.](?P<number>0?[1-9]|1[0-2])[-/.](?P<day>[0-2]?\d|3[01])(?!\d)",
        r"(?<![^\W\d_])" + _MONTH + r"\s+(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?:,\s*|\s+)" + _YEAR,
        r"(?<!\d)(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|\.|º)?[\s-]+(?:of\s+|de\s+|ב)?"
        + _MONTH
        + r"[,\s-]+(?:del?\s+)?"
        + _YEAR,
        r"(?<!\d)" + _YEAR + r"[年년]\s?(?P<number>0?[1-9]|1[0-2])[月월]\s?(?P<day>[0-3]?\d)[日일]",
        r"(?<!\d)" + _YEAR + r"\. (?P<number>0?[1-9]|1[0-2])\. (?P<day>[0-3]?\d)(?!\d)",
        r"(?<!\d)" + _YEAR + r"\.? " + _MONTH + r" (?P<day>[0-3]?\d)(?!\d)",
        r"(?<!\d)(?P<day>[0-3]?\d) tháng (?P<number>0?[1-9]|1[0-2]),? (?:năm )?" + _YEAR,
        r"(?<!\d)(?P<day>[0-3]?\d)\.(?P<number>0?[1-9]|1[0-2])\." + _YEAR,
        # With slashes the order is the country's: only a day above 12, or both equal, says which.
        r"(?<![\d/-])(?P<day>1[3-9]|2\d|3[01])[/-](?P<number>0?[1-9]|1[0-2])[/-]" + _YEAR,
        r"(?<![\d/-])(?P<number>0?[1-9]|1[0-2])[/-](?P<day>1[3-9]|2\d|3[01])[/-]" + _YEAR,
        r"(?<![\d/-])(?P<number>0?[1-9]|1[0-2])[/-](?P<day>0?[1-9]|1[0-2])[/-]" + _YEAR,
    )
)
_EITHER_ORDER = len(_PATTERNS) - 1
_RELATIVE = re.compile(
    r"(?P<count>an?|one|\d+)\s?(?P<unit>second|sec|minute|min|hour|hr|day|week)s? ago",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)")
_NAMED_MONTH = re.compile(r"(?<!\d)(?<!\d-)((?:19|20)\d\d)[-_](0[1-9]|1[0-2])(?![\d])")
_HAS_YEAR = re.compile(r"(?:19|20)\d\d")
_CLOCK_US = re.compile(r"\b(?:EST|EDT|CST|CDT|MST|MDT|PST|PDT|ET|PT)\b")
_DAY_WORDS = re.compile(
    r"^\W*(?:(?P<today>today|heute|aujourd.hui|hoy|oggi|hoje|сегодня|сьогодні|just now)"
    r"|(?P<yesterday>yesterday|gestern|hier|ayer|ieri|ontem|вчера|вчора))\b",
    re.IGNORECASE,
)
_LABELS = (
    r"(?:(?P<published>published|posted|created|date|veröffentlicht|erschienen"
    r"|publié|publicado|pubblicato|опубликовано|опубліковано)"
    r"|(?P<updated>(?:last )?(?:updated|modified)|aktualisiert|stand|mis à jour|actualizado"
    r"|обновлено|оновлено))\b"
)
LABEL_CHARS = 25  # between the word and the date: a weekday, "on"
_ANY_LABEL = re.compile(_LABELS, re.IGNORECASE)
_LABEL = re.compile(r"^\W*(?:first |originally )?" + _LABELS, re.IGNORECASE)
_DATELINE = re.compile(r"^[^a-z]{0,3}[A-Z][\w .,/'’-]{1,40}?[,(–—-]\s*$")


def find(text: str, month_first: bool = False) -> tuple[str, int] | None:
    """The first full date in `text` as (ISO date, its offset). 07/09/2025 is one only
    where its order is known: `month_first`, or an American time of day beside it."""
    found = span(text, month_first)
    return found[:2] if found else None


@lru_cache(maxsize=4096)
def span(text: str, month_first: bool = False) -> tuple[str, int, int] | None:
    """The same as (ISO date, where it starts, where it ends)."""
    if not _HAS_YEAR.search(text):
        return None
    best: tuple[str, int, int] | None = None
    for number, pattern in enumerate(_PATTERNS):
        for match in pattern.finditer(text):
            unsure = number == _EITHER_ORDER and int(match["number"]) != int(match["day"])
            if unsure and not month_first and not _CLOCK_US.search(text):
                continue
            iso = _iso(match)
            if iso and (best is None or match.start() < best[1]):
                best = (iso, match.start(), match.end())
                break
    return best


def of_file_name(name: str) -> str | None:
    """The date in a file's name: 2025-07-12, 12.07.2025, 20250712, or only 2025-07."""
    found = find(name.replace("_", "-"))
    if found:
        return found[0]
    compact = _COMPACT.search(name)
    if compact and (iso := _day(*(int(part) for part in compact.groups()))):
        return iso
    month = _NAMED_MONTH.search(name)
    return f"{month[1]}-{month[2]}" if month else None


def labelled(text: str) -> tuple[str, str] | None:
    """("published" or "updated", ISO date) of a line that says which date it is; the
    published one where it gives both."""
    if len(text) >= 160 or not _HAS_YEAR.search(text) or not _LABEL.match(text):
        return None
    given: dict[str, str] = {}
    marks = list(_ANY_LABEL.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    for mark, end in zip(marks, ends, strict=True):
        found = find(text[mark.end() : end])
        if found and found[1] <= LABEL_CHARS:
            given.setdefault("published" if mark["published"] else "updated", found[0])
    return next(((key, given[key]) for key in ("published", "updated") if key in given), None)


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
    found = find(text) if len(text) <= 60 else None
    if found is None:
        return None
    rest = re.sub(r"\d+|\W+", " ", text.casefold()).split()
    return found[0] if len([word for word in rest if word not in MONTHS]) <= 4 else None


def relative(text: str, base: str | None) -> str | None:
    """ "2 days ago" on a page that gives the date `base`; None without one."""
    if base is None or len(base) != 10:
        return None
    match = _RELATIVE.search(text)
    if match is None:
        word = _DAY_WORDS.match(text)
        back = timedelta(days=bool(word and word["yesterday"]))
        return (date.fromisoformat(base) - back).isoformat() if word else None
    count = int(match["count"]) if match["count"].isdigit() else 1
    unit = match["unit"].lower()
    days = {"day": count, "week": 7 * count}.get(unit, 0)
    if unit in ("hour", "hr") and count >= 24:
        days = count // 24
    return (date.fromisoformat(base) - timedelta(days=min(days, 3660))).isoformat()


def is_day_word(text: str) -> bool:
    """Whether a short line says "today" or "yesterday" and little more."""
    return len(text) <= 30 and _DAY_WORDS.match(text) is not None


def _iso(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    named = parts.get("number") or MONTHS.get(parts["month"].lower(), 0)  # "ſept" folds, too
    return _day(int(parts["year"]), int(named), int(parts["day"]))


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
