"""What the demo shows: its story on standard error, alerts and summary on standard output, or raw webhook bodies."""

import sys
from typing import Any

from rich.console import Console
from rich.text import Text

from services.alerts.messages.mail_words import ENGLISH, Words, clean
from services.cli.demo_story.inboxes import Mail, Webhook
from services.cli.demo_story.run_story import Outcome
from services.cli.demo_story.story import Step
from services.cli.output import UNBOUNDED_WIDTH
from shared.events.statements import Claim

STYLES = {"new": "bold green", "revised": "bold yellow", "denied": "bold red"}


class Narrator:
    """Tells on standard error what the outlets do."""

    def __init__(self) -> None:
        self._console = _console(stderr=True)

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
        self._out = _console(stderr=False)
        self._shown: set[str] = set()
        self._early: dict[str, Mail] = {}

    def webhook(self, webhook: Webhook) -> None:
        for line in alert_lines(webhook.body["data"]):
            self._out.print(line)
        self._shown.add(webhook.event_id)
        if webhook.event_id in self._early:
            self.mail(self._early.pop(webhook.event_id))

    def mail(self, mail: Mail) -> None:
        if mail.event_id not in self._shown:
            self._early[mail.event_id] = mail
            return
        self._out.print(_fact("e-mail", f"to {mail.recipient}: {clean(mail.subject)}"))

    def summary(self, outcome: Outcome) -> None:
        self._out.print()
        for line in summary_lines(outcome):
            self._out.print(Text(line))


class BodyPrinter(Narrator):
    """Prints each webhook body as it came, one a line, and nothing else on standard output."""

    def webhook(self, webhook: Webhook) -> None:
        print(webhook.raw, flush=True)

    def mail(self, mail: Mail) -> None:
        """Not shown, only counted."""

    def summary(self, outcome: Outcome) -> None:
        for line in summary_lines(outcome):
            self.say(line)


def alert_lines(data: dict[str, Any]) -> list[Text]:
    """One alert for a reader: what is claimed, then a line for each fact."""
    words = Words(ENGLISH)
    claim, article, evidence, earlier = (data[name] for name in ("claim", "article", "evidence", "earlier"))
    told = Claim.model_validate(claim)
    kind = data["kind"]
    head = Text.assemble(
        ("▶ ", STYLES[kind]), (words.kind(kind).upper(), STYLES[kind]), "  ", (words.headline(told), "bold")
    )
    lines = [
        Text(),
        head,
        _fact("why", clean(data["why"])),
        _fact("evidence", f"“{clean(evidence['text'])}” [{evidence['language']}]"),
        _fact("source", words.source(told)),
        _fact(
            "article", f"{clean(article['outlet'])}, {words.moment(article['published'])}: {clean(article['title'])}"
        ),
        _fact("earlier", _earlier(earlier, words)),
    ]
    lines.append(_fact("webhook", f"number {data['subscription']['sequence']} of its subscription, signature verified"))
    return lines


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


def _earlier(earlier: dict[str, Any] | None, words: Words) -> str:
    if earlier is None:
        return "none"
    headline = words.headline(Claim.model_validate(earlier["claim"]))
    return f"{headline}, {clean(earlier['article']['outlet'])}; now different: {clean(earlier['difference'])}"


def _fact(name: str, value: str) -> Text:
    return Text.assemble((f"  {name:<9}", "cyan"), value)


def _console(stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    return Console(
        file=stream, width=None if stream.isatty() else UNBOUNDED_WIDTH, highlight=False, markup=False, emoji=False
    )
