//! One element of `variables`, as text: numbers keep their spelling, and broken items can be sent too.

use serde::Deserialize;
use serde_json::Value;

/// One element of the `variables` array.
#[derive(Debug, Clone)]
pub struct Item {
    /// The name, where the item has one that is a text.
    pub name: Option<String>,
    /// The scope, where the item has one that is a text.
    pub scope: Option<String>,
    /// The element's JSON, sent as it is.
    pub json: String,
}

/// The members that decide whether a query selects the item. Everything else is skipped unread.
#[derive(Deserialize)]
struct Keys {
    name: Option<Value>,
    scope: Option<Value>,
}

impl Item {
    /// An element from its JSON. An element without usable name or scope is kept: such things happen on the wire.
    pub fn from_json(json: impl Into<String>) -> Item {
        let json = json.into();
        let keys = serde_json::from_str(&json).unwrap_or(Keys { name: None, scope: None });
        Item { name: text(keys.name), scope: text(keys.scope), json }
    }

    /// An untyped variable, as the tenant mostly sends them: the value is a text.
    pub fn text(name: &str, scope: &str, value: &str) -> Item {
        Item::typed(name, scope, &quote(value))
    }

    /// A variable whose value is any JSON.
    pub fn typed(name: &str, scope: &str, value: &str) -> Item {
        let json = format!(r#"{{"name":{},"value":{value},"scope":{}}}"#, quote(name), quote(scope));
        Item { name: Some(name.to_owned()), scope: Some(scope.to_owned()), json }
    }

    /// Whether the platform counts the variable as its own.
    pub fn is_system(&self) -> bool {
        self.name.as_deref().is_some_and(|name| name.starts_with('_'))
    }
}

fn text(value: Option<Value>) -> Option<String> {
    match value {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// A text as a JSON string.
pub(crate) fn quote(text: &str) -> String {
    Value::from(text).to_string()
}
