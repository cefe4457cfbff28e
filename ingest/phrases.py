"""What a single line of a saved page is, where its words alone say so. Pure.

General phrases of news and blog pages, in English with a few of other languages;
no page's own sentences. `reason` names what a line is.
"""

from __future__ import annotations

import re
from functools import lru_cache

_FLAGS = re.IGNORECASE


def any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), _FLAGS)


class Phrases:
    """Patterns in two parts, since most lines hold neither: those that begin a line,
    and those that may stand anywhere, tried only where one of `keys` does."""

    def __init__(self, *patterns: str, keys: str = "") -> None:
        at_start = [pattern for pattern in patterns if pattern.startswith("^")]
        anywhere = [pattern for pattern in patterns if not pattern.startswith("^")]
        self.at_start = any_of(*at_start) if at_start else None
        self.anywhere = any_of(*anywhere) if anywhere else None
        self.keys = tuple(keys.split(","))

    def found(self, text: str) -> bool:
        if self.at_start is not None and self.at_start.match(text):
            return True
        return self.anywhere is not None and self.stands_in(text, text.lower())

    def stands_in(self, text: str, folded: str) -> bool:
        if self.anywhere is None:
            return False
        for key in self.keys:  # a loop: any() with a generator takes twice the time
            if key in folded:
                return self.anywhere.search(text) is not None
        return False


