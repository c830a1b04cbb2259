"""Which entries of a feed document are new or edited, and which article each one is. Pure.

Publishers reuse guids, change them, put the headline into them, or leave them out; links carry tracking, or lead to
the front page for every item. An identifier counts only where it tells the items of one document apart.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from services.fetcher.canonical_url import canonical_url
from services.fetcher.parse_feed.dates import plausible_date
from services.fetcher.parse_feed.feed_document import ParsedEntry
from services.fetcher.revisions import sentence_set_hash
from shared.events.identity import identity


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """What was stored of an entry when it was last published."""

    article_id: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class IdentifiedEntry:
    """`key` answers "seen before?" within the feed.

    `content_hash` changes with what title and texts say and with where the link leads, not with dates, spacing, case or
    tracking: a change has the page fetched again.
    """

    key: str
    article_id: str
    content_hash: str
    entry: ParsedEntry


def identify_entries(feed_url: str, entries: Sequence[ParsedEntry], now: datetime) -> list[IdentifiedEntry]:
    """Key and article of each entry, in document order; implausible dates become None, repeated entries are dropped."""
    links = [canonical_url(entry.link) for entry in entries]
    shared_links = _ambiguous_links(entries, links)
    found: dict[str, IdentifiedEntry] = {}
    for entry, link, key in zip(entries, links, _keys(entries, links), strict=True):
        own_link = link if link not in shared_links else None
        found.setdefault(
            key,
            IdentifiedEntry(
                key=key,
                article_id=_article_id(feed_url, entry, own_link, key),
                content_hash=_hash(sentence_set_hash(entry.title, _said(entry)), link or entry.link),
                entry=replace(entry, published=plausible_date(entry.published, now)),
            ),
        )
    return list(found.values())


def new_or_edited(entries: Sequence[IdentifiedEntry], known: Mapping[str, KnownEntry]) -> list[IdentifiedEntry]:
    """Entries to publish, oldest first. One that was re-dated or published again unchanged is not among them.

    A known entry keeps the article it was given first, whatever its link says now.
    """
    chosen: list[IdentifiedEntry] = []
    for entry in entries:
        before = known.get(entry.key)
        if before is None:
            chosen.append(entry)
        elif before.content_hash != entry.content_hash:
            chosen.append(replace(entry, article_id=before.article_id))
    return oldest_first(chosen)


def oldest_first(entries: Sequence[IdentifiedEntry]) -> list[IdentifiedEntry]:
    """By date, the undated last; among equals from the document's end to its top, since feeds list the newest first."""
    latest = datetime.max.replace(tzinfo=UTC)
    from_the_end = list(reversed(entries))
    return sorted(from_the_end, key=lambda item: item.entry.published or latest)


def nothing_to_publish(entry: ParsedEntry) -> bool:
    """True for an entry without title, text and link."""
    return not (entry.title or entry.content or entry.summary or entry.link)


def describe_gaps(entries: Sequence[ParsedEntry]) -> str | None:
    """One sentence on what entries of a document lack, None if they lack nothing."""
    gaps = {
        "no date that could be read": sum(entry.published is None for entry in entries),
        "no guid": sum(entry.guid is None for entry in entries),
        "no title": sum(entry.title is None for entry in entries),
        "no text": sum(not (entry.content or entry.summary) for entry in entries),
        "nothing at all to publish": sum(nothing_to_publish(entry) for entry in entries),
    }
    named = [f"{count} {'has' if count == 1 else 'have'} {gap}" for gap, count in gaps.items() if count]
    return f"Of {len(entries)} {'entry' if len(entries) == 1 else 'entries'}, {', '.join(named)}." if named else None


def _said(entry: ParsedEntry) -> str:
    return "\n".join(filter(None, (entry.content, entry.summary)))


def _keys(entries: Sequence[ParsedEntry], links: Sequence[str | None]) -> list[str]:
    """The guid where it is the item's own, else guid and link, else a hash of what the item says."""
    guids = Counter(entry.guid for entry in entries)
    with_link = Counter((entry.guid, link) for entry, link in zip(entries, links, strict=True))
    keys: list[str] = []
    for entry, link in zip(entries, links, strict=True):
        if entry.guid and guids[entry.guid] == 1:
            keys.append(_hash("guid", entry.guid))
        elif link and with_link[entry.guid, link] == 1:
            keys.append(_hash("link", entry.guid, link))
        else:
            keys.append(_hash("text", entry.guid, link, entry.title, entry.content, entry.summary))
    return keys


def _ambiguous_links(entries: Sequence[ParsedEntry], links: Sequence[str | None]) -> set[str | None]:
    """Links that several items of one document share though their titles say different things."""
    titles: dict[str | None, set[str]] = defaultdict(set)
    for entry, link in zip(entries, links, strict=True):
        titles[link].add(" ".join((entry.title or entry.summary or "").casefold().split()))
    return {link for link, different in titles.items() if len(different) > 1}


def _article_id(feed_url: str, entry: ParsedEntry, link: str | None, key: str) -> str:
    if link is not None:
        return identity("article", link)
    if entry.guid is not None:
        return identity("article", feed_url, key)
    return identity("article", "text", _hash(entry.title, entry.content or entry.summary))


def _hash(*parts: str | None) -> str:
    digest = hashlib.sha256()
    for part in parts:
        encoded = b"\0" if part is None else b"\1" + part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()
