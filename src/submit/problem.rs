//! What a server that says no has to say: the status first, then a code out
//! of an open set.

use std::fmt;

use serde::Deserialize;

use super::Response;
use crate::error::shown;

/// A response that is no success.
///
/// What is wrong is told by the status; the code only refines it, and an
/// unknown code is kept. Bodies that are no error of the API (empty, HTML, cut
/// short) leave the status and their first bytes.
///
/// ```
/// use iocpack::submit::{Code, Problem, Response};
///
/// let body = r#"{"error":{"code":"FooError","message":"no"}}"#;
/// let problem = Problem::of(&Response::new(400, body));
/// assert_eq!(problem.code(), Some(&Code::Unknown("FooError".into())));
/// assert_eq!(problem.to_string(), "400 FooError: no");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    status: u16,
    code: Option<Code>,
    message: String,
}

/// The bytes that are kept of a body that is no error of the API.
const KEPT: usize = 512;

macro_rules! codes {
    ($($name:ident $wire:literal $doc:literal,)*) => {
        /// The code of an error of the API.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $doc] $name,)*
            /// A code that is not documented, as it came.
            Unknown(String),
        }

        impl Code {
            /// The code as the API writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Code::$name => $wire,)*
                    Code::Unknown(text) => text,
                }
            }

            fn of(text: &str) -> Code {
                match text {
                    $($wire => Code::$name,)*
                    _ => Code::Unknown(shown(text.as_bytes(), 64)),
                }
            }
        }
    };
}

codes! {
    BadRequest "BadRequestError" "400: malformed.",
    InvalidArgument "InvalidArgumentError" "400: an argument is wrong.",
    NotAvailableYet "NotAvailableYet" "400: not there yet; later it will be.",
    AuthenticationRequired "AuthenticationRequiredError" "401: no key.",
    UserNotActive "UserNotActiveError" "401: the account is not active.",
    WrongCredentials "WrongCredentialsError" "401: the key is wrong.",
    Forbidden "ForbiddenError" "403: not allowed to this key.",
    NotFound "NotFoundError" "404: no such thing.",
    AlreadyExists "AlreadyExistsError" "409: it exists.",
    FailedDependency "FailedDependencyError" "424: a request it needs failed.",
    QuotaExceeded "QuotaExceededError" "429: a quota (minute, day, month).",
    TooManyRequests "TooManyRequestsError" "429: too fast.",
    Transient "TransientError" "503: may work when tried again.",
    DeadlineExceeded "DeadlineExceededError" "504: took too long.",
}

impl Problem {
    /// Reads a response that is no success.
    #[must_use]
    pub fn of(response: &Response) -> Problem {
        #[derive(Deserialize)]
        struct Body {
            error: Inner,
        }
        #[derive(Deserialize)]
        struct Inner {
            code: Option<String>,
            message: Option<String>,
        }
        let status = response.status();
        let body = response.body();
        match serde_json::from_slice(body) {
            Ok(Body { error: Inner { code, message } }) => Problem {
                status,
                code: code.as_deref().map(Code::of),
                message: shown(message.unwrap_or_default().as_bytes(), KEPT),
            },
            Err(_) => {
                Problem { status, code: None, message: shown(body, KEPT) }
            }
        }
    }

    /// The status, such as 400.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The code, if the body is an error of the API.
    #[must_use]
    pub fn code(&self) -> Option<&Code> {
        self.code.as_ref()
    }

    /// What the server says, with control characters escaped.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        if let Some(code) = &self.code {
            write!(f, " {}", code.as_str())?;
        }
        if (300..400).contains(&self.status) {
            f.write_str(" (redirects are refused)")?;
        }
        match self.message.as_str() {
            "" => Ok(()),
            message => write!(f, ": {message}"),
        }
    }
}
