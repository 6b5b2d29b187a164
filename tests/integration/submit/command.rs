//! The real command: exit codes, what it prints, and what is left when it is
//! killed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::hygiene::forms_of_the_key;
use super::receipt::scratch;
use super::server::{Server, Wire, raw};
use super::state::{KEY, VirusTotal};
use super::{creating, held, names};
use crate::cli::{self, Run};

/// A folder with a plan of `requests` requests.
pub(super) fn folder(name: &str, requests: usize) -> PathBuf {
    let folder = scratch(name);
    let set = names(requests * 2);
    let plan = creating(&set);
    assert_eq!(plan.len(), requests);
    plan.write_to(fs::File::create(folder.join("plan.json")).unwrap())
        .unwrap();
    folder
}

/// The command, with a key, and without those of the person who tests.
pub(super) fn command(folder: &Path) -> Command {
    let mut command = cli::command(folder);
    for name in [
        "VT_APIKEY",
        "VTCLI_APIKEY",
        "XDG_CONFIG_HOME",
        "IOCPACK_CONFIG",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
        "HTTP_PROXY",
        "http_proxy",
    ] {
        command.env_remove(name);
    }
    command
        .env("HOME", folder)
        .env("VT_API_KEY", KEY)
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "full")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// `submit` of the plan, quickly.
pub(super) fn submit(
    folder: &Path,
    server: &Server,
    more: &[&str],
) -> Command {
    let mut command = command(folder);
    command
        .args(["submit", "--plan", "plan.json", "--receipt", "receipt.json"])
        .args(["--host", &server.url(), "--rate", "1000/s", "--yes"])
        .args(more);
    command
}

fn finish(child: Child) -> Run {
    let output = child.wait_with_output().unwrap();
    Run {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap_or(-1),
    }
}

pub(super) fn run(command: &mut Command) -> Run {
    finish(command.spawn().unwrap())
}

#[test]
fn a_plan_is_sent_and_a_second_run_sends_nothing() {
    let folder = folder("submit-twice", 3);
    let server = Server::start(VirusTotal::default());
    let first = run(&mut submit(&folder, &server, &[]));
    assert_eq!(first.code, 0, "{first:?}");
    let state = server.state();
    let (id, collection) = state.collections.first_key_value().unwrap();
    assert_eq!(collection.items, held(6));
    assert_eq!(
        first.stdout,
        format!("{id}\thttps://www.virustotal.com/gui/collection/{id}/iocs\n")
    );
    let requests = server.requests();
    let second = run(&mut submit(&folder, &server, &[]));
    assert_eq!((second.code, second.stdout), (0, first.stdout));
    assert_eq!(second.stderr, "everything is sent already\n");
    assert_eq!(server.requests(), requests);
    let mut left: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["plan.json", "receipt.json"]);
}

#[test]
fn each_way_to_end_has_its_exit_code() {
    let error = |status| {
        let body = r#"{"error":{"code":"C","message":"m"}}"#;
        vec![Wire::Raw(raw(status, "retry-after: 0\r\n", body)); 2]
    };
    let rows = [
        (vec![], 0),
        (error(401), 4),
        (error(403), 4),
        (error(429), 5),
        (vec![Wire::Fine, Wire::CloseBefore, Wire::CloseBefore], 6),
        (vec![Wire::CloseAfter], 7),
        (error(500), 7),
        (error(400), 8),
        (error(404), 8),
        (error(409), 8),
        (error(302), 8),
    ];
    for (at, (faults, code)) in rows.into_iter().enumerate() {
        let folder = folder(&format!("submit-exit-{at}"), 2);
        let server = Server::with_faults(faults);
        let run = run(&mut submit(&folder, &server, &["--retries", "1"]));
        assert_eq!(run.code, code, "row {at}: {run:?}");
        if code == 7 {
            // And it stays so.
            let again = self::run(&mut submit(&folder, &server, &[]));
            assert_eq!(again.code, 7);
            assert!(again.stderr.contains("--reconcile"), "{again:?}");
            assert_eq!(server.shared.lock().unwrap().creates_seen, 1);
        }
    }
}

#[test]
fn fewer_items_counted_than_sent_are_told_and_an_error_under_strict() {
    let folder = folder("submit-short", 2);
    let server = Server::start(VirusTotal {
        dropped_items: ["domain:n3.example.com".to_owned()].into(),
        ..VirusTotal::default()
    });
    let run = run(&mut submit(&folder, &server, &["--strict"]));
    assert_eq!(run.code, 9, "{run:?}");
    let told = "warning: fewer items than sent: domains: 4 sent, 3 counted, \
                1 short\n";
    assert!(run.stderr.contains(told), "{run:?}");
}

