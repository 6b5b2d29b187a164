//! Laws of the fast way, which is not public.

use proptest::prelude::*;

use super::{Url, base64};

#[test]
fn plain_urls_are_seen_to_be_canonical() {
    for url in [
        "http://example.com/",
        "https://www.example.com:8443/a/b.php?x=1&y=%2F",
        "http://198.51.100.7/.../a'b?",
        "ftp://a_b.example.com/%CF%f0",
        "http://example.com//a//b",
        "http://xn--bcher-kva.example/",
        "http://xn--a.example/",
        "http://example.com/a\"<>^`{|}?//../\\",
        "http://example.0x.example/",
    ] {
        assert!(Url::is_canonical(url.as_bytes()), "{url}");
    }
}

#[test]
fn urls_that_change_are_not_taken_for_canonical() {
    for url in [
        "",
        "http://",
        "http://example.com",
        "http://example.com?a",
        "example.com/",
        "HTTP://example.com/",
        "http://Example.com/",
        "http://example.com:80/",
        "https://example.com:443/",
        "ftp://example.com:21/",
        "http://example.com:/",
        "http://example.com:080/",
        "http://example.com:65536/",
        "http://example.com:99999999999/",
        "http://example.com/#",
        "http://example.com/a#b",
        "http://example.com/?a#b",
        "http://example.com/.",
        "http://example.com/..?a",
        "http://example.com/a/./b",
        "http://example.com/%2e/",
        "http://example.com/a/.%2E",
        "http://example.com/%2E%2E",
        "http://example.com/a\\b",
        "http://example.com/a b",
        "http://example.com/?\x7f",
        "http://example.com/ü",
        "http://192.0.2.01/",
        "http://192.0.2/",
        "http://192.0.2.1.1/",
        "http://example.1/",
        "http://example.0x1/",
        "http://a..example/",
        "http://.example/",
    ] {
        assert!(!Url::is_canonical(url.as_bytes()), "{url}");
        let same = Url::parse(url).is_ok_and(|it| it.as_str() == url);
        assert!(!same, "{url}");
    }
}

#[test]
fn base64_has_the_vectors_of_rfc_4648_without_padding() {
    for (bytes, text) in [
        ("", ""),
        ("f", "Zg"),
        ("fo", "Zm8"),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg"),
        ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ] {
        assert_eq!(base64(bytes.as_bytes()), text);
    }
    assert_eq!(base64(&[0xfb, 0xff]), "-_8");
}

/// Texts that are often canonical, and often nearly.
fn nearly_canonical() -> impl Strategy<Value = String> {
    let scheme = "https?://|ftp://|https?:/";
    let host = "[a-z0-9.-]{1,8}\\.(com|[0-9]|xn--[a-z0-9]{1,4}|0x[0-9a-g])\
                |([0-9]{1,3}\\.){1,4}[0-9]{0,3}|[a-z]{1,64}\\.example|a{250}\\.bb?b?";
    let port = "||||:80|:443|:21|:0|:[0-9]{0,6}";
    let piece = prop_oneof![
        8 => "[a-zA-Z0-9._~-]{1,4}",
        4 => Just("/".to_owned()),
        1 => "/(\\.|%2[eE]|%2[fF]){1,3}",
        1 => "%[0-9A-F]{2}",
        1 => "[!-~ü\t ]",
    ];
    let tail = prop::collection::vec(piece, 0..6);
    (scheme, host, port, "/|/|/|\\?|", tail).prop_map(
        |(scheme, host, port, slash, tail)| {
            format!("{scheme}{host}{port}{slash}{}", tail.concat())
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4096,
        failure_persistence: None,
        ..Default::default()
    })]

    #[test]
    fn what_is_seen_to_be_canonical_is_and_both_ways_agree(
        text in nearly_canonical(),
    ) {
        let general = super::canonicalize::canonicalize(text.as_bytes());
        if let Some(plain) = super::plain::read(text.as_bytes()) {
            let same = (text.clone().into_bytes(), plain.features());
            prop_assert_eq!(general, Ok(same));
        } else if let Ok((canonical, features)) = general {
            // It gives up on odd hosts only.
            let odd = ["odd-host", "trailing-dot", "single-label"];
            prop_assert!(
                canonical != text.as_bytes()
                    || features.codes().any(|code| odd.contains(&code))
                    || text.contains("0x"),
            );
        }
    }
}
