//! What holds for any bytes, one law after the other: the bodies of the fuzz
//! targets in `fuzz/`, which share this file, and properties here.

use std::io::Read as _;
use std::ops::ControlFlow::Continue;

use iocpack::payload::{Collection, Options, Plan, lint};
use iocpack::{
    HoldReason, Indicator, IndicatorSet, Policy, Scanner, Strictness, Url,
    raw_items, refang,
};

/// A name and a law.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// Every target.
pub(crate) const TARGETS: &[Target] = &[
    ("scan_bytes", scan_bytes),
    ("stream_split", stream_split),
    ("url_parse", url_parse),
    ("rescan", rescan),
    ("refang", refang_twice),
    ("payload", payload),
    ("lint", lint_any),
    ("warninglist", warninglist),
    ("policy", policy),
    ("raw_items", raw_items_fixed),
    ("plan_file", plan_file),
    #[cfg(feature = "submit")]
    ("responses", sending::responses),
    #[cfg(feature = "submit")]
    ("receipt", sending::receipt),
];

/// A number from the first two bytes, and the rest.
fn number(data: &[u8]) -> (usize, &[u8]) {
    match data {
        [a, b, rest @ ..] => (usize::from(u16::from_le_bytes([*a, *b])), rest),
        _ => (0, data),
    }
}

fn set_of(text: &[u8]) -> IndicatorSet {
    Scanner::new().find_iter(text).collect()
}

fn about() -> Collection {
    let mut about = Collection::new();
    about.name("a").description("b");
    about
}

/// The raw text is the slice, and matches are ordered and disjoint. What was
/// turned down may hold a match: a host within a URL that is none.
pub(crate) fn scan_bytes(text: &[u8]) {
    let mut end = 0;
    for finding in Scanner::new().findings(text) {
        let span = finding.span();
        assert!(!span.is_empty());
        assert_eq!(&text[span.range()], finding.raw());
        if let iocpack::Finding::Match(found) = finding {
            assert!(end <= span.start);
            end = span.end;
            let value = found.to_indicator();
            assert_eq!(found.type_name(), value.type_name());
        }
    }
}

/// A stream cut anywhere, read in blocks of any size, gives what the whole
/// text gives.
pub(crate) fn stream_split(data: &[u8]) {
    let (at, text) = number(data);
    let at = at.min(text.len());
    let scanner = Scanner::builder().block_size(at % 512 + 1).build();
    let mut found = scanner.findings(text);
    let rdr = text[..at].chain(&text[at..]);
    let read = scanner.scan_reader_findings(rdr, |it| {
        assert_eq!(found.next(), Some(it));
        Continue(())
    });
    read.expect("slices do not fail");
    assert_eq!(found.next(), None);
}

/// A canonical URL is its own canonical form, and keeps its id.
pub(crate) fn url_parse(value: &[u8]) {
    let Ok(url) = Url::parse_bytes(value) else { return };
    assert!(url.as_str().bytes().all(|b| b.is_ascii_graphic()));
    let again = Url::parse(url.as_str()).expect("a canonical URL is valid");
    assert_eq!(again, url);
    assert_eq!(again.id(), url.id());
}

/// A canonical name, address or hash scans back to the same indicator. A URL
/// may hold bytes that end a URL in text: see `laws.rs`.
pub(crate) fn rescan(text: &[u8]) {
    let scanner = Scanner::builder().strictness(Strictness::Loose).build();
    for found in scanner.find_iter(text) {
        let canonical = found.canonical().into_owned();
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"/:.".contains(&b);
        if found.kind() == iocpack::Kind::Url && !canonical.bytes().all(plain)
            || canonical.ends_with([':', '.'])
        {
            continue;
        }
        let again = scanner.find_iter(&canonical).next();
        let again = again.map(|it| it.to_indicator());
        assert_eq!(again, Some(found.to_indicator()), "{canonical}");
    }
}

