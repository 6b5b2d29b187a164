//! The transport that comes with the library: HTTP/1.1 over rustls.
//!
//! The key never enters the HTTP client: its place in the request's head is
//! held by asterisks, which are replaced in the last buffer before
//! encryption. The client's own log, which dumps heads at its most verbose
//! level, therefore never has it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ureq::http::{self, HeaderValue, header};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{
    self as wire, Buffers, ConnectionDetails, Connector, DefaultConnector,
    NextTimeout,
};
use ureq::{Agent, Proxy};

use super::{ApiKey, Host, Response, Transport, TransportError};
use crate::Error;
use crate::payload::{Method, Request};

/// The longest body that is read: 8 MiB.
const MOST_BODY: u64 = 8 << 20;

/// Sends requests to a [`Host`] with a key.
///
/// Certificates are always checked, against the roots of Mozilla. No redirect
/// is followed: clients send their own headers, the key among them, on to
/// wherever it points. Each request has a connection of its own, so that no
/// request is lost to one that the server has closed meanwhile. The proxy
/// that `HTTPS_PROXY` and `NO_PROXY` name is used, though not towards this
/// machine.
///
/// ```
/// use iocpack::submit::{ApiKey, Host, Http};
///
/// let key = ApiKey::new("0123456789abcdef".into()).unwrap();
/// let http = Http::builder(Host::default(), key).build().unwrap();
/// assert!(!format!("{http:?}").contains("0123456789abcdef"));
/// ```
pub struct Http {
    agent: Agent,
    host: Host,
    key: ApiKey,
    tool: Option<HeaderValue>,
    timeout: Option<Duration>,
    /// Whether the request in hand has begun to leave.
    sent: Arc<AtomicBool>,
    /// One request at a time: `sent` is of one.
    turn: std::sync::Mutex<()>,
}

/// Sets an [`Http`] up: see [`Http::builder`].
#[derive(Clone, Debug)]
pub struct HttpBuilder {
    host: Host,
    key: ApiKey,
    timeout: Option<Duration>,
    proxy: Option<String>,
    tool: Option<String>,
    roots: Option<Vec<u8>>,
}

impl Http {
    /// A transport to a host, with a key.
    #[must_use]
    pub fn builder(host: Host, key: ApiKey) -> HttpBuilder {
        HttpBuilder {
            host,
            key,
            timeout: None,
            proxy: None,
            tool: None,
            roots: None,
        }
    }

    /// The server.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    fn request<'r>(
        &self,
        request: &'r Request,
    ) -> Result<http::Request<&'r [u8]>, http::Error> {
        let mut mask = HeaderValue::from_str(&mask(&self.key))?;
        mask.set_sensitive(true);
        let mut built = http::Request::builder()
            .method(request.method.as_str())
            .uri(self.host.url(&request.path))
            .header(KEY_HEADER, mask)
            .header(header::ACCEPT, "application/json");
        if request.body.is_some() {
            built = built.header(header::CONTENT_TYPE, "application/json");
        }
        if let Some(tool) = &self.tool {
            built = built.header("x-tool", tool);
        }
        built.body(request.body.as_deref().unwrap_or_default().as_bytes())
    }

    /// The whole time that a request may take: writing takes the server
    /// longer than reading.
    fn timeout(&self, method: Method) -> Duration {
        self.timeout.unwrap_or(match method {
            Method::Post | Method::Patch => Duration::from_mins(2),
            Method::Get | Method::Delete => Duration::from_mins(1),
        })
    }
}

impl HttpBuilder {
    /// The whole time that a request may take: 60 seconds, or 120 for one
    /// that creates or adds, unless set. Connecting takes at most 10.
    #[must_use]
    pub fn timeout(mut self, time: Duration) -> HttpBuilder {
        self.timeout = Some(time);
        self
    }

    /// A proxy, such as `http://proxy.example.com:3128`, instead of the one
    /// that the environment names. To this machine none is used.
    #[must_use]
    pub fn proxy(mut self, url: impl Into<String>) -> HttpBuilder {
        self.proxy = Some(url.into());
        self
    }

    /// The header `x-tool`, by which VirusTotal tells integrations apart:
    /// `organisation.product.major.minor`.
    #[must_use]
    pub fn tool(mut self, name: impl Into<String>) -> HttpBuilder {
        self.tool = Some(name.into());
        self
    }

    /// The certificates (PEM) that are trusted, instead of the roots of
    /// Mozilla: for networks whose proxy signs every connection anew.
    #[must_use]
    pub fn roots(mut self, pem: impl Into<Vec<u8>>) -> HttpBuilder {
        self.roots = Some(pem.into());
        self
    }

