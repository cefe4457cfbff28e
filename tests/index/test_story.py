"""One agency text in five papers is one voice; a revised version is told apart."""

import json
from pathlib import Path

import pytest

import cli
from core.errors import InputError
from core.records import Hit, Passage
from index import build
from index.search import search
from index.store import open_library
from index.story import also_in, stories_of, story

LEAD = "A landslide above the village of Orlen has killed twelve people, the mayor said on Monday."
REST = [
    "Rescue teams from three valleys searched the slope through the night with dogs and lamps.",
    "The road to the village is closed, and food is brought over the pass by mule, as it was"
    " done before the tunnel was built.",
    "The mayor, Ida Brandt, said that the search had been hard and that nobody knew how many"
    " guests had been in the inn below the chapel.",
    "Heavy rain had fallen for six days before the slope gave way late on Sunday evening.",
]
PLACES = {
    "harbour": ("Twelve dead under the slope of Orlen", LEAD, REST),
    "hill": ("Village buried in the night", "ORLEN, March 3 (NPA) - " + LEAD, REST),
    "moor": ("Orlen: mayor speaks of twelve dead", LEAD, REST[:3]),
    "river": ("Rain brings down a mountain", LEAD, REST),
    "field": ("A night in Orlen", LEAD, [*REST[:1], *REST[2:]]),
}
REVISED = LEAD.replace("twelve", "nineteen")


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "articles"
    made.mkdir()
    for name, (title, lead, rest) in PLACES.items():
        (made / f"{name}.txt").write_text("\n\n".join([title, lead, *rest]))
    (made / "revised.txt").write_text(
        "\n\n".join(["Toll of Orlen rises", REVISED, "Two bridges were washed away too.", *REST])
    )
    (made / "other.txt").write_text(
        "Ferry times\n\nThe ferry to the island runs twice a day from the first of May, and the"
        " morning boat carries the post. Tickets are sold on board, for half the price to children."
    )
    return made


@pytest.fixture
def library(settings, folder, fake_source):
    with open_library(settings) as opened:
        build.add(opened, [str(folder)], fake_source)
        yield opened


def names(paths):
    return sorted(Path(path).stem for path in paths)


def test_five_papers_are_one_voice_and_the_revised_text_stands_beside(library, folder):
    (view,) = stories_of(library, str(folder / "harbour.txt"))
    assert names(copy.path for copy in view.copies) == ["field", "hill", "moor", "river"]
    (version,) = view.versions
    assert Path(version.article.path).stem == "revised"
    changed, added = version.changes
    assert (changed.kind, changed.here.text, changed.there.text) == ("changed", LEAD, REVISED)
    assert (changed.here.line, changed.there.line) == (3, 3)
    assert (added.kind, added.here) == ("added", None)
    assert added.there.text == "Two bridges were washed away too."


def test_seen_from_the_revised_text_all_others_are_versions(library, folder):
    (view,) = stories_of(library, str(folder / "revised.txt"))
    assert view.copies == ()
    assert len(view.versions) == 5
    assert all(one.changes[0].there.text.endswith(LEAD) for one in view.versions)


def test_a_search_shows_the_story_once_and_no_false_witness(library, fake_encoder):
    hits = search(library, fake_encoder, "landslide killed nineteen people Orlen mayor").hits
    told = [hit for hit in hits if Path(hit.article.path).stem != "other"]
    (hit,) = told
    own = Path(hit.article.path).stem
    if own == "revised":
        assert hit.also_in == ()
    else:
        assert names([*hit.also_in, hit.article.path]) == sorted(PLACES)


def test_words_that_all_versions_share_are_in_all_of_them(library, folder):
    (article,) = library.articles(str(folder / "harbour.txt"))
    start = article.text.index(REST[0])
    shared = Passage(1, article.article_id, REST[0], start, start + len(REST[0]))
    lead = Passage(2, article.article_id, LEAD, 0, len(LEAD))
    assert "revised" in names(also_in(library, Hit(shared, article, 1.0, 1, 1)))
    assert "revised" not in names(also_in(library, Hit(lead, article, 1.0, 1, 1)))


def test_an_article_of_no_story_has_neither(library, folder):
    (view,) = stories_of(library, str(folder / "other.txt"))
    assert (view.copies, view.versions) == ((), ())
    with pytest.raises(InputError, match="no article"):
        stories_of(library, str(folder / "missing.txt"))
    with pytest.raises(InputError, match="no article"):
        story(library, "unknown")


def test_the_command(library, settings, folder, capsys):
    arguments = ["--home", str(settings.home), "versions", str(folder / "moor.txt")]
    assert cli.main([*arguments, "--json"]) == 0
    (article,) = json.loads(capsys.readouterr().out)["articles"]
    assert names(article["copies"]) == ["field", "harbour", "hill", "river"]
    (version,) = article["versions"]
    kinds = {one["kind"]: one for one in version["differences"]}
    assert kinds["changed"]["here"] == LEAD
    assert kinds["changed"]["there"] == REVISED
    assert kinds["added"]["here"] is kinds["added"]["line"] is None
    assert cli.main(arguments) == 0
    shown = capsys.readouterr().out
    assert f"- 3: {LEAD}" in shown
    assert f"+ 3: {REVISED}" in shown
