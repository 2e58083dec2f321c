//! Merging two records of one person, and taking it back.

use kernel::{DocumentKind, id::PersonId, id::PersonRow};
use registry::people::{
    self, Person,
    merges::{self, Merge},
};
use rules::permits::Act;
use ui::{Action, Alert, Cell, Choice, Column, Field, Form, Html, Row, State, Table, TableModel, Tone};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, columns, redirect_saying, reform};

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::MergePeople);
    Routes::new()
        .list("/desk/people/merges", gate, "合并重复人员", list)
        .get("/desk/people/merges/new", gate, "合并两条人员记录", new)
        .post("/desk/people/merges/new", gate, "核对两条人员记录", compare)
        .post("/desk/people/merges/confirm", gate, "确认合并", confirm)
        .post("/desk/people/merges/{id}/undo", gate, "撤销合并", undo)
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let new = || Action::link("合并两条记录", "/desk/people/merges/new");
    let page = caller
        .page("重复人员")
        .lead("合并不改动任何学时和证书，可以随时撤销。")
        .action(new());
    let table = Table::new(
        "合并记录",
        columns([
            Column::tight("merged", "时间").sortable(),
            Column::main("survivor", "保留的记录"),
            Column::new("absorbed", "被合并的记录"),
            Column::new("reason", "理由"),
            Column::tight("by", "经办"),
            Column::tight("state", "状态"),
            Column::tight("deed", "操作"),
        ]),
    )
    .sorted_by("-merged")
    .when_empty("还没有合并过人员。", Some(new()));
    let row = |merge: &Merge| {
        let deed = Action::post("撤销", &format!("/desk/people/merges/{}/undo", merge.id), caller.csrf());
        Row::new([
            Cell::Moment(merge.merged_at.civil()),
            Cell::link("查看保留的人员", format!("/desk/people/{}", merge.survivor)),
            Cell::text(merge.was.as_str()),
            Cell::text(merge.reason.as_str()),
            Cell::text(merge.merged_by.as_str()),
            if merge.undone.is_some() {
                State::Reversed.into()
            } else {
                State::Merged.into()
            },
            if merge.undone.is_some() {
                Cell::Empty
            } else {
                Cell::Actions(vec![deed])
            },
        ])
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| merges::list(caller.ctx(), &window).await,
        row,
    )
    .await
}

fn form(caller: &Caller) -> Form {
    let number = |name: &str, label: &str| Field::identity(name, label).autocomplete("off").required();
    let kinds = || super::document_kinds();
    Form::post("/desk/people/merges/new", caller.csrf())
        .section("第一条记录")
        .field(
            Field::select("kind_a", "证件类型", kinds())
                .value("resident")
                .required(),
        )
        .field(number("number_a", "身份证件号码"))
        .section("第二条记录")
        .field(
            Field::select("kind_b", "证件类型", kinds())
                .value("resident")
                .required(),
        )
        .field(number("number_b", "身份证件号码"))
        .submit("核对两条记录")
        .cancel("/desk/people/merges")
        .unguarded()
}

fn form_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("合并两条记录")
        .lead("同一人因换证、先后使用不同证件而有两条记录时使用。")
        .crumb("重复人员", "/desk/people/merges");
    web::page(page.failed(form.failed()), Html::of(form))
}

async fn new(caller: Caller) -> Reply {
    form_page(&caller, &form(&caller))
}

async fn find(
    caller: &Caller,
    fields: &Fields,
    (kind, number): (&'static str, &'static str),
) -> kernel::Result<Person> {
    let mut reader = fields.reader();
    let of = reader
        .choice::<DocumentKind>(kind, "证件类型")
        .unwrap_or(DocumentKind::Resident);
    let text = reader.text(number, "身份证件号码", 1..=40);
    reader.finish()?;
    people::find(caller.ctx(), of, &text)
        .await
        .map_err(|error| match error {
            kernel::Error::NotFound => {
                kernel::Error::wrong(number, "person.unknown", "在您可见的范围内没有这个证件号码的人员。")
            }
            kernel::Error::Wrong(mut fields) => {
                // The faults of the number come under its own name; here there are two of them.
                fields.iter_mut().for_each(|field| field.field = number.into());
                kernel::Error::Wrong(fields)
            }
            other => other,
        })
}

async fn compare(caller: Caller, fields: Fields) -> Reply {
    let found = async {
        let one = find(&caller, &fields, ("kind_a", "number_a")).await?;
        let other = find(&caller, &fields, ("kind_b", "number_b")).await?;
        if one.id == other.id {
            return Err(kernel::Error::wrong(
                "number_b",
                "merge.same",
                "两个号码是同一条记录，无需合并。",
            ));
        }
        Ok((one, other))
    }
    .await;
    match found {
        Ok((one, other)) => confirm_page(&caller, (&one, &other), Vec::new(), &[]),
        Err(error) => reform(error, |errors| {
            form_page(&caller, &form(&caller).fill(fields.pairs()).errors(errors))
        }),
    }
}

