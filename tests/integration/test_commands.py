"""What the commands of operators say, to people and with `--json` to programs, also where something is wrong."""

import json
import os
from collections.abc import Iterator
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from threading import Thread

import pytest
import structlog
from typer.testing import CliRunner, Result

from services.cli.main import app


@pytest.fixture(autouse=True)
def _data_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in [name for name in os.environ if name.startswith("VEDETTE_")]:
        monkeypatch.delenv(name)
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("VEDETTE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("VEDETTE_ADMIN_KEY", "a-test-key-of-enough-letters")
    yield
    structlog.reset_defaults()


@pytest.fixture
def file_server(tmp_path: Path) -> Iterator[str]:
    """A web server that is no Vedette: it answers with pages."""

    class Files(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(tmp_path))  # type: ignore[arg-type]

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    (tmp_path / "status").write_text("<html>welcome")
    with HTTPServer(("127.0.0.1", 0), Files) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def printed(*arguments: str) -> str:
    done = run(*arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def refused(*arguments: str) -> str:
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (1, "")
    return done.stderr.rstrip("\n")


@pytest.mark.parametrize("server", ["localhost:8080", "vedette.example", "http://[::1", "http://"])
def test_a_server_that_is_no_address_is_told_so(server: str) -> None:
    sentence = f"vedette: {server!r} is no address of a server: write one like http://127.0.0.1:8080"
    assert refused("status", "--server", server) == sentence


@pytest.mark.parametrize("key", ["käse", "two\nlines"])
def test_a_key_that_can_be_none_is_told_so(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEDETTE_API_KEY", key)
    sentence = "vedette: there are characters in VEDETTE_API_KEY that no key has"
    assert refused("status", "--server", "http://127.0.0.1:1") == sentence


def test_a_server_that_is_no_vedette_is_told_so(file_server: str) -> None:
    assert refused("claims", "list", "--server", file_server) == "vedette: the server answered 404 File not found"
    sentence = f"vedette: {file_server}/status does not answer as a Vedette does: --server takes the address of one"
    assert refused("status", "--server", file_server) == sentence


def test_a_setting_is_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEDETTE_SMTP_URL", "mail.example.org")
    assert refused("config").startswith("vedette: VEDETTE_SMTP_URL begins with 'no scheme': write smtp://")
    monkeypatch.setenv("VEDETTE_SMTP_URL", "smtp://mail.example.org")
    assert refused("config") == "vedette: VEDETTE_SMTP_URL is set, so VEDETTE_MAIL_FROM must be set too"
    monkeypatch.setenv("VEDETTE_MAIL_FROM", "desk@example.org")
    monkeypatch.setenv("VEDETTE_PORT", "many")
    assert refused("config").startswith("vedette: setting VEDETTE_PORT: ")


def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    before = printed("config", "--json")
    for name in ("SMTP_URL", "MAIL_FROM", "PORT", "STARTER_FEEDS", "EXTRACTOR_WORKERS", "PUBLIC_URL", "BUS_URL"):
        monkeypatch.setenv(f"VEDETTE_{name}", "")
    assert printed("config", "--json") == before


def test_the_key_for_other_instances_is_listed_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEDETTE_API_KEY", "another-key-of-enough-letters")
    text = printed("config", "--json")
    (row,) = (row for row in json.loads(text)["items"] if row["variable"] == "VEDETTE_API_KEY")
    assert (row["value"], "--server" in row["meaning"]) == ("********", True)
    assert "another-key" not in text


def test_a_link_that_no_reader_could_follow_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEDETTE_PUBLIC_URL", "vedette.example.org")
    assert refused("config") == "vedette: setting VEDETTE_PUBLIC_URL: must begin with https:// or http://"


def test_a_filter_without_a_value_is_no_filter_for_everything() -> None:
    answer = refused("subscribe", "--webhook", "https://receiver.example/hook", "--actor", "")
    assert answer == "vedette: filter.actor: there is no value in it: name one, or leave this out"
    assert printed("subscriptions", "list").startswith("No subscriptions.")


def test_the_help_names_what_a_filter_may_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    text = printed("subscribe", "--help")
    for words in ("planned, deployed, engaged, withdrawn;", "confirmed, claimed, suspected, denied;", "WAGNER"):
        assert words in text


def test_what_was_done_to_a_subscription_is_one_document() -> None:
    hook = "https://receiver.example/hook"
    made = json.loads(printed("subscribe", "--webhook", hook, "--actor", "prk, usa", "--actor", "NATO", "--json"))["id"]
    paused = json.loads(printed("subscriptions", "pause", made, "--json"))
    assert (paused["id"], paused["state"], paused["filter"]["actor"]) == (made, "paused", ["PRK", "USA", "NATO"])
    assert json.loads(printed("subscriptions", "resume", made, "--json"))["state"] == "active"
    assert json.loads(printed("deliveries", "retry", "--state", "failed", "--json")) == {"count": 0}
    assert json.loads(printed("subscriptions", "remove", made, "--json")) == {"removed": [made]}
    assert json.loads(printed("dead-letters", "redrive", "--json")) == {"items": []}


@pytest.mark.parametrize("command", [("status",), ("migrate",), ("feeds", "list", "--json"), ("read-back",)])
def test_a_command_that_makes_a_new_data_directory_says_so_once(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VEDETTE_DATA_DIR", str(tmp_path / "new"))
    done = run(*command)
    assert (done.exit_code, done.stderr) == (
        0,
        f"vedette: this makes a new data directory, {tmp_path / 'new'} (VEDETTE_DATA_DIR)\n",
    )
    assert run(*command).stderr == ""


def test_a_feed_that_is_watched_already_is_named() -> None:
    url = "https://feed.example/rss"
    assert printed("feeds", "add", url) == f"added {url}\n"
    assert printed("feeds", "add", url) == f"watched already: {url}\n"


def test_no_claims_and_no_such_claims_are_two_things() -> None:
    assert printed("claims", "list") == "No claims yet.\n"
    assert printed("claims", "list", "--actor", "prk") == "No such claims.\n"
    assert refused("claims", "list", "--actor", "Russland").endswith(
        "write RUS, or an organisation such as NATO or WAGNER"
    )
