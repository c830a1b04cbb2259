"""After a restore: what the fetcher had published since the backup comes back into its table from the bus.

Without it the fetcher would count revisions again from where the backup stands, and under numbers that the ledger has
seen already: those edits would be taken for repetitions and decide nothing.
"""

from sqlalchemy.ext.asyncio import AsyncConnection

from services.fetcher import repository
from services.fetcher.repository import StoredArticle
from services.fetcher.revisions import sentence_set_hash
from shared.bus.port import Bus
from shared.database.unit_of_work import Database
from shared.events.article import Article
from shared.events.envelope import read_data
from shared.events.topics import ARTICLES


async def read_back(database: Database, bus: Bus) -> int:
    """Take over every revision on the bus that is above the stored one; nothing is published. Returns how many.

    No fetcher may run meanwhile. Raises Unavailable; what was taken over by then need not be again.
    """
    count = 0
    async for record in bus.browse(ARTICLES):
        article = read_data(Article, record.value)
        async with database.unit_of_work() as connection:
            count += await _take_over(connection, article)
    return count


async def _take_over(connection: AsyncConnection, article: Article) -> bool:
    stored = await repository.lock_article(connection, article.id)
    if stored is not None and stored.revision >= article.revision:
        return False
    feeds = await repository.list_feeds(connection, url=article.feed)
    columns = article.model_dump(exclude={"feed"}) | {
        "sentences_hash": sentence_set_hash(article.title, article.text),
        "home_feed_id": feeds[0].id if feeds else None,
        "feed_url": article.feed,
        "first_fetched": stored.first_fetched if stored else article.fetched,
        "page_due": stored.page_due if stored else None,
    }
    if stored is None:
        return await repository.insert_article(connection, StoredArticle(**columns))
    await repository.update_article(connection, article.id, columns)
    return True
