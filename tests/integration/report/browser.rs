//! Pages in a real browser, by mouse and keyboard.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::driver::Browser;
use super::{file_url, iocpack, page, rows, sample};
use crate::cli::scratch;

/// Writes a page where a browser finds it.
fn saved(name: &str, args: &[&str], text: &[u8]) -> PathBuf {
    let path = scratch(name).join("page.html");
    fs::write(&path, page(args, text)).unwrap();
    path
}

/// Whether an element is seen: it has a box within the window, and nothing
/// of the page lies over it.
const SEEN: &str = "
    const seen = (it) => {
      const box = it.getBoundingClientRect();
      const at = document.elementFromPoint(
        box.left + box.width / 2, box.top + box.height / 2);
      return at !== null && (it.contains(at) || at.contains(it));
    };";

#[test]
fn a_page_opens_without_errors_or_requests_and_counts_as_scan_does() {
    let Some(browser) = Browser::start("opens") else { return };
    let text = fs::read(sample()).unwrap();
    let path = saved("browser-opens", &["--title", "Grey Heron"], &text);
    let url = file_url(&path);
    browser.open(&url);
    assert_eq!(browser.console(), [""; 0]);
    assert_eq!(browser.requests(), [url]);
    let counts = browser.run(
        "const counts = {};
         for (const mark of document.querySelectorAll('mark')) {
           const [type, fate] = mark.classList;
           const name = fate === 'rejected' ? fate : type;
           counts[name] = (counts[name] ?? 0) + 1;
         }
         return counts;",
    );
    let mut want = serde_json::Map::new();
    for row in rows(&["--rejected"], &text) {
        let name = match row["verdict"].as_str() {
            Some(verdict) => verdict.to_owned(),
            None => row["type"].as_str().unwrap().to_owned(),
        };
        let count = want.entry(name).or_insert(json!(0));
        *count = json!(count.as_u64().unwrap() + 1);
    }
    assert_eq!(counts, Value::Object(want));
    // The marks are the raw texts, in order.
    let marked = browser.run(
        "return [...document.querySelectorAll('mark')]
           .map((it) => it.textContent);",
    );
    let raw: Vec<Value> = rows(&["--rejected"], &text)
        .iter()
        .map(|row| row["raw"].clone())
        .collect();
    assert_eq!(marked, Value::Array(raw));
    // And the chips say the same.
    let chips = browser.run(
        "return Object.fromEntries(
           [...document.querySelectorAll('.chip')].map(
             (it) => [it.dataset.f, Number(it.lastChild.textContent)]));",
    );
    for (name, count) in counts.as_object().unwrap() {
        assert_eq!(chips[name], *count, "{name}");
    }
}

#[test]
fn filters_hide_and_show() {
    let Some(browser) = Browser::start("filters") else { return };
    let text = fs::read(sample()).unwrap();
    let path = saved("browser-filters", &[], &text);
    browser.open(&file_url(&path));
    let state = || {
        browser.run(
            "const lined = (query) =>
               [...document.querySelectorAll(query)].map(
                 (it) => getComputedStyle(it).borderBottomStyle !== 'none');
             const rows = (query) =>
               [...document.querySelectorAll(query)].filter(
                 (it) => it.offsetParent !== null).length;
             return {
               urls: lined('mark.url:not(.rejected)').every((it) => it),
               none: lined('mark.url:not(.rejected)').every((it) => !it),
               domains: lined('mark.domain').every((it) => it),
               stops: document.querySelectorAll(
                 'mark.url:not(.rejected)[tabindex=\"0\"]').length,
               rows: rows('#kept tr.url, #held tr.url'),
               others: rows('#kept tr.domain'),
               rejected: rows('#rejected tr'),
               held: rows('#held tr'),
             };",
        )
    };
    let before = state();
    assert_eq!(before["urls"], true);
    assert_eq!(before["stops"], 5);
    assert_eq!(before["rows"], 4);
    browser.click(".chip.url");
    let after = state();
    assert_eq!(after["none"], true, "{after}");
    assert_eq!(after["domains"], true);
    assert_eq!(after["stops"], 0);
    assert_eq!(after["rows"], 0);
    assert_eq!(after["others"], before["others"]);
    let pressed = "return document.querySelector('.chip.url')
                     .getAttribute('aria-pressed');";
    assert_eq!(browser.run(pressed), "false");
    // By the keyboard, the focus being there.
    browser.press(&["\u{e00d}"]);
    assert_eq!(state(), before);
    browser.click(".chip.rejected");
    browser.click(".chip.held");
    let after = state();
    assert_eq!((&after["rejected"], &after["held"]), (&json!(0), &json!(0)));
    assert_eq!(browser.console(), [""; 0]);
}

