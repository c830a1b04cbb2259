"""`vedette demo`: the product on this machine, without internet and without questions."""

import asyncio
import errno
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from services.cli.demo_story.print_alerts import AlertPrinter, BodyPrinter
from services.cli.demo_story.run_story import Outcome, run_story
from services.cli.demo_story.story import Step, load_story
from services.cli.failures import CommandFailed, failures_as_exit_status
from shared.ops.lifecycle import stop_on_signals

INTERRUPTED = 130
"""Exit status after Ctrl-C: 128 and the number of SIGINT, as shells have it."""


def demo(
    as_json: Annotated[bool, typer.Option("--json", help="print each alert as one webhook body a line")] = False,
) -> None:
    """Watch a story unfold in local feeds, with every alert it raises by webhook and e-mail. Takes half a minute."""
    printer = BodyPrinter() if as_json else AlertPrinter()
    with failures_as_exit_status():
        printer.begins()
        with TemporaryDirectory(prefix="vedette-demo-") as data_dir:
            outcome = asyncio.run(_run(load_story(), printer, Path(data_dir)))
        if outcome.unread:
            raise BrokenPipeError(errno.EPIPE, "nobody reads on")
        if outcome.interrupted:
            printer.say("\nThe demo was stopped.")
            raise typer.Exit(INTERRUPTED)
        printer.summary(outcome)
        if outcome.failure:
            raise CommandFailed(f"the demo did not go as it should: {outcome.failure}")


async def _run(steps: Sequence[Step], printer: AlertPrinter | BodyPrinter, data_dir: Path) -> Outcome:
    stop = asyncio.Event()
    stop_on_signals(stop)
    return await run_story(steps, printer, data_dir, stop)
