"""Spark sessions for tests, on the loopback alone."""

import os
import shutil
import signal
import sys
from collections import Counter

import pytest

if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("no java: Spark cannot run", allow_module_level=True)
pytest.importorskip("pyspark", reason="no pyspark: Spark cannot run")
pytest.importorskip("pyarrow", reason="no pyarrow: Spark cannot run")

# Workers run the interpreter that has iocpack and pyarrow.
os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"

import iocpack  # noqa: E402


def session(master, **more):
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("iocpack-tests")
    conf = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": "1g",
        "spark.executor.memory": "1g",
        "spark.sql.shuffle.partitions": "4",
        "spark.pyspark.python": sys.executable,
        **more,
    }
    for name, value in conf.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def frame(spark, parts):
    """A data frame whose partitions hold exactly these rows."""
    rdd = spark.sparkContext.parallelize(parts, len(parts))
    return spark.createDataFrame(rdd.flatMap(list), "key long, text binary")


def row_of(it):
    return (it.type, it.value, it.raw, it.start, it.end, it.defanged, it.id)


def expected(rows):
    """The matches of (key, text) rows, as a multiset."""
    found = Counter()
    for key, text in rows:
        if text is not None:
            found.update((*row_of(it), key) for it in iocpack.scan(bytes(text)))
    return found


def collected(df):
    names = ["type", "value", "raw", "start", "end", "defanged", "id", "key"]
    rows = df.select(*names).collect()
    return Counter(
        tuple(bytes(it) if isinstance(it, bytearray) else it for it in row)
        for row in rows
    )


def killing(marker, column, value):
    """A step that ends its executor once, at the row of this value."""

    def executor():
        pid = os.getppid()
        while pid > 1:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                if b"CoarseGrainedExecutorBackend" in file.read():
                    return pid
            with open(f"/proc/{pid}/stat") as file:
                pid = int(file.read().rpartition(")")[2].split()[1])
        raise RuntimeError("no executor above this worker")

    def step(batches):
        for batch in batches:
            if value in batch.column(column).to_pylist():
                try:
                    os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
                except FileExistsError:
                    pass
                else:
                    os.kill(executor(), signal.SIGKILL)
            yield batch

    return step
