//! The table of ceilings: shipped from the reference data with its source, changed by the lead with another.

use kernel::{Code as _, Error, Place, Result};
use registry::{Ctx, Subject};
use rules::calls::fees::{Confidence, FeeItem, Fees, Standard};
use rules::permits::Act;
use serde_json::{Value as Json, json};

use super::store::fee::{self as store, KeptStandard};

const REFERENCE: &str = include_str!("../../../../data/reference/fee_standards.csv");

/// The figures of the reference data that the formal check uses.
fn reference() -> Result<Vec<Standard>> {
    let mut standards = Vec::new();
    for line in REFERENCE.lines().skip(1) {
        let cells = cells(line);
        let [_, name, _, value, basis, source, confidence] = cells.as_slice() else {
            return Err(Error::broken("a line of fee_standards.csv has other columns"));
        };
        let Some(item) = FeeItem::ALL.iter().find(|item| item.reference() == name.as_str()) else {
            continue;
        };
        let told = if source.starts_with("http") {
            "公开网页转述"
        } else {
            "推算核对"
        };
        standards.push(Standard {
            item: *item,
            value: value.parse().map_err(Error::broken)?,
            basis: format!("{basis}（{told}）"),
            confidence: Confidence::from_code(confidence).unwrap_or(Confidence::Low),
        });
    }
    Ok(standards)
}

/// The cells of a line of CSV; a cell in quotes may hold commas.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    cells
}

/// Keeps the shipped figures that are not there yet; what somebody changed stays.
///
/// # Errors
/// Storage failures.
pub async fn ship_fees(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    for standard in reference()? {
        store::ship(&mut tx, &standard, ctx.now(), &ctx.actor.label).await?;
    }
    tx.commit().await
}

/// The figures with who set them; they are public.
///
/// # Errors
/// Storage failures.
pub async fn standards(ctx: &Ctx) -> Result<Vec<KeptStandard>> {
    store::all(&mut ctx.db.read().await?).await
}

/// The figures as the check uses them.
///
/// # Errors
/// Storage failures.
pub async fn fees(tx: &mut db::Tx) -> Result<Fees> {
    let kept = store::all(tx).await?;
    Ok(Fees::new(kept.into_iter().map(|one| one.standard).collect()))
}

/// Sets a figure.
///
/// # Errors
/// Forbidden; wrong at `value` or `basis`.
pub async fn set_fee(ctx: &Ctx, standard: Standard) -> Result<()> {
    ctx.may(Act::SetParameters, &Place::default())?;
    let standard = standard.checked()?;
    let mut tx = ctx.db.write().await?;
    let before = store::all(&mut tx)
        .await?
        .into_iter()
        .find(|kept| kept.standard.item == standard.item)
        .map_or(Json::Null, |kept| json!(kept.standard));
    store::set(&mut tx, &standard, ctx.now(), &ctx.actor.label).await?;
    let thing = Subject::new("fee_standard", 0, Place::default());
    ctx.audit(&mut tx, "set_fee", thing, before, json!(standard)).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r84_r85_every_figure_of_the_check_stands_in_the_reference_data_with_its_source() {
        let standards = reference().unwrap();
        for item in FeeItem::ALL {
            let found = standards.iter().find(|standard| standard.item == *item);
            let found = found.unwrap_or_else(|| panic!("{item:?} is missing"));
            assert!(found.basis.contains("财行〔2016〕540号") && found.clone().checked().is_ok());
        }
        let fees = Fees::new(standards);
        assert_eq!(fees.of(FeeItem::SecondClass).map(|one| one.value), Some(650));
    }
}
