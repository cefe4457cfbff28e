"""Evidence packs: complete, and hostile words stay words in every form."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from answer.export import answer_of_json, citation_facts, export, facts, markdown, visible
from answer.standing import SourceState
from core.records import Answer, Citation, Claim, Filters, NearHit, Timings

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src="http://evil.example/p.png" onerror="x()">',
    "![pixel](http://evil.example/p.png)",
    "[click](javascript:alert(1)) [ref]: http://evil.example",
    "http://evil.example/a www.evil.example mail@evil.example <http://evil.example>",
    "```\nfence\n```\n~~~\nhtml",
    "`code` ``two`` | a | b |\n|---|---|\n| 1 | 2 |",
    "# heading\n## two\n> quote\n- list\n1. one\n---\n===",
    "*a* _b_ **c** __d__ ~~e~~ $x^2$ :smile: [^1] ==m==",
    "\u202eright to left\u202c \u2066isolated\u2069 zero\u200bwidth \ufeff tag\U000e0041",
    "</bdi></body><style>body{display:none}</style>",
    "&lt;script&gt; &#8203; &copy; \\",
    "line\u2028separator\x00\x07\x1b[31m",
    "<!-- comment --> --> ]]>",
    "\tindented code",
    "#tag @user  ",
]


def citation(number=1, quote="the “ferry” sank", **changes):
    values = {
        "number": number, "path": "/n/ferry.txt", "page": 2, "line": 3, "start": 10, "end": 25,
        "source_quote": quote, "quote": quote, "title": "Ferry", "outlet": "Post",
        "published": "2026-01", "source_sha256": "ab" * 32,
    }  # fmt: skip
    return Citation(**(values | changes))


def an_answer(text="It sank.", quote="the “ferry” sank", **changes):
    values = {
        "answer_id": "a1", "created": "2026-01-02T03:04:05+00:00", "question": "and why?",
        "resolved_question": "Why did the ferry sink?",
        "filters": Filters(after="2025", outlet="Post"), "status": "answered",
        "claims": (Claim(text, 0.9, "supported", (1,)),
                   Claim("It flew.", 0.1, "unsupported", (), "no such words")),
        "citations": (citation(quote=quote),),
        "nearest": (NearHit("/n/b.txt", "B", None, None, 7, 0, 4, "Near words", 0.2),),
        "model": "small-model", "timings": Timings(0.1, None, 1.5), "notes": ("A note.",),
        "encoder": "minilm-1", "follows": "a0",
    }  # fmt: skip
    return Answer(**(values | changes))


STATES = (SourceState(1, "/n/ferry.txt", "moved", 5, "The words stand in line 5.", "cd" * 32),)


class Seen(HTMLParser):
    """The tags, the attributes and the text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.addresses, self.words = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in ("href", "src", "action")]
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data):
        self.words.append(data)


OURS = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "dl", "dt", "dd",
        "bdi", "sup", "a", "section", "blockquote", "ul", "li", "s", "span"}  # fmt: skip


@pytest.mark.parametrize("form", ["md", "html", "json"])
def test_a_pack_has_everything_that_proves_the_answer(form):
    text = export(an_answer(), STATES, form)
    if form == "md":
        text = text.replace("&#8203;", "")
        text = re.sub(r"\\(.)", r"\1", text)
    for wanted in (
        "and why?", "Why did the ferry sink?", "2025", "Post", "answered", "It sank.", "ferry",
        "/n/ferry.txt", "10", "25", "ab" * 32, "cd" * 32, "2026-01", "small-model", "minilm-1",
        "2026-01-02T03:04:05+00:00", "a1", "a0", "A note.", "It flew.", "no such words", "moved",
        "The words stand in line 5.",
    ):  # fmt: skip
        assert wanted in text, wanted


def test_json_gives_the_same_answer_back():
    for text in ["It sank.", *HOSTILE]:
        answer = an_answer(text, text, question=text)
        packed = export(answer, STATES, "json")
        assert answer_of_json(packed) == answer
        assert json.loads(packed)["sources"][0]["state"] == "moved"


def test_a_pack_names_the_model_that_could_not_be_used():
    failed = an_answer(model=None, asked_model="small-model", notes=("It could not be used.",))
    for form in ("md", "html", "json"):
        text = export(failed, STATES, form).replace("\\", "")
        assert "small-model" in text
        assert "It could not be used." in text
    assert ("Model asked", "small-model") in facts(failed)
    assert "Model asked" not in dict(facts(an_answer(asked_model="small-model")))
    assert "Model asked" not in dict(facts(an_answer(model=None)))


def test_a_pack_of_another_format_is_refused():
    packed = json.loads(export(an_answer(), (), "json")) | {"format": 99}
    with pytest.raises(ValueError, match="99"):
        answer_of_json(json.dumps(packed))


