//! What a client of VirusTotal must get right, each by name: over a real
//! connection where the wire matters.

use std::path::Path;
use std::time::Duration;

use iocpack::payload::{self, CollectionId, Plan};
use iocpack::submit::{
    ApiKey, Client, Clock as _, Code, Event, Host, Http, Outcome, Pace,
    Problem, Receipt, Response, Retry, Settings, State, Stop, Transport as _,
};

use super::fake::{Fake, FakeClock, Fault, Memory};
use super::server::{Server, Wire, raw};
use super::state::{KEY, VirusTotal};
use super::{about, creating, held, id, in_chunks_of, names};

fn http(server: &Server) -> Http {
    let key = ApiKey::new(KEY.into()).unwrap();
    Http::builder(Host::parse(&server.url()).unwrap(), key)
        .timeout(Duration::from_secs(1))
        .build()
        .unwrap()
}

fn over<'c>(
    server: &Server,
    clock: &'c FakeClock,
) -> Client<'static, Http, &'c FakeClock> {
    let mut client = Client::with_clock(http(server), clock);
    client.retry(Retry::new().seed(1));
    client
}

/// Sends a plan to a server whose wire has faults.
fn send(server: &Server, plan: &Plan<'_>) -> (Outcome, Memory) {
    let clock = FakeClock::new();
    let mut memory = Memory::default();
    let mut receipt = Receipt::new(plan);
    let outcome = over(server, &clock)
        .run(plan, &mut receipt, &mut memory, &Settings::new())
        .unwrap();
    (outcome, memory)
}

fn delete_with(bytes: Vec<u8>) -> (Result<Response, Stop>, usize) {
    let server = Server::with_faults(vec![Wire::Raw(bytes); 5]);
    let clock = FakeClock::new();
    let result = over(&server, &clock).call(&payload::delete(&id("c0ffee")));
    (result, server.requests())
}

