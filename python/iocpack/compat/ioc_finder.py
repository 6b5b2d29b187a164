"""``find_iocs`` of ``ioc-finder``, for what VirusTotal collections hold.

>>> from iocpack.compat.ioc_finder import find_iocs
>>> found = find_iocs("http://a.example.com/x and 192.0.2[.]7")
>>> found["urls"], found["domains"], found["ipv4s"]
(['http://a.example.com/x'], ['a.example.com'], ['192.0.2.7'])

Where the answers differ:

- The keys are ``domains urls urls_complete ipv4s ipv6s md5s sha1s sha256s``;
  by default all but ``urls_complete``, which equals ``urls``. Other types are
  not covered: asked for, they raise ``NotImplementedError``; by default their
  keys (``cves``, ``email_addresses``) are missing.
- Values stand in the order of the text, each once; ioc-finder's order is that
  of a Python set and changes from run to run.
- Values are canonical: a URL of a host alone ends with a slash, hosts are in
  lower case and in punycode, hashes in lower case.
- Names in prose that are no indicators are turned down: files (``notes.md``),
  code, versions, times.
- A network such as ``192.0.2.0/24`` is no address, whatever
  ``parse_address_from_cidr`` says.
- URL paths are searched for whole URLs (``parse_from_url_path``), not for
  names and hashes.
- XMPP addresses are read as e-mail addresses are.
- Of names with characters beyond ASCII, ``parse_unicode_iocs`` lists the
  punycode.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Optional

from .._core import Match, scan
from .iocextract import _host

__all__ = ["DEFAULT_IOC_TYPES", "SUPPORTED_IOC_TYPES", "find_iocs"]

DEFAULT_IOC_TYPES = [
    "domains",
    "ipv4s",
    "ipv6s",
    "md5s",
    "sha1s",
    "sha256s",
    "urls",
]

SUPPORTED_IOC_TYPES = [*DEFAULT_IOC_TYPES, "urls_complete"]


def find_iocs(
    text: str,
    *,
    parse_domain_from_url: bool = True,
    parse_from_url_path: bool = True,
    parse_domain_from_email_address: bool = True,
    parse_address_from_cidr: bool = True,
    parse_domain_name_from_xmpp_address: bool = True,
    parse_urls_without_scheme: bool = True,
    parse_unicode_iocs: bool = False,
    included_ioc_types: Optional[Iterable[str]] = None,
) -> dict[str, list[str]]:
    """The distinct indicators of a text, by type."""
    if included_ioc_types is None:
        included_ioc_types = DEFAULT_IOC_TYPES
    wanted = [*dict.fromkeys(included_ioc_types)]
    for name in wanted:
        if name not in SUPPORTED_IOC_TYPES:
            raise NotImplementedError(
                f"included_ioc_types: {name!r} is not covered by iocpack"
            )
    found: dict[str, dict[str, None]] = {name: {} for name in SUPPORTED_IOC_TYPES}
    matches = scan(
        text,
        email_domains=parse_domain_from_email_address,
        inner_urls=parse_from_url_path,
    )
    for it in matches:
        if it.raw.isascii() or parse_unicode_iocs:
            _file(it, found, parse_domain_from_url, parse_urls_without_scheme)
    return {name: [*found[name]] for name in wanted}


def _file(
    it: Match,
    found: dict[str, dict[str, None]],
    with_host: bool,
    with_guesses: bool,
) -> None:
    if it.type != "url":
        found[f"{it.type}s"][it.value] = None
        return
    if with_guesses or "scheme-inferred" not in it.flags:
        found["urls"][it.value] = found["urls_complete"][it.value] = None
    if with_host:
        # Loose: a host is a host without a text that speaks for it.
        host = _host(it.value).strip("[]")
        for inner in scan(host, strictness="loose", types=["domain", "ip"]):
            if inner.raw == host:
                found[f"{inner.type}s"][inner.value] = None
