#!/usr/bin/env python3
"""Checks a sample of mutants: does a test fail when the code is wrong?

    cargo mutants --list --json -f 'src/kind/**' -f src/refang.rs \\
        -f 'src/scan/**' -f 'src/payload/**' -f 'src/policy/**' > list.json
    tests/tools/mutants.py list.json out.jsonl --each 20 --seed 1

Run it in a checkout of its own: it changes the sources, one mutant at a
time, and puts them back. `cargo-mutants` makes the list; its own run builds
and tests everything for each of thousands, this one a seeded sample of each
area, the tests of the library first and the rest only for what is left.
A line of JSON for each mutant says what became of it.
"""

import argparse
import json
import os
import pathlib
import random
import signal
import subprocess
import sys

TESTS = ["cargo", "test", "--quiet", "--features", "submit"]


def area(mutant):
    """`kind`, `scan`, ...: the part of the library that a mutant is in."""
    return mutant["file"].split("/")[1].removesuffix(".rs")


def sample(mutants, each, seed):
    """So many of each area, in turn, so that a part of a run is fair."""
    areas = {}
    for mutant in mutants:
        areas.setdefault(area(mutant), []).append(mutant)
    rng = random.Random(seed)
    picked = [
        rng.sample(areas[name], min(each, len(areas[name])))
        for name in sorted(areas)
    ]
    return [
        mutant
        for row in range(each)
        for column in picked
        for mutant in column[row : row + 1]
    ]


def mutated(text, mutant):
    """The text of the file with the span of the mutant replaced."""
    lines = text.splitlines(keepends=True)

    def offset(place):
        before = sum(len(line) for line in lines[: place["line"] - 1])
        return before + place["column"] - 1

    span = mutant["span"]
    start, end = offset(span["start"]), offset(span["end"])
    return text[:start] + mutant["replacement"] + text[end:]


def run(arguments, seconds):
    """How a command ended: ok, failed or timeout; and what it printed."""
    env = dict(os.environ, PROPTEST_CASES="64", RUSTFLAGS="--cap-lints=warn")
    child = subprocess.Popen(
        arguments,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        printed, _ = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        # The tests too, not only cargo.
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        return "timeout", ""
    return ("failed" if child.returncode else "ok"), printed


def outcome(mutant, path):
    """Unviable, or which tests caught it, or missed."""
    original = path.read_text()
    try:
        path.write_text(mutated(original, mutant))
        both = ["--lib", "--test", "integration"]
        built, _ = run([*TESTS, *both, "--no-run"], 600)
        if built != "ok":
            return "unviable", ""
        for tests, seconds in ((["--lib"], 120), (both[1:], 240)):
            ended, printed = run([*TESTS, *tests], seconds)
            if ended == "timeout":
                return "timeout", ""
            if ended == "failed":
                failed = [
                    line for line in printed.splitlines()
                    if line.startswith("---- ")
                ]
                return "caught", failed[0] if failed else ""
        return "missed", ""
    finally:
        path.write_text(original)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("list", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--each", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    mutants = json.loads(args.list.read_text())
    counts = {}
    with args.out.open("a") as out:
        for mutant in sample(mutants, args.each, args.seed):
            ended, by = outcome(mutant, pathlib.Path(mutant["file"]))
            key = (area(mutant), ended)
            counts[key] = counts.get(key, 0) + 1
            row = {"name": mutant["name"], "outcome": ended, "by": by}
            print(json.dumps(row), file=out, flush=True)
            print(f"{ended:9} {mutant['name']}", file=sys.stderr, flush=True)
    for (name, ended), count in sorted(counts.items()):
        print(f"{name:9} {ended:9} {count}")


if __name__ == "__main__":
    main()
