"""The same rows as the command, on the same data cases."""

import iocpack

KEYWORDS = {
    "strict": {"strictness": "strict"},
    "loose": {"strictness": "loose"},
    "no-refang": {"refang": False},
    "email-domains": {"email_domains": True},
    "inner-urls": {"inner_urls": True},
}
FLAGS = {"strict": "--strictness=strict", "loose": "--strictness=loose"}


def row_of(it):
    """A match as the command writes it."""
    raw = it.raw if isinstance(it.raw, str) else it.raw.decode(errors="replace")
    row = {
        "type": it.type,
        "value": it.value,
        "raw": raw,
        "start": it.byte_start,
        "end": it.byte_end,
        "defanged": it.defanged,
    }
    if it.id is not None:
        row.update(id=it.id, id_certainty=it.id_certainty)
    if it.flags:
        row["flags"] = list(it.flags)
    return row


def of_command(row):
    return {k: v for k, v in row.items() if k not in ("source", "line")}


def is_plain(text):
    """Whether the command reads it as it stands: it takes UTF-16 and the
    byte order mark away."""
    return not text.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"))


def test_every_data_case_has_the_rows_of_the_command(
    cases, command_rows, tmp_path
):
    groups = {}
    for i, (text, options) in enumerate(cases):
        if is_plain(text):
            path = tmp_path / f"{i:04}.txt"
            path.write_bytes(text)
            groups.setdefault(options, []).append((path, text))
    assert len(groups) >= 5
    compared = 0
    for options, files in groups.items():
        flags = [FLAGS.get(it, f"--{it}") for it in options]
        keywords = {}
        for option in options:
            keywords.update(KEYWORDS[option])
        expected = command_rows([path for path, _ in files], *flags)
        for path, text in files:
            rows = [of_command(row) for row in expected[str(path)]]
            assert [row_of(it) for it in iocpack.scan(text, **keywords)] == rows
            streamed = iocpack.scan_file(path, **keywords)
            assert [row_of(it) for it in streamed] == rows
            try:
                string = text.decode()
            except UnicodeDecodeError:
                continue
            found = iocpack.scan(string, **keywords)
            assert [row_of(it) for it in found] == rows
            assert all(string[it.start : it.end] == it.raw for it in found)
            compared += len(rows)
    assert compared > 100


def test_whole_files_have_the_rows_of_the_command(command_rows, cases):
    from conftest import ROOT

    paths = [ROOT / "tests/data/sample-report.txt", ROOT / "README.md"]
    paths += sorted((ROOT / "tests/data/scan").glob("*.txt"))
    for path, rows in command_rows(paths).items():
        with open(path, "rb") as file:
            found = iocpack.scan(file.read())
        assert [row_of(it) for it in found] == list(map(of_command, rows))
        assert len(rows) > 0


def test_ids_are_those_of_the_command(command):
    import json

    urls = ["https://example.com", "hxxp://EXAMPLE[.]org/a?b=%20", "example.net/é"]
    out = command("id", "--format", "jsonl", "-", stdin="\n".join(urls).encode())
    for line, url in zip(out.splitlines(), urls):
        row, it = json.loads(line), iocpack.url_id(url)
        assert (row["id"], row["certainty"]) == (it.id, it.certainty)
        assert (row["canonical"], row["base64"]) == (it.url, it.base64)
        assert row["reasons"] == list(it.reasons)