fn error(status: u16, code: &str) -> Vec<u8> {
    let body =
        format!(r#"{{"error":{{"code":"{code}","message":"because"}}}}"#);
    raw(status, "content-type: application/json\r\n", &body)
}

#[test]
fn case_01_each_documented_error_is_classed_by_its_status() {
    /// What repeats, and how it ends: for what may be repeated, and for a
    /// creation.
    const ROWS: [(u16, &str, &str, &str); 16] = [
        (400, "BadRequestError", "rejected 1", "rejected 1"),
        (400, "InvalidArgumentError", "rejected 1", "rejected 1"),
        (400, "NotAvailableYet", "transient 5", "rejected 1"),
        (400, "UnselectiveContentQueryError", "rejected 1", "rejected 1"),
        (401, "AuthenticationRequiredError", "denied 1", "denied 1"),
        (401, "UserNotActiveError", "denied 1", "denied 1"),
        (401, "WrongCredentialsError", "denied 1", "denied 1"),
        (403, "ForbiddenError", "denied 1", "denied 1"),
        (404, "NotFoundError", "done 1", "rejected 1"),
        (409, "AlreadyExistsError", "rejected 1", "rejected 1"),
        (424, "FailedDependencyError", "transient 5", "unknown 1"),
        (429, "QuotaExceededError", "quota 2", "quota 2"),
        (429, "TooManyRequestsError", "quota 5", "quota 5"),
        (503, "TransientError", "transient 5", "unknown 1"),
        (504, "DeadlineExceededError", "transient 5", "unknown 1"),
        (500, "", "transient 5", "unknown 1"),
    ];
    let word = |stop: &Stop| match stop {
        Stop::Denied(_) => "denied",
        Stop::Quota { .. } => "quota",
        Stop::Transient(_) => "transient",
        Stop::Unknown(_) => "unknown",
        Stop::Rejected(_) => "rejected",
        _ => "other",
    };
    for (status, code, repeatable, creating_one) in ROWS {
        let (result, count) = delete_with(error(status, code));
        let end = result.as_ref().map_or_else(word, |_| "done");
        assert_eq!(format!("{end} {count}"), repeatable, "{status} {code}");

        let server =
            Server::with_faults(vec![Wire::Raw(error(status, code)); 5]);
        let set = names(2);
        let (outcome, _) = send(&server, &creating(&set));
        let end = outcome.stop.as_ref().map_or("done", word);
        let count = server.requests();
        assert_eq!(format!("{end} {count}"), creating_one, "{status} {code}");
    }
}

#[test]
fn case_02_an_empty_502_on_delete_fails() {
    let (result, count) = delete_with(raw(502, "", ""));
    assert_eq!(result, Err(Stop::Transient("502".into())));
    assert_eq!(count, 5);
}

#[test]
fn case_03_201_and_204_succeed() {
    for status in [201, 204] {
        let bytes = if status == 204 {
            b"HTTP/1.1 204 X\r\nconnection: close\r\n\r\n".to_vec()
        } else {
            raw(201, "", "{}")
        };
        let (result, count) = delete_with(bytes);
        assert_eq!(result.unwrap().status(), status);
        assert_eq!(count, 1);
    }
}

#[test]
fn case_04_an_empty_answer_to_adding_succeeds() {
    for body in ["{}", "", "{\"data\":[]}"] {
        let server =
            Server::with_faults(vec![Wire::RawAfter(raw(200, "", body))]);
        server.shared.lock().unwrap().virus_total =
            VirusTotal::with_items(&[]);
        let set = names(2);
        let plan = Plan::add(&id("c0ffee"), &set, &in_chunks_of(5)).unwrap();
        let (outcome, _) = send(&server, &plan);
        assert_eq!(outcome.stop, None, "{body:?}");
        assert_eq!(server.requests(), 1);
    }
}

#[test]
fn case_05_retry_after_is_kept_in_seconds_as_a_date_and_when_absent() {
    let waits = [
        ("retry-after: 7\r\n", 7),
        // The clock of these tests starts at noon.
        ("retry-after: Wed, 01 Jul 2026 12:00:42 GMT\r\n", 42),
        ("", 60),
        ("retry-after: nonsense\r\n", 60),
    ];
    for (header, seconds) in waits {
        let body = error(429, "QuotaExceededError");
        let head = String::from_utf8(body).unwrap();
        let head = head.replacen("\r\n\r\n", &format!("\r\n{header}\r\n"), 1);
        let server = Server::with_faults(vec![Wire::Raw(head.into_bytes())]);
        server.shared.lock().unwrap().virus_total =
            VirusTotal::with_items(&[]);
        let clock = FakeClock::new();
        let mut client = over(&server, &clock);
        client.pace(Pace::new(1000, Duration::from_secs(1)));
        client.call(&payload::delete(&id("c0ffee"))).unwrap();
        assert_eq!(clock.elapsed().as_secs(), seconds, "{header}");
        assert_eq!(server.requests(), 2);
    }
}

#[test]
fn case_06_a_429_with_a_false_gzip_is_a_429() {
    let bytes = raw(429, "content-encoding: gzip\r\nretry-after: 3\r\n", "no");
    let server = Server::with_faults(vec![Wire::Raw(bytes)]);
    server.shared.lock().unwrap().virus_total = VirusTotal::with_items(&[]);
    let clock = FakeClock::new();
    let result = over(&server, &clock).call(&payload::delete(&id("c0ffee")));
    assert_eq!(result.unwrap().status(), 200);
    assert_eq!(server.requests(), 2);
}

#[test]
fn case_07_a_creation_whose_answer_is_lost_is_not_repeated() {
    let server = Server::with_faults(vec![Wire::CloseAfter]);
    let set = names(6);
    let (outcome, memory) = send(&server, &creating(&set));
    assert!(matches!(outcome.stop, Some(Stop::Unknown(_))));
    assert_eq!(outcome.at, Some(0));
    let receipt = memory.receipt().unwrap();
    assert_eq!(receipt.states().next(), Some(State::Unknown));
    assert_eq!(server.shared.lock().unwrap().creates_seen, 1);
    assert_eq!(server.requests(), 1);
}

#[test]
fn case_08_adding_whose_answer_is_lost_is_repeated() {
    let server = Server::with_faults(vec![Wire::Fine, Wire::CloseAfter]);
    let set = names(4);
    let (outcome, _) = send(&server, &creating(&set));
    assert_eq!(outcome.stop, None);
    let state = server.state();
    assert!(state.collections.values().map(|it| &it.items).eq([&held(4)]));
    let adds = state.ledger.iter().filter(|it| it.path.ends_with("/domains"));
    assert_eq!(adds.count(), 2);
    assert_eq!(state.created, 1);
}

#[test]
fn case_09_a_redirect_is_refused_and_the_other_host_sees_no_key() {
    let other = Server::start(VirusTotal::default());
    for status in [301, 302, 303, 307, 308] {
        let header = format!("location: {}/api/v3/x\r\n", other.url());
        let server =
            Server::with_faults(vec![Wire::Raw(raw(status, &header, ""))]);
        let set = names(2);
        let (outcome, memory) = send(&server, &creating(&set));
        let Some(Stop::Rejected(problem)) = outcome.stop else {
            panic!("{status}: {:?}", outcome.stop);
        };
        assert_eq!(
            problem.to_string(),
            format!("{status} (redirects are refused)")
        );
        let receipt = memory.receipt().unwrap();
        assert_eq!(receipt.states().next(), Some(State::Failed));
    }
    assert_eq!(other.requests(), 0);
}

#[test]
fn case_10_counters_that_are_short_are_told_with_numbers() {
    let clock = FakeClock::new();
    let server = VirusTotal {
        dropped_items: ["domain:n1.example.com", "domain:n4.example.com"]
            .map(Into::into)
            .into(),
        ..VirusTotal::default()
    };
    let fake = Fake::new(server, &clock);
    let set = names(6);
    let plan = creating(&set);
    let mut receipt = Receipt::new(&plan);
    let outcome = Client::with_clock(&fake, &clock)
        .run(&plan, &mut receipt, &mut Memory::default(), &Settings::new())
        .unwrap();
    assert_eq!(outcome.stop, None);
    let told: Vec<String> =
        outcome.shortfalls.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["domains: 6 sent, 4 counted, 2 short"]);
    // Three of the plan, and two looks at the counters.
    assert_eq!(fake.seen.get(), 5);
}

