"""A folder of logs, gzip or not, to Parquet and a collection plan.

    spark-submit --conf spark.pyspark.python=$(which python3) \\
        examples/spark_logs.py LOGS OUT --name 'Grey Heron' \\
        --description 'Seen at the proxy' [--command PATH/OF/iocpack]

OUT/matches holds a row for each match, partitioned by type; OUT/distinct a
row for each indicator, with its count and the first file that holds it;
OUT/indicators.txt the values, one per line; OUT/plan.json the requests, which
`iocpack submit --plan` sends. With --command the plan is that of `iocpack
pack`, which also shows what is held back and why.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

import iocpack
from iocpack.spark import distinct_indicators, scan


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("logs", help="folder of logs, one event per line")
    parser.add_argument("out", type=Path, help="folder on a local disk")
    parser.add_argument("--name", required=True)
    parser.add_argument("--description", required=True)
    parser.add_argument("--partitions", type=int, default=0)
    parser.add_argument("--command", help="the command, to make the plan")
    args = parser.parse_args()

    spark = SparkSession.builder.appName("iocpack-logs").getOrCreate()
    # A gzip file cannot be split: it is one partition, whatever its size.
    lines = spark.read.text(args.logs).select(
        F.col("value").alias("line"), F.input_file_name().alias("file")
    )
    if args.partitions:
        lines = lines.repartition(args.partitions)

    matches = scan(lines, "line", keep=["file"])
    matches.write.mode("overwrite").partitionBy("type").parquet(
        str(args.out / "matches")
    )
    distinct = distinct_indicators(lines, "line", key="file")
    distinct.write.mode("overwrite").parquet(str(args.out / "distinct"))

    # Distinct indicators are few enough for one machine.
    found = iocpack.IndicatorSet()
    rows = spark.read.parquet(str(args.out / "distinct"))
    rows = rows.select("type", "value").orderBy("type", "value")
    with open(args.out / "indicators.txt", "w", encoding="utf-8") as out:
        for row in rows.toLocalIterator():
            found.add((row["type"], row["value"]))
            out.write(row["value"] + "\n")
    spark.stop()

    plan = args.out / "plan.json"
    if args.command:
        done = subprocess.run(
            [
                *(args.command, "pack", args.out / "indicators.txt"),
                *("--name", args.name, "--description", args.description),
                *("--strictness", "loose", "--plan", plan),
            ]
        )
        sys.exit(done.returncode)
    for it, hold in found.hold(iocpack.Policy()):
        print("held", hold.reason, it.type, it.value, hold.rule, sep="\t")
    iocpack.Collection(args.name, args.description).plan(found).write(plan)


if __name__ == "__main__":
    main()
