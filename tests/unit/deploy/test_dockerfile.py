"""deploy/Dockerfile, as hadolint reads it."""

import re

import pytest

from tests.unit.deploy.validators import DOCKERFILE, ROOT, hadolint


def test_hadolint_has_nothing_to_say():
    assert hadolint(DOCKERFILE) == ""


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("python:3.11.14-slim-bookworm", "python:latest", "DL3007"),
        ("WORKDIR /vedette", "WORKDIR vedette", "DL3000"),
        ("COPY requirements.txt ./", "COPIES requirements.txt ./", "unexpected"),
        ('CMD ["vedette", "--help"]', 'CMD ["vedette"]\nCMD ["vedette", "--help"]', "DL4003"),
    ],
)
def test_hadolint_rejects_a_broken_one(tmp_path, right, wrong, complaint):
    text = DOCKERFILE.read_text()
    assert right in text
    (tmp_path / "Dockerfile").write_text(text.replace(right, wrong))
    assert complaint in hadolint(tmp_path / "Dockerfile")


def test_the_image_runs_as_nobody_in_particular_and_says_whether_it_is_ready():
    text = DOCKERFILE.read_text()
    last_stage = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", last_stage, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", last_stage, re.MULTILINE)
    assert "--require-hashes -r requirements.txt" in text


def test_everything_that_is_copied_is_let_through_by_dockerignore():
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE.read_text(), re.MULTILINE):
        *sources, _target = line.split()
        for source in sources:
            assert source in allowed
            assert (ROOT / source).exists()
