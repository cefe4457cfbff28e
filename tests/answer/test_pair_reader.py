import logging

from answer import pair_reader


def test_the_graph_is_kept_and_made_again_when_damaged(tmp_path, caplog):
    made = []

    def make():
        made.append(1)
        return b"graph"

    path = tmp_path / "cache" / "one.onnx"
    assert pair_reader._kept(path, make) == b"graph"
    assert pair_reader._kept(path, make) == b"graph"
    assert len(made) == 1
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with caplog.at_level(logging.WARNING):
        assert pair_reader._kept(path, make) == b"graph"
    assert (len(made), "damaged" in caplog.text) == (2, True)


def test_a_cache_that_cannot_be_written_costs_only_time(tmp_path, caplog):
    (tmp_path / "cache").write_text("a file, no folder")
    assert pair_reader._kept(tmp_path / "cache" / "one.onnx", lambda: b"graph") == b"graph"
    assert "can't be" in caplog.text


def test_a_new_graph_takes_the_place_of_older_ones_of_its_kind(tmp_path):
    for name in ("extractive-1.1-aa.onnx", "entailment-1.1-aa.onnx", "extractive-1.1-bb.onnx"):
        pair_reader._kept(tmp_path / name, lambda: b"graph")
    assert {path.name for path in tmp_path.iterdir()} == {
        "entailment-1.1-aa.onnx",
        "extractive-1.1-bb.onnx",
    }
