//! The plan file: written one body at a time, read without copying bodies.

use std::borrow::Cow;
use std::io::{self, Write as _};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Plan;
use crate::Error;
use crate::payload::request::{Action, shown};
use crate::payload::{Method, Request, wire};

/// Writes `{"iocpack":{…},"requests":[…]}`.
pub(super) fn write(
    plan: &Plan<'_>,
    out: impl io::Write,
) -> Result<(), Error> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let mut head = String::from(r#"{"iocpack":{"version":"#);
    wire::string(&mut head, env!("CARGO_PKG_VERSION"));
    head.push_str(r#","digest":"#);
    wire::string(&mut head, plan.digest());
    head.push_str(r#"},"requests":["#);
    out.write_all(head.as_bytes())?;
    for (at, request) in plan.requests().enumerate() {
        let Request { method, path, body } = request;
        let mut frame = String::new();
        frame.push_str(if at > 0 { ",\n" } else { "\n" });
        frame.push_str(r#"{"method":"#);
        wire::string(&mut frame, method.as_str());
        frame.push_str(r#","path":"#);
        wire::string(&mut frame, &path);
        frame.push_str(r#","body":"#);
        out.write_all(frame.as_bytes())?;
        out.write_all(body.as_deref().unwrap_or("null").as_bytes())?;
        out.write_all(b"}")?;
    }
    out.write_all(b"\n]}\n")?;
    out.flush()?;
    Ok(())
}

/// A plan that was read. Bodies are borrowed from the file.
#[derive(Clone, Debug)]
pub(in crate::payload) struct PlanFile<'s> {
    digest: String,
    requests: Vec<FileRequest<'s>>,
}

#[derive(Clone, Debug)]
struct FileRequest<'s> {
    method: Method,
    action: Action,
    path: String,
    body: Option<&'s str>,
}

/// The file as it is written. Unknown members are refused: a misspelt `body`
/// would otherwise be a request without one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WirePlan<'s> {
    #[serde(borrow)]
    iocpack: WireHead<'s>,
    #[serde(borrow)]
    requests: Vec<WireRequest<'s>>,
}

#[derive(Deserialize)]
struct WireHead<'s> {
    #[serde(borrow, rename = "version")]
    _version: Cow<'s, str>,
    #[serde(borrow)]
    digest: &'s RawValue,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireRequest<'s> {
    #[serde(borrow)]
    method: &'s RawValue,
    #[serde(borrow)]
    path: &'s RawValue,
    #[serde(borrow)]
    body: Option<&'s RawValue>,
}

/// A file that is being read, to say where in it something is wrong.
#[derive(Clone, Copy)]
struct Reader<'s> {
    json: &'s [u8],
}

impl<'s> PlanFile<'s> {
    pub(in crate::payload) fn read(
        json: &'s [u8],
    ) -> Result<PlanFile<'s>, Error> {
        let reader = Reader { json };
        let plan: WirePlan<'s> = serde_json::from_slice(json)
            .map_err(|err| Error::syntax(format!("plan: {err}")))?;
        let digest = reader.string(plan.iocpack.digest)?;
        let is_hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        if digest.len() != 64 || !digest.bytes().all(is_hex) {
            return Err(reader.refuse(
                plan.iocpack.digest,
                "expected 64 lower-case hex digits",
                &digest,
            ));
        }
        let mut requests = Vec::with_capacity(plan.requests.len());
        let mut creates = false;
        for (at, request) in plan.requests.into_iter().enumerate() {
            let read = reader.request(&request, at == 0, creates)?;
            creates |= read.action == Action::Create;
            requests.push(read);
        }
        Ok(PlanFile { digest: digest.into_owned(), requests })
    }

    pub(super) fn request(&self, at: usize) -> Option<Request> {
        let request = self.requests.get(at)?;
        Some(Request {
            method: request.method,
            path: request.path.clone(),
            body: request.body.map(str::to_owned),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.requests.len()
    }

    pub(super) fn digest(&self) -> &str {
        &self.digest
    }

    /// What each request does, with its body.
    pub(in crate::payload) fn bodies(
        &self,
    ) -> impl Iterator<Item = (Action, &'s str)> + '_ {
        self.requests.iter().filter_map(|it| Some((it.action, it.body?)))
    }
}

impl<'s> Reader<'s> {
    fn request(
        self,
        request: &WireRequest<'s>,
        is_first: bool,
        creates: bool,
    ) -> Result<FileRequest<'s>, Error> {
        let name = self.string(request.method)?;
        let Some(method) = Method::from_name(&name) else {
            return Err(self.refuse(
                request.method,
                "expected POST, PATCH or DELETE",
                &name,
            ));
        };
        let path = self.string(request.path)?;
        let Some((action, placeholder)) = Action::of(method, &path) else {
            let what =
                format!("expected a path that a collection has for {method}");
            return Err(self.refuse(request.path, &what, &path));
        };
        if action == Action::Create && !is_first {
            return Err(self.refuse(
                request.path,
                "expected a collection to be created by the first request \
                 only",
                &path,
            ));
        }
        if placeholder && !creates {
            return Err(self.refuse(
                request.path,
                "expected an id, since no request before creates a \
                 collection",
                &path,
            ));
        }
        let body = match request.body {
            Some(body) if action == Action::Delete => {
                return Err(self.refuse(body, "expected no body", body.get()));
            }
            Some(body) if !body.get().starts_with('{') => {
                return Err(self.refuse(
                    body,
                    "expected an object as body",
                    body.get(),
                ));
            }
            None if action != Action::Delete => {
                return Err(self.refuse(
                    request.path,
                    "expected a body",
                    &path,
                ));
            }
            body => body.map(RawValue::get),
        };
        if let Some(body) = body
            && body.len() > crate::payload::Options::BYTES_CAP
        {
            return Err(Error::limit(format!(
                "plan: expected a body of at most {} bytes, found {}",
                crate::payload::Options::BYTES_CAP,
                body.len()
            )));
        }
        Ok(FileRequest { method, action, path: path.into_owned(), body })
    }

    fn string(self, value: &'s RawValue) -> Result<Cow<'s, str>, Error> {
        #[derive(Deserialize)]
        struct Text<'s>(#[serde(borrow)] Cow<'s, str>);
        match serde_json::from_str::<Text<'s>>(value.get()) {
            Ok(text) => Ok(text.0),
            Err(_) => {
                Err(self.refuse(value, "expected a string", value.get()))
            }
        }
    }

    fn refuse(self, at: &'s RawValue, what: &str, found: &str) -> Error {
        // A raw value is a slice of the file.
        let start = at.get().as_ptr() as usize - self.json.as_ptr() as usize;
        let before = &self.json[..start.min(self.json.len())];
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let column = before.len() - line_start + 1;
        Error::syntax(format!(
            "plan: {what}, found `{}` at line {line} column {column}",
            shown(found)
        ))
    }
}
