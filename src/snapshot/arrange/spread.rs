//! Which row stands where, when some of the items of a list have rows of their own below them.

/// An item of a list that has rows below it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Opened {
    /// Its place in the list.
    pub(super) place: usize,
    /// How many rows it has below it.
    pub(super) rows: usize,
    /// What tells whose rows those are.
    pub(super) inside: usize,
    /// How many rows those before it have below them.
    before: usize,
}

/// The items of a list that have rows below them, in their order. The others need no record, however many they are.
#[derive(Debug, Default)]
pub(super) struct Spread(Vec<Opened>);

/// What stands in a row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Found {
    /// The item at this place of the list.
    Item(usize),
    /// This row, from 0, of those below an item.
    Below(Opened, usize),
}

impl Spread {
    /// Adds an item. Places ascend.
    pub(super) fn push(&mut self, place: usize, rows: usize, inside: usize) {
        self.0.push(Opened { place, rows, inside, before: self.below() });
    }

    /// How many rows stand below items.
    pub(super) fn below(&self) -> usize {
        self.0.last().map_or(0, |last| last.before + last.rows)
    }

    /// The row of the item at a place.
    pub(super) fn row_of(&self, place: usize) -> usize {
        place + self.last_of(|opened| opened.place < place).map_or(0, |opened| opened.before + opened.rows)
    }

    pub(super) fn at(&self, place: usize) -> Option<Opened> {
        let at = self.0.binary_search_by_key(&place, |opened| opened.place).ok()?;
        self.0.get(at).copied()
    }

    pub(super) fn locate(&self, row: usize) -> Found {
        let Some(opened) = self.last_of(|opened| opened.place + opened.before <= row) else { return Found::Item(row) };
        match row - opened.place - opened.before {
            0 => Found::Item(opened.place),
            below if below <= opened.rows => Found::Below(opened, below - 1),
            _ => Found::Item(row - opened.before - opened.rows),
        }
    }

    fn last_of(&self, holds: impl Fn(&Opened) -> bool) -> Option<Opened> {
        self.0.get(self.0.partition_point(holds).checked_sub(1)?).copied()
    }

    /// Gives every item the rows that `rows_of` says are below it.
    pub(super) fn recount(&mut self, rows_of: impl Fn(usize) -> usize) {
        let mut before = 0;
        for opened in &mut self.0 {
            opened.rows = rows_of(opened.inside);
            opened.before = before;
            before += opened.rows;
        }
    }
}
