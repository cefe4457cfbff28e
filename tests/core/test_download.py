"""Downloads from a real server on this machine, with the faults of the internet."""

import errno
import hashlib
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx2
import pytest

from core import machine, modelfiles, partial, transfer
from core.catalogue import CatalogueModel
from core.download import MARGIN_BYTES, address, begun_bytes, check_room, discard, download
from core.errors import ModelError
from core.partial import Partial, partial_path
from core.settings import Settings
from core.transfer import Listener, Stopped
from tests.conftest import PROJECT
from tests.core.model_server import Answer, serving

DATA = bytes(range(256)) * 4096  # a megabyte
SHA256 = hashlib.sha256(DATA).hexdigest()
MODEL = CatalogueModel(
    "tiny", "writer", "tiny.gguf", len(DATA), SHA256, "MIT", 1, repository="a/tiny", revision="r1"
)
PATH = "/a/tiny/resolve/r1/tiny.gguf"


@pytest.fixture
def server():
    with serving(DATA) as running:
        yield running


@pytest.fixture
def settings(tmp_path, server, monkeypatch):
    monkeypatch.setattr(transfer, "PAUSES_SECONDS", (0.0, 0.0, 0.0))
    monkeypatch.setattr(modelfiles, "MODELS_PATH", tmp_path / "checkout")
    return Settings(home=tmp_path / "home", models_endpoint=server.url)


@pytest.fixture
def target(settings):
    return settings.models_path / "tiny.gguf"


