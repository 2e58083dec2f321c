//! The draw among recognised claims: reproducible by anyone from what is published (R-46).
//!
//! ```text
//! announced (list frozen, its digest published) ──seed that nobody could know before──► drawn
//! ```
//! `digest` = SHA-256 of the claim numbers in ascending order, each ended by a line feed. The score of a claim =
//! SHA-256 of `digest LF seed LF number`; the claims with the lowest scores are chosen. Whoever has the list and the
//! seed computes the same. The seed is a public number that comes into the world after the announcement, so that
//! neither the list nor the seed can be fitted to a result. Deliberately absent: a random number of our own.

use kernel::{Error, Result, Time};
use sha2::{Digest, Sha256};

kernel::codes! {
    /// The stored code of a draw's state.
    pub enum DrawCode {
        /// The list is frozen and published.
        Announced = "announced" "已公布名单",
        /// The seed is known and the claims are chosen.
        Drawn = "drawn" "已抽取",
    }
}

kernel::codes! {
    /// What a check found.
    pub enum Finding {
        /// The claim holds.
        Upheld = "upheld" "属实",
        /// It does not; its hours are taken back.
        Voided = "voided" "不属实，已作废",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest of a list of claim numbers, in whatever order they come.
#[must_use]
pub fn digest(numbers: &[String]) -> String {
    let mut sorted: Vec<&String> = numbers.iter().collect();
    sorted.sort();
    let mut hash = Sha256::new();
    for number in sorted {
        hash.update(number.as_bytes());
        hash.update(b"\n");
    }
    hex(&hash.finalize())
}

/// The score of a claim in a draw, in hexadecimal.
#[must_use]
pub fn score(digest: &str, seed: &str, number: &str) -> String {
    hex(&Sha256::digest(format!("{digest}\n{seed}\n{number}").as_bytes()))
}

/// How many of `population` a share of `percent` chooses: rounded up, at least one where there is any.
#[must_use]
pub fn size(population: usize, percent: u32) -> usize {
    (population * percent.min(100) as usize).div_ceil(100).min(population)
}

/// The chosen claims with their scores, lowest first.
#[must_use]
pub fn choose(numbers: &[String], seed: &str, count: usize) -> Vec<(String, String)> {
    let digest = digest(numbers);
    let mut scored: Vec<(String, String)> = numbers
        .iter()
        .map(|number| (number.clone(), score(&digest, seed, number)))
        .collect();
    scored.sort_by(|one, other| (&one.1, &one.0).cmp(&(&other.1, &other.0)));
    scored.truncate(count);
    scored
}

/// A seed with where it comes from, if it can have come after the announcement.
///
/// # Errors
/// Wrong at `seed` or `seed_source`; `draw.same_day` on the day of the announcement, when the number may have been known.
pub fn read_seed(seed: &str, source: &str, announced: Time, now: Time) -> Result<(String, String)> {
    let (seed, source) = (seed.trim(), source.trim());
    if !(4..=64).contains(&seed.chars().count()) || !seed.chars().all(|c| c.is_ascii_graphic()) {
        return Err(Error::wrong(
            "seed",
            "draw.seed",
            "种子填 4 到 64 个数字、字母或符号，不含空格，例如 3387.61。",
        ));
    }
    if !(4..=200).contains(&source.chars().count()) {
        return Err(Error::wrong(
            "seed_source",
            "draw.source",
            "请写明种子的公开来源，例如：2026 年 3 月 6 日上证综合指数收盘点位。",
        ));
    }
    if now.date() <= announced.date() {
        return Err(Error::refused_by(
            "R-46",
            "draw.same_day",
            "名单公布的当天不能抽取：种子须是名单公布之后才产生的公开数字，请次日再办。",
        ));
    }
    Ok((seed.to_owned(), source.to_owned()))
}

#[cfg(test)]
mod tests {
    use kernel::date;
    use proptest::prelude::*;

    use super::*;

    fn numbers(count: usize) -> Vec<String> {
        (0..count).map(|n| format!("SB2026-{n:06}")).collect()
    }

    #[test]
    fn r46_anyone_computes_the_same_draw_with_other_tools() {
        // printf 'SB2026-000000\nSB2026-000001\nSB2026-000002\n' | sha256sum
        let list = numbers(3);
        assert_eq!(
            digest(&list),
            "5e04e940cb3d7d2d17cf7254fc7da4f1a9b7f18263be50dd60a9215a93758bd9"
        );
        let chosen = choose(&list, "3387.61", 1);
        assert_eq!(chosen[0].1, score(&digest(&list), "3387.61", &chosen[0].0));
    }

    #[test]
    fn a_share_is_rounded_up_and_never_more_than_all() {
        assert_eq!(
            [size(0, 5), size(1, 5), size(20, 5), size(21, 5), size(7, 100)],
            [0, 1, 1, 2, 7]
        );
    }

    #[test]
    fn r46_the_seed_comes_after_the_list() {
        let announced = Time::local(date(2026, 3, 5), 9, 0);
        let source = "上证综合指数收盘点位";
        assert!(read_seed("3387.61", source, announced, announced.plus_seconds(3_600)).is_err());
        assert!(read_seed("3387.61", source, announced, announced.plus_days(1)).is_ok());
        assert!(read_seed("33 87", source, announced, announced.plus_days(1)).is_err());
        assert!(read_seed("3387.61", "", announced, announced.plus_days(1)).is_err());
    }

    proptest! {
        #[test]
        fn the_order_of_the_list_does_not_matter(seed in "[0-9.]{4,12}", count in 1_usize..60, turn in 0_usize..60, wanted in 0_usize..60) {
            let list = numbers(count);
            let mut turned = list.clone();
            turned.rotate_left(turn % count);
            let chosen = choose(&list, &seed, wanted);
            prop_assert_eq!(&chosen, &choose(&turned, &seed, wanted));
            prop_assert_eq!(chosen.len(), wanted.min(count));
            let longer = choose(&list, &seed, wanted + 1);
            prop_assert_eq!(&longer[..chosen.len()], &chosen[..]);
        }
    }
}
