"""The mail server of VEDETTE_SMTP_URL, and addresses that mail can be sent to."""

import re
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Literal
from urllib.parse import unquote, urlsplit

_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_TLS: dict[str, Literal["none", "implicit", "starttls"]] = {
    "smtp": "none",
    "smtps": "implicit",
    "smtp+starttls": "starttls",
}
_HOW = "write smtp://host:port, smtps://user:password@host or smtp+starttls://user:password@host"

# dot-atom of RFC 5322; quoted local parts exist on paper only
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


@dataclass(frozen=True)
class SmtpServer:
    host: str
    port: int
    tls: Literal["none", "implicit", "starttls"]
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def parse_smtp_url(url: str) -> SmtpServer:
    """Raises ValueError with a sentence that does not repeat the URL, which may hold a password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(f"VEDETTE_SMTP_URL is no valid URL: {_HOW}") from None
    if parts.scheme not in _PORTS:
        raise ValueError(f"VEDETTE_SMTP_URL begins with {parts.scheme or 'no scheme'!r}: {_HOW}")
    if not parts.hostname:
        raise ValueError(f"VEDETTE_SMTP_URL names no host: {_HOW}")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(
            f"VEDETTE_SMTP_URL has something after the host (a / or # in a password is %2F or %23): {_HOW}"
        )
    if parts.username and parts.password is None:
        raise ValueError(f"VEDETTE_SMTP_URL names a user without a password: {_HOW}")
    return SmtpServer(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        tls=_TLS[parts.scheme],
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def mail_address(text: str) -> str:
    """The plain address with its domain in ASCII (IDNA). Raises ValueError with one sentence."""
    local, at, domain = text.strip().rpartition("@")
    if not at or not local:
        raise ValueError(f"{text[:100]!r} is no e-mail address: write one like desk@example.org.")
    if not _LOCAL.fullmatch(local) or len(local) > 64:
        raise ValueError(f"{local[:100]!r} cannot stand before the @ of an e-mail address (plain ASCII only).")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_domain = ""
    labels = ascii_domain.split(".")
    named = len(labels) > 1 and not labels[-1].isdigit()
    if not (named or ascii_domain == "localhost") or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(f"{domain[:100]!r} is no mail domain: write an address like desk@example.org.")
    if len(local) + len(ascii_domain) > 253:
        raise ValueError("An e-mail address has at most 254 characters.")
    return f"{local}@{ascii_domain}"


def sender_address(text: str) -> tuple[str, str]:
    """Display name and address of VEDETTE_MAIL_FROM. Raises ValueError with one sentence."""
    name, address = parseaddr(text)
    try:
        return " ".join(name.split()), mail_address(address or text)
    except ValueError as error:
        raise ValueError(f"VEDETTE_MAIL_FROM: {error}") from error
