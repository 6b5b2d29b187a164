//! Ten kinds of requests times 36 kinds of failures: each run goes on by
//! itself until its end, and is judged by what the server has seen.

use std::fmt::Write as _;
use std::time::Duration;

use iocpack::payload::{self, Collection, Plan, Request};
use iocpack::submit::{
    Client, Clock as _, Pace, Pull, Receipt, Retry, Settings, State, Stop,
    Store as _,
};
use iocpack::{IndicatorSet, Kind};

use super::fake::{Fake, FakeClock, Fault, Memory};
use super::state::VirusTotal;
use super::{about, creating, held, id, in_chunks_of, names};

const FORBIDDEN: &str = r#"{"error":{"code":"ForbiddenError","message":"You are not authorized"}}"#;
const QUOTA: &str =
    r#"{"error":{"code":"QuotaExceededError","message":"Quota exceeded"}}"#;
const HTML: &str = "<html>please log in</html>";

/// The failures, and whether the request may have been carried out without
/// a trace for the client.
fn failures() -> Vec<(&'static str, Vec<Fault>, bool)> {
    use Fault::{
        BodyAfter, BodyBefore, BrokenAfter, LostAfter, LostBefore, Status,
        StatusAfter, Unsent,
    };
    let one = |name, fault, doubt| (name, vec![fault], doubt);
    let deep = "[".repeat(10_000);
    vec![
        one("1 no such host", Unsent, false),
        one("2 refused", Unsent, false),
        one("3 connect timeout", Unsent, false),
        one("4 bad certificate", Unsent, false),
        one("5 reset in TLS", Unsent, false),
        one("6 reset unread", LostBefore, true),
        one("7 reset in upload", LostBefore, true),
        one("8 hang before commit", LostBefore, true),
        one("9 hang after commit", LostAfter, true),
        one("10 reset after commit", LostAfter, true),
        one("11 reset in body", BrokenAfter, true),
        one("12 short body", BrokenAfter, true),
        one("13 cut chunk", BrokenAfter, true),
        one("14 cut JSON", BodyAfter("{\"data\":{\"id\":".into()), true),
        one("15 wrong shape", BodyAfter("[1]".into()), true),
        one("16 HTML 200", BodyBefore(HTML.into()), true),
        one("17 false gzip", BrokenAfter, true),
        one("18 gzip bomb", BrokenAfter, true),
        one("19 huge body", BrokenAfter, true),
        one("20 deep JSON", BodyAfter(deep), true),
        one("21 header flood", LostAfter, true),
        one("22 drip of headers", LostAfter, true),
        one("23 drip of body", BrokenAfter, true),
        one("24 302", Status(302, "", None), false),
        one("25 307", Status(307, "", None), false),
        one("26 400", Status(400, "", None), false),
        one("27 401", Status(401, "", None), false),
        one("28 403", Status(403, FORBIDDEN, None), false),
        one("29 404", Status(404, "", None), false),
        one("30 409", Status(409, "", None), false),
        one("31 429 seconds", Status(429, QUOTA, Some("7")), false),
        (
            "32 429 date, past, absurd, none",
            vec![
                Status(429, QUOTA, Some("Wed, 01 Jul 2026 12:00:30 GMT")),
                Status(429, QUOTA, Some("Thu, 01 Jan 1970 00:00:00 GMT")),
                Status(429, QUOTA, Some("99999999999999999999")),
                Status(429, QUOTA, None),
            ],
            false,
        ),
        one("33 500", Status(500, "", None), true),
        one("34 502 empty", Status(502, "", None), true),
        one("35 503, 424", Status(503, "", None), true),
        one("36 504 after commit", StatusAfter(504, ""), true),
    ]
}

