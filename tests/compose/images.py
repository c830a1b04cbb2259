"""The images of docker-compose.yml, made on this machine: the project's own from its Dockerfile, the others as
stand-ins under their tags, all on a Debian that debootstrap lays down in the place of Python's official image."""

import re
import shutil
import subprocess
from pathlib import Path

from tests.fakes.compose_file import ROOT

WORK = ROOT / ".compose-test"
"""Kept between runs: the base takes a minute to lay down."""

SUITE = "bookworm"
PACKAGES = "python3,python3-venv,python3-pip,ca-certificates"

STORAGE = ["--root", str(WORK / "storage"), "--runroot", str(WORK / "run"), "--storage-driver", "overlay"]

CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
"""Mounted into builds: pip trusts what this machine trusts."""


def build_images(images: dict[str, str]) -> None:
    """`images` maps a service's name to the image that the compose file names. Raises CalledProcessError."""
    WORK.mkdir(exist_ok=True)
    dockerfile = ROOT / "deploy" / "Dockerfile"
    python = re.findall(r"^FROM (\S+)", dockerfile.read_text(), re.MULTILINE)[0]
    _lay_down_base()
    _bud(python, WORK / "Base.Dockerfile", WORK)
    _bud(images["fetcher"], dockerfile, ROOT)
    for name in ("kafka", "postgres", "mailpit"):
        _bud(
            images[name],
            ROOT / "tests" / "compose" / "stand_ins" / f"{name}.Dockerfile",
            ROOT,
            "--ignorefile=/dev/null",
        )


def _lay_down_base() -> None:
    base = WORK / "base"
    if not (base / "complete").exists():
        shutil.rmtree(base, ignore_errors=True)
        arguments = ["--variant=minbase", f"--include={PACKAGES}", SUITE, str(base), _mirror()]
        subprocess.run(["debootstrap", *arguments], check=True, stdout=subprocess.DEVNULL)
        (base / "usr" / "bin" / "python").symlink_to("python3")
        (base / "usr" / "lib" / "python3.11" / "EXTERNALLY-MANAGED").unlink(missing_ok=True)
        (base / "complete").touch()
    shutil.copytree("/etc/apt", base / "etc" / "apt", dirs_exist_ok=True)  # packages come from where ours do
    (WORK / "Base.Dockerfile").write_text("FROM scratch\nCOPY base/ /\n")


def _mirror() -> str:
    """Where this machine gets its own packages."""
    sources = [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]
    for source in sources:
        if source.exists() and (
            found := re.search(r"^(?:URIs:|deb(?: \[.*\])?)\s+(\S+)", source.read_text(), re.MULTILINE)
        ):
            return found[1]
    raise RuntimeError("no package source found in /etc/apt")


def _bud(tag: str, dockerfile: Path, context: Path, *options: str) -> None:
    """Without --format docker the health check would be dropped."""
    print(f"  building {tag}", flush=True)
    done = subprocess.run(
        ["buildah", *STORAGE, "bud", "--layers", "--format", "docker", "--isolation", "chroot", "--pull-never",
         "-v", f"{CERTIFICATES}:{CERTIFICATES}:ro", *options,
         "-t", qualified(tag), "-f", str(dockerfile), str(context)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{tag} cannot be built:\n" + (done.stdout + done.stderr)[-3000:])


def qualified(tag: str) -> str:
    """Docker's name of an image without a host."""
    return f"docker.io/{tag}" if "/" in tag else f"docker.io/library/{tag}"
