//! `GET /api/v2/botsessions/{sessionId}/variables`.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::faults::Route;
use super::log::Authorised;
use super::query::Query;
use super::rate::retry_after;
use super::sessions::{Item, Session};
use super::settings::Settings;
use super::state::Tenant;
use super::{bearer, fault_effect, paging};
use crate::problem::{Problem, json_response};
use crate::sync::lock;

pub(super) async fn read(
    State(tenant): State<Arc<Tenant>>,
    path: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let id = path.map(|Path(id)| id).ok();
    let fault = fault_effect::before(&tenant, Route::Variables, id.as_deref()).await;
    if let Some(answer) = fault.answer {
        return answer;
    }
    let grant = match bearer::authorise(&tenant, &headers) {
        Ok(grant) => grant,
        Err(problem) => return fault.after(problem.trace(tenant.trace_id()).into_response()),
    };
    let answer = match answer(&tenant, &grant.client, id.as_deref(), query.as_deref().unwrap_or_default()) {
        Ok(body) => json_response(StatusCode::OK, body),
        Err(problem) => problem.trace(tenant.trace_id()).into_response(),
    };
    let mut answer = fault.after(answer);
    answer.extensions_mut().insert(Authorised);
    answer
}

fn answer(tenant: &Tenant, client: &str, id: Option<&str>, query: &str) -> Result<String, Problem> {
    let settings = tenant.settings();
    admit(tenant, client, settings.requests_per_minute)?;
    let session = find(tenant, id)?;
    let invalid = |detail: &'static str| Problem::new(StatusCode::BAD_REQUEST, detail).code(1005);
    let query = Query::parse(query).map_err(invalid)?;
    let preset = settings.page_size.or_else(|| session.default_page_size()).unwrap_or(Settings::PAGE_SIZE);
    let window = paging::window(&session.id, &query, query.limit.unwrap_or(preset)).map_err(invalid)?;
    let items = session.read(window.start == 0);
    let chosen: Vec<&Item> = items.iter().filter(|item| query.filter.selects(item)).collect();
    let pagination = paging::pagination(settings.paging, &session.id, &query.filter, window, chosen.len());
    Ok(body(chosen.iter().skip(window.start).take(window.size), &pagination))
}

fn admit(tenant: &Tenant, client: &str, limit: usize) -> Result<(), Problem> {
    let now = tenant.clock.elapsed();
    lock(&tenant.rate).admit(client, limit, now).map_err(|wait| {
        let detail = format!("More than {limit} requests within a minute.");
        Problem::new(StatusCode::TOO_MANY_REQUESTS, detail).header(header::RETRY_AFTER, &retry_after(wait))
    })
}

fn find<'a>(tenant: &'a Tenant, id: Option<&str>) -> Result<&'a Session, Problem> {
    let id = id.ok_or_else(|| Problem::new(StatusCode::BAD_REQUEST, "The session id is not UTF-8.").code(1005))?;
    let session = tenant.catalog.get(id);
    let session = session.ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "There is no such session.").code(1002))?;
    if session.is_foreign() {
        return Err(Problem::new(StatusCode::FORBIDDEN, "The session belongs to another tenant."));
    }
    Ok(session)
}

fn body<'a>(items: impl Iterator<Item = &'a &'a Item>, pagination: &Value) -> String {
    let items: Vec<&str> = items.map(|item| item.json.as_str()).collect();
    format!(r#"{{"variables":[{}],"pagination":{pagination}}}"#, items.join(","))
}
