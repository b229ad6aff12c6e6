//! Starts the broker alone, configured by environment variables; `server/README.md` lists them.

use std::process::ExitCode;
use std::sync::Arc;

use session_debugger_server::broker::{self, Broker, Callers, Environment, Outbound, StderrJournal, from_environment};
use session_debugger_server::clock::SystemClock;
use tokio::net::TcpListener;

fn main() -> ExitCode {
    let environment = from_environment(&|name| std::env::var(name).ok(), &|path| std::fs::read_to_string(path).ok());
    let environment = match environment {
        Ok(environment) => environment,
        Err(missing) => {
            eprint!("{missing}");
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = runtime.map_err(|error| error.to_string()).and_then(|runtime| runtime.block_on(run(environment)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("broker: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn run(environment: Environment) -> Result<(), String> {
    let outbound = Outbound::new(environment.ca_file.as_deref()).map_err(|why| format!("BROKER_CA_FILE {why}"))?;
    let broker = Broker::new(
        environment.config,
        outbound,
        Callers::new(vec![environment.public_origin]),
        Arc::new(environment.users),
        Arc::new(StderrJournal),
        SystemClock::shared(),
    )?;
    let listener = TcpListener::bind(environment.listen).await;
    let listener = listener.map_err(|error| format!("{} cannot be had: {error}", environment.listen))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let stop = told_to_stop()?;
    println!("Broker ready at http://{address}{}", broker::TOKEN_ROUTE);
    let server = axum::serve(listener, broker::standalone(Arc::new(broker)));
    server.with_graceful_shutdown(stop).await.map_err(|error| error.to_string())
}

/// A container stops its first process by SIGTERM, which such a process ignores unless it listens. Listening begins with
/// the call, not with the first wait, so that no signal is missed in between.
#[cfg(unix)]
fn told_to_stop() -> Result<impl Future<Output = ()> + Send + 'static, String> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut stop = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    Ok(async move { stop.recv().await.unwrap_or_default() })
}

#[cfg(not(unix))]
fn told_to_stop() -> Result<impl Future<Output = ()> + Send + 'static, String> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
