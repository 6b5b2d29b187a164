//! Values in a URL that let somebody in: keys, sessions, signatures, reset
//! and invitation links.
//!
//! A URL of malware is full of random text as well: paths, campaign ids,
//! hashes, parameters of a gate. What tells them apart is the name of a
//! parameter, the word in the path before a value, and the form of the value,
//! in this order. Only a very long random value is enough by itself.

use super::parts::{Parts, base64, decode, is_text};
use super::shape::{
    Shape, is_mixed, is_name, is_random, is_scrambled, is_uuid, is_word_like,
};

/// Names of parameters, without anything but letters and digits, in lower
/// case, whose value is a secret wherever it stands.
const SECRET_NAMES: &[&str] = &[
    "accesskey",
    "accesskeyid",
    "actcode",
    "activationcode",
    "activationkey",
    "apikey",
    "appkey",
    "authcode",
    "authkey",
    "authorization",
    "authuserkey",
    "awsaccesskeyid",
    "bearer",
    "cfid",
    "confirmationcode",
    "confirmcode",
    "cookie",
    "credential",
    "credentials",
    "googleaccessid",
    "hmac",
    "invitationcode",
    "invitecode",
    "invitekey",
    "jsessionid",
    "jwt",
    "licensekey",
    "loginkey",
    "magiclink",
    "oauthverifier",
    "oobcode",
    "otp",
    "phpsessid",
    "privatekey",
    "recoverycode",
    "resetcode",
    "resetkey",
    "resourcekey",
    "rlkey",
    "samlart",
    "samlrequest",
    "samlresponse",
    "sas",
    "secretkey",
    "sess",
    "sessid",
    "sessionkey",
    "sharekey",
    "sig",
    "subscriptionkey",
    "verificationcode",
    "verifycode",
    "viewkey",
    "xamzcredential",
    "xgoogcredential",
    "authhash",
    "guestkey",
    "hdnea",
    "hdntl",
    "hdnts",
    "tempauth",
];

/// Ends of names that are secret as well: `csrf_token`, `oauth_signature`.
const SECRET_ENDS: &[&str] =
    &["token", "signature", "secret", "apikey", "sessionid", "authkey"];

/// Names of passwords: any value of four characters is one.
const PASSWORD_NAMES: &[&str] = &[
    "pass",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "pwd",
    "userpass",
    "userpwd",
];

/// Names that mean a secret when the value looks like one, with the shortest
/// such value.
const LIKELY_NAMES: &[(&str, usize)] = &[
    ("activate", 8),
    ("activation", 8),
    ("asset", 24),
    ("auth", 8),
    ("authuser", 16),
    ("challenge", 16),
    ("code", 10),
    ("codechallenge", 16),
    ("confirm", 8),
    ("confirmation", 8),
    ("continuation", 24),
    ("csrf", 10),
    ("invitation", 6),
    ("invite", 6),
    ("invitehash", 8),
    ("inviteid", 8),
    ("key", 12),
    ("login", 16),
    ("magic", 8),
    ("nonce", 12),
    ("passkey", 8),
    ("recover", 8),
    ("relaystate", 20),
    ("reset", 6),
    ("session", 8),
    ("sessiondata", 16),
    ("share", 12),
    ("sid", 10),
    ("state", 16),
    ("ticket", 10),
    ("tok", 8),
    ("unsub", 10),
    ("unsubscribe", 10),
    ("verification", 8),
    ("verify", 8),
    ("wpnonce", 8),
    ("xsrf", 10),
];

/// Ends of names that mean a secret when the value is a random one of at
/// least so many characters: `link_key`, `user_session`, `login_code`.
const LIKELY_ENDS: &[(&str, usize)] =
    &[("key", 12), ("code", 16), ("session", 8), ("sid", 16)];

/// Values of a parameter such as `pass` that say what to do.
const PASSWORD_WORDS: &[&str] =
    &["change", "expired", "false", "forgot", "none", "null", "reset", "true"];

/// Names of what advertising and campaigns put into URLs: long random values
/// that open nothing.
const CAMPAIGN_NAMES: &[&str] = &[
    "adgroupid",
    "adid",
    "affid",
    "affiliate",
    "bannerid",
    "campaign",
    "campaignid",
    "cid",
    "clickid",
    "creativeid",
    "dclid",
    "fbclid",
    "gad",
    "gbraid",
    "gclid",
    "igshid",
    "mccid",
    "mceid",
    "msclkid",
    "ref",
    "subid",
    "trackid",
    "tracking",
    "ttclid",
    "twclid",
    "wbraid",
    "yclid",
    "zoneid",
];

