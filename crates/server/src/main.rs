//! Entry of the command line; everything else stands in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::commands::main()
}
