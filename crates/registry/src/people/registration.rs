//! Registering by oneself: document, name and telephone → one-time code → password → account; 未核验 until confirmed.
//!
//! ```text
//! start ──(notice with a code)──► finish ──► new person, unverified ──► task for the employer or the district
//!    │                              └─────► the record an employer imported is claimed, not made twice
//!    └─ known with an account, or another name ──(notice that says so)──► nothing
//! ```
//! The page answers the same in every case; what is so stands in the notice, which only the holder of the telephone
//! reads. A claim's code goes to the telephone on record where there is one. A record without a telephone can be
//! claimed by whoever knows name and number, so it is 未核验 again until the employer confirms.
//! Deliberately absent: a gateway of short messages. Notices are files in `DATA/outgoing`, which an operator's
//! program takes from there; they are never logged.

use db::Tx;
use kernel::{
    Code, CreditCode, DocumentKind, Error, FieldError, IdentityDocument, Place, Result, Role, id::OrgId, id::PersonId,
};
use rules::{
    identity::{NewGrant, Purpose, password},
    people::{self as decide, Standing},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Person, confirmer, draft, employments, find_by_document, load, store};
use crate::{
    Ctx,
    identity::{accounts, activation, codes},
    orgs, tasks,
    taxonomy::{self, Vocabulary},
};

/// How long a code is good, in seconds.
const CODE_SECONDS: i64 = 30 * 60;

/// What somebody says who registers.
#[derive(Debug, Clone)]
pub struct Registration {
    /// The name as typed.
    pub name: String,
    /// 证件类型.
    pub document_kind: DocumentKind,
    /// The number as typed.
    pub document_no: String,
    /// The telephone to which the code goes.
    pub phone: String,
    /// Code of the district where the person works.
    pub district: String,
    /// The employer's 统一社会信用代码, if the person knows it.
    pub credit_code: String,
    /// The address of the request, for the throttle.
    pub address: String,
}

/// What somebody says who has the code.
pub struct Completion {
    /// The code as typed.
    pub code: String,
    /// The login name; empty lets the platform choose one.
    pub login: String,
    /// The chosen password, twice.
    pub password: String,
    /// The second time.
    pub again: String,
    /// The address of the request, for the throttle.
    pub address: String,
}

/// What is kept beside a code until it is used.
#[derive(Debug, Serialize, Deserialize)]
struct Promise {
    name: String,
    kind: DocumentKind,
    number: String,
    phone: String,
    district: String,
    org: Option<OrgId>,
    /// The record that is claimed, if there is one.
    claims: Option<PersonId>,
    /// Whether the code went to the telephone on record.
    proven: bool,
}

/// The cause of the task that asks to confirm a person.
#[must_use]
pub fn cause(id: PersonId) -> String {
    format!("person.verify:{id}")
}

/// Takes a registration and delivers a notice; says nothing about who is known.
///
/// # Errors
/// Wrong with every faulty field; Refused after too many attempts.
pub async fn start(ctx: &Ctx, registration: &Registration) -> Result<()> {
    let (name, document, phone) = read(ctx, registration)?;
    codes::admit(ctx, &registration.address).await?;
    let mut tx = ctx.db.write().await?;
    let names = taxonomy::names(&mut tx).await?;
    taxonomy::check(&names, Vocabulary::District, "district", Some(&registration.district))
        .map_err(|error| Error::Wrong(vec![error]))?;
    let org = employer(ctx, &mut tx, &registration.credit_code).await?;
    let known = find_by_document(&mut tx, &document).await?;
    let mut promise = Promise {
        name,
        kind: document.kind(),
        number: document.number().to_owned(),
        phone,
        district: registration.district.clone(),
        org,
        claims: None,
        proven: false,
    };
    let text = match known {
        None => code_for(ctx, &mut tx, Purpose::Registration, &promise).await?,
        Some(known) if !decide::same_name(&known.name, &promise.name) => NAME_DIFFERS.to_owned(),
        Some(known) if accounts::find_by_person(&mut tx, known.id).await?.is_some() => HAS_ACCOUNT.to_owned(),
        Some(known) => {
            promise.claims = Some(known.id);
            promise.proven = !known.phone.is_empty();
            let typed = std::mem::replace(&mut promise.phone, known.phone.clone());
            if promise.phone.is_empty() {
                promise.phone = typed;
            }
            code_for(ctx, &mut tx, Purpose::Claim, &promise).await?
        }
    };
    let notice: kernel::Id<()> = tx.mint();
    tx.commit().await?;
    deliver(ctx, notice.get(), &promise.phone, &text)
}

