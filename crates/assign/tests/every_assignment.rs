//! Small problems of every kind, against all assignments that there are.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use assign::{
    Answer, Declaration, Doubt, Expert, Group, Load, Mix, Outcome, Pair, Problem, Relief, Shortage, Violation, check,
    solve, verify, verify_impossible,
};
use proptest::prelude::*;

/// What a problem is made of, so that a failing one can be read.
#[derive(Debug, Clone)]
struct Parts {
    seed: u64,
    experts: Vec<(u32, u32, u8)>,
    declarations: Vec<(u32, Vec<(u32, u32)>)>,
    /// A fit and what else is said of the pair, declaration by declaration.
    pairs: Vec<(Option<i64>, u8)>,
}

const GROUPS: u8 = 2;
const CONFLICT: u8 = 0;
const VETO: u8 = 1;
const FIXED: u8 = 2;

fn parts() -> impl Strategy<Value = Parts> {
    let expert = (0..6_u32, 0..3_u32, 0..=GROUPS).prop_map(|(min, more, group)| (min / 4, min / 4 + more, group));
    let mix = (0..4_u32, 0..3_u32).prop_map(|(min, more)| (min / 2, min / 2 + more));
    let declaration = (0..4_u32, prop::collection::vec(mix, 0..=GROUPS as usize));
    let fit = prop_oneof![1 => Just(None), 6 => (-3..4_i64).prop_map(Some)];
    let all = (
        prop::collection::vec(expert, 2..5),
        prop::collection::vec(declaration, 1..4),
        any::<u64>(),
    );
    all.prop_flat_map(move |(experts, declarations, seed)| {
        let pairs = prop::collection::vec((fit.clone(), 0..16_u8), experts.len() * declarations.len());
        pairs.prop_map(move |pairs| Parts {
            seed,
            experts: experts.clone(),
            declarations: declarations.clone(),
            pairs,
        })
    })
}

fn all_pairs(parts: &Parts) -> Vec<Pair> {
    let experts = 0..u32::try_from(parts.experts.len()).unwrap();
    let declarations = 0..u32::try_from(parts.declarations.len()).unwrap();
    declarations
        .flat_map(|declaration| {
            experts
                .clone()
                .map(move |expert| (Declaration(declaration), Expert(expert)))
        })
        .collect()
}

fn problem(parts: &Parts) -> Problem {
    let mut problem = Problem::new(parts.seed);
    let groups: Vec<Group> = (0..GROUPS).map(|_| problem.group()).collect();
    for &(min, max, group) in &parts.experts {
        let group = groups.get(usize::from(group)).copied();
        problem.expert(Load { min, max }, group).unwrap();
    }
    for (reviews, mixes) in &parts.declarations {
        let mixes = mixes.iter().zip(&groups);
        let mixes: Vec<Mix> = mixes.map(|(&(min, max), &group)| Mix { group, min, max }).collect();
        problem.declaration(*reviews, &mixes).unwrap();
    }
    for ((declaration, expert), (fit, said)) in all_pairs(parts).into_iter().zip(&parts.pairs) {
        if let Some(fit) = fit {
            problem.fit(declaration, expert, *fit).unwrap();
        }
        match *said {
            CONFLICT => problem.conflict(declaration, expert).unwrap(),
            VETO => problem.veto(declaration, expert).unwrap(),
            FIXED => problem.fix(declaration, expert).unwrap(),
            _ => {}
        }
    }
    problem
}

/// Every assignment that breaks nothing, as places among all pairs.
fn kept(parts: &Parts) -> Vec<Vec<usize>> {
    let (problem, pairs) = (problem(parts), all_pairs(parts));
    let needed: u32 = parts.declarations.iter().map(|(reviews, _)| reviews).sum();
    let full = (0..1_u32 << pairs.len()).filter(|subset| subset.count_ones() == needed);
    let places = full.map(|subset| {
        (0..pairs.len())
            .filter(|bit| subset >> bit & 1 == 1)
            .collect::<Vec<usize>>()
    });
    let named = |places: &[usize]| places.iter().map(|at| pairs[*at]).collect::<Vec<Pair>>();
    places
        .filter(|places| check(&problem, &named(places)).is_empty())
        .collect()
}