def begin(target, data=DATA[:300_000], sha256=SHA256):
    """What an earlier download has left."""
    path = partial_path(target, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def get(settings, listener=None):
    return download(settings, MODEL, listener or Listener())


def names(settings):
    return sorted(path.name for path in settings.models_path.iterdir())


def test_a_file_comes_whole_and_is_reported(settings, server, target):
    seen = []
    done = get(settings, Listener(seen.append))
    assert (done.path, done.bytes, done.sha256) == (target, len(DATA), SHA256)
    assert done.resumed_from == 0
    assert target.read_bytes() == DATA
    assert server.asked == [(PATH, "")]
    assert seen[-1].phase == "downloading"
    assert (seen[-1].bytes_done, seen[-1].bytes_total) == (len(DATA), len(DATA))
    assert [one.bytes_done for one in seen] == sorted(one.bytes_done for one in seen)
    assert names(settings) == [".tiny.gguf.lock", "tiny.gguf", "verified.json"]


def test_nothing_is_sent_but_the_request(settings, server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # not for this very machine
    get(settings)
    (headers,) = server.headers
    assert headers["User-Agent"] == "sourcebook"
    assert {name.lower() for name in headers} <= {
        "host", "accept", "accept-encoding", "connection", "user-agent",
    }  # fmt: skip


def test_the_finished_file_is_not_hashed_again(settings, monkeypatch):
    done = get(settings)
    monkeypatch.setattr(modelfiles, "_hashes", {})
    monkeypatch.setattr(hashlib, "file_digest", None)
    modelfiles.check_hash(done.path, SHA256, settings)


def test_one_that_is_here_is_only_verified(settings, server, target):
    get(settings)
    done = get(settings)
    assert (done.path, done.resumed_from) == (target, len(DATA))
    assert len(server.asked) == 1


def test_a_damaged_one_is_replaced(settings, server, target):
    target.parent.mkdir(parents=True)
    target.write_bytes(b"damaged")
    get(settings)
    assert target.read_bytes() == DATA


def test_a_begun_download_goes_on(settings, server, target):
    begin(target)
    seen = []
    done = get(settings, Listener(seen.append))
    assert done.resumed_from == 300_000
    assert server.asked == [(PATH, "bytes=300000-")]
    assert target.read_bytes() == DATA
    assert {one.phase for one in seen} == {"checking", "downloading"}


def test_a_begun_download_that_was_complete_is_only_verified(settings, server, target):
    begin(target, DATA)
    assert get(settings).resumed_from == len(DATA)
    assert server.asked == []
    assert target.read_bytes() == DATA


@pytest.mark.parametrize("left", [DATA + b"more", b"x" * 300_000])
def test_what_was_begun_wrongly_ends_well_or_is_deleted(settings, server, target, left):
    path = begin(target, left)
    if len(left) > len(DATA):
        assert get(settings).resumed_from == 0
        return
    with pytest.raises(ModelError, match="another file"):
        get(settings)
    assert not path.exists()
    assert get(settings).resumed_from == 0


def test_what_was_begun_for_another_file_is_not_continued(settings, server, target):
    other = begin(target, b"x" * 10, sha256="f" * 64)
    assert get(settings).resumed_from == 0
    assert other.exists()


def test_a_server_that_knows_no_ranges_begins_anew(settings, server, target):
    begin(target)
    server.usual = Answer(knows_ranges=False)
    assert get(settings).path == target
    assert target.read_bytes() == DATA
    assert len(server.asked) == 1


def test_another_range_than_asked_for_is_not_mixed_in(settings, server, target):
    begin(target)
    server.script = [Answer(begins_at=5)]
    get(settings)
    assert target.read_bytes() == DATA
    assert server.asked == [(PATH, "bytes=300000-"), (PATH, "")]


def test_a_cut_connection_is_taken_up_again(settings, server, target):
    server.script = [Answer(cut_after=400_000), Answer(cut_after=0), Answer(cut_after=100_000)]
    get(settings)
    assert target.read_bytes() == DATA
    ranges = [asked for _, asked in server.asked]
    assert ranges == ["", "bytes=400000-", "bytes=400000-", "bytes=500000-"]


def test_an_end_without_a_length_is_no_end(settings, server, target):
    server.script = [Answer(cut_after=400_000, says_length=False), Answer(says_length=False)]
    get(settings)
    assert target.read_bytes() == DATA


def test_a_connection_that_is_cut_again_and_again_ends_with_a_message(settings, server, target):
    server.script = [Answer(cut_after=400_000)]
    server.usual = Answer(cut_after=0)
    seen = []
    with pytest.raises(ModelError, match=r"127\.0\.0\.1.*cut.*kept.*goes on"):
        get(settings, Listener(seen.append))
    assert len(server.asked) == 4  # the first, then three that bring nothing
    assert begun_bytes(settings, MODEL) == 400_000
    assert [one.message for one in seen if one.phase == "waiting"]
    server.usual = Answer()
    assert get(settings).resumed_from == 400_000


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(settings, server, target, status):
    server.script = [Answer(status=status), Answer(status=status)]
    get(settings)
    assert target.read_bytes() == DATA
    server.usual = Answer(status=status)
    target.unlink()
    with pytest.raises(ModelError, match=f"HTTP {status}"):
        get(settings)


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "does not have this file"), (403, "without an account"), (418, "refuses")],
)
def test_a_refusal_is_final_and_named(settings, server, target, status, words):
    begin(target)
    server.usual = Answer(status=status)
    with pytest.raises(ModelError, match=rf"127\.0\.0\.1.*{words}.*HTTP {status}|HTTP {status}"):
        get(settings)
    assert len(server.asked) == 1
    assert begun_bytes(settings, MODEL) == 300_000


def test_416_begins_anew(settings, server, target):
    begin(target)
    server.script = [Answer(status=416)]
    get(settings)
    assert target.read_bytes() == DATA
    assert [asked for _, asked in server.asked] == ["bytes=300000-", ""]


def test_no_server(settings, server, target):
    begin(target)
    with pytest.raises(ModelError, match=r"127\.0\.0\.1:9 does not answer.*kept"):
        get(replace(settings, models_endpoint="http://127.0.0.1:9"))
    assert begun_bytes(settings, MODEL) == 300_000


