"""Lines of one story's stretch of a page → which belong to the story. Pure.

Takes `ingest.lines.Line`s; gives one label per line: "" for the story's text, else a
short reason. First the rules: what the line's own words say (`ingest.phrases`,
`ingest.zones`), how long and well ended it is, what stands around it. Then, on saved
pages, `ingest.refining` corrects them.

Text that shows no sign of a saved page (notes, letters, verse) is kept whole but
for lines that say themselves what they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ingest import credit_lines, refining, resuming, zones
from ingest.lines import Line, fold

SHORT_WORDS = 14  # a subheading has no more
PITCH_WORDS = 60
TAIL_WORDS = 40
FRONT_PAGE_LINES = 12  # so many lines without one paragraph are no short story
# What a site says of itself however long: no extractor's choice makes it the story's.
SITE_WORDS = frozenset(
    "share buttons|newsletter|paywall|caption|copyright|provenance|comment form|related stories"
    "|about the author|app or shop promotion".split("|")
)
AD_WORDS = 12
AD_SHARED = 0.35  # of its longer words, those that the page also has elsewhere


def label(lines: Sequence[Line], title: str, saved_page: bool) -> list[str]:
    """One label per line. `saved_page`: the file shows signs of a page's furniture;
    there the rules and the line model decide together."""
    labels = rules(lines, title, saved_page)
    if saved_page:
        labels = refining.refine(lines, labels, title)
    _bylines(lines, labels)
    return labels


def rules(lines: Sequence[Line], title: str, saved_page: bool) -> list[str]:
    """One label per line, by rules alone."""
    labels = [line.own_words for line in lines]
    _captions_of_players(lines, labels)
    _advertised(lines, labels)
    _beside(lines, labels)
    _pitches(lines, labels)
    _titles(lines, labels, title)
    if not saved_page:
        return labels
    _footers(lines, labels)
    _edges(lines, labels)
    _middle(lines, labels)
    _repeated(lines, labels)
    return labels


def confirm(lines: Sequence[Line], chosen: Sequence[bool], title: str) -> list[str]:
    """Labels where the format's own extractor chose: its lines stay, but for the
    headline and lines that say themselves what they are, and as the model corrects it."""
    labels = [
        (line.own_words if not line.body or line.own_words in SITE_WORDS else "")
        if taken
        else line.own_words or "not the article"
        for line, taken in zip(lines, chosen, strict=True)
    ]
    _advertised(lines, labels)
    labels = refining.correct(lines, labels, rules(lines, title, saved_page=True), title)
    _titles(lines, labels, title)
    _bylines(lines, labels)
    return labels


def without_tail(lines: Sequence[Line], labels: list[str]) -> list[str]:
    """On a page that embeds several stories, the last is followed by the site's own
    words: short lines in a row, then at most one short paragraph."""
    kept = [n for n, why in enumerate(labels) if not why]
    texts = [n for n in kept if lines[n].body]
    if len(texts) < 2 or lines[texts[-1]].words > TAIL_WORDS:
        return labels
    first = texts[-1]
    while first > 0 and not labels[first - 1] and _unended(lines[first - 1]):
        first -= 1
    if texts[-1] - first < 2:
        return labels
    return [why or ("site's own words" if n >= first else "") for n, why in enumerate(labels)]


def _unended(line: Line) -> bool:
    return not line.body and not line.sentence


def is_saved_page(lines: Sequence[Line]) -> bool:
    """Two lines that only a page's furniture has, or a menu at its start."""
    signs = sum(1 for line in lines if line.own_words not in ("", "tags", "dates", "link"))
    first_body = next((n for n, line in enumerate(lines) if line.body), len(lines))
    tiny = sum(line.words <= 3 for line in lines[:first_body])
    return (
        bool(lines)
        and any(line.body for line in lines)
        and (signs >= 2 or tiny >= 6 or (signs >= 1 and len(lines) > 4))
    )


