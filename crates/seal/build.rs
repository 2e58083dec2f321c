//! Finds the fonts that the crate embeds and says what to do when they are missing.
//! States: all fonts found, or the build stops with one sentence. Makes nothing itself: scripts/fonts.sh does.

use std::path::PathBuf;
use std::process::ExitCode;

/// Environment variable of the crate → file in the folder of fonts.
const FONTS: [(&str, &str); 4] = [
    ("SEAL_FONT_REGULAR", "NotoSerifSC-Regular.otf"),
    ("SEAL_FONT_BOLD", "NotoSerifSC-Bold.otf"),
    ("SEAL_FONT_RARE_SAMPLE", "rare-sample.otf"),
    ("SEAL_FONT_LICENCE", "OFL.txt"),
];

fn main() -> ExitCode {
    println!("cargo::rerun-if-env-changed=ZHIXIN_FONTS");
    let manifest = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let folder = match std::env::var_os("ZHIXIN_FONTS") {
        Some(folder) => PathBuf::from(folder),
        None => manifest.join("../../assets/fonts"),
    };
    for (variable, name) in FONTS {
        let path = folder.join(name);
        println!("cargo::rerun-if-changed={}", path.display());
        let Ok(path) = path.canonicalize() else {
            println!(
                "cargo::error=The certificate font {name} is missing in {}. Run scripts/fonts.sh at the root of the \
                 repository, or set ZHIXIN_FONTS to a folder that holds it.",
                folder.display()
            );
            return ExitCode::FAILURE;
        };
        println!("cargo::rustc-env={variable}={}", path.display());
    }
    ExitCode::SUCCESS
}
