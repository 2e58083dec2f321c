//! Recognised claims of a stretch of people, as a recount reads them.

use db::{FromRow, Query, Row, Tx};
use kernel::{EntryId, Error, Hours, PersonId, Result, Time, id::ClaimId};
use rules::credits::claims::recount::{Recognition, Share};

use super::Stretch;

/// One share of a claim; the claim's own columns come with each.
struct ShareRow {
    person: PersonId,
    claim: ClaimId,
    recognition: Recognition,
    entry: EntryId,
}

impl FromRow for ShareRow {
    fn from_row(row: &Row) -> Result<Self> {
        let submitted: Option<Time> = row.get(6)?;
        let share = Share {
            year: row.get(7)?,
            subject: row.code(8)?,
            hours: row.get::<Hours>(9)?,
            rule: row.get(10)?,
            stands: row.get(11)?,
        };
        Ok(Self {
            person: row.get(0)?,
            claim: row.get(1)?,
            recognition: Recognition {
                kind: row.code(2)?,
                rule: row.get(3)?,
                facts: serde_json::from_str(&row.get::<String>(4)?).map_err(Error::broken)?,
                key: row.get(5)?,
                claimed_on: submitted.unwrap_or_default().date(),
                shares: vec![share],
            },
            entry: row.get(12)?,
        })
    }
}

const SHARES: &str = "c.id, c.kind, c.rule, c.facts, c.key, c.submitted_at, e.year, e.subject, e.hours, e.rule,
    case when exists (select 1 from credits_entries r where r.reverses = e.id) then 0 else 1 end, e.id";

/// Hands over each recognised claim of a stretch with the person that stands for its record, in the order of recognition
/// for each person.
pub(in crate::reports) async fn each_recognition(
    tx: &mut Tx,
    stretch: &Stretch,
    mut take: impl FnMut(PersonId, Recognition),
) -> Result<()> {
    let joined = "join claim_shares s on s.claim = c.id join credits_entries e on e.id = s.entry";
    let own = Query::new(&format!(
        "select c.person, {SHARES} from claims c {joined} where c.state = 'recognised'"
    ));
    let mut rows: Vec<ShareRow> = stretch.of_column(own, "c.person").fetch(tx).await?;
    let merged = Query::new(&format!(
        "select m.merged_into, {SHARES} from people m join claims c on c.person = m.id {joined}
         where c.state = 'recognised' and m.merged_into is not null"
    ));
    rows.extend(stretch.of_column(merged, "m.merged_into").fetch::<ShareRow>(tx).await?);
    rows.sort_by_key(|row| (row.person, row.entry));
    let mut last: Option<(PersonId, ClaimId, Recognition)> = None;
    for row in rows {
        match &mut last {
            Some((_, claim, recognition)) if *claim == row.claim => {
                recognition.shares.extend(row.recognition.shares);
            }
            _ => {
                let begun = (row.person, row.claim, row.recognition);
                if let Some((person, _, recognition)) = last.replace(begun) {
                    take(person, recognition);
                }
            }
        }
    }
    if let Some((person, _, recognition)) = last {
        take(person, recognition);
    }
    Ok(())
}
