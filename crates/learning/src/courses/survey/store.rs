//! `survey_people` (who has answered), `survey_counts` (how often each answer was given) and `survey_remarks` (what was said
//! beside). No row of one leads to a row of another: counts are only added to, and remarks have a random number and no time.

use db::{Query, Tx, args, code};
use kernel::{PersonId, Result, id::ClassId};
use rules::courses::survey::Question;

/// Notes that the person has answered; false if it had before.
pub(super) async fn take(tx: &mut Tx, class: ClassId, person: PersonId) -> Result<bool> {
    let sql = "insert into survey_people (class, person) values ($1, $2) on conflict do nothing";
    Ok(tx.exec(sql, args![class, person]).await? == 1)
}

/// Of these records, whether one has answered.
pub(super) async fn has_answered(tx: &mut Tx, class: ClassId, records: &[PersonId]) -> Result<bool> {
    let query = Query::new("select count(*) from survey_people where 1 = 1")
        .and("class = {}", class)
        .and_in("person", records.iter().map(|id| (*id).into()));
    Ok(query.fetch::<(i64,)>(tx).await?.iter().any(|(n,)| *n > 0))
}

/// How many have answered.
pub(super) async fn answered(tx: &mut Tx, class: ClassId) -> Result<i64> {
    tx.one("select count(*) from survey_people where class = $1", args![class])
        .await
}

// unscoped: adds to the counts of one class
pub(super) async fn count(tx: &mut Tx, class: ClassId, points: &[(Question, u8)]) -> Result<()> {
    let sql = "insert into survey_counts (class, question, points, times) values ($1, $2, $3, 1)
        on conflict (class, question, points) do update set times = survey_counts.times + 1";
    for (question, points) in points {
        tx.exec(sql, args![class, code(*question), *points]).await?;
    }
    Ok(())
}

/// Question, points, how often.
pub(super) async fn counts(tx: &mut Tx, class: ClassId) -> Result<Vec<(String, u32, i64)>> {
    tx.all(
        "select question, points, times from survey_counts where class = $1",
        args![class],
    )
    .await
}

pub(super) async fn say(tx: &mut Tx, class: ClassId, number: i64, words: &str) -> Result<()> {
    let sql = "insert into survey_remarks (id, class, words) values ($1, $2, $3)";
    tx.exec(sql, args![number, class, words]).await.map(drop)
}

/// What was said, in the order of the random numbers.
pub(super) async fn remarks(tx: &mut Tx, class: ClassId) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = tx
        .all(
            "select words from survey_remarks where class = $1 order by id",
            args![class],
        )
        .await?;
    Ok(rows.into_iter().map(|(words,)| words).collect())
}
