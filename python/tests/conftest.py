"""What the tests share: the data cases of the library, and the command."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

# The sources of the library; the tests may have been copied elsewhere.
ROOT = Path(os.environ.get("IOCPACK_ROOT", Path(__file__).resolve().parents[2]))

COMMAND = os.environ.get("IOCPACK_COMMAND", ROOT / "target/debug/iocpack")

ESCAPE = re.compile(r"\\(?:(n|t|r|\\)|x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]+)\})")


def unescape(text):
    """The bytes of an `in:` line."""

    def one(found):
        plain, byte, point = found.groups()
        if plain:
            return {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}[plain]
        # A lone byte travels as a surrogate.
        if byte and int(byte, 16) > 127:
            return chr(0xDC00 + int(byte, 16))
        return chr(int(byte or point, 16))

    return ESCAPE.sub(one, text).encode("utf-8", "surrogateescape")


def data_cases():
    """(text, options) of each case of `tests/data/scan`."""
    cases = []
    for path in sorted((ROOT / "tests/data/scan").glob("*.txt")):
        text, options = None, ()
        for line in [*path.read_text().split("\n"), ""]:
            if line.startswith("in:"):
                text = unescape(line[3:].removeprefix(" "))
            elif line.startswith("opt:"):
                options = (*options, *re.split(r"[,\s]+", line[4:].strip()))
            elif not line.strip():
                if text is not None:
                    cases.append((text, tuple(sorted(options))))
                text, options = None, ()
    return cases


@pytest.fixture(scope="session")
def cases():
    found = data_cases()
    assert len(found) > 100
    return found


@pytest.fixture(scope="session")
def command():
    """Calls the command with some arguments; its stdout."""
    if not Path(COMMAND).exists():
        pytest.skip(f"no command at {COMMAND}: cargo build --features cli")

    def run(*args, stdin=None):
        done = subprocess.run(
            [COMMAND, *map(str, args)], input=stdin, capture_output=True
        )
        assert done.returncode in (0, 1), done.stderr.decode()
        return done.stdout

    return run


@pytest.fixture(scope="session")
def command_rows(command):
    """The rows that the command prints of files, by the file's name."""

    def rows(paths, *options):
        found = {str(path): [] for path in paths}
        out = command(
            "scan", "--all", "--format", "jsonl", *options, "--", *paths
        )
        for line in out.splitlines():
            row = json.loads(line)
            found[row["source"]].append(row)
        return found

    return rows
