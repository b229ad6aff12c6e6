//! Numbers that keep hidden names apart, the same for as long as the mask lives.

/// So many names are remembered; those met later are numbered anew each time.
const MOST: usize = 100_000;

/// The names that were hidden, by number from 1.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    names: Vec<Box<str>>,
    /// Scopes that were hidden together with a name, each behind that name's number. Those of one name are numbered from 1 as they were
    /// met: that tells neither which scope it is nor where else it is met.
    scopes: Vec<(usize, Box<str>)>,
    /// Places of the names, in their order.
    order: Vec<u32>,
    beyond: usize,
}

impl Aliases {
    pub(super) fn number(&mut self, name: &str) -> usize {
        match self.known(name) {
            Ok(at) => self.order.get(at).map_or(0, |place| *place as usize + 1),
            Err(_) if self.names.len() >= MOST => {
                self.beyond += 1;
                MOST + self.beyond
            }
            Err(at) => {
                self.order.insert(at, self.names.len() as u32);
                self.names.push(name.into());
                self.names.len()
            }
        }
    }

    /// The number of a scope among those that were hidden together with a name.
    pub(super) fn scope_number(&mut self, name: &str, scope: &str) -> usize {
        let number = self.number(name);
        if number > MOST {
            return 1;
        }
        let (start, end) = self.scopes_of(number);
        let own = self.scopes.get(start..end).unwrap_or_default();
        own.iter().position(|(_, known)| **known == *scope).unwrap_or_else(|| {
            self.scopes.insert(end, (number, scope.into()));
            end - start
        }) + 1
    }

    /// The scope of this number that was hidden together with a name.
    pub(super) fn scope(&self, name: &str, number: usize) -> Option<&str> {
        let (start, end) =
            self.scopes_of(self.known(name).ok().and_then(|at| self.order.get(at)).map(|place| *place as usize + 1)?);
        self.scopes.get(start..end)?.get(number.checked_sub(1)?).map(|(_, scope)| &**scope)
    }

    fn scopes_of(&self, number: usize) -> (usize, usize) {
        let before = |bound: usize| self.scopes.partition_point(|(of, _)| *of < bound);
        (before(number), before(number + 1))
    }

    /// Where a name stands in the order, or where it would.
    fn known(&self, name: &str) -> Result<usize, usize> {
        let known = |place: &u32| self.names.get(*place as usize).map_or("", |known| known);
        self.order.binary_search_by(|place| known(place).cmp(name))
    }

    pub(super) fn name(&self, number: usize) -> Option<&str> {
        self.names.get(number.checked_sub(1)?).map(|name| &**name)
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