#[test]
fn case_11_an_unknown_code_is_kept() {
    let body = r#"{"error":{"code":"FooError","message":"bar"}}"#;
    let problem = Problem::of(&Response::new(418, body));
    assert_eq!(problem.code(), Some(&Code::Unknown("FooError".into())));
    let (result, count) = delete_with(raw(418, "", body));
    assert_eq!(result, Err(Stop::Rejected(problem)));
    assert_eq!(count, 1);
}

#[test]
fn case_12_a_patch_has_its_body_with_length_and_type() {
    let server = Server::start(VirusTotal::with_items(&[]));
    let set = names(2);
    let plan = Plan::update(
        iocpack::payload::Collection::new().name("New"),
        &id("c0ffee"),
        &set,
        &in_chunks_of(5),
    )
    .unwrap();
    let (outcome, _) = send(&server, &plan);
    assert_eq!(outcome.stop, None);
    let shared = server.shared.lock().unwrap();
    let entry = &shared.virus_total.ledger[0];
    assert_eq!(entry.method, "PATCH");
    assert_eq!(entry.body, plan.requests().next().unwrap().body.unwrap());
    let head = shared.heads[0].to_lowercase();
    let length = format!("content-length: {}\r\n", entry.body.len());
    assert!(head.contains(&length), "{head}");
    assert!(head.contains("content-type: application/json\r\n"), "{head}");
    assert!(head.contains("user-agent: iocpack/"), "{head}");
    assert!(head.contains("accept: application/json\r\n"), "{head}");
    assert!(head.contains("accept-encoding: gzip\r\n"), "{head}");
    assert!(head.contains(&format!("x-apikey: {KEY}\r\n")), "{head}");
}

#[test]
fn case_13_a_delete_carries_its_body() {
    let server = Server::start(VirusTotal::with_items(&[
        "domain:n0.example.com",
        "domain:n9.example.com",
    ]));
    let set = names(2);
    let plan = Plan::remove(&id("c0ffee"), &set, &in_chunks_of(5)).unwrap();
    let (outcome, _) = send(&server, &plan);
    assert_eq!(outcome.stop, None);
    let state = server.state();
    assert_eq!(state.ledger[0].method, "DELETE");
    let body = plan.requests().next().unwrap().body.unwrap();
    assert_eq!(state.ledger[0].body, body);
    let left = ["domain:n9.example.com".to_owned()].into();
    assert_eq!(state.collections["c0ffee"].items, left);
}

