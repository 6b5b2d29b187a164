//! A VirusTotal of collections on this machine, to try `iocpack submit`
//! without a key and without sending anything to anybody.
//!
//! ```sh
//! cargo run --features submit --example fake_virustotal
//! ```
//!
//! It prints the lines that a shell needs, and ends with its stdin, or after
//! an hour.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "shared with the tests, which need more of it"
)]

use std::io::Read as _;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

#[path = "../tests/integration/submit/server.rs"]
mod server;
#[path = "../tests/integration/submit/state.rs"]
mod state;

fn main() {
    let server = server::Server::start(state::VirusTotal::default());
    println!("export VT_API_KEY={}", state::KEY);
    println!("iocpack submit --host {} --plan …", server.url());
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        let _ = tell.send(());
    });
    let _ = told.recv_timeout(Duration::from_hours(1));
    for (id, it) in server.state().collections {
        println!("{id}: {}, {} items", it.name, it.items.len());
        for item in it.items {
            println!("  {item}");
        }
    }
}
