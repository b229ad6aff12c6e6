//! Writes the JavaScript glue of the engine: `bindgen <input.wasm> <output directory> [--debug]`.
//!
//! The whole command line tool of wasm-bindgen takes minutes to build; this one needs its library only. Out come
//! `core.js` (for browsers, workers and Node) and `core_bg.wasm`. TypeScript's types are written by hand and are not
//! made here.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use wasm_bindgen_cli_support::Bindgen;

mod lockfile;

const OUT_NAME: &str = "core";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bindgen: {error}");
            let mut cause = error.source();
            while let Some(inner) = cause {
                eprintln!("  because: {inner}");
                cause = inner.source();
            }
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut paths = Vec::new();
    let mut debug = false;
    for argument in env::args_os().skip(1) {
        if argument == "--debug" {
            debug = true;
        } else {
            paths.push(PathBuf::from(argument));
        }
    }
    let [input, out_dir] = paths.as_slice() else {
        return Err("usage: bindgen <input.wasm> <output directory> [--debug]".into());
    };
    check_versions()?;
    generate(input, out_dir, debug)
}

/// Two versions that differ can agree on the format and still write glue that fails at run time.
fn check_versions() -> Result<(), Box<dyn Error + Send + Sync>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    let lock = fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let tool = lockfile::version(&lock, "wasm-bindgen-cli-support");
    match lockfile::version(&lock, "wasm-bindgen") {
        Some(engine) if Some(engine) == tool => Ok(()),
        Some(engine) => Err(format!(
            "Cargo.lock has wasm-bindgen {engine} but wasm-bindgen-cli-support {}; pin both to one version",
            tool.unwrap_or("(none)")
        )
        .into()),
        None => Err("Cargo.lock does not name wasm-bindgen".into()),
    }
}

fn generate(input: &Path, out_dir: &Path, debug: bool) -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(input).out_name(OUT_NAME).typescript(false).debug(debug).keep_debug(debug);
    // The entries name the file themselves. A second `new URL(…)` would make bundlers emit it twice.
    bindgen.omit_default_module_path(true);
    // An engine that has broken down is replaced by a new one.
    bindgen.reset_state_function(true);
    // The names of functions stay for `npm run weigh`; the optimiser takes them away from what is shipped.
    bindgen.remove_producers_section(true);
    let mut output = bindgen.web(true)?.generate_output()?;
    if output.snippets().values().any(|inline| !inline.is_empty()) || !output.local_modules().is_empty() {
        return Err("the engine brings JavaScript snippets of its own, which the package does not ship".into());
    }
    output.emit(out_dir)?;
    Ok(())
}