/// Twice gives what once gives, and offsets lead back into the text.
pub(crate) fn refang_twice(text: &[u8]) {
    let once = refang(text);
    for at in 0..=once.text().len() {
        assert!(once.offset(at) <= text.len());
    }
    let twice = refang(once.text());
    assert_eq!(twice.text(), once.text());
}

/// A plan sends or holds each item of a set, whatever the limits.
pub(crate) fn payload(data: &[u8]) {
    let (limits, text) = number(data);
    let set = set_of(text);
    let (items, bytes) = (limits % 256 + 1, limits);
    let mut options = Options::new();
    options.max_items(items).max_bytes(bytes);
    let Ok(plan) = Plan::create(&about(), &set, &options) else { return };
    assert_eq!(plan.counts().total() + plan.holds().count(), set.len());
    assert!(plan.requests().all(|it| it.body.unwrap().len() <= bytes));
}

/// Findings stand where they say, in order of neither length nor depth; what
/// is clean is JSON.
pub(crate) fn lint_any(json: &[u8]) {
    let report = lint(json);
    // A look at each byte before each would take quadratic time.
    for finding in report.findings().iter().take(16) {
        let span = finding.span();
        assert!(span.start <= span.end && span.end <= json.len());
        let breaks = json[..span.start].iter().filter(|b| **b == b'\n');
        assert_eq!(finding.line(), breaks.count() + 1);
        assert!(!finding.message().chars().any(char::is_control));
    }
    if report.is_clean() {
        let value = serde_json::from_slice::<serde_json::Value>(json);
        assert!(value.is_ok_and(|it| it.is_object()));
    }
}

/// A list is read or refused; what is read as a name holds the name.
pub(crate) fn warninglist(list: &[u8]) {
    let mut builder = Policy::builder();
    let read = builder.allow_list("list", list);
    let policy = builder.build();
    let name = Indicator::parse(iocpack::Kind::Domain, "www.example.com");
    let name = name.expect("a name");
    let verdict = policy.judge(&name);
    assert_eq!(verdict, policy.judge(&name));
    if let Err(err) = read {
        assert!(err.is_syntax() && verdict.is_keep(), "{err}");
        return;
    }
    let lines = list.split(|b| *b == b'\n');
    let listed = list.first() != Some(&b'{')
        && lines.clone().any(|it| it == b"example.com");
    assert!(!listed || !verdict.is_keep());
}

/// A verdict is of the reasons that there are, tells no secret, and goes when
/// its reason is released.
pub(crate) fn policy(text: &[u8]) {
    let policy = Policy::new();
    let mut all = Policy::builder();
    for reason in HoldReason::ALL {
        all.release(*reason);
    }
    let all = all.build();
    for found in Scanner::new().find_iter(text).take(16) {
        let it = found.to_indicator();
        assert!(all.judge(&it).is_keep());
        if let Some(hold) = policy.judge(&it).hold() {
            let code = hold.reason().code();
            assert_eq!(code.parse::<HoldReason>().ok(), Some(hold.reason()));
            assert!(!hold.rule().chars().any(char::is_control));
        }
        let host = match &it {
            Indicator::Domain(it) => it.as_str(),
            _ => continue,
        };
        let mut own = Policy::builder();
        own.own(host).expect("a name");
        let verdict = own.build().judge(&it);
        assert_eq!(
            verdict.hold().map(iocpack::Hold::reason),
            Some(HoldReason::Own)
        );
    }
}

/// Findings stand in the text; a cleaned list is clean and stays as it is.
pub(crate) fn raw_items_fixed(text: &[u8]) {
    let report = raw_items::check(text);
    for finding in report.findings() {
        assert_eq!(&text[finding.span().range()], finding.raw());
        let line = report.line_span(finding.line()).expect("a line");
        assert!(line.start <= finding.span().start);
    }
    let again = raw_items::check(report.fixed());
    assert_eq!(again.fixed(), report.fixed());
    assert_eq!(again.kept(), report.kept());
    assert!(again.is_clean());
}

