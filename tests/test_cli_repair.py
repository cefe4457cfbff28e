"""`doctor --repair` on the command line: what it did, line by line and as JSON."""

import json
import sqlite3
from contextlib import closing

import cli


def test_it_says_what_it_repaired_and_then_finds_nothing(tmp_path, capsys):
    article = tmp_path / "ferry.txt"
    article.write_text("Ferry to the island\n\nThe ferry will run twice a day from May. " * 3)
    home = ["--home", str(tmp_path / "home")]
    assert cli.main([*home, "add", str(article)]) == 0
    with closing(sqlite3.connect(tmp_path / "home" / "library.db")) as database:
        database.execute("UPDATE articles SET text = replace(text, 'May', 'June')")
        database.commit()
    assert cli.main([*home, "doctor"]) == 1
    capsys.readouterr()
    assert cli.main([*home, "doctor", "--repair", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["ok"]
    assert said["problems"] == [
        {
            "what": "an article is damaged: read again from its file",
            "path": str(article),
            "repaired": True,
        }
    ]
    assert cli.main([*home, "doctor", "--repair"]) == 0
    assert capsys.readouterr().out == "All is well.\n"


def test_it_exits_1_and_says_what_is_not_repaired(tmp_path, capsys):
    article = tmp_path / "ferry.txt"
    article.write_text("Ferry to the island\n\nThe ferry will run twice a day from May. " * 3)
    home = ["--home", str(tmp_path / "home")]
    assert cli.main([*home, "add", str(article)]) == 0
    with closing(sqlite3.connect(tmp_path / "home" / "library.db")) as database:
        database.execute("UPDATE articles SET text = replace(text, 'May', 'June')")
        database.commit()
    article.unlink()
    capsys.readouterr()
    assert cli.main([*home, "doctor", "--repair"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("NOT repaired: an article is damaged")
    assert str(article) in out