def test_a_silent_server(settings, server, target, monkeypatch):
    monkeypatch.setattr(transfer, "SILENCE_SECONDS", 0.1)
    monkeypatch.setattr(transfer, "PAUSES_SECONDS", ())
    server.usual = Answer(silent_seconds=0.5)
    with pytest.raises(ModelError, match="sent nothing"):
        get(settings)


def test_a_server_without_encryption_is_told_from_one_that_is_away(settings, server):
    with pytest.raises(ModelError, match=r"No encrypted connection \(TLS\) to 127\.0\.0\.1"):
        get(replace(settings, models_endpoint=server.url.replace("http:", "https:")))


@contextmanager
def encrypted(folder):
    """A server whose certificate nobody has signed; its address."""
    if shutil.which("openssl") is None:
        pytest.skip("makes a certificate with the openssl program, which is not here")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost "
        f"-addext subjectAltName=IP:127.0.0.1 -keyout {key} -out {certificate}"
    )
    subprocess.run(made.split(), check=True, capture_output=True)
    http = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    http.socket = context.wrap_socket(http.socket, server_side=True)
    asked = []
    http.get_request = lambda: asked.append(1) or http.socket.accept()
    threading.Thread(target=http.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"https://127.0.0.1:{http.server_address[1]}", asked
    finally:
        http.shutdown()
        http.server_close()


def test_a_certificate_that_nobody_signed_is_named_and_ends_it_at_once(settings, tmp_path):
    with (
        encrypted(tmp_path) as (url, asked),
        pytest.raises(ModelError, match=r"certificate of 127\.0\.0\.1.*self.signed.*date.*proxy"),
    ):
        get(replace(settings, models_endpoint=url))
    assert len(asked) == 1


def test_an_encrypted_connection_that_breaks_off_was_cut():
    error = httpx2.ReadError("x")
    error.__cause__ = ssl.SSLError(1, "bad record mac")
    assert "was cut" in transfer._reason(error, "https://hub.example/x")


def test_redirects_are_followed_to_the_same_server(settings, server, target):
    begin(target)
    server.script = [Answer(status=302, location="/cdn/x?sign=1"), Answer(status=307, location="y")]
    get(settings)
    assert target.read_bytes() == DATA
    assert [path for path, _ in server.asked] == [PATH, "/cdn/x?sign=1", "/cdn/y"]
    assert {asked for _, asked in server.asked} == {"bytes=300000-"}
    assert not any("Cookie" in headers for headers in server.headers)


@pytest.mark.parametrize(
    "location",
    ["http://cdn.example/x", "http://localhost/x", "//cdn.example/x", "ftp://127.0.0.1/x",
     "file:///etc/passwd", "http://[", "javascript:1"],
)  # fmt: skip
def test_redirects_to_anything_unencrypted_elsewhere_are_refused(settings, server, location):
    server.usual = Answer(status=302, location=location)
    with pytest.raises(ModelError, match="not encrypted"):
        get(settings)
    assert len(server.asked) == 1


def test_redirects_in_circles_end(settings, server):
    server.usual = Answer(status=302, location=PATH)
    with pytest.raises(ModelError, match="in circles"):
        get(settings)


def test_a_wrong_hash_is_named_and_the_file_deleted(settings, server, target):
    server.data = DATA[:-1] + b"!"
    with pytest.raises(ModelError) as caught:
        get(settings)
    found = hashlib.sha256(server.data).hexdigest()
    for part in ("tiny.gguf", found, SHA256, "deleted"):
        assert part in str(caught.value)
    assert names(settings) == [".tiny.gguf.lock"]


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (DATA[:-9], Answer()),
        (DATA + b"more", Answer()),
        (DATA + b"more", Answer(says_length=False)),
        (DATA, Answer(total=len(DATA) + 7)),
    ],
)
@pytest.mark.parametrize("begun", [False, True])
def test_another_length_is_another_file(settings, server, target, data, answer, begun):
    server.data, server.usual = data, answer
    if begun:
        begin(target)
    with pytest.raises(ModelError, match=r"another file under this name.*1,048,576"):
        get(settings)
    assert not target.exists()


