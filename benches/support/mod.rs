//! Inputs made by a seeded generator: the same bytes on every machine.
//!
//! Each text comes with the number of indicators written into it. Names
//! stand under `example.com`, addresses in the ranges for documentation.

use std::fmt::Write as _;

/// A text, and how many indicators it holds.
pub(crate) struct Input {
    /// The name of the benchmark.
    pub(crate) name: &'static str,
    /// The text.
    pub(crate) text: String,
    /// Indicators written into it.
    pub(crate) hits: usize,
}

/// `SplitMix64` (Steele, Lea, Flood, 2014): eight lines instead of a crate,
/// and no version of it will change the inputs.
pub(crate) struct Rng(u64);

impl Rng {
    /// A generator with a seed.
    pub(crate) fn new(seed: u64) -> Rng {
        Rng(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let n = self.below(from.len() as u64);
        from[usize::try_from(n).expect("below the length")]
    }

    fn hex(&mut self, digits: usize) -> String {
        // A letter first: digits alone could be a number.
        let mut out = String::from("a");
        while out.len() < digits {
            let _ = write!(out, "{:x}", self.below(16));
        }
        out
    }
}

const WORDS: [&str; 24] = [
    "the",
    "loader",
    "then",
    "writes",
    "a",
    "second",
    "stage",
    "to",
    "disk",
    "and",
    "waits",
    "for",
    "its",
    "operator",
    "before",
    "it",
    "calls",
    "home",
    "over",
    "an",
    "encrypted",
    "channel",
    "every",
    "hour",
];

/// Every input, of about `size` bytes each.
pub(crate) fn all(size: usize) -> Vec<Input> {
    vec![
        prose(size),
        proxy_log(size),
        server_log(size),
        dense_list(size),
        misp_json(size),
        english(size),
        sparse_code(size),
    ]
}

/// A report: sentences, a defanged indicator now and then.
pub(crate) fn prose(size: usize) -> Input {
    let mut rng = Rng::new(1);
    let mut text = String::with_capacity(size + 200);
    let mut hits = 0;
    while text.len() < size {
        for _ in 0..8 + rng.below(60) {
            text.push_str(rng.pick(&WORDS));
            text.push(if rng.below(12) == 0 { '\n' } else { ' ' });
        }
        let n = rng.below(100_000);
        let _ = match rng.below(5) {
            0 => writeln!(text, "hxxps://c{n}[.]example[.]com/gate.php, "),
            1 => write!(text, "panel{n}[.]example[.]net "),
            2 => write!(text, "198[.]51[.]100[.]{} ", n % 256),
            3 => write!(text, "mail{n}.example.org. "),
            _ => writeln!(text, "(SHA-256 {}) ", rng.hex(64)),
        };
        hits += 1;
    }
    Input { name: "prose", text, hits }
}

/// Lines of a proxy: an address and a URL in each.
pub(crate) fn proxy_log(size: usize) -> Input {
    let mut rng = Rng::new(2);
    let mut text = String::with_capacity(size + 200);
    let mut hits = 0;
    while text.len() < size {
        let second = rng.below(60);
        let (host, path) = (rng.below(5000), rng.below(1_000_000));
        let _ = writeln!(
            text,
            "2031-04-05T10:42:{second:02}Z 192.0.2.{} TCP_MISS/200 {} GET \
             https://h{host}.example.com/assets/{path}?v={} text/html",
            rng.below(256),
            rng.below(90_000),
            rng.below(100)
        );
        hits += 2;
    }
    Input { name: "proxy log", text, hits }
}

/// One indicator a line and nothing else.
pub(crate) fn dense_list(size: usize) -> Input {
    let mut rng = Rng::new(3);
    let mut text = String::with_capacity(size + 200);
    let mut hits = 0;
    while text.len() < size {
        let n = rng.below(1_000_000);
        let _ = match rng.below(6) {
            0 => writeln!(text, "http://d{n}.example.com/{n}"),
            1 => writeln!(text, "203.0.113.{}", n % 256),
            2 => writeln!(text, "{}", rng.hex(32)),
            3 => writeln!(text, "{}", rng.hex(64)),
            _ => writeln!(text, "d{n}.example.net"),
        };
        hits += 1;
    }
    Input { name: "dense list", text, hits }
}

/// Source code: dots, colons and slashes, and no indicator.
pub(crate) fn sparse_code(size: usize) -> Input {
    let mut rng = Rng::new(4);
    let mut text = String::with_capacity(size + 200);
    while text.len() < size {
        let (a, b) = (rng.pick(&WORDS), rng.pick(&WORDS));
        let n = rng.below(1000);
        let _ = writeln!(
            text,
            "    let {a}_{n} = {b}::{a}({n}) + {b}_{n} * 0x{n:x}; \
             // {a} {b}: {n}"
        );
    }
    Input { name: "sparse code", text, hits: 0 }
}

/// Lines of a server's log: times, process numbers, an address now and then.
pub(crate) fn server_log(size: usize) -> Input {
    let mut rng = Rng::new(5);
    let mut text = String::with_capacity(size + 200);
    let mut hits = 0;
    while text.len() < size {
        let (minute, second) = (rng.below(60), rng.below(60));
        let pid = rng.below(30_000);
        let _ = write!(text, "Apr  5 10:{minute:02}:{second:02} gate1 ");
        let _ = match rng.below(4) {
            0 => {
                hits += 1;
                writeln!(
                    text,
                    "sshd[{pid}]: Failed password for root from 203.0.113.{} \
                     port {} ssh2",
                    rng.below(256),
                    1024 + rng.below(60_000)
                )
            }
            1 => writeln!(
                text,
                "kernel: [{pid}.{}] usb 1-1.4: new device, v1.2.{}",
                rng.below(1_000_000),
                rng.below(100)
            ),
            2 => writeln!(
                text,
                "app[{pid}]: org.example.Worker.run({}.java:{}) took {}.{} s",
                rng.pick(&WORDS),
                rng.below(900),
                rng.below(10),
                rng.below(1000)
            ),
            _ => writeln!(
                text,
                "CRON[{pid}]: (root) CMD ({} && {} /var/{}/{}.log)",
                rng.pick(&WORDS),
                rng.pick(&WORDS),
                rng.pick(&WORDS),
                rng.pick(&WORDS)
            ),
        };
    }
    Input { name: "server log", text, hits }
}

/// Attributes of a MISP event: much JSON, one indicator in each.
pub(crate) fn misp_json(size: usize) -> Input {
    let mut rng = Rng::new(6);
    let mut text = String::from("{\"Event\": {\"Attribute\": [\n");
    let mut hits = 0;
    while text.len() < size {
        let n = rng.below(1_000_000);
        let (kind, value) = match rng.below(3) {
            0 => ("domain", format!("m{n}.example.org")),
            1 => ("sha256", rng.hex(64)),
            _ => ("url", format!("http://u{n}.example.com/a/{n}.bin")),
        };
        let uuid = rng.hex(12);
        let _ = writeln!(
            text,
            "  {{\n    \"type\": \"{kind}\",\n    \"category\": \"Network \
             activity\",\n    \"to_ids\": true,\n    \"uuid\": \
             \"5c1fa2b0-0d2c-4b1e-9a77-{uuid}\",\n    \"timestamp\": \
             \"15{n:08}\",\n    \"comment\": \"{} {} {} {} {}\",\n    \
             \"deleted\": false,\n    \"disable_correlation\": false,\n    \
             \"object_relation\": null,\n    \"value\": \"{value}\"\n  }},",
            rng.pick(&WORDS),
            rng.pick(&WORDS),
            rng.pick(&WORDS),
            rng.pick(&WORDS),
            rng.pick(&WORDS),
        );
        hits += 1;
    }
    Input { name: "MISP JSON", text, hits }
}

/// Sentences and nothing else.
pub(crate) fn english(size: usize) -> Input {
    let mut rng = Rng::new(7);
    let mut text = String::with_capacity(size + 200);
    while text.len() < size {
        for _ in 0..6 + rng.below(12) {
            text.push_str(rng.pick(&WORDS));
            text.push(if rng.below(12) == 0 { '\n' } else { ' ' });
        }
        text.pop();
        text.push_str(". ");
    }
    Input { name: "English", text, hits: 0 }
}
