//! Measures reading: `measure make FILE` writes a roster of 100,000 rows × 15 columns with shared strings,
//! `measure read FILE` reads any file and prints rows per second and peak memory, `measure answer FILE` writes its error workbook.
#![allow(clippy::disallowed_methods)] // a measurement needs the clock

use std::time::Instant;

use rust_xlsxwriter::Workbook;
use sheet::{Column, ErrorBook, Fault, Limits, Source};

const TITLES: [&str; 15] = [
    "姓名",
    "证件号码",
    "手机",
    "单位",
    "区",
    "职称",
    "级别",
    "专业",
    "学历",
    "岗位",
    "邮箱",
    "取得日期",
    "年限",
    "状态",
    "备注",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let [_, verb, path] = args.as_slice() else {
        return Err("usage: measure make|read|answer FILE".into());
    };
    let started = Instant::now();
    let rows = match verb.as_str() {
        "make" => make(path)?,
        "read" => read(path)?,
        _ => answer(path)?,
    };
    let seconds = started.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find(|l| l.starts_with("VmHWM")).unwrap_or("");
    println!(
        "{rows} rows in {seconds:.2} s, {:.0} rows/s, {peak}",
        f64::from(rows) / seconds
    );
    Ok(())
}

fn make(path: &str) -> Result<u32, Box<dyn std::error::Error>> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_low_memory()?;
    for (place, title) in (0..).zip(TITLES) {
        sheet.write_string(0, place, title)?;
    }
    for row in 1..=100_000u32 {
        let unique = [
            format!("王小明{row}"),
            format!("3199991990{:08}", row),
            format!("139{row:08}"),
        ];
        for (place, text) in (0..).zip(&unique) {
            sheet.write_string(row, place, text)?;
        }
        for (place, title) in (3..14).zip(&TITLES[3..14]) {
            sheet.write_string(row, place, format!("{title}{}", row % 200))?;
        }
        sheet.write_number(row, 14, row)?;
    }
    book.save(path)?;
    Ok(100_000)
}

fn read(path: &str) -> Result<u32, Box<dyn std::error::Error>> {
    let source = Source::open(path.as_ref(), &Limits::default())?;
    let mut rows = 0;
    for row in source.rows() {
        row?;
        rows += 1;
    }
    Ok(rows)
}

fn answer(path: &str) -> Result<u32, Box<dyn std::error::Error>> {
    let columns = TITLES.map(|t| Column::new(t, t));
    let source = Source::open(path.as_ref(), &Limits::default())?;
    let (mapping, rows) = source.table(&columns)?;
    let faults = rows.filter_map(|row| match row {
        Ok(row) if row.number % 10 == 0 => Some(Fault::at(row.number, Some(1), "证件号码有误")),
        _ => None,
    });
    let out = std::fs::File::create(format!("{path}.errors.xlsx"))?;
    Ok(ErrorBook::new(&source, &mapping, &columns).write(faults, out)?.rows)
}
