//! The words of the audit trail: what a deed, a kind of thing, a member and a coded value are called.
//!
//! The trail stores codes, because codes never change; this is the one place that turns them into words. A code
//! without a word is shown as it is, for the trail hides nothing; but every deed that a use case writes has one: tidy
//! compares the sources, and each integration test what it has written ([`wordless`]).
//! Deliberately absent: the deeds of the permission table, which have their words there (`permits::Act`).

mod values;

use kernel::Code as _;

pub use values::value;

use crate::permits::Act;

/// Deeds that need no permission, or have another name than the act that permits them.
const DEEDS: &[(&str, &str)] = &[
    ("accept_invitation", "接受专家库邀请"),
    ("accept_review", "接受评审"),
    ("activate_account", "激活账号"),
    ("add_course_version", "增加课程版本"),
    ("add_minutes", "登记讨论纪要"),
    ("adjust_class", "变更已发布班次"),
    ("announce_draw", "公布抽查名单"),
    ("appeal_dispute", "申请复核学时异议"),
    ("assign_reviewers", "分配评审人"),
    ("begin_class_report", "上传报送文件"),
    ("begin_roster_import", "上传人员名册"),
    ("cancel_class_report", "取消报送"),
    ("cancel_job", "取消后台任务"),
    ("cancel_roster_import", "放弃人员导入"),
    ("cancel_what_if", "取消影响测算"),
    ("change_password", "修改密码"),
    ("check_claim", "登记抽查结果"),
    ("choose_draw", "抽取抽查对象"),
    ("claim_person", "认领人员记录"),
    ("close_check_in", "结束扫码签到"),
    ("close_dispute", "异议决定生效"),
    ("close_round", "结束评审"),
    ("confirm_claim", "单位确认学时申报"),
    ("confirm_class_report", "确认报送"),
    ("confirm_roster_import", "确认人员导入"),
    ("create_account", "新建账号"),
    ("create_course", "新建课程"),
    ("create_token", "新建接口令牌"),
    ("download_report_errors", "下载报送错误清单"),
    ("download_roster_errors", "下载导入错误清单"),
    ("draft_class", "起草班次"),
    ("draft_notice", "起草公告"),
    ("edit_notice", "修改公告"),
    ("declare_tie", "登记回避关系"),
    ("decline_invitation", "谢绝专家库邀请"),
    ("discard_edition", "作废学时规则草稿"),
    ("edit_edition", "修改学时规则草稿"),
    ("end_account", "终止账号"),
    ("end_course", "停用课程"),
    ("end_employment", "结束任职"),
    ("end_expert", "专家退出专家库"),
    ("end_notice", "结束公告"),
    ("end_tie", "撤销回避登记"),
    ("enrol", "报名"),
    ("exchange_reviewer", "更换评审人"),
    ("export_audit", "导出审计记录"),
    ("export_class_people", "导出班次名单"),
    ("export_compliance", "导出学时达标情况"),
    ("export_enrolments", "导出学员名单"),
    ("export_people_unmasked", "导出人员名册（证件号码未遮盖）"),
    ("finish_class_report", "完成报送"),
    ("hand_over_statement", "经接口提供年度学时"),
    (
        "hand_over_statement_complete",
        "经接口提供年度学时（姓名和证件号码未遮盖）",
    ),
    ("import_person", "导入人员"),
    ("import_roll", "写入点名表"),
    ("invite_expert", "邀请专家入库"),
    ("issue_credential", "签发证书"),
    ("lapse_dispute", "异议逾期未答复"),
    ("lift_bar", "解除同名回避"),
    ("mute_reminders", "关闭学时提醒"),
    ("open_check_in", "开放扫码签到"),
    ("open_evidence", "查看佐证材料"),
    ("open_round", "开始评审活动"),
    ("pass_on_claim", "单位逾期未确认，转认定部门"),
    ("pause_login", "暂停登录"),
    ("plan_sessions", "安排课次"),
    ("read_evidence", "查看异议证明材料"),
    ("recognise_claim", "认定学时申报"),
    ("record_merit", "登记专家业绩"),
    ("recuse_review", "退回评审"),
    ("refuse_claim", "不予认定学时申报"),
    ("register_person", "自行注册"),
    ("release_reserved", "释放预留名额"),
    ("remove_evidence", "移除佐证材料"),
    ("reopen_year", "重新开账"),
    ("report_results", "经接口上报结果"),
    ("report_roster", "报送学员名单"),
    ("resume_expert", "恢复专家"),
    ("return_claim", "退回学时申报补正"),
    ("prove_merits", "出具专家业绩证明"),
    ("propose_edition", "提交学时规则审批"),
    ("return_edition", "退回学时规则草稿"),
    ("revive_job", "重试后台任务"),
    ("revoke_other_sessions", "退出其他会话"),
    ("revoke_session", "退出会话"),
    ("revoke_title_check", "撤销职称申报学时审核"),
    ("revoke_token", "撤销接口令牌"),
    ("send_reviews", "下发评审"),
    ("set_dispute_terms", "设定学时异议的期限"),
    ("set_org_status", "变更机构状态"),
    ("set_reminder_days", "设定学时提醒日"),
    ("settle_dispute", "异议随补记办结"),
    ("sign_in", "登录"),
    ("sign_out", "退出登录"),
    ("sign_review", "签署评审"),
    ("submit_claim", "提交学时申报"),
    ("suspend_expert", "暂停专家"),
    ("switch_role", "切换角色"),
    ("transfer_person", "人员调动"),
    ("undo_merge", "撤销人员合并"),
    ("unmute_reminders", "恢复学时提醒"),
    ("void_claim", "作废学时申报"),
    ("withdraw_claim", "撤回学时申报"),
    ("withdraw_dispute", "撤回学时异议"),
    ("write_class_report", "写入报送的行"),
];

