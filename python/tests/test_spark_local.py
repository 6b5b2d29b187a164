"""Spark in one process, two threads."""

import gzip
import json
import subprocess
import sys
from collections import Counter

import pytest
from spark_support import collected, expected, frame, session

import iocpack
from conftest import ROOT
from iocpack.spark import distinct_indicators, scan


@pytest.fixture(scope="module")
def spark():
    spark = session("local[2]")
    yield spark
    spark.stop()


@pytest.fixture(scope="module")
def rows(cases):
    texts = [text for text, _ in cases]
    return [*enumerate(texts), (-1, None), (-2, b"")]


def test_rows_are_those_of_scan(spark, rows):
    halves = frame(spark, [rows[:77], rows[77:]])
    found = scan(halves, "text", keep=["key"])
    want = expected(rows)
    assert collected(found) == want and want.total() > 200
    assert found.columns[0] == "type" and found.columns[-1] == "key"


def test_a_partition_border_between_any_two_rows_changes_nothing(spark, rows):
    some = rows[20:29] + rows[-2:]
    want = expected(some)
    assert len(want) > 5
    for at in range(len(some) + 1):
        parts = frame(spark, [some[:at], some[at:]])
        assert collected(scan(parts, "text", keep=["key"])) == want
    alone = frame(spark, [[row] for row in some])
    assert collected(scan(alone, "text", keep=["key"])) == want


def test_batches_of_any_size_change_nothing(spark, rows):
    name = "spark.sql.execution.arrow.maxRecordsPerBatch"
    before = spark.conf.get(name)
    try:
        spark.conf.set(name, "7")
        found = scan(frame(spark, [rows]), "text", keep=["key"])
        assert collected(found) == expected(rows)
    finally:
        spark.conf.set(name, before)


def test_files_have_the_rows_of_the_command(spark, command_rows):
    folder = ROOT / "tests/data/scan"
    paths = sorted(folder.glob("*.txt"))
    want = Counter()
    for path, found in command_rows(paths).items():
        want.update(
            (path, it["type"], it["value"], it["start"], it["end"], it.get("id"))
            for it in found
        )
    files = spark.read.format("binaryFile").load(f"file://{folder}/*.txt")
    found = scan(files, "content", keep=["path"]).collect()
    have = Counter(
        (it.path[5:], it.type, it.value, it.start, it.end, it.id) for it in found
    )
    assert have == want and have.total() > 200


def test_distinct_indicators_are_counted_and_first_seen(spark):
    rows = [
        (3, b"192.0.2.1 and 192.0.2.1 http://example.com/"),
        (1, b"hxxp://Example[.]com"),
        (2, b"192.0.2.1"),
        (0, None),
    ]
    found = distinct_indicators(frame(spark, [rows[:1], rows[1:]]), "text", "key")
    have = {(it.type, it.value): it for it in found.collect()}
    assert {k: (it["count"], it["first"]) for k, it in have.items()} == {
        ("ipv4", "192.0.2.1"): (3, 2),
        ("url", "http://example.com/"): (2, 1),
    }
    assert have["url", "http://example.com/"].id is not None
    more = distinct_indicators(frame(spark, [rows]), "text", types=["ip"])
    assert [(it.value, it["count"]) for it in more.collect()] == [("192.0.2.1", 3)]


def test_bad_arguments_are_named_before_the_job_runs(spark):
    df = frame(spark, [[(1, b"x")]])
    with pytest.raises(TypeError, match="^column 'key': .* not bigint$"):
        scan(df, "key")
    with pytest.raises(iocpack.ArgumentError, match="^column 'no': "):
        scan(df, "no")
    with pytest.raises(iocpack.ArgumentError, match="^keep 'no': "):
        scan(df, "text", keep=["no"])
    with pytest.raises(iocpack.ArgumentError, match="^keep 'row': "):
        scan(df.withColumnRenamed("key", "row"), "text", keep=["row"])
    with pytest.raises(iocpack.ArgumentError, match="^strictness: "):
        scan(df, "text", strictness="odd")


def test_the_example_makes_parquet_and_a_plan(command, tmp_path, monkeypatch):
    # An example is run as its users run it: by itself.
    logs = tmp_path / "logs"
    logs.mkdir()
    lines = ["GET http://evil.badcorp.net/a", "peer 9.9.9.9, 192.168.1.1"]
    for i in range(3):
        with gzip.open(logs / f"{i}.log.gz", "wt") as out:
            out.write("\n".join(lines[: i + 1]) + "\n")
    plans = []
    from conftest import COMMAND

    for more in ([], ["--command", str(COMMAND)]):
        out = tmp_path / f"out{len(plans)}"
        script = ROOT / "python/examples/spark_logs.py"
        conf = {"PYSPARK_SUBMIT_ARGS": "--master local[2] --conf "
                "spark.ui.enabled=false --conf spark.driver.host=127.0.0.1 "
                "--conf spark.driver.bindAddress=127.0.0.1 pyspark-shell"}
        for name, value in conf.items():
            monkeypatch.setenv(name, value)
        args = [logs, out, "--name=n", "--description=d", *more]
        done = subprocess.run(
            [sys.executable, script, *args], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert (out / "matches/type=url").is_dir()
        plans.append(json.loads((out / "plan.json").read_bytes()))
    assert plans[0]["requests"] == plans[1]["requests"]
    items = plans[0]["requests"][0]["body"]["data"]["relationships"]
    assert [it["id"] for it in items["ip_addresses"]["data"]] == ["9.9.9.9"]
    assert len(items["urls"]["data"]) == 1
