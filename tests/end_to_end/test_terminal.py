"""`vedette extract` and `replay` in front of a person: what goes to the terminal and what to the file."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

VEDETTE = Path(sys.executable).with_name("vedette")
SENTENCE = "Peru hat 300 Soldaten nach Haiti entsandt, wie das Verteidigungsministerium in Lima am Montag mitteilte."
CONTROL_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def write_articles(folder: Path, count: int) -> Path:
    file = folder / "articles.jsonl"
    lines = [json.dumps({"id": f"a{number}", "text": SENTENCE, "published": None}) for number in range(count)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def run_on_terminal(arguments: list[str], articles: Path, output: Path | None) -> str:
    """What the terminal shows. Standard error is one; standard output too, unless it is a file."""
    ours, theirs = pty.openpty()
    with articles.open("rb") as stdin:
        if output is None:
            process = subprocess.Popen([VEDETTE, *arguments], stdin=stdin, stdout=theirs, stderr=theirs)
        else:
            with output.open("wb") as stdout:
                process = subprocess.Popen([VEDETTE, *arguments], stdin=stdin, stdout=stdout, stderr=theirs)
    os.close(theirs)
    shown = bytearray()
    try:
        while chunk := os.read(ours, 65_536):
            shown += chunk
    except OSError:  # how Linux says that the other side has closed
        pass
    os.close(ours)
    assert process.wait(30) == 0
    return CONTROL_SEQUENCE.sub("", shown.decode()).replace("\r", "\n")


def test_the_bar_is_on_the_terminal_and_the_lines_are_in_the_file(tmp_path):
    output = tmp_path / "statements.jsonl"
    shown = run_on_terminal(["extract"], write_articles(tmp_path, 5), output)
    assert "articles" in shown
    assert SENTENCE not in shown
    assert [json.loads(line)["id"] for line in output.read_text().splitlines()] == ["a0", "a1", "a2", "a3", "a4"]


def test_lines_shown_on_the_terminal_are_whole(tmp_path):
    shown = run_on_terminal(["extract"], write_articles(tmp_path, 2), None)
    lines = [line for line in shown.splitlines() if line.startswith("{")]
    assert [json.loads(line)["id"] for line in lines] == ["a0", "a1"]
    assert "articles" in shown


def test_replay_takes_articles_without_a_date_and_a_renewal_time(tmp_path):
    output = tmp_path / "decisions.jsonl"
    run_on_terminal(["replay", "--renew-after-days", "365"], write_articles(tmp_path, 2), output)
    kinds = [json.loads(line)["decisions"][0]["kind"] for line in output.read_text().splitlines()]
    assert kinds == ["new", "repeated"]