const NAME_DIFFERS: &str = "您在知新平台提交了注册申请，但该证件号码已登记在另一姓名下，没有发放注册码。请核对姓名；仍有疑问请联系所在单位或所在区人社部门。";
const HAS_ACCOUNT: &str = "您在知新平台提交了注册申请，但您已有账号，请直接登录。忘记登录名或密码，请联系所在单位或所在区人社部门重新发放激活码。";

async fn code_for(ctx: &Ctx, tx: &mut Tx, purpose: Purpose, promise: &Promise) -> Result<String> {
    let body = serde_json::to_value(promise).map_err(Error::broken)?;
    let code = codes::issue(ctx, tx, purpose, None, body, CODE_SECONDS).await?;
    let minutes = CODE_SECONDS / 60;
    Ok(format!(
        "您正在知新平台注册，注册码：{code}，{minutes} 分钟内有效。非本人操作请忽略，不要把注册码告诉他人。"
    ))
}

/// Every fault of the form at once.
fn read(ctx: &Ctx, registration: &Registration) -> Result<(String, IdentityDocument, String)> {
    let name = decide::read_name("name", &registration.name);
    let (kind, number) = (registration.document_kind, &registration.document_no);
    let document = decide::read_document("document_no", kind, number, ctx.today(), ctx.installation.demo);
    let phone = match decide::read_phone("phone", &registration.phone) {
        Ok(phone) if phone.is_empty() => Err(FieldError::new(
            "phone",
            "phone.missing",
            "请填写手机号码，注册码将发到这个号码。",
        )),
        other => other,
    };
    let faults: Vec<FieldError> = [name.as_ref().err(), document.as_ref().err(), phone.as_ref().err()]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    match (name, document, phone) {
        (Ok(name), Ok(document), Ok(phone)) => Ok((name, document, phone)),
        _ => Err(Error::Wrong(faults)),
    }
}

async fn employer(ctx: &Ctx, tx: &mut Tx, code: &str) -> Result<Option<OrgId>> {
    if code.trim().is_empty() {
        return Ok(None);
    }
    let code: CreditCode = rules::orgs::read_code("credit_code", code, ctx.installation.demo)
        .map_err(|error| Error::Wrong(vec![error]))?;
    match orgs::find_by_code(tx, &code).await? {
        Some(org) if org.is_employer && org.status == orgs::OrgStatus::Active => Ok(Some(org.id)),
        _ => Err(Error::wrong(
            "credit_code",
            "registration.org",
            "平台上没有登记这个代码的用人单位。可以留空，由所在区人社部门核验。",
        )),
    }
}

/// Writes the notice where an operator's program takes it; readable by the platform's own user only.
fn deliver(ctx: &Ctx, id: i64, phone: &str, text: &str) -> Result<()> {
    use std::io::Write as _;
    let folder = ctx.installation.data.join("outgoing");
    std::fs::create_dir_all(&folder).map_err(Error::broken)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let at = ctx.now();
    let path = folder.join(format!("{}-{id}.txt", at.civil().format("%Y%m%d-%H%M%S")));
    let mut file = options.open(path).map_err(Error::broken)?;
    writeln!(file, "收件号码：{phone}\n时间：{at}\n{text}").map_err(Error::broken)
}

/// Uses the code: makes or claims the person's record, makes the account and sets its password. Returns the login.
///
/// # Errors
/// Wrong at `code`, `login`, `password` or `again`; Refused after too many unknown codes.
pub async fn finish(ctx: &Ctx, completion: &Completion) -> Result<String> {
    codes::admit(ctx, &completion.address).await?;
    let purpose = purpose_of(ctx, &completion.code).await?;
    password::check(&completion.password, &completion.again, completion.login.trim())?;
    let mut tx = ctx.db.write().await?;
    let redeemed = codes::redeem(ctx, &mut tx, purpose, &completion.code).await?;
    let promise: Promise = serde_json::from_value(redeemed.body).map_err(Error::broken)?;
    let person = match promise.claims {
        Some(id) => claim(ctx, &mut tx, id, &promise).await?,
        None => enter(ctx, &mut tx, &promise).await?,
    };
    let login = match completion.login.trim() {
        "" => accounts::free_login(&mut tx).await?,
        chosen => chosen.to_owned(),
    };
    let new = account_of(&mut tx, &person, &login).await?;
    let account = accounts::create(ctx, &mut tx, new).await?;
    let code = activation::issue(ctx, &mut tx, account).await?.code;
    tx.commit().await?;
    let given = activation::Activation {
        code,
        password: completion.password.clone(),
        again: completion.again.clone(),
        address: completion.address.clone(),
    };
    let login = activation::use_code(ctx, &given).await?;
    // Both attempts of this address were right: the one that asked for the code and this one.
    codes::succeeded(ctx, &completion.address).await?;
    codes::succeeded(ctx, &completion.address).await?;
    Ok(login)
}

