//! Few things by their keys, in the order of these. The standard library's trees add ten kilobytes of wasm for every kind of
//! key; to shift some thousand places costs nothing that anybody notices.

use std::borrow::Borrow;

#[derive(Debug)]
pub(super) struct Sorted<K, V>(Vec<(K, V)>);

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Sorted<K, V> {
        Sorted(Vec::new())
    }
}

impl<K: Ord, V> Sorted<K, V> {
    /// Where a key stands, or where it would.
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|(known, _)| known.borrow().cmp(key))
    }

    pub(super) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.0.get(self.place(key).ok()?).map(|(_, value)| value)
    }

    pub(super) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key).ok()?;
        self.0.get_mut(place).map(|(_, value)| value)
    }

    pub(super) fn contains<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    /// What stood under the key before.
    pub(super) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(place) => self.0.get_mut(place).map(|(_, known)| std::mem::replace(known, value)),
            Err(place) => {
                self.0.insert(place, (key, value));
                None
            }
        }
    }

    /// What stood under the key.
    pub(super) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|place| self.0.remove(place).1)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// All keys behind this one.
    pub(super) fn after<Q: Ord + ?Sized>(&self, key: &Q) -> impl Iterator<Item = &K>
    where
        K: Borrow<Q>,
    {
        let start = self.place(key).map_or_else(|place| place, |place| place + 1);
        self.0.iter().skip(start).map(|(key, _)| key)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Against the tree that it stands for, over keys by chance.
    #[test]
    fn it_does_what_a_tree_does() {
        let (mut sorted, mut tree) = (Sorted::default(), BTreeMap::new());
        let mut dice = 1_u32;
        for turn in 0..2_000_u32 {
            dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let key = (dice >> 24).to_string();
            if dice & 1 == 0 {
                assert_eq!(sorted.insert(key.clone(), turn), tree.insert(key.clone(), turn));
            } else {
                assert_eq!(sorted.remove(key.as_str()), tree.remove(key.as_str()));
            }
            assert_eq!(sorted.get(key.as_str()), tree.get(key.as_str()));
            let behind = tree.range::<str, _>((std::ops::Bound::Excluded(key.as_str()), std::ops::Bound::Unbounded));
            assert!(sorted.after(key.as_str()).eq(behind.map(|(key, _)| key)));
        }
        assert!(sorted.iter().eq(tree.iter()) && !sorted.is_empty());
    }
}
