//! A dotted run: labels with dots, or with what stands for dots, between
//! them. The grammar of names and of IPv4 addresses in text.
//!
//! ```text
//! run   = label 1*( dot label )
//! label = 1*( ALPHA / DIGIT / "-" / "_" / character beyond ASCII )
//! dot   = any mark of `refang`; weak marks only all of one form
//! ```
//!
//! A run is read once, from its first label to its last; whatever becomes of
//! it, no dot of it starts another run.

use super::chars::{
    before, byte, char_at, char_before, is_hidden, is_label_char, is_unspaced,
};
use super::escape::past_escape;
use crate::refang::{
    Form, Weak, dot_at, is_label, opens_foreign, past_control,
};

/// Longest run that is read as one, in bytes. A name has at most 253 bytes
/// and 127 labels; with each dot as ` [dot] ` that is about 1,000.
pub(super) const MAX_RUN: usize = 1024;
/// Longest label that is read, in bytes: 63 in A-labels, which stand for at
/// most 63 characters of 4 bytes; anything longer is too long.
pub(super) const MAX_LABEL: usize = 256;

/// The middle dot, of which word processors make bullets. Names hold it only
/// between letters: `col·legi`.
const BULLET: &[u8] = "\u{b7}".as_bytes();

/// A dotted run in a text.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Start and end of the first label.
    pub(super) first: (usize, usize),
    /// Start and end of the last label.
    pub(super) last: (usize, usize),
    pub(super) labels: usize,
    /// Dots of each sort.
    pub(super) plain: usize,
    pub(super) strong: usize,
    pub(super) foreign: usize,
    pub(super) weak: Option<Weak>,
    /// Every byte is ASCII.
    pub(super) ascii: bool,
    /// A small letter stands somewhere; a capital does.
    pub(super) lower: bool,
    pub(super) upper: bool,
    /// Every label is digits only.
    pub(super) numeric: bool,
    /// A label of at least 32 hex digits is there.
    pub(super) long_hex: bool,
    /// Underscores stand in some label.
    pub(super) underscore: bool,
    /// Characters that cannot be seen stand inside.
    pub(super) hidden: bool,
    /// The run goes on past [`MAX_RUN`], or a label past [`MAX_LABEL`].
    pub(super) too_long: bool,
}

impl Run {
    /// Whether a mark stands for a dot, so that somebody meant an indicator.
    pub(super) fn is_defanged(&self) -> bool {
        self.strong + self.foreign > 0 || self.weak.is_some()
    }

    /// Whether the text of the run is its refanged form.
    pub(super) fn is_verbatim(&self) -> bool {
        !self.is_defanged() && !self.hidden
    }

    /// Writes the refanged run in lower case; how many bytes it has. The run
    /// is ASCII and no longer than `out`.
    pub(super) fn lower_into(&self, text: &[u8], out: &mut [u8]) -> usize {
        let raw = &text[self.start..self.end];
        if self.is_verbatim() {
            let out = &mut out[..raw.len()];
            out.copy_from_slice(raw);
            if self.upper {
                out.make_ascii_lowercase();
            }
            return raw.len();
        }
        let mut clean = Vec::with_capacity(raw.len());
        self.refanged(text, &mut clean);
        clean.make_ascii_lowercase();
        out[..clean.len()].copy_from_slice(&clean);
        clean.len()
    }

    /// Appends the refanged run to `out`.
    pub(super) fn refanged(&self, text: &[u8], out: &mut Vec<u8>) {
        let mut at = self.start;
        while at < self.end {
            if let Some(dot) = self.dot(text, at)
                && at > self.start
            {
                out.push(b'.');
                at += dot;
                continue;
            }
            match char_at(text, at) {
                Some((c, len)) if len > 1 => {
                    if !is_hidden(c) {
                        out.extend_from_slice(&text[at..at + len]);
                    }
                    at += len;
                }
                _ => {
                    out.push(text[at]);
                    at += 1;
                }
            }
        }
    }

    /// Bytes of the mark at `at`, as this run reads marks.
    fn dot(&self, text: &[u8], at: usize) -> Option<usize> {
        if text[at].is_ascii_alphanumeric() && self.weak.is_none() {
            return None;
        }
        let dot = dot_at(text, at)?;
        accepts(dot.form, self.weak).then_some(dot.len)
    }

    /// The run without its last labels, up to `end`, the end of a label.
    pub(super) fn cut(&self, text: &[u8], end: usize) -> Option<Run> {
        let cut = Reader { text, weak: self.weak, limit: end };
        cut.read(self.start)
    }
}

/// Whether a run that reads the weak form `weak`, or none, reads `form`.
fn accepts(form: Form, weak: Option<Weak>) -> bool {
    match (form, weak) {
        (Form::Weak(form), Some(weak)) => form == weak,
        (Form::Weak(_), None) | (_, Some(_)) => false,
        (_, None) => true,
    }
}

