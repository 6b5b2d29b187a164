//! Canonical URLs and their ids.

use std::collections::BTreeSet;

use iocpack::{Certainty, Url, UrlId};
use proptest::prelude::*;

/// A case of `tests/data/url.txt`.
struct Case {
    line: usize,
    input: Vec<u8>,
    output: Result<String, String>,
    sure: String,
}

fn cases() -> Vec<Case> {
    let text = include_str!("../data/url.txt");
    let mut cases: Vec<Case> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = value.trim_start();
        if key == "in" {
            cases.push(Case {
                line: number + 1,
                input: unescape(value),
                output: Err(String::new()),
                sure: String::new(),
            });
        }
        let Some(case) = cases.last_mut() else { continue };
        match key {
            "out" => {
                let out = String::from_utf8(unescape(value)).unwrap();
                case.output = Ok(out);
            }
            "err" => case.output = Err(value.to_owned()),
            "sure" => value.clone_into(&mut case.sure),
            _ => {}
        }
    }
    cases
}

/// Undoes `\t`, `\n`, `\r`, `\\` and `\xNN`.
fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        out.push(match bytes.next().unwrap() {
            b't' => b'\t',
            b'n' => b'\n',
            b'r' => b'\r',
            b'\\' => b'\\',
            b'x' => {
                let hex = [bytes.next().unwrap(), bytes.next().unwrap()];
                let hex = std::str::from_utf8(&hex).unwrap();
                u8::from_str_radix(hex, 16).unwrap()
            }
            other => panic!("unknown escape \\{}", other as char),
        });
    }
    out
}

fn describe(id: UrlId) -> String {
    std::iter::once(id.certainty().as_str())
        .chain(id.reasons())
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn each_rule_of_the_table_gives_its_form_and_its_standing() {
    let cases = cases();
    assert!(cases.len() > 100, "{}", cases.len());
    for case in cases {
        let got = Url::parse_bytes(&case.input);
        let form = match &got {
            Ok(url) => Ok(url.to_string()),
            Err(err) => Err(format!("{} at {}", err.reason(), err.offset())),
        };
        assert_eq!(form, case.output, "line {}", case.line);
        if let Ok(url) = got {
            let sure = describe(url.id());
            assert_eq!(sure, case.sure, "line {}", case.line);
        }
    }
}

#[test]
fn each_reason_has_a_case_and_none_of_them_is_proven() {
    let mut seen = BTreeSet::new();
    for case in cases() {
        let Ok(url) = Url::parse_bytes(&case.input) else { continue };
        let id = url.id();
        let reasons: Vec<_> = id.reasons().collect();
        assert_eq!(
            id.certainty() == Certainty::Proven,
            reasons.is_empty(),
            "line {}",
            case.line
        );
        // Alone, so that nothing else lowers the certainty.
        if let [reason] = reasons[..] {
            seen.insert(reason);
        }
    }
    let long = format!("http://example.com/{}", "a".repeat(2030));
    let id = Url::parse(&long).unwrap().id();
    assert_eq!(describe(id), "unknown long-url");
    seen.extend(id.reasons());
    // `non-utf8` never comes without `non-ascii`.
    assert_eq!(seen.len(), 31, "{seen:?}");
}

#[test]
fn published_pairs_of_url_and_id_reproduce_and_are_proven() {
    let mut pairs = 0;
    for line in include_str!("../data/url_ids.txt").lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (want, url) = line.split_once(' ').unwrap();
        let id = Url::parse(url).unwrap().id();
        assert_eq!(id.to_string(), want, "{url}");
        assert_eq!(describe(id), "proven", "{url}");
        pairs += 1;
    }
    assert_eq!(pairs, 27);
}