#[test]
fn jumps_lead_to_marks_and_marks_to_their_rows() {
    let Some(browser) = Browser::start("jumps") else { return };
    // Indicators stand at the end of a text that is mostly not laid out.
    let mut text = String::from("see www.example.com first\n");
    text.push_str(&"a line in which nothing stands\n".repeat(3000));
    text.push_str("then https://login.example.net/a and 10.1.2.3\n");
    text.push_str("and hxxps://login[.]example[.]net/a again\n");
    let path = saved("browser-jumps", &[], text.as_bytes());
    browser.open(&file_url(&path));
    let seen = |query: &str| {
        let script =
            format!("{SEEN} return seen(document.querySelector('{query}'));");
        browser.run(&script)
    };
    assert_eq!(seen("#m0"), true);
    assert_eq!(seen("#m1"), false);
    // The strip: its last bar.
    browser.click("#strip a:last-of-type");
    assert_eq!(seen("#m1"), true);
    assert_eq!(browser.run("return location.hash"), "#m1");
    assert_eq!(browser.run("return document.activeElement.id"), "m1");
    assert_eq!(
        browser.run(
            "return document.getElementById('here')
        .getAttribute('x') > 0"
        ),
        true
    );
    // Steps.
    browser.click("#next");
    assert_eq!(browser.run("return document.activeElement.id"), "m2");
    let at = "return document.getElementById('at').textContent";
    assert_eq!(browser.run(at), "3 / 4");
    browser.click("#prev");
    browser.click("#prev");
    assert_eq!(browser.run("return document.activeElement.id"), "m0");
    assert_eq!(seen("#m0"), true);
    // Past what is filtered out.
    browser.click(".chip.held");
    browser.click("#next");
    browser.click("#next");
    assert_eq!(browser.run("return document.activeElement.id"), "m3");
    browser.click(".chip.held");
    // From the mark to its row, by mouse and by the Enter key; and back.
    browser.click("#m3");
    assert_eq!(browser.run("return document.activeElement.id"), "i1");
    assert_eq!(seen("#i1"), true);
    browser.click("#i1 a");
    assert_eq!(browser.run("return document.activeElement.id"), "m1");
    assert_eq!(seen("#m1"), true);
    browser.press(&["\u{e007}"]);
    assert_eq!(browser.run("return document.activeElement.id"), "i1");
    // The densest place.
    browser.click("#densest");
    assert_eq!(seen("#m1"), true);
    assert_eq!(browser.console(), [""; 0]);
}

#[test]
fn details_come_with_the_focus_and_say_what_the_lists_say() {
    let Some(browser) = Browser::start("details") else { return };
    let text = fs::read(sample()).unwrap();
    let path = saved("browser-details", &[], &text);
    browser.open(&file_url(&path));
    let tip = |query: &str| {
        let focus = format!("document.querySelector('{query}').focus();");
        browser.run(&focus);
        let tip = browser.run(
            "const tip = document.getElementById('tip');
             return tip.hidden ? '' : tip.innerText;",
        );
        tip.as_str().unwrap().to_owned()
    };
    let url = tip("mark.url.kept");
    for part in [
        "hxxps://login[.]grey-heron[.]example[.]com/portal/index.php?id=42",
        "69ab45dda4b520ce3a3b0fa392f1e8d731d84af3be640c72fd3c25929e560ff4",
        "proven",
        "to send",
        "2 times, first in line 11",
    ] {
        assert!(url.contains(part), "{part}: {url}");
    }
    let described = "return document.activeElement
        .getAttribute('aria-describedby')";
    assert_eq!(browser.run(described), "tip");
    let held = tip("mark.ipv4.held");
    assert!(held.contains("private-address 192.168.0.0/16"), "{held}");
    let rejected = tip("mark.rejected");
    assert!(rejected.contains("email it is a part of"), "{rejected}");
    // The Escape key closes them.
    browser.press(&["\u{e00c}"]);
    let hidden = "return document.getElementById('tip').hidden";
    assert_eq!(browser.run(hidden), true);
    // The script defangs as the command does.
    let wrong = browser.run(
        "const wrong = [];
         for (const mark of document.querySelectorAll('mark')) {
           mark.focus();
           const tip = document.querySelector('#tip .value').textContent;
           const row = document.getElementById(`i${mark.dataset.i}`);
           const cell = row.querySelector('.v').firstChild.data.trim();
           if (tip !== cell) wrong.push([tip, cell]);
         }
         return wrong;",
    );
    assert_eq!(wrong, json!([]));
    assert_eq!(browser.console(), [""; 0]);
}

