//! One evaluation decides everywhere: a person's statement, the list of who has reached the year, its filters and
//! the counted figures give one answer, whatever the edition demands of whom.

use std::collections::BTreeMap;

use kernel::{Code, Hours, PersonId, date};
use learning::credits::{self, editions};
use oversight::reports::{self, ComplianceFilter, GroupBy, Standings, StandingsQuery};
use registry::Window;
use rules::credits::editions::Document;
use rules::credits::requirement::{self, Demand, Figure, Period, What};
use rules::credits::{
    ActivityForm, ByLevel, COMPULSORY_CLASS, HistoryFacts, LevelHours, Standing, Subject, for_history,
};
use rules::people::TitleLevel;
use rules::reports::{Compliance, Pace};
use testkit::{World, both_engines};

/// An edition that asks for everything an edition can ask for by record: of all, of a series, of a level, of a field; by
/// the year, over three years together, for each of two years.
fn demanding() -> requirement::Edition {
    let mut edition = requirement::shipped();
    edition.code = "requirement-demanding".into();
    edition.in_force = date(2025, 1, 1);
    let nation = edition.demands[0].clone();
    let figure = |what, hours| Figure {
        what,
        least: ByLevel::all(Hours::whole(hours)),
        made_of: Vec::new(),
    };
    let demand = |code: &str, figures: Vec<Figure>| Demand {
        code: code.into(),
        name: code.into(),
        figures,
        ..nation.clone()
    };
    let mut public = demand("public", vec![figure(What::Public, 20), figure(What::Compulsory, 8)]);
    public.figures[1].least.levels = vec![LevelHours {
        level: TitleLevel::Senior,
        hours: Hours::whole(2),
    }];
    let mut accountants = demand("accountants", vec![figure(What::Total, 110)]);
    accountants.audience.series = vec!["17".into()];
    let mut cycle = demand("cycle", vec![figure(What::Total, 300)]);
    cycle.audience.fields = vec!["ai".into()];
    cycle.period = Period::Years { count: 3 };
    let mut each = demand("each", vec![figure(What::Professional, 50)]);
    each.audience.levels = vec![TitleLevel::Intermediate];
    each.period = Period::EachOfYears { count: 2 };
    edition.demands.extend([public, accountants, cycle, each]);
    edition
}

/// Numbers that look thrown and are the same every time.
struct Thrown(u64);

impl Thrown {
    fn below(&mut self, limit: i64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap_or(0) % limit
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        let at = self.below(i64::try_from(all.len()).unwrap_or(1));
        all[usize::try_from(at).unwrap_or(0)]
    }
}

/// Everybody gets a series, a level, a field and three years of hours; one record is merged into another.
async fn thrown(world: &World) -> Vec<PersonId> {
    let mut thrown = Thrown(7);
    let sides = ["employer-a", "employer-b"];
    let people: Vec<PersonId> = sides
        .iter()
        .flat_map(|side| world.city.people_of(side))
        .copied()
        .collect();
    let ctx = world.system();
    let mut tx = ctx.db.write().await.expect("a transaction");
    for person in &people {
        let (series, level) = (thrown.one_of(&["17", "06"]), thrown.one_of(TitleLevel::ALL));
        let field = thrown.one_of(&["ai", "finance"]);
        tx.exec(
            "update people set title_series = $2, title_level = $3, field = $4 where id = $1",
            db::args![*person, series, level.code(), field],
        )
        .await
        .expect("traits");
        let place = registry::people::load(&mut tx, *person).await.expect("there").place();
        let mut postings = Vec::new();
        for year in 2024..=2026 {
            for (part, most) in [("public", 40), ("compulsory", 20), ("professional", 110)] {
                let facts = HistoryFacts {
                    key: format!("thrown/{person}/{year}/{part}"),
                    title: "培训".into(),
                    subject: if part == "professional" {
                        Subject::Professional
                    } else {
                        Subject::Public
                    },
                    form: ActivityForm::Class,
                    hours: Hours::hundredths(1 + thrown.below(most * 100)),
                    earned_on: date(year, 2, 1),
                };
                let mut posting = for_history(facts, *person, place.clone());
                if part == "compulsory" {
                    posting.rule = COMPULSORY_CLASS.into();
                }
                postings.push(posting);
            }
        }
        credits::post(&ctx, &mut tx, &postings).await.expect("posted");
    }
    let (gone, survivor) = (people[21], people[20]);
    tx.exec(
        "update people set merged_into = $2 where id = $1",
        db::args![gone, survivor],
    )
    .await
    .expect("merged");
    tx.commit().await.expect("committed");
    people[..21].to_vec()
}

fn window() -> Window {
    Window {
        counted: true,
        ..Window::sorted("name", false, 100)
    }
}