#[test]
fn names_have_the_limits_of_dns() {
    let code = |host: String| {
        let got = Url::parse(&format!("http://{host}/"));
        got.map_or_else(|err| err.reason().code(), |_| "ok")
    };
    let name = |len: usize| {
        let long = format!("{}.", "a".repeat(63));
        let full = long.repeat(3);
        format!("{full}{}", "b".repeat(len - full.len()))
    };
    assert_eq!(code(name(253)), "ok");
    assert_eq!(code(name(253) + "."), "ok");
    assert_eq!(code(name(254)), "name-too-long");
    assert_eq!(code(name(254) + "."), "name-too-long");
    assert_eq!(code("a".repeat(63)), "ok");
    assert_eq!(code("a".repeat(64)), "label-too-long");
    assert_eq!(code("ü".repeat(60)), "label-too-long");
    assert_eq!(code("ü".repeat(1 << 20)), "name-too-long");
    assert_eq!(code("%61".repeat(1 << 20)), "name-too-long");
    assert_eq!(code("1".repeat(1 << 20)), "bad-address");
}

#[test]
fn long_hostile_urls_are_read_in_linear_time() {
    // A quadratic step would take minutes here.
    let end = |start: &str, unit: &str| {
        let url = start.to_owned() + &unit.repeat((1 << 19) / unit.len());
        Url::parse(&url).map_or_else(
            |err| err.reason().code().to_owned(),
            |url| url.as_str().len().to_string(),
        )
    };
    let root = "http://example.com/".len().to_string();
    assert_eq!(end("http://example.com/", "a/../"), root);
    let slashes = "http://example.com".len() + (1 << 19);
    assert_eq!(end("http://example.com", "//"), slashes.to_string());
    assert_eq!(end("http://example.com/", ".%2e/"), root);
    assert_eq!(end("http://example.com/ ", "\t"), root);
    assert_eq!(end("http:", "\\"), "bad-host");
    assert_eq!(end("http://", "a@"), "bad-host");
    assert_eq!(end("http://", "a."), "name-too-long");
    assert_eq!(end("http://", "xn--a."), "name-too-long");
    assert_eq!(end("http://", "一"), "name-too-long");
    assert_eq!(end("http://", "0."), "bad-address");
    assert_eq!(end("http://[", "0:"), "bad-host");
    assert_eq!(end("", "a:"), "bad-scheme");
}

#[test]
fn a_url_is_taken_apart() {
    let url = Url::parse("https://u:p@[2001:db8::1]:8443/a/b?c=d?e").unwrap();
    assert_eq!(url.scheme(), "https");
    assert!(url.has_userinfo());
    assert_eq!(url.userinfo(), Some("u:p"));
    assert_eq!(url.host(), "[2001:db8::1]");
    assert_eq!(url.port(), Some(8443));
    assert_eq!(url.path(), "/a/b");
    assert_eq!(url.query(), Some("c=d?e"));

    let url = Url::parse("ftp://198.51.100.9").unwrap();
    assert_eq!(url.scheme(), "ftp");
    assert!(!url.has_userinfo());
    assert_eq!(url.host(), "198.51.100.9");
    assert_eq!((url.port(), url.path(), url.query()), (None, "/", None));

    let url = Url::parse("http://example.com./?").unwrap();
    assert_eq!((url.host(), url.query()), ("example.com.", Some("")));

    let url = Url::parse("http://example.com/a@b:c").unwrap();
    assert_eq!((url.host(), url.userinfo()), ("example.com", None));
}

#[test]
fn urls_and_ids_compare_by_the_canonical_form_alone() {
    let plain = Url::parse("http://example.com/").unwrap();
    let port = Url::parse("http://example.com:80").unwrap();
    assert_eq!(plain, port);
    assert_eq!(plain.id(), port.id());
    assert_eq!(plain.id().certainty(), Certainty::Proven);
    assert_eq!(port.id().certainty(), Certainty::Inferred);
    assert_eq!(plain.cmp(&port), std::cmp::Ordering::Equal);
    let both: BTreeSet<_> = [plain.id(), port.id()].into();
    assert_eq!(both.len(), 1);
}

