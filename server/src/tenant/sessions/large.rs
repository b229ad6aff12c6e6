//! Ten thousand variables with a realistic mix of values, the same on every start.

use std::sync::LazyLock;

use super::Item;

/// How many variables the large session has.
pub const LARGE_SIZE: usize = 10_000;

pub(super) const SENTENCE: &str =
    "10,000 variables with a realistic mix of values, in pages of 1,000: for scrolling, search and speed.";

const TOPICS: [&str; 12] = [
    "order", "cart", "profile", "payment", "delivery", "claim", "booking", "slot", "form", "survey", "crm", "handover",
];
const FIELDS: [&str; 10] =
    ["id", "status", "amount", "phone", "note", "items", "confirmed", "updated_at", "zip", "retries"];
const NAMES: [&str; 8] = ["Zoë", "Jürgen", "Łukasz", "محمد", "נועה", "さくら", "Renée", "O’Brien"];

/// A small generator (xorshift): the same sequence on every machine.
struct Sequence(u64);

impl Sequence {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next().checked_rem(bound).unwrap_or(0)
    }

    fn pick(&mut self, words: &[&'static str]) -> &'static str {
        let at = self.below(words.len() as u64);
        usize::try_from(at).ok().and_then(|at| words.get(at)).copied().unwrap_or_default()
    }
}

/// The variables, generated when first read. One in 25 has the name of an earlier one, in another scope.
pub(super) fn items() -> &'static [Item] {
    static ITEMS: LazyLock<Vec<Item>> = LazyLock::new(generate);
    &ITEMS
}

fn generate() -> Vec<Item> {
    let mut sequence = Sequence(0x5EED_1000_0001);
    let mut items = Vec::with_capacity(LARGE_SIZE);
    for number in 0..LARGE_SIZE {
        let name = name(&mut sequence, number);
        let scope = scope(&mut sequence, number);
        items.push(variable(&mut sequence, &name, scope));
    }
    items
}

fn name(sequence: &mut Sequence, number: usize) -> String {
    let topic = TOPICS.get(number % TOPICS.len()).copied().unwrap_or_default();
    let field = FIELDS.get(number / TOPICS.len() % FIELDS.len()).copied().unwrap_or_default();
    // 120 earlier, topic and field were the same: one in 25 takes that one's number, and so its whole name.
    let number = if number % 25 == 24 { number.saturating_sub(TOPICS.len() * FIELDS.len()) } else { number };
    let system = if sequence.below(50) == 0 { "_" } else { "" };
    format!("{system}{topic}_{field}_{number:04}")
}

fn scope(sequence: &mut Sequence, number: usize) -> &'static str {
    if number % 25 == 24 {
        return "user";
    }
    // Later on, this one's name comes again in scope user.
    if number % 25 == 4 {
        return "session";
    }
    match sequence.below(100) {
        0..=9 => "global",
        10..=24 => "bot",
        25..=79 => "session",
        80..=97 => "user",
        _ => "campaign",
    }
}

fn variable(sequence: &mut Sequence, name: &str, scope: &str) -> Item {
    let n = sequence.below(1_000_000);
    match sequence.below(20) {
        0..=2 => Item::text(name, scope, &n.to_string()),
        3 => Item::text(name, scope, &format!("{n:08}")),
        4 => Item::text(name, scope, &format!("+49 151 {n:07}")),
        5 => Item::text(name, scope, &format!("{}.{}0", n / 100, n % 10)),
        6 => Item::text(name, scope, if n.is_multiple_of(2) { "true" } else { "False" }),
        7 => Item::text(name, scope, &format!("2026-{:02}-{:02}T{:02}:30:00Z", 1 + n % 12, 1 + n % 28, n % 24)),
        8 => Item::text(name, scope, sequence.pick(&["", "null", "0", "*****", "n/a"])),
        9 => Item::text(name, scope, &format!("90071992547{n:06}{n:06}")),
        10 => Item::text(name, scope, &object(sequence, n)),
        11 => Item::typed(name, scope, &object(sequence, n)),
        12 => Item::typed(name, scope, &n.to_string()),
        13 => Item::typed(name, scope, if n.is_multiple_of(2) { "true" } else { "null" }),
        14 => Item::text(name, scope, &sentences(sequence, 4 + n % 12)),
        15 => Item::text(name, scope, &format!("https://shop.example/orders/{n}?from=chat&lang=de")),
        _ => Item::text(name, scope, &sentences(sequence, 1 + n % 2)),
    }
}

fn object(sequence: &mut Sequence, n: u64) -> String {
    let (name, city) = (sequence.pick(&NAMES), sequence.pick(&["Dresden", "Łódź", "Ålesund", "القاهرة"]));
    format!(
        r#"{{"id":"{n:07}","name":"{name}","address":{{"city":"{city}","zip":"{:05}"}},"total":{}.50,"open":{}}}"#,
        n % 100_000,
        n / 100,
        n.is_multiple_of(3)
    )
}

fn sentences(sequence: &mut Sequence, count: u64) -> String {
    let sentence = |sequence: &mut Sequence| {
        let who = sequence.pick(&NAMES);
        let what = sequence.pick(&[
            "asked where the parcel is 📦",
            "wants to change the delivery address",
            "said \"thank you\" and closed the chat",
            "waits for a call back",
        ]);
        format!("{who} {what}.")
    };
    (0..count).map(|_| sentence(sequence)).collect::<Vec<_>>().join(" ")
}
