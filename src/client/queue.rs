//! Who is next: two lanes, in each of them the callers in turn, and of each caller whoever came first. Pure.

use std::collections::VecDeque;
use std::task::Waker;

/// Whether somebody looks at the screen and waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lane {
    /// Goes first.
    #[default]
    Interactive,
    /// One of many; gets at least one place in five.
    Bulk,
}

/// After so many interactive requests in a row one of the other lane goes.
const MOST_IN_A_ROW: usize = 4;
const NONE: usize = usize::MAX;

/// Interactive requests that went, one after the other, while others waited.
#[derive(Default)]
pub(super) struct InARow(usize);

impl InARow {
    /// Whether it is the others' turn.
    pub(super) fn is_long(&self) -> bool {
        self.0 >= MOST_IN_A_ROW
    }

    /// One goes; `held_up`: an interactive one, while others wait.
    pub(super) fn went(&mut self, held_up: bool) {
        self.0 = if held_up { self.0 + 1 } else { 0 };
    }
}

/// Places of those who wait. Entering and leaving take the same time however many there are.
#[derive(Default)]
pub(super) struct Queue {
    places: Vec<Place>,
    /// Numbers of places that nobody has.
    free: Vec<usize>,
    interactive: Lines,
    bulk: Lines,
    in_a_row: InARow,
}

/// One line for each caller who waits in a lane, in turn. There are never many.
type Lines = VecDeque<Line>;

struct Line {
    caller: u64,
    first: usize,
    last: usize,
    len: usize,
}

pub(super) struct Place {
    lane: Lane,
    caller: u64,
    before: usize,
    behind: usize,
    pub(super) waker: Option<Waker>,
    pub(super) called: bool,
}

impl Queue {
    pub(super) fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    /// Takes a place at the end of the caller's line.
    pub(super) fn enter(&mut self, lane: Lane, caller: u64) -> usize {
        let number = self.free.pop().unwrap_or(self.places.len());
        let lines = self.lines(lane);
        let before = match lines.iter_mut().find(|line| line.caller == caller) {
            Some(line) => {
                line.len += 1;
                std::mem::replace(&mut line.last, number)
            }
            None => {
                lines.push_back(Line { caller, first: number, last: number, len: 1 });
                NONE
            }
        };
        if let Some(place) = self.places.get_mut(before) {
            place.behind = number;
        }
        let place = Place { lane, caller, before, behind: NONE, waker: None, called: false };
        match self.places.get_mut(number) {
            Some(old) => *old = place,
            None => self.places.push(place),
        }
        number
    }

    /// Gives a place up, from wherever in the line.
    pub(super) fn leave(&mut self, number: usize) {
        let Some(place) = self.places.get_mut(number) else { return };
        let (lane, caller, before, behind) = (place.lane, place.caller, place.before, place.behind);
        place.waker = None;
        self.free.push(number);
        if let Some(place) = self.places.get_mut(before) {
            place.behind = behind;
        }
        if let Some(place) = self.places.get_mut(behind) {
            place.before = before;
        }
        let lines = self.lines(lane);
        let Some(at) = lines.iter().position(|line| line.caller == caller) else { return };
        if let Some(line) = lines.get_mut(at) {
            line.len -= 1;
            if line.first == number {
                line.first = behind;
            }
            if line.last == number {
                line.last = before;
            }
            if line.len == 0 {
                lines.remove(at);
            }
        }
    }

    /// Whose turn it is.
    pub(super) fn next(&self) -> Option<usize> {
        let (first, second) = match self.in_a_row.is_long() {
            true => (&self.bulk, &self.interactive),
            false => (&self.interactive, &self.bulk),
        };
        first.front().or(second.front()).map(|line| line.first)
    }

    /// The one whose turn it was goes; the next turn is another caller's.
    pub(super) fn go(&mut self, number: usize) {
        let Some(lane) = self.places.get(number).map(|place| place.lane) else { return };
        let held_up = lane == Lane::Interactive && !self.bulk.is_empty();
        self.in_a_row.went(held_up);
        let lines = self.lines(lane);
        if lines.front().is_some_and(|line| line.first == number) {
            lines.rotate_left(1);
        }
        self.leave(number);
    }

    pub(super) fn place(&mut self, number: usize) -> Option<&mut Place> {
        self.places.get_mut(number)
    }

    /// How many go before this one, if nobody else comes.
    pub(super) fn ahead(&self, number: usize) -> usize {
        let Some(place) = self.places.get(number) else { return 0 };
        let mut in_line = 0;
        let mut before = place.before;
        while let Some(other) = self.places.get(before) {
            in_line += 1;
            before = other.before;
        }
        let (own, other) = match place.lane {
            Lane::Interactive => (&self.interactive, &self.bulk),
            Lane::Bulk => (&self.bulk, &self.interactive),
        };
        let turn = own.iter().position(|line| line.caller == place.caller).unwrap_or(0);
        let turns = own.iter().enumerate().map(|(at, line)| match line.caller == place.caller {
            true => in_line,
            false => line.len.min(in_line + usize::from(at < turn)),
        });
        let in_lane: usize = turns.sum();
        let waiting: usize = other.iter().map(|line| line.len).sum();
        in_lane
            + waiting.min(match place.lane {
                Lane::Interactive => (in_lane + self.in_a_row.0) / MOST_IN_A_ROW,
                Lane::Bulk => (in_lane + 1) * MOST_IN_A_ROW,
            })
    }

    fn lines(&mut self, lane: Lane) -> &mut Lines {
        match lane {
            Lane::Interactive => &mut self.interactive,
            Lane::Bulk => &mut self.bulk,
        }
    }
}