def _captions_of_players(lines: Sequence[Line], labels: list[str]) -> None:
    """The line after a player names the film again, often in other words."""
    for index in range(1, len(lines)):
        if labels[index] or labels[index - 1] != "player":
            continue
        words, before = set(fold(lines[index].text).split()), fold(lines[index - 1].text).split()
        shared = len(words & set(before)) / max(1, len(words))
        if shared >= 0.5 and lines[index].words <= len(before) + 5:
            labels[index] = "caption"


def _advertised(lines: Sequence[Line], labels: list[str]) -> None:
    """A short line below "Advertisement" that speaks of nothing else on the page."""
    below = [
        n + 1
        for n, why in enumerate(labels[:-1])
        if why == "advertisement"
        and lines[n].words < 3
        and not labels[n + 1]
        and lines[n + 1].words <= AD_WORDS
    ]
    asked = {word for n in below for word in resuming.long_words(lines[n].text)}
    told: Counter[str] = Counter()  # in how many lines each of them stands
    for line in lines if asked else ():
        told.update(asked.intersection(fold(line.text).split()))
    for n in below:
        words = resuming.long_words(lines[n].text)
        shared = sum(told[word] > 1 for word in words) / max(1, len(words))
        told_of = lines[n].sentence and zones.TELLS_ON.search(lines[n].text)
        if words and not told_of and shared <= AD_SHARED:
            labels[n] = "advertisement"


def _beside(lines: Sequence[Line], labels: list[str]) -> None:
    """A short unfinished line between two of one kind is of that kind."""
    kinds = ("newsletter", "share buttons", "comment form", "rating", "cookie notice")
    for index in range(1, len(lines) - 1):
        same = labels[index - 1] == labels[index + 1] and labels[index - 1] in kinds
        if not labels[index] and same and not lines[index].body:
            labels[index] = labels[index - 1]


def _pitches(lines: Sequence[Line], labels: list[str]) -> None:
    """A site asking for support: from its opening while it goes on about itself."""
    pitching = False
    bodies = (n for n in reversed(range(len(lines))) if lines[n].body and not labels[n])
    last_body = next((n for n in bodies if not _about_itself(lines[n])), 0)
    for index, line in enumerate(lines):
        quoted = line.text.startswith(("“", '"', "«", "„"))
        if not labels[index] and not quoted and line.words <= PITCH_WORDS:
            opens = zones.PITCH_OPENS.found(line.text)
            talks = (opens or pitching) and zones.PITCH_TALK.found(line.text)
            own_voice = opens and (talks or index > last_body)
            if own_voice or (pitching and (talks or opens)):
                labels[index] = "pitch"
        pitching = labels[index] == "pitch"


def _about_itself(line: Line) -> bool:
    return zones.PITCH_OPENS.found(line.text) or zones.PITCH_TALK.found(line.text)


def _titles(lines: Sequence[Line], labels: list[str], title: str) -> None:
    """The headline stands in the record, not in the text; so do its copies."""
    wanted = fold(title)
    if not wanted:
        return
    seen = False
    for index, line in enumerate(lines):
        folded = fold(line.text)
        if folded == wanted or (wanted in folded and line.words <= len(wanted.split()) + 4):
            labels[index] = "repeated title" if seen else "title"
            seen = True


def _bylines(lines: Sequence[Line], labels: list[str]) -> None:
    """Who wrote it and when, above the text or under its summary: metadata reads it."""
    paragraphs = 0
    for index, line in enumerate(lines):
        if labels[index]:
            continue
        above = index > 0 and labels[index - 1] in ("byline", "title")
        if credit_lines.read(line.text) or (above and _names_a_credit(lines, index)):
            labels[index] = "byline"
        paragraphs += line.body
        if paragraphs > 1:
            return


def _names_a_credit(lines: Sequence[Line], index: int) -> bool:
    """Whether a bare name, or two, stand right above a credit."""
    while index + 1 < len(lines) and credit_lines.is_name(lines[index].text):
        index += 1
        if credit_lines.read(lines[index].text):
            return True
    return False