#[test]
fn an_id_is_read_back_and_refused_with_a_reason() {
    let id = Url::parse("http://example.com/?").unwrap().id();
    let text = id.to_string();
    assert_eq!(UrlId::parse(&text), Ok(id));
    assert_eq!(UrlId::parse(&text.to_uppercase()), Ok(id));
    // An id that was given exercised no rule.
    assert_eq!(describe(UrlId::parse(&text).unwrap()), "proven");
    let message = |text: &str| UrlId::parse(text).unwrap_err().to_string();
    let short = "invalid url: expected 64 hex digits at byte 63";
    assert_eq!(message(&text[1..]), short);
    let long = "invalid url: expected 64 hex digits at byte 64";
    assert_eq!(message(&(text.clone() + "0")), long);
    let other = "invalid url: expected a hex digit at byte 2";
    assert_eq!(message("00x"), other);
    assert_eq!(
        message("").as_str(),
        "invalid url: expected 64 hex digits at byte 0"
    );
}

#[test]
fn base64_is_url_safe_and_not_padded() {
    let base64 = |url: &str| Url::parse(url).unwrap().base64();
    assert_eq!(base64("http://a.example"), "aHR0cDovL2EuZXhhbXBsZS8");
    assert_eq!(base64("http://ab.example"), "aHR0cDovL2FiLmV4YW1wbGUv");
    assert_eq!(base64("http://abc.example"), "aHR0cDovL2FiYy5leGFtcGxlLw");
    // Both digits that the standard alphabet writes otherwise.
    assert_eq!(
        base64("http://example.com/~~~?>>>"),
        "aHR0cDovL2V4YW1wbGUuY29tL35-fj8-Pj4"
    );
    assert_eq!(
        base64("http://example.com/??>"),
        "aHR0cDovL2V4YW1wbGUuY29tLz8_Pg"
    );
}

/// The id of the WHATWG parser's form with the fragment cut, which is what
/// proven URLs have but for the documented differences.
fn whatwg(input: &str) -> Result<String, url::ParseError> {
    let mut url = url::Url::parse(input)?;
    url.set_fragment(None);
    Ok(url.into())
}

/// The hosts on which this library and the `url` package differ, and why.
fn host_differs_as_documented(ours: &Result<Url, iocpack::Invalid>) -> bool {
    match ours {
        // The `url` package has the rule before June 2026.
        Ok(url) => url.id().reasons().any(|it| it == "invalid-idna"),
        // It checks neither lengths nor empty labels.
        Err(err) => matches!(
            err.reason().code(),
            "label-too-long" | "name-too-long" | "empty-label"
        ),
    }
}

/// Up to `len` of `pieces` in a row. Those that come often stand there often.
fn row(
    pieces: &'static [&'static str],
    len: usize,
) -> impl Strategy<Value = String> {
    let piece = prop::sample::select(pieces);
    prop::collection::vec(piece, 0..=len).prop_map(|it| it.concat())
}

/// What parsers of names stumble over.
const NAME: &[&str] = &[
    "a",
    "b",
    "xy",
    "com",
    "example",
    "a1",
    "A",
    "Z",
    ".",
    ".",
    ".",
    ".",
    ".",
    "..",
    "-",
    "_",
    "0",
    "1",
    "255",
    "256",
    "010",
    "08",
    "0x",
    "0xf",
    "0xg",
    "0X1F",
    "192.0.2.1",
    "192.0.2.",
    "4294967295",
    "4294967296",
    "xn--",
    "xn--a",
    "xn--bcher-kva",
    "xn--a-",
    "XN--BCHER-KVA",
    "ü",
    "ß",
    "É",
    "一",
    "\u{3002}",
    "１",
    "．",
    "\u{200b}",
    "\u{ad}",
    "\u{202e}",
    "ǆ",
    "㎒",
    "\u{301}",
    "%41",
    "%2e",
    "%2E",
    "%2f",
    "%00",
    "%C3%BC",
    "%ff",
    "%e",
    "%31",
    "!",
    "$",
    "&",
    "'",
    "(",
    ")",
    "*",
    "+",
    ",",
    ";",
    "=",
    "~",
    "`",
    "{",
    "}",
    "\"",
    "<",
    ">",
    "^",
    "|",
    "[",
    "]",
    "@",
    ":",
    "%",
    "#",
    "/",
    "\\",
    "?",
    " ",
    "\t",
    "\u{1}",
    "\u{7f}",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];

