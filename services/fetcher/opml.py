"""OPML 2.0 subscription lists, both ways. Pure.

Outlines carry text (outlet), xmlUrl, htmlUrl, language and two own attributes: `vedette:family` (owner group) and
`vedette:country` (ISO 3166-1 alpha-3 of the publisher's seat).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from services.fetcher.characters import fit_for_xml

NAMESPACE = "https://vedette.invalid/opml/1"
"""Declared in the file; `.invalid` since nothing has to be there (RFC 6761)."""

MAX_OUTLINES = 10_000
_FAMILY = f"{{{NAMESPACE}}}family"
_COUNTRY = f"{{{NAMESPACE}}}country"


class OpmlError(ValueError):
    """The document is no OPML list; one sentence that names what is wrong."""


@dataclass(frozen=True, slots=True)
class FeedOutline:
    """One subscribed feed. None where the list says nothing."""

    url: str
    outlet: str | None = None
    homepage: str | None = None
    language: str | None = None
    family: str | None = None
    country: str | None = None


def read_opml(document: bytes) -> list[FeedOutline]:
    """All outlines with an `xmlUrl`, folders flattened, in order. Raises OpmlError."""
    if b"vedette:" in document and b"xmlns:vedette" not in document:
        document = document.replace(b" vedette:", b" ")  # written by hand, the declaration forgotten
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise OpmlError(f"This is not well-formed XML ({error}).") from error
    if root.getroottree().docinfo.internalDTD is not None and root.getroottree().docinfo.internalDTD.entities():
        raise OpmlError("This list declares entities, which OPML does not need; remove them.")
    if etree.QName(root).localname.lower() != "opml":
        raise OpmlError(f"This is not OPML: its outermost tag is <{etree.QName(root).localname}>, not <opml>.")
    outlines = [outline for element in root.iter("outline") if (outline := _outline(element)) is not None]
    if len(outlines) > MAX_OUTLINES:
        raise OpmlError(f"This list has {len(outlines)} feeds; {MAX_OUTLINES} are read at most.")
    return outlines


def write_opml(outlines: Iterable[FeedOutline], title: str) -> bytes:
    """An OPML 2.0 document that `read_opml` reads back to the same outlines, but for characters that XML has not."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"vedette": NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for outline in outlines:
        attributes = {
            "type": "rss",
            "text": outline.outlet,
            "xmlUrl": outline.url,
            "htmlUrl": outline.homepage,
            "language": outline.language,
            _FAMILY: outline.family,
            _COUNTRY: outline.country,
        }
        etree.SubElement(body, "outline", {name: fit_for_xml(value) for name, value in attributes.items() if value})
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return document


def _outline(element: etree._Element) -> FeedOutline | None:
    """Attribute names are compared without case, since lists in the wild write `xmlurl`; own ones by local name."""
    values = {etree.QName(name).localname.lower(): " ".join(str(value).split()) for name, value in element.items()}
    url = values.get("xmlurl")
    if not url:
        return None
    return FeedOutline(
        url=url,
        outlet=values.get("text") or values.get("title") or None,
        homepage=values.get("htmlurl") or None,
        language=(values.get("language") or "")[:2].lower() or None,
        family=values.get("family") or None,
        country=(values.get("country") or "").upper() or None,
    )
