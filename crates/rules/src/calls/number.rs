//! Numbers by which calls, declarations and projects of a plan are quoted: `ZJ2026-01`, `XM2026-0001`, `JH2026-001`.

/// 征集编号, the `serial`th call of a year.
#[must_use]
pub fn call_number(year: i32, serial: i64) -> String {
    format!("ZJ{year}-{serial:02}")
}

/// 申报编号, the `serial`th declaration handed in during a year.
#[must_use]
pub fn declaration_number(year: i32, serial: i64) -> String {
    format!("XM{year}-{serial:04}")
}

/// 计划编号, the `serial`th project of the plans of a year.
#[must_use]
pub fn plan_number(year: i32, serial: i64) -> String {
    format!("JH{year}-{serial:03}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sort_as_they_were_given() {
        assert_eq!(call_number(2026, 1), "ZJ2026-01");
        assert_eq!(declaration_number(2026, 60), "XM2026-0060");
        assert!(plan_number(2026, 9) < plan_number(2026, 10));
    }
}
