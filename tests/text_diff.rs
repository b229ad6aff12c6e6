//! Differences of texts.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use cognigy_session_debugger::snapshot::{PieceKind, TextPiece, text_diff};
use proptest::prelude::*;

/// `-removed-`, `+added+`, and the rest as it is.
fn marked(before: &str, after: &str) -> String {
    let mark = |piece: &TextPiece<'_>| match piece.kind {
        PieceKind::Same => piece.text.to_owned(),
        PieceKind::Removed => format!("[-{}-]", piece.text),
        PieceKind::Added => format!("[+{}+]", piece.text),
    };
    text_diff(before, after).iter().map(mark).collect()
}

fn side(pieces: &[TextPiece<'_>], without: PieceKind) -> String {
    pieces.iter().filter(|piece| piece.kind != without).map(|piece| piece.text).collect()
}

#[test]
fn words_change_as_words() {
    for (before, after, expected) in [
        ("", "", ""),
        ("same", "same", "same"),
        ("", "new text", "[+new text+]"),
        ("old text", "", "[-old text-]"),
        ("I want a refund.", "I want a new refund!", "I want a [+new +]refund[-.-][+!+]"),
        ("the quick fox", "a slow fox", "[-the quick-][+a slow+] fox"),
        ("order 4711 sent", "order 4712 sent", "order [-4711-][+4712+] sent"),
        ("größer Zürich", "größte Zürich", "[-größer-][+größte+] Zürich"),
        ("注文を確認", "注文の確認", "注文[-を-][+の+]確認"),
        ("ok 👍🏽 x", "ok 👍🏿 x", "ok [-👍🏽-][+👍🏿+] x"),
        ("cafe\u{301} a", "cafe a", "[-cafe\u{301}-][+cafe+] a"),
        ("a👩\u{200d}👧b", "a👩b", "a[-👩\u{200d}👧-][+👩+]b"),
    ] {
        assert_eq!(marked(before, after), expected);
    }
}

#[test]
fn long_texts_change_by_lines_and_the_longest_as_one() {
    let lines = |count: usize, changed: usize| -> String {
        (0..count).map(|at| format!("{} line\n", if at % 50 == changed { at + 1_000_000 } else { at })).collect()
    };
    let (before, after) = (lines(15_000, 7), lines(15_000, 8));
    let pieces = text_diff(&before, &after);
    assert_eq!((side(&pieces, PieceKind::Added), side(&pieces, PieceKind::Removed)), (before.clone(), after.clone()));
    assert!(pieces.len() > 500 && pieces.iter().all(|piece| piece.text.ends_with('\n')));
    let (before, after) = ("a b ".repeat(200_000), "b c ".repeat(200_000));
    assert_eq!(text_diff(&before, &after).len(), 2);
    // One word in a very long text is still one word.
    let (before, after) = (format!("{before}x {before}"), format!("{before}y {before}"));
    assert_eq!(text_diff(&before, &after).iter().filter(|piece| piece.text.len() == 1).count(), 2);
}

#[test]
fn texts_that_have_nothing_in_common_end() {
    let text = |step: usize| -> String {
        (0..20_000).map(|at: usize| if at.wrapping_mul(step).wrapping_mul(at) % 7 < 3 { "a." } else { "b." }).collect()
    };
    let (before, after) = (text(7_919), text(104_729));
    let pieces = text_diff(&before, &after);
    assert_eq!((side(&pieces, PieceKind::Added), side(&pieces, PieceKind::Removed)), (before.clone(), after.clone()));
}

proptest! {
    #[test]
    fn pieces_are_both_texts(before in "[ab .\u{301}é注👍\n]{0,40}", after in "[ab .\u{301}é注👍\n]{0,40}") {
        let pieces = text_diff(&before, &after);
        prop_assert_eq!(side(&pieces, PieceKind::Added), before.as_str());
        prop_assert_eq!(side(&pieces, PieceKind::Removed), after.as_str());
        prop_assert!(pieces.iter().all(|piece| !piece.text.is_empty()));
        prop_assert!(pieces.windows(2).all(|pair| pair[0].kind != pair[1].kind));
        if before == after {
            prop_assert!(pieces.iter().all(|piece| piece.kind == PieceKind::Same));
        }
    }
}