def test_too_little_room_is_said_before_anything_is_asked(settings, server, target, monkeypatch):
    monkeypatch.setattr(machine, "free_disk_bytes", lambda _: MARGIN_BYTES + len(DATA) - 1)
    with pytest.raises(ModelError, match=r"too little room.*1,048,576.*Free some space"):
        get(settings)
    assert server.asked == []
    begin(target)  # less is missing now
    check_room(settings, MODEL)
    get(settings)


def test_a_disk_that_fills_up_keeps_what_has_come(settings, server, target, monkeypatch):
    real = Partial.append

    def append(self, data):
        if self.size + len(data) > 500_000:
            self._file = Full(self._file)
        real(self, data)

    monkeypatch.setattr(Partial, "append", append)
    with pytest.raises(ModelError, match=r"disk is full.*kept.*Free some space"):
        get(settings)
    kept = begun_bytes(settings, MODEL)
    assert 0 < kept <= 500_000
    assert partial_path(target, SHA256).read_bytes() == DATA[:kept]
    monkeypatch.undo()
    monkeypatch.setattr(modelfiles, "MODELS_PATH", settings.home)
    assert get(settings).resumed_from == kept


class Full:
    """A file on a disk that has become full."""

    def __init__(self, file):
        self.file = file

    def write(self, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    def close(self):
        self.file.close()


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")
def test_a_disk_that_is_really_full(settings, server, target, monkeypatch):
    target.parent.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(target.parent)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can't be mounted here")
    try:
        monkeypatch.setattr(machine, "free_disk_bytes", lambda _: 10**12)
        with pytest.raises(ModelError, match="disk is full"):
            get(settings)
        kept = begun_bytes(settings, MODEL)
        assert 500_000 < kept < 620_000
        subprocess.run(["mount", "-o", "remount,size=9m", str(target.parent)], check=True)
        assert get(settings).resumed_from == kept
        assert target.read_bytes() == DATA
    finally:
        subprocess.run(["umount", str(target.parent)], check=True)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_folder_that_may_not_be_written_is_named(settings):
    settings.home.mkdir()
    settings.home.chmod(0o500)
    with pytest.raises(ModelError, match="can't be written"):
        get(settings)


def test_a_stop_keeps_what_has_come(settings, server, target):
    server.usual = Answer(bytes_per_second=1_000_000)
    listener = Listener()

    def stop(progress):
        if progress.bytes_done > 100_000:
            listener.stopped.set()

    listener.on_progress = stop
    with pytest.raises(Stopped):
        get(settings, listener)
    kept = begun_bytes(settings, MODEL)
    assert 100_000 < kept < len(DATA)
    server.usual = Answer()
    assert get(settings).resumed_from == kept


@pytest.mark.parametrize(
    "answer", [Answer(silent_seconds=60.0), Answer(falls_silent_after=400_000)]
)
def test_a_stop_is_heard_while_the_server_is_silent(settings, server, answer):
    server.usual = answer
    ended = stopped_when(settings, lambda: server.asked)
    assert isinstance(ended, Stopped)
    assert begun_bytes(settings, MODEL) == (answer.falls_silent_after or 0)
    server.usual = Answer()
    assert get(settings).resumed_from == (answer.falls_silent_after or 0)


def test_a_stop_is_heard_while_the_name_is_looked_up(settings, monkeypatch):
    asked, answers = threading.Event(), threading.Event()

    def look_up(*_, **__):
        asked.set()
        answers.wait(60)
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert isinstance(stopped_when(settings, asked.is_set), Stopped)
    answers.set()


def stopped_when(settings, condition):
    """What a download ends with that is stopped once the condition holds and all it will get
    has come; long before the silence itself would have ended it."""
    listener, ended, came = Listener(), [], []
    listener.on_progress = lambda one: came.append(one.bytes_done)

    def run():
        try:
            get(settings, listener)
        except (Stopped, ModelError) as error:
            ended.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    wait_for(condition)
    before = -1
    while before != (before := begun_bytes(settings, MODEL)):
        threading.Event().wait(0.5)
    listener.stopped.set()
    thread.join(transfer.SILENCE_SECONDS / 3)
    assert not thread.is_alive()
    return ended[0]


def wait_for(condition):
    for _ in range(200):
        if condition():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it never came to that")


def test_a_stop_while_it_waits_ends_the_wait(settings, server, monkeypatch):
    monkeypatch.setattr(transfer, "PAUSES_SECONDS", (3600.0,))
    server.usual = Answer(status=503)
    listener = Listener()
    listener.on_progress = lambda one: one.phase == "waiting" and listener.stopped.set()
    with pytest.raises(Stopped):
        get(settings, listener)


def test_two_at_once_are_refused(settings, server):
    server.usual = Answer(bytes_per_second=2_000_000)
    began = threading.Event()
    first = threading.Thread(
        target=get,
        args=(settings, Listener(lambda one: one.bytes_done and began.set())),
    )
    first.start()
    assert began.wait(10)
    with pytest.raises(ModelError, match="being downloaded already"):
        get(settings)
    with pytest.raises(ModelError, match="being downloaded already"):
        discard(settings, MODEL)
    first.join()
    assert len(server.asked) == 1


def test_a_killed_download_goes_on(settings, server, target):
    server.usual = Answer(bytes_per_second=500_000)
    code = (
        "import json, sys; from pathlib import Path; from core.catalogue import CatalogueModel;"
        "from core.download import download; from core.settings import Settings;"
        "from core.transfer import Listener; home, url, model = json.loads(sys.argv[1]);"
        "download(Settings(Path(home), models_endpoint=url), CatalogueModel(**model),"
        " Listener(lambda one: print(one.bytes_done, flush=True)))"
    )
    model = {name: getattr(MODEL, name) for name in
             ("name", "kind", "file", "bytes", "sha256", "licence", "memory_mb", "repository",
              "revision")}  # fmt: skip
    given = json.dumps([str(settings.home), server.url, model])
    with subprocess.Popen(
        [sys.executable, "-c", code, given], cwd=PROJECT, stdout=subprocess.PIPE
    ) as child:
        while int(child.stdout.readline()) < 50_000:
            pass
        child.kill()
    kept = begun_bytes(settings, MODEL)
    assert 50_000 <= kept < len(DATA)
    server.usual = Answer()
    assert get(settings).resumed_from == kept
    assert target.read_bytes() == DATA


def test_a_discarded_one_begins_anew(settings, server, target):
    begin(target)
    discard(settings, MODEL)
    assert begun_bytes(settings, MODEL) == 0
    assert get(settings).resumed_from == 0


def test_one_that_cannot_be_deleted_is_named(settings, target, monkeypatch):
    path = begin(target)

    def refuse(self, missing_ok=False):
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(
        ModelError, match=r"can't be deleted \(Permission denied\).*by hand"
    ) as told:
        discard(settings, MODEL)
    assert str(path) in str(told.value)


def test_a_model_that_a_package_carries_is_not_downloaded(settings, server, monkeypatch):
    carried = replace(MODEL, repository="", revision="", package="nowhere_to_be_found")
    with pytest.raises(ModelError, match=r"comes with a package.*pip install"):
        download(settings, carried, Listener())
    assert server.asked == []
    assert address(MODEL, "https://hub.example") == "https://hub.example" + PATH


def test_blocks_of_the_hash_are_read_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(partial, "BLOCK_BYTES", 100)
    begin(tmp_path / "x", DATA[:1000])
    with Partial(tmp_path / "x", SHA256) as file:
        seen = []
        file.read_again(seen.append)
        assert seen == list(range(100, 1001, 100))
        file.append(DATA[1000:])
        assert file.finish().read_bytes() == DATA
