//! What is wrong with an edition of requirements. A draft with faults is not put to approval.

use kernel::{FieldError, Hours};

use super::{Demand, Edition, Traits, What};

const MOST: Hours = Hours::whole(10_000);
/// what the nation demands at least.
const NATION: Hours = Hours::whole(90);

impl Edition {
    /// Every fault, with the path of the figure as its field.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        for (at, demand) in self.demands.iter().enumerate() {
            let mut wrong = |part: &str, sentence: &str| {
                let sentence = format!("“{}”{sentence}", demand.name);
                faults.push(FieldError::new(
                    format!("demands.{at}.{part}"),
                    "edition.figure",
                    sentence,
                ));
            };
            if demand.code.trim().is_empty() || self.demands.iter().filter(|one| one.code == demand.code).count() > 1 {
                wrong("code", "的代码为空或与其他项重复。");
            }
            if demand.source.document.trim().is_empty() {
                wrong("source", "没有写明依据。");
            }
            if !(1..=10).contains(&demand.period.years()) {
                wrong("period", "的年数应在 1 到 10 之间。");
            }
            if figures_wrong(demand) {
                wrong(
                    "figures",
                    "的学时数不合理：应大于 0，不超过 10,000；各科目不超过总学时，必修不超过公需。",
                );
            }
        }
        let nation = self.demands.iter().any(|demand| {
            demand.is_of_the_year()
                && demand.audience.is_everybody()
                && demand
                    .figures
                    .iter()
                    .any(|figure| figure.what == What::Total && figure.least.figures().all(|hours| hours >= NATION))
        });
        if !nation {
            let sentence = "全体专业技术人员的年度总学时不得低于国家规定的 90 学时（人社部令第25号第八条）。";
            faults.push(FieldError::new("demands", "edition.nation", sentence));
        }
        faults
    }
}

fn figures_wrong(demand: &Demand) -> bool {
    let out_of_range = |hours: Hours| hours <= Hours::ZERO || hours > MOST;
    let of = |what| demand.least(what, &Traits::default());
    let (total, public) = (of(What::Total), of(What::Public));
    demand.figures.is_empty()
        || demand
            .figures
            .iter()
            .any(|figure| figure.least.figures().any(out_of_range))
        || (total > Hours::ZERO && public + of(What::Professional) > total)
        || (public > Hours::ZERO && of(What::Compulsory) > public)
}
