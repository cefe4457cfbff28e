from __future__ import annotations

import json
import math

import pytest

from ingest import boilerplate, line_features, line_model, refining
from ingest.lines import split_lines
from ingest.read import read_file

PARAGRAPH = (
    "The ferry of Velm ran late on Tuesday, because the harbour pilots had gone to a meeting "
    "about the new lighthouse, said Ilka Brandt, who runs the ferry company."
)
PAGE = "\n\n".join(
    (
        "Home", "Sport", "Weather", "Money", "Travel", "Videos",
        "Ferry runs late",
        PARAGRAPH,
        PARAGRAPH.replace("Tuesday", "Wednesday").replace("late", "later still"),
        PARAGRAPH.replace("Tuesday", "Thursday").replace("pilots", "captains"),
        "Most popular",
        "A cat in the organ",
        "Ten recipes with quinces",
        "Privacy policy",
    )
)  # fmt: skip


def test_weights_are_small_and_fit_the_features() -> None:
    assert line_model.WEIGHTS.stat().st_size < 60_000
    text = line_model.WEIGHTS.read_text(encoding="utf-8")
    assert len(line_model.from_json(text).trees) > 10
    other = {**json.loads(text), "features": ["words"]}
    with pytest.raises(ValueError, match="other features"):
        line_model.from_json(json.dumps(other))


def test_one_column_per_name_one_value_per_line() -> None:
    lines = split_lines(PAGE)
    columns = line_features.columns(lines, [""] * len(lines), "Ferry runs late")
    assert len(columns) == len(line_features.NAMES)
    assert {len(column) for column in columns} == {len(lines)}
    assert {len(column) for column in line_features.columns([], [], "")} == {0}


def test_columns_say_what_their_names_say() -> None:
    lines = split_lines(PAGE)
    labels = ["menu" if line.words < 3 else "" for line in lines]
    columns = line_features.columns(lines, labels, "Ferry runs late")
    table = dict(zip(line_features.NAMES, (list(column) for column in columns), strict=True))
    first, end = 7, 10  # the paragraphs
    count = len(lines)
    assert table["dense"] == [first <= n < end for n in range(count)]
    assert table["dense_edge"] == [-7, -6, -5, -4, -3, -2, -1, 1, 2, 1, -1, -2, -3, -4]
    assert table["from_title"] == [n - 6 for n in range(count)]
    assert table["title_shared"][:7] == [0] * 6 + [1]
    assert table["until_body"] == [*range(7, 0, -1), 1, 1, 40, 40, 40, 40, 40]
    assert table["since_body"] == [40] * 8 + [1, 1, 1, 2, 3, 4]
    assert table["since_footer"] == [40] * 10 + [0, 1, 2, 3]
    assert table["footers"] == [0] * 10 + [1] * 4
    assert table["menu"] == [why == "menu" for why in labels]
    assert table["words+1"] == [*table["words"][1:], -1]
    assert table["kept-3"] == [0, 0, 0, *table["kept"][:-3]]
    assert table["copies"] == [1] * count
    assert table["alike"][:4] == [0, 2, 3, 4]  # the first says itself that it is a link


def test_trees_decide_as_when_walked_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_model, "BLOCK_LINES", 5)  # several blocks, the last one shorter
    lines = split_lines(PAGE)
    labels = boilerplate.rules(lines, "Ferry runs late", saved_page=True)
    asked = [n % 3 != 1 for n in range(len(lines))]
    model = line_model.from_json(line_model.WEIGHTS.read_text(encoding="utf-8"))
    rows = list(zip(*line_features.columns(lines, labels, "Ferry runs late"), strict=True))
    chances = line_model.probabilities(lines, labels, "Ferry runs late", asked)
    for row, wanted, chance in zip(rows, asked, chances, strict=True):
        score = model.base
        for node in model.trees:
            while isinstance(node, tuple):
                node = node[2] if row[node[0]] <= node[1] else node[3]
            score += node
        assert chance == pytest.approx(1 / (1 + math.exp(-score)) if wanted else 0.0, abs=1e-9)


def test_densest_stretch() -> None:
    assert line_features.densest([-1, 5, -2, 4, -9, 3]) == (1, 4)
    assert line_features.densest([-1, -2]) == (0, 0)


def test_story_lines_are_likelier_than_the_menu() -> None:
    lines = split_lines(PAGE)
    labels = boilerplate.rules(lines, "Ferry runs late", saved_page=True)
    chances = line_model.probabilities(lines, labels, "Ferry runs late", [True] * len(lines))
    story = [chance for line, chance in zip(lines, chances, strict=True) if line.words > 20]
    rest = [chance for line, chance in zip(lines, chances, strict=True) if line.words <= 20]
    assert min(story) > max(rest)


def test_a_model_in_use_decides_and_is_put_back() -> None:
    lines = split_lines(PAGE)
    asked = [True] * len(lines)
    before = line_model.probabilities(lines, [""] * len(lines), "", asked)
    with line_model.using(line_model.Model(0.0, ())):
        assert set(line_model.probabilities(lines, [""] * len(lines), "", asked)) == {0.5}
    assert line_model.probabilities(lines, [""] * len(lines), "", asked) == before


def test_all_trees_at_once_say_what_one_after_the_other_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = split_lines(PAGE)
    given = (lines, [line.own_words for line in lines], "Ferry runs late", [True] * len(lines))
    at_once = line_model.probabilities(*given)
    monkeypatch.setattr(line_model, "FEW_LINES", 0)
    assert line_model.probabilities(*given) == at_once
    assert len(set(at_once)) > 5


def test_paragraphs_that_an_extractor_missed_come_back() -> None:
    lines = split_lines("\n\n".join([PARAGRAPH.replace("Velm", f"Velm {n}") for n in range(14)]))
    chosen = ["" if n < 6 else "not the article" for n in range(14)]
    sure = line_model.Model(3.0, ())
    with line_model.using(sure):
        assert refining.correct(lines, chosen, [""] * 14, "") == [""] * 14
    with line_model.using(line_model.Model(0.0, ())):
        assert refining.correct(lines, chosen, [""] * 14, "") == chosen


def test_nothing_is_brought_back_where_the_rules_keep_nothing() -> None:
    lines = split_lines("\n\n".join(f"Teaser number {n} of the day" for n in range(20)))
    assert refining.refine(lines, ["teaser"] * 20, "") == ["teaser"] * 20


def test_words_of_an_advertisement_go_with_its_mark(tmp_path) -> None:  # type: ignore[no-untyped-def]
    advert = "Cheap umbrellas from nine crowns. Stay dry."
    for mark in ("ADVERTISEMENT", "Sponsored"):
        path = tmp_path / f"{mark}.txt"
        path.write_text(PAGE.replace(PARAGRAPH, f"{PARAGRAPH}\n\n{mark}\n\n{advert}", 1), "utf-8")
        (article,) = read_file(str(path), 10**6).articles
        assert "umbrellas" not in article.text
        assert article.text.count("lighthouse") == 3