#[test]
fn case_14_a_run_that_was_interrupted_sends_only_what_is_missing() {
    let clock = FakeClock::new();
    let fake = Fake::new(VirusTotal::default(), &clock)
        .fail(2, Fault::Status(403, "", None));
    let set = names(8);
    let plan = creating(&set);
    let mut memory = Memory::default();
    let mut receipt = Receipt::new(&plan);
    let run = |receipt: &mut Receipt, memory: &mut Memory| {
        Client::with_clock(&fake, &clock)
            .run(&plan, receipt, memory, &Settings::new())
            .unwrap()
    };
    let outcome = run(&mut receipt, &mut memory);
    assert!(matches!(outcome.stop, Some(Stop::Denied(_))));
    assert_eq!(fake.server.borrow().ledger.len(), 2);

    let mut receipt = memory.receipt().unwrap();
    let outcome = run(&mut receipt, &mut memory);
    assert_eq!(outcome.stop, None);
    let paths: Vec<String> = fake
        .server
        .borrow()
        .ledger
        .iter()
        .map(|it| format!("{} {}", it.method, it.path.len()))
        .collect();
    // The creation, three chunks added once each, the counters.
    assert_eq!(paths, ["POST 12", "POST 85", "POST 85", "POST 85", "GET 77"]);

    // Finished: nothing more.
    let mut receipt = memory.receipt().unwrap();
    run(&mut receipt, &mut memory);
    assert_eq!(fake.server.borrow().ledger.len(), 5);
}

#[test]
fn case_15_no_debug_output_and_no_receipt_shows_the_key() {
    let server = Server::with_faults(vec![Wire::CloseAfter]);
    let set = names(2);
    let plan = creating(&set);
    let transport = http(&server);
    let mut texts = vec![format!("{transport:?}")];
    let request = plan.requests().next().unwrap();
    texts.push(format!("{:?}", transport.send(&request)));
    texts.push(format!("{:?}", Client::new(&transport)));
    let (outcome, memory) = send(&server, &plan);
    texts.push(format!("{outcome:?}"));
    texts.extend(memory.text);
    let key = ApiKey::new(KEY.into()).unwrap();
    texts.push(format!("{key:?} {key:#?}"));
    let bad = format!("{KEY}\n{KEY}");
    texts.push(ApiKey::new(bad).unwrap_err().to_string());
    for text in texts {
        assert!(!text.contains(&KEY[..16]), "{text}");
    }
}

#[test]
fn faults_of_the_wire_are_told_apart_by_whether_anything_has_left() {
    let gzip = "content-encoding: gzip\r\n";
    let chunk = b"HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{";
    let short = b"HTTP/1.1 200 X\r\ncontent-length: 900\r\n\r\n{}";
    let flood = format!(
        "HTTP/1.1 200 X\r\n{}\r\n",
        "x-flood: 0123456789\r\n".repeat(20_000)
    );
    let wires = [
        ("closed unread", Wire::CloseUnread),
        ("closed before", Wire::CloseBefore),
        ("stall", Wire::Stall),
        ("closed after", Wire::CloseAfter),
        ("cut chunk", Wire::RawAfter(chunk.to_vec())),
        ("short", Wire::RawAfter(short.to_vec())),
        ("false gzip", Wire::RawAfter(raw(200, gzip, "{}"))),
        ("HTML", Wire::RawAfter(raw(200, "", "<html>"))),
        ("cut JSON", Wire::RawAfter(raw(200, "", "{\"data\":{"))),
        ("empty 502", Wire::RawAfter(raw(502, "", ""))),
        ("HTML 502", Wire::RawAfter(raw(502, "", "<html>"))),
        ("100 MB", Wire::Huge),
        ("drip", Wire::Drip),
        ("header flood", Wire::RawAfter(flood.into_bytes())),
    ];
    for (name, wire) in wires {
        // A creation: one, and in doubt.
        let server = Server::with_faults(vec![wire.clone()]);
        let set = names(4);
        let plan = creating(&set);
        let (outcome, _) = send(&server, &plan);
        let unknown = matches!(outcome.stop, Some(Stop::Unknown(_)));
        assert!(unknown, "{name}: {:?}", outcome.stop);
        assert!(server.shared.lock().unwrap().creates_seen <= 1, "{name}");

        // An addition: repeated, and in the collection.
        let server = Server::with_faults(vec![Wire::Fine, wire]);
        let (outcome, _) = send(&server, &plan);
        assert_eq!(outcome.stop, None, "{name}");
        let state = server.state();
        let items = state.collections.values().map(|it| &it.items);
        assert!(items.eq([&held(4)]), "{name}");
        assert_eq!(state.created, 1, "{name}");
    }
}

