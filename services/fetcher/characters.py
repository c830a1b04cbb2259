"""Characters that feeds write and that nothing behind them can take."""

import re

# XML 1.0 section 2.2: these cannot stand in a document, and lxml refuses a string with them
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Unicode's control characters (Cc), halves of pairs (Cs) and non-characters of the first plane
_NOT_IN_URL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def fit_for_xml(text: str) -> str:
    """The text without what no XML document may hold."""
    return _NOT_XML.sub("", text)


def unfit_for_url(text: str) -> bool:
    """True if a control character, a surrogate or a non-character is in it: no URL has one (RFC 3986, RFC 3987)."""
    return _NOT_IN_URL.search(text) is not None
