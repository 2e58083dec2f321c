//! What the platform has of each demand today: state, a sentence with its figure, where to see it.
//! Whoever brings a capability changes its line here; a row without a line is 尚未上线.

use oversight::reports::Progress;
use rules::plans;
use ui::{State, format};

/// Where a demand stands.
pub(super) struct Standing {
    pub state: State,
    /// What is there now, and what is missing.
    pub now: String,
    /// Where to see it; empty for nowhere.
    pub href: &'static str,
}

fn live(now: String, href: &'static str) -> Standing {
    Standing {
        state: State::Live,
        now,
        href,
    }
}

fn partly(now: String, href: &'static str) -> Standing {
    Standing {
        state: State::PartlyLive,
        now,
        href,
    }
}

/// The standing of the demand with this id.
pub(super) fn of(id: &str, figures: &Progress) -> Standing {
    let group = id.get(..1).unwrap_or_default();
    let found = match group {
        "G" => goals(id, figures),
        "A" | "B" | "D" | "E" => projects(id, figures),
        _ => governance(id, figures),
    };
    found.unwrap_or(Standing {
        state: State::NotLive,
        now: "尚未上线".to_owned(),
        href: "",
    })
}

fn goals(id: &str, figures: &Progress) -> Option<Standing> {
    let exists = &figures.inventory;
    let number = format::number;
    Some(match id {
        "G1" => {
            let fields: std::collections::BTreeSet<&str> = exists
                .courses
                .iter()
                .map(|row| row.field.as_str())
                .filter(|field| !field.is_empty())
                .collect();
            partly(
                format!(
                    "领域目录已建立，{} 个领域有在用课程，课程和班次可按领域查找；项目和基地的领域标注随项目一起上线。",
                    fields.len()
                ),
                "/catalogue",
            )
        }
        "G2" => {
            let classes = exists.classes_where(|row| !row.key_area.is_empty());
            let orgs: i64 = exists.org_areas.iter().map(|(_, count)| count).sum();
            live(
                format!(
                    "重点区域已单独成目录：标注了重点区域的机构 {} 家、班次 {} 个。",
                    number(orgs),
                    number(classes)
                ),
                "/terms#key_area",
            )
        }
        "G3" => partly(
            format!(
                "从开班、报名、考勤、结业到学时和证书已贯通，已结业班次 {} 个；学时可按职称申报要求审核并给出签名结论；年度计划尚未上线。",
                number(exists.completed)
            ),
            "",
        ),
        "G4" => live(
            format!(
                "{} 家机构在同一系统办事，分 {} 类，按权限各看各的范围。",
                number(exists.all_orgs()),
                exists.orgs.len()
            ),
            "/providers",
        ),
        "G5" => live(
            format!(
                "公开 {} 门在用课程的班次，正在报名 {} 个；施教机构 {} 家，其中基地 {} 家。",
                number(exists.all_courses()),
                number(exists.open),
                number(exists.providers),
                number(exists.bases)
            ),
            "/catalogue?open=1",
        ),
        "G6" => {
            let of = |delivery: &str| exists.classes_where(|row| row.delivery == delivery);
            live(
                format!(
                    "线下 {} 个、线上 {} 个、线上线下结合 {} 个班次，同一套课程和学时规则。",
                    number(of("offline")),
                    number(of("online")),
                    number(of("blended"))
                ),
                "/catalogue",
            )
        }
        "G7" => partly(
            format!(
                "累计 {} / {} 人次，去重 {} 人，按年、月、区、部门可查；目标分解到部门、区和项目尚未上线。",
                number(figures.activities),
                number(plans::TARGET),
                number(figures.people)
            ),
            "/",
        ),
        _ => return None,
    })
}