/// A plan that is read is written as it was read.
pub(crate) fn plan_file(data: &[u8]) {
    let write = |plan: &Plan<'_>| {
        let mut out = Vec::new();
        plan.write_to(&mut out).expect("a vector takes all");
        out
    };
    if let Ok(plan) = Plan::read(data) {
        let text = write(&plan);
        let again = Plan::read(&text).expect("what was written");
        assert_eq!(write(&again), text);
        assert_eq!(again.digest(), plan.digest());
    }
    // Any prefix of a plan is read as the plan, or refused.
    let (at, text) = number(data);
    let set = set_of(text);
    let Ok(plan) = Plan::create(&about(), &set, &Options::new()) else {
        return;
    };
    let whole = write(&plan);
    if let Ok(cut) = Plan::read(&whole[..at.min(whole.len())]) {
        assert_eq!(write(&cut), whole);
    }
}

#[cfg(feature = "submit")]
pub(crate) mod sending {
    //! Servers of any sort, and receipts of any moment.

    use std::cell::{Cell, RefCell};
    use std::time::{Duration, SystemTime};

    use iocpack::Error;
    use iocpack::payload::{CollectionId, Options, Plan, Request};
    use iocpack::submit::{
        Client, Clock, Pull, Receipt, Response, Settings, State, Store,
        Transport, TransportError,
    };

    use super::{about, number, set_of};

