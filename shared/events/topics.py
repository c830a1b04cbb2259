"""The topics and what flows through them."""

ARTICLES = "news.articles.v1"
STATEMENTS = "news.statements.v1"

TOPICS = (ARTICLES, STATEMENTS)

DEAD_LETTER_SUFFIX = ".dlq"


def dead_letter_topic(topic: str, group: str) -> str:
    """Dead letters are kept per failing group, so that two groups fail independently."""
    return f"{topic}.{group}{DEAD_LETTER_SUFFIX}"


def source_topic(dead_letters: str) -> str:
    """The topic whose messages end in this dead-letter topic (group names have no dots)."""
    return dead_letters.removesuffix(DEAD_LETTER_SUFFIX).rpartition(".")[0]
