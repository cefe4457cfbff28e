"""What a single line of a saved page is, where its words alone say so. Pure.

General phrases of news and blog pages, in English with a few of other languages;
no page's own sentences. `reason` names what a line is; `opens_footer` says that
what follows it belongs to other stories or to the site.
"""

from __future__ import annotations

import re

_FLAGS = re.IGNORECASE


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), _FLAGS)


class Phrases:
    """Patterns in two parts, since most lines hold neither: those that begin a line,
    and those that may stand anywhere, tried only where one of `keys` does."""

    def __init__(self, *patterns: str, keys: str = "") -> None:
        at_start = [pattern for pattern in patterns if pattern.startswith("^")]
        anywhere = [pattern for pattern in patterns if not pattern.startswith("^")]
        self.at_start = _any(*at_start) if at_start else None
        self.anywhere = _any(*anywhere) if anywhere else None
        self.keys = tuple(keys.split(","))

    def found(self, text: str, folded: str | None = None) -> bool:
        folded = text.lower() if folded is None else folded
        if self.at_start is not None and self.at_start.match(text):
            return True
        return (
            self.anywhere is not None
            and any(key in folded for key in self.keys)
            and self.anywhere.search(text) is not None
        )


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
            r"^\d{1,2}:\d\d(?::\d\d)?$",
            keys="this video,this audio,this content",
        ),
    ),
    (
        "related stories",
        Phrases(
            r"^(?:see also|read (?:also|more|next)|also read|related|more|recommended"
            r"|don.?t miss|up next"
            r"|mehr zum thema|lesen sie auch|à lire aussi|lire aussi|lea también"
            r"|leggi anche)\s*(?::|»|>|\u2192|–|-|\s{2})",
            r"^(?:see also|also read|read also|don.?t miss|lesen sie auch|lire aussi)\b",
            r"^(?:previous|next) (?:article|post|story)\b",
        ),
    ),
    (
        "caption",
        Phrases(
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
            r"\b(?:delivered|sent|straight|directly|right) (?:straight |directly |right )?(?:to"
            r"|into) your (?:inbox|e-?mail)\b",
            r"\b(?:sign up|subscribe|register) (?:for|to|here|now|today)\b.{0,80}\b(?:newsletter"
            r"|alerts?|updates|e-?mails?|briefing|channel|podcast)\b",
            r"\b(?:our|free|daily|weekly|morning|evening) newsletters?\b.{0,60}$",
            r"^(?:subscribe|sign up|sign in|log in|log ?out|register|subscribe now"
            r"|join now)\b.{0,40}$",
            r"^get (?:the|our|your|all|day|daily|more|breaking|latest)\b.{0,60}\bnews(?:letter)?\b",
            r"\bby (?:signing up|subscribing|providing your e-?mail|clicking"
            r"|submitting)\b.{0,80}\b(?:agree|consent|terms|policy)\b",
            keys="your inbox,your e,newsletter,alert,update,mail,briefing,channel,podcast,by ",
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
            r"|comments?)\W*)+$",
            r"^(?:share|tweet|print|copy link|link copied|save)\W*$",
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

# A short line that opens the part of a page which belongs to other stories or the site.
WEAK_FOOTER = _any(
    r"^(?:related|recommended|similar|more|latest|other|top|trending|popular|most (?:read"
    r"|popular|viewed)|editor.?s)"
    r" (?:articles?|posts?|stor(?:y|ies)|news|reading|content|topics|coverage|headlines"
    r"|categories|links|picks?|videos?|now|today)\W*$",
    r"^(?:more|latest|the latest|read more|news) (?:on|from|in|about|by) .{1,50}$",
    r"^(?:recommended(?: for you)?|trending(?: now)?|most read|most popular|read more|related"
    r"|read next|up next|what to read next"
    r"|comments?|discussion|mehr zum thema|das könnte sie auch interessieren|à lire aussi"
    r"|sur le même sujet|noticias relacionadas)\W*$",
    r"^(?:about (?:the )?authors?|about us|our (?:sites|network))\W*$",
)
STRONG_FOOTER = _any(
    r"^(?:you (?:might|may) (?:also )?(?:like|be interested in|have missed)|popular posts?"
    r"|leave a (?:comment|reply)\b.{0,30}"
    r"|usefull? links|quick links|top categories|footer|around the web|from the web"
    r"|sponsored stories|promoted stories"
    r"|\d+ comments?|no comments yet\W*|how useful was this .{0,20}|share this (?:article|post"
    r"|story|page)\W*|welcome back!?)\W*$",
    r"^(?:tagged|tags|filed under)\s*:",
    r"^(?:previous|next) (?:article|post|story)\b",
    r"\bcancel reply\b",
)
# A site speaking for itself: how a pitch begins, and what its paragraphs talk about.
PITCH_OPENS = Phrases(
    r"\bif you (?:found|enjoyed|liked|like|value|appreciate)\b.{0,60}\b(?:article|story"
    r"|reporting|journalism|post|work|site)\b",
    r"\b(?:please )?(?:consider|help us|help) (?:supporting|support|donating|subscribing"
    r"|becoming|making a)\b",
    r"\b(?:support|fund) (?:our|independent|traditional|quality|local|honest) (?:journalism|news"
    r"|reporting|work|newsroom)\b",
    r"\b(?:introductory|limited[- ]time|special|exclusive|subscription) offer\b",
    r"\b(?:become|becoming) a (?:member|subscriber|supporter|patron)\b",
    r"\bsubscribe (?:today|now) (?:for|and|to)\b",
    r"\b(?:start|begin) your (?:free )?(?:trial|subscription)\b",
    keys="if you,consider,help us,support,fund,offer,becom,subscribe,start your,begin your",
)
PITCH_TALK = Phrases(
    r"\b(?:our|your|independent|award-winning|fact-based|quality|traditional) (?:\w+[ -]){0,2}"
    r"(?:journalis(?:m|ts?)|reporting|newsroom|readers?|subscribers?|coverage|edition|mission"
    r"|team|newsletter|support|donation|subscription)\b",
    r"\b(?:per|a) (?:week|month)\b.{0,60}\b(?:cancel|join|subscri|million|access)",
    r"\bcancel any ?time\b",
    r"\bstay informed\b",
    keys="journalis,report,newsroom,reader,subscri,coverage,edition,mission,team,newsletter,support"
    ",donation,a week,a month,per week,per month,cancel,stay informed",
)


def reason(text: str) -> str:
    """Why a line is no part of a story, from its own words; "" where they don't say."""
    folded = text.lower()
    for name, phrases in ANY_LENGTH:
        if phrases.found(text, folded):
            return name
    return ""
