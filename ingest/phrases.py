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


# Lines of any length that are never a sentence of the story.
ANY_LENGTH = (
    ("advertisement", _any(
        r"^(?:story|article|text) continues (?:below|after)\b",
        r"^(?:advertisement|advertising|sponsored(?: content)?|promoted|publicidad|werbung|anzeige|publicité)\W*$",
        r"^(?:continue|keep|scroll) (?:reading|down)\b.{0,40}$",
    )),
    ("player", _any(
        r"^(?:click|tap|press) to (?:play|watch|listen|unmute|expand|enlarge)\b",
        r"^(?:watch|video|listen|audio)\s?(?::|\||–|—)\s",
        r"\bthis (?:video|audio|content) (?:is not|isn.?t|cannot be) (?:available|played|displayed)\b",
        r"^\d{1,2}:\d\d(?::\d\d)?$",
    )),
    ("related stories", _any(
        r"^(?:see also|read (?:also|more|next)|also read|related|more|recommended|don.?t miss|up next"
        r"|mehr zum thema|lesen sie auch|à lire aussi|lire aussi|lea también|leggi anche)\s*(?::|»|>|\u2192|–|-|\s{2})",
        r"^(?:see also|also read|read also|don.?t miss|lesen sie auch|lire aussi)\b",
        r"^(?:previous|next) (?:article|post|story)\b",
    )),
    ("caption", _any(
        r"\((?:AP|AFP|Reuters|Getty|EPA|Photo|Image|Credit|Courtesy|Copyright|©)[^()]{0,90}\)\W*$",
        r"\((?:[^()]{0,60}/)?(?:AP|AFP|Reuters|Getty(?: Images)?|EPA|Shutterstock)(?:/[^()]{0,60}|[^()]{0,20})\)\W*$",
        r"^(?:file|photo|image|picture|illustration|credit|photograph|foto|bild)s?\s*(?:[:–—]|by\b|credit\b|courtesy\b|-\s)",
        r"^.{0,160}(?:/|\bvia )(?:AP|AFP|Reuters|Getty Images|EPA|Shutterstock|iStock)\W*$",
        r"^(?:image|photo|enlarge)? ?(?:source|caption|copyright|credit), ",
    )),
    ("image", _any(
        r"^(?:image|images|photo|picture|logo|icon|avatar|thumbnail)(?: (?:image|photo|logo|icon))*$",
        r"^\S+\.(?:jpe?g|png|gif|webp|svg|mp4|avif)(?:\?\S*)?$",
        r"^!\[[^\]]*\]\([^)]*\)$",
    )),
    ("link", _any(r"^(?:https?://|www\.)\S+$")),
    ("newsletter", _any(
        r"\b(?:delivered|sent|straight|directly|right) (?:straight |directly |right )?(?:to|into) your (?:inbox|e-?mail)\b",
        r"\b(?:sign up|subscribe|register) (?:for|to|here|now|today)\b.{0,80}\b(?:newsletter|alerts?|updates|e-?mails?|briefing|channel|podcast)\b",
        r"\b(?:our|free|daily|weekly|morning|evening) newsletters?\b.{0,60}$",
        r"^(?:subscribe|sign up|sign in|log in|log ?out|register|subscribe now|join now)\b.{0,40}$",
        r"^get (?:the|our|your|all|day|daily|more|breaking|latest)\b.{0,60}\bnews(?:letter)?\b",
        r"\bby (?:signing up|subscribing|providing your e-?mail|clicking|submitting)\b.{0,80}\b(?:agree|consent|terms|policy)\b",
    )),
    ("share buttons", _any(
        r"^share(?: (?:this|on|via|with)\b.{0,60}|)\W*$",
        r"^(?:follow|like|find|join) us\b.{0,60}$",
        r"^(?:(?:facebook|twitter|x|e-?mail|whatsapp|linkedin|reddit|pinterest|telegram|instagram|youtube|tiktok|flipboard"
        r"|copy link|print|share|tweet|pin|save|threads|bluesky|messenger|sms|rss|comments?)\W*)+$",
        r"^(?:share|tweet|print|copy link|link copied|save)\W*$",
    )),
    ("cookie notice", _any(
        r"\b(?:we|site|website|page) (?:and our partners )?uses? cookies\b", r"^accept (?:all )?cookies\b",
        r"\bcookie (?:policy|settings|preferences|consent)\b.{0,60}$",
    )),
    ("comment form", _any(
        r"^leave a (?:comment|reply)\b", r"\bcancel reply\b", r"^your e-?mail address will not be published",
        r"\brequired fields are marked\b", r"^(?:no|be the first to|\d+|add a?|post a?|view|show|join the) comments?\b.{0,30}$",
        r"^no comments yet\b", r"\bsave my name, e-?mail\b", r"^(?:log in|sign in) to (?:comment|reply|leave)\b",
        r"^(?:reply|report|upvote|downvote)$",
    )),
    ("rating", _any(
        r"^how useful was this\b", r"^click on a star\b", r"^average rating\b", r"^no votes so far\b", r"\bvote count\b",
        r"^was this (?:article|page|story|post) (?:helpful|useful|interesting)\b",
    )),
    ("copyright", _any(
        r"^(?:©|\(c\)|copyright)\s?.{0,140}$", r"^.{0,100}\ball rights reserved\W*$",
        r"\bmay not be (?:published|reproduced|reprinted|redistributed)\b.{0,80}$",
    )),
    ("tags", _any(
        r"^(?:tagged|tags?|filed under|topics?|keywords|categor(?:y|ies)|schlagwörter|étiquettes|etiquetas)\s*:",
        r"^(?:#\w+[\s,]*){2,}$",
    )),
    ("provenance", _any(
        r"^this (?:article|story|post|piece|report) (?:was |is |has been )?(?:originally |first )?(?:published|appeared|posted)\b.{0,200}$",
        r"^(?:originally|first) (?:published|appeared) (?:on|in|at|by)\b.{0,160}$",
        r"^the post .{0,200} appeared first on\b",
    )),
    ("dates", _any(
        r"^(?:last )?(?:updated|modified|published|posted|created|aktualisiert|veröffentlicht|mis à jour|publié|actualizado|publicado)"
        r"(?: (?:on|at|am|le|el))?\s*:?\s.{0,60}\d.{0,40}$",
        r"^\D{0,40}?(?:an?|one|two|three|few|\d+)\s?(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?) ago\W*$",
        r"^\d+ ?min(?:ute)?s? (?:read|listen)\W*$", r"^(?:reading|read) time\b.{0,30}$",
    )),
    ("app or shop promotion", _any(
        r"\bdownload\b.{0,30}\bapp\b", r"^get started\b.{0,40}$", r"\b(?:app store|google play|play-?store)\b.{0,60}$",
        r"^try our\b.{0,40}$", r"^explore what\b.{0,60}$", r"^(?:shop|buy) now\b",
    )),
    ("site links", _any(
        r"^(?:skip to (?:main )?content|menu|search|close|open menu|toggle navigation|home|contact(?: us)?|about(?: us)?"
        r"|privacy(?: policy| notice)?|terms(?: of (?:use|service))?(?: (?:&|and) conditions)?|terms & conditions|dmca"
        r"|advertise(?: with us)?|sitemap|careers|imprint|impressum|datenschutz|help|faq|more|load more|show more|view all"
        r"|see all|back to top|font resizer\w*|font ?size|listen|dark mode|a\+|aa|lost your password\??|welcome back!?"
        r"|sign in to your account|forgot password\??|no thanks|got it|ok|accept|decline|loading\W*|please wait\W*)$",
        r"^[^.!?>›]{1,60}(?:\s[>›»]\s[^.!?>›]{1,160}){2,}$",
    )),
)

