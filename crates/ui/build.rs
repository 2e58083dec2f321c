//! Makes the folder of the bundled front end exist, so that the crate compiles before `npm run build` ran.
//! Rebuilds the crate when a bundle appears or changes; deliberately does not call npm.

use std::path::Path;

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    if !dist.exists() {
        // Without the folder rust-embed refuses to compile; without files pages are merely unstyled.
        std::fs::create_dir_all(&dist).expect("the checkout is writable");
    }
    println!("cargo:rerun-if-changed={}", dist.display());
    println!("cargo:rerun-if-changed=build.rs");
}
