//! What the regulation says, as pure functions and state machines. No I/O, no clock, no randomness.
