//! Finding indicators in text.

mod anchors;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod blocks;
mod bounds;
mod chars;
mod context;
mod decided;
mod encoded;
mod engine;
mod escape;
mod found;
mod hash;
mod host;
mod ipv6;
mod link;
mod name;
mod odd;
mod queue;
mod quick;
mod reader;
mod script;
mod sure;
mod tld;

use std::io;
use std::ops::ControlFlow;

pub use self::found::{Finding, Flags, Match, Reason, Rejection};

use self::engine::Engine;
use self::queue::Queue;
use crate::{Error, KindSet, Span};

/// How much the text around a candidate must speak for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Strictness {
    /// Only what is defanged, in a URL, or beyond doubt.
    Strict,
    /// The default.
    #[default]
    Balanced,
    /// Whatever is valid.
    Loose,
}

/// What a scanner looks for, and how.
#[derive(Clone, Copy, Debug)]
struct Options {
    kinds: KindSet,
    strictness: Strictness,
    refang: bool,
    email_domains: bool,
    inner_urls: bool,
    block_size: usize,
    /// Whether the quick way decides what it can. Off, the grammar has it
    /// all: what the quick way is tested against.
    quick: bool,
}

/// Finds indicators in any bytes. Immutable, cheap to share.
#[derive(Clone, Debug)]
pub struct Scanner {
    options: Options,
}

impl Scanner {
    /// A scanner with the default options.
    #[must_use]
    pub fn new() -> Scanner {
        Scanner::builder().build()
    }

    /// Options first, then [`ScannerBuilder::build`].
    #[must_use]
    pub fn builder() -> ScannerBuilder {
        ScannerBuilder::default()
    }

    /// The matches of `text`, in order of position.
    pub fn find_iter<'s, 't>(
        &'s self,
        text: &'t (impl AsRef<[u8]> + ?Sized),
    ) -> Matches<'s, 't> {
        Matches { inner: self.each(text.as_ref(), false) }
    }

    /// The matches and the rejections of `text`, in order of position.
    pub fn findings<'s, 't>(
        &'s self,
        text: &'t (impl AsRef<[u8]> + ?Sized),
    ) -> Findings<'s, 't> {
        self.each(text.as_ref(), true)
    }

    /// The matches of one part of `text`, judged by the whole of it: see
    /// [`findings_in`](Scanner::findings_in).
    ///
    /// # Panics
    ///
    /// If `part` is not within `text`.
    pub fn find_iter_in<'s, 't>(
        &'s self,
        text: &'t (impl AsRef<[u8]> + ?Sized),
        part: Span,
    ) -> Matches<'s, 't> {
        Matches { inner: self.part(text.as_ref(), part, false) }
    }

    /// The findings of one part of `text`, judged by the whole of it.
    ///
    /// The parts from [`border`](Scanner::border) to border have, one after
    /// the other, the findings of the whole: that is how threads share a
    /// text. Between other offsets a candidate may be cut in two.
    ///
    /// ```
    /// use iocpack::{Scanner, Span};
    ///
    /// let text = "c2: evil.example.com\nand 192.0.2.7\n";
    /// let scanner = Scanner::new();
    /// let middle = Scanner::border(text, text.len() / 2);
    /// let parts = [
    ///     Span { start: 0, end: middle },
    ///     Span { start: middle, end: text.len() },
    /// ];
    /// let found = parts.map(|part| scanner.findings_in(text, part).count());
    /// assert_eq!(found, [1, 1]);
    /// ```
    ///
    /// # Panics
    ///
    /// If `part` is not within `text`.
    pub fn findings_in<'s, 't>(
        &'s self,
        text: &'t (impl AsRef<[u8]> + ?Sized),
        part: Span,
    ) -> Findings<'s, 't> {
        self.part(text.as_ref(), part, true)
    }