    /// The transport. Nothing is sent, and no connection made.
    ///
    /// # Errors
    ///
    /// [`is_argument`](Error::is_argument) if the proxy, the tool's name or
    /// the roots cannot be used.
    pub fn build(self) -> Result<Http, Error> {
        let proxy = match &self.proxy {
            _ if !self.host.is_tls() => None,
            None => Proxy::try_from_env(),
            // The message must not quote it: it may hold a password.
            Some(url) => Some(Proxy::new(url).map_err(|_| {
                Error::argument(
                    "proxy: expected http://name:port or https://name:port",
                )
            })?),
        };
        let tool = self.tool.map(HeaderValue::try_from).transpose();
        let tool = tool.map_err(|_| {
            Error::argument("x-tool: expected visible ASCII characters")
        })?;
        let mut tls = TlsConfig::builder();
        if let Some(pem) = &self.roots {
            tls = tls.root_certs(RootCerts::from(certificates(pem)?));
        }
        let agent_name =
            concat!("iocpack/", env!("CARGO_PKG_VERSION"), "; gzip");
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .https_only(self.host.is_tls())
            .proxy(proxy)
            .tls_config(tls.build())
            .max_idle_connections(0)
            .allow_non_standard_methods(true)
            .user_agent(agent_name)
            .accept_encoding("gzip")
            .timeout_connect(Some(Duration::from_secs(10)))
            .build();
        let sent = Arc::new(AtomicBool::new(false));
        let seal = Seal { key: self.key.clone(), sent: sent.clone() };
        let connector = DefaultConnector::default().chain(seal);
        let agent =
            Agent::with_parts(config, connector, DefaultResolver::default());
        Ok(Http {
            agent,
            host: self.host,
            key: self.key,
            tool,
            timeout: self.timeout,
            sent,
            turn: std::sync::Mutex::new(()),
        })
    }
}

impl Transport for Http {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let _turn = self
            .turn
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        self.sent.store(false, Ordering::SeqCst);
        let timeout = self.timeout(request.method);
        let built = self
            .request(request)
            .map_err(|err| TransportError::unsent(err.to_string()))?;
        let agent = &self.agent;
        let result = if request.body.is_some() {
            let built = agent.configure_request(built);
            agent.run(built.timeout_global(Some(timeout)).build())
        } else {
            let built = agent.configure_request(built.map(|_| ()));
            agent.run(built.timeout_global(Some(timeout)).build())
        };
        let response = result.map_err(|err| {
            let message = reason(&err);
            if self.sent.load(Ordering::SeqCst) {
                TransportError::lost(message)
            } else {
                TransportError::unsent(message)
            }
        })?;
        let status = response.status().as_u16();
        let retry_after = response
            .headers()
            .get(header::RETRY_AFTER)
            .map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned());
        let mut body = response.into_body();
        let read = body.with_config().limit(MOST_BODY).read_to_vec();
        let response = match read {
            Ok(mut body) => {
                hide(&mut body, &self.key);
                Response::new(status, body)
            }
            Err(_) => Response::broken(status),
        };
        Ok(match retry_after {
            Some(value) => response.with_retry_after(value),
            None => response,
        })
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http")
            .field("host", &self.host)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// The certificates of a PEM file, at least one.
fn certificates(pem: &[u8]) -> Result<Vec<Certificate<'static>>, Error> {
    let mut out = Vec::new();
    for item in parse_pem(pem) {
        match item {
            Ok(PemItem::Certificate(it)) => out.push(it),
            Ok(_) => {}
            Err(_) => {
                return Err(Error::argument("roots: expected PEM"));
            }
        }
    }
    if out.is_empty() {
        return Err(Error::argument(
            "roots: expected a certificate in PEM, found none",
        ));
    }
    Ok(out)
}

/// What went wrong, in our manner.
fn reason(err: &ureq::Error) -> String {
    match err {
        ureq::Error::HostNotFound => "no such host".into(),
        ureq::Error::Timeout(what) => format!("timed out ({what})"),
        ureq::Error::Io(err) => err.to_string().to_lowercase(),
        err => err.to_string(),
    }
}

/// Puts asterisks in the place of a key that a server, or a proxy that looks
/// for mistakes in requests, sends back.
fn hide(body: &mut [u8], key: &ApiKey) {
    let key = key.expose().as_bytes();
    let found: Vec<usize> = memchr::memmem::find_iter(body, key).collect();
    for at in found {
        body[at..at + key.len()].fill(b'*');
    }
}

const KEY_HEADER: &str = "x-apikey";

/// As long as the key.
fn mask(key: &ApiKey) -> String {
    "*".repeat(key.expose().len())
}

/// The last link before the wire: puts the key in, and sees what leaves.
struct Seal {
    key: ApiKey,
    sent: Arc<AtomicBool>,
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal")
    }
}

impl<In: wire::Transport> Connector<In> for Seal {
    type Out = Sealed<In>;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Sealed<In>>, ureq::Error> {
        // By now the connection stands, and TLS with it.
        Ok(chained.map(|inner| Sealed {
            inner,
            key: Some(self.key.clone()),
            sent: self.sent.clone(),
        }))
    }
}

struct Sealed<In> {
    inner: In,
    /// Until it has been put in.
    key: Option<ApiKey>,
    sent: Arc<AtomicBool>,
}

impl<In> fmt::Debug for Sealed<In> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed")
    }
}

impl<In: wire::Transport> wire::Transport for Sealed<In> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(
        &mut self,
        amount: usize,
        timeout: NextTimeout,
    ) -> Result<(), ureq::Error> {
        if let Some(key) = &self.key {
            let head = &mut self.inner.buffers().output()[..amount];
            let line = format!("{KEY_HEADER}: {}\r\n", mask(key));
            let at = head
                .windows(line.len())
                .position(|it| it.eq_ignore_ascii_case(line.as_bytes()));
            if let Some(at) = at {
                let at = at + KEY_HEADER.len() + 2;
                let key = key.expose().as_bytes();
                head[at..at + key.len()].copy_from_slice(key);
                self.key = None;
            }
        }
        self.sent.store(true, Ordering::SeqCst);
        let result = self.inner.transmit_output(amount, timeout);
        // The buffer is used again; what was in it need not linger.
        self.inner.buffers().output()[..amount].fill(0);
        result
    }

    fn await_input(
        &mut self,
        timeout: NextTimeout,
    ) -> Result<bool, ureq::Error> {
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