async fn purpose_of(ctx: &Ctx, code: &str) -> Result<Purpose> {
    let mut tx = ctx.db.read().await?;
    match codes::look(ctx, &mut tx, Purpose::Claim, code).await {
        Ok(_) => Ok(Purpose::Claim),
        Err(_) => codes::look(ctx, &mut tx, Purpose::Registration, code)
            .await
            .map(|_| Purpose::Registration),
    }
}

/// The account of a professional, with the one role it begins with.
pub(super) async fn account_of(tx: &mut Tx, person: &Person, login: &str) -> Result<accounts::NewAccount> {
    let label = super::employer_name(tx, person).await?.unwrap_or_default();
    let own = Place {
        provider: None,
        ..person.place()
    };
    Ok(accounts::NewAccount {
        login: login.to_owned(),
        display_name: person.name.clone(),
        person: Some(person.id),
        grants: vec![NewGrant {
            role: Role::Learner,
            admin: false,
            own,
            label,
        }],
    })
}

/// A record that an employer imported becomes its person's own.
async fn claim(ctx: &Ctx, tx: &mut Tx, id: PersonId, promise: &Promise) -> Result<Person> {
    let before = load(tx, id).await?;
    if accounts::find_by_person(tx, before.id).await?.is_some() {
        return Err(Error::wrong(
            "code",
            "registration.claimed",
            "该人员已有账号，请直接登录。",
        ));
    }
    let standing = if promise.proven {
        before.standing.clone()
    } else {
        before.standing.clone().reopen()
    };
    let after = Person {
        standing,
        phone: promise.phone.clone(),
        ..before.clone()
    };
    store::save(tx, before.version, &after).await?;
    let change = (
        json!({ "standing": before.standing.code() }),
        json!({ "standing": after.standing.code() }),
    );
    ctx.audit(tx, "claim_person", after.subject(), change.0, change.1)
        .await?;
    if !after.standing.is_verified() {
        ask_to_verify(ctx, tx, &after).await?;
    }
    Ok(after)
}

/// Somebody whom nobody entered before; unverified.
async fn enter(ctx: &Ctx, tx: &mut Tx, promise: &Promise) -> Result<Person> {
    let document = IdentityDocument::stored(promise.kind, promise.number.clone());
    if find_by_document(tx, &document).await?.is_some() {
        return Err(Error::wrong(
            "code",
            "registration.known",
            "该证件号码刚刚被登记，请重新提交注册申请。",
        ));
    }
    let org = match promise.org {
        Some(id) => Some(orgs::load(tx, id).await?),
        None => None,
    };
    let blank = draft::blank(tx.mint(), org.as_ref(), ctx);
    let person = Person {
        name: promise.name.clone(),
        born: document.born(),
        document,
        phone: promise.phone.clone(),
        district: blank.district.clone().or_else(|| Some(promise.district.clone())),
        standing: Standing::Unverified,
        ..blank
    };
    store::insert(tx, &person).await?;
    if let Some(org) = person.org {
        employments::begin(tx, (person.id, org), "", ctx.today()).await?;
    }
    ctx.audit(tx, "register_person", person.subject(), Json::Null, person.audited())
        .await?;
    ask_to_verify(ctx, tx, &person).await?;
    Ok(person)
}

/// Asks whoever confirms at the person's place.
pub(super) async fn ask_to_verify(ctx: &Ctx, tx: &mut Tx, person: &Person) -> Result<()> {
    let role = confirmer(&person.place());
    let place = Place {
        person: None,
        ..person.place()
    };
    let task = tasks::NewTask {
        kind: "person.verify",
        title: format!("核验自行注册的人员：{}", person.masked_name()),
        href: format!("/desk/people/{}", person.id),
        role,
        place,
        cause: cause(person.id),
        due: None,
    };
    tasks::ask(ctx, tx, task).await
}

/// The kinds of documents, for choices.
#[must_use]
pub fn document_kinds() -> &'static [DocumentKind] {
    DocumentKind::ALL
}