#[test]
fn what_is_copied_is_the_list_and_the_payload() {
    let Some(browser) = Browser::start("copies") else { return };
    let text = fs::read(sample()).unwrap();
    let args = ["-n", "Grey", "-d", "Heron"];
    let path = saved("browser-copies", &args, &text);
    browser.open(&file_url(&path));
    browser.run(
        "Object.defineProperty(navigator, 'clipboard', { value: {
           writeText: async (text) => { window.copied = text; } } });",
    );
    let copied = |what: &str| {
        browser.click(&format!("[data-copy={what}]"));
        let text = browser.run("return window.copied");
        text.as_str().unwrap().to_owned()
    };
    let pack = iocpack(&[&["pack", "-q", "-"], &args[..]].concat(), &text);
    assert_eq!(copied("payload"), pack.stdout);
    let list = copied("list");
    assert!(
        list.contains("\nhttps://cdn.grey-heron.example.net/a/stage1.js\n")
    );
    assert_eq!(list.lines().count(), 14);
    assert!(!list.contains("192.168.56.12"), "what is held is not copied");
    // Defanged, it is the same list.
    let defanged = copied("defanged");
    assert!(!defanged.contains("example.net"), "{defanged}");
    let values = |text: &str| {
        let scan = iocpack(&["scan", "-"], text.as_bytes()).stdout;
        let value = |it: &str| it.split('\t').next_back().unwrap().to_owned();
        scan.lines().map(value).collect::<Vec<String>>()
    };
    assert_eq!(values(&defanged), list.lines().collect::<Vec<_>>());
    // What is filtered out is not in the list.
    browser.click(".chip.url");
    assert!(!copied("list").contains("https://"));
    assert_eq!(
        browser.run("return document.getElementById('say').textContent"),
        "Copied 11 values"
    );
}

#[test]
fn markup_in_the_text_is_text_and_the_policy_holds() {
    let Some(browser) = Browser::start("policy") else { return };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let script = "<script>window.owned = 1; document.title = 'owned'</script>";
    let image = format!(
        "<img src=http://127.0.0.1:{port}/x onerror='window.owned = 2'>"
    );
    let text = format!(
        "{script} http://a.example.com/{script}?q=\"><svg/onload=owned=3> \
         www.example.com{image} </mark></p></div></script>{script}\n\
         <!-- <script> {image} x@{script}.example.com '\"><b onclick=1>\n"
    );
    let title = format!("</title></h1>{script}{image}\"'>");
    let args = ["--title", &*title, "-d", script, "--strictness", "loose"];
    let path = saved("browser-policy", &args, text.as_bytes());
    let url = file_url(&path);
    browser.open(&url);
    assert_eq!(browser.console(), [""; 0]);
    assert_eq!(browser.requests(), [&*url]);
    let state = browser.run(
        "for (const mark of document.querySelectorAll('mark')) mark.focus();
         return [
           typeof window.owned,
           document.querySelectorAll('script').length,
           document.querySelectorAll('img, b[onclick], svg:not(#strip)').length,
           document.querySelector('h1').textContent,
           document.querySelectorAll('mark').length > 1,
         ];",
    );
    assert_eq!(state, json!(["undefined", 2, 0, title, true]));
    assert_eq!(
        browser.run("return document.title"),
        format!("{title} · indicators")
    );
    // Were there a hole, the policy would still refuse. The frame has an
    // address of its own: a browser may open a connection for it, on which
    // nothing is sent, before it asks the policy.
    let stopped = browser.wait(&format!(
        "const done = arguments[arguments.length - 1];
         const stopped = [];
         document.addEventListener('securitypolicyviolation', (event) =>
           stopped.push(event.effectiveDirective));
         const image = document.createElement('img');
         image.src = 'http://127.0.0.1:{port}/x';
         document.body.append(image);
         const style = document.createElement('style');
         style.append('body {{ display: none }}');
         document.head.append(style);
         const frame = document.createElement('iframe');
         frame.src = 'http://127.0.0.1:9/x';
         document.body.append(frame);
         const refused = [];
         const attempt = (what) => {{
           try {{ what(); refused.push(false); }}
           catch {{ refused.push(true); }}
         }};
         attempt(() => {{ document.body.innerHTML = '<b>x</b>'; }});
         attempt(() => setTimeout('window.owned = 5'));
         attempt(() => {{
           document.createElement('script').textContent = 'window.owned = 4';
         }});
         fetch('http://127.0.0.1:{port}/x')
           .catch(() => refused.push(true))
           .then(() => setTimeout(() => done([refused, stopped.sort()]), 300));"
    ));
    assert_eq!(stopped[0], json!([true, true, true, true]), "{stopped}");
    let stopped = stopped[1].as_array().unwrap();
    for directive in ["connect-src", "frame-src", "img-src", "style-src-elem"]
    {
        assert!(stopped.contains(&json!(directive)), "{stopped:?}");
    }
    assert!(listener.accept().is_err(), "a request got out");
    assert_eq!(browser.run("return typeof window.owned"), "undefined");
}

