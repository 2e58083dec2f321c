//! Delivers signed webhooks to addresses that strangers have typed. A leaf crate: it knows no event, no database, no
//! account, and could be published on its own.
//!
//! ```text
//! text ─ Address::parse ─► Address ─ Courier::check ─► may be saved
//!                             └──── Courier::send ─► resolve ─ every address permitted? ─► connect to one of these ─► Answer
//! ```
//! - Messages are those of Standard Webhooks: headers `webhook-id`, `webhook-timestamp`, `webhook-signature`, HMAC-SHA256
//!   over `id.timestamp.body` ([`Secret`]). Two secrets sign while one follows the other.
//! - Nothing inside may be reached through us ([`Policy`]): https only, no private, loopback, link-local, multicast or
//!   metadata address, asked when the address is typed and again of what the name resolves to when it is connected to;
//!   the connection goes to the very addresses that were asked about. Redirects are answers, never followed.
//! - A receiver gets ten seconds for everything, and a few kilobytes of its answer are read.
//!
//! Deliberately absent: when to try again and what to send (`registry::webhooks`), proxies, HTTP/2, keeping connections.

mod address;
mod client;
mod policy;
mod secret;

pub use address::{Address, Refusal};
pub use client::{Answer, Courier, Failure, Message, RootError};
pub use policy::{NotANetwork, Policy};
pub use secret::Secret;
