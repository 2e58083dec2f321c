//! Public verification: by number, by QR code, by file; and the public keys. Nobody signs in here.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use oversight::credentials::title_checks::{self, Held, Standing};
use oversight::credentials::{self, Judgement, Logged, Verification};
use rules::credentials::{AnswerNumber, CredentialState};
use ui::parts::Verdict;
use ui::{Action, Alert, Cell, Details, Field, Form, Html, State as Label, Summary, Tone};
use web::{App, Caller, Gate, Listing, Reply, Routes, Upload};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("/verify", Gate::Public, "核验证书", ask)
        .post("/verify", Gate::Public, "按文件核验证书", by_file)
        .get("/.well-known/zhixin-keys.json", Gate::Public, "签名公钥", keys)
}

fn number_form(number: &str) -> Form {
    Form::get("/verify")
        .field(
            Field::text("n", "证书编号")
                .hint("形如 ZXC-2026-0000042-3，印在证书上；职称申报学时审核的编号以 ZXT 开头。")
                .max(40)
                .value(number)
                .required(),
        )
        .submit("按编号核验")
        .unguarded()
}

fn file_form(caller: &Caller) -> Form {
    Form::post("/verify", caller.csrf())
        .field(
            Field::file("file", "PDF 文件", ".pdf,.jws,application/pdf,application/jose")
                .hint("把下载的证书、证明 PDF 或审核结论（.jws）拖到这里。文件只用于核验，不保存。")
                .required(),
        )
        .submit("按文件核验")
        .unguarded()
}

fn show(caller: &Caller, number: &str, verdict: Option<Html>, wrong: Option<&str>) -> Reply {
    let page = caller
        .page("证书核验")
        .lead("核验本平台签发的继续教育证书和年度学时证明，无需登录。");
    let mut file = file_form(caller);
    if let Some(sentence) = wrong {
        file = file.errors([("file", sentence)]);
    }
    let warning = Alert::new(Tone::Warn, "谨防假冒网站").text(&format!(
        "请认准本平台地址 {}。其他网站给出的查询结果不能作为凭据。",
        caller.app().installation.public_url
    ));
    let offline = Details::new(
        "离线核验",
        Html::paragraphs([
            "用命令 zhixin verify 文件 可以在没有网络的电脑上核验；公钥见 /.well-known/zhixin-keys.json。",
        ]),
    );
    let body = verdict.unwrap_or_default();
    let body = body.and(&number_form(number)).and(&file).and(&warning).and(&offline);
    web::portal_page(page.failed(wrong.is_some()), body)
}

async fn ask(caller: Caller, listing: Listing) -> Reply {
    let Some(number) = listing.text("n") else {
        return show(&caller, "", None, None);
    };
    if let Some(answer) = AnswerNumber::parse(&number) {
        let verdict = match title_checks::standing(caller.ctx(), &answer).await {
            Ok(standing) => answer_verdict(&standing, Summary::new().fact("编号", Cell::text(answer.as_str()))),
            Err(kernel::Error::NotFound) => {
                Verdict::new(Label::CannotTell, "本平台没有出具过这个编号的审核结论，请核对编号。")
            }
            Err(error) => return Err(error.into()),
        };
        return show(&caller, &number, Some(Html::of(&verdict)), None);
    }
    let judgement = credentials::verify_number(caller.ctx(), &caller.app().press, &number, listing.get("s")).await?;
    show(&caller, &number, Some(verdict(&judgement)), None)
}

async fn by_file(caller: Caller, upload: Upload) -> Reply {
    let Some(file) = upload.file("file") else {
        return show(&caller, "", None, Some("请先选择要核验的 PDF 文件。"));
    };
    let bytes = file.bytes()?;
    if bytes.starts_with(b"eyJ") {
        let token = String::from_utf8_lossy(&bytes);
        let held = title_checks::verify(caller.ctx(), &caller.app().press, &token).await?;
        return show(&caller, "", Some(Html::of(&held_verdict(&held))), None);
    }
    let judgement = credentials::verify_file(caller.ctx(), &caller.app().press, &bytes).await?;
    show(&caller, "", Some(verdict(&judgement)), None)
}