/// Words of a path segment after which a value, in the path or the query, is
/// what a person got by mail.
const MAILED_WORDS: &[&str] = &[
    "activate",
    "activation",
    "chooser",
    "confirm",
    "confirmation",
    "forgot",
    "forgotten",
    "invitation",
    "invitations",
    "invite",
    "invited",
    "invites",
    "magic",
    "magiclink",
    "onetime",
    "optout",
    "passwd",
    "password",
    "passwordreset",
    "passwords",
    "passwordless",
    "pwreset",
    "recover",
    "recovery",
    "reset",
    "resetpassword",
    "resets",
    "setpassword",
    "share",
    "shared",
    "sharing",
    "unsub",
    "unsubscribe",
    "verification",
    "verifyemail",
    "abmelden",
    "einladung",
    "motdepasse",
    "passwort",
    "secret",
    "secrets",
];

/// Words of a path segment after which a long value in the path is a secret.
const SHARED_WORDS: &[&str] = &[
    "access",
    "accept",
    "auth",
    "callback",
    "enroll",
    "guest",
    "join",
    "oauth",
    "oauth2",
    "onboarding",
    "private",
    "register",
    "registration",
    "saml",
    "session",
    "sessions",
    "sso",
    "token",
    "tokens",
    "verify",
    "webhook",
    "webhooks",
    "esign",
    "sign",
    "signing",
    "welcome",
];

/// Keys that say what they are: prefix, shortest whole, and whose they are.
const PREFIXES: &[(&str, usize, &str)] = &[
    ("AIza", 35, "Google API key"),
    ("AKIA", 20, "AWS access key"),
    ("ASIA", 20, "AWS access key"),
    ("EAAC", 40, "Facebook access token"),
    ("GHSAT0", 20, "GitHub raw token"),
    ("SG.", 40, "SendGrid key"),
    ("cs_live_", 20, "Stripe checkout session"),
    ("cs_test_", 20, "Stripe checkout session"),
    ("dop_v1_", 40, "DigitalOcean token"),
    ("gho_", 36, "GitHub token"),
    ("ghp_", 36, "GitHub token"),
    ("ghs_", 36, "GitHub token"),
    ("ghu_", 36, "GitHub token"),
    ("github_pat_", 36, "GitHub token"),
    ("glpat-", 20, "GitLab token"),
    ("hf_", 30, "Hugging Face token"),
    ("npm_", 36, "npm token"),
    ("pk_live_", 20, "Stripe key"),
    ("pypi-", 40, "PyPI token"),
    ("rk_live_", 20, "Stripe key"),
    ("shpat_", 32, "Shopify token"),
    ("sk-", 32, "API secret key"),
    ("sk_live_", 20, "Stripe key"),
    ("sk_test_", 20, "Stripe key"),
    ("xapp-", 20, "Slack token"),
    ("xoxa-", 20, "Slack token"),
    ("xoxb-", 20, "Slack token"),
    ("xoxp-", 20, "Slack token"),
    ("xoxs-", 20, "Slack token"),
    ("ya29.", 20, "Google access token"),
];

/// Names under which malware sends what it found, and pages name things.
const GATE_NAMES: &[&str] = &[
    "b", "body", "bot", "botid", "cmd", "content", "d", "data", "enc", "id",
    "info", "log", "msg", "param", "params", "payload", "post", "q", "query",
    "report", "req", "request", "task",
];

/// Shortest random value that is held whatever its name.
const LONG: usize = 40;
/// The same for a parameter of a script such as `gate.php`, or with such a
/// name.
const LONG_IN_GATE: usize = 72;
/// The same for a value in padded base64: an encoded message more often than
/// a token, which is made to be put in URLs.
const LONG_PADDED: usize = 128;

/// What in the URL looks like a token; the text names it, not its value.
pub(super) fn token(parts: Parts<'_>) -> Option<String> {
    by_name(parts)
        .or_else(|| by_form(parts))
        .or_else(|| by_place(parts))
        .or_else(|| by_expiry(parts))
        .or_else(|| by_length(parts))
}

/// A parameter whose name says that its value is a secret.
fn by_name(parts: Parts<'_>) -> Option<String> {
    let mut has_state = None;
    let mut is_answer = || {
        *has_state.get_or_insert_with(|| {
            parts.params().any(|(name, _)| {
                matches!(&*squeeze(name), "state" | "scope" | "sessionstate")
            })
        })
    };
    for (name, value) in parts.params().filter(|(name, _)| !name.is_empty()) {
        let squeezed = squeeze(name);
        let value = decode(value);
        let found = is_secret(&squeezed, &value)
            || squeezed == "code" && value.len() >= 6 && is_answer();
        if found {
            return Some(format!(
                "the value of the parameter `{}`",
                super::quote(name)
            ));
        }
    }
    None
}

