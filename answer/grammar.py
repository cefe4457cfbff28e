"""English grammar for reading questions: auxiliaries, verbs and their forms. Pure.

Word lists and the few rules that split a question at its verb and put it into another
tense. Where a rule isn't sure it says so.
"""

from __future__ import annotations

from collections.abc import Sequence

Words = Sequence[str]

BE = {"is", "are", "was", "were"}
HAVE = {"has", "have", "had"}
MODALS = {"can", "could", "will", "would", "should", "must", "may", "might"}
DO = {"do", "does", "did"}
DETERMINERS = {
    *("the", "a", "an", "this", "that", "these", "those", "its", "their", "his", "her"),
    *("our", "some", "any", "all", "both", "many", "most", "several"),
}
PREPOSITIONS = {
    *("about", "after", "against", "at", "before", "between", "by", "during", "for", "from"),
    *("in", "into", "of", "on", "over", "since", "through", "to", "under", "until", "with"),
    *("without", "within", "across", "around", "near", "toward", "towards", "than", "as"),
}
# base → (past, participle), for the verbs that news questions use.
IRREGULAR = {
    "be": ("was", "been"), "become": ("became", "become"), "begin": ("began", "begun"),
    "break": ("broke", "broken"), "bring": ("brought", "brought"), "build": ("built", "built"),
    "buy": ("bought", "bought"), "choose": ("chose", "chosen"), "come": ("came", "come"),
    "cost": ("cost", "cost"), "cut": ("cut", "cut"), "deal": ("dealt", "dealt"),
    "do": ("did", "done"), "draw": ("drew", "drawn"), "fall": ("fell", "fallen"),
    "fight": ("fought", "fought"), "find": ("found", "found"), "fly": ("flew", "flown"),
    "get": ("got", "got"), "give": ("gave", "given"), "go": ("went", "gone"),
    "have": ("had", "had"), "hear": ("heard", "heard"), "hit": ("hit", "hit"),
    "hold": ("held", "held"), "keep": ("kept", "kept"), "know": ("knew", "known"),
    "lead": ("led", "led"), "leave": ("left", "left"), "lose": ("lost", "lost"),
    "make": ("made", "made"), "mean": ("meant", "meant"), "meet": ("met", "met"),
    "pay": ("paid", "paid"), "put": ("put", "put"), "rise": ("rose", "risen"),
    "run": ("ran", "run"), "say": ("said", "said"), "see": ("saw", "seen"),
    "sell": ("sold", "sold"), "send": ("sent", "sent"), "set": ("set", "set"),
    "shoot": ("shot", "shot"), "speak": ("spoke", "spoken"), "spend": ("spent", "spent"),
    "stand": ("stood", "stood"), "steal": ("stole", "stolen"), "strike": ("struck", "struck"),
    "take": ("took", "taken"), "tell": ("told", "told"), "think": ("thought", "thought"),
    "win": ("won", "won"), "withdraw": ("withdrew", "withdrawn"), "write": ("wrote", "written"),
}  # fmt: skip
_REGULAR_WORDS = (
    "accept accuse add agree aim allow announce appear approve ask attack back ban block call "
    "cancel carry cause change claim close condemn continue create criticize cross decide declare "
    "decline defend delay deliver demand deny deploy describe destroy die discuss donate drop earn "
    "end expect explain export face fail fire follow halt happen help hope impose include increase "
    "intend invade join jump kill land last launch lift like limit live look love mention move "
    "need occur offer open oppose order pass pause plan play pledge praise prefer present prevent "
    "produce promise propose protect provide publish raise reach receive recommend reduce refuse "
    "reject release remain remove replace report request require resign respond resume return "
    "reveal reverse sign start state stay stop suggest support suspend talk test threaten try "
    "turn urge use visit vote wait walk want warn work worry"
)
REGULAR = set(_REGULAR_WORDS.split())
PARTICIPLES = {forms[1] for forms in IRREGULAR.values()} | {"born", "shut", "hurt", "frozen"}
PASTS = {forms[0] for forms in IRREGULAR.values()} - BE - HAVE - DO
DOUBLING = {"stop", "drop", "ban", "plan", "prefer"}


def subject_and_verb(words: Words) -> tuple[Words, str, Words] | None:
    """Split "Germany want to buy missiles" at its verb, in the base form; None if unsure."""
    for place in range(1, min(len(words), 8)):
        word = words[place].lower()
        before = words[place - 1].lower()
        if word in PREPOSITIONS and word != "of":
            return None
        if before in DETERMINERS or words[place][0].isupper():
            continue
        if word in IRREGULAR or word in REGULAR:
            following = words[place + 1].lower() if place + 1 < len(words) else ""
            if following in REGULAR or following in IRREGULAR:
                continue  # "the arms pause end": two that can be verbs, the later one is
            return words[:place], word, words[place + 1 :]
    return None


def participle_place(words: Words) -> int | None:
    """Where the predicate begins: the first participle after a whole noun phrase."""
    for place in range(1, len(words)):
        word, before = words[place].lower(), words[place - 1].lower()
        if word in ("that", "which", "who", "and"):
            return None
        if word in ("being", "been"):
            return place
        if before in DETERMINERS or before in PREPOSITIONS or before.endswith("ly"):
            continue
        is_participle = word in PARTICIPLES or (word.endswith(("ed", "ing")) and len(word) > 4)
        if is_participle and not words[place][0].isupper():
            later = words[place + 1].lower() if place + 1 < len(words) else ""
            if later.endswith("ed") or later in PARTICIPLES:
                continue
            return place
    return None


def inflect(verb: str, auxiliary: str) -> str:
    """The verb in the tense and person of do, does or did."""
    if auxiliary == "do":
        return verb
    if auxiliary == "does":
        if verb == "have":
            return "has"
        if verb[-1] == "y" and verb[-2] not in "aeiou":
            return verb[:-1] + "ies"
        return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "o")) else "s")
    if verb in IRREGULAR:
        return IRREGULAR[verb][0]
    if verb[-1] == "y" and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    if verb in DOUBLING:
        return verb + verb[-1] + "ed"
    return verb + ("d" if verb.endswith("e") else "ed")


def is_plural(noun: str) -> bool:
    return noun.endswith("s") and not noun.endswith(("ss", "us", "is"))
