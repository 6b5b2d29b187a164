//! The key is shown to nobody: not in logs, not in panics, in no form.

use std::cell::Cell;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::time::Duration;

use iocpack::submit::{
    ApiKey, Client, Host, Http, Pace, Receipt, Retry, Settings,
};

use super::fake::Memory;
use super::server::{Server, Wire, raw};
use super::state::{KEY, VirusTotal};
use super::{creating, names};

/// Every line that is logged by the thread that listens, whoever logs it.
static LOGGED: Mutex<String> = Mutex::new(String::new());

thread_local! {
    static LISTENS: Cell<bool> = const { Cell::new(false) };
}

struct Logger;

impl log::Log for Logger {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        LISTENS.get()
    }

    fn log(&self, record: &log::Record<'_>) {
        if LISTENS.get() {
            let mut logged = LOGGED.lock().unwrap();
            let _ = writeln!(logged, "{}", record.args());
        }
    }

    fn flush(&self) {}
}

/// The forms in which `text` may hold the key: as it is, over several lines,
/// in hex, in base64, and in the rows of a hex dump.
pub(super) fn forms_of_the_key(text: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    let bare: String =
        text.chars().filter(char::is_ascii_alphanumeric).collect();
    if bare.contains(KEY) {
        found.push("plain");
    }
    let hex = KEY.bytes().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    });
    if bare.to_lowercase().contains(&hex) {
        found.push("hex");
    }
    // Whatever stands before the key, two of three characters move it.
    for start in 0..3 {
        let end = start + (KEY.len() - start) / 3 * 3;
        if bare.contains(&base64(&KEY.as_bytes()[start..end])) {
            found.push("base64");
        }
    }
    let (mut left, mut right) = (String::new(), String::new());
    for line in text.lines().filter(|line| line.is_ascii()) {
        if let Some((hex, shown)) = line.split_at_checked(40) {
            left.extend(hex.chars().filter(|c| *c != ' '));
            right.push_str(shown.get(1..).unwrap_or_default());
        }
    }
    if left.contains(&hex) || right.contains(KEY) {
        found.push("dump");
    }
    found
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] =
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes
        .chunks(3)
        .flat_map(|it| {
            let bits =
                it.iter().fold(0_usize, |n, b| n << 8 | usize::from(*b));
            [18, 12, 6, 0].map(|by| char::from(DIGITS[bits >> by & 63]))
        })
        .collect()
}

#[test]
fn the_search_finds_the_key_in_each_form() {
    assert_eq!(base64(b"Man"), "TWFu");
    assert_eq!(forms_of_the_key(&format!("x{KEY}y")), ["plain"]);
    let (a, b) = KEY.split_at(20);
    assert_eq!(forms_of_the_key(&format!("{a}\n{b}")), ["plain"]);
    let coded = base64(format!("ab:{KEY}").as_bytes());
    assert_eq!(forms_of_the_key(&coded), ["base64"]);
    let mut dump = String::new();
    for row in KEY.as_bytes().chunks(16) {
        for pair in row.chunks(2) {
            let _ = write!(dump, "{:02x}{:02x} ", pair[0], pair[1]);
        }
        let _ = writeln!(dump, " {}", String::from_utf8_lossy(row));
    }
    assert!(forms_of_the_key(&dump).contains(&"dump"));
    assert!(forms_of_the_key("nothing").is_empty());
}

#[test]
fn no_log_no_panic_and_no_debug_output_holds_the_key_after_any_failure() {
    LISTENS.set(true);
    log::set_logger(&Logger).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let echo =
        format!("{{\"error\":{{\"code\":\"{KEY}\",\"message\":\"{KEY}\"}}}}");
    let other = Server::start(VirusTotal::default());
    let elsewhere = format!("location: {}/x\r\n", other.url());
    let wires = [
        Wire::Fine,
        Wire::CloseUnread,
        Wire::CloseBefore,
        Wire::CloseAfter,
        Wire::Stall,
        Wire::Drip,
        Wire::Raw(raw(302, &elsewhere, "")),
        Wire::Raw(raw(307, &elsewhere, "")),
        Wire::Raw(raw(400, "", &echo)),
        Wire::Raw(raw(401, "", &echo)),
        Wire::Raw(raw(403, "", &echo)),
        Wire::Raw(raw(429, "content-encoding: gzip\r\n", &echo)),
        Wire::Raw(raw(502, "", "<html>")),
        Wire::Raw(b"SMTP 220 hello\r\n\r\n".to_vec()),
    ];
    let set = names(4);
    let plan = creating(&set);
    let mut texts = String::new();
    for wire in wires {
        let echoes = matches!(&wire, Wire::Raw(it) if it.ends_with(b"}}"));
        let server = Server::with_faults(vec![wire.clone(); 3]);
        let key = ApiKey::new(KEY.into()).unwrap();
        let http = Http::builder(Host::parse(&server.url()).unwrap(), key)
            .timeout(Duration::from_millis(500))
            .build()
            .unwrap();
        let mut client = Client::new(http);
        client
            .pace(Pace::new(1000, Duration::from_secs(1)))
            .retry(Retry::new().attempts(1));
        let mut memory = Memory::default();
        let mut receipt = Receipt::new(&plan);
        let before = LOGGED.lock().unwrap().len();
        let outcome = client
            .run(&plan, &mut receipt, &mut memory, &Settings::new())
            .unwrap();
        let shown = std::panic::AssertUnwindSafe(&client);
        let panic = std::panic::catch_unwind(|| {
            let text = format!("{:?}", *shown);
            std::panic::resume_unwind(Box::new(text));
        });
        let panic = panic.unwrap_err().downcast::<String>().unwrap();
        let _ = writeln!(
            texts,
            "{outcome:?}\n{:?}\n{receipt:?}\n{:?}\n{panic}",
            outcome.stop.as_ref().map(ToString::to_string),
            memory.text
        );
        if echoes {
            // What a server sends is logged as it comes; only it knows.
            LOGGED.lock().unwrap().truncate(before);
        }
    }
    assert_eq!(forms_of_the_key(&texts), [""; 0], "{texts}");
    assert_eq!(other.requests(), 0);
    let logged = LOGGED.lock().unwrap();
    // The dump is there, with asterisks.
    let dump: String = logged
        .lines()
        .filter_map(|line| line.split_at_checked(41))
        .map(|it| it.1)
        .collect();
    assert!(dump.contains("x-apikey:.********"), "{dump}");
    assert_eq!(forms_of_the_key(&logged), [""; 0]);
}