/// What is sent, which of its requests fail, and how it must end.
struct Kind10 {
    name: &'static str,
    looked_at: fn(&Request) -> bool,
    /// How many requests of this kind a run has.
    moments: usize,
    /// Whether one that is lost must not be repeated.
    once: bool,
    /// Whether it takes something away.
    removes: bool,
    run: fn(&Fake<'_>, &mut Log) -> bool,
    start: fn() -> VirusTotal,
    end: fn(&VirusTotal) -> bool,
}

/// What a run went through.
#[derive(Default)]
struct Log {
    stops: Vec<Stop>,
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn kinds() -> Vec<Kind10> {
    let created = |it: &VirusTotal| {
        it.created == 1
            && it.collections.values().map(|it| &it.items).eq([&held(6)])
    };
    vec![
        Kind10 {
            name: "E1 create",
            looked_at: |it| it.path == "/collections",
            moments: 1,
            once: true,
            removes: false,
            run: |fake, log| plan(fake, log, &creating(&names(6))),
            start: VirusTotal::default,
            end: created,
        },
        Kind10 {
            name: "E2 attributes",
            looked_at: |it| it.method.as_str() == "PATCH",
            moments: 1,
            once: false,
            removes: false,
            run: |fake, log| {
                let mut about = Collection::new();
                about.name("New");
                let set = IndicatorSet::default();
                let options = in_chunks_of(2);
                let it = Plan::update(&about, &id("c0ffee"), &set, &options);
                plan(fake, log, &it.unwrap())
            },
            start: || VirusTotal::with_items(&[]),
            end: |it| it.collections["c0ffee"].name == "New",
        },
        Kind10 {
            name: "E2 raw items",
            looked_at: |it| it.method.as_str() == "PATCH",
            moments: 3,
            once: false,
            removes: false,
            run: |fake, log| {
                let set = names(6);
                let about = Collection::new();
                let options = in_chunks_of(2);
                let it = Plan::update(&about, &id("c0ffee"), &set, &options);
                plan(fake, log, &it.unwrap())
            },
            start: || VirusTotal::with_items(&[]),
            end: |it| it.collections["c0ffee"].items == held(6),
        },
        Kind10 {
            name: "E3 read",
            looked_at: |it| it.method.as_str() == "GET" && it.path.len() > 70,
            moments: 1,
            once: false,
            removes: false,
            run: |fake, log| plan(fake, log, &creating(&names(6))),
            start: VirusTotal::default,
            end: created,
        },
        Kind10 {
            name: "E4 delete",
            looked_at: |_| true,
            moments: 1,
            once: false,
            removes: true,
            run: |fake, log| {
                let request = payload::delete(&id("c0ffee"));
                again(fake, log, |client| client.call(&request).map(|_| true))
            },
            start: || VirusTotal::with_items(&[]),
            end: |it| it.collections.is_empty(),
        },
        Kind10 {
            name: "E5 add",
            looked_at: |it| it.path.ends_with("/domains"),
            moments: 2,
            once: false,
            removes: false,
            run: |fake, log| plan(fake, log, &creating(&names(6))),
            start: VirusTotal::default,
            end: created,
        },
        Kind10 {
            name: "E6 remove",
            looked_at: |it| it.method.as_str() == "DELETE",
            moments: 3,
            once: false,
            removes: true,
            run: |fake, log| {
                let set = names(6);
                let options = in_chunks_of(2);
                let it = Plan::remove(&id("c0ffee"), &set, &options);
                plan(fake, log, &it.unwrap())
            },
            start: || {
                let items: Vec<String> = held(7).into_iter().collect();
                let items: Vec<&str> =
                    items.iter().map(String::as_str).collect();
                VirusTotal::with_items(&items)
            },
            end: |it| {
                it.collections["c0ffee"].items
                    == ["domain:n6.example.com".to_owned()].into()
            },
        },
        Kind10 {
            name: "E7, E8 pages",
            looked_at: |it| it.path.contains("domains?"),
            moments: 3,
            once: false,
            removes: false,
            run: |fake, log| {
                let mut pull = Pull::new(&id("c0ffee"));
                let all = again(fake, log, |client| {
                    while pull.next(client)? {}
                    Ok(true)
                });
                let of = payload::Relationship::of(Kind::Domain);
                let got: std::collections::BTreeSet<String> =
                    pull.items(of).map(|it| format!("domain:{it}")).collect();
                all && got == held(100) && pull.items(of).len() == 100
            },
            start: || {
                let items: Vec<String> = held(100).into_iter().collect();
                let items: Vec<&str> =
                    items.iter().map(String::as_str).collect();
                VirusTotal::with_items(&items)
            },
            end: |_| true,
        },
        Kind10 {
            name: "E10, E15 look up",
            looked_at: |it| it.path.contains("/collections?"),
            moments: 2,
            once: false,
            removes: false,
            run: |fake, log| {
                // The answer to the creation was lost in an earlier run.
                let set = names(6);
                let plan_of_set = creating(&set);
                let create = plan_of_set.requests().next().unwrap();
                let body = create.body.as_deref().unwrap();
                fake.server.borrow_mut().handle("POST", &create.path, body);
                let mut store = Memory::default();
                store.save(&Receipt::new(&plan_of_set)).unwrap();
                let planned = store.text.unwrap();
                let text = planned.replacen("\"planned\"", "\"sent\"", 1);
                store.text = Some(text);
                plan_from(fake, log, &plan_of_set, store)
            },
            start: || {
                let mut it = VirusTotal::with_items(&[]);
                it.handle(
                    "POST",
                    "/collections",
                    r#"{"data":{"attributes":{"name":"Campaign 7",
                       "description":"Phishing wave"}}}"#,
                );
                it.ledger.clear();
                it
            },
            end: |it| {
                it.created == 2
                    && it.collections.values().any(|it| it.items == held(6))
            },
        },
        Kind10 {
            name: "E16 quota",
            looked_at: |_| true,
            moments: 1,
            once: false,
            removes: false,
            run: |fake, log| {
                again(fake, log, |client| {
                    let quota = client.quota("somebody")?;
                    Ok(quota.daily.is_some_and(|it| it.left() == 460))
                })
            },
            start: VirusTotal::default,
            end: |_| true,
        },
    ]
}

