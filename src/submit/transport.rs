//! What carries a request, and what comes back.

use std::fmt;

use crate::payload::Request;

/// Carries one request to the server, once.
///
/// The one trait that strangers implement: another HTTP client, a recording,
/// a test. It adds the host, the key and the headers; it neither waits nor
/// repeats, and follows no redirect.
pub trait Transport {
    /// The response, whatever its status.
    ///
    /// # Errors
    ///
    /// A [`TransportError`] when there is none, which must tell whether the
    /// server may have got the request: a request that creates is not sent
    /// again if it may.
    fn send(&self, request: &Request) -> Result<Response, TransportError>;
}

impl<T: Transport + ?Sized> Transport for &T {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        (**self).send(request)
    }
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        (**self).send(request)
    }
}

/// What a server answered: a status, and perhaps a body.
///
/// ```
/// use iocpack::submit::Response;
///
/// let response = Response::new(429, "").with_retry_after("7");
/// assert_eq!(response.status(), 429);
/// assert!(!response.is_success());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    status: u16,
    retry_after: Option<String>,
    body: Vec<u8>,
    whole: bool,
}

impl Response {
    /// A response with a body that was read to its end.
    #[must_use]
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Response {
        Response { status, retry_after: None, body: body.into(), whole: true }
    }

    /// A response whose body broke off, did not unpack or was too long.
    #[must_use]
    pub fn broken(status: u16) -> Response {
        Response { whole: false, ..Response::new(status, Vec::new()) }
    }

    /// The same with the header `retry-after`.
    #[must_use]
    pub fn with_retry_after(mut self, value: impl Into<String>) -> Response {
        self.retry_after = Some(value.into());
        self
    }

    /// The status, such as 200.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Whether the status is one from 200 to 299.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The header `retry-after`, as it came.
    #[must_use]
    pub fn retry_after(&self) -> Option<&str> {
        self.retry_after.as_deref()
    }

    /// The body; empty if it is not [whole](Response::is_whole).
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Whether the body was read to its end.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.whole
    }
}

/// Why there is no response.
///
/// ```
/// use iocpack::submit::TransportError;
///
/// assert!(TransportError::unsent("connection refused").is_unsent());
/// assert!(!TransportError::lost("connection reset").is_unsent());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportError {
    unsent: bool,
    message: String,
}

impl TransportError {
    /// No byte of the request has left: no such host, connection refused, a
    /// certificate that is not trusted.
    #[must_use]
    pub fn unsent(message: impl Into<String>) -> TransportError {
        TransportError { unsent: true, message: message.into() }
    }

    /// The request, or a part of it, has left, and the answer is lost.
    #[must_use]
    pub fn lost(message: impl Into<String>) -> TransportError {
        TransportError { unsent: false, message: message.into() }
    }

    /// Whether the server cannot have got the request.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        self.unsent
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TransportError {}
