//! `zhixin account`.
