"""Apache Spark: texts in a column, indicators out. Needs pyspark and pyarrow.

``scan`` gives a row for each match, ``distinct_indicators`` one for each
indicator, with counts. Both run on the workers, batch by batch, and read
texts in place. See ``docs/spark.md`` beside the sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Optional, Union

try:
    import pyarrow as pa
    from pyspark.sql import functions as F
    from pyspark.sql import types as T
except ModuleNotFoundError as err:
    message = f"{err}; iocpack.spark needs it: pip install 'iocpack[spark]'"
    raise ModuleNotFoundError(message, name=err.name) from None

from ._core import scan as _scan_text
from ._errors import ArgumentError, LimitError
from .arrow import scan_arrow

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

#: The columns of an answer, before those that are kept.
SCHEMA = T.StructType(
    [
        T.StructField("type", T.StringType(), False),
        T.StructField("value", T.StringType(), False),
        T.StructField("raw", T.BinaryType(), False),
        T.StructField("start", T.LongType(), False),
        T.StructField("end", T.LongType(), False),
        T.StructField("defanged", T.BooleanType(), False),
        T.StructField("id", T.StringType(), True),
        T.StructField("id_certainty", T.StringType(), True),
    ]
)


def scan(
    df: DataFrame,
    column: str,
    keep: Sequence[str] = (),
    **options: Any,
) -> DataFrame:
    """The matches of a column of texts, a row each.

    ``column`` names texts: strings or binary values. Each is scanned by
    itself, so that neither partitions nor batches change the answer; a null
    has no rows in it. The answer has the columns of :data:`SCHEMA`, then
    those named in ``keep``, with the values of the row that the match was
    found in. ``options`` are those of :func:`iocpack.scan`.

    Raises ``TypeError`` if the column does not hold texts, and
    :class:`iocpack.ArgumentError` for a name that is not there or an unknown
    option: here, and not when the job runs.
    """
    if isinstance(keep, str):
        raise TypeError("keep: expected a sequence of names, not str")
    names = [*dict.fromkeys(keep)]
    for argument, name in [("column", column), *(("keep", it) for it in names)]:
        if name not in df.columns:
            raise ArgumentError(f"{argument} {name!r}: no such column")
    for name in names:
        if name in SCHEMA.names or name == "row":
            raise ArgumentError(
                f"keep {name!r}: the answer has a column of that name; "
                "rename it first"
            )
    kind = df.schema[column].dataType
    if not isinstance(kind, (T.StringType, T.BinaryType)):
        found = kind.simpleString()
        raise TypeError(
            f"column {column!r}: expected strings or binary values, not {found}"
        )
    _scan_text("", **options)

    def on_worker(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for found in _parts(batch, column, names, options):
                yield found.select(found.schema.names[1:])

    schema = T.StructType(
        [*SCHEMA.fields, *(df.schema[name] for name in names)]
    )
    wanted = df.select(*dict.fromkeys([column, *names]))
    return wanted.mapInArrow(on_worker, schema)


def _parts(
    batch: pa.RecordBatch,
    column: str,
    keep: Sequence[str],
    options: dict[str, Any],
) -> Iterator[pa.RecordBatch]:
    """The answer to a batch, in parts of less than 2 GiB."""
    try:
        found = scan_arrow(batch, column, keep, **options)
    except LimitError:
        if batch.num_rows < 2:
            raise
        half = batch.num_rows // 2
        yield from _parts(batch.slice(0, half), column, keep, options)
        yield from _parts(batch.slice(half), column, keep, options)
        return
    yield found


def distinct_indicators(
    df: DataFrame,
    column: str,
    key: Optional[Union[str, Sequence[str]]] = None,
    **options: Any,
) -> DataFrame:
    """Each indicator once: ``type``, ``value``, ``count``, and for a URL
    ``id`` and ``id_certainty``.

    With ``key``, a column or several, ``first`` is its least value among the
    rows that hold the indicator: a time or a file name says where it was seen
    first. Several columns make a struct, compared from left to right.

    Reduced on the cluster, first within each partition: what is shuffled
    grows with the number of distinct indicators of each partition, not with
    the number of matches. ``options`` are those of :func:`iocpack.scan`.
    """
    keys = [key] if isinstance(key, str) else [*(key or ())]
    found = scan(df, column, keys, **options)
    results = [
        F.count(F.lit(1)).alias("count"),
        F.first("id").alias("id"),
        F.first("id_certainty").alias("id_certainty"),
    ]
    if keys:
        first = F.col(keys[0]) if len(keys) == 1 else F.struct(*keys)
        results.append(F.min(first).alias("first"))
    return found.groupBy("type", "value").agg(*results)
