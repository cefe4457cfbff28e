from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core import catalogue
from core.settings import Settings
from tests.ui import fakes
from ui import words


@pytest.mark.parametrize(
    ("published", "short", "long"),
    [
        ("2025-07-12", "12 Jul 2025", "12 July 2025"),
        ("2025-07-02T09:30:00", "2 Jul 2025", "2 July 2025"),
        ("2025-07", "Jul 2025", "July 2025"),
        ("2025", "2025", "2025"),
        ("2025-99", "2025", "2025"),
        ("2025-²", "2025", "2025"),
        ("2025-03-²", "Mar 2025", "March 2025"),
        (None, "no date", "no date"),
        ("", "no date", "no date"),
    ],
)
def test_dates(published: str | None, short: str, long: str) -> None:
    assert words.date_words(published) == short
    assert words.date_words(published, long=True) == long


def test_unknown_outlet_is_the_file() -> None:
    assert words.source_words(None, None, "/a/b/clip.txt") == "clip.txt · no date"
    assert words.source_words("Post", "2025", "/a/b/clip.txt") == "Post · 2025"


def test_a_citation_label_names_the_place() -> None:
    label = words.citation_label(fakes.CITATIONS[1])
    assert label == "citation 2: Harbour Gazette, 9 March 2025, line 8"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.42, "0.4 s"), (41.2, "41 s"), (180, "3 min"), (7500, "2 h 5 min")],
)
def test_seconds(seconds: float, text: str) -> None:
    assert words.seconds_words(seconds) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(1, "1 byte"), (14_200, "14 KB"), (3.2e6, "3.2 MB"), (99_949_999, "99.9 MB"),
     (99_950_000, "100 MB"), (491_400_032, "491 MB"), (999_499_999, "999 MB"),
     (999_500_000, "1.0 GB"), (2_019_377_696, "2.0 GB")],
)  # fmt: skip
def test_sizes(size: int, text: str) -> None:
    assert words.size_words(size) == text


def test_status_says_how_the_answer_was_made() -> None:
    assert words.answer_status(fakes.ANSWER) == "2 sentences, all supported · small-model · 0.4 s"
    quoted = replace(fakes.ANSWER, model=None, claims=fakes.CLAIMS[:1])
    assert words.answer_status(quoted) == "1 quotation, word for word · 0.4 s"


def test_a_model_of_ones_own_server_is_told_as_that() -> None:
    assert words.way("none") == "Quotations"
    assert words.way("smollm2-135m-instruct") == "Written by SmolLM2 135M"
    assert words.way("small-model") == "Written by small-model"
    assert words.way("server:qwen3:4b") == "Written by qwen3:4b on your server"
    written = replace(fakes.ANSWER, model="server:qwen3:4b")
    assert "qwen3:4b on your server · 0.4 s" in words.answer_status(written)
    assert words.model_words("server:") == "a model on your server"


def test_paths_are_short_where_the_folder_is_known() -> None:
    assert words.path_words(str(words.PROJECT / "examples" / "a.txt")) == "examples/a.txt"
    assert words.path_words(str(Path.home() / "clips" / "a.txt")) == "~/clips/a.txt"
    assert words.path_words("/srv/clips/a.txt") == "/srv/clips/a.txt"


def test_chosen_dates_are_told_as_a_span() -> None:
    assert words.dates_words(None, None) == "any date"
    assert words.dates_words("2025-03", "2025-03") == "of Mar 2025"
    assert words.dates_words("2025", None) == "from 2025"
    assert words.dates_words("2025-03", "2025-07-12") == "from Mar 2025 to 12 Jul 2025"


def test_the_status_line_is_true_where_a_server_is_configured() -> None:
    assert words.network_words(Settings(home=Path("/a"))) == "no network use"
    assert words.network_words(Settings(home=Path("/a"), milvus="/a/vectors.db")) == (
        "no network use"
    )
    remote = Settings(home=Path("/a"), milvus="http://vectors.example:19530")
    assert words.network_words(remote) == "network: your Milvus server"


def test_every_model_of_the_catalogue_has_a_title() -> None:
    names = {model.name for model in catalogue.catalogue()}
    assert names == set(words.MODEL_TITLES)


def test_marks_of_markdown_are_escaped_in_labels() -> None:
    hostile = "What did ![x](http://evil) *say* about `<b>` :red[it]?"
    shown = words.literal(hostile)
    assert "\\[x\\]\\(http\\://evil\\)" in shown
    assert shown.replace("\\", "") == hostile
    assert words.literal("What did Anna Tamm say?") == "What did Anna Tamm say?"


def test_a_name_can_not_turn_the_words_beside_it() -> None:
    assert words.source_words("The Tide", "2025-07-12", "/a.txt") == "The Tide · 12 Jul 2025"
    # Without isolation "· 12" would stand on the other side of the name.
    shown = words.source_words("\u05d4\u05d9\u05d5\u05dd", "2025-07-12", "/a.txt")
    assert shown == "\u2068\u05d4\u05d9\u05d5\u05dd\u2069 · 12 Jul 2025"
    # What would end the isolation, or turn the line, has no shape: it is left out.
    assert words.source_words("A\u202eB\u2069C", None, "/a.txt") == "ABC · no date"
    # In a file's name it is shown: it could make one kind of file read as another.
    assert words.source_words(None, None, "/in/\u202etxt.exe") == "⟨U+202E⟩txt.exe · no date"
    assert words.path_words("/in/a\u2067b.txt") == "/in/a⟨U+2067⟩b.txt"