#[test]
fn a_refused_connection_is_unsent_and_a_creation_is_tried_again() {
    let server = Server::start(VirusTotal::default());
    let transport = http(&server);
    drop(server);
    let set = names(2);
    let plan = creating(&set);
    let request = plan.requests().next().unwrap();
    assert!(transport.send(&request).unwrap_err().is_unsent());
    let clock = FakeClock::new();
    let mut memory = Memory::default();
    let outcome = Client::with_clock(&transport, &clock)
        .run(&plan, &mut Receipt::new(&plan), &mut memory, &Settings::new())
        .unwrap();
    assert!(matches!(outcome.stop, Some(Stop::Transient(_))));
    let receipt = memory.receipt().unwrap();
    assert_eq!(receipt.states().next(), Some(State::Planned));
}

#[test]
fn a_server_without_tls_gets_no_byte_of_a_request() {
    // What it says is no TLS, or it says nothing and closes.
    for wire in [Wire::Raw(raw(200, "", "{}")), Wire::CloseUnread] {
        let server = Server::with_faults(vec![wire; 2]);
        let url = server.url().replace("http://", "https://");
        let key = ApiKey::new(KEY.into()).unwrap();
        let transport = Http::builder(Host::parse(&url).unwrap(), key)
            .timeout(Duration::from_secs(1))
            .build()
            .unwrap();
        let set = names(2);
        let request = creating(&set).requests().next().unwrap();
        let err = transport.send(&request).unwrap_err();
        assert!(err.is_unsent(), "{err}");
        assert!(server.shared.lock().unwrap().heads.is_empty());
    }
}

#[test]
fn bisecting_leaves_out_the_bad_items_and_sends_the_others() {
    for bad in [vec![3], vec![0], vec![7, 12, 15], vec![0, 1, 2, 3, 4]] {
        for start in ["create", "add"] {
            let clock = FakeClock::new();
            let mut server = VirusTotal::with_items(&[]);
            server.bad_items = bad
                .iter()
                .map(|n| format!("domain:n{n}.example.com"))
                .collect();
            let expected: std::collections::BTreeSet<String> =
                held(16).difference(&server.bad_items).cloned().collect();
            let fake = Fake::new(server, &clock);
            let set = names(16);
            let options = in_chunks_of(8);
            let plan = match start {
                "create" => Plan::create(&about(), &set, &options),
                _ => Plan::add(&id("c0ffee"), &set, &options),
            };
            let plan = plan.unwrap();
            let mut receipt = Receipt::new(&plan);
            let mut settings = Settings::new();
            settings.bisect(32);
            let outcome = Client::with_clock(&fake, &clock)
                .run(&plan, &mut receipt, &mut Memory::default(), &settings)
                .unwrap();
            assert_eq!(outcome.stop, None, "{start} {bad:?}");
            assert_eq!(outcome.shortfalls, []);
            assert_eq!(receipt.left_out(), bad.len());
            let server = fake.server.borrow();
            let key = receipt.collection().map_or_else(
                || "c0ffee".to_owned(),
                |id: CollectionId| id.to_string(),
            );
            assert_eq!(server.collections[&key].items, expected);
            assert_eq!(server.created, usize::from(start == "create"));
        }
    }
}

