//! Samples of forms: every kind of field, plain and with errors.

use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::labels::Tone;
use crate::parts::Alert;

pub(super) fn samples() -> Vec<(&'static str, Html)> {
    let confirm = Form::post("#", "")
        .note(
            &Alert::new(Tone::Warn, "撤销后，任何人核验这张证书都会看到“已撤销”").text("撤销不能恢复，只能重新签发。"),
        )
        .field(Field::textarea("reason", "撤销原因").required().max(200))
        .submit_danger("确认撤销")
        .cancel("#");
    vec![
        ("各种问题", Html::of(&every_kind())),
        ("有错误的表单", Html::of(&refused())),
        ("确认页", Html::of(&confirm)),
    ]
}

fn every_kind() -> Form {
    let forms = [
        Choice::new("online", "线上").hint("学员自行安排时间，系统按播放区间计学时。"),
        Choice::new("offline", "线下"),
        Choice::new("blended", "线上线下结合").missing("该课程没有线上内容"),
    ];
    let fields = [
        Choice::new("ic", "集成电路").group("战略性新兴产业"),
        Choice::new("bio", "生物医药").group("战略性新兴产业"),
        Choice::new("law", "法律服务").group("现代服务业"),
    ];
    Form::post("#", "")
        .section_with_hint("基本信息", "这些内容会公开显示在门户上。")
        .field(Field::fixed("举办机构", "市人才培训中心"))
        .field(
            Field::text("title", "班次名称")
                .hint("写清主题和对象，例如“数据治理专题班（卫生系统）”。")
                .max(60)
                .required()
                .value("数据治理专题班"),
        )
        .field(Field::select("field", "领域", fields).required().value("bio"))
        .field(Field::radios("form", "方式", forms).required().value("offline"))
        .field(Field::yes_no("front", "是否预留一线名额").value("1"))
        .section("时间与名额")
        .field(Field::date("starts", "开班日期").value("2026-04-13"))
        .field(Field::moment("closes", "报名截止"))
        .field(Field::number("places", "名额", "人").value("40"))
        .field(
            Field::decimal("hours", "申报学时", "学时")
                .hint("按 45 分钟一学时计，可有两位小数。")
                .value("16.5"),
        )
        .section("其他")
        .field(
            Field::checkboxes(
                "areas",
                "重点区域",
                [
                    Choice::new("zj", "张江"),
                    Choice::new("hq", "虹桥"),
                    Choice::new("new", "五个新城"),
                ],
            )
            .values(["hq"]),
        )
        .field(Field::identity("document", "居民身份证号码").hint("18 位，最后一位可能是 X。"))
        .field(Field::phone("phone", "手机号码"))
        .field(Field::new_password("secret", "设置口令").hint("至少 12 位，不要用姓名、生日或证件号码。"))
        .field(Field::textarea("about", "课程简介").max(500))
        .field(Field::file("roster", "学员名单", ".xlsx,.csv").hint("xlsx 或 csv，不超过 20 MB。"))
        .field(Field::tick("promise", "我确认以上内容属实").required())
        .submit("保存并继续")
        .also("存为草稿", "then", "draft")
        .cancel("#")
}

fn refused() -> Form {
    let kinds = [Choice::new("public", "公需科目"), Choice::new("special", "专业科目")];
    Form::post("#", "")
        .field(Field::text("bad-title", "班次名称").required())
        .field(Field::radios("bad-subject", "科目", kinds).required())
        .field(Field::select("bad-district", "所在区", [Choice::new("310104", "徐汇区")]).required())
        .field(Field::number("bad-places", "名额", "人").value("0"))
        .submit("提交")
        .errors([
            ("bad-title", "请填写班次名称"),
            ("bad-subject", "请选择科目"),
            ("bad-district", "请选择所在区"),
            ("bad-places", "名额至少 1 人"),
            ("", "报名截止不能晚于开班日期，请核对两个日期"),
        ])
}
