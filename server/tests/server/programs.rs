//! The two programs, started as programs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

const BROKER: [(&str, &str); 6] = [
    ("BROKER_TENANT_URL", "https://tenant.example"),
    ("BROKER_CLIENT_ID", "console"),
    ("BROKER_CLIENT_SECRET", "hunter2"),
    ("BROKER_PUBLIC_ORIGIN", "https://console.example"),
    ("BROKER_ALLOWED_USERS", "ada"),
    ("BROKER_LISTEN", "127.0.0.1:0"),
];

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Starts a program and gives the address out of its first line.
fn start(mut command: Command) -> (Running, String) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let output = child.stdout.take().unwrap();
    let running = Running(child);
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).unwrap();
    let at = line.find("http://").unwrap_or_else(|| panic!("no address in {line:?}"));
    let address = line[at + 7..].split('/').next().unwrap().to_owned();
    (running, address)
}

fn ask(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "{request} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_sandbox_prints_its_address_and_answers_there() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sandbox"));
    command.args(["--port", "0", "--page", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/page")]);
    let (_running, address) = start(command);
    assert!(address.starts_with("127.0.0.1:") && !address.ends_with(":4173"));
    assert!(ask(&address, "GET /").starts_with("HTTP/1.1 200"));
    assert!(ask(&address, "GET /sandbox/sessions").contains("sess_shop_4711"));
}

#[test]
fn the_sandbox_says_what_it_does_not_understand() {
    let output = Command::new(env!("CARGO_BIN_EXE_sandbox")).args(["--prot", "1"]).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("--prot is not known"));
}

#[test]
fn the_broker_does_not_start_half_configured() {
    let output = Command::new(env!("CARGO_BIN_EXE_broker"))
        .env_clear()
        .envs([("BROKER_CLIENT_SECRET", "hunter2"), ("BROKER_TENANT_URL", "https://tenant.example")])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text.contains("BROKER_CLIENT_ID is missing") && text.contains("BROKER_ALLOWED_USERS is missing"));
    assert!(!text.contains("hunter2"));
}

#[cfg(unix)]
#[test]
fn the_broker_stops_when_a_container_says_so() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_broker"));
    command.env_clear().envs(BROKER);
    let (mut running, _) = start(command);
    Command::new("kill").arg(running.0.id().to_string()).status().unwrap();
    assert_eq!(running.0.wait().unwrap().code(), Some(0), "an orderly end, not a death by signal");
}

#[test]
fn the_broker_serves_its_routes_alone() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_broker"));
    command.env_clear().envs(BROKER);
    let (_running, address) = start(command);
    assert!(ask(&address, "POST /debug/token").starts_with("HTTP/1.1 401"));
    assert!(ask(&address, "GET /debug/token").starts_with("HTTP/1.1 405"));
    // Neither the sandbox nor, unless switched on, the relay.
    for path in ["/", "/sandbox/sessions", "/api/v2/auth/token", "/debug/botsessions/a/variables"] {
        assert!(ask(&address, &format!("GET {path}")).starts_with("HTTP/1.1 404"), "{path}");
    }
}
