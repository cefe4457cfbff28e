"""What a followed folder leaves out, reads all the same, and keeps while its drive is away."""

import json
import os
import sqlite3
import zipfile
from pathlib import Path

import pytest

from index import build
from index.scan import Options
from index.store import open_library
from ingest import files
from tests.index.test_build import write
from tests.ingest import scans


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "articles"
    (made / "drafts").mkdir(parents=True)
    write(made, "a.txt", place="Ashford", thing="lanterns")
    write(made / "drafts", "b.txt", place="Borley", thing="barrels")
    return made


@pytest.fixture
def library(settings):
    with open_library(settings) as opened:
        yield opened


def add(library, *paths, **options):
    report = build.add(
        library, [str(path) for path in paths], None, options=Options(**options)
    )  # fmt: skip
    assert not report.missing
    return report


def sync(library):
    return build.sync(library, None)


def names(library, status="indexed"):
    return {Path(file.path).name for file in library.files() if file.status == status}


def reasons(report):
    return {Path(problem.path).name: problem.reason for problem in report.problems}


# --- globs ---------------------------------------------------------------------------


def test_what_a_glob_leaves_out_is_named_and_leaves_the_index(library, folder):
    write(folder, "old.bak", place="Corby", thing="candles")
    add(library, folder)
    assert names(library) == {"a.txt", "b.txt", "old.bak"}
    report = add(library, folder, exclude=("*.bak", "drafts"))
    assert names(library) == {"a.txt"}
    assert reasons(report) == {
        "old.bak": "excluded by “*.bak”",
        "drafts": "excluded by “drafts”",  # one entry: the folder is not entered
    }
    assert {Path(problem.path).name for problem in sync(library).problems} == {"old.bak", "drafts"}
    assert library.counts()["passages"] == 1


def test_globs_are_kept_replaced_and_cleared(library, folder):
    add(library, folder, exclude=("drafts", "drafts"))
    assert library.folders()[0].exclude == ("drafts",)
    add(library, folder)
    assert names(library) == {"a.txt"}
    add(library, folder, exclude=("a.*",))
    assert names(library) == {"b.txt"}
    add(library, folder, exclude=("",))
    assert library.folders()[0].exclude == ()
    assert names(library) == {"a.txt", "b.txt"}
    assert not sync(library).problems


def test_a_glob_may_name_a_path_in_the_folder(library, folder):
    (folder / "x" / "drafts").mkdir(parents=True)
    write(folder / "x" / "drafts", "c.txt", place="Corby", thing="candles")
    add(library, folder, exclude=(str(folder / "drafts"),))
    assert names(library) == {"a.txt", "c.txt"}


# --- what the user names -------------------------------------------------------------


def test_what_is_named_is_read_and_stays(library, folder):
    (folder / ".kept").mkdir()
    write(folder / ".kept", "c.txt", place="Corby", thing="candles")
    write(folder, "d.txt.part", place="Dorking", thing="drums")
    write(folder, ".e.txt", place="Epsom", thing="eggs")
    add(library, folder, exclude=("drafts",))
    assert names(library) == {"a.txt"}
    everything = {"a.txt", "b.txt", "c.txt", "d.txt.part", ".e.txt"}
    named = [folder / ".kept", folder / "d.txt.part", folder / ".e.txt", folder / "drafts"]
    add(library, *named)
    assert names(library) == everything
    for again in (lambda: sync(library), lambda: add(library, folder)):
        report = again()
        assert names(library) == everything
        assert (report.files["unchanged"], report.files["removed"]) == (5, 0)
        assert not report.problems
    assert [one.path for one in library.folders()] == sorted(map(str, [folder, *named]))


def test_what_is_named_inside_a_folder_that_reads_it_is_not_followed_twice(library, folder):
    add(library, folder)
    add(library, folder / "drafts", folder / "a.txt")
    assert [one.path for one in library.folders()] == [str(folder)]


def test_a_folder_named_together_with_the_one_around_it_goes_with_that(library, folder):
    assert add(library, folder / "drafts", folder).files["indexed"] == 2
    assert [one.path for one in library.folders()] == [str(folder)]


