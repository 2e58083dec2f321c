//! A world to test in: a database of its own, a clock that is moved by hand, a city of a few named people, browsers.
//!
//! ```ignore
//! both_engines!(a_class_is_published, |world| async move {
//!     let provider = world.sign_in("provider-a").await;
//!     provider.post("/desk/classes/new", &[("title", "数据治理")]).await.sees("已保存");
//! });
//! ```
//! Requests go through the very router that serves, without a socket. `world.run_jobs()` runs everything due; dropping
//! a world that still has jobs to run, or balances that differ from their entries, fails the test. No mocks.
//! For tests only; failures panic.

mod browser;
mod city;
mod world;

pub use browser::{Answer, Browser};
pub use city::{City, PASSWORD};
pub use world::World;

/// Runs an async test body on SQLite and on PostgreSQL, each in a world of its own.
#[macro_export]
macro_rules! both_engines {
    ($(#[$meta:meta])* $name:ident, |$world:ident| $body:expr) => {
        $(#[$meta])*
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            for engine in db::testing::engines() {
                println!("on {engine:?}");
                let whole = $crate::World::new(engine).await;
                let $world = std::sync::Arc::clone(&whole);
                $crate::World::run(&whole, $body).await;
            }
        }
    };
}
