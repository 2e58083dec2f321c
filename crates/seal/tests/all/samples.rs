//! Sample documents for the tests and for designers (`cargo run -p seal --example samples`).
//! Names are made up. Deliberately absent: anything a template does not print.

use std::collections::BTreeMap;

use seal::{Certificate, Ed25519Key, Entry, Fact, Figure, QrClaim, Record, Statement, UtcSecond, sign_number};

pub const NUMBER: &str = "SHZX-2026-00004217";

pub fn issued_at() -> UtcSecond {
    UtcSecond::parse("2026-03-12T02:30:00Z").expect("a moment that exists")
}

fn url(key: &Ed25519Key, hours: &str) -> String {
    let claim = QrClaim {
        number: NUMBER,
        holder: "王小明",
        hours,
    };
    sign_number(&claim, key)
        .expect("a key in memory always signs")
        .url("https://zhixin.example.cn")
}

pub fn record(hours: &str) -> Record {
    Record {
        facts: BTreeMap::from([
            ("学时".to_owned(), hours.to_owned()),
            ("科目".to_owned(), "专业科目".to_owned()),
        ]),
        holder: "王**".to_owned(),
        issued_at: issued_at(),
        kind: "certificate".to_owned(),
        number: NUMBER.to_owned(),
        proof: None,
    }
}

pub fn certificate(key: &Ed25519Key) -> Certificate {
    let fact = |label: &str, value: &str| Fact {
        label: label.to_owned(),
        value: value.to_owned(),
    };
    Certificate {
        programme: "专业技术人才知识更新工程".to_owned(),
        number: NUMBER.to_owned(),
        title: "继续教育证书".to_owned(),
        holder: "王小明".to_owned(),
        identity: "身份证件号码 319999********0018　示范精密仪器有限公司".to_owned(),
        preface: "参加下列继续教育活动，完成规定的学习内容，考核合格：".to_owned(),
        activity: "大模型与工业智能应用高级研修班（2026年第一期）".to_owned(),
        hours: "40".to_owned(),
        hours_unit: "学时".to_owned(),
        facts: vec![
            fact("科目类别", "专业科目"),
            fact("活动时间", "2026年3月5日–3月9日"),
            fact("活动形式", "集中面授"),
        ],
        conclusion: "特发此证。".to_owned(),
        issuer: "示范继续教育基地".to_owned(),
        issued_on: "2026年3月12日".to_owned(),
        verify_url: url(key, "40"),
        verify_hint: "扫描二维码，或打开\nzhixin.example.cn/verify\n输入编号，即可查验真伪。".to_owned(),
        footnote: "本证书经电子签名，改动文件的任何一处，查验即不能通过。".to_owned(),
        demo: false,
        issued_at: issued_at(),
    }
}

pub fn statement(key: &Ed25519Key, entries: usize) -> Statement {
    let figure = |label: &str, value: &str, required: &str, met, thousandths| Figure {
        label: label.to_owned(),
        value: value.to_owned(),
        required: required.to_owned(),
        met,
        thousandths,
    };
    Statement {
        programme: "专业技术人才知识更新工程".to_owned(),
        number: NUMBER.to_owned(),
        title: "继续教育年度学时证明".to_owned(),
        period: "2026年度".to_owned(),
        holder: "王小明".to_owned(),
        identity: "身份证件号码 319999********0018　示范精密仪器有限公司　高级工程师".to_owned(),
        answer: "本年度已完成 72 / 90 学时，还差专业科目 18 学时。".to_owned(),
        met: false,
        figures: vec![
            figure("总学时", "72", "90", false, 800),
            figure("专业科目", "42", "60", false, 700),
            figure("公需科目", "30", "", true, 1000),
        ],
        entries: (1..=entries).map(entry).collect(),
        total: "72".to_owned(),
        empty: "本年度还没有学时记录。".to_owned(),
        notes: vec![
            "依据：《专业技术人员继续教育规定》（人力资源社会保障部令第25号）第八条，每年累计不少于 90 学时，其中专业科目一般不少于总学时的三分之二。".to_owned(),
            "本证明所列学时以出具时的登记为准；其后的更正以平台公布的记录为准。".to_owned(),
        ],
        issuer: "上海市专业技术人才知识更新工程平台".to_owned(),
        issued_on: "2026年3月12日".to_owned(),
        verify_url: url(key, "72"),
        verify_hint: "扫码查验，或打开\nzhixin.example.cn/verify".to_owned(),
        demo: false,
        issued_at: issued_at(),
    }
}

fn entry(index: usize) -> Entry {
    let activities = [
        "数字化转型公需课程",
        "集成电路先进封装技术研修班",
        "科研诚信与知识产权保护",
    ];
    Entry {
        date: format!("2026-{:02}-{:02}", index % 12 + 1, index % 28 + 1),
        activity: format!("{}（第{index}期）", activities[index % 3]),
        provider: "示范大学继续教育学院".to_owned(),
        subject: if index.is_multiple_of(3) { "公需" } else { "专业" }.to_owned(),
        hours: if index.is_multiple_of(7) { "−4" } else { "12.5" }.to_owned(),
        why: "授课 562 分钟，按 45 分钟计 1 学时，计 12.48；申报 12.5，取较小值。".to_owned(),
    }
}
