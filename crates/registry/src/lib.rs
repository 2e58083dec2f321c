//! Use cases of ranks 0 and 1: who and what exists.
