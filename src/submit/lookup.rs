//! The id that VirusTotal itself gives a URL.

use super::found::Looked;
use super::{Client, Clock, Stop, Transport};
use crate::UrlId;
use crate::payload::{Method, Request};

impl<T: Transport, C: Clock> Client<'_, T, C> {
    /// The id that the server has for a URL as it is written, which tells how
    /// the server canonicalizes; `None` if it does not know the URL.
    ///
    /// It costs one request, and tells VirusTotal, and so everybody, that
    /// somebody asked for this URL.
    ///
    /// # Errors
    ///
    /// Why there is no answer.
    pub fn url_id(&mut self, url: &str) -> Result<Option<UrlId>, Stop> {
        let path = format!("/urls/{}", base64(url.as_bytes()));
        let request = Request { method: Method::Get, path, body: None };
        let response = match self.call(&request) {
            Ok(response) => response,
            Err(Stop::Rejected(problem)) if problem.status() == 404 => {
                return Ok(None);
            }
            Err(stop) => return Err(stop),
        };
        let id = Looked::read(response.body())
            .and_then(|it| UrlId::parse(&it.id).ok());
        match id {
            Some(id) => Ok(Some(id)),
            None => Err(Stop::Transient(
                "200 with a body that has no id of a URL".into(),
            )),
        }
    }
}

/// The alphabet for paths, without padding (RFC 4648, section 5).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] =
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at| chunk.get(at).map_or(0, |it| usize::from(*it));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..=chunk.len() {
            let digit = DIGITS[bits >> (18 - 6 * at) & 63];
            out.push(char::from(digit));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn a_path_takes_every_digit_and_no_padding() {
        assert_eq!(base64(b""), "");
        assert_eq!(base64(b"f"), "Zg");
        assert_eq!(base64(b"fo"), "Zm8");
        assert_eq!(base64(b"foo"), "Zm9v");
        assert_eq!(base64(&[0xfb, 0xff, 0xfe]), "-__-");
        assert_eq!(
            base64(b"https://www.virustotal.com/"),
            "aHR0cHM6Ly93d3cudmlydXN0b3RhbC5jb20v"
        );
    }
}
