"""The real process: a feed over loopback HTTP in, a signed webhook and a mail out."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from tests.fakes.feeds import Item, rss
from tests.fakes.neighbours import Host, MailServer, Receiver, feed_host, mail_server, wait_until, webhook_receiver
from tests.fakes.vedette_process import KEY, VedetteProcess, idle, status

SENTENCE = "Kenya has sent 400 soldiers to Mozambique, the Kenyan defence ministry said on Tuesday."
FILLER = (
    "The ministry gave no further details about the length of the mission or its cost. A debate is now expected next "
    "month, when the committee meets again and the budget is on its agenda. The opposition said that it would ask for "
    "a written answer in the meantime, and that it would publish it. Observers in the capital expect little "
    "controversy, because the budget has room for it and the polls are calm. Newspapers had called for more openness."
)


def item(number: int, sentence: str = SENTENCE, **changes: Any) -> Item:
    given = {
        "guid": f"g{number}",
        "title": "Ministry statement",
        "text": f"{sentence}\n{FILLER}\n{FILLER}",
        "link": f"https://outlet.example/{number}",
        "published": datetime.now(UTC),
    }
    return Item(**{**given, **changes})


@dataclass
class World:
    host: Host
    receiver: Receiver
    mail: MailServer
    data_dir: Path

    def vedette(self, **settings: str) -> VedetteProcess:
        mail = {"VEDETTE_SMTP_URL": self.mail.url, "VEDETTE_MAIL_FROM": "Vedette <alerts@vedette.example>"}
        return VedetteProcess(self.data_dir, **mail, **settings)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with ExitStack() as stack:
        enter = stack.enter_context
        yield World(enter(feed_host()), enter(webhook_receiver()), enter(mail_server()), tmp_path / "data")


def test_a_feed_entry_becomes_a_signed_webhook_and_a_mail(world: World) -> None:
    with world.vedette() as vedette:
        url = vedette.wait_ready()
        secret = vedette.json("subscribe", "--webhook", world.receiver.url, "--destination", "MOZ")["secret"]
        vedette.json("subscribe", "--email", "desk@newsroom.example", "--mail-language", "de")
        feed = world.host.put("/feed", rss("Example Courier", [item(1)]))
        assert vedette.command("feeds", "add", feed).returncode == 0
        wait_until(lambda: world.receiver.received and world.mail.mails, 30, "both channels have it")

        (received,) = world.receiver.received
        body = Webhook(secret).verify(received.body, received.headers)
        assert body["type"] == "claim.new"
        data = body["data"]
        assert data["claim"]["actor"] == "KEN"
        assert (data["claim"]["count_min"], data["claim"]["stage"]) == (400, "deployed")
        assert data["evidence"]["text"] == SENTENCE
        assert data["article"]["url"] == "https://outlet.example/1"
        assert data["article"]["outlet"] == "Example Courier"
        assert data["subscription"]["matched"] == "destination=MOZ"
        assert (data["subscription"]["sequence"], data["earlier"]) == (1, None)

        (mail,) = world.mail.mails
        assert "KEN → MOZ" in mail["Subject"]
        assert mail["To"] == "desk@newsroom.example"
        assert SENTENCE.split(",")[0] in mail.get_body(("plain",)).get_content().replace("\n", " ")
        assert mail.get_body(("html",)) is not None

        events = httpx.get(
            f"{url}/api/v1/events", params={"after": 0}, headers={"Authorization": f"Bearer {KEY}"}, trust_env=False
        ).json()
        assert [event["id"] for event in events["items"]] == [received.id]
        page = httpx.get(f"{url}/", trust_env=False).text
        assert "Kenya has sent 400 soldiers" in page
        assert vedette.stop(5) == 0


def test_a_french_feed_alerts_and_the_same_claim_in_english_stays_silent(world: World) -> None:
    french = "Le Kenya a envoyé 400 soldats au Mozambique, a annoncé mardi le ministère kényan de la Défense."
    rest = (
        "Le ministère n'a pas dit combien de temps durera la mission ni ce qu'elle coûtera. Un débat est prévu le mois "
        "prochain, quand la commission se réunira. L'opposition a demandé une réponse écrite avant cette date."
    )
    entry = item(1, title="Communiqué du ministère", text=f"{french}\n{rest}\n{rest}")
    with world.vedette() as vedette:
        url = vedette.wait_ready()
        vedette.json("subscribe", "--webhook", world.receiver.url, "--destination", "MOZ")
        vedette.json("feeds", "add", world.host.put("/fil", rss("Courrier d'exemple", [entry], "fr")))
        wait_until(lambda: world.receiver.received, 30, "the French claim")
        data = json.loads(world.receiver.received[0].body)["data"]
        assert (data["kind"], data["evidence"]["language"], data["evidence"]["text"]) == ("new", "fr", french)
        assert (data["claim"]["actor"], data["claim"]["destination"], data["claim"]["count_min"]) == ("KEN", "MOZ", 400)
        vedette.json("feeds", "add", world.host.put("/feed", rss("Example Courier", [item(2)])))
        (claim,) = vedette.json("claims", "list")["items"]
        shown = ("claims", "show", claim["claim_id"])
        wait_until(lambda: SENTENCE in vedette.command(*shown).stdout, 30, "the English report of it")
        wait_until(lambda: idle(url), 10, "idle")
        assert len(world.receiver.received) == 1


def test_a_second_start_goes_on_where_the_first_stopped(world: World) -> None:
    feed = world.host.put("/feed", rss("Example Courier", [item(1)]))
    with world.vedette() as vedette:
        url = vedette.wait_ready()
        vedette.json("subscribe", "--webhook", world.receiver.url)
        vedette.json("feeds", "add", feed)
        wait_until(lambda: world.receiver.received, 30, "the first alert")
        wait_until(lambda: idle(url), 10, "idle")
        asked = time.monotonic()
        assert vedette.stop(5) == 0, "Ctrl-C ends cleanly within 5 s"
        print(f"Ctrl-C took {time.monotonic() - asked:.2f} s")
    with world.vedette() as vedette:
        url = vedette.wait_ready()
        assert [one["url"] for one in vedette.json("feeds", "list")["items"]] == [feed]
        world.host.put("/feed", rss("Example Courier", [item(2, SENTENCE.replace("400", "900")), item(1)]))
        wait_until(lambda: len(world.receiver.received) > 1, 30, "the second alert")
        kinds = [json.loads(one.body)["type"] for one in world.receiver.received]
        assert kinds == ["claim.new", "claim.revised"]
        sequences = [json.loads(one.body)["data"]["subscription"]["sequence"] for one in world.receiver.received]
        assert sequences == [1, 2]


def test_one_process_serves_a_data_directory(world: World) -> None:
    with world.vedette() as vedette:
        vedette.wait_ready()
        second = vedette.command("up", "--port", "0")
        assert second.returncode == 1
        assert "another Vedette serves" in second.stderr


def test_bad_feeds_are_named_and_the_others_go_on(world: World) -> None:
    bad = {
        "/empty": ("", {}),
        "/page": ("<!doctype html><html><body><p>Welcome</p></body></html>", {"content_type": "text/html"}),
        "/cut": (rss("Cut", [item(7)])[:400], {}),
        "/broken": ("<rss><channel><item><title>x</tit", {}),
        "/huge": ("<rss>" + "x" * 30_000_000, {}),
        "/error": ("sorry", {"status": 503}),
    }
    with world.vedette() as vedette:
        url = vedette.wait_ready()
        vedette.json("subscribe", "--webhook", world.receiver.url)
        feeds = [world.host.put(path, body, **answer) for path, (body, answer) in bad.items()]
        feeds.append(world.host.url.rpartition(":")[0] + ":1/unreachable")
        feeds.append(world.host.put("/good", rss("Example Courier", [item(1)])))
        added = vedette.command("feeds", "add", "not a url", *feeds)
        assert added.returncode == 1
        assert "not a url" in added.stderr
        wait_until(lambda: world.receiver.received, 30, "the good feed's alert")

        def polled() -> bool:
            return all(feed["last_fetched"] or feed["error"] for feed in status(url)["feeds"])

        wait_until(polled, 30, "every feed was tried")
        shown = {feed["url"].rpartition("/")[2]: feed["error"] for feed in status(url)["feeds"]}
        assert shown.pop("good") is None
        for name, error in sorted(shown.items()):
            print(f"  {name}: {error}")
        assert all(shown[name] for name in ("empty", "page", "broken", "huge", "error", "unreachable")), shown


def test_entries_without_date_guid_or_text_lose_nothing(world: World) -> None:
    items = (
        f"<item><title>{SENTENCE}</title><link>https://outlet.example/a</link></item>"
        "<item><title>Nothing but a title</title></item>"
        "<item><description>Rwanda has sent 950 soldiers to Mozambique, the Rwandan army said.</description></item>"
        "<item><guid>only-a-guid</guid></item>"
    )
    document = f'<rss version="2.0"><channel><title>Thin</title>{items}</channel></rss>'
    with world.vedette() as vedette:
        url = vedette.wait_ready()
        vedette.json("subscribe", "--webhook", world.receiver.url)
        vedette.json("feeds", "add", world.host.put("/thin", document))
        wait_until(lambda: len(world.receiver.received) >= 2, 40, "both claims")
        wait_until(lambda: idle(url), 20, "idle")
        found = {
            json.loads(one.body)["data"]["claim"]["actor"]: json.loads(one.body) for one in world.receiver.received
        }
        assert set(found) == {"KEN", "RWA"}
        assert found["KEN"]["data"]["article"]["published"] is None, "an unknown date stays unknown"
        assert status(url)["dead_letters"] == {"extractor": 0, "alerts": 0}


def test_bad_subscriptions_are_refused_where_the_person_looks(world: World, tmp_path: Path) -> None:
    with VedetteProcess(tmp_path / "other", VEDETTE_ALLOW_NETWORKS="") as vedette:
        vedette.wait_ready()
        for arguments, words in (
            (("--webhook", "http://192.168.1.7/hook"), "private"),
            (("--webhook", world.receiver.url), "private"),
            (("--webhook", "https://a.example", "--destination", "Narnia"), "Narnia"),
            (("--email", "desk@newsroom.example"), "VEDETTE_SMTP_URL"),
        ):
            refused = vedette.command("subscribe", *arguments)
            assert refused.returncode == 1, arguments
            assert words in refused.stderr
    bad_address = world.vedette().command("subscribe", "--email", "desk at newsroom")
    assert (bad_address.returncode, "desk at newsroom" in bad_address.stderr) == (1, True)


def test_extract_and_replay_name_a_bad_line_and_do_the_rest(tmp_path: Path) -> None:
    good = json.dumps({"id": "a", "text": SENTENCE, "published": "2025-03-04"})
    lines = f'{good}\n{{"id": "b"}}\nnot json\n{good.replace(chr(34) + "a" + chr(34), chr(34) + "c" + chr(34))}\n'
    for command, field in (("extract", "statements"), ("replay", "decisions")):
        done = VedetteProcess(tmp_path).command(command, stdin=lines)
        assert done.returncode == 1
        assert "line 2: text: " in done.stderr
        assert "line 3: " in done.stderr
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        assert [row["id"] for row in rows] == ["a", "c"]
        assert rows[0][field]


def test_a_remote_server_is_asked_with_the_key(world: World) -> None:
    with world.vedette() as vedette:
        url = vedette.wait_ready()
        refused = vedette.command("feeds", "list", "--server", url)
        assert refused.returncode == 1
        assert "set VEDETTE_API_KEY" in refused.stderr
        vedette.environment["VEDETTE_API_KEY"] = KEY
        feed = world.host.put("/feed", rss("Example Courier", [item(1)]))
        assert vedette.command("feeds", "add", feed, "--server", url).returncode == 0
        assert [one["url"] for one in vedette.json("feeds", "list", "--server", url)["items"]] == [feed]
        assert vedette.json("status", "--server", url)["feeds"][0]["url"] == feed
    gone: subprocess.CompletedProcess[str] = vedette.command("status", "--server", url)
    assert gone.returncode == 1
    assert "does not answer" in gone.stderr


def test_every_list_of_the_command_line_reads_what_happened(world: World) -> None:
    with world.vedette() as vedette:
        vedette.wait_ready()
        made = vedette.json("subscribe", "--webhook", world.receiver.url, "--actor", "KEN", "--min-count", "100")
        feed = world.host.put("/feed", rss("Example Courier", [item(1)]))
        vedette.json("feeds", "add", feed)
        wait_until(lambda: world.receiver.received, 30, "the alert")

        (claim,) = vedette.json("claims", "list")["items"]
        shown = vedette.command("claims", "show", claim["claim_id"]).stdout
        assert SENTENCE in shown
        assert "KEN" in vedette.command("claims", "list", "--actor", "KEN").stdout
        assert vedette.json("claims", "list", "--actor", "USA")["items"] == []
        wait_until(lambda: vedette.json("deliveries", "list", "--state", "delivered")["items"], 10, "delivered")
        (delivery,) = vedette.json("deliveries", "list", "--subscription", made["id"])["items"]
        assert vedette.command("deliveries", "retry", delivery["id"]).returncode == 0
        wait_until(lambda: len(world.receiver.received) == 2, 10, "sent again")
        assert world.receiver.received[0].id == world.receiver.received[1].id
        assert world.receiver.received[0].body == world.receiver.received[1].body

        assert "actor=KEN; min_count=100" in vedette.command("subscriptions", "list").stdout
        for change, state in (("pause", "paused"), ("resume", "active")):
            assert vedette.command("subscriptions", change, made["id"]).returncode == 0
            assert vedette.json("subscriptions", "list")["items"][0]["state"] == state
        assert vedette.command("subscriptions", "remove", made["id"]).returncode == 0
        assert vedette.json("subscriptions", "list")["items"] == []

        opml = vedette.command("feeds", "export").stdout
        assert f'xmlUrl="{feed}"' in opml
        removed = vedette.command("feeds", "remove", feed, "https://never.example/rss")
        assert removed.returncode == 1
        assert "https://never.example/rss is not watched" in removed.stderr
        assert vedette.json("feeds", "list")["items"] == []
        (world.data_dir / "feeds.opml").write_text(opml, encoding="utf-8")
        assert vedette.command("feeds", "import", str(world.data_dir / "feeds.opml")).returncode == 0
        assert [one["url"] for one in vedette.json("feeds", "list")["items"]] == [feed]
        assert "oldest unprocessed" in vedette.command("status").stdout
        config = vedette.command("config").stdout
        assert KEY not in config
        assert "VEDETTE_ALERT_MAX_AGE_HOURS" in config
