//! What several public pages say in the same words: a class of the catalogue as an entry, its state, its times.

use kernel::{Code, Result, Time};
use learning::courses::ClassCard;
use registry::Ctx;
use registry::taxonomy::{self, Names, Vocabulary};
use rules::courses::Phase;
use std::sync::Arc;
use ui::{Choice, Entry, Icon, State, format};

/// The state label of a class, as the public sees it.
pub(crate) fn phase_state(phase: Phase, free: i64) -> State {
    match phase {
        Phase::Draft => State::Draft,
        Phase::Announced => State::Published,
        Phase::EnrolmentOpen if free <= 0 => State::Full,
        Phase::EnrolmentOpen => State::EnrolmentOpen,
        Phase::EnrolmentClosed => State::EnrolmentClosed,
        Phase::Teaching => State::Teaching,
        Phase::AwaitingResult => State::Ended,
        Phase::Completed => State::Completed,
        Phase::Cancelled => State::Cancelled,
    }
}

/// One class of the catalogue.
pub(crate) fn entry(card: &ClassCard, names: &Names) -> Entry {
    let (first, last) = card.days();
    let district = names.of_opt(Vocabulary::District, card.district.as_deref());
    let place = match (card.delivery.has_place(), card.place.is_empty()) {
        (false, _) => "线上".to_owned(),
        (true, true) => district,
        (true, false) => whereabouts(&district, &card.place),
    };
    let tags = [card.subject.name().to_owned(), card.delivery.name().to_owned()];
    let field = names.of_opt(Vocabulary::FocusField, card.field.as_deref());
    Entry::new(&card.title, &format!("/classes/{}", card.id))
        .state(phase_state(card.phase, card.free))
        .by(&card.provider_name)
        .fact(Icon::Calendar, &format::date_range(first, last))
        .fact(Icon::Ledger, &format::hours_with_unit(card.hours.get()))
        .fact(Icon::People, &seats(card))
        .fact(Icon::Money, &fee(card.fee))
        .fact(Icon::Place, &place)
        .tags(tags.into_iter().chain(Some(field).filter(|field| !field.is_empty())))
}

/// A place with its district before it, unless the address names the district itself.
pub(crate) fn whereabouts(district: &str, place: &str) -> String {
    let place = place.trim();
    // 徐汇·某路 names it as well; 长宁路 is a street, wherever it lies.
    let short = district.trim_end_matches('区').trim_end_matches('新');
    let after = place.strip_prefix(short).and_then(|rest| rest.chars().next());
    let named = place.contains(district) || after.is_some_and(|next| !next.is_alphanumeric());
    if district.is_empty() || named {
        place.to_owned()
    } else {
        format!("{district} {place}")
    }
}

fn seats(card: &ClassCard) -> String {
    match card.phase {
        Phase::Announced => format!("{} 起报名", format::moment(card.times.enrol_from.civil())),
        Phase::EnrolmentOpen if card.free > 0 => {
            format!(
                "余 {} / {} 个名额，{}截止",
                card.free,
                card.capacity,
                day(card.times.enrol_until)
            )
        }
        Phase::EnrolmentOpen => format!("名额已满，候补 {} 人", card.waiting),
        _ => format!("{} 个名额", card.capacity),
    }
}

/// The day of an instant; midnight belongs to the day that ends there.
pub(crate) fn day(at: Time) -> String {
    format::date(at.plus_seconds(-1).date())
}

/// What a person pays.
pub(crate) fn fee(fee: kernel::Money) -> String {
    if fee.get() == 0 {
        "免费".to_owned()
    } else {
        format::money(fee.get())
    }
}

/// Choices of a closed vocabulary.
pub(crate) fn choices<C: Code>(name: impl Fn(C) -> &'static str) -> Vec<Choice> {
    C::ALL
        .iter()
        .map(|value| Choice::new(value.code(), name(*value)))
        .collect()
}

/// Choices of a vocabulary of the policy, in its order.
pub(crate) async fn terms(ctx: &Ctx, vocabulary: Vocabulary) -> Result<Vec<Choice>> {
    let mut tx = ctx.db.read().await?;
    let terms = taxonomy::terms(&mut tx, vocabulary).await?;
    Ok(terms.iter().map(|term| Choice::new(&term.code, &term.name)).collect())
}

/// Names of codes.
pub(crate) async fn names(ctx: &Ctx) -> Result<Arc<Names>> {
    let mut tx = ctx.db.read().await?;
    taxonomy::names(&mut tx).await
}

#[cfg(test)]
mod tests {
    use super::whereabouts;

    #[test]
    fn the_district_is_said_once() {
        assert_eq!(whereabouts("闵行区", "莘松路1号"), "闵行区 莘松路1号");
        assert_eq!(whereabouts("闵行区", "闵行区莘松路1号"), "闵行区莘松路1号");
        assert_eq!(whereabouts("闵行区", "上海市闵行区莘松路1号"), "上海市闵行区莘松路1号");
        assert_eq!(whereabouts("徐汇区", "徐汇·演示路 1 号"), "徐汇·演示路 1 号");
        assert_eq!(whereabouts("浦东新区", "浦东 张江路1号"), "浦东 张江路1号");
        assert_eq!(whereabouts("长宁区", "长宁路1号"), "长宁区 长宁路1号");
        assert_eq!(whereabouts("", "莘松路1号"), "莘松路1号");
    }
}
