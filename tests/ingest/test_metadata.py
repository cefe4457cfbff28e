from __future__ import annotations

import pytest

from ingest import dates
from ingest.articles import find_articles
from ingest.language import language
from ingest.metadata import strip_site
from ingest.readers import text

BODY = (
    "The council of Velm voted on Tuesday to close the harbour bridge for repairs until spring.\n\n"
    "Engineers had found cracks in two of its piers after the storm in late October."
)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("July 12, 2025 12:55 am", "2025-07-12"),
        ("Sept. 3rd, 2024", "2024-09-03"),
        ("Friday, 19 Sep 2025", "2025-09-19"),
        ("12. Juli 2025", "2025-07-12"),
        ("le 1 février 2023", "2023-02-01"),
        ("5 de marzo de 2022", "2022-03-05"),
        ("2025-07-12T10:00:00Z", "2025-07-12"),
        ("20250712", None),
        ("31.12.2024", "2024-12-31"),
        ("2024年5月6日", "2024-05-06"),
        ("2024년 5월 6일", "2024-05-06"),
        ("6 мая 2024 г.", "2024-05-06"),
        ("6 травня 2024", "2024-05-06"),
        ("6 Μαΐου 2024", "2024-05-06"),
        ("6 مايو 2024", "2024-05-06"),
        ("6. května 2024", "2024-05-06"),
        ("2024. május 6.", "2024-05-06"),
        ("1er juillet 2025", "2025-07-01"),
        ("5 de marzo del 2022", "2022-03-05"),
        ("6-May-2024", "2024-05-06"),
        ("28/07/2025", "2025-07-28"),
        ("07/28/2025", "2025-07-28"),
        ("03/07/2025", None),
        ("03/07/2025 6:12 AM EST", "2025-03-07"),
        ("6 ſept 2024", None),
        ("July 12", None),
        ("February 30, 2024", None),
        ("maybe 2024", None),
        ("", None),
    ],
)
def test_dates_as_written(written: str, iso: str | None) -> None:
    found = dates.find(written)
    assert (found[0] if found else None) == iso


@pytest.mark.parametrize(
    ("name", "iso"),
    [
        ("2025-07-12-bridge.txt", "2025-07-12"),
        ("20250712_bridge.html", "2025-07-12"),
        ("bridge_12.07.2025.txt", "2025-07-12"),
        ("bridge-2025-07.txt", "2025-07"),
        ("IMG_20250732_1.txt", None),
        ("550-2025-00.txt", None),
    ],
)
def test_dates_of_file_names(name: str, iso: str | None) -> None:
    assert dates.of_file_name(name) == iso


def test_datelines_and_labels() -> None:
    both = "Updated: July 11, 2025 | Published: July 9, 2025"
    assert dates.labelled(both) == ("published", "2025-07-09")
    assert dates.dateline("VELM, July 9, 2025 (Wire) – The council met.") == "2025-07-09"
    assert dates.dateline("On July 9, 2025 the council met.") is None
    assert dates.labelled("Last updated: July 12, 2025 12:55 am") == ("updated", "2025-07-12")
    assert dates.labelled("Published on 3 May 2024") == ("published", "2024-05-03")
    assert dates.labelled("The story of May 3, 2024") is None


@pytest.mark.parametrize(
    ("said", "base", "iso"),
    [
        ("a day ago", "2025-07-12", "2025-07-11"),
        ("3 weeks ago", "2025-07-12", "2025-06-21"),
        ("24 minutes ago", "2025-07-12", "2025-07-12"),
        ("a day ago", None, None),
        ("long ago", "2025-07-12", None),
    ],
)
def test_relative_dates(said: str, base: str | None, iso: str | None) -> None:
    assert dates.relative(said, base) == iso


