//! `zhixin account create|token|list|end|reset`: accounts from the command line of the machine.
//!
//! An empty installation is started with `zhixin account create --role operator --login NAME`, which prints an
//! activation code; the operator, or a second `create --role lead`, appoints the first administrator of the lead, who
//! appoints all others on the staff page. No command takes or prints a password.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use kernel::{Code as _, Error, Place, Role};
use registry::identity::activation::ActivationCode;
use registry::identity::{NewGrant, accounts, staff, tokens};
use registry::{Ctx, Window};
use rules::identity::TokenScope;
use serde_json::json;

use crate::config::Config;

/// Arguments of `zhixin account`.
#[derive(Debug, Args)]
pub struct AccountArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 新建系统运维账号，或市级牵头部门的第一个管理员账号，并打印激活码
    Create {
        /// 角色：operator（系统运维）或 lead（市级牵头部门，仅在还没有管理员时）
        #[arg(long)]
        role: String,
        /// 登录名
        #[arg(long, value_name = "NAME")]
        login: String,
        /// 姓名或岗位；不填则与登录名相同
        #[arg(long, value_name = "TEXT")]
        name: Option<String>,
    },
    /// 为账号新建接口令牌并打印（只显示这一次）
    Token {
        /// 登录名
        #[arg(long, value_name = "LOGIN")]
        account: String,
        /// 用途，可写多个：verify catalogue statements roster completions
        #[arg(long, required = true, num_args = 1.., value_name = "SCOPE")]
        scope: Vec<String>,
        /// 名称，例如：人事系统
        #[arg(long, default_value = "命令行新建", value_name = "TEXT")]
        label: String,
    },
    /// 列出工作人员账号
    List,
    /// 终止账号，连同它的角色、会话和令牌
    End {
        /// 登录名
        #[arg(long, value_name = "NAME")]
        login: String,
        /// 原因，记入审计记录
        #[arg(long, default_value = "由系统运维在命令行终止", value_name = "TEXT")]
        reason: String,
    },
    /// 重新发放激活码，并解除登录暂停
    Reset {
        /// 登录名
        #[arg(long, value_name = "NAME")]
        login: String,
    },
}

/// Runs the command.
///
/// # Errors
/// What the use case refuses, as [`kernel::Error`], or a storage failure.
pub async fn run(args: AccountArgs, ctx: &Ctx, config: &Config, json: bool) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::Create { role, login, name } => {
            let code = create(ctx, &role, login, name).await?;
            print_code(&code, config, json);
        }
        Command::Token { account, scope, label } => {
            let token = token(ctx, &account, &scope, label).await?;
            if json {
                println!("{}", json!({ "token": token }));
            } else {
                println!("{token}");
                eprintln!("令牌只显示这一次，请立即保存。调用接口时放在请求头：Authorization: Bearer 令牌");
            }
        }
        Command::List => list(ctx, json).await?,
        Command::End { login, reason } => {
            staff::end_account(ctx, id_of(ctx, &login).await?, &reason).await?;
            if json {
                println!("{}", json!({ "ended": login }));
            } else {
                println!("账号 {login} 已终止。");
            }
        }
        Command::Reset { login } => {
            let code = staff::reissue(ctx, id_of(ctx, &login).await?).await?;
            print_code(&code, config, json);
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn create(ctx: &Ctx, role: &str, login: String, name: Option<String>) -> kernel::Result<ActivationCode> {
    let wrong = || {
        Error::wrong(
            "role",
            "role.unknown",
            "--role 应写成 operator 或 lead；其他角色的账号请登录后在“工作人员账号”页面新建。",
        )
    };
    let role = Role::from_code(role)
        .filter(|role| matches!(role, Role::Operator | Role::Lead))
        .ok_or_else(wrong)?;
    let display_name = name.unwrap_or_else(|| login.clone());
    // Both start something: an operator appoints operators, the first of the lead appoints everybody.
    let grant = NewGrant {
        role,
        admin: true,
        own: Place::default(),
        label: String::new(),
    };
    let (_, code) = staff::create(
        ctx,
        staff::NewStaff {
            login,
            display_name,
            grant,
        },
    )
    .await?;
    Ok(code)
}

fn print_code(code: &ActivationCode, config: &Config, json: bool) {
    let address = format!("{}/activate", config.public_url);
    if json {
        let expires_at = code.expires_at.rfc3339();
        println!(
            "{}",
            json!({ "login": code.login, "code": code.code, "address": address, "expires_at": expires_at })
        );
        return;
    }
    println!("登录名：{}", code.login);
    println!("激活码：{}", code.code);
    println!(
        "请在 {address} 输入激活码，设置密码。激活码只显示这一次，{} 之前有效。",
        code.expires_at
    );
}

async fn token(ctx: &Ctx, login: &str, scopes: &[String], label: String) -> kernel::Result<String> {
    let unknown = |text: &String| {
        let known: Vec<&str> = TokenScope::ALL.iter().map(|scope| scope.code()).collect();
        Error::wrong(
            "scope",
            "token.scope",
            format!("没有用途“{text}”，可写：{}。", known.join("、")),
        )
    };
    let read = |text: &String| TokenScope::from_code(text).ok_or_else(|| unknown(text));
    let scopes = scopes.iter().map(read).collect::<kernel::Result<Vec<_>>>()?;
    tokens::create(
        ctx,
        tokens::NewToken {
            account: id_of(ctx, login).await?,
            grant: None,
            label,
            scopes,
        },
    )
    .await
}

async fn id_of(ctx: &Ctx, login: &str) -> kernel::Result<kernel::id::AccountId> {
    let mut tx = ctx.db.read().await?;
    let found = accounts::find_by_login(&mut tx, login).await?;
    let unknown = || Error::wrong("login", "login.unknown", format!("没有登录名为“{login}”的账号。"));
    found.map(|account| account.id).ok_or_else(unknown)
}

/// Rows fetched at once.
const STEP: u32 = 500;

async fn list(ctx: &Ctx, json: bool) -> kernel::Result<()> {
    let filter = staff::Filter::default();
    let mut window = Window::sorted("login", false, STEP);
    loop {
        let page = staff::list(ctx, &filter, &window).await?;
        for line in &page.rows {
            let role = registry::identity::sessions::grant_label(line.role, line.admin, &line.label);
            if json {
                let row = json!({ "login": line.login, "name": line.display_name, "role": line.role, "admin": line.admin, "bounds": line.label, "status": line.status });
                println!("{row}");
            } else {
                println!("{}\t{}\t{role}\t{}", line.login, line.display_name, line.status);
            }
        }
        match page.next {
            Some(next) => window = window.from(next),
            None => return Ok(()),
        }
    }
}