#[test]
fn a_dry_run_needs_no_key_and_sends_nothing() {
    let folder = folder("submit-dry", 2);
    let server = Server::start(VirusTotal::default());
    let mut command = submit(&folder, &server, &["--dry-run"]);
    let run = run(command.env_remove("VT_API_KEY"));
    assert_eq!(run.code, 0, "{run:?}");
    let start = format!(
        "POST {}/api/v3/collections\n  x-apikey: ****\n",
        server.url()
    );
    assert!(run.stdout.starts_with(&start), "{run:?}");
    assert_eq!(server.requests(), 0);
    assert!(!folder.join("receipt.json").exists());
}

#[test]
fn without_a_key_or_an_answer_nothing_is_sent() {
    let folder = folder("submit-none", 1);
    let server = Server::start(VirusTotal::default());
    let none = run(submit(&folder, &server, &[]).env_remove("VT_API_KEY"));
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("no key: expected VT_API_KEY"), "{none:?}");
    let mut command = command(&folder);
    command.args(["submit", "--plan", "plan.json", "--host", &server.url()]);
    let unasked = run(&mut command);
    assert_eq!(unasked.code, 2);
    assert!(unasked.stderr.contains("expected --yes"), "{unasked:?}");
    let far = ["submit", "--plan", "plan.json", "--yes", "--host"];
    let mut command = self::command(&folder);
    command.args(far).arg("http://www.example.com");
    let plain = run(&mut command);
    assert_eq!(plain.code, 2);
    assert!(plain.stderr.contains("expected https"), "{plain:?}");
    assert_eq!(server.requests(), 0);
}

#[cfg(unix)]
#[test]
fn the_key_is_read_from_each_place_but_the_current_folder() {
    use std::os::unix::fs::PermissionsExt as _;
    let private = |path: &Path, text: &str| {
        fs::write(path, text).unwrap();
        let mode = fs::Permissions::from_mode(0o600);
        fs::set_permissions(path, mode).unwrap();
    };
    let line = format!("apikey=\"{KEY}\"\n");
    let place = folder("submit-key", 1);
    let server = Server::start(VirusTotal::default());
    // In the current folder, and not in the home folder.
    private(&place.join(".vt.toml"), &line);
    let home = scratch("submit-home");
    let run_with = |more: &[&str]| {
        let _ = fs::remove_file(place.join("receipt.json"));
        let mut command = submit(&place, &server, more);
        run(command.env_remove("VT_API_KEY").env("HOME", &home)).code
    };
    assert_eq!(run_with(&[]), 2);
    private(&home.join(".vt.toml"), &line);
    assert_eq!(run_with(&[]), 0);
    fs::remove_file(home.join(".vt.toml")).unwrap();
    fs::create_dir_all(home.join(".config/iocpack")).unwrap();
    private(&home.join(".config/iocpack/config.toml"), &line);
    assert_eq!(run_with(&[]), 0);
    fs::remove_dir_all(home.join(".config")).unwrap();
    private(&place.join("key"), KEY);
    assert_eq!(run_with(&["--api-key-file", "key"]), 0);
    assert_eq!(run_with(&["--api-key-cmd", "cat key"]), 0);
    assert_eq!(run_with(&["--api-key-cmd", "false"]), 2);
}

#[test]
fn texts_are_packed_and_sent_in_one_step() {
    let folder = scratch("submit-texts");
    fs::write(folder.join("t.txt"), "evil[.]example[.]com 8.8.8[.]8").unwrap();
    let server = Server::start(VirusTotal::default());
    let mut command = command(&folder);
    command
        .args(["submit", "t.txt", "-n", "N", "-d", "D", "--yes"])
        .args(["--receipt", "r.json", "--rate", "1000/s"])
        .args(["--release", "reserved-name", "--host", &server.url()]);
    let run = run(&mut command);
    assert_eq!(run.code, 0, "{run:?}");
    let state = server.state();
    let collection = state.collections.values().next().unwrap();
    assert!(collection.description.starts_with("D iocpack:"));
    assert!(collection.items.contains("ip_address:8.8.8.8"));
}

