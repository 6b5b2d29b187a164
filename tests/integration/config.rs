//! The configuration of the command: variables, the file, what wins.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::cli::{command, scratch, split};

/// A folder with texts, and with a configuration if there is one.
struct Home {
    folder: PathBuf,
}

impl Home {
    fn new(name: &str, config: &str) -> Home {
        let folder = scratch(&format!("config-{name}"));
        fs::create_dir_all(folder.join("etc/iocpack")).unwrap();
        let home = Home { folder };
        if !config.is_empty() {
            fs::write(home.file(), config).unwrap();
        }
        let text = "www.example.org evil[.]example.com www.example.net";
        fs::write(home.folder.join("text.txt"), text).unwrap();
        home
    }

    fn file(&self) -> PathBuf {
        self.folder.join("etc/iocpack/config.toml")
    }

    /// Exit code, stdout, stderr; the folder's path is cut out.
    fn run(&self, line: &str, set: &[(&str, &str)]) -> (i32, String, String) {
        let mut command = command(&self.folder);
        command
            .env_remove("IOCPACK_CONFIG")
            .env("HOME", self.folder.join("nobody"))
            .env("XDG_CONFIG_HOME", self.folder.join("etc"))
            .args(split(line))
            .stdin(Stdio::null());
        for (name, value) in set {
            command.env(name, value);
        }
        let output = command.output().unwrap();
        let text = |bytes| {
            let text = String::from_utf8(bytes).unwrap();
            text.replace(&format!("{}/", self.folder.display()), "")
        };
        let code = output.status.code().unwrap();
        (code, text(output.stdout), text(output.stderr))
    }

    fn stdout(&self, line: &str, set: &[(&str, &str)]) -> String {
        let (code, stdout, stderr) = self.run(line, set);
        assert!(code < 2, "{line}: {stderr}");
        stdout
    }
}

#[test]
fn a_flag_goes_before_a_variable_before_a_table_before_the_top() {
    let home = Home::new(
        "order",
        "type = [\"url\"]\nexclude = \"url\"\n[scan]\ntype = [\"domain\"]\n",
    );
    let all = "domain\twww.example.org\ndomain\tevil.example.com\n\
               domain\twww.example.net\n";
    assert_eq!(home.stdout("scan text.txt", &[]), all);
    let ip = [("IOCPACK_TYPE", "ipv4,ipv6")];
    assert_eq!(home.stdout("scan text.txt", &ip), "");
    assert_eq!(home.stdout("scan -t domain text.txt", &ip), all);
    // An empty variable is none.
    assert_eq!(home.stdout("scan text.txt", &[("IOCPACK_TYPE", "")]), all);
    let shown = home.stdout("config", &ip);
    let want = "scan.type\tipv4,ipv6\tIOCPACK_TYPE\n\
                scan.exclude\turl\tetc/iocpack/config.toml:2\n";
    assert!(shown.starts_with(want), "{shown}");
    let shown = home.stdout("config", &[]);
    let want = "scan.type\tdomain\tetc/iocpack/config.toml:4\n";
    assert!(shown.starts_with(want), "{shown}");
    assert!(shown.contains("\npack.type\turl\tetc/iocpack/config.toml:1\n"));
}

#[test]
fn a_flag_that_is_set_can_be_taken_back() {
    let home = Home::new("flags", "no-refang = true\nquiet = true\n");
    let plain = home.stdout("scan text.txt", &[]);
    assert!(!plain.contains("evil"), "{plain}");
    assert!(home.stdout("scan --refang text.txt", &[]).contains("evil"));
    let set = [("IOCPACK_NO_REFANG", "off")];
    assert!(home.stdout("scan text.txt", &set).contains("evil"));
    // Of two that are typed the last is meant.
    let last = home.stdout("scan --refang --no-refang text.txt", &[]);
    assert_eq!(last, plain);
    let pack = "pack text.txt -n a -d b";
    assert_eq!(home.run(pack, &[]).2, "");
    assert!(home.run(&format!("{pack} --no-quiet"), &[]).2.contains("found"));
    assert!(home.run(&format!("{pack} -v"), &[]).2.contains("found"));
}

