//! Prepared figures and statistics.
