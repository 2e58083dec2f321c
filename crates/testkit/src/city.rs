//! The smallest city in which every role has a neighbour: made through use cases, by the system, in some tens of
//! milliseconds.
//!
//! ```text
//! lead · expert · finance · auditor · operator
//! department-a (jxw)      department-b (wjw)
//! district-a (310104)     district-b (310115)
//! provider-a (310104)     provider-b (310115)
//! employer-a (310104)     employer-b (310115)     eleven people each; the first is learner-a / learner-b
//! ```
//! Everything with `-a` belongs to the industry department jxw, everything with `-b` to wjw, so that two neighbours of
//! any role see disjoint rows. Everybody whose role has administrators is one.
//! Deliberately absent: courses, classes, hours. A test makes what it talks about.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher as _};
use db::Tx;
use kernel::{Actor, CreditCode, DocumentKind, IdentityDocument, OrgId, PersonId, Place, Role, date};
use registry::Ctx;
use registry::identity::{NewGrant, accounts};
use registry::orgs::{self, BaseLevel, OrgDraft, OrgKind};
use registry::people::{self, PersonDraft, TitleLevel};
use web::App;

/// The password of every account of the city.
pub const PASSWORD: &str = "城市测试口令-2026";

/// One side of the city.
struct Side {
    letter: char,
    district: (&'static str, &'static str),
    department: (&'static str, &'static str),
    surname: &'static str,
    fields: [&'static str; 2],
}

const SIDES: [Side; 2] = [
    Side {
        letter: 'a',
        district: ("310104", "徐汇区"),
        department: ("jxw", "市经济信息化委"),
        surname: "陈",
        fields: ["ai", "integrated_circuits"],
    },
    Side {
        letter: 'b',
        district: ("310115", "浦东新区"),
        department: ("wjw", "市卫生健康委"),
        surname: "林",
        fields: ["biomedicine", "life_health"],
    },
];

/// The eleven people of an employer, the learner first.
const ORDINALS: [&str; 11] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸", "子"];

/// The city and who is who in it.
#[derive(Debug, Clone, Default)]
pub struct City {
    orgs: BTreeMap<String, OrgId>,
    people: BTreeMap<String, Vec<PersonId>>,
    actors: BTreeMap<String, Actor>,
}

impl City {
    /// Builds the city in the application's database; the reference data must be there.
    ///
    /// # Panics
    /// When a use case refuses, which would be a fault of the city.
    pub async fn build(app: &App) -> Self {
        let ctx = app.ctx(Actor::system("city"));
        let mut city = Self::default();
        for side in &SIDES {
            city.found_orgs(&ctx, side).await;
            city.hire(&ctx, side).await;
        }
        let mut tx = ctx.db.write().await.expect("a transaction");
        for side in &SIDES {
            city.seat_side(&ctx, &mut tx, side).await;
        }
        for role in [Role::Lead, Role::Expert, Role::Finance, Role::Auditor, Role::Operator] {
            let admin = matches!(role, Role::Lead | Role::Operator);
            let login = kernel::Code::code(role).to_owned();
            city.seat(&ctx, &mut tx, &login, grant(role, admin, Place::default(), ""))
                .await;
        }
        tx.commit().await.expect("the accounts are kept");
        city
    }

    /// The organisation of `provider-a`, `provider-b`, `employer-a` or `employer-b`.
    ///
    /// # Panics
    /// When there is no such organisation.
    #[track_caller]
    pub fn org(&self, name: &str) -> OrgId {
        *self
            .orgs
            .get(name)
            .unwrap_or_else(|| panic!("the city has no organisation {name}"))
    }

    /// The person of `learner-a` or `learner-b`.
    ///
    /// # Panics
    /// When there is no such learner.
    #[track_caller]
    pub fn person(&self, login: &str) -> PersonId {
        self.actor(login)
            .person()
            .unwrap_or_else(|| panic!("{login} is no professional"))
    }

    /// The eleven people of `employer-a` or `employer-b`, the learner first.
    ///
    /// # Panics
    /// When there is no such employer.
    #[track_caller]
    pub fn people_of(&self, employer: &str) -> &[PersonId] {
        self.people
            .get(employer)
            .unwrap_or_else(|| panic!("the city has no employer {employer}"))
    }

    /// An account's actor in its only role.
    ///
    /// # Panics
    /// When there is no such account.
    #[track_caller]
    pub fn actor(&self, login: &str) -> Actor {
        self.actors
            .get(login)
            .cloned()
            .unwrap_or_else(|| panic!("the city has no account {login}"))
    }

    /// The login names of all accounts, in order of the alphabet.
    pub fn logins(&self) -> impl Iterator<Item = &str> {
        self.actors.keys().map(String::as_str)
    }