#[test]
fn themes_turn_and_paper_shows_all() {
    let Some(browser) = Browser::start("themes") else { return };
    let text = fs::read(sample()).unwrap();
    let path = saved("browser-themes", &[], &text);
    browser.open(&file_url(&path));
    let light = || {
        let sum = browser.run(
            "return getComputedStyle(document.body).backgroundColor
               .match(/[\\d.]+/g).slice(0, 3).map(Number)
               .reduce((a, b) => a + b);",
        );
        sum.as_f64().unwrap() > 384.0
    };
    let label = "return document.getElementById('theme').textContent";
    assert_eq!(browser.run(label), "Theme: auto");
    browser.media("screen", "light");
    assert!(light());
    browser.media("screen", "dark");
    assert!(!light());
    browser.click("#theme");
    assert_eq!(browser.run(label), "Theme: light");
    assert!(light());
    browser.click("#theme");
    assert_eq!(browser.run(label), "Theme: dark");
    assert!(!light());
    browser.click("#theme");
    assert_eq!(browser.run(label), "Theme: auto");
    // Paper is white, and holds what only a screen need not show.
    let paper = || {
        browser.run(
            "const style = (query, part) =>
               getComputedStyle(document.querySelector(query), part);
             return [
               style('.b').contentVisibility,
               style('.tools').display,
               style('mark.url', '::after').content,
               style('mark.held', '::after').content,
               style('html').colorScheme,
               document.querySelector('.figures table').checkVisibility(),
             ];",
        )
    };
    browser.media("screen", "dark");
    let screen = json!(["auto", "flex", "none", "none", "light dark", false]);
    assert_eq!(paper(), screen);
    browser.media("print", "dark");
    let held = "\"ipv4 held\"";
    assert_eq!(
        paper(),
        json!(["visible", "none", "\"url\"", held, "light", true])
    );
}

#[test]
fn a_page_of_many_indicators_makes_rows_when_asked() {
    let Some(browser) = Browser::start("many") else { return };
    let text: String =
        (0..2500).map(|i| format!("see w{i}.example.com\n")).collect();
    let path =
        saved("browser-many", &["--max-text", "75000"], text.as_bytes());
    browser.open(&file_url(&path));
    let rows = "return document.querySelectorAll('#kept tbody tr').length";
    assert_eq!(browser.run(rows), 1000);
    browser.click(".more button");
    assert_eq!(browser.run(rows), 2000);
    browser.click(".more button");
    assert_eq!(browser.run(rows), 2500);
    let state = browser.run(
        "const more = document.querySelector('.more');
         const cell = (id) => document.querySelector(`#i${id} .v`).innerText;
         return [more.offsetParent === null, cell(0), cell(2499),
           document.querySelectorAll('mark').length,
           document.querySelector('#i2499 a') === null];",
    );
    let shown = state[3].as_u64().unwrap();
    assert!((1000..2500).contains(&shown), "{shown} marks");
    assert_eq!(
        state,
        json!([
            true,
            "w0[.]example[.]com",
            "w2499[.]example[.]com",
            shown,
            true
        ])
    );
    assert_eq!(browser.console(), [""; 0]);
}
