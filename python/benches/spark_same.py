"""Whether Spark, Python and the command find the same in a folder's files.

    python benches/spark_same.py FOLDER [--command iocpack] [--kill]
        [--master local-cluster[2,1,1024]]

Every file below FOLDER is a row, and rows are compared as multisets: file,
type, value, start, end, whether defanged, id and its certainty. First all rows
are in one partition, then each is alone, so that a border falls between any
two; with `--kill`, an executor is killed in the middle of a third job. Files
that the command does not read as they stand are left out: UTF-16, archives,
and what begins with a byte order mark.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from spark_support import killing, session  # noqa: E402

import iocpack  # noqa: E402
from iocpack.spark import scan  # noqa: E402

OTHER = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x1f\x8b", b"PK\x03\x04")


def of_command(command, paths):
    found = Counter()
    done = subprocess.run(
        [command, "scan", "--all", "--format", "jsonl", "--", *paths],
        stdout=subprocess.PIPE,
    )
    assert done.returncode in (0, 1)
    for line in done.stdout.splitlines():
        it = json.loads(line)
        values = [it[k] for k in ("type", "value", "start", "end", "defanged")]
        row = (it["source"], *values, it.get("id"), it.get("id_certainty"))
        found[row] += 1
    return found


def of_python(texts):
    found = Counter()
    for path, text in texts:
        for it in iocpack.scan(text):
            row = (path, it.type, it.value, it.start, it.end, it.defanged)
            found[(*row, it.id, it.id_certainty)] += 1
    return found


def of_spark(spark, parts, count, step=None):
    rows = spark.sparkContext.parallelize(parts, count).flatMap(list)
    df = spark.createDataFrame(rows, "path string, text binary")
    if step:
        df = df.mapInArrow(step, df.schema)
    names = ["path", "type", "value", "start", "end", "defanged"]
    found = scan(df, "text", keep=["path"])
    rows = found.select(*names, "id", "id_certainty").collect()
    return Counter(tuple(row) for row in rows)


def say(name, have, want, start):
    seconds = time.perf_counter() - start
    verdict = "the same" if have == want else "NOT the same"
    print(f"{name}: {have.total()} rows, {verdict}, {seconds:.1f} s", flush=True)
    for row in [*(want - have), *(have - want)][:5]:
        print("  ", row)
    return have == want


def main():
    args = argparse.ArgumentParser()
    args.add_argument("folder", type=Path)
    args.add_argument("--command", default="iocpack")
    args.add_argument("--master", default="local[2]")
    args.add_argument("--kill", action="store_true")
    args = args.parse_args()
    texts = []
    for path in sorted(args.folder.rglob("*")):
        if path.is_file() and not path.read_bytes().startswith(OTHER):
            texts.append((str(path), path.read_bytes()))
    size = sum(len(text) for _, text in texts)
    want = of_command(args.command, [path for path, _ in texts])
    print(f"command: {len(texts)} files, {size} bytes, {want.total()} rows")
    start = time.perf_counter()
    same = [say("Python", of_python(texts), want, start)]
    spark = session(args.master)
    spark.sparkContext.setLogLevel("OFF")
    alone = [[it] for it in texts]
    for name, parts in ("one partition", [texts]), ("each alone", alone):
        start = time.perf_counter()
        found = of_spark(spark, parts, len(parts))
        same.append(say(f"Spark, {name}", found, want, start))
    if args.kill:
        with tempfile.TemporaryDirectory() as folder:
            marker = Path(folder) / "killed"
            middle = texts[len(texts) // 2][0]
            step = killing(str(marker), "path", middle)
            start = time.perf_counter()
            found = of_spark(spark, [texts[at::16] for at in range(16)], 16, step)
            assert marker.exists()
            same.append(say("Spark, an executor killed", found, want, start))
    spark.stop()
    sys.exit(not all(same))


if __name__ == "__main__":
    main()
