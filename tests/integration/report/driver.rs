//! A `WebDriver` client, as small as the tests need it: chromedriver over
//! loopback, one session.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::cli::scratch;

/// A browser without a window.
pub(super) struct Browser {
    driver: Child,
    port: u16,
    session: String,
}

/// The first of these commands that is installed.
fn installed(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |it| it.join(name)))
        .find(|it| it.is_file())
}

impl Browser {
    /// Starts one with an empty profile; none, with a word on stderr, where
    /// Chromium is not installed. `IOCPACK_BROWSER=required` insists.
    pub(super) fn start(name: &str) -> Option<Browser> {
        let binary = installed(&["chromium", "chromium-browser"]);
        let driver = installed(&["chromedriver"]);
        let (Some(binary), Some(driver)) = (binary, driver) else {
            let required = std::env::var_os("IOCPACK_BROWSER");
            assert!(
                required.is_none(),
                "chromium and chromedriver are required and not installed"
            );
            // Not by `eprintln`, which a test that passes does not show.
            let _ = writeln!(
                std::io::stderr(),
                "{name}: skipped, chromium and chromedriver are not installed"
            );
            return None;
        };
        let profile = scratch(&format!("profile-{name}"));
        let mut driver = Command::new(driver)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(driver.stdout.take().unwrap());
        let mut browser = Browser { driver, port: 0, session: String::new() };
        let mut line = String::new();
        while browser.port == 0 {
            line.clear();
            let read = lines.read_line(&mut line).unwrap();
            assert!(read > 0, "chromedriver said no port");
            if let Some((_, port)) = line.split_once("on port ") {
                let port = port.trim().trim_end_matches('.');
                browser.port = port.parse().unwrap();
            }
        }
        // It may say more; a full pipe would stop it.
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut lines, &mut std::io::sink());
        });
        let options = json!({
            "binary": binary,
            "args": [
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1200,800",
                format!("--user-data-dir={}", profile.display()),
            ],
        });
        let session = browser.call(
            "POST",
            "/session",
            &json!({"capabilities": {"alwaysMatch": {
                "goog:chromeOptions": options,
                "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            }}}),
        );
        let id = session["sessionId"].as_str().unwrap();
        browser.session = format!("/session/{id}");
        // The page that a browser starts with asks for much.
        browser.open("about:blank");
        browser.console();
        browser.requests();
        Some(browser)
    }

    /// A command of the session.
    fn ask(&self, path: &str, body: &Value) -> Value {
        self.call("POST", &format!("{}{path}", self.session), body)
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self.exchange(method, path, body).unwrap();
        let value = answer["value"].clone();
        assert!(value.get("error").is_none(), "{method} {path}: {value}");
        value
    }

    fn exchange(
        &self,
        method: &str,
        path: &str,
        body: &Value,
    ) -> std::io::Result<Value> {
        let body = body.to_string();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_mins(2)))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n{body}",
            self.port,
            body.len()
        )?;
        let mut rdr = BufReader::new(stream);
        let mut line = String::new();
        let mut len = 0;
        while line != "\r\n" {
            line.clear();
            rdr.read_line(&mut line)?;
            let (name, value) = line.split_once(':').unwrap_or_default();
            if name.eq_ignore_ascii_case("content-length") {
                len = value.trim().parse().unwrap();
            }
        }
        let mut answer = vec![0; len];
        rdr.read_exact(&mut answer)?;
        Ok(serde_json::from_slice(&answer)?)
    }

    /// Opens a page, and waits until it is loaded.
    pub(super) fn open(&self, url: &str) {
        self.ask("/url", &json!({"url": url}));
    }

    /// What a function body returns in the page.
    pub(super) fn run(&self, script: &str) -> Value {
        self.ask("/execute/sync", &json!({"script": script, "args": []}))
    }

    /// What a function body hands to its last argument.
    pub(super) fn wait(&self, script: &str) -> Value {
        self.ask("/execute/async", &json!({"script": script, "args": []}))
    }

    /// Clicks on the middle of an element, as a mouse does: what lies over it
    /// gets the click.
    pub(super) fn click(&self, query: &str) {
        let using = json!({"using": "css selector", "value": query});
        let element = self.ask("/element", &using);
        let id = element.as_object().unwrap().values().next().unwrap();
        let id = id.as_str().unwrap();
        self.ask(&format!("/element/{id}/click"), &json!({}));
    }

    /// Presses keys, one after the other.
    pub(super) fn press(&self, keys: &[&str]) {
        let actions: Vec<Value> = keys
            .iter()
            .flat_map(|key| {
                ["keyDown", "keyUp"]
                    .map(|what| json!({"type": what, "value": key}))
            })
            .collect();
        self.ask(
            "/actions",
            &json!({"actions": [
                {"type": "key", "id": "keys", "actions": actions}
            ]}),
        );
    }

    /// Shows pages as on `screen` or on `print`, to somebody who likes them
    /// `light` or `dark`.
    pub(super) fn media(&self, media: &str, scheme: &str) {
        let scheme = json!({"name": "prefers-color-scheme", "value": scheme});
        let params = json!({"media": media, "features": [scheme]});
        let cmd = "Emulation.setEmulatedMedia";
        let body = json!({"cmd": cmd, "params": params});
        self.ask("/goog/cdp/execute", &body);
    }

    /// What the console said since the last question.
    pub(super) fn console(&self) -> Vec<String> {
        let log = self.ask("/se/log", &json!({"type": "browser"}));
        let message = |it: &Value| it["message"].as_str().unwrap().to_owned();
        log.as_array().unwrap().iter().map(message).collect()
    }

    /// The addresses that were asked for since the last question.
    pub(super) fn requests(&self) -> Vec<String> {
        let log = self.ask("/se/log", &json!({"type": "performance"}));
        let mut urls = Vec::new();
        for row in log.as_array().unwrap() {
            let row = row["message"].as_str().unwrap();
            let row: Value = serde_json::from_str(row).unwrap();
            let event = &row["message"];
            if event["method"] == "Network.requestWillBeSent" {
                let url = &event["params"]["request"]["url"];
                urls.push(url.as_str().unwrap().to_owned());
            }
        }
        urls
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            // The browser ends with its session.
            let _ = self.exchange("DELETE", &self.session, &json!({}));
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
