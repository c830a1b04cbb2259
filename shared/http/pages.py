"""How pages are made: whole HTML from the server, everything escaped, one small style sheet inside."""

from jinja2 import BaseLoader, Environment, StrictUndefined

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""No script runs on any page; texts come from foreign feeds. The one image is the empty icon, which spares browsers the
look for /favicon.ico."""


def page_environment(loader: BaseLoader) -> Environment:
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


PAGE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