def test_a_wider_folder_leaves_alone_what_it_would_pass_over(library, folder):
    hidden = folder / ".kept"
    hidden.mkdir()
    write(hidden, "c.txt", place="Corby", thing="candles")
    add(library, hidden, folder / "drafts")
    add(library, folder)
    assert [one.path for one in library.folders()] == [str(folder), str(hidden)]
    assert names(library) == {"a.txt", "b.txt", "c.txt"}
    assert sync(library).files["unchanged"] == 3


def test_options_of_a_folder_inside_a_folder(library, folder):
    write(folder / "drafts", "c.bak", place="Corby", thing="candles")
    add(library, folder)
    add(library, folder / "drafts", exclude=("*.bak",))
    assert names(library) == {"a.txt", "b.txt"}
    write(folder, "d.bak", place="Dorking", thing="drums")
    add(library, folder)
    assert names(library) == {"a.txt", "b.txt", "d.bak"}
    build.remove(library, str(folder))
    assert not library.folders()
    assert not library.files()


def test_a_folder_of_its_own_in_a_folder_is_gone_when_it_is_deleted(library, folder):
    hidden = folder / ".kept"
    hidden.mkdir()
    path = write(hidden, "c.txt", place="Corby", thing="candles")
    add(library, folder, hidden)
    path.unlink()
    hidden.rmdir()
    assert sync(library).files["removed"] == 1
    assert [one.path for one in library.folders()] == [str(folder)]


def test_with_the_folder_around_it_away_it_stays(library, folder):
    hidden = folder / ".kept"
    hidden.mkdir()
    write(hidden, "c.txt", place="Corby", thing="candles")
    add(library, folder, hidden)
    folder.rename(folder.with_name("elsewhere"))
    report = sync(library)
    assert report.files["removed"] == 0
    assert {one.state for one in library.folders()} == {"unavailable"}
    assert {problem.path for problem in report.problems} == {str(folder), str(hidden)}


# --- drives ----------------------------------------------------------------------------


@pytest.fixture
def drive(monkeypatch):
    """A drive at a path: its device number as long as anything is left there."""
    real = files.device_of
    mounted = {}

    def device_of(path):
        for place, device in mounted.items():
            if Path(path) == Path(place) or Path(place) in Path(path).parents:
                return device if os.path.lexists(path) else device_of(str(Path(path).parent))
        return real(path)

    monkeypatch.setattr(files, "device_of", device_of)
    return mounted


def empty(folder):
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


def test_an_empty_mount_point_is_no_deletion(library, folder, drive):
    drive[folder] = 77
    add(library, folder)
    kept = {path: path.read_bytes() for path in folder.rglob("*.txt")}
    empty(folder)
    drive.clear()
    report = sync(library)
    assert (report.files["removed"], library.folders()[0].state) == (0, "unavailable")
    assert [problem.path for problem in report.problems] == [str(folder)]
    assert names(library) == {"a.txt", "b.txt"}
    sync(library)  # a look at the empty place teaches nothing
    assert names(library) == {"a.txt", "b.txt"}
    drive[folder] = 78  # numbers change when a drive comes back
    (folder / "drafts").mkdir()
    for path, data in kept.items():
        path.write_bytes(data)
    assert sync(library).files["unchanged"] == 2
    assert library.folders()[0].state == "watched"
    (folder / "a.txt").unlink()
    assert sync(library).files["removed"] == 1


def test_all_files_deleted_on_the_same_device_are_gone(library, folder, drive):
    drive[folder] = 77
    add(library, folder)
    empty(folder)
    assert sync(library).files["removed"] == 2
    assert library.folders()[0].state == "watched"
    assert not library.files()


def test_one_file_deleted_while_the_drive_s_number_changed_is_gone(library, folder, drive):
    drive[folder] = 77
    add(library, folder)
    drive[folder] = 78
    (folder / "a.txt").unlink()
    assert sync(library).files["removed"] == 1
    assert names(library) == {"b.txt"}


