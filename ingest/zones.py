"""Lines that open a part of a page which is no story: its footer, its pitch. Pure.

`WEAK_FOOTER` may stand inside a story too (a box of links), `STRONG_FOOTER` is the
end of one; a pitch is a site asking for support in its own voice.
"""

from __future__ import annotations

from ingest.phrases import Phrases, any_of

# A short line that opens the part of a page which belongs to other stories or the site.
WEAK_FOOTER = any_of(
    r"^(?:related|recommended|similar|more|latest|other|top|trending|popular|most (?:read"
    r"|popular|viewed)|editor.?s)"
    r" (?:articles?|posts?|stor(?:y|ies)|news|reading|content|topics|coverage|headlines"
    r"|categories|links|picks?|videos?|now|today)\W*$",
    r"^(?:more|latest|the latest|read more|news) (?:on|from|in|about|by) [^.!?,:]{1,50}$",
    r"^(?:recommended(?: for you)?|trending(?: now)?|most read|most popular|read more|related"
    r"|read next|up next|what to read next"
    r"|comments?|discussion|mehr zum thema|das könnte sie auch interessieren|à lire aussi"
    r"|sur le même sujet|noticias relacionadas)\W*$",
    r"^(?:about (?:the )?authors?|about us|our (?:sites|network))\W*$",
)
STRONG_FOOTER = any_of(
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
# How a sentence of a story begins that speaks of what was said before, as no offer does.
TELLS_ON = any_of(
    r"^[“\"‘']?(?:the|he|she|they|it|but|and|this|that|these|those|his|her|their|its|mr|ms|mrs"
    r"|der|die|das|er|sie|es|le|la|les|il|elle|el|los|las)\b(?!.*[%$€£!?])"
)
# A line that opens readers' comments.
COMMENTS = any_of(
    r"^(?:leave a (?:comment|reply)\b.{0,30}|\d+ (?:comments?|repl(?:y|ies)|responses?)\b.{0,30}"
    r"|(?:comments?|kommentare|commentaires|comentarios)\s*(?:\(\d+\))?\s*:?|\d+ Kommentare"
    r"|join the (?:discussion|conversation)\b.{0,30})$",
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
