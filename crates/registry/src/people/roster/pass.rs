//! Deciding a chunk: what is new, what changes, what stays, who comes over, and which rows are faulty after all.
//!
//! Everything that must be looked up is looked up for the chunk at once. A fault found here stands beside those
//! that the row had by itself.

use std::collections::HashMap;

use db::Tx;
use kernel::{Code, CreditCode, IdentityDocument, Result, id::OrgId};
use rules::{
    people::{
        roster::{Entry, RowFault},
        same_name,
    },
    permits::Act,
};
use sha2::{Digest, Sha256};

use super::{
    Counts,
    reading::{Judged, Verdict},
};
use crate::{
    Ctx,
    orgs::{self, Org, OrgStatus},
    people::{self, Person, draft, employments::Move, uploaded::life::Decide},
};

/// What a pass keeps from chunk to chunk.
pub(super) struct Pass<'a> {
    ctx: &'a Ctx,
    /// The employer of all rows.
    fixed: Option<Org>,
    /// Employers by code, and why one cannot be used.
    employers: HashMap<String, std::result::Result<Org, &'static str>>,
    /// The row in which a document was seen first, by a digest of the document.
    seen: HashMap<[u8; 12], u32>,
    pub(super) counts: Counts,
}

/// What a chunk comes to.
#[derive(Default)]
pub(super) struct Decided {
    /// Records to be written.
    pub(super) people: Vec<Person>,
    /// How the changed ones were.
    pub(super) before: Vec<(Person, Person)>,
    /// Employments that begin.
    pub(super) moves: Vec<Move>,
    /// Rows that are faulty, ascending.
    pub(super) faults: Vec<(u32, Vec<RowFault>)>,
}

const OUT_OF_REACH: &str = "对应的单位不在您的管理范围内，请核对";
const UNKNOWN: &str = "在机构名册中没有登记，请核对，或先登记该机构";
const ENDED: &str = "对应的单位已停用，不能导入人员";

impl Decide<Verdict> for Pass<'_> {
    async fn faults(&mut self, tx: &mut Tx, chunk: Vec<Judged>) -> Result<Vec<(u32, Vec<RowFault>)>> {
        Ok(self.decide(tx, chunk).await?.faults)
    }
}

impl<'a> Pass<'a> {
    pub(super) fn new(ctx: &'a Ctx, fixed: Option<Org>) -> Self {
        Self {
            ctx,
            fixed,
            employers: HashMap::new(),
            seen: HashMap::new(),
            counts: Counts::default(),
        }
    }

    /// Decides a chunk.
    pub(super) async fn decide(&mut self, tx: &mut Tx, chunk: Vec<Judged>) -> Result<Decided> {
        self.look_up_employers(tx, &chunk).await?;
        let known = known(tx, &chunk).await?;
        let mut decided = Decided::default();
        for (row, judged) in chunk {
            self.counts.total += 1;
            let faults = match judged {
                Err(faults) => faults,
                Ok(entry) => match self.placed(row, &entry) {
                    Err(fault) => vec![fault],
                    Ok(org) => match self.entry(tx, (&entry, &org), known.get(&key(&entry.document)), &mut decided) {
                        Ok(()) => continue,
                        Err(fault) => vec![fault],
                    },
                },
            };
            self.counts.faulty += 1;
            decided.faults.push((row, faults));
        }
        Ok(decided)
    }

    async fn look_up_employers(&mut self, tx: &mut Tx, chunk: &[Judged]) -> Result<()> {
        let mut wanted: Vec<CreditCode> = Vec::new();
        for code in chunk
            .iter()
            .filter_map(|(_, judged)| judged.as_ref().ok()?.credit_code.as_ref())
        {
            if !self.employers.contains_key(code.as_str()) && !wanted.contains(code) {
                wanted.push(code.clone());
            }
        }
        for some in wanted.chunks(400) {
            for org in orgs::find_by_codes(tx, some).await? {
                let usable = if self.ctx.may(Act::ImportRoster, &org.place()).is_err() {
                    Err(OUT_OF_REACH)
                } else if org.status == OrgStatus::Ended {
                    Err(ENDED)
                } else {
                    Ok(org.clone())
                };
                self.employers.insert(org.credit_code.as_str().to_owned(), usable);
            }
        }
        for code in wanted {
            self.employers.entry(code.as_str().to_owned()).or_insert(Err(UNKNOWN));
        }
        Ok(())
    }

