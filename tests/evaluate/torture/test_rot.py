"""Thirty damages: no wrong word is shown, each is found, all is brought back."""

import random

import pytest

from evaluate.torture import rot
from index.keeping import doctor
from index.keeping.doctor import Examination

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("rot")


def test_damage_is_found_and_mended(folder):
    lines = [rot.one(folder, number) for number in range(3)]
    assert [line["broken"] for line in lines] == [[], [], []]
    sums = rot.sums(lines)
    assert sums["mutations"] == 30
    assert sums["found"] == sums["repaired"] + sums["lost"] > 10


def test_what_is_not_found_is_told(folder, monkeypatch):
    here = rot._pristine(folder)

    def flip(path, chosen, other):
        data = path.read_bytes()
        path.write_bytes(data.replace(b"northern lock", b"southern lock"))
        return "words"

    monkeypatch.setattr(rot, "damage", flip)
    monkeypatch.setattr(rot, "LIBRARY_SHARE", 1.0)
    assert rot._library(here, random.Random(1), folder / "one")["broken"] == []
    monkeypatch.setattr(doctor, "examine", lambda library, key: Examination((), ()))
    (what, *_) = rot._library(here, random.Random(1), folder / "two")["broken"]
    assert "doctor did not find it" in what
