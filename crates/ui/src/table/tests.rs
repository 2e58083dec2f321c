//! What a list keeps and says: filters in every link, counts, paging, escaping, empty states.

use super::*;
use crate::form::Choice;

fn table(query: &str) -> Table {
    let columns = [
        Column::main("name", "班次").sortable(),
        Column::number("hours", "学时").sortable(),
    ];
    let rows = [Row::new([Cell::link("<数据>", "/classes/1"), Cell::Hours(1_250)]).id(1)];
    Table::new("班次", TableModel::new(columns, rows))
        .address(Address::new("/classes", query))
        .filter(Filter::search("名称、编号"))
        .filter(Filter::select("field", "领域", [Choice::new("ai", "人工智能")]))
}

#[test]
fn sort_links_keep_filters_and_leave_the_page() {
    let html = table("q=a%26b&field=ai&after=zzz").to_string();
    assert!(
        html.contains("href=\"/classes?q=a%26b&#38;field=ai&#38;sort=name\""),
        "{html}"
    );
    let descending = table("sort=name").to_string();
    assert!(descending.contains("sort=-name") && descending.contains("aria-sort=\"ascending\""));
}

#[test]
fn paging_links_carry_opaque_cursors_and_filters() {
    let paging = Paging {
        total: Total::Exact(1_234),
        first: Some(51),
        previous: Some("a=b".to_owned()),
        next: Some("c&d".to_owned()),
    };
    let table = table("field=ai&after=old").paging(paging);
    assert_eq!(table.previous().as_deref(), Some("/classes?field=ai&before=a%3Db"));
    assert_eq!(table.next().as_deref(), Some("/classes?field=ai&after=c%26d"));
    assert_eq!(table.count_text(), "共 1,234 条，本页 51–51");
}

#[test]
fn counts_say_what_is_known() {
    let more = Paging {
        total: Total::MoreThan(10_000),
        ..Paging::default()
    };
    assert_eq!(table("").paging(more).count_text(), "超过 10,000 条，本页 1 条");
    let last = table("").paging(Paging::default());
    assert!(last.next().is_none() && last.previous().is_none());
    assert_eq!(last.count_text(), "本页 1 条");
}

#[test]
fn chips_read_in_words_and_can_be_taken_off() {
    let table = table("q=x&field=ai&tab=mine&after=c");
    let chips = table.chips();
    assert_eq!(chips[1].value, "人工智能");
    assert_eq!(chips[1].remove, "/classes?q=x&tab=mine");
    assert_eq!(table.cleared(), "/classes?tab=mine");
    assert_eq!(table.carried(), [("tab".to_owned(), "mine".to_owned())]);
}

#[test]
fn export_is_of_exactly_what_is_shown() {
    let html = table("field=ai&sort=-hours&after=c")
        .export("/classes/export.xlsx")
        .to_string();
    assert!(
        html.contains("/classes/export.xlsx?field=ai&#38;sort=-hours\"")
            || html.contains("/classes/export.xlsx?field=ai&amp;sort=-hours\"")
    );
}

#[test]
fn bulk_boxes_belong_to_their_form_and_name_their_row() {
    let html = table("")
        .bulk(Bulk::new("tok").act("通过", "/classes/approve"))
        .to_string();
    assert!(html.contains("form=\"list-bulk\"") && html.contains("formaction=\"/classes/approve\""));
    assert!(html.contains("name=\"id\" value=\"1\"") && html.contains("value=\"tok\""));
    assert!(html.contains("选择：&#60;数据&#62;"), "{html}");
}

#[test]
fn an_empty_list_says_what_to_do_next() {
    let bare = Table::new("班次", TableModel::new([Column::main("name", "班次")], []));
    let html = bare
        .clone()
        .when_empty("还没有班次。", Some(Action::link("发布班次", "/new")))
        .to_string();
    assert!(html.contains("还没有班次。") && html.contains("/new") && !html.contains("<table"));
    let filtered = bare
        .address(Address::new("/classes", "q=zz"))
        .filter(Filter::search("名称"))
        .to_string();
    assert!(filtered.contains("没有符合条件的记录") && filtered.contains("href=\"/classes\""));
}