/// Worst fit of the freely chosen pairs and total fit of all, of the best of them.
fn every(parts: &Parts) -> Option<(Option<i64>, i128)> {
    let rated = kept(parts).into_iter().map(|places| {
        let free = places.iter().filter(|at| parts.pairs[**at].1 != FIXED);
        let worst = free.filter_map(|at| parts.pairs[*at].0).min();
        let total: i128 = places.iter().filter_map(|at| parts.pairs[*at].0).map(i128::from).sum();
        // No free pair at all is the best of all worst fits.
        (worst.unwrap_or(i64::MAX), total)
    });
    rated
        .max()
        .map(|(worst, total)| ((worst < i64::MAX).then_some(worst), total))
}

fn answer(outcome: Outcome) -> Option<Answer> {
    match outcome {
        Outcome::Assigned(answer) => Some(answer),
        _ => None,
    }
}

fn shortage(outcome: Outcome) -> Option<Shortage> {
    match outcome {
        Outcome::Short(shortage) => Some(shortage),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 400 } else { 6000 }))]

    #[test]
    fn the_answer_is_the_best_of_all_assignments(parts in parts()) {
        let problem = problem(&parts);
        let found = answer(solve(&problem).unwrap());
        prop_assert_eq!(found.as_ref().map(|answer| (answer.worst, answer.total)), every(&parts));
        if let Some(answer) = found {
            prop_assert_eq!(verify(&problem, &answer), Ok(()));
        }
    }

    #[test]
    fn an_answer_that_was_tampered_with_is_doubted(parts in parts(), at in any::<prop::sample::Index>(), by in 1..3_i64) {
        let problem = problem(&parts);
        let Some(answer) = answer(solve(&problem).unwrap()) else { return Ok(()) };
        let doubted = |change: &dyn Fn(&mut Answer)| {
            let mut changed = answer.clone();
            change(&mut changed);
            verify(&problem, &changed).is_err()
        };
        prop_assert!(doubted(&|answer| answer.seed ^= 1));
        prop_assert!(doubted(&|answer| answer.total += i128::from(by)));
        prop_assert!(doubted(&|answer| answer.prices.experts.truncate(1)));
        if let Some(worst) = answer.worst {
            // The stated worst fit is the proven one, neither higher nor lower.
            prop_assert!(doubted(&|answer| answer.worst = Some(worst + by)));
            prop_assert!(doubted(&|answer| answer.worst = Some(worst - by)));
        }
        if !answer.pairs.is_empty() {
            let pair = at.get(&answer.pairs);
            prop_assert!(doubted(&|answer| answer.pairs.retain(|other| other != pair)));
            prop_assert!(doubted(&|answer| answer.pairs.push(*pair)));
        }
    }

    #[test]
    fn any_other_assignment_fails_the_proof_of_the_best(parts in parts(), at in any::<prop::sample::Index>()) {
        let problem = problem(&parts);
        let Some(best) = answer(solve(&problem).unwrap()) else { return Ok(()) };
        let pairs = all_pairs(&parts);
        let all = kept(&parts);
        let subset = at.get(&all);
        let other: Vec<Pair> = subset.iter().map(|at| pairs[*at]).collect();
        let total = subset.iter().filter_map(|at| parts.pairs[*at].0).map(i128::from).sum();
        if other != best.pairs {
            let claimed = Answer { pairs: other, total, ..best };
            prop_assert!(verify(&problem, &claimed).is_err());
        }
    }

    #[test]
    fn a_shortage_is_true_and_its_reliefs_help(parts in parts()) {
        let problem = problem(&parts);
        let Some(shortage) = shortage(solve(&problem).unwrap()) else { return Ok(()) };
        prop_assert!(every(&parts).is_none());
        prop_assert_eq!(verify_impossible(&problem, &shortage), Ok(()));
        prop_assert!(shortage.missing > 0 && !shortage.reliefs.is_empty());
        let relieved = problem.relieved(&shortage.reliefs);
        let helped = answer(solve(&relieved).unwrap());
        prop_assert!(helped.is_some(), "{:?}", shortage);
        prop_assert_eq!(verify(&relieved, &helped.unwrap()), Ok(()));
    }

    #[test]
    fn no_relief_is_superfluous(parts in parts()) {
        let problem = problem(&parts);
        let Some(shortage) = shortage(solve(&problem).unwrap()) else { return Ok(()) };
        for at in 0..shortage.reliefs.len() {
            let mut fewer = shortage.reliefs.clone();
            fewer.remove(at);
            prop_assert!(answer(solve(&problem.relieved(&fewer)).unwrap()).is_none(), "{:?}", shortage.reliefs);
        }
    }

    #[test]
    fn the_seed_alone_breaks_ties(parts in parts(), seed in any::<u64>()) {
        let again = answer(solve(&problem(&parts)).unwrap());
        prop_assert_eq!(&again, &answer(solve(&problem(&parts)).unwrap()));
        let other = answer(solve(&problem(&Parts { seed, ..parts.clone() })).unwrap());
        let what = |answer: Option<Answer>| answer.map(|answer| (answer.worst, answer.total));
        prop_assert_eq!(what(again), what(other));
    }
}

