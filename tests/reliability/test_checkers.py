"""The checkers of the runs on the real stack find what they are there to find."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.reliability.check_history import Kill, Seen, Verdict, check, struck
from tests.reliability.history import BUS, HISTORY, STORED, History, read_lines
from tests.reliability.run_scaling import is_in_order

STATEMENTS = "news.statements.v1"


def webhook(number: int, **other: Any) -> dict[str, Any]:
    told = {"id": f"alert {number}", "article": f"a{number}", "sequence": number, "body": f"body {number}"}
    return {"what": "webhook", "at": float(number), **told, **other}


def judge(folder: Path, *lines: dict[str, Any], stored: str = "a1 a2") -> Verdict:
    (folder / HISTORY).write_text("".join(json.dumps(line) + "\n" for line in lines))
    (folder / STORED).write_text(stored)
    (folder / BUS).write_text("")
    return check(folder)


GOOD = Verdict(
    stored=2, lost=0, twice=0, unequal=0, missing=0, kills=0, struck=0,
    repeated={"webhook": 0, STATEMENTS: 0, "news.articles.v1": 0},
)  # fmt: skip


def test_each_article_told_once_holds(tmp_path: Path) -> None:
    verdict = judge(tmp_path, webhook(1), webhook(2))
    assert verdict == GOOD
    assert verdict.holds


@pytest.mark.parametrize(
    ("lines", "breach"),
    [
        ([webhook(1)], {"lost": 1}),
        ([webhook(1), webhook(2), webhook(3, article="a2")], {"twice": 1}),
        ([webhook(1), webhook(2, sequence=3)], {"missing": 1}),
    ],
)
def test_a_breach_is_found(lines: list[dict[str, Any]], breach: dict[str, int], tmp_path: Path) -> None:
    verdict = judge(tmp_path, *lines)
    assert verdict == replace(GOOD, **breach)  # type: ignore[arg-type]
    assert not verdict.holds


def test_a_repetition_is_allowed_under_the_same_id_with_the_same_bytes(tmp_path: Path) -> None:
    again = judge(tmp_path, webhook(1), webhook(2), webhook(2))
    assert again.holds
    assert again.repeated["webhook"] == 1
    other = judge(tmp_path, webhook(1), webhook(2), webhook(2, body="other bytes"))
    assert other.unequal == 1
    assert not other.holds


def test_a_kill_struck_if_it_fell_between_an_effect_and_its_repetition() -> None:
    seen = [Seen(STATEMENTS, "a1", "m1", 10.0), Seen(STATEMENTS, "a1", "m1", 20.0), Seen(STATEMENTS, "a2", "m2", 21.0)]
    before, other, struck_it, later = (
        Kill("extractor-1", 9.0), Kill("alerts-1", 10.5), Kill("extractor-2", 11.0), Kill("extractor-1", 12.0),
    )  # fmt: skip
    assert struck(seen, [before, other, struck_it, later]) == {struck_it}
    assert struck(seen[1:], [struck_it]) == set()


def test_repetitions_keep_the_order_and_swapped_revisions_break_it() -> None:
    assert is_in_order([1, 2, 3, 2, 3, 4])
    assert not is_in_order([1, 3, 2])


def test_the_history_is_there_at_once(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.note("kill", target="kafka")
    assert [(line["what"], line["target"]) for line in read_lines(tmp_path / HISTORY)] == [("kill", "kafka")]
    history.close()
