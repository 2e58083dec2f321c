//! Samples of labels, facts, cases and public pieces.

use crate::chart::ring;
use crate::html::Html;
use crate::icon::Icon;
use crate::labels::{State, Tone};
use crate::page::Action;
use crate::parts::*;
use crate::table::Cell;

/// A square that scans to nothing: it only shows the place.
const SAMPLE_CODE: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 7 7'%3E%3Cpath fill='%230b1f33' d='M0 0h3v3H0zM4 0h3v3H4zM0 4h3v3H0zM5 5h1v1H5z'/%3E%3C/svg%3E";

const TONES: [Tone; 5] = [Tone::Neutral, Tone::Active, Tone::Good, Tone::Warn, Tone::Bad];

pub(super) fn labels() -> Vec<(&'static str, Html)> {
    let meanings = [
        (Tone::Neutral, "无需处理"),
        (Tone::Active, "进行中"),
        (Tone::Good, "完成"),
        (Tone::Warn, "需要关注"),
        (Tone::Bad, "拒绝或逾期"),
    ];
    let states = meanings.into_iter().fold(Summary::new(), |all, (tone, meaning)| {
        let these = State::ALL.iter().filter(|state| state.tone() == tone);
        all.part(
            meaning,
            these.fold(Html::default(), |row, state| row.and(state).and(&Html::text("　"))),
        )
    });
    let badges = TONES.iter().fold(Html::default(), |all, tone| {
        all.and(&Badge::new(*tone, "市级")).and(&Html::text(" "))
    });
    let buttons = Actions::new([
        Action::link("提交申请", "#").primary(),
        Action::link("存为草稿", "#"),
        Action::link("撤销证书", "#").danger(),
        Action::download("导出 Excel", "#"),
        Action::link("查看依据", "#").quiet(),
        Action::link("报名", "#").missing("名额已满，可登记候补"),
    ]);
    let actions = Cell::Actions(vec![
        Action::link("查看", "#"),
        Action::post("通过", "#", ""),
        Action::link("退回", "#"),
    ]);
    vec![
        ("按钮", buttons.into()),
        ("行内操作", Html::of(&actions)),
        ("类别", badges),
        (
            "标签",
            Html::of(&Tags::new(["集成电路", "生物医药"]).linked("人工智能", "#")),
        ),
        ("状态词汇", Html::of(&states)),
    ]
}

pub(super) fn facts() -> Vec<(&'static str, Html)> {
    let alerts = TONES.iter().fold(Html::default(), |all, tone| {
        let alert = Alert::new(*tone, "3 名学员与另一班次时间重叠")
            .text("请先核对名单，再提交考勤。")
            .action(Action::link("查看名单", "#"));
        all.and(&alert)
    });
    let figures = Figures::new([
        Figure::new("累计培训", "214.6 万", "人次")
            .note("按一人一次完成的活动计一次")
            .tone(Tone::Active)
            .href("#"),
        Figure::new("今年达标", "68%", "")
            .note("1,360 / 2,000 人")
            .tone(Tone::Good),
        Figure::new("有风险", "214", "人")
            .note("年内还差 18 学时以上")
            .tone(Tone::Warn),
        Figure::new("逾期未办", "3", "件").tone(Tone::Bad),
        Figure::new("在册机构", "86", "家"),
    ]);
    let progress = Html::of(&Progress::hours("本年度学时", 7_200, 9_000))
        .and(&Progress::hours("其中专业科目", 6_000, 6_000).small())
        .and(
            &Progress::count("区年度目标", 8_200, 40_000, "人次")
                .tone(Tone::Warn)
                .small(),
        );
    let rings = ring(7_200, 9_000, "72", "/ 90 学时").and(&ring(9_000, 9_000, "90", "/ 90 学时"));
    let summary = Summary::new()
        .title("班次信息")
        .fact("班次名称", "集成电路先进封装高级研修班")
        .action(Action::link("修改", "#"))
        .fact("状态", State::EnrolmentOpen)
        .fact("学时", Cell::Hours(1_650))
        .why("按授课分钟 ÷ 45 计，不超过申报学时。")
        .fact(
            "身份证件",
            Cell::Masked {
                text: "3199**********1234".to_owned(),
                reveal: Some("#".to_owned()),
            },
        )
        .fact("经费", Cell::Money(12_345_600));
    let cards = Cards::new()
        .card("我的学时", "#", Html::of(&Progress::hours("2026 年", 4_500, 9_000)))
        .card("最近的班次", "", Html::text("暂无。"));
    let details = Details::new(
        "为什么是 16.5 学时？",
        Html::paragraphs(["实际授课 742 分钟，除以 45 得 16.48 学时，进位规则见第八条。"]),
    );
    vec![
        ("提示", alerts),
        ("大数字", Html::of(&figures)),
        ("进度", progress),
        ("环", rings),
        ("摘要", Html::of(&summary)),
        ("卡片", Html::of(&cards)),
        ("展开说明", Html::of(&details)),
        (
            "空",
            Html::of(
                &Empty::new("还没有学时记录", "报名并完成一个班次后，学时会自动记在这里。")
                    .action(Action::link("查找班次", "#")),
            ),
        ),
    ]
}