#[test]
fn bisecting_ends_after_the_stated_number_of_requests() {
    let clock = FakeClock::new();
    let mut server = VirusTotal::with_items(&[]);
    server.bad_items = held(16);
    let fake = Fake::new(server, &clock);
    let set = names(16);
    let plan = Plan::add(&id("c0ffee"), &set, &in_chunks_of(16)).unwrap();
    let mut settings = Settings::new();
    settings.bisect(5);
    let outcome = Client::with_clock(&fake, &clock)
        .run(
            &plan,
            &mut Receipt::new(&plan),
            &mut Memory::default(),
            &settings,
        )
        .unwrap();
    assert!(matches!(outcome.stop, Some(Stop::Transient(_))));
    assert_eq!(fake.seen.get(), 1 + 5);
}

#[test]
fn the_budget_of_a_day_is_kept_over_runs_and_new_at_midnight() {
    let clock = FakeClock::new();
    let fake = Fake::new(VirusTotal::default(), &clock);
    let set = names(10);
    let plan = creating(&set);
    let mut memory = Memory::default();
    let mut counts = Vec::new();
    let mut receipt = Receipt::new(&plan);
    for _ in 0..4 {
        let mut client = Client::with_clock(&fake, &clock);
        client.pace(Pace::default().daily(2));
        let mut settings = Settings::new();
        settings.verify(false);
        let outcome =
            client.run(&plan, &mut receipt, &mut memory, &settings).unwrap();
        counts.push(fake.seen.get());
        receipt = memory.receipt().unwrap();
        if let Some(Stop::Quota { until: Some(until), .. }) = outcome.stop {
            // Once too early, then at midnight.
            let wait = until.duration_since(clock.now()).unwrap();
            if counts.len() != 1 {
                iocpack::submit::Clock::sleep(&clock, wait);
            }
        }
    }
    assert_eq!(counts, [2, 2, 4, 5]);
    assert!(receipt.is_finished());
}

#[test]
fn a_url_is_asked_for_as_it_is_written() {
    let clock = FakeClock::new();
    let asked = "HTTP://www.example.com:80/%c3%a9?a|b";
    let fake = Fake::new(VirusTotal::default(), &clock);
    let mut client = Client::with_clock(&fake, &clock);
    let id = client.url_id(asked).unwrap().unwrap();
    assert_eq!(id, iocpack::Url::parse(asked).unwrap().id());
    fake.server.borrow_mut().unknown_urls.insert(asked.into());
    assert_eq!(client.url_id(asked), Ok(None));
}

#[test]
fn who_watches_is_told_of_each_request_and_each_wait() {
    let clock = FakeClock::new();
    let fake = Fake::new(VirusTotal::default(), &clock);
    let set = names(4);
    let plan = creating(&set);
    let mut told = Vec::new();
    let mut client = Client::with_clock(&fake, &clock);
    client.watch(|event| {
        told.push(match event {
            Event::Sending { at, of, attempt, .. } => {
                format!("{at} of {of}, {attempt}")
            }
            Event::Waiting { time, why } => {
                format!("{} {why}", time.as_secs())
            }
            Event::Done { at, .. } => format!("{at} done"),
            event => format!("{event:?}"),
        });
    });
    let mut settings = Settings::new();
    settings.verify(false);
    let mut memory = Memory::default();
    client
        .run(&plan, &mut Receipt::new(&plan), &mut memory, &settings)
        .unwrap();
    drop(client);
    assert_eq!(
        told,
        ["0 of 2, 1", "0 done", "15 rate", "1 of 2, 1", "1 done"]
    );
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let path = super::receipt::scratch("key-file").join("key");
    std::fs::write(&path, format!("{KEY}\n")).unwrap();
    let mode = |mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(&path, mode).unwrap();
    };
    mode(0o640);
    assert_eq!(
        ApiKey::from_file(&path).unwrap_err().to_string(),
        "key file: expected a mode that lets only its owner read it \
         (chmod 600)"
    );
    mode(0o600);
    assert!(ApiKey::from_file(&path).is_ok());
    std::fs::write(&path, format!("host=\"x\"\napikey=\"{KEY}\"\n")).unwrap();
    assert!(ApiKey::from_settings(&path).unwrap().is_some());
    assert!(ApiKey::from_settings(Path::new("key")).is_err());
}
