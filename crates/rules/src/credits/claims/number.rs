//! 申报编号: `SB2026-000123`, the year of handing in and a running number. It names a claim where no person is named.

/// The number of the `serial`th claim handed in during `year`.
#[must_use]
pub fn number(year: i32, serial: i64) -> String {
    format!("SB{year}-{serial:06}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_sort_as_they_were_given() {
        assert_eq!(super::number(2026, 123), "SB2026-000123");
        assert!(super::number(2026, 9) < super::number(2026, 10));
    }
}