def with_hostile_words(text):
    hit = NearHit(text, text, text, text, 1, 0, 4, text, 0.2)
    return an_answer(
        text,
        text,
        question=text,
        resolved_question=text,
        filters=Filters(path=text),
        claims=(Claim(text, 0.9, "supported", (1,)), Claim(text, 0, "unsupported", (), text)),
        citations=(citation(quote=text, path=text, title=text, outlet=text, published=text),),
        nearest=(hit,),
        model=text,
        notes=(text,),
        status="not_found",
        shortfall=text,
        shortfalls=(text,),
        differs=text,
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_html_shows_hostile_words_as_words(text):
    page = export(with_hostile_words(text), STATES, "html")
    seen = Seen(page)
    assert set(seen.tags) <= OURS
    assert seen.addresses == ["#c1"]
    assert seen.tags.count("h1") == 1
    assert visible(text) in "".join(seen.words)
    assert "default-src 'none'" in page
    assert "http-equiv" in page.split("<title>")[0]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("flavour", ["commonmark", "gfm-like"])
def test_markdown_shows_hostile_words_as_words(text, flavour):
    markdown_it = pytest.importorskip("markdown_it")
    reader = markdown_it.MarkdownIt(flavour, {"linkify": False, "html": True})
    plain = shape(reader.parse(export(with_hostile_words("plain words"), STATES, "md")))
    hostile = shape(reader.parse(export(with_hostile_words(text), STATES, "md")))
    assert hostile == plain


def shape(tokens):
    """The structure of a Markdown text, without its words."""
    found = []
    for token in tokens:
        inline = [child.type for child in token.children or () if child.type != "text_special"]
        merged = [kind for at, kind in enumerate(inline) if at == 0 or inline[at - 1] != kind]
        found.append((token.type, token.tag, tuple(merged)))
    return found


@pytest.mark.parametrize(
    "address", ["http://evil.example/x", "www.evil.example", "a@evil.example", "evil.com/x"]
)
def test_markdown_parts_addresses(address):
    shown = markdown(address)
    assert "&#8203;" in shown
    words = re.sub(r"\\(.)", r"\1", shown).replace("&#8203;", "\u200b")
    assert address not in words
    assert words.replace("\u200b", "") == address


def test_what_is_invisible_is_named():
    assert visible("a\u202eb\u200bc") == "a⟨U+202E⟩b⟨U+200B⟩c"
    assert visible("a\n\n b\tc\x00") == "a b c�"


ODD_PATHS = [
    "/n/50% off.txt", "/n/100%25 [a](b)  (2).txt", "/n/Screenshot 9.41\u202fAM\u00a0x.html",
    "/n/`tick`", "/n/a_b*c*&amp;<i>.txt", "/n/www.post.example/a.b.html", " /n/x ",
]  # fmt: skip


@pytest.mark.parametrize("path", ODD_PATHS)
def test_a_path_can_be_copied_as_it_is(path):
    markdown_it = pytest.importorskip("markdown_it")
    near = NearHit(path, "B", None, None, 7, 0, 4, "Near words", 0.2)
    answer = an_answer(status="not_found", citations=(citation(path=path),), nearest=(near,))
    tokens = markdown_it.MarkdownIt("commonmark").parse(export(answer, (), "md"))
    literal = [one.content for token in tokens for one in token.children or ()
               if one.type == "code_inline"]  # fmt: skip
    assert literal.count(path) == 2
    assert Seen(export(answer, (), "html")).words.count(path) == 2


def test_a_path_stays_one_line_and_shows_what_is_invisible():
    text = export(an_answer(citations=(citation(path="/n/a\nb\u202e.txt"),)), (), "md")
    assert "- File: `/n/a�b⟨U+202E⟩.txt`\n" in text


def test_figures_stay_as_they_are():
    assert visible("1.5 million — “quoted” 🌊 naïve 中国") == "1.5 million — “quoted” 🌊 naïve 中国"
    assert "&#8203;" not in markdown("1.5 million. Then 3.")


def test_not_found_names_the_nearest_passages():
    lacks = {"shortfall": "None gives a date.", "shortfalls": ("Names no ferry.",)}
    answer = an_answer(status="not_found", claims=(), citations=(), **lacks)
    for form in ("md", "html"):
        text = re.sub(r"\\(.)", r"\1", export(answer, (), form))
        assert "The articles do not say." in text
        assert "Near words" in text
        assert "None gives a date." in text
        assert "Names no ferry." in text


def test_unknown_hashes_and_states_are_left_out():
    names = [name for name, _ in citation_facts(replace(citation(), page=None), None)]
    assert "SHA-256 of the file’s bytes" not in names
    assert "When exported" not in names
    assert "SHA-256 of the text" in names
