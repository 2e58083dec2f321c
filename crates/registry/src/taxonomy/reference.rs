//! The embedded reference data as terms. Every term carries the source and confidence of its row.
//!
//! Codes of official lists are kept (districts, towns, sections of industry, series of titles, occupations,
//! departments). The policy's own lists have no codes; ours stand in [`CODES`] and never change once released.
//! Deliberately absent: lists that rules need as closed sets and that stand in `rules` (levels of titles are
//! taken from there).

use std::collections::BTreeMap;

use kernel::{Code, Error, Result};
use rules::people::TitleLevel;

use super::{Term, Vocabulary};

const SEED: &str = include_str!("../../../../data/reference/seed_fields.csv");
const DISTRICTS: &str = include_str!("../../../../data/reference/districts.csv");
const TOWNS: &str = include_str!("../../../../data/reference/shanghai_towns.csv");
const SERIES: &str = include_str!("../../../../data/reference/title_series.csv");
const SECTIONS: &str = include_str!("../../../../data/reference/industry_sections.csv");
const DEPARTMENTS: &str = include_str!("../../../../data/reference/departments.csv");
const OCCUPATIONS: &str = include_str!("../../../../data/reference/digital_occupations.csv");

/// Groups of the focus fields: name in the reference data, code, shown name.
const GROUPS: [(&str, &str, &str); 4] = [
    ("战略性新兴产业", "strategic", "战略性新兴产业"),
    ("现代服务业", "services", "现代服务业"),
    ("社会热点", "society", "社会热点"),
    ("其他战略", "rural", "乡村振兴"),
];

/// Lists of the policy: name in the reference data, vocabulary.
const LISTS: [(&str, Vocabulary); 7] = [
    ("重点区域", Vocabulary::KeyArea),
    ("数字经济重点产业", Vocabulary::DigitalIndustry),
    ("数字化应用场景", Vocabulary::Scenario),
    ("公需科目方向", Vocabulary::Direction),
    ("公需科目普及", Vocabulary::Topic),
    ("专业科目行业", Vocabulary::ProfessionalField),
    ("基地需求包类型", Vocabulary::PackageKind),
];

/// Our codes for the policy's own terms.
const CODES: [(&str, &str); 65] = [
    ("集成电路", "integrated_circuits"),
    ("生物医药", "biomedicine"),
    ("人工智能", "ai"),
    ("新能源汽车", "new_energy_vehicles"),
    ("高端装备", "equipment"),
    ("航空航天", "aerospace"),
    ("信息通信", "telecom"),
    ("新材料", "materials"),
    ("新兴数字产业", "emerging_digital"),
    ("生命健康", "life_health"),
    ("光子芯片与器件", "photonics"),
    ("类脑智能", "brain_inspired"),
    ("金融商贸", "finance_trade"),
    ("文化旅游", "culture_tourism"),
    ("航运物流", "shipping_logistics"),
    ("城市治理", "urban_governance"),
    ("社会工作", "social_work"),
    ("应急防控", "emergency_control"),
    ("建设交通", "construction_transport"),
    ("乡村振兴", "rural_revival"),
    ("五个新城", "new_towns"),
    ("张江综合性国家科学中心", "zhangjiang"),
    ("虹桥国际开放枢纽", "hongqiao"),
    ("浦东", "pudong"),
    ("思想政治学习", "political_study"),
    ("知识更新拓展", "knowledge_renewal"),
    ("科学精神培育", "scientific_spirit"),
    ("职业道德养成", "professional_ethics"),
    ("团队合作建设", "teamwork"),
    ("数字技术", "digital_technology"),
    ("知识产权", "intellectual_property"),
    ("网络安全", "network_security"),
    ("应急管理", "emergency_management"),
    ("工业信息", "industry_information"),
    ("科技创新", "science_innovation"),
    ("教育卫生", "education_health"),
    ("农业农村", "agriculture_rural"),
    ("金融财会", "finance_accounting"),
    ("服务贸易", "trade_in_services"),
    ("生态环境", "ecology"),
    ("云计算", "cloud"),
    ("大数据", "big_data"),
    ("物联网", "iot"),
    ("工业互联网", "industrial_internet"),
    ("区块链", "blockchain"),
    ("虚拟现实和增强现实", "vr_ar"),
    ("智能交通", "smart_transport"),
    ("智慧能源", "smart_energy"),
    ("智能制造", "smart_manufacturing"),
    ("智慧农业及水利", "smart_agriculture_water"),
    ("智慧教育", "smart_education"),
    ("智慧医疗", "smart_medicine"),
    ("智慧文旅", "smart_culture_tourism"),
    ("智慧社区", "smart_community"),
    ("智慧家居", "smart_home"),
    ("智慧政务", "smart_government"),
    ("培训平台开发维护", "platform"),
    ("实训环境搭建", "training_environment"),
    ("课程开发更新", "course_development"),
    ("师资进修调研", "teacher_development"),
    ("人员培训实施", "training_delivery"),
    ("课题研究", "research"),
    ("数字经济", "digital_economy"),
    ("数字生活", "digital_life"),
    ("数字治理", "digital_governance"),
];

