"""Arrow batches in, Arrow batches out. Needs pyarrow.

>>> import pyarrow
>>> logs = pyarrow.record_batch(
...     {"host": ["a", "b"], "line": ["from 192.0.2.7", None]}
... )
>>> found = scan_arrow(logs, "line", keep=["host"])
>>> found.select(["row", "type", "value", "host"]).to_pylist()
[{'row': 0, 'type': 'ipv4', 'value': '192.0.2.7', 'host': 'a'}]
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Optional, Union

try:
    import pyarrow as pa
    import pyarrow.compute  # noqa: F401
except ModuleNotFoundError as err:
    message = f"{err}; iocpack.arrow needs it: pip install 'iocpack[arrow]'"
    raise ModuleNotFoundError(message, name=err.name) from None

from . import _core
from ._errors import ArgumentError

#: The columns of an answer, before those that are kept. Relied on: columns
#: may be added, none is renamed or changes its type.
SCHEMA = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        pa.field("value", pa.string(), nullable=False),
        pa.field("raw", pa.binary(), nullable=False),
        pa.field("start", pa.int64(), nullable=False),
        pa.field("end", pa.int64(), nullable=False),
        pa.field("defanged", pa.bool_(), nullable=False),
        pa.field("id", pa.string()),
        pa.field("id_certainty", pa.string()),
    ]
)


def scan_arrow(
    batch: Any,
    column: str,
    keep: Sequence[str] = (),
    **options: Any,
) -> pa.RecordBatch:
    """The matches of a column of texts, a row each, as a ``RecordBatch``.

    ``batch`` is a ``pyarrow.RecordBatch`` or ``Table``, a Polars or pandas
    data frame, or whatever speaks the Arrow PyCapsule interface. ``column``
    names its texts: strings or binary values, which are read in place
    (string views and dictionaries are unfolded first). A null has no rows in
    the answer.

    The answer has the columns of :data:`SCHEMA`: ``row`` counts the rows of
    ``batch`` from 0, ``start`` and ``end`` count bytes of UTF-8. The columns
    named in ``keep`` follow, with the values of that row. ``options`` are
    those of :func:`iocpack.scan`.

    Raises ``TypeError`` if the column does not hold texts,
    :class:`iocpack.ArgumentError` if there is no such column, and
    :class:`iocpack.LimitError` for more than 2 GiB of results.
    """
    if isinstance(keep, str):
        raise TypeError("keep: expected a sequence of names, not str")
    table = _table(batch)
    _check_names(table, column, keep)
    names = [*dict.fromkeys(keep)]
    schema = schema_of(table.schema, names)
    parts = []
    before = 0
    texts = table.select([column, *names])
    whole = isinstance(texts, pa.RecordBatch)
    for part in [texts] if whole else texts.to_batches():
        parts.append(_scan(part, column, names, before, schema, options))
        before += part.num_rows
    if len(parts) == 1:
        return parts[0]
    combined = pa.Table.from_batches(parts, schema).combine_chunks()
    batches = combined.to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema)


def schema_of(schema: pa.Schema, keep: Sequence[str]) -> pa.Schema:
    """The schema of an answer that keeps these columns of ``schema``."""
    if not keep:
        return SCHEMA
    return pa.schema([*SCHEMA, *(schema.field(name) for name in keep)])


def _table(batch: Any) -> Union[pa.Table, pa.RecordBatch]:
    if isinstance(batch, (pa.Table, pa.RecordBatch)):
        return batch
    if hasattr(batch, "__arrow_c_stream__") or hasattr(
        batch, "__arrow_c_array__"
    ):
        return pa.table(batch)
    kind = type(batch).__name__
    raise TypeError(f"batch: expected an Arrow batch or a data frame, not {kind}")


def _check_names(table: Any, column: str, keep: Sequence[str]) -> None:
    for argument, name in [("column", column), *(("keep", it) for it in keep)]:
        if not isinstance(name, str):
            kind = type(name).__name__
            raise TypeError(f"{argument}: expected a name, not {kind}")
        count = table.schema.names.count(name)
        if count != 1:
            found = "no such column" if count == 0 else f"{count} of that name"
            raise ArgumentError(f"{argument} {name!r}: {found}")
    for name in keep:
        if name in SCHEMA.names:
            raise ArgumentError(
                f"keep {name!r}: the answer has a column of that name; "
                "rename it first"
            )


def _scan(
    batch: pa.RecordBatch,
    column: str,
    keep: Sequence[str],
    before: int,
    schema: pa.Schema,
    options: dict[str, Any],
) -> pa.RecordBatch:
    texts = _texts(batch.column(0), column)
    count, buffers = _core.scan_column(*texts.__arrow_c_array__(), **options)
    arrays = []
    for field in SCHEMA:
        held: list[Optional[pa.Buffer]] = [
            None if it is None else pa.py_buffer(it)
            for it in buffers[field.name]
        ]
        arrays.append(pa.Array.from_buffers(field.type, count, held))
    rows = arrays[0]
    for at in range(len(keep)):
        arrays.append(batch.column(at + 1).take(rows))
    if before:
        arrays[0] = pa.compute.add(rows, before)
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _texts(array: pa.Array, column: str) -> pa.Array:
    """The same values in a layout that is read in place."""
    kind = array.type
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    if value in _IN_PLACE:
        return array if value == kind else array.cast(value)
    views = {"string_view": pa.large_string(), "binary_view": pa.large_binary()}
    if str(value) in views:
        return array.cast(views[str(value)])
    if pa.types.is_null(value):
        return array.cast(pa.string())
    raise TypeError(
        f"column {column!r}: expected strings or binary values, not {kind}"
    )


_IN_PLACE = (pa.string(), pa.large_string(), pa.binary(), pa.large_binary())