    /// The employer of a row; a document's second row is a fault.
    fn placed(&mut self, row: u32, entry: &Entry) -> std::result::Result<Org, RowFault> {
        if let Some(first) = self.seen.get(&digest(&entry.document)) {
            return Err(RowFault::at(
                "document_no",
                &format!("与第 {first} 行重复，请只保留一行"),
            ));
        }
        self.seen.insert(digest(&entry.document), row);
        let code = entry.credit_code.as_ref();
        match (&self.fixed, code) {
            (Some(org), Some(code)) if org.credit_code != *code => Err(RowFault::at(
                "credit_code",
                &format!("与导入单位“{}”的代码不一致，请改正或留空", org.name),
            )),
            (Some(org), _) => Ok(org.clone()),
            (None, None) => Err(RowFault::at("credit_code", "为空，请填写人员所在单位的代码")),
            (None, Some(code)) => match self.employers.get(code.as_str()) {
                Some(Ok(org)) => Ok(org.clone()),
                Some(Err(why)) => Err(RowFault::at("credit_code", why)),
                None => Err(RowFault::at("credit_code", UNKNOWN)),
            },
        }
    }

    /// Compares a right row with what is known.
    fn entry(
        &mut self,
        tx: &Tx,
        (entry, org): (&Entry, &Org),
        known: Option<&Person>,
        decided: &mut Decided,
    ) -> std::result::Result<(), RowFault> {
        let from = entry.from_day.unwrap_or(self.ctx.today());
        let Some(before) = known else {
            let blank = draft::blank(tx.mint(), Some(org), self.ctx);
            let person = merged(
                entry,
                Person {
                    document: entry.document.clone(),
                    ..blank
                },
            );
            decided.moves.push(moved(&person, org.id, from, false));
            decided.people.push(person);
            self.counts.new += 1;
            return Ok(());
        };
        let elsewhere = before.org != Some(org.id);
        if elsewhere && !same_name(&before.name, &entry.name) {
            let sentence = "已登记在另一姓名下，请核对姓名和号码；确有更名的，由所在区人社部门办理";
            return Err(RowFault::at("document_no", sentence));
        }
        let placed = draft::kept(before, Some(org), self.ctx);
        let after = merged(
            entry,
            Person {
                document: before.document.clone(),
                ..placed
            },
        );
        if after == *before {
            self.counts.same += 1;
            return Ok(());
        }
        if elsewhere {
            decided.moves.push(moved(&after, org.id, from, true));
            self.counts.moved += 1;
        } else {
            self.counts.changed += 1;
        }
        decided.before.push((before.clone(), after.clone()));
        decided.people.push(after);
        Ok(())
    }
}

fn moved(person: &Person, org: OrgId, from: kernel::Date, known: bool) -> Move {
    Move {
        person: person.id,
        org,
        post: person.post.clone(),
        from,
        known,
    }
}

/// The record with what the row says written over it; empty cells leave it as it is.
fn merged(entry: &Entry, base: Person) -> Person {
    let said = |new: &Option<String>, old: Option<String>| new.clone().or(old);
    Person {
        name: entry.name.clone(),
        born: base.document.born(),
        phone: entry.phone.clone().unwrap_or(base.phone),
        title_series: said(&entry.title_series, base.title_series),
        title_level: entry.title_level.or(base.title_level),
        title_name: entry.title_name.clone().unwrap_or(base.title_name),
        post: entry.post.clone().unwrap_or(base.post),
        post_kind: entry.post_kind.unwrap_or(base.post_kind),
        front_line: entry.front_line.unwrap_or(base.front_line),
        field: said(&entry.field, base.field),
        document: base.document,
        ..base
    }
}

fn key(document: &IdentityDocument) -> (&'static str, String) {
    (document.kind().code(), document.number().to_owned())
}

/// Twelve bytes of a digest: that two of 200,000 documents share them will not happen.
fn digest(document: &IdentityDocument) -> [u8; 12] {
    let whole = Sha256::digest(format!("{}:{}", document.kind().code(), document.number()));
    let mut short = [0; 12];
    short.copy_from_slice(&whole[..12]);
    short
}

/// The records of a chunk's documents, each the one that stands for it today.
async fn known(tx: &mut Tx, chunk: &[Judged]) -> Result<HashMap<(&'static str, String), Person>> {
    let entries = || chunk.iter().filter_map(|(_, judged)| judged.as_ref().ok());
    let documents: Vec<&IdentityDocument> = entries().map(|entry| &entry.document).collect();
    let mut found = HashMap::new();
    for (document, person) in people::find_by_documents(tx, &documents).await? {
        found.insert(key(&document), person);
    }
    Ok(found)
}
