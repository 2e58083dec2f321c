//! `zhixin export people|orgs|classes|entries FILE`: a list as .csv or .xlsx, by the same use cases as the pages.
//!
//! Names are complete, numbers of documents and telephones masked; that people were exported stands in the trail before the
//! first row is written. An existing file is not written over. Rows are read page by page: memory does not grow.
//! Deliberately absent: complete numbers (a page with its own permission has them), backups of the database.

use std::{fs::File, io::BufWriter, path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};
use learning::{courses, credits};
use registry::{Ctx, Listed, Window, orgs, people};
use serde_json::json;
use sheet::{Column, CsvWriter, Field, Writer};

/// Rows read at once.
const STEP: u32 = 1_000;

/// Arguments of `zhixin export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// 人员名册（证件号码和电话遮盖）
    People(To),
    /// 机构名册
    Orgs(To),
    /// 班次
    Classes(Of),
    /// 学时流水
    Entries(Of),
}

#[derive(Debug, Args)]
struct To {
    /// 写到这个文件，以 .csv 或 .xlsx 结尾
    file: PathBuf,
}

#[derive(Debug, Args)]
struct Of {
    #[command(flatten)]
    to: To,
    /// 只导出这一年度
    #[arg(long, value_name = "YYYY")]
    year: Option<i32>,
}

