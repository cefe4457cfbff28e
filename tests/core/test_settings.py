"""What the environment may say, read once at the edge."""

from pathlib import Path

import pytest

from core import settings
from core.errors import InputError


def test_the_command_line_wins_over_the_environment():
    assert settings.load("/a", {"SOURCEBOOK_HOME": "/b"}).home == Path("/a")
    assert settings.load(None, {"SOURCEBOOK_HOME": "/b"}).home == Path("/b")


def test_the_longest_text_is_a_setting():
    assert settings.load("/a", {}).max_text_bytes == 64 * 2**20
    assert settings.load("/a", {"SOURCEBOOK_MAX_TEXT_MB": "2"}).max_text_bytes == 2 * 2**20


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5"])
def test_a_longest_text_that_is_none_is_named(value):
    with pytest.raises(InputError, match="SOURCEBOOK_MAX_TEXT_MB"):
        settings.load("/a", {"SOURCEBOOK_MAX_TEXT_MB": value})


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", "https://huggingface.co"),
        ("https://mirror.example/", "https://mirror.example"),
        ("http://127.0.0.1:8080/hub", "http://127.0.0.1:8080/hub"),
    ],
)
def test_models_come_from_the_named_endpoint(given, kept):
    assert settings.load("x", {"SOURCEBOOK_MODELS_ENDPOINT": given}).models_endpoint == kept


@pytest.mark.parametrize(
    "given",
    ["mirror.example", "ftp://mirror.example", "https://", "https://user:key@mirror.example",
     "https://mirror.example?x=1", "http://a:port", "http://[", "file:///etc"],
)  # fmt: skip
def test_an_endpoint_that_is_none_is_named(given):
    with pytest.raises(InputError, match="SOURCEBOOK_MODELS_ENDPOINT"):
        settings.load("x", {"SOURCEBOOK_MODELS_ENDPOINT": given})
