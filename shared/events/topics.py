"""The topics and what flows through them."""

ARTICLES = "news.articles.v1"
STATEMENTS = "news.statements.v1"

TOPICS = (ARTICLES, STATEMENTS)


def dead_letter_topic(topic: str, group: str) -> str:
    """Dead letters are kept per failing group, so that two groups fail independently."""
    return f"{topic}.{group}.dlq"