#[test]
fn what_is_set_conflicts_with_nothing_that_is_typed() {
    let home = Home::new(
        "conflicts",
        "format = \"jsonl\"\n[pack]\npublic = true\nname = \"N\"\n\
         description = \"D\"\n",
    );
    assert_eq!(home.stdout("scan -c text.txt", &[]), "domain\t3\n");
    let body = home.stdout("pack -q text.txt", &[]);
    let head = "{\"data\":{\"type\":\"collection\",\"attributes\":\
                {\"name\":\"N\",\"description\":\"D\",\"private\":false}";
    assert!(body.starts_with(head), "{body}");
    let body = home.stdout("pack -q text.txt --private -n M", &[]);
    let other = head.replace("\"N\"", "\"M\"").replace("false", "true");
    assert!(body.starts_with(&other), "{body}");
    let set = [("IOCPACK_PRIVATE", "1")];
    let body = home.stdout("pack -q text.txt -n M", &set);
    assert!(body.starts_with(&other), "{body}");
    assert_eq!(home.run("pack -q text.txt --add 0f5c", &[]).0, 0);
    let set = [("IOCPACK_PRIVATE", "1"), ("IOCPACK_PUBLIC", "1")];
    let (code, _, stderr) = home.run("pack text.txt", &set);
    assert_eq!(code, 2);
    assert_eq!(
        stderr,
        "iocpack: IOCPACK_PRIVATE: `private` cannot be set together with \
         `public` (IOCPACK_PUBLIC)\n"
    );
}

#[test]
fn lists_that_protect_add_up() {
    let home = Home::new(
        "lists",
        "own = [\"example.org\"]\nallow-list = [\"allow.txt\"]\n",
    );
    // Beside the file, not in the current folder.
    fs::write(home.folder.join("etc/iocpack/allow.txt"), "example.net\n")
        .unwrap();
    fs::write(home.folder.join("allow.txt"), "example.com\n").unwrap();
    let held = |line: &str, set: &[(&str, &str)]| -> Vec<String> {
        let (_, _, stderr) = home.run(line, set);
        let lines = stderr.lines().filter(|it| it.starts_with("held\t"));
        lines.map(|it| it.split('\t').nth(3).unwrap().to_owned()).collect()
    };
    let pack = "pack text.txt -n a -d b";
    let both = ["www.example.org", "www.example.net"];
    let all = ["www.example.org", "evil.example.com", "www.example.net"];
    assert_eq!(held(pack, &[]), both);
    assert_eq!(held(&format!("{pack} --own example.com"), &[]), all);
    assert_eq!(held(&format!("{pack} --allow-list allow.txt"), &[]), all);
    assert_eq!(held(pack, &[("IOCPACK_OWN", "example.com")]), all);
    assert_eq!(held("pack -n a -d b --own example.com -- text.txt", &[]), all);
}

#[test]
fn what_is_wrong_is_named_with_its_place_and_what_was_meant() {
    for (config, want) in [
        (
            "color = \"never\"\nstrictnes = 1\n",
            "etc/iocpack/config.toml:2: unknown key `strictnes`; did you \
             mean `strictness`",
        ),
        (
            "[scam]\n",
            "etc/iocpack/config.toml:1: unknown command `scam`; did you \
             mean `scan`",
        ),
        (
            "[lint]\n\nstrictness = \"strict\"",
            "etc/iocpack/config.toml:3: unknown key `strictness` of `lint`",
        ),
        (
            "[scan]\nstrictness = \"strct\"",
            "etc/iocpack/config.toml:2: invalid value `strct` for \
             `strictness`: expected one of strict, balanced, loose; did you \
             mean `strict`",
        ),
        (
            "no-refang = \"maybe\"",
            "etc/iocpack/config.toml:1: expected true or false for \
             `no-refang`, found `maybe`",
        ),
        (
            "threads = [1, 2]",
            "etc/iocpack/config.toml:1: expected one value for `threads`, \
             found 2",
        ),
        (
            "threads = -1",
            "etc/iocpack/config.toml:1: invalid value `-1` for `threads`: \
             invalid digit found in string",
        ),
        (
            "threads = 1.5",
            "etc/iocpack/config.toml:1: expected text, a number, true, \
             false or an array of these for `threads`",
        ),
    ] {
        let home = Home::new("wrong", config);
        let (code, stdout, stderr) = home.run("scan text.txt", &[]);
        assert_eq!((code, &*stdout), (2, ""), "{config}");
        assert_eq!(stderr, format!("iocpack: {want}\n"));
        let shown = home.run("config", &[]);
        assert_eq!(shown.0, 2);
        assert!(shown.2.starts_with(&format!("iocpack: {want}\n")));
        // Help is there all the same.
        for line in ["--help", "scan --help", "completions fish", "man"] {
            assert_eq!(home.run(line, &[]).0, 0, "{line}");
        }
    }
    // What one command does not take is no matter of another.
    let home = Home::new("wrong", "[scan]\nstrictness = \"strct\"");
    assert_eq!(home.run("pack -q text.txt -n a -d b", &[]).0, 0);
    let (code, _, stderr) = home.run("id", &[("IOCPACK_FORMAT", "csv")]);
    assert_eq!(code, 2);
    let want = "iocpack: IOCPACK_FORMAT: invalid value `csv` for `format`: \
                expected one of text, jsonl\n";
    assert_eq!(stderr, want);
}

