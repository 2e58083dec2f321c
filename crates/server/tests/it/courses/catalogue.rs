//! The catalogue finds what it holds.

use kernel::date;
use learning::courses;
use registry::Window;
use rules::courses::Delivery;
use testkit::both_engines;

use super::{DAYS, published};

both_engines!(the_catalogue_finds_two_characters_and_filters, |world| async {
    let world = &world;
    let ours = published(world, "机器学习与工业智能", &DAYS, |_| {}).await;
    published(world, "数据治理", &DAYS, |plan| plan.delivery = Delivery::Blended).await;
    let visitor = world.ctx(kernel::Actor::anonymous("test"));
    let find = async |change: &dyn Fn(&mut courses::CatalogueQuery)| {
        let mut query = courses::CatalogueQuery::default();
        change(&mut query);
        let found = courses::search(
            &visitor,
            &query,
            &Window {
                counted: true,
                ..Window::first(20)
            },
        )
        .await
        .expect("found");
        (found.rows.iter().map(|card| card.id).collect::<Vec<_>>(), found.total)
    };
    assert_eq!(find(&|q| q.words = Some("工业".into())).await, (vec![ours], Some(1)));
    assert_eq!(find(&|q| q.words = Some("王老师".into())).await.1, Some(2));
    assert_eq!(find(&|q| q.delivery = Some(Delivery::Blended)).await.1, Some(1));
    assert_eq!(find(&|q| q.district = Some("310115".into())).await.1, Some(0));
    assert_eq!(find(&|q| q.open_only = true).await.1, Some(2));
    world.at(date(2026, 3, 21), 9, 0);
    assert_eq!(find(&|q| q.open_only = true).await.1, Some(0));
    assert_eq!(find(&|_| {}).await.1, Some(2));
    world.at(date(2026, 4, 1), 9, 0);
    assert_eq!(find(&|_| {}).await.1, Some(0));
    assert_eq!(find(&|q| q.year = Some(2026)).await.1, Some(2));
});
