//! The columns of a roster as the template shows them and an upload may call them.

use kernel::{Code, DocumentKind};
use rules::people::{PostKind, TitleLevel, roster::title};
use sheet::Column;

use crate::taxonomy::{Names, Vocabulary};

/// What the template says above its columns.
pub(super) const NOTES: [&str; 5] = [
    "一行一人。带 * 的列必填，其余可以留空；留空表示不修改平台上已有的内容。",
    "上传后先检查、不写入；检查结果确认无误后再导入。有一行出错则整份名册都不导入。",
    "同一份名册重复导入不会产生重复人员，也不会改动已有内容。",
    "人员现登记在其他单位的，导入后转入本单位，原任职截止到入职日期的前一天。",
    "身份证件号码请以文本形式填写。导入不会为人员设置密码，账号由本人用激活码启用。",
];

/// The columns, with what the drop-downs offer.
pub(super) fn columns(names: &Names) -> Vec<Column> {
    let of = |vocabulary| {
        names
            .all(vocabulary)
            .map(|(_, name)| name.to_owned())
            .collect::<Vec<_>>()
    };
    let column = |key| Column::new(key, title(key));
    vec![
        column("name")
            .alias("人员姓名")
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
        column("phone")
            .alias("手机号")
            .alias("手机")
            .alias("联系电话")
            .text()
            .width(16)
            .sample("13800000000"),
        column("title_series")
            .alias("职称系列名称")
            .width(22)
            .choices(of(Vocabulary::TitleSeries)),
        column("title_level")
            .alias("职称等级")
            .alias("职称层级")
            .width(12)
            .choices(TitleLevel::ALL.iter().map(|level| level.name())),
        column("title_name")
            .alias("职称")
            .alias("专业技术职称")
            .width(18)
            .sample("高级工程师"),
        column("post")
            .alias("岗位名称")
            .alias("职务")
            .width(18)
            .sample("研发工程师"),
        column("post_kind")
            .alias("岗位类型")
            .width(14)
            .choices(PostKind::ALL.iter().map(|kind| kind.name()))
            .note("新人员留空按专业技术岗位处理。"),
        column("front_line")
            .alias("基层一线")
            .width(12)
            .choices(["是", "否"])
            .note("是否在基层一线工作。"),
        column("field")
            .alias("聚焦领域")
            .alias("重点领域")
            .width(18)
            .choices(of(Vocabulary::FocusField)),
        column("from_day")
            .alias("入职时间")
            .width(14)
            .sample("2024-03-01")
            .note("到本单位工作的第一天；留空按导入当天处理。"),
        column("credit_code")
            .alias("统一社会信用代码")
            .alias("单位统一社会信用代码")
            .alias("工作单位代码")
            .text()
            .width(24)
            .note("用人单位导入本单位人员时可以留空；由区或命令行为多个单位导入时必填。"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_has_the_columns_that_rows_are_judged_by() {
        let keys: Vec<&str> = columns(&Names::default()).iter().map(|column| column.key).collect();
        let judged: Vec<&str> = rules::people::roster::COLUMNS.iter().map(|(key, _)| *key).collect();
        assert_eq!(keys, judged);
    }
}