    /// The first offset from `at` on at which no candidate goes on: the start
    /// of a line, or the end of the text.
    #[must_use]
    pub fn border(text: &(impl AsRef<[u8]> + ?Sized), at: usize) -> usize {
        let text = text.as_ref();
        let mut from = at.saturating_sub(1).min(text.len());
        if at == 0 {
            return 0;
        }
        while let Some(newline) = memchr::memchr(b'\n', &text[from..]) {
            let border = from + newline + 1;
            // A SHA-256 may go on in the next line, after a few blanks.
            let left = &text[border.saturating_sub(64)..border];
            let left = left.trim_ascii_end().last();
            let right = &text[border..text.len().min(border + 64)];
            let right = right.trim_ascii_start().first();
            let hex = |b: Option<&u8>| b.is_some_and(u8::is_ascii_hexdigit);
            if !(hex(left) && hex(right)) {
                return border;
            }
            from = border;
        }
        text.len()
    }

    fn part<'s, 't>(
        &'s self,
        text: &'t [u8],
        part: Span,
        rejections: bool,
    ) -> Findings<'s, 't> {
        assert!(
            part.start <= part.end && part.end <= text.len(),
            "the part from {} to {} is not within a text of {} bytes",
            part.start,
            part.end,
            text.len(),
        );
        let mut findings = self.each(text, rejections);
        findings.engine.start_at(part.start);
        findings.end = part.end;
        findings
    }

    fn each<'s, 't>(
        &'s self,
        text: &'t [u8],
        rejections: bool,
    ) -> Findings<'s, 't> {
        let engine = Engine::new(&self.options, rejections);
        let end = text.len();
        Findings { engine, text, end, queue: Queue::default() }
    }

    /// Scans a stream of any length in bounded memory. Spans count from the
    /// start of the stream.
    ///
    /// # Errors
    ///
    /// What reading failed with.
    pub fn scan_reader<R: io::Read>(
        &self,
        rdr: R,
        mut on: impl FnMut(Match<'_>) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        reader::scan(&self.options, false, rdr, |finding| match finding {
            Finding::Match(found) => on(found),
            Finding::Rejection(_) => ControlFlow::Continue(()),
        })
    }

    /// As [`scan_reader`](Scanner::scan_reader), with the rejections.
    ///
    /// # Errors
    ///
    /// What reading failed with.
    pub fn scan_reader_findings<R: io::Read>(
        &self,
        rdr: R,
        on: impl FnMut(Finding<'_>) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        reader::scan(&self.options, true, rdr, on)
    }
}

impl Default for Scanner {
    fn default() -> Scanner {
        Scanner::new()
    }
}

/// Options of a [`Scanner`].
#[derive(Clone, Debug)]
pub struct ScannerBuilder {
    options: Options,
}

impl Default for ScannerBuilder {
    fn default() -> ScannerBuilder {
        ScannerBuilder {
            options: Options {
                kinds: KindSet::ALL,
                strictness: Strictness::Balanced,
                refang: true,
                email_domains: false,
                inner_urls: false,
                block_size: 256 * 1024,
                quick: true,
            },
        }
    }
}

impl ScannerBuilder {
    /// Which kinds to report; all by default.
    pub fn kinds(&mut self, kinds: KindSet) -> &mut Self {
        self.options.kinds = kinds;
        self
    }

    /// How much the text around a candidate must speak for it.
    pub fn strictness(&mut self, strictness: Strictness) -> &mut Self {
        self.options.strictness = strictness;
        self
    }

    /// Whether defanged forms are recognised; they are by default.
    pub fn refang(&mut self, yes: bool) -> &mut Self {
        self.options.refang = yes;
        self
    }

    /// Whether the domain of an e-mail address is a match; not by default.
    pub fn email_domains(&mut self, yes: bool) -> &mut Self {
        self.options.email_domains = yes;
        self
    }

    /// Whether URLs inside URLs are listed too; not by default.
    pub fn inner_urls(&mut self, yes: bool) -> &mut Self {
        self.options.inner_urls = yes;
        self
    }

    /// How many bytes [`Scanner::scan_reader`] reads at a time; 256 KiB by
    /// default. What is found does not depend on it.
    pub fn block_size(&mut self, bytes: usize) -> &mut Self {
        self.options.block_size = bytes;
        self
    }

    /// The scanner.
    #[must_use]
    pub fn build(&self) -> Scanner {
        Scanner { options: self.options }
    }
}

/// The matches of a text: see [`Scanner::find_iter`].
#[derive(Clone, Debug)]
pub struct Matches<'s, 't> {
    inner: Findings<'s, 't>,
}