const THINGS: &[(&str, &str)] = &[
    ("account", "账号"),
    ("audit", "审计记录"),
    ("calendar", "工作日历"),
    ("claim", "学时申报"),
    ("class", "班次"),
    ("class_report", "报送"),
    ("compliance", "学时达标情况"),
    ("course", "课程"),
    ("credential", "证书"),
    ("credits_entry", "学时流水"),
    ("dispute", "学时异议"),
    ("draw", "抽查批次"),
    ("edition", "学时规则版本"),
    ("enrolment", "报名"),
    ("enrolments", "学员名单"),
    ("entry", "学时流水"),
    ("expert", "专家"),
    ("file", "附件"),
    ("grant", "角色"),
    ("import", "批量导入"),
    ("job", "后台任务"),
    ("late_report", "逾期报送申请"),
    ("notice", "公告"),
    ("org", "机构"),
    ("parameters", "平台参数"),
    ("people", "人员名册"),
    ("person", "人员"),
    ("reminder", "学时提醒"),
    ("review_round", "专家评审"),
    ("roster_import", "人员导入"),
    ("session", "会话或课次"),
    ("task", "待办"),
    ("title_check", "职称申报学时审核"),
    ("token", "接口令牌"),
    ("year", "学时年度"),
];

const MEMBERS: &[(&str, &str)] = &[
    ("absent", "缺席人数"),
    ("absorbed", "被并入的记录"),
    ("account_followed", "账号随迁"),
    ("answer", "答复期限（工作日）"),
    ("appeal", "申请复核期限（工作日）"),
    ("asked", "申请"),
    ("attendance", "出勤"),
    ("base_batch", "基地批次"),
    ("base_level", "基地级别"),
    ("base_until", "基地有效期至"),
    ("background", "专家类别"),
    ("body", "决定部门"),
    ("capacity", "名额"),
    ("changes", "变化"),
    ("check_in_grace", "签到宽限（分钟）"),
    ("check_in_lead", "提前签到（分钟）"),
    ("class", "班次"),
    ("contact", "联系人"),
    ("counts", "数量"),
    ("course", "课程"),
    ("credit_code", "统一社会信用代码"),
    ("days", "天数"),
    ("deadlines_moved", "重算的期限"),
    ("decision", "决定期限（工作日）"),
    ("declared_hours", "申报学时"),
    ("delivery", "授课方式"),
    ("department", "行业主管部门"),
    ("direction", "方向"),
    ("display_name", "姓名或岗位"),
    ("district", "区"),
    ("document", "证件号码"),
    ("document_kind", "证件类型"),
    ("eligibility", "报名条件"),
    ("ended", "结束数量"),
    ("enrol_from", "报名开始"),
    ("enrol_until", "报名截止"),
    ("enrolments", "报名"),
    ("entries", "流水条数"),
    ("expires_at", "有效期至"),
    ("failed", "未通过人数"),
    ("fee", "收费"),
    ("fee_source", "经费来源"),
    ("field", "领域"),
    ("fields", "领域"),
    ("file", "文件"),
    ("filter", "筛选条件"),
    ("form", "形式"),
    ("front_line", "基层一线"),
    ("grants", "角色"),
    ("hours", "学时"),
    ("industry", "行业"),
    ("is_employer", "用人单位"),
    ("is_provider", "施教机构"),
    ("issued", "签发"),
    ("key_area", "重点区域"),
    ("kind", "类别"),
    ("label", "名称"),
    ("late_until", "补录截止日"),
    ("leading_enterprise", "链主企业"),
    ("level", "级别"),
    ("login", "登录名"),
    ("mark", "考勤"),
    ("name", "名称"),
    ("named", "指名"),
    ("number", "编号"),
    ("numbers", "证件号码"),
    ("org", "机构"),
    ("outcome", "结果"),
    ("passed", "通过人数"),
    ("phone", "电话"),
    ("place", "地点"),
    ("post", "岗位"),
    ("post_kind", "岗位类别"),
    ("purpose", "用途"),
    ("reason", "原因"),
    ("released", "释放名额"),
    ("removed", "删除"),
    ("reserved", "预留名额"),
    ("result", "结果"),
    ("result_workdays", "结果登记期限（工作日）"),
    ("reversed_by", "冲正流水"),
    ("review", "复核期限（工作日）"),
    ("role", "角色"),
    ("scopes", "用途"),
    ("sessions", "课次"),
    ("sha256", "文件摘要"),
    ("shown", "显示"),
    ("slot", "位置"),
    ("specialty", "专长"),
    ("standing", "核验状态"),
    ("state", "状态"),
    ("status", "状态"),
    ("subject", "科目"),
    ("summary", "说明"),
    ("survey_workdays", "满意度评价期限（工作日）"),
    ("survivor", "保留的记录"),
    ("tags", "标签"),
    ("taught_seconds", "授课秒数"),
    ("teacher", "授课教师"),
    ("time", "时间"),
    ("title", "标题"),
    ("title_level", "职称级别"),
    ("title_name", "职称名称"),
    ("title_series", "职称系列"),
    ("told", "通知人数"),
    ("town", "街镇"),
    ("until", "截至"),
    ("url", "直播地址"),
    ("verdict", "结论"),
    ("version", "版本"),
    ("what", "内容"),
    ("words", "查找词"),
    ("year", "年度"),
    ("years", "年份"),
];

