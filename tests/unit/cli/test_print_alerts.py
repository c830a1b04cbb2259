import errno
import os

import pytest

from services.cli.demo_story.print_alerts import AlertPrinter
from services.cli.demo_story.run_story import Outcome


def test_a_summary_that_nobody_reads_says_so_as_the_system_does(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    unread = os.fdopen(os.dup(writing), "w", encoding="utf-8")
    monkeypatch.setattr("sys.stdout", unread)

    with pytest.raises(BrokenPipeError) as raised:
        AlertPrinter().summary(Outcome())

    assert raised.value.errno == errno.EPIPE
    os.dup2(os.open(os.devnull, os.O_WRONLY), unread.fileno())  # what the stream still holds has to go somewhere
    unread.close()
    os.close(writing)
