//! A workbook as far as we need it: which part is the first visible sheet, its texts, its number formats, its calendar.
//! Deliberately absent: further sheets; a roster is one table, and the template's second sheet is for reading.

use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};

use crate::archive::Archive;
use crate::grid::Grid;
use crate::limits::Limits;
use crate::problem::{Hazard, Problem};
use crate::strings::Strings;
use crate::styles::{self, Kind};
use crate::xml::{Xml, attribute};

#[derive(Debug)]
pub(crate) struct Workbook {
    archive: Archive,
    sheet_part: String,
    pub(crate) sheet_name: String,
    pub(crate) strings: Strings,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) epoch_1904: bool,
}

/// A line of a relationships part.
struct Relation {
    id: String,
    kind: String,
    target: String,
    external: bool,
}

/// What `workbook.xml` says.
#[derive(Default)]
struct Contents {
    /// Name and relation of each visible sheet.
    sheets: Vec<(String, String)>,
    epoch_1904: bool,
}

impl Workbook {
    pub(crate) fn open(archive: Archive, limits: &Limits) -> Result<Self, Problem> {
        let main = relations(&archive, "_rels/.rels", "")?
            .into_iter()
            .find(|r| r.kind == "officeDocument" && !r.external)
            .map_or_else(|| "xl/workbook.xml".to_string(), |r| r.target);
        let contents = contents(xml(&archive, &main)?.ok_or_else(|| Problem::damaged(&main))?)?;
        let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
        let file = main.rsplit('/').next().unwrap_or_default();
        let relations = relations(&archive, &format!("{folder}/_rels/{file}.rels"), folder)?;
        let (sheet_name, sheet_part) = first_sheet(&contents, &relations)?;
        let target = |kind: &str| {
            relations
                .iter()
                .find(|r| r.kind == kind && !r.external)
                .map(|r| r.target.as_str())
        };
        let strings = match target("sharedStrings").map(|t| xml(&archive, t)).transpose()?.flatten() {
            Some(part) => Strings::load(part, limits)?,
            None => Strings::default(),
        };
        let kinds = match target("styles").map(|t| xml(&archive, t)).transpose()?.flatten() {
            Some(part) => styles::load(part)?,
            None => Vec::new(),
        };
        Ok(Workbook {
            archive,
            sheet_part,
            sheet_name,
            strings,
            kinds,
            epoch_1904: contents.epoch_1904,
        })
    }

    pub(crate) fn rows(self: &Arc<Self>, limits: &Limits) -> Result<Grid, Problem> {
        let part = xml(&self.archive, &self.sheet_part)?.ok_or_else(|| Problem::damaged(&self.sheet_part))?;
        Ok(Grid::new(part, Arc::clone(self), limits.clone()))
    }
}

fn xml(archive: &Archive, name: &str) -> Result<Option<Xml>, Problem> {
    Ok(archive.part(name)?.map(Xml::new))
}

fn first_sheet(contents: &Contents, relations: &[Relation]) -> Result<(String, String), Problem> {
    for (name, id) in &contents.sheets {
        let relation = relations
            .iter()
            .find(|r| &r.id == id)
            .ok_or_else(|| Problem::damaged("workbook"))?;
        if relation.external {
            return Err(Problem::Unsafe {
                what: Hazard::ExternalLinks,
            });
        }
        // Sheets that hold only a chart or a dialogue are no tables.
        if relation.kind == "worksheet" {
            return Ok((name.clone(), relation.target.clone()));
        }
    }
    Err(Problem::NoSheet)
}

fn contents(mut xml: Xml) -> Result<Contents, Problem> {
    let mut contents = Contents::default();
    let damaged = xml.damaged();
    let value = |e: &BytesStart<'_>, name: &str| {
        attribute(e, name)
            .map(|v| v.map(|v| v.into_owned()).unwrap_or_default())
            .map_err(|()| damaged.clone())
    };
    loop {
        match xml.next()? {
            Event::Start(e) => match e.local_name().as_ref() {
                "sheet" => {
                    let state = value(&e, "state")?;
                    if state.is_empty() || state == "visible" {
                        contents.sheets.push((value(&e, "name")?, value(&e, "id")?));
                    }
                }
                "workbookPr" => {
                    contents.epoch_1904 = matches!(value(&e, "date1904")?.as_str(), "1" | "true");
                }
                _ => {}
            },
            Event::Eof => return Ok(contents),
            _ => {}
        }
    }
}

/// Reads a relationships part; targets come back as names of parts. Kinds keep only the last word of their address,
/// which is the same in the strict and the transitional dialect.
fn relations(archive: &Archive, name: &str, folder: &str) -> Result<Vec<Relation>, Problem> {
    let Some(mut xml) = xml(archive, name)? else {
        return Ok(Vec::new());
    };
    let damaged = xml.damaged();
    let value = |e: &BytesStart<'_>, name: &str| {
        attribute(e, name)
            .map(|v| v.map(|v| v.into_owned()).unwrap_or_default())
            .map_err(|()| damaged.clone())
    };
    let mut found = Vec::new();
    loop {
        match xml.next()? {
            Event::Start(e) if e.local_name().as_ref() == "Relationship" => {
                let kind = value(&e, "Type")?;
                found.push(Relation {
                    id: value(&e, "Id")?,
                    kind: kind.rsplit('/').next().unwrap_or_default().to_string(),
                    target: resolve(folder, &value(&e, "Target")?),
                    external: value(&e, "TargetMode")? == "External",
                });
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// `../x.xml` seen from `xl/sub` is `xl/x.xml`; a target that starts with a slash is seen from the root.
fn resolve(folder: &str, target: &str) -> String {
    let full = match target.strip_prefix('/') {
        Some(root) => root.to_string(),
        None => format!("{folder}/{target}"),
    };
    let mut steps: Vec<&str> = Vec::new();
    for step in full.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}
