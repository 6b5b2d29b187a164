"""The functions of ``iocextract`` for URLs, addresses and hashes.

>>> from iocpack.compat import iocextract
>>> text = "I love example[.]com! The bots are on hxxp://example.com/bad/url"
>>> list(iocextract.extract_urls(text))
['hxxp://example.com/bad/url', 'example[.]com']
>>> list(iocextract.extract_urls(text, refang=True))
['http://example.com/bad/url', 'http://example.com']

All return iterators, and give what is written unless ``refang`` is set.

Where the answers differ:

- Each place in the text is listed once. iocextract lists what several of its
  expressions find several times.
- A URL ends where the text ends it: quotes, brackets and the full stop of the
  sentence are not part of it. So ``strip``, ``open_punc`` and ``delimiter``
  change nothing; they are taken and ignored.
- A refanged URL is canonical: host in lower case and in punycode, default
  ports and fragments as VirusTotal reads them.
- Schemes other than http, https and ftp are no URLs: of ``tcp://example[.]com``
  the defanged name is listed. iocextract makes ``http`` of them.
- Names with an unknown public suffix, octets above 255, versions, times and
  hex runs of another length are turned down.
- Text in base64 or hex is decoded only where it is a URL as a whole.
- Hashes are given in lower case with ``refang`` only; SHA-512 is not found.
- ``extract_iocs`` gives URLs, addresses and hashes. E-mail addresses,
  telephone numbers, YARA rules, SHA-512 and expressions of your own are not
  covered: those functions raise ``NotImplementedError``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, NoReturn, Optional

from .._core import Match, scan

__all__ = [
    "extract_custom_iocs",
    "extract_emails",
    "extract_encoded_urls",
    "extract_hashes",
    "extract_iocs",
    "extract_ips",
    "extract_ipv4s",
    "extract_ipv6s",
    "extract_md5_hashes",
    "extract_sha1_hashes",
    "extract_sha256_hashes",
    "extract_sha512_hashes",
    "extract_telephone_nums",
    "extract_unencoded_urls",
    "extract_urls",
    "extract_yara_rules",
]


def extract_iocs(
    data: str, refang: bool = False, strip: bool = False
) -> Iterator[str]:
    """URLs, then addresses, then hashes."""
    return itertools.chain(
        extract_urls(data, refang=refang, strip=strip),
        extract_ips(data, refang=refang),
        extract_hashes(data),
    )


def extract_urls(
    data: str,
    refang: bool = False,
    strip: bool = False,
    delimiter: Optional[bool] = False,
    open_punc: bool = False,
    no_scheme: bool = False,
    defang: bool = False,
) -> Iterator[str]:
    """URLs, then defanged names, which iocextract takes for URLs too."""
    found = scan(data, types=["url", "domain"])
    urls = (it for it in found if it.type == "url")
    names = (it for it in found if it.type == "domain" and it.defanged)
    for it in itertools.chain(urls, names):
        yield _url(it, refang, no_scheme, defang)


def extract_unencoded_urls(
    data: str,
    refang: bool = False,
    strip: bool = False,
    open_punc: bool = False,
    no_scheme: bool = False,
    defang: bool = False,
) -> Iterator[str]:
    """As :func:`extract_urls`, without URLs that are encoded as a whole."""
    for it in scan(data, types=["url", "domain"]):
        is_plain = it.type == "url" and "encoded" not in it.flags
        if is_plain or (it.type == "domain" and it.defanged):
            yield _url(it, refang, no_scheme, defang)


def extract_encoded_urls(
    data: str,
    refang: bool = False,
    strip: bool = False,
    delimiter: Optional[bool] = None,
    parse_json: bool = False,
) -> Iterator[str]:
    """URLs that are written in hex, in base64 or percent-encoded."""
    for it in scan(data, types=["url"]):
        if "encoded" in it.flags:
            yield it.value if refang else it.raw


def extract_ips(data: str, refang: bool = False) -> Iterator[str]:
    """IPv4 addresses, then IPv6 addresses."""
    return itertools.chain(
        extract_ipv4s(data, refang=refang), _of(data, "ipv6", refang)
    )


def extract_ipv4s(data: str, refang: bool = False) -> Iterator[str]:
    """IPv4 addresses, those that are hosts of URLs too."""
    for it in scan(data, types=["ipv4", "url"]):
        if it.type == "ipv4":
            yield it.value if refang else it.raw
        elif "ip-obfuscated" not in it.flags:
            host = _host(it.value)
            if [it.type for it in scan(host)] == ["ipv4"]:
                yield host


def extract_ipv6s(data: str) -> Iterator[str]:
    """IPv6 addresses."""
    return _of(data, "ipv6", False)


def extract_hashes(data: str) -> Iterator[str]:
    """MD5, then SHA-1, then SHA-256."""
    return itertools.chain(
        extract_md5_hashes(data),
        extract_sha1_hashes(data),
        extract_sha256_hashes(data),
    )


def extract_md5_hashes(data: str) -> Iterator[str]:
    """MD5 digests, as written."""
    return _of(data, "md5", False)


def extract_sha1_hashes(data: str) -> Iterator[str]:
    """SHA-1 digests, as written."""
    return _of(data, "sha1", False)


def extract_sha256_hashes(data: str) -> Iterator[str]:
    """SHA-256 digests, as written."""
    return _of(data, "sha256", False)


def extract_sha512_hashes(data: str) -> NoReturn:
    """Not covered: VirusTotal knows no file by it."""
    _not_covered("SHA-512 digests")


def extract_emails(data: str, refang: bool = False) -> NoReturn:
    """Not covered; ``scan(…, email_domains=True)`` gives their domains."""
    _not_covered("e-mail addresses")


def extract_telephone_nums(data: str) -> NoReturn:
    """Not covered."""
    _not_covered("telephone numbers")


def extract_yara_rules(data: str) -> NoReturn:
    """Not covered."""
    _not_covered("YARA rules")


def extract_custom_iocs(data: str, regex_list: Any) -> NoReturn:
    """Not covered: use ``re``."""
    _not_covered("expressions of your own")


def _not_covered(what: str) -> NoReturn:
    raise NotImplementedError(f"{what}: not covered by iocpack")


def _of(data: str, type_: str, refang: bool) -> Iterator[str]:
    for it in scan(data, types=[type_]):
        yield it.value if refang else it.raw


def _host(url: str) -> str:
    """The host of a canonical URL."""
    authority = url.partition("://")[2]
    for end in "/?#":
        authority = authority.partition(end)[0]
    host = authority.rpartition("@")[2]
    return host if host.endswith("]") else host.partition(":")[0]


def _url(it: Match, refang: bool, no_scheme: bool, defang: bool) -> str:
    if not refang and not defang:
        return str(it.raw)
    url = it.value if it.type == "url" else f"http://{it.value}"
    if defang:
        scheme, _, rest = url.partition("://")
        host = _host(url)
        rest = rest.replace(host, host.replace(".", "[.]"), 1)
        url = f"{scheme.replace('t', 'x', 2)}://{rest}"
    return url.partition("://")[2] if no_scheme else url