def test_a_drive_inside_the_folder(library, folder, drive):
    drive[folder / "drafts"] = 77
    add(library, folder)
    (folder / "drafts" / "b.txt").unlink()
    drive.clear()
    report = sync(library)
    assert (report.files["removed"], report.files["unchanged"]) == (0, 1)
    assert [problem.path for problem in report.problems] == [str(folder / "drafts")]
    assert "stay searchable" in report.problems[0].reason
    assert names(library) == {"a.txt", "b.txt"}
    (folder / "a.txt").unlink()  # on the device that is there
    assert sync(library).files["removed"] == 1
    assert names(library) == {"b.txt"}


def test_a_file_on_a_drive_that_is_away(library, folder, drive):
    drive[folder] = 77
    add(library, folder / "a.txt")
    (folder / "a.txt").unlink()
    drive.clear()
    assert sync(library).files["removed"] == 0
    assert (library.folders()[0].state, names(library)) == ("unavailable", {"a.txt"})
    drive[folder] = 77
    assert sync(library).files["removed"] == 1
    assert not library.folders()


def test_a_folder_that_can_not_be_read_is_unavailable(library, folder, monkeypatch):
    add(library, folder)
    scandir = os.scandir

    def closed(path):
        if str(path) == str(folder):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    report = sync(library)
    assert library.folders()[0].state == "unavailable"
    assert reasons(report) == {"articles": "folder cannot be read (Permission denied)"}
    assert names(library) == {"a.txt", "b.txt"}
    monkeypatch.undo()
    assert sync(library).files["unchanged"] == 2
    assert library.folders()[0].state == "watched"


# --- pictures of pages --------------------------------------------------------------------

WORDS = [
    "The council of Corby met on Monday to talk about the candles across the river.",
    "Its chair said that nothing was missing and that all had been counted twice.",
]


@pytest.fixture
def scanned(folder, tmp_path, monkeypatch):
    """A file of scans in the folder, and a program in Tesseract's place; gives a function
    that takes it away and puts it back."""
    if os.name == "nt":
        pytest.skip("the program in Tesseract's place is a script with a #! line")
    (folder / "scan.pdf").write_bytes(scans.pdf([scans.drawn(WORDS, (620, 300))]))
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))

    def there(is_there=True):
        if is_there:
            scans.install(programs, [WORDS] * 9)
        else:
            (programs / "tesseract").unlink(missing_ok=True)

    return there


def test_ocr_is_off_until_a_folder_asks_for_it_and_then_stays_on(
    library, folder, scanned, read_paths
):
    scanned()
    assert reasons(add(library, folder)) == {"scan.pdf": "no text layer"}
    read_paths.clear()
    assert add(library, folder, ocr=True).files["indexed"] == 1
    assert read_paths == ["scan.pdf"]  # and no file that had its text before
    assert library.folders()[0].ocr
    known = library.file(str(folder / "scan.pdf"))
    assert (known.kind, known.encoding) == ("pdf", "tesseract:eng+deu")
    assert "Corby" in library.source_text(str(folder / "scan.pdf"))
    assert library.page_starts(str(folder / "scan.pdf")) == (0,)
    read_paths.clear()
    assert sync(library).files["unchanged"] == 3
    assert add(library, folder).files["unchanged"] == 3
    assert read_paths == []
    (folder / "later.pdf").write_bytes((folder / "scan.pdf").read_bytes() + b"\n")
    assert sync(library).files["indexed"] == 1


def test_ocr_off_again_takes_the_words_back(library, folder, scanned, read_paths):
    scanned()
    add(library, folder, ocr=True)
    read_paths.clear()
    assert reasons(add(library, folder, ocr=False)) == {"scan.pdf": "no text layer"}
    assert read_paths == ["scan.pdf"]
    assert not library.folders()[0].ocr
    read_paths.clear()
    assert sync(library).files["empty"] == 1
    assert read_paths == []


def test_tesseract_that_is_installed_later_is_used_by_the_next_scan(
    library, folder, scanned, read_paths
):
    scanned(False)
    (reason,) = reasons(add(library, folder, ocr=True)).values()
    assert "install Tesseract" in reason
    read_paths.clear()
    assert reasons(sync(library)) == {"scan.pdf": reason}
    assert read_paths == []
    scanned()
    assert sync(library).files["indexed"] == 1
    scanned(False)  # what was read stays
    assert sync(library).files["unchanged"] == 3


