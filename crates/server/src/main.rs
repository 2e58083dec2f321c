//! The binary `zhixin`: configuration, wiring, command line.

fn main() {}