    /// Answers with pieces of the data, then with errors.
    struct Any<'d> {
        data: Cell<&'d [u8]>,
        creates: Cell<u32>,
    }

    impl Transport for Any<'_> {
        fn send(&self, it: &Request) -> Result<Response, TransportError> {
            let (head, rest) = number(self.data.get());
            let status = [200, 201, 204, 302, 400, 404, 409, 429, 500, 504];
            let status = status[head % 10];
            let len = (head / 16).min(rest.len());
            self.data.set(&rest[len..]);
            let create = it.path == "/collections";
            // Only what surely was not carried out may be sent again.
            let safe = matches!(status, 400..=429);
            self.creates.set(self.creates.get() + u32::from(create && !safe));
            Ok(Response::new(status, &rest[..len]))
        }
    }

    /// Time passes when somebody sleeps.
    struct Sleepless(Cell<Duration>);

    impl Clock for Sleepless {
        fn now(&self) -> SystemTime {
            SystemTime::UNIX_EPOCH + self.0.get()
        }

        fn elapsed(&self) -> Duration {
            self.0.get()
        }

        fn sleep(&self, time: Duration) {
            self.0.set(self.0.get().saturating_add(time));
        }
    }

    /// Every receipt that was ever kept.
    #[derive(Default)]
    struct Kept(Vec<String>);

    impl Store for Kept {
        fn save(&mut self, receipt: &Receipt) -> Result<(), Error> {
            self.0.push(receipt.to_json());
            Ok(())
        }
    }

    /// Whatever a server answers: no panic, nothing created twice, receipts
    /// that read back, messages without controls.
    pub(crate) fn responses(data: &[u8]) {
        let set = set_of(b"a.example.com b.example.com c.example.com");
        let mut options = Options::new();
        options.max_items(1);
        let plan = Plan::create(&about(), &set, &options).expect("a plan");
        let any = Any { data: Cell::new(data), creates: Cell::new(0) };
        let clock = Sleepless(Cell::default());
        let mut client = Client::with_clock(&any, &clock);
        let (mut kept, mut receipt) = (Kept::default(), Receipt::new(&plan));
        let settings = Settings::new();
        let ended = client.run(&plan, &mut receipt, &mut kept, &settings);
        let stop = ended.expect("a vector keeps all").stop;
        let told = stop.map(|it| it.to_string()).unwrap_or_default();
        assert!(!told.chars().any(char::is_control), "{told:?}");
        assert!(any.creates.get() <= 1);
        for json in &kept.0 {
            assert_eq!(
                Receipt::parse(json.as_bytes()).unwrap().to_json(),
                *json
            );
        }
        any.data.set(data);
        let mut pull = Pull::new(&CollectionId::parse("c0ffee").unwrap());
        while let Ok(true) = pull.next(&mut client) {
            assert!(any.data.get().len() < data.len() + 1);
        }
        let json = pull.to_json();
        assert_eq!(Pull::parse(json.as_bytes()).unwrap().to_json(), json);
    }

    /// Does what it is asked, but for the answer that it loses.
    struct Losing {
        lost: usize,
        seen: Cell<usize>,
        creates: Cell<u32>,
        items: RefCell<Vec<String>>,
    }

    impl Transport for Losing {
        fn send(&self, it: &Request) -> Result<Response, TransportError> {
            let at = self.seen.replace(self.seen.get() + 1);
            let body = it.body.as_deref().unwrap_or_default();
            if it.path == "/collections" {
                self.creates.set(self.creates.get() + 1);
            }
            self.items.borrow_mut().push(body.to_owned());
            if at == self.lost {
                return Err(TransportError::lost("reset"));
            }
            let made = r#"{"data":{"type":"collection","id":"c0ffee"}}"#;
            Ok(Response::new(200, made))
        }
    }

    /// A receipt is read or refused; going on from any that was ever kept
    /// creates nothing twice, and leaves no item out.
    pub(crate) fn receipt(data: &[u8]) {
        if let Ok(receipt) = Receipt::parse(data) {
            let json = receipt.to_json();
            assert_eq!(Receipt::parse(json.as_bytes()).unwrap(), receipt);
        }
        let (at, text) = number(data);
        let set = set_of(text);
        let mut options = Options::new();
        options.max_items(at % 5 + 1);
        let Ok(plan) = Plan::create(&about(), &set, &options) else { return };
        let server = Losing {
            lost: at / 5 % 8,
            seen: Cell::default(),
            creates: Cell::default(),
            items: RefCell::default(),
        };
        let clock = Sleepless(Cell::default());
        let mut settings = Settings::new();
        settings.verify(false);
        let mut kept = Kept::default();
        let mut receipt = Receipt::new(&plan);
        let mut client = Client::with_clock(&server, &clock);
        let run = client.run(&plan, &mut receipt, &mut kept, &settings);
        assert!(run.is_ok());
        // The process was killed after any of the receipts. One by which
        // nothing is sent yet comes before the server has seen anything.
        let Some(json) = kept.0.get(at % kept.0.len().max(1)) else { return };
        let mut receipt = Receipt::parse(json.as_bytes()).unwrap();
        if receipt.states().next() == Some(State::Planned) {
            return;
        }
        let mut again = Kept::default();
        let ended = client.run(&plan, &mut receipt, &mut again, &settings);
        let stop = ended.expect("a vector keeps all").stop;
        assert!(server.creates.get() <= 1, "created twice");
        if stop.is_none() {
            assert!(receipt.is_finished());
            let bodies = server.items.borrow().concat();
            for request in plan.requests() {
                let body = request.body.unwrap_or_default();
                assert!(body.is_empty() || bodies.contains(&*body));
            }
        }
    }
}

