"""The alert mail: all events of one article for one subscription, as text and HTML, rendered to bytes once.

Bytes, because a mail that is rendered again with Python's stock policy folds and encodes its headers differently.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.alerts.messages.mail_words import LANGUAGES, Words, clean
from services.alerts.messages.why_in_words import why_in_words
from shared.events.statements import Claim

TEMPLATES = Path(__file__).parent / "templates"
MAX_HEADER = 500

_ENCODED_LINES = SMTP.clone(max_line_length=76, cte_type="7bit")
"""For encoded words (RFC 2047) and quoted-printable text (RFC 2045, section 6.7), whose lines end there."""


class MailPolicy(EmailPolicy):
    """Plain headers stay on one line, so that ids are never encoded; encoded words stay below 76 (RFC 2047)."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if not str(value).isascii():
            return _ENCODED_LINES.fold_binary(name, value)
        return super().fold_binary(name, value)


# 998 is the longest line there may be (RFC 5322); 7bit survives every server.
POLICY = MailPolicy(max_line_length=998, cte_type="7bit", linesep="\r\n")


@dataclass(frozen=True)
class MailAlert:
    """One event as a webhook would tell it, `subscription` included."""

    event_id: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class AlertMail:
    """One mail. `mail_id` is the same at every try; `date` too, so that its bytes are."""

    mail_id: str
    subscription_id: str
    recipient: str
    language: str
    date: datetime
    alerts: tuple[MailAlert, ...]


class MailWriter:
    """Writes mails from `sender_name` <`sender`> that link to `public_url`."""

    def __init__(self, sender: str, sender_name: str = "", public_url: str | None = None) -> None:
        self.envelope_sender = sender
        self.domain = sender.rpartition("@")[2]
        self._from = Address(clean(sender_name, 100), addr_spec=sender)
        self._public_url = public_url
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=select_autoescape(enabled_extensions=("html",), default=False),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def write(self, mail: AlertMail) -> bytes:
        """The mail's bytes: the same for the same mail. Raises KeyError for a language that has no texts."""
        language = LANGUAGES[mail.language]
        words = Words(language)
        shown = {
            "alerts": [_shown(alert.body, words) for alert in mail.alerts],
            "subject": self._subject(mail, words),
            "subscription_id": mail.subscription_id,
            "matched": list(dict.fromkeys(clean(_subscription(alert)["matched"], 300) for alert in mail.alerts)),
            "public_url": safe_link(self._public_url),
        }
        message = EmailMessage(policy=_ENCODED_LINES)
        for name, value in self._headers(mail, words).items():
            message[name] = value
        text = self._templates.get_template(f"alert.{language.locale}.txt").render(shown)
        html = self._templates.get_template(f"alert.{language.locale}.html").render(shown)
        message.set_content(text, cte="quoted-printable")
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        message.set_boundary(f"=_{mail.mail_id}")
        return message.as_bytes(policy=POLICY)

    def _headers(self, mail: AlertMail, words: Words) -> dict[str, Any]:
        """First event first; every value is one clean line, so that no text can add a header."""
        first = mail.alerts[0]
        data = first.body["data"]
        root = f"<thread.{_atom(data['thread_id'])}.{_atom(mail.subscription_id)}@{self.domain}>"
        return {
            "From": self._from,
            "To": Address(addr_spec=mail.recipient),
            "Subject": self._subject(mail, words),
            "Date": mail.date,
            "Message-ID": f"<{_atom(mail.mail_id)}@{self.domain}>",
            "In-Reply-To": root,
            "References": root,
            "List-Id": f"<{_atom(mail.subscription_id)}.vedette.{self.domain}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "X-Vedette-Kind": ", ".join(dict.fromkeys(alert.body["data"]["kind"] for alert in mail.alerts)),
            "X-Vedette-Event-Id": _atom(first.event_id),
            "X-Vedette-Claim-Id": _atom(data["claim_id"]),
            "X-Vedette-Thread-Id": _atom(data["thread_id"]),
            "X-Vedette-Reason": clean(_subscription(first)["matched"], MAX_HEADER),
        }

    def _subject(self, mail: AlertMail, words: Words) -> str:
        claim = Claim.model_validate(mail.alerts[0].body["data"]["claim"])
        return clean(words.subject(claim, further=len(mail.alerts) - 1), MAX_HEADER)


def safe_link(url: str | None) -> str | None:
    """The URL if it is one a reader may click, else None."""
    if url is None:
        return None
    link = url.strip()
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    complete = parts.scheme in ("http", "https") and parts.netloc
    return link if complete and len(link) <= 2_000 and clean(link) == link and " " not in link else None


def _shown(body: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """What a template shows of one event."""
    data = body["data"]
    claim = Claim.model_validate(data["claim"])
    earlier = data["earlier"]
    return {
        "kind": data["kind"],
        "label": words.kind(data["kind"]),
        "headline": words.headline(claim),
        "why": why_in_words(data, words),
        "facts": _facts(claim, Claim.model_validate(earlier["claim"]) if earlier else None, words),
        "evidence": clean(data["evidence"]["text"]),
        "evidence_language": clean(data["evidence"]["language"] or "", 20),
        "article": _article(data["article"], words),
        "earlier": _told(earlier, words) if earlier else None,
        "also": [_told(claim, words) for claim in data.get("also", ())],
    }


def _facts(claim: Claim, earlier: Claim | None, words: Words) -> dict[str, tuple[str, str | None]]:
    """Each slot with what it was in the earlier claim where that differs."""

    def slot(shown: str, before: str | None) -> tuple[str, str | None]:
        return shown, before if before != shown else None

    facts = {
        "who": slot(words.actor(claim), words.actor(earlier) if earlier else None),
        "where": slot(words.destination(claim), words.destination(earlier) if earlier else None),
        "count": slot(words.count(claim), words.count(earlier) if earlier else None),
        "stage": slot(words.stage(claim), words.stage(earlier) if earlier else None),
        "source": slot(words.source(claim), words.source(earlier) if earlier else None),
    }
    period = words.period(claim)
    if period is not None:
        facts["when"] = slot(period, words.period(earlier) if earlier else None)
    return facts


def _told(earlier: Mapping[str, Any], words: Words) -> dict[str, Any]:
    claim = Claim.model_validate(earlier["claim"])
    return {"headline": words.headline(claim), "article": _article(earlier["article"], words)}


def _article(article: Mapping[str, Any], words: Words) -> dict[str, Any]:
    return {
        "outlet": clean(article["outlet"], 100),
        "title": clean(article["title"] or "", 300),
        "url": safe_link(article["url"]),
        "published": words.moment(article["published"]),
    }


def _subscription(alert: MailAlert) -> Mapping[str, Any]:
    subscription: Mapping[str, Any] = alert.body["data"]["subscription"]
    return subscription


def _atom(identifier: str) -> str:
    """An id as it may stand in a header: ours are UUIDs, whatever else it is loses what could end the header."""
    return "".join(char for char in identifier if char.isascii() and (char.isalnum() or char in "-_"))
