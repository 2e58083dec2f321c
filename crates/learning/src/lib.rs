//! Use cases of ranks 2 and 3: learning and its worth.
