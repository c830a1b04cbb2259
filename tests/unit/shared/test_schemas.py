"""The topics' schemas: generated, current, and able to read every message ever published."""

import json
from pathlib import Path

import pytest

from shared.events.schemas import MODELS, schema_file, schema_text

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("topic", MODELS)
def test_the_schema_in_the_repository_is_that_of_the_model(topic: str) -> None:
    assert schema_file(topic).read_text(encoding="utf-8") == schema_text(topic), "run `make schemas`"


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.json")), ids=lambda file: file.stem)
def test_messages_of_published_versions_are_still_read(file: Path) -> None:
    topic = file.stem.rsplit("-", 1)[0]
    document = json.loads(file.read_text(encoding="utf-8"))
    read = MODELS[topic].model_validate(document).model_dump(mode="json", by_alias=True)
    assert _contains(read, document), "every field of the old message is still understood"


def test_every_topic_has_a_golden_message() -> None:
    assert {file.stem.rsplit("-", 1)[0] for file in GOLDEN.glob("*.json")} == set(MODELS)


def _contains(whole: object, part: object) -> bool:
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and _contains(whole[name], value) for name, value in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) == len(whole) and all(map(_contains, whole, part))
    return whole == part
