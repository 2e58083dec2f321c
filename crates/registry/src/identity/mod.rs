//! Identity: accounts, the roles granted to them, sessions, one-time codes, bearer tokens, and reading the trail.
//!
//! ```text
//! staff::create ──► account (invited) + grant ──► activation code ──use_code──► active ──login──► session ──► Actor
//! ```
//! One file per noun: `accounts`, `grants` (roles, for higher modules), `staff` (what administrators do on a page),
//! `activation`, `codes`, `sessions`, `passwords`, `tokens`, `answers` (to repeated requests of systems), `throttle`,
//! `audit`. Their SQL stands in `store/`, one file per table. What is decided stands in `rules::identity`; this module
//! loads, asks, saves and writes the trail.
//!
//! Invariants:
//! - No secret is stored: passwords as argon2id, session tokens, bearer tokens and one-time codes as SHA-256.
//! - No password is ever made by the platform; an import creates accounts without one.
//! - No hash is computed while a transaction is open (`secrets.rs`), because everybody else would wait for it.
//! - Who may not know that an account exists learns it neither from a sentence nor from the time it takes.
//!
//! Deliberately absent: cookies and headers (`web`), self registration of a person (`people`).

pub mod accounts;
pub mod activation;
pub mod answers;
pub mod audit;
pub mod codes;
pub mod grants;
pub mod passwords;
mod secrets;
pub mod sessions;
pub mod staff;
mod store;
mod sweeping;
mod throttle;
pub mod tokens;

pub use rules::identity::NewGrant;
pub use secrets::{hash_password, random_token};
pub use sessions::{Credentials, GrantView, NewSession, SignedIn, login, logout, switch_role};
pub use sweeping::sweep;
