//! The organisations: departments, district bureaus, providers and bases, employers, in this order of ids from 1.
//!
//! The authorities keep their names, because the city is about them; every other organisation is named 演示…. The
//! first provider and the first employer are those of the demo accounts, in the same district and department.
//! Deliberately absent: contacts of real people; every office answers to 演示联系人.

use db::bulk::Loader;
use db::{Value, code};
use kernel::{CreditCode, Date, OrgId, Place, Result, Time, date};
use registry::Ctx;
use registry::taxonomy::{Names, Term, Vocabulary};
use rules::orgs::{BaseLevel, OrgKind};

use super::words::{DISTRICTS, FIELDS, numeral};

/// An organisation of the city.
#[derive(Debug, Clone)]
pub(super) struct Body {
    /// Its id, small and ascending.
    pub(super) id: OrgId,
    kind: OrgKind,
    /// Its name.
    pub(super) name: String,
    /// Index in [`DISTRICTS`].
    pub(super) district: usize,
    /// Code of its department.
    pub(super) department: Option<String>,
    /// Index in [`FIELDS`].
    pub(super) field: usize,
    section: Option<&'static str>,
    /// Gives classes.
    pub(super) provider: bool,
    pub(super) base: Option<BaseLevel>,
    leading: bool,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Bodies {
    authorities: Vec<Body>,
    /// Those that give classes.
    pub(super) providers: Vec<Body>,
    /// Those that employ.
    pub(super) employers: Vec<Body>,
}

/// How many providers there are, whatever the size of the city.
const PROVIDERS: usize = 48;
/// Since when everybody takes part.
pub(super) const SINCE: Date = match Date::from_ymd_opt(2022, 1, 4) {
    Some(day) => day,
    None => panic!("a literal date exists"),
};

impl Body {
    /// Where things of this organisation stand; a professional's things without the provider.
    pub(super) fn place(&self) -> Place {
        Place {
            org: Some(self.id),
            provider: self.provider.then_some(self.id),
            district: Some(DISTRICTS[self.district].0.into()),
            department: self.department.clone(),
            ..Place::default()
        }
    }

    /// Code of the district.
    pub(super) fn district_code(&self) -> &'static str {
        DISTRICTS[self.district].0
    }

    fn row(&self) -> Result<[Value; 21]> {
        let number = u64::try_from(self.id.get()).map_err(kernel::Error::broken)?;
        let prefix = match self.kind {
            OrgKind::Government => "11",
            OrgKind::Institution | OrgKind::Research => "12",
            OrgKind::NonEnterprise => "52",
            _ => "91",
        };
        let until = self.base.map(|_| date(2028, 12, 31));
        Ok([
            self.id.into(),
            code(self.kind),
            self.name.as_str().into(),
            CreditCode::demo(prefix, number).into(),
            self.id.into(),
            self.provider.then_some(self.id).into(),
            self.district_code().into(),
            Value::Null,
            self.department.as_deref().into(),
            self.section.into(),
            DISTRICTS[self.district].2.into(),
            self.provider.into(),
            (!self.provider).into(),
            self.base.map(kernel::Code::code).into(),
            self.base.map(|_| "演示第一批").into(),
            until.into(),
            self.leading.into(),
            "演示联系人".into(),
            super::words::phone(number).into(),
            "active".into(),
            Time::start_of(SINCE).into(),
        ])
    }
}

const COLUMNS: [&str; 21] = [
    "id",
    "kind",
    "name",
    "credit_code",
    "org",
    "provider",
    "district",
    "town",
    "department",
    "industry",
    "key_area",
    "is_provider",
    "is_employer",
    "base_level",
    "base_batch",
    "base_until",
    "leading_enterprise",
    "contact",
    "phone",
    "status",
    "created_at",
];

