//! The formal check (形式审查): a machine looks first, item by item; a person decides each item and says why.
//!
//! what came late fails.: what costs more than its ceiling fails. R-86: alike titles are looked at. R-87: who
//! may not declare fails. A person may overrule the machine with a reason, and must decide what the machine leaves open.
//! Deliberately absent: judging the matter; experts do.

use kernel::{Error, FieldError, Money, Result, Time};

use super::content::Content;
use super::fees::Fees;
use super::template::{Declarant, Template};
use crate::orgs::OrgKind;

kernel::codes! {
    /// What is checked.
    pub enum Item {
        /// Handed in within the window.
        Window = "window" "申报时间",
        /// The host may declare.
        Declarant = "declarant" "申报单位资格",
        /// Nothing is missing.
        Complete = "complete" "内容完整",
        /// Every attachment is there.
        Files = "files" "附件齐全",
        /// The budget stays below the fixed sum.
        Budget = "budget" "综合定额",
        /// The fees of lectures stay below their ceilings.
        Lectures = "lectures" "讲课费标准",
        /// The paid hours of a teacher are possible.
        LectureHours = "lecture_hours" "讲课学时",
        /// No other project of the same matter.
        Duplicate = "duplicate" "选题重复",
    }
}

kernel::codes! {
    /// What came out for an item.
    pub enum Verdict {
        /// In order.
        Pass = "pass" "符合",
        /// Not in order.
        Fail = "fail" "不符合",
        /// A person must look.
        Look = "look" "需人工核对",
    }
}

/// What was found for one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub item: Item,
    /// What.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
}

/// What the platform knows of the host.
#[derive(Debug, Clone)]
pub struct Host {
    /// 机构类别.
    pub kind: OrgKind,
    /// A base whose term has not ended.
    pub base: bool,
    /// 龙头企业.
    pub leading: bool,
    /// Gives classes.
    pub provider: bool,
    /// Employs professionals.
    pub employer: bool,
}

impl Host {
    fn is(&self, declarant: Declarant) -> bool {
        match declarant {
            Declarant::Base => self.base,
            Declarant::LeadingEnterprise => self.leading,
            Declarant::Provider => self.provider,
            Declarant::Employer => self.employer,
            Declarant::Association => self.kind == OrgKind::Association,
            Declarant::Academy => matches!(self.kind, OrgKind::University | OrgKind::Research),
        }
    }

    /// whether it may declare.
    ///
    /// # Errors
    /// `call.declarant` with the sentence that says who may.
    pub fn may_declare(&self, template: &Template) -> Result<()> {
        if template.declarants.iter().any(|declarant| self.is(*declarant)) {
            return Ok(());
        }
        let who: Vec<&str> = template.declarants.iter().map(|declarant| declarant.name()).collect();
        Err(Error::refused_by(
            "R-87",
            "call.declarant",
            format!(
                "这次征集由{}申报；平台登记的本单位信息不在其中。登记有误的，请联系所在区人社部门更正。",
                who.join("、")
            ),
        ))
    }
}

/// Another declaration or project with a title that is alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// How alike, per cent.
    pub percent: u32,
}

/// What the machine looks at.
#[derive(Debug)]
pub struct Facts<'a> {
    /// What is declared.
    pub content: &'a Content,
    /// The kind of call.
    pub template: &'a Template,
    /// When it was handed in first.
    pub submitted_at: Option<Time>,
    /// When the window closes.
    pub closes_at: Time,
    /// The host.
    pub host: &'a Host,
    /// What the attachments were called.
    pub files: &'a [String],
    /// The ceilings.
    pub fees: &'a Fees,
    /// Titles that are alike.
    pub alike: &'a [Alike],
}

fn finding(item: Item, verdict: Verdict, reason: impl Into<String>) -> Finding {
    Finding {
        item,
        verdict,
        reason: reason.into(),
    }
}

/// What the machine finds, item by item.
#[must_use]
pub fn examine(facts: &Facts<'_>) -> Vec<Finding> {
    let mut found = vec![window(facts), declarant(facts), complete(facts), attached(facts)];
    if facts.template.training {
        found.extend([budget(facts), lectures(facts), lecture_hours(facts)]);
    }
    found.push(duplicate(facts));
    found
}

fn window(facts: &Facts<'_>) -> Finding {
    match facts.submitted_at {
        Some(at) if at <= facts.closes_at => finding(
            Item::Window,
            Verdict::Pass,
            format!("{at} 提交，截止 {}。", facts.closes_at),
        ),
        Some(at) => finding(
            Item::Window,
            Verdict::Fail,
            format!("{at} 提交，晚于截止时间 {}。", facts.closes_at),
        ),
        None => finding(Item::Window, Verdict::Fail, "没有提交记录。"),
    }
}

fn declarant(facts: &Facts<'_>) -> Finding {
    match facts.host.may_declare(facts.template) {
        Ok(()) => finding(Item::Declarant, Verdict::Pass, "按平台登记的机构信息符合。"),
        Err(Error::Refused { sentence, .. }) => finding(Item::Declarant, Verdict::Fail, sentence),
        Err(_) => finding(Item::Declarant, Verdict::Look, "不能判断，请人工核对。"),
    }
}

