//! The real command: whole stdout, whole stderr, exit code.
//!
//! Sessions stand in `tests/data/cli/*.txt` and are run in the folder `in`
//! beside them. A blank line ends a session:
//!
//! ```text
//! why: what it shows
//! $ iocpack ARGUMENTS, quoted with '…' or "…", \u{N} is an escape in "…"
//! < a line of stdin
//! 1 a line of stdout
//! 2 a line of stderr
//! = exit code
//! ```

use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// What a run left behind.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

/// The command, in a folder, with a plain environment.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iocpack"));
    command.current_dir(folder);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("IOCPACK_") {
            command.env_remove(name);
        }
    }
    command.env("IOCPACK_CONFIG", "");
    command.env_remove("NO_COLOR").env("LC_ALL", "C").env("COLUMNS", "80");
    command
}

/// Runs the command to its end.
pub(crate) fn run(folder: &Path, args: &[String], stdin: &[u8]) -> Run {
    let mut child = command(folder)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || {
            // A command that stops reading closes the pipe.
            let _ = pipe.write_all(stdin);
        });
        child.wait_with_output().unwrap()
    });
    Run {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap(),
    }
}

fn iocpack(args: &[&str], stdin: &[u8]) -> Run {
    let args: Vec<String> = args.iter().map(ToString::to_string).collect();
    run(&data().join("in"), &args, stdin)
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn data() -> PathBuf {
    root().join("tests/data/cli")
}

/// A folder of its own for a test.
pub(crate) fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn every_session_of_tests_data_cli_holds() {
    let mut failed = Vec::new();
    let mut paths: Vec<PathBuf> = fs::read_dir(data())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "txt"))
        .collect();
    paths.sort();
    for path in paths {
        let want = fs::read_to_string(&path).unwrap();
        let got = replay(&want);
        if want == got {
            continue;
        }
        if std::env::var_os("IOCPACK_UPDATE").is_some() {
            fs::write(&path, got).unwrap();
            continue;
        }
        let name = path.file_name().unwrap().display().to_string();
        failed.push(compare(&name, &want, &got));
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Runs the sessions of a file, and writes it anew with what came out.
fn replay(text: &str) -> String {
    let mut out = String::new();
    let mut session: Option<(Vec<String>, Vec<u8>)> = None;
    for line in text.lines().chain([""]) {
        if let Some(command) = line.strip_prefix("$ iocpack ") {
            session = Some((split(command), Vec::new()));
        } else if let Some(input) = line.strip_prefix('<') {
            let (_, stdin) = session.as_mut().expect("`$` before `<`");
            stdin.extend(input.strip_prefix(' ').unwrap_or(input).bytes());
            stdin.push(b'\n');
        } else if line.is_empty() {
            if let Some((args, stdin)) = session.take() {
                show(&run(&data().join("in"), &args, &stdin), &mut out);
            }
        } else if session.is_some() {
            continue;
        }
        out.push_str(line);
        out.push('\n');
    }
    out.pop();
    out
}

fn show(run: &Run, out: &mut String) {
    for (mark, text) in [('1', &run.stdout), ('2', &run.stderr)] {
        for line in text.split_inclusive('\n') {
            let (line, end) = match line.strip_suffix('\n') {
                Some(line) => (line, ""),
                None => (line, " (no newline)"),
            };
            let line = line.replace('\r', "\\r");
            let space = if line.is_empty() { "" } else { " " };
            let _ = writeln!(out, "{mark}{space}{line}{end}");
        }
    }
    let _ = writeln!(out, "= {}", run.code);
}

fn compare(name: &str, want: &str, got: &str) -> String {
    let mut report = String::new();
    let blocks = want.split("\n\n").zip(got.split("\n\n"));
    for (want, got) in blocks.filter(|(want, got)| want != got) {
        let _ = write!(
            report,
            "{name}: expected\n{want}\n\n{name}: came out\n{got}\n\n"
        );
    }
    report
}

/// Splits a command line at blanks outside of quotes.
pub(crate) fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' => words.extend(word.take()),
            '\'' | '"' => {
                let text: String =
                    chars.by_ref().take_while(|it| *it != c).collect();
                let text = if c == '"' { unescape(&text) } else { text };
                word.get_or_insert_default().push_str(&text);
            }
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

fn unescape(text: &str) -> String {
    let mut parts = text.split("\\u{");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (hex, rest) = part.split_once('}').expect("`}` after `\\u{`");
        let code = u32::from_str_radix(hex, 16).expect("hex digits");
        out.push(char::from_u32(code).expect("a character"));
        out.push_str(rest);
    }
    out
}

