//! What the review gives back, and the plan that is proposed from it.
//!
//! the plan takes the first of the ranking, as many as the call has places; where a tie crosses the border nobody is drawn,
//! those who decide break the tie first. Whoever reviews, by whatever engine, hands over a list of [`Ranked`].
//! Deliberately absent: how scores come about.

use kernel::{Error, Result, id::DeclarationId};

/// One declaration in a ranking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// Which.
    pub declaration: DeclarationId,
    /// Its place from 1; equal ones share a place.
    pub place: u32,
    /// Its score in hundredths.
    pub score: i64,
    /// What is to be said of it: host priority, panel minutes.
    pub note: String,
}

/// A ranking of exactly these declarations.
///
/// # Errors
/// `ranking.incomplete` when one is missing, is there twice or does not belong to it; `ranking.order` when a better score stands
/// behind a worse one.
pub fn checked(mut ranked: Vec<Ranked>, reviewed: &[DeclarationId]) -> Result<Vec<Ranked>> {
    ranked.sort_by_key(|one| (one.place, one.declaration));
    let mut theirs: Vec<DeclarationId> = ranked.iter().map(|one| one.declaration).collect();
    let mut ours = reviewed.to_vec();
    theirs.sort_unstable();
    ours.sort_unstable();
    if theirs != ours {
        return Err(Error::refused_by(
            "R-92",
            "ranking.incomplete",
            format!(
                "评审结果应恰好包含正在评审的 {} 件申报，现在是 {} 件，请核对缺少或多余的。",
                ours.len(),
                theirs.len()
            ),
        ));
    }
    let ordered = ranked.windows(2).all(|pair| pair[0].score >= pair[1].score);
    if !ordered {
        return Err(Error::refused_by("R-92", "ranking.order", "名次与得分不一致，请核对。"));
    }
    Ok(ranked)
}

/// Places by score, equal scores sharing a place: 1, 2, 2, 4.
#[must_use]
pub fn by_score(mut scores: Vec<(DeclarationId, i64, String)>) -> Vec<Ranked> {
    scores.sort_by_key(|(declaration, score, _)| (-score, *declaration));
    let mut ranked: Vec<Ranked> = Vec::with_capacity(scores.len());
    for (number, (declaration, score, note)) in (1..).zip(scores) {
        let place = match ranked.last() {
            Some(last) if last.score == score => last.place,
            _ => number,
        };
        ranked.push(Ranked {
            declaration,
            place,
            score,
            note,
        });
    }
    ranked
}

/// Who is proposed: the first `places` of the ranking.
///
/// # Errors
/// `ranking.tie` when a tie crosses the border.
pub fn select(ranked: &[Ranked], places: u32) -> Result<Vec<DeclarationId>> {
    let places = places as usize;
    if let (Some(last), Some(next)) = (places.checked_sub(1).and_then(|at| ranked.get(at)), ranked.get(places))
        && last.place == next.place
    {
        return Err(Error::refused_by(
            "R-92",
            "ranking.tie",
            format!(
                "第 {} 名并列，计划数 {places} 个正好在并列处，请先集体讨论分出先后（写入得分或说明），或调整计划数。",
                last.place
            ),
        ));
    }
    Ok(ranked.iter().take(places).map(|one| one.declaration).collect())
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    fn scored(scores: &[i64]) -> Vec<Ranked> {
        by_score(
            (1..)
                .zip(scores)
                .map(|(id, score)| (Id::new(id), *score, String::new()))
                .collect(),
        )
    }

    #[test]
    fn equal_scores_share_a_place() {
        let places: Vec<u32> = scored(&[80, 90, 90, 70]).iter().map(|one| one.place).collect();
        assert_eq!(places, [1, 1, 3, 4]);
    }

    #[test]
    fn r92_a_tie_at_the_border_is_decided_by_people() {
        let ranked = scored(&[90, 80, 80]);
        assert_eq!(select(&ranked, 1).unwrap(), [Id::new(1)]);
        assert!(matches!(
            select(&ranked, 2),
            Err(Error::Refused {
                code: "ranking.tie",
                ..
            })
        ));
        assert_eq!(select(&ranked, 3).unwrap().len(), 3);
        assert_eq!(select(&ranked, 9).unwrap().len(), 3);
        assert!(select(&ranked, 0).unwrap().is_empty());
    }

    #[test]
    fn r92_a_ranking_is_of_exactly_what_was_reviewed() {
        let ids = [Id::new(1), Id::new(2)];
        assert!(checked(scored(&[5, 6]), &ids).is_ok());
        assert!(checked(scored(&[5]), &ids).is_err());
        assert!(checked(scored(&[5, 6, 7]), &ids).is_err());
        let mut twisted = scored(&[5, 6]);
        twisted[0].place = 2;
        twisted[1].place = 1;
        assert!(checked(twisted, &ids).is_err());
    }

    proptest::proptest! {
        /// Nobody is proposed before somebody with a better score.
        #[test]
        fn r92_the_better_score_is_never_left_out(scores in proptest::collection::vec(0_i64..8, 1..20), places in 1_u32..20) {
            let ranked = scored(&scores);
            if let Ok(chosen) = select(&ranked, places) {
                let worst = ranked.iter().filter(|one| chosen.contains(&one.declaration)).map(|one| one.score).min();
                let best = ranked.iter().filter(|one| !chosen.contains(&one.declaration)).map(|one| one.score).max();
                if let (Some(worst), Some(best)) = (worst, best) {
                    proptest::prop_assert!(worst > best);
                }
            }
        }
    }
}
