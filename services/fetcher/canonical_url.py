"""One URL for one article: what differs between links to the same text is taken off.

The result is an identity, not an address: it is compared and hashed, never fetched.
"""

import re
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tldextract import TLDExtract

_TRACKING_PREFIXES = ("utm_", "at_", "wt_", "mtm_", "pk_", "hsa_", "ga_", "_ga", "oly_", "vero_")
_TRACKING_NAMES = """amp cmp cmpid dclid fbclid ftag gclid guccounter guce_referrer guce_referrer_sig icid igshid ito
maca mc_cid mc_eid mkt_tok msclkid ncid ns_campaign ns_mchannel ns_source ocid outputtype partnerid rss smid smtyp
spm src sref srnd taid traffic_source twclid wtmc wtrid xtor yclid"""
_TRACKING = frozenset(_TRACKING_NAMES.split())
_SIDE_HOST = re.compile(r"^(?:www\d?|m|mobil|mobile|amp)\.(?=[^.]+\.)")
_AMP_PATH = re.compile(r"(?:/amp|\.amp|/amp\.html|\.amp\.html)/?$")
_DEFAULT_PORTS = {"http": 80, "https": 443}

# The public suffix list that comes with the package: no download, no cache on disk.
# Its private part too: two blogs of one hosting company are two publishers.
_suffixes = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def canonical_url(link: str | None) -> str | None:
    """The identity of the article behind `link`; None if the link names none (not http, or just a site's front page).

    Scheme, `www.`/`m.`/`amp.` hosts, default ports, AMP paths, fragments (but not `#!`), tracking parameters and a
    slash at the end do not count; the order of parameters does not either.
    """
    if not link:
        return None
    try:
        parts = urlsplit(link.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname:
        return None
    host = _SIDE_HOST.sub("", parts.hostname.rstrip("."))
    if port is not None and port != _DEFAULT_PORTS[parts.scheme.lower()]:
        host = f"{host}:{port}"
    path = _AMP_PATH.sub("", parts.path).rstrip("/")
    pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=None)
    query = urlencode(sorted(pair for pair in pairs if not _is_tracking(pair[0])))
    fragment = f"#{parts.fragment}" if parts.fragment.startswith("!") else ""
    if not path and not query and not fragment:
        return None
    return f"https://{host}{path}{'?' + query if query else ''}{fragment}"


def feed_address(url: str) -> str:
    """What two URLs of one feed have in common (RFC 3986, section 6.2): the case of scheme and host, the scheme's own
    port, an empty path and a fragment do not count. A URL that cannot be read stands for itself."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    if port is not None and port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    return urlunsplit((parts.scheme, host, parts.path or "/", parts.query, ""))


def registrable_domain(url: str | None) -> str | None:
    """`tagesschau.de` of `https://www.tagesschau.de/x`; an address or a local name stands for itself."""
    if not url:
        return None
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    if not host or _is_address(host):
        return host
    # For a suffix that the list does not know, its own default rule: the last label.
    return _suffixes(host).top_domain_under_public_suffix or ".".join(host.split(".")[-2:])


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_tracking(name: str) -> bool:
    folded = name.lower()
    return folded in _TRACKING or folded.startswith(_TRACKING_PREFIXES)
