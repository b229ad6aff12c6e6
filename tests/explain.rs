//! Why a name has its value: the ladder, the rule, what if, and what to be wary of.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use cognigy_session_debugger::scope::Precedence;
use cognigy_session_debugger::snapshot::{
    Candidate, ExplainOptions, Explanation, IngestOptions, Mask, MaskOptions, Provenance, Snapshot, SnapshotBuilder,
    Status, Taken, Warning, WarningCode,
};
use cognigy_session_debugger::value::Policy;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

type Row<'a> = (&'a str, Json, &'a str);

fn body(rows: &[Row<'_>]) -> String {
    let rows: Vec<Json> =
        rows.iter().map(|(name, value, scope)| json!({"name": name, "value": value, "scope": scope})).collect();
    json!({ "variables": rows }).to_string()
}

fn read_with(body: &str, options: IngestOptions) -> Snapshot {
    Snapshot::parse(body.as_bytes().to_vec(), options, 0.0).unwrap()
}

fn read(rows: &[Row<'_>]) -> Snapshot {
    read_with(&body(rows), IngestOptions::default())
}

fn explain(snapshot: &Snapshot, name: &str) -> Explanation {
    snapshot.explain(name, ExplainOptions::default()).unwrap()
}

fn under(snapshot: &Snapshot, name: &str, rule: &Precedence) -> Explanation {
    snapshot.explain(name, ExplainOptions { precedence: Some(rule), ..ExplainOptions::default() }).unwrap()
}

fn statuses(explanation: &Explanation) -> Vec<(&str, Status)> {
    explanation.candidates.iter().map(|one| (one.scope.as_str(), one.status)).collect()
}

fn winner(explanation: &Explanation) -> &str {
    &explanation.candidates[explanation.winner.unwrap()].scope
}

fn warning(explanation: &Explanation, code: WarningCode) -> Option<&Warning> {
    explanation.warnings.iter().find(|warning| warning.code == code)
}

#[test]
fn each_scope_has_one_status() {
    let rows = [
        ("a", json!("1"), "user"),
        ("a", json!("2"), "campaign"),
        ("a", json!("3"), "bot"),
        ("a", json!("4"), "bot"),
        ("b", json!("5"), "session"),
    ];
    let explanation = explain(&read(&rows), "a");
    assert_eq!(
        statuses(&explanation),
        [
            ("user", Status::Wins),
            ("session", Status::NotSet),
            ("bot", Status::Hidden),
            ("bot", Status::Duplicate),
            ("global", Status::NotSet),
            ("campaign", Status::UnknownScope),
        ]
    );
    let hidden_by: Vec<_> = explanation.candidates.iter().map(|one| one.hidden_by.as_deref()).collect();
    assert_eq!(hidden_by, [None, None, Some("user"), None, None, Some("user")]);
    let loaded = IngestOptions { loaded_scope: Some("user".into()), ..IngestOptions::default() };
    let explanation = explain(&read_with(&body(&rows[..1]), loaded), "a");
    assert_eq!(statuses(&explanation)[1..], ["session", "bot", "global"].map(|scope| (scope, Status::NotLoaded)));
    assert!(warning(&explanation, WarningCode::LoadedScopesOnly).is_some());
    assert_eq!(warning(&explain(&read(&rows[..1]), "a"), WarningCode::LoadedScopesOnly), None);
}

#[test]
fn an_unknown_scope_wins_where_it_stands_alone() {
    let explanation = explain(&read(&[("a", json!("1"), "campaign")]), "a");
    assert_eq!((winner(&explanation), explanation.candidates.len()), ("campaign", 5));
    assert_eq!(explanation.sentence, "campaign (unknown scope, ranked last) is the only scope that has the name.");
}

#[test]
fn the_rule_is_told_with_its_version_and_order() {
    let snapshot = read(&[("a", json!("1"), "user")]);
    let explanation = explain(&snapshot, "a");
    assert_eq!(
        (explanation.rule, explanation.rule_version, explanation.what_if),
        ("layered/highest-scope-wins", 1, false)
    );
    assert_eq!(explanation.order, ["user", "session", "bot", "global"]);
    let explanation = under(&snapshot, "a", &Precedence::custom(["user", "x"]));
    assert_eq!((explanation.rule, explanation.what_if), ("custom/highest-scope-wins", true));
    assert_eq!(explanation.order, ["x", "user"]);
}

#[test]
fn variables_say_where_they_stood() {
    let pages = [
        r#"{"variables":[{"name":"a","value":1,"scope":"bot"},7,{"name":"b","value":1,"scope":"bot"}],"pagination":{"nextCursor":"c"}}"#,
        r#"{"variables":[7,{"name":"a","value":2,"scope":"user"}]}"#,
    ];
    let mut builder = SnapshotBuilder::new(IngestOptions::default());
    for page in pages {
        builder.buffer().extend_from_slice(page.as_bytes());
        builder.end_page().unwrap();
    }
    let snapshot = builder.finish(Taken::at(0.0));
    let places = |name| -> Vec<Provenance> {
        explain(&snapshot, name).candidates.iter().filter_map(|one| one.provenance).collect()
    };
    assert_eq!(places("a"), [Provenance { page: 2, position: 1 }, Provenance { page: 1, position: 0 }]);
    assert_eq!(places("b"), [Provenance { page: 1, position: 2 }]);
}

#[test]
fn another_order_is_tried_without_changing_the_snapshot() {
    let snapshot = read(&[("a", json!("1"), "user"), ("a", json!("2"), "bot"), ("a", json!("3"), "x")]);
    let rule = Precedence::custom(["user", "bot", "x"]);
    let explanation = under(&snapshot, "a", &rule);
    assert_eq!(winner(&explanation), "x");
    assert_eq!(explanation.sentence, "Under the other rule: x (rank 2) wins over bot (rank 1) and user (rank 0).");
    let side_by_side = under(&snapshot, "a", &Precedence::side_by_side());
    assert_eq!((side_by_side.winner, side_by_side.what_if), (None, true));
    assert_eq!(winner(&explain(&snapshot, "a")), "user");
    assert_eq!(snapshot.get("a", None).unwrap().raw, "1");
}

#[test]
fn namespaces_stand_side_by_side_with_what_reads_each() {
    let bundle =
        r#"{"context":{"order":{"id":1},"a b":1},"profile":{"order":{"id":1.0}},"input":{"order":2},"userId":"u"}"#;
    let snapshot = read_with(bundle, IngestOptions::default());
    let explanation = explain(&snapshot, "order");
    let told: Vec<_> = explanation.candidates.iter().map(|one| (one.status, one.expression.as_deref())).collect();
    assert_eq!(
        told,
        [
            (Status::Shown, Some("input.order")),
            (Status::Shown, Some("context.order")),
            (Status::Shown, Some("profile.order")),
            (Status::NotLoaded, None),
        ]
    );
    assert_eq!((explanation.winner, explanation.equal), (None, Some(false)));
    assert!(explanation.sentence.starts_with("input, context and profile have the name with different values."));
    let only = explain(&snapshot, "a b");
    assert_eq!(only.equal, None);
    assert!(only.candidates.iter().any(|one| one.expression.as_deref() == Some(r#"context["a b"]"#)));
    // The scope beside the namespaces is the platform's own.
    assert!(explain(&snapshot, "userId").candidates.iter().all(|one| one.expression.is_none()));
}

#[test]
fn equal_values_in_another_spelling_are_told() {
    let options = || IngestOptions { policy: Some(Policy::Reference), ..IngestOptions::default() };
    let rows = [("a", json!("007"), "user"), ("a", json!("7"), "bot"), ("a", json!("007"), "global")];
    let explanation = explain(&read_with(&body(&rows), options()), "a");
    assert_eq!(explanation.equal, Some(true));
    let warning = warning(&explanation, WarningCode::SameValueOtherText).unwrap();
    assert_eq!(warning.scopes, ["bot"]);
    assert_eq!(warning.message, "The value of bot is equal but came as a different text.");
    assert!(explanation.sentence.ends_with(&warning.message));
    let same = [("a", json!("7"), "user"), ("a", json!("7"), "bot")];
    assert_eq!(explain(&read_with(&body(&same), options()), "a").warnings, []);
    let different = [("a", json!("7"), "user"), ("a", json!("8"), "bot")];
    let explanation = explain(&read_with(&body(&different), options()), "a");
    assert_eq!((explanation.equal, explanation.warnings.len()), (Some(false), 0));
}

#[test]
fn a_winner_that_was_another_before_is_told() {
    let before = read(&[("a", json!("1"), "bot"), ("b", json!("1"), "bot")]);
    let now =
        read(&[("a", json!("1"), "bot"), ("a", json!("2"), "user"), ("b", json!("2"), "bot"), ("c", json!(1), "bot")]);
    let since =
        |name: &str| now.explain(name, ExplainOptions { earlier: Some(&before), ..ExplainOptions::default() }).unwrap();
    let explanation = since("a");
    let warning = warning(&explanation, WarningCode::WinnerChanged).unwrap();
    assert_eq!(warning.scopes, ["bot"]);
    assert_eq!(
        explanation.sentence,
        "user (rank 3) wins over bot (rank 1). In the earlier snapshot, bot (rank 1) won."
    );
    assert_eq!((since("b").warnings, since("c").warnings), (vec![], vec![]));
}

#[test]
fn a_scope_that_looks_like_a_known_one_is_told_and_not_taken_for_it() {
    let rows =
        [("a", json!("1"), "User"), ("a", json!("2"), "global"), ("a", json!("3"), "user "), ("b", json!("1"), "bot")];
    let snapshot = read(&rows);
    let explanation = explain(&snapshot, "a");
    let told: Vec<_> = explanation.warnings.iter().map(|one| (one.code, &*one.message, &*one.scopes[0])).collect();
    let message = |scope| format!("The scope {scope} is unknown; it differs from user only by letter case or space.");
    let (one, other) = (message("User"), message("user "));
    assert_eq!(told, [(WarningCode::SimilarScope, &*one, "User"), (WarningCode::SimilarScope, &*other, "user ")]);
    assert_eq!(explanation.candidates[explanation.winner.unwrap()].scope, "global");
    assert_eq!(explain(&snapshot, "b").warnings, []);
    assert_eq!(explain(&read(&[("a", json!("1"), "campaign")]), "a").warnings, []);
    // A mask that hides the scope's name hides it here, too.
    let secret = read(&[("a", json!("1"), "MAX@MAIL.EXAMPLE"), ("a", json!("2"), "max@mail.example")]);
    let rule = Precedence::custom(["max@mail.example"]);
    let mask = Mask::standard();
    let options = ExplainOptions { precedence: Some(&rule), mask: Some(&mask), ..ExplainOptions::default() };
    let hidden = secret.explain("a", options).unwrap();
    assert!(warning(&hidden, WarningCode::SimilarScope).is_some());
    assert!(!format!("{hidden:?}").to_lowercase().contains("max@"), "{hidden:?}");
}

#[test]
fn names_that_look_alike_are_told() {
    let names = ["userId", "UserID", "user id ", "user\u{200b}Id", "ＵserId", "userIds", "_userId", "straße", "Straße"];
    let rows: Vec<Row<'_>> = names.iter().map(|name| (*name, json!("v"), "user")).collect();
    let snapshot = read(&rows);
    let similar = |name: &str, normalize: Option<&dyn Fn(&str) -> String>| {
        let options = ExplainOptions { normalize, ..ExplainOptions::default() };
        let explanation = snapshot.explain(name, options).unwrap();
        let warning = warning(&explanation, WarningCode::SimilarNames).cloned();
        warning.map(|warning| (warning.names, warning.message))
    };
    let (found, message) = similar("userId", None).unwrap();
    assert_eq!(found, ["UserID", "user id ", "user\u{200b}Id"]);
    assert_eq!(message, "3 other names differ only by letter case, space or Unicode form.");
    // A stand-in for the platform's normal form, which this test has no tables for.
    let narrow = |text: &str| text.replace('ｕ', "u");
    let (found, _) = similar("userId", Some(&narrow)).unwrap();
    assert_eq!(found, ["UserID", "user id ", "user\u{200b}Id", "ＵserId"]);
    assert_eq!(similar("straße", None).unwrap().0, ["Straße"]);
    assert_eq!(similar("userIds", Some(&narrow)), None);
}

#[test]
fn a_guessed_flag_is_told() {
    let guessed = explain(&read(&[("_turn", json!(1), "session")]), "_turn");
    assert_eq!(guessed.warnings.iter().map(|one| one.code).collect::<Vec<_>>(), [WarningCode::SystemGuessed]);
    let said = r#"{"variables":[{"name":"_turn","value":1,"scope":"session","isSystem":true}]}"#;
    assert_eq!(explain(&read_with(said, IngestOptions::default()), "_turn").warnings, []);
    assert_eq!(explain(&read(&[("turn", json!(1), "session")]), "turn").warnings, []);
}

#[test]
fn a_hundred_thousand_names_beyond_ascii_are_normalised_in_few_calls() {
    let names: Vec<String> = (0..100_000).map(|number| format!("größe{number}")).collect();
    let rows: Vec<Row<'_>> = names.iter().map(|name| (name.as_str(), json!(1), "user")).collect();
    let snapshot = read(&rows);
    let calls = std::cell::Cell::new(0);
    let normalize = |text: &str| {
        calls.set(calls.get() + 1);
        text.to_owned()
    };
    let options = ExplainOptions { normalize: Some(&normalize), ..ExplainOptions::default() };
    assert_eq!(snapshot.explain("größe7", options).unwrap().warnings, []);
    assert!(calls.get() < 40, "{}", calls.get());
}

/// What the snapshot itself would resolve.
fn resolved(snapshot: &Snapshot, name: &str) -> Vec<Candidate> {
    explain(snapshot, name).candidates
}

proptest! {
    /// Trying a rule says what a snapshot that is read under it says.
    #[test]
    fn what_if_is_what_would_be(
        scopes in proptest::collection::vec(proptest::sample::select(vec!["user", "bot", "x", "y", ""]), 1..8),
        order in proptest::sample::subsequence(vec!["user", "bot", "x", ""], 0..=4).prop_shuffle(),
        side_by_side in any::<bool>(),
        last_counts in any::<bool>(),
    ) {
        let rule = if side_by_side { Precedence::side_by_side() } else { Precedence::custom(order) };
        let text = if last_counts {
            // In an object, the last of equal names counts.
            let members: Vec<String> = scopes.iter().enumerate().map(|(place, _)| format!(r#""a":{place}"#)).collect();
            format!(r#"{{"context":{{{}}},"profile":{{"a":9}}}}"#, members.join(","))
        } else {
            body(&scopes.iter().enumerate().map(|(place, scope)| ("a", json!(place), *scope)).collect::<Vec<_>>())
        };
        let snapshot = read_with(&text, IngestOptions::default());
        let under_rule = IngestOptions { precedence: Some(rule.clone()), ..IngestOptions::default() };
        let expected = resolved(&read_with(&text, under_rule), "a");
        prop_assert_eq!(under(&snapshot, "a", &rule).candidates, expected);
    }

    /// No sentence tells a value or another name.
    #[test]
    fn sentences_hold_no_secret(values in proptest::collection::vec("[0-9]{1,3}", 1..5)) {
        let names = ["a", "A", " a", "_a", "_A"];
        let scopes = ["user", "bot", "user", "x"];
        let rows: Vec<(String, &str, &str)> = values
            .iter()
            .enumerate()
            .flat_map(|(place, value)| names.map(|name| (format!("canary{value}"), name, scopes[place])))
            .collect();
        let rows: Vec<Row<'_>> = rows.iter().map(|(value, name, scope)| (*name, json!(value), *scope)).collect();
        let snapshot = read(&rows);
        for name in names {
            for rule in [Precedence::layered(), Precedence::side_by_side()] {
                let explanation = under(&snapshot, name, &rule);
                prop_assert!(!explanation.sentence.contains("canary"));
                prop_assert!(explanation.warnings.iter().all(|warning| explanation.sentence.contains(&warning.message)));
            }
        }
    }
}

#[test]
fn only_the_scopes_are_hidden_in_a_sentence_and_not_its_words() {
    let rule = Precedence::custom(["s", "the", "a"]);
    let rows = [
        ("n", json!("1"), "a"),
        ("n", json!(1), "s"),
        ("n", json!(2), "over"),
        ("n", json!(3), "max@mail.example"),
        ("n", json!(4), ""),
    ];
    let snapshot = read(&rows);
    let earlier = read(&[("n", json!(1), "s")]);
    let told = |mask: &Mask, precedence: &Precedence| {
        let options = ExplainOptions {
            precedence: Some(precedence),
            earlier: Some(&earlier),
            mask: Some(mask),
            ..ExplainOptions::default()
        };
        snapshot.explain("n", options).unwrap()
    };
    let unlisted = Mask::new(MaskOptions { allow: Some(vec!["a".into()]), ..MaskOptions::default() });
    let explained = told(&unlisted, &rule);
    let mark =
        |number| if number == 1 { "[masked:not-listed]".to_owned() } else { format!("[masked:not-listed#{number}]") };
    let over = format!("{}, {}, {} and {}", mark(2), mark(3), mark(4), mark(5));
    assert_eq!(
        explained.sentence,
        format!("Under the other rule: {} wins over {over}. In the earlier snapshot, {} won.", mark(1), mark(2))
    );
    assert!(explained.candidates.iter().all(|candidate| candidate.rank == -1 && candidate.entry.is_some()));
    assert_eq!((explained.order.len(), explained.winner), (0, Some(0)));
    assert_eq!(explained.warnings.last().unwrap().scopes, [mark(2)]);
    // Of a scope that a rule hides, the rank stays told, and the others are called as they are.
    let explained = told(&Mask::standard(), &rule);
    assert_eq!(
        explained.sentence,
        "Under the other rule: a (rank 2) wins over s (rank 0), over (unknown scope, ranked last), \
         [masked:email#1] (unknown scope, ranked last) and the scope without a name (unknown scope, ranked last). \
         In the earlier snapshot, s (rank 0) won."
    );
    let explained = told(&unlisted, &Precedence::side_by_side());
    assert!(
        explained.sentence.ends_with(" have the name with different values. Scopes stand side by side; nothing wins."),
        "{}",
        explained.sentence
    );
    assert_eq!(explained.sentence.matches("[masked:not-listed").count(), 5);
    assert!(explained.candidates.iter().all(|candidate| candidate.expression.is_none()));
}