#[test]
fn head_ends_a_scan_quietly() {
    let mut child = command(&data().join("in"))
        .args(["scan", "--all", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feed = std::thread::spawn(move || {
        let text = "see www.example.com and\n".repeat(200_000);
        let _ = stdin.write_all(text.as_bytes());
    });
    let mut stdout = child.stdout.take().unwrap();
    let mut first = [0; 23];
    stdout.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"domain\twww.example.com\n");
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn every_occurrence_is_counted_and_none_is_kept() {
    let text = b"www.example.com, w1.example.com and www.example.com";
    let run = |args: &[&str]| {
        let args = [&["scan", "--count", "--max-unique", "1"], args].concat();
        iocpack(&args, text)
    };
    let distinct = run(&["-"]);
    assert_eq!(distinct.code, 10, "{}", distinct.stderr);
    let all = run(&["--all", "-"]);
    assert_eq!(all.code, 0, "{}", all.stderr);
    assert_eq!(all.stdout, "domain\t3\n");
}

#[test]
fn a_closed_stdout_is_quiet_for_every_command() {
    for args in [
        &["scan", "one.txt"][..],
        &["scan", "--format", "json", "one.txt"],
        &["id", "http://www.example.com/"],
        &["defang", "one.txt"],
        &["man"],
        &["completions", "bash"],
        &["--version"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = command(&data().join("in"))
            .args(args)
            .stdin(Stdio::null())
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
        assert_eq!(output.status.code(), Some(0), "{args:?}");
    }
}

#[test]
fn an_output_file_appears_whole_or_not_at_all() {
    let folder = scratch("output");
    let to = folder.join("out.txt");
    let name = to.to_str().unwrap();
    let done = iocpack(&["scan", "twice.txt", "-o", name], b"");
    assert_eq!((done.code, &*done.stdout), (0, ""));
    assert_eq!(fs::read_to_string(&to).unwrap(), "domain\tgoogle.com\n");
    // Replaced as a whole, also by nothing.
    assert_eq!(iocpack(&["scan", "nothing.txt", "-o", name], b"").code, 1);
    assert_eq!(fs::read_to_string(&to).unwrap(), "");
    // Nothing else is left behind.
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    let missing = folder.join("no/such/out.txt");
    let failed =
        iocpack(&["scan", "one.txt", "-o", missing.to_str().unwrap()], b"");
    assert_eq!(failed.code, 2);
    assert_eq!(
        failed.stderr,
        format!(
            "iocpack: cannot write {}: no such file or folder\n",
            missing.display()
        )
    );
}

#[test]
fn the_output_is_the_same_for_every_number_of_threads() {
    let folder = scratch("threads");
    for i in 0..300 {
        let text = "see www.example.com, w1.example.com and\n"
            .repeat(i % 7)
            .replace("w1", &format!("w{}", i % 50));
        fs::write(folder.join(format!("{i:03}.txt")), text).unwrap();
    }
    for args in [
        &["scan", "-r"][..],
        &["scan", "-r", "--format", "jsonl"],
        &["scan", "-r", "--format", "csv", "--all", "--rejected"],
        &["scan", "-r", "-c", "--all"],
    ] {
        let run = |n: &str| {
            let mut args = args.to_vec();
            args.extend(["-j", n, folder.to_str().unwrap()]);
            iocpack(&args, b"")
        };
        let one = run("1");
        assert_eq!(one.code, 0, "{}", one.stderr);
        assert!(!one.stdout.is_empty());
        for n in ["0", "2", "5"] {
            assert!(one == run(n), "{args:?} with -j{n}");
        }
    }
}

#[test]
fn a_type_filter_gives_the_lines_of_that_type() {
    let report = root().join("tests/data/sample-report.txt");
    let report = report.to_str().unwrap();
    let all = iocpack(&["scan", report], b"").stdout;
    for name in ["domain", "url", "ipv4", "ipv6", "md5", "sha1", "sha256"] {
        let want: String = all
            .split_inclusive('\n')
            .filter(|line| line.starts_with(&format!("{name}\t")))
            .collect();
        assert!(!want.is_empty(), "the sample report holds no {name}");
        assert_eq!(iocpack(&["scan", "-t", name, report], b"").stdout, want);
    }
}

#[test]
fn rows_say_where_their_raw_text_stands() {
    let path = root().join("tests/data/sample-report.txt");
    let text = fs::read(&path).unwrap();
    let args = ["scan", "--all", "--rejected", "--format", "jsonl"];
    let file = iocpack(&[&args[..], &[path.to_str().unwrap()]].concat(), b"");
    let stdin = iocpack(&args, &text);
    assert_eq!(file.stdout.replace(path.to_str().unwrap(), "-"), stdin.stdout);
    for row in file.stdout.lines() {
        let row: serde_json::Value = serde_json::from_str(row).unwrap();
        let at = |name| usize::try_from(row[name].as_u64().unwrap()).unwrap();
        let raw = &text[at("start")..at("end")];
        assert_eq!(row["raw"].as_str().unwrap().as_bytes(), raw);
        let before = &text[..at("start")];
        let line = before.split(|b| *b == b'\n').count();
        assert_eq!(at("line"), line, "{row}");
    }
}

#[test]
fn a_filter_answers_each_row_before_the_next_is_there() {
    let mut child = command(&data().join("in"))
        .args(["scan", "--field", "message"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    for _ in 0..3 {
        stdin.write_all(b"{\"message\":\"nothing\"}\n").unwrap();
        let want = b"{\"message\":\"nothing\",\"indicators\":[]}\n";
        let mut row = vec![0; want.len()];
        stdout.read_exact(&mut row).unwrap();
        assert_eq!(row, want);
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn a_filter_by_lines_changes_nothing_else() {
    let mut text = b"\xff\x00 plain\r\n\nsee www.example.com\tand".to_vec();
    text.extend(b"x".repeat(3 << 20));
    text.extend(b"\nend without newline");
    let output = |verb: &str| {
        let mut child = command(&data())
            .arg(verb)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                stdin.write_all(&text).unwrap();
                drop(stdin);
            });
            child.wait_with_output().unwrap().stdout
        })
    };
    assert!(output("refang") == text);
    let start = b"\xff\x00 plain\r\n\nsee www[.]example[.]com\tandx";
    assert!(output("defang").starts_with(start));
    assert_eq!(output("defang").len(), text.len() + 4);
}

#[test]
fn completions_and_the_manual_name_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = iocpack(&["completions", shell], b"").stdout;
        assert!(script.contains("defang"), "{shell}");
    }
    let man = iocpack(&["man"], b"").stdout;
    for name in ["SCAN", "PACK", "ID", "REFANG", "DEFANG"] {
        assert!(man.contains(&format!(".SH {name}\n")), "{name}");
    }
}

#[test]
fn one_command_writes_what_a_package_needs() {
    let folder = scratch("shell").join("made");
    let path = folder.to_str().unwrap();
    let run = iocpack(&["completions", "--all", path], b"");
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""));
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    for (name, shell) in [
        ("iocpack.bash", "bash"),
        ("_iocpack", "zsh"),
        ("iocpack.fish", "fish"),
        ("_iocpack.ps1", "powershell"),
        ("iocpack.elv", "elvish"),
    ] {
        let script = iocpack(&["completions", shell], b"").stdout;
        assert_eq!(text(name), script, "{name}");
    }
    assert_eq!(text("iocpack.1"), iocpack(&["man"], b"").stdout);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 6);
    assert_eq!(iocpack(&["completions"], b"").code, 2);
    let missing = iocpack(&["completions", "--all", "one.txt"], b"");
    assert_eq!(missing.code, 2, "{missing:?}");
}