fn is_secret(name: &str, value: &str) -> bool {
    let password = ["password", "passwd"].iter().any(|e| name.ends_with(e));
    if password || PASSWORD_NAMES.contains(&name) {
        return value.len() >= 4 && !PASSWORD_WORDS.contains(&value);
    }
    let secret = SECRET_NAMES.contains(&name)
        || name.starts_with("aspsessionid")
        || SECRET_ENDS.iter().any(|end| name.ends_with(end));
    if secret {
        return value.len() >= 6 && !is_word_like(value);
    }
    let shortest = LIKELY_NAMES.iter().find(|(likely, _)| *likely == name);
    if let Some(&(_, len)) = shortest {
        return value.len() >= len && is_mixed(value);
    }
    LIKELY_ENDS.iter().any(|&(end, len)| {
        name.ends_with(end) && value.len() >= len && is_random(value)
    })
}

/// Letters and digits only, in lower case: `X-Amz-Signature`,
/// `user[accessToken]` and `access_token` become comparable. What stands in
/// brackets is the name where something does.
fn squeeze(name: &str) -> String {
    let name = decode(name);
    let inner = name
        .split_once('[')
        .and_then(|(_, inner)| inner.split(']').next())
        .filter(|inner| !inner.is_empty())
        .unwrap_or(&name);
    let name = inner.strip_prefix("amp;").unwrap_or(inner);
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// A value that says what it is: a JWT, a key with a vendor's prefix, a
/// session of ASP.NET or of a bot.
fn by_form(parts: Parts<'_>) -> Option<String> {
    let text = decode(parts.rest);
    if has_jwt(&text) {
        return Some("a JSON web token (RFC 7519)".to_owned());
    }
    let ends = ['/', '?', '&', ';', '=', '#', ':', ',', '|', ' '];
    for piece in text.split(ends) {
        let key = PREFIXES.iter().find(|(prefix, len, _)| {
            piece.len() >= *len
                && piece.starts_with(prefix)
                && piece.bytes().all(is_token_byte)
        });
        if let Some((prefix, _, whose)) = key {
            return Some(format!("a {whose} (`{prefix}…`)"));
        }
        if piece.len() > 20 && piece.starts_with("(S(") {
            return Some("a session in the path (ASP.NET)".to_owned());
        }
        let digits = piece.strip_prefix("cpsess").unwrap_or_default();
        if digits.len() >= 8 && digits.bytes().all(|b| b.is_ascii_digit()) {
            return Some("a session in the path (cPanel)".to_owned());
        }
    }
    let bot = text.split('/').any(|segment| {
        segment.strip_prefix("bot").is_some_and(|rest| {
            rest.split_once(':').is_some_and(|(id, key)| {
                id.len() >= 6
                    && id.bytes().all(|b| b.is_ascii_digit())
                    && key.len() >= 20
            })
        })
    });
    bot.then(|| "the key of a bot (`bot…:…`)".to_owned())
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)
}

/// Whether the text holds `eyJ….….…`: base64 of `{"` and two dots. The
/// signature may be missing (RFC 7519, section 6).
fn has_jwt(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(at) = memchr::memmem::find(&bytes[from..], b"eyJ") {
        let start = from + at;
        let run =
            bytes[start..].iter().take_while(|&&b| is_token_byte(b)).count();
        let mut parts = text[start..start + run].split('.');
        let long = |part: Option<&str>| part.is_some_and(|p| p.len() >= 8);
        if long(parts.next()) && long(parts.next()) && parts.next().is_some() {
            return true;
        }
        from = start + run;
    }
    false
}

/// A random value after a word of the path that stands before such values.
fn by_place(parts: Parts<'_>) -> Option<String> {
    let mut mailed = None;
    let mut shared = None;
    for (at, segment) in parts.segments().enumerate() {
        let segment = decode(segment);
        if is_asset(&segment) {
            continue;
        }
        if let Some((word, _)) = mailed
            && (is_opener(&segment, 8) || is_scrambled(&segment))
        {
            return Some(after_word(word));
        }
        if let Some((word, seen)) = shared
            && at <= seen + 2
            && is_opener(&segment, 20)
        {
            return Some(after_word(word));
        }
        let mailed_word = word_of(&segment, MAILED_WORDS);
        let shared_word = word_of(&segment, SHARED_WORDS);
        // `private-0123…`: the value stands in the segment of the word.
        if let Some(word) = mailed_word.or(shared_word)
            && pieces(&segment).any(|piece| is_opener(piece, 20))
        {
            return Some(after_word(word));
        }
        mailed = mailed_word.map(|word| (word, at)).or(mailed);
        shared = shared_word.map(|word| (word, at)).or(shared);
    }
    let (word, _) = mailed?;
    let opens = |(name, value): (&str, &str)| {
        let name = squeeze(name);
        let value = decode(value);
        let pin = matches!(&*name, "code" | "pin")
            && value.len() >= 4
            && value.bytes().all(|b| b.is_ascii_digit());
        pin || !CAMPAIGN_NAMES.contains(&&*name) && is_opener(&value, 10)
    };
    parts.params().any(opens).then(|| after_word(word))
}

