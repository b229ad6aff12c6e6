//! Starts the sandbox: broker, tenant and page on one loopback port.

use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::sync::Arc;

use session_debugger_server::broker::StderrJournal;
use session_debugger_server::clock::SystemClock;
use session_debugger_server::options::{HELP, Options};
use session_debugger_server::sandbox::Sandbox;
use tokio::net::TcpListener;

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(why) => return failed(&why),
    };
    if options.help {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = runtime.map_err(|error| error.to_string()).and_then(|runtime| runtime.block_on(run(options)));
    outcome.map_or_else(|why| failed(&why), |()| ExitCode::SUCCESS)
}

async fn run(options: Options) -> Result<(), String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await;
    let listener = listener.map_err(|error| format!("port {} cannot be had: {error}", options.port))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let journal = Arc::new(StderrJournal);
    let sandbox = Sandbox::new(address.port(), options.page, options.settings, SystemClock::shared(), journal)?;
    println!("Sandbox ready at http://{address}/");
    axum::serve(listener, sandbox.router).await.map_err(|error| error.to_string())
}

fn failed(why: &str) -> ExitCode {
    eprintln!("sandbox: {why}");
    ExitCode::FAILURE
}
