"""The version of the installed package."""

from importlib.metadata import version


def vedette_version() -> str:
    return version("vedette")
