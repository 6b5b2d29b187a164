//! The same VirusTotal on a loopback port, with faults of the wire. It stops
//! by itself when it is dropped.

use std::collections::VecDeque;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::state::{KEY, VirusTotal};

/// What goes wrong on the wire, with one request.
#[derive(Clone, Debug)]
pub(crate) enum Wire {
    /// Nothing; takes a turn in the list of faults.
    Fine,
    /// Closed before the request is read.
    CloseUnread,
    /// Carried out, then closed without an answer.
    CloseAfter,
    /// Read, not carried out, closed.
    CloseBefore,
    /// Read, not carried out, no answer until the client gives up.
    Stall,
    /// These bytes are the answer; the request is not carried out.
    Raw(Vec<u8>),
    /// It is carried out, and these bytes are the answer.
    RawAfter(Vec<u8>),
    /// A body of 100 MB after carrying out.
    Huge,
    /// One byte every 20 ms, after carrying out.
    Drip,
    /// The flag is set, and the answer comes half a second later.
    SignalSlow,
    /// The flag is set, and there is no answer: before it is carried out.
    SignalBefore,
    /// As before, but it is carried out first.
    SignalAfter,
}

/// A response with a body as it is.
pub(crate) fn raw(status: u16, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\
         {headers}\r\n{body}",
        body.len()
    )
    .into_bytes()
}

#[derive(Default)]
pub(crate) struct Shared {
    pub(crate) virus_total: VirusTotal,
    pub(crate) faults: VecDeque<Wire>,
    /// Heads as they came, the key included.
    pub(crate) heads: Vec<String>,
    pub(crate) signalled: bool,
    /// Requests that came, carried out or not.
    pub(crate) creates_seen: usize,
}

pub(crate) struct Server {
    address: SocketAddr,
    pub(crate) shared: Arc<Mutex<Shared>>,
    stop: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(virus_total: VirusTotal) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared =
            Arc::new(Mutex::new(Shared { virus_total, ..Shared::default() }));
        let stop = Arc::new(AtomicBool::new(false));
        let (s, t) = (shared.clone(), stop.clone());
        let accepting = thread::spawn(move || {
            for stream in listener.incoming() {
                if t.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(stream) = stream else { continue };
                let (shared, stop) = (s.clone(), t.clone());
                // A client that goes away in the middle is none of ours.
                thread::spawn(move || serve(&stream, &shared, &stop));
            }
        });
        Server { address, shared, stop, accepting: Some(accepting) }
    }

    pub(crate) fn with_faults(faults: Vec<Wire>) -> Server {
        let server = Server::start(VirusTotal::default());
        server.shared.lock().unwrap().faults = faults.into();
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many requests have come.
    pub(crate) fn requests(&self) -> usize {
        self.shared.lock().unwrap().heads.len()
    }

    pub(crate) fn state(&self) -> VirusTotal {
        self.shared.lock().unwrap().virus_total.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the listener up.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.accepting.take() {
            let _ = thread.join();
        }
    }
}

#[expect(clippy::too_many_lines, reason = "a fault after the other")]
fn serve(
    stream: &TcpStream,
    shared: &Mutex<Shared>,
    stop: &AtomicBool,
) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.set_write_timeout(Some(Duration::from_secs(10)))?;
    let fault = shared.lock().unwrap().faults.pop_front();
    let fault = fault.unwrap_or(Wire::Fine);
    if matches!(fault, Wire::CloseUnread) {
        return Ok(());
    }
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Ok(());
        }
    }
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let length = header("content-length").map_or(0, |it| it.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8(body).unwrap();
    let mut words = head.split(' ');
    let method = words.next().unwrap().to_owned();
    let path = words.next().unwrap().to_owned();
    let key = header("x-apikey");
    {
        let mut shared = shared.lock().unwrap();
        if method == "POST" && path.ends_with("/collections") {
            shared.creates_seen += 1;
        }
        shared.heads.push(head.clone());
    }
    let carry_out = || {
        let path = path.strip_prefix("/api/v3").unwrap_or("/none");
        if key.as_deref() != Some(KEY) {
            let code = r#"{"error":{"code":"WrongCredentialsError","message":"Wrong API key"}}"#;
            return (401, code.to_owned());
        }
        let mut shared = shared.lock().unwrap();
        let (status, body) = shared.virus_total.handle(&method, path, &body);
        (status, body.to_string())
    };
    let mut out = stream;
    match fault {
        Wire::Fine => {
            let (status, body) = carry_out();
            let json = "content-type: application/json\r\n";
            out.write_all(&raw(status, json, &body))
        }
        Wire::CloseUnread | Wire::CloseBefore => Ok(()),
        Wire::CloseAfter => {
            carry_out();
            Ok(())
        }
        Wire::Stall => {
            while !stop.load(Ordering::SeqCst) {
                let mut byte = [0];
                stream.set_read_timeout(Some(Duration::from_millis(50)))?;
                match (&*stream).read(&mut byte) {
                    Ok(0) => break,
                    Err(err) if err.kind() != io::ErrorKind::WouldBlock => {
                        break;
                    }
                    _ => {}
                }
            }
            Ok(())
        }
        Wire::Raw(bytes) => out.write_all(&bytes),
        Wire::RawAfter(bytes) => {
            carry_out();
            out.write_all(&bytes)
        }
        Wire::Huge => {
            carry_out();
            out.write_all(
                b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n",
            )?;
            let block = vec![b' '; 1 << 16];
            for _ in 0..100_000_000 / block.len() {
                out.write_all(&block)?;
            }
            Ok(())
        }
        Wire::Drip => {
            carry_out();
            out.write_all(
                b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n",
            )?;
            while !stop.load(Ordering::SeqCst) {
                out.write_all(b" ")?;
                thread::sleep(Duration::from_millis(20));
            }
            Ok(())
        }
        Wire::SignalSlow => {
            let (status, body) = carry_out();
            shared.lock().unwrap().signalled = true;
            thread::sleep(Duration::from_millis(500));
            out.write_all(&raw(status, "", &body))
        }
        Wire::SignalBefore | Wire::SignalAfter => {
            if matches!(fault, Wire::SignalAfter) {
                carry_out();
            }
            shared.lock().unwrap().signalled = true;
            // Until the client has gone.
            let _ = (&*stream).read(&mut [0]);
            Ok(())
        }
    }
}
