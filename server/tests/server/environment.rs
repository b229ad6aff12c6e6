//! The broker's environment variables: what is missing is said, all of it, and no secret with it.

use std::collections::HashMap;

use session_debugger_server::broker::{Environment, Missing, from_environment};

const GOOD: [(&str, &str); 5] = [
    ("BROKER_TENANT_URL", "https://tenant.example"),
    ("BROKER_CLIENT_ID", "console"),
    ("BROKER_CLIENT_SECRET", "hunter2-hunter2"),
    ("BROKER_PUBLIC_ORIGIN", "https://console.example"),
    ("BROKER_ALLOWED_USERS", "ada, grace"),
];

fn read(change: &[(&str, &str)]) -> Result<Environment, Missing> {
    let variables: HashMap<&str, &str> = GOOD.iter().chain(change).copied().collect();
    let file = |path: &str| (path == "/run/secret").then(|| "from-file\n".to_owned());
    from_environment(&|name| variables.get(name).map(|text| (*text).to_owned()), &file)
}

fn complaint(change: &[(&str, &str)]) -> String {
    read(change).expect_err("a complaint").to_string()
}

#[test]
fn defaults_are_the_safe_ones() {
    let environment = read(&[]).unwrap();
    assert_eq!(environment.listen.to_string(), "127.0.0.1:8090");
    assert!(!environment.config.relay);
    assert_eq!(environment.config.scopes, ["bot:read", "session:read", "variable:read"]);
    assert_eq!(environment.config.token_path, "/api/v2/auth/token");
}

#[test]
fn everything_missing_is_said_at_once() {
    let missing = from_environment(&|_| None, &|_| None).unwrap_err();
    let text = missing.to_string();
    for name in [
        "BROKER_TENANT_URL",
        "BROKER_CLIENT_ID",
        "BROKER_CLIENT_SECRET",
        "BROKER_PUBLIC_ORIGIN",
        "BROKER_ALLOWED_USERS",
    ] {
        assert!(text.contains(name), "{name}: {text}");
    }
    assert_eq!(missing.0.len(), 5, "{text}");
}

#[test]
fn what_is_wrong_is_named_and_its_value_is_not() {
    for (name, value) in [
        ("BROKER_TENANT_URL", "http://tenant.example"),
        ("BROKER_PUBLIC_ORIGIN", "https://console.example/"),
        ("BROKER_PUBLIC_ORIGIN", "http://console.example"),
        ("BROKER_LISTEN", "eight thousand"),
        ("BROKER_RELAY", "perhaps"),
        ("BROKER_TOKEN_PATH", "oauth/token"),
        ("BROKER_VARIABLES_PATH", "/sessions/variables"),
        ("BROKER_USER_HEADER", "x user"),
        ("BROKER_ALLOWED_USERS", " , "),
        ("BROKER_CLIENT_SECRET_FILE", "/nowhere"),
        ("BROKER_CLIENT_ID", "  "),
    ] {
        let text = complaint(&[(name, value)]);
        assert!(text.contains(name), "{name}: {text}");
        assert!(value.trim().len() < 3 || !text.contains(value), "{name}: {text}");
        assert!(!text.contains("hunter2"));
    }
}

#[test]
fn secrets_come_from_files_too() {
    let environment = read(&[("BROKER_CLIENT_SECRET", ""), ("BROKER_CLIENT_SECRET_FILE", "/run/secret")]).unwrap();
    assert_eq!(environment.config.client_secret.expose(), "from-file");
    assert!(!format!("{environment:?}").contains("from-file"));
}

#[test]
fn off_loopback_the_proxy_must_prove_itself() {
    for listen in ["0.0.0.0:8090", "[::]:8090", "10.1.2.3:80"] {
        assert!(complaint(&[("BROKER_LISTEN", listen)]).contains("BROKER_PROXY_SECRET"), "{listen}");
        assert!(read(&[("BROKER_LISTEN", listen), ("BROKER_PROXY_SECRET", "between-us")]).is_ok(), "{listen}");
    }
    assert!(read(&[("BROKER_LISTEN", "[::1]:8090")]).is_ok());
}

#[test]
fn what_is_set_is_taken() {
    let environment = read(&[
        ("BROKER_SCOPES", "variable:read  other:read"),
        ("BROKER_TOKEN_PATH", "/auth/oauth2/token"),
        ("BROKER_VARIABLES_PATH", "/v2.0/sessions/{sessionId}/state"),
        ("BROKER_RELAY", "on"),
    ]);
    let config = environment.unwrap().config;
    assert_eq!(config.scopes, ["variable:read", "other:read"]);
    assert_eq!((config.token_path.as_str(), config.relay), ("/auth/oauth2/token", true));
    assert_eq!(config.variables_path, "/v2.0/sessions/{sessionId}/state");
}
