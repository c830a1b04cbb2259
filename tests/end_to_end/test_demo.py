"""`vedette demo` as a newcomer runs it: the console script in a process of its own, real HTTP and SMTP on loopback."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook

from services.cli.demo_story.inboxes import TOLERANCE_SECONDS, is_signed

VEDETTE = Path(sys.executable).with_name("vedette")
STORY = ["new", "new", "new", "denied", "revised"]
PROMISED_SECONDS = 60.0
PROMISED_SECONDS_TO_STOP = 5.0

# What an operator may have set must not reach the demo.
FOREIGN_SETTINGS = {"VEDETTE_ALERT_MAX_AGE_HOURS": "1", "VEDETTE_STARTER_FEEDS": "on", "VEDETTE_PORT": "1"}


def run_demo(directory: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [VEDETTE, "demo", *options],
        cwd=directory,
        env=os.environ | FOREIGN_SETTINGS,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=PROMISED_SECONDS + 30,
        check=False,
    )


def test_json_is_the_five_webhook_bodies_of_the_story_and_nothing_else(tmp_path):
    began = time.monotonic()
    demo = run_demo(tmp_path, "--json")
    seconds = time.monotonic() - began

    assert demo.returncode == 0, demo.stderr
    assert seconds < PROMISED_SECONDS
    bodies = [json.loads(line) for line in demo.stdout.splitlines()]
    assert [body["type"] for body in bodies] == [f"claim.{kind}" for kind in STORY]
    told = [body["data"] for body in bodies]
    assert [data["subscription"]["sequence"] for data in told] == [1, 2, 3, 4, 5]
    assert len({data["thread_id"] for data in told}) == 1
    assert {(data["claim"]["actor"], data["claim"]["destination"]) for data in told} == {("CUB", "NIC")}
    claims = [(data["claim"]["stage"], data["claim"]["count_min"], data["claim"]["source"]["code"]) for data in told]
    assert claims == [
        ("planned", 900, "HND"),
        ("planned", 4000, "COL"),
        ("deployed", 350, "HND"),
        ("deployed", None, "CUB"),
        ("deployed", 800, "HND"),
    ]
    assert [data["evidence"]["language"] for data in told] == ["de", "en", "de", "en", "de"]
    first, larger, arrived, denied, edited = told
    assert first["earlier"] is None
    assert larger["earlier"]["claim_id"] == first["claim_id"]
    assert denied["earlier"]["claim_id"] == arrived["claim_id"]
    assert edited["claim_id"] == arrived["claim_id"]
    assert edited["article"]["revision"] == 2
    assert list(tmp_path.iterdir()) == []


def test_on_a_pipe_it_prints_each_alert_with_its_reasons_and_counts_both_channels(tmp_path):
    demo = run_demo(tmp_path)

    assert demo.returncode == 0, demo.stderr
    assert re.findall(r"^▶ (\w+)", demo.stdout, re.MULTILINE) == [kind.upper() for kind in STORY]
    for fact in ("why", "evidence", "source", "article", "earlier", "webhook", "e-mail"):
        assert len(re.findall(rf"^  {fact} ", demo.stdout, re.MULTILINE)) == len(STORY), fact
    assert "By webhook: 5. By e-mail: 5." in demo.stdout
    assert "\x1b" not in demo.stdout


@pytest.mark.parametrize("after_seconds", [0.5, 6.0])
def test_ctrl_c_ends_it_within_five_seconds(tmp_path, after_seconds):
    demo = subprocess.Popen(
        [VEDETTE, "demo"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        assert demo.stderr is not None
        demo.stderr.readline()  # it has begun
        time.sleep(after_seconds)
        asked = time.monotonic()
        os.killpg(demo.pid, signal.SIGINT)  # as a terminal does: to its workers, too
        _, complaints = demo.communicate(timeout=30)
    finally:
        demo.kill()

    assert time.monotonic() - asked < PROMISED_SECONDS_TO_STOP
    assert demo.returncode == 130
    assert "The demo was stopped." in complaints


def test_it_ends_when_nobody_reads_on(tmp_path):
    demo = subprocess.Popen(
        [VEDETTE, "demo", "--json"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert demo.stdout is not None
        assert demo.stderr is not None
        first = json.loads(demo.stdout.readline())
        demo.stdout.close()
        complaints = demo.stderr.read()
        demo.wait(30)
    finally:
        demo.kill()

    assert first["type"] == "claim.new"
    assert demo.returncode == 1
    assert "(d)" not in complaints
    assert "Traceback" not in complaints
    assert "BrokenPipe" not in complaints
    assert "did not go as it should" not in complaints


def test_the_receiver_takes_only_what_its_secret_signed_a_moment_ago():
    secret, now, body = "whsec_c2VjcmV0LW9mLXRoZS1kZW1v", 1_700_000_000.0, b'{"type":"claim.new"}'
    signature = Webhook(secret).sign("msg_1", datetime.fromtimestamp(now, UTC), body.decode())

    def accepted(secret=secret, event_id="msg_1", sent_at="1700000000", signatures=signature, body=body, now=now):
        return is_signed(secret, event_id, sent_at, signatures, body, now)

    assert accepted()
    assert accepted(signatures=f"v1,AAAA {signature}")
    assert not accepted(body=body + b" ")
    assert not accepted(event_id="msg_2")
    assert not accepted(secret="whsec_YW5vdGhlcg==")
    assert not accepted(signatures="")
    assert not accepted(sent_at="soon")
    assert not accepted(now=now + TOLERANCE_SECONDS + 1)