# A short line that opens the part of a page which belongs to other stories or the site.
WEAK_FOOTER = _any(
    r"^(?:related|recommended|similar|more|latest|other|top|trending|popular|most (?:read|popular|viewed)|editor.?s)"
    r" (?:articles?|posts?|stor(?:y|ies)|news|reading|content|topics|coverage|headlines|categories|links|picks?|videos?|now|today)\W*$",
    r"^(?:more|latest|the latest|read more|news) (?:on|from|in|about|by) .{1,50}$",
    r"^(?:recommended(?: for you)?|trending(?: now)?|most read|most popular|read more|related|read next|up next|what to read next"
    r"|comments?|discussion|mehr zum thema|das könnte sie auch interessieren|à lire aussi|sur le même sujet|noticias relacionadas)\W*$",
    r"^(?:about (?:the )?authors?|about us|our (?:sites|network))\W*$",
)
STRONG_FOOTER = _any(
    r"^(?:you (?:might|may) (?:also )?(?:like|be interested in|have missed)|popular posts?|leave a (?:comment|reply)\b.{0,30}"
    r"|usefull? links|quick links|top categories|footer|around the web|from the web|sponsored stories|promoted stories"
    r"|\d+ comments?|no comments yet\W*|how useful was this .{0,20}|share this (?:article|post|story|page)\W*|welcome back!?)\W*$",
    r"^(?:tagged|tags|filed under)\s*:", r"^(?:previous|next) (?:article|post|story)\b", r"\bcancel reply\b",
)
# A site speaking for itself: how a pitch begins, and what its paragraphs talk about.
PITCH_OPENS = _any(
    r"\bif you (?:found|enjoyed|liked|like|value|appreciate)\b.{0,60}\b(?:article|story|reporting|journalism|post|work|site)\b",
    r"\b(?:please )?(?:consider|help us|help) (?:supporting|support|donating|subscribing|becoming|making a)\b",
    r"\b(?:support|fund) (?:our|independent|traditional|quality|local|honest) (?:journalism|news|reporting|work|newsroom)\b",
    r"\b(?:introductory|limited[- ]time|special|exclusive|subscription) offer\b",
    r"\b(?:become|becoming) a (?:member|subscriber|supporter|patron)\b", r"\bsubscribe (?:today|now) (?:for|and|to)\b",
    r"\b(?:start|begin) your (?:free )?(?:trial|subscription)\b",
)
PITCH_TALK = _any(
    r"\b(?:our|your|independent|award-winning|fact-based|quality|traditional) (?:\w+[ -]){0,2}"
    r"(?:journalis(?:m|ts?)|reporting|newsroom|readers?|subscribers?|coverage|edition|mission|team|newsletter|support|donation|subscription)\b",
    r"\b(?:per|a) (?:week|month)\b.{0,60}\b(?:cancel|join|subscri|million|access)", r"\bcancel any ?time\b", r"\bstay informed\b",
)


def reason(text: str) -> str:
    """Why a line is no part of a story, from its own words; "" where they don't say."""
    for name, pattern in ANY_LENGTH:
        if pattern.search(text):
            return name
    return ""
