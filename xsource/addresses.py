"""One address for one page: without tracking, without AMP and its caches, without the mobile host."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

# Parameters that say how a reader came, never what is shown.
TRACKING_PREFIXES = (
    "utm_",
    "mc_",
    "pk_",
    "piwik_",
    "hsa_",
    "_hs",
    "ns_",
    "at_",
    "vero_",
    "oly_",
    "wt_",
    "mtm_",
)
TRACKING = frozenset({
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "yclid", "ysclid", "_openstat", "msclkid",
    "twclid", "igshid", "igsh", "ttclid", "li_fat_id", "mkt_tok", "cmpid", "cmp", "ncid", "ocid", "ref",
    "referrer", "referer", "ref_src", "ref_url", "smid", "smtyp", "taid", "traffic_source", "ftag", "intcid",
    "intcmp", "xtor", "spm", "_ga", "_gl", "from_mobile", "fromapp", "s_cid", "sr_share", "icid", "gaa_at",
    "gaa_n",
})  # fmt: skip
AMP_PARAMETERS = frozenset({"amp", "outputtype", "amp_js_v", "amp_gsa", "usqp", "_amp"})
MOBILE_HOSTS = ("m.", "mobile.", "amp.", "touch.", "wap.")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical_address(url: str) -> str:
    """Give the address under which a page is known, as a link that still works on ordinary sites.

    What is not an http(s) address, or cannot be read as one, comes back as it is.
    """
    url = url.strip()
    if not _is_unicode(url):
        return url
    for _ in range(3):  # a share link may wrap a cache that wraps the page
        unwrapped = _unwrap_amp_cache(url)
        if unwrapped == url:
            break
        url = unwrapped
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return url
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not host:
        return url
    host = _strip_mobile(to_ascii_host(host))
    network = host if port in (None, *_DEFAULT_PORTS.values()) else f"{host}:{port}"
    kept = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _is_noise(name, value)
    )
    return urlunsplit((scheme, network, _strip_amp_path(parts.path), urlencode(kept), ""))


def _is_unicode(text: str) -> bool:
    """Whether a text has no half character: a command line in another encoding and JSON's escapes make them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_web_address(text: str) -> bool:
    """Whether a text is an http(s) address with a host that can be read as one."""
    try:
        parts = urlsplit(text)
        return parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


@lru_cache(maxsize=1 << 14)
def address_key(url: str) -> str:
    """Give a key that is the same for every way to write one page's address; it is no link."""
    canonical = canonical_address(url)
    if not canonical.startswith(("http://", "https://")):
        return canonical
    return unquote(canonical.partition("://")[2].removeprefix("www.")).rstrip("/")


def _unwrap_amp_cache(url: str) -> str:
    """Undo `google.com/amp/s/HOST/PATH` and `HOST.cdn.ampproject.org/c/s/HOST/PATH`."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return url
    steps = parts.path.split("/")[1:]
    is_cache = host.endswith(".cdn.ampproject.org") and len(steps) > 2 and steps[0] in {"c", "v", "i"}
    is_viewer = host in {"www.google.com", "google.com"} and len(steps) > 1 and steps[0] == "amp"
    if not (is_cache or is_viewer):
        return url
    steps = steps[1:]
    scheme = "http"
    if steps[0] == "s":
        scheme, steps = "https", steps[1:]
    if not steps or "." not in steps[0]:
        return url
    return urlunsplit((scheme, steps[0], "/" + "/".join(steps[1:]), parts.query, ""))


def _strip_mobile(host: str) -> str:
    for prefix in MOBILE_HOSTS:
        rest = host.removeprefix(prefix)
        if rest != host and "." in rest:
            return f"www.{rest}" if rest.count(".") == 1 else rest
    return host


def _strip_amp_path(path: str) -> str:
    if path.endswith(".amp.html"):
        path = path.removesuffix(".amp.html") + ".html"
    path = path.removesuffix(".amp")
    trimmed = path.rstrip("/")
    if trimmed.endswith("/amp"):
        path = trimmed.removesuffix("amp")
    elif path.startswith("/amp/"):
        path = path.removeprefix("/amp")
    # Percent signs are left alone where they are needed, letters of any script are written one way.
    return quote(unquote(path), safe="/:@!$&'()*+,;=~-._%") or "/"


def _is_noise(name: str, value: str) -> bool:
    folded = name.lower()
    return (
        folded in TRACKING
        or folded.startswith(TRACKING_PREFIXES)
        or (folded in AMP_PARAMETERS and value.lower() in {"", "1", "true", "amp", "0.1", "mq331aqcqag="})
    )


def to_ascii_host(host: str) -> str:
    """Write an international host name in its ASCII form; as it stands where it has none."""
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.lower()
