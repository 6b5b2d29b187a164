"""Rows of a table: how long peers in Python take for a text and for twice
of it. `peers.py FILE`; a run of more than 60 seconds is given up."""
import signal
import sys
import time

SIZE = 50_000
LIMIT = 60


def ioc_finder():
    from ioc_finder import find_iocs

    kinds = ("domains", "urls", "ipv4s", "ipv6s", "md5s", "sha1s", "sha256s")

    def run(text):
        found = find_iocs(text)
        return sum(len(found[kind]) for kind in kinds)

    return run


def iocextract():
    import iocextract as tool

    def run(text):
        lists = (tool.extract_urls, tool.extract_ips, tool.extract_hashes)
        return sum(len(list(one(text))) for one in lists)

    return run


def iocsearcher():
    from iocsearcher.searcher import Searcher

    searcher = Searcher()
    kinds = {"fqdn", "url", "ip4", "ip6", "md5", "sha1", "sha256"}

    def run(text):
        return len(searcher.search_data(text, targets=kinds))

    return run


def timed(run, text):
    signal.alarm(LIMIT)
    try:
        start = time.perf_counter()
        hits = run(text)
        return time.perf_counter() - start, hits
    except TimeoutError:
        return None, None
    finally:
        signal.alarm(0)


def give_up(*_):
    raise TimeoutError


def main():
    signal.signal(signal.SIGALRM, give_up)
    with open(sys.argv[1], encoding="utf-8", errors="replace") as file:
        text = file.read(2 * SIZE)
    for make in (ioc_finder, iocextract, iocsearcher):
        name = make.__name__
        try:
            run = make()
        except Exception as err:  # a peer that cannot be imported
            print(f"| {name} | {SIZE} | {type(err).__name__} | | |")
            continue
        times = []
        hits = None
        for part in (text[:SIZE], text):
            spent, hits = timed(run, part)
            times.append("over 60" if spent is None else f"{spent:.2f}")
        print(f"| {name} | {SIZE} | {times[0]} | {times[1]} | {hits} |")


main()