/// Runs the command.
///
/// # Errors
/// When the file exists or cannot be written, or storage fails.
pub async fn run(args: ExportArgs, ctx: &Ctx, as_json: bool) -> anyhow::Result<ExitCode> {
    let rows = match &args.what {
        What::People(to) => export_people(ctx, to).await?,
        What::Orgs(to) => export_orgs(ctx, to).await?,
        What::Classes(of) => export_classes(ctx, of).await?,
        What::Entries(of) => export_entries(ctx, of).await?,
    };
    let (What::People(to) | What::Orgs(to) | What::Classes(Of { to, .. }) | What::Entries(Of { to, .. })) = &args.what;
    if as_json {
        println!("{}", json!({ "file": to.file, "rows": rows }));
    } else {
        println!("已导出 {rows} 行到 {}。", to.file.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// The file being written, and the line at its foot: 演示数据, who exported it and when.
struct Out {
    kind: Kind,
    foot: String,
}

enum Kind {
    Csv(Box<CsvWriter<BufWriter<File>>>),
    Book(Box<Writer>, File),
}

impl Out {
    fn create(ctx: &Ctx, title: &str, columns: &[Column], to: &To) -> anyhow::Result<Self> {
        let kind = to
            .file
            .extension()
            .and_then(|end| end.to_str())
            .unwrap_or_default()
            .to_lowercase();
        if !matches!(kind.as_str(), "csv" | "xlsx") {
            anyhow::bail!("文件名应以 .csv 或 .xlsx 结尾，例如 {title}.csv。");
        }
        let shown = to.file.display();
        let file = File::create_new(&to.file)
            .map_err(|error| anyhow::anyhow!("不能写入 {shown}：{error}。已有的文件不会被覆盖，请换一个名字。"))?;
        let mark = if ctx.installation.demo {
            "【演示数据】"
        } else {
            ""
        };
        Ok(Self {
            kind: if kind == "csv" {
                Kind::Csv(Box::new(CsvWriter::create(BufWriter::new(file), columns)?))
            } else {
                Kind::Book(Box::new(Writer::create(title, columns)?), file)
            },
            foot: format!("{mark}由 {} 于 {} 从知新平台导出。", ctx.actor.label, ctx.now()),
        })
    }

    fn row(&mut self, fields: &[Field<'_>]) -> Result<(), sheet::Problem> {
        match &mut self.kind {
            Kind::Csv(out) => out.row(fields),
            Kind::Book(out, _) => out.row(fields),
        }
    }

    fn finish(self) -> anyhow::Result<()> {
        match self.kind {
            Kind::Csv(mut out) => {
                out.row(&[Field::text(self.foot)])?;
                out.finish()?.into_inner()?.sync_all()?;
            }
            Kind::Book(mut out, mut file) => {
                out.banner(self.foot);
                out.finish_into(&mut file)?;
                file.sync_all()?;
            }
        }
        Ok(())
    }
}

/// Writes every row that `fetch` gives, page by page.
async fn all<T>(
    mut out: Out,
    window: Window,
    fetch: impl AsyncFn(Window) -> kernel::Result<Listed<T>>,
    fields: impl Fn(&T) -> Vec<Field<'static>>,
) -> anyhow::Result<u64> {
    let (mut window, mut rows) = (window, 0);
    loop {
        let page = fetch(window.clone()).await?;
        for item in &page.rows {
            out.row(&fields(item))?;
            rows += 1;
        }
        let Some(next) = page.next else { break };
        window = window.from(next);
    }
    out.finish()?;
    Ok(rows)
}

fn columns<const N: usize>(titles: [(&'static str, &'static str); N]) -> Vec<Column> {
    titles.map(|(key, title)| Column::new(key, title)).to_vec()
}

fn text(value: impl Into<String>) -> Field<'static> {
    Field::text(value.into())
}

fn perhaps(value: Option<&str>) -> Field<'static> {
    value.map_or_else(Field::empty, text)
}

async fn export_people(ctx: &Ctx, to: &To) -> anyhow::Result<u64> {
    let filter = people::Filter::default();
    let columns = columns([
        ("id", "编号"),
        ("name", "姓名"),
        ("document", "证件号码"),
        ("phone", "电话"),
        ("title_level", "职称级别"),
        ("title_name", "职称"),
        ("field", "领域"),
        ("org", "单位编号"),
        ("district", "区"),
        ("department", "行业主管部门"),
    ]);
    let out = Out::create(ctx, "人员名册", &columns, to)?;
    people::note_export(ctx, &filter, false).await?;
    let fetch = async |window: Window| people::list(ctx, &filter, &window).await;
    all(out, Window::first(STEP), fetch, |person: &people::Person| {
        vec![
            text(person.id.to_string()),
            text(person.name.clone()),
            text(person.document.masked()),
            text(person.masked_phone()),
            person.title_level.map_or_else(Field::empty, |level| text(level.name())),
            text(person.title_name.clone()),
            perhaps(person.field.as_deref()),
            person.org.map_or_else(Field::empty, |org| text(org.to_string())),
            perhaps(person.district.as_deref()),
            perhaps(person.department.as_deref()),
        ]
    })
    .await
}

async fn export_orgs(ctx: &Ctx, to: &To) -> anyhow::Result<u64> {
    let filter = orgs::Filter::default();
    let columns = columns([
        ("id", "编号"),
        ("name", "名称"),
        ("code", "统一社会信用代码"),
        ("kind", "类别"),
        ("district", "区"),
        ("department", "行业主管部门"),
        ("key_area", "重点区域"),
        ("status", "状态"),
    ]);
    let out = Out::create(ctx, "机构名册", &columns, to)?;
    let fetch = async |window: Window| orgs::list(ctx, &filter, &window).await;
    all(out, Window::first(STEP), fetch, |org: &orgs::Org| {
        vec![
            text(org.id.to_string()),
            text(org.name.clone()),
            text(org.credit_code.as_str()),
            text(org.kind.name()),
            text(org.district.clone()),
            perhaps(org.department.as_deref()),
            perhaps(org.key_area.as_deref()),
            text(org.status.name()),
        ]
    })
    .await
}

async fn export_classes(ctx: &Ctx, of: &Of) -> anyhow::Result<u64> {
    let filter = courses::ClassFilter {
        year: of.year,
        ..courses::ClassFilter::default()
    };
    let columns = columns([
        ("id", "编号"),
        ("number", "班次编号"),
        ("title", "名称"),
        ("subject", "科目"),
        ("form", "形式"),
        ("delivery", "授课方式"),
        ("provider", "施教机构"),
        ("state", "状态"),
        ("starts_at", "开始"),
        ("ends_at", "结束"),
        ("capacity", "名额"),
        ("taken", "已报"),
        ("hours", "申报学时"),
        ("fee", "收费（元）"),
    ]);
    let out = Out::create(ctx, "班次", &columns, &of.to)?;
    let (fetch, now) = (
        async |window: Window| courses::classes(ctx, &filter, &window).await,
        ctx.now(),
    );
    all(out, Window::first(STEP), fetch, |class: &courses::Class| {
        let moment = |at: Option<kernel::Time>| at.map_or_else(Field::empty, |at| Field::moment(at.civil()));
        vec![
            text(class.id.to_string()),
            perhaps(class.number.as_deref()),
            text(class.plan.title.clone()),
            text(class.subject.name()),
            text(class.form.name()),
            text(class.plan.delivery.name()),
            text(class.provider_name.clone()),
            text(class.phase(now).name()),
            moment(class.starts_at),
            moment(class.ends_at),
            Field::whole(class.plan.capacity),
            Field::whole(class.taken()),
            Field::hundredths(class.plan.declared_hours.get()),
            Field::hundredths(class.plan.fee.get()),
        ]
    })
    .await
}

async fn export_entries(ctx: &Ctx, of: &Of) -> anyhow::Result<u64> {
    let filter = credits::EntryFilter {
        year: of.year.map(i64::from),
        ..credits::EntryFilter::default()
    };
    let columns = columns([
        ("id", "流水号"),
        ("person", "人员编号"),
        ("year", "年度"),
        ("subject", "科目"),
        ("form", "形式"),
        ("hours", "学时"),
        ("title", "活动"),
        ("rule", "规则"),
        ("basis", "计算说明"),
        ("earned_on", "取得日期"),
        ("posted_at", "记入时间"),
        ("reverses", "冲正"),
    ]);
    let out = Out::create(ctx, "学时流水", &columns, &of.to)?;
    let fetch = async |window: Window| credits::list(ctx, &filter, &window).await;
    all(out, Window::first(STEP), fetch, |entry: &credits::EntryLine| {
        vec![
            text(entry.id.to_string()),
            text(entry.person.to_string()),
            Field::whole(i64::from(entry.year)),
            text(entry.subject.name()),
            text(entry.form.name()),
            Field::hundredths(entry.hours.get()),
            text(entry.title.clone()),
            text(entry.rule.clone()),
            text(entry.basis.clone()),
            Field::date(entry.earned_on),
            Field::moment(entry.posted_at.civil()),
            entry.reverses.map_or_else(Field::empty, |id| text(id.to_string())),
        ]
    })
    .await
}
