"""Runs iocextract or ioc-finder beside iocpack on files of your own.

    python examples/compare.py iocextract FILE…
    python examples/compare.py ioc-finder FILE…

Prints a line for each value that one of them alone found: `-` for the peer,
`+` for iocpack, the type, the value, the file. Values are compared as iocpack
writes them, so that upper case and a missing last slash are no difference.
The peer must be installed beside iocpack.
"""

import sys
import time
from pathlib import Path

import iocpack

KEYS = {
    "domains": "domain",
    "urls": "url",
    "ipv4s": "ipv4",
    "ipv6s": "ipv6",
    "md5s": "md5",
    "sha1s": "sha1",
    "sha256s": "sha256",
}

IOCEXTRACT = [
    ("url", "extract_urls", {"refang": True}),
    ("ipv4", "extract_ipv4s", {"refang": True}),
    ("ipv6", "extract_ipv6s", {}),
    ("md5", "extract_md5_hashes", {}),
    ("sha1", "extract_sha1_hashes", {}),
    ("sha256", "extract_sha256_hashes", {}),
]


def of_iocextract(module, text):
    for type_, name, options in IOCEXTRACT:
        for value in getattr(module, name)(text, **options):
            yield type_, value


def of_ioc_finder(module, text):
    # All that both know; the peer warns of nothing else.
    for key, values in module.find_iocs(text, included_ioc_types=[*KEYS]).items():
        for value in values:
            yield KEYS[key], value


def canonical(type_, value):
    """As iocpack writes it; what it does not accept stays as it is."""
    try:
        return iocpack.Indicator(type_, value).value
    except iocpack.InvalidError:
        return value


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in ("iocextract", "ioc-finder"):
        sys.exit(__doc__)
    if sys.argv[1] == "iocextract":
        import iocextract as theirs

        from iocpack.compat import iocextract as ours

        run = of_iocextract
    else:
        import ioc_finder as theirs

        from iocpack.compat import ioc_finder as ours

        run = of_ioc_finder
    spent = [0.0, 0.0]
    both = only = 0
    for path in sys.argv[2:]:
        text = Path(path).read_text(encoding="utf-8", errors="replace")
        sets = []
        for i, module in enumerate((theirs, ours)):
            start = time.perf_counter()
            found = [*run(module, text)]
            spent[i] += time.perf_counter() - start
            sets.append({(type_, canonical(type_, it)) for type_, it in found})
        both += len(sets[0] & sets[1])
        for sign, rows in ("-", sets[0] - sets[1]), ("+", sets[1] - sets[0]):
            only += len(rows)
            for type_, value in sorted(rows):
                print(sign, type_, ascii(value)[1:-1], path, sep="\t")
    print(
        f"{both} in both, {only} in one; {sys.argv[1]} {spent[0]:.3f} s, "
        f"iocpack {spent[1]:.3f} s",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