/// The run whose first dot stands at or around `anchor`. No label starts
/// before `floor`, and no run of weak marks has one before `weak_floor`.
pub(super) fn run_at(
    text: &[u8],
    anchor: usize,
    floor: usize,
    weak_floor: usize,
) -> Option<Run> {
    let (label_end, form) = mark_around(text, anchor, floor)?;
    let weak = match form {
        Form::Weak(_) if anchor < weak_floor => return None,
        Form::Weak(weak) => Some(weak),
        _ => None,
    };
    let start = label_start(text, label_end, floor);
    if start == label_end {
        return None;
    }
    Reader { text, weak, limit: text.len() }.read(start)
}

/// The mark at `anchor`, or one of which `anchor` is an inner byte: where it
/// starts, and its form.
fn mark_around(
    text: &[u8],
    anchor: usize,
    floor: usize,
) -> Option<(usize, Form)> {
    let mut at = anchor;
    // A mark is at most four characters before its dot: ` [[.`.
    for _ in 0..=4 {
        if at <= floor {
            return None;
        }
        let left = text[at - 1];
        let mut step = 1;
        let mut label = is_label(left);
        let mut opens = matches!(
            left,
            b' ' | b'['
                | b'('
                | b'{'
                | b'<'
                | b'\\'
                | b'^'
                | b'\''
                | b'"'
                | b'|'
                | b']'
                | b'-'
                | b'_'
        );
        if left >= 0x80
            && let Some((c, len)) = char_before(text, at)
        {
            opens = opens_foreign(&text[at - len..at]);
            label = !opens && is_label_char(c);
            step = len;
        }
        if label && let Some(dot) = dot_at(text, at) {
            return (at + dot.len > anchor).then_some((at, dot.form));
        }
        // Only characters that marks are made of stand between.
        if !opens {
            return None;
        }
        at = at.checked_sub(step)?;
    }
    None
}

/// Where the label that ends at `end` starts.
fn label_start(text: &[u8], end: usize, floor: usize) -> usize {
    let floor = floor.max(end.saturating_sub(MAX_LABEL));
    let mut at = end;
    let mut ascii_seen = false;
    while at > floor {
        let b = text[at - 1];
        if b < 0x80 {
            if !is_label(b) {
                break;
            }
            // `xDOTyDOTz`: the anchor was the first mark.
            at -= 1;
            ascii_seen = true;
            continue;
        }
        let Some((c, len)) = char_before(text, at) else { break };
        if at - len < floor || !is_label_char(c) {
            break;
        }
        // `请访问evil.com`: prose without spaces touches the name.
        if ascii_seen && is_unspaced(c) {
            break;
        }
        at -= len;
    }
    // Nor is the end of a control sequence, or of an escape.
    if let Some(past) =
        past_control(text, at).or_else(|| past_escape(text, at))
    {
        at = past.min(end);
    }
    // A bullet or an option's dashes are no part of the name.
    while at < end {
        match text[at..end].strip_prefix(BULLET) {
            Some(_) => at += BULLET.len(),
            None if text[at] == b'-' => at += 1,
            None => break,
        }
    }
    // A byte-order mark or a zero-width space before the name.
    while at < end
        && let Some((c, len)) = char_at(text, at)
        && is_hidden(c)
    {
        at += len;
    }
    at
}

struct Reader<'t> {
    text: &'t [u8],
    weak: Option<Weak>,
    /// No byte at or past this one is read as part of the run.
    limit: usize,
}

