//! The columns of a report as the template shows them and an upload may call them.

use kernel::{Code, DocumentKind};
use rules::courses::Outcome;
use rules::courses::reporting::{ReportKind, title};
use sheet::Column;

const ROSTER: [&str; 4] = [
    "一行一人，填写姓名和身份证件号码；姓名须与平台登记一致，空格和间隔号不影响。",
    "上传后先检查、不写入：每一行都说明能不能报名、为什么。",
    "确认后只为没有问题的人员报名，有问题的随错误清单退回，改正后可以再次上传；已报名的不会重复。",
    "平台上没有登记的人员不会自动建立，请本人注册，或由用人单位导入人员名册后再报。",
];

const COMPLETIONS: [&str; 5] = [
    "一行一人。带 * 的列必填；姓名须与平台登记一致，空格和间隔号不影响。",
    "上传后先检查、不写入；确认后写入没有问题的行，有问题的随错误清单退回，改正后再次上传即可。",
    "同一份文件重复报送不会重复记学时。与此前报送不一致的行会被退回：更正须先冲正原学时。",
    "“实际学时”用于没有逐课次考勤的平台外班次，留空视为全程参加；“缺课课次”填写没有参加的课次，例如 2、3。",
    "平台上没有登记的人员不会自动建立，请本人注册，或由用人单位导入人员名册后再报。",
];

/// What the template says above its columns.
pub(super) const fn notes(kind: ReportKind) -> &'static [&'static str] {
    match kind {
        ReportKind::Roster => &ROSTER,
        ReportKind::Completions => &COMPLETIONS,
    }
}

/// The columns, with what the drop-downs offer.
pub(super) fn columns(kind: ReportKind) -> Vec<Column> {
    let column = |key| Column::new(key, title(key));
    let mut columns = vec![
        column("name")
            .alias("人员姓名")
            .alias("学员姓名")
            .required()
            .width(14)
            .sample("张三")
            .note("与身份证件一致。"),
        column("document_kind")
            .alias("证件种类")
            .width(18)
            .choices(DocumentKind::ALL.iter().map(|kind| kind.name()))
            .note("留空按居民身份证处理。"),
        column("document_no")
            .alias("证件号码")
            .alias("身份证号")
            .alias("身份证号码")
            .alias("公民身份号码")
            .required()
            .text()
            .width(24)
            .sample("11010519491231002X")
            .note("文本格式；末位 X 大小写均可。"),
    ];
    if kind == ReportKind::Completions {
        columns.extend([
            column("outcome")
                .alias("考核结果")
                .alias("结业结果")
                .required()
                .width(12)
                .choices(Outcome::ALL.iter().map(|outcome| outcome.name())),
            column("score").alias("考核成绩").alias("分数").width(10).sample("88"),
            column("attended_hours")
                .alias("参加学时")
                .alias("出勤学时")
                .width(12)
                .note("留空视为全程参加。"),
            column("absent_from").alias("缺勤课次").width(12).sample("2、3"),
        ]);
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_have_the_columns_that_rows_are_judged_by() {
        let judged: Vec<&str> = rules::courses::reporting::COLUMNS.iter().map(|(key, _)| *key).collect();
        let keys = |kind| -> Vec<&str> { columns(kind).iter().map(|column| column.key).collect() };
        assert_eq!(keys(ReportKind::Completions), judged);
        assert_eq!(keys(ReportKind::Roster), judged[..3]);
    }
}
