//! `scan --field`: a filter for JSON Lines, one row out for each row in.

use std::io::{self, BufRead as _, BufReader};

use iocpack::scan::Finding;
use serde_json::Value;

use crate::args::ScanArgs;
use crate::exit::{Exit, Failure, reason};
use crate::input::{Inputs, Source};
use crate::lists;
use crate::output::Output;
use crate::row::{Row, Verdict};
use crate::scan::Find;
use crate::talk::{self, Talk};

/// The member that is added to each row.
const MEMBER: &str = "indicators";

/// Runs `scan --field NAME`.
pub(crate) fn run(args: &ScanArgs, talk: &Talk) -> Result<Exit, Failure> {
    let inputs = Inputs::resolve(&args.input, talk)?;
    let field = args.field.as_deref().unwrap_or_default();
    let mut find = Find::resolve(&args.find);
    find.allow = lists::only(&args.allow_list, talk)?;
    let mut filter = Filter {
        field,
        find,
        out: Output::open(&args.output)?,
        talk,
        found: false,
        rows: 0,
        met: false,
        trouble: inputs.trouble,
    };
    for source in &inputs.sources {
        match inputs.open(source, talk.meter()) {
            Ok(rdr) => filter.source(source, BufReader::new(rdr))?,
            Err(err) => filter.complain(&source.complaint(&err)),
        }
    }
    if filter.rows > 0 && !filter.met {
        talk.note(&format!(
            "warning: no row has text in `{}`; a pointer such as \
             `/event/message` reaches into members",
            talk::escape(field.as_bytes())
        ));
    }
    filter.out.finish()?;
    Ok(Exit::of_batch(filter.trouble, filter.found))
}

struct Filter<'a> {
    field: &'a str,
    find: Find,
    out: Output,
    talk: &'a Talk,
    found: bool,
    /// Rows that are objects.
    rows: u64,
    /// Whether one of them has the field, with a text.
    met: bool,
    trouble: bool,
}

impl Filter<'_> {
    fn complain(&mut self, message: &str) {
        self.trouble = true;
        self.talk.error(message);
    }

    fn source<R: io::Read>(
        &mut self,
        source: &Source,
        mut rdr: BufReader<R>,
    ) -> Result<(), Failure> {
        let mut line = Vec::new();
        let mut added = String::new();
        for number in 1_u64.. {
            line.clear();
            // A row is seen before the next one is waited for.
            if rdr.buffer().is_empty() {
                self.out.flush()?;
            }
            match rdr.read_until(b'\n', &mut line) {
                Ok(0) => break,
                Ok(_) => {}
                Err(err) => {
                    self.complain(&source.complaint(&err));
                    break;
                }
            }
            let end = line.trim_ascii_end().len();
            let (row, rest) = line.split_at(end);
            if row.is_empty() {
                self.out.write_foreign(rest)?;
                continue;
            }
            added.clear();
            match self.indicators(row, &mut added) {
                Ok(()) => {
                    self.out.write_foreign(&row[..end - 1])?;
                    self.out.write(added.as_bytes())?;
                    self.out.write(b"}")?;
                }
                Err(why) => {
                    let name = talk::escape(source.name().as_bytes());
                    self.complain(&format!("{name}:{number}: {why}"));
                    self.out.write_foreign(row)?;
                }
            }
            self.out.write_foreign(if rest.is_empty() {
                b"\n"
            } else {
                rest
            })?;
        }
        Ok(())
    }

    /// Appends the member that is to be added to `row`.
    fn indicators(
        &mut self,
        row: &[u8],
        added: &mut String,
    ) -> Result<(), String> {
        let value: Value = serde_json::from_slice(row)
            .map_err(|err| format!("row is no JSON: {}", short(&err)))?;
        let Value::Object(object) = &value else {
            return Err("expected a JSON object".into());
        };
        if object.contains_key(MEMBER) {
            return Err(format!("row has a member `{MEMBER}` already"));
        }
        if !object.is_empty() {
            added.push(',');
        }
        added.push_str("\"indicators\":[");
        let text = if self.field.starts_with('/') {
            value.pointer(self.field)
        } else {
            object.get(self.field)
        };
        self.rows += 1;
        if let Some(Value::String(text)) = text {
            self.met = true;
            let mut first = true;
            let find = &self.find;
            for found in find.scanner.find_iter(text) {
                Row::with(&Finding::Match(found), 0, true, |row| {
                    let host =
                        if find.wants_hosts() { row.host() } else { None };
                    for row in [Some(row), host].into_iter().flatten() {
                        let row = find.judge(row);
                        let found = row.verdict == Verdict::Match;
                        if !found || !find.wants(row.type_name) {
                            continue;
                        }
                        if !first {
                            added.push(',');
                        }
                        first = false;
                        row.json(None, None, added);
                    }
                });
            }
            self.found |= !first;
        }
        added.push(']');
        Ok(())
    }
}

/// What serde says, without the line number, which is always 1 here.
fn short(err: &serde_json::Error) -> String {
    if err.is_io() {
        return err
            .io_error_kind()
            .map_or_else(String::new, |kind| reason(&io::Error::from(kind)));
    }
    let text = err.to_string();
    let column = format!(" at line {} column {}", err.line(), err.column());
    let what = text.strip_suffix(&column).unwrap_or(&text);
    format!("{} at byte {}", talk::escape(what.as_bytes()), err.column())
}
