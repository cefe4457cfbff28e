"""What a page is told of the user's own server: at once, and from that server alone."""

import socket
import threading
import time

import pytest

from answer.writing import listed as module
from answer.writing.listed import Listed, ServerModels
from core.settings import Settings
from tests.answer.model_server import ModelServer


@pytest.fixture
def server():
    running = ModelServer()
    yield running
    running.close()


def known(models):
    end = time.monotonic() + 20
    while not (found := models.now()).is_known:
        assert time.monotonic() < end
        time.sleep(0.01)
    return found


def test_where_no_server_is_named_none_is_asked(tmp_path, monkeypatch):
    def refused(*_):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket, "create_connection", refused)
    monkeypatch.setattr(socket.socket, "connect", refused)
    before = threading.active_count()
    assert ServerModels(Settings(home=tmp_path)).now() == Listed()
    assert threading.active_count() == before


def test_models_that_write_are_listed_as_the_command_line_takes_them(tmp_path, server):
    server.script.models = ["nomic-embed-text", "qwen3:4b", "gpt-oss:120b-cloud", "llama3"]
    models = ServerModels(Settings(home=tmp_path, server=server.address))
    assert known(models) == Listed(("server:qwen3:4b", "server:llama3"))
    models.now()
    assert [path for path, _ in server.script.requests] == ["/v1/models"]  # once for a while


def test_a_server_that_hangs_keeps_nobody_waiting(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, and says nothing
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        models = ServerModels(Settings(home=tmp_path, server=address))
        assert models.now() == models.now() == Listed(is_known=False)
        found = known(models)
    assert found.names == ()
    assert address in found.problem


def test_a_server_that_was_started_later_is_found(tmp_path, server, monkeypatch):
    monkeypatch.setattr(module, "FRESH_SECONDS", 0.0)
    server.script.models = []
    models = ServerModels(Settings(home=tmp_path, server=server.address))
    models.now()
    server.script.models = ["llama3"]
    end = time.monotonic() + 20
    while models.now().names != ("server:llama3",):
        assert time.monotonic() < end
        time.sleep(0.01)


def test_an_address_of_another_machine_is_refused_with_its_name(tmp_path):
    models = ServerModels(Settings(home=tmp_path, server="http://192.0.2.1:11434"))
    found = known(models)
    assert found.names == ()
    assert "192.0.2.1" in found.problem
