"""Links open the app once and for a minute; the secret is its owner's alone."""

import os
import stat
import subprocess
import tempfile
import threading
from pathlib import Path

import pytest

from core import door
from core.door import ANYONE, LINK_PATH, OWN_USER, SECRET_NAME
from core.errors import InputError

NOW = 1_700_000_000.25
PORT = 8501
POSIX = pytest.mark.skipif(os.name != "posix", reason="no file modes")


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def running(home):
    return door.opened(home, NOW)[0]


def key_of(address):
    return address.partition(LINK_PATH)[2]


def test_a_link_opens_once(running):
    key = key_of(running.link(PORT, NOW))
    assert running.admits(key, PORT, NOW, True)
    assert not running.admits(key, PORT, NOW, True)
    assert running.admits(key_of(running.link(PORT, NOW)), PORT, NOW, True)


@pytest.mark.parametrize(
    ("seconds", "opens"), [(0, True), (59.9, True), (60.1, False), (3600, False), (-30, False)]
)
def test_a_link_opens_for_a_minute(running, seconds, opens):
    key = key_of(running.link(PORT, NOW))
    assert running.admits(key, PORT, NOW + seconds, True) is opens


def test_a_link_is_for_one_port_and_one_home(running, tmp_path):
    key = key_of(running.link(PORT, NOW))
    assert not running.admits(key, PORT + 1, NOW, True)
    other, _ = door.opened(tmp_path / "other", NOW)
    assert not other.admits(key, PORT, NOW, True)
    assert other.cookie_name != running.cookie_name
    assert not other.knows([running.cookie])
    assert running.admits(key, PORT, NOW, True)


def test_a_used_link_stays_used_over_a_restart(running, home):
    key = key_of(running.link(PORT, NOW))
    assert running.admits(key, PORT, NOW + 1, True)
    again, _ = door.opened(home, NOW + 5)
    assert not again.admits(key, PORT, NOW + 6, True)
    assert again.knows([running.cookie])  # the cookie goes on


def test_a_clock_that_was_put_back_locks_nobody_out(running):
    earlier = NOW - 7200
    assert not running.admits(key_of(running.link(PORT, NOW)), PORT, earlier, True)
    assert running.admits(key_of(running.link(PORT, earlier)), PORT, earlier, True)


@pytest.mark.parametrize("asking", [True, False, None])
def test_the_link_given_to_the_own_browser_is_of_no_use_to_others(running, asking):
    """Other users can read a browser's command line."""
    own = key_of(running.link(PORT, NOW, OWN_USER))
    assert running.admits(own, PORT, NOW, asking) is (asking is not False)
    assert running.admits(key_of(running.link(PORT, NOW, ANYONE)), PORT, NOW, asking)


def test_whom_a_link_is_for_cannot_be_changed(running):
    own = key_of(running.link(PORT, NOW, OWN_USER))
    for place in range(len(own)):
        changed = own[:place] + ("A" if own[place] != "A" else "B") + own[place + 1 :]
        is_padding = place == len(own) - 1  # its last bits may belong to no byte
        assert not running.admits(changed, PORT, NOW, False)
        assert is_padding or not running.admits(changed, PORT, NOW, True)


@pytest.mark.parametrize("key", ["", "x", "é", "=" * 76, "A" * 76, "A" * 100_000, "../door.key"])
def test_what_is_no_key_opens_nothing(running, key):
    assert not running.admits(key, PORT, NOW, True)


def test_only_the_cookie_is_known(running):
    assert running.knows(["nonsense", running.cookie])
    for wrong in ([], [""], ["é"], [running.cookie[:-1]], [running.cookie.upper() + " "]):
        assert not running.knows(wrong)


def test_what_leaves_the_file_is_not_the_secret(running, home):
    secret = (home / SECRET_NAME).read_bytes()
    assert len(secret) == 32
    assert secret.hex() not in running.cookie + running.cookie_name
    assert running.cookie not in running.link(PORT, NOW)


def test_a_link_of_another_process(running, home):
    assert running.admits(key_of(door.link(home, PORT, NOW + 1)), PORT, NOW + 2, None)


def test_no_link_without_an_app(home):
    with pytest.raises(InputError, match="Start the app first"):
        door.link(home, PORT, NOW)
    assert not home.exists()


@POSIX
def test_the_secret_is_its_owners_alone(running, home):
    found = (home / SECRET_NAME).stat()
    assert stat.S_IMODE(found.st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert [path.name for path in home.iterdir()] == [SECRET_NAME]


@POSIX
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666])
def test_a_secret_that_others_could_read_is_replaced(running, home, mode):
    (home / SECRET_NAME).chmod(mode)
    with pytest.raises(InputError, match="other users could read it"):
        door.link(home, PORT, NOW)
    new, problem = door.opened(home, NOW)
    assert "other users could read it" in problem
    assert not new.knows([running.cookie])
    assert stat.S_IMODE((home / SECRET_NAME).stat().st_mode) == 0o600


@POSIX
def test_a_link_in_its_place_is_not_followed(home, tmp_path):
    home.mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"k" * 32)
    elsewhere.chmod(0o600)
    (home / SECRET_NAME).symlink_to(elsewhere)
    opened, problem = door.opened(home, NOW)
    assert problem
    assert not (home / SECRET_NAME).is_symlink()
    assert elsewhere.read_bytes() == b"k" * 32
    assert not opened.knows([door.Door(b"k" * 32, NOW).cookie])


@POSIX
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_ends_in_a_secret_or_a_reason(home, make):
    home.mkdir()
    make(home / SECRET_NAME)
    opened, problem = door.opened(home, NOW)  # and doesn't wait for a writer
    assert problem
    assert opened.admits(key_of(opened.link(PORT, NOW)), PORT, NOW, True)


def test_a_damaged_secret_is_replaced(home):
    home.mkdir()
    (home / SECRET_NAME).write_bytes(b"")
    (home / SECRET_NAME).chmod(0o600)
    assert "damaged" in door.opened(home, NOW)[1]
    assert door.opened(home, NOW)[1] == ""


def test_where_nothing_can_be_kept_the_app_opens_all_the_same(tmp_path):
    (tmp_path / "home").write_text("a file")
    opened, problem = door.opened(tmp_path / "home", NOW)
    assert problem
    assert opened.admits(key_of(opened.link(PORT, NOW)), PORT, NOW, True)


def test_two_starts_at_once_agree(home):
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(door.opened(home, NOW)[0].cookie))
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16
    assert len(set(found)) == 1
    assert [path.name for path in home.iterdir()] == [SECRET_NAME]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_another_user_reads_no_secret():
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        door.opened(Path(folder), NOW)
        read = ["cat", str(Path(folder) / SECRET_NAME)]
        for user, code in ((None, 0), (65534, 1)):
            done = subprocess.run(read, user=user, group=user, capture_output=True)
            assert done.returncode == code, done.stderr
