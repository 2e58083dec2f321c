//! What is asked of the catalogue: seven of ten requests filter, three search for a word of a stated list.

use anyhow::{Result, ensure};

use crate::chance::Chance;
use crate::city::Survey;
use crate::report::Report;
use crate::visitor::{Target, Web};

/// The words that are searched for; how many classes each finds stands in the report.
pub const WORDS: [&str; 24] = [
    "智能",
    "数据",
    "芯片",
    "医药",
    "制造",
    "安全",
    "网络",
    "软件",
    "管理",
    "工程",
    "能源",
    "汽车",
    "航空",
    "材料",
    "金融",
    "绿色",
    "设计",
    "人工智能",
    "集成电路",
    "生物医药",
    "知识产权",
    "数字化",
    "机器人",
    "研修班",
];
/// Different requests, asked for in turn.
const TARGETS: usize = 12_000;

/// The requests, each checked to be the catalogue for a few of them.
///
/// # Errors
/// When the page does not come, or no word of the list finds anything.
pub async fn targets(web: &Web, survey: &Survey) -> Result<Vec<Target>> {
    ensure!(
        survey.words.iter().any(|(_, classes)| *classes > 0),
        "no word of the list finds a class"
    );
    let mut chance = Chance::new(200);
    let targets: Vec<Target> = (0..TARGETS)
        .map(|_| {
            let query = if chance.percent(30) {
                let word = chance.pick(&WORDS).copied().unwrap_or_default();
                format!("q={}", escaped(word))
            } else {
                filters(&mut chance, survey)
            };
            Target::public(&format!("/catalogue?{query}"))
        })
        .collect();
    web.prove(&targets, "个班次").await?;
    Ok(targets)
}

/// One to three filters, as visitors combine them.
fn filters(chance: &mut Chance, survey: &Survey) -> String {
    let code = |of: &[String], chance: &mut Chance| chance.pick(of).cloned().unwrap_or_default();
    let subject = ["public", "professional"][chance.below(2)];
    let delivery = ["offline", "online", "blended"][chance.below(3)];
    match chance.below(10) {
        0 => format!("subject={subject}"),
        1 => format!("subject={subject}&open=1"),
        2 => format!("delivery={delivery}"),
        3 => format!("field={}", code(&survey.fields, chance)),
        4 => format!("district={}", code(&survey.districts, chance)),
        5 => format!("subject={subject}&district={}", code(&survey.districts, chance)),
        6 => format!("field={}&delivery={delivery}&open=1", code(&survey.fields, chance)),
        7 => format!("year={}&subject={subject}", 2022 + chance.below(5)),
        8 => format!("district={}&sort=newest", code(&survey.districts, chance)),
        _ => format!("open=1&sort=closes&delivery={delivery}"),
    }
}

/// Percent-encoding of UTF-8, as a form sends it.
fn escaped(word: &str) -> String {
    word.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Tells the words with what they find, so that a search that finds nothing cannot pass for a fast one.
pub fn tell_words(survey: &Survey, report: &mut Report) {
    let told: Vec<String> = survey
        .words
        .iter()
        .map(|(word, classes)| format!("{word} {classes}"))
        .collect();
    report.remark(&format!(
        "words searched for, with the classes they find: {}",
        told.join(", ")
    ));
}
