//! A server that answers with what a terminal obeys.

use serde_json::json;

use super::command::{command, folder, run, submit};
use super::server::{Server, Wire, raw};
use crate::output_safety::{HOSTILE, assert_safe};

/// What a server may say, with a hostile text in it.
fn answers(text: &str) -> Vec<Vec<u8>> {
    let error = json!({"error": {"code": text, "message": text}}).to_string();
    let item = json!({"type": "domain", "id": text});
    let page = json!({"data": [item], "meta": {"cursor": text, "count": 1},
        "links": {"next": text}});
    let made = json!({"data": {"type": "collection", "id": text}});
    let one_line: String = text.chars().filter(|c| *c != '\n').collect();
    let head = format!("location: {one_line}\r\nretry-after: {one_line}\r\n");
    vec![
        raw(400, "", &error),
        raw(403, "", &error),
        raw(409, "", &error),
        raw(500, "", text),
        raw(302, &head, text),
        raw(429, &head, &error),
        raw(200, "", &made.to_string()),
        raw(200, "", &page.to_string()),
        raw(200, "", text),
        format!("HTTP/1.1 400 {one_line}\r\ncontent-length: 0\r\n\r\n")
            .into_bytes(),
        format!("HTTP/1.1 200 X\r\n{one_line}: a\r\n\r\n").into_bytes(),
        text.as_bytes().to_vec(),
    ]
}

fn hostile() -> Vec<String> {
    let all = HOSTILE.concat();
    vec![String::from_utf8_lossy(&all).into_owned()]
}

#[test]
fn what_a_server_says_is_escaped_before_it_is_shown() {
    let mut shown = 0;
    for text in hostile() {
        for (at, answer) in answers(&text).into_iter().enumerate() {
            let folder = folder(&format!("hostile-{at}"), 1);
            for words in [
                &[][..],
                &["pull", "c0ffee"],
                &["comment", "c0ffee", "a"],
                &["delete", "c0ffee"],
            ] {
                let faults = vec![Wire::Raw(answer.clone()); 3];
                let server = Server::with_faults(faults);
                let what = format!("answer {at} to {words:?}");
                let mut asked = if words.is_empty() {
                    submit(&folder, &server, &["--retries", "0"])
                } else {
                    let mut asked = command(&folder);
                    asked.args(words).args(["--host", &server.url()]);
                    asked.args(["--yes", "--retries", "0"]);
                    asked.args(["--rate", "1000/s"]);
                    asked
                };
                let told = run(&mut asked);
                assert_safe(told.stderr.as_bytes(), &what);
                if words.first() != Some(&"pull") {
                    assert_safe(told.stdout.as_bytes(), &what);
                }
                shown += usize::from(!told.stderr.is_empty());
                let _ = std::fs::remove_file(folder.join("receipt.json"));
            }
        }
    }
    assert!(shown > 30, "{shown}");
}

#[test]
#[cfg(target_os = "linux")]
fn what_a_server_holds_is_escaped_on_a_terminal() {
    use crate::output_safety::on_terminal;

    let text = &hostile()[0];
    let item = json!({"type": "domain", "id": text});
    let page = json!({"data": [item], "meta": {"count": 1}}).to_string();
    let folder = folder("hostile-terminal", 1);
    let server = Server::with_faults(vec![Wire::Raw(raw(200, "", &page)); 9]);
    let mut asked = command(&folder);
    asked.args(["pull", "c0ffee", "--yes", "--rate", "1000/s"]);
    let Some(shown) = on_terminal(asked.args(["--host", &server.url()]))
    else {
        println!("skipped: no `script` to make a terminal");
        return;
    };
    assert_safe(&shown, "pull on a terminal");
    assert!(String::from_utf8_lossy(&shown).contains("\\u001b"));
}
