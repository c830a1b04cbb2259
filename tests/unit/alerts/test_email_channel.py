"""Mail through a real SMTP server, and every way in which one can refuse."""

import asyncio

import pytest
from aiosmtpd.controller import Controller

from services.alerts.channels.email import EmailChannel
from services.alerts.channels.outcome import Accepted, Gone, InvalidTarget, Retry
from services.alerts.channels.smtp_server import SmtpServer, mail_address, parse_smtp_url, sender_address
from services.alerts.messages.mail import MailWriter
from tests.fakes.ports import free_port
from tests.unit.alerts.sendings import ONE, TWO, by_mail, events_of, sending_of

WRITER = MailWriter("alerts@vedette.example", "Vedette")


class Mailbox:
    """Keeps mails; answers RCPT and DATA as told; may dawdle after DATA."""

    def __init__(self, rcpt="250 OK", data="250 OK", dawdle=0.0):
        self.rcpt, self.data, self.dawdle = rcpt, data, dawdle
        self.mails = []

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        await asyncio.sleep(self.dawdle)
        return self.data


@pytest.fixture
def serve():
    controllers = []

    def start(mailbox):
        controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
        controller.start()
        controllers.append(controller)
        return SmtpServer("127.0.0.1", controller.port, "none")

    yield start
    for controller in controllers:
        controller.stop()


async def send(server, claims=ONE, deadline=10.0, **subscription):
    events = events_of(*claims)
    return await EmailChannel(server, WRITER, deadline).send(by_mail(**subscription), sending_of(events), events)


async def test_all_events_of_an_article_are_one_mail(serve):
    mailbox = Mailbox()
    assert await send(serve(mailbox), TWO, language="de") == Accepted()
    ((sender, recipients, content),) = mailbox.mails
    assert (sender, recipients) == ("alerts@vedette.example", ["desk@paper.example"])
    assert b"Message-ID: <sending-1@vedette.example>" in content
    assert b"Bestritten" in content


async def test_a_retry_sends_the_same_bytes(serve):
    mailbox = Mailbox()
    server = serve(mailbox)
    await send(server)
    await send(server)
    assert mailbox.mails[0] == mailbox.mails[1]


@pytest.mark.parametrize(
    "answer",
    ["550 5.1.1 No such user", "553 5.1.3 Bad address", "551 5.1.6 Moved", "556 5.1.10 Domain takes no mail"],
)
async def test_a_mailbox_that_does_not_exist_ends_the_subscription(serve, answer):
    outcome = await send(serve(Mailbox(rcpt=answer)))
    assert isinstance(outcome, Gone)
    assert answer.split()[-1] in outcome.reason


@pytest.mark.parametrize(
    "answers",
    [
        {"rcpt": "450 4.2.1 Try later"},
        {"rcpt": "450 5.1.1 Try later"},
        {"rcpt": "550 5.7.1 Relaying denied"},
        {"rcpt": "550 relay not permitted"},
        {"rcpt": "530 Authentication required"},
        {"rcpt": "550 5.1.8 sender address rejected"},
        {"rcpt": "550 5.1.2 Domain not found"},
        {"rcpt": "550 5.2.1 receives mail at too high a rate"},
        {"rcpt": "552 5.2.2 Mailbox full"},
        {"rcpt": "550 5.4.1 Access denied"},
        {"rcpt": "503 need RCPT"},
        {"data": "451 4.3.0 Try later"},
        {"data": "554 5.6.0 Refused"},
    ],
)
async def test_other_refusals_are_tried_again(serve, answers):
    outcome = await send(serve(Mailbox(**answers)))
    assert isinstance(outcome, Retry)
    assert next(iter(answers.values()))[:3] in outcome.reason


async def test_a_server_that_dawdles_is_left_at_the_deadline(serve):
    outcome = await send(serve(Mailbox(dawdle=3.0)), deadline=0.3)
    assert outcome == Retry(None, "The mail server did not finish within 0.3 s.")


async def test_no_server_is_tried_again():
    outcome = await send(SmtpServer("127.0.0.1", free_port(), "none"))
    assert isinstance(outcome, Retry)
    assert "could not be used" in outcome.reason


async def test_a_server_that_drops_after_the_mail_was_taken_has_accepted_it():
    async def talk(reader, writer):
        writer.write(b"220 ready\r\n")
        async for line in reader:
            if line == b".\r\n":
                writer.write(b"250 taken\r\n")
                writer.close()
                return
            answer = b"354 go on" if line.upper().startswith(b"DATA") else b"250 OK"
            if line[:4].upper() in (b"EHLO", b"MAIL", b"RCPT", b"DATA"):
                writer.write(answer + b"\r\n")

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert await send(SmtpServer("127.0.0.1", port, "none")) == Accepted()


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", SmtpServer("mail.example", 25, "none")),
        ("smtp://127.0.0.1:1025/", SmtpServer("127.0.0.1", 1025, "none")),
        ("smtps://me:pa%2Fss@mail.example", SmtpServer("mail.example", 465, "implicit", "me", "pa/ss")),
        ("smtp+starttls://a%40b:x@mail.example:2525", SmtpServer("mail.example", 2525, "starttls", "a@b", "x")),
        ("smtp://[::1]:25", SmtpServer("::1", 25, "none")),
    ],
)
def test_smtp_urls_are_read(url, server):
    parsed = parse_smtp_url(url)
    assert parsed == server
    assert parsed.password == server.password


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mail.example:25", "begins with"),
        ("http://mail.example", "begins with 'http'"),
        ("smtp://", "names no host"),
        ("smtp://mail.example:port", "no valid URL"),
        ("smtp://me:pa/ss@mail.example", "no valid URL|after the host"),
        ("smtp://me@mail.example", "without a password"),
    ],
)
def test_a_wrong_smtp_url_is_explained_without_its_password(url, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        parse_smtp_url(url)
    assert "pa" not in str(caught.value).replace("password", "")


def test_the_password_is_not_shown():
    assert "secret" not in repr(parse_smtp_url("smtps://me:secret@mail.example"))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("desk@paper.example", "desk@paper.example"),
        (" a.b+c@paper.example ", "a.b+c@paper.example"),
        ("desk@müller.example", "desk@xn--mller-kva.example"),
        ("root@localhost", "root@localhost"),
    ],
)
def test_plain_addresses_are_taken(text, address):
    assert mail_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "desk",
        "@paper.example",
        "desk@",
        "desk@paper",
        "desk@paper..example",
        "desk@127.0.0.1",
        "desk@[127.0.0.1]",
        "a b@paper.example",
        "a@b@paper.example",
        "Desk <desk@paper.example>",
        "desk@paper.example, other@paper.example",
        "desk@paper.example\r\nBcc: all@victim.example",
        "desk\r\n@paper.example",
        "bücher@paper.example",
        "x" * 65 + "@paper.example",
        "desk@" + "x" * 64 + ".example",
        "desk@-paper.example",
        '"a b"@paper.example',
    ],
)
def test_anything_else_is_no_target(text):
    with pytest.raises(InvalidTarget) as caught:
        EmailChannel(SmtpServer("127.0.0.1", 25, "none"), WRITER).check_target(text)
    assert "\n" not in str(caught.value)


def test_the_sender_may_have_a_name():
    assert sender_address("Vedette Desk <alerts@vedette.example>") == ("Vedette Desk", "alerts@vedette.example")
    assert sender_address("alerts@vedette.example") == ("", "alerts@vedette.example")
    with pytest.raises(ValueError, match="VEDETTE_MAIL_FROM"):
        sender_address("nobody")
