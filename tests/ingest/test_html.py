from __future__ import annotations

from core.records import Reading
from core.spans import to_source
from ingest.clean import clean
from ingest.read import read_file
from ingest.readers import html

PARAGRAPHS = (
    "The council of Velm voted on Tuesday to close the harbour bridge for repairs until spring, "
    "the first such closure in forty years.",
    "Engineers had found cracks in two of its piers after the storm in late October, and divers "
    "confirmed the damage in a report last week.",
    "“We would rather be slow than sorry,” said the harbour master, Ilka Brandt, after a vote "
    "that took less than ten minutes.",
)
PAGE = f"""<!DOCTYPE html><html lang="en"><head>
<title>Bridge closes | Velm Courier</title>
<meta property="og:title" content="Bridge closes until spring">
<meta property="og:site_name" content="Velm Courier">
<meta name="author" content="Ana Ruiz">
<meta property="article:published_time" content="2024-03-05T08:00:00+00:00">
<link rel="canonical" href="https://velm.example/bridge">
<style>p {{ color: red }}</style><script>var x = "script text";</script></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/s">Sport</a></li></ul></nav>
<div hidden>hidden words</div><div style="display:none">more hidden words</div>
<article><h1>Bridge closes until spring</h1>
<p>{PARAGRAPHS[0]}</p>
<p>{PARAGRAPHS[1].replace("piers", "<a href='/p'>piers</a>")}</p>
<h2>Two winters of warnings</h2>
<p>{PARAGRAPHS[2]}</p></article>
<aside><h3>Popular posts</h3><ul><li><a href="/c">Cat found in church organ</a></li></ul></aside>
<footer>Subscribe to our newsletter</footer></body></html>"""


def reading(tmp_path, markup: str | bytes, name: str = "page.html") -> Reading:  # type: ignore[no-untyped-def]
    path = tmp_path / name
    path.write_bytes(markup if isinstance(markup, bytes) else markup.encode())
    return read_file(str(path), 10_000_000)


def test_the_walk_gives_the_visible_text_in_order(tmp_path) -> None:  # type: ignore[no-untyped-def]
    source = reading(tmp_path, PAGE).source_text
    order = [
        "Home",
        "Sport",
        *PARAGRAPHS[:2],
        "Two winters",
        PARAGRAPHS[2],
        "Cat found",
        "Subscribe",
    ]
    positions = [source.index(part) for part in order]
    assert positions == sorted(positions)
    for unseen in ("script text", "hidden words", "color: red", "og:title"):
        assert unseen not in source
    assert source == reading(tmp_path, PAGE).source_text


def test_the_article_and_what_the_page_says_of_it(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = reading(tmp_path, PAGE)
    (article,) = found.articles
    for paragraph in PARAGRAPHS:
        assert paragraph in article.text
    for other in ("Sport", "Cat found", "newsletter"):
        assert other not in article.text
    assert found.file.kind == "html"
    assert (article.title, article.outlet, article.author) == (
        "Bridge closes until spring",
        "Velm Courier",
        "Ana Ruiz",
    )
    assert (article.published, article.url, article.language) == (
        "2024-03-05",
        "https://velm.example/bridge",
        "en",
    )
    for piece in to_source(article.spans, 0, len(article.text)):
        quote = found.source_text[piece.source_start : piece.source_end]
        assert clean(quote) == " ".join(article.text[piece.clean_start : piece.clean_end].split())


def test_kind_is_decided_by_content(tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert reading(tmp_path, PAGE, "page.txt").file.kind == "html"
    assert reading(tmp_path, PARAGRAPHS[0], "page.html").file.kind == "text"
    assert html.looks_like_html("<?xml version='1.0' encoding='utf-8'?>\n<html><body>x")
    assert html.looks_like_html("<!-- saved from url=(0020)https://a.example/ -->\n<HTML>")
    assert not html.looks_like_html("The <html> tag is explained here.")


def test_the_declared_encoding_counts(tmp_path) -> None:  # type: ignore[no-untyped-def]
    markup = (
        "<html><head><meta charset='windows-1251'></head><body>"
        f"<p>Мост закрыт до весны.</p><p>{PARAGRAPHS[0]}</p></body></html>"
    )
    assert "Мост закрыт до весны." in reading(tmp_path, markup.encode("cp1251")).source_text


def test_inline_marks_do_not_split_words_and_breaks_do() -> None:
    markup = (
        "<html><body><p>un<b>bro</b>ken&nbsp;word</p>one<br>two"
        "<table><tr><td>a</td><td>b</td></tr></table><pre>x  y\nz</pre></body></html>"
    )
    page = html.read(markup, markup.encode(), "utf-8")
    shown = [line for line in page.source_text.split("\n") if line]
    assert shown == ["unbroken\u00a0word", "one", "two", "a b", "x  y", "z"]


def test_a_front_page_of_teasers_is_empty(tmp_path) -> None:  # type: ignore[no-untyped-def]
    links = "".join(f"<li><a href='/{n}'>Teaser number {n} of the day</a></li>" for n in range(30))
    file = reading(tmp_path, f"<html><body><ul>{links}</ul></body></html>").file
    assert (file.status, file.reason) == ("empty", "no text of an article, only menus or links")


def test_odd_markup_is_read_and_never_lost(tmp_path) -> None:  # type: ignore[no-untyped-def]
    words = "plain words that must be found again"
    for number, markup in enumerate(
        (
            f"<html><body>{words}",
            f"<html><body><p>{words}<p><div></span></body>",
            f"<?xml version='1.0' encoding='latin-1'?><html><body><p>{words}</p></body></html>",
            f"<html><body><!-- c --><p>{words}</p><?pi x?></body></html>tail",
            f"<html><body>\x00<p>{words}</p></body></html>",
            f"<html><body><table><tr><td>{words}</td></tr></table></body></html>",
        )
    ):
        found = reading(tmp_path, markup, f"{number}.html")
        assert words in found.source_text, markup
        assert found.file.status == "indexed"