@pytest.mark.parametrize(
    ("page", "path", "expected"),
    [
        (
            f"Bridge closes until spring\nBy Ana Ruiz\nMarch 5, 2024\n\n{BODY}",
            "/a.txt",
            ("Bridge closes until spring", None, "Ana Ruiz", "2024-03-05"),
        ),
        (
            f"Bridge closes until spring – National\n\n{BODY}",
            "/a.txt",
            ("Bridge closes until spring", None, None, None),
        ),
        (
            f"Bridge closes until spring\n\n{BODY}",
            "/2024-03-06 bridge.txt",
            ("Bridge closes until spring", None, None, "2024-03-06"),
        ),
        (
            f"Bridge closes until spring\nPublished: 1 March 2024\nUpdated: 2 March 2024\n\n{BODY}",
            "/2020-01-01.txt",
            ("Bridge closes until spring", None, None, "2024-03-01"),
        ),
        (
            f"Bridge closes until spring\n\nVELM, March 7, 2024 (Wire) – {BODY}",
            "/a.txt",
            ("Bridge closes until spring", None, None, "2024-03-07"),
        ),
        (
            f"Bridge closes until spring\n\n{BODY}\n\nBack in May 3, 2019 it was new.",
            "/a.txt",
            ("Bridge closes until spring", None, None, None),
        ),
        (
            f"Bridge closes until spring\n\n{BODY}\n\n© 2024 Velm Courier. All rights reserved.",
            "/a.txt",
            ("Bridge closes until spring", "Velm Courier", None, None),
        ),
    ],
)
def test_facts_of_plain_text(
    page: str, path: str, expected: tuple[str, str | None, str | None, str | None]
) -> None:
    (article,), _ = find_articles(text.read(page, markdown=False), path)
    assert (article.title, article.outlet, article.author, article.published) == expected


@pytest.mark.parametrize(
    ("title", "outlet", "stripped"),
    [
        ("Bridge closes | Velm Courier", "Velm Courier", "Bridge closes"),
        ("Bridge closes – National", None, "Bridge closes"),
        ("Bridge closes - Courier News", None, "Bridge closes"),
        ("Bridge closes – and opens again", None, "Bridge closes – and opens again"),
        ("Velm – a love story", None, "Velm – a love story"),
        ("Bridge closes |", None, "Bridge closes"),
    ],
)
def test_site_suffixes(title: str, outlet: str | None, stripped: str) -> None:
    assert strip_site(title, outlet, ()) == stripped


@pytest.mark.parametrize(
    ("code", "sample"),
    [
        ("en", BODY),
        (
            "de",
            "Der Rat hat am Dienstag beschlossen, die Brücke zu sperren, und das ist nicht neu. "
            "Die Fähren fahren mit den Leuten zu der Stadt.",
        ),
        (
            "fr",
            "Le conseil a décidé que le pont est fermé pour les travaux et les bateaux ne sont "
            "pas dans le port, une décision qui est sur la table.",
        ),
        (
            "es",
            "El consejo decidió que el puente se cerrará por las obras y los barcos llevan a la "
            "gente con su equipaje, pero es una medida del alcalde para la ciudad.",
        ),
        ("ru", "Это решение совета было принято во вторник, и мост закрыли."),
        ("uk", "Рада міста вирішила закрити міст, і її рішення підтримали мешканці."),
        ("zh", "市议会周二决定关闭港口大桥直到春天，工程师发现了裂缝和其他问题。"),
        ("ja", "市議会は火曜日に橋を春まで閉鎖することを決めました。"),
        ("ar", "قرر المجلس إغلاق الجسر حتى الربيع بعد العاصفة"),
        (None, "12345 67890"),
        (None, "Lorem ipsum dolor sit amet consectetur"),
    ],
)
def test_language(code: str | None, sample: str) -> None:
    assert language(sample) == code


def test_clippings_in_one_file_are_articles_with_their_own_fields() -> None:
    story = "The council of Velm voted on Tuesday to close the harbour bridge for repairs."
    clippings = (
        f"Title: Bridge closes\nSource: Velm Post\nDate: 2025-07-12\n\n{story}\n\n---\n\n"
        "headline: Beer from the lake\nfrom: Ostmark Echo\nby: Ilka Brandt\n"
        "published: 3 May 2025\nurl: https://a.example/beer\n\n"
        "A brewery sells beer that was aged in a lake.\n\nNote: it was cold.\n"
    )
    page = text.read(clippings, markdown=False)
    articles, _ = find_articles(page, "/x/clips.txt")
    told = [(a.title, a.outlet, a.author, a.published, a.url) for a in articles]
    assert told == [
        ("Bridge closes", "Velm Post", None, "2025-07-12", None),
        (
            "Beer from the lake",
            "Ostmark Echo",
            "Ilka Brandt",
            "2025-05-03",
            "https://a.example/beer",
        ),
    ]
    assert articles[0].text == story
    assert articles[1].text.endswith("Note: it was cold.")
