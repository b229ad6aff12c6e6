//! All pages in all three forms: nothing lost, nothing twice, nothing out of order.

use std::collections::HashSet;

use axum::http::StatusCode;
use serde_json::Value;
use session_debugger_server::tenant::sessions::LARGE_SIZE;
use session_debugger_server::tenant::{Paging, Settings};

use crate::support::{SHOP, Stage};

const LARGE: &str = "/api/v2/botsessions/sess_large_10000/variables?includeSystem=true";

/// Where the next page is, as a client works it out.
fn next(path: &str, pagination: &Value) -> Option<String> {
    let mark = if path.contains('?') { '&' } else { '?' };
    if let Some(cursor) = pagination["nextCursor"].as_str() {
        return Some(format!("{path}{mark}next={cursor}"));
    }
    if let Some(link) = pagination["next"].as_str() {
        return Some(link.to_owned());
    }
    let (page, pages) = (pagination["page"].as_u64()?, pagination["pages"].as_u64()?);
    (page < pages).then(|| format!("{path}{mark}page={}", page + 1))
}

/// All elements of all pages, and how many pages there were.
async fn walk(stage: &Stage, path: &str) -> (Vec<Value>, usize) {
    let token = stage.token().await;
    let (mut items, mut pages, mut at) = (Vec::new(), 0, Some(path.to_owned()));
    while let Some(url) = at {
        let answer = stage.get(&token, &url).await;
        assert_eq!(answer.status, StatusCode::OK, "{url}");
        let json = answer.json();
        items.extend(json["variables"].as_array().unwrap().iter().cloned());
        pages += 1;
        assert!(pages <= 200, "the pages do not end");
        at = next(path, &json["pagination"]);
    }
    (items, pages)
}

fn stage(paging: Paging) -> Stage {
    Stage::with(Settings { paging, requests_per_minute: 1_000, ..Settings::default() })
}

#[tokio::test]
async fn every_form_gives_the_same_whole() {
    let (whole, one) = walk(&stage(Paging::Cursor), &format!("{SHOP}?includeSystem=true&limit=1000")).await;
    assert_eq!(one, 1);
    for paging in [Paging::Cursor, Paging::Link, Paging::Number] {
        for (limit, pages) in [(1, whole.len()), (7, whole.len().div_ceil(7)), (whole.len(), 1), (whole.len() - 1, 2)] {
            let (items, walked) = walk(&stage(paging), &format!("{SHOP}?includeSystem=true&limit={limit}")).await;
            assert_eq!((items == whole, walked), (true, pages), "{paging:?} by {limit}");
        }
    }
}

#[tokio::test]
async fn a_filter_holds_on_every_page() {
    for paging in [Paging::Cursor, Paging::Link, Paging::Number] {
        let (items, pages) = walk(&stage(paging), &format!("{SHOP}?scope=session&name=p&limit=2")).await;
        assert!(pages > 1 && items.iter().all(|item| item["name"].as_str().unwrap().starts_with('p')));
    }
}

#[tokio::test]
async fn the_large_session_comes_in_pages_of_a_thousand() {
    for paging in [Paging::Cursor, Paging::Link, Paging::Number] {
        let (items, pages) = walk(&stage(paging), LARGE).await;
        assert_eq!((items.len(), pages), (LARGE_SIZE, 10));
        let distinct: HashSet<(&str, &str)> =
            items.iter().map(|item| (item["name"].as_str().unwrap(), item["scope"].as_str().unwrap())).collect();
        assert_eq!(distinct.len(), LARGE_SIZE, "no variable comes twice");
    }
}

#[tokio::test]
async fn pages_have_a_hundred_elements_unless_told_otherwise() {
    let stage = Stage::new();
    let token = stage.token().await;
    assert_eq!(stage.get(&token, SHOP).await.names().len(), 100);
    stage.tenant.configure(Settings { page_size: Some(10), ..Settings::default() });
    assert_eq!(stage.get(&token, SHOP).await.names().len(), 10);
}

#[tokio::test]
async fn a_cursor_belongs_to_its_query() {
    let stage = Stage::new();
    let token = stage.token().await;
    let first = stage.get(&token, &format!("{SHOP}?scope=session&limit=5")).await.json();
    let cursor = first["pagination"]["nextCursor"].as_str().unwrap();
    let own = stage.get(&token, &format!("{SHOP}?scope=session&limit=5&next={cursor}")).await;
    assert_eq!(own.status, StatusCode::OK);
    for foreign in [format!("{SHOP}?scope=user&next={cursor}"), format!("{LARGE}&next={cursor}")] {
        assert_eq!(stage.get(&token, &foreign).await.status, StatusCode::BAD_REQUEST, "{foreign}");
    }
}

#[tokio::test]
async fn a_page_after_the_last_is_empty() {
    let stage = stage(Paging::Number);
    let token = stage.token().await;
    let answer = stage.get(&token, &format!("{SHOP}?page=99")).await;
    assert_eq!((answer.status, answer.names().len()), (StatusCode::OK, 0));
    let huge = stage.get(&token, &format!("{SHOP}?page=18446744073709551615")).await;
    assert_eq!((huge.status, huge.names().len()), (StatusCode::OK, 0));
}