# Lines of any length that are never a sentence of the story.
ANY_LENGTH = (
    (
        "advertisement",
        Phrases(
            r"^(?:story|article|text) continues (?:below|after)\b",
            r"^(?:advertisement|advertising|sponsored(?: content)?|promoted|publicidad|werbung"
            r"|anzeige|publicité)\W*$",
            r"^(?:continue|keep|scroll) (?:reading|down)\b.{0,40}$",
        ),
    ),
    (
        "player",
        Phrases(
            r"^(?:click|tap|press) to (?:play|watch|listen|unmute|expand|enlarge)\b",
            r"^(?:watch|video|listen|audio)\s?(?::|\||–|—)\s",
            r"\bthis (?:video|audio|content) (?:is not|isn.?t|cannot be) (?:available|played"
            r"|displayed)\b",
            r"^\d{1,2}:\d\d(?::\d\d)?(?:\s?/\s?\d{1,2}:\d\d(?::\d\d)?)?$",
            r"^(?:video player is loading|play(?: video| audio)?|(?:un)?mute|pause|fullscreen"
            r"|playback rate|captions?(?: off)?|subtitles?(?: off)?|chapters|descriptions(?: off)?"
            r"|stream type\b.{0,8}|seek to live\b.{0,30}|now playing|picture-in-picture"
            r"|(?:current|remaining) time\b.{0,12}|duration\b.{0,12}|loaded\s?:.{0,12}"
            r"|(?:beginning|end) of dialog window\b.{0,80}|this is a modal window\b.{0,60})\W*$",
            keys="this video,this audio,this content",
        ),
    ),
    (
        "related stories",
        Phrases(
            r"^(?:older|newer)(?: posts?)?\s*:\s",
            r"^(?:see also|read (?:also|more|next)|also read|related|more|recommended"
            r"|don.?t miss|up next"
            r"|mehr zum thema|lesen sie auch|à lire aussi|lire aussi|lea también"
            r"|leggi anche)\s*(?::|»|>|\u2192|–|-|\s{2})",
            r"^(?:see also|also read|read also|don.?t miss|lesen sie auch|lire aussi)\b",
            r"^(?:previous|next) (?:article|post|story)\b",
            r"^(?:read|view|see) (?:the )?(?:full|whole|entire|original|complete) (?:story|article"
            r"|report|post|text)\b.{0,40}$",
        ),
    ),
    (
        "caption",
        Phrases(
            r"^(?:a|the|this|an?) (?:undated |file )?(?:photo|photograph|picture|image)"
            r"\b.{0,160}\([^()]{3,60}\)\W*$",
            r"\([^()]{0,60}\b(?:pool|handout|archive|file photo|courtesy of [^()]+)\)\W*$",
            r"\((?:AP|AFP|Reuters|Getty|EPA|Photo|Image|Credit|Courtesy|Copyright"
            r"|©)[^()]{0,90}\)\W*$",
            r"\((?:[^()]{0,60}/)?(?:AP|AFP|Reuters|Getty(?: Images)?|EPA"
            r"|Shutterstock)(?:/[^()]{0,60}|[^()]{0,20})\)\W*$",
            r"^(?:file|photo|image|picture|illustration|credit|photograph|foto"
            r"|bild)s?\s*(?:[:–—]|by\b|credit\b|courtesy\b|-\s)",
            r"^.{0,160}(?:/|\bvia )(?:AP|AFP|Reuters|Getty Images|EPA|Shutterstock|iStock)\W*$",
            r"^(?:image|photo|enlarge)? ?(?:source|caption|copyright|credit), ",
            keys="(",
        ),
    ),
    (
        "image",
        Phrases(
            r"^(?:image|images|photo|picture|logo|icon|avatar|thumbnail)(?: (?:image|photo|logo"
            r"|icon))*$",
            r"^\S+\.(?:jpe?g|png|gif|webp|svg|mp4|avif)(?:\?\S*)?$",
            r"^!\[[^\]]*\]\([^)]*\)$",
        ),
    ),
    ("link", Phrases(r"^(?:https?://|www\.)\S+$")),
    (
        "newsletter",
        Phrases(
            r"^get (?:the|our) .{0,40}\b(?:news)?letter\b.{0,60}\bsign (?:me )?up\W*$",
            r"^get (?:the|our) .{0,40}\bletter:",
            r"\bsubscribe to (?:this|our|the)\b.{0,40}\b(?:blog|feed|newsletter|channel|podcast)\b",
            r"\b(?:delivered|sent|straight|directly|right) (?:straight |directly |right )?(?:to"
            r"|into) your (?:inbox|e-?mail)\b",
            r"\b(?:sign up|subscribe|register) (?:for|to|here|now|today)\b.{0,80}\b(?:newsletter"
            r"|alerts?|updates|e-?mails?|briefing|channel|podcast)\b",
            r"\b(?:our|free|daily|weekly|morning|evening) newsletters?\b.{0,60}$",
            r"^(?:enter |type )?your e-?mail(?: address)?\W*$|^e-?mail address\W*$",
            r"^(?:subscribe|sign up|sign in|log in|log ?out|register|subscribe now"
            r"|join now)\b.{0,40}$",
            r"^get (?:the|our|your|all|day|daily|more|breaking|latest)\b.{0,60}\bnews(?:letter)?\b",
            r"\bby (?:signing up|subscribing|providing your e-?mail|clicking"
            r"|submitting)\b.{0,80}\b(?:agree|consent|terms|policy)\b",
            keys="subscribe to,your inbox,your e,newsletter,alert,"
            "update,mail,briefing,channel,podcast"
            ",by ",
        ),
    ),
    (
        "share buttons",
        Phrases(
            r"^share(?: (?:this|on|via|with)\b.{0,60}|)\W*$",
            r"^(?:follow|like|find|join) us\b.{0,60}$",
            r"^(?:(?:facebook|twitter|x|e-?mail|whatsapp|linkedin|reddit|pinterest|telegram"
            r"|instagram|youtube|tiktok|flipboard"
            r"|copy link|print|share|tweet|pin|save|threads|bluesky|messenger|sms|rss"
            r"|comments?|likes?|repost|upvote)\W*)+$",
            r"^(?:share|tweet|print|copy link|link copied|save)\W*$",
        ),
    ),
    (
        "paywall",
        Phrases(
            r"^(?:do you )?(?:like|liked|enjoy) what you(?:.re| are)? (?:read|reading|see)\b"
            r".{0,160}$",
            r"\b\d+ (?:of|out of) (?:your )?\d+ free (?:articles?|stor(?:y|ies))\b",
            r"\bfree (?:articles?|stor(?:y|ies)) (?:left|remaining|this (?:week|month))\b",
            r"^(?:this (?:article|story|content) is|continue reading) (?:only )?(?:for|with)"
            r" (?:our )?(?:subscribers?|members?|a subscription)\b",
            keys="free ",
        ),
    ),
    (
        "about the author",
        Phrases(
            r"^(?-i:[A-Z][\w’'.-]+(?: [A-Z][\w’'.-]+){1,3}) (?:writes (?:about|on|for)|reports on"
            r"|covers|is an? (?:\w+ ){0,3}(?:reporter|writer|correspondent|columnist|journalist))"
            r"\b.{0,160}$",
        ),
    ),
    (
        "cookie notice",
        Phrases(
            r"\b(?:we|site|website|page) (?:and our partners )?uses? cookies\b",
            r"^accept (?:all )?cookies\b",
            r"\bcookie (?:policy|settings|preferences|consent)\b.{0,60}$",
            keys="cookie",
        ),
    ),
    (
        "comment form",
        Phrases(
            r"^comments (?:are|have been) (?:closed|disabled|turned off)\b",
            r"^leave a (?:comment|reply)\b",
            r"\bcancel reply\b",
            r"^your e-?mail address will not be published",
            r"\brequired fields are marked\b",
            r"^(?:no|be the first to|\d+|add a?|post a?|view|show|join the) comments?\b.{0,30}$",
            r"^no comments yet\b",
            r"\bsave my name, e-?mail\b",
            r"^(?:log in|sign in) to (?:comment|reply|leave)\b",
            r"^(?:reply|report|upvote|downvote)$",
            keys="cancel reply,required fields,save my name",
        ),
    ),
    (
        "rating",
        Phrases(
            r"^how useful was this\b",
            r"^click on a star\b",
            r"^average rating\b",
            r"^no votes so far\b",
            r"\bvote count\b",
            r"^was this (?:article|page|story|post) (?:helpful|useful|interesting)\b",
            keys="vote count",
        ),
    ),
    (
        "copyright",
        Phrases(
            r"^(?:©|\(c\)|copyright)\s?.{0,140}$",
            r"^.{0,100}\ball rights reserved\W*$",
            r"\bmay not be (?:published|reproduced|reprinted|redistributed)\b.{0,80}$",
            keys="may not be",
        ),
    ),
    (
        "tags",
        Phrases(
            r"^(?:tagged|tags?|filed under|topics?|keywords|categor(?:y|ies)|schlagwörter"
            r"|étiquettes|etiquetas)\s*:",
            r"^(?:#\w+[\s,]*){2,}$",
        ),
    ),
    (
        "provenance",
        Phrases(
            r"^this (?:article|story|post|piece|report) (?:was |is |has been )?(?:originally "
            r"|first )?(?:published|appeared|posted)\b.{0,200}$",
            r"^(?:originally|first) (?:published|appeared) (?:on|in|at|by)\b.{0,160}$",
            r"^the post .{0,200} appeared first on\b",
        ),
    ),
    (
        "dates",
        Phrases(
            r"^(?:last )?(?:updated|modified|published|posted|created|aktualisiert"
            r"|veröffentlicht|mis à jour|publié|actualizado|publicado)"
            r"(?: (?:on|at|am|le|el))?\s*:?\s.{0,60}\d.{0,40}$",
            r"^\D{0,40}?(?:an?|one|two|three|few|\d+)\s?(?:seconds?|secs?|minutes?|mins?|hours?"
            r"|hrs?|days?|weeks?|months?|years?) ago\W*$",
            r"^\d+ ?min(?:ute)?s? (?:read|listen)\W*$",
            r"^(?:reading|read) time\b.{0,30}$",
        ),
    ),
    (
        "app or shop promotion",
        Phrases(
            r"\bdownload\b.{0,30}\bapp\b",
            r"^get started\b.{0,40}$",
            r"\b(?:app store|google play|play-?store)\b.{0,60}$",
            r"^try our\b.{0,40}$",
            r"^explore what\b.{0,60}$",
            r"^(?:shop|buy) now\b",
            keys="download,store,google play",
        ),
    ),
    (
        "site links",
        Phrases(
            r"^[^.!?>›|]{1,40}\s[>›]\s[^.!?>›|]{1,40}$",
            r"^(?:skip to (?:main )?content|menu|search|close|open menu|toggle navigation|home"
            r"|contact(?: us)?|about(?: us)?"
            r"|privacy(?: policy| notice)?|terms(?: of (?:use|service))?(?: (?:&"
            r"|and) conditions)?|terms & conditions|dmca"
            r"|advertise(?: with us)?|sitemap|careers|imprint|impressum|datenschutz|help|faq"
            r"|more|load more|show more|view all"
            r"|see all|back to top|font resizer\w*|font ?size|listen|dark mode|a\+|aa"
            r"|lost your password\??|welcome back!?"
            r"|sign in to your account|forgot password\??|no thanks|got it|ok|accept|decline"
            r"|loading\W*|please wait\W*)$",
            r"^[^.!?>›]{1,60}(?:\s[>›»]\s[^.!?>›]{1,160}){2,}$",
        ),
    ),
)


def reason(text: str) -> str:
    """Why a line is no part of a story, from its own words; "" where they don't say."""
    match = _starts().match(text)
    if match and match.lastgroup:
        return ANY_LENGTH[int(match.lastgroup[1:])][0]
    folded = text.lower()
    for name, phrases in ANY_LENGTH:
        if phrases.anywhere is not None and phrases.stands_in(text, folded):
            return name
    return ""


@lru_cache(maxsize=1)
def _starts() -> re.Pattern[str]:
    """All patterns that begin a line in one: a line is matched once."""
    parts = [
        f"(?P<n{number}>{phrases.at_start.pattern})"
        for number, (_, phrases) in enumerate(ANY_LENGTH)
        if phrases.at_start is not None
    ]
    return re.compile("|".join(parts), _FLAGS)