/// A value in a link that expires: what is signed by hand, `md5=…&expires=…`.
fn by_expiry(parts: Parts<'_>) -> Option<String> {
    let expires = parts.params().any(|(name, value)| {
        let name = squeeze(name);
        // `e` is what nginx's secure_link is mostly given.
        matches!(&*name, "expires" | "expiry" | "expire" | "exp" | "e")
            && value.len() >= 8
            && value.bytes().all(|b| b.is_ascii_digit())
    });
    if !expires {
        return None;
    }
    let mut values = parts.params();
    values
        .any(|(_, value)| is_opener(&decode(value), 16))
        .then(|| "a random value in a link that expires".to_owned())
}

fn after_word(word: &str) -> String {
    format!("a random value after `{word}` in the path")
}

/// Whether a value could open something: a UUID, at least `len` random
/// letters and digits, or 16 of them between marks.
fn is_opener(value: &str, len: usize) -> bool {
    is_uuid(value)
        || value.len() >= len && is_random(value)
        || pieces(value)
            .any(|piece| piece.len() >= len.max(16) && is_random(piece))
}

/// Whether a segment is a file of a page, whose name often holds a hash.
fn is_asset(segment: &str) -> bool {
    let end = segment.rsplit_once('.').map_or("", |(_, end)| end);
    matches!(
        end,
        "css" | "gif" | "ico" | "jpg" | "js" | "map" | "png" | "svg" | "woff2"
    )
}

/// What stands between the marks of a value.
fn pieces(value: &str) -> impl Iterator<Item = &str> {
    value.split(['-', '_', '.', '~', ':'])
}

/// The word of the list that is a word of the segment: `reset` in
/// `password-reset.php`.
fn word_of(segment: &str, list: &[&'static str]) -> Option<&'static str> {
    if segment.len() > 64 {
        return None;
    }
    let lower = segment.to_ascii_lowercase();
    let is_end = |c: char| !c.is_ascii_alphanumeric();
    lower
        .split(is_end)
        .filter(|word| !word.is_empty())
        .find_map(|word| list.iter().find(|listed| **listed == word).copied())
        .or_else(|| {
            let squeezed: String =
                lower.chars().filter(|c| !is_end(*c)).collect();
            list.iter().find(|listed| **listed == squeezed).copied()
        })
}

/// A random value so long that it guards something, whatever its name. Over
/// plain http nothing is guarded by the path alone.
fn by_length(parts: Parts<'_>) -> Option<String> {
    if parts.is_https {
        let folder = parts.path.ends_with('/');
        let mut segments = parts.segments().peekable();
        while let Some(segment) = segments.next() {
            let segment = decode(segment);
            // Loaders keep their pages in folders with long random names,
            // `/wp-admin/obXy…Tolb6/`, on sites that others own; no service
            // ends a link so, unless the name is base64url.
            let folder = folder
                && segments.peek().is_none()
                && !segment.contains(['-', '_']);
            if !folder && !is_asset(&segment) && is_long_random(&segment, LONG)
            {
                return Some("a long random path segment".to_owned());
            }
        }
    }
    let in_script = parts.segments().last().is_some_and(|last| {
        [".php", ".asp", ".aspx", ".jsp", ".cgi", ".pl"]
            .iter()
            .any(|end| last.ends_with(end))
    });
    for (name, value) in parts.params() {
        let name_is = squeeze(name);
        if CAMPAIGN_NAMES.contains(&&*name_is) || name_is.starts_with("utm") {
            continue;
        }
        let gate = in_script || GATE_NAMES.contains(&&*name_is);
        let least = if gate { LONG_IN_GATE } else { LONG };
        if is_long_random(&decode(value), least) {
            return Some(format!(
                "the long random value of the parameter `{}`",
                super::quote(name)
            ));
        }
    }
    None
}

fn is_long_random(value: &str, least: usize) -> bool {
    if is_name(value) {
        return false;
    }
    let padded = value.ends_with('=') || value.contains(['+', '/', ' ']);
    let least = if padded { least.max(LONG_PADDED) } else { least };
    if value.len() < least {
        return false;
    }
    let random = match Shape::of(value) {
        // Up to 64 digits it may be a file's hash, 128 is SHA-512.
        Shape::Hex => value.len() > 64 && value.len() != 128,
        Shape::Base36 => value.len() >= least.max(48) && is_random(value),
        Shape::Base64 => is_random(value),
        Shape::Other => false,
    };
    // What decodes to a text is a message, not a key.
    random && !base64(value).is_some_and(|bytes| is_text(&bytes))
}
