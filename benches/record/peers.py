#!/usr/bin/env python3
"""Runs a peer over a folder of texts, as a table of `kind<TAB>value` a text.

    python3 peers.py TOOL IN OUT

TOOL is ioc-finder, iocextract or iocsearcher (all on PyPI). Each `*.txt` of
IN gives a `*.tsv` of OUT. A text that takes over a minute counts as empty and
is named on stderr."""
import glob
import os
import signal
import sys


def ioc_finder():
    from ioc_finder import find_iocs

    kinds = {"domains": "domain", "urls": "url", "ipv4s": "ip", "ipv6s": "ip",
             "md5s": "hash", "sha1s": "hash", "sha256s": "hash"}

    def run(text):
        for name, values in find_iocs(text).items():
            for value in values if name in kinds else ():
                yield kinds[name], value

    return run


def iocextract():
    import iocextract as tool

    def run(text):
        for value in tool.extract_urls(text, refang=True):
            yield "url", value
        for value in tool.extract_ips(text, refang=True):
            yield "ip", value
        for value in tool.extract_hashes(text):
            yield "hash", value

    return run


def iocsearcher():
    from iocsearcher.searcher import Searcher

    searcher = Searcher()
    kinds = {"fqdn": "domain", "url": "url", "ip4": "ip", "ip6": "ip",
             "md5": "hash", "sha1": "hash", "sha256": "hash"}

    def run(text):
        for item in searcher.search_data(text, targets=set(kinds)):
            yield kinds[item.name], item.value

    return run


def main():
    tool, folder, out = sys.argv[1:4]
    run = {"ioc-finder": ioc_finder, "iocextract": iocextract,
           "iocsearcher": iocsearcher}[tool]()
    os.makedirs(out, exist_ok=True)

    for path in sorted(glob.glob(os.path.join(folder, "*.txt"))):
        name = os.path.basename(path)[:-4]
        table = os.path.join(out, name + ".tsv")
        open(table, "w").close()
        child = os.fork()
        if child == 0:
            # A pattern that hangs cannot be interrupted, only ended.
            signal.alarm(60)
            with open(path, encoding="utf-8", errors="replace") as file:
                rows = sorted(set(run(file.read())))
            with open(table, "w", encoding="utf-8",
                      errors="replace") as file:
                file.writelines(f"{kind}\t{value}\n" for kind, value in rows)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            print(f"{tool}: {name}: ended with {status}", file=sys.stderr)


main()
