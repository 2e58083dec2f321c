//! How the C library gives memory back: a server that waits holds little more than it needs.
//!
//! glibc keeps an arena per thread, up to eight per processor, and never returns what is free in the middle of one. The
//! threads of a server take turns (`db` runs statements in place), so that each arena ends up with the peak of the
//! largest page. `docs/adr/0009-arenas.md` has the figures. The C library reads its settings only from the environment of a
//! process that begins; so the server begins once more, in the same process, with them set.
//! Deliberately absent: another allocator, and anything on systems without glibc.

use std::ffi::OsStr;
use std::process::Command;

/// Larger pieces are mapped on their own and go back to the system when they are freed.
const MAPPED_FROM: &str = "262144";
/// So much free memory at the end of an arena is kept for the next request.
const KEPT: &str = "131072";
/// Set already: by us a moment ago, or by an operator who knows better.
const ARENAS: &str = "MALLOC_ARENA_MAX";

/// Begins this process once more with as many arenas as there are processors. Returns if that is so already, or cannot be
/// done: then the server runs all the same, with more memory.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn settle() {
    use std::os::unix::process::CommandExt as _;

    if std::env::var_os(ARENAS).is_some() {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut words = std::env::args_os();
    let name = words.next().unwrap_or_else(|| OsStr::new("zhixin").to_owned());
    let error = Command::new(program)
        .arg0(name)
        .args(words)
        .env(ARENAS, processors.to_string())
        .env("MALLOC_MMAP_THRESHOLD_", MAPPED_FROM)
        .env("MALLOC_TRIM_THRESHOLD_", KEPT)
        .exec();
    eprintln!("内存设置没有生效（{error}），服务照常启动。");
}

/// Other systems have allocators of their own.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn settle() {}
