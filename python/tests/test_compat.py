"""The functions that users of other packages know.

The inputs are those of the peers' own pages, with reserved names; what they
answer there stands beside, where we differ."""

import pytest

from iocpack.compat import ioc_finder, iocextract

PAGE = """
I really love example[.]com!
All the bots are on hxxp://example.com/bad/url these days.
C2: tcp://example[.]com:8989/bad
"""


def test_the_example_of_iocextract_has_its_answers_each_once():
    assert list(iocextract.extract_urls(PAGE)) == [
        "hxxp://example.com/bad/url",
        "example[.]com",
        # iocextract: tcp://example[.]com:8989/bad, twice.
        "example[.]com",
    ]
    assert list(iocextract.extract_urls(PAGE, refang=True)) == [
        "http://example.com/bad/url",
        "http://example.com",
        "http://example.com",
    ]
    plain = "http://example.com/bad/url\nhttp://example.com:8989/bad\n"
    assert list(iocextract.extract_urls(plain, defang=False)) == plain.split()
    assert list(iocextract.extract_urls(plain, defang=True)) == [
        "hxxp://example[.]com/bad/url",
        "hxxp://example[.]com:8989/bad",
    ]
    assert list(iocextract.extract_urls(PAGE, refang=True, no_scheme=True))[0] == (
        "example.com/bad/url"
    )


def test_addresses_and_hashes_are_those_of_iocextract():
    text = "192.0.2[.]1 2001:db8::1 http://198.51.100.2:80/a md5 " + "0aF1" * 8
    text += " sha1 " + "0aF12" * 8 + " sha256 " + "0aF1" * 16
    assert list(iocextract.extract_ips(text)) == [
        "192.0.2[.]1",
        "198.51.100.2",
        "2001:db8::1",
    ]
    assert next(iocextract.extract_ipv4s(text, refang=True)) == "192.0.2.1"
    assert list(iocextract.extract_ipv6s(text)) == ["2001:db8::1"]
    assert list(iocextract.extract_hashes(text)) == [
        "0aF1" * 8,
        "0aF12" * 8,
        "0aF1" * 16,
    ]
    assert len(list(iocextract.extract_iocs(text))) == 7
    encoded = "x " + b"http://example.com/a".hex() + " y"
    assert list(iocextract.extract_encoded_urls(encoded, refang=True)) == [
        "http://example.com/a"
    ]
    assert list(iocextract.extract_unencoded_urls(encoded)) == []


@pytest.mark.parametrize(
    "name", ["emails", "yara_rules", "telephone_nums", "sha512_hashes"]
)
def test_what_is_not_covered_says_so(name):
    with pytest.raises(NotImplementedError, match="not covered"):
        getattr(iocextract, f"extract_{name}")("a@example.com")
    with pytest.raises(NotImplementedError, match="'cves'"):
        ioc_finder.find_iocs("", included_ioc_types=["cves"])


def test_find_iocs_sorts_by_type():
    text = "This is just an example.com https://example.org/test/bingo.php?a=1"
    found = ioc_finder.find_iocs(text)
    assert found["domains"] == ["example.com", "example.org"]
    assert found["urls"] == ["https://example.org/test/bingo.php?a=1"]
    assert sorted(found) == sorted(ioc_finder.DEFAULT_IOC_TYPES)
    text = "http://192.0.2.1/a http://[2001:db8::1]/b " + "A" * 32 + "1"
    found = ioc_finder.find_iocs(text)
    assert found["ipv4s"] == ["192.0.2.1"] and found["ipv6s"] == ["2001:db8::1"]


def test_the_options_of_find_iocs_are_heard():
    def find(text, key, **options):
        return ioc_finder.find_iocs(text, **options)[key]

    url = "http://a.example.com/"
    assert find(url, "domains", parse_domain_from_url=False) == []
    mail = "x@mail.example.com"
    assert find(mail, "domains") == ["mail.example.com"]
    assert find(mail, "domains", parse_domain_from_email_address=False) == []
    inner = "http://example.com/?u=http://example.net/"
    assert len(find(inner, "urls")) == 2
    assert len(find(inner, "urls", parse_from_url_path=False)) == 1
    bare = "get example.com/a/b now"
    assert find(bare, "urls") == ["http://example.com/a/b"]
    assert find(bare, "urls", parse_urls_without_scheme=False) == []
    name = "c2: b\u00fccher.example.com"
    assert find(name, "domains") == []
    assert find(name, "domains", parse_unicode_iocs=True) == [
        "xn--bcher-kva.example.com"
    ]
    only = ioc_finder.find_iocs(url, included_ioc_types=["urls_complete"])
    assert only == {"urls_complete": [url]}
