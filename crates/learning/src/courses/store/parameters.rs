//! `course_parameters`.

use db::{Tx, Value, args};
use kernel::{Result, Time};
use rules::attendance::AttendanceShare;
use rules::attendance::check_in::Minutes;
use rules::courses::Parameters;

pub(in crate::courses) async fn load(tx: &mut Tx) -> Result<Parameters> {
    let rows: Vec<(String, u32)> = tx.all("select name, value from course_parameters", args![]).await?;
    let value = |name: &str, otherwise: u32| {
        rows.iter()
            .find(|(n, _)| n == name)
            .map_or(otherwise, |(_, value)| *value)
    };
    let default = Parameters::DEFAULT;
    Ok(Parameters {
        attendance: AttendanceShare {
            numerator: value("attendance_numerator", default.attendance.numerator),
            denominator: value("attendance_denominator", default.attendance.denominator),
        },
        result_workdays: value("result_workdays", default.result_workdays),
        report_workdays: value("report_workdays", default.report_workdays),
        survey_workdays: value("survey_workdays", default.survey_workdays),
        check_in: Minutes {
            lead: value("check_in_lead", default.check_in.lead),
            grace: value("check_in_grace", default.check_in.grace),
        },
    })
}

pub(in crate::courses) async fn save(tx: &mut Tx, parameters: Parameters, at: Time, by: &str) -> Result<()> {
    let figures = [
        ("attendance_numerator", parameters.attendance.numerator),
        ("attendance_denominator", parameters.attendance.denominator),
        ("result_workdays", parameters.result_workdays),
        ("report_workdays", parameters.report_workdays),
        ("survey_workdays", parameters.survey_workdays),
        ("check_in_lead", parameters.check_in.lead),
        ("check_in_grace", parameters.check_in.grace),
    ];
    let sql = "insert into course_parameters (name, value, changed_at, changed_by) values {}
        on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at,
        changed_by = excluded.changed_by";
    let rows = figures.map(|(name, value)| [Value::from(name), value.into(), at.into(), by.into()]);
    tx.insert_all(sql, rows).await.map(drop)
}
