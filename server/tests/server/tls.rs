//! https to a tenant: believed with the right certificate, refused with a wrong one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::StatusCode;
use session_debugger_server::broker::Outbound;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::support::Desk;

const ANSWER: &str = r#"{"access_token":"over-tls","token_type":"Bearer","expires_in":900}"#;

/// A tenant behind TLS on loopback, and the certificate that it shows.
async fn tenant() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that does not believe the certificate leaves during the handshake.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = [0; 4096];
            let length = stream.read(&mut request).await.unwrap();
            assert!(request[..length].starts_with(b"POST /api/v2/auth/token"));
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                ANSWER.len()
            );
            stream.write_all((head + ANSWER).as_bytes()).await.unwrap();
            stream.shutdown().await.ok();
        }
    });
    (format!("https://localhost:{port}"), made.cert.pem())
}

struct PemFile(PathBuf);

impl PemFile {
    fn new(name: &str, text: &str) -> PemFile {
        let path = std::env::temp_dir().join(format!("session-debugger-{name}-{}.pem", std::process::id()));
        std::fs::write(&path, text).unwrap();
        PemFile(path)
    }
}

impl Drop for PemFile {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).ok();
    }
}

#[tokio::test]
async fn a_certificate_of_the_teams_own_is_believed_when_named() {
    let (base, pem) = tenant().await;
    let file = PemFile::new("own", &pem);
    let answer = Desk::with(&base, Outbound::new(Some(&file.0)).unwrap()).token("").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json()["access_token"], "over-tls");
}

#[tokio::test]
async fn an_unknown_certificate_is_not() {
    let (base, _) = tenant().await;
    let answer = Desk::new(&base).token("").await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(!answer.text().contains("over-tls"));
}

#[test]
fn a_certificate_file_must_hold_one() {
    assert!(Outbound::new(Some(Path::new("/nowhere.pem"))).is_err());
    let empty = PemFile::new("empty", "nothing here\n");
    assert!(Outbound::new(Some(&empty.0)).unwrap_err().contains("no certificate"));
}
