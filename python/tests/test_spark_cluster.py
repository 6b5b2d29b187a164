"""Spark in several processes: a master and two executors."""

import pytest
from spark_support import collected, expected, frame, killing, session

from iocpack.spark import distinct_indicators, scan


@pytest.fixture(scope="module")
def spark():
    spark = session("local-cluster[2,1,1024]")
    yield spark
    spark.stop()


@pytest.fixture(scope="module")
def rows(cases):
    return [(i, text) for i, (text, _) in enumerate(cases)]


def parts(rows, count):
    return [rows[i::count] for i in range(count)]


def test_rows_are_those_of_scan(spark, rows):
    found = scan(frame(spark, parts(rows, 8)), "text", keep=["key"])
    assert collected(found) == expected(rows)


def test_an_executor_that_is_killed_loses_and_doubles_nothing(
    spark, rows, tmp_path
):
    marker = tmp_path / "killed"
    df = frame(spark, parts(rows, 16))
    df = df.mapInArrow(killing(str(marker), "key", 9), df.schema)
    found = collected(scan(df, "text", keep=["key"]))
    assert marker.exists()
    assert found == expected(rows)


def test_a_reduction_survives_it_too(spark, rows, tmp_path):
    marker = tmp_path / "killed"
    df = frame(spark, parts(rows, 16))
    df = df.mapInArrow(killing(str(marker), "key", 11), df.schema)
    found = distinct_indicators(df, "text", "key").collect()
    assert marker.exists()
    want = {}
    for (type_, value, *_, key), count in expected(rows).items():
        total, first = want.get((type_, value), (0, key))
        want[type_, value] = (total + count, min(first, key))
    have = {(it.type, it.value): (it["count"], it["first"]) for it in found}
    assert have == want
