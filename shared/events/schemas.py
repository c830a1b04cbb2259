"""JSON Schemas of the topics, generated from the models: `make schemas` writes them, a test fails where they differ."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from shared.events.article import Article
from shared.events.statements import ArticleStatements
from shared.events.topics import ARTICLES, STATEMENTS

FOLDER = Path(__file__).parent / "schemas"

MODELS: dict[str, type[BaseModel]] = {ARTICLES: Article, STATEMENTS: ArticleStatements}


def schema(topic: str) -> dict[str, Any]:
    """JSON Schema 2020-12 of the topic's data."""
    document = MODELS[topic].model_json_schema(by_alias=True, mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:vedette:{topic}", **document}


def schema_file(topic: str) -> Path:
    return FOLDER / f"{topic}.json"


def schema_text(topic: str) -> str:
    return json.dumps(schema(topic), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in MODELS:
        schema_file(name).write_text(schema_text(name), encoding="utf-8")
