//! Prints sample documents into a folder, for whoever works on the templates:
//! `cargo run -p seal --example samples -- FOLDER`, then look at them (`pdftoppm -png`).
//! Signed with a key that is thrown away. Deliberately absent: any real number or name.

#[path = "../tests/all/samples.rs"]
mod samples;

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use seal::{Ed25519Key, Press, PressOptions, Rendered, UtcSecond, seal};

/// How many certificates are printed to measure one.
const PRINTED_AGAIN: u32 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("usage: samples FOLDER")?);
    std::fs::create_dir_all(&folder)?;
    let key = Ed25519Key::generate()?;
    std::fs::write(folder.join("public.pem"), key.public(UtcSecond::earliest()).to_pem())?;
    let press = Press::new(PressOptions::default());
    let plain = samples::certificate(&key);
    let mut demo = plain.clone();
    demo.demo = true;
    demo.holder = "欧阳𠮷喆".to_owned();
    demo.title = "高级研修班结业证书".to_owned();
    demo.activity = "长三角生物医药产业专业技术人才知识更新工程：创新药临床研究与监管科学高级研修班".to_owned();
    let mut long = samples::statement(&key, 60);
    long.demo = true;
    let short = samples::statement(&key, 5);
    let started = Instant::now();
    for index in 0..PRINTED_AGAIN {
        // Another name each time, so that no layout is remembered from the last one.
        let mut other = plain.clone();
        other.holder = format!("王小明{index}");
        press.certificate(&other)?;
    }
    println!(
        "{} ms a certificate",
        started.elapsed().as_millis() / u128::from(PRINTED_AGAIN)
    );
    let documents: [(&str, Rendered); 4] = [
        ("certificate", press.certificate(&plain)?),
        ("certificate-demo", press.certificate(&demo)?),
        ("statement", press.statement(&short)?),
        ("statement-demo", press.statement(&long)?),
    ];
    for (name, rendered) in documents {
        println!(
            "{name}: {} pages, {} bytes, missing {:?}",
            rendered.pages,
            rendered.pdf.len(),
            rendered.missing
        );
        let signed = seal(rendered.pdf, &samples::record("40"), &key)?;
        std::fs::write(folder.join(format!("{name}.pdf")), signed)?;
    }
    Ok(())
}