fn projects(id: &str, figures: &Progress) -> Option<Standing> {
    let exists = &figures.inventory;
    let number = format::number;
    Some(match id {
        "A1" => {
            let public = exists.courses_where(|row| row.subject == "public");
            let directions: std::collections::BTreeSet<&str> = exists
                .courses
                .iter()
                .map(|row| row.direction.as_str())
                .filter(|direction| !direction.is_empty())
                .collect();
            partly(
                format!(
                    "公需科目课程 {} 门，按版本管理，覆盖五个方向中的 {} 个；委托开发和年度培训实施计划的编制尚未上线。",
                    number(public),
                    directions.len()
                ),
                "/catalogue?subject=public",
            )
        }
        "A2" => {
            let professional = exists.courses_where(|row| row.subject == "professional");
            partly(
                format!(
                    "专业科目课程 {} 门，可按行业主管部门统计；年度规划、指标分解、课程包导入和考核尚未上线。",
                    number(professional)
                ),
                "/catalogue?subject=professional",
            )
        }
        "A3" => {
            let departments = figures.departments.iter().filter(|row| !row.code.is_empty()).count();
            partly(
                format!(
                    "文件点名的行业主管部门已全部建立，各看本行业，{departments} 个部门已有学时记录；各部门的年度计划尚未上线。"
                ),
                "",
            )
        }
        "B1" => live(
            format!(
                "已发布征集 {} 个（正在征集 {} 个），采纳选题 {} 个；期限按工作日计算，逾期不收。",
                number(exists.calls),
                number(exists.calls_open),
                number(exists.topics)
            ),
            "/calls",
        ),
        "B2" => live(
            format!(
                "部门和区提出选题、推荐承办单位或公开申报，已提交申报 {} 件；可退回修改、重新提交，附件和每次版本都留存。",
                number(exists.declarations)
            ),
            "/calls",
        ),
        "B3" => partly(
            format!(
                "形式审查、公示、异议、多部门批复已贯通：公示中 {} 个，已公布年度计划 {} 个、项目 {} 个；专家评审的分配和打分另行上线，目前登记评审结果。",
                number(exists.calls_noticed),
                number(exists.plans),
                number(exists.projects)
            ),
            "/calls",
        ),
        "B7" => partly(
            format!(
                "市级、行业级、区级征集同一套流程，各有组织和批复单位，其中行业级和区级 {} 个；经费拨付尚未上线。",
                number(exists.calls_below)
            ),
            "/calls",
        ),
        "B4" => partly(
            format!(
                "班次可限定职称层级（{} 个）、为基层一线预留名额（{} 个），报名时说明理由；按职务、年龄核对和高研项目本身尚未上线。",
                number(exists.by_title),
                number(exists.reserved)
            ),
            "/catalogue",
        ),
        "D1" => partly(
            "七个数字产业、十个应用场景和数字技术职业已成目录；培训与评价分开管理、结果公布尚未上线。".to_owned(),
            "",
        ),
        "E1" => partly(
            format!(
                "国家级、市级基地 {} 家已登记并公开级别；申报、考察、评审和有效期管理尚未上线。",
                number(exists.bases)
            ),
            "/providers?base=1",
        ),
        _ => return None,
    })
}

fn governance(id: &str, figures: &Progress) -> Option<Standing> {
    let exists = &figures.inventory;
    let number = format::number;
    let notices: i64 = exists.notices.iter().map(|(_, count)| count).sum();
    Some(match id {
        "O1" => partly("牵头、行业主管、区、施教机构、用人单位、个人、专家、财务、审计和公众的权限已分开；协调小组、委托办理和年度项目计划尚未上线。".to_owned(), ""),
        "S1" => partly(
            format!("进度、达标情况和法定统计每 5 分钟汇总，{} 年有学时落后提醒；实时看板、动态调控和计划调整留痕尚未上线。", figures.year),
            "/",
        ),
        "S2" => partly(format!("公开公告 {} 条，年度项目计划 {} 个、承办单位和公示随征集公开，班次目录和订阅已开放；开放数据尚未上线。", number(notices), number(exists.plans)), "/calls"),
        "R1" => partly(
            format!("学时逐笔入账 {}，按年度核对 90 学时和专业科目要求，冲正 {} 笔均留痕，全部进入可公开审计的学时账本；学时规则按版本公开、测算和批准，可逐条提出异议；课程指南尚未上线。", format::wan_of(figures.activities, "人次"), number(exists.reversals)),
            "/rules",
        ),
        "R2" => partly(
            format!(
                "签名证书 {} 份、年度学时证明 {} 份，已公开核验 {} 次；按申报职称和日期审核学时，通过接口向评审、聘任、注册系统给出编号签名的结论；各评委会自定要求的录入尚未上线。",
                number(exists.certificates),
                number(exists.statements),
                number(exists.verifications)
            ),
            "/verify",
        ),
        "R3" => partly("班次结业后学时自动记入，施教机构可逐人报送，其他活动由本人申报、单位确认后认定；理论性成果登记尚未上线。".to_owned(), "/help#hours"),
        _ => return None,
    })
}