def test_ocr_for_one_file(library, folder, scanned):
    scanned()
    (folder / "drafts" / "other.pdf").write_bytes((folder / "scan.pdf").read_bytes())
    add(library, folder)
    add(library, folder / "scan.pdf", ocr=True)
    assert "scan.pdf" in names(library)
    for report in (sync(library), add(library, folder)):
        assert reasons(report) == {"other.pdf": "no text layer"}
        assert report.files["unchanged"] == 3


def test_turned_on_it_reaches_scans_in_archives(library, folder, scanned):
    scanned()
    with zipfile.ZipFile(folder / "box.zip", "w") as archive:
        archive.write(folder / "scan.pdf", "old.pdf")
    add(library, folder)
    assert names(library, "empty") == {"scan.pdf", "old.pdf", "box.zip"}
    add(library, folder, ocr=True)
    assert names(library, "empty") == set()
    assert {"old.pdf", "scan.pdf", "box.zip"} <= names(library)


# --- what has changed -------------------------------------------------------------------


@pytest.fixture
def read_paths(monkeypatch):
    """The names of the files that a run gave to the reading process."""
    seen = []
    real = build.Reader.read

    def read(self, path, *rest):
        seen.append(Path(path).name)
        return real(self, path, *rest)

    monkeypatch.setattr(build.Reader, "read", read)
    return seen