/// Texts to start from: what each target reads, whole and broken. Those of a
/// fuzzer are written by the ignored test below.
#[cfg(test)]
fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = [
        &include_bytes!("../data/sample-report.txt")[..],
        include_bytes!("../data/scan/hostile.txt"),
        include_bytes!("../data/scan/defang.txt"),
        include_bytes!("../data/url.txt"),
        include_bytes!("../data/policy/must_hold.txt"),
        include_bytes!("../data/lint/cases.txt"),
        include_bytes!("../data/payload/requests.txt"),
    ]
    .iter()
    .flat_map(|text| text.split(|b| *b == b'\n'))
    .filter(|line| !line.is_empty())
    .map(<[u8]>::to_vec)
    .collect();
    for text in [
        r#"{"name":"a","type":"hostname","version":1,"list":["example.com"]}"#,
        r#"{"name":"a","type":"cidr","matching_attributes":["ip-dst"],"list":["9.0.0.0/8"]}"#,
        r#"{"name":"a","type":"regex","list":["/^www\\./i"]}"#,
        "example.com\n9.9.9.0/24\nhttps://example.net/a/\n# no\n",
        r#"{"data":{"type":"collection","id":"c0ffee","attributes":{"name":"a"}}}"#,
        r#"{"error":{"code":"QuotaExceededError","message":"m"}}"#,
        r#"{"data":[{"type":"domain","id":"a.example.com"}],"meta":{"cursor":"x"},"links":{"next":"x"}}"#,
    ] {
        // Before a response stand two bytes: its status and its length.
        let head = u16::try_from(text.len() * 16).unwrap().to_le_bytes();
        seeds.push(text.as_bytes().to_vec());
        seeds.push([&head[..], text.as_bytes()].concat());
    }
    let set = set_of(b"a.example.com b.example.com 9.9.9.9");
    let mut options = Options::new();
    options.max_items(1);
    let plan = Plan::create(&about(), &set, &options).unwrap();
    let mut text = Vec::new();
    plan.write_to(&mut text).unwrap();
    seeds.push(text);
    seeds.extend(plan.requests().filter_map(|it| it.body).map(Into::into));
    #[cfg(feature = "submit")]
    seeds.push(iocpack::submit::Receipt::new(&plan).to_json().into_bytes());
    seeds
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::{TARGETS, seeds};

    #[test]
    fn every_seed_keeps_the_law_of_every_target() {
        let step = if cfg!(miri) { 500 } else { 1 };
        for seed in seeds().iter().step_by(step) {
            for (_, law) in TARGETS {
                law(seed);
            }
        }
    }

    #[test]
    fn every_target_is_a_target_of_the_fuzzer() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/");
        let Ok(list) = fs::read_to_string(format!("{folder}Cargo.toml"))
        else {
            // Not part of the package.
            return;
        };
        for (name, _) in TARGETS {
            let path = format!("fuzz_targets/{name}.rs");
            assert!(list.contains(&format!("path = \"{path}\"")), "{name}");
            let text = fs::read_to_string(format!("{folder}{path}")).unwrap();
            assert!(text.lines().count() <= 15, "{name}");
        }
        if cfg!(feature = "submit") {
            let targets = list.matches("[[bin]]").count();
            assert_eq!(targets, TARGETS.len());
        }
    }

    #[test]
    #[ignore = "writes fuzz/corpus, which is not kept: run it before fuzzing"]
    fn seeds_for_every_target_are_written() {
        for (name, _) in TARGETS {
            let folder =
                format!("{}/fuzz/corpus/{name}", env!("CARGO_MANIFEST_DIR"));
            fs::create_dir_all(&folder).unwrap();
            for (at, seed) in seeds().iter().enumerate() {
                fs::write(format!("{folder}/seed-{at:04}"), seed).unwrap();
            }
        }
    }

    /// Seeds, mutated as a fuzzer does: cut, joined, bytes put in.
    fn inputs() -> impl Strategy<Value = Vec<u8>> {
        let seed = prop::sample::select(seeds());
        let noise = prop::collection::vec(any::<u8>(), 0..8);
        let piece = (seed, any::<prop::sample::Index>(), noise, 0..4_u8)
            .prop_map(|(mut seed, at, noise, how)| {
                let at = at.index(seed.len());
                match how {
                    0 => seed.truncate(at),
                    1 => drop(seed.splice(at..at, noise)),
                    2 => seed = noise,
                    _ => {}
                }
                seed
            });
        prop::collection::vec(piece, 1..4).prop_map(|it| it.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: crate::laws::cases() / 5,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn every_law_holds_for_seeds_cut_and_joined(input in inputs()) {
            for (_, law) in TARGETS {
                law(&input);
            }
        }
    }
}