/// Too large for all assignments, so large that not every pair takes part from the beginning: the proof must do.
fn larger(seed: u64, spare: u32, mixed: bool) -> Problem {
    let mut problem = Problem::new(seed);
    let practice = problem.group();
    for number in 0..60 {
        let group = (number % 3 == 0).then_some(practice);
        problem
            .expert(
                Load {
                    min: number % 2,
                    max: 2 + spare,
                },
                group,
            )
            .unwrap();
    }
    let mix = [Mix {
        group: practice,
        min: 1,
        max: 2,
    }];
    let mut draw = seed | 1;
    for number in 0..30 {
        let declaration = problem.declaration(4, if mixed { &mix } else { &[] }).unwrap();
        for expert in (0..60).map(Expert) {
            draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let liked = i64::from(expert.0 % 7) * 10;
            let fit = i64::try_from(draw >> 58).unwrap() + liked;
            // Of the last one nobody knows much: its fits let all other pairs stay open.
            problem
                .fit(declaration, expert, if number == 29 { fit / 20 } else { fit })
                .unwrap();
            if draw >> 40 & 63 == 0 {
                problem.conflict(declaration, expert).unwrap();
            }
        }
    }
    problem
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 20 } else { 200 }))]

    #[test]
    fn a_larger_answer_proves_itself(seed in any::<u64>(), spare in 0..3_u32, mixed in any::<bool>()) {
        let problem = larger(seed, spare, mixed);
        match solve(&problem).unwrap() {
            Outcome::Assigned(answer) => prop_assert_eq!(verify(&problem, &answer), Ok(())),
            Outcome::Short(shortage) => prop_assert_eq!(verify_impossible(&problem, &shortage), Ok(())),
            Outcome::Contradicted(violations) => prop_assert_eq!(violations, []),
        }
    }
}

fn two_experts_for_two() -> (Problem, [Declaration; 2], [Expert; 2]) {
    let mut problem = Problem::new(7);
    let experts = [0; 2].map(|_| problem.expert(Load::up_to(1), None).unwrap());
    let declarations = [0; 2].map(|_| problem.declaration(1, &[]).unwrap());
    for (at, declaration) in declarations.into_iter().enumerate() {
        for (other, expert) in experts.into_iter().enumerate() {
            let fit = [[9, 5], [8, 1]][at][other];
            problem.fit(declaration, expert, fit).unwrap();
        }
    }
    (problem, declarations, experts)
}

#[test]
fn the_worst_fit_comes_before_the_total() {
    let (problem, [first, second], [one, two]) = two_experts_for_two();
    let answer = answer(solve(&problem).unwrap()).unwrap();
    assert_eq!(answer.pairs, [(first, two), (second, one)]);
    assert_eq!((answer.worst, answer.total), (Some(5), 13));
}

#[test]
fn a_pair_fixed_by_hand_does_not_hold_the_others_down() {
    let (mut problem, [first, second], [one, two]) = two_experts_for_two();
    problem.fix(second, two).unwrap();
    let answer = answer(solve(&problem).unwrap()).unwrap();
    assert_eq!(answer.pairs, [(first, one), (second, two)]);
    assert_eq!((answer.worst, answer.total), (Some(9), 10));
}