#[test]
fn a_collection_is_pulled_commented_on_and_deleted() {
    let folder = scratch("submit-pull");
    let items: Vec<String> = held(90)
        .into_iter()
        .chain(["url:http://n.example.com/a".to_owned()])
        .collect();
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    let server = Server::start(VirusTotal::with_items(&items));
    let with = |args: &[&str]| {
        let mut command = command(&folder);
        command.args(args).args(["--host", &server.url(), "--yes"]);
        run(command.args(["--rate", "1000/s", "--retries", "0"]))
    };
    // The third page fails; what was read before is kept.
    let faults = [Wire::Fine, Wire::Fine, Wire::CloseBefore];
    server.shared.lock().unwrap().faults = faults.into();
    let pull = ["pull", "c0ffee", "-o", "held.json", "--resume", "part"];
    assert_eq!(with(&pull).code, 6);
    assert!(!folder.join("held.json").exists());
    let again = with(&pull);
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(again.stderr, "90 domains, 0 files, 0 ip_addresses, 1 urls\n");
    assert_eq!(server.requests(), 7);
    let json = fs::read_to_string(folder.join("held.json")).unwrap();
    let pages: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(pages[0]["data"].as_array().unwrap().len(), 90);
    let url = &pages[3]["data"][0]["attributes"]["url"];
    assert_eq!(url, "http://n.example.com/a");
    assert!(!folder.join("part").exists());

    assert_eq!(with(&["comment", "c0ffee", "Seen #again"]).code, 0);
    let state = server.state();
    assert_eq!(state.collections["c0ffee"].comments, ["Seen #again"]);
    assert_eq!(with(&["delete", "c0ffee"]).code, 0);
    assert!(server.state().collections.is_empty());
    let gone = with(&["delete", "c0ffee"]);
    assert_eq!(gone.code, 0);
    assert!(gone.stderr.contains("no such collection"), "{gone:?}");
    server.shared.lock().unwrap().faults = [Wire::CloseAfter].into();
    assert_eq!(with(&["comment", "c0ffee", "x"]).code, 7);
}

#[test]
fn the_key_is_nowhere_after_any_failure_of_the_command() {
    let echo = format!("{{\"error\":{{\"code\":\"{KEY}\"}}}}");
    let wires = [
        Wire::Fine,
        Wire::CloseUnread,
        Wire::CloseAfter,
        Wire::Raw(raw(302, "location: http://127.0.0.1:1/\r\n", "")),
        Wire::Raw(raw(401, "", &echo)),
        Wire::Raw(raw(429, "retry-after: 0\r\n", &echo)),
        Wire::Raw(raw(502, "", &echo)),
        Wire::Raw(b"nonsense\r\n\r\n".to_vec()),
        Wire::Stall,
    ];
    for (at, wire) in wires.into_iter().enumerate() {
        let folder = folder(&format!("submit-hygiene-{at}"), 2);
        let server = Server::with_faults(vec![wire; 2]);
        let more = ["-v", "--retries", "1", "--timeout", "1"];
        let child = submit(&folder, &server, &more).spawn().unwrap();
        let typed = fs::read(format!("/proc/{}/cmdline", child.id()));
        let run = finish(child);
        let receipt = fs::read_to_string(folder.join("receipt.json"));
        let typed = typed.unwrap_or_default();
        let all = format!(
            "{run:?}\n{}\n{}\n{}",
            run.stderr,
            receipt.unwrap_or_default(),
            String::from_utf8_lossy(&typed)
        );
        assert_eq!(forms_of_the_key(&all), [""; 0], "{all}");
    }
}

