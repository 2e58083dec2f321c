//! The words of the audit trail: what a deed, a kind of thing and a member are called.
//!
//! The trail stores codes, because codes never change; this is the one place that turns them into words. A code
//! without a word is shown as it is: the trail hides nothing.
//! Deliberately absent: the deeds of the permission table, which have their words there (`permits::Act`).

use kernel::Code as _;

use crate::permits::Act;

/// Deeds that need no permission, or have another name than the act that permits them.
const DEEDS: &[(&str, &str)] = &[
    ("activate_account", "激活账号"),
    ("cancel_job", "取消后台任务"),
    ("change_password", "修改密码"),
    ("create_account", "新建账号"),
    ("create_token", "新建接口令牌"),
    ("end_account", "终止账号"),
    ("export_audit", "导出审计记录"),
    ("export_compliance", "导出学时达标情况"),
    ("hand_over_statement", "经接口提供年度学时"),
    (
        "hand_over_statement_complete",
        "经接口提供年度学时（姓名和证件号码未遮盖）",
    ),
    ("mute_reminders", "关闭学时提醒"),
    ("pause_login", "暂停登录"),
    ("reopen_year", "重新开账"),
    ("revive_job", "重试后台任务"),
    ("revoke_other_sessions", "退出其他会话"),
    ("revoke_session", "退出会话"),
    ("revoke_title_check", "撤销职称申报学时审核"),
    ("revoke_token", "撤销接口令牌"),
    ("set_reminder_days", "设定学时提醒日"),
    ("sign_in", "登录"),
    ("sign_out", "退出登录"),
    ("switch_role", "切换角色"),
    ("unmute_reminders", "恢复学时提醒"),
];

const THINGS: &[(&str, &str)] = &[
    ("account", "账号"),
    ("audit", "审计记录"),
    ("calendar", "工作日历"),
    ("class", "班次"),
    ("compliance", "学时达标情况"),
    ("course", "课程"),
    ("credential", "证书"),
    ("enrolment", "报名"),
    ("entry", "学时流水"),
    ("file", "附件"),
    ("grant", "角色"),
    ("import", "批量导入"),
    ("job", "后台任务"),
    ("notice", "公告"),
    ("org", "机构"),
    ("person", "人员"),
    ("reminder", "学时提醒"),
    ("session", "会话"),
    ("task", "待办"),
    ("title_check", "职称申报学时审核"),
    ("token", "接口令牌"),
    ("year", "学时年度"),
];

const MEMBERS: &[(&str, &str)] = &[
    ("days", "天数"),
    ("department", "行业主管部门"),
    ("display_name", "姓名或岗位"),
    ("district", "区"),
    ("ended", "结束数量"),
    ("expires_at", "有效期至"),
    ("filter", "筛选条件"),
    ("grants", "角色"),
    ("kind", "类别"),
    ("late_until", "补录截止日"),
    ("label", "名称"),
    ("login", "登录名"),
    ("name", "名称"),
    ("org", "机构"),
    ("role", "角色"),
    ("scopes", "用途"),
    ("state", "状态"),
    ("status", "状态"),
    ("title", "标题"),
    ("purpose", "用途"),
    ("until", "截至"),
    ("verdict", "结论"),
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
            (thing("token"), member("login"), member("x")),
            ("接口令牌", "登录名", "x")
        );
    }

    #[test]
    fn no_word_hides_the_word_of_an_act() {
        assert!(DEEDS.iter().all(|(code, _)| Act::from_code(code).is_none()));
    }
}
