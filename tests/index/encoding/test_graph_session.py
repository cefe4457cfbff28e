"""The door to onnxruntime: what is run there stays on this machine."""

import os
import subprocess
import sys

import pytest

from index.encoding import bert_graph
from index.encoding.graph_session import open_session
from tests.conftest import PROJECT
from tests.index import tiny_encoder

DIRECTLY = "import sys, onnxruntime\nonnxruntime.InferenceSession(open(sys.argv[1], 'rb').read())\n"
THROUGH_THE_DOOR = (
    "import sys\n"
    "from index.encoding.graph_session import open_session\n"
    "open_session(open(sys.argv[1], 'rb').read())\n"
)


@pytest.fixture
def graph(tmp_path):
    folder = tiny_encoder.make(tmp_path / "model")
    path = tmp_path / "graph.onnx"
    path.write_bytes(bert_graph.build(bert_graph.read_model(folder), "fp32"))
    return path


def written_by(code, graph, home):
    """Every file that the process leaves in an empty home."""
    home.mkdir()
    # What turns telemetry off for testers must not be what turns it off here.
    kept = {k: v for k, v in os.environ.items() if k not in ("CI", "GITHUB_ACTIONS", "TF_BUILD")}
    kept.pop("ORT_DISABLE_TELEMETRY", None)
    subprocess.run(
        [sys.executable, "-c", code, str(graph)],
        cwd=PROJECT,
        env=kept | {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")},
        check=True,
    )
    return {path.name for path in home.rglob("*") if path.is_file()}


def test_no_identifier_of_the_machine_is_made(graph, tmp_path):
    if not written_by(DIRECTLY, graph, tmp_path / "other"):
        pytest.skip("this build of onnxruntime keeps no identifier of its own accord")
    assert written_by(THROUGH_THE_DOOR, graph, tmp_path / "home") == set()


def test_a_session_runs_the_graph(graph):
    found = open_session(graph.read_bytes()).run(None, {bert_graph.INPUT: [[2, 4, 3]]})
    assert found[0].shape == (1, tiny_encoder.WIDTH)
