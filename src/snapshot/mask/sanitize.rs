//! The host's own hook: it is asked about every leaf that the rules leave, and says what is shown of it.

use super::own_tokens;
use std::cell::Cell;
use std::fmt::{self, Debug};
use std::rc::Rc;

/// A text, number or word of a value that is about to be shown or sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf<'a> {
    /// The variable's name, as it is.
    pub name: &'a str,
    /// The variable's scope.
    pub scope: &'a str,
    /// The names that lead to the leaf inside of the value; an element goes by the name of its list.
    pub path: &'a [Rc<str>],
    /// What would be shown: a text itself, of anything else its JSON source.
    pub text: &'a str,
}

/// A hook of the host. Clones are one hook; any two others are different.
///
/// It gives the text to show, the leaf's own where nothing is to be changed, and `None` for a leaf that is hidden. What it gives is judged
/// by the rules again. What it asks of the engine through its own mask is hidden from it. It is asked as often as something is shown, and
/// has to answer alike.
///
/// ```
/// use cognigy_session_debugger::snapshot::{Hidden, IngestOptions, Mask, MaskOptions, Sanitizer, Snapshot};
/// let sanitize = Sanitizer::new(|leaf| (leaf.scope != "vault").then(|| leaf.text.replace("Max", "M.")));
/// let mask = Mask::new(MaskOptions { sanitize: Some(sanitize), ..MaskOptions::default() });
/// let body = br#"{"variables":[{"name":"a","value":["Max"],"scope":"user"},{"name":"b","value":true,"scope":"vault"}]}"#;
/// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
/// let raw = |name| snapshot.get_through(name, None, &mask, &mut Hidden::default()).map(|variable| variable.raw);
/// assert_eq!(raw("a").as_deref(), Some(r#"["M."]"#));
/// assert_eq!(raw("b").as_deref(), Some("[masked:sanitized]"));
/// # Ok::<(), cognigy_session_debugger::Error>(())
/// ```
#[derive(Clone)]
pub struct Sanitizer(Rc<Hook>);

struct Hook {
    is_asked: Cell<bool>,
    ask: Box<Ask>,
}

type Ask = dyn Fn(&Leaf<'_>) -> Option<String>;

impl Sanitizer {
    /// A hook that asks this function.
    pub fn new(ask: impl Fn(&Leaf<'_>) -> Option<String> + 'static) -> Sanitizer {
        Sanitizer(Rc::new(Hook { is_asked: Cell::new(false), ask: Box::new(ask) }))
    }

    pub(super) fn ask(&self, leaf: &Leaf<'_>) -> Option<String> {
        // Whoever asks through the mask from inside of the hook would never come back. What is hidden from it is kept by nobody.
        if self.0.is_asked.replace(true) {
            own_tokens::end_the_moment();
            return None;
        }
        let answer = (self.0.ask)(leaf);
        self.0.is_asked.set(false);
        answer
    }
}

impl PartialEq for Sanitizer {
    fn eq(&self, other: &Sanitizer) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Sanitizer {}

impl Debug for Sanitizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sanitizer")
    }
}