def test_what_was_skipped_or_failed_for_its_content_is_read_once(library, folder, read_paths):
    (folder / "noise.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "cut.pdf").write_bytes(b"%PDF-1.4 and nothing more")
    first = add(library, folder)
    assert {"noise.txt", "empty.txt", "cut.pdf"} <= set(read_paths)
    read_paths.clear()
    again = sync(library)
    assert read_paths == []
    assert reasons(again) == reasons(first)
    assert again.files == {**first.files, "indexed": 0, "unchanged": 2}
    library.connection.execute("UPDATE files SET rules = rules - 1 WHERE rules > 0")
    sync(library)
    assert "noise.txt" in read_paths


def test_a_name_that_is_no_longer_passed_over_is_read(library, folder):
    write(folder, "film.txt.part", place="Corby", thing="candles")
    add(library, folder)
    os.utime(folder / "film.txt.part", ns=(1, 1))
    add(library, folder / "film.txt.part")
    assert "film.txt.part" in names(library)


def test_other_bytes_with_the_same_size_and_time_are_noticed(library, folder):
    add(library, folder)
    path = folder / "a.txt"
    before = path.stat()
    (folder / "new").write_text(path.read_text().replace("lanterns", "lampions"))
    os.utime(folder / "new", ns=(before.st_atime_ns, before.st_mtime_ns))
    (folder / "new").replace(path)
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert sync(library).files["indexed"] == 1
    assert "lampions" in library.source_text(str(path))
    assert sync(library).files["unchanged"] == 2


def test_a_new_time_alone_costs_a_hash_and_no_reading(
    library, folder, read_paths, fake_source, fake_encoder
):
    build.add(library, [str(folder)], fake_source)
    read_paths.clear()
    fake_encoder.encoded.clear()
    (folder / "a.txt").chmod(0o600)
    os.utime(folder / "drafts" / "b.txt")
    report = build.sync(library, fake_source)
    assert (report.files["unchanged"], read_paths, fake_encoder.encoded) == (2, [], [])
    known = library.file(str(folder / "drafts" / "b.txt"))
    assert known.mtime_ns == (folder / "drafts" / "b.txt").stat().st_mtime_ns


def test_an_unchanged_folder_is_not_hashed(library, folder, monkeypatch):
    add(library, folder)
    monkeypatch.setattr(build, "digest", lambda path: pytest.fail("hashed"))
    assert sync(library).files["unchanged"] == 2


def test_a_migrated_library_learns_times_and_devices(library, folder, read_paths):
    add(library, folder)
    library.connection.execute("UPDATE files SET ctime_ns = NULL, device = NULL")
    read_paths.clear()
    assert sync(library).files["unchanged"] == 2
    assert read_paths == []
    rows = library.connection.execute("SELECT ctime_ns, device FROM files").fetchall()
    assert len(rows) == 2
    assert all(ctime and device is not None for ctime, device in rows)


def test_a_file_that_changes_while_it_is_read_is_read_again(library, folder, monkeypatch):
    """Half a file must not stay in the index."""
    from ingest import read

    path = folder / "a.txt"
    whole = path.read_text()
    path.write_text(whole[:100])
    real = read._bytes

    def slow(name, most, *rest):
        data = real(name, most, *rest)
        if name == str(path) and path.stat().st_size == 100:
            path.write_text(whole)
        return data

    monkeypatch.setattr(read, "_bytes", slow)
    monkeypatch.setattr(build.Reader, "read", lambda self, name, *rest: read.read_all(name, 10**6))
    assert reasons(add(library, folder)) == {"a.txt": "still being written"}
    assert sync(library).files["indexed"] == 1
    assert library.source_text(str(path)) == whole


def test_options_are_rows_that_a_statement_can_read(library, folder, settings):
    add(library, folder, exclude=("*.bak", "“x”"), ocr=True)
    connection = sqlite3.connect(settings.library_path)
    (row,) = connection.execute("SELECT exclude, ocr FROM roots").fetchall()
    connection.close()
    assert (json.loads(row[0]), row[1]) == (["*.bak", "“x”"], 1)


# --- names that end in "!" -----------------------------------------------------------


def paths(library, folder):
    return {os.path.relpath(file.path, folder) for file in library.files()}


def test_a_folder_called_like_a_file_with_a_mark_is_no_container(library, folder):
    (folder / "Stop!").mkdir()
    write(folder, "Stop", place="Ashford", thing="candles")
    write(folder / "Stop!", "x.txt", place="Borley", thing="thimbles")
    write(folder / "Stop!", "y.txt", place="Borley", thing="kettles")
    add(library, folder)
    write(folder, "Stop", place="Ashford", thing="buckets")  # read again: it has no members
    report = sync(library)
    assert (report.files["removed"], report.files["indexed"]) == (0, 1)
    (folder / "Stop!" / "x.txt").unlink()
    assert sync(library).files["removed"] == 1
    assert "Stop!/y.txt" in paths(library, folder)
    (folder / "Stop!" / "y.txt").unlink()
    (folder / "Stop!").rmdir()
    assert sync(library).files["removed"] == 1
    assert paths(library, folder) == {"a.txt", "drafts/b.txt", "Stop"}


def test_removing_a_file_leaves_the_folder_called_like_it(library, folder):
    (folder / "Stop!").mkdir()
    stop = write(folder, "Stop", place="Ashford", thing="candles")
    write(folder / "Stop!", "x.txt", place="Borley", thing="thimbles")
    add(library, folder)
    add(library, stop, exclude=("z",))  # followed on its own now, with what is in it
    assert library.devices_under(str(stop)).keys() == {str(stop)}
    build.remove(library, str(stop))
    assert paths(library, folder) == {"a.txt", "drafts/b.txt", "Stop!/x.txt"}


def test_a_container_in_a_folder_with_a_mark_keeps_its_members(library, folder):
    (folder / "Yahoo!").mkdir()
    text = write(folder, "c.txt", place="Corby", thing="candles").read_text()
    box = folder / "Yahoo!" / "box.zip"
    with zipfile.ZipFile(box, "w") as archive:
        archive.writestr("in!/d.txt", text)
    add(library, folder)
    assert "Yahoo!/box.zip!/in!/d.txt" in paths(library, folder)
    assert sync(library).files["removed"] == 0
    build.remove(library, str(box))
    assert paths(library, folder) == {"a.txt", "drafts/b.txt", "c.txt"}


def test_a_drive_with_a_mark_in_its_name_is_away_as_a_whole(library, folder, monkeypatch):
    drive = folder / "Yahoo!"
    drive.mkdir()
    write(drive, "c.txt", place="Corby", thing="candles")
    real = files.device_of
    monkeypatch.setattr(files, "device_of", lambda path: real(path) + ("Yahoo!" in path))
    add(library, folder)
    (drive / "c.txt").unlink()
    monkeypatch.setattr(files, "device_of", real)
    report = sync(library)
    assert report.files["removed"] == 0
    assert [problem.path for problem in report.problems] == [str(drive)]
