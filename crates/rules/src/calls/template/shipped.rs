//! The kinds of call that an installation begins with: 高级研修, 急需紧缺, and a demand package of the bases, which has other steps.
//!
//! Periods, criteria and weights are examples to be confirmed by 市人社局: no text of Shanghai was found (confidence: low). The public
//! notice of five working days follows 职称评审管理暂行规定 (人社部令第40号) by analogy.

use super::{
    Approver, Criterion, Declarant, FieldKind, FormField, LEAST_NOTICE, Periods, Template, TrainingClass, WantedFile,
};

const PERIODS: Periods = Periods {
    recommend: 10,
    correct: 5,
    check: 10,
    notice: LEAST_NOTICE,
    answer: 10,
    approve: 20,
};

/// The templates.
#[must_use]
pub fn shipped() -> Vec<Template> {
    vec![
        Template {
            kind: "高级研修项目".into(),
            fields: fields(&[
                ("培训需求和目标", true, "行业需求、要解决的实际问题、预期成果"),
                ("课程内容和特色", true, "课程模块、前沿性，与已有项目的不同"),
                ("承办条件", true, "场地、师资、组织经验"),
                ("长期社会影响和成果应用", false, "培训后如何跟踪、如何转化"),
            ]),
            files: files(&[("课程方案", true), ("师资证明材料", false)]),
            ..training()
        },
        Template {
            kind: "急需紧缺人才培训项目".into(),
            fields: fields(&[
                ("紧缺情况", true, "领域、岗位和人数的依据"),
                ("培养方案", true, "内容、方式、考核"),
                ("用人单位参与", false, "参与单位和承担的工作"),
            ]),
            files: files(&[("培养方案", true)]),
            ..training()
        },
        Template {
            kind: "基地培训项目需求包".into(),
            topics: false,
            recommendation: false,
            blind: true,
            training: false,
            declarants: vec![Declarant::Base],
            fields: fields(&[
                ("实施方案", true, "目标、步骤、交付成果"),
                ("进度安排", true, "里程碑和时间"),
                ("经费测算", true, "各项费用和依据"),
            ]),
            files: files(&[("实施方案", true)]),
            criteria: criteria(&[("方案质量", 50), ("实施条件", 30), ("经费合理性", 20)]),
            ..training()
        },
    ]
}

fn training() -> Template {
    Template {
        kind: String::new(),
        topics: true,
        recommendation: true,
        blind: false,
        training: true,
        declarants: vec![Declarant::Base, Declarant::LeadingEnterprise, Declarant::Provider],
        approvers: vec![Approver::Authority, Approver::Finance],
        class: TrainingClass::Second,
        alike_percent: 70,
        periods: PERIODS,
        fields: Vec::new(),
        files: Vec::new(),
        criteria: criteria(&[
            ("需求导向", 25),
            ("课程内容", 25),
            ("实际效果", 20),
            ("长期社会影响", 15),
            ("承办条件", 15),
        ]),
    }
}

fn fields(of: &[(&str, bool, &str)]) -> Vec<FormField> {
    (1..)
        .zip(of)
        .map(|(number, (label, required, hint))| FormField {
            key: format!("f{number}"),
            label: (*label).to_owned(),
            kind: FieldKind::Long,
            required: *required,
            most: 1_000,
            hint: (*hint).to_owned(),
        })
        .collect()
}

fn files(of: &[(&str, bool)]) -> Vec<WantedFile> {
    of.iter()
        .map(|(label, required)| WantedFile {
            label: (*label).to_owned(),
            required: *required,
        })
        .collect()
}

fn criteria(of: &[(&str, u32)]) -> Vec<Criterion> {
    of.iter()
        .map(|(name, weight)| Criterion {
            name: (*name).to_owned(),
            weight: *weight,
        })
        .collect()
}
