//! Fields, files and criteria of a template as lines of text, so that a kind of call is written on one page without a script.

use kernel::{Error, Result};

use super::{Criterion, FieldKind, FormField, WantedFile};

/// What a line means that says nothing of its length.
const MOST: u32 = 1_000;

fn parts(line: &str) -> Vec<&str> {
    line.split(['｜', '|']).map(str::trim).collect()
}

fn rows(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| (number + 1, parts(line)))
}

fn wrong<T>(field: &'static str, line: usize, sentence: &str) -> Result<T> {
    Err(Error::wrong(field, "template.line", format!("第 {line} 行{sentence}")))
}

fn required(field: &'static str, line: usize, word: &str) -> Result<bool> {
    match word {
        "必填" | "必交" => Ok(true),
        "" | "选填" | "选交" => Ok(false),
        _ => wrong(field, line, "请写“必填”或“选填”。"),
    }
}

/// Reads the questions of a form: `问题｜短文、长文或数字｜必填或选填｜上限｜提示`.
///
/// # Errors
/// Wrong at `fields`, with the line.
pub fn read_fields(text: &str) -> Result<Vec<FormField>> {
    let mut fields = Vec::new();
    for (line, parts) in rows(text) {
        let part = |at: usize| parts.get(at).copied().unwrap_or_default();
        if !(2..=60).contains(&part(0).chars().count()) {
            return wrong("fields", line, "的问题应为 2 到 60 个字。");
        }
        let kind = match part(1) {
            "" => FieldKind::Text,
            word => match FieldKind::from_name(word) {
                Some(kind) => kind,
                None => return wrong("fields", line, "的第二部分请写“短文”“长文”或“数字”。"),
            },
        };
        let most = match part(3) {
            "" => MOST,
            digits => match digits.parse() {
                Ok(most @ 1..=100_000) => most,
                _ => return wrong("fields", line, "的上限请写 1 到 100000 之间的整数。"),
            },
        };
        fields.push(FormField {
            key: format!("f{}", fields.len() + 1),
            label: part(0).to_owned(),
            kind,
            required: required("fields", line, part(2))?,
            most,
            hint: part(4).to_owned(),
        });
    }
    Ok(fields)
}

/// The questions as [`read_fields`] reads them.
#[must_use]
pub fn write_fields(fields: &[FormField]) -> String {
    let lines = fields.iter().map(|field| {
        let need = if field.required { "必填" } else { "选填" };
        format!(
            "{}｜{}｜{need}｜{}｜{}",
            field.label,
            field.kind.name(),
            field.most,
            field.hint
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Reads the attachments: `名称｜必交或选交`.
///
/// # Errors
/// Wrong at `files`, with the line.
pub fn read_files(text: &str) -> Result<Vec<WantedFile>> {
    let mut files = Vec::new();
    for (line, parts) in rows(text) {
        let label = parts[0];
        if !(2..=60).contains(&label.chars().count()) {
            return wrong("files", line, "的附件名称应为 2 到 60 个字。");
        }
        files.push(WantedFile {
            label: label.to_owned(),
            required: required("files", line, parts.get(1).copied().unwrap_or_default())?,
        });
    }
    Ok(files)
}

/// The attachments as [`read_files`] reads them.
#[must_use]
pub fn write_files(files: &[WantedFile]) -> String {
    let lines = files
        .iter()
        .map(|file| format!("{}｜{}", file.label, if file.required { "必交" } else { "选交" }));
    lines.collect::<Vec<_>>().join("\n")
}

/// Reads the criteria: `指标｜权重`.
///
/// # Errors
/// Wrong at `criteria`, with the line.
pub fn read_criteria(text: &str) -> Result<Vec<Criterion>> {
    let mut criteria = Vec::new();
    for (line, parts) in rows(text) {
        let weight = parts.get(1).and_then(|digits| digits.parse().ok());
        match weight {
            Some(weight @ 1..=100) if !parts[0].is_empty() => criteria.push(Criterion {
                name: parts[0].to_owned(),
                weight,
            }),
            _ => return wrong("criteria", line, "请写成“指标｜权重”，权重为 1 到 100。"),
        }
    }
    Ok(criteria)
}

/// The criteria as [`read_criteria`] reads them.
#[must_use]
pub fn write_criteria(criteria: &[Criterion]) -> String {
    let lines = criteria.iter().map(|one| format!("{}｜{}", one.name, one.weight));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_they_are_written() {
        for template in super::super::shipped() {
            assert_eq!(read_fields(&write_fields(&template.fields)).unwrap(), template.fields);
            assert_eq!(read_files(&write_files(&template.files)).unwrap(), template.files);
            assert_eq!(
                read_criteria(&write_criteria(&template.criteria)).unwrap(),
                template.criteria
            );
        }
    }

    #[test]
    fn a_wrong_line_is_named() {
        for (text, words) in [
            ("培训目标|长文|必填\n需求|图画", "第 2 行"),
            ("培训目标|长文|也许", "必填"),
            ("培训目标|长文|必填|很多", "上限"),
            ("题", "2 到 60 个字"),
        ] {
            let Err(Error::Wrong(faults)) = read_fields(text) else {
                panic!("{text} must be refused")
            };
            assert!(faults[0].sentence.contains(words), "{}", faults[0].sentence);
        }
        assert!(read_criteria("内容|101").is_err() && read_files("表").is_err());
    }
}