impl<'t> Matches<'_, 't> {
    /// The next match of whatever sort.
    #[inline(never)]
    fn next_of_any(&mut self) -> Option<Match<'t>> {
        self.inner.find_map(|finding| match finding {
            Finding::Match(found) => Some(found),
            Finding::Rejection(_) => None,
        })
    }
}

impl<'t> Iterator for Matches<'_, 't> {
    type Item = Match<'t>;

    /// What mostly happens is small.
    #[expect(clippy::inline_always, reason = "a call costs as much")]
    #[inline(always)]
    fn next(&mut self) -> Option<Match<'t>> {
        loop {
            let Findings { engine, text, end, queue } = &mut self.inner;
            if let Some(found) = queue.pop_close(text) {
                return Some(found);
            }
            if !queue.is_empty() || !engine.step(text, *end, queue) {
                return self.next_of_any();
            }
        }
    }

    /// Many are taken at a time, with no look at each whether it is the last.
    #[inline]
    fn fold<B, F: FnMut(B, Match<'t>) -> B>(self, start: B, mut each: F) -> B {
        let Findings { mut engine, text, end, mut queue } = self.inner;
        let mut sum = start;
        loop {
            sum = queue.fold_matches(text, sum, &mut each);
            if !engine.step(text, end, &mut queue) {
                return sum;
            }
        }
    }

    /// None is made.
    fn count(self) -> usize {
        let Findings { mut engine, text, end, mut queue } = self.inner;
        let mut count = queue.len();
        while engine.step(text, end, &mut queue) {
            count += queue.len();
        }
        count
    }
}

/// The matches and rejections of a text: see [`Scanner::findings`].
#[derive(Clone, Debug)]
pub struct Findings<'s, 't> {
    engine: Engine<'s>,
    text: &'t [u8],
    /// No anchor at or past it is looked at.
    end: usize,
    queue: Queue,
}

