//! Asks VirusTotal how it canonicalizes URLs, where nothing published tells.
//!
//! ```sh
//! VT_API_KEY=… cargo run --features submit --example settle_url_rules
//! ```
//!
//! Each rule has one harmless URL of a well-known site and the forms that it
//! may be brought to. The id that comes back is the SHA-256 of one of them.
//! An answer that VirusTotal does not know the URL settles nothing: the form
//! it was brought to has never been seen. It reads only; each rule costs one
//! request, at 4 a minute.
//!
//! `--host URL` asks another server, such as that of the example
//! `fake_virustotal`; `--rate N` asks N times a minute; `--yes` does not ask
//! you first.

use std::error::Error;
use std::io::{self, BufRead as _, Write as _};
use std::time::Duration;

use iocpack::UrlId;
use iocpack::submit::{ApiKey, Client, Host, Http, Pace};
use sha2::{Digest as _, Sha256};

/// A rule, the URL that is asked for, and the forms with what each means.
struct Rule {
    name: &'static str,
    asked: &'static str,
    forms: &'static [(&'static str, &'static str)],
}

const G: &str = "http://www.google.com/";

#[rustfmt::skip]
const RULES: [Rule; 18] = [
    Rule { name: "scheme case", asked: "HTTP://www.google.com/",
        forms: &[("lower-cased", G), ("kept", "HTTP://www.google.com/")] },
    Rule { name: "host case", asked: "http://WWW.Google.com/",
        forms: &[("lower-cased", G), ("kept", "http://WWW.Google.com/")] },
    Rule { name: "default port, http", asked: "http://www.google.com:80/",
        forms: &[("removed", G), ("kept", "http://www.google.com:80/")] },
    Rule { name: "default port, https",
        asked: "https://www.virustotal.com:443/",
        forms: &[("removed", "https://www.virustotal.com/"),
            ("kept", "https://www.virustotal.com:443/")] },
    Rule { name: "fragment", asked: "http://www.google.com/#x",
        forms: &[("removed", G), ("kept", "http://www.google.com/#x")] },
    Rule { name: "empty query", asked: "http://www.google.com/?",
        forms: &[("removed", G), ("kept", "http://www.google.com/?")] },
    Rule { name: "dot at the end of the host",
        asked: "http://www.google.com./",
        forms: &[("removed", G), ("kept", "http://www.google.com./")] },
    Rule { name: "userinfo", asked: "http://user@www.google.com/",
        forms: &[("removed", G), ("kept", "http://user@www.google.com/")] },
    Rule { name: "slashes in the path", asked: "http://www.google.com//",
        forms: &[("collapsed", G), ("kept", "http://www.google.com//")] },
    Rule { name: "dot segments", asked: "http://www.google.com/a/../",
        forms: &[("resolved", G), ("kept", "http://www.google.com/a/../")] },
    Rule { name: "unreserved escape",
        asked: "http://www.google.com/%73earch",
        forms: &[("decoded", "http://www.google.com/search"),
            ("kept", "http://www.google.com/%73earch")] },
    Rule { name: "case of escapes",
        asked: "https://www.google.com/search?q=%c3%a9",
        forms: &[("upper-cased", "https://www.google.com/search?q=%C3%A9"),
            ("kept", "https://www.google.com/search?q=%c3%a9"),
            ("decoded", "https://www.google.com/search?q=\u{e9}")] },
    Rule { name: "raw non-ASCII",
        asked: "https://www.google.com/search?q=\u{e9}",
        forms: &[("escaped", "https://www.google.com/search?q=%C3%A9"),
            ("kept", "https://www.google.com/search?q=\u{e9}")] },
    Rule { name: "raw blank", asked: "https://www.google.com/search?q=a b",
        forms: &[("escaped", "https://www.google.com/search?q=a%20b"),
            ("plus", "https://www.google.com/search?q=a+b"),
            ("kept", "https://www.google.com/search?q=a b")] },
    Rule { name: "raw pipe", asked: "https://www.google.com/search?q=a|b",
        forms: &[("escaped", "https://www.google.com/search?q=a%7Cb"),
            ("kept", "https://www.google.com/search?q=a|b")] },
    Rule { name: "Unicode host", asked: "http://m\u{fc}nchen.de/",
        forms: &[("A-labels", "http://xn--mnchen-3ya.de/"),
            ("kept", "http://m\u{fc}nchen.de/")] },
    Rule { name: "tab in the host", asked: "http://www.goo\tgle.com/",
        forms: &[("removed", G), ("kept", "http://www.goo\tgle.com/")] },
    Rule { name: "address as a number", asked: "http://134744072/",
        forms: &[("dotted", "http://8.8.8.8/"),
            ("kept", "http://134744072/")] },
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut host = Host::default();
    let mut rate = 4;
    let mut yes = false;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--host" => host = Host::parse(&args.next().unwrap_or_default())?,
            "--rate" => rate = args.next().unwrap_or_default().parse()?,
            "--yes" => yes = true,
            _ => return Err(format!("unknown argument `{arg}`").into()),
        }
    }
    let key = ApiKey::from_env()?.ok_or("no key: expected VT_API_KEY")?;
    let minutes = RULES.len().div_ceil(rate.max(1) as usize);
    eprintln!(
        "{} requests to {host}, quota cost {}, about {minutes} min",
        RULES.len(),
        RULES.len()
    );
    if !yes && !asked()? {
        return Ok(());
    }
    let mut client = Client::new(Http::builder(host, key).build()?);
    client.pace(Pace::new(rate, Duration::from_mins(1)));

    println!("| rule | asked | VirusTotal | evidence |");
    println!("|---|---|---|---|");
    for rule in &RULES {
        let (holds, evidence) = match client.url_id(rule.asked) {
            Ok(Some(id)) => (rule.of(&id), id.to_string()),
            Ok(None) => ("not settled", "no such URL (404)".to_owned()),
            // What is known so far is on paper already.
            Err(stop) => return Err(stop.to_string().into()),
        };
        let asked = rule.asked.escape_debug().to_string().replace('|', "\\|");
        println!("| {} | `{asked}` | {holds} | {evidence} |", rule.name);
    }
    Ok(())
}

impl Rule {
    /// What the id says, by the form that it is the digest of.
    fn of(&self, id: &UrlId) -> &'static str {
        let is = |form: &str| {
            id.as_bytes().as_slice() == Sha256::digest(form).as_slice()
        };
        self.forms
            .iter()
            .find(|(_, form)| is(form))
            .map_or("another form", |(what, _)| what)
    }
}

fn asked() -> io::Result<bool> {
    eprint!("Send? [y/N] ");
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