#[test]
fn help_is_long_and_short() {
    for name in
        "scan pack diff export report check lint id refang defang config"
            .split(' ')
    {
        let long = iocpack(&[name, "--help"], b"");
        let short = iocpack(&[name, "-h"], b"");
        assert_eq!((long.code, short.code), (0, 0));
        assert!(long.stdout.len() > short.stdout.len(), "{name}");
        assert!(long.stdout.contains("Example"), "{name}");
        assert!(long.stdout.contains("Exit codes:"), "{name}");
    }
}

#[test]
fn the_version_names_the_data_that_is_built_in() {
    let short = iocpack(&["--version"], b"").stdout;
    assert_eq!(short, format!("iocpack {}\n", env!("CARGO_PKG_VERSION")));
    let long = iocpack(&["-V", "-v"], b"").stdout;
    assert!(long.starts_with(&short));
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    for name in ["psl", "idna", "icu_normalizer_data"] {
        let (_, rest) =
            lock.split_once(&format!("\nname = \"{name}\"\n")).unwrap();
        let version = rest.split('"').nth(1).unwrap();
        assert!(long.contains(&format!("{name} {version}")), "{long}");
    }
}

#[test]
fn a_body_is_the_same_on_a_second_run_and_whatever_the_order() {
    let report = root().join("tests/data/sample-report.txt");
    let text = fs::read_to_string(&report).unwrap();
    let args = ["pack", "-n", "a", "-d", "b", "-q", "-"];
    let first = iocpack(&args, text.as_bytes());
    assert_eq!(first.code, 0);
    assert_eq!(first, iocpack(&args, text.as_bytes()));
    let backwards: Vec<&str> = text.split("\n\n").collect();
    let backwards: Vec<&str> = backwards.into_iter().rev().collect();
    let second = iocpack(&args, backwards.join("\n\n").as_bytes());
    assert_eq!(first.stdout, second.stdout);
}

