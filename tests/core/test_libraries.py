"""Libraries are kept apart; a name is a label, never a path."""

import json

import pytest

from core import libraries
from core.errors import InputError, LibraryError
from core.settings import Settings


@pytest.fixture
def mine(tmp_path):
    return Settings(home=tmp_path / "library")


def test_at_first_there_is_the_users_own_and_nothing_is_made(mine, tmp_path):
    (own,) = libraries.listed(mine)
    assert (own.key, own.name, own.settings) == ("", "My articles", mine)
    assert list(tmp_path.iterdir()) == []


def test_a_new_library_has_a_home_of_its_own_and_shares_the_models(mine):
    made = libraries.create(mine, "  Harbour   inquiry ")
    assert made.name == "Harbour inquiry"
    assert made.settings.home.parent == mine.home.with_name("library-others")
    assert made.settings.models_path == mine.models_path
    assert made.settings.desk_path != mine.desk_path
    assert libraries.find(mine, made.key) == made
    assert libraries.joined(Settings(home=made.settings.home)).models_path == mine.models_path


def test_the_own_library_is_known_from_any_of_them(mine):
    made = libraries.create(mine, "One")
    assert libraries.own(Settings(home=made.settings.home)).home == mine.home
    assert libraries.own(mine) is mine
    beside = Settings(home=mine.home.with_name("library-others") / "no-library")
    assert libraries.own(beside) is beside


def test_libraries_are_listed_by_name(mine):
    for name in ("zebra", "Ärger", "apple"):
        libraries.create(mine, name)
    assert [one.name for one in libraries.listed(mine)] == [
        "My articles",
        "apple",
        "zebra",
        "Ärger",
    ]


def test_renaming_moves_nothing(mine):
    made = libraries.create(mine, "Before")
    (made.settings.home / "library.db").write_bytes(b"open elsewhere")
    renamed = libraries.rename(mine, made.key, "After")
    assert (renamed.name, renamed.settings.home) == ("After", made.settings.home)
    assert libraries.find(mine, made.key).name == "After"
    again = libraries.create(mine, "Before")  # the old name is free, its folder is not
    assert again.settings.home != made.settings.home
    own = libraries.rename(mine, libraries.OWN, "Thesis")
    assert (own.settings.home, libraries.listed(mine)[0].name) == (mine.home, "Thesis")
    assert libraries.rename(mine, libraries.OWN, "thesis").name == "thesis"  # its own name


@pytest.mark.parametrize(
    "name",
    ["", "   ", "x" * 61, "../up", "a/b", "a\\b", "..", ".hidden", "a\x00b", "a\u202eb", "a\u200bb",
     "a<b>", "C:", "a\ud800b"],
)  # fmt: skip
def test_hostile_names_are_refused_and_nothing_is_made(mine, tmp_path, name):
    with pytest.raises(InputError):
        libraries.create(mine, name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["My articles", "my ARTICLES", "Demo", "demo"])
def test_a_taken_name_is_refused(mine, name):
    with pytest.raises(InputError, match="already"):
        libraries.create(mine, name)


@pytest.mark.parametrize("name", ["con", "nul", "Киев", "東京", "café", "demo 2", "own"])
def test_any_plain_name_gets_a_plain_folder(mine, name):
    made = libraries.create(mine, name)
    assert made.key.isascii()
    assert "-" in made.key
    assert libraries.find(mine, made.key).name == name


@pytest.mark.parametrize("key", ["../library", "..", "demo", "/etc", "a/b", ".", "no-such"])
def test_a_key_from_an_address_opens_nothing_else(mine, key):
    libraries.create(mine, "One")
    assert libraries.find(mine, key) is None
    with pytest.raises(InputError, match="not there"):
        libraries.rename(mine, key, "Other")


def test_a_damaged_or_hostile_name_file_hides_no_library(mine):
    made = libraries.create(mine, "One")
    for content in ("{", "[]", '{"name": 3}', json.dumps({"name": "a\u202eb"}), '{"name": "../x"}'):
        (made.settings.home / libraries.NAME_FILE).write_text(content)
        assert libraries.find(mine, made.key).name == made.key


def test_links_and_other_folders_are_no_libraries(mine, tmp_path):
    made = libraries.create(mine, "One")
    root = made.settings.home.parent
    (root / "link").symlink_to(tmp_path)
    (root / "empty").mkdir()
    (root / "file").write_text("x")
    assert [one.key for one in libraries.listed(mine)] == ["", made.key]


def test_a_root_that_cannot_be_written_is_named(mine):
    mine.home.with_name("library-others").write_text("a file in the way")
    with pytest.raises(LibraryError, match="library-others"):
        libraries.create(mine, "One")
    assert [one.key for one in libraries.listed(mine)] == [""]
    assert mine.home.with_name("library-others").is_file()


def test_a_damaged_name_or_an_unreadable_folder_hides_no_other_library(mine, monkeypatch):
    good, bad = libraries.create(mine, "One"), libraries.create(mine, "Two")
    (bad.settings.home / libraries.NAME_FILE).write_text("[" * 60_000)
    assert good.key in [one.key for one in libraries.listed(mine)]

    def refuse(path, **_):
        if path.parent == bad.settings.home:
            raise PermissionError(13, "Permission denied", str(path))
        return True

    monkeypatch.setattr("pathlib.Path.exists", refuse)
    assert good.key in [one.key for one in libraries.listed(mine)]
