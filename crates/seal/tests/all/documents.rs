//! The documents as a stranger's software sees them: valid PDF, complete text, pages, the attachment, rare characters.
//! Deliberately absent: how they look; `cargo run -p seal --example samples` prints them for people.

use std::path::PathBuf;
use std::sync::LazyLock;

use lopdf::{Document, Object};
use seal::{Ed25519Key, Press, PressOptions, REPLACEMENT, Rendered, seal};

use crate::samples;

static KEY: LazyLock<Ed25519Key> = LazyLock::new(|| Ed25519Key::generate().unwrap());
static PRESS: LazyLock<Press> = LazyLock::new(|| {
    Press::new(PressOptions {
        fallback_fonts: Vec::new(),
    })
});

fn parsed(rendered: &Rendered) -> Document {
    let document = Document::load_mem(&rendered.pdf).unwrap();
    assert_eq!(document.get_pages().len(), rendered.pages);
    document
}

fn text(document: &Document, page: u32) -> String {
    // Readers disagree about spaces and lines; the characters are what counts.
    document
        .extract_text(&[page])
        .unwrap()
        .chars()
        .filter(|character| !character.is_whitespace())
        .collect()
}

#[test]
fn a_certificate_is_one_page_with_every_fact() {
    let rendered = PRESS.certificate(&samples::certificate(&KEY)).unwrap();
    assert_eq!(rendered.pages, 1);
    assert!(rendered.missing.is_empty(), "{:?}", rendered.missing);
    let text = text(&parsed(&rendered), 1);
    for expected in [
        "王小明",
        "大模型与工业智能应用高级研修班",
        "40",
        "专业科目",
        "示范继续教育基地",
        "SHZX-2026-00004217",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    assert!(!text.contains("演示数据"));
}

#[test]
fn it_claims_pdf_a_and_accessibility() {
    let rendered = PRESS.certificate(&samples::certificate(&KEY)).unwrap();
    let metadata = String::from_utf8_lossy(&rendered.pdf).into_owned();
    // Typst refuses to write these unless its own checks of the two standards pass.
    for claim in ["pdfaid:part", "pdfaid:conformance", "pdfuaid:part"] {
        assert!(metadata.contains(claim), "{claim}");
    }
}

#[test]
fn demonstration_data_say_so_on_each_page() {
    let mut certificate = samples::certificate(&KEY);
    certificate.demo = true;
    let rendered = PRESS.certificate(&certificate).unwrap();
    assert!(text(&parsed(&rendered), 1).contains("演示数据，不作证明"));
    let mut statement = samples::statement(&KEY, 20);
    statement.demo = true;
    let rendered = PRESS.statement(&statement).unwrap();
    let document = parsed(&rendered);
    for page in 1..=u32::try_from(rendered.pages).unwrap() {
        assert!(text(&document, page).contains("演示数据，不作证明"), "page {page}");
    }
}

#[test]
fn a_long_statement_goes_on_over_pages_and_loses_no_entry() {
    let rendered = PRESS.statement(&samples::statement(&KEY, 60)).unwrap();
    assert!(rendered.pages >= 4, "{} pages", rendered.pages);
    let document = parsed(&rendered);
    let pages: Vec<String> = (1..=u32::try_from(rendered.pages).unwrap())
        .map(|page| text(&document, page))
        .collect();
    let whole = pages.concat();
    for index in 1..=60 {
        assert!(whole.contains(&format!("（第{index}期）")), "entry {index}");
    }
    assert!(
        pages.iter().take(pages.len() - 1).all(|page| page.contains("认定说明")),
        "the head stands on each page"
    );
    assert!(pages[0].contains("还差专业科目18学时"), "the answer comes first");
}

#[test]
fn a_statement_without_entries_says_so() {
    let rendered = PRESS.statement(&samples::statement(&KEY, 0)).unwrap();
    assert_eq!(rendered.pages, 1);
    assert!(text(&parsed(&rendered), 1).contains("本年度还没有学时记录。"));
}

#[test]
fn a_missing_glyph_is_replaced_and_reported() {
    let mut certificate = samples::certificate(&KEY);
    certificate.holder = "朴한글😀".to_owned();
    let rendered = PRESS.certificate(&certificate).unwrap();
    assert_eq!(rendered.missing, ['글', '한', '😀']);
    assert!(text(&parsed(&rendered), 1).contains(&format!("朴{REPLACEMENT}{REPLACEMENT}{REPLACEMENT}")));
}

#[test]
fn a_rare_character_comes_from_the_full_font() {
    let rare = PathBuf::from(env!("SEAL_FONT_RARE_SAMPLE"));
    let press = Press::new(PressOptions {
        fallback_fonts: vec!["/nowhere/absent.ttc".into(), rare],
    });
    let mut certificate = samples::certificate(&KEY);
    certificate.holder = "朴한글".to_owned();
    let rendered = press.certificate(&certificate).unwrap();
    assert!(rendered.missing.is_empty(), "{:?}", rendered.missing);
    assert!(text(&parsed(&rendered), 1).contains("朴한글"));
    // The embedded fonts have these themselves.
    certificate.holder = "𠮷喆龘䶮".to_owned();
    let rendered = PRESS.certificate(&certificate).unwrap();
    assert!(rendered.missing.is_empty(), "{:?}", rendered.missing);
    assert!(text(&parsed(&rendered), 1).contains("𠮷喆龘䶮"));
}

#[test]
fn data_are_never_markup() {
    let mut certificate = samples::certificate(&KEY);
    certificate.activity = r##"#panic("x") *粗* $x$ #read("/etc/passwd") <a> @b \ // 注"##.to_owned();
    let rendered = PRESS.certificate(&certificate).unwrap();
    let text = text(&parsed(&rendered), 1);
    assert!(
        text.contains(r##"#panic("x")*粗*$x$#read("/etc/passwd")<a>@b\//注"##),
        "{text}"
    );
}

#[test]
fn everyday_text_of_any_sort_is_printed() {
    // With other layout features kept, the subset failed at 阳需具障：; so a good part of the font is tried for good.
    let mut statement = samples::statement(&KEY, 0);
    statement.notes = vec![
        "阳需具障：“引号”‘单’，。；：？！、（）【】《》〈〉「」『』——……～·％‰℃㎡№①②③ⅠⅡⅢ αβγ ДЖ Ünïcödé".to_owned(),
        ('\u{4e00}'..='\u{9fa5}').step_by(7).collect(),
        ('\u{20000}'..='\u{2ffff}')
            .filter(|character| "𠮷𬭎𫍯𬱟𬀩𫖯".contains(*character))
            .collect(),
    ];
    let rendered = PRESS.statement(&statement).unwrap();
    assert!(rendered.missing.is_empty(), "{:?}", rendered.missing);
}

#[test]
fn the_signed_record_is_an_attachment_that_any_reader_finds() {
    let rendered = PRESS.certificate(&samples::certificate(&KEY)).unwrap();
    let file = seal(rendered.pdf, &samples::record("40"), &*KEY).unwrap();
    let document = Document::load_mem(&file).unwrap();
    let attached = document
        .objects
        .values()
        .filter_map(|object| object.as_stream().ok())
        .find(|stream| matches!(stream.dict.get(b"Type"), Ok(Object::Name(name)) if name == b"EmbeddedFile"))
        .expect("an embedded file");
    let json: serde_json::Value = serde_json::from_slice(&attached.content).unwrap();
    assert_eq!(json["signed"]["record"]["holder"], "王**");
    assert_eq!(json["signed"]["record"]["facts"]["学时"], "40");
}

#[test]
fn the_same_data_give_the_same_bytes_on_many_threads() {
    let certificate = samples::certificate(&KEY);
    let first = PRESS.certificate(&certificate).unwrap();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| PRESS.certificate(&certificate).unwrap()))
            .collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), first);
        }
    });
}
