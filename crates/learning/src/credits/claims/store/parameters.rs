//! `claim_parameters`.

use db::{Tx, Value, args};
use kernel::{Result, Time};
use rules::credits::claims::Parameters;

pub(in crate::credits::claims) async fn load(tx: &mut Tx) -> Result<Parameters> {
    let rows: Vec<(String, u32)> = tx.all("select name, value from claim_parameters", args![]).await?;
    let value = |name: &str, otherwise: u32| {
        rows.iter()
            .find(|(n, _)| n == name)
            .map_or(otherwise, |(_, value)| *value)
    };
    let default = Parameters::DEFAULT;
    Ok(Parameters {
        confirm_workdays: value("confirm_workdays", default.confirm_workdays),
        recognise_workdays: value("recognise_workdays", default.recognise_workdays),
        correct_workdays: value("correct_workdays", default.correct_workdays),
        sample_percent: value("sample_percent", default.sample_percent),
    })
}

pub(in crate::credits::claims) async fn save(tx: &mut Tx, to: Parameters, at: Time, by: &str) -> Result<()> {
    let figures = [
        ("confirm_workdays", to.confirm_workdays),
        ("recognise_workdays", to.recognise_workdays),
        ("correct_workdays", to.correct_workdays),
        ("sample_percent", to.sample_percent),
    ];
    let sql = "insert into claim_parameters (name, value, changed_at, changed_by) values {}
        on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at,
        changed_by = excluded.changed_by";
    let rows = figures.map(|(name, value)| [Value::from(name), value.into(), at.into(), by.into()]);
    tx.insert_all(sql, rows).await.map(drop)
}