/// The parts of an address in brackets.
const IPV6: &[&str] = &[
    ":",
    ":",
    ":",
    ":",
    "::",
    "0",
    "0",
    "0:0",
    "1",
    "2001",
    "DB8",
    "0db8",
    "00000",
    "ffff",
    "fffff",
    "1:2:3:4:5:6",
    "192.0.2.1",
    "192.0.2.01",
    "192.0.2",
    "1.2.3.4.5",
    "%25",
    "g",
];

/// The parts of an address as numbers.
const NUMBERS: &[&str] = &[
    ".",
    ".",
    ".",
    ".",
    "0",
    "1",
    "7",
    "8",
    "9",
    "10",
    "255",
    "256",
    "65535",
    "65536",
    "16777215",
    "16777216",
    "4294967295",
    "4294967296",
    "0x",
    "0x0",
    "0xff",
    "0XFF",
    "0x100",
    "0xffffffff",
    "0x1ffffffff",
    "00",
    "0377",
    "08",
    "99999999999999999999999",
];

/// Userinfo, host and port.
fn authority() -> impl Strategy<Value = String> {
    let user = [
        "",
        "",
        "",
        "",
        "",
        "",
        "u@",
        "u:@",
        ":@",
        "@",
        "u:p@",
        "u:p:q@",
        "ü;=|^'\"[@",
    ];
    let port = [
        "",
        "",
        "",
        "",
        "",
        "",
        ":",
        ":0",
        ":21",
        ":80",
        ":443",
        ":080",
        ":8080",
        ":65535",
        ":65536",
        ":00000000000001",
        ":8a",
        ":99999999999",
    ];
    let ipv6 = row(IPV6, 9).prop_map(|it| format!("[{it}]"));
    let host = prop_oneof![
        5 => row(NAME, 6),
        2 => row(NUMBERS, 8),
        2 => ipv6,
    ];
    let user = prop::sample::select(user.to_vec());
    let port = prop::sample::select(port.to_vec());
    (user, host, port)
        .prop_map(|(user, host, port)| user.to_owned() + &host + port)
}

/// Pieces of paths and queries that change nothing, or nothing unproven.
const PLAIN: &[&str] = &[
    "a",
    "b.php",
    "Path",
    "x=1",
    "y",
    "-",
    "_",
    "~",
    "...",
    "/",
    "/a/",
    "/b",
    "?",
    "?q",
    "&",
    "&amp;",
    "=",
    ";",
    ",",
    "'",
    "(",
    ")",
    "!",
    "$",
    "*",
    "@",
    ":",
    "?http://example.org/",
    "?%2F",
    "%D1%87",
    "%CF",
    "%20",
    "#",
    "#a/../",
];

/// Pieces that the other rules act on.
const ODD: &[&str] = &[
    ".", "..", "./", "../", "/./", "/../", "//", "%2F", "%3A", "%2f", "%2e",
    "%2E", "/%2e%2E/", "%41", "%7e", "%", "%%", "%4", "%zz", "\"", "<", ">",
    "^", "`", "{", "|", "}", "[", "]", "+", "\\", " ", "\t", "\r\n", "\u{1}",
    "\u{7f}", "ü", "一",
];

/// URLs, most of them valid.
pub(super) fn any_url() -> impl Strategy<Value = String> {
    let scheme = [
        "http://",
        "http://",
        "http://",
        "https://",
        "https://",
        "",
        "//",
        "ftp://",
        "HTTP:/",
        "http:",
        "https:///",
        "http:\\\\",
        "gopher://",
        " https://",
        "ht\ntp://",
    ];
    let scheme = prop::sample::select(scheme.to_vec());
    let host = prop_oneof![
        4 => Just("example.com".to_owned()),
        1 => Just("Xn--Bcher-Kva.example:81".to_owned()),
        1 => authority(),
    ];
    let odd = prop_oneof![1 => row(PLAIN, 2), 1 => row(ODD, 1)];
    let odd = prop::collection::vec(odd, 0..6).prop_map(|it| it.concat());
    let tail = prop_oneof![1 => row(PLAIN, 8), 1 => odd];
    let slash = prop::sample::select(vec!["/", "/", ""]);
    (scheme, host, slash, tail).prop_map(|(scheme, host, slash, tail)| {
        format!("{scheme}{host}{slash}{tail}")
    })
}

