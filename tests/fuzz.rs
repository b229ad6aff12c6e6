//! Many bodies by chance, the same ones in every run.
//!
//! `FUZZ_INPUTS` says how many (default 100,000), `FUZZ_SEED` with which number the first begins. A failure names its number:
//! `FUZZ_SEED=<number> FUZZ_INPUTS=1` repeats it alone.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, unreachable_pub)]

#[path = "support/bodies.rs"]
mod bodies;
#[path = "support/checks.rs"]
mod checks;

use bodies::{Chance, body};
use cognigy_session_debugger::Code;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{available_parallelism, scope};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap())
}

/// How many could be read, had a variable, or were refused as no JSON.
#[derive(Default, Clone, Copy)]
struct Counts {
    read: u64,
    variables: u64,
    syntax: u64,
    shape: u64,
}

fn run(numbers: impl Iterator<Item = u64>) -> Counts {
    let mut counts = Counts::default();
    let mut bytes = Vec::new();
    for number in numbers {
        let mut chance = Chance::new(number);
        body(&mut chance, &mut bytes);
        let slice = 1 + chance.below(bytes.len());
        // Either by turns: both for each would take twice as long.
        let check = || if number.is_multiple_of(2) { checks::whole(&bytes) } else { checks::sliced(&bytes, slice) };
        let outcome = catch_unwind(AssertUnwindSafe(check));
        match outcome.unwrap_or_else(|_| panic!("input {number}: {}", String::from_utf8_lossy(&bytes))) {
            Ok(variables) => {
                counts.read += 1;
                counts.variables += u64::try_from(variables).unwrap();
            }
            Err(Code::JsonSyntax | Code::BodyEmpty) => counts.syntax += 1,
            Err(Code::ShapeUnknown | Code::SchemaMismatch) => counts.shape += 1,
            Err(code) => panic!("input {number}: {code:?}"),
        }
    }
    counts
}

#[test]
fn any_bytes_are_a_snapshot_or_a_clear_error() {
    let (inputs, seed) = (number("FUZZ_INPUTS", 100_000), number("FUZZ_SEED", 1));
    let threads = u64::try_from(available_parallelism().map_or(1, usize::from)).unwrap();
    #[allow(clippy::disallowed_methods, reason = "how long it took is printed, and asked of nothing")]
    let began = std::time::Instant::now();
    let parts: Vec<Counts> = scope(|scope| {
        let part = |first: u64| (seed + first..seed + inputs).step_by(usize::try_from(threads).unwrap());
        let workers: Vec<_> = (0..threads).map(|first| scope.spawn(move || run(part(first)))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let sum = |count: fn(&Counts) -> u64| parts.iter().map(count).sum::<u64>();
    let (read, variables) = (sum(|one| one.read), sum(|one| one.variables));
    let (syntax, shape) = (sum(|one| one.syntax), sum(|one| one.shape));
    let seconds = began.elapsed().as_secs_f64();
    #[allow(clippy::cast_precision_loss, reason = "it is shown in whole numbers")]
    let rate = inputs as f64 / seconds;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "fuzz: {inputs} bodies; {read} read, with {variables} variables; {syntax} no JSON; {shape} of no known shape; \
         {seconds:.1} s on {threads} threads, {rate:.0} a second"
    )
    .unwrap();
    assert_eq!(read + syntax + shape, inputs);
    assert!(
        inputs < 1_000 || (read > inputs / 3 && syntax > inputs / 10 && variables > read),
        "the bodies are worth it"
    );
}