fn client<'f>(fake: &'f Fake<'f>) -> Client<'f, &'f Fake<'f>, &'f FakeClock> {
    let mut client = Client::with_clock(fake, fake.clock);
    client
        .pace(Pace::new(4, Duration::from_mins(1)))
        .retry(Retry::new().seed(7));
    client
}

/// Tries again, as a person would, until it is done.
fn again<'f>(
    fake: &'f Fake<'f>,
    log: &mut Log,
    mut job: impl FnMut(
        &mut Client<'f, &'f Fake<'f>, &'f FakeClock>,
    ) -> Result<bool, Stop>,
) -> bool {
    for _ in 0..8 {
        match job(&mut client(fake)) {
            Ok(done) => return done,
            Err(stop) => {
                wait_for_quota(fake, &stop);
                log.stops.push(stop);
            }
        }
    }
    false
}

fn wait_for_quota(fake: &Fake<'_>, stop: &Stop) {
    if let Stop::Quota { until: Some(until), .. } = stop {
        let time = until.duration_since(fake.clock.now()).unwrap_or_default();
        fake.clock.sleep(time);
    }
}

fn plan(fake: &Fake<'_>, log: &mut Log, plan: &Plan<'_>) -> bool {
    plan_from(fake, log, plan, Memory::default())
}

/// Sends a plan: each run knows what the receipt knows, and no more.
fn plan_from(
    fake: &Fake<'_>,
    log: &mut Log,
    plan: &Plan<'_>,
    mut store: Memory,
) -> bool {
    let mut settings = Settings::new();
    for _ in 0..8 {
        let mut receipt =
            store.receipt().unwrap_or_else(|| Receipt::new(plan));
        let outcome = client(fake)
            .run(plan, &mut receipt, &mut store, &settings)
            .unwrap();
        let Some(stop) = outcome.stop else {
            return outcome.shortfalls.is_empty() && receipt.is_finished();
        };
        wait_for_quota(fake, &stop);
        if let Stop::Unknown(why) = &stop {
            let state = receipt.states().next().unwrap();
            assert_eq!(state, State::Unknown);
            settings.reconcile(true);
            // The person looks, sees none, and says so.
            settings.create_again(why.contains("no such collection"));
        }
        log.stops.push(stop);
    }
    false
}

