//! Reads versions from a `Cargo.lock`.

/// The version of a package, if the lock file names it.
pub(crate) fn version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    lock.split("[[package]]").find_map(|entry| {
        let field = |key: &str| entry.lines().find_map(|line| quoted(line.strip_prefix(key)?));
        if field("name")? == package { field("version") } else { None }
    })
}

/// The text between the quotes of ` = "text"`.
fn quoted(rest: &str) -> Option<&str> {
    rest.trim().strip_prefix('=')?.trim().strip_prefix('"')?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::version;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.1"

[[package]]
name = "wasm-bindgen"
version = "0.2.129"
dependencies = [
 "wasm-bindgen-macro",
]
"#;

    #[test]
    fn finds_a_package_by_its_whole_name() {
        assert_eq!(version(LOCK, "wasm-bindgen"), Some("0.2.129"));
        assert_eq!(version(LOCK, "wasm-bindgen-macro"), Some("0.2.1"));
    }

    #[test]
    fn says_none_for_an_unknown_package() {
        assert_eq!(version(LOCK, "wasm"), None);
    }
}
