//! Use cases of ranks 4 and 5: the authority's work. The recipe stands in the header of `registry`.
//!
//! Ranks: 4 `calls`, `credentials`; 5 `reports`, which may read the tables of lower modules for figures (the sanctioned
//! exception of ARCHITECTURE.md).

pub mod calls;
pub mod credentials;
pub mod reports;
