"""`make env`: writes .env from deploy/example.env with fresh secrets; an .env that is there only gets what it lacks.

A secret that is there but empty, as in a copy of the example, is lacking too.
"""

import base64
import os
import re
import secrets
import uuid
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "deploy" / "example.env"
ENV = ROOT / ".env"

SETTING = re.compile(r"([A-Z][A-Z0-9_]*)=(.*)")


def main() -> None:
    existing = ENV.read_text(encoding="utf-8") if ENV.exists() else None
    text, added = complete(EXAMPLE.read_text(encoding="utf-8"), existing)
    if existing is not None and not added:
        print(".env has everything already; nothing changed")
        return
    _write_private(text)
    print(f".env {'lacked' if existing is not None else 'written:'} {', '.join(added)}")
    print("It holds the passwords and the API key (VEDETTE_ADMIN_KEY): keep it, back it up, show it to nobody.")


def complete(example: str, existing: str | None) -> tuple[str, list[str]]:
    """The new text of .env and the names of the settings that it did not have before."""
    if existing is None:
        lines = [_with_secret(line) for line in example.splitlines()]
        return "\n".join(lines) + "\n", [name for name, _ in _settings(lines)]
    wanted = dict(_settings(example.splitlines()))
    lines = existing.rstrip("\n").split("\n")
    known = dict(_settings(lines))
    empty = {f"{name}=" for name, value in known.items() if not value and wanted.get(name) == ""}
    filled = [_with_secret(line) if line in empty else line for line in lines]
    filled += [_with_secret(f"{name}={value}") for name, value in wanted.items() if name not in known]
    return "\n".join(filled) + "\n", [name for name in wanted if name not in known or f"{name}=" in empty]


def _settings(lines: list[str]) -> list[tuple[str, str]]:
    return [(found[1], found[2]) for line in lines if (found := SETTING.fullmatch(line))]


def _with_secret(line: str) -> str:
    found = SETTING.fullmatch(line)
    if found is None or found[2]:
        return line
    return f"{found[1]}={_secret(found[1])}"


def _secret(name: str) -> str:
    if name == "KAFKA_CLUSTER_ID":
        return _cluster_id()
    return secrets.token_hex(24)  # needs no escaping inside a database URL


def _cluster_id() -> str:
    """A UUID in 22 characters; Kafka's own tool would take one that begins with a hyphen for an option."""
    while (made := base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")).startswith("-"):
        pass
    return made


def _write_private(text: str) -> None:
    """Nobody else can read it at any moment, and a crash leaves the old file."""
    draft = ENV.with_name(".env.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(ENV)


if __name__ == "__main__":
    main()
