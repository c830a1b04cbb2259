"""The e-mail channel: all events of one article for one subscription are one mail."""

import asyncio
import contextlib
import re
from collections.abc import Sequence

import aiosmtplib

from services.alerts.channels.outcome import Accepted, Gone, InvalidTarget, Outcome, Retry
from services.alerts.channels.smtp_server import SmtpServer, mail_address
from services.alerts.messages.mail import AlertMail, MailAlert, MailWriter
from services.alerts.messages.mail_words import clean
from services.alerts.messages.webhook_body import webhook_body
from services.alerts.repository.deliveries import Sending
from services.alerts.repository.events import Event
from services.alerts.repository.subscriptions import Subscription

DEADLINE_SECONDS = 30.0
GOODBYE_SECONDS = 2.0

_NO_MAILBOX = re.compile(r"5\.1\.(1|3|6|10)\b")
"""No such mailbox, an address that cannot be one, moved without a trace (RFC 3463, section 3.2), a domain that takes no
mail (RFC 7505). Not 5.1.2, which a server also says when its own look-up of the domain fails, nor 5.2.1, by which the
mailbox exists. A number without such a code (550, 530) is as often a server that does not let us send at all."""


class EmailChannel:
    """Mail through `server`. Every mail has a connection of its own."""

    def __init__(self, server: SmtpServer, writer: MailWriter, deadline: float = DEADLINE_SECONDS) -> None:
        self._server = server
        self._writer = writer
        self._deadline = deadline

    def check_target(self, target: str) -> None:
        """Raises InvalidTarget if `target` is no plain e-mail address."""
        try:
            mail_address(target)
        except ValueError as error:
            raise InvalidTarget(str(error)) from error

    async def send(self, subscription: Subscription, sending: Sending, events: Sequence[Event]) -> Outcome:
        """One mail; the same bytes at every try."""
        recipient = mail_address(subscription.target)
        mail = AlertMail(
            mail_id=sending.sending_id,
            subscription_id=subscription.subscription_id,
            recipient=recipient,
            language=subscription.mail_language,
            date=sending.created_at,
            alerts=tuple(
                MailAlert(
                    event.event_id,
                    webhook_body(event.body, subscription.subscription_id, delivery.sequence, delivery.matched),
                )
                for event, delivery in zip(events, sending.deliveries, strict=True)
            ),
        )
        return await self._deliver(recipient, self._writer.write(mail))

    async def _deliver(self, recipient: str, message: bytes) -> Outcome:
        client = self._client()
        try:
            return await self._converse(client, recipient, message)
        finally:
            client.close()

    async def _converse(self, client: aiosmtplib.SMTP, recipient: str, message: bytes) -> Outcome:
        try:
            async with asyncio.timeout(self._deadline):
                await client.connect()
                await client.sendmail(self._writer.envelope_sender, [recipient], message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            outcome: Outcome = _refused(error.recipients[0])
        except aiosmtplib.SMTPResponseException as error:
            outcome = Retry(None, f"The mail server answered {error.code} {_line(error.message)}.")
        except (TimeoutError, aiosmtplib.SMTPTimeoutError):
            outcome = Retry(None, f"The mail server did not finish within {self._deadline:g} s.")
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            outcome = Retry(None, f"The mail server could not be used: {_line(str(error))}.")
        else:
            outcome = Accepted()
        await _say_goodbye(client)
        return outcome

    def _client(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.tls == "implicit",
            start_tls=server.tls == "starttls",
            local_hostname=self._writer.domain,
            timeout=self._deadline,
        )


async def _say_goodbye(client: aiosmtplib.SMTP) -> None:
    """The mail's fate is known before: whatever goes wrong here changes nothing."""
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        async with asyncio.timeout(GOODBYE_SECONDS):
            if client.is_connected:
                await client.quit()


def _refused(error: aiosmtplib.SMTPRecipientRefused) -> Outcome:
    """Gone only where the answer says in digits that there is no such mailbox; the rest may be our own fault."""
    answer = f"The mail server refused the address: {error.code} {_line(error.message)}."
    return Gone(answer) if error.code >= 500 and _NO_MAILBOX.match(error.message) else Retry(None, answer)


def _line(text: str) -> str:
    """One line of at most 200 characters, without a full stop."""
    return clean(text, 200).rstrip(".")
