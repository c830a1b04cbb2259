"""HTML to plain text: paragraphs on lines of their own, space collapsed, nothing else changed.

Works on hostile input: no recursion, no sanitising needed since only text comes out.
"""

import re
from dataclasses import dataclass

from lxml import etree, html

from services.fetcher.characters import fit_for_xml

_BLOCK_NAMES = """address article aside blockquote br caption center dd details div dl dt fieldset figcaption figure
footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table td th tr ul"""
_UNSEEN_NAMES = """audio button canvas embed head iframe input noscript object script select style svg template textarea
video"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_UNSEEN = frozenset(_UNSEEN_NAMES.split())
_TAG = re.compile(r"<!--|</?[a-zA-Z][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]\w{1,30});")
_SPACE = re.compile(r"[^\S\n]+")
LONGEST_HTML = 5_000_000
"""Characters; what follows is not read."""


@dataclass(frozen=True, slots=True)
class HtmlText:
    """`text` of a piece of HTML; `closing_link` is the text of a link that stands at its very end, None without one."""

    text: str
    closing_link: str | None


def html_to_text(source: str) -> HtmlText:
    """The visible text of an HTML fragment or of plain text (which stays as it is, paragraphs included)."""
    source = fit_for_xml(source[:LONGEST_HTML])
    if not _TAG.search(source):
        return HtmlText(_tidy(source), None)
    try:
        parser = html.HTMLParser(remove_comments=True, remove_pis=True)
        root = html.fragment_fromstring(source, create_parent="div", parser=parser)
    except (etree.ParserError, ValueError):
        return HtmlText("", None)
    text = _tidy("".join(_pieces(root)))
    return HtmlText(text, _closing_link(root, text))


def one_line(source: str) -> str:
    """A title as text: markup and line breaks gone."""
    return " ".join(html_to_text(source).text.split())


def _pieces(root: html.HtmlElement) -> list[str]:
    """Text in document order; source line breaks are spaces, blocks are line breaks, except inside <pre>."""
    pieces: list[str] = []
    unseen = preformatted = 0

    def add(text: str | None) -> None:
        if text and not unseen:
            pieces.append(text if preformatted else text.replace("\n", " ").replace("\r", " "))

    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if event == "start":
            unseen += tag in _UNSEEN
            preformatted += tag == "pre"
            if tag in _BLOCKS:
                pieces.append("\n")
            add(element.text)
        else:
            unseen -= tag in _UNSEEN
            preformatted -= tag == "pre"
            if tag in _BLOCKS:
                pieces.append("\n")
            if element is not root:
                add(element.tail)
    return pieces


def _tidy(text: str) -> str:
    lines = (_SPACE.sub(" ", line).strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _closing_link(root: html.HtmlElement, text: str) -> str | None:
    links = root.xpath(".//a[@href]")
    if not links:
        return None
    last = " ".join("".join(links[-1].itertext()).split())
    return last if last and " ".join(text.split()).endswith(last) else None
