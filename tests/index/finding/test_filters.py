"""The conditions that indexes can answer mean what comparing common prefixes means."""

import itertools
import sqlite3

import pytest

from core.errors import InputError
from core.records import Filters
from index import schema
from index.finding import filters
from index.opening import _casefold

DATES = [None, "2024", "2024-12", "2024-12-31", "2025", "2025-01", "2025-07", "2025-07-11",
         "2025-07-12", "2025-07-13", "2025-08", "2026", "2025-07-12T09:30:00+00:00"]  # fmt: skip
BOUNDS = ["2024", "2025", "2025-07", "2025-07-12"]
OUTLETS = [None, "The Tide", "THE TIDE", "Straße", "STRASSE", "", "Quay"]
LANGUAGES = [None, "en", "de"]
PATHS = ["/a/x.txt", "/a/b/x.txt", "/ab/x.txt", "/a/[1]/y.txt", "/A/x.txt", "/é/x.txt"]


@pytest.fixture(scope="module")
def connection():
    opened = sqlite3.connect(":memory:")
    opened.create_function("casefold", 1, _casefold, deterministic=True)
    opened.executescript(schema.TABLES)
    columns = [row[1] for row in opened.execute("PRAGMA table_info(articles)")]
    for number, (date, outlet, path) in enumerate(itertools.product(DATES, OUTLETS, PATHS)):
        known = {"article_id": str(number), "published": date, "outlet": outlet, "path": path,
                 "language": LANGUAGES[number % 3]}  # fmt: skip
        values = [known.get(name, "" if name != "ordinal" else 0) for name in columns]
        marks = ",".join("?" * len(columns))
        opened.execute(f"INSERT INTO articles VALUES ({marks})", values)
    yield opened
    opened.close()


def admitted(connection, wanted):
    where, values = filters.condition(wanted)
    rows = connection.execute(
        f"SELECT published, outlet, path FROM articles WHERE {where or '1'}", values
    )
    return sorted(rows.fetchall(), key=repr)


def everything():
    return itertools.product(DATES, OUTLETS, PATHS)


def on_common_prefix(date, bound):
    """Both cut to the shorter one's length."""
    length = min(len(date), len(bound), 10)
    return date[:length], bound[:length]


@pytest.mark.parametrize("after", [None, *BOUNDS])
@pytest.mark.parametrize("before", [None, *BOUNDS])
def test_dates(connection, after, before):
    def fits(date):
        if date is None:
            return not after and not before
        if after and not (lambda pair: pair[0] >= pair[1])(on_common_prefix(date, after)):
            return False
        return not before or (lambda pair: pair[0] <= pair[1])(on_common_prefix(date, before))

    expected = sorted((row for row in everything() if fits(row[0])), key=repr)
    assert admitted(connection, Filters(after=after, before=before)) == expected


@pytest.mark.parametrize("outlet", ["the tide", " THE Tide ", "strasse", "quay", "nowhere"])
def test_outlets_in_every_spelling(connection, outlet):
    folded = outlet.strip().casefold()
    expected = [row for row in everything() if (row[1] or "").casefold() == folded]
    assert admitted(connection, Filters(outlet=outlet)) == sorted(expected, key=repr)
    assert bool(expected) is (outlet != "nowhere")


@pytest.mark.parametrize(
    ("glob", "names"),
    [
        ("/a/*", {"/a/x.txt", "/a/b/x.txt", "/a/[1]/y.txt"}),
        ("*x.txt", {"/a/x.txt", "/a/b/x.txt", "/ab/x.txt", "/A/x.txt", "/é/x.txt"}),
        ("/a?/x.txt", {"/ab/x.txt"}),
        ("/a/[[]1]/y.txt", {"/a/[1]/y.txt"}),
        ("/é/x.txt", {"/é/x.txt"}),
        ("/a", set()),
    ],
)
def test_paths(connection, glob, names):
    assert {row[2] for row in admitted(connection, Filters(path=glob))} == names


@pytest.mark.parametrize(
    ("folders", "names"),
    [
        (("/a",), {"/a/x.txt", "/a/b/x.txt", "/a/[1]/y.txt"}),
        (("/a/",), {"/a/x.txt", "/a/b/x.txt", "/a/[1]/y.txt"}),
        (("/a/b", "/é", "/nowhere"), {"/a/b/x.txt", "/é/x.txt"}),
        (("/a/[1]",), {"/a/[1]/y.txt"}),  # a folder is no glob
        (("/",), set(PATHS)),
    ],
)
def test_folders(connection, folders, names):
    assert {row[2] for row in admitted(connection, Filters(folders=folders))} == names
    both = admitted(connection, Filters(folders=folders, outlet="quay"))
    assert {row[2] for row in both} == names
    assert {row[1] for row in both} == {"Quay"}


def test_a_language(connection):
    german = admitted(connection, Filters(language=" DE "))
    assert len(german) == len(list(everything())) // 3
    assert admitted(connection, Filters(language="fr")) == []


def test_chosen_articles(connection):
    many = tuple(str(number) for number in range(0, 40_000, 2))  # more than SQLite's variables
    found = admitted(connection, Filters(articles=many))
    assert len(found) == len(list(everything())) // 2
    assert len(admitted(connection, Filters(articles=("4", "5", "gone")))) == 2
    assert admitted(connection, Filters(articles=("4",), language="fr")) == []


@pytest.mark.parametrize(
    "wanted",
    [Filters(after="2025-07"), Filters(before="2025"), Filters(outlet="tide"),
     Filters(path="/a/*"), Filters(after="2025", outlet="tide", path="/a/*"),
     Filters(language="en"), Filters(language="en", after="2025", folders=("/a",)),
     Filters(folders=("/a",)), Filters(folders=("/a",), before="2025")],
)  # fmt: skip
def test_an_index_alone_answers(connection, wanted):
    where, values = filters.condition(wanted)
    plan = connection.execute(
        f"EXPLAIN QUERY PLAN SELECT article_id FROM articles WHERE {where}", values
    ).fetchall()
    assert "USING COVERING INDEX" in plan[0][3]
    assert plan[0][3].startswith("SEARCH")


def test_undated_articles_are_counted_when_a_date_leaves_them_out(connection):
    undated = sum(row[0] is None and row[1] == "Quay" for row in everything())
    assert filters.undated_left_out(connection, Filters(after="2025", outlet="quay")) == undated
    assert filters.undated_left_out(connection, Filters(outlet="quay")) == 0


@pytest.mark.parametrize("text", ["2025-13", "2025-02-30", "25", "yesterday", "", "2025-7"])
def test_what_is_no_date_is_named(text):
    with pytest.raises(InputError, match="not a date"):
        filters.parse_date(text)
