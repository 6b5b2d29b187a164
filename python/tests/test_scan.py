"""`scan`, `scan_file`, `url_id`, and what they do with bad input."""

import os
import signal

import pytest

import iocpack

TEXT = "ré c2 at hxxps://login[.]example[.]com/a, also 192.0.2.7"


def test_offsets_count_code_points_in_str_and_bytes_in_bytes():
    data = TEXT.encode()
    as_text, as_bytes = iocpack.scan(TEXT), iocpack.scan(data)
    assert [it.type for it in as_text] == ["url", "ipv4"]
    for a, b in zip(as_text, as_bytes):
        assert TEXT[a.start : a.end] == a.raw
        assert data[b.start : b.end] == b.raw
        assert (a.byte_start, a.byte_end) == (b.start, b.end)
        assert a.start + 1 == b.start
        assert a.value == b.value


@pytest.mark.parametrize("fill", ["a ", "é ", "漢 ", "🐦 ", "é漢🐦a"])
def test_code_points_are_counted_in_texts_of_any_length(fill):
    for n in [*range(9), 62, 63, 64, 85, 127, 128, 255, 256, 300]:
        text = f"{fill * n} 192.0.2.1 {fill * n} http://example.com/é {fill}"
        found = iocpack.scan(text)
        assert [it.type for it in found] == ["ipv4", "url"]
        for it in found:
            assert text[it.start : it.end] == it.raw
            assert len(text[: it.start].encode()) == it.byte_start
            assert len(text[: it.end].encode()) == it.byte_end


def test_a_subclass_of_str_is_a_str():
    class Text(str):
        def isascii(self):
            return not super().isascii()

    for text in ("é 192.0.2.1", "e 192.0.2.1"):
        assert iocpack.scan(Text(text)) == iocpack.scan(text)
    with pytest.raises(iocpack.TextError, match="surrogate at code point 2"):
        iocpack.scan(Text("ab\udc80"))


class Ears:
    """Counts a signal that comes every millisecond, and may raise at one."""

    def __init__(self, raise_at=None):
        self.heard, self.raise_at = 0, raise_at

    def __call__(self, *_):
        self.heard += 1
        if self.heard == self.raise_at:
            raise KeyboardInterrupt

    def __enter__(self):
        self.before = signal.signal(signal.SIGALRM, self)
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        return self

    def __exit__(self, *_):
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self.before)