    async fn found_orgs(&mut self, ctx: &Ctx, side: &Side) {
        let (provider, employer) = (format!("provider-{}", side.letter), format!("employer-{}", side.letter));
        let serial = u64::from(u32::from(side.letter));
        let mut draft = org_draft(
            side,
            OrgKind::NonEnterprise,
            &format!("测试{}继续教育基地", side.letter),
            serial,
        );
        draft.is_provider = true;
        draft.is_employer = false;
        draft.base_level = Some(BaseLevel::Municipal);
        self.orgs
            .insert(provider, orgs::create(ctx, draft).await.expect("a provider"));
        let draft = org_draft(
            side,
            OrgKind::Enterprise,
            &format!("测试{}有限公司", side.letter),
            1_000 + serial,
        );
        self.orgs
            .insert(employer, orgs::create(ctx, draft).await.expect("an employer"));
    }

    async fn hire(&mut self, ctx: &Ctx, side: &Side) {
        let employer = format!("employer-{}", side.letter);
        let org = self.org(&employer);
        let mut hired = Vec::new();
        for (index, ordinal) in (0_u32..).zip(ORDINALS) {
            let born = date(1985, 1, index + 1);
            let document = IdentityDocument::demo(born, u32::from(side.letter) % 1_000);
            let name = format!("{}示{ordinal}", side.surname);
            let mut draft = PersonDraft::new(&name, DocumentKind::Resident, document.number());
            draft.phone = format!("1990000{}{index:03}", u32::from(side.letter) % 10);
            draft.title_series = Some("05".into());
            draft.title_level = Some(if index % 3 == 1 {
                TitleLevel::Associate
            } else {
                TitleLevel::Intermediate
            });
            draft.title_name = if index % 3 == 1 {
                "高级工程师".into()
            } else {
                "工程师".into()
            };
            draft.post = "工程师".into();
            draft.front_line = index % 2 == 0;
            draft.field = Some(side.fields[usize::from(index % 4 == 3)].into());
            draft.org = Some(org);
            draft.from_day = Some(date(2022, 1, 4));
            hired.push(people::create(ctx, draft).await.expect("a person"));
        }
        self.people.insert(employer, hired);
    }

    async fn seat_side(&mut self, ctx: &Ctx, tx: &mut Tx, side: &Side) {
        let named = |what: &str| format!("{what}-{}", side.letter);
        let (code, name) = side.department;
        let own = Place {
            department: Some(code.into()),
            ..Place::default()
        };
        self.seat(ctx, tx, &named("department"), grant(Role::Department, true, own, name))
            .await;
        let (code, name) = side.district;
        let own = Place {
            district: Some(code.into()),
            ..Place::default()
        };
        self.seat(ctx, tx, &named("district"), grant(Role::District, true, own, name))
            .await;
        for (role, what) in [(Role::Provider, "provider"), (Role::Employer, "employer")] {
            let org = orgs::load(tx, self.org(&named(what))).await.expect("the organisation");
            self.seat(ctx, tx, &named(what), grant(role, true, org.place(), &org.name))
                .await;
        }
        let learner = self.people_of(&named("employer"))[0];
        let person = people::load(tx, learner).await.expect("the learner");
        let employer = people::employer_name(tx, &person)
            .await
            .expect("a name")
            .unwrap_or_default();
        self.seat(
            ctx,
            tx,
            &named("learner"),
            grant(Role::Learner, false, person.place(), &employer),
        )
        .await;
    }

    async fn seat(&mut self, ctx: &Ctx, tx: &mut Tx, login: &str, grant: NewGrant) {
        let name = format!("测试 {login}");
        let account = accounts::create_demo(
            tx,
            ctx.now(),
            login,
            &name,
            password_hash(),
            std::slice::from_ref(&grant),
        );
        let actor = Actor {
            account: Some(account.await.expect("an account")),
            role: grant.role,
            own: grant.own,
            admin: grant.admin,
            label: login.to_owned(),
            request: "test".to_owned(),
        };
        self.actors.insert(login.to_owned(), actor);
    }
}

fn grant(role: Role, admin: bool, own: Place, label: &str) -> NewGrant {
    NewGrant {
        role,
        admin,
        own,
        label: label.to_owned(),
    }
}

fn org_draft(side: &Side, kind: OrgKind, name: &str, serial: u64) -> OrgDraft {
    let code = CreditCode::demo("91", serial);
    OrgDraft {
        department: Some(side.department.0.into()),
        industry: None,
        contact: "测试联系人".into(),
        ..OrgDraft::new(kind, name, code.as_str(), side.district.0)
    }
}

/// The hash of [`PASSWORD`], once in a process, with the cheapest parameters argon2 knows: tests sign in hundreds of
/// times, and what they test is not how slow a hash is. Production code has no way to make such a hash.
fn password_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        let params = Params::new(Params::MIN_M_COST, 1, 1, None).expect("the least parameters are parameters");
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        hasher.hash_password(PASSWORD.as_bytes()).expect("a hash").to_string()
    })
}
