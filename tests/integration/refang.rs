//! Runs `tests/data/refang.txt`, and maps offsets back.

use iocpack::{Span, refang};

#[test]
fn every_mark_is_undone_and_none_beside_it() {
    let mut failed = Vec::new();
    for line in include_str!("../data/refang.txt").lines() {
        let Some((text, without)) = line.split_once('\t') else { continue };
        let without = if without == "=" { text } else { without };
        let found = refang(text);
        let changed = without != text;
        if found.text() != without.as_bytes()
            || found.was_defanged() != changed
        {
            let found = String::from_utf8_lossy(found.text());
            failed.push(format!("{text}\t{found}"));
        }
    }
    assert!(failed.is_empty(), "found\n{}", failed.join("\n"));
}

#[test]
fn an_offset_leads_to_the_byte_that_was_kept() {
    let text = "c2 hxxps[:]//a[.]b(dot)example[/]x, jane[at]a.example";
    let found = refang(text);
    assert_eq!(found.text(), b"c2 https://a.b.example/x, jane@a.example");
    for (word, before) in [
        ("c2", "c2"),
        ("a.b", "a[.]b"),
        ("b.example", "b(dot)example"),
        ("example/x,", "example[/]x,"),
        ("jane@a", "jane[at]a"),
    ] {
        let plain = std::str::from_utf8(found.text()).unwrap();
        let start = plain.find(word).unwrap();
        let span = found.span(Span { start, end: start + word.len() });
        assert_eq!(&text[span.range()], before);
    }
}
