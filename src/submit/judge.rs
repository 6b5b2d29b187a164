//! What an answer, or the lack of one, means for the request: the status
//! first, the code second, the body last.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Code, Problem, Response, TransportError};
use crate::payload::{Method, Request};

/// What to do next.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It is done.
    Done(Response),
    /// It was done before: what was to be removed is gone, what was to be
    /// added is there.
    Before(Problem),
    /// Too fast, or too much. The server did nothing.
    Slow(Problem, Response),
    /// It may be sent again. `untouched` if the server did nothing.
    Again { why: String, untouched: bool },
    /// The key may not.
    Denied(Problem),
    /// The server did nothing, and will not.
    Rejected(Problem),
    /// Whether it was done cannot be told, and it must not be done twice.
    Unknown(String),
}

/// Whether a request does harm when the server gets it twice. All others act
/// on sets, or set values.
pub(super) fn is_once(request: &Request) -> bool {
    is_create(request)
        || request.method == Method::Post
            && request.path.ends_with("/comments")
}

/// Whether a request creates a collection.
pub(super) fn is_create(request: &Request) -> bool {
    request.method == Method::Post && request.path == "/collections"
}

/// Whether a request adds items as descriptors.
fn is_add(request: &Request) -> bool {
    request.method == Method::Post && !is_once(request)
}

pub(super) fn judge(
    request: &Request,
    result: Result<Response, TransportError>,
) -> Verdict {
    let once = is_once(request);
    let response = match result {
        Ok(response) => response,
        Err(err) if err.is_unsent() => {
            return Verdict::Again { why: err.to_string(), untouched: true };
        }
        Err(err) => return doubt(once, err.to_string()),
    };
    let status = response.status();
    if response.is_success() {
        // The caller that creates looks for the id itself.
        if once || is_answer(request, &response) {
            return Verdict::Done(response);
        }
        return doubt(
            once,
            format!("{status} with a body that is no answer of the API"),
        );
    }
    let problem = Problem::of(&response);
    match status {
        429 => Verdict::Slow(problem, response),
        401 | 403 => Verdict::Denied(problem),
        404 if request.method == Method::Delete => Verdict::Before(problem),
        409 if is_add(request) => Verdict::Before(problem),
        400 if !once && problem.code() == Some(&Code::NotAvailableYet) => {
            Verdict::Again { why: problem.to_string(), untouched: true }
        }
        408 | 424 => doubt(once, problem.to_string()),
        300..500 => Verdict::Rejected(problem),
        _ => doubt(once, problem.to_string()),
    }
}

fn doubt(once: bool, why: String) -> Verdict {
    if once {
        Verdict::Unknown(why)
    } else {
        Verdict::Again { why, untouched: false }
    }
}

/// Whether the body of a success can be one of the API's: nothing, or JSON;
/// `data` where something is read. The page of a proxy that wants people to
/// log in is none, whatever its status.
fn is_answer(request: &Request, response: &Response) -> bool {
    #[derive(Deserialize)]
    struct Data {
        #[serde(rename = "data")]
        _data: IgnoredAny,
    }
    let body = response.body();
    if !response.is_whole() {
        return false;
    }
    match request.method {
        Method::Get => serde_json::from_slice::<Data>(body).is_ok(),
        _ => {
            body.trim_ascii().is_empty()
                || serde_json::from_slice::<IgnoredAny>(body).is_ok()
        }
    }
}
