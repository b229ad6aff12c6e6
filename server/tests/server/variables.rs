//! The variables route: who may read, what a query selects, and how errors look.

use crate::support::{Answer, SHOP, Stage, TUTORIAL, request, send};

fn is_problem(answer: &Answer, status: u16, code: u64) {
    assert_eq!(answer.status.as_u16(), status);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let json = answer.json();
    assert_eq!((json["status"].as_u64(), json["code"].as_u64()), (Some(u64::from(status)), Some(code)));
    for member in ["title", "detail", "traceId"] {
        assert!(json[member].as_str().is_some_and(|text| !text.is_empty()), "{member}");
    }
}

#[tokio::test]
async fn refuses_without_a_good_token() {
    let stage = Stage::new();
    let bare = send(&stage.router, request("GET", SHOP, &[], "")).await;
    is_problem(&bare, 401, 401);
    assert!(!bare.header("www-authenticate").unwrap().contains("error"), "no token was shown, so none is invalid");
    let wrong = stage.get("made-up", SHOP).await;
    is_problem(&wrong, 401, 401);
    assert!(wrong.header("www-authenticate").unwrap().contains("error=\"invalid_token\""));
    let basic = send(&stage.router, request("GET", SHOP, &[("authorization", "Basic YTpi")], "")).await;
    is_problem(&basic, 401, 401);
}

#[tokio::test]
async fn names_the_scope_that_is_missing() {
    let stage = Stage::new();
    let token = stage.token_for("bot:read").await;
    let answer = stage.get(&token, SHOP).await;
    is_problem(&answer, 403, 403);
    let challenge = answer.header("www-authenticate").unwrap();
    assert!(challenge.contains("insufficient_scope") && challenge.contains("variable:read"));
}

#[tokio::test]
async fn tells_foreign_and_unknown_sessions_apart() {
    let stage = Stage::new();
    let token = stage.token().await;
    is_problem(&stage.get(&token, "/api/v2/botsessions/sess_other_tenant_1/variables").await, 403, 403);
    is_problem(&stage.get(&token, "/api/v2/botsessions/nobody/variables").await, 404, 1002);
    // An encoded slash stays in its segment: no id reaches another route.
    is_problem(&stage.get(&token, "/api/v2/botsessions/..%2F..%2Fauth%2Ftoken/variables").await, 404, 1002);
    is_problem(&stage.get(&token, "/api/v2/botsessions/%FF/variables").await, 400, 1005);
}

#[tokio::test]
async fn refuses_queries_that_make_no_sense() {
    let stage = Stage::new();
    let token = stage.token().await;
    for query in
        ["limit=0", "limit=1001", "limit=x", "page=0", "includeSystem=1", "next=%25", "next=bm8", "next=a&page=2"]
    {
        is_problem(&stage.get(&token, &format!("{SHOP}?{query}")).await, 400, 1005);
    }
}

#[tokio::test]
async fn the_name_matches_its_beginning() {
    let stage = Stage::new();
    let token = stage.token().await;
    let answer = stage.get(&token, &format!("{SHOP}?name=order_&limit=1000")).await;
    let names: Vec<String> = answer.names().into_iter().flatten().collect();
    assert!(names.len() >= 4);
    assert!(names.iter().all(|name| name.starts_with("order_")), "{names:?}");
    let one = stage.get(&token, &format!("{SHOP}?name=order_id")).await;
    assert_eq!(one.names(), [Some("order_id".to_owned())]);
}

#[tokio::test]
async fn the_scope_matches_as_a_whole() {
    let stage = Stage::new();
    let token = stage.token().await;
    let answer = stage.get(&token, &format!("{SHOP}?scope=user&limit=1000")).await.json();
    let scopes: Vec<&str> =
        answer["variables"].as_array().unwrap().iter().map(|v| v["scope"].as_str().unwrap()).collect();
    assert!(scopes.len() > 10 && scopes.iter().all(|scope| *scope == "user"));
    let part = stage.get(&token, &format!("{SHOP}?scope=use")).await;
    assert!(part.names().is_empty());
}

#[tokio::test]
async fn system_variables_come_only_when_asked_for() {
    let stage = Stage::new();
    let token = stage.token().await;
    let system = |names: Vec<Option<String>>| names.into_iter().flatten().filter(|name| name.starts_with('_')).count();
    assert_eq!(system(stage.get(&token, &format!("{SHOP}?limit=1000")).await.names()), 0);
    assert_eq!(system(stage.get(&token, &format!("{SHOP}?limit=1000&includeSystem=false")).await.names()), 0);
    assert!(system(stage.get(&token, &format!("{SHOP}?limit=1000&includeSystem=true")).await.names()) >= 6);
}

#[tokio::test]
async fn the_tutorials_query_finds_its_variables() {
    let stage = Stage::new();
    let token = stage.token().await;
    let answer = stage.get(&token, &format!("{TUTORIAL}?name=user_&scope=user&includeSystem=true")).await;
    let names: Vec<String> = answer.names().into_iter().flatten().collect();
    assert!(names.len() >= 10 && names.iter().all(|name| name.starts_with("user_")));
    let all = stage.get(&token, TUTORIAL).await;
    assert!(all.names().len() > names.len() + 5);
}

#[tokio::test]
async fn damaged_items_go_out_as_they_are() {
    let stage = Stage::new();
    let token = stage.token().await;
    let path = "/api/v2/botsessions/sess_damaged_1/variables";
    let all = stage.get(&token, path).await;
    let text = all.text();
    for piece in [",42,", "1e400", r"\ud83d", r#"{"name":null"#, r#"{"name":17"#, ",{},"] {
        assert!(text.contains(piece), "{piece}");
    }
    let named = stage.get(&token, &format!("{path}?name=good_")).await;
    assert_eq!(named.names(), [Some("good_phone".to_owned()), Some("good_price".to_owned())]);
}

#[tokio::test]
async fn the_log_tells_what_came_and_no_token() {
    let stage = Stage::new();
    let token = stage.token().await;
    stage.get(&token, &format!("{SHOP}?name=user_&secret=s3cret")).await;
    stage.get("made-up-token", SHOP).await;
    let log = send(&stage.router, request("GET", "/sandbox/log", &[], "")).await;
    let requests = log.json()["requests"].as_array().unwrap().clone();
    assert_eq!(requests.len(), 3);
    assert_eq!(requests[1]["path"], "/api/v2/botsessions/{sessionId}/variables");
    assert_eq!(requests[1]["queryKeys"], serde_json::json!(["name", "secret"]));
    assert_eq!((requests[1]["authorised"].as_bool(), requests[1]["status"].as_u64()), (Some(true), Some(200)));
    assert_eq!((requests[2]["authorised"].as_bool(), requests[2]["status"].as_u64()), (Some(false), Some(401)));
    for leak in [token.as_str(), "made-up-token", "s3cret", "sess_shop", "user_", "sandbox-secret"] {
        assert!(!log.text().contains(leak), "{leak}");
    }
}