/// Any bytes, and URLs with any byte put in.
fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let noise = prop::collection::vec(any::<u8>(), 0..40);
    let broken = (any_url(), any::<prop::sample::Index>(), any::<u8>())
        .prop_map(|(url, index, byte)| {
            let mut url = url.into_bytes();
            url.insert(index.index(url.len() + 1), byte);
            url
        });
    prop_oneof![1 => noise, 4 => broken]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_bytes_are_read_without_a_panic_and_twice_is_once(
        bytes in any_bytes(),
    ) {
        let Ok(url) = Url::parse_bytes(&bytes) else { return Ok(()) };
        prop_assert!(url.as_str().bytes().all(|b| b.is_ascii_graphic()));
        let again = Url::parse(url.as_str());
        prop_assert_eq!(again.as_ref(), Ok(&url));
        prop_assert!(!url.host().is_empty());
        prop_assert!(url.path().starts_with('/'));
        let host = url.host().len();
        prop_assert!(host <= 254);
    }

    #[test]
    fn the_parts_make_up_the_whole(input in any_url()) {
        let Ok(url) = Url::parse(&input) else { return Ok(()) };
        let mut whole = format!("{}://", url.scheme());
        whole += &url.userinfo().map_or(String::new(), |it| format!("{it}@"));
        whole += url.host();
        whole += &url.port().map_or(String::new(), |it| format!(":{it}"));
        whole += url.path();
        whole += &url.query().map_or(String::new(), |it| format!("?{it}"));
        prop_assert_eq!(whole, url.as_str());
    }

    #[test]
    fn ids_are_equal_if_and_only_if_the_canonical_forms_are(
        a in any_url(),
        b in any_url(),
    ) {
        let (Ok(a), Ok(b)) = (Url::parse(&a), Url::parse(&b)) else {
            return Ok(());
        };
        prop_assert_eq!(a == b, a.id() == b.id());
        prop_assert_eq!(a == b, a.as_str() == b.as_str());
        let again = Url::parse(a.as_str()).unwrap();
        prop_assert_eq!(a.id(), again.id());
    }

    #[test]
    fn proven_urls_are_as_whatwg_writes_them_but_for_the_apostrophe(
        input in any_url(),
    ) {
        let Ok(url) = Url::parse(&input) else { return Ok(()) };
        if url.id().certainty() != Certainty::Proven {
            return Ok(());
        }
        let with_scheme = if input.starts_with("http") {
            input.clone()
        } else {
            format!("http://{input}")
        };
        let mut ours = url.to_string();
        if let Some(at) = ours.find('?') {
            let query = ours[at..].replace('\'', "%27");
            ours.replace_range(at.., &query);
        }
        prop_assert_eq!(Ok(ours), whatwg(&with_scheme));
    }
}

proptest! {
    // `PROPTEST_CASES` goes before the number here.
    #![proptest_config(ProptestConfig {
        cases: 100_000,
        failure_persistence: None,
        ..Default::default()
    })]

    #[test]
    fn hosts_are_read_as_the_url_package_reads_them(
        authority in authority(),
        scheme in "https?|ftp",
    ) {
        let input = format!("{scheme}://{authority}/");
        let ours = Url::parse(&input);
        let theirs = url::Url::parse(&input);
        match (&ours, &theirs) {
            (Ok(ours), Ok(theirs)) => {
                prop_assert_eq!(Some(ours.host()), theirs.host_str());
                prop_assert_eq!(ours.port(), theirs.port());
                prop_assert_eq!(
                    ours.userinfo().unwrap_or_default(),
                    theirs.authority().rsplit_once('@').unwrap_or_default().0,
                );
            }
            (Err(_), Err(_)) => {}
            _ => prop_assert!(
                host_differs_as_documented(&ours),
                "{ours:?} {theirs:?}"
            ),
        }
    }
}
