//! Certificates are checked, always, and before a byte of a request leaves.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;
use std::{fs, io};

use iocpack::submit::{
    ApiKey, Host, Http, Response, Transport as _, TransportError,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::server::raw;
use super::state::KEY;
use super::{creating, names};

fn data(name: &str) -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read(root.join("tests/data/tls").join(name)).unwrap()
}

/// Sends one request to a server with TLS on 127.0.0.1, and returns what the
/// client and what the server got.
fn send(
    name: &str,
    roots: Option<Vec<u8>>,
) -> (Result<Response, TransportError>, io::Result<String>) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let chain = CertificateDer::from_pem_slice(&data("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(&data("server.key")).unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![chain], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let time = Some(Duration::from_secs(5));
        stream.set_read_timeout(time).unwrap();
        let server = ServerConnection::new(Arc::new(config)).unwrap();
        let mut stream = StreamOwned::new(server, stream);
        let mut got = vec![0; 4096];
        let read = stream.read(&mut got).map(|length| {
            let _ = stream.write_all(&raw(200, "", "{}"));
            let _ = stream.flush();
            String::from_utf8_lossy(&got[..length]).into_owned()
        });
        tell.send(read).unwrap();
    });
    let host = Host::parse(&format!("https://{name}:{port}")).unwrap();
    let key = ApiKey::new(KEY.into()).unwrap();
    let mut http = Http::builder(host, key).timeout(Duration::from_secs(5));
    if let Some(pem) = roots {
        http = http.roots(pem);
    }
    let set = names(2);
    let request = creating(&set).requests().next().unwrap();
    let result = http.build().unwrap().send(&request);
    (result, told.recv().unwrap())
}

#[test]
fn a_certificate_that_nobody_trusts_gets_no_byte_of_a_request() {
    let (result, got) = send("127.0.0.1", None);
    let err = result.unwrap_err();
    assert!(err.is_unsent(), "{err}");
    assert!(!got.is_ok_and(|it| !it.is_empty()));
}

#[test]
fn a_certificate_of_another_name_gets_no_byte_of_a_request() {
    let (result, got) = send("localhost", Some(data("root.pem")));
    let err = result.unwrap_err();
    assert!(err.is_unsent(), "{err}");
    assert!(!got.is_ok_and(|it| !it.is_empty()));
}

#[test]
fn roots_of_ones_own_are_trusted_and_the_key_is_sent_to_them() {
    let (result, got) = send("127.0.0.1", Some(data("root.pem")));
    assert_eq!(result.unwrap().status(), 200);
    let head = got.unwrap();
    assert!(head.starts_with("POST /api/v3/collections HTTP/1.1\r\n"));
    assert!(head.contains(&format!("x-apikey: {KEY}\r\n")), "{head}");
}

#[test]
fn roots_that_are_no_certificates_are_refused() {
    let build = |pem: Vec<u8>| {
        let key = ApiKey::new(KEY.into()).unwrap();
        let http = Http::builder(Host::default(), key).roots(pem).build();
        http.unwrap_err().to_string()
    };
    let none = "roots: expected a certificate in PEM, found none";
    assert_eq!(build(b"nothing".to_vec()), none);
    assert_eq!(build(data("server.key")), none);
}
