//! Help for each role: what its work is and how it is done, step by step.

use kernel::Role;
use ui::Page;
use web::{Caller, Gate, Reply, Routes};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().get("/desk/help", Gate::SignedIn, "使用帮助", help)
}

/// A piece of work: its title, its address, its steps.
struct Work {
    title: &'static str,
    href: &'static str,
    steps: &'static [&'static str],
}

#[derive(askama::Template)]
#[template(path = "help.html")]
struct Help {
    page: Page,
    works: Vec<Work>,
}

const fn work(title: &'static str, href: &'static str, steps: &'static [&'static str]) -> Work {
    Work { title, href, steps }
}

async fn help(caller: Caller) -> Reply {
    let role = caller.ctx().actor.role;
    let lead = format!("您当前的角色是{}。切换角色后，这里换成对应的说明。", role.name());
    let page = caller.page("使用帮助").lead(&lead);
    web::html(&Help {
        page,
        works: works(role),
    })
}

fn works(role: Role) -> Vec<Work> {
    match role {
        Role::Lead => vec![
            work(
                "看全市进展",
                "/desk",
                &[
                    "首页第一行是本年度达标和有风险人数。",
                    "“哪里需要关注”按有风险的比例排列各区，点区名看名单。",
                    "公开首页的人次和去重人数与这里同一口径。",
                ],
            ),
            work(
                "看谁有风险",
                "/desk/standings",
                &[
                    "第一行是达标比例和存在年底不达标风险的人数。",
                    "按区、行业、职称级别、专业领域或单位分组，点组名看人员。",
                    "导出的就是页面上的表。",
                ],
            ),
            work(
                "年度关账",
                "/desk/years",
                &[
                    "年度结束后先核对未结业的班次，再定补录截止日并确认。",
                    "截止日之后只接受冲正和异议决定；关账后的更正单独标出。",
                    "确需放开时重新开账，写明原因。",
                ],
            ),
            work(
                "出统计报表",
                "/desk/statistics",
                &[
                    "选择分组：年度、月份、区、部门、单位、职称级别、科目、形式、领域、方式、经费来源。",
                    "再选年度、区、部门缩小范围。",
                    "点“导出 Excel”得到与页面一致的表。",
                ],
            ),
            work(
                "改学时规则",
                "/desk/editions",
                &[
                    "生效的版本不能改；在它的基础上起草新版本，逐项填写数值和依据。",
                    "提交前先“测算影响”：多少人的结论会变、在哪些区和单位，可以看到人。",
                    "须两位工作人员先后批准；生效日期不早于批准当天，不溯及既往。",
                ],
            ),
            work(
                "发公告",
                "/desk/notices",
                &[
                    "先存草稿，核对后发布；发布后不能改，只能撤下另发。",
                    "年度计划和招收学员通知用对应的类别。",
                ],
            ),
            work(
                "导入放假安排",
                "/desk/calendar",
                &[
                    "国务院公布下一年放假安排后导入。",
                    "没有日历的期限显示为“不早于”，导入后自动重算并留痕。",
                ],
            ),
            work(
                "管理账号",
                "/desk/staff",
                &["新建工作人员账号，把一次性激活码交给本人。", "人员离岗时终止账号。"],
            ),
        ],
        Role::Department => vec![
            work(
                "看本行业达标情况",
                "/desk/compliance",
                &[
                    "按状态、区、职称级别筛选，列表只含本行业单位的人员。",
                    "导出名单会留下审计记录。",
                ],
            ),
            work(
                "出本行业统计",
                "/desk/statistics",
                &["范围固定为本行业，可以再按区和年度筛选。"],
            ),
            work(
                "审批逾期报送",
                "/desk/late-reports",
                &[
                    "施教机构过了报送期限说明理由申请，您会收到待办。",
                    "同意时写明理由和补报截止日期；不同意也要写明理由，对方会收到。",
                ],
            ),
            work("发本行业公告", "/desk/notices", &["公告会显示在公开首页和通知公告。"]),
        ],
        Role::District => vec![
            work(
                "核验个人注册",
                "/desk/tasks?kind=person.verify",
                &["打开待办，核对证件和单位。", "与已有记录重复的，先合并再核验。"],
            ),
            work(
                "认定学时申报",
                "/desk/claims?turn=mine",
                &[
                    "逐件看事实、材料、预计学时和为什么；有相同成果或文件会提示。",
                    "可以勾选批量认定；材料不全的退回补正，不符合的写明理由不予认定。",
                    "已认定的按“申报抽查”抽取核查，不属实的作废并冲正学时。",
                ],
            ),
            work(
                "导入人员",
                "/desk/people/import",
                &[
                    "下载模板填写，先试运行，看清新增、变更和错误再提交。",
                    "错误文件与原表行序一致，改好可直接再传。",
                ],
            ),
            work(
                "看本区达标情况",
                "/desk/compliance",
                &["“有风险”是提醒线，不是规定要求。", "点姓名看每一学时的来历。"],
            ),
            work(
                "决定学时异议",
                "/desk/disputes",
                &[
                    "答复后或答复期满后决定，写明理由；支持的，学时同时更正。",
                    "参与过入账或答复的人不能决定。",
                ],
            ),
            work(
                "审批逾期报送",
                "/desk/late-reports",
                &[
                    "施教机构过了报送期限说明理由申请，您会收到待办。",
                    "同意时写明理由和补报截止日期；不同意也要写明理由，对方会收到。",
                ],
            ),
            work(
                "登记机构",
                "/desk/orgs",
                &["统一社会信用代码有校验，重复登记会告诉您是哪一家。"],
            ),
        ],
        Role::Provider => vec![
            work(
                "发布班次",
                "/desk/classes",
                &[
                    "先建课程，再从课程开班。",
                    "填写时间、地点、名额、报名条件和课次，发布前系统逐项检查。",
                    "发布后可以写明原因变更时间、地点和教师，学员会收到原来的和新的安排；名额和报名条件不能改。",
                ],
            ),
            work(
                "点名和录入结果",
                "/desk/classes?phase=awaiting_result",
                &[
                    "每次课后点名；没有出勤记录不能记为合格。人多时可以下载点名表，填好上传，先检查再写入。",
                    "录入结果后办理结业，学时立即记入学员账户，证书自动生成。",
                ],
            ),
            work(
                "答复学时异议",
                "/desk/disputes?state=opened",
                &[
                    "在期限内核对签到和成绩后答复；逾期不答复的，主管部门直接决定，并计入统计。",
                    "确属漏办结业的，直接办理结业，异议自动办结。",
                ],
            ),
            work(
                "报送名单和结果",
                "/desk/reports",
                &[
                    "下载模板填写，选班次上传；先检查、不写入，每一行都说明能不能写、为什么。",
                    "确认后写入没有问题的行，其余下载错误清单改正后再传；同一份文件传两次不会重复记学时。",
                    "不在平台上办的班次先备案，再报结果。",
                    "报送期限过后，在班次页面申请逾期报送。",
                ],
            ),
            work(
                "管理候补",
                "/desk/enrolments",
                &["有人退出时按顺序递补，系统会通知本人。"],
            ),
        ],
        Role::Employer => vec![
            work(
                "导入本单位人员",
                "/desk/people/import",
                &["下载模板填写，先试运行再提交；同一份表传两次不会重复。"],
            ),
            work(
                "确认学时申报",
                "/desk/claims?turn=mine",
                &[
                    "核对本单位人员的材料，属实的确认，可以批量办理。",
                    "材料不全的退回并写明缺什么；逾期未确认的自动转认定部门。",
                ],
            ),
            work(
                "组织报名",
                "/desk/enrol",
                &["选班次，勾选人员或粘贴证件号码。", "每个人报上、候补或报不上都有原因。"],
            ),
            work(
                "看达标情况",
                "/desk/compliance",
                &["按“有风险”筛选，得到要督促的人员名单，可导出、打印。"],
            ),
            work(
                "出具学时证明",
                "/desk/people",
                &["打开人员的年度学时，点“出具年度学时证明”。"],
            ),
        ],
        Role::Learner => vec![
            work(
                "看今年学完没有",
                "/desk/my/statement",
                &["第一行告诉您还差多少、差什么科目。", "每一笔学时都写明来历和规则。"],
            ),
            work(
                "学时不对怎么办",
                "/desk/disputes",
                &[
                    "在年度学时里，缺少的点“缺少学时”，记错或不是自己的点那一笔的“有异议”，可以上传证明。",
                    "施教机构答复、主管部门决定都有期限；不服的可以申请复核一次。",
                ],
            ),
            work(
                "申报学时",
                "/desk/my/claims/new",
                &[
                    "选择种类，只填这一类要的内容，边填边算能计多少学时。",
                    "上传证明材料，核对后提交，得到编号和办理期限。",
                    "被退回的按要求补正后重新提交，编号不变。",
                ],
            ),
            work(
                "报名",
                "/catalogue?open=1",
                &[
                    "查找班次，打开后点报名；名额满了可以候补。",
                    "不能参加请在报名截止前退出。",
                ],
            ),
            work(
                "核对申报学时",
                "/desk/title-checks/new",
                &[
                    "选择要申报的职称和申报日期，立即得到结论和每条理由。",
                    "签名的结论可以下载，交给评审或聘任单位核验。",
                ],
            ),
            work(
                "下载证书和证明",
                "/desk/my/certificates",
                &[
                    "结业后证书自动生成。",
                    "年度学时证明在“年度学时”页面出具，用于职称申报等。",
                ],
            ),
        ],
        Role::Auditor => vec![
            work(
                "查审计记录",
                "/desk/audit",
                &[
                    "按行为、人员、时间查找，能看到改动前后的内容。",
                    "记录只能增加，不能修改。",
                ],
            ),
            work(
                "核对学时",
                "/desk/entries",
                &["每条学时有规则和原因，冲正与原记录并列。"],
            ),
            work(
                "核对公开账本",
                "/log",
                &[
                    "请运维人员执行 zhixin log audit，由每条流水重新核对整本账。",
                    "请另外留存检查点或镜像：只有与别处留存的检查点核对，才能发现数据库被恢复到旧备份。",
                ],
            ),
        ],
        Role::Finance => vec![work(
            "看费用统计",
            "/desk/statistics?by=money",
            &["按经费来源看班次收费标准和人次，不是实收金额。", "经费台账尚未上线。"],
        )],
        Role::Operator => vec![
            work(
                "看后台任务",
                "/desk/jobs",
                &["失败的任务看说明后重试。", "等待或执行中的任务可以取消。"],
            ),
            work(
                "看系统状态",
                "/desk/system",
                &["版本、数据库、密钥编号和日历年份都在这里。"],
            ),
            work("导入放假安排", "/desk/calendar", &["与市级牵头部门约定由谁导入。"]),
            work(
                "审计和镜像公开账本",
                "/log",
                &[
                    "zhixin log audit --data 数据目录 --against 留存的检查点；全部一致才返回 0。",
                    "设置 ZHIXIN_WITNESS_DIR，把每个检查点另存到别的机器上。",
                ],
            ),
        ],
        Role::Expert => vec![
            work(
                "评审申报",
                "/desk/my/reviews",
                &[
                    "打开待接受的一件，先看是否需要回避，再接受。",
                    "打分会自动保存；写明意见，核对后签署，签署后不能再改。",
                    "不能评审的，写明理由退回，会另派他人。",
                ],
            ),
            work(
                "登记回避和可用时间",
                "/desk/my/expert",
                &[
                    "合作者、合作单位、曾任职单位和需要回避的，登记后立即生效。",
                    "填写每次最多承担几件、哪段时间不便评审。",
                ],
            ),
        ],
        Role::System | Role::Anonymous => Vec::new(),
    }
}
