//! What this process remembers of one database: things read from rows that never change any more, in the form in which
//! they are used.
//!
//! A feature has a type of its own here and fills it itself. Only what cannot become wrong may be kept: another process
//! writes to the same database and tells nobody. Deliberately absent: expiry, and anything of one request.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// One value of each type.
#[derive(Default)]
pub(crate) struct Memory(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Memory {
    /// The value of a type, made empty when it is first asked for.
    pub(crate) fn of<T: Any + Send + Sync + Default>(&self) -> Arc<T> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let value = kept
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Arc::new(T::default()) as Arc<dyn Any + Send + Sync>);
        Arc::clone(value).downcast::<T>().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_remembered_by_each_memory_for_itself() {
        let (one, other) = (Memory::default(), Memory::default());
        one.of::<Mutex<Vec<u8>>>().lock().expect("unpoisoned").push(7);
        assert_eq!(*one.of::<Mutex<Vec<u8>>>().lock().expect("unpoisoned"), [7]);
        assert_eq!(*one.of::<Mutex<String>>().lock().expect("unpoisoned"), "");
        assert!(other.of::<Mutex<Vec<u8>>>().lock().expect("unpoisoned").is_empty());
    }
}