#[test]
fn a_variable_that_names_no_option_is_told() {
    let home = Home::new("strange", "");
    let set = [("IOCPACK_STRICTNES", "strict")];
    let (code, _, stderr) = home.run("scan text.txt", &set);
    assert_eq!(code, 0);
    let want = "warning: IOCPACK_STRICTNES names no option; did you mean \
                `strictness`\n";
    assert_eq!(stderr, want);
    assert_eq!(home.run("scan -q text.txt", &set).2, "");
}

#[test]
fn nothing_is_read_from_the_current_folder() {
    let home = Home::new("folder", "");
    let wrong = "nonsense";
    for name in ["config.toml", "iocpack.toml", ".iocpack.toml"] {
        fs::write(home.folder.join(name), wrong).unwrap();
    }
    fs::create_dir_all(home.folder.join("iocpack")).unwrap();
    fs::write(home.folder.join("iocpack/config.toml"), wrong).unwrap();
    assert_eq!(home.run("scan text.txt", &[]).0, 0);
    // Not even where it is asked for.
    for set in [("XDG_CONFIG_HOME", "."), ("XDG_CONFIG_HOME", "")] {
        assert_eq!(home.run("scan text.txt", &[set]).0, 0);
    }
    let set = [("IOCPACK_CONFIG", "config.toml")];
    let (code, _, stderr) = home.run("scan text.txt", &set);
    assert_eq!(code, 2);
    let want = "iocpack: IOCPACK_CONFIG: expected an absolute path, found \
                config.toml\n";
    assert_eq!(stderr, want);
}

#[test]
fn a_file_that_is_named_is_read_instead() {
    let home = Home::new("named", "color = 1\n");
    let other = home.folder.join("other.toml");
    fs::write(&other, "format = \"jsonl\"\n").unwrap();
    let scan = |path: &Path| {
        home.run(
            "scan text.txt",
            &[("IOCPACK_CONFIG", path.to_str().unwrap())],
        )
    };
    assert!(scan(&other).1.starts_with("{\"type\":\"domain\""));
    assert_eq!(scan(Path::new("")).0, 0);
    let (code, _, stderr) = scan(&home.folder.join("missing.toml"));
    assert_eq!(code, 2);
    let want = "iocpack: cannot read missing.toml: no such file or folder \
                (from IOCPACK_CONFIG)\n";
    assert_eq!(stderr, want);
    let (_, stdout, stderr) = home.run("config", &[("IOCPACK_CONFIG", "")]);
    assert_eq!((&*stdout, &*stderr), ("", "no file\n"));
}

#[test]
fn config_lists_every_option_with_its_default() {
    let home = Home::new("all", "");
    let (code, stdout, stderr) = home.run("config --all", &[]);
    assert_eq!(code, 0);
    let want = "file: etc/iocpack/config.toml, which does not exist\n";
    assert_eq!(stderr, want);
    for line in [
        "color\tauto\tdefault",
        "scan.strictness\tbalanced\tdefault",
        "scan.no-refang\tfalse\tdefault",
        "pack.max-items\t1000\tdefault",
        "pack.own\t-\tdefault",
    ] {
        assert!(stdout.lines().any(|it| it == line), "{line}: {stdout}");
    }
}

#[cfg(feature = "submit")]
#[test]
fn secrets_are_not_shown() {
    let home = Home::new(
        "secrets",
        "apikey = \"secret\"\napi-key-cmd = \"echo secret\"\n\
         proxy = \"http://me:secret@192.0.2.1:3128\"\n",
    );
    for line in ["config", "config --all", "submit --help", "pull -h"] {
        let (code, stdout, stderr) = home.run(line, &[]);
        assert_eq!(code, 0);
        assert!(!stdout.contains("secret"), "{line}: {stdout}");
        assert!(!stderr.contains("secret"), "{line}: {stderr}");
    }
    let shown = home.stdout("config", &[]);
    assert!(shown.contains("submit.api-key-cmd\t(hidden)\t"));
    assert!(shown.contains("submit.proxy\t(hidden)\t"));
    assert!(shown.ends_with("apikey\t(hidden)\tetc/iocpack/config.toml\n"));
}
