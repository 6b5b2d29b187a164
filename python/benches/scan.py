"""Throughput of `scan` on texts of 1 MB, with controls in the same run.

    python benches/scan.py [FILE…]

`library` is the Rust library alone: the text is scanned and every canonical
form written, and no Python object is made. Peers are timed where they are
installed, on 100 kB, since they are slow. Best of several runs.
"""

import random
import sys
import time
from pathlib import Path

import iocpack


def made(seed, dense):
    """A report of 1 MB, or a log, of reserved names."""
    rng = random.Random(seed)
    words = "the actor used a loader and then moved to hosts in the lab".split()
    out = []
    size = 0
    while size < 1_000_000:
        line = " ".join(rng.choices(words, k=12))
        if rng.random() < dense:
            n = rng.randrange(10**6)
            line += rng.choice(
                [
                    f" hxxps://c{n}[.]example[.]com/p/{n}?id={n}",
                    f" 192.0.2.{n % 256}",
                    f" host{n}.example.net",
                    f" sha256 {n:064x}",
                ]
            )
        out.append(line)
        size += len(line) + 1
    return "\n".join(out)[:1_000_000]


def best(call, runs):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def peers():
    try:
        import ioc_finder

        yield "ioc-finder", ioc_finder.find_iocs
    except ImportError:
        pass
    try:
        from iocsearcher.searcher import Searcher

        searcher = Searcher()
        kinds = {"url", "fqdn", "ip4", "ip6", "md5", "sha1", "sha256"}
        yield "iocsearcher", lambda it: searcher.search_data(it, targets=kinds)
    except ImportError:
        pass


def main():
    texts = {
        "prose, a match in 10 lines": made(1, 0.1),
        "a match in every line": made(2, 1),
    }
    for path in sys.argv[1:]:
        texts[path] = Path(path).read_text("utf-8", "replace")[:1_000_000]
    for name, text in texts.items():
        data = text.encode()
        found = iocpack.scan(data)
        print(f"{name}: {len(data)} bytes, {len(found)} matches")
        library = best(lambda: iocpack.IndicatorSet().scan(data, types=[]), 30)
        rows = {
            "library": library,
            "scan(bytes)": best(lambda: iocpack.scan(data), 30),
            "scan(str)": best(lambda: iocpack.scan(text), 30),
            "set.scan(bytes)": best(lambda: iocpack.IndicatorSet().scan(data), 30),
        }
        for label, call in peers():
            rows[label] = best(lambda: call(text[:100_000]), 1) * len(text) / 1e5
        for label, seconds in rows.items():
            rate = len(data) / seconds / 1e6
            print(f"  {label:16} {rate:9.2f} MB/s  {seconds / library:8.2f} x")


if __name__ == "__main__":
    main()