# Signals are asked for every 8 MiB.
LARGE = b"a word or two, no more\n" * (6 << 20)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers here")
def test_signals_are_heard_while_a_large_text_is_scanned():
    for call in (iocpack.scan, iocpack.IndicatorSet().scan):
        with Ears() as ears:
            call(LARGE)
        # Once it is over, one would be.
        assert ears.heard > 5
        with Ears(raise_at=5), pytest.raises(KeyboardInterrupt):
            call(LARGE)
    # And nothing is left behind.
    assert iocpack.scan(b"192.0.2.1")[0].start == 0


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers here")
def test_signals_are_heard_while_a_column_is_scanned():
    pyarrow = pytest.importorskip("pyarrow", reason="no pyarrow")
    # Of many rows, some, and one.
    for size in (1, 1 << 20, len(LARGE)):
        rows = [LARGE[:size]] * (min(len(LARGE) // size, 1_000_000))
        batch = pyarrow.record_batch({"text": rows})
        with Ears(raise_at=5), pytest.raises(KeyboardInterrupt):
            iocpack.scan_arrow(batch, "text")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_signal_is_heard_while_a_file_gives_nothing(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    # Open for both, it has a writer, and does not end.
    writer = os.open(path, os.O_RDWR)
    found = iocpack.scan_file(path)
    with Ears(raise_at=3), pytest.raises(KeyboardInterrupt):
        next(found)
    os.write(writer, b"from 192.0.2.7\n")
    os.close(writer)
    assert [it.value for it in found] == ["192.0.2.7"]


def test_a_large_text_has_the_matches_of_its_parts():
    # Scanned in one piece up to 8 MiB, and like a file above.
    line = "é%07d from 192.0.2.7 hxxp://a[.]example[.]com/漢%07d\n"
    part = "".join(line % (n, n) for n in range(100_000))
    assert 4 << 20 < len(part.encode()) < 8 << 20
    twice = part * 2
    found, once = iocpack.scan(twice), iocpack.scan(part)
    assert len(found) == 2 * len(once) == 400_000
    size, width = len(part.encode()), len(part)
    for at, it in enumerate(found):
        second, index = divmod(at, len(once))
        other = once[index]
        assert it.type == other.type and it.value == other.value
        assert it.raw == other.raw
        assert it.start - second * width == other.start
        assert it.end - second * width == other.end
        assert it.byte_start - second * size == other.byte_start
    assert iocpack.scan(twice.encode())[-1].value == found[-1].value


def test_matches_are_no_work_for_the_garbage_collector(tmp_path):
    import gc

    path = tmp_path / "log.txt"
    path.write_text("192.0.2.1")
    for found in (iocpack.scan("192.0.2.1"), list(iocpack.scan_file(path))):
        assert [gc.is_tracked(it) for it in found] == [False]


def test_matches_outlive_their_text_and_their_neighbours():
    found = iocpack.scan(TEXT)
    last = found.pop()
    want = (last.value, last.raw, last.start, last.end, hash(last))
    del found
    again = iocpack.scan(TEXT)[1]
    assert last == again and last is not again
    assert want == (last.value, last.raw, last.start, last.end, hash(again))


def test_a_match_says_what_it_is():
    url, ip = iocpack.scan(TEXT)
    assert url.value == "https://login.example.com/a"
    assert url.defanged and not ip.defanged
    assert url.id == iocpack.url_id(url.value).id
    assert url.id_certainty == "proven"
    assert ip.id is None and ip.id_certainty is None
    assert repr(ip) == "Match(47..56 ipv4 '192.0.2.7')"
    assert url.as_dict()["raw"] == url.raw
    assert {url, *iocpack.scan(TEXT)} == {url, ip}


def test_types_filter_the_answer_and_not_the_search():
    text = "http://a.example.com/x b.example.com 2001:db8::1 192.0.2.1"
    found = iocpack.scan(text, types=["domain", "ip"])
    assert [it.value for it in found] == [
        "b.example.com",
        "2001:db8::1",
        "192.0.2.1",
    ]


def test_options_are_those_of_the_command():
    assert iocpack.scan("read notes.md", strictness="loose")
    assert not iocpack.scan("read notes.md")
    assert not iocpack.scan("evil[.]example[.]com", refang=False)
    mail = iocpack.scan("a@mail.example.com", email_domains=True)
    assert [it.flags for it in mail] == [("from-email",)]
    text = "http://example.com/?u=http://example.net/é"
    inner = iocpack.scan(text, inner_urls=True)
    assert [it.start for it in inner] == [0, 22]


@pytest.mark.parametrize(
    "bad, kind", [(None, "NoneType"), (7, "int"), (["a"], "list")]
)
def test_a_text_of_another_type_is_a_type_error(bad, kind):
    with pytest.raises(TypeError, match=f"^text: expected str or bytes, not {kind}$"):
        iocpack.scan(bad)
    with pytest.raises(TypeError, match="^url: "):
        iocpack.url_id(bad)


def test_a_lone_surrogate_is_a_text_error():
    with pytest.raises(iocpack.TextError, match="surrogate at code point 2"):
        iocpack.scan("ab\udc80")
    assert issubclass(iocpack.TextError, (iocpack.Error, ValueError))


def test_any_bytes_are_scanned():
    data = b"\xff\xfe\x00 192.0.2.7 \x80\xc3"
    for kind in (bytes, bytearray, memoryview):
        assert [it.raw for it in iocpack.scan(kind(data))] == [b"192.0.2.7"]
    assert iocpack.scan(b"") == iocpack.scan("") == []


def test_unknown_options_are_named():
    with pytest.raises(iocpack.ArgumentError, match='types: .*"mail"'):
        iocpack.scan("", types=["mail"])
    with pytest.raises(iocpack.ArgumentError, match='strictness: .*"odd"'):
        iocpack.scan("", strictness="odd")
    with pytest.raises(TypeError, match="types"):
        iocpack.scan("", types="url")


def test_a_file_has_the_matches_of_its_bytes(tmp_path):
    path = tmp_path / "log.txt"
    data = b"".join(
        b"line %d from 192.0.2.%d\n" % (i, i % 256) for i in range(20000)
    )
    path.write_bytes(data)
    assert list(iocpack.scan_file(path)) == iocpack.scan(data)
    assert list(iocpack.scan_file(str(path), types=["url"])) == []
    # An iterator that is left early lets its thread go.
    assert next(iocpack.scan_file(path)).raw == b"192.0.2.0"


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing.txt"):
        iocpack.scan_file(tmp_path / "nothing.txt")
    with pytest.raises(IsADirectoryError, match=str(tmp_path)):
        list(iocpack.scan_file(tmp_path))


def test_ids_are_those_of_the_canonical_form():
    one = iocpack.url_id("hxxps://Example[.]com/a")
    assert one == iocpack.url_id(b"https://example.com/a")
    assert one.url == "https://example.com/a"
    assert one.certainty == "proven" and one.reasons == ()
    assert len(str(one)) == 64
    for bad in ("", "word", "http://"):
        with pytest.raises(iocpack.InvalidError, match="^url: "):
            iocpack.url_id(bad)


def test_threads_scan_at_the_same_time():
    from concurrent.futures import ThreadPoolExecutor

    texts = [f"{i} http://example.com/{i} " * 500 for i in range(16)]
    alone = [iocpack.scan(it) for it in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(iocpack.scan, texts)) == alone


def test_matches_travel_between_processes(cases):
    import pickle

    flags = set()
    for text, _ in cases:
        found = iocpack.scan(text, inner_urls=True, email_domains=True)
        assert pickle.loads(pickle.dumps(found)) == found
        flags.update(flag for it in found for flag in it.flags)
    # Most of the flags that there are.
    assert len(flags) >= 8, flags
    found = iocpack.scan(TEXT)
    assert pickle.loads(pickle.dumps(found)) == found
    with pytest.raises(iocpack.ArgumentError, match="unknown flag"):
        iocpack.Match._restore("url", "", b"", False, ["odd"], (0, 0))
