"""What the demo shows: its story on standard error, alerts and summary on standard output, or raw webhook bodies."""

import errno
import sys
from textwrap import wrap
from typing import Any, TextIO

from rich.console import Console
from rich.text import Text

from services.alerts.messages.mail_words import ENGLISH, Words, clean
from services.cli.demo_story.inboxes import Mail, Webhook
from services.cli.demo_story.run_story import Outcome
from services.cli.demo_story.story import Step
from services.cli.output import UNBOUNDED_WIDTH
from shared.events.statements import Claim

INDENT = 11
STYLES = {"new": "bold green", "revised": "bold yellow", "denied": "bold red"}


class Narrator:
    """Tells on standard error what the outlets do."""

    def __init__(self) -> None:
        self._console = _PlainConsole(sys.stderr)

    def begins(self) -> None:
        self.say(
            "Vedette's demo: three invented outlets, a webhook receiver and a mailbox on this machine, no internet."
        )
        self.say("Outlets, persons and events of the story are invented. Vedette starts …")

    def published(self, step: Step) -> None:
        self.say(f"\n({step.letter}) {step.about}")
        for entry in step.entries:
            self.say(f"    {entry.outlet.name}: {entry.article.title}")

    def say(self, line: str) -> None:
        self._console.print(Text(line, style="dim"))


class AlertPrinter(Narrator):
    """Shows each alert in full when its webhook comes, and in a line when its mail comes."""

    def __init__(self) -> None:
        super().__init__()
        self._out = _PlainConsole(sys.stdout)
        self._shown: set[str] = set()
        self._early: dict[str, Mail] = {}

    def webhook(self, webhook: Webhook) -> None:
        data = webhook.body["data"]
        self._out.print()
        self._out.print(headline(data))
        for name, value in facts(data).items():
            self._fact(name, value)
        self._shown.add(webhook.event_id)
        if webhook.event_id in self._early:
            self.mail(self._early.pop(webhook.event_id))

    def mail(self, mail: Mail) -> None:
        if mail.event_id not in self._shown:
            self._early[mail.event_id] = mail
            return
        self._fact("e-mail", f"to {mail.recipient}: {clean(mail.subject)}")

    def summary(self, outcome: Outcome) -> None:
        self._out.print()
        for line in summary_lines(outcome):
            self._out.print(Text(line))

    def _fact(self, name: str, value: str) -> None:
        lines = wrap(value, max(self._out.width - INDENT, 20), break_on_hyphens=False)
        self._out.print(Text.assemble((f"  {name}".ljust(INDENT), "cyan"), f"\n{' ' * INDENT}".join(lines)))


class BodyPrinter(Narrator):
    """Prints each webhook body as it came, one a line, and nothing else on standard output."""

    def webhook(self, webhook: Webhook) -> None:
        print(webhook.raw, flush=True)

    def mail(self, mail: Mail) -> None:
        """Not shown, only counted."""

    def summary(self, outcome: Outcome) -> None:
        for line in summary_lines(outcome):
            self.say(line)


def headline(data: dict[str, Any]) -> Text:
    """What became of which claim, in one line."""
    words, style = Words(ENGLISH), STYLES[data["kind"]]
    kind = words.kind(data["kind"]).upper()
    return Text.assemble((f"▶ {kind}", style), "  ", (words.headline(Claim.model_validate(data["claim"])), "bold"))


def facts(data: dict[str, Any]) -> dict[str, str]:
    """Why a reader is told, by what evidence, and what was known before."""
    words = Words(ENGLISH)
    article, evidence, earlier = data["article"], data["evidence"], data["earlier"]
    return {
        "why": clean(data["why"]),
        "evidence": f"“{clean(evidence['text'])}” [{evidence['language']}]",
        "source": words.source(Claim.model_validate(data["claim"])),
        "article": f"{clean(article['outlet'])}, {words.moment(article['published'])}: {clean(article['title'])}",
        "earlier": _earlier(earlier, words) if earlier else "none",
        "webhook": f"number {data['subscription']['sequence']} of its subscription, signature verified",
    }


def summary_lines(outcome: Outcome) -> list[str]:
    """How it ended, both channels counted."""
    kinds = [kind for result in outcome.results for kind in result.kinds]
    webhooks = sum(len(result.webhooks) for result in outcome.results)
    mails = sum(len(result.mails) for result in outcome.results)
    outlets = {entry.outlet for result in outcome.results for entry in result.step.entries}
    return [
        f"{outcome.articles} articles and edits from {len(outlets)} feeds in {outcome.seconds:.0f} s: "
        f"{len(kinds)} alerts ({', '.join(kinds)}).",
        f"By webhook: {webhooks}. By e-mail: {mails}. Everything else was told before, or is no claim about troops.",
    ]


def _earlier(earlier: dict[str, Any], words: Words) -> str:
    told = words.headline(Claim.model_validate(earlier["claim"]))
    return f"{told}, {clean(earlier['article']['outlet'])}; difference: {clean(earlier['difference'])}"


class _PlainConsole(Console):
    """Prints texts as they are, and lets the caller decide what a reader's leaving means."""

    def __init__(self, stream: TextIO) -> None:
        width = None if stream.isatty() else UNBOUNDED_WIDTH
        super().__init__(file=stream, width=width, highlight=False, markup=False, emoji=False)

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError(errno.EPIPE, "nobody reads on")