type Line = BTreeMap<String, String>;

fn lines(text: &str) -> Result<Vec<Line>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader
        .deserialize()
        .collect::<Result<Vec<Line>, _>>()
        .map_err(Error::broken)
}

fn field(line: &Line, name: &str) -> String {
    line.get(name).map(|text| text.trim().to_owned()).unwrap_or_default()
}

/// Collects terms and counts their positions by vocabulary.
#[derive(Default)]
struct Shelf(Vec<Term>);

/// What a term says beside its vocabulary.
struct Entry {
    code: String,
    name: String,
    parent: Option<String>,
    note: String,
    source: String,
    confidence: String,
}

impl Shelf {
    fn add(&mut self, vocabulary: Vocabulary, entry: Entry) {
        let position = self.0.iter().filter(|term| term.vocabulary == vocabulary).count() + 1;
        let Entry {
            code,
            name,
            parent,
            note,
            source,
            confidence,
        } = entry;
        let confidence = if confidence.is_empty() {
            "high".to_owned()
        } else {
            confidence
        };
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        self.0.push(Term {
            vocabulary,
            code,
            name,
            parent,
            position,
            note,
            source,
            confidence,
            ended: false,
        });
    }

    fn has(&self, vocabulary: Vocabulary, code: &str) -> bool {
        self.0
            .iter()
            .any(|term| term.vocabulary == vocabulary && term.code == code)
    }
}

/// Every term of the reference data.
pub(super) fn terms() -> Result<Vec<Term>> {
    let mut shelf = Shelf::default();
    policy(&mut shelf)?;
    places(&mut shelf)?;
    titles(&mut shelf)?;
    bodies(&mut shelf)?;
    Ok(shelf.0)
}

fn policy(shelf: &mut Shelf) -> Result<()> {
    let lines = lines(SEED)?;
    for (group, code, name) in GROUPS {
        let source = lines
            .iter()
            .find(|line| field(line, "group") == group)
            .map(|line| field(line, "source"));
        let entry = Entry {
            code: code.into(),
            name: name.into(),
            parent: None,
            note: String::new(),
            source: source.unwrap_or_default(),
            confidence: String::new(),
        };
        shelf.add(Vocabulary::FocusGroup, entry);
    }
    for line in &lines {
        let group = field(line, "group");
        let below = GROUPS
            .iter()
            .find(|(name, ..)| *name == group)
            .map(|(_, code, _)| (*code).to_owned());
        let listed = LISTS
            .iter()
            .find(|(name, _)| *name == group)
            .map(|(_, vocabulary)| *vocabulary);
        let Some(vocabulary) = listed.or(below.is_some().then_some(Vocabulary::FocusField)) else {
            continue;
        };
        let name = field(line, "item");
        let code = CODES
            .iter()
            .find(|(listed, _)| *listed == name)
            .map(|(_, code)| (*code).to_owned());
        let code = code.ok_or_else(|| Error::broken(format!("no code for the term {name}")))?;
        let source = field(line, "source");
        shelf.add(
            vocabulary,
            Entry {
                code,
                name,
                parent: below,
                note: String::new(),
                source,
                confidence: String::new(),
            },
        );
    }
    Ok(())
}

fn places(shelf: &mut Shelf) -> Result<()> {
    for line in lines(DISTRICTS)? {
        let entry = Entry {
            code: field(&line, "code"),
            name: field(&line, "name"),
            parent: None,
            note: field(&line, "hrss_bureau_name"),
            source: field(&line, "source"),
            confidence: String::new(),
        };
        shelf.add(Vocabulary::District, entry);
    }
    for line in lines(TOWNS)? {
        let entry = Entry {
            code: field(&line, "code"),
            name: field(&line, "name"),
            parent: Some(field(&line, "district_code")),
            note: String::new(),
            source: field(&line, "source"),
            confidence: String::new(),
        };
        shelf.add(Vocabulary::Town, entry);
    }
    Ok(())
}

/// Columns of the table of titles, by level.
const LEVEL_COLUMNS: [(&str, TitleLevel); 5] = [
    ("senior_full(正高)", TitleLevel::Senior),
    ("senior_associate(副高)", TitleLevel::Associate),
    ("intermediate(中级)", TitleLevel::Intermediate),
    ("junior_assistant(助理级)", TitleLevel::Assistant),
    ("junior_technician(员级)", TitleLevel::Technician),
];