impl<'t> Iterator for Findings<'_, 't> {
    type Item = Finding<'t>;

    fn next(&mut self) -> Option<Finding<'t>> {
        if let Some(finding) = self.queue.pop(self.text) {
            return Some(finding);
        }
        self.engine.step(self.text, self.end, &mut self.queue);
        self.queue.pop(self.text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::blocks::{BLOCK, CHUNK};
    use super::*;
    use crate::Kind;

    /// What texts are made of: tokens that the quick way decides about, and
    /// all that may stand beside one.
    const PIECES: [&str; 249] = [
        "\x1b[31m",
        "\x1b[0;1m",
        "\x1b[K",
        "\\u001b[0m",
        "evil",
        "EVIL",
        "a",
        "-",
        "_",
        "x-1",
        "com",
        "net",
        "info",
        "id",
        "py",
        "exe",
        "za",
        "co.uk",
        "onion",
        "kawasaki.jp",
        "xn--p1ai",
        "www",
        "192.0.2.7",
        "10.1.2.3",
        "256.1.1.1",
        "01.2.3.4",
        "1.2",
        "7",
        "443",
        "2001:db8::1",
        "fe80::",
        "::",
        "10:20:30",
        "a:b",
        "f:",
        "hxxp[://]",
        " (",
        " (a",
        "--",
        "...",
        "[:]",
        "abcd:",
        "1:2:3:4:5:6:7:8",
        "x::y",
        "::ffff:192.0.2.1",
        "d41d8cd98f00b204e9800998ecf8427e",
        "deadbeef",
        "0x",
        "D41D8CD98F00B204E9800998ECF8427E01234567",
        "http://",
        "https://",
        "hxxp://",
        "hXXps[:]//",
        "http",
        "//",
        "://",
        "hxxp//",
        "http__",
        "ftp://",
        "/a/b.php",
        "/?q=1",
        "?a=1",
        "#top",
        "&amp;",
        "&quot;",
        "%2E",
        "%20",
        ":80",
        ":8080/",
        "/24",
        ".",
        "..",
        "[.]",
        "[.",
        ".]",
        "(.)",
        "[dot]",
        " dot ",
        "DOT",
        "[at]",
        "@",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        "\\:",
        "\\://",
        "{b}",
        "{b:",
        "[/b]",
        "\u{b7}",
        "<",
        ">",
        "</",
        "\"",
        "'",
        ",",
        ";",
        "|",
        "\\",
        "^",
        "*",
        "~",
        "$",
        "=",
        "+",
        "!",
        " ",
        "\n",
        "\t",
        "version ",
        "domain: ",
        "\u{fc}",
        "\u{200b}",
        "-dot-",
        "d0t",
        "%3A%2F%2F",
        "&#46;",
        "&#58;//",
        "aHR0cDovL2V2aWwuY29tLw",
        "687474703a2f2f",
        ".io",
        ".me",
        ".md",
        ".COM",
        ".Net",
        "\u{3002}",
        "\u{ff0e}",
        "\u{430}",
        "\u{440}\u{444}",
        "->",
        "::ffff:",
        "-",
        "_dmarc",
        "/*",
        "(dot)",
        "{.}",
        "\\.",
        "\\",
        "\r\n",
        "\0",
        "ftp://",
        "sha256:",
        "imphash: ",
        "md5=",
        "_",
        "v1.2.3",
        "Mozilla/5.0 ",
        "C:\\a\\b.exe",
        ".exe",
        ".php?x=http://",
        "user@",
        "[at]",
        ".....",
        "%",
        "&",
        "a.b.c.d.e.f.g.h",
        "127.0.0.1:8080",
        "(",
        "https[:]//",
        "hxxp[:]//",
        "www[.]",
        ".tk",
        "xn--a",
        "\u{202e}",
        "0x7f.1",
        "1.2.3.4.5.6.7",
        "192.0.2.1-192.0.2.9",
        "2001:db8::/32",
        "[2001:db8::1]:80",
        "fe80::1%eth0",
        "\u{1f600}",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "\nevil.info\n",
        "abc.site\n",
        "evil.badcorp.net\n",
        "x.me\n",
        "  x = {\n",
        "f(a);\n",
        "\\n",
        "\\r\\n",
        "\\t",
        "\\\\n",
        "\\\"",
        "\\\\\\\"",
        "\\u0022",
        "\\\\u003c",
        ":\\/\\/",
        ":\\\\/\\\\/",
        "\\\\/",
        "C:\\",
        "/dev/tcp/",
        "address=/",
        "/51234",
        "/4444 ",
        "%20",
        "+http://",
        "wget+",
        ";sh",
        ";",
        "${IFS}",
        "%3Bwget%20http%3A%2F%2F",
        "%22",
        "%2F",
        "%25",
        "%40",
        "\\x22",
        "\\x0a",
        "%E2%80%9C",
        "%C3%BC",
        "'%",
        "%5B",
        "%76",
        "/255.255.0.0",
        ":53/udp",
        "(192.0.2.1)",
        "/a,",
        "commit ",
        "->",
        "[192.0.2.1]",
        " > ",
        ".443 > ",
        "IP ",
        "tcp4 ",
        "ip6:",
        "sftp://u:p@",
        "\\\\",
        "@80\\a",
        "'%20",
        "%3B",
        "xxx",
        "192.0.2.xxx",
        "1xx",
        "x",
        "\u{a0}",
        "\u{67e5}",
        ".virus",
        ".virus|",
        "#a",
        "/a#b?c",
        "\",\n\"",
        ",x.me,",
        "\n\nevil.site\r\n",
        "\r\n\r\nx.io\r\n",
        "|a.me|",
        ":8443/",
    ];

    /// What lists and logs are made of; `#` is a number.
    const FIELDS: [&str; 84] = [
        "if (x#) {",
        "f(#);",
        "x# =>",
        "y# =",
        "evil#.info",
        "# Reference: https://example.com/status/#/",
        "# (see) {a}; (b) {c}; (d) {e}; (f) {g}; (h) {i}; (j) {k}; (l) {m}; (n) {o}; (p) {q}; (r) {s}; (t) {u}; (v) {w}; (x) {y}; (z) {a}; (b) {c}; (d) {e}; (f) {g}; (h) {i}; (j) {k}; (l) {m}; (n) {o}; (p) {q}; (r) {s}; (t) {u}; (v) {w}; and no more",
        "https://evil#.example.com/?u=http://c#.example.net/a",
        "evil#.com.br",
        "evil#.it",
        "evil-domain#.cn",
        "gov.cn",
        "a#.nom.br",
        "evil#.sch.uk",
        "aisai.aichi.jp",
        "evil#.top",
        "evil#.business",
        "evil#.file.zip",
        "evil#.no-suffix",
        "evil#.ex_e",
        "12345678901234567890123456789012345678#",
        "DA39A3EE5E6B4B0D3255BFEF95601890AFD8070#",
        "a-label-of-sixty-letters-that-is-not-too-long-for-a-name-at-all#.com",
        "https://evil#.example.com/a/path/that/goes/on/for/more/than/a/block/of/text",
        "http://evil#.example.com/a/path/that/goes/on/for/more/than/one/block/of/text/and-then-for-another-one/and-on/to-the-end",
        "evil#.example.com",
        "c#.de",
        "host-#.co.uk",
        "panel#.info",
        "a#.co",
        "x#.io",
        "www.evil#.onion",
        "192.0.2.#",
        "192.0.2.#:443",
        "/198.51.100.#:50010",
        "1.2.3.#",
        "1.2.#",
        "192.0.2.#.443 > ",
        "d41d8cd98f00b204e9800998ecf842#e",
        "D41D8CD98F00B204E9800998ECF8427E",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "http://192.0.2.#/a.php",
        "https://evil#.example.com",
        "https://evil#.example.com/a/b?c=#&d=evil.example.net",
        "http://evil#.example.com:8080/a",
        "hxxp://evil#[.]example[.]com/a",
        "evil#[.]example.com",
        "org.example.Worker#.run()",
        "self.name_#",
        "user.name#@example.com",
        "Mozilla/#.0",
        "version 1.2.3.#",
        "10:20:#",
        "2001:db8::#",
        "C:\\a#\\b.exe",
        "http__evil#.example.com",
        "aHR0cDovL2V2aWwuY29tLw",
        "aHR0cDovL2V2aWwuY29tLw.example.com",
        "evil dot example#.com",
        "a#.xn--p1ai",
        "word",
        "sha256:",
        "SHA-256",
        "d41d8cd98f00b204e9800998ecf8427e.info",
        "d41d8cd98f00b204e9800998ecf842#e.exe",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709.a.co.uk",
        "68747470d98f00b204e9800998ecf842.com",
        "6874703a98f00b204e9800998ecf842e",
        "12345678901234567890123456789012",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "/etc/app#.conf",
        "/var/evil#.com/b.sh",
        "/dev/tcp/evil#.com/80",
        "address=/evil#.com/",
        "a.b@c.d@evil#.com",
        "12:34:56:78:9a:bc:de:#",
        "10:20:30:#",
        "1:2:3:4:5:6:7:#",
        "note: /192.0.2.#",
        "[.]",
        "https://evil#.example.com/a%20b#c",
        "hxxp://192[.]0[.]2[.]#:8443/a",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709.virus",
        "org.example.service.of.many.words.that.goes.on.for.long.Worker#.run",
    ];
    const SEPARATORS: [&str; 16] = [
        "\n", "\n", "\n", " ", ",", "\t", "\",\"", " (", ") ", "; ", "=",
        "\r\n", "|", "\n\n", "\",\n\"", "\u{a0}\n",
    ];

    fn rows<'t>(
        found: impl Iterator<Item = Finding<'t>>,
    ) -> Vec<(Span, String)> {
        let row = |finding: Finding<'t>| match &finding {
            Finding::Match(it) => {
                let (kind, flags) = (it.kind(), it.flags());
                let row = format!("{kind} {} {flags:?}", it.canonical());
                (finding.span(), row)
            }
            Finding::Rejection(it) => {
                (finding.span(), format!("{} {}", it.kind(), it.reason()))
            }
        };
        found.map(row).collect()
    }

    #[test]
    fn an_address_is_what_the_standard_library_reads() {
        let mut lines = Vec::new();
        for len in 1..=4 {
            for number in 0..10_u32.pow(len as u32) {
                let number = format!("{number:0len$}");
                for place in 0..4 {
                    let mut octets = ["198", "51", "100", "20"];
                    octets[place] = &number;
                    lines.push(octets.join("."));
                }
            }
        }
        let text = format!("from {} on", lines.join(" to "));
        let scanner = Scanner::new();
        let found = scanner.find_iter(&text).map(|it| it.raw().to_vec());
        let is_address =
            |line: &&String| line.parse::<std::net::Ipv4Addr>().is_ok();
        let expected = lines.iter().filter(is_address);
        let expected = expected.map(|line| line.as_bytes().to_vec());
        assert!(found.eq(expected));
    }

    #[test]
    fn a_digest_behind_a_dot_is_found_wherever_a_chunk_ends() {
        let scanner = Scanner::new();
        for pad in CHUNK * BLOCK - 100..CHUNK * BLOCK {
            let mut text = vec![b'\n'; pad];
            text.extend_from_slice(b"a.d41d8cd98f00b204e9800998ecf8427e");
            let found: Vec<_> = scanner.find_iter(&text).collect();
            let kinds: Vec<_> = found.iter().map(Match::kind).collect();
            assert_eq!(kinds, [Kind::Hash], "behind {pad} bytes");
        }
    }

    #[test]
    fn a_name_with_commas_is_found_wherever_a_block_ends() {
        let scanner = Scanner::new();
        for pad in 1..2 * BLOCK {
            let text = "\n".repeat(pad) + "evil,example,com\n";
            let found = scanner.find_iter(&text).map(|it| it.span().start);
            assert_eq!(found.collect::<Vec<_>>(), [pad], "behind {pad} bytes");
        }
    }

    #[test]
    fn matches_are_the_same_one_by_one_all_at_once_and_counted() {
        let mixed = "evil.example.com \u{430}.example 2001:db8::7 \
                     hxxp://a[.]example/b 192.0.2.7\n";
        let list = "evil.example.com\n192.0.2.7\nhttp://a.example/b\n\
                    d41d8cd98f00b204e9800998ecf8427e\nx.example\n";
        let scanner = Scanner::new();
        for text in [mixed.repeat(300), list.repeat(300)] {
            let mut one_by_one = Vec::new();
            for found in scanner.find_iter(&text) {
                one_by_one.push(found);
            }
            assert_eq!(one_by_one.len(), 1500);
            for taken in [0, 1, 3, 700] {
                let rest = || {
                    let mut found = scanner.find_iter(&text);
                    for expected in &one_by_one[..taken] {
                        assert_eq!(found.next().as_ref(), Some(expected));
                    }
                    found
                };
                let mut all_at_once = Vec::new();
                rest().for_each(|found| all_at_once.push(found));
                assert_eq!(all_at_once, one_by_one[taken..]);
                assert_eq!(rest().count(), 1500 - taken);
            }
        }
    }

    #[test]
    fn as_many_candidates_as_a_chunk_can_hold_are_found() {
        let quick = Scanner::new();
        let mut builder = Scanner::builder();
        builder.options.quick = false;
        let grammar = builder.build();
        // Chunks in the middle of the text have nothing else in them.
        for fields in [
            "a.b ",
            "a.de ",
            "a.de a://",
            "a://a.de a.b ",
            "a.b\na://x.de\n",
            "x.de\n",
            "x.me\n",
            "x.co\n{\n",
            "1.2.3.4\n",
            "http://x.de.\n",
        ] {
            let text = fields.repeat(4 * CHUNK * BLOCK / fields.len());
            let found = quick.find_iter(&text).map(Finding::Match);
            let expected = grammar.find_iter(&text).map(Finding::Match);
            assert_eq!(rows(found), rows(expected), "{fields:?}");
        }
    }

    #[test]
    fn the_end_of_a_run_longer_than_any_address_is_none() {
        let hash = "D41D8CD98F00B204E9800998ECF8427E01234567";
        let text = format!("10:20:30{hash}{hash}[:]2001:db8::1/a");
        let scanner = Scanner::new();
        assert_eq!(scanner.find_iter(&text).count(), 0);
        let found = scanner.findings(&text);
        let is_match = |it: &Finding<'_>| matches!(it, Finding::Match(_));
        assert_eq!(found.filter(is_match).count(), 0);
    }

    #[test]
    fn a_url_starts_in_a_run_that_was_read() {
        let text = "x::yhttp://192.0.2.7@http://abc.site\n";
        let scanner = Scanner::builder().refang(false).build();
        let found = scanner.find_iter(text).map(|it| it.span().start);
        assert_eq!(found.collect::<Vec<_>>(), [11, 21]);
    }

    #[test]
    fn a_token_that_a_network_reaches_into_is_looked_at_in_any_block() {
        let network = "/255.255.0.0/255.255.0.0evil.badcorp.net\n";
        for pad in 0..2 * BLOCK {
            let text = ["\n".repeat(pad).as_str(), network].concat();
            let mut scanner = Scanner::new();
            let found = rows(scanner.find_iter(&text).map(Finding::Match));
            scanner.options.quick = false;
            let matches = scanner.find_iter(&text).map(Finding::Match);
            assert_eq!(found, rows(matches), "{pad}");
            assert_eq!(found.len(), 1, "{pad}");
        }
    }

    proptest! {
        #[test]
        fn the_quick_way_says_what_the_grammar_says(
            pieces in prop::collection::vec(
                prop::sample::select(PIECES.to_vec()), 0..60),
            bytes in prop::collection::vec(any::<u8>(), 0..40),
            // Bitmaps are of so much text at a time.
            pad in prop_oneof![
                2 => Just(0), 1 => CHUNK * BLOCK - 200..CHUNK * BLOCK],
            strict in prop::sample::select(vec![
                Strictness::Strict, Strictness::Balanced, Strictness::Loose]),
            refang: bool,
            email_domains: bool,
        ) {
            let pad = vec![b'\n'; pad];
            let text = [&pad, pieces.concat().as_bytes(), &bytes].concat();
            let mut builder = Scanner::builder();
            builder.strictness(strict).refang(refang);
            builder.email_domains(email_domains);
            let quick = builder.build();
            builder.options.quick = false;
            let grammar = rows(builder.build().findings(&text));
            prop_assert_eq!(&rows(quick.findings(&text)), &grammar);
            // And without rejections the same matches.
            let all = builder.build();
            let is_match = |it: &Finding<'_>| matches!(it, Finding::Match(_));
            let matches = rows(all.findings(&text).filter(is_match));
            let found = quick.find_iter(&text).map(Finding::Match);
            prop_assert_eq!(rows(found), matches);
        }

        #[test]
        fn a_list_of_many_chunks_has_the_matches_of_the_grammar(
            fields in prop::collection::vec(
                (0..FIELDS.len(), 0..40_usize, 0..SEPARATORS.len()), 0..900),
            lines: bool,
            email_domains: bool,
            inner_urls: bool,
            kinds in prop::sample::select(vec![
                KindSet::ALL, KindSet::ALL.without(Kind::Ip).without(Kind::Url)]),
        ) {
            let mut text = String::new();
            for (field, number, separator) in fields {
                text.push_str(&FIELDS[field].replace('#', &number.to_string()));
                text.push_str(match separator {
                    3..=9 if lines => "\n",
                    _ => SEPARATORS[separator],
                });
            }
            let mut builder = Scanner::builder();
            builder.email_domains(email_domains).inner_urls(inner_urls);
            builder.kinds(kinds);
            let quick = builder.build();
            builder.options.quick = false;
            let grammar = builder.build();
            let found = quick.find_iter(&text).map(Finding::Match);
            let expected = grammar.find_iter(&text).map(Finding::Match);
            prop_assert_eq!(rows(found), rows(expected));
        }

        #[test]
        fn parts_between_borders_have_the_findings_of_the_whole(
            pieces in prop::collection::vec(prop_oneof![
                4 => prop::sample::select(PIECES.to_vec()),
                1 => Just("\n"),
            ], 0..120),
            step in 1..200_usize,
        ) {
            let text = pieces.concat();
            let scanner = Scanner::new();
            let (mut parts, mut matches) = (Vec::new(), Vec::new());
            let mut start = 0;
            while start < text.len() {
                let end = Scanner::border(&text, start + step);
                let part = Span { start, end };
                parts.extend(rows(scanner.findings_in(&text, part)));
                let found = scanner.find_iter_in(&text, part);
                matches.extend(rows(found.map(Finding::Match)));
                start = end;
            }
            prop_assert_eq!(parts, rows(scanner.findings(&text)));
            let found = scanner.find_iter(&text).map(Finding::Match);
            prop_assert_eq!(matches, rows(found));
        }
    }
}