fn wait_for_signal(server: &Server) {
    let start = Instant::now();
    while !server.shared.lock().unwrap().signalled {
        assert!(start.elapsed() < Duration::from_mins(1), "no request");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_finishes_the_request_in_flight_and_says_how_to_go_on() {
    let folder = folder("submit-interrupt", 4);
    let server = Server::with_faults(vec![Wire::Fine, Wire::SignalSlow]);
    let child = submit(&folder, &server, &[]).spawn().unwrap();
    wait_for_signal(&server);
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert!(sent.success());
    let stopped = finish(child);
    assert_eq!(stopped.code, 130, "{stopped:?}");
    let told = "2 of 4 requests are done; the same command with --receipt \
                receipt.json goes on\n";
    assert!(stopped.stderr.ends_with(told), "{stopped:?}");
    assert_eq!(server.requests(), 2);
    let again = run(&mut submit(&folder, &server, &[]));
    assert_eq!(again.code, 0, "{again:?}");
    // Four of the plan, and the counters: none twice.
    assert_eq!(server.requests(), 5);
}

#[test]
fn a_second_process_and_a_torn_receipt_are_refused() {
    let folder = folder("submit-lock", 3);
    let server = Server::with_faults(vec![Wire::SignalSlow]);
    let child = submit(&folder, &server, &[]).spawn().unwrap();
    wait_for_signal(&server);
    let second = run(&mut submit(&folder, &server, &[]));
    assert_eq!(second.code, 2, "{second:?}");
    assert!(second.stderr.contains("found another"), "{second:?}");
    assert_eq!(finish(child).code, 0);
    let requests = server.requests();

    let path = folder.join("receipt.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, &text[..text.len() / 2]).unwrap();
    let torn = run(&mut submit(&folder, &server, &[]));
    assert_eq!(torn.code, 2, "{torn:?}");
    assert!(torn.stderr.contains("receipt.json: receipt: "), "{torn:?}");
    assert_eq!(server.requests(), requests);
}

#[test]
fn a_proxy_is_not_used_towards_this_machine() {
    let folder = folder("submit-proxy", 2);
    let server = Server::start(VirusTotal::default());
    let proxy = Server::start(VirusTotal::default());
    let mut command = submit(&folder, &server, &[]);
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"] {
        command.env(name, proxy.url());
    }
    assert_eq!(run(&mut command).code, 0);
    assert_eq!(proxy.requests(), 0);
}

/// Kills the command at the `at`th request: after the server has carried it
/// out, or before.
fn kill_at(at: usize, wire: &Wire) {
    let folder = folder(&format!("submit-kill-{at}-{wire:?}"), 30);
    let mut faults = vec![Wire::Fine; at];
    faults.push(wire.clone());
    let server = Server::with_faults(faults);
    let mut child = submit(&folder, &server, &[]).spawn().unwrap();
    wait_for_signal(&server);
    child.kill().unwrap();
    finish(child);

    let mut again = run(&mut submit(&folder, &server, &[]));
    if at == 0 {
        assert_eq!(again.code, 7, "{again:?}");
        let settle = ["--reconcile", "--create-again"];
        again = run(&mut submit(&folder, &server, &settle));
    }
    assert_eq!(again.code, 0, "{at} {wire:?}: {again:?}");
    let state = server.state();
    assert_eq!(state.created, 1, "{at} {wire:?}");
    let items = state.collections.values().map(|it| &it.items);
    assert!(items.eq([&held(60)]), "{at} {wire:?}");
    // 30 requests, the one that was in flight once more, the counters, and
    // what settling the creation took.
    assert!(server.requests() <= 34, "{at}: {}", server.requests());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn killed_at_any_request_it_goes_on_to_the_same_end() {
    let mut killed = 0;
    for at in 0..30 {
        kill_at(at, &Wire::SignalBefore);
        kill_at(at, &Wire::SignalAfter);
        killed += 2;
    }
    println!("killed at {killed} points of 30 requests");
}

#[test]
fn curl_leaves_the_same_state_as_we_do() {
    if Command::new("curl").arg("--version").output().is_err() {
        println!("no curl here");
        return;
    }
    let folder = folder("submit-curl", 4);
    let ours = Server::start(VirusTotal::default());
    assert_eq!(run(&mut submit(&folder, &ours, &[])).code, 0);

    let theirs = Server::start(VirusTotal::default());
    let set = names(8);
    let mut id = String::new();
    for request in creating(&set).requests() {
        let path = request.path.replace("{id}", &id);
        let body = folder.join("body");
        fs::write(&body, request.body.unwrap()).unwrap();
        let output = Command::new("curl")
            .args(["-q", "-s", "-f", "--noproxy", "*"])
            .args(["-X", request.method.as_str()])
            .args(["-H", &format!("x-apikey: {KEY}")])
            .args(["-H", "content-type: application/json", "--data"])
            .arg(format!("@{}", body.display()))
            .arg(format!("{}/api/v3{path}", theirs.url()))
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let answer: serde_json::Value =
            serde_json::from_slice(&output.stdout).unwrap();
        if let Some(new) = answer["data"]["id"].as_str() {
            id = new.to_owned();
        }
    }
    assert_eq!(theirs.state().collections, ours.state().collections);
}
