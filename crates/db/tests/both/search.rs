//! Search finds what is there, on both engines alike.

use db::{Query, args};

const TITLES: [&str; 7] = [
    "云计算工程技术人员培训",
    "上云实务",
    "人工智能与Python入门",
    "计算云图",
    "大数据技术（第二期） 5G 应用",
    "ＰＹＴＨＯＮ数据分析",
    "it's a \"quoted\" title: AND OR NOT",
];

#[tokio::test(flavor = "multi_thread")]
async fn two_characters_one_character_and_latin_beginnings() {
    for engine in db::testing::engines() {
        let db = db::testing::fresh(engine).await;
        let mut tx = db.write().await.unwrap();
        let ddl = if db.is_postgres() {
            vec![
                "create table a (id bigint primary key, n bigint)",
                "create table a_text (id bigint primary key, tokens tsvector not null)",
                "create index a_text_tokens on a_text using gin (tokens)",
            ]
        } else {
            vec![
                "create table a (id integer primary key, n bigint)",
                "create virtual table a_text using fts5(tokens, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0')",
            ]
        };
        for sql in ddl {
            tx.exec(sql, &[]).await.unwrap();
        }
        for (id, title) in (1_i64..).zip(TITLES) {
            tx.exec("insert into a (id, n) values ($1, 0)", args![id])
                .await
                .unwrap();
            tx.index_text("a", id, "to be replaced").await.unwrap();
            tx.index_text("a", id, title).await.unwrap();
        }
        tx.commit().await.unwrap();
        let cases: [(&str, &[i64]); 13] = [
            ("培训", &[1]),
            ("计算", &[1, 4]),
            ("云计算", &[1]),
            ("云", &[1, 2, 4]),
            ("数据 技术", &[5]),
            ("pyth", &[3, 6]),
            ("Python 数据", &[6]),
            ("5g", &[5]),
            ("没有的词", &[]),
            ("replaced", &[]),
            ("quoted AND", &[7]),
            ("算云", &[4]),
            (" ，\" ", &[1, 2, 3, 4, 5, 6, 7]),
        ];
        for (words, want) in cases {
            let mut tx = db.read().await.unwrap();
            let query = Query::new("select k.id from a k where k.n = 0").and("k.id > {}", 0);
            let query = query
                .and_matches("a", "k", words)
                .and("k.id < {}", 100)
                .push(" order by k.id");
            assert_eq!(query.fetch::<i64>(&mut tx).await.unwrap(), want, "{words}");
            assert_eq!(query.count_up_to(&mut tx, 3).await.unwrap(), want.len().min(3) as u64);
        }
        let mut tx = db.write().await.unwrap();
        tx.unindex_text("a", 1).await.unwrap();
        let query = Query::new("select k.id from a k where 1 = 1").and_matches("a", "k", "培训");
        assert!(query.fetch::<i64>(&mut tx).await.unwrap().is_empty());
    }
}