#[test]
fn nothing_is_lost_and_nothing_doubled_in_any_cell_of_the_fault_matrix() {
    let mut cells = 0;
    let mut runs = 0;
    let mut table = String::new();
    let mut wrong = String::new();
    for kind in kinds() {
        for (failure, faults, doubt) in failures() {
            cells += 1;
            let mut marks = String::new();
            for moment in 0..kind.moments {
                for fault in &faults {
                    runs += 1;
                    let result = run(&kind, moment, fault, doubt);
                    let mark = result.unwrap_or_else(|why| {
                        let _ = writeln!(
                            wrong,
                            "{}, {failure}, moment {moment}: {why}",
                            kind.name
                        );
                        "WRONG"
                    });
                    if !marks.contains(mark) {
                        let _ = write!(marks, " {mark}");
                    }
                }
            }
            let _ = writeln!(table, "{:18}{failure:34}{marks}", kind.name);
        }
    }
    println!("{table}{cells} cells, {runs} runs");
    assert_eq!(cells, 360);
    assert!(wrong.is_empty(), "{wrong}");
}

/// How a run ended: by itself, after going on, after settling a doubt.
fn run(
    kind: &Kind10,
    moment: usize,
    fault: &Fault,
    doubt: bool,
) -> Result<&'static str, String> {
    let clock = FakeClock::new();
    let fault = match fault {
        // A server that says so means it: what is to be removed is gone, and
        // what is to be added is there.
        Fault::Status(404, body, _) if kind.removes => {
            Fault::StatusAfter(404, body)
        }
        Fault::Status(409, body, _) if kind.name == "E5 add" => {
            Fault::StatusAfter(409, body)
        }
        fault => fault.clone(),
    };
    let mut fake = Fake::new((kind.start)(), &clock).fail(moment, fault);
    fake.looked_at = kind.looked_at;
    let mut log = Log::default();
    let done = (kind.run)(&fake, &mut log);
    let server = fake.server.borrow();
    if !done {
        return Err(format!("not done: {:?}", log.stops));
    }
    if fake.seen.get() <= moment {
        return Err("no such request was sent".into());
    }
    if !(kind.end)(&server) {
        return Err(format!("the server holds {:?}", server.collections));
    }
    // A creation is sent again only if the server did nothing, or a person
    // said so; then nothing was there.
    let unknown = log.stops.iter().any(|it| matches!(it, Stop::Unknown(_)));
    let is_look_up = kind.name.starts_with("E10");
    if unknown && !is_look_up && !(kind.once && doubt) {
        return Err(format!("a doubt without reason: {:?}", log.stops));
    }
    if kind.once && doubt && !unknown {
        return Err("a creation was repeated without asking".into());
    }
    // Four a minute, and what Retry-After says.
    let times = fake.times.borrow();
    for pair in times.windows(2) {
        let gap = pair[1].saturating_sub(pair[0]);
        // Runs of a person who starts again have a bucket of their own.
        if log.stops.is_empty() && gap < Duration::from_secs(15) {
            return Err(format!("too fast: {gap:?}"));
        }
    }
    if clock.elapsed() > Duration::from_hours(26) {
        return Err(format!("took {:?}", clock.elapsed()));
    }
    Ok(match (log.stops.is_empty(), unknown) {
        (true, _) => "alone",
        (false, false) => "resumed",
        (false, true) => "settled",
    })
}

#[test]
fn the_success_controls_succeed_at_once() {
    for (status, body) in [
        (200, "{}"),
        (200, ""),
        (200, "{\"data\":[]}"),
        (201, "{}"),
        (204, ""),
    ] {
        let clock = FakeClock::new();
        let fault = Fault::StatusAfter(status, body);
        let set = names(6);
        let mut fake = Fake::new(VirusTotal::default(), &clock).fail(0, fault);
        fake.looked_at = |it| it.path.ends_with("/domains");
        let mut log = Log::default();
        assert!(plan(&fake, &mut log, &creating(&set)));
        assert_eq!(log.stops, []);
        assert_eq!(fake.seen.get(), 2, "{status} {body:?}");
    }
    assert_eq!(about().warnings(), []);
}
