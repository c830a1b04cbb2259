"""`vedette demo-outlets` beside a running Vedette, as docker-compose's profile `demo` has it."""

import os
import subprocess
from contextlib import contextmanager

from tests.fakes.neighbours import mail_server, wait_until
from tests.fakes.ports import free_port
from tests.fakes.vedette_process import KEY, VEDETTE, VedetteProcess

STORY = ["900, planned", "4,000, planned", "350, deployed", "denied", "800, deployed"]


def test_the_story_is_told_by_mail_to_a_vedette_that_runs_elsewhere(tmp_path):
    with mail_server() as mails, VedetteProcess(tmp_path, **_mail(mails.url)) as vedette:
        port = free_port()
        with outlets(vedette.wait_ready(), port, tmp_path) as process:
            wait_until(lambda: len(mails.mails) >= len(STORY), 90, "five mails")
            subjects = [str(mail["Subject"]) for mail in mails.mails]
            assert all(words in subject for words, subject in zip(STORY, subjects, strict=True)), subjects
            wait_until(lambda: "The story is told" in (tmp_path / "outlets.log").read_text(), 30, "the end")
        assert process.returncode == 0
        subscriptions = vedette.json("subscriptions", "list")["items"]
        with outlets(vedette.wait_ready(), port, tmp_path):
            wait_until(lambda: (tmp_path / "outlets.log").read_text().count("The story is told") == 1, 10, "at once")
        assert vedette.json("subscriptions", "list")["items"] == subscriptions
        assert len(mails.mails) == len(STORY)


def test_a_wrong_key_ends_in_a_sentence(tmp_path):
    with VedetteProcess(tmp_path) as vedette:
        url = vedette.wait_ready()
        done = subprocess.run(
            [VEDETTE, "demo-outlets", "--url", "http://127.0.0.1:1", "--fetcher", url, "--alerts", url],
            env=os.environ | {"VEDETTE_PORT": "0", "VEDETTE_API_KEY": "wrong"},
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert done.returncode == 1
    assert done.stderr.endswith("\nvedette: the server wants its API key: set VEDETTE_API_KEY to it\n")


def _mail(url):
    return {"VEDETTE_SMTP_URL": url, "VEDETTE_MAIL_FROM": "Vedette <vedette@example.org>"}


@contextmanager
def outlets(url, port, folder):
    own = f"http://127.0.0.1:{port}"
    with (folder / "outlets.log").open("w") as log:
        process = subprocess.Popen(
            [VEDETTE, "demo-outlets", "--url", own, "--fetcher", url, "--alerts", url],
            env=os.environ | {"VEDETTE_PORT": str(port), "VEDETTE_API_KEY": KEY},
            stdout=log,
            stderr=log,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(10)