fn verdict(judgement: &Judgement) -> Html {
    let verdict = match judgement {
        Judgement::Genuine(told) if told.proven => Verdict::new(Label::Genuine, "签名有效，内容未经改动，目前有效。")
            .facts(facts(told))
            .body(proof(told)),
        Judgement::Genuine(told) => Verdict::new(Label::Genuine, "本平台签发过这个编号的文书，目前有效。请逐项核对下面的内容与您手中的文书是否一致；要确认文件本身未被改动，请扫描二维码或核验 PDF 文件。")
            .facts(facts(told)),
        Judgement::Ended(told) => match &told.state {
            CredentialState::Superseded { by } => Verdict::new(Label::Superseded, &format!("这份证明已被新的证明 {by} 替代，请以新的为准。"))
                .facts(facts(told))
                .body(Html::of(&Action::link("核验新的证明", &format!("/verify?n={by}")))),
            CredentialState::Revoked { at, reason } => {
                Verdict::new(Label::Revoked, &format!("这份文书已于 {at} 撤销，不能作为凭据。原因：{reason}")).facts(facts(told))
            }
            CredentialState::Valid => Verdict::new(Label::CannotTell, "暂时无法判断，请稍后再试。"),
        },
        Judgement::Forged(sentence) => Verdict::new(Label::NotGenuine, &format!("{sentence}请勿采信。")),
        Judgement::Unknown(sentence) => Verdict::new(Label::CannotTell, sentence),
    };
    Html::of(&verdict)
}

/// What the file showed about the public log, in plain words.
fn proof(told: &Verification) -> Html {
    let sentence = match &told.logged {
        Logged::Unasked => return Html::default(),
        Logged::Absent => "入账证明：这份文件没有附入账证明（签发于学时公开账本启用之前）。签名有效，说明内容未经改动；需要入账证明的，请持有人登录后重新出具年度学时证明。".to_owned(),
        Logged::Proven { indexes, size } => {
            let which = match indexes.as_slice() {
                [one] => format!("这条学时是学时公开账本的第 {one} 号记录"),
                all => format!("所列 {} 条学时都在学时公开账本中", all.len()),
            };
            format!("入账证明：{which}，签发时账本共有 {size} 条记录；现在的账本仍以那时的账本开头，没有被改写。")
        }
    };
    Html::paragraphs([sentence.as_str()]).and(&Action::link("了解公开账本", "/log"))
}

/// A signed answer about the hours of an application for a title.
fn held_verdict(held: &Held) -> Verdict {
    match held {
        Held::Genuine(answer, standing) => {
            let facts = Summary::new()
                .fact("编号", Cell::text(answer.number.as_str()))
                .fact("类别", Cell::text("职称申报学时审核"))
                .fact("姓名", Cell::text(answer.person.name.as_str()))
                .fact("申报日期", Cell::text(answer.target.on.as_str()))
                .fact("结论", Cell::text(answer.sentence.as_str()));
            answer_verdict(standing, facts)
        }
        Held::Forged(sentence) => Verdict::new(Label::NotGenuine, &format!("{sentence}请勿采信。")),
        Held::Unknown(sentence) => Verdict::new(Label::CannotTell, sentence),
    }
}

fn answer_verdict(standing: &Standing, facts: Summary) -> Verdict {
    let facts = facts.fact("学时截至", Cell::Moment(standing.checked_at.civil()));
    let verdict = match &standing.revoked {
        None => Verdict::new(
            Label::Genuine,
            "本平台出具过这份审核结论，目前有效。学时以审核时为准；结论内容请核验签名文件。",
        ),
        Some((at, why)) => Verdict::new(
            Label::Revoked,
            &format!("这份审核结论已于 {at} 撤销，不能作为凭据。原因：{why}。"),
        ),
    };
    verdict.facts(facts)
}

/// What a stranger sees: the masked name, never more.
fn facts(told: &Verification) -> Summary {
    Summary::new()
        .fact("编号", Cell::text(told.number.as_str()))
        .fact("类别", Cell::text(told.kind.name()))
        .fact("姓名", Cell::text(told.holder.as_str()))
        .why("公开核验只显示部分姓名，请与文书上的全名对照。")
        .fact("事项", Cell::text(told.subject_line.as_str()))
        .fact("学时", Cell::Hours(told.hours.get()))
        .fact("学时年度", Cell::text(format!("{} 年", told.year)))
        .fact("签发时间", Cell::Moment(told.issued_at.civil()))
}

async fn keys(State(app): State<App>) -> Reply {
    let body = app.press.keys().to_json();
    Ok((
        [
            (header::CONTENT_TYPE, "application/jwk-set+json"),
            (header::CACHE_CONTROL, "public, max-age=3600"),
        ],
        body,
    )
        .into_response())
}