#[test]
fn defanged_text_holds_the_same_indicators() {
    let report = root().join("tests/data/sample-report.txt");
    let report = report.to_str().unwrap();
    let plain = iocpack(&["scan", report], b"").stdout;
    let defanged = iocpack(&["defang", report], b"").stdout;
    assert!(!defanged.contains("https://"), "{defanged}");
    let again = iocpack(&["scan", "-"], defanged.as_bytes()).stdout;
    assert_eq!(again, plain);
    // What is defanged is not defanged again.
    let twice = iocpack(&["defang", "-"], defanged.as_bytes()).stdout;
    assert_eq!(twice, defanged);
    let back = iocpack(&["refang", "-"], defanged.as_bytes()).stdout;
    assert_eq!(iocpack(&["scan", "-"], back.as_bytes()).stdout, plain);
    let none = iocpack(&["scan", "--no-refang", "-"], defanged.as_bytes());
    assert!(!none.stdout.contains("url\t"), "{}", none.stdout);
}

#[test]
fn a_plan_of_differences_makes_the_old_collection_the_new_one() {
    let folder = scratch("diff-plan");
    let old = "old.example.com both.example.com http://www.example.com/x";
    let new = "both.example.com new.example.com http://www.example.com/y";
    fs::write(folder.join("old.txt"), old).unwrap();
    fs::write(folder.join("new.txt"), new).unwrap();
    let iocpack = |line: &str, stdin: &[u8]| run(&folder, &split(line), stdin);
    let plan = "diff old.txt new.txt --plan plan.json --update 0f5c";
    let ran = iocpack(plan, b"");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.starts_with("4 requests in plan.json\n"));
    let packed = iocpack("pack old.txt -n a -d b --plan - -q", b"");
    let changes = fs::read_to_string(folder.join("plan.json")).unwrap();
    // One plan after the other is what the collection holds then.
    let held = packed.stdout + &changes;
    let after = iocpack("diff - new.txt", held.as_bytes());
    assert_eq!((after.code, &*after.stdout), (0, ""), "{}", after.stderr);
    // No difference is a plan as well, so that an old one is not sent again.
    let plan = "diff new.txt new.txt --plan plan.json --update 0f5c -q";
    assert_eq!(iocpack(plan, b"").code, 0);
    let plan = fs::read_to_string(folder.join("plan.json")).unwrap();
    assert!(plan.ends_with("\"requests\":[\n]}\n"), "{plan}");
}

