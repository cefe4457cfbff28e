from __future__ import annotations

import pytest

from ingest import credit_lines
from ingest.credit_lines import Credit
from ingest.read import read_file

BRIDGE = (
    "Harbour bridge closes until spring",
    [
        "The council of Velm voted on Tuesday to close the harbour bridge until spring.",
        "Engineers had found cracks in two piers of the bridge after the storm in late October.",
        "“We looked at every bolt,” said Ana Ruiz, who led the survey for the city since June.",
        "Ferries will run every ten minutes in the meantime, and they will be free for pupils.",
        "The work is expected to cost four million crowns, half of it paid by the province.",
    ],
)
OTTERS = (
    "Otters return to the upper Lenne",
    [
        "Otters have been filmed in the upper Lenne for the first time in half a century.",
        "A camera at a mill showed a female with two cubs, biologists of the province said.",
        "The otters had been hunted out of the valley in the seventies, when pelts were dear.",
        "Anglers are less pleased and ask for money where trout ponds are emptied at night.",
        "A count by volunteers is to begin along the Lenne as soon as the water has fallen.",
    ],
)


@pytest.mark.parametrize(
    ("line", "author", "outlet", "published"),
    [
        ("Velm Courier | July 12, 2025", None, "Velm Courier", "2025-07-12"),
        ("By Ana Ruiz, Velm Courier — 12 July 2025", "Ana Ruiz", "Velm Courier", "2025-07-12"),
        ("Source: Velm Courier", None, "Velm Courier", None),
        ("Updated 2025-07-09T16:12:00+02:00", None, None, "2025-07-09"),
        ("VELM, July 9, 2025", None, None, "2025-07-09"),
        ("July 9, 2025 by Ana Ruiz in Politics", "Ana Ruiz", None, "2025-07-09"),
        ("Anna Ruiz | July 9, 2025 | 4:12 pm", "Anna Ruiz", None, "2025-07-09"),
    ],
)
def test_credits(line: str, author: str | None, outlet: str | None, published: str | None) -> None:
    credit = credit_lines.read(line)
    assert credit is not None
    assert (credit.author, credit.outlet, credit.published) == (author, outlet, published)


@pytest.mark.parametrize(
    "line", ["World News", "Dockers walk out on July 9, 2025", "From Russia With Love", ""]
)
def test_other_lines_are_no_credits(line: str) -> None:
    assert credit_lines.read(line) is None


def test_a_dateline_names_its_agency() -> None:
    assert credit_lines.dateline("VELM (AP) — The council met.") == Credit(outlet="AP")
    assert credit_lines.dateline("The council (of Velm) - which met - rose.") is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "{title}\n\nVelm Courier | July 12, 2025\n\n",
            "{title}\n\nLenne Post | July 11, 2025\n\n",
        ),
        (
            "VELM COURIER\n\n12 July 2025\n\n{title}\n\n",
            "LENNE POST\n\n11 July 2025\n\n{title}\n\n",
        ),
        ("{title}\nVelm Courier\nJuly 12, 2025\n", "{title}\nLenne Post\nJuly 11, 2025\n"),
        (
            "{title}\n\nVelm Courier, 12.07.2025\n\n",
            "-----\n\n{title}\n\nLenne Post, 11.07.2025\n\n",
        ),
        (
            "{title}\n\nSource: Velm Courier\n\nPublished: July 12, 2025\n\n",
            "{title}\n\nSource: Lenne Post\n\nPublished: July 11, 2025\n\n",
        ),
    ],
)
def test_stories_whose_headlines_stand_once(tmp_path, first: str, second: str) -> None:  # type: ignore[no-untyped-def]
    between = "\n" if "{title}\nV" in first else "\n\n"
    parts = [
        head.format(title=title) + between.join(texts)
        for head, (title, texts) in ((first, BRIDGE), (second, OTTERS))
    ]
    path = tmp_path / "page.txt"
    path.write_text("The Digest\n\n" + "\n\n".join(parts), "utf-8")
    found = read_file(str(path), 10**6).articles
    assert [(a.title, a.published) for a in found] == [
        (BRIDGE[0], "2025-07-12"),
        (OTTERS[0], "2025-07-11"),
    ]
    assert [(a.outlet or "").casefold() for a in found] == ["velm courier", "lenne post"]
    assert [a.text.split("\n\n") for a in found] == [BRIDGE[1], OTTERS[1]]


def test_a_dated_link_inside_a_story_opens_none(tmp_path) -> None:  # type: ignore[no-untyped-def]
    title, texts = BRIDGE
    link = "Velm bridge survey is late again\n\nJuly 2, 2025"
    path = tmp_path / "page.txt"
    lines = ["Home", "World", "Sport", title, "July 9, 2025", *texts[:2], link, *texts[2:]]
    path.write_text("\n\n".join([*lines, "© 2025 Courier"]), "utf-8")
    (article,) = read_file(str(path), 10**6).articles
    assert (article.title, article.published) == (title, "2025-07-09")
    assert all(text in article.text for text in texts)


def test_stories_of_one_html_page(tmp_path) -> None:  # type: ignore[no-untyped-def]
    stories = "".join(
        f"<article><h2>{title}</h2><p>{credit}</p>{''.join(f'<p>{t}</p>' for t in texts)}</article>"
        for (title, texts), credit in (
            (BRIDGE, "Velm Courier | July 12, 2025"),
            (OTTERS, "Lenne Post | July 11, 2025"),
        )
    )
    path = tmp_path / "page.html"
    path.write_text(
        f"<html><head><title>Digest</title></head><body>{stories}</body></html>", "utf-8"
    )
    found = read_file(str(path), 10**6).articles
    assert [(a.title, a.outlet, a.published) for a in found] == [
        (BRIDGE[0], "Velm Courier", "2025-07-12"),
        (OTTERS[0], "Lenne Post", "2025-07-11"),
    ]


@pytest.mark.parametrize(
    ("inside", "published"),
    [
        ("<p>The vote is on <time datetime='2026-03-03'>March 3, 2026</time>.</p>", None),
        ("<aside><ul><li>Fares rise <time>July 1, 2024</time></li></ul></aside>", None),
    ],
)
def test_a_date_below_the_text_is_not_the_page_s(  # type: ignore[no-untyped-def]
    tmp_path, inside: str, published: str | None
) -> None:
    title, texts = BRIDGE
    body = "".join(f"<p>{text}</p>" for text in texts)
    path = tmp_path / "page.html"
    path.write_text(
        "<!DOCTYPE html><html><!--\n Page saved with SingleFile \n url: https://velm.example/b\n-->"
        f"<head><title>{title}</title></head><body><article><h1>{title}</h1>{body}{inside}"
        "</article></body></html>",
        "utf-8",
    )
    (article,) = read_file(str(path), 10**6).articles
    assert (article.published, article.url) == (published, "https://velm.example/b")
