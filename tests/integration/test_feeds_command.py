"""`vedette feeds` on files as people have them."""

from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from services.cli.main import app


@pytest.fixture(autouse=True)
def _data_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VEDETTE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("VEDETTE_ADMIN_KEY", "a-test-key-of-enough-letters")
    yield
    structlog.reset_defaults()


def vedette(*arguments: str) -> str:
    ended = CliRunner().invoke(app, list(arguments))
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def test_a_list_without_feeds_is_told_so(tmp_path: Path) -> None:
    opml = tmp_path / "feeds.opml"
    opml.write_text('<opml version="2.0"><body><outline text="a folder"/></body></opml>')
    assert vedette("feeds", "import", str(opml)) == "There are no feeds in this list.\n"


def test_a_list_is_read_in_the_encoding_that_it_declares(tmp_path: Path) -> None:
    opml = tmp_path / "feeds.opml"
    outline = '<outline text="Küstenblatt" xmlUrl="https://kueste.example/rss"/>'
    opml.write_bytes(
        f'<?xml version="1.0" encoding="ISO-8859-1"?><opml version="2.0"><body>{outline}</body></opml>'.encode(
            "latin-1"
        )
    )
    assert vedette("feeds", "import", str(opml)) == "added https://kueste.example/rss\n"
    assert 'text="Küstenblatt"' in vedette("feeds", "export")
