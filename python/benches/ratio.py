"""CPU time of the package against the Rust library, text by text.

    cargo build --release --example library
    python benches/ratio.py target/release/examples/liblibrary.so [FILE…]

Each call runs in turn with its twin in `library.rs`, which scans the same
text and owns the same values, in the same thread: other work on the machine
slows both. What is counted is the CPU time of the thread, from the call until
its answer is freed. Printed are medians: of the twin, of the call, and of
the ratio of each pair.

`read` reads every attribute of every match as well, which are Python objects
that the twin does not make; `library, nothing owned` counts borrowed matches.
A `str` is measured as it comes from a decoder: a new object for each call.
Of a file, the first MB is taken.
"""

import importlib.machinery
import importlib.util
import statistics
import sys
import time
from pathlib import Path

import pyarrow as pa
from scan import made

import iocpack

SIZE = 1_000_000


def load(path):
    loader = importlib.machinery.ExtensionFileLoader("library", path)
    spec = importlib.util.spec_from_loader("library", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def timed(call, argument):
    start = time.thread_time_ns()
    call(argument)
    return time.thread_time_ns() - start


def pairs(twin, call, make=None, runs=61):
    """Medians of both in ms, and of their ratio. `make` makes the argument
    of each call, before the clock starts."""
    ours, theirs = [], []
    for at in range(runs + 5):
        argument = make() if make else None
        # By turns the first of a pair.
        if at % 2:
            mine, other = timed(call, argument), timed(twin, None)
        else:
            other, mine = timed(twin, None), timed(call, argument)
        # The first warm up.
        if at >= 5:
            ours.append(mine)
            theirs.append(other)
    ratio = statistics.median(a / b for a, b in zip(ours, theirs))
    return (
        statistics.median(theirs) / 1e6,
        statistics.median(ours) / 1e6,
        ratio,
    )


def read(found):
    return [
        (it.type, it.value, it.raw, it.start, it.end, it.flags) for it in found
    ]


def rows(library, data):
    """(name, twin, call, make) of each row."""
    text = data.decode("utf-8", "replace")
    utf8 = text.encode()
    whole = pa.record_batch({"text": pa.array([data], pa.binary())})
    lines = pa.array(data.split(b"\n"), pa.binary())
    lines = pa.record_batch({"text": lines})

    def twin(it, *more):
        return lambda _: it(*more)

    def new():
        return utf8.decode()

    yield "library, nothing owned", twin(library.scan, data), twin(
        library.scan_only, data
    ), None
    yield "scan(bytes)", twin(library.scan, data), twin(iocpack.scan, data), None
    yield "scan(str)", twin(library.scan, utf8), iocpack.scan, new
    yield "scan(bytes), read", twin(library.scan, data), (
        lambda _: read(iocpack.scan(data))
    ), None
    yield "scan_arrow, one text", twin(library.scan_rows, data, False), twin(
        iocpack.scan_arrow, whole, "text"
    ), None
    yield "scan_arrow, lines", twin(library.scan_rows, data, True), twin(
        iocpack.scan_arrow, lines, "text"
    ), None


def main():
    library = load(sys.argv[1])
    texts = {
        "a match in 100 lines": made(1, 0.01).encode(),
        "a match in 10 lines": made(1, 0.1).encode(),
        "a match in every line": made(2, 1).encode(),
    }
    for path in sys.argv[2:]:
        texts[path] = Path(path).read_bytes()[:SIZE]
    for name, data in texts.items():
        count = library.scan(data)
        assert count == len(iocpack.scan(data)) > 0
        kind = "ASCII" if data.isascii() else "beyond ASCII"
        print(f"{name}: {len(data)} bytes, {count} matches, {kind}")
        for label, twin, call, make in rows(library, data):
            other, mine, ratio = pairs(twin, call, make)
            print(f"  {label:23} {other:7.3f} {mine:7.3f} ms {ratio:6.2f}")


if __name__ == "__main__":
    main()
