#!/usr/bin/env python3
"""Checks a sample of mutants: does a test fail when the code is wrong?

    cargo mutants --list --json -f 'src/kind/**' -f src/refang.rs \\
        -f 'src/scan/**' -f 'src/payload/**' -f 'src/policy/**' > list.json
    tests/tools/mutants.py list.json out.jsonl --each 22 --seed 2

Run it in a checkout of its own: it changes the sources, one mutant at a
time, and puts them back. `cargo-mutants` makes the list; its own run builds
and tests everything for each of thousands, this one a seeded sample of each
area, the tests of the library first and the rest only for what is left.
A line of JSON for each mutant says what became of it; those that have one are
not run again.
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
# The quick tests first. What is skipped is of another area, or as slow as all
# the rest: look at survivors without the skips.
SLOW = ["submit::", "every_block_size", "long_urls_cost"]
ROUNDS = (
    (["--lib"], [], 120),
    (
        ["--test", "integration"],
        ["--", *(word for name in SLOW for word in ("--skip", name))],
        240,
    ),
)


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
    env = dict(
        os.environ,
        PROPTEST_CASES="64",
        RUSTFLAGS="--cap-lints=warn",
        CARGO_PROFILE_DEV_DEBUG="0",
    )
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
        for target, skip, seconds in ROUNDS:
            built, _ = run([*TESTS, *target, "--no-run"], 600)
            if built != "ok":
                return "unviable", ""
            ended, printed = run([*TESTS, *target, *skip], seconds)
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


def refuse_a_failing_start():
    """Every mutant would count as caught by a test that fails without it."""
    for target, skip, _ in ROUNDS:
        ended, printed = run([*TESTS, *target, *skip], 1200)
        if ended != "ok":
            sys.exit(f"the tests fail without a mutant:\n{printed[-2000:]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("list", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--each", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", help="areas, instead of all")
    args = parser.parse_args()
    mutants = json.loads(args.list.read_text())
    done = set()
    if args.out.exists():
        lines = args.out.read_text().splitlines()
        done = {json.loads(line)["name"] for line in lines}
    refuse_a_failing_start()
    counts = {}
    with args.out.open("a") as out:
        for mutant in sample(mutants, args.each, args.seed):
            if mutant["name"] in done:
                continue
            if args.only and area(mutant) not in args.only:
                continue
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