/// The command with a pipe on either side, to be spoken with.
fn talk(args: &[&str]) -> (Child, ChildStdin, ChildStdout) {
    let mut child = command(&data().join("in"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let stdin = child.stdin.take().unwrap();
    let stdout = child.stdout.take().unwrap();
    (child, stdin, stdout)
}

#[test]
fn a_slow_pipe_is_answered_before_its_end() {
    let (mut child, mut stdin, mut stdout) = talk(&["scan", "-"]);
    let mut text = b"see www.example.com first\n".to_vec();
    text.extend(b"nothing here\n".repeat(2000));
    stdin.write_all(&text).unwrap();
    let want = b"domain\twww.example.com\n";
    let mut row = vec![0; want.len()];
    stdout.read_exact(&mut row).unwrap();
    assert_eq!(row, want);
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn line_by_line_each_line_is_answered_before_the_next_is_there() {
    let (mut child, mut stdin, mut stdout) =
        talk(&["scan", "--line-buffered", "--all", "--format", "jsonl"]);
    for i in 0..3 {
        stdin.write_all(b"see 198.51.100.7\n").unwrap();
        let want = format!(
            "{{\"type\":\"ipv4\",\"value\":\"198.51.100.7\",\"raw\":\
             \"198.51.100.7\",\"source\":\"-\",\"line\":{},\"start\":{},\
             \"end\":{},\"defanged\":false}}\n",
            i + 1,
            17 * i + 4,
            17 * i + 16
        );
        let mut row = vec![0; want.len()];
        stdout.read_exact(&mut row).unwrap();
        assert_eq!(String::from_utf8(row).unwrap(), want);
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_line_that_never_ends_is_read_in_bounded_pieces() {
    let mut text = b"x ".repeat(600_000);
    text.extend(b"www.example.com");
    for args in [&["scan", "-"][..], &["scan", "--line-buffered", "-"]] {
        let run = iocpack(args, &text);
        assert_eq!(run.stdout, "domain\twww.example.com\n", "{args:?}");
        assert_eq!(run.code, 0);
    }
}

#[test]
fn large_files_and_pipes_come_in_their_turn_whatever_the_threads() {
    let folder = scratch("large");
    let line = "nothing on this line at all\n".repeat(80_000);
    // Two parts, a line without a border, and what follows.
    let long = "y.".repeat(700_000);
    let big =
        format!("{line}mail.example.org {line}{long}\nwww.example.com\n");
    assert!(big.len() > 5 << 20);
    fs::write(folder.join("b.txt"), &big).unwrap();
    fs::write(folder.join("a.txt"), "www.example.net\n").unwrap();
    fs::write(folder.join("c.txt"), "www.example.org\n").unwrap();
    let args = ["scan", "--format", "jsonl", "--all", "--with-context"];
    let files = ["a.txt", "b.txt", "-", "c.txt", "missing.txt", "a.txt"];
    let run = |n: &str| {
        let args = args.into_iter().chain(["-j", n]).chain(files);
        let args: Vec<String> = args.map(str::to_owned).collect();
        run(&folder, &args, b"mail.example.com\n")
    };
    let one = run("1");
    assert_eq!(one.code, 2);
    assert_eq!(one.stdout.lines().count(), 6);
    assert!(one.stdout.contains("\"line\":160002"), "{}", one.stdout);
    for n in ["2", "3"] {
        assert!(one == run(n), "-j{n}");
    }
}

#[test]
fn encodings_and_packings_of_a_text_give_the_same_indicators() {
    use std::io::Write as _;
    let folder = scratch("encodings");
    let report =
        fs::read_to_string(root().join("tests/data/sample-report.txt"))
            .unwrap();
    // Latin-1 has no quotes that curl.
    let text: String = report.chars().filter(char::is_ascii).collect();
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut gz = flate2::write::GzEncoder::new(
        Vec::new(),
        flate2::Compression::default(),
    );
    gz.write_all(&utf16).unwrap();
    fs::write(folder.join("plain"), &text).unwrap();
    fs::write(folder.join("latin1"), [b"\xfc ", text.as_bytes()].concat())
        .unwrap();
    fs::write(folder.join("utf16"), &utf16).unwrap();
    fs::write(folder.join("be"), &be).unwrap();
    fs::write(folder.join("gz"), gz.finish().unwrap()).unwrap();
    let scan = |line: &str| run(&folder, &split(line), b"").stdout;
    let plain = scan("scan plain");
    assert!(plain.lines().count() > 10);
    for line in [
        "scan latin1 --encoding latin1",
        "scan utf16",
        "scan utf16 --encoding utf-16le",
        "scan be --encoding utf-16be",
        "scan -z gz",
        "scan -z plain",
        "scan --encoding utf-8 plain",
    ] {
        assert_eq!(scan(line), plain, "{line}");
    }
    assert_ne!(scan("scan gz"), plain);
}

#[test]
fn each_command_writes_the_same_to_a_file() {
    let folder = scratch("output-each");
    let to = folder.join("out");
    for line in [
        "scan one.txt",
        "scan --field message rows.jsonl",
        "pack twice.txt -n a -d b",
        "export --to csv twice.txt",
        "diff twice.txt documentation.txt",
        "check twice.txt",
        "lint held.json",
        "refang one.txt",
        "defang one.txt",
    ] {
        let line = format!("{line} -q");
        let shown = run(&data().join("in"), &split(&line), b"");
        let mut words = split(&line);
        words.push("--output".into());
        words.push(to.to_str().unwrap().into());
        let written = run(&data().join("in"), &words, b"");
        assert_eq!(written.stdout, "", "{line}");
        assert_eq!(written.code, shown.code, "{line}");
        assert_eq!(written.stderr, shown.stderr, "{line}");
        let text = fs::read_to_string(&to).unwrap();
        assert!(!text.is_empty(), "{line}");
        assert_eq!(text, shown.stdout, "{line}");
        fs::remove_file(&to).unwrap();
    }
}

#[test]
fn colours_come_where_they_are_asked_for_and_nowhere_else() {
    let missing = "scan missing.txt";
    let stderr =
        |line: &str| run(&data().join("in"), &split(line), b"").stderr;
    assert!(!stderr(missing).contains('\x1b'));
    assert!(!stderr(&format!("{missing} --color never")).contains('\x1b'));
    let red = stderr(&format!("{missing} --color always"));
    assert!(red.starts_with("\x1b[1;31miocpack:\x1b[0m cannot read"));
    // Progress is for terminals only.
    let quiet = stderr("scan one.txt --progress auto");
    assert_eq!(quiet, stderr("scan one.txt --progress never"));
}

#[test]
fn what_is_nearly_right_is_suggested() {
    for (line, want) in [
        ("scna one.txt", "'scan'"),
        ("scan --strictnes loose one.txt", "'--strictness'"),
        ("scan --strictness losse one.txt", "'loose'"),
        ("scan -t domian one.txt", "'domain'"),
        ("pack --release private-adress one.txt", "'private-address'"),
        ("completions fsh", "'fish'"),
    ] {
        let run = run(&data().join("in"), &split(line), b"");
        assert_eq!(run.code, 2, "{line}");
        assert!(run.stderr.contains("similar"), "{line}: {}", run.stderr);
        assert!(run.stderr.contains(want), "{line}: {}", run.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_hostile_name_of_a_file_reaches_no_terminal() {
    let folder = scratch("hostile");
    let name = "a\u{1b}[31m\u{202e}.txt";
    fs::write(folder.join(name), "www.example.com\nevil[.]notasuffix\n")
        .unwrap();
    for line in [
        "scan --format jsonl",
        "scan --format json --rejected",
        "check",
        "check --format jsonl",
        "lint",
        "lint --format json",
        "scan -z --field message",
        "diff empty.json",
        "pack -n a -d b --strict",
        "pack -n a -d b --allow-list",
        "submit --yes --plan",
    ] {
        if line.starts_with("submit") && !cfg!(feature = "submit") {
            continue;
        }
        for name in [name, "missing\u{1b}[31m.txt"] {
            let mut words = split(line);
            words.push(name.to_owned());
            let run = run(&folder, &words, b"");
            for text in [run.stdout, run.stderr] {
                let hostile = |c: char| c == '\u{1b}' || c == '\u{202e}';
                assert!(!text.contains(hostile), "{line}: {text:?}");
            }
        }
    }
}

#[test]
fn a_file_that_goes_or_grows_meanwhile_is_told_or_read_as_it_is_then() {
    let folder = scratch("meanwhile");
    fs::write(folder.join("goes.txt"), "www.example.com\n").unwrap();
    fs::write(folder.join("grows.txt"), "www.example.net\n").unwrap();
    let mut child = command(&folder)
        .args(["scan", "-j1", "-", "goes.txt", "grows.txt"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // What is on its way when it is read comes after stdin.
    stdin.write_all(b"mail.example.com\n").unwrap();
    fs::remove_file(folder.join("goes.txt")).unwrap();
    let more = "www.example.net\n".repeat(400_000) + "www.example.org\n";
    fs::write(folder.join("grows.txt"), more).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "domain\tmail.example.com\ndomain\twww.example.net\n\
         domain\twww.example.org\n"
    );
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "iocpack: cannot read goes.txt: no such file or folder\n"
    );
    assert_eq!(output.status.code(), Some(2));
}