fn word<'a>(words: &[(&str, &'static str)], code: &'a str) -> Option<&'a str> {
    words.iter().find(|(known, _)| *known == code).map(|(_, word)| *word)
}

/// What a deed is called.
#[must_use]
pub fn deed(code: &str) -> &str {
    word(DEEDS, code)
        .or_else(|| Act::from_code(code).map(Act::name))
        .unwrap_or(code)
}

/// What a kind of thing is called.
#[must_use]
pub fn thing(code: &str) -> &str {
    word(THINGS, code).unwrap_or(code)
}

/// Of deeds with their kinds of thing, as the trail has them: the codes that nobody has given a word yet.
pub fn wordless<'a>(written: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<&'a str> {
    let codes = written.into_iter().flat_map(|(act, kind)| {
        let act = (word(DEEDS, act).is_none() && Act::from_code(act).is_none()).then_some(act);
        [act, word(THINGS, kind).is_none().then_some(kind)]
    });
    codes.flatten().collect()
}

/// What a member of a before or after is called.
#[must_use]
pub fn member(code: &str) -> &str {
    word(MEMBERS, code).unwrap_or(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_become_words_and_unknown_ones_stay() {
        assert_eq!(deed("sign_in"), "登录");
        assert_eq!(deed("grant_role"), "授予角色");
        assert_eq!(deed("something_new"), "something_new");
        assert_eq!(
            wordless([
                ("sign_in", "session"),
                ("something_new", "person"),
                ("grant_role", "gadget")
            ]),
            ["something_new", "gadget"]
        );
        assert_eq!(
            (thing("token"), member("login"), member("x")),
            ("接口令牌", "登录名", "x")
        );
    }

    #[test]
    fn no_word_hides_the_word_of_an_act() {
        assert!(DEEDS.iter().all(|(code, _)| Act::from_code(code).is_none()));
    }
}
