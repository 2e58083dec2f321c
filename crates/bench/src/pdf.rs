//! Certificates a second: typeset, numbered with a signed QR code and sealed, on one thread and on two.
//!
//! Each names another holder, so that no layout is remembered from the last one. Writing the row and the file into the
//! database is not part of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use oversight::credentials::Press;
use seal::{Certificate, Fact, Record, UtcSecond};

use crate::report::Report;
use crate::scale::Scale;

/// More than any machine prints in the time given.
const MOST: u64 = 100_000;

/// Measures and reports.
///
/// # Errors
/// When the press cannot be opened or a certificate not be printed.
pub fn measure(scale: &Scale, folder: &Path, report: &mut Report) -> Result<()> {
    let press = Press::open(folder)?;
    print(&press, 0)?;
    for threads in [1, 2] {
        let (count, bytes, took) = at_once(&press, threads, Duration::from_secs(scale.pdf_seconds.into()))?;
        let figure = format!("{:.1}/s, {} kB each", count as f64 / took, bytes / count.max(1) / 1_000);
        let what = if threads == 1 {
            "certificates (PDF/A, signed), 1 thread"
        } else {
            "certificates (PDF/A, signed), 2 threads"
        };
        report.figure("", what, &figure);
    }
    Ok(())
}

/// Prints for so long; returns how many, their bytes together, and the seconds.
fn at_once(press: &Press, threads: usize, time: Duration) -> Result<(u64, u64, f64)> {
    let numbers = AtomicU64::new(1);
    let begun = Instant::now();
    let work = || -> Result<(u64, u64)> {
        let (mut count, mut bytes) = (0, 0);
        while begun.elapsed() < time {
            let number = numbers.fetch_add(1, Ordering::Relaxed);
            if number > MOST {
                break;
            }
            bytes += print(press, number)?;
            count += 1;
        }
        Ok((count, bytes))
    };
    let done: Vec<Result<(u64, u64)>> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let ended = running.into_iter().map(|thread| thread.join());
        ended
            .map(|done| done.unwrap_or_else(|_| Err(anyhow!("a printing thread panicked"))))
            .collect()
    });
    let took = begun.elapsed().as_secs_f64();
    let mut sum = (0, 0);
    for done in done {
        let (count, bytes) = done?;
        sum = (sum.0 + count, sum.1 + bytes);
    }
    Ok((sum.0, sum.1, took))
}

/// Prints and seals one; returns its bytes.
fn print(press: &Press, number: u64) -> Result<u64> {
    let name = holder(number);
    let number = format!("ZS-2026-{number:08}");
    let token = press.token(&number, &name, "40")?;
    let issued_at = UtcSecond::parse("2026-03-12T02:30:00Z").map_err(|error| anyhow!("{error}"))?;
    let record = Record {
        facts: BTreeMap::from([
            ("学时".to_owned(), "40".to_owned()),
            ("年度".to_owned(), "2026".to_owned()),
        ]),
        holder: "王**".to_owned(),
        issued_at: issued_at.clone(),
        kind: "certificate".to_owned(),
        number: number.clone(),
        proof: None,
    };
    let fact = |label: &str, value: &str| Fact {
        label: label.to_owned(),
        value: value.to_owned(),
    };
    let page = Certificate {
        number,
        programme: "上海市专业技术人才知识更新工程".to_owned(),
        title: "继续教育结业证书".to_owned(),
        holder: name,
        identity: "居民身份证 319999********0018".to_owned(),
        preface: "参加下列继续教育活动，完成规定的学习内容，考核合格：".to_owned(),
        activity: "大模型与工业智能应用高级研修班（2026年第一期）".to_owned(),
        hours: "40".to_owned(),
        hours_unit: "学时".to_owned(),
        facts: vec![
            fact("科目", "专业科目"),
            fact("完成日期", "2026年3月9日"),
            fact("形式", "培训班、研修班或者进修班学习"),
        ],
        conclusion: "特发此证。".to_owned(),
        issuer: "知新平台".to_owned(),
        issued_on: "2026年3月12日".to_owned(),
        verify_url: token.url("http://127.0.0.1"),
        verify_hint: "扫码或登录 http://127.0.0.1/verify 核验".to_owned(),
        footnote: "学时依据：授课 1800 分钟，按 45 分钟计 1 学时。".to_owned(),
        demo: true,
        issued_at,
    };
    Ok(press.certificate(&page, &record)?.len() as u64)
}

/// A made-up name of three characters, a different one for some thousands of numbers.
pub fn holder(number: u64) -> String {
    let one = |letters: &[char], number: u64| letters[(number % letters.len() as u64) as usize];
    let family: Vec<char> = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许".chars().collect();
    let given: Vec<char> = "子文雨思明宇晨欣怡浩然佳琪梓涵志强建国海波晓东立新春华秋实"
        .chars()
        .collect();
    let (first, second) = (number / 20, number / 20 / given.len() as u64);
    [one(&family, number), one(&given, first), one(&given, second)]
        .into_iter()
        .collect()
}
