//! The bounds of a role as a form asks for them and reads them: department, district, or organisation by its code.
//!
//! Whoever grants within one body is not asked: the bounds are their own. The form offers what
//! `rules::identity::granting` says the actor may grant; the use case decides again.

use kernel::{Actor, Code as _, CreditCode, Error, Place, Result, Role};
use registry::identity::NewGrant;
use registry::{orgs, taxonomy, taxonomy::Vocabulary};
use rules::identity::granting::{self, Rank};
use rules::permits::Act;
use ui::{Choice, Field, Form};
use web::{Caller, Fields};

/// The fields that ask for a role and its bounds.
pub(super) async fn fields(caller: &Caller, form: Form) -> Result<Form> {
    let actor = &caller.ctx().actor;
    let roles: Vec<(Role, Rank)> = granting::grantable(actor).collect();
    let choices = roles.iter().map(|(role, rank)| {
        let name = if *rank == Rank::Administrator {
            format!("{}管理员", role.name())
        } else {
            role.name().to_owned()
        };
        Choice::new(role.code(), &name)
    });
    let mut form = form.field(Field::select("role", "角色", choices).required());
    if roles.iter().any(|(_, rank)| *rank == Rank::Any) {
        form = form.field(Field::tick("admin", "同时是管理员，可以建立和终止本单位工作人员的账号"));
    }
    let asks = |role: Role| roles.iter().any(|(granted, _)| *granted == role) && actor.role != role;
    let mut tx = caller.ctx().db.read().await?;
    for (role, name, label, vocabulary) in [
        (Role::Department, "department", "行业主管部门", Vocabulary::Department),
        (Role::District, "district", "区", Vocabulary::District),
    ] {
        if asks(role) {
            let terms = taxonomy::terms(&mut tx, vocabulary).await?;
            let choices = terms.iter().map(|term| Choice::new(&term.code, &term.name));
            let hint = format!("角色是“{}”时选择。", role.name());
            form = form.field(Field::select(name, label, choices).hint(&hint));
        }
    }
    if asks(Role::Employer) || asks(Role::Provider) {
        let hint = "角色是施教机构或用人单位的管理员时填写；机构须已在机构名册中登记。";
        form = form.field(Field::credit_code("org_code", "统一社会信用代码").hint(hint));
    }
    Ok(form)
}

/// Reads what was asked into a grant.
pub(super) async fn read(caller: &Caller, fields: &Fields) -> Result<NewGrant> {
    let actor = &caller.ctx().actor;
    let mut reader = fields.reader();
    let role: Option<Role> = reader.choice("role", "角色");
    let ticked = reader.ticked("admin");
    reader.finish()?;
    let role = role.ok_or(Error::NotFound)?;
    let only_admin = granting::grantable(actor).any(|(granted, rank)| granted == role && rank == Rank::Administrator);
    let (own, label) = place(caller, actor, role, fields).await?;
    Ok(NewGrant {
        role,
        admin: ticked || only_admin,
        own,
        label,
    })
}

async fn place(caller: &Caller, actor: &Actor, role: Role, fields: &Fields) -> Result<(Place, String)> {
    let mut tx = caller.ctx().db.read().await?;
    let own = |code: &Option<String>, field: &str| match code {
        Some(code) if actor.role == role => Some(code.clone()),
        _ => Some(fields.get(field).to_owned()).filter(|code| !code.is_empty()),
    };
    match role {
        Role::Department => {
            let code = own(&actor.own.department, "department");
            let label = named(&mut tx, Vocabulary::Department, code.as_deref()).await?;
            Ok((
                Place {
                    department: code,
                    ..Place::default()
                },
                label,
            ))
        }
        Role::District => {
            let code = own(&actor.own.district, "district");
            let label = named(&mut tx, Vocabulary::District, code.as_deref()).await?;
            Ok((
                Place {
                    district: code,
                    ..Place::default()
                },
                label,
            ))
        }
        Role::Provider | Role::Employer => {
            let org = match actor.own.org.filter(|_| actor.role == role) {
                Some(id) => orgs::load(&mut tx, id).await?,
                None => asked_org(caller, &mut tx, fields.get("org_code")).await?,
            };
            let serves = if role == Role::Provider {
                org.is_provider
            } else {
                org.is_employer
            };
            if !serves {
                let sentence = format!("{}没有登记为{}，请先在机构名册中修改。", org.name, role.name());
                return Err(Error::wrong("org_code", "grant.org_kind", sentence));
            }
            Ok((org.place(), org.name))
        }
        _ => Ok((Place::default(), String::new())),
    }
}

/// The name of a term; a code that is none leads to the sentence that asks for a choice.
async fn named(tx: &mut db::Tx, vocabulary: Vocabulary, code: Option<&str>) -> Result<String> {
    let Some(code) = code else { return Ok(String::new()) };
    let terms = taxonomy::terms(tx, vocabulary).await?;
    let field = if vocabulary == Vocabulary::District {
        "district"
    } else {
        "department"
    };
    let unknown = || Error::wrong(field, "grant.bounds", "请从列表中选择。");
    terms
        .into_iter()
        .find(|term| term.code == code)
        .map(|term| term.name)
        .ok_or_else(unknown)
}

/// The organisation with the typed code, if the actor may see it.
async fn asked_org(caller: &Caller, tx: &mut db::Tx, typed: &str) -> Result<orgs::Org> {
    if typed.is_empty() {
        return Err(Error::wrong(
            "org_code",
            "grant.bounds",
            "请填写机构的统一社会信用代码。",
        ));
    }
    let demo = caller.ctx().installation.demo;
    let wrong = || Error::wrong("org_code", "grant.org_code", "统一社会信用代码有误，请核对 18 位代码。");
    let code = CreditCode::parse(typed, demo).map_err(|_| wrong())?;
    let unknown = || {
        Error::wrong(
            "org_code",
            "grant.org_unknown",
            "您的范围内没有这个代码的机构，请先在机构名册中登记。",
        )
    };
    let org = orgs::find_by_code(tx, &code).await?.ok_or_else(unknown)?;
    caller.ctx().may(Act::ViewOrg, &org.place()).map_err(|_| unknown())?;
    Ok(org)
}
