//! The deeds that move a call on: publish, pass on to the review, propose, take back, give notice, approve.

use kernel::id::CallRow;
use oversight::calls;
use rules::permits::Act;
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect_saying};

use super::shown;

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::EditCall);
    Routes::new()
        .post("/desk/calls/{id}/publish", gate, "发布征集通知", publish)
        .post("/desk/calls/{id}/begin-review", gate, "转入评审", begin_review)
        .post("/desk/calls/{id}/propose", gate, "拟定计划", propose)
        .post("/desk/calls/{id}/take-back", gate, "退回重新拟定", take_back)
        .post("/desk/calls/{id}/notice", gate, "开始公示", give_notice)
        .post(
            "/desk/calls/{id}/approve",
            Gate::Act(Act::ApproveCall),
            "批准年度计划",
            approve,
        )
}

async fn publish(caller: Caller, Key(id): Key<CallRow>, fields: Fields) -> Reply {
    calls::publish(caller.ctx(), id, shown::version(&fields)?).await?;
    redirect_saying(&caller, &format!("/desk/calls/{id}"), "征集通知已发布。")
}

async fn begin_review(caller: Caller, Key(id): Key<CallRow>, fields: Fields) -> Reply {
    calls::begin_review(caller.ctx(), id, shown::version(&fields)?).await?;
    redirect_saying(&caller, &format!("/desk/calls/{id}"), "已转入评审。")
}

async fn propose(caller: Caller, Key(id): Key<CallRow>, fields: Fields) -> Reply {
    calls::propose(caller.ctx(), id, shown::version(&fields)?).await?;
    redirect_saying(
        &caller,
        &format!("/desk/calls/{id}"),
        "已按排名拟定计划，请核对后公示。",
    )
}

async fn take_back(caller: Caller, Key(id): Key<CallRow>, fields: Fields) -> Reply {
    calls::take_back(caller.ctx(), id, shown::version(&fields)?).await?;
    redirect_saying(
        &caller,
        &format!("/desk/calls/{id}"),
        "已退回，可以重新登记得分、拟定计划。",
    )
}

async fn give_notice(caller: Caller, Key(id): Key<CallRow>, fields: Fields) -> Reply {
    calls::give_notice(caller.ctx(), id, shown::version(&fields)?).await?;
    redirect_saying(&caller, &format!("/desk/calls/{id}"), "公示已开始，公开页面已更新。")
}

async fn approve(caller: Caller, Key(id): Key<CallRow>, fields: Fields) -> Reply {
    let published = calls::approve(caller.ctx(), id, shown::version(&fields)?).await?;
    let said = if published {
        "已批准，年度项目计划已公布。"
    } else {
        "已批准，等待其他部门批准后公布。"
    };
    redirect_saying(&caller, &format!("/desk/calls/{id}"), said)
}
