"""`scan_arrow`: the rows of `scan`, for every layout of texts."""

import pytest

import iocpack

pa = pytest.importorskip("pyarrow", reason="no pyarrow")

from iocpack.arrow import SCHEMA  # noqa: E402


def expected(texts, **options):
    rows = []
    for row, text in enumerate(texts):
        for it in iocpack.scan(text, **options) if text is not None else ():
            rows.append(
                {
                    "row": row,
                    "type": it.type,
                    "value": it.value,
                    "raw": it.raw,
                    "start": it.start,
                    "end": it.end,
                    "defanged": it.defanged,
                    "id": it.id,
                    "id_certainty": it.id_certainty,
                }
            )
    return rows


@pytest.fixture(scope="session")
def texts(cases):
    """Every data case, with nulls and blanks between them."""
    found = [None, b""]
    for i, (text, _) in enumerate(cases):
        found += [text, None] if i % 5 == 0 else [text]
    return found


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary()])
def test_rows_are_those_of_scan(texts, kind):
    array = pa.array(texts, kind)
    batch = pa.record_batch({"text": array})
    found = iocpack.scan_arrow(batch, "text")
    assert found.schema == SCHEMA and found.validate(full=True) is None
    assert found.to_pylist() == expected(texts)
    # Parts that start anywhere in the buffers.
    for at in (1, 7, 8, 9, 63):
        part = batch.slice(at, 50)
        rows = iocpack.scan_arrow(part, "text").to_pylist()
        assert rows == expected(texts[at : at + 50])
    options = {"types": ["url"], "strictness": "loose", "inner_urls": True}
    rows = iocpack.scan_arrow(batch, "text", **options).to_pylist()
    assert rows == expected(texts, **options)


def test_every_layout_of_strings_has_the_same_rows(texts):
    strings = [None if it is None else it.decode("utf-8", "ignore") for it in texts]
    want = expected([None if it is None else it.encode() for it in strings])
    array = pa.array(strings)
    layouts = [
        array,
        array.cast(pa.large_string()),
        array.cast(pa.string_view()),
        array.dictionary_encode(),
    ]
    for it in layouts:
        batch = pa.record_batch({"text": it})
        assert iocpack.scan_arrow(batch, "text").to_pylist() == want
    chunked = pa.table({"text": pa.chunked_array([array[:9], array[9:]])})
    assert iocpack.scan_arrow(chunked, "text").to_pylist() == want


def of_polars(strings):
    polars = pytest.importorskip("polars", reason="no polars")
    return polars.DataFrame({"text": strings})


def of_pandas(strings):
    pandas = pytest.importorskip("pandas", reason="no pandas")
    return pandas.DataFrame({"text": pandas.Series(strings, dtype=object)})


@pytest.mark.parametrize("frame_of", [of_polars, of_pandas])
def test_data_frames_have_the_same_rows(texts, frame_of):
    strings = [None if it is None else it.decode("utf-8", "ignore") for it in texts]
    want = expected([None if it is None else it.encode() for it in strings])
    found = iocpack.scan_arrow(frame_of(strings), "text")
    assert isinstance(found, pa.RecordBatch)
    assert found.to_pylist() == want


def test_kept_columns_repeat_the_values_of_their_row():
    batch = pa.record_batch(
        {
            "key": [1, 2, None],
            "text": ["192.0.2.1 192.0.2.2", None, "http://example.com/"],
            "more": [["a"], [], None],
        }
    )
    found = iocpack.scan_arrow(batch, "text", keep=["more", "key"])
    assert found.schema.names == [*SCHEMA.names, "more", "key"]
    assert found.column("key").to_pylist() == [1, 1, None]
    assert found.column("more").to_pylist() == [["a"], ["a"], None]


@pytest.mark.parametrize("texts", [[], [None], [None, None], ["", "nothing"]])
def test_what_has_no_match_has_no_rows(texts):
    for kind in (pa.string(), pa.large_string()):
        batch = pa.record_batch({"text": pa.array(texts, kind)})
        found = iocpack.scan_arrow(batch, "text")
        assert found.num_rows == 0 and found.schema == SCHEMA
    empty = pa.table({"text": pa.chunked_array([], pa.string())})
    assert iocpack.scan_arrow(empty, "text").schema == SCHEMA
    nulls = pa.record_batch({"text": pa.nulls(3)})
    assert iocpack.scan_arrow(nulls, "text").num_rows == 0


def test_bad_arguments_are_named():
    batch = pa.record_batch({"n": [1], "text": ["x"], "row": [1]})
    with pytest.raises(TypeError, match="^column 'n': .* not int64$"):
        iocpack.scan_arrow(batch, "n")
    with pytest.raises(iocpack.ArgumentError, match="^column 'no': no such"):
        iocpack.scan_arrow(batch, "no")
    with pytest.raises(iocpack.ArgumentError, match="^keep 'row': "):
        iocpack.scan_arrow(batch, "text", keep=["row"])
    with pytest.raises(TypeError, match="^keep: "):
        iocpack.scan_arrow(batch, "text", keep="n")
    with pytest.raises(TypeError, match="^column: "):
        iocpack.scan_arrow(batch, None)
    with pytest.raises(TypeError, match="^batch: .* not NoneType$"):
        iocpack.scan_arrow(None, "text")
    with pytest.raises(iocpack.ArgumentError, match="^strictness: "):
        iocpack.scan_arrow(batch, "text", strictness="odd")
    with pytest.raises(TypeError, match="odd"):
        iocpack.scan_arrow(batch, "text", odd=1)


def test_a_capsule_of_something_else_is_refused():
    from iocpack import _core

    schema, array = pa.array([1]).__arrow_c_array__()
    with pytest.raises(TypeError, match="^array: expected strings"):
        _core.scan_column(schema, array)
    with pytest.raises((TypeError, ValueError)):
        _core.scan_column(array, schema)
