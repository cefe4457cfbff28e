"""Text → ISO 639-1 code by a vote of stop words and scripts; None when unsure. Pure."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

_STOP_WORDS = {
    "en": (
        "the of and to in that is was for on with as it at by from his her they this "
        "have had not are but be"
    ),
    "de": (
        "der die und das ist nicht mit den von zu im auf für ein eine dem des sich auch "
        "wird als nach bei dass aus haben hat am soll sagte nachdem wurde bis oder"
    ),
    "fr": (
        "le la les des et est une dans pour que qui sur pas au avec ce il elle du par "
        "plus sont ne cette ont"
    ),
    "es": (
        "el la los las que y en una por con para del se su es al lo como más pero fue ha "
        "han sus este"
    ),
    "it": (
        "il la che di e in una per non con del della è sono si al dei gli le da anche "
        "nel ha più questo"
    ),
    "pt": "o a os as que e em uma por com para não do da dos das se é ao mais foi são na no pelo",
    "nl": (
        "de het een en van in is dat op te zijn met voor niet aan er ook als bij door "
        "maar werd hij naar uit"
    ),
    "sv": (
        "och att det som en på är av för med den till inte har om ett var jag från vid men så eller"
    ),
    "da": (
        "og at det som en på er af for med den til ikke har om et var jeg fra ved men så eller blev"
    ),
    "no": (
        "og at det som en på er av for med den til ikke har om et var jeg fra ved men så eller ble"
    ),
    "pl": (
        "i w na z się nie do to że jest o jak za po od przez są dla ale być tym oraz który ma już"
    ),
    "cs": "a v se na je že s z do to i o k pro za by ale jako po jsou od který bylo jeho podle",
    "tr": "ve bir bu da de için ile olarak çok daha gibi olan en ne var ama kadar sonra ise değil",
    "fi": "ja on ei se että oli hän ovat mutta kun niin myös mukaan sekä tai joka ole kuin vain",
    "hu": "a az és hogy nem is egy ez meg csak volt de már mint még el van azt ki ha után",
    "id": (
        "yang dan di dari untuk dengan pada ini itu tidak akan dalam adalah oleh para telah juga"
        " ke karena bahwa sebagai"
    ),
    "ca": (
        "el la els les que i en una per amb del als dels és ser va van més però aquest aquesta"
        " segons fins després no hi ha de"
    ),
    "hr": (
        "je i u na se da su za od s nije koji koja koje kako što biti bi ali ili nakon prema"
        " kao te zbog o iz a"
    ),
    "ro": "și în de la a cu pe nu că o un este din pentru care mai au fost sau ca prin",
}
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("am", re.compile("[\u1200-\u137f]")),
)
# A character that one of the patterns above or below may be about.
_NOT_LATIN = re.compile("[ăđơư\u0370-\u1fff\u3040-\ud7af]")
_LETTERS = re.compile(r"(?:[^\W\d_][\W\d_]*+){20}")
_UKRAINIAN = re.compile("[іїєґ]")
_SERBIAN = re.compile("[ђјљњћџ]")
_VIETNAMESE = re.compile("[ăđơư\u1ea0-\u1ef9]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_ARABIC = re.compile("[\u0600-\u06ff]")
SAMPLE_CHARS = 6_000
FEWEST_HITS = 5
LEAD = 1.25  # the first language must have so many times the hits of the second


def language(text: str) -> str | None:
    sample = text[:SAMPLE_CHARS].casefold()
    if not _NOT_LATIN.search(sample):  # spares most texts some twenty searches
        return _vote(sample) if _LETTERS.search(sample) else None
    letters = len(re.findall(r"[^\W\d_]", sample))
    if letters < 20:
        return None
    for code, pattern in _SCRIPTS:
        share = 0.05 if code == "ja" else 0.4
        if len(pattern.findall(sample)) > share * letters:
            return code
    if len(_CYRILLIC.findall(sample)) > 0.5 * letters:
        return _cyrillic(sample)
    if len(_ARABIC.findall(sample)) > 0.5 * letters:
        if re.search("[ٹڈڑےں]", sample):
            return "ur"
        return "fa" if re.search("[پچژگ]", sample) else "ar"
    if len(_VIETNAMESE.findall(sample)) > 0.05 * letters:
        return "vi"
    return _vote(sample)


def _cyrillic(sample: str) -> str | None:
    if len(_UKRAINIAN.findall(sample)) > 0.01 * len(sample):
        return "uk"
    if re.search("[ыэё]", sample):
        return "ru"
    if len(_SERBIAN.findall(sample)) > 0.01 * len(sample):
        return "sr"
    return "bg" if sample.count("ъ") > 0.005 * len(sample) else None


@lru_cache(maxsize=1)
def _sets() -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((code, frozenset(words.split())) for code, words in _STOP_WORDS.items())


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    """A word that few of the languages have says more."""
    shared = Counter(word for _, stops in _sets() for word in stops)
    return {word: 1 / count for word, count in shared.items()}


def _vote(sample: str) -> str | None:
    words = Counter(re.findall(r"[^\W\d_]+", sample))
    known = _weights()
    weights = {word: words[word] * known[word] for word in words.keys() & known.keys()}
    present = weights.keys()
    hits = sorted(
        ((sum([weights[word] for word in stops & present]), code) for code, stops in _sets()),
        reverse=True,
    )
    (most, first), (second, _) = hits[0], hits[1]
    total = sum(words.values())
    seen = sum(words[word] for word in dict(_sets())[first])
    if seen < FEWEST_HITS or seen < 0.1 * total or most < LEAD * second:
        return None
    return first
