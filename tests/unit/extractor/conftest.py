import pytest

from services.extractor.lexicon import Lexicon
from tests.unit.extractor import lexicon_fixture


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return lexicon_fixture.lexicon()
