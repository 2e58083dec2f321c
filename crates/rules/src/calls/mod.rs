//! calls: the competitions of the programme. Here for now: how declarations are reviewed.

pub mod review;
