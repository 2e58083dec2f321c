//! The catalogue of published classes, as the public sees it, and one class with its sessions.

use axum::http::StatusCode;
use kernel::id::ClassRow;
use learning::courses::{self, CatalogueQuery, ClassCard, ClassView, Order, Session};
use rules::courses::class::Times;
use rules::courses::{Delivery, FeeSource, Phase};
use rules::credits::{ActivityForm, Subject};
use serde::Serialize;
use utoipa::ToSchema;
use web::{Gate, Key, Reply, Routes};

use crate::query::{Parameters, write_cursor};
use crate::reply::{answer, hours, page, yuan};
use crate::token::{Anyone, CatalogueScope};
use crate::vocabulary::{ActivityFormCode, DeliveryCode, FeeSourceCode, PhaseCode, SubjectCode};

/// The endpoints.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/catalogue", Gate::Public, "接口：查询班次目录", list)
        .get("/api/v1/catalogue/{id}", Gate::Public, "接口：查询一个班次", show)
}

/// 目录中的一个班次
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CatalogueClass {
    /// 班次的平台编号，用于其他接口
    id: String,
    /// 班次编号
    #[schema(example = "2026-P-000123")]
    number: String,
    /// 标题
    title: String,
    /// 科目
    #[schema(value_type = SubjectCode)]
    subject: Subject,
    /// 继续教育活动形式
    #[schema(value_type = ActivityFormCode)]
    form: ActivityForm,
    /// 授课方式
    #[schema(value_type = DeliveryCode)]
    delivery: Delivery,
    /// 聚焦领域的代码
    field: Option<String>,
    /// 所在区的六位代码
    #[schema(example = "310104")]
    district: Option<String>,
    /// 施教机构
    provider: String,
    /// 地点
    place: String,
    /// 目前所处阶段
    #[schema(value_type = PhaseCode)]
    phase: Phase,
    /// 报名开始
    #[schema(format = "date-time")]
    enrol_from: String,
    /// 报名截止
    #[schema(format = "date-time")]
    enrol_until: String,
    /// 第一次课开始
    #[schema(format = "date-time")]
    starts_at: String,
    /// 最后一次课结束
    #[schema(format = "date-time")]
    ends_at: String,
    /// 申报学时，十进制字符串
    #[schema(example = "7.5")]
    hours: String,
    /// 个人缴费，元，十进制字符串
    #[schema(example = "0.00")]
    fee: String,
    /// 名额
    capacity: i64,
    /// 剩余名额，含为基层一线保留的
    free: i64,
    /// 候补人数
    waiting: i64,
    /// 公众页面的地址
    href: String,
}

impl From<ClassCard> for CatalogueClass {
    fn from(card: ClassCard) -> Self {
        let times = Moments::from(&card.times);
        Self {
            id: card.id.to_string(),
            number: card.number,
            title: card.title,
            subject: card.subject,
            form: card.form,
            delivery: card.delivery,
            field: card.field,
            district: card.district,
            provider: card.provider_name,
            place: card.place,
            phase: card.phase,
            enrol_from: times.enrol_from,
            enrol_until: times.enrol_until,
            starts_at: times.starts_at,
            ends_at: times.ends_at,
            hours: hours(card.hours),
            fee: yuan(card.fee),
            capacity: card.capacity,
            free: card.free,
            waiting: card.waiting,
            href: format!("/classes/{}", card.id),
        }
    }
}

/// The times of a class, written.
struct Moments {
    enrol_from: String,
    enrol_until: String,
    starts_at: String,
    ends_at: String,
}

impl From<&Times> for Moments {
    fn from(times: &Times) -> Self {
        Self {
            enrol_from: times.enrol_from.rfc3339(),
            enrol_until: times.enrol_until.rfc3339(),
            starts_at: times.starts_at.rfc3339(),
            ends_at: times.ends_at.rfc3339(),
        }
    }
}

/// 目录的一页
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CataloguePage {
    /// 班次
    items: Vec<CatalogueClass>,
    /// 下一页的参数 after；没有下一页时为 null
    next: Option<String>,
}

/// 一个班次
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CatalogueClassDetail {
    /// 目录内容
    #[serde(flatten)]
    class: CatalogueClass,
    /// 课程
    course_title: String,
    /// 学时年度
    year: i32,
    /// 简介
    summary: String,
    /// 联系方式
    contact: String,
    /// 重点领域的代码
    key_area: Option<String>,
    /// 经费来源
    #[schema(value_type = FeeSourceCode)]
    fee_source: FeeSource,
    /// 为基层一线保留的名额
    reserved: i64,
    /// 报名条件；空列表表示不限
    eligibility: ClassEligibility,
    /// 课次
    sessions: Vec<ClassSession>,
}

/// 报名条件，均为代码
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClassEligibility {
    /// 职称级别
    title_levels: Vec<String>,
    /// 聚焦领域
    fields: Vec<String>,
    /// 单位所在区
    districts: Vec<String>,
    /// 行业主管部门
    departments: Vec<String>,
}

/// 一次课
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClassSession {
    /// 第几次，从 1 开始；报送结业结果时用它指明缺课
    position: i64,
    /// 内容
    title: String,
    /// 开始
    #[schema(format = "date-time")]
    starts_at: String,
    /// 结束
    #[schema(format = "date-time")]
    ends_at: String,
    /// 授课分钟数，已扣除休息
    taught_minutes: i64,
    /// 地点
    place: String,
    /// 教师
    teacher: String,
    /// 教师职称
    teacher_title: String,
}