/// Whom the list shows in a state, with where it says they stand.
async fn listed(world: &World, login: &str, year: i32, state: Option<Compliance>) -> BTreeMap<PersonId, Compliance> {
    let filter = ComplianceFilter {
        year,
        state,
        ..ComplianceFilter::default()
    };
    let found = reports::compliance(&world.acting(login), &filter, &window())
        .await
        .expect("a list");
    assert_eq!(found.total, Some(found.rows.len() as u64));
    let rows = found.rows.iter();
    rows.inspect(|line| assert!(state.is_none_or(|state| line.state == state), "{state:?} {line:?}"))
        .map(|line| (line.person, line.state))
        .collect()
}

fn counted<'a>(states: impl Iterator<Item = &'a Compliance>) -> Standings {
    let mut sum = Standings::default();
    for state in states {
        sum.people += 1;
        sum.reached += i64::from(*state == Compliance::Reached);
        sum.behind += i64::from(matches!(state, Compliance::AtRisk | Compliance::Missing));
    }
    sum
}

async fn figures(world: &World, login: &str, year: i32) -> Standings {
    let query = StandingsQuery {
        year,
        by: GroupBy::Level,
        district: None,
        department: None,
        level: None,
        field: None,
    };
    let view = reports::standings(&world.acting(login), &query)
        .await
        .expect("standings");
    assert!(view.ready);
    view.total
}

both_engines!(r75_statement_list_filters_and_figures_give_one_answer, |world| async {
    let world = &world;
    editions::force_in_demonstration(&world.system(), Document::Requirement(demanding()))
        .await
        .expect("in force");
    let people = thrown(world).await;
    world.at(date(2026, 7, 2), 9, 0);
    reports::refresh(&world.system()).await.expect("figures");
    let lead = world.acting("lead");
    for year in [2025, 2026] {
        let all = listed(world, "lead", year, None).await;
        assert_eq!(all.len(), people.len());
        let mut tx = lead.db.read().await.expect("a reader");
        for person in &people {
            let statement = credits::statement(&lead, &mut tx, *person, year).await.expect("a year");
            let reached = statement.standing() == Standing::Reached;
            assert_eq!(
                all[person] == Compliance::Reached,
                reached,
                "{person} {year} {}",
                statement.sentence()
            );
            let glance = credits::glance(&lead, &mut tx, *person, (year, year))
                .await
                .expect("a year");
            assert_eq!(glance[0].reached, reached);
        }
        drop(tx);
        let mut seen = 0;
        for state in Compliance::ALL {
            let some = listed(world, "lead", year, Some(*state)).await;
            let expected = all.values().filter(|one| *one == state).count();
            assert_eq!(some.len(), expected, "{state:?} {year}");
            seen += usize::from(expected > 0);
        }
        assert!(seen >= 2, "the people stand in different places");
        assert_eq!(figures(world, "lead", year).await, counted(all.values()));
        let own = listed(world, "employer-a", year, None).await;
        let standings = reports::employer_standings(&world.acting("employer-a"), year)
            .await
            .expect("standings");
        assert_eq!(standings, counted(own.values()));
    }
});

both_engines!(
    r63_the_lead_sets_the_pace_on_a_page_and_the_lists_follow,
    |world| async {
        let world = &world;
        world.at(date(2026, 7, 1), 9, 0);
        reports::refresh(&world.system()).await.expect("figures");
        assert_eq!(listed(world, "lead", 2026, Some(Compliance::AtRisk)).await.len(), 22);
        let lead = world.sign_in("lead").await;
        let page = "/desk/standings/pace";
        lead.get(page)
            .await
            .is(200)
            .sees("从几月起提醒")
            .sees("平台规则，不是法规规定");
        lead.post(page, &[("first_month", "13"), ("last_days", "30")])
            .await
            .is(422)
            .sees("起算月份应在 1 到 12 月之间。")
            .sees("13");
        lead.post(page, &[("first_month", "8"), ("last_days", "20")])
            .await
            .is(303);
        assert_eq!(
            reports::pace(&world.acting("lead")).await.expect("set"),
            Pace {
                first_month: 8,
                last_days: 20
            }
        );
        assert_eq!(listed(world, "lead", 2026, Some(Compliance::AtRisk)).await.len(), 0);
        assert_eq!(listed(world, "lead", 2026, Some(Compliance::OnCourse)).await.len(), 22);
        reports::refresh(&world.system()).await.expect("figures");
        assert_eq!(
            figures(world, "lead", 2026).await.behind,
            0,
            "another pace is a reason to count again"
        );
        lead.get("/desk/standings")
            .await
            .is(200)
            .sees("自 8 月起")
            .sees("最后 20 天");
        world.sign_in("district-a").await.get(page).await.is(403);
    }
);