impl Reader<'_> {
    fn read(&self, start: usize) -> Option<Run> {
        let text = self.text;
        let mut run = Run {
            start,
            end: start,
            first: (start, start),
            last: (start, start),
            labels: 0,
            plain: 0,
            strong: 0,
            foreign: 0,
            weak: self.weak,
            ascii: true,
            lower: false,
            upper: false,
            numeric: true,
            long_hex: false,
            underscore: false,
            hidden: false,
            too_long: false,
        };
        let mut at = start;
        loop {
            let label_start = at;
            at = self.label(at, &mut run);
            if at == label_start {
                break;
            }
            if at - label_start > MAX_LABEL {
                run.too_long = true;
            }
            run.last = (label_start, at);
            run.end = at;
            if run.labels == 0 {
                run.first = run.last;
            }
            run.labels += 1;
            if at - start > MAX_RUN || run.too_long {
                run.too_long = true;
                break;
            }
            if at >= self.limit {
                break;
            }
            let Some(dot) = dot_at(text, at) else { break };
            if !accepts(dot.form, self.weak) || at + dot.len >= self.limit {
                break;
            }
            match dot.form {
                Form::Plain => run.plain += 1,
                Form::Strong => run.strong += 1,
                Form::Open => {
                    // `framework (see[.NET])`: the bracket closes later.
                    if closes_after_label(text, at + dot.len) {
                        break;
                    }
                    run.strong += 1;
                }
                Form::Foreign => {
                    // `evil.com。これ`: the end of a sentence.
                    let foreign = byte(text, at + dot.len) >= 0x80;
                    if foreign && text[at - 1] < 0x80 {
                        break;
                    }
                    run.foreign += 1;
                }
                Form::Weak(_) => {}
            }
            at += dot.len;
        }
        let (start, end) = self.trimmed(&run);
        if (start, end) != (run.start, run.end) {
            // What was trimmed counted: `192.0.2.1->192.0.2.2`.
            let rest = Reader { limit: end, ..*self }.read(start)?;
            return Some(Run { hidden: run.hidden, ..rest });
        }
        (run.labels > 1).then_some(run)
    }

    /// Reads one label from `at`; where it ends.
    fn label(&self, mut at: usize, run: &mut Run) -> usize {
        let text = self.text;
        let start = at;
        let mut digits = true;
        // Where the hex digits that end here start.
        let mut hex = start;
        let stop = self.limit.min(text.len()).min(start + MAX_LABEL + 1);
        while at < stop {
            let b = text[at];
            match b {
                b'0'..=b'9' => {}
                b'a'..=b'z' => {
                    run.lower = true;
                    digits = false;
                    if b > b'f' {
                        run.long_hex |= at - hex >= 32;
                        hex = at + 1;
                    }
                }
                b'A'..=b'Z' => {
                    if self.weak == Some(Weak::Glued)
                        && at > start
                        && dot_at(text, at).is_some()
                    {
                        break;
                    }
                    run.upper = true;
                    digits = false;
                    if b > b'F' {
                        run.long_hex |= at - hex >= 32;
                        hex = at + 1;
                    }
                }
                b'-' | b'_' => {
                    if self.weak == Some(Weak::Dashed)
                        && at > start
                        && dot_at(text, at).is_some()
                    {
                        break;
                    }
                    run.underscore |= b == b'_';
                    digits = false;
                    run.long_hex |= at - hex >= 32;
                    hex = at + 1;
                }
                0x80.. => {
                    let Some((c, len)) = char_at(text, at) else { break };
                    if !is_label_char(c) || at + len > stop {
                        break;
                    }
                    if is_hidden(c) {
                        run.hidden = true;
                    } else if is_unspaced(c)
                        && at > start
                        && text[at - 1] < 0x80
                        && run.labels > 0
                    {
                        // `evil.com查看`: prose touches the name.
                        break;
                    } else {
                        run.ascii = false;
                        digits = false;
                    }
                    run.long_hex |= at - hex >= 32;
                    hex = at + len;
                    at += len;
                    continue;
                }
                _ => break,
            }
            at += 1;
        }
        if at > start {
            run.numeric &= digits;
            run.long_hex |= at - hex.min(at) >= 32;
        }
        at
    }

    /// The bounds of `run` without the markup around it: `_name.example_`,
    /// `name.example-`.
    fn trimmed(&self, run: &Run) -> (usize, usize) {
        let text = self.text;
        let (start, mut end) = run.last;
        while end > start {
            if matches!(text[end - 1], b'-' | b'_') {
                end -= 1;
                continue;
            }
            // A zero-width space after the name.
            match char_before(text, end) {
                Some((c, len)) if is_hidden(c) => end -= len,
                _ => break,
            }
        }
        if end == start {
            // `evil.com.-`: the label was nothing else.
            return (run.start, run.end);
        }
        let mut marks = 0;
        if end < run.end && text[end] == b'_' {
            let first = &text[run.first.0..run.first.1];
            marks = first.iter().take_while(|b| **b == b'_').count();
            if marks == first.len() {
                marks = 0;
            }
        }
        (run.start + marks, end)
    }
}

/// Whether the label that starts at `at` is followed by a closing bracket.
fn closes_after_label(text: &[u8], at: usize) -> bool {
    let len = text[at..]
        .iter()
        .take(MAX_LABEL)
        .take_while(|b| is_label(**b))
        .count();
    matches!(byte(text, at + len), b']' | b')' | b'}')
}

/// Whether the text just before `at` is the start of a line, ignoring blanks.
pub(super) fn starts_line(text: &[u8], at: usize) -> bool {
    let low = at.saturating_sub(64);
    let mut i = at;
    while i > low && matches!(text[i - 1], b' ' | b'\t') {
        i -= 1;
    }
    i == 0 || matches!(before(text, i), b'\n' | b'\r')
}

/// Whether the text from `at` is the end of a line, ignoring blanks.
pub(super) fn ends_line(text: &[u8], at: usize) -> bool {
    let blanks = text[at.min(text.len())..]
        .iter()
        .take(64)
        .take_while(|b| matches!(b, b' ' | b'\t'))
        .count();
    let at = at + blanks;
    at >= text.len() || matches!(text[at], b'\n' | b'\r')
}
