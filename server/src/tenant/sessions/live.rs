//! A session that changes with every read, so that there is something to watch.

use super::Item;

pub(super) const SENTENCE: &str =
    "Changes with every read: turns count up, a cart grows, an order moves on, variables come and go, a type changes.";

const GOODS: [(&str, &str); 6] = [
    ("Espresso cups, set of 4", "24.90"),
    ("Kettle 1.7 l", "39.00"),
    ("Tea towel 🫖", "7.50"),
    ("Milk frother", "59.95"),
    ("Coffee filter no. 4", "2.10"),
    ("Sugar tongs", "11.00"),
];
const STATUSES: [&str; 6] = ["draft", "checkout", "paid", "packed", "shipped", "delivered"];

/// What the session holds at a read; 0 is the first.
pub(super) fn items(read: u64) -> Vec<Item> {
    let turn = read.saturating_add(1);
    let mut items = vec![
        Item::text("tenant_region", "global", "eu-central"),
        Item::text("support_phone", "global", "+49 30 901820"),
        Item::text("language", "bot", "de-DE"),
        Item::text("greeting", "bot", "Guten Tag! Wie kann ich helfen?"),
        Item::text("language", "user", if read % 8 < 4 { "de-DE" } else { "en-GB" }),
        Item::text("user_customer_id", "user", "0004711008"),
        Item::text("turn", "session", &turn.to_string()),
        Item::text("last_input", "session", last_input(read)),
        Item::text("last_intent_score", "session", &format!("0.{:02}", 50 + (read * 7) % 50)),
        Item::text("order_status", "session", status(read)),
        Item::text("cart", "session", &cart(read)),
        Item::text("cart_items", "session", &cart_size(read).to_string()),
        Item::text("_execution", "session", &turn.to_string()),
        Item::text("_inputId", "session", &format!("inp-{turn:06}")),
    ];
    items.push(delivery_note(read));
    if read % 3 == 1 {
        items.push(Item::text("pending_question", "session", "Which delivery date suits you?"));
    }
    if read % 5 == 4 {
        items.push(Item::text("voucher", "campaign", "TEA-0010"));
    }
    items
}

fn status(read: u64) -> &'static str {
    let step = usize::try_from(read / 2).unwrap_or(usize::MAX);
    STATUSES.get(step).or(STATUSES.last()).copied().unwrap_or_default()
}

fn last_input(read: u64) -> &'static str {
    match read % 4 {
        0 => "I need something for tea",
        1 => "add it please",
        2 => "was kostet der Versand?",
        _ => "👍",
    }
}

/// The cart starts again after a dozen, so that long watching stays readable.
fn cart_size(read: u64) -> u64 {
    1 + read % 12
}

fn cart(read: u64) -> String {
    let lines: Vec<String> = (0..cart_size(read)).map(cart_line).collect();
    format!("[{}]", lines.join(","))
}

fn cart_line(line: u64) -> String {
    let good = usize::try_from(line).ok().and_then(|line| GOODS.get(line % GOODS.len()));
    let (name, price) = good.copied().unwrap_or_default();
    format!(r#"{{"sku":"{:05}","name":"{name}","price":{price},"quantity":{}}}"#, 812 + line, 1 + line % 3)
}

/// A value whose type changes: text, number, object, null.
fn delivery_note(read: u64) -> Item {
    match read % 4 {
        0 => Item::text("delivery_slot", "session", "any"),
        1 => Item::text("delivery_slot", "session", "3"),
        2 => Item::text("delivery_slot", "session", r#"{"day":"2026-01-09","from":"08:00","to":"12:00"}"#),
        _ => Item::typed("delivery_slot", "session", "null"),
    }
}
