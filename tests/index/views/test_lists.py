"""Files, stories and storage as the library page lists them."""

import pytest

from index import build
from index.store import open_library
from index.views import storage
from index.views.file_list import FileQuery, file_page
from index.views.story_list import story_page

BODY = "The {0} was opened on Friday by the mayor, and {0} visitors came to look at it. " * 6


@pytest.fixture
def library(settings, tmp_path):
    folder = tmp_path / "articles"
    (folder / "inner").mkdir(parents=True)
    for name in ("Beta.txt", "alpha.txt", "inner/gamma.txt"):
        (folder / name).write_text(f"On {name}\n\n" + BODY.format(name))
    (folder / "inner" / "empty.txt").write_text("")
    (folder / "100%_done.bin").write_bytes(bytes(range(256)) * 20)
    with open_library(settings) as opened:
        build.add(opened, [str(folder)], None)
        yield opened


def names(page):
    return [file.path.rpartition("/")[2] for file in page.files]


def test_files_are_found_by_words_of_their_path(library):
    assert names(file_page(library, FileQuery(words="ALPHA"))) == ["alpha.txt"]
    assert names(file_page(library, FileQuery(words="inner gamma"))) == ["gamma.txt"]
    assert names(file_page(library, FileQuery(words="100%_"))) == ["100%_done.bin"]
    nothing = file_page(library, FileQuery(words="%"))
    assert names(nothing) == ["100%_done.bin"]  # no wildcard
    assert file_page(library, FileQuery(words="' OR 1 --")).files == ()


def test_files_are_sorted(library):
    assert names(file_page(library, FileQuery(sort="name", status="indexed"))) == [
        "alpha.txt",
        "Beta.txt",
        "gamma.txt",
    ]
    sizes = [file.size for file in file_page(library, FileQuery(sort="size")).files]
    assert sizes == sorted(sizes, reverse=True)
    assert file_page(library, FileQuery(sort="path; DROP TABLE files")).files  # type: ignore[arg-type]


def test_counts_are_those_of_the_words(library):
    page = file_page(library, FileQuery(status="indexed", words="inner"))
    assert page.counts == {"indexed": 1, "empty": 1}
    assert names(page) == ["gamma.txt"]


def test_pages_end_where_files_end(library):
    page = file_page(library, FileQuery(page=99, page_rows=2))
    assert (page.page, page.pages, len(page.files)) == (3, 3, 1)


def test_a_damaged_row_is_counted_and_not_shown(library):
    with library.connection:
        library.connection.execute("DROP TRIGGER files_update")
        library.connection.execute("UPDATE files SET reason = 'odd' WHERE path LIKE '%/Beta.txt'")
    page = file_page(library, FileQuery())
    assert "Beta.txt" not in names(page)
    assert sum(page.counts.values()) == len(page.files) + 1


def test_stories_come_with_their_copies(library, tmp_path):
    assert story_page(library).total == 0
    text = "Tide\n\nPublished: 2 May 2025\n\n" + BODY.format("lighthouse")
    for name in ("one.txt", "two.txt", "three.txt"):
        (tmp_path / name).write_text(text + f"\nPrinted by {name}.\n")
    build.add(library, [str(tmp_path / name) for name in ("one.txt", "two.txt", "three.txt")], None)
    page = story_page(library)
    assert (page.total, page.pages) == (1, 1)
    (story,) = page.stories
    assert {copy.path.rpartition("/")[2] for copy in story.copies} == {
        "one.txt",
        "two.txt",
        "three.txt",
    }
    library.connection.execute("UPDATE articles SET title = 'Tile' WHERE path LIKE '%/two.txt'")
    (story,) = story_page(library).stories
    assert {copy.title for copy in story.copies} == {"Tide"}
    assert len(story.copies) == 2


def test_storage_is_told_by_kind(library, settings):
    settings.uploads_path.mkdir()
    (settings.uploads_path / "note.txt").write_bytes(b"x" * 100)
    (settings.home / "vectors-1.faiss").write_bytes(b"x" * 30)
    (settings.home / "library-format-1.db").write_bytes(b"x" * 20)
    settings.models_path.mkdir()
    (settings.models_path / "big.gguf").write_bytes(b"x" * 1000)
    (settings.home / "link").symlink_to(settings.models_path / "big.gguf")
    used = storage.used(settings)
    assert (used.uploads, used.vector_files, used.backups, used.models) == (100, 30, 20, 1000)
    assert used.articles > 4096
    assert used.total < 1_000_000
    files = [path for path in settings.home.rglob("*") if path.is_file() and not path.is_symlink()]
    assert used.total + used.models == sum(path.stat().st_size for path in files)


def test_no_library_takes_no_room(settings):
    assert storage.used(settings).total == 0
    assert not settings.home.exists()
