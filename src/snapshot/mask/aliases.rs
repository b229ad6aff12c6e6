//! Numbers that keep hidden names apart, the same for as long as the mask lives.

use super::ordered::Ordered;

/// So many names are remembered; those met later are numbered anew each time.
const MOST: usize = 100_000;

/// The names that were hidden, by number from 1.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    names: Vec<Name>,
    /// Scopes that were hidden together with a name. Those of one name are numbered from 1 as they were met: that tells neither which
    /// scope it is nor where else it is met.
    scopes: Vec<Scope>,
    by_name: Ordered,
    by_scope: Ordered,
    beyond: usize,
}

#[derive(Debug)]
struct Name {
    text: Box<str>,
    scopes: usize,
}

#[derive(Debug)]
struct Scope {
    /// The number of its name.
    of: usize,
    number: usize,
    text: Box<str>,
}

impl Aliases {
    pub(super) fn number(&mut self, name: &str) -> usize {
        if let Some(number) = self.known(name) {
            return number;
        }
        if self.names.len() >= MOST {
            self.beyond += 1;
            return MOST + self.beyond;
        }
        self.names.push(Name { text: name.into(), scopes: 0 });
        let text = |place: usize| self.names.get(place).map(|name| &name.text);
        self.by_name.push(&|one, other| text(one).cmp(&text(other)));
        self.names.len()
    }

    /// The number of a scope among those that were hidden together with a name.
    pub(super) fn scope_number(&mut self, name: &str, scope: &str) -> usize {
        let of = self.number(name);
        let wanted = (of, scope);
        let key = |place: usize| self.scopes.get(place).map(|scope| (scope.of, &*scope.text));
        let known = self.by_scope.find(&|place| key(place).cmp(&Some(wanted)));
        if let Some(scope) = known.and_then(|place| self.scopes.get(place)) {
            return scope.number;
        }
        let Some(name) = self.names.get_mut(of - 1) else { return 1 };
        name.scopes += 1;
        let number = name.scopes;
        self.scopes.push(Scope { of, number, text: scope.into() });
        let key = |place: usize| self.scopes.get(place).map(|scope| (scope.of, &scope.text));
        self.by_scope.push(&|one, other| key(one).cmp(&key(other)));
        number
    }

    /// The scope of this number that was hidden together with a name.
    pub(super) fn scope(&self, name: &str, number: usize) -> Option<&str> {
        let of = self.known(name)?;
        self.scopes.iter().find(|scope| (scope.of, scope.number) == (of, number)).map(|scope| &*scope.text)
    }

    fn known(&self, name: &str) -> Option<usize> {
        let text = |place: usize| self.names.get(place).map(|name| &*name.text);
        self.by_name.find(&|place| text(place).cmp(&Some(name))).map(|place| place + 1)
    }

    pub(super) fn name(&self, number: usize) -> Option<&str> {
        self.names.get(number.checked_sub(1)?).map(|name| &*name.text)
    }
}

/// What stands for a hidden name.
pub(super) fn alias(rule: &str, number: usize) -> String {
    ["[masked:", rule, "#", &number.to_string(), "]"].concat()
}

/// The number in it.
pub(super) fn number_in(alias: &str) -> Option<usize> {
    alias.strip_prefix("[masked:")?.strip_suffix(']')?.rsplit_once('#')?.1.parse().ok()
}