fn confirm_page(
    caller: &Caller,
    (one, other): (&Person, &Person),
    errors: Vec<(String, String)>,
    typed: &[(String, String)],
) -> Reply {
    let head = [
        Column::main("what", "内容"),
        Column::new("a", "第一条"),
        Column::new("b", "第二条"),
    ];
    let line = |what: &str, of: &dyn Fn(&Person) -> String| {
        Row::new([Cell::text(what), Cell::text(of(one)), Cell::text(of(other))])
    };
    let rows = [
        line("姓名", &|p| p.name.clone()),
        line("证件", &|p| {
            format!("{} {}", p.document.kind().name(), p.document.masked())
        }),
        line("手机号码", &Person::masked_phone),
        line("职称", &|p| p.title_name.clone()),
        line("岗位", &|p| p.post.clone()),
        line("核验", &|p| p.standing.name().to_owned()),
        line("登记时间", &|p| ui::format::moment(p.created_at.civil())),
    ];
    let table = Table::new("两条记录", TableModel::new(head, rows)).id("compare");
    let keep = [
        Choice::new(&one.id.to_string(), "保留第一条"),
        Choice::new(&other.id.to_string(), "保留第二条"),
    ];
    let form = Form::post("/desk/people/merges/confirm", caller.csrf())
        .field(Field::hidden("a", &one.id.to_string()))
        .field(Field::hidden("b", &other.id.to_string()))
        .field(
            Field::radios("keep", "保留哪一条", keep)
                .hint("另一条并入它；学时、报名和证书都不改动，合并后一起显示。")
                .required(),
        )
        .field(
            Field::text("reason", "理由")
                .hint("写明依据，例如：户籍部门换号证明，编号……")
                .max(200)
                .required(),
        )
        .submit("确认合并")
        .cancel("/desk/people/merges");
    let ids = [
        ("a".to_owned(), one.id.to_string()),
        ("b".to_owned(), other.id.to_string()),
    ];
    let form = if typed.is_empty() {
        form
    } else {
        form.fill(ids.iter().chain(typed))
    }
    .errors(errors);
    let differs = !rules::people::same_name(&one.name, &other.name);
    let mut body = Html::of(&table);
    if differs {
        body = body.and(&Alert::new(Tone::Warn, "两条记录姓名不同").text("请确认有更名证明，并在理由中写明。"));
    }
    let page = caller
        .page("确认合并")
        .crumb("重复人员", "/desk/people/merges")
        .failed(form.failed());
    web::page(page, body.and(&form))
}

async fn confirm(caller: Caller, fields: Fields) -> Reply {
    let mut reader = fields.reader();
    let (one, other) = (
        reader.id::<PersonRow>("a", "第一条记录"),
        reader.id::<PersonRow>("b", "第二条记录"),
    );
    reader.finish()?;
    let (Some(one), Some(other)) = (one, other) else {
        return Err(kernel::Error::NotFound.into());
    };
    let result = async {
        let mut reader = fields.reader();
        let keep = reader.id::<PersonRow>("keep", "要保留的记录");
        let reason = reader.text("reason", "理由", 5..=200);
        reader.finish()?;
        let keep: PersonId = keep
            .filter(|keep| *keep == one || *keep == other)
            .ok_or(kernel::Error::NotFound)?;
        let absorbed = if keep == one { other } else { one };
        merges::merge(caller.ctx(), keep, absorbed, &reason).await?;
        Ok(keep)
    }
    .await;
    let error = match result {
        Ok(keep) => {
            return redirect_saying(
                &caller,
                &format!("/desk/people/{keep}"),
                "两条记录已合并，可在“重复人员”中撤销。",
            );
        }
        Err(error) => error,
    };
    let (one, _) = people::view(caller.ctx(), one).await?;
    let (other, _) = people::view(caller.ctx(), other).await?;
    reform(error, |errors| {
        confirm_page(&caller, (&one, &other), errors, fields.pairs())
    })
}

/// Marker of merges in addresses.
enum MergeRow {}

async fn undo(caller: Caller, Key(id): Key<MergeRow>) -> Reply {
    merges::undo(caller.ctx(), id.get(), "在重复人员列表中撤销").await?;
    redirect_saying(&caller, "/desk/people/merges", "合并已撤销，两条记录恢复原状。")
}
