//! A hundred thousand rows, in memory that does not grow with them.

use std::fs::File;

use rust_xlsxwriter::Workbook;
use sheet::{Column, ErrorBook, Fault, Field, Limits, Source, Writer};

const ROWS: u32 = 100_000;

/// Peak resident memory of this process in KiB. nextest runs every test in a process of its own.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Forgets the peak so far, so that only what follows is measured. Not every system permits it.
fn forget_peak() -> bool {
    std::fs::write("/proc/self/clear_refs", "5").is_ok()
}

/// Runs the work and says by how many KiB it raised the peak, or nothing where the system does not tell.
fn growth(work: impl FnOnce()) -> Option<u64> {
    let measured = forget_peak();
    let before = peak();
    work();
    measured.then_some(())?;
    Some(peak()?.saturating_sub(before?))
}

#[test]
fn rows_are_not_held_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("big.xlsx");
    let columns = [Column::new("a", "甲"), Column::new("b", "乙")];
    let written = growth(|| {
        let mut writer = Writer::create("大", &columns).unwrap();
        for row in 0..ROWS {
            let fields = [0, 1].map(|c| Field::text(format!("内容{row}之{c}")));
            writer.row(&fields).unwrap();
        }
        writer.finish_file(&path).unwrap();
    });
    let read = growth(|| {
        let source = Source::open(&path, &Limits::default()).unwrap();
        assert_eq!(source.rows().map(Result::unwrap).count(), ROWS as usize + 1);
    });
    assert!(written.is_none_or(|kib| kib < 8 << 10), "writing took {written:?} KiB");
    assert!(read.is_none_or(|kib| kib < 4 << 10), "reading took {read:?} KiB");
}

#[test]
fn an_answer_is_not_held_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("big.csv");
    let lines: String = (0..ROWS).map(|row| format!("内容{row}\n")).collect();
    std::fs::write(&path, format!("甲\n{lines}")).unwrap();
    drop(lines);
    let columns = [Column::new("a", "甲")];
    let out = File::create(folder.path().join("back.xlsx")).unwrap();
    let answered = growth(|| {
        let source = Source::open(&path, &Limits::default()).unwrap();
        let (mapping, rows) = source.table(&columns).unwrap();
        let faults = rows.map(|r| Fault::at(r.unwrap().number, Some(0), "内容有误"));
        let summary = ErrorBook::new(&source, &mapping, &columns).write(faults, out).unwrap();
        assert_eq!((summary.rows, summary.faulty_rows), (ROWS, ROWS));
    });
    assert!(
        answered.is_none_or(|kib| kib < 8 << 10),
        "answering took {answered:?} KiB"
    );
}

#[test]
fn shared_strings_cost_little_more_than_their_text() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("big.xlsx");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_low_memory().unwrap();
    let text: usize = (0..ROWS)
        .map(|row| {
            let text = format!("王小明31010119900101{row:06}");
            sheet.write_string(row, 0, &text).unwrap();
            text.len()
        })
        .sum();
    book.save(&path).unwrap();
    drop(book);
    let read = growth(|| {
        let source = Source::open(&path, &Limits::default()).unwrap();
        assert_eq!(source.rows().map(Result::unwrap).count(), ROWS as usize);
    });
    // The text, four bytes an entry, the room in which the block grows, and the buffers.
    let allowed = ((2 * text as u64) >> 10) + (4 << 10);
    assert!(
        read.is_none_or(|kib| kib < allowed),
        "reading took {read:?} KiB, allowed {allowed}"
    );
}