impl Bodies {
    /// Plans the organisations of a city with so many employers.
    pub(super) fn plan(names: &Names, departments: &[Term], employers: usize) -> Self {
        let authorities = authorities(names, departments);
        let after = authorities.len();
        let providers: Vec<Body> = (0..PROVIDERS).map(|index| provider(after, index)).collect();
        let after = after + providers.len();
        let employers = (0..employers).map(|index| employer(after, index)).collect();
        Self {
            authorities,
            providers,
            employers,
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.authorities.len() + self.providers.len() + self.employers.len()
    }

    /// Writes them.
    pub(super) async fn load(&self, ctx: &Ctx) -> Result<()> {
        let mut loader = Loader::open(&ctx.db, "orgs", &COLUMNS).await?;
        for body in self.authorities.iter().chain(&self.providers).chain(&self.employers) {
            loader.row(&body.row()?).await?;
        }
        loader.finish().await.map(drop)
    }
}

fn id(after: usize, index: usize) -> OrgId {
    OrgId::new(i64::try_from(after + index + 1).unwrap_or(i64::MAX))
}

/// The departments the policy names, then the bureaus of the sixteen districts.
fn authorities(names: &Names, departments: &[Term]) -> Vec<Body> {
    let mut bodies = Vec::new();
    for term in departments {
        // The reference data gives the full name before what the department is responsible for.
        let name = term.note.split('；').next().filter(|name| !name.is_empty());
        let name = name.unwrap_or(&term.name).to_owned();
        let department = Some(term.code.clone());
        bodies.push(Body {
            department,
            ..government(id(0, bodies.len()), name, 7)
        });
    }
    for (index, (code, ..)) in DISTRICTS.iter().enumerate() {
        let name = format!("上海市{}人力资源和社会保障局", names.of(Vocabulary::District, code));
        bodies.push(government(id(0, bodies.len()), name, index));
    }
    bodies
}

fn government(id: OrgId, name: String, district: usize) -> Body {
    Body {
        id,
        kind: OrgKind::Government,
        name,
        district,
        department: None,
        field: 0,
        section: Some("S"),
        provider: false,
        base: None,
        leading: false,
    }
}

/// The first eight are national bases but for the very first, the next sixteen municipal ones, the rest plain centres.
fn provider(after: usize, index: usize) -> Body {
    let (field, district) = (index % FIELDS.len(), index % DISTRICTS.len());
    let (base, name) = match index {
        0 => (Some(BaseLevel::Municipal), "演示第一继续教育基地".to_owned()),
        1..=7 => (
            Some(BaseLevel::National),
            format!("演示第{}国家级继续教育基地", numeral(index)),
        ),
        8..=22 => (
            Some(BaseLevel::Municipal),
            format!("演示第{}继续教育基地", numeral(index - 6)),
        ),
        _ => (
            None,
            format!("演示·{}{}培训中心", DISTRICTS[district].1, FIELDS[field].short),
        ),
    };
    Body {
        id: id(after, index),
        kind: if base.is_some() {
            OrgKind::Institution
        } else {
            OrgKind::NonEnterprise
        },
        name,
        district,
        department: Some(FIELDS[field].departments[0].to_owned()),
        field,
        section: Some("P"),
        provider: true,
        base,
        leading: false,
    }
}

fn employer(after: usize, index: usize) -> Body {
    let field = index % FIELDS.len();
    let round = index / FIELDS.len();
    let district = (field + round * 3) % DISTRICTS.len();
    let about = &FIELDS[field];
    let maker = about.makers[round % about.makers.len()];
    // Sixteen districts and three makers of a field come round after 48; then a number tells two apart.
    let number = round / (DISTRICTS.len() * about.makers.len());
    let number = if number == 0 {
        String::new()
    } else {
        format!("（{}）", number + 1)
    };
    let kind = match maker {
        m if m.ends_with("公司") || m.ends_with("事务所") || m.ends_with('社') => OrgKind::Enterprise,
        m if m.ends_with('院') && !m.ends_with("医院") || m.ends_with('所') => OrgKind::Research,
        _ => OrgKind::Institution,
    };
    Body {
        id: id(after, index),
        kind,
        name: format!("演示·{}{}{maker}{number}", DISTRICTS[district].1, about.short),
        district,
        department: Some(about.departments[round % about.departments.len()].to_owned()),
        field,
        section: Some(about.section),
        provider: false,
        base: None,
        leading: index.is_multiple_of(16),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_and_codes_are_never_given_twice() {
        let bodies = Bodies::plan(&Names::default(), &[], 12_000);
        let all: Vec<&Body> = bodies.providers.iter().chain(&bodies.employers).collect();
        let names: BTreeSet<&str> = all.iter().map(|body| body.name.as_str()).collect();
        assert_eq!(names.len(), all.len());
        assert!(all.iter().all(|body| body.name.starts_with("演示")));
        for body in all.iter().step_by(97) {
            let [_, _, _, Value::Text(code), ..] = body.row().expect("a row") else {
                panic!("no code")
            };
            assert!(
                CreditCode::parse(&code, true).is_ok() && CreditCode::parse(&code, false).is_err(),
                "{code}"
            );
        }
    }

    #[test]
    fn the_demo_accounts_bodies_stand_together() {
        let bodies = Bodies::plan(&Names::default(), &[], 64);
        let (provider, employer) = (&bodies.providers[0], &bodies.employers[0]);
        assert_eq!(
            (provider.district_code(), employer.district_code()),
            ("310104", "310104")
        );
        assert_eq!(provider.department, employer.department);
        let districts: BTreeSet<&str> = bodies.employers.iter().map(Body::district_code).collect();
        assert_eq!(districts.len(), 16);
    }
}
