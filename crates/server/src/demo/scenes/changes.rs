//! A class that was changed after it was published: another room and another teacher, with the reason that everybody with
//! a place was told. Deliberately absent: another time, which somebody might not be free at.

use kernel::Result;
use learning::courses::{self, Adjustment, ClassFilter};
use registry::Window;

use super::Stage;

pub(super) async fn play(stage: &Stage<'_>) -> Result<()> {
    let ctx = stage.acting("demo-provider", -1, 10);
    let filter = ClassFilter {
        words: Some("演示招生中".into()),
        ..ClassFilter::default()
    };
    let found = courses::classes(&ctx, &filter, &Window::first(1)).await?;
    let Some(class) = found.rows.first() else {
        return Ok(());
    };
    let view = courses::view(&ctx, class.id).await?;
    let mut sessions = std::collections::HashMap::new();
    for session in view.sessions.iter().take(1) {
        let mut plan = session.plan.clone();
        plan.place = "演示教学楼 B 座 301 教室".into();
        plan.teacher = "演示教师乙".into();
        sessions.insert(session.id, plan);
    }
    let to = Adjustment {
        contact: class.plan.contact.clone(),
        summary: class.plan.summary.clone(),
        place: class.plan.place.clone(),
        sessions,
        reason: "原教室检修，原定教师临时出差".into(),
    };
    courses::adjust(&ctx, class.id, view.class.version, &to).await
}