fn titles(shelf: &mut Shelf) -> Result<()> {
    let lines = lines(SERIES)?;
    let mut tracks: BTreeMap<String, u32> = BTreeMap::new();
    for level in TitleLevel::ALL {
        let source = lines.first().map(|line| field(line, "source")).unwrap_or_default();
        let (code, name) = (level.code().to_owned(), level.name().to_owned());
        let entry = Entry {
            code,
            name,
            parent: None,
            note: String::new(),
            source,
            confidence: "high".into(),
        };
        shelf.add(Vocabulary::TitleLevel, entry);
    }
    for line in &lines {
        let series = format!("{:0>2}", field(line, "series_no"));
        let (source, confidence) = (field(line, "source"), field(line, "confidence"));
        if !shelf.has(Vocabulary::TitleSeries, &series) {
            let entry = Entry {
                code: series.clone(),
                name: field(line, "series"),
                parent: None,
                note: String::new(),
                source: source.clone(),
                confidence: confidence.clone(),
            };
            shelf.add(Vocabulary::TitleSeries, entry);
        }
        let track = tracks.entry(series.clone()).and_modify(|n| *n += 1).or_insert(1);
        for (column, level) in LEVEL_COLUMNS {
            let name = field(line, column);
            // A series may lack a level: 高校教师 has no 员级.
            if name.is_empty() {
                continue;
            }
            let entry = Entry {
                code: format!("{series}.{track}.{}", level.code()),
                name,
                parent: Some(series.clone()),
                note: field(line, "track"),
                source: source.clone(),
                confidence: confidence.clone(),
            };
            shelf.add(Vocabulary::TitleName, entry);
        }
    }
    Ok(())
}

fn bodies(shelf: &mut Shelf) -> Result<()> {
    for line in lines(SECTIONS)? {
        let entry = Entry {
            code: field(&line, "section"),
            name: field(&line, "name"),
            parent: None,
            note: format!("门类 {}", field(&line, "divisions")),
            source: field(&line, "source"),
            confidence: String::new(),
        };
        shelf.add(Vocabulary::Industry, entry);
    }
    for line in lines(DEPARTMENTS)? {
        let entry = Entry {
            code: field(&line, "code"),
            name: field(&line, "short_name_in_seed"),
            parent: None,
            note: format!("{}；{}", field(&line, "full_name"), field(&line, "field")),
            source: field(&line, "source"),
            confidence: "medium".into(),
        };
        shelf.add(Vocabulary::Department, entry);
    }
    for line in lines(OCCUPATIONS)? {
        let (new, old) = (field(&line, "code_2022_edition"), field(&line, "code_2015_edition"));
        let entry = Entry {
            code: if new.is_empty() { old } else { new },
            name: field(&line, "occupation"),
            parent: None,
            note: field(&line, "standard_doc_no"),
            source: field(&line, "source"),
            confidence: field(&line, "confidence"),
        };
        shelf.add(Vocabulary::Occupation, entry);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_reference_data_is_read_whole_and_every_code_is_one_terms() {
        let terms = terms().expect("readable");
        let count = |vocabulary| terms.iter().filter(|term| term.vocabulary == vocabulary).count();
        assert_eq!(count(Vocabulary::District), 16);
        assert_eq!(count(Vocabulary::Town), 234);
        assert_eq!(count(Vocabulary::FocusField), 20);
        assert_eq!(count(Vocabulary::KeyArea), 4);
        assert_eq!(count(Vocabulary::DigitalIndustry), 7);
        assert_eq!(count(Vocabulary::Scenario), 10);
        assert_eq!(count(Vocabulary::Direction), 5);
        assert_eq!(count(Vocabulary::Topic), 4);
        assert_eq!(count(Vocabulary::ProfessionalField), 9);
        assert_eq!(count(Vocabulary::TitleSeries), 27);
        assert_eq!(count(Vocabulary::TitleLevel), 5);
        assert_eq!(count(Vocabulary::Industry), 20);
        assert_eq!(count(Vocabulary::Department), 18);
        assert_eq!(count(Vocabulary::Occupation), 14);
        assert_eq!(count(Vocabulary::PackageKind), 6);
        let codes: BTreeSet<_> = terms.iter().map(|term| (term.vocabulary, &term.code)).collect();
        assert_eq!(codes.len(), terms.len(), "a code stands for one term");
        assert!(
            terms
                .iter()
                .all(|term| !term.code.is_empty() && !term.name.is_empty() && !term.source.is_empty())
        );
    }

    #[test]
    fn every_parent_exists() {
        let terms = terms().expect("readable");
        for term in terms.iter().filter(|term| term.parent.is_some()) {
            let above = match term.vocabulary {
                Vocabulary::FocusField => Vocabulary::FocusGroup,
                Vocabulary::Town => Vocabulary::District,
                Vocabulary::TitleName => Vocabulary::TitleSeries,
                other => panic!("{other:?} has no parents"),
            };
            let parent = term.parent.as_deref();
            assert!(
                terms
                    .iter()
                    .any(|t| t.vocabulary == above && Some(t.code.as_str()) == parent),
                "{}",
                term.name
            );
        }
    }
}