#[test]
fn a_lower_worst_fit_is_doubted_although_its_total_is_best() {
    let (mut problem, _, _) = two_experts_for_two();
    let mut other = answer(solve(&problem).unwrap()).unwrap();
    other.ceiling = None;
    assert_eq!(verify(&problem, &other), Err(Doubt::NotHighest));
    let (declaration, expert) = (Declaration(0), Expert(0));
    problem.veto(declaration, expert).unwrap();
    assert_eq!(verify(&problem, &other), Err(Doubt::NotHighest));
}

#[test]
fn a_shortage_names_the_declarations_the_experts_and_the_gentlest_help() {
    let (mut problem, [first, second], [one, two]) = two_experts_for_two();
    problem.conflict(first, two).unwrap();
    problem.veto(second, two).unwrap();
    let shortage = shortage(solve(&problem).unwrap()).unwrap();
    assert_eq!(
        (shortage.missing, &shortage.declarations[..]),
        (1, &[first, second][..])
    );
    assert_eq!(shortage.experts, [one]);
    let lift = Relief::LiftVeto {
        declaration: second,
        expert: two,
    };
    let more = Relief::MoreLoad { expert: one, by: 1 };
    assert!(
        shortage.reliefs == [lift] || shortage.reliefs == [more],
        "{:?}",
        shortage.reliefs
    );
}

#[test]
fn a_fixed_pair_in_conflict_is_a_contradiction() {
    let (mut problem, [first, _], [one, _]) = two_experts_for_two();
    problem.conflict(first, one).unwrap();
    problem.fix(first, one).unwrap();
    assert!(matches!(solve(&problem).unwrap(), Outcome::Contradicted(violations) if violations.len() == 1));
}

#[test]
fn whatever_does_not_hold_is_named() {
    let mut problem = Problem::new(1);
    let (practice, theory) = (problem.group(), problem.group());
    let experts = [
        (0, 1, practice),
        (0, 1, practice),
        (0, 2, practice),
        (2, 2, theory),
        (0, 1, theory),
    ];
    let [one, two, three, four, five] =
        experts.map(|(min, max, group)| problem.expert(Load { min, max }, Some(group)).unwrap());
    let mix = [
        Mix {
            group: practice,
            min: 0,
            max: 1,
        },
        Mix {
            group: theory,
            min: 1,
            max: 2,
        },
    ];
    let [first, second, third] = [2, 1, 1].map(|reviews| problem.declaration(reviews, &mix).unwrap());
    for (declaration, expert) in [
        (first, one),
        (first, two),
        (first, three),
        (second, one),
        (second, four),
    ] {
        problem.fit(declaration, expert, 1).unwrap();
    }
    problem.conflict(first, one).unwrap();
    problem.veto(first, two).unwrap();
    problem.fix(second, four).unwrap();
    let pairs = [
        (first, one),
        (first, two),
        (first, three),
        (first, three),
        (second, one),
        (third, five),
    ];
    let stranger = (Declaration(9), one);
    let found = check(&problem, &[&pairs[..], &[stranger]].concat());
    let expected = [
        Violation::Unknown {
            declaration: Declaration(9),
            expert: one,
        },
        Violation::TooManyReviews {
            declaration: first,
            given: 4,
            wanted: 2,
        },
        Violation::Twice {
            declaration: first,
            expert: three,
        },
        Violation::Conflict {
            declaration: first,
            expert: one,
        },
        Violation::Veto {
            declaration: first,
            expert: two,
        },
        Violation::MixAbove {
            declaration: first,
            group: practice,
            given: 4,
            max: 1,
        },
        Violation::MixBelow {
            declaration: first,
            group: theory,
            given: 0,
            min: 1,
        },
        Violation::FixedMissing {
            declaration: second,
            expert: four,
        },
        Violation::MixBelow {
            declaration: second,
            group: theory,
            given: 0,
            min: 1,
        },
        Violation::NoCandidate {
            declaration: third,
            expert: five,
        },
        Violation::Overload {
            expert: one,
            given: 2,
            max: 1,
        },
        Violation::Underload {
            expert: four,
            given: 0,
            min: 2,
        },
    ];
    assert_eq!(found, expected);
    let nothing = check(&problem, &[]);
    assert!(nothing.contains(&Violation::TooFewReviews {
        declaration: first,
        given: 0,
        wanted: 2
    }));
}
