"""What the systems say of memory and disk, in their own words."""

import sys

import pytest

from core import machine
from core.machine import Memory

MEMINFO = (
    "MemTotal:       16303428 kB\nMemFree:  812 kB\nMemAvailable:    9201212 kB\nCached: 1 kB\n"
)
VM_STAT = """Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                               12345.
Pages active:                            400000.
Pages inactive:                          300000.
Pages speculative:                         1000.
Pages wired down:                        200000.
Pages purgeable:                           2000.
"Translation faults":                 999999999.
"""


def test_linux():
    assert machine._linux(MEMINFO) == Memory(16_303_428 * 1024, 9_201_212 * 1024)
    assert machine._linux("MemTotal: 4 kB\nMemFree: 2 kB\n") == Memory(4096, 2048)
    assert machine._linux("") == Memory(None, None)


def test_macos():
    assert machine._mac_free(VM_STAT) == 16_384 * (12_345 + 300_000 + 1000 + 2000)
    assert machine._mac_free("") is None


def test_a_container_has_its_own_limit(tmp_path):
    (tmp_path / "memory.max").write_text("4000\n")
    (tmp_path / "memory.current").write_text("3000\n")
    (tmp_path / "memory.stat").write_text("anon 2500\ninactive_file 500\n")
    assert machine._within_limit(Memory(16_000, 9000), tmp_path) == Memory(4000, 1500)
    assert machine._within_limit(Memory(16_000, 200), tmp_path) == Memory(4000, 200)
    (tmp_path / "memory.max").write_text("max\n")
    assert machine._within_limit(Memory(16_000, 9000), tmp_path) == Memory(16_000, 9000)
    assert machine._within_limit(Memory(None, None), tmp_path / "no") == Memory(None, None)


@pytest.mark.skipif(sys.platform not in ("linux", "darwin", "win32"), reason="not told there")
def test_this_machine():
    found = machine.memory()
    assert found.total_bytes > found.free_bytes > 0


def test_the_disk_of_a_folder_that_is_yet_to_be_made(tmp_path):
    here = machine.free_disk_bytes(tmp_path)
    there = machine.free_disk_bytes(tmp_path / "a" / "b")
    assert abs(here - there) < here / 2
