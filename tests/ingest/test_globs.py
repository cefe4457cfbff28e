"""What a folder leaves out."""

import unicodedata

import pytest

from ingest.globs import matcher, within


@pytest.mark.parametrize(
    ("glob", "matched", "free"),
    [
        ("*.bak", ["a.bak", "deep/er/b.bak"], ["a.bak.txt", "a.BAK", "bak"]),
        ("drafts", ["drafts", "a/drafts"], ["drafts.txt", "drafts/a.txt"]),
        ("drafts/", ["drafts", "a/drafts"], ["drafts.txt"]),
        ("/drafts", ["drafts"], ["a/drafts"]),
        ("drafts/**", ["drafts"], ["a/b.txt", "draft", "a/drafts"]),
        ("a/drafts/**", ["a/drafts"], ["drafts", "b/a/drafts"]),
        ("drafts/*.txt", ["drafts/a.txt"], ["drafts/b/a.txt", "x/drafts/a.txt", "drafts"]),
        ("**/old/*.txt", ["old/a.txt", "a/b/old/c.txt"], ["old/a/c.txt", "gold/a.txt"]),
        ("a/**/z", ["a/z", "a/b/c/z"], ["a", "z", "b/a/z"]),
        ("202[0-4]-*", ["2023-x.txt", "n/2020-"], ["2025-x.txt"]),
        ("n?te[!0-9]", ["notes", "a/nate_"], ["note1", "n/te_"]),
        ("[z-a]", [], ["z", "-"]),
        ("[", ["["], ["x"]),
        ("**", ["a", "a/b"], []),
        ("/", ["a", "a/b"], []),
        ("a.b+c(d)", ["a.b+c(d)"], ["aXb+c(d)"]),
        ("./x.txt", ["x.txt"], ["y.txt"]),
        ("line\nbreak*", ["line\nbreak.txt"], ["line"]),
    ],
)
def test_globs(glob, matched, free):
    excluded_by = matcher("/top", [glob])
    assert [excluded_by(f"/top/{path}") for path in matched] == [glob] * len(matched)
    assert [excluded_by(f"/top/{path}") for path in free] == [""] * len(free)


def test_the_first_glob_that_matches_is_named():
    excluded_by = matcher("/top", ["*.md", "a*"])
    assert [excluded_by(f"/top/{name}") for name in ("a.md", "a.txt", "b.txt")] == [
        "*.md", "a*", "",
    ]  # fmt: skip


def test_what_is_outside_matches_nothing():
    excluded_by = matcher("/top", ["**"])
    assert excluded_by("/other/a.txt") == excluded_by("/top") == excluded_by("/topping/a") == ""
    assert matcher("/", ["*.bak"])("/etc/x.bak") == "*.bak"


def test_names_are_equal_however_their_accents_are_written():
    excluded_by = matcher("/top", ["café*"])
    assert excluded_by(f"/top/{unicodedata.normalize('NFD', 'café.txt')}")


def test_a_path_in_the_folder_is_a_glob_that_is_tied_to_it():
    assert within("/top", "/top/drafts") == "/drafts"
    assert within("/top", "/other") == "/other"
    assert within("/top", "*.bak") == "*.bak"
