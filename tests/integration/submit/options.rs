//! Options of the commands that send, on the real binary.

use std::collections::BTreeSet;

use super::command::{command, folder, run, submit};
use super::held;
use super::receipt::scratch;
use super::server::{Server, Wire};
use super::state::VirusTotal;

#[test]
fn bisect_leaves_out_what_is_rejected() {
    let place = folder("options-bisect", 3);
    let bad: BTreeSet<String> =
        ["domain:n3.example.com".to_owned()].into_iter().collect();
    let server = Server::start(VirusTotal {
        bad_items: bad.clone(),
        ..VirusTotal::default()
    });
    let rejected = run(&mut submit(&place, &server, &[]));
    assert_eq!(rejected.code, 8, "{rejected:?}");
    assert!(rejected.stderr.contains("--bisect"), "{rejected:?}");
    let sent = run(&mut submit(&place, &server, &["--bisect=8"]));
    assert_eq!(sent.code, 0, "{sent:?}");
    assert!(sent.stderr.contains("1 items were rejected and left out"));
    let state = server.state();
    let items = &state.collections.values().next().unwrap().items;
    assert_eq!(*items, held(6).difference(&bad).cloned().collect());
}

#[test]
fn a_creation_in_doubt_is_settled_by_whoever_knows() {
    for (more, created) in [
        (&["--adopt", "ID"][..], 1),
        (&["--create-again", "--no-verify"], 2),
        (&["--reconcile", "--user", "me"], 1),
    ] {
        let place = folder("options-doubt", 2);
        let server = Server::with_faults(vec![Wire::CloseAfter]);
        assert_eq!(run(&mut submit(&place, &server, &[])).code, 7);
        let id = server.state().collections.keys().next().unwrap().clone();
        let more: Vec<&str> = more
            .iter()
            .map(|it| if *it == "ID" { &*id } else { it })
            .collect();
        let sent = run(&mut submit(&place, &server, &more));
        assert_eq!(sent.code, 0, "{more:?}: {sent:?}");
        assert_eq!(server.state().created, created, "{more:?}");
        let state = server.state();
        let whole = |it: &super::state::Collection| it.items == held(4);
        assert!(state.collections.values().any(whole), "{more:?}");
    }
}

#[test]
fn a_day_has_so_many_requests() {
    let place = folder("options-daily", 3);
    let server = Server::start(VirusTotal::default());
    let stopped = run(&mut submit(&place, &server, &["--daily", "2"]));
    assert_eq!(stopped.code, 5, "{stopped:?}");
    assert_eq!(server.requests(), 2);
}

#[test]
fn the_name_of_a_tool_goes_with_each_request_and_no_proxy_stands_between() {
    let place = folder("options-tool", 1);
    let server = Server::start(VirusTotal::default());
    // Towards this machine there is no proxy.
    let more = ["--tool", "acme.hunter.1.2", "--proxy", "http://192.0.2.1:9"];
    assert_eq!(run(&mut submit(&place, &server, &more)).code, 0);
    let shared = server.shared.lock().unwrap();
    for head in &shared.heads {
        assert!(head.contains("x-tool: acme.hunter.1.2\r\n"), "{head}");
    }
}

#[test]
fn what_the_way_to_the_server_cannot_be_is_refused_before_anything_is_sent() {
    let place = scratch("options-refused");
    std::fs::write(place.join("no.pem"), "nothing").unwrap();
    let server = Server::start(VirusTotal::default());
    for words in [
        &["pull", "c0ffee"][..],
        &["comment", "c0ffee", "text"],
        &["delete", "c0ffee"],
    ] {
        for (more, want) in [
            (&["--ca-file", "missing.pem"][..], "cannot read missing.pem"),
            (&["--ca-file", "no.pem"], "certificate"),
            (&["--tool", "a\u{7f}b"], "x-tool"),
            (&["--daily", "many"], "--daily"),
            (&["--rate", "4/fortnight"], "expected N/s, N/min or N/h"),
            (&["--timeout", "0"], "expected a number of seconds"),
            (&["--host", "http://192.0.2.1"], "host"),
        ] {
            let mut command = command(&place);
            command.args(words).arg("--yes").args(more);
            if more[0] != "--host" {
                command.args(["--host", &server.url()]);
            }
            let refused = run(&mut command);
            assert_eq!(refused.code, 2, "{words:?} {more:?}: {refused:?}");
            assert!(
                refused.stderr.contains(want),
                "{words:?} {more:?}: {refused:?}"
            );
        }
    }
    assert_eq!(server.requests(), 0);
}
