//! `report` on the real binary: what stands in the page, and, in
//! [`browser`], what a browser makes of it.

mod browser;
mod driver;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::cli::{Run, root, run, scratch};

/// Runs the command with its arguments.
fn iocpack(args: &[&str], stdin: &[u8]) -> Run {
    let args: Vec<String> = args.iter().map(ToString::to_string).collect();
    run(root(), &args, stdin)
}

fn sample() -> PathBuf {
    root().join("tests/data/sample-report.txt")
}

/// The page of a text.
fn page(args: &[&str], text: &[u8]) -> String {
    let run = iocpack(&[&["report", "-q"], args].concat(), text);
    assert!(run.code < 2, "{}", run.stderr);
    run.stdout
}

/// The data that the script of a page reads.
fn data(page: &str) -> Value {
    let (_, rest) = page.split_once("id=data>").unwrap();
    let (json, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(json).unwrap()
}

/// Rows of `scan`.
fn rows(args: &[&str], text: &[u8]) -> Vec<Value> {
    let args = [&["scan", "--all", "--format", "jsonl"], args].concat();
    let run = iocpack(&args, text);
    run.stdout.lines().map(|it| serde_json::from_str(it).unwrap()).collect()
}

/// What stands in the block of the text, without its tags.
fn shown_text(page: &str) -> String {
    let (_, rest) = page.split_once("<div class=\"source").unwrap();
    let (text, _) = rest.split_once("</div></section>").unwrap();
    let (_, text) = text.split_once(">\n").unwrap();
    let mut out = String::new();
    for part in text.split('<') {
        let (tag, rest) = part.split_once('>').unwrap_or(("", part));
        if tag == "/p" {
            out.push('\n');
        }
        out.push_str(rest.trim_end_matches('\n'));
    }
    out.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[test]
fn every_occurrence_that_scan_lists_is_marked() {
    let text = fs::read(sample()).unwrap();
    let page = page(&[], &text);
    let all = rows(&["--rejected"], &text);
    assert_eq!(page.matches("<mark ").count(), all.len());
    let (rejected, found): (Vec<_>, Vec<_>) =
        all.iter().partition(|it| it["verdict"] == "rejected");
    let class = |it: &str| page.matches(&format!(" {it}\" tabindex")).count();
    assert_eq!(class("rejected"), rejected.len());
    assert_eq!(class("kept") + class("held"), found.len());
    assert!(class("held") > 0 && class("kept") > 0);
}

#[test]
fn the_payload_is_what_pack_writes() {
    let text = fs::read(sample()).unwrap();
    let args = ["-n", "Grey", "-d", "Heron", "--tag", "a", "--own"];
    let args = [&args[..], &["example.org", "--sha256-only"]].concat();
    let page = page(&args, &text);
    let pack = iocpack(&[&["pack", "-q", "-"], &args[..]].concat(), &text);
    assert_eq!(pack.code, 0, "{}", pack.stderr);
    let payload = data(&page)["payload"].as_str().unwrap().to_owned();
    assert_eq!(payload + "\n", pack.stdout);
    // What the plan leaves out is held, like what the policy holds.
    assert!(page.contains("<b>not-sha256</b>"), "MD5 and SHA-1 are held");
    assert!(page.contains("<b>own</b>"));
    // Several requests are a plan.
    let args = [&args[..], &["--max-items", "2"]].concat();
    let page = self::page(&args, &text);
    let plan = [&["pack", "-q", "-", "--plan", "-"], &args[..]].concat();
    let plan = iocpack(&plan, &text).stdout;
    assert_eq!(data(&page)["payload"].as_str().unwrap().trim(), plan.trim());
}

#[test]
fn nothing_but_the_text_shows_a_live_value() {
    let text = b"see http://a.example.com/x, 9.9.9.9 and 10.0.0.7, also \
                 b.example.com in http://c.example.com:x/";
    let page = page(&["--title", "t", "-n", "n", "-d", "d"], text);
    let (before, rest) = page.split_once("<div class=\"source").unwrap();
    let (_, after) = rest.split_once("</div></section>").unwrap();
    let (after, _) =
        after.split_once("<script type=application/json").unwrap();
    for part in [before, after] {
        for live in ["http://", "example.com", "9.9.9.9", "10.0.0.7"] {
            assert!(!part.contains(live), "{live} in {part}");
        }
    }
    assert!(after.contains("hxxp://a[.]example[.]com/x"));
    assert!(after.contains("10[.]0[.]0[.]7"));
    // Nothing can be clicked but what stays in the page.
    for link in page.split("href=").skip(1) {
        assert!(link.starts_with('#'), "{}", &link[..40.min(link.len())]);
    }
    assert!(!page.contains("src="), "nothing is fetched");
}

#[test]
fn the_text_is_shown_as_it_is_written() {
    let text = "first <b>\r\n\n\tsee www.example.com & \"x\"\nlast";
    let page = page(&[], text.as_bytes());
    let lines = text.replace('\r', "") + "\n";
    assert_eq!(shown_text(&page), lines);
    assert!(page.contains("<p data-n=3>\tsee <mark "));
}

#[test]
fn what_hides_or_turns_text_is_shown_by_number() {
    let text = "a\u{202e}b\u{200b}\u{0}\u{1b}[1m \u{2066}www.example.com\x7f";
    let mut bytes = text.as_bytes().to_vec();
    bytes.extend(b"\xff\rx");
    let page = page(&["--title", "t\u{202e}\u{7}"], &bytes);
    for c in ['\u{202e}', '\u{200b}', '\0', '\x1b', '\u{2066}', '\x7f', '\r'] {
        assert!(!page.contains(c), "{c:?}");
    }
    let shown = shown_text(&page);
    assert_eq!(
        shown,
        "a\\u{202e}b\\u{200b}\\u{0}\\u{1b}[1m \\u{2066}www.example.com\
         \\u{7f}\\xff\\rx\n"
    );
    assert!(page.contains("<h1>t\\u{202e}\\u{7}</h1>"));
}

#[test]
fn of_a_long_text_the_lines_around_indicators_are_shown() {
    let mut text = String::new();
    for i in 1..=1000 {
        text.push_str(match i {
            500 | 900 => "here is www.example.com and more\n",
            _ => "nothing to be seen here\n",
        });
    }
    let shown = |max: &str| page(&["--max-text", max], text.as_bytes());
    let whole = shown("100000");
    assert_eq!(whole.matches("<p data-n=").count(), 1000);
    assert!(!whole.contains("class=gap"));
    // Around each.
    let around = shown("1000");
    assert_eq!(around.matches("<p data-n=").count(), 14);
    assert!(around.contains("lines 1 to 496 left out, 11,903 bytes<"));
    assert!(around.contains("lines 504 to 896 left out"));
    assert!(around.contains("the lines around indicators are shown"));
    assert!(around.contains("2 of 2 marks are shown"));
    // The first of each.
    let first = shown("130");
    assert_eq!(first.matches("<p data-n=").count(), 3);
    assert!(first.contains("1 of 2 marks are shown"));
    // Nothing fits: the lists still tell all.
    let none = shown("0");
    assert_eq!(none.matches("<p data-n=").count(), 0);
    assert!(none.contains("0 of 2 marks are shown"));
    assert!(none.contains("www[.]example[.]com"));
    assert_eq!(data(&none)["items"][0][4], -1);
    // Beside the first of each as many others as fit.
    let text = "see www.example.com\n".repeat(1000);
    let others = page(&["--max-text", "2000"], text.as_bytes());
    assert_eq!(others.matches("<mark ").count(), 33);
}

#[test]
fn of_what_is_too_much_every_part_is_shown() {
    let text: String =
        (0..6000).map(|i| format!("see w{i:04}.example.com\n")).collect();
    let page = page(&["--max-text", "24000"], text.as_bytes());
    let shown: Vec<usize> = page
        .split("<p data-n=")
        .skip(1)
        .map(|it| it.split('>').next().unwrap().parse().unwrap())
        .collect();
    // 22 bytes a line, the end included, and a mark.
    assert!((300..=24000 / 62).contains(&shown.len()), "{}", shown.len());
    for part in 0..100 {
        let lines = part * 60 + 1..part * 60 + 61;
        assert!(shown.iter().any(|it| lines.contains(it)), "{lines:?}");
    }
    assert!(page.contains("from every part of the text"));
    let few = self::page(&["--max-text", "130"], text.as_bytes());
    assert_eq!(few.matches("<p data-n=").count(), 2, "none has a share");
}

#[test]
fn a_long_line_is_cut_between_characters_and_marks() {
    let mut text = "é".repeat(1500);
    text.push_str(" www.example.com ");
    text.push_str(&"x ".repeat(5000));
    text.push_str("\nwww.example.net");
    let page = page(&[], text.as_bytes());
    assert_eq!(shown_text(&page).replace('\n', ""), text.replace('\n', ""));
    assert!(!page.contains("\\xc3"), "no character is cut");
    assert_eq!(page.matches("<p data-n=").count(), 2);
    assert!(page.matches("<p class=on>").count() > 3);
    let elided = self::page(&["--max-text", "3000"], text.as_bytes());
    assert!(elided.contains("bytes of line 1 left out"));
}

#[test]
fn occurrences_in_each_other_are_marked_once_each() {
    let text = b"http://a.example.com/?u=http://b.example.com/?v=x";
    let page = page(&["--inner-urls", "--hosts-of-urls"], text);
    // The host of a URL hangs on its mark; the inner URL has its own.
    assert_eq!(page.matches("<mark ").count(), 2);
    assert_eq!(page.matches("</mark>").count(), 2);
    assert!(page.contains("data-i=\"0 1\">http://a.example.com/?u=<mark "));
    assert!(
        page.contains("data-i=\"2 3\">http://b.example.com/?v=x</mark></")
    );
    // Many in a row.
    let deep = "http://a.example.com/".repeat(40);
    let page = self::page(&["--inner-urls"], deep.as_bytes());
    let found = rows(&["--inner-urls"], deep.as_bytes()).len();
    let items = data(&page)["items"].as_array().unwrap().clone();
    let count: u64 = items.iter().map(|it| it[3].as_u64().unwrap()).sum();
    assert_eq!(count, found as u64);
}

#[test]
fn a_page_is_the_same_every_time() {
    let text = fs::read(sample()).unwrap();
    assert_eq!(page(&[], &text), page(&[], &text));
}

#[test]
fn a_report_ends_as_a_scan_does() {
    let folder = scratch("report-exit");
    let to = folder.join("page.html");
    let name = to.to_str().unwrap();
    let found = iocpack(&["report", "-o", name], b"www.example.com 10.0.0.1");
    assert_eq!((found.code, &*found.stdout), (0, ""));
    assert_eq!(found.stderr, "stdin: 1 to send, 1 held, 0 rejected\n");
    let page = fs::read_to_string(&to).unwrap();
    assert!(
        page.starts_with("<!doctype html>") && page.ends_with("</html>\n")
    );
    let nothing = iocpack(&["report", "-o", name], b"nothing");
    assert_eq!(nothing.code, 1);
    let page = fs::read_to_string(&to).unwrap();
    assert!(page.contains("<p class=note>None.</p>"));
    // Nothing is written when the input cannot be read.
    let missing = folder.join("none.html");
    let args = ["report", "none.txt", "-o", missing.to_str().unwrap()];
    let failed = iocpack(&args, b"");
    assert_eq!(failed.code, 2);
    assert_eq!(
        failed.stderr,
        "iocpack: cannot read none.txt: no such file or folder\n"
    );
    assert!(!missing.exists());
    let folder = iocpack(&["report", "tests"], b"");
    assert_eq!(folder.code, 2);
    assert_eq!(
        folder.stderr,
        "iocpack: cannot read tests: is a folder, expected one file\n"
    );
    let blank = iocpack(&["report", "-n", " "], b"www.example.com");
    assert_eq!(blank.code, 2, "{}", blank.stderr);
}

#[test]
fn types_lists_and_names_of_ones_own_count_as_elsewhere() {
    let text = b"www.example.com, a.example.net, 9.9.9.9";
    let types = page(&["-t", "domain"], text);
    assert_eq!(types.matches("<mark ").count(), 2);
    let folder = scratch("report-lists");
    let list = folder.join("list.txt");
    fs::write(&list, "example.net\n").unwrap();
    let list = list.to_str().unwrap();
    let page = page(&["--allow-list", list, "--own", "example.com"], text);
    let fates: Vec<u64> = data(&page)["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it[1].as_u64().unwrap())
        .collect();
    assert_eq!(fates, [1, 1, 0]);
    assert!(page.contains("<b>allow-listed</b>"));
}

#[test]
fn the_script_and_the_style_are_allowed_by_their_digests_alone() {
    let page = page(&[], b"www.example.com");
    let (_, rest) = page.split_once("Security-Policy content=\"").unwrap();
    let (policy, rest) = rest.split_once('"').unwrap();
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(!policy.contains("http"), "{policy}");
    assert_eq!(policy.matches("'sha256-").count(), 2);
    // Nothing that a policy in a `meta` element would come too late for.
    assert!(!page.split("http-equiv").next().unwrap().contains("<script"));
    assert_eq!(rest.matches("<script").count(), 2);
    assert_eq!(rest.matches("<style").count(), 1);
    for inline in [" style=", " onclick=", " onload=", "javascript:"] {
        assert!(!page.contains(inline), "{inline}");
    }
}

/// The path of a page as a browser opens it.
fn file_url(path: &Path) -> String {
    let mut url = String::from("file://");
    for &byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => url.push(byte.into()),
            b if b.is_ascii_alphanumeric() => url.push(b.into()),
            b => {
                let _ = write!(url, "%{b:02X}");
            }
        }
    }
    url
}

#[test]
fn the_options_of_pack_shape_the_payload_of_a_page() {
    let text = fs::read(sample()).unwrap();
    let options: [&[&str]; 10] = [
        &["--type", "domain"],
        &["--exclude", "url,ipv4"],
        &["--as", "raw-items"],
        &["--url-form", "id"],
        &["--order", "first-seen"],
        &["--public"],
        &["--hold-ipv6", "--hold-onion"],
        &["--email-domains"],
        &["--max-bytes", "4000000"],
        &["--decompress"],
    ];
    let mut bodies = std::collections::BTreeSet::new();
    for options in options {
        let args = [&["-n", "Grey", "-d", "Heron"], options].concat();
        let pack = iocpack(&[&["pack", "-q", "-"], &args[..]].concat(), &text);
        assert_eq!(pack.code, 0, "{options:?} {}", pack.stderr);
        let page = page(&args, &text);
        let payload = data(&page)["payload"].as_str().unwrap().to_owned();
        assert_eq!(payload + "\n", pack.stdout, "{options:?}");
        bodies.insert(pack.stdout);
    }
    assert!(bodies.len() >= 6, "most options change the body");
}
