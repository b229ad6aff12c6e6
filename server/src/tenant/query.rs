//! The query of the variables route: filters, page size, and where to go on.

use url::form_urlencoded;

use super::sessions::Item;
use super::settings::Settings;

/// Which items are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filter {
    pub(super) name: Option<String>,
    pub(super) scope: Option<String>,
    pub(super) include_system: bool,
}

impl Filter {
    /// `name` matches the beginning, `scope` the whole, system variables only when asked for. An item without a
    /// name or scope passes unless that very member is asked for.
    pub(super) fn selects(&self, item: &Item) -> bool {
        let matches = |wanted: &Option<String>, held: &Option<String>, test: fn(&str, &str) -> bool| match wanted {
            Some(wanted) => held.as_deref().is_some_and(|held| test(held, wanted)),
            None => true,
        };
        (self.include_system || !item.is_system())
            && matches(&self.name, &item.name, |held, wanted| held.starts_with(wanted))
            && matches(&self.scope, &item.scope, |held, wanted| held == wanted)
    }

    /// The filter as a query, in the order that clients send it.
    pub(super) fn write(&self, to: &mut form_urlencoded::Serializer<'_, String>) {
        if let Some(name) = &self.name {
            to.append_pair("name", name);
        }
        if let Some(scope) = &self.scope {
            to.append_pair("scope", scope);
        }
        if self.include_system {
            to.append_pair("includeSystem", "true");
        }
    }
}

/// What a request asks for.
#[derive(Debug, Default)]
pub(super) struct Query {
    pub(super) filter: Filter,
    pub(super) limit: Option<usize>,
    pub(super) next: Option<String>,
    pub(super) page: Option<usize>,
}

impl Query {
    /// Reads a query text; unknown keys are ignored.
    ///
    /// # Errors
    /// One sentence, when a known key has a value that it cannot have.
    pub(super) fn parse(text: &str) -> Result<Query, &'static str> {
        let mut query = Query::default();
        for (key, value) in form_urlencoded::parse(text.as_bytes()) {
            match key.as_ref() {
                "name" => query.filter.name = Some(value.into_owned()),
                "scope" => query.filter.scope = Some(value.into_owned()),
                "includeSystem" => query.filter.include_system = boolean(&value)?,
                "limit" => query.limit = Some(limit(&value)?),
                "next" => query.next = Some(value.into_owned()),
                "page" => query.page = Some(page(&value)?),
                _ => {}
            }
        }
        Ok(query)
    }
}

fn boolean(text: &str) -> Result<bool, &'static str> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("includeSystem is true or false."),
    }
}

fn limit(text: &str) -> Result<usize, &'static str> {
    let limit = text.parse().ok().filter(|limit| (1..=Settings::MAX_PAGE_SIZE).contains(limit));
    limit.ok_or("limit is a number from 1 to 1,000.")
}

fn page(text: &str) -> Result<usize, &'static str> {
    text.parse().ok().filter(|page| *page > 0).ok_or("page is a number from 1 on.")
}

/// The keys of a query text, known or not, for the log.
pub(super) fn keys(text: &str) -> Vec<String> {
    form_urlencoded::parse(text.as_bytes()).map(|(key, _)| key.into_owned()).collect()
}
