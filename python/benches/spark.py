"""Rows per second of `iocpack.spark.scan`, with controls in the same run.

    python benches/spark.py local-cluster[1,1,1024] [ROWS]

`direct` is `scan_arrow` without Spark, in as many processes as there are
executors: what the machine gives them. `pass` is a job that hands the same
rows to Python and a number for each batch back: what the engine costs.
"""

import multiprocessing
import os
import re
import sys
import time

os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"

import pyarrow as pa  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402
from pyspark.sql import functions as F  # noqa: E402

from iocpack import scan_arrow  # noqa: E402
from iocpack.spark import distinct_indicators, scan  # noqa: E402


def line(n):
    return (
        f"2026-11-23T04:00:{n % 60:02} host{n % 997}.example.net GET "
        f"http://c{n % 5003}.example.com/p/{n}?id={n} 200 from 192.0.2.{n % 256}"
    )


def lengths(batches):
    for batch in batches:
        size = batch.column(0).nbytes
        yield pa.RecordBatch.from_arrays([pa.array([size])], ["size"])


def best(call, runs=3):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def direct(share):
    """Scans as many rows as a process is to have, without Spark."""
    batch = pa.record_batch({"line": [line(n) for n in range(10_000)]})
    start = time.perf_counter()
    for _ in range(share // 10_000):
        scan_arrow(batch, "line")
    return time.perf_counter() - start


def main():
    master = sys.argv[1]
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    executors = int((re.findall(r"\d+", master) or [1])[0])
    load = os.getloadavg()[0]
    with multiprocessing.get_context("spawn").Pool(executors) as pool:
        shares = [rows // executors] * executors
        seconds = min(max(pool.map(direct, shares, 1)) for _ in range(3))
    spark = (
        SparkSession.builder.master(master)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    n = F.col("id")
    df = (
        spark.range(0, rows, 1, 8)
        .select(
            F.format_string(
                "2026-11-23T04:00:%02d host%d.example.net GET "
                "http://c%d.example.com/p/%d?id=%d 200 from 192.0.2.%d",
                *(n % 60, n % 997, n % 5003, n, n, n % 256),
            ).alias("line")
        )
        .cache()
    )
    assert df.count() == rows

    def run(it):
        it.write.format("noop").mode("overwrite").save()

    first = df.limit(1).collect()[0].line
    assert first == line(0), first
    found = scan(df, "line").count()
    jobs = {
        "pass": lambda: run(df.mapInArrow(lengths, "size long")),
        "scan": lambda: run(scan(df, "line")),
        "distinct": lambda: run(distinct_indicators(df, "line")),
    }
    print(f"{master}: {rows} rows, {found} matches, load {load:.1f}")
    print(f"  direct   {rows / seconds:12,.0f} rows/s {seconds:8.2f} s")
    for name, call in jobs.items():
        seconds = best(call)
        print(f"  {name:8} {rows / seconds:12,.0f} rows/s {seconds:8.2f} s")
    spark.stop()


if __name__ == "__main__":
    main()