def _footers(lines: Sequence[Line], labels: list[str]) -> None:
    texts = [
        line.words if line.body and not why else 0 for line, why in zip(lines, labels, strict=True)
    ]
    words_before, words_after, texts_after = 0, sum(texts), sum(map(bool, texts))
    begun = False
    index = 0
    while index < len(lines):
        kind = resuming.opens_footer(lines[index]) if begun else ""
        begun = begun or texts[index] > 0
        words_after, texts_after = words_after - texts[index], texts_after - (texts[index] > 0)
        # A "footer" before most of the text is a share bar or a jump link above the story.
        above = kind == "strong" and words_after > 2 * words_before and texts_after >= 4
        if above and labels[index]:
            break
        if above or not kind:
            words_before += texts[index]
            index += 1
            continue
        end = resuming.resumes(lines, labels, index, kind == "strong")
        for inside in range(index, end):
            labels[inside] = labels[inside] or "related stories"
        words_after -= sum(texts[index + 1 : end])
        texts_after -= sum(map(bool, texts[index + 1 : end]))
        index = end


def _edges(lines: Sequence[Line], labels: list[str]) -> None:
    """Short lines before the first paragraph and after the last are the page's."""
    bodies = [n for n, line in enumerate(lines) if line.body and not labels[n]]
    if not bodies:
        _front_page(lines, labels)
        return
    first, last = bodies[0], bodies[-1]
    while first > 0 and not labels[first - 1] and _short_sentence(lines[first - 1]):
        first -= 1
    while last + 1 < len(lines) and not labels[last + 1] and _goes_on(lines, last):
        last += 1
    for index, line in enumerate(lines):
        if not labels[index] and (index < first or index > last):
            labels[index] = "menu" if line.bullet or line.words <= 4 else "teaser"


def _front_page(lines: Sequence[Line], labels: list[str]) -> None:
    """A page of links and teasers holds no story at all."""
    sentences = sum(_short_sentence(line) for line in lines)
    if len(lines) >= FRONT_PAGE_LINES and sentences < 0.2 * len(lines):
        for index, line in enumerate(lines):
            labels[index] = labels[index] or ("menu" if line.words <= 4 else "teaser")


def _short_sentence(line: Line) -> bool:
    return line.sentence and line.words >= 4 and not line.cut_off and not line.bullet


def _goes_on(lines: Sequence[Line], last: int) -> bool:
    """Whether the line after `last` still is the story: a sentence, or its list."""
    line = lines[last + 1]
    if line.bullet:
        return lines[last].bullet or lines[last].text.endswith(":")
    return _short_sentence(line)


def _middle(lines: Sequence[Line], labels: list[str]) -> None:
    """Between paragraphs: subheadings, lists and short sentences stay, clusters go."""
    index = 0
    while index < len(lines):
        if labels[index] or lines[index].body:
            index += 1
            continue
        end = index
        while end < len(lines) and not lines[end].body and not labels[end]:
            end += 1
        _judge_cluster(lines, labels, index, end)
        index = end


def _judge_cluster(lines: Sequence[Line], labels: list[str], start: int, end: int) -> None:
    rest = [n for n in range(start, end) if not _short_sentence(lines[n])]
    bullets = [n for n in rest if lines[n].bullet]
    plain = [n for n in rest if not lines[n].bullet]
    words = sum(lines[n].words for n in bullets)
    led = start > 0 and (lines[start - 1].body or lines[start - 1].text.endswith(":"))
    if bullets and words < 2.5 * len(bullets) and not (led and lines[start - 1].sentence):
        for n in bullets:
            labels[n] = "menu"
    for n in plain:
        line = lines[n]
        if line.heading:
            continue
        if line.cut_off or line.words > SHORT_WORDS + 6:
            labels[n] = "teaser"
        elif len(plain) > 3 or (line.words == 1 and not line.gap):
            labels[n] = "menu" if line.words <= 4 else "teaser"


def _repeated(lines: Sequence[Line], labels: list[str]) -> None:
    """A short line that stands three times or more is the page's, not the story's."""
    counts = Counter(fold(line.text) for line in lines if not line.body)
    for index, line in enumerate(lines):
        if not labels[index] and not line.body and counts[fold(line.text)] >= 3:
            labels[index] = "repeated line"
