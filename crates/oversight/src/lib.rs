//! Use cases of ranks 4 and 5: the authority's work.