impl From<Session> for ClassSession {
    fn from(session: Session) -> Self {
        let taught_minutes = session.plan.taught().get() / 60;
        Self {
            position: session.position,
            title: session.plan.title,
            starts_at: session.plan.starts_at.rfc3339(),
            ends_at: session.plan.ends_at.rfc3339(),
            taught_minutes,
            place: session.plan.place,
            teacher: session.plan.teacher,
            teacher_title: session.plan.teacher_title,
        }
    }
}

impl CatalogueClassDetail {
    fn new(view: ClassView, now: kernel::Time) -> kernel::Result<Self> {
        let class = view.class;
        // Whatever is public was published, and then it has all its times.
        let times = class.times().ok_or(kernel::Error::NotFound)?;
        let card = ClassCard {
            id: class.id,
            number: class.number.clone().unwrap_or_default(),
            title: class.plan.title.clone(),
            subject: class.subject,
            form: class.form,
            delivery: class.plan.delivery,
            field: class.field.clone(),
            district: class.district.clone(),
            provider_name: class.provider_name.clone(),
            place: class.plan.place.clone(),
            times,
            phase: class.phase(now),
            hours: class.plan.declared_hours,
            fee: class.plan.fee,
            capacity: class.plan.capacity,
            free: class.seats.free(),
            waiting: class.seats.waiting,
        };
        let plan = class.plan;
        Ok(Self {
            class: card.into(),
            course_title: view.course_title,
            year: plan.year,
            summary: plan.summary,
            contact: plan.contact,
            key_area: plan.key_area,
            fee_source: plan.fee_source,
            reserved: plan.reserved,
            eligibility: ClassEligibility {
                title_levels: plan.eligibility.title_levels,
                fields: plan.eligibility.fields,
                districts: plan.eligibility.districts,
                departments: plan.eligibility.departments,
            },
            sessions: view.sessions.into_iter().map(Into::into).collect(),
        })
    }
}

#[utoipa::path(
    get,
    path = "/api/v1/catalogue",
    operation_id = "list_catalogue",
    tag = "班次目录",
    summary = "查询班次目录",
    description = "已发布的班次。不给 year 时只列未结束的班次；给 year 时列该年度的全部班次，含已结业的。无需令牌。",
    params(
        ("q" = Option<String>, Query, description = "检索词：标题、领域、机构、教师、地点"),
        ("subject" = Option<String>, Query, description = "科目：public 或 professional"),
        ("delivery" = Option<String>, Query, description = "授课方式：offline、online 或 blended"),
        ("field" = Option<String>, Query, description = "聚焦领域的代码"),
        ("key_area" = Option<String>, Query, description = "重点领域的代码"),
        ("district" = Option<String>, Query, description = "所在区的六位代码"),
        ("open" = Option<bool>, Query, description = "true 时只列现在可以报名的"),
        ("year" = Option<i32>, Query, description = "学时年度"),
        ("sort" = Option<String>, Query, description = "排序：starts 开班时间（默认）、closes 报名截止、newest 最新发布"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "每页条数，默认 50"),
        ("after" = Option<String>, Query, description = "上一页返回的 next，原样传回"),
    ),
    responses((status = 200, description = "目录的一页", body = CataloguePage,
        headers(("Link" = String, description = "下一页的地址，rel=\"next\"")))),
    security((), ("token" = ["catalogue"])),
)]
pub(crate) async fn list(anyone: Anyone<CatalogueScope>, parameters: Parameters) -> Reply {
    let mut read = parameters.reader();
    let query = CatalogueQuery {
        words: read.text("q", 60),
        subject: read.choice("subject"),
        delivery: read.choice("delivery"),
        field: read.text("field", 40),
        key_area: read.text("key_area", 40),
        district: read.text("district", 6),
        open_only: read.flag("open"),
        year: read.year("year"),
    };
    let order = read.choice("sort").unwrap_or(Order::Starts);
    let sort = kernel::Code::code(order);
    let window = read.window(sort, order == Order::Newest);
    read.finish()?;
    let found = courses::search(anyone.ctx(), &query, &window).await?;
    let body = CataloguePage {
        items: found.rows.into_iter().map(Into::into).collect(),
        next: found.next.map(|cursor| write_cursor(sort, cursor)),
    };
    Ok(page(&body, body.next.as_deref(), &parameters)?)
}

#[utoipa::path(
    get,
    path = "/api/v1/catalogue/{id}",
    operation_id = "show_class",
    tag = "班次目录",
    summary = "查询一个班次",
    description = "已发布的班次，含课次和报名条件。无需令牌。",
    params(("id" = String, Path, description = "班次的平台编号")),
    responses((status = 200, description = "班次", body = CatalogueClassDetail)),
    security((), ("token" = ["catalogue"])),
)]
pub(crate) async fn show(anyone: Anyone<CatalogueScope>, key: Key<ClassRow>, parameters: Parameters) -> Reply {
    parameters.reader().finish()?;
    let view = courses::public(anyone.ctx(), key.0).await?;
    let body = CatalogueClassDetail::new(view, anyone.ctx().now())?;
    Ok(answer(StatusCode::OK, &body)?)
}
