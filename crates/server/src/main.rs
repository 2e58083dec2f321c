//! Entry of the command line; everything else stands in the library.

use std::process::ExitCode;

/// The C library's allocator gives every thread an arena of its own and returns little of it: four sign-ins (19 MiB of
/// argon2 each, on whichever blocking thread is free) left 83 MB behind, a load of pages 26 MB more. This one left 5 and
/// 34 MB. Measured by resident memory of the debug binary on the demonstration city; docs/adr tells how.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::commands::main()
}