fn complete(facts: &Facts<'_>) -> Finding {
    let faults = facts.content.faults(facts.template);
    if faults.is_empty() {
        return finding(Item::Complete, Verdict::Pass, "必填内容齐全。");
    }
    let said: Vec<&str> = faults.iter().map(|fault| fault.sentence.as_str()).collect();
    finding(Item::Complete, Verdict::Fail, said.join(""))
}

fn attached(facts: &Facts<'_>) -> Finding {
    let lacking: Vec<&str> = facts
        .template
        .files
        .iter()
        .filter(|wanted| wanted.required && !facts.files.contains(&wanted.label))
        .map(|wanted| wanted.label.as_str())
        .collect();
    if lacking.is_empty() {
        finding(Item::Files, Verdict::Pass, "必交附件齐全，内容请人工核对。")
    } else {
        finding(Item::Files, Verdict::Fail, format!("缺少：{}。", lacking.join("、")))
    }
}

fn budget(facts: &Facts<'_>) -> Finding {
    let content = facts.content;
    let (Some(people), Some(days)) = (content.people, content.days) else {
        return finding(Item::Budget, Verdict::Look, "没有填写人数或天数，不能计算。");
    };
    let class = facts.template.class;
    let Some(most) = facts.fees.training_ceiling(class, people, days) else {
        return finding(Item::Budget, Verdict::Look, "经费标准表中没有这一类培训的综合定额。");
    };
    let cost = content.training_cost();
    let sum = format!(
        "预算（不含师资费）{cost} 元，{}培训 {people} 人 {days} 天的上限 {most} 元。",
        class.name()
    );
    let verdict = if cost <= most { Verdict::Pass } else { Verdict::Fail };
    finding(Item::Budget, verdict, sum)
}

fn lectures(facts: &Facts<'_>) -> Finding {
    let (mut over, mut looked) = (Vec::new(), false);
    for teacher in &facts.content.teachers {
        match facts.fees.lecture_ceiling(teacher.rank) {
            Some(most) if teacher.fee > most => over.push(format!(
                "{}（{}）每学时 {} 元，上限 {most} 元",
                teacher.name,
                teacher.rank.name(),
                teacher.fee
            )),
            Some(_) => {}
            None => looked = true,
        }
    }
    match (over.is_empty(), looked) {
        (false, _) => finding(Item::Lectures, Verdict::Fail, format!("{}。", over.join("；"))),
        (true, true) => finding(Item::Lectures, Verdict::Look, "经费标准表中没有讲课费上限。"),
        (true, false) => finding(Item::Lectures, Verdict::Pass, "讲课费都在标准以内（税后）。"),
    }
}

fn lecture_hours(facts: &Facts<'_>) -> Finding {
    let over: Vec<String> = facts
        .content
        .teachers
        .iter()
        .filter_map(|teacher| {
            let most = facts.fees.paid_hours(teacher.half_days)?;
            (teacher.hours > most).then(|| {
                format!(
                    "{} {} 个半天最多计 {most} 学时，填报 {} 学时",
                    teacher.name, teacher.half_days, teacher.hours
                )
            })
        })
        .collect();
    if over.is_empty() {
        finding(Item::LectureHours, Verdict::Pass, "讲课学时按半天计算合理。")
    } else {
        finding(Item::LectureHours, Verdict::Fail, format!("{}。", over.join("；")))
    }
}

fn duplicate(facts: &Facts<'_>) -> Finding {
    if facts.alike.is_empty() {
        return finding(Item::Duplicate, Verdict::Pass, "本次和历年没有相似题目。");
    }
    let said: Vec<String> = facts
        .alike
        .iter()
        .map(|one| format!("{}《{}》相似 {}%", one.number, one.title, one.percent))
        .collect();
    finding(Item::Duplicate, Verdict::Look, format!("{}。", said.join("；")))
}

/// What a person decided on an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Which.
    pub item: Item,
    /// Pass or fail.
    pub verdict: Verdict,
    /// Why; needed where it differs from the machine or the machine left it open.
    pub reason: String,
}

/// What a person's decisions come to: whether it passes.
///
/// # Errors
/// Wrong, at the items that are not decided or not explained.
pub fn conclude(found: &[Finding], judged: &[Judged]) -> Result<bool> {
    let mut faults = Vec::new();
    let mut passes = true;
    for finding in found {
        let item = finding.item;
        let field = kernel::Code::code(item);
        let decided = judged.iter().find(|one| one.item == item);
        match decided {
            None
            | Some(Judged {
                verdict: Verdict::Look, ..
            }) => faults.push(FieldError::new(
                field,
                "check.open",
                format!("请对“{}”作出符合或不符合的结论。", item.name()),
            )),
            Some(one) => {
                passes &= one.verdict == Verdict::Pass;
                if one.verdict != finding.verdict && one.reason.trim().chars().count() < 4 {
                    faults.push(FieldError::new(
                        format!("{field}_reason"),
                        "check.reason",
                        format!("“{}”的结论与自动检查不同，请写明理由。", item.name()),
                    ));
                }
            }
        }
    }
    if faults.is_empty() {
        Ok(passes)
    } else {
        Err(Error::Wrong(faults))
    }
}

/// What a declaration would cost at most by the ceilings, for the form; none without figures or numbers.
#[must_use]
pub fn ceiling(content: &Content, template: &Template, fees: &Fees) -> Option<Money> {
    fees.training_ceiling(template.class, content.people?, content.days?)
}

#[cfg(test)]
mod tests;