pub(super) fn cases() -> Vec<(&'static str, Html)> {
    let tasks = TaskList::new([
        Task::new("待审核的班次", "#", 12).due("最早 2026年3月19日到期"),
        Task::new("待录入结果", "#", 3).due("已逾期 1 个").state(State::Overdue),
        Task::new("学员身份待核验", "#", 128),
    ]);
    let timeline = Timeline::new([
        TimelineEvent::done("提交班次", "2026年3月2日 09:05", "市人才培训中心 王*"),
        TimelineEvent::done("退回补充", "2026年3月3日 14:20", "徐汇区人社局 李*")
            .state(State::Returned)
            .note("请补充第二讲教师的职称证明。"),
        TimelineEvent::done("重新提交", "2026年3月4日 10:11", "市人才培训中心 王*"),
        TimelineEvent::next("审核", "2026年3月19日前（10 个工作日）", "徐汇区人社局").state(State::AwaitingReview),
    ]);
    let receipt = Receipt::new("报名已提交", "B-2026-000317")
        .next("机构在 3 个工作日内（2026年3月10日前）确认名额，结果会发到消息中。")
        .next("如名额已满，自动转为候补，按提交先后递补。")
        .action(Action::link("查看我的班次", "#").primary());
    let job = JobProgress {
        title: "导入人员名单".to_owned(),
        state: State::Running,
        done: 41_200,
        total: 100_000,
        elapsed_seconds: 7,
        left_seconds: Some(10),
        address: "#".to_owned(),
        page: "#".to_owned(),
        cancel: Some(Action::post("取消", "#", "")),
        result: None,
        message: String::new(),
    };
    let over = JobProgress {
        state: State::Done,
        done: 100_000,
        left_seconds: None,
        cancel: None,
        result: Some(Action::link("查看结果", "#").primary()),
        message: "新增 98,412 人，更新 1,530 人，58 行有错误。".to_owned(),
        ..job.clone()
    };
    let code = CodeScreen {
        scanned: "https://…/check-in/1/K7QX3M2P".to_owned(),
        image: SAMPLE_CODE.to_owned(),
        code: "K7QX3M2P".to_owned(),
        words: "已签到 31 人，共 40 人。".to_owned(),
        address: String::new(),
        page: "#".to_owned(),
    };
    let steps = Steps::new(2, ["班次信息", "课程安排", "报名条件", "核对并发布"]);
    let tabs = Tabs::new("班次")
        .tab("概况", "#", true)
        .counted("学员", "#", false, 36)
        .counted("考勤", "#", false, 8)
        .tab("记录", "#", false);
    vec![
        ("待办", Html::of(&tasks)),
        ("没有待办", Html::of(&TaskList::new([]))),
        ("经过", Html::of(&timeline)),
        ("步骤", Html::of(&steps)),
        ("分页签", Html::of(&tabs)),
        ("回执", Html::of(&receipt)),
        // Shown as over, so that the sample does not ask for itself.
        ("长任务已完成", Html::of(&over)),
        ("扫码签到的屏幕", Html::of(&code)),
    ]
}

pub(super) fn portal() -> Vec<(&'static str, Html)> {
    let entries = Entries::new([
        entry(),
        entry().state(State::Full),
        entry().state(State::EnrolmentClosed),
    ])
    .side_by_side();
    let notice = |kind: &str, title: &str, date: &str| Notice {
        title: title.to_owned(),
        href: "#".to_owned(),
        date: date.to_owned(),
        kind: kind.to_owned(),
    };
    let notices = Notices {
        notices: vec![
            notice("招生", "关于举办集成电路先进封装高级研修班的通知", "2026年3月5日"),
            notice("公示", "2026年度高级研修项目承办单位公示", "2026年2月27日"),
        ],
    };
    let facts = Summary::new()
        .fact("编号", "SH-2026-00031742")
        .fact("姓名", Cell::masked("王*明"))
        .fact("学时", Cell::Hours(1_600));
    let verdicts = [
        (State::Genuine, "签名与登记一致，证书有效。"),
        (State::NotGenuine, "文件内容与签名不符，请勿采信。"),
        (State::CannotTell, "没有找到这个编号，请核对后再试。"),
        (State::Revoked, "证书曾经签发，已于 2026年3月1日撤销。"),
    ];
    let verdicts = verdicts.into_iter().fold(Html::default(), |all, (state, text)| {
        all.and(&Verdict::new(state, text).facts(facts.clone()))
    });
    let ways = Ways::new()
        .way(Icon::Search, "查找课程", "按领域、区和时间查找公需与专业课程。", "#")
        .way(
            Icon::Ledger,
            "查看学时",
            "今年完成多少、还差什么，每一学时为什么计入。",
            "#",
        )
        .way(Icon::Shield, "核验证书", "扫码、输入编号或拖入文件，不用登录。", "#");
    vec![
        ("入口", Html::of(&ways)),
        (
            "标题与更多",
            Html::of(&SectionHead::new("正在报名").more("全部班次", "#")),
        ),
        ("目录", Html::of(&entries)),
        ("通知", Html::of(&notices)),
        ("核验结果", verdicts),
    ]
}

/// A sample of the catalogue.
fn entry() -> Entry {
    Entry::new("集成电路先进封装高级研修班", "#")
        .state(State::EnrolmentOpen)
        .by("上海市集成电路行业协会")
        .fact(Icon::Calendar, "2026年4月13日–17日")
        .fact(Icon::Place, "浦东新区 · 线下")
        .fact(Icon::Ledger, "40 学时 · 专业科目")
        .tags(["集成电路", "高级研修"])
}
